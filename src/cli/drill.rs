//! Rehearsals.

use clap::Args;

use super::failure::{Failure, Kind};
use super::here::Here;
use super::output::{Style, print_line};
use crate::runtime::drill::Rehearsal;
use crate::runtime::look::Look;
use crate::runtime::screen::{self, Begin};
use crate::runtime::world::World;

/// Rehearses a release from the report to the retrospective. Nothing is sent, and no real case is touched
#[derive(Clone, Debug, Args)]
pub struct DrillArgs {
    /// The process to rehearse
    #[arg(default_value = "emissary")]
    pub playbook: String,
    /// Keep the drill's folder when it ends
    #[arg(long)]
    pub keep: bool,
}

impl DrillArgs {
    /// Can this be rehearsed?
    ///
    /// # Errors
    /// If there is no such process, or its drill has faults.
    pub fn check(&self, world: &World) -> Result<(), Failure> {
        let loaded = world.playbook(&self.playbook)?;
        world.drill_of(&loaded.playbook)?;
        Ok(())
    }
}

/// Shows a rehearsal until the person leaves, and tells where its folder is if it was kept.
///
/// # Errors
/// If it can't begin, be shown or be saved, in words for the person.
pub fn rehearse(world: &World, playbook: &str, keep: bool, look: Look) -> Result<(), String> {
    let mut rehearsal = Rehearsal::begin(world, playbook).map_err(|error| error.to_string())?;
    let early = keep.then(|| rehearsal.keep().to_owned());
    let ended = screen::run(rehearsal.world.clone(), Begin::Case(rehearsal.case.clone()), look);
    let late = ended.as_ref().is_ok_and(|ending| ending.keep).then(|| rehearsal.keep().to_owned());
    if let Some(folder) = early.or(late) {
        print_line(&format!("the drill is kept in {}", folder.display()), Style { json: false, ascii: look.ascii });
    }
    ended.map(drop)
}

/// Without a terminal: what is wrong with the wish itself, else that a drill is led by hand.
pub fn no_terminal(here: &Here, args: &DrillArgs) -> Failure {
    let by_hand = ("a drill needs a terminal at both ends", "run it without --json, and without a pipe");
    args.check(&here.world).err().unwrap_or_else(|| Failure::new(Kind::Failed, by_hand.0, by_hand.1))
}
