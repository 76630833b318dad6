//! What commits left in files, and whether tips hold it there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::GitError;
use super::files::{Bare, Change, Files, Held, bare_patches, blobs, each_object, files_at};
use super::patches::{Place, both};
use super::traces::{Lines, Trace, hunks};
use crate::divergence::Oid;

/// How many changes are looked at together: the text of their files is in memory.
const TOGETHER: usize = 64;

/// What commits left in files, and what tips hold there.
pub(super) struct Contents {
    /// What each commit left, by its place in `left`.
    of: HashMap<Oid, Vec<usize>>,
    left: Vec<Left>,
    files: Files,
    /// The traces that each file holds whose text was read.
    held: HashMap<Oid, HashSet<usize>>,
}

/// What a commit left in a file.
struct Left {
    change: Change,
    /// The lines that are looked for, by their number; none where the change left none, as in what is no text.
    trace: Option<usize>,
}

/// What files say of some commits.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each may hold of one of several files")]
pub(super) struct Verdict {
    is_there: bool,
    was_looked_at: bool,
    is_blind: bool,
    /// A file that one of them removed is not there.
    is_gone: bool,
}

impl Verdict {
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            is_there: self.is_there || other.is_there,
            was_looked_at: self.was_looked_at || other.was_looked_at,
            is_blind: self.is_blind || other.is_blind,
            is_gone: self.is_gone || other.is_gone,
        }
    }

    /// Is there nothing to go by but that files which they removed are not there?
    pub(super) fn is_only_gone(self) -> bool {
        self.is_gone && !self.is_there && !self.was_looked_at && !self.is_blind
    }

    /// Is what one of them left there? None if that can't be known.
    pub(super) fn told(self) -> Option<bool> {
        if self.is_there { Some(true) } else { (self.was_looked_at && !self.is_blind).then_some(false) }
    }
}

impl Contents {
    /// Reads what the commits changed at the tips.
    pub(super) fn read(
        place: Place<'_>,
        changes: &HashMap<Oid, Vec<Change>>,
        tips: &BTreeSet<Oid>,
        others: &BTreeMap<Oid, Bare>,
    ) -> Result<Self, GitError> {
        let commits: BTreeSet<Oid> = changes.keys().copied().collect();
        let distinct: HashSet<&Change> = changes.values().flat_map(|changes| saying(changes)).collect();
        let distinct: Vec<&Change> = distinct.into_iter().collect();
        let commits: Vec<Oid> = commits.into_iter().collect();
        let paths: BTreeSet<&str> = distinct.iter().map(|change| change.path.as_str()).collect();
        let (patches, files) = both(|| bare_patches(place, &commits), || files_at(place, tips, others, &paths));
        let (hunks, files) = (hunks(&patches?), files?);
        let mut numbers: HashMap<(String, Trace), usize> = HashMap::new();
        let mut left = Vec::new();
        for changes in distinct.chunks(TOGETHER) {
            let wanted = changes.iter().flat_map(|change| [change.before, change.after]).collect();
            let texts = blobs(place, &wanted)?;
            let text = |oid: &Oid| if oid.is_null() { Some(&[][..]) } else { texts.get(oid).map(Vec::as_slice) };
            for change in changes {
                let trace = hunks
                    .get(&(change.before, change.after))
                    .and_then(|hunks| Trace::of(text(&change.before)?, text(&change.after)?, hunks));
                let next = numbers.len();
                let trace = trace.map(|trace| *numbers.entry((change.path.clone(), trace)).or_insert(next));
                left.push(Left { change: (*change).clone(), trace });
            }
        }
        let places: HashMap<&Change, usize> = left.iter().enumerate().map(|(at, left)| (&left.change, at)).collect();
        let places_of =
            |changes: &Vec<Change>| saying(changes).filter_map(|change| places.get(change)).copied().collect();
        let of = changes.iter().map(|(commit, changes)| (*commit, places_of(changes))).collect();
        let held = held(place, &files, &numbers)?;
        Ok(Self { of, left, files, held })
    }

    /// What the tips hold. Tips that hold the same have the same number.
    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// What these commits left, each change once.
    pub(super) fn left_by(&self, commits: impl IntoIterator<Item = Oid>) -> BTreeSet<usize> {
        commits.into_iter().filter_map(|commit| self.of.get(&commit)).flatten().copied().collect()
    }

    /// The paths of files that these commits removed.
    pub(super) fn removed_by(&self, commits: impl IntoIterator<Item = Oid>) -> BTreeSet<&str> {
        let changes = self.left_by(commits).into_iter().map(|left| &self.left[left].change);
        changes.filter(|change| change.after.is_null()).map(|change| change.path.as_str()).collect()
    }

    /// Do these files hold one of the changes?
    pub(super) fn hold(&self, files: usize, changes: &BTreeSet<usize>) -> Verdict {
        let files = self.files.of(files);
        changes.iter().fold(Verdict::default(), |verdict, change| verdict.or(self.holds(files, &self.left[*change])))
    }

    fn holds(&self, files: &HashMap<String, Held>, left: &Left) -> Verdict {
        let (change, nothing) = (&left.change, Verdict::default());
        let no = Verdict { was_looked_at: true, ..nothing };
        let (file, mode) = files.get(&change.path).map(|held| (&held.file, held.mode)).unzip();
        if change.before == change.after {
            return match mode {
                // It has none to go by.
                Some(None) => nothing,
                mode => Verdict { is_there: mode.flatten() == Some(change.mode), ..no },
            };
        }
        let is_held = file.and_then(|file| self.held.get(file));
        match (file, left.trace, is_held) {
            // What a commit removed wholly leaves nothing to look for, and an empty file is everywhere.
            (None, ..) if change.after.is_null() => Verdict { is_gone: true, ..nothing },
            (None, ..) => no,
            (Some(file), ..) if *file == change.after && is_empty(*file) => nothing,
            (Some(file), ..) if *file == change.after => Verdict { is_there: true, ..no },
            _ if change.after.is_null() || is_empty(change.after) => no,
            (_, Some(trace), Some(held)) => Verdict { is_there: held.contains(&trace), ..no },
            (_, Some(_), None) => Verdict { is_blind: true, ..no },
            // Without lines to look for, a file that went on may hold the change or not.
            (Some(file), None, _) if *file == change.before => no,
            (_, None, _) => nothing,
        }
    }
}

/// The changes of a commit that tell it: its files, and where it changed none, what they are.
fn saying(changes: &[Change]) -> impl Iterator<Item = &Change> {
    let is_of_files = changes.iter().any(|change| change.before != change.after);
    changes.iter().filter(move |change| !is_of_files || change.before != change.after)
}

/// Is it the empty file?
pub(super) fn is_empty(file: Oid) -> bool {
    const EMPTY: [&str; 2] = [
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    ];
    EMPTY.contains(&file.to_string().as_str())
}

/// The traces that each file of the tips holds. One text is in memory at a time.
fn held(
    place: Place<'_>,
    files: &Files,
    numbers: &HashMap<(String, Trace), usize>,
) -> Result<HashMap<Oid, HashSet<usize>>, GitError> {
    let mut at_path: HashMap<&str, Vec<(&Trace, usize)>> = HashMap::new();
    for ((path, trace), number) in numbers {
        at_path.entry(path).or_default().push((trace, *number));
    }
    let mut wanted: HashMap<Oid, BTreeSet<&str>> = HashMap::new();
    for (path, file) in files.all().flatten().filter(|(path, _)| at_path.contains_key(path.as_str())) {
        wanted.entry(file.file).or_default().insert(path);
    }
    let mut held: HashMap<Oid, HashSet<usize>> = HashMap::new();
    each_object(place, &wanted.keys().copied().collect(), "blob", |oid, text| {
        let lines = Lines::of(text);
        let traces = wanted.get(&oid).into_iter().flatten().filter_map(|path| at_path.get(path)).flatten();
        held.insert(oid, traces.filter(|(trace, _)| trace.is_in(&lines)).map(|(_, number)| *number).collect());
    })?;
    Ok(held)
}
