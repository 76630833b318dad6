//! The `fixlead` program.

use std::process::ExitCode;

use fixlead::cli::{self, Mode, Screen};
use fixlead::runtime::screen::{self, Look};

fn main() -> ExitCode {
    cli::fault::tell_only_the_place();
    match cli::run(std::env::args_os()) {
        Mode::Done(code) => ExitCode::from(code),
        Mode::Screen(wanted) => {
            let Screen { mut world, case, theme, ascii } = *wanted;
            let look = Look::of(&mut world, theme.as_deref(), ascii);
            match screen::run(world, case, look) {
                Ok(()) => ExitCode::SUCCESS,
                Err(why) => {
                    eprintln!("fixlead: {why}");
                    ExitCode::FAILURE
                }
            }
        }
    }
}
