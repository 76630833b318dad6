//! Every size of a terminal survives, and the three that matter show what they must.

use fixlead::app::calculator::Calculator;
use fixlead::app::message::Message;
use fixlead::cvss::Draft;

use super::harness::Program;

#[test]
fn no_size_panics() {
    let mut program = Program::new(80, 24);
    let id = program.start("A title with wide 漢字 and e\u{301}", 0);
    for (keys, name) in [
        ("0", "overview"),
        ("1", "checklist"),
        ("5", "people"),
        ("6", "timeline"),
        ("v", "the picture of the course"),
        ("7", "facts"),
        ("1 ?", "help"),
        ("Esc :", "palette"),
        ("Esc n", "form"),
    ] {
        program.press(keys);
        for columns in 1..=60 {
            for rows in 1..=20 {
                program.resize(columns, rows);
                let frame = program.frame();
                assert!(frame.lines().count() <= usize::from(rows), "{name} at {columns}×{rows}");
            }
        }
    }
    program.resize(80, 24);
    program.press("Esc q").sees(&id);
}

/// Each of them in the calculator: complete with all that makes it long, in the making, and of the oldest version.
const VECTORS: [(&str, &str); 3] = [
    (
        "CVSS:4.0/AV:N/AC:L/AT:P/PR:L/UI:N/VC:H/VI:L/VA:H/SC:L/SI:N/SA:L/E:P/CR:H/IR:M/AR:L/MAV:A/MSI:S/AU:Y/U:Amber",
        "7.2 High",
    ),
    ("CVSS:3.1/AV:L", "0.0–9.3"),
    ("AV:N/AC:L/Au:N/C:N/I:N/A:C", "7.8 High"),
];

#[test]
fn no_size_of_the_calculator_panics_or_loses_the_score() {
    for (vector, score) in VECTORS {
        for in_case in [false, true] {
            let mut program = Program::new(80, 24);
            program.start("A title", 0);
            program.press(if in_case { "3" } else { "q" });
            let calculator = Calculator::of(Draft::read(vector).expect("a draft"));
            match &mut program.app.open {
                Some(open) => drop(open.calculators.insert("V1".to_owned(), calculator)),
                None => program.app.calculator = Some(calculator),
            }
            program.press(if in_case { "Down" } else { "c Down" });
            for keys in ["Down", "b Down", "b Down", "b G"] {
                program.press(keys);
                for (columns, rows) in
                    (20..=60).step_by(4).flat_map(|columns| (5..=20).map(move |rows| (columns, rows)))
                {
                    program.resize(columns, rows);
                    program.sees(score);
                }
                for (columns, rows) in [(80, 24), (99, 40), (100, 16), (120, 36), (160, 20), (200, 60)] {
                    program.resize(columns, rows);
                    program.sees(score);
                    let written: String = program.frame().split_whitespace().collect();
                    assert!(written.contains(vector), "the vector is cut at {columns}×{rows}:\n{}", program.frame());
                }
            }
        }
    }
}

#[test]
fn the_next_thing_is_in_sight_at_every_size_that_matters() {
    for (columns, rows) in [(200, 60), (120, 36), (80, 24)] {
        let mut program = Program::new(columns, rows);
        let id = program.start("A title", 0);
        program.sees("Next for you").sees("Log the report").sees(&id).sees("EMBARGO").sees("q home");
        program.press("q").sees("Needs you").sees("Log the report").sees("q leave");
    }
}

#[test]
fn a_long_list_shows_the_row_under_the_cursor() {
    let mut program = Program::new(80, 24);
    program.start("A title", 0);
    program.press("G");
    let last = program.app.open.as_ref().unwrap().rows().len();
    assert_eq!(program.app.open.as_ref().unwrap().cursor() + 1, last);
    program.sees("▸");
}

#[test]
fn wide_combining_and_hostile_text_stays_in_its_column() {
    let hostile = [
        "漢字漢字漢字漢字漢字漢字",
        "e\u{301}e\u{301}e\u{301} composed",
        "\u{202e}turned \u{1b}[31m round",
        "👩‍👩‍👧 family",
    ];
    let mut program = Program::new(120, 36);
    program.start("A title with wide 漢字", 0);
    for name in hostile {
        program.press("5 a");
        program.send(Message::Paste(name.to_owned()));
        program.press("Enter");
    }
    program.press("g");
    for _ in hostile {
        program.frame();
        let buffer = program.buffer();
        let divider: Vec<u16> =
            (3..30).map(|row| (0..120).find(|x| buffer[(*x, row)].symbol() == "│").unwrap_or(0)).collect();
        assert!(divider.iter().all(|column| *column == divider[0] && *column > 0), "{divider:?}\n{}", program.frame());
        program.press("Down");
    }
}
