//! The screen over a ground, in a pseudo-terminal.

use portable_pty::CommandBuilder;

use crate::ground::{Ground, ID};
use crate::terminal::Terminal;

/// How long the program may take to end once it has to.
pub const AT_ONCE: std::time::Duration = std::time::Duration::from_secs(2);
/// What the screen shows of a case that is open, and of nothing else.
pub const OPEN: &str = "Next for you";

/// The case on the screen.
pub fn open(ground: &Ground) -> Terminal {
    open_behind(ground, "exec \"$@\"")
}

/// The case on the screen behind a line of shell, in which `"$@"` stands for the program.
pub fn open_behind(ground: &Ground, line: &str) -> Terminal {
    let mut screen = start(ground, line, &["open", ID], &[]);
    screen.wait_for(OPEN);
    screen
}

/// A screen that is not waited for.
pub fn start(ground: &Ground, line: &str, verb: &[&str], variables: &[(&str, &str)]) -> Terminal {
    start_program(ground, env!("CARGO_BIN_EXE_fixlead"), line, verb, variables)
}

/// The same of a program that lies elsewhere.
pub fn start_program(
    ground: &Ground,
    program: &str,
    line: &str,
    verb: &[&str],
    variables: &[(&str, &str)],
) -> Terminal {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", line, "sh", program]);
    command.args(ground.arguments());
    command.args(verb);
    Terminal::start_command(&ground.data(), (36, 120), command, variables)
}

/// Sets the lead by keys; back when that was carried out in memory.
pub fn set_lead(screen: &mut Terminal, lead: &str) {
    screen.type_text("M");
    screen.wait_for("Set a field");
    screen.type_text(&format!("lead\t{lead}\r"));
    screen.wait_for_none_of(&["Set a field"], &|| false);
}

/// What the screen shows once everything is in the file.
pub const SAVED: &str = " saved 12:00 ";
/// What it shows for as long as something is not.
pub const NOT_SAVED: &str = " NOT SAVED";

/// Waits until the screen says how the save went. Was it saved?
pub fn is_saved(screen: &mut Terminal) -> bool {
    screen.wait_for_any(&[SAVED, NOT_SAVED], &|| false) == Some(0)
}

/// The card that tells why nothing was saved.
pub fn refusal(screen: &mut Terminal) -> String {
    screen.wait_for(NOT_SAVED);
    screen.wait_for("Everything you did is kept in memory");
    screen.contents()
}

/// `r` saves, once the fault is gone.
pub fn save_again(screen: &mut Terminal) {
    screen.type_text("r");
    screen.wait_for(SAVED);
}
