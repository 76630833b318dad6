//! Whole looks: remotes asked, branches compared, and the answer again where nothing has changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use fixlead::divergence::{Component, Expected, PairState, Role};
use fixlead::git::{Cancel, Git};
use fixlead::look::{Hearer, Looker, all};
use jiff::{SignedDuration, Timestamp};

use crate::{history, median, millis, told};

/// So many components are watched.
const FLEET: usize = 300;
/// Changes so short ago are not taken for settled.
pub const SETTLED: Duration = Duration::from_secs(4);

/// All pairs of a history as the branches of two remotes, beside what plain git took for the counts alone. `share` is the
/// budget of a whole process.
pub fn pairs(folder: &Path, repository: &Path, releases: usize, of_git: f64, share: u32) {
    let remotes = [(Role::Security, "a"), (Role::Canonical, "b")].map(|(role, side)| {
        let path = folder.join(format!("{}.git", role.word()));
        remote(repository, &path, side, releases);
        (role, path.display().to_string())
    });
    let borrowing =
        Component { clone: Some(repository.display().to_string()), ..component("big", remotes.clone().into()) };
    std::thread::sleep(SETTLED);
    let (git, cancel, store) = (Git::find().expect("git"), Cancel::default(), folder.join("data/components"));
    let now = Timestamp::now();
    let patience = Duration::from_secs(60);
    let looker =
        Looker { git: &git, folder: &store, may_ask: false, patience, now, cancel: &cancel, hearer: Hearer::default() };
    let begin = Instant::now();
    let first = looker.look(&borrowing);
    println!("\n{releases} pairs, a whole look at two remotes on this machine");
    println!("  the first                           {:10.2} ms", millis(begin));
    assert_eq!((first.pairs.len(), &first.errors[..]), (releases, &[][..]));
    assert!(first.pairs.iter().all(|pair| !matches!(pair.state, PairState::Unknown(_))));
    // Another question each time, so that nothing but the graph and what git told of two tips is kept.
    let mut number = 0;
    let anew = median(5, || {
        number += 1;
        let asked = Component { name: format!("big {number}"), ..borrowing.clone() };
        assert_eq!(looker.look(&asked).pairs, first.pairs);
    });
    told("one look, graph cached", anew, of_git, share);
    let verb = |name: &str| {
        let me = Command::new(env!("CARGO_BIN_EXE_fixlead"))
            .args(["divergence", "--json", "--name", name, "--clone", &repository.display().to_string()])
            .args(["--security", &remotes[0].1, "--canonical", &remotes[1].1])
            .env("FIXLEAD_DATA_DIR", folder.join("data"))
            .env("FIXLEAD_CONFIG_DIR", folder.join("config"))
            .output();
        assert!(me.expect("it starts").stdout.len() > releases * 100);
    };
    let whole = median(5, || {
        number += 1;
        verb(&format!("big {number}"));
    });
    told("the verb, whole process", whole, of_git, share);
    let again = median(15, || verb("big 1"));
    told("the verb, nothing changed", again, of_git, share);
    // What no part of this program can be quicker than.
    let started = median(15, || drop(history::git(folder, &["version"])));
    println!("  one `git version` by itself         {started:10.2} ms");
    let plain = Component { clone: None, ..borrowing };
    let _ = looker.look(&plain);
    let again = median(15, || assert_eq!(looker.look(&plain).pairs.len(), releases));
    told("nothing changed, in process", again, of_git, 2_000);
    let same = Component { name: "the same tips".to_owned(), ..plain };
    let mut number = 0;
    let known = median(5, || {
        number += 1;
        let asked = Component { name: format!("{} {number}", same.name), ..same.clone() };
        assert_eq!(looker.look(&asked).pairs, first.pairs);
    });
    told("one look without a clone", known, of_git, share);
}

/// Many small components of which nothing has changed, beside one listing of the refs of each.
pub fn fleet(folder: &Path) {
    let (git, cancel, store) = (Git::find().expect("git"), Cancel::default(), folder.join("fleet"));
    fs::create_dir(&store).expect("a folder");
    let make = |number: usize| small(&folder.join("small"), number);
    let components: Vec<Component> = (0..FLEET).map(make).collect();
    std::thread::sleep(SETTLED);
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("an instant");
    let patience = Duration::from_secs(60);
    let looker =
        Looker { git: &git, folder: &store, may_ask: false, patience, now, cancel: &cancel, hearer: Hearer::default() };
    let begin = Instant::now();
    let first = all(looker, &components);
    println!(
        "\n{FLEET} components of 5 branches on two remotes on this machine\n  the first                           {:10.2} ms",
        millis(begin)
    );
    assert!(first.iter().all(|report| report.pairs.len() == 5 && report.errors.is_empty()));
    let listed = |count: usize| {
        median(3, || {
            for component in &components[..count] {
                history::git(Path::new(&component.urls[&Role::Security]), &["for-each-ref"]);
            }
        })
    };
    for count in [FLEET / 3, FLEET] {
        let of_git = listed(count);
        let again = median(15, || assert_eq!(all(looker, &components[..count]).len(), count));
        told(&format!("nothing changed, {count} components"), again, of_git, 50);
    }
}

fn small(folder: &Path, number: usize) -> Component {
    let remotes = [Role::Security, Role::Canonical].map(|role| {
        let path = folder.join(format!("{number}-{}.git", role.word()));
        if number == 0 && role == Role::Security {
            fs::create_dir_all(&path).expect("a folder");
            history::git(&path, &["init", "-q", "--bare", "-b", "main"]);
            let tree = history::git(&path, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
            let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
            let commit = history::git(&path, &[&identity[..], &["commit-tree", "-m", "begin", tree.trim()]].concat());
            for branch in ["main", "release-1", "release-2", "release-3", "release-4"] {
                history::git(&path, &["update-ref", &format!("refs/heads/{branch}"), commit.trim()]);
            }
        } else {
            let copied = Command::new("cp").arg("-r").arg(folder.join("0-security.git")).arg(&path).status();
            assert!(copied.expect("cp").success());
        }
        (role, path.display().to_string())
    });
    component(&format!("small-{number}"), remotes.into())
}

fn component(name: &str, urls: BTreeMap<Role, String>) -> Component {
    Component {
        name: name.to_owned(),
        urls,
        clone: None,
        branches: Vec::new(),
        tags: Vec::new(),
        pin: None,
        fixes: Vec::new(),
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: false,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::ZERO,
    }
}

/// A bare repository with one side of each pair as its branches, which borrows the objects.
pub fn remote(from: &Path, to: &Path, side: &str, releases: usize) {
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
