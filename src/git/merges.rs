//! Which branches would merge without a person: one `git merge-tree` for many pairs, whose objects go to a folder that is
//! removed again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::{Cancel, Git, GitError};
use crate::divergence::{Conflict, Merge, Oid};

/// So many pairs in a row may bring git down before it is given up.
const MOST_FAILURES: usize = 20;

/// What would come of merging each pair of commits, in the order of the pairs. Nothing is written to the repository: what a
/// merge makes goes to a new folder in `scratch`, which is removed.
#[must_use]
pub fn predict(git: &Git, repository: &Path, scratch: &Path, pairs: &[(Oid, Oid)], cancel: &Cancel) -> Vec<Merge> {
    made(git, repository, scratch, pairs, cancel).into_iter().map(|made| made.merge).collect()
}

/// What comes of a merge, and its tree; without a conflict that is the tree that a commit of it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    pub merge: Merge,
    pub tree: Option<Oid>,
}

/// As `predict`, with the trees. The commits that are merged into are the second ones.
pub(super) fn made(git: &Git, repository: &Path, scratch: &Path, pairs: &[(Oid, Oid)], cancel: &Cancel) -> Vec<Made> {
    let unknown = |why: String| Made { merge: Merge::Unknown(why), tree: None };
    let mut merges = Vec::with_capacity(pairs.len());
    if pairs.is_empty() {
        return merges;
    }
    let objects = match Scratch::new(scratch) {
        Ok(objects) => objects,
        Err(error) => {
            return vec![unknown(format!("there is no room for what a merge makes: {error}")); pairs.len()];
        }
    };
    let mut failures = 0;
    while merges.len() < pairs.len() {
        let (answers, error) = ask(git, repository, &objects, &pairs[merges.len()..], cancel);
        failures = if answers.is_empty() { failures + 1 } else { 0 };
        merges.extend(answers);
        let why = error.map_or_else(|| "git merge-tree did not answer".to_owned(), |error| error.to_string());
        match pairs.len() - merges.len() {
            0 => {}
            // The pair that git failed at is unknown; those behind it are asked again without it.
            _ if failures < MOST_FAILURES && !cancel.is_cancelled() => merges.push(unknown(why)),
            left => merges.extend(vec![unknown(why); left]),
        }
    }
    merges
}

/// The answers for the first pairs; all of them, unless git failed.
fn ask(
    git: &Git,
    repository: &Path,
    objects: &Scratch,
    pairs: &[(Oid, Oid)],
    cancel: &Cancel,
) -> (Vec<Made>, Option<GitError>) {
    let lines: Vec<String> = pairs.iter().map(|(a, b)| format!("{b} {a}\n")).collect();
    let mut answers = Answers::default();
    let run = git.run(["merge-tree", "--write-tree", "--allow-unrelated-histories", "--stdin", "-z"]);
    let run = run.on(repository).input(lines.concat()).cancel(cancel);
    let run = run.env("GIT_OBJECT_DIRECTORY", &objects.0);
    let run = run.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", quoted(&repository.join("objects")));
    let result = run.records(0, |token| match answers.take(&String::from_utf8_lossy(token)) {
        Some(()) => ControlFlow::Continue(()),
        None => ControlFlow::Break(()),
    });
    answers.merges.truncate(pairs.len());
    (answers.merges, result.err())
}

/// A path in a list of paths, which a colon would end and a quote would begin.
fn quoted(path: &Path) -> OsString {
    let text = path.to_string_lossy();
    if !text.contains([':', '"', '\\', '\n']) {
        return path.as_os_str().to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")).into()
}

/// A folder for objects that nobody else reads. It goes with this value.
struct Scratch(PathBuf);

impl Scratch {
    fn new(within: &Path) -> io::Result<Self> {
        let folder = within.join(format!("merges-{}-{:08x}", std::process::id(), fastrand::u32(..)));
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be removed is of no use and no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What `git merge-tree --stdin -z` says, read token by token: of each merge whether it is clean and its tree, then, where
/// it is not, the paths that a person has to decide, an empty token, and messages of which each has the number of its
/// paths, these, its kind and a text for people. An empty token ends a merge.
#[derive(Debug, Default)]
struct Answers {
    merges: Vec<Made>,
    /// Of the merge that is being read.
    tree: Option<Oid>,
    expected: Expected,
    paths: BTreeSet<String>,
    kinds: BTreeMap<String, String>,
    /// The paths of the message that is being read.
    about: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expected {
    #[default]
    Status,
    Tree {
        is_clean: bool,
    },
    End,
    Path,
    Count,
    About(usize),
    Kind,
    Text,
}

impl Answers {
    /// Takes in one token. `None` if it is not what comes next.
    fn take(&mut self, token: &str) -> Option<()> {
        self.expected = match (self.expected, token) {
            (Expected::Status, "1") => Expected::Tree { is_clean: true },
            (Expected::Status, "0") => Expected::Tree { is_clean: false },
            (Expected::Tree { is_clean }, tree) => {
                self.tree = Some(tree.parse().ok()?);
                if is_clean { Expected::End } else { Expected::Path }
            }
            (Expected::End, "") => {
                self.end(Merge::Clean);
                Expected::Status
            }
            (Expected::Path, "") | (Expected::Text, _) => Expected::Count,
            (Expected::Path, entry) => {
                let (_, path) = entry.split_once('\t')?;
                self.paths.insert(path.to_owned());
                Expected::Path
            }
            (Expected::Count, "") => {
                let conflicts = self.conflicts();
                self.end(Merge::Conflicts(conflicts));
                Expected::Status
            }
            (Expected::Count, count) => match count.parse().ok()? {
                0 => Expected::Kind,
                paths => Expected::About(paths),
            },
            (Expected::About(paths), path) => {
                self.about.push(path.to_owned());
                if paths > 1 { Expected::About(paths - 1) } else { Expected::Kind }
            }
            (Expected::Kind, kind) => {
                self.tell(kind);
                Expected::Text
            }
            (Expected::Status | Expected::End, _) => return None,
        };
        Some(())
    }

    fn end(&mut self, merge: Merge) {
        self.merges.push(Made { merge, tree: self.tree.take() });
    }

    /// The first kind that git names for a path counts. `Auto-merging` and its like are none.
    fn tell(&mut self, kind: &str) {
        let about = std::mem::take(&mut self.about);
        let word = ["CONFLICT (", "ERROR ("].into_iter().find_map(|begin| kind.strip_prefix(begin)?.strip_suffix(')'));
        let Some(word) = word else { return };
        // Some conflicts leave no path undecided: that a folder was split among several, say.
        if !about.iter().any(|path| self.paths.contains(path)) {
            self.paths.extend(about.first().cloned());
        }
        for path in about {
            self.kinds.entry(path).or_insert_with(|| word.to_owned());
        }
    }

    fn conflicts(&mut self) -> Vec<Conflict> {
        let mut kinds = std::mem::take(&mut self.kinds);
        let paths = std::mem::take(&mut self.paths).into_iter();
        paths.map(|path| Conflict { kind: kinds.remove(&path).unwrap_or_else(|| "unknown".to_owned()), path }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "9684ca3a80db930a64c90d1f272e8179f82c8854";

    fn conflicts(told: &[(&str, &str)]) -> Merge {
        let conflict = |(path, kind): &(&str, &str)| Conflict { path: (*path).to_owned(), kind: (*kind).to_owned() };
        Merge::Conflicts(told.iter().map(conflict).collect())
    }

    /// What is read of these merges, with bars for the bytes between tokens.
    fn all(merges: &[&str]) -> Vec<Merge> {
        let mut answers = Answers::default();
        for token in merges.iter().flat_map(|merge| merge.split('|').chain([""])) {
            let token = if token == "TREE" { TREE } else { token };
            answers.take(token).unwrap_or_else(|| panic!("{token:?} after {answers:?}"));
        }
        let is_read = |made: &Made| made.tree == TREE.parse().ok();
        assert!(answers.merges.iter().all(is_read), "{answers:?}");
        answers.merges.into_iter().map(|made| made.merge).collect()
    }

    #[test]
    fn each_path_has_the_kind_that_git_names_for_it() {
        let edited = "0|TREE|100644 A 1\ta\n.txt|100644 B 2\ta\n.txt||1|a\n.txt|Auto-merging|Auto-merging a|1|a\n.txt|CONFLICT (contents)|text";
        let renamed = "0|TREE|100644 A 1\tc|100644 A 2\tcan|100644 A 3\tsec||3|c|can|sec|CONFLICT (rename/rename)|text";
        let removed = "0|TREE|100644 A 1\tnew|100644 A 3\tnew||2|new|old|CONFLICT (rename/delete)|text";
        let told = all(&["1|TREE", edited, "1|TREE", renamed, removed]);
        let all_three = [("c", "rename/rename"), ("can", "rename/rename"), ("sec", "rename/rename")];
        assert_eq!(
            told,
            [
                Merge::Clean,
                conflicts(&[("a\n.txt", "contents")]),
                Merge::Clean,
                conflicts(&all_three),
                conflicts(&[("new", "rename/delete")]),
            ]
        );
    }

    #[test]
    fn a_conflict_is_told_even_if_no_path_is_left_undecided_or_no_kind_is_named() {
        let split = "0|TREE||1|folder|CONFLICT (directory rename unclear split)|text";
        let silent = "0|TREE|100644 A 2\ta|";
        assert_eq!(
            all(&[split, silent]),
            [conflicts(&[("folder", "directory rename unclear split")]), conflicts(&[("a", "unknown")])]
        );
    }

    #[test]
    fn what_is_no_answer_is_not_taken_for_one() {
        for tokens in [&["2"][..], &["", "1"], &["1", "no tree"], &["1", TREE, "more"], &["0", TREE, "no tab"]] {
            let mut answers = Answers::default();
            assert!(tokens.iter().any(|token| answers.take(token).is_none()), "{tokens:?}");
            assert_eq!(answers.merges, [], "{tokens:?}");
        }
    }

    #[test]
    fn a_path_with_a_colon_stays_one() {
        assert_eq!(quoted(Path::new("/plain path")), "/plain path");
        assert_eq!(quoted(Path::new("/a:b \"c\"")), "\"/a:b \\\"c\\\"\"");
    }
}
