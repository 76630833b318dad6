//! What else a private branch brings: the commits that belong to no fix.

use std::collections::{BTreeSet, HashMap};

use super::patches::{Place, lines};
use super::{GitError, Graph};
use crate::divergence::{History, Oid, Walker};

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

/// For each branch the commits that it brings, without those of `fixes` and without merges that add nothing of their own,
/// newest first; or why that can't be known. All merges of all branches are looked at by one process.
#[must_use]
pub fn read(
    place: Place<'_>,
    graph: &Graph,
    branches: &[Branch],
    fixes: &BTreeSet<Oid>,
) -> Vec<Result<Vec<Oid>, String>> {
    let mut walker = Walker::default();
    let brought: Vec<_> = branches.iter().map(|branch| brought(graph, &mut walker, branch, fixes)).collect();
    let merges: BTreeSet<Oid> =
        brought.iter().flatten().flatten().filter(|commit| commit.is_merge).map(|commit| commit.oid).collect();
    let merges = what_they_add(place, &merges).map_err(|error| error.to_string());
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

fn adds(merges: &Result<HashMap<Oid, bool>, String>, merge: Oid) -> Result<bool, String> {
    // A merge of which git tells nothing is not one that adds nothing.
    merges.as_ref()?.get(&merge).copied().ok_or_else(|| "a merge in it can't be read".to_owned())
}

/// Whether each merge holds anything that none of its parents has.
fn what_they_add(place: Place<'_>, merges: &BTreeSet<Oid>) -> Result<HashMap<Oid, bool>, GitError> {
    let mut adds = HashMap::new();
    if merges.is_empty() {
        return Ok(adds);
    }
    let merges: Vec<Oid> = merges.iter().copied().collect();
    let combined = ["diff-tree", "--stdin", "--cc", "--always", "--no-renames", "--no-ext-diff", "--no-textconv"];
    let mut merge = None;
    // A line of a file has a column for each parent before it, and so is none of these.
    place.run(&combined).input(lines(&merges)).beginnings(b'\n', 64, |line| {
        if let Ok(oid) = String::from_utf8_lossy(line).parse() {
            merge = Some(oid);
            adds.insert(oid, false);
        } else if let (Some(merge), true) = (merge, line.starts_with(b"diff --c")) {
            adds.insert(merge, true);
        }
    })?;
    Ok(adds)
}
