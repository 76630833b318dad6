//! The `fixlead` program.

use std::process::ExitCode;

use fixlead::cli::{self, Mode};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Mode::Done(code) => ExitCode::from(code),
        // The seam for the screen: until there is one, a terminal gets what it would show as text.
        Mode::Screen(screen) => ExitCode::from(cli::as_text(*screen)),
    }
}
