//! Files of commits, many at a time: what commits changed, what tips hold at some paths, and the text of blobs.

use std::collections::{BTreeSet, HashMap};

use super::GitError;
use super::patches::{Place, lines};
use crate::divergence::Oid;

/// A file that a commit changed. Where there is none, its id is null.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Change {
    pub(super) path: String,
    pub(super) before: Oid,
    pub(super) after: Oid,
}

const RAW: &[&str] = &["diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--diff-merges=first-parent"];

/// What each commit changed; a merge, all that it brought to its first parent.
pub(super) fn changes_of(place: Place<'_>, commits: &[Oid]) -> Result<HashMap<Oid, Vec<Change>>, GitError> {
    parse_raw(&place.run(RAW).input(lines(commits)).output()?)
}

/// The blobs that each tip has at these paths. A path without one has no entry.
pub(super) fn files_at(
    place: Place<'_>,
    tips: &BTreeSet<Oid>,
    paths: &BTreeSet<String>,
) -> Result<HashMap<Oid, HashMap<String, Oid>>, GitError> {
    let Some(reference) = tips.first() else { return Ok(HashMap::new()) };
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let listed = place.run(&[&["ls-tree", "-z", "-r", &reference.to_string(), "--"], &paths[..]].concat()).output()?;
    let entry = |entry: &str| {
        let (about, path) = entry.split_once('\t')?;
        Some((path.to_owned(), about.split(' ').nth(2)?.parse().ok()?))
    };
    let base: HashMap<String, Oid> = utf8(&listed)?.split('\0').filter_map(entry).collect();
    // Against a commit that is no parent git tells how the tip differs from it, and fails if a folder of it is missing.
    let asked: Vec<String> = tips.iter().map(|tip| format!("{tip} {reference}\n")).collect();
    let differing = place.run(&[RAW, &["--"], &paths[..]].concat()).input(asked.concat()).output()?;
    let mut differing = parse_raw(&differing)?;
    let files = tips.iter().map(|tip| {
        let mut files = base.clone();
        for change in differing.remove(tip).unwrap_or_default() {
            if change.after.is_null() {
                files.remove(&change.path)
            } else {
                files.insert(change.path, change.after)
            };
        }
        (*tip, files)
    });
    Ok(files.collect())
}

/// The output of `git diff-tree --stdin -r -z`: the commit, then of each file its modes and ids, and its path.
fn parse_raw(output: &[u8]) -> Result<HashMap<Oid, Vec<Change>>, GitError> {
    let mut found: HashMap<Oid, Vec<Change>> = HashMap::new();
    let mut tokens = utf8(output)?.split('\0').filter(|token| !token.is_empty());
    let mut commit = None;
    while let Some(token) = tokens.next() {
        let Some(about) = token.strip_prefix(':') else {
            commit = token.parse().ok();
            continue;
        };
        let mut ids = about.split(' ').skip(2).map(str::parse);
        if let (Some(commit), Some(Ok(before)), Some(Ok(after)), Some(path)) =
            (commit, ids.next(), ids.next(), tokens.next())
        {
            found.entry(commit).or_default().push(Change { path: path.to_owned(), before, after });
        }
    }
    Ok(found)
}

/// A path that is no UTF-8 could not be asked for again: better unknown than absent.
fn utf8(output: &[u8]) -> Result<&str, GitError> {
    let said = || "a path is not UTF-8, and can't be looked for".to_owned();
    std::str::from_utf8(output).map_err(|_| GitError::Failed { command: "diff-tree".to_owned(), code: 0, said: said() })
}

/// The patches of these commits without context, for [`hunks`](super::traces::hunks).
pub(super) fn bare_patches(place: Place<'_>, commits: &[Oid]) -> Result<Vec<u8>, GitError> {
    let arguments = [RAW, &["-p", "-U0", "--full-index", "--no-ext-diff", "--no-textconv"]].concat();
    let arguments: Vec<&str> = arguments.into_iter().filter(|argument| *argument != "-z").collect();
    place.run(&arguments).input(lines(commits)).output()
}

/// The text of these blobs. One that is not there, or no blob, has no entry.
pub(super) fn blobs(place: Place<'_>, wanted: &BTreeSet<Oid>) -> Result<HashMap<Oid, Vec<u8>>, GitError> {
    objects(place, wanted, "blob")
}

/// What these objects hold. One that is not there, or of another kind, has no entry.
pub(super) fn objects(
    place: Place<'_>,
    wanted: &BTreeSet<Oid>,
    wanted_kind: &str,
) -> Result<HashMap<Oid, Vec<u8>>, GitError> {
    let wanted: Vec<Oid> = wanted.iter().copied().filter(|oid| !oid.is_null()).collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let output = place.run(&["cat-file", "--batch"]).input(lines(&wanted)).output()?;
    let (mut found, mut rest) = (HashMap::new(), output.as_slice());
    while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
        let header = String::from_utf8_lossy(&rest[..at]).into_owned();
        rest = &rest[at + 1..];
        let mut words = header.split(' ');
        let (id, kind, size) = (words.next(), words.next(), words.next().and_then(|size| size.parse::<usize>().ok()));
        let Some(size) = size.filter(|size| *size < rest.len()) else { continue };
        if let (Some(Ok(id)), true) = (id.map(str::parse), kind == Some(wanted_kind)) {
            found.insert(id, rest[..size].to_vec());
        }
        rest = &rest[size + 1..];
    }
    Ok(found)
}

/// The trees of these commits. One that is not there has no entry.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn trees(place: Place<'_>, commits: &BTreeSet<Oid>) -> Result<HashMap<Oid, Oid>, GitError> {
    if commits.is_empty() {
        return Ok(HashMap::new());
    }
    let asked: Vec<String> = commits.iter().map(|commit| format!("{commit}^{{tree}}\n")).collect();
    let told = place.run(&["cat-file", "--batch-check=%(objectname)"]).input(asked.concat()).output()?;
    let told = String::from_utf8_lossy(&told);
    Ok(commits.iter().zip(told.lines()).filter_map(|(commit, tree)| Some((*commit, tree.parse().ok()?))).collect())
}

/// The commits that these beginnings of ids name, in their order; of each that names none here, why.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn commits(place: Place<'_>, ids: &[&str]) -> Result<Vec<Result<Oid, String>>, GitError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Vec<String> = ids.iter().map(|id| format!("{id}^{{commit}}\n")).collect();
    let told = place.run(&["cat-file", "--batch-check=%(objectname)"]).input(asked.concat()).output()?;
    let told = String::from_utf8_lossy(&told).into_owned();
    let mut lines = told.lines();
    let commit = |id: &&str| match lines.next() {
        Some(line) if line.ends_with(" ambiguous") => {
            Err(format!("more than one object begins with {id}: give more of its digits"))
        }
        Some(line) => line.parse().map_err(|_| format!("no commit {id} is on any remote, nor in the clone")),
        None => Err("git did not say which commit it is".to_owned()),
    };
    Ok(ids.iter().map(commit).collect())
}
