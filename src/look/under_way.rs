//! A look at one component, step by step.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Display;

use jiff::Timestamp;

use super::clone::{self, Local, SeenClone};
use super::fixes::{self, Fix, Sought};
use super::kept::Known;
use super::memory::Memory;
use super::progress::grouped;
use super::remotes::{Opened, Remote};
use super::{Looker, pins, tags};
use crate::divergence::{Component, History, Leaks, Oid, PairState, Report, Role, Tracking, matches, reached};
use crate::git::offered::{self, subjects};
use crate::git::patches::Place;
use crate::git::{GitError, Graph};
use crate::text::displayable;

/// Looks at a component, and says what was seen of its clone. `answered` is when the same was asked
/// and answered before.
///
/// # Errors
/// Why there is no more to be seen; what was seen until then is in the report.
pub(super) fn look(
    looker: &Looker<'_>,
    component: &Component,
    answered: Option<Timestamp>,
    report: &mut Report,
) -> Result<SeenClone, GitError> {
    let mut errors = Vec::new();
    let mut opened = looker.open(component, &mut errors)?;
    let known = std::mem::take(&mut opened.known);
    report.looked_at = opened.looked_at();
    report.expected = component.expected;
    let place = Place { git: looker.git, repository: opened.cache.folder(), cancel: looker.cancel };
    let fixes = fixes::resolve(component, place)?;
    errors.extend(fixes.iter().filter_map(|fix| fix.commit.clone().err()));
    let mut local = looker.local(&opened);
    errors.extend(local.as_ref().err().map(ToString::to_string));
    let given = fixes.iter().filter_map(|fix| fix.commit.clone().ok());
    // What was private once is looked for though no ref leads to it any more.
    let private = Memory::read(&looker.memory_path(component)).map(|memory| memory.commits()).unwrap_or_default();
    let commits = opened.commits().into_iter().chain(given).chain(private);
    let tips = local.iter().flat_map(Local::tips);
    let commits: BTreeSet<Oid> = commits.chain(tips).collect();
    let graph = looker.history(&opened.cache, &commits);
    let graph = graph.map_err(|error| opened.cache.blamed(error, component.clone.as_deref()));
    let graph = or_told(graph, &mut errors);
    looker.was_not_cancelled()?;
    looker.hearer.step("counting");
    if let Ok(local) = &mut local {
        clone::judge(&opened, &graph, local);
    }
    let mut look =
        UnderWay { looker, component, answered, opened: &opened, graph: &graph, place, known, report, errors };
    look.compare(local.as_ref());
    looker.was_not_cancelled()?;
    if !fixes.is_empty() {
        let (fixes, commits) = (fixes.len(), grouped(graph.count()));
        let word = if fixes == 1 { "fix" } else { "fixes" };
        looker.hearer.step(format!("looking for {fixes} {word} in {commits} commits"));
    }
    let sought = look.look_for(&fixes);
    looker.was_not_cancelled()?;
    let remembered = look.remember(&sought);
    if let Err(error) = &remembered {
        look.blind(error);
    }
    report.errors = look.errors;
    let (folder, is_elsewhere) = (opened.clone.map(|clone| clone.folder), opened.is_elsewhere);
    remembered.map(|()| SeenClone { folder, local: local.unwrap_or_default(), is_elsewhere })
}

struct UnderWay<'a> {
    looker: &'a Looker<'a>,
    component: &'a Component,
    answered: Option<Timestamp>,
    opened: &'a Opened,
    graph: &'a Graph,
    /// Where git is asked.
    place: Place<'a>,
    /// What is known of the remotes, to be kept.
    known: Known,
    report: &'a mut Report,
    errors: Vec<String>,
}

impl UnderWay<'_> {
    /// Branches, tags and pins, one side beside the other, and the clone.
    fn compare(&mut self, local: Result<&Local, &GitError>) {
        let (looker, opened, graph) = (self.looker, self.opened, self.graph);
        let mut told = self.known.told(looker.git.version());
        let count = told.len();
        self.report.pairs = looker.pairs(self.component, opened, graph, &mut told, &mut self.errors);
        self.known.is_new |= told.len() != count;
        let is_idle = |pattern: &&String| !self.report.pairs.iter().any(|pair| matches(pattern, &pair.branch));
        let idle = self.component.branches.iter().filter(is_idle);
        self.errors.extend(idle.map(|pattern| format!("no branch is one of «{}»", displayable(pattern))));
        or_told(looker.see_rewritten(opened, graph, &mut self.known), &mut self.errors);
        looker.flag_rewritten(opened, &self.known.branches, self.answered, &mut self.report.pairs);
        // Without it the next look asks git everything again.
        let _ = self.known.write(&opened.cache, looker.git.version(), told);
        self.report.tags = tags::tags(self.component, opened);
        if let Some(path) = &self.component.pin {
            self.report.pins = pins::pins(self.place, opened, &self.branches(), path);
        }
        if let Some(clone) = &opened.clone {
            let tracking = |local| looker.tracking(self.component, &clone.folder, &clone.settings, local);
            self.report.tracking = local.map_or_else(|error| Tracking::Unknown(error.to_string()), tracking);
        }
    }

    /// The fixes, and what hangs on where they are; where none is given, what may be one.
    fn look_for(&mut self, fixes: &[Fix<'_>]) -> Sought {
        let (opened, graph, place) = (self.opened, self.graph, self.place);
        let pinned = self.report.pins.iter().flat_map(|row| &row.remotes);
        let pinned = pinned.filter_map(|(role, pin)| pins::named(opened, *role, pin));
        let sought = fixes::find(opened, graph, fixes, pinned, place);
        if fixes.is_empty() {
            self.report.offered = or_told(self.offered(), &mut self.errors);
            return sought;
        }
        if fixes.iter().any(|fix| fix.wanted.is_embargoed) {
            self.report.leaks = Some(sought.leaks(place, opened, graph, fixes));
        }
        let commits: Vec<Oid> = fixes.iter().filter_map(|fix| fix.commit.clone().ok()).collect();
        let subjects = or_told(subjects(place, &commits), &mut self.errors);
        self.report.fixes = fixes::rows(fixes, &self.branches(), opened, &sought, &subjects);
        fixes::others(place, self.looker.folder, opened, graph, &sought, &mut self.report.pairs);
        tags::judge(&sought, &mut self.report.tags);
        pins::judge(opened, &sought, &mut self.report.pins);
        sought
    }

    /// What must be remembered: what was private, and since when a mirror lags. What is planned hangs on it.
    fn remember(&mut self, sought: &Sought) -> Result<(), GitError> {
        let failed = |error: &dyn Display| GitError::Memory(error.to_string());
        let path = self.looker.memory_path(self.component);
        // Another look may be about to remember something as well.
        let _held = self.opened.cache.hold(self.looker.patience, self.looker.cancel)?;
        let mut memory = Memory::read(&path).map_err(|error| failed(&error))?;
        let before = memory.clone();
        for pair in &mut self.report.pairs {
            let is_ahead = pair.state == PairState::CanonicalAhead;
            pair.ahead_since = memory.ahead_since(&pair.branch, is_ahead, self.looker.now);
        }
        self.report.plan(self.component, self.looker.now);
        if self.component.is_embargoed {
            let known: HashSet<Oid> = sought.members().into_iter().collect();
            let early = self.looker.early(self.opened, self.graph, &mut memory, &known)?;
            let early = early.and(self.unnamed());
            self.report.leaks = Some(self.report.leaks.take().map_or(early.clone(), |leaks| leaks.and(early)));
        } else if self.component.memory.is_empty() && !self.component.keeps_secrets() {
            // Most components remember nothing.
            let public = LazyCell::new(|| {
                reached(self.graph, self.opened.public().into_iter().filter_map(|commit| self.graph.place(commit)))
            });
            memory.disclose(|commit| self.graph.place(commit).is_some_and(|place| public[place as usize]));
        }
        self.looker.was_not_cancelled()?;
        if memory != before {
            memory.write(&path).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// Without a fix nothing is looked for but what was private at a look before.
    fn unnamed(&self) -> Leaks {
        let (refs, found) = (self.opened.side(Role::Canonical).refs.len(), Vec::new());
        if self.component.fixes.is_empty() && !self.component.has_fixes_elsewhere {
            let why = "no fix is named, so that only what was private at a look before is looked for".to_owned();
            return Leaks::Unknown { why, found };
        }
        Leaks::Looked { refs, found }
    }

    /// Nobody knows what leaked where what was private could not be looked at.
    fn blind(&mut self, error: &GitError) {
        if self.component.keeps_secrets() {
            let found = self.report.leaks.iter().flat_map(Leaks::found).cloned().collect();
            self.report.leaks = Some(Leaks::Unknown { why: error.to_string(), found });
        }
    }

    /// What may be a fix: what the private main branch has and the public one lacks.
    fn offered(&self) -> Result<Vec<crate::divergence::Offered>, GitError> {
        match self.opened.sides().map(Remote::main) {
            [Some(private), Some(public)] if private != public => offered::read(self.place, private, public),
            _ => Ok(Vec::new()),
        }
    }

    fn branches(&self) -> BTreeSet<String> {
        self.report.pairs.iter().map(|pair| pair.branch.clone()).collect()
    }
}

/// The value, or none of it and what went wrong among the errors.
pub(super) fn or_told<T: Default>(result: Result<T, GitError>, errors: &mut Vec<String>) -> T {
    result.unwrap_or_else(|error| {
        errors.push(error.to_string());
        T::default()
    })
}
