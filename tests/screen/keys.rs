//! The table of commands: in the help, in the documentation, and with a key for all that can be done to a case.

#[path = "../shared/actions.rs"]
mod one_of_each;

use fixlead::app::Palette;
use fixlead::app::command::{COMMANDS, Command, CommandRow, page};
use fixlead::case::Action;

use super::harness::Program;

/// The command that leads to an action. No wildcard: a new action does not compile until it has one.
fn command(action: &Action) -> Option<Command> {
    Some(match action {
        // The program does this by itself when evidence passes.
        Action::Observe { .. } => return None,
        Action::Do(_) | Action::Reopen { .. } | Action::Revoke { .. } => Command::Done,
        Action::Start { .. } => Command::Start,
        Action::Wait { .. } => Command::Wait,
        Action::Assign { .. } => Command::Assign,
        Action::Note { .. } | Action::Grant { .. } => Command::New,
        Action::Link { .. } => Command::Link,
        Action::SetAside { .. } => Command::SetAside,
        Action::SetFacts(_) | Action::Rewrite { .. } => Command::Edit,
        Action::SetAnchor { .. } | Action::Move { .. } => Command::MoveDate,
        Action::SlowDown { .. } => Command::SlowDown,
        Action::HandOver { .. } => Command::HandOver,
        Action::Accept => Command::Accept,
        Action::Undo => Command::Undo,
        Action::Redo => Command::Redo,
        Action::Expose { .. } => Command::Expose,
        Action::Publish => Command::Publish,
        Action::ReportLeak { .. } => Command::Leak,
        Action::CloseLeak { .. } => Command::CloseLeak,
        Action::Close { .. } => Command::CloseCase,
        Action::Switch(_) => Command::Switch,
        Action::Archive | Action::Unarchive => Command::ArchiveCase,
        Action::Set(_) => Command::SetField,
        Action::Resolve(_) => Command::Trouble,
        Action::Restore { .. } => Command::Versions,
        // In the pane of the score.
        Action::Score { .. } => Command::Open,
    })
}

#[test]
fn each_action_has_a_key() {
    for action in one_of_each::all() {
        let Some(command) = command(&action) else { continue };
        let row: Option<&CommandRow> = COMMANDS.iter().find(|row| row.command == command);
        assert!(row.is_some_and(|row| !row.keys.is_empty()), "{action:?} has no key");
    }
}

#[test]
fn each_command_has_a_key() {
    for row in COMMANDS {
        assert!(!row.keys.is_empty(), "{} has no key", row.id);
    }
}

#[test]
fn the_page_of_keys_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, page(), "UPDATE_DOCS=1 cargo test --test screen keys writes docs/keys.md anew");
    for row in COMMANDS {
        let id = format!("| `{}` |", row.id);
        assert_eq!(there.matches(&id).count(), 1, "{} stands in exactly one section", row.id);
    }
}

#[test]
fn every_command_of_a_place_is_in_its_list_of_keys_and_in_the_palette() {
    let mut program = Program::new(140, 90);
    program.start("A title", 0);
    for pane in ["0", "1", "5", "6", "7"] {
        program.press(pane);
        let rows = program.app.palette_rows(&Palette::default());
        program.press("?").sees("Keys of this place");
        for found in &rows {
            program.sees(found.row.help);
        }
        program.press("Esc");
    }
    program.press("1 : «slw dn» Enter").sees("Slow down");
}

#[test]
fn the_palette_says_why_a_command_can_not_run_now() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press(": «redo»").sees("not now: there is nothing to do again").press("Enter");
    program.sees("there is nothing to do again").press("K").sees("no leak is open");
    program.press("T").sees("was not handed over to you").press("4").sees("messages are not written");
}

#[test]
fn own_keys_work_and_stand_in_the_footer_and_the_help() {
    let mut program = Program::new(120, 36);
    let folder = program.folder.path().join("config");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "[keys]\ndone = \"t\"\nhelp = \"F1\"\nundo = \"s\"\n").unwrap();
    program.start_again();
    program.sees("config.toml:4:1: s means «start» in checklist already: undo keeps its default");
    program.press("Esc").sees_not("config.toml").sees("F1 keys");
    program.start("A title", 0);
    program.sees("t done").press("F1").sees("Keys of this place").press("Esc z").sees("nothing to take back");
}
