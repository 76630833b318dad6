//! What a file that pins a version says at many tips. Git is asked for objects only, never by a path: what is not there can
//! so be told from what can't be read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use super::GitError;
use super::files::{blobs, objects};
use super::patches::{Place, lines};
use crate::divergence::{Oid, PinAt};

/// A longer file is no pin, in bytes.
const LONGEST: usize = 4096;

/// What the file at this path says at each tip, a commit. Bytes that are no UTF-8 are told as `\u{fffd}`; a tip at which
/// that can't be known is unknown, with the reason.
#[must_use]
pub fn read(place: Place<'_>, tips: &BTreeSet<Oid>, path: &str) -> BTreeMap<Oid, PinAt> {
    let all = |pin: PinAt| tips.iter().map(|tip| (*tip, pin.clone())).collect();
    let names: Vec<&str> = path.split('/').collect();
    if names.iter().any(|name| matches!(*name, "" | "." | "..") || name.contains('\0')) {
        return all(unknown("its path is none that a repository could have"));
    }
    gather(place, tips, &names).unwrap_or_else(|error| all(PinAt::Unknown(error.to_string())))
}

/// Where the look down the path has come to at a tip, or what it has come to.
type Reached = Result<Oid, PinAt>;

fn gather(place: Place<'_>, tips: &BTreeSet<Oid>, names: &[&str]) -> Result<BTreeMap<Oid, PinAt>, GitError> {
    let commits = objects(place, tips, "commit")?;
    let tree = |tip: &Oid| commits.get(tip).and_then(|commit| tree_of(commit)).ok_or_else(|| missing("commit"));
    let mut reached: Vec<(Oid, Reached)> = tips.iter().map(|tip| (*tip, tree(tip))).collect();
    for (at, name) in names.iter().enumerate() {
        let trees = objects(place, &distinct(&reached), "tree")?;
        let is_last = at + 1 == names.len();
        let down = |folder: Oid| below(trees.get(&folder).ok_or_else(|| missing("folder"))?, folder, name, is_last);
        reached = reached.into_iter().map(|(tip, reached)| (tip, reached.and_then(down))).collect();
    }
    let texts = texts(place, &distinct(&reached))?;
    let text = |file: Oid| texts.get(&file).cloned().unwrap_or_else(|| missing("file"));
    Ok(reached.into_iter().map(|(tip, reached)| (tip, reached.map_or_else(|pin| pin, text))).collect())
}

fn distinct(reached: &[(Oid, Reached)]) -> BTreeSet<Oid> {
    reached.iter().filter_map(|(_, reached)| reached.as_ref().ok()).copied().collect()
}

fn unknown(why: &str) -> PinAt {
    PinAt::Unknown(why.to_owned())
}

fn missing(what: &str) -> PinAt {
    PinAt::Unknown(format!("the object of its {what} is missing, or damaged"))
}

fn tree_of(commit: &[u8]) -> Option<Oid> {
    let first = commit.split(|byte| *byte == b'\n').next()?;
    std::str::from_utf8(first.strip_prefix(b"tree ")?).ok()?.parse().ok()
}

/// What a folder has under a name: the file that is looked for, or a folder on the way to it.
fn below(tree: &[u8], folder: Oid, name: &str, is_last: bool) -> Reached {
    let entry =
        entries(tree, folder.as_bytes().len()).find(|entry| entry.is_none_or(|(_, known, _)| known == name.as_bytes()));
    let (mode, _, oid) = entry.ok_or(PinAt::FileMissing)?.ok_or_else(|| missing("folder"))?;
    match (mode, is_last) {
        (b"120000", _) => Err(unknown("it is, or lies behind, a symbolic link, which is not followed")),
        (b"160000", _) => Err(unknown("it is, or lies in, a submodule, which is another repository")),
        (b"40000", true) => Err(unknown("it is a folder")),
        (b"40000", false) | (_, true) => Ok(oid),
        // A file stands where the folder would have to be.
        (_, false) => Err(PinAt::FileMissing),
    }
}

/// Mode, name and object of each entry of a tree; none where it is damaged.
fn entries(mut tree: &[u8], length: usize) -> impl Iterator<Item = Option<(&[u8], &[u8], Oid)>> {
    std::iter::from_fn(move || {
        let all = std::mem::take(&mut tree);
        (!all.is_empty()).then(|| {
            let end = all.iter().position(|byte| *byte == 0)?;
            let space = all[..end].iter().position(|byte| *byte == b' ')?;
            let oid = Oid::of(all.get(end + 1..end + 1 + length)?)?;
            tree = &all[end + 1 + length..];
            Some((&all[..space], &all[space + 1..end], oid))
        })
    })
}

/// The texts of these files. How long they are is asked before they are read.
fn texts(place: Place<'_>, files: &BTreeSet<Oid>) -> Result<HashMap<Oid, PinAt>, GitError> {
    if files.is_empty() {
        return Ok(HashMap::new());
    }
    let (mut short, mut found) = (BTreeSet::new(), HashMap::new());
    let asked: Vec<Oid> = files.iter().copied().collect();
    place.run(&["cat-file", "--batch-check=%(objectname) %(objectsize)"]).input(lines(&asked)).records(
        b'\n',
        |line| {
            let line = String::from_utf8_lossy(line);
            let told = line.split_once(' ').and_then(|(oid, size)| Some((oid.parse().ok()?, size.parse().ok()?)));
            match told {
                Some((oid, 0..=LONGEST)) => _ = short.insert(oid),
                Some((oid, _)) => {
                    _ = found.insert(oid, PinAt::Unknown(format!("it is longer than {LONGEST} bytes, and so no pin")));
                }
                None => {}
            }
            ControlFlow::Continue(())
        },
    )?;
    let read = blobs(place, &short)?.into_iter();
    found.extend(read.map(|(oid, text)| (oid, PinAt::Text(String::from_utf8_lossy(&text).into_owned()))));
    Ok(found)
}
