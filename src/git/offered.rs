//! What may be a fix, to be chosen from: the commits of the private main branch that the public one lacks.

use std::collections::HashMap;

use super::GitError;
use super::patches::{Place, lines};
use crate::divergence::{Offered, Oid};

/// So many are offered.
const MOST: &str = "--max-count=50";
/// So much of a subject is read, in bytes.
const SUBJECT: usize = 512;
/// Id and subject in a line.
const FORMAT: &[&str] = &["--no-commit-header", "--format=%H %s", "--encoding=UTF-8"];

/// The commits of the private branch that the public one has neither itself nor by an equal patch since the two parted,
/// newest first, without merges, 50 at most. Their subjects are as they are, up to a length.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn read(place: Place<'_>, private: Oid, public: Oid) -> Result<Vec<Offered>, GitError> {
    let range = format!("{private}...{public}");
    let list = ["rev-list", "--left-only", "--cherry-pick", "--no-merges", MOST, &range, "--"];
    let mut offered = Vec::new();
    told(place, &list, String::new(), |commit, subject| offered.push(Offered { commit, subject }))?;
    Ok(offered)
}

/// The subjects of commits, as they are, up to a length.
///
/// # Errors
/// If one of them is not there, git fails, or is cancelled.
pub fn subjects(place: Place<'_>, commits: &[Oid]) -> Result<HashMap<Oid, String>, GitError> {
    let mut subjects = HashMap::new();
    if !commits.is_empty() {
        let list = ["rev-list", "--no-walk=unsorted", "--stdin"];
        told(place, &list, lines(commits), |commit, subject| _ = subjects.insert(commit, subject))?;
    }
    Ok(subjects)
}

fn told(place: Place<'_>, list: &[&str], input: String, mut each: impl FnMut(Oid, String)) -> Result<(), GitError> {
    let arguments = [&list[..1], FORMAT, &list[1..]].concat();
    let run = place.run(&arguments).input(input);
    run.beginnings(b'\n', 65 + SUBJECT, |line| {
        let line = String::from_utf8_lossy(line);
        let told = line.split_once(' ').and_then(|(oid, subject)| Some((oid.parse().ok()?, subject.to_owned())));
        if let Some((commit, subject)) = told {
            each(commit, subject);
        }
    })
}
