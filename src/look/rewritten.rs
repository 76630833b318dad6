//! Where branches were the last time: a tip that is no ancestor of the one of now was forced elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::Looker;
use super::remotes::Opened;
use crate::divergence::{Flag, Oid, Pair, Role, Side, Walker};
use crate::git::{GitError, Graph, Limits, Repository, Url};

impl Looker<'_> {
    /// Flags the pairs of which a side was rewritten since it was seen last, here or by the person's clone.
    pub(super) fn flag_rewritten(&self, opened: &Opened, graph: &Graph, pairs: &mut [Pair]) -> Result<(), GitError> {
        let tracked = opened.clone.as_ref().map_or_else(|| Ok(HashMap::new()), |clone| self.tracked(clone, opened))?;
        let mut walker = Walker::default();
        for pair in pairs {
            for (role, side) in [(pair.a, &pair.tips[0]), (pair.b, &pair.tips[1])] {
                let Side::Tip(now) = side else { continue };
                let name = format!("refs/heads/{}", pair.branch);
                let seen = opened.remotes.get(&role).and_then(|remote| remote.before.get(&name)).map(|at| at.object);
                let was = seen.or_else(|| tracked.get(&(role, pair.branch.clone())).copied());
                if was.is_some_and(|was| was_rewritten(graph, &mut walker, was, *now)) {
                    pair.flags.insert(Flag::Rewritten);
                }
            }
        }
        Ok(())
    }

    /// Where the clone takes the branches of the remotes to be.
    fn tracked(&self, clone: &Repository, opened: &Opened) -> Result<HashMap<(Role, String), Oid>, GitError> {
        let roles: BTreeMap<String, Role> = clone
            .remotes(self.git, self.cancel)?
            .into_iter()
            .filter_map(|(name, url)| {
                let url = Url::new(&url, Path::new("/")).ok()?;
                let (role, _) = opened.urls.iter().find(|(_, known)| **known == url)?;
                Some((name, *role))
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
