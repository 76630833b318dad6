//! Files of commits, many at a time: what commits changed, what tips hold at some paths, and the text of blobs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use super::patches::{Place, both, lines};
use super::{GitError, Limits};
use crate::divergence::Oid;

/// A file that a commit changed. Where there is none, its id is null.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Change {
    pub(super) path: String,
    pub(super) before: Oid,
    pub(super) after: Oid,
    /// What the file is after it: text, program, link.
    pub(super) mode: u32,
}

/// What a tip holds at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Held {
    pub(super) file: Oid,
    /// None where that says nothing.
    pub(super) mode: Option<u32>,
}

const RAW: &[&str] = &["diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--diff-merges=first-parent"];

/// What each commit changed; a merge, all that it brought to its first parent.
pub(super) fn changes_of(place: Place<'_>, commits: &[Oid]) -> Result<HashMap<Oid, Vec<Change>>, GitError> {
    parse_raw(&place.run(RAW).input(lines(commits)).output()?)
}

/// So many bytes of paths are asked for at a time: the arguments of a process have an end.
const ASKED: usize = 64 * 1024;

/// What tips hold at some paths. Many tips hold the same.
pub(super) struct Files {
    sets: Vec<HashMap<String, Held>>,
    by_tip: HashMap<Oid, usize>,
}

/// What is no commit, but has files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    Tree,
    /// It stands for a file at any path.
    Blob,
}

impl Files {
    /// Everything of which the files are known.
    pub(super) fn tips(&self) -> impl Iterator<Item = Oid> {
        self.by_tip.keys().copied()
    }

    /// The number of what a tip holds.
    pub(super) fn at(&self, tip: Oid) -> Option<usize> {
        self.by_tip.get(&tip).copied()
    }

    /// The files of that number, by path. A path without one has no entry.
    pub(super) fn of(&self, number: usize) -> &HashMap<String, Held> {
        &self.sets[number]
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &HashMap<String, Held>> {
        self.sets.iter()
    }
}

/// What each tip, and what is no commit, holds at these paths.
pub(super) fn files_at(
    place: Place<'_>,
    tips: &BTreeSet<Oid>,
    others: &BTreeMap<Oid, Bare>,
    paths: &BTreeSet<&str>,
) -> Result<Files, GitError> {
    let paths: Vec<&str> = paths.iter().copied().collect();
    let mut files = files_of_commits(place, tips, &paths)?;
    for (other, kind) in others {
        let held = match kind {
            Bare::Tree => files_in(place, *other, &paths)?,
            Bare::Blob => {
                let held = Held { file: *other, mode: None };
                paths.iter().map(|path| ((*path).to_owned(), held)).collect()
            }
        };
        files.by_tip.insert(*other, files.sets.len());
        files.sets.push(held);
    }
    Ok(files)
}

/// What a commit or a tree holds at these paths.
fn files_in(place: Place<'_>, tree: Oid, paths: &[&str]) -> Result<HashMap<String, Held>, GitError> {
    let (tree, mut files) = (tree.to_string(), HashMap::new());
    for paths in pieces(paths) {
        let list = [&["ls-tree", "-z", "-r", &tree, "--"], paths].concat();
        let entry = |entry: &str| {
            let (about, path) = entry.split_once('\t')?;
            let mut words = about.split(' ');
            let mode = octal(words.next()?);
            Some((path.to_owned(), Held { file: words.nth(1)?.parse().ok()?, mode }))
        };
        files.extend(utf8(&place.run(&list).output()?)?.split('\0').filter_map(entry));
    }
    Ok(files)
}

fn files_of_commits(place: Place<'_>, tips: &BTreeSet<Oid>, paths: &[&str]) -> Result<Files, GitError> {
    let Some(reference) = tips.first() else { return Ok(Files { sets: Vec::new(), by_tip: HashMap::new() }) };
    // Against a commit that is no parent git tells how the tip differs from it, and fails if a folder of it is missing.
    let asked: Vec<String> = tips.iter().map(|tip| format!("{tip} {reference}\n")).collect();
    let asked = asked.concat();
    let tell = || {
        let mut differing = HashMap::new();
        for paths in pieces(paths) {
            differences(place.run(&[RAW, &["--"], paths].concat()).input(asked.clone()), paths, &mut differing)?;
        }
        Ok(differing)
    };
    let (base, differing) = both(|| files_in(place, *reference, paths), tell);
    let (base, mut differing) = (base?, differing?);
    let mut numbers: HashMap<Vec<(&str, Held)>, usize> = HashMap::new();
    let number = |tip: &Oid| {
        let next = numbers.len();
        (*tip, *numbers.entry(differing.remove(tip).unwrap_or_default()).or_insert(next))
    };
    let by_tip = tips.iter().map(number).collect();
    let mut sets = vec![HashMap::new(); numbers.len()];
    for (differing, number) in numbers {
        let mut files: HashMap<String, Held> = base.clone();
        for (path, held) in differing {
            if held.file.is_null() {
                files.remove(path)
            } else {
                files.insert(path.to_owned(), held)
            };
        }
        sets[number] = files;
    }
    Ok(Files { sets, by_tip })
}

/// The paths, so many at a time as can be asked for.
fn pieces<'p, 'n>(mut paths: &'p [&'n str]) -> impl Iterator<Item = &'p [&'n str]> {
    std::iter::from_fn(move || {
        let mut room = ASKED;
        let fits = |path: &&&str| {
            let has_room = room > path.len();
            room = room.saturating_sub(path.len() + 1);
            has_room
        };
        let (piece, rest) = paths.split_at(paths.iter().take_while(fits).count().max(1).min(paths.len()));
        paths = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

/// How tips differ from the commit that they are held against, put to what is known of them.
fn differences<'n>(
    run: super::Run<'_>,
    paths: &[&'n str],
    found: &mut HashMap<Oid, Vec<(&'n str, Held)>>,
) -> Result<(), GitError> {
    let limits = Limits { output: usize::MAX, ..Limits::default() };
    let by_name: HashMap<&[u8], &'n str> = paths.iter().map(|path| (path.as_bytes(), *path)).collect();
    let (mut tip, mut after) = (None, None);
    run.limits(limits).records(0, |token| {
        let text = || std::str::from_utf8(token).ok();
        if let Some((path, held)) = by_name.get(token).zip(after.take()) {
            // The tip comes before its files.
            if let Some(tip) = tip {
                found.entry(tip).or_default().push((*path, held));
            }
        } else if token.starts_with(b":") {
            after = text().and_then(|about| {
                let mut words = about.split(' ').skip(1);
                let mode = octal(words.next()?);
                Some(Held { file: words.nth(1)?.parse().ok()?, mode })
            });
        } else {
            tip = text().and_then(|text| text.parse().ok()).or(tip);
        }
        ControlFlow::Continue(())
    })
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
        let mode = about.split(' ').nth(1).and_then(octal).unwrap_or_default();
        let mut ids = about.split(' ').skip(2).map(str::parse);
        if let (Some(commit), Some(Ok(before)), Some(Ok(after)), Some(path)) =
            (commit, ids.next(), ids.next(), tokens.next())
        {
            found.entry(commit).or_default().push(Change { path: path.to_owned(), before, after, mode });
        }
    }
    Ok(found)
}

/// A mode, as git tells it.
fn octal(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 8).ok()
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
pub(super) fn objects(place: Place<'_>, wanted: &BTreeSet<Oid>, kind: &str) -> Result<HashMap<Oid, Vec<u8>>, GitError> {
    let mut found = HashMap::new();
    each_object(place, wanted, kind, |oid, text| _ = found.insert(oid, text.to_vec()))?;
    Ok(found)
}

/// What is bigger is not read, in bytes.
const BIGGEST: usize = 64 << 20;

/// Hands over what each of these objects holds. One that is not there, of another kind, or too big, is left out.
pub(super) fn each_object(
    place: Place<'_>,
    wanted: &BTreeSet<Oid>,
    wanted_kind: &str,
    mut each: impl FnMut(Oid, &[u8]),
) -> Result<(), GitError> {
    let wanted: Vec<Oid> = wanted.iter().copied().filter(|oid| !oid.is_null()).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let limits = Limits { output: usize::MAX, ..Limits::default() };
    let (mut begun, mut skip) = (Vec::new(), 0);
    let run = place.run(&["cat-file", "--batch"]).input(lines(&wanted)).limits(limits);
    run.pieces(|piece| {
        let skipped = skip.min(piece.len());
        skip -= skipped;
        begun.extend_from_slice(&piece[skipped..]);
        let mut taken = 0;
        while let Some((header, text)) = split_line(&begun[taken..]) {
            let mut words = header.split(' ');
            let id: Option<Oid> = words.next().and_then(|id| id.parse().ok());
            let (kind, size) = (words.next(), words.next().and_then(|size| size.parse::<usize>().ok()));
            let Some(size) = size else {
                taken += header.len() + 1;
                continue;
            };
            // A line feed comes after it.
            let whole = header.len() + 1 + size + 1;
            if size > BIGGEST {
                skip = whole.saturating_sub(begun.len() - taken);
                taken = (taken + whole).min(begun.len());
                continue;
            }
            if text.len() <= size {
                break;
            }
            if let Some(id) = id.filter(|_| kind == Some(wanted_kind)) {
                each(id, &text[..size]);
            }
            taken += whole;
        }
        begun.drain(..taken);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(())
}

fn split_line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let at = bytes.iter().take(200).position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..at]).unwrap_or_default(), &bytes[at + 1..]))
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
