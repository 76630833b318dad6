//! What must not be public yet: the fixes that are embargoed, and what was private at a look before.

use std::collections::{BTreeSet, HashSet};

use super::Looker;
use super::memory::{Memory, Sides};
use super::remotes::{Opened, Remote};
use crate::divergence::{Component, Leaks, Oid, Role};
use crate::git::Graph;
use crate::git::leaks::pointed_at;
use crate::git::patches::Place;

impl Looker<'_> {
    /// What was private at a look before and is public now, and remembers what is private now. `known` are commits of which it
    /// is told otherwise.
    pub(super) fn early(&self, opened: &Opened, graph: &Graph, memory: &mut Memory, known: &HashSet<Oid>) -> Leaks {
        let private = opened.remotes.iter().filter(|(role, _)| !role.is_public());
        let private: BTreeSet<Oid> = private.flat_map(|(_, remote)| pointed_at(&remote.refs)).collect();
        let public = opened.side(Role::Canonical);
        let place = Place { git: self.git, repository: opened.cache.folder(), cancel: self.cancel };
        let sides = Sides { place, graph, public: &public.refs, private: &private };
        let leaks = memory.early(sides, known);
        // Only what was listed just now, and wholly, says what is public and what is not.
        let blind = opened.remotes.values().find_map(Remote::why_not_whole);
        let why = blind.map(str::to_owned).or_else(|| memory.remember(sides, self.now).err());
        let found = leaks.found().to_vec();
        why.map_or(leaks, |why| Leaks::Unknown { why, found })
    }
}

/// Under which name the memory of an embargo is kept beside the cache of a component.
pub(super) fn memory_name(component: &Component) -> String {
    let embargoed = component.fixes.iter().filter(|fix| fix.is_embargoed).map(|fix| fix.commit.as_str());
    let mut embargoed: Vec<&str> = embargoed.collect();
    embargoed.sort_unstable();
    if component.memory.is_empty() { embargoed.join(" ") } else { component.memory.clone() }
}
