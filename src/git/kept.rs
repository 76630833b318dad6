//! What git said of commits, kept in a file for ever: a commit never changes. What can't be kept is asked again.
//!
//! The file is only ever added to, one look at a time. Each look ends with a line that holds a sum of it: one that is damaged,
//! torn, or of another version of git, whose patch ids may be others, counts as if it was not there.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::GitError;
use super::patches::{Place, Range, Trailers, both, lines, patch_ids, patch_ids_in, trailers_in, trailers_of};
use crate::divergence::Oid;
use crate::text::hex;

/// From so many bytes on the file is begun anew.
const MOST: u64 = 128 << 20;
/// What a person reads who looks into it.
const HEAD: &str = "# What git said of commits. It may be removed at any time.\n";

/// By what commits may be known as equal to others.
#[derive(Default)]
pub(super) struct Known {
    pub(super) patches: HashMap<Oid, Oid>,
    pub(super) trailers: HashMap<Oid, Trailers>,
}

/// What is known of commits, and below which tips all of them were looked at.
pub(super) struct Kept<'a> {
    place: Place<'a>,
    file: Option<&'a Path>,
    pub(super) known: Known,
    /// By what was asked and down to where.
    looked: HashMap<String, HashSet<Oid>>,
    /// What was told, as lines, by what was asked.
    notes: HashMap<String, Vec<String>>,
    /// What is to be added to the file.
    new: String,
}

impl<'a> Kept<'a> {
    /// What the file tells; nothing where there is none.
    pub(super) fn open(place: Place<'a>, file: Option<&'a Path>) -> Self {
        // Where the history ends too early now, it may not do so at the next look.
        let file = file.filter(|_| !place.repository.join("shallow").exists());
        let mut kept = Self {
            place,
            file,
            known: Known::default(),
            looked: HashMap::new(),
            notes: HashMap::new(),
            new: String::new(),
        };
        let Some(about) = file.and_then(|file| fs::symlink_metadata(file).ok()) else { return kept };
        if about.is_file() && about.len() <= MOST {
            let bytes = file.and_then(|file| fs::read(file).ok()).unwrap_or_default();
            kept.take(&String::from_utf8_lossy(&bytes));
        } else {
            let _ = file.map(fs::remove_file);
        }
        kept
    }

    /// Asks for these commits.
    pub(super) fn ask_of(&mut self, commits: &[Oid]) -> Result<(), GitError> {
        let place = self.place;
        let (trailers, patches) = both(|| trailers_of(place, commits), || patch_ids(place, commits));
        self.learn(patches?, trailers?);
        Ok(())
    }

    /// Asks for the patches of all commits of a range that touch one of these paths.
    pub(super) fn ask_patches(&mut self, range: &Range, paths: &[&str]) -> Result<(), GitError> {
        let Some(open) = self.open_part(&patches_at(paths), range)? else { return Ok(()) };
        let patches = patch_ids_in(self.place, &open.range, paths)?;
        self.close(open, patches, HashMap::new());
        Ok(())
    }

    /// Asks for these patches and for what all commits of the range say of themselves, both at once.
    pub(super) fn ask_all(&mut self, range: &Range, paths: &[&str]) -> Result<(), GitError> {
        let (place, said) = (self.place, self.open_part("trailers", range)?);
        let (trailers, patches) = both(
            || said.as_ref().map(|open| trailers_in(place, &open.range)),
            || if paths.is_empty() { Ok(()) } else { self.ask_patches(range, paths) },
        );
        if let Some((open, trailers)) = said.zip(trailers) {
            self.close(open, HashMap::new(), trailers?);
        }
        patches
    }

    /// What is below no tip that was looked at before; none where there is nothing.
    fn open_part(&self, what: &str, range: &Range) -> Result<Option<Part>, GitError> {
        let sum = sum(&format!("{what}\0{}", lines(&range.not)));
        let looked = self.looked.get(&sum).cloned().unwrap_or_default();
        let tips: Vec<Oid> = range.tips.iter().copied().filter(|tip| !looked.contains(tip)).collect();
        if tips.is_empty() {
            return Ok(None);
        }
        let not = range.not.iter().copied().chain(self.still_there(looked, range)?).collect();
        Ok(Some(Part { sum, range: Range { tips, not } }))
    }

    fn close(&mut self, part: Part, patches: HashMap<Oid, Oid>, trailers: HashMap<Oid, Trailers>) {
        self.learn(patches, trailers);
        for tip in &part.range.tips {
            let _ = writeln!(self.new, "below {} {tip}", part.sum);
        }
        self.looked.entry(part.sum).or_default().extend(part.range.tips);
    }

    /// The tips below which all was looked at for this.
    pub(super) fn looked_below(&self, what: &str) -> HashSet<Oid> {
        self.looked.get(&sum(what)).cloned().unwrap_or_default()
    }

    /// What was told of it, without an order.
    pub(super) fn notes(&self, what: &str) -> &[String] {
        self.notes.get(&sum(what)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps what was told of it, each in a line, now that all was looked at below these tips.
    pub(super) fn note(&mut self, what: &str, below: &[Oid], told: impl Iterator<Item = String>) {
        let sum = sum(what);
        let notes = self.notes.entry(sum.clone()).or_default();
        for note in told {
            let _ = writeln!(self.new, "note {sum} {note}");
            notes.push(note);
        }
        self.close(
            Part { sum, range: Range { tips: below.to_vec(), not: Vec::new() } },
            HashMap::new(),
            HashMap::new(),
        );
    }

    /// The tips of an earlier look that git still has: it takes no other.
    fn still_there(&self, looked: HashSet<Oid>, range: &Range) -> Result<Vec<Oid>, GitError> {
        let now: HashSet<Oid> = range.tips.iter().copied().collect();
        let (mut there, gone): (Vec<Oid>, Vec<Oid>) = looked.into_iter().partition(|tip| now.contains(tip));
        if !gone.is_empty() {
            let said = self.place.run(&["cat-file", "--batch-check"]).input(lines(&gone)).output()?;
            let commit = |line: &str| line.split_once(" commit ").and_then(|(oid, _)| oid.parse::<Oid>().ok());
            there.extend(String::from_utf8_lossy(&said).lines().filter_map(commit));
        }
        Ok(there)
    }

    fn learn(&mut self, patches: HashMap<Oid, Oid>, trailers: HashMap<Oid, Trailers>) {
        for (commit, patch) in patches.iter().filter(|(commit, _)| !self.known.patches.contains_key(commit)) {
            let _ = writeln!(self.new, "patch {commit} {patch}");
        }
        for (commit, said) in trailers.iter().filter(|(commit, _)| !self.known.trailers.contains_key(commit)) {
            said.change_ids.iter().for_each(|id| _ = writeln!(self.new, "change {commit} {id}"));
            said.picked_from.iter().for_each(|from| _ = writeln!(self.new, "picked {commit} {from}"));
        }
        self.known.patches.extend(patches);
        self.known.trailers.extend(trailers);
    }

    /// Adds to the file what is new, in one piece.
    pub(super) fn keep(&mut self) {
        let Some(file) = self.file.filter(|_| !self.new.is_empty()) else { return };
        let look = format!("git {}\n{}", self.place.git.version(), self.new);
        let head = if file.exists() { "" } else { HEAD };
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(file);
        // A look that was torn ends there.
        let _ = opened.and_then(|mut to| to.write_all(format!("{head}\n\n{look}end {}\n", sum(&look)).as_bytes()));
        self.new.clear();
    }

    fn take(&mut self, text: &str) {
        let git = format!("git {}\n", self.place.git.version());
        let mut rest = text;
        while let Some(end) = rest.find("\nend ") {
            let (looks, tail) = rest.split_at(end + 1);
            let line = tail.lines().next().unwrap_or_default();
            // A look that was torn may lie before a whole one.
            let begin = looks.rfind("\n\n").map_or(0, |at| at + 2);
            let look = &looks[begin..];
            if look.starts_with(&git) && line == format!("end {}", sum(look)) {
                look.lines().for_each(|line| _ = self.take_line(line));
            }
            rest = &tail[line.len()..];
        }
    }

    fn take_line(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        let (first, second) = rest.split_once(' ')?;
        if word == "below" {
            self.looked.entry(first.to_owned()).or_default().insert(second.parse().ok()?);
            return Some(());
        }
        if word == "note" {
            self.notes.entry(first.to_owned()).or_default().push(second.to_owned());
            return Some(());
        }
        let commit: Oid = first.parse().ok()?;
        match word {
            "patch" => _ = self.known.patches.insert(commit, second.parse().ok()?),
            "change" => _ = self.known.trailers.entry(commit).or_default().change_ids.insert(second.to_owned()),
            "picked" => _ = self.known.trailers.entry(commit).or_default().picked_from.insert(second.parse().ok()?),
            _ => {}
        }
        Some(())
    }
}

/// What has to be asked still.
struct Part {
    sum: String,
    range: Range,
}

fn patches_at(paths: &[&str]) -> String {
    format!("patches\0{}", paths.join("\0"))
}

fn sum(text: &str) -> String {
    hex(&Sha256::digest(text)[..16])
}
