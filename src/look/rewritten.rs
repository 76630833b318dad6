//! Branches that were forced elsewhere: where each was is remembered of every remote, whatever is asked of it, and a tip that
//! is no ancestor of the one of now was rewritten. That is told for a [`DAY`], and at the next answer to every question.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Looker;
use super::kept::Known;
use super::remotes::Opened;
use crate::divergence::{Flag, Oid, Pair, Role, Walker};
use crate::git::{GitError, Graph, Limits, Repository, Url};

/// For so long it is told of a branch that it was rewritten, however often one looks.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A branch of a remote as it was seen last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    tip: Oid,
    /// When it was last seen that it was forced elsewhere.
    rewritten: Option<Timestamp>,
}

/// The branches as they were seen last, by the URL of their remote and by name.
pub(super) type Branches = BTreeMap<String, BTreeMap<String, Seen>>;

impl Looker<'_> {
    /// Sees which branches were rewritten since they were seen last, here or by the person's clone, and remembers where they are.
    /// One that could not be brought here stays as it was seen.
    pub(super) fn see_rewritten(&self, opened: &Opened, graph: &Graph, known: &mut Known) -> Result<(), GitError> {
        // Where the clone takes a branch to be matters only until it was seen here.
        let is_seen = |(role, url): (&Role, &Url)| {
            let seen = known.branches.get(url.as_str());
            opened.side(*role).branches().all(|name| seen.is_some_and(|seen| seen.contains_key(name)))
        };
        let tracked = match &opened.clone {
            Some(clone) if !opened.urls.iter().all(is_seen) => self.tracked(clone, opened)?,
            _ => HashMap::new(),
        };
        let mut walker = Walker::default();
        for (role, url) in &opened.urls {
            let remote = opened.side(*role);
            if remote.blind.is_some() {
                continue;
            }
            let branches = known.branches.entry(url.as_str().to_owned()).or_default();
            for (name, tip) in remote.tips().filter(|(_, tip)| graph.place(*tip).is_some()) {
                let before = branches.get(name).copied();
                let was = before.map(|seen| seen.tip).or_else(|| tracked.get(&(*role, name.to_owned())).copied());
                let is_new = was.is_some_and(|was| was_rewritten(graph, &mut walker, was, tip));
                let rewritten = if is_new { Some(self.now) } else { before.and_then(|seen| seen.rewritten) };
                let seen = Seen { tip, rewritten };
                known.is_new |= branches.insert(name.to_owned(), seen) != Some(seen);
            }
        }
        Ok(())
    }

    /// Flags the pairs of which a side was rewritten not long ago, or after `answered`, when the same was asked before.
    pub(super) fn flag_rewritten(
        &self,
        opened: &Opened,
        branches: &Branches,
        answered: Option<Timestamp>,
        pairs: &mut [Pair],
    ) {
        let is_told =
            |at: Timestamp| self.now.duration_since(at) < DAY || answered.is_some_and(|answered| at > answered);
        for pair in pairs {
            let urls = [pair.a, pair.b].into_iter().filter_map(|role| opened.urls.get(&role));
            let mut seen = urls.filter_map(|url| branches.get(url.as_str())?.get(&pair.branch)?.rewritten);
            if seen.any(is_told) {
                pair.flags.insert(Flag::Rewritten);
            }
        }
    }

    /// Where the clone takes the branches of the remotes to be.
    fn tracked(&self, clone: &Repository, opened: &Opened) -> Result<HashMap<(Role, String), Oid>, GitError> {
        let roles: BTreeMap<String, Role> = clone
            .remotes()
            .filter_map(|(name, url)| {
                let url = Url::new(url, Path::new("/")).ok()?;
                let (role, _) = opened.urls.iter().find(|(_, known)| **known == url)?;
                Some((name.to_owned(), *role))
            })
            .collect();
        let list = self.git.run(["for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/remotes"]);
        let told = list.on(&clone.folder).cancel(self.cancel).limits(Limits::brief()).output()?;
        let told = String::from_utf8_lossy(&told);
        let tracked = told.lines().filter_map(|line| {
            let (oid, name) = line.split_once(' ')?;
            let (role, branch) = roles
                .iter()
                .find_map(|(remote, role)| Some((*role, name.strip_prefix(remote.as_str())?.strip_prefix('/')?)))?;
            Some(((role, branch.to_owned()), oid.parse().ok()?))
        });
        Ok(tracked.collect())
    }
}

/// A commit that is not in the history any more is below nothing that is there.
fn was_rewritten(graph: &Graph, walker: &mut Walker, was: Oid, now: Oid) -> bool {
    let Some(now) = graph.place(now) else { return false };
    let Some(was) = graph.place(was) else { return true };
    was != now && walker.compare(graph, was, now).is_some_and(|common| common.ahead > 0)
}
