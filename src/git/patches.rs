//! Commits that are equal to others: by their patch, whatever their place and white space, and by what they say of themselves.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::{Cancel, Git, GitError, Limits};
use crate::divergence::Oid;

/// What makes patches, and their ids, the same whatever a person has set.
const PATCH: &[&str] =
    &["diff-tree", "--stdin", "-p", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv"];

/// Where commits are looked for: what the tips reach, and what is behind `not` no more.
#[derive(Clone, Debug, Default)]
pub struct Range {
    /// From here.
    pub tips: Vec<Oid>,
    /// Down to here.
    pub not: Vec<Oid>,
}

impl Range {
    /// As `git rev-list --stdin` reads it.
    pub(super) fn lines(&self) -> String {
        let tips = self.tips.iter().map(Oid::to_string);
        let not = self.not.iter().map(|oid| format!("^{oid}"));
        tips.chain(not).flat_map(|line| [line, "\n".to_owned()]).collect()
    }
}

/// The repository, and who may end a look at it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The program.
    pub git: &'a Git,
    /// The git folder.
    pub repository: &'a Path,
    /// Ends it.
    pub cancel: &'a Cancel,
}

impl<'a> Place<'a> {
    pub(super) fn run(&self, arguments: &[&str]) -> super::Run<'a> {
        let run = self.git.run(arguments).on(self.repository).cancel(self.cancel);
        run.env("GIT_LITERAL_PATHSPECS", "1")
    }
}

/// The answers of both, which are asked at the same time: each waits for a process of its own.
pub(super) fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}

/// The patch ids of these commits; of a merge that of all it brought to its first parent.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn patch_ids(place: Place<'_>, commits: &[Oid]) -> Result<HashMap<Oid, Oid>, GitError> {
    let arguments = [PATCH, &["--root", "--diff-merges=first-parent"]].concat();
    let run = place.run(&arguments).input(lines(commits)).pipe(["patch-id", "--stable"]);
    Ok(parse_ids(&run.output()?))
}

/// The patch ids of all commits in a range that touch one of the paths, on every side of every merge.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn patch_ids_in(place: Place<'_>, range: &Range, paths: &[&str]) -> Result<HashMap<Oid, Oid>, GitError> {
    // As `rev-list --full-history -- PATHS` would tell them, which needs twice the time.
    let touching = [&["diff-tree", "--stdin", "--root", "-r", "-s", "--no-renames", "--"], paths].concat();
    let patches = [PATCH, &["--root"]].concat();
    let run = place.run(&["rev-list", "--no-merges", "--stdin"]).input(range.lines());
    let run = run.pipe(touching).pipe(patches).pipe(["patch-id", "--stable"]);
    Ok(parse_ids(&run.output()?))
}

pub(super) fn lines(commits: &[Oid]) -> String {
    commits.iter().flat_map(|oid| [oid.to_string(), "\n".to_owned()]).collect()
}

/// Patch ids by commit, as `git patch-id` tells them.
fn parse_ids(output: &[u8]) -> HashMap<Oid, Oid> {
    let output = String::from_utf8_lossy(output);
    let parse =
        |line: &str| line.split_once(' ').and_then(|(patch, oid)| Some((oid.parse().ok()?, patch.parse().ok()?)));
    output.lines().filter_map(parse).collect()
}

/// What a commit says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trailers {
    /// The names under which its change goes, in Gerrit's way.
    pub change_ids: BTreeSet<String>,
    /// The commits that it was picked from.
    pub picked_from: BTreeSet<Oid>,
}

impl Trailers {
    fn of(message: &str) -> Self {
        let mut found = Self::default();
        for line in message.lines().map(str::trim) {
            if let Some(id) = line.strip_prefix("Change-Id:") {
                found.change_ids.insert(id.trim().to_owned());
            }
            let picked = line.trim_start_matches('(').strip_prefix("cherry picked from commit ");
            if let Some(Ok(oid)) = picked.map(|oid| oid.trim_end_matches(')').parse()) {
                found.picked_from.insert(oid);
            }
        }
        found.change_ids.remove("");
        found
    }
}

/// The trailers of all commits in a range that have some.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn trailers_in(place: Place<'_>, range: &Range) -> Result<HashMap<Oid, Trailers>, GitError> {
    let named = ["--grep=Change-Id:", "--grep=cherry picked from commit "];
    trailers(place, &[&["rev-list", "--header", "--stdin", "-F"], &named[..]].concat(), range.lines())
}

/// The trailers of these commits.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn trailers_of(place: Place<'_>, commits: &[Oid]) -> Result<HashMap<Oid, Trailers>, GitError> {
    trailers(place, &["rev-list", "--header", "--no-walk", "--stdin"], lines(commits))
}

fn trailers(place: Place<'_>, arguments: &[&str], input: String) -> Result<HashMap<Oid, Trailers>, GitError> {
    let mut found = HashMap::new();
    // One who writes a message of many megabytes must not make the whole look blind.
    let limits = Limits { output: usize::MAX, record: 256 << 20, ..Limits::default() };
    place.run(arguments).input(input).limits(limits).records(0, |record| {
        let record = String::from_utf8_lossy(record);
        if let Some((oid, message)) = record.split_once('\n').and_then(|(oid, rest)| Some((oid.parse().ok()?, rest))) {
            found.insert(oid, Trailers::of(message));
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_names_its_change_and_what_it_was_picked_from() {
        let (one, other) = ("1".repeat(40), "2".repeat(64));
        let message = format!(
            "tree x\n\n    Fix\n    \n    Change-Id: I123\n    (cherry picked from commit {one})\n    cherry picked from commit {other}\n    see Change-Id: I9\n    Change-Id:\n    (cherry picked from commit 12ab)\n"
        );
        let found = Trailers::of(&message);
        assert_eq!(found.change_ids, ["I123".to_owned()].into());
        assert_eq!(found.picked_from, [one.parse().unwrap(), other.parse().unwrap()].into());
    }

    #[test]
    fn a_range_and_its_answer_are_lines() {
        let oid = |digit: &str| digit.repeat(40).parse::<Oid>().unwrap();
        let range = Range { tips: vec![oid("a")], not: vec![oid("b")] };
        assert_eq!(range.lines(), format!("{}\n^{}\n", oid("a"), oid("b")));
        let ids = parse_ids(format!("{} {}\nnonsense\n", oid("c"), oid("a")).as_bytes());
        assert_eq!(ids, [(oid("a"), oid("c"))].into());
    }
}
