//! A look at the repositories of a case, and what it brings.

use std::time::Duration;

use super::world::{self, World};
use crate::case::{Case, Event, Refusal, components};
use crate::divergence::{Component, Look, Report};
use crate::evidence;
use crate::git::{Cancel, Git, GitError};
use crate::look::{self, Looker};
use crate::store::{EditError, Store, StoreError};

/// How long a verb waits for the repositories that its step asks for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Looks anew at the repositories of a case, for a step that rests on them. What went wrong is in the looks: what could
/// not be looked at is unknown. Nothing happens where no component says where its repositories are.
///
/// # Errors
/// If what was found can't be kept.
pub fn anew(world: &World, store: &Store, case: &Case) -> Result<Vec<Event>, StoreError> {
    let asked = components(case);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let reports = reports(world, &asked);
    take_in(world, store, case, &Look::zip(asked, reports))
}

fn reports(world: &World, asked: &[Component]) -> Vec<Report> {
    let git = match Git::find() {
        Ok(git) => git,
        Err(error) => return asked.iter().map(|component| unseen(component, &error)).collect(),
    };
    let (folder, cancel, now) = (world.data_dir.join("components"), Cancel::default(), world.now());
    let looker = Looker { git: &git, folder: &folder, may_ask: true, patience: PATIENCE, now, cancel: &cancel };
    look::all(looker, asked)
}

/// What is known of a component without git: nothing, and why.
fn unseen(component: &Component, error: &GitError) -> Report {
    Report { errors: vec![error.to_string()], ..Report::blank(&component.name) }
}

/// Keeps what was found beside the case, and does what follows from it: a leak, an answer, ticks.
///
/// # Errors
/// If it can't be kept or saved.
pub fn take_in(world: &World, store: &Store, case: &Case, looks: &[Look]) -> Result<Vec<Event>, StoreError> {
    let (id, now) = (&case.record().id, world.now());
    store.keep_looks(id, looks)?;
    let take = |case: &mut Case| evidence::take_in(case, world::sight(now, looks), &mut world::event_id);
    // Most looks change nothing, and then nothing is written.
    if take(&mut case.clone()).is_empty() {
        return Ok(Vec::new());
    }
    let taken = store.edit(id, |case| match take(case) {
        events if events.is_empty() => Err(Refusal::Nothing("nothing follows from the look".to_owned())),
        events => Ok(events),
    });
    match taken {
        Ok(events) => Ok(events),
        Err(EditError::Refused(_)) => Ok(Vec::new()),
        Err(EditError::Store(error)) => Err(error),
    }
}
