//! Who took files away. That a file is not there says nothing by itself: a branch may never have had it, or have moved it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::GitError;
use super::patches::{Place, Range, lines};
use crate::divergence::Oid;

/// The commits that touched a file.
struct Touched {
    /// They removed it.
    removed: Vec<Oid>,
    /// They moved it elsewhere.
    moved: Vec<Oid>,
    /// They did something else with it; a merge may have removed it.
    others: Vec<Oid>,
}

/// Of tips that lack files, whether they had one of them and removed it: no, where they had none. One of which that can't be
/// known has no entry: where a file was moved, it may be there all the same. `above` says which tips reach a commit, and of
/// which that can't be known (false).
pub(super) fn who_removed(
    place: Place<'_>,
    tips: &[Oid],
    paths: &BTreeSet<&str>,
    mut above: impl FnMut(Oid) -> Vec<(Oid, bool)>,
) -> Result<HashMap<Oid, bool>, GitError> {
    let mut told: HashMap<Oid, Option<bool>> = tips.iter().map(|tip| (*tip, Some(false))).collect();
    for touched in paths.iter().map(|path| touched(place, tips, path)) {
        let touched = touched?;
        let mut reach =
            |commits: &[Oid]| -> HashMap<Oid, bool> { commits.iter().flat_map(|commit| above(*commit)).collect() };
        let [removed, moved, others] = [&touched.removed, &touched.moved, &touched.others].map(|all| reach(all));
        for (tip, told) in &mut told {
            let of_path = match (moved.get(tip), removed.get(tip), others.get(tip)) {
                (None, Some(true), _) => Some(true),
                (None, None, None) => Some(false),
                _ => None,
            };
            *told = told.zip(of_path).map(|(one, other)| one || other);
        }
    }
    Ok(told.into_iter().filter_map(|(tip, told)| Some((tip, told?))).collect())
}

/// The commits below these tips that touched a path.
fn touched(place: Place<'_>, tips: &[Oid], path: &str) -> Result<Touched, GitError> {
    let range = Range { tips: tips.to_vec(), not: Vec::new() };
    let list = place.run(&["rev-list", "--full-history", "--stdin", "--", path]).input(range.lines());
    let raw = ["diff-tree", "--stdin", "-r", "-c", "--root", "--no-renames", "--name-status", "--", path];
    let all = statuses(&list.pipe(raw).output()?);
    let (removed, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, status)| status == "D");
    let [removed, others] = [removed, others].map(|all| all.into_iter().map(|(commit, _)| commit).collect::<Vec<_>>());
    if removed.is_empty() {
        return Ok(Touched { removed, moved: Vec::new(), others });
    }
    let raw = ["diff-tree", "--stdin", "-r", "-z", "--root", "-M", "-l0", "--name-status", "--diff-filter=R"];
    let were_moved = moved(&place.run(&raw).input(lines(&removed)).output()?, path);
    let (moved, removed) = removed.into_iter().partition(|commit| were_moved.contains(commit));
    Ok(Touched { removed, moved, others })
}

/// Each commit with what it did: the output without `-z`, for one path.
fn statuses(output: &[u8]) -> Vec<(Oid, String)> {
    let (mut commit, mut found) = (None, Vec::new());
    for line in String::from_utf8_lossy(output).lines() {
        match line.split_once('\t') {
            Some((status, _)) => found.extend(commit.map(|commit| (commit, status.to_owned()))),
            None => commit = line.parse().ok(),
        }
    }
    found
}

/// The commits that moved this path elsewhere.
fn moved(output: &[u8], path: &str) -> HashSet<Oid> {
    let (mut commit, mut found): (Option<Oid>, HashSet<Oid>) = (None, HashSet::new());
    let mut tokens = output.split(|byte| *byte == 0);
    while let Some(token) = tokens.next() {
        if token.starts_with(b"R") {
            let from = tokens.next();
            tokens.next();
            found.extend(commit.filter(|_| from == Some(path.as_bytes())));
        } else {
            commit = std::str::from_utf8(token).ok().and_then(|text| text.parse().ok());
        }
    }
    found
}
