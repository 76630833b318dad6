//! The commits that only one side of a branch has, read from what was fetched: no remote is asked.

use std::path::Path;

use jiff::Timestamp;

use crate::divergence::{Component, Oid};
use crate::git::patches::Place;
use crate::git::{Cache, Cancel, Git, GitError, Limits, Url};

/// So many are read of a side.
const MOST: &str = "--max-count=50";
/// So much of a text is read, in bytes.
const TEXT: usize = 512;
/// A commit in three lines: id and instant, author, subject.
const FORMAT: &[&str] = &["--no-commit-header", "--format=%H %ct%n%an%n%s", "--encoding=UTF-8"];

/// A commit, with its texts as they are, up to a length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideCommit {
    /// Its id.
    pub id: Oid,
    /// When it was committed.
    pub at: Timestamp,
    /// Its author's name.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
}

/// The commits that each of two tips reaches and the other does not, newest first, 50 at most of each.
///
/// # Errors
/// If a tip was not fetched, git fails, or is cancelled.
pub fn sides(
    git: &Git,
    folder: &Path,
    component: &Component,
    [a, b]: [Oid; 2],
    cancel: &Cancel,
) -> Result<[Vec<SideCommit>; 2], GitError> {
    let url = |text: &String| Url::new(text, Path::new("/")).map_err(|why| GitError::bad_url(text, why));
    let urls = component.urls.values().map(url).collect::<Result<Vec<Url>, GitError>>()?;
    let repository = Cache::folder_of(folder, &urls.iter().collect::<Vec<_>>());
    let place = Place { git, repository: &repository, cancel };
    Ok([only(place, a, b)?, only(place, b, a)?])
}

/// What the first tip reaches and the second does not.
fn only(place: Place<'_>, tip: Oid, not: Oid) -> Result<Vec<SideCommit>, GitError> {
    let (tip, not) = (tip.to_string(), format!("^{not}"));
    let list = [&["rev-list", MOST], FORMAT, &[tip.as_str(), not.as_str(), "--"]].concat();
    let mut commits = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    let run = place.git.run(list).on(place.repository).cancel(place.cancel);
    run.limits(Limits::brief()).beginnings(b'\n', TEXT, |line| {
        lines.push(String::from_utf8_lossy(line).into_owned());
        if let [head, author, subject] = lines.as_slice() {
            commits.extend(commit(head, author, subject));
            lines.clear();
        }
    })?;
    Ok(commits)
}

fn commit(head: &str, author: &str, subject: &str) -> Option<SideCommit> {
    let (id, at) = head.split_once(' ')?;
    // An instant that nobody can mean is no reason to leave the commit out.
    let at = at.parse().ok().and_then(|second| Timestamp::from_second(second).ok()).unwrap_or_default();
    Some(SideCommit { id: id.parse().ok()?, at, author: author.to_owned(), subject: subject.to_owned() })
}
