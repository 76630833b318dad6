//! What public history held once: a fix that was pushed in a squash and taken back, or that lies under another path, is at no
//! tip, and public all the same.
//!
//! What is looked for are the files as a fix left them, whole, under any path. What can't tell a fix from anything else is left
//! out: an empty file, and one of a few bytes, such as a version, unless the fix left nothing longer.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;

use super::contents::is_empty;
use super::files::{Change, changes_of};
use super::kept::Kept;
use super::patches::{Place, lines};
use super::{GitError, Graph, Limits};
use crate::divergence::{History, Oid, Place as At, reached};

/// What has fewer bytes says nothing of where it comes from.
const SHORT: usize = 32;
/// Of a merge what is in none of its parents: all else is told of the commits that it merges.
const RAW: &[&str] = &["diff-tree", "--stdin", "-r", "-c", "-z", "--root", "--no-renames"];

/// A fix, and all commits whose files are the fix.
pub(super) struct Sought<'a> {
    pub fix: Oid,
    pub members: &'a HashSet<Oid>,
}

/// The commits of public history that brought a file as a fix left it, by fix, the oldest first. What was public before the
/// fix was made is no secret: what lies below it, and every file that was in there, unless a commit makes of a file what
/// the fix made of the same.
pub(super) fn shown(
    place: Place<'_>,
    graph: &Graph,
    sought: &[Sought<'_>],
    public: &BTreeSet<Oid>,
    kept: Option<&Path>,
) -> Result<HashMap<Oid, Vec<Oid>>, GitError> {
    if sought.is_empty() || public.is_empty() {
        return Ok(HashMap::new());
    }
    let members: BTreeSet<Oid> = sought.iter().flat_map(|sought| sought.members).copied().collect();
    let changes = changes_of(place, &members.into_iter().collect::<Vec<_>>())?;
    let left: Vec<Left> = sought.iter().map(|sought| Left::by(graph, sought, &changes)).collect();
    let below: Vec<Vec<bool>> = sought.iter().map(|sought| reached(graph, graph.place(sought.fix))).collect();
    let mut kept = Kept::open(place, kept);
    let held = ask(place, graph, &left, &below, public, &mut kept)?;
    let long = if held.is_empty() { HashSet::new() } else { long(place, &left)? };
    let is_public = reached(graph, public.iter().filter_map(|tip| graph.place(*tip)));
    let mut found = HashMap::new();
    for ((sought, left), below) in sought.iter().zip(&left).zip(&below) {
        let hits: Vec<&Held> = held.iter().filter(|held| left.is_told_by(held, &long)).collect();
        let above = |held: &&&Held| graph.place(held.commit).is_some_and(|at| !below[at as usize]);
        let hits: Vec<&Held> = hits.iter().filter(above).copied().collect();
        let doubtful: BTreeSet<Oid> = hits.iter().filter(|held| !left.makes(held)).map(|held| held.after).collect();
        let old = were_public(place, &base(graph, sought.fix, &is_public), &doubtful, &mut kept)?;
        let commits = hits.into_iter().filter(|held| left.makes(held) || !old.contains(&held.after));
        let mut commits: Vec<(u32, Oid)> =
            commits.filter_map(|held| Some((graph.generation(graph.place(held.commit)?), held.commit))).collect();
        commits.sort_unstable();
        commits.dedup();
        found.insert(sought.fix, commits.into_iter().map(|(_, commit)| commit).collect());
    }
    kept.keep();
    Ok(found)
}

/// What a fix left in files.
struct Left {
    fix: Oid,
    files: HashSet<Oid>,
    /// At which paths.
    places: HashSet<(String, Oid)>,
    /// What it made of which file. A merge makes of a file what others made of it.
    made: HashSet<(Oid, Oid)>,
}

impl Left {
    fn by(graph: &Graph, sought: &Sought<'_>, changes: &HashMap<Oid, Vec<Change>>) -> Self {
        let mut left = Self { fix: sought.fix, files: HashSet::new(), places: HashSet::new(), made: HashSet::new() };
        for (commit, changes) in sought.members.iter().filter_map(|commit| Some((commit, changes.get(commit)?))) {
            let mut parents = 0;
            graph.place(*commit).map(|place| graph.parents(place, |_| parents += 1));
            for change in changes.iter().filter(|change| change.before != change.after && !change.after.is_null()) {
                left.files.insert(change.after);
                left.places.insert((change.path.clone(), change.after));
                if parents == 1 {
                    left.made.insert((change.before, change.after));
                }
            }
        }
        left.files.retain(|file| !is_empty(*file));
        left
    }

    /// Does a commit make of a file what the fix made of the same?
    fn makes(&self, held: &Held) -> bool {
        self.made.contains(&(held.before, held.after))
    }

    /// Does this tell the fix?
    fn is_told_by(&self, held: &Held, long: &HashSet<Oid>) -> bool {
        let is_told = || long.contains(&held.after) || held.is_at_its_path && self.files.is_disjoint(long);
        self.files.contains(&held.after) && is_told()
    }
}

/// A commit that brought a file. A merge made it of no file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    commit: Oid,
    before: Oid,
    after: Oid,
    /// A fix left the file at the same path.
    is_at_its_path: bool,
}

impl Held {
    fn line(&self) -> String {
        format!(
            "{} {} {} {}",
            self.commit,
            self.before,
            self.after,
            if self.is_at_its_path { "there" } else { "elsewhere" }
        )
    }

    fn of(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut oid = || words.next()?.parse().ok();
        let (commit, before, after) = (oid()?, oid()?, oid()?);
        Some(Self { commit, before, after, is_at_its_path: words.next()? == "there" })
    }
}

/// The commits on the public side, above one of the fixes' pasts, that brought one of their files. Below tips that were looked
/// at before it is known.
fn ask(
    place: Place<'_>,
    graph: &Graph,
    left: &[Left],
    below: &[Vec<bool>],
    public: &BTreeSet<Oid>,
    kept: &mut Kept<'_>,
) -> Result<Vec<Held>, GitError> {
    let mut places: HashMap<Oid, BTreeSet<&[u8]>> = HashMap::new();
    for (path, file) in left.iter().flat_map(|left| &left.places).filter(|(_, file)| !is_empty(*file)) {
        places.entry(*file).or_default().insert(path.as_bytes());
    }
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let what = {
        let places: BTreeMap<_, _> = places.iter().collect();
        format!("files\0{places:?}\0{:?}", left.iter().map(|left| left.fix).collect::<BTreeSet<_>>())
    };
    let looked = kept.looked_below(&what);
    let new: Vec<Oid> = public.iter().copied().filter(|tip| !looked.contains(tip)).collect();
    let is_new = reached(graph, new.iter().filter_map(|tip| graph.place(*tip)));
    let is_old = reached(graph, looked.iter().filter_map(|tip| graph.place(*tip)));
    let is_asked = |at: &At| {
        let at = *at as usize;
        is_new[at] && !is_old[at] && !below.iter().all(|below| below[at])
    };
    let asked = (0..).take(graph.count()).filter(is_asked).filter_map(|at| graph.oid(at));
    let told = brought(place, &asked.collect::<Vec<_>>(), &places)?;
    kept.note(&what, &new, told.iter().map(Held::line));
    Ok(kept.notes(&what).iter().filter_map(|line| Held::of(line)).collect())
}

/// Which of these commits brought one of these files, each with the paths at which a fix left it.
fn brought(place: Place<'_>, commits: &[Oid], files: &HashMap<Oid, BTreeSet<&[u8]>>) -> Result<Vec<Held>, GitError> {
    let mut held = Vec::new();
    if commits.is_empty() {
        return Ok(held);
    }
    let limits = Limits { output: usize::MAX, ..Limits::default() };
    let (mut commit, mut change) = (None, None);
    place.run(RAW).input(lines(commits)).limits(limits).records(0, |token| {
        if let Some(ids) = change.take() {
            let told = commit.zip(ids).and_then(|(commit, (before, after))| {
                let is_at_its_path = files.get(&after)?.contains(token);
                Some(Held { commit, before, after, is_at_its_path })
            });
            held.extend(told);
        } else if token.starts_with(b":") {
            change = Some(ids(token));
        } else {
            commit = std::str::from_utf8(token).ok().and_then(|text| text.trim().parse().ok());
        }
        ControlFlow::Continue(())
    })?;
    Ok(held)
}

/// The files before and after a change. Of a merge there is no one file before; it is told as the one after.
fn ids(change: &[u8]) -> Option<(Oid, Oid)> {
    let change = std::str::from_utf8(change).ok()?;
    let parents = change.bytes().take_while(|byte| *byte == b':').count();
    let mut ids = change.split(' ').skip(parents + 1);
    let (before, after) = (ids.next()?.parse().ok()?, ids.nth(parents.checked_sub(1)?)?.parse().ok()?);
    Some((if parents == 1 { before } else { after }, after))
}

/// Which of the files are long enough to tell a fix.
fn long(place: Place<'_>, left: &[Left]) -> Result<HashSet<Oid>, GitError> {
    let files: BTreeSet<Oid> = left.iter().flat_map(|left| &left.files).copied().collect();
    let files: Vec<Oid> = files.into_iter().collect();
    let told = place.run(&["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"]);
    let told = told.input(lines(&files)).output()?;
    let told = String::from_utf8_lossy(&told);
    let long = told.lines().filter_map(|line| {
        let (file, size) = line.split_once(" blob ")?;
        (size.parse::<usize>().ok()? >= SHORT).then(|| file.parse().ok())?
    });
    Ok(long.collect())
}

/// What of the past of a fix is public: its newest commits.
fn base(graph: &Graph, fix: Oid, is_public: &[bool]) -> Vec<Oid> {
    let (mut seen, mut base, mut to_do) = (HashSet::new(), Vec::new(), Vec::new());
    if let Some(fix) = graph.place(fix) {
        graph.parents(fix, |parent| to_do.push(parent));
    }
    while let Some(commit) = to_do.pop() {
        if !seen.insert(commit) {
            continue;
        }
        if is_public[commit as usize] {
            base.extend(graph.oid(commit));
        } else {
            graph.parents(commit, |parent| to_do.push(parent));
        }
    }
    base.sort_unstable();
    base
}

/// Which of these files the history below these commits holds, at whatever path.
fn were_public(
    place: Place<'_>,
    base: &[Oid],
    files: &BTreeSet<Oid>,
    kept: &mut Kept<'_>,
) -> Result<HashSet<Oid>, GitError> {
    if base.is_empty() || files.is_empty() {
        return Ok(HashSet::new());
    }
    let what = format!("public\0{base:?}\0{files:?}");
    if kept.looked_below(&what).is_empty() {
        let mut there = BTreeSet::new();
        let limits = Limits { output: usize::MAX, ..Limits::default() };
        let list = place.run(&["rev-list", "--objects", "--no-object-names", "--stdin"]);
        list.input(lines(base)).limits(limits).records(b'\n', |line| {
            let object = std::str::from_utf8(line).ok().and_then(|text| text.parse().ok());
            there.extend(object.filter(|object| files.contains(object)));
            if there.len() == files.len() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        kept.note(&what, base, there.iter().map(Oid::to_string));
    }
    Ok(kept.notes(&what).iter().filter_map(|file| file.parse().ok()).collect())
}
