//! Every branch on the private and on the public side.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Looker;
use super::kept::Told;
use super::remotes::{Opened, Remote};
use super::under_way::or_told;
use crate::divergence::{
    self, Common, Component, Flag, History, Merge, Oid, Pair, PairState, Plan, Role, Side, Walker,
};
use crate::git::patches::{self, Place};
use crate::git::{GitError, Graph, merges, trees};

/// So many commits of one side only are compared by their patches.
const MOST_PATCHES: usize = 5_000;

/// Two tips of a branch, as far as they were counted.
struct Counted {
    branch: String,
    sides: [Side; 2],
    common: Option<Common>,
    /// The commits that only the first reaches, and only the second, where both have some, each with whether it is a merge.
    own: [Vec<(Oid, bool)>; 2],
}

impl Counted {
    /// Both tips, where both are known and differ.
    fn tips(&self) -> Option<[Oid; 2]> {
        match self.sides {
            [Side::Tip(a), Side::Tip(b)] if a != b => Some([a, b]),
            _ => None,
        }
    }

    /// Are its own commits few enough to be compared by their patches?
    fn is_short(&self) -> bool {
        self.own.iter().all(|own| own.len() <= MOST_PATCHES)
    }

    /// How many commits of the first side have an equal patch on the second, and whether all of both have one opposite.
    fn equal_patches(&self, patches: &HashMap<Oid, Oid>) -> Option<(u32, bool)> {
        let of = |own: &[(Oid, bool)]| own.iter().filter_map(|(oid, _)| patches.get(oid).copied()).collect::<Vec<_>>();
        let [a, b] = self.own.each_ref().map(|own| of(own));
        let have = |own: &[Oid], other: &[Oid]| {
            let other: HashSet<&Oid> = other.iter().collect();
            own.iter().filter(|patch| other.contains(patch)).count()
        };
        let equal = [have(&a, &b), have(&b, &a)];
        let is_equivalent = equal[0] > 0 && equal == self.own.each_ref().map(Vec::len);
        let count = u32::try_from(equal[0]).ok()?;
        (self.common.is_some() && self.is_short()).then_some((count, is_equivalent))
    }

    /// Both tips, where both sides have commits of their own and a common past.
    fn diverged(&self) -> Option<[Oid; 2]> {
        let common = self.common.as_ref()?;
        self.tips().filter(|_| common.ahead > 0 && common.behind > 0 && !common.bases.is_empty())
    }
}

impl Looker<'_> {
    /// Each branch, with how its two sides relate. What is planned is decided later. `told` is what git told of tips before,
    /// and takes in what it tells now.
    pub(super) fn pairs(
        &self,
        component: &Component,
        opened: &Opened,
        graph: &Graph,
        told: &mut HashMap<[Oid; 2], Told>,
        errors: &mut Vec<String>,
    ) -> Vec<Pair> {
        let mut walker = Walker::default();
        let sides = opened.sides();
        let names = names(component, sides);
        let counted: Vec<Counted> = names.into_iter().map(|name| count(name, sides, graph, &mut walker)).collect();
        // What another question was told of tips that are still there is kept.
        let tips = opened.commits();
        told.retain(|known, _| known.iter().all(|tip| tips.contains(tip)));
        let is_new = |counted: &&Counted| counted.tips().is_some_and(|tips| !told.contains_key(&tips));
        let new: Vec<&Counted> = counted.iter().filter(is_new).collect();
        let new = or_told(self.ask(opened, &new), errors);
        told.extend(new);
        counted.into_iter().map(|counted| pair(counted, told)).collect()
    }

    /// What git tells of the tips of these branches.
    fn ask(&self, opened: &Opened, counted: &[&Counted]) -> Result<Vec<([Oid; 2], Told)>, GitError> {
        let place = Place { git: self.git, repository: opened.cache.folder(), cancel: self.cancel };
        // Several branches may have the same tips.
        let diverged: BTreeSet<[Oid; 2]> = counted.iter().filter_map(|counted| counted.diverged()).collect();
        let diverged: Vec<(Oid, Oid)> = diverged.into_iter().map(|[a, b]| (a, b)).collect();
        let merges = merges::predict(self.git, place.repository, self.folder, &diverged, self.cancel);
        let merges: HashMap<(Oid, Oid), Merge> = diverged.into_iter().zip(merges).collect();
        let patches = patches(place, counted)?;
        let tips: BTreeSet<Oid> = counted.iter().filter_map(|counted| counted.tips()).flatten().collect();
        let trees = trees(place, &tips)?;
        let tell = |counted: &&Counted| {
            // What could not be counted now is asked again at the next look.
            counted.common.as_ref()?;
            let [a, b] = counted.tips()?;
            let told = Told {
                merge: merges.get(&(a, b)).cloned(),
                equal: counted.equal_patches(&patches),
                has_same_tree: trees.contains_key(&a) && trees.get(&a) == trees.get(&b),
            };
            Some(([a, b], told))
        };
        Ok(counted.iter().filter_map(tell).collect())
    }
}

/// The branches that are compared: those of the patterns, and those that are asked for by name.
fn names(component: &Component, sides: [&Remote; 2]) -> BTreeSet<String> {
    let there = sides.into_iter().flat_map(Remote::branches).filter(|name| component.has_branch(name));
    let asked = component.branches.iter().filter(|pattern| !pattern.contains('*')).map(String::as_str);
    there.chain(asked).map(str::to_owned).collect()
}

fn count(branch: String, remotes: [&Remote; 2], graph: &Graph, walker: &mut Walker) -> Counted {
    let mut sides = remotes.map(|remote| remote.branch(&branch));
    let is_same = sides[0] == sides[1];
    for (side, remote) in sides.iter_mut().zip(remotes) {
        // What is listed and not here can still be the same commit.
        if let (Side::Tip(tip), Some(why)) = (&*side, &remote.not_brought)
            && !is_same
            && graph.place(*tip).is_none()
        {
            *side = Side::Unknown(why.clone());
        }
    }
    let mut counted = Counted { branch, sides, common: None, own: [Vec::new(), Vec::new()] };
    if let Some([a, b]) = counted.tips()
        && let (Some(a), Some(b)) = (graph.place(a), graph.place(b))
    {
        let mut own = [Vec::new(), Vec::new()];
        counted.common =
            walker.compare_telling(graph, a, b, |commit, is_first| own[usize::from(!is_first)].push(commit));
        if counted.diverged().is_some() {
            let told = |commit| Some((graph.oid(commit)?, is_merge(graph, commit)));
            counted.own = own.map(|commits| commits.into_iter().filter_map(told).collect());
        }
    }
    counted
}

fn is_merge(graph: &Graph, commit: divergence::Place) -> bool {
    let mut parents = 0;
    graph.parents(commit, |_| parents += 1);
    parents > 1
}

/// The patch ids of all commits that one side of a branch has beside those of the other. A merge has none.
fn patches(place: Place<'_>, counted: &[&Counted]) -> Result<HashMap<Oid, Oid>, GitError> {
    let own = counted.iter().filter(|counted| counted.is_short()).flat_map(|counted| counted.own.iter().flatten());
    let commits: BTreeSet<Oid> = own.filter(|(_, is_merge)| !is_merge).map(|(commit, _)| *commit).collect();
    let commits: Vec<Oid> = commits.into_iter().collect();
    if commits.is_empty() { Ok(HashMap::new()) } else { patches::patch_ids(place, &commits) }
}

fn pair(counted: Counted, told: &HashMap<[Oid; 2], Told>) -> Pair {
    let told = counted.tips().and_then(|tips| told.get(&tips)).cloned().unwrap_or_default();
    let merge = || told.merge.unwrap_or_else(|| Merge::Unknown("it was not tried".to_owned()));
    let common = counted.common.as_ref();
    let state = PairState::of(&counted.sides[0], &counted.sides[1], common, merge);
    let is_equal = state == PairState::Equal;
    let flags = [
        (told.equal.is_some_and(|(_, is_equivalent)| is_equivalent), Flag::Equivalent),
        (is_equal || told.has_same_tree, Flag::SameTree),
        (common.is_some_and(|common| common.bases.len() > 1), Flag::MultipleBases),
    ];
    Pair {
        branch: counted.branch,
        a: Role::Security,
        b: Role::Canonical,
        counts: common.map(|common| (common.ahead, common.behind)).or(is_equal.then_some((0, 0))),
        equal_patches: told.equal.map(|(equal, _)| equal).or(is_equal.then_some(0)),
        tips: counted.sides,
        state,
        flags: flags.into_iter().filter(|(holds, _)| *holds).map(|(_, flag)| flag).collect(),
        others: None,
        ahead_since: None,
        plan: Plan::Unknown,
    }
}
