//! What else a private branch brings: the commits that belong to no fix.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::patches::{Place, lines};
use super::{GitError, Graph, merges};
use crate::divergence::{History, Merge, Oid, Walker};

/// So many commits of one branch are told.
const MOST: usize = 1000;

/// A tip, and the public tips whose commits it does not bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The private tip.
    pub tip: Oid,
    /// What is public.
    pub not: Vec<Oid>,
}

/// For each branch the commits that it brings, without those of `fixes` and without merges that are as git itself makes them,
/// newest first; or why that can't be known. All merges of all branches are made again by one process, whose objects go to a
/// new folder in `scratch` that is removed.
#[must_use]
pub fn read(
    place: Place<'_>,
    scratch: &Path,
    graph: &Graph,
    branches: &[Branch],
    fixes: &BTreeSet<Oid>,
) -> Vec<Result<Vec<Oid>, String>> {
    let mut walker = Walker::default();
    let brought: Vec<_> = branches.iter().map(|branch| brought(graph, &mut walker, branch, fixes)).collect();
    let merges: BTreeSet<Oid> =
        brought.iter().flatten().flatten().filter(|commit| commit.is_merge).map(|commit| commit.oid).collect();
    let merges = what_they_add(place, scratch, &merges).map_err(|error| error.to_string());
    let tell = |commits: Vec<Commit>| {
        let mut told = Vec::new();
        for commit in commits {
            let is_told = !commit.is_merge || adds(&merges, commit.oid)?;
            told.extend(is_told.then_some(commit.oid));
        }
        Ok(told)
    };
    brought.into_iter().map(|commits| commits.and_then(tell)).collect()
}

struct Commit {
    oid: Oid,
    is_merge: bool,
}

fn brought(graph: &Graph, walker: &mut Walker, branch: &Branch, fixes: &BTreeSet<Oid>) -> Result<Vec<Commit>, String> {
    let cut = || "the history ends too early here: the clone is shallow, or objects are missing".to_owned();
    let tip = graph.place(branch.tip).ok_or_else(cut)?;
    let not: Option<Vec<_>> = branch.not.iter().map(|oid| graph.place(*oid)).collect();
    let places = walker.only(graph, tip, &not.ok_or_else(cut)?).ok_or_else(cut)?;
    if places.len() > MOST {
        return Err(format!("it brings {} commits, and no more than {MOST} are looked at", places.len()));
    }
    let mut commits = Vec::with_capacity(places.len());
    for place in places {
        let mut parents = 0;
        graph.parents(place, |_| parents += 1);
        commits.push(Commit { oid: graph.oid(place).ok_or_else(cut)?, is_merge: parents > 1 });
    }
    commits.retain(|commit| !fixes.contains(&commit.oid));
    Ok(commits)
}

/// Whether each merge adds something, or why that is not known.
type Adds = HashMap<Oid, Result<bool, String>>;

fn adds(merges: &Result<Adds, String>, merge: Oid) -> Result<bool, String> {
    // A merge of which git tells nothing is not one that adds nothing.
    merges.as_ref()?.get(&merge).cloned().unwrap_or_else(|| Err("a merge in it can't be read".to_owned()))
}

/// Whether each merge is another than git makes of its parents: it may hold what none of them has, or leave out what one of
/// them brings. One that a person had to decide adds something, and so does one of more than two parents.
fn what_they_add(place: Place<'_>, scratch: &Path, merges: &BTreeSet<Oid>) -> Result<Adds, GitError> {
    let mut adds = Adds::new();
    if merges.is_empty() {
        return Ok(adds);
    }
    let all: Vec<Oid> = merges.iter().copied().collect();
    let list = ["rev-list", "--no-walk=unsorted", "--stdin", "--no-commit-header", "--format=%H %T %P"];
    let told = place.run(&list).input(lines(&all)).output()?;
    let (mut trees, mut pairs) = (Vec::new(), Vec::new());
    for line in String::from_utf8_lossy(&told).lines() {
        let ids: Option<Vec<Oid>> = line.split(' ').map(|id| id.parse().ok()).collect();
        match ids.as_deref() {
            Some([merge, tree, into, from]) => {
                trees.push((*merge, *tree));
                pairs.push((*from, *into));
            }
            Some([merge, ..]) => {
                adds.insert(*merge, Ok(true));
            }
            _ => {}
        }
    }
    let made = merges::made(place.git, place.repository, scratch, &pairs, place.cancel);
    for ((merge, tree), made) in trees.into_iter().zip(made) {
        let is_other = match made.merge {
            Merge::Clean => Ok(made.tree != Some(tree)),
            Merge::Conflicts(_) => Ok(true),
            Merge::Unknown(why) => Err(why),
        };
        adds.insert(merge, is_other);
    }
    Ok(adds)
}
