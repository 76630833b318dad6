//! Every fix on every branch of every remote, what of it leaked, and what else the private side brings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::remotes::{Opened, Remote};
use crate::divergence::{Component, FixRow, FixState, Leaks, Oid, Pair, Role, Side, Wanted};
use crate::git::fixes::{Looked, Tip, look};
use crate::git::leaks::{self, pointed_at};
use crate::git::others;
use crate::git::patches::Place;
use crate::git::{self, Below, GitError, Graph};

/// The shortest beginning of an id that stands for a commit.
const SHORTEST: usize = 7;

/// A fix that was asked for, and its commit.
pub(super) struct Fix<'a> {
    pub wanted: &'a Wanted,
    /// Why there is no such commit here, where there is none.
    pub commit: Result<Oid, String>,
}

/// What was found of all fixes.
pub(super) struct Sought {
    fixes: Vec<Oid>,
    tips: Vec<Tip>,
    looked: Looked,
    /// Where each tip is among the tips.
    places: HashMap<Oid, usize>,
}

impl Sought {
    /// Whether a fix is at a tip.
    fn state(&self, fix: Oid, tip: Oid) -> FixState {
        let at = self.fixes.iter().position(|known| *known == fix);
        let seen = at.and_then(|fix| self.looked.seen.get(fix)?.get(*self.places.get(&tip)?));
        seen.map_or_else(|| FixState::Unknown("it was not looked for there".to_owned()), |seen| FixState::of(seen))
    }

    /// The embargoed fixes that a public ref shows.
    pub fn leaks(&self, place: Place<'_>, opened: &Opened, graph: &Graph, fixes: &[Fix<'_>]) -> Leaks {
        let (found, public) =
            (leaks::Found { fixes: &self.fixes, tips: &self.tips, looked: &self.looked }, opened.side(Role::Canonical));
        let embargoed = || fixes.iter().filter(|fix| fix.wanted.is_embargoed);
        let lost = embargoed().find_map(|fix| fix.commit.as_ref().err());
        let blind = lost.or(public.blind.as_ref()).or(public.not_brought.as_ref()).map(String::as_str);
        let commits: Vec<Oid> = embargoed().filter_map(|fix| fix.commit.clone().ok()).collect();
        leaks::find(place, graph, found, &commits, &public.refs, blind, Some(&opened.patches()))
    }

    /// Every commit that belongs to a fix.
    pub fn members(&self) -> BTreeSet<Oid> {
        self.looked.members.iter().flatten().copied().collect()
    }

    /// Does a commit hold every fix? None if that is not known, or no fix is.
    pub fn holds_all(&self, tip: Oid) -> Option<bool> {
        let states: Vec<Option<bool>> = self.fixes.iter().map(|fix| self.state(*fix, tip).is_there()).collect();
        match () {
            () if states.contains(&Some(false)) => Some(false),
            () if states.is_empty() || states.contains(&None) => None,
            () => Some(true),
        }
    }
}

/// The commits that the fixes of a component name.
pub(super) fn resolve<'a>(component: &'a Component, place: Place<'_>) -> Result<Vec<Fix<'a>>, GitError> {
    let is_id = |text: &str| (SHORTEST..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (ids, odd): (Vec<&Wanted>, Vec<&Wanted>) = component.fixes.iter().partition(|fix| is_id(&fix.commit));
    let texts: Vec<&str> = ids.iter().map(|fix| fix.commit.as_str()).collect();
    let found = git::commits(place, &texts)?;
    let here = ids.into_iter().zip(found).map(|(wanted, commit)| Fix { wanted, commit });
    let why = |wanted: &Wanted| {
        format!(
            "«{}» is no id of a commit: give at least {SHORTEST} of its digits",
            crate::text::displayable(&wanted.commit)
        )
    };
    let not = odd.into_iter().map(|wanted| Fix { wanted, commit: Err(why(wanted)) });
    Ok(here.chain(not).collect())
}

/// Looks for the fixes below every ref of every remote, and below `beside`.
pub(super) fn find(
    opened: &Opened,
    graph: &Graph,
    fixes: &[Fix<'_>],
    beside: impl Iterator<Item = Oid>,
    place: Place<'_>,
) -> Sought {
    let fixes: BTreeSet<Oid> = fixes.iter().filter_map(|fix| fix.commit.clone().ok()).collect();
    let fixes: Vec<Oid> = fixes.into_iter().collect();
    let mut private: BTreeMap<Oid, bool> = beside.map(|commit| (commit, false)).collect();
    for (role, remote) in &opened.remotes {
        for commit in pointed_at(&remote.refs) {
            *private.entry(commit).or_default() |= !role.is_public();
        }
    }
    let tips: Vec<Tip> = private.into_iter().map(|(commit, is_private)| Tip { commit, is_private }).collect();
    let mut below = Below::new(graph);
    let looked = look(
        place,
        &fixes,
        &tips,
        |tip, commit| if place.cancel.is_cancelled() { None } else { below.is_below(tip, commit) },
        Some(&opened.patches()),
    );
    let places = tips.iter().enumerate().map(|(at, tip)| (tip.commit, at)).collect();
    Sought { fixes, tips, looked, places }
}

/// Each fix on each compared branch of each remote that has the branch.
pub(super) fn rows(
    fixes: &[Fix<'_>],
    branches: &BTreeSet<String>,
    opened: &Opened,
    found: &Sought,
    subjects: &HashMap<Oid, String>,
) -> Vec<FixRow> {
    let state = |fix: Oid, branch: &str, remote: &Remote| match remote.branch(branch) {
        Side::Unknown(why) => Some(FixState::Unknown(why)),
        Side::Absent => None,
        Side::Tip(tip) => Some(match (found.state(fix, tip), &remote.not_brought) {
            (FixState::Unknown(_), Some(why)) => FixState::Unknown(why.clone()),
            (state, _) => state,
        }),
    };
    let row = |fix: &Fix<'_>| {
        let commit = *fix.commit.as_ref().ok()?;
        let of = |branch: &String| {
            let remotes = opened.remotes.iter();
            let states: BTreeMap<Role, FixState> =
                remotes.filter_map(|(role, remote)| Some((*role, state(commit, branch, remote)?))).collect();
            (!states.is_empty()).then(|| (branch.clone(), states))
        };
        Some(FixRow {
            commit,
            subject: subjects.get(&commit).cloned(),
            embargoed: fix.wanted.is_embargoed,
            branches: branches.iter().filter_map(of).collect(),
        })
    };
    fixes.iter().filter_map(row).collect()
}

/// What each branch of the private side brings beside the fixes.
pub(super) fn others(
    place: Place<'_>,
    scratch: &Path,
    opened: &Opened,
    graph: &Graph,
    found: &Sought,
    pairs: &mut [Pair],
) {
    let public: Vec<Oid> = opened.public().into_iter().filter(|commit| graph.place(*commit).is_some()).collect();
    let branch = |pair: &Pair| match &pair.tips {
        [Side::Tip(tip), Side::Tip(public)] => Some(others::Branch { tip: *tip, not: vec![*public] }),
        [Side::Tip(tip), Side::Absent] => Some(others::Branch { tip: *tip, not: public.clone() }),
        _ => None,
    };
    let asked: Vec<(usize, others::Branch)> =
        pairs.iter().enumerate().filter_map(|(at, pair)| Some((at, branch(pair)?))).collect();
    let (places, branches): (Vec<usize>, Vec<others::Branch>) = asked.into_iter().unzip();
    let told = others::read(place, scratch, graph, &branches, &found.members());
    for (at, others) in places.into_iter().zip(told) {
        pairs[at].others = others.ok();
    }
}
