//! A new case, with what its project brings.

use clap::Args;
use serde_json::json;

use super::case_facts::{facts_of, pairs};
use super::case_time::{Anchored, anchored, check_three};
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::{Here, stored};
use super::output::{Answer, shown};
use crate::case::record::{Component, Person};
use crate::case::{Action, Case, Context, NO_VERDICTS, NewCase, ReleaseInstant, Tick};
use crate::config::Project;
use crate::runtime::world::{self, LoadedPlaybook, event_id};

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
    let store = here.store()?;
    let new = NewCase {
        id: store.new_id().map_err(stored)?,
        title,
        playbook: playbook.playbook.clone(),
        sha256: playbook.sha256.clone(),
        project: args.project,
        components: project.iter().flat_map(|project| &project.components).map(Component::from).collect(),
        people: project.as_ref().map(people).unwrap_or_default(),
        facts,
        anchors,
    };
    let by = here.world.me();
    let event = event_id();
    let mut case = new.start(&Context { now: here.now(), by: &by, event_id: &event, verdicts: NO_VERDICTS })?;
    let asides = project.as_ref().map(|project| settle(here, &mut case, project, &by)).unwrap_or_default();
    store.create(&case, &playbook.text).map_err(stored)?;
    let id = case.record().id.clone();
    let answer = if here.style.json { Answer::json(json!({ "id": id })) } else { Answer::text(vec![shown(&id)]) };
    Ok(answer.with_asides(asides))
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

/// Each person once, under the first role that names them: the roster may name one for several.
fn people(project: &Project) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for (role, names) in &project.roster {
        for name in names {
            if people.iter().any(|known| known.name.as_ref() == Some(name)) {
                continue;
            }
            let id = person_id(name, &people);
            people.push(Person { id, name: Some(name.clone()), role: Some(role.clone()), ..Person::default() });
        }
    }
    people
}

/// A short id out of a name, unlike all others; `reporter` is kept for the one who reported.
fn person_id(name: &str, taken: &[Person]) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let dashed: String = name.split(['<', '@']).next().unwrap_or_default().chars().map(plain).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    let base = if words.is_empty() { "person".to_owned() } else { words.join("-") };
    let free = |id: &String| id != "reporter" && taken.iter().all(|known| known.id != *id);
    let numbered = (2_usize..).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(free).unwrap_or(base)
}

/// Steps that are settled once for the project are ticked; what stands in the way of one leaves it open.
fn settle(here: &Here, case: &mut Case, project: &Project, by: &str) -> Vec<String> {
    let mut asides = Vec::new();
    for step in &project.settled {
        let tick = Tick { note: Some("settled for the project".to_owned()), ..Tick::of(step) };
        if let Err(refusal) = world::act(case, Action::Do(tick), here.now(), by) {
            asides.push(format!("the project settles {step}, which stays open: {refusal}"));
        }
    }
    asides
}
