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
mod progress;
mod remotes;
mod rewritten;
mod sides;
mod tags;
mod under_way;

use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::divergence::{Component, LookedAt, Report};
use crate::git::{Cache, Cancel, Git, GitError, Setting, Url, stamp};
use kept::{Known, Look};
pub use progress::{Hearer, Told};
pub use sides::{SideCommit, sides};

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
    /// Hears how far it is.
    pub hearer: Hearer<'a>,
}

impl Looker<'_> {
    /// Looks at a component.
    #[must_use]
    pub fn look(&self, component: &Component) -> Report {
        let path = Look::path(self.folder, component);
        let stamps = stamps(component);
        let before = Look::read(&path, component);
        let again = before.as_deref().filter(|before| self.still_holds(before, stamps.as_deref()));
        if let Some(again) = again.and_then(|before| self.again(before)) {
            return again;
        }
        let mut before = before.map(Arc::unwrap_or_clone);
        let answered = before.as_ref().and_then(Look::answered);
        let mut report = Report::blank(&component.name);
        let looked = under_way::look(self, component, answered, &mut report);
        match looked.and_then(|seen| self.was_not_cancelled().map(|()| seen)) {
            Ok(seen) => {
                let stamps = stamps.filter(|_| report.is_whole() && !seen.is_elsewhere);
                before = Some(Look::new(component, stamps, &report, seen));
            }
            Err(error) => {
                report.errors.push(error.to_string());
                if let Some(before) = &mut before {
                    before.stamps = None;
                }
            }
        }
        // What was seen before must not hide that it can't be seen now.
        if before.is_none_or(|look| look.write(&path).is_err()) {
            let _ = fs::remove_file(&path);
        }
        report
    }

    /// Asks the servers of a component, and brings here what is new, for a look that asks none of them. Did each of them answer,
    /// and is all of it here?
    #[must_use]
    pub fn bring(&self, component: &Component) -> bool {
        let Ok(mut opened) = self.open(component, &mut Vec::new()) else { return false };
        let mut known = std::mem::take(&mut opened.known);
        let told = known.told(self.git.version());
        let is_kept = known.write(&opened.cache, self.git.version(), told).is_ok();
        is_kept && opened.urls.keys().all(|role| opened.side(*role).why_not_whole().is_none())
    }

    /// A look that was ended may have left out anything.
    fn was_not_cancelled(&self) -> Result<(), GitError> {
        if self.cancel.is_cancelled() { Err(GitError::Cancelled) } else { Ok(()) }
    }

    /// Is it still the answer? Where servers may be asked, only they can tell.
    fn still_holds(&self, before: &Look, stamps: Option<&[String]>) -> bool {
        let is_fresh = |at: &LookedAt| self.now.duration_since(at.at) <= remotes::STALE && at.at <= self.now;
        stamps.is_some_and(|stamps| before.stamps.as_deref() == Some(stamps))
            && before.report.looked_at.iter().all(is_fresh)
            && (!before.component.urls.values().any(|url| is_far(url)) || !self.may_ask && self.knows_no_newer(before))
    }

    /// Was no server asked since, be it in vain?
    fn knows_no_newer(&self, before: &Look) -> bool {
        let urls: Vec<Url> = before.component.urls.values().filter_map(|text| url(text)).collect();
        let known = Known::read(&Cache::folder_of(self.folder, &urls.iter().collect::<Vec<_>>()));
        before.report.looked_at.iter().all(|looked| {
            let listed = known.listed.get(&looked.remote);
            listed.is_some_and(|listed| listed.failed.is_none() && (listed.stamp.is_some() || listed.at == looked.at))
        })
    }

    /// The answer of before, where no ref has changed: what hangs on the clock and on settings is told anew. None if those can't
    /// be read.
    fn again(&self, before: &Look) -> Option<Report> {
        let Look { component, clone, local, .. } = before;
        let mut report = before.report.clone();
        for looked in &mut report.looked_at {
            if component.urls.get(&looked.remote).is_some_and(|url| !is_far(url)) {
                looked.at = self.now;
            }
        }
        report.plan(component, self.now);
        if component.clone.is_some() {
            // Nothing tells from outside that settings have changed: a part of them lies elsewhere.
            let folder = clone.as_ref()?;
            let settings = Setting::all(self.git, folder, self.cancel).ok()?;
            report.tracking = self.tracking(component, folder, &settings, local);
        }
        self.was_not_cancelled().ok().map(|()| report)
    }
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

fn url(text: &str) -> Option<Url> {
    Url::new(text, Path::new("/")).ok()
}

fn is_far(text: &str) -> bool {
    url(text).is_some_and(|url| url.path().is_none())
}

/// What the remotes on this machine, and the clone, look like from outside; none if one of them can't be relied on.
fn stamps(component: &Component) -> Option<Vec<String>> {
    let paths = component.urls.values().filter_map(|text| url(text)?.path());
    paths.chain(component.clone.as_ref().map(PathBuf::from)).map(|path| stamp(&path).ok().flatten()).collect()
}
