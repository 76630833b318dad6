//! The fleet on the screen: everything that a file names, without a case.

use std::path::PathBuf;

use clap::Args;

use super::divergence_asked::no_watch;
use super::failure::Failure;
use super::here::Here;
use crate::runtime::watching::{self, NotWatched, WATCH};

/// `watch`
#[derive(Args, Clone, Debug)]
pub struct WatchArgs {
    /// The file; without one watch.toml in the configuration folder
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl WatchArgs {
    /// The file as the screen is told, counted from where the person stands. None is that of the configuration folder,
    /// which may not be there yet: the screen says how it begins.
    ///
    /// # Errors
    /// If it can't be used.
    pub fn check(&self, here: &Here) -> Result<Option<String>, Failure> {
        let file = self.file.clone().unwrap_or_else(|| here.world.config_dir.join(WATCH));
        match watching::read(&file) {
            Err(NotWatched::Missing(_)) if self.file.is_none() => {}
            read => drop(read.map_err(|why| no_watch(&why))?),
        }
        Ok(self.file.as_ref().map(|file| file.display().to_string()))
    }
}

/// Without a terminal there is no fleet.
pub fn no_terminal(args: &WatchArgs) -> Failure {
    let file = args.file.as_ref().map(|file| format!(" {}", file.display())).unwrap_or_default();
    let then = format!("«fixlead divergence --watch{file} --fetch» looks once, in text or --json, with an exit code");
    Failure::usage("watch is a screen, and there is no terminal to show it on", then)
}
