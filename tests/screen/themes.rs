//! Every theme on the real screen: the ground, the marks that stand without colour, and ASCII.

use fixlead::playbook::BUILTIN;
use fixlead::ui::{THEMES, Theme};
use ratatui::style::{Color, Modifier};

use super::harness::Program;
use super::readme;

fn in_ascii(columns: u16, rows: u16) -> Program {
    let mut program = Program::new(columns, rows);
    program.app.ascii = true;
    program.theme = Theme::built_in("plain").unwrap();
    program
}

/// Without colour and with ASCII only, each state still has a sign of its own at the left of its step.
#[test]
fn each_mark_stands_by_itself() {
    let mut program = in_ascii(160, 60);
    readme::story(&program);
    program.press("r Enter 1");
    for (step, title) in [
        ("em.fix.develop", " x Develop and review the fix"),
        ("em.comm.mitigation", " o State the mitigations"),
        ("em.fix.branches", " > Carry the fix to every release branch"),
        ("em.fix.notify", " # Tell the lead the fix is complete"),
    ] {
        program.go_to(step).sees(title);
    }
    program.go_to("em.comm.mitigation").sees("* o State the mitigations").sees("FAIL evidence");
    program.press("x «the fix is out before any notice» Enter");
    program.go_to("em.fix.develop").press("G").sees(" - State the mitigations");
    program.press("0 Space").sees("x ");
}

#[test]
fn what_alarms_and_where_the_cursor_is_stand_out_without_colour() {
    let mut program = in_ascii(120, 36);
    program.start("A title", 0);
    program.press("! «a public branch» Enter Enter Enter").sees("LEAK");
    let buffer = program.buffer();
    let reversed: Vec<u16> = (0..buffer.area.height)
        .filter(|y| (0..buffer.area.width).any(|x| buffer[(x, *y)].modifier.contains(Modifier::REVERSED)))
        .collect();
    assert!(reversed.len() >= 2, "the alarm and the row under the cursor: {reversed:?}");
    let coloured = buffer.content.iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
    assert!(!coloured, "no colour");
}

/// Every screen, by the keys that lead to it from the checklist of a case.
const SCREENS: [(&str, &str); 13] = [
    ("0", "overview"),
    ("1", "checklist"),
    ("1 G", "its end"),
    ("5", "people"),
    ("6", "timeline"),
    ("v", "the other view of the timeline"),
    ("7", "facts"),
    ("?", "help"),
    ("Esc :", "palette"),
    ("Esc 1 d", "form"),
    ("Esc Esc 7 Enter", "choice"),
    ("Esc 1 q", "home"),
    ("Esc n", "new case"),
];

#[test]
fn nothing_of_the_programs_own_is_beyond_ascii() {
    for (columns, rows) in [(80, 24), (120, 36), (200, 60), (40, 12)] {
        let mut program = in_ascii(columns, rows);
        readme::story(&program);
        program.press("r Enter");
        program.go_to("em.rel.pr").press("Space").sees("Missing");
        assert_ascii(&program.frame(), "refusal");
        for (keys, name) in SCREENS {
            program.press(keys);
            assert_ascii(&program.frame(), name);
        }
    }
}

fn assert_ascii(frame: &str, name: &str) {
    let beyond: String = frame.chars().filter(|c| !c.is_ascii()).collect();
    assert!(beyond.is_empty(), "{name} shows {beyond}:\n{frame}");
}

/// Whatever a process says can be shown: its own texts are the program's.
#[test]
fn built_in_processes_are_within_ascii_on_such_a_screen() {
    for (id, text) in BUILTIN {
        let beyond: String =
            text.chars().filter(|c| !c.is_ascii() && fixlead::text::ascii_sign(*c).is_none()).collect();
        assert!(beyond.is_empty(), "{id}: {beyond}");
    }
}

#[test]
fn what_people_write_stays_in_their_script() {
    let mut program = in_ascii(120, 36);
    program.start("Pád při čtení, Ωmega, 漢字", 0);
    program.press("q").sees("Pád při čtení, Ωmega, 漢 字");
}

#[test]
fn a_theme_with_colours_of_its_own_fills_the_ground() {
    for (name, _) in THEMES {
        let mut program = Program::new(100, 30);
        program.theme = Theme::built_in(name).unwrap();
        program.start("A title", 0);
        for (keys, screen) in SCREENS {
            program.press(keys);
            let bare = program.buffer().content.iter().filter(|cell| cell.bg == Color::Reset).count();
            let fixed = ["dark", "light", "high-contrast"].contains(&name);
            assert_eq!(bare == 0, fixed, "{name}: {screen}: {bare} cells on the terminal's own ground");
        }
    }
}

#[test]
fn words_are_underlined_and_blanks_are_not() {
    let mut program = Program::new(120, 36);
    program.theme = Theme::built_in("plain").unwrap();
    program.start("A title", 0);
    program.go_to("em.fix.develop").press("Space").sees("Missing");
    let underlined = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::UNDERLINED);
    let marked: String =
        program.buffer().content.iter().filter(underlined).map(ratatui::buffer::Cell::symbol).collect();
    assert_eq!(marked, "Missing");
}
