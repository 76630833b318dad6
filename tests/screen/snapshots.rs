//! Each screen at four sizes, as text, in `tests/screen/snapshots`. `UPDATE_SNAPSHOTS=1 cargo test --test screen
//! snapshots` draws them anew; a change of one is looked at before it is kept.

use std::path::Path;

use fixlead::app::calculator::Calculator;
use fixlead::app::message::{Message, NotOpened};
use fixlead::case::{Damage, Question, Trouble, Version};
use fixlead::cvss::Draft;

use super::harness::Program;
use super::readme::story;

const SIZES: [(u16, u16); 4] = [(200, 60), (120, 36), (80, 24), (40, 12)];

/// What it is called, when it is looked at, and the keys that lead there from home.
const SCREENS: &[(&str, &str, &str)] = &[
    ("home", NOW, ""),
    ("new-case", NOW, "n"),
    ("overview", NOW, "Enter"),
    ("go-no-go", "2026-12-01T14:30:00Z", "Enter"),
    ("checklist", NOW, "Enter 1"),
    ("refused", NOW, "Enter 1 / «announce the forth» Enter Space"),
    ("question", NOW, "Enter 7 Down Enter"),
    ("codename", "2026-12-01T16:10:00Z", "Enter X"),
    ("score", NOW, "Enter 3 Down Down Down"),
    ("score-history", NOW, "Enter 3 Down Down r b b b"),
    ("people", NOW, "Enter 5"),
    ("timeline", NOW, "Enter 6"),
    ("timeline-picture", NOW, "Enter 6 v"),
    ("facts", NOW, "Enter 7"),
    ("filter", NOW, "Enter 1 / «notice»"),
    ("palette", NOW, "Enter : «le»"),
    ("keys", NOW, "Enter ?"),
    ("leak", NOW, "Enter ! «seen in a public issue» Enter Enter"),
];

const NOW: &str = super::harness::NOW;

/// One screen at all sizes.
fn drawn(now: &str, keys: &str) -> String {
    let pictures = SIZES.iter().map(|(columns, rows)| {
        let mut program = Program::new(*columns, *rows);
        story(&program);
        program.world.set_now(now.parse().expect("an instant"));
        program.press("r");
        if !keys.is_empty() {
            program.press(keys);
        }
        format!("{columns} × {rows}\n{}\n", program.frame())
    });
    pictures.collect::<Vec<_>>().join("\n")
}

/// Draws a snapshot anew if that is asked for, else compares.
pub fn compare(name: &str, picture: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/screen/snapshots/{name}.txt"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, picture).expect("the snapshot");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == picture, "draw {name} anew with UPDATE_SNAPSHOTS=1 and look at it:\n{picture}");
}

#[test]
fn each_screen_is_as_it_was_looked_at() {
    for (name, now, keys) in SCREENS {
        compare(name, &drawn(now, keys));
    }
    compare("first-run", &first_run());
}

/// The fleet: what it is called, and the keys that lead there.
const FLEETS: &[(&str, &str)] = &[("fleet", ""), ("fleet-unfolded", "G Enter Down"), ("fleet-leak", "Enter")];

#[test]
fn the_fleet_is_as_it_was_looked_at() {
    let drawn = |keys: &str| -> String {
        let pictures = SIZES.iter().map(|(columns, rows)| {
            let mut program = super::fleet::forty(*columns, *rows);
            program.press(keys);
            format!("{columns} × {rows}\n{}\n", program.frame())
        });
        pictures.collect::<Vec<_>>().join("\n")
    };
    for (name, keys) in FLEETS {
        compare(name, &drawn(keys));
    }
    let missing = SIZES.iter().map(|(columns, rows)| {
        let mut program = Program::new(*columns, *rows);
        program.app.fleet.file = Some("watch.toml".to_owned());
        format!("{columns} × {rows}\n{}\n", program.press("f").frame())
    });
    compare("fleet-missing", &missing.collect::<Vec<_>>().join("\n"));
}

/// Home without a case.
fn first_run() -> String {
    let pictures =
        SIZES.iter().map(|(columns, rows)| format!("{columns} × {rows}\n{}\n", Program::new(*columns, *rows).frame()));
    pictures.collect::<Vec<_>>().join("\n")
}

const CRASH: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";
const WITH_ALL: &str = "CVSS:4.0/AV:N/AC:L/AT:P/PR:L/UI:N/VC:H/VI:L/VA:H/SC:L/SI:N/SA:L/E:P/CR:H/IR:M/AR:L/MAV:A/MAC:H/MAT:P/\
                        MPR:L/MUI:N/MVC:L/MVI:L/MVA:H/MSC:L/MSI:S/MSA:N/S:P/AU:Y/R:U/V:C/RE:M/U:Amber";

/// The calculator: what it is called, the vector that is pasted into it, and the keys after that.
const CALCULATORS: &[(&str, &str, &str)] = &[
    ("4.0-empty", "CVSS:4.0/", ""),
    ("4.0", CRASH, "Down Down Down"),
    ("4.0-all", WITH_ALL, "Down Down Down Down Down Down Down Down Down Down Down Down Down"),
    ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N/E:P/RL:O", "Down Down Down Down"),
    ("2.0", "AV:N/AC:M/Au:N/C:P/I:P/A:C", "+ Down Down Down Down Down Down"),
    ("versions", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N", "b Down"),
    ("carried", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N", "v"),
    ("compare-none", CRASH, "b b"),
];

#[test]
fn the_calculator_is_as_it_was_looked_at() {
    for (name, vector, keys) in CALCULATORS {
        compare(
            &format!("calculator-{name}"),
            &calculator(|program| {
                let draft = Draft::read(vector).expect("a draft");
                program.press("c").app.calculator = Some(Calculator::of(draft));
                program.press("e z").press(if keys.is_empty() { "Up" } else { keys });
            }),
        );
    }
    let beside = |yours: &str, theirs: &str| {
        calculator(|program| {
            program.press("c").send(Message::Paste(yours.to_owned()));
            program.press("b b").send(Message::Paste(theirs.to_owned()));
        })
    };
    let other = "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";
    compare("calculator-compare", &beside(CRASH, other));
    compare("calculator-compare-other", &beside(CRASH, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"));
}

/// The calculator at all sizes.
fn calculator(go: impl Fn(&mut Program)) -> String {
    let pictures = SIZES.iter().map(|(columns, rows)| {
        let mut program = Program::new(*columns, *rows);
        go(&mut program);
        format!("{columns} × {rows}\n{}\n", program.frame())
    });
    pictures.collect::<Vec<_>>().join("\n")
}

/// What stands in the way, as the card that comes up.
fn troubles() -> Vec<(&'static str, Trouble)> {
    let version = Version {
        at: "2026-11-24T12:40:00Z".parse().expect("an instant"),
        until: None,
        last: "Name the fix lead: done".to_owned(),
        since: Some(2),
        more: 0,
    };
    let damaged = |good: Option<Version>, missing: &[&str]| Trouble::Damaged {
        damage: Damage::Broken,
        good,
        is_shown: false,
        missing: missing.iter().map(|told| (*told).to_owned()).collect(),
        place: "/home/lead/.local/share/fixlead/cases/slate-kangaroo/case.toml: 3:9: expected a value".to_owned(),
    };
    let question = |thing: &str, mine: &str, theirs: &str| Question {
        thing: thing.to_owned(),
        fields: "state".to_owned(),
        mine: mine.to_owned(),
        theirs: theirs.to_owned(),
        values: Vec::new(),
        copy: None,
    };
    let why = "there is no permission to write: the folder of the case is set to read-only (mode 500)".to_owned();
    let place = "/home/lead/.local/share/fixlead/cases/slate-kangaroo/case.toml: the file is not there".to_owned();
    let by = "process 4711 on workshop, since 2026-11-24T11:00:00Z".to_owned();
    vec![
        ("damaged", damaged(Some(version.clone()), &["Agree on a schedule: done", "Create the repository: started"])),
        ("nothing-good", damaged(None, &[])),
        ("overtaken", Trouble::Overtaken { damage: Damage::Deleted, away: None, kept: None, place }),
        ("not-saved", Trouble::NotSaved { why }),
        (
            "conflict",
            Trouble::Conflict(vec![
                question("Ask the public reporter to go private", "done", "not_applicable"),
                question("Set the schedule", "doing", "waiting"),
            ]),
        ),
        ("newer", Trouble::Newer { schema: 2 }),
        ("held", Trouble::Held { by }),
        ("older", Trouble::Older(version)),
    ]
}

#[test]
fn each_card_of_what_stands_in_the_way_is_as_it_was_looked_at() {
    for (name, trouble) in troubles() {
        let pictures = SIZES.iter().map(|(columns, rows)| {
            let mut program = Program::new(*columns, *rows);
            let not = NotOpened { id: "slate-kangaroo".to_owned(), why: String::new(), trouble: Some(trouble.clone()) };
            program.send(Message::Opened(Err(Box::new(not))));
            format!("{columns} × {rows}\n{}\n", program.frame())
        });
        compare(&format!("trouble-{name}"), &pictures.collect::<Vec<_>>().join("\n"));
    }
}
