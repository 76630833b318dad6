//! A new case, with what its project brings.

use clap::Args;
use serde_json::json;

use super::case_facts::{facts_of, pairs};
use super::case_time::{Anchored, anchored, check_three};
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::{Here, stored};
use super::output::{Answer, shown};
use crate::case::ReleaseInstant;
use crate::config::Project;
use crate::runtime::new_case::{self, NotBegun, Wish};
use crate::runtime::world::LoadedPlaybook;

/// `case new`
#[derive(Args, Debug)]
pub struct New {
    /// The process; a project names its own
    #[arg(long, value_name = "ID", required_unless_present = "project")]
    playbook: Option<String>,
    /// A project of the settings: its people, components and settled steps come with the case
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// What it is about; the codename is never made from it
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    title: Option<String>,
    /// An answer that is known from the start
    #[arg(long = "fact", value_name = "K=V")]
    facts: Vec<String>,
    /// An instant that is known from the start
    #[arg(long = "at", value_name = "ANCHOR=INSTANT")]
    anchors: Vec<String>,
}

/// Starts a case and prints its codename.
///
/// # Errors
/// If there is no such playbook or project, an answer or instant can't be taken, or it can't be saved.
pub fn run(here: &Here, args: New) -> Result<Answer, Failure> {
    let project = args.project.as_deref().map(|name| here.world.project(name)).transpose()?;
    let playbook = playbook_of(here, &args, project.as_ref())?;
    let title = free_text::required(args.title.as_deref(), "--title", "What is it about?")?;
    let facts = facts_of(&pairs(&args.facts)?, &playbook.playbook)?;
    let anchors = anchors(here, &args.anchors, &playbook)?;
    let wish = Wish { title, playbook, project: args.project.zip(project), facts, anchors, acts: Vec::new() };
    let begun = new_case::begin(&here.world, &here.store()?, wish).map_err(|why| match why {
        NotBegun::Refused(refusal) => refusal.into(),
        NotBegun::Store(error) => stored(error),
    })?;
    let id = begun.id;
    let answer = if here.style.json { Answer::json(json!({ "id": id })) } else { Answer::text(vec![shown(&id)]) };
    Ok(answer.with_asides(begun.asides))
}

fn playbook_of(here: &Here, args: &New, project: Option<&Project>) -> Result<LoadedPlaybook, Failure> {
    match (&args.playbook, project) {
        (Some(named), Some(project)) if *named != project.extends => Err(Failure::usage(
            format!("the project extends {}, not {named}", project.extends),
            "leave out --playbook or --project, or switch the case later",
        )),
        (Some(named), _) => Ok(here.world.playbook(named)?),
        (None, Some(project)) => Ok(here.world.playbook(&project.extends)?),
        (None, None) => Err(Failure::usage("--playbook is missing", "«fixlead playbook list» names the processes")),
    }
}

fn anchors(
    here: &Here,
    given: &[String],
    playbook: &LoadedPlaybook,
) -> Result<Vec<(String, ReleaseInstant, jiff::Timestamp)>, Failure> {
    let mut anchors = Vec::new();
    for given in given {
        let anchored = anchored(here, given)?;
        check_three(&playbook.playbook, &anchored)?;
        let Anchored { anchor, which, at } = anchored;
        // What is not known is simply not set at the start.
        anchors.extend(at.map(|at| (anchor, which, at)));
    }
    Ok(anchors)
}
