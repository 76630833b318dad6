//! A look at the repositories of a case, and what it brings.

use std::path::PathBuf;
use std::time::Duration;

use super::world::{self, World};
use crate::app::board::scan::{Commit, Sides, SidesWanted};
use crate::case::{Case, Event, Refusal};
use crate::divergence::{Component, Leaks, Look, Report};
use crate::evidence;
use crate::git::{Cancel, Git};
use crate::look::{self, Hearer, Looker, SideCommit};
use crate::store::{EditError, Store, StoreError};

/// Where what was fetched is kept, in the data folder.
const FOLDER: &str = "components";

/// How far a look goes.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// May servers be asked? Paths on this machine always are.
    pub may_ask: bool,
    /// How long a remote may say nothing.
    pub patience: Duration,
    /// Ends it.
    pub cancel: &'a Cancel,
    /// Hears how far it is.
    pub hearer: Hearer<'a>,
}

/// Looks at components. What went wrong is in the reports, which come in the order of the components.
#[must_use]
pub fn reports(world: &World, asked: &[Component], asking: Asking<'_>) -> Vec<Report> {
    let git = Git::on_path();
    let folder = folder(world);
    let Asking { may_ask, patience, cancel, hearer } = asking;
    let looker = Looker { git: &git, folder: &folder, may_ask, patience, now: world.now(), cancel, hearer };
    let reports = look::all(looker, asked);
    asked.iter().zip(reports).map(|(component, report)| with_leaks(component, report)).collect()
}

/// Lets the servers of these components ask the person on the terminal, one after the other, and brings here what is new. Those
/// of which all is here can be looked at without asking any server.
#[must_use]
pub fn bring(world: &World, asked: Vec<Component>, patience: Duration, cancel: &Cancel) -> Vec<Component> {
    let (git, folder, hearer) = (Git::on_path().asking(), folder(world), Hearer::default());
    let looker = Looker { git: &git, folder: &folder, may_ask: true, patience, now: world.now(), cancel, hearer };
    asked.into_iter().filter(|component| !cancel.is_cancelled() && looker.bring(component)).collect()
}

/// Where what was fetched is kept. Git runs in a folder of its own, so it has to be a full path; where the folder of this
/// program is gone, the look says what can't be reached.
fn folder(world: &World) -> PathBuf {
    let folder = world.data_dir.join(FOLDER);
    std::path::absolute(&folder).unwrap_or(folder)
}

/// Reads the commits that only one side of a branch has, from what was fetched.
#[must_use]
pub fn sides(world: &World, of: SidesWanted, cancel: &Cancel) -> Sides {
    let read = look::sides(&Git::on_path(), &folder(world), &of.component, of.tips, cancel);
    let commit = |SideCommit { id, at, author, subject }| Commit { id, subject, author, at };
    let commits = read.map(|both| both.map(|side| side.into_iter().map(commit).collect()));
    Sides { of, commits: commits.map_err(|error| error.to_string()) }
}

/// A report that says nothing of leaks is no «none found» where something must not be public.
fn with_leaks(component: &Component, report: Report) -> Report {
    if report.leaks.is_some() || !component.keeps_secrets() {
        return report;
    }
    let why = "the look did not come as far as what is public".to_owned();
    Report { leaks: Some(Leaks::Unknown { why, found: Vec::new() }), ..report }
}

/// What is known of a component where the look itself failed.
#[must_use]
pub fn failed(component: &Component) -> Report {
    let why = "a fault in the program itself kept it from being looked at; please report it".to_owned();
    with_leaks(component, Report { errors: vec![why], ..Report::blank(&component.name) })
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

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::divergence::{Expected, Wanted};

    #[test]
    fn silence_about_leaks_is_unknown_where_something_must_not_be_public() {
        let asked = |is_embargoed| Component {
            name: "gateway".into(),
            urls: [].into(),
            clone: None,
            branches: Vec::new(),
            tags: Vec::new(),
            pin: None,
            fixes: vec![Wanted { commit: "0123456".into(), is_embargoed }],
            memory: String::new(),
            has_fixes_elsewhere: false,
            is_embargoed,
            expected: Expected::Equal,
            may_lag: SignedDuration::ZERO,
        };
        let told = |is_embargoed| with_leaks(&asked(is_embargoed), Report::blank("gateway")).leaks;
        assert_eq!(told(true).map(|leaks| leaks.is_clear()), Some(None));
        assert_eq!(told(false), None);
        let clear = Leaks::Looked { refs: 3, found: Vec::new() };
        let report = Report { leaks: Some(clear.clone()), ..Report::blank("gateway") };
        assert_eq!(with_leaks(&asked(true), report).leaks, Some(clear), "what was looked at stays");
    }
}
