//! A look at components: what their remotes list is fetched, compared and judged, and comes back as a report.
//!
//! A look never fails. What could not be looked at stands in the report as unknown, with the reason.

mod clone;
mod embargo;
mod fixes;
mod history;
mod kept;
pub mod memory;
mod pairs;
mod pins;
mod remotes;
mod rewritten;
mod tags;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::divergence::{Component, Leaks, LookedAt, Offered, Oid, PairState, Report};
use crate::git::offered::{self, subjects};
use crate::git::patches::Place;
use crate::git::{Cancel, Git, GitError, Graph, Url, stamp};
use fixes::{Fix, Sought};
use kept::{Known, Look};
use memory::Memory;
use remotes::{Opened, Remote};

/// So many components are looked at at once: most of the time is waiting for others.
const AT_ONCE: usize = 4;

/// Who looks, with what, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Looker<'a> {
    /// The program.
    pub git: &'a Git,
    /// Where what was fetched, and what is remembered, is kept.
    pub folder: &'a Path,
    /// May servers be asked? Paths on this machine always are. Without it the answer is that of the last time.
    pub may_ask: bool,
    /// How long a remote may say nothing, and another process may hold the same component.
    pub patience: Duration,
    /// The instant.
    pub now: Timestamp,
    /// Ends it.
    pub cancel: &'a Cancel,
}

impl Looker<'_> {
    /// Looks at a component.
    #[must_use]
    pub fn look(&self, component: &Component) -> Report {
        let path = Look::path(self.folder, component);
        let before = Look::read(&path, component);
        let stamps = stamps(component);
        if let Some(before) = before.filter(|before| self.still_holds(before, stamps.as_deref())) {
            return self.again(component, before.report);
        }
        let mut report = Report::blank(&component.name);
        let looked = self.look_into(component, &mut report);
        if let Err(error) = looked.and_then(|()| self.was_not_cancelled()) {
            report.errors.push(error.to_string());
        }
        // What could not be seen this time may be seen the next time.
        if report.is_whole()
            && let Some(stamps) = stamps
        {
            // Without it the next look is slower, and no other.
            let _ = Look::new(component, stamps, &report).write(&path);
        }
        report
    }

    /// A look that was ended may have left out anything.
    fn was_not_cancelled(&self) -> Result<(), GitError> {
        if self.cancel.is_cancelled() { Err(GitError::Cancelled) } else { Ok(()) }
    }

    /// Is it still the answer? Where servers may be asked, only they can tell.
    fn still_holds(&self, before: &Look, stamps: Option<&[String]>) -> bool {
        let is_fresh = |at: &LookedAt| self.now.duration_since(at.at) <= remotes::STALE && at.at <= self.now;
        // A clone changes unseen: where its branches would go is looked at each time.
        before.component.clone.is_none()
            && stamps.is_some_and(|stamps| stamps == before.stamps)
            && before.report.looked_at.iter().all(is_fresh)
            && !(self.may_ask && before.component.urls.values().any(|url| is_far(url)))
    }

    /// The answer of before, where nothing has changed: what hangs on the clock is told anew.
    fn again(&self, component: &Component, mut report: Report) -> Report {
        for looked in &mut report.looked_at {
            if component.urls.get(&looked.remote).is_some_and(|url| !is_far(url)) {
                looked.at = self.now;
            }
        }
        report.plan(component, self.now);
        report
    }

    fn look_into(&self, component: &Component, report: &mut Report) -> Result<(), GitError> {
        let mut errors = Vec::new();
        let opened = self.open(component, &mut errors)?;
        report.looked_at = opened.looked_at();
        let place = Place { git: self.git, repository: opened.cache.folder(), cancel: self.cancel };
        let fixes = fixes::resolve(component, place)?;
        errors.extend(fixes.iter().filter_map(|fix| fix.commit.clone().err()));
        let given = fixes.iter().filter_map(|fix| fix.commit.clone().ok());
        let of_clone = or_told(self.of_clone(&opened), &mut errors);
        let commits: BTreeSet<Oid> = opened.commits().into_iter().chain(given).chain(of_clone).collect();
        let graph = or_told(self.history(&opened.cache, &commits), &mut errors);
        self.compare(component, &opened, &graph, report, &mut errors);
        report.tracking = self.tracking(&opened, &graph);
        if fixes.is_empty() {
            report.offered = or_told(offered(place, &opened), &mut errors);
        }
        let found = self.look_for(&fixes, &opened, &graph, report, &mut errors);
        report.errors = errors;
        self.remember(component, &opened, &graph, &found, report)
    }

    /// What must be remembered: what was private, and since when a mirror lags. What is planned hangs on it.
    fn remember(
        &self,
        component: &Component,
        opened: &Opened,
        graph: &Graph,
        found: &Sought,
        report: &mut Report,
    ) -> Result<(), GitError> {
        let path = opened.memory(&embargo::memory_name(component));
        let failed = |error: &dyn Display| GitError::Memory(error.to_string());
        let before = Memory::read(&path).map_err(|error| {
            let found = report.leaks.iter().flat_map(Leaks::found).cloned().collect();
            report.leaks = component.keeps_secrets().then(|| Leaks::Unknown { why: error.to_string(), found });
            failed(&error)
        })?;
        let mut memory = before.clone();
        for pair in &mut report.pairs {
            let is_ahead = pair.state == PairState::CanonicalAhead;
            pair.ahead_since = memory.ahead_since(&pair.branch, is_ahead, self.now);
        }
        report.plan(component, self.now);
        if component.is_embargoed {
            let early = self.early(opened, graph, &mut memory, &found.members().into_iter().collect());
            report.leaks = Some(report.leaks.take().map_or(early.clone(), |leaks| leaks.and(early)));
        }
        if memory != before {
            memory.write(&path).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// Branches, tags and pins, one side beside the other.
    fn compare(
        &self,
        component: &Component,
        opened: &Opened,
        graph: &Graph,
        report: &mut Report,
        errors: &mut Vec<String>,
    ) {
        let mut known = Known::read(&opened.cache);
        let mut told = known.told(self.git.version());
        report.pairs = self.pairs(component, opened, graph, &mut told, errors);
        or_told(self.flag_rewritten(opened, graph, &mut report.pairs), errors);
        report.tags = tags::tags(component, opened);
        if let Some(path) = &component.pin {
            let place = Place { git: self.git, repository: opened.cache.folder(), cancel: self.cancel };
            let branches = report.pairs.iter().map(|pair| pair.branch.clone()).collect();
            report.pins = pins::pins(place, opened, &branches, path);
        }
        known.listed.extend(report.looked_at.iter().map(|looked| (looked.remote, looked.at)));
        // Without it the next look asks git everything again.
        let _ = known.write(&opened.cache, self.git.version(), told);
    }

    /// The fixes, and what hangs on where they are.
    fn look_for(
        &self,
        fixes: &[Fix<'_>],
        opened: &Opened,
        graph: &Graph,
        report: &mut Report,
        errors: &mut Vec<String>,
    ) -> Sought {
        let place = Place { git: self.git, repository: opened.cache.folder(), cancel: self.cancel };
        let pinned = report.pins.iter().flat_map(|row| row.remotes.values());
        let pinned = pinned.filter_map(|pin| pins::named(opened, pin));
        let found = fixes::find(opened, graph, fixes, pinned, place);
        let commits: Vec<Oid> = fixes.iter().filter_map(|fix| fix.commit.clone().ok()).collect();
        let subjects = or_told(subjects(place, &commits), errors);
        let branches = report.pairs.iter().map(|pair| pair.branch.clone()).collect();
        if fixes.iter().any(|fix| fix.wanted.is_embargoed) {
            report.leaks = Some(found.leaks(place, opened, graph, fixes));
        }
        report.fixes = fixes::rows(fixes, &branches, opened, &found, &subjects);
        if !fixes.is_empty() {
            fixes::others(place, opened, graph, &found, &mut report.pairs);
        }
        tags::judge(&found, &mut report.tags);
        pins::judge(opened, &found, &mut report.pins);
        found
    }
}

/// What may be a fix: what the private main branch has and the public one lacks.
fn offered(place: Place<'_>, opened: &Opened) -> Result<Vec<Offered>, GitError> {
    match opened.sides().map(Remote::main) {
        [Some(private), Some(public)] if private != public => offered::read(place, private, public),
        _ => Ok(Vec::new()),
    }
}

/// The value, or none of it and what went wrong among the errors.
fn or_told<T: Default>(result: Result<T, GitError>, errors: &mut Vec<String>) -> T {
    result.unwrap_or_else(|error| {
        errors.push(error.to_string());
        T::default()
    })
}

fn is_far(url: &str) -> bool {
    Url::new(url, Path::new("/")).is_ok_and(|url| url.path().is_none())
}

/// What the remotes on this machine, and the clone, look like from outside; none if one of them can't be relied on.
fn stamps(component: &Component) -> Option<Vec<String>> {
    let paths = component.urls.values().filter_map(|url| Url::new(url, Path::new("/")).ok()?.path());
    paths.chain(component.clone.as_ref().map(PathBuf::from)).map(|path| stamp(&path)).collect()
}

/// Looks at several components, some at a time. The reports come in the order of the components.
#[must_use]
pub fn all(looker: Looker<'_>, components: &[Component]) -> Vec<Report> {
    let next = AtomicUsize::new(0);
    let work = || {
        let take = || next.fetch_add(1, Ordering::Relaxed);
        let mine = std::iter::repeat_with(take).map_while(|at| components.get(at).map(|component| (at, component)));
        mine.map(|(at, component)| (at, looker.look(component))).collect::<Vec<_>>()
    };
    let mut reports = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE.min(components.len())).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.flatten().collect::<Vec<_>>()
    });
    reports.sort_by_key(|(at, _)| *at);
    reports.into_iter().map(|(_, report)| report).collect()
}
