//! The `fixlead` program.

use std::process::ExitCode;

use fixlead::cli::{self, Mode};

fn main() -> ExitCode {
    cli::fault::tell_only_the_place();
    ExitCode::from(match cli::run(std::env::args_os()) {
        Mode::Done(code) => code,
        Mode::Screen(wanted) => wanted.show(),
    })
}
