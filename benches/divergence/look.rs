//! Whole looks: remotes asked, branches compared, and the answer again where nothing has changed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use fixlead::divergence::{Component, Expected, PairState, Role};
use fixlead::git::{Cancel, Git};
use fixlead::look::Looker;
use jiff::{SignedDuration, Timestamp};

use crate::{history, median, millis, told};

/// Changes so short ago are not taken for settled.
const SETTLED: Duration = Duration::from_secs(4);

/// All pairs of a history as the branches of two remotes, beside what plain git took for the counts alone.
pub fn pairs(folder: &Path, repository: &Path, releases: usize, of_git: f64) {
    let remotes = [(Role::Security, "a"), (Role::Canonical, "b")].map(|(role, side)| {
        let path = folder.join(format!("{}.git", role.word()));
        remote(repository, &path, side, releases);
        (role, path.display().to_string())
    });
    let component = Component {
        name: "big".to_owned(),
        urls: remotes.clone().into(),
        clone: Some(repository.display().to_string()),
        branches: Vec::new(),
        tags: Vec::new(),
        pin: None,
        fixes: Vec::new(),
        memory: String::new(),
        is_embargoed: false,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::ZERO,
    };
    std::thread::sleep(SETTLED);
    let (git, cancel, store) = (Git::find().expect("git"), Cancel::default(), folder.join("components"));
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("an instant");
    let patience = Duration::from_secs(60);
    let looker = Looker { git: &git, folder: &store, may_ask: false, patience, now, cancel: &cancel };
    let begin = Instant::now();
    let first = looker.look(&component);
    println!("\n{releases} pairs, a whole look at two remotes on this machine");
    println!("  the first                           {:10.2} ms", millis(begin));
    assert_eq!((first.pairs.len(), &first.errors[..]), (releases, &[][..]));
    assert!(first.pairs.iter().all(|pair| !matches!(pair.state, PairState::Unknown(_))));
    let one = Component { branches: vec!["*".to_owned()], ..component.clone() };
    let begin = Instant::now();
    let asked_otherwise = looker.look(&one);
    told("graph and merges kept, all else anew", millis(begin), of_git, 100);
    assert_eq!(asked_otherwise.pairs, first.pairs);
    let again = median(15, || assert_eq!(looker.look(&component).pairs.len(), releases));
    told("nothing changed, in process", again, of_git, 2_000);
}

/// A bare repository with one side of each pair as its branches, which borrows the objects.
fn remote(from: &Path, to: &Path, side: &str, releases: usize) {
    let made = Command::new("git").args(["init", "-q", "--bare", "-b", "main"]).arg(to).status().expect("git");
    assert!(made.success());
    fs::write(to.join("objects/info/alternates"), format!("{}\n", from.join("objects").display())).expect("a file");
    let listed = history::git(
        from,
        &["for-each-ref", "--format=%(objectname) %(refname:lstrip=3)", &format!("refs/heads/{side}/")],
    );
    assert_eq!(listed.lines().count(), releases);
    let lines: String = listed
        .lines()
        .map(|line| {
            let (oid, name) = line.split_once(' ').expect("an id and a name");
            format!("{oid} refs/heads/release-{name}\n")
        })
        .fold("# pack-refs with: peeled fully-peeled sorted \n".to_owned(), |all, line| all + &line);
    fs::write(to.join("packed-refs"), lines).expect("a file");
}
