//! Each screen at four sizes, as text, in `tests/screen/snapshots`. `UPDATE_SNAPSHOTS=1 cargo test --test screen
//! snapshots` draws them anew; a change of one is looked at before it is kept.

use std::path::Path;

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

#[test]
fn each_screen_is_as_it_was_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screen/snapshots");
    let mut changed = Vec::new();
    for (name, now, keys) in SCREENS.iter().copied().chain([("first-run", NOW, "")]) {
        let picture = if name == "first-run" { first_run() } else { drawn(now, keys) };
        let path = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &picture).expect("the snapshot");
        } else if std::fs::read_to_string(&path).unwrap_or_default() != picture {
            changed.push(format!("{name}:\n{picture}"));
        }
    }
    assert!(changed.is_empty(), "draw them anew with UPDATE_SNAPSHOTS=1 and look at them:\n{}", changed.join("\n"));
}

/// Home without a case.
fn first_run() -> String {
    let pictures =
        SIZES.iter().map(|(columns, rows)| format!("{columns} × {rows}\n{}\n", Program::new(*columns, *rows).frame()));
    pictures.collect::<Vec<_>>().join("\n")
}
