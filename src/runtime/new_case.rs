//! A new case with what its project brings: people, components, and steps that are settled once for all cases.

use jiff::Timestamp;

use super::world::{self, LoadedPlaybook, World};
use crate::case::record::{Component, Person};
use crate::case::{Action, Case, Context, NO_VERDICTS, NewCase, Refusal, ReleaseInstant, Tick};
use crate::config::Project;
use crate::playbook::Value;
use crate::store::{Store, StoreError};

/// What a person says of a case that is to begin.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What it is about.
    pub title: String,
    /// Its process.
    pub playbook: LoadedPlaybook,
    /// Its project, by name.
    pub project: Option<(String, Project)>,
    /// Answers that are known from the start.
    pub facts: Vec<(String, Option<Value>)>,
    /// Instants that are known from the start.
    pub anchors: Vec<(String, ReleaseInstant, Timestamp)>,
    /// What is done to it at once.
    pub acts: Vec<Action>,
}

/// A case that has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its codename.
    pub id: String,
    /// What a person should know.
    pub asides: Vec<String>,
}

/// Why a case did not begin.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// A title, an answer or an instant can't be taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It can't be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Begins a case and stores it.
///
/// # Errors
/// [`NotBegun`]; nothing is left behind then.
pub fn begin(world: &World, store: &Store, wish: Wish) -> Result<Begun, NotBegun> {
    let Wish { title, playbook, project, facts, anchors, acts } = wish;
    let (name, project) = project.unzip();
    let new = NewCase {
        id: store.new_id()?,
        title,
        playbook: playbook.playbook,
        sha256: playbook.sha256,
        project: name,
        components: project.iter().flat_map(|project| &project.components).map(Component::from).collect(),
        people: project.as_ref().map(people).unwrap_or_default(),
        facts,
        anchors,
    };
    let (by, event) = (world.me(), world::event_id());
    let mut case = new.start(&Context { now: world.now(), by: &by, event_id: &event, verdicts: NO_VERDICTS })?;
    let asides = project.as_ref().map(|project| settle(world, &mut case, project, &by)).unwrap_or_default();
    for action in acts {
        world::act(&mut case, action, world.now(), &by)?;
    }
    store.create(&case, &playbook.text)?;
    Ok(Begun { id: case.record().id.clone(), asides })
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
fn settle(world: &World, case: &mut Case, project: &Project, by: &str) -> Vec<String> {
    let mut asides = Vec::new();
    for step in &project.settled {
        let tick = Tick { note: Some("settled for the project".to_owned()), ..Tick::of(step) };
        if let Err(refusal) = world::act(case, Action::Do(tick), world.now(), by) {
            asides.push(format!("the project settles {step}, which stays open: {refusal}"));
        }
    }
    asides
}
