//! The `fixlead` program.

use std::io::Write;
use std::process::ExitCode;

use fixlead::cli::{self, Mode};

fn main() -> ExitCode {
    cli::fault::tell_only_the_place();
    match cli::run(std::env::args_os()) {
        Mode::Done(code) => ExitCode::from(code),
        Mode::Screen(wanted) => match wanted.show() {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                // There may be no terminal any more.
                let _ = writeln!(std::io::stderr(), "fixlead: {why}");
                ExitCode::FAILURE
            }
        },
    }
}
