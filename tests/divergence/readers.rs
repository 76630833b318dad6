//! The small readers: version pins, what else a branch brings, and what may be a fix.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use fixlead::divergence::{Oid, PinAt, Role};
use fixlead::git::others::{self, Branch};
use fixlead::git::patches::Place;
use fixlead::git::{Cancel, Graph, offered, pins, row};

use crate::fixture::story::PIN;
use crate::fixture::{Fixture, IN_ORDER, git as plain, git_tried};
use crate::repos::{Repos, git};

/// Asks something of a repository.
fn at<T>(repository: &Path, ask: impl FnOnce(Place<'_>) -> T) -> T {
    let (git, cancel) = (git(), Cancel::default());
    ask(Place { git: &git, repository, cancel: &cancel })
}

fn oid(text: &str) -> Oid {
    text.parse().unwrap()
}

fn oids(told: &str) -> Vec<Oid> {
    told.lines().map(oid).collect()
}

#[test]
fn every_pin_of_every_branch_is_read_at_once() {
    let fixture = Fixture::build(40, IN_ORDER);
    let tips: BTreeSet<Oid> =
        fixture.truth.branches.values().flat_map(|branch| branch.tips.values()).copied().collect();
    let found = at(&fixture.everything(), |place| pins::read(place, &tips, PIN));
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), tips);
    for (name, branch) in &fixture.truth.branches {
        for (role, tip) in &branch.tips {
            let told = branch.pins.get(role).map_or(PinAt::FileMissing, |text| PinAt::Text(text.clone()));
            assert_eq!(found[tip], told, "{name} of {}: {}", role.word(), branch.situation);
        }
    }
}

/// What is read of each of these paths at the tip of `plain`.
fn pins_of(repos: &Repos, paths: &[&str]) -> Vec<PinAt> {
    let tip = oid(&repos.git("plain", &["rev-parse", "HEAD"]));
    let folder = repos.path("plain/.git");
    paths.iter().map(|path| at(&folder, |place| pins::read(place, &[tip].into(), path))[&tip].clone()).collect()
}

#[test]
fn what_is_no_small_file_is_unknown_with_its_reason() {
    let repos = Repos::filled();
    let plain = repos.path("plain");
    fs::create_dir_all(plain.join("a/b")).unwrap();
    fs::write(plain.join("a/b/pin"), b"v1\xff").unwrap();
    fs::write(plain.join("a/long"), "x".repeat(4097)).unwrap();
    fs::write(plain.join("a/short"), "x".repeat(4096)).unwrap();
    fs::write(plain.join("line\nfeed"), "v2").unwrap();
    fs::write(plain.join("empty"), "").unwrap();
    std::os::unix::fs::symlink("c1", plain.join("link")).unwrap();
    std::os::unix::fs::symlink("a", plain.join("folder_link")).unwrap();
    let head = repos.git("plain", &["rev-parse", "HEAD"]);
    repos.git("plain", &["update-index", "--add", "--cacheinfo", &format!("160000,{head},module")]);
    fs::create_dir(plain.join("module")).unwrap();
    repos.commit("plain", "more");
    let there = ["a/b/pin", "a/short", "line\nfeed", "empty", "gone", "a/gone", "gone/x", "c1/x", "c1/x/y"];
    let text = |text: &str| PinAt::Text(text.to_owned());
    let files = [text("v1\u{fffd}"), text(&"x".repeat(4096)), text("v2"), text("")];
    assert_eq!(pins_of(&repos, &there)[..4], files);
    assert_eq!(pins_of(&repos, &there)[4..], [(); 5].map(|()| PinAt::FileMissing));
    for (path, why) in [
        ("a", "it is a folder"),
        ("a/long", "it is longer than 4096 bytes"),
        ("link", "a symbolic link, which is not followed"),
        ("folder_link/short", "a symbolic link, which is not followed"),
        ("module", "a submodule"),
        ("module/x", "a submodule"),
    ] {
        let found = pins_of(&repos, &[path]).remove(0);
        assert!(matches!(&found, PinAt::Unknown(told) if told.contains(why)), "{path}: {found:?}");
    }
    for path in ["", "/c1", "c1/", "a//b", "../plain/c1", "./c1", "a/../c1", "c1\0"] {
        let found = pins_of(&repos, &[path]).remove(0);
        assert!(matches!(&found, PinAt::Unknown(told) if told.contains("path")), "{path:?}: {found:?}");
    }
}

#[test]
fn a_pin_of_which_an_object_is_lost_is_unknown_and_never_missing() {
    for lost in ["HEAD", "HEAD^{tree}", "HEAD:a", "HEAD:a/pin"] {
        let repos = Repos::new();
        repos.fill("plain", &[]);
        fs::create_dir(repos.path("plain/a")).unwrap();
        fs::write(repos.path("plain/a/pin"), "v1").unwrap();
        repos.commit("plain", "more");
        let object = repos.git("plain", &["rev-parse", lost]);
        let (lost_tip, other) =
            (oid(&repos.git("plain", &["rev-parse", "HEAD"])), oid(&repos.git("plain", &["rev-parse", "HEAD~1"])));
        fs::remove_file(repos.path("plain/.git/objects").join(&object[..2]).join(&object[2..])).unwrap();
        let found = at(&repos.path("plain/.git"), |place| pins::read(place, &[lost_tip, other].into(), "a/pin"));
        assert!(matches!(&found[&lost_tip], PinAt::Unknown(why) if why.contains("missing")), "{lost}: {found:?}");
        assert_eq!(found[&other], PinAt::FileMissing, "what is lost of one tip says nothing of another");
    }
}

/// The graph of all that a repository holds.
fn graph(repository: &Path) -> Graph {
    let mut graph = Graph::default();
    let rows = plain(repository, &["rev-list", "--all", "--parents", "--topo-order", "--reverse"]);
    graph.add(rows.lines().map(|line| row(line).unwrap()), &HashSet::new());
    graph
}

/// What plain git finds between two tips, one merge after the other.
fn others_of_git(repository: &Path, tip: Oid, not: Oid, fixes: &BTreeSet<Oid>) -> BTreeSet<Oid> {
    let all = oids(&plain(repository, &["rev-list", &tip.to_string(), &format!("^{not}")]));
    let is_empty_merge = |commit: &Oid| {
        let is_merge = git_tried(repository, &["rev-parse", "-q", "--verify", &format!("{commit}^2")], b"").0;
        is_merge && plain(repository, &["show", "--remerge-diff", "--format=", &commit.to_string()]).is_empty()
    };
    all.into_iter().filter(|commit| !fixes.contains(commit) && !is_empty_merge(commit)).collect()
}

#[test]
fn what_else_a_branch_brings_is_what_git_finds_there() {
    let fixture = Fixture::build(40, IN_ORDER);
    let everything = fixture.everything();
    let graph = graph(&everything);
    let fixes: BTreeSet<Oid> = fixture.truth.fixes.iter().map(|fix| fix.commit).collect();
    let both = |[tip, not]: [Role; 2]| {
        let of = fixture.truth.branches.iter();
        of.filter_map(move |(name, told)| Some((name.clone(), *told.tips.get(&tip)?, *told.tips.get(&not)?)))
    };
    // Canonical brings merges, so that the other way round is asked as well.
    let sides = [[Role::Security, Role::Canonical], [Role::Canonical, Role::Security]];
    let mut asked: BTreeMap<String, Branch> = BTreeMap::new();
    for side in sides {
        asked.extend(
            both(side).map(|(name, tip, not)| (format!("{name} {}", side[0].word()), Branch { tip, not: vec![not] })),
        );
    }
    let evil = fixture.truth.leaks.iter().find(|leak| leak.reference == "refs/heads/wip/evil").unwrap().commit;
    let main = fixture.truth.branches["main"].tips[&Role::Canonical];
    asked.insert("evil".to_owned(), Branch { tip: evil, not: vec![main] });
    let branches: Vec<Branch> = asked.values().cloned().collect();
    let scratch = tempfile::tempdir().unwrap();
    let found = at(&everything, |place| others::read(place, scratch.path(), &graph, &branches, &fixes));
    let (mut merges, mut told) = (0, 0);
    for ((name, branch), found) in asked.iter().zip(found) {
        let found: BTreeSet<Oid> = found.unwrap().into_iter().collect();
        assert_eq!(found, others_of_git(&everything, branch.tip, branch.not[0], &fixes), "{name}");
        let range = [branch.tip.to_string(), format!("^{}", branch.not[0])];
        merges += oids(&plain(&everything, &["rev-list", "--merges", &range[0], &range[1]])).len();
        told += found.len();
    }
    assert!(merges > 2 && told > 50, "{merges} merges, {told} others");
    assert!(others_of_git(&everything, evil, main, &fixes).contains(&evil), "an evil merge adds something");
}

#[test]
fn a_merge_that_is_another_than_git_makes_it_is_told() {
    let repos = Repos::filled();
    let git = |arguments: &[&str]| repos.git("plain", arguments);
    // Private branches from before what is public came, each with a merge of it.
    let public = repos.commit("plain", "public");
    git(&["switch", "-q", "-c", "extra", "other"]);
    let extra = repos.commit("plain", "extra");
    for branch in ["as-git", "ours", "dropped", "decided", "octopus"] {
        git(&["switch", "-q", "-c", branch, "main~1"]);
        if branch == "decided" {
            fs::write(repos.path("plain/public"), "private").unwrap();
            git(&["add", "-A"]);
            git(&["commit", "-qm", "private"]);
        } else {
            repos.commit("plain", "private");
        }
    }
    for (branch, arguments) in [
        ("as-git", &["merge", "-q", "--no-edit", "main"][..]),
        ("ours", &["merge", "-q", "--no-edit", "-s", "ours", "main"]),
        ("dropped", &["merge", "-q", "--no-commit", "main"]),
        ("decided", &["merge", "-q", "--no-edit", "-X", "theirs", "main"]),
        ("octopus", &["merge", "-q", "--no-edit", "main", "extra"]),
    ] {
        git(&["switch", "-q", branch]);
        git(arguments);
        if branch == "dropped" {
            git(&["rm", "-q", "-f", "public"]);
            git(&["commit", "-qm", "merge"]);
        }
    }
    let before = repos.bytes("plain");
    let (graph, scratch) = (graph(&repos.path("plain")), tempfile::tempdir().unwrap());
    let not = vec![oid(&public), oid(&extra)];
    let is_told = |branch: &str| {
        let tip = oid(&git(&["rev-parse", branch]));
        let asked = [Branch { tip, not: not.clone() }];
        let found = at(&repos.path("plain/.git"), |place| {
            others::read(place, scratch.path(), &graph, &asked, &BTreeSet::new()).remove(0).unwrap()
        });
        assert!(found.len() == 1 + usize::from(found.contains(&tip)), "its own commit is told, and the merge or not");
        found.contains(&tip)
    };
    let told = ["as-git", "ours", "dropped", "decided", "octopus"].map(is_told);
    assert_eq!(told, [false, true, true, true, true]);
    assert!(repos.bytes("plain") == before, "the repository is as it was");
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn what_else_a_branch_brings_is_unknown_where_it_can_not_be_read() {
    let repos = Repos::filled();
    repos.git("plain", &["switch", "-q", "other"]);
    repos.commit("plain", "beside");
    repos.git("plain", &["merge", "-q", "--no-edit", "main"]);
    let (folder, head) = (repos.path("plain/.git"), oid(&repos.git("plain", &["rev-parse", "HEAD"])));
    let main = oid(&repos.git("plain", &["rev-parse", "main"]));
    let graph = graph(&repos.path("plain"));
    let ask = |graph: &Graph, tip: Oid, not: Vec<Oid>| {
        at(&folder, |place| others::read(place, &repos.path("."), graph, &[Branch { tip, not }], &BTreeSet::new()))
            .remove(0)
    };
    let beside = oid(&repos.git("plain", &["rev-parse", "HEAD^1"]));
    assert_eq!(ask(&graph, head, vec![main]), Ok(vec![beside]), "the merge adds nothing");
    assert_eq!(ask(&graph, head, vec![main, beside]), Ok(Vec::new()));
    assert_eq!(ask(&graph, head, Vec::new()).unwrap().len(), 7);
    let nowhere = oid(&"1".repeat(40));
    assert!(ask(&graph, nowhere, vec![main]).is_err() && ask(&graph, head, vec![nowhere]).is_err());
    // The graph knows the merge, git can't read it any more.
    let head = head.to_string();
    fs::remove_file(repos.path("plain/.git/objects").join(&head[..2]).join(&head[2..])).unwrap();
    assert!(ask(&graph, oid(&head), vec![main]).is_err());
    let mut cut = Graph::default();
    cut.add([(main, vec![nowhere]), (oid(&head), vec![main])], &HashSet::new());
    assert!(ask(&cut, oid(&head), vec![beside]).is_err());
}

#[test]
fn a_branch_that_brings_far_too_much_is_not_told_in_part() {
    let rows =
        (1..=1002_u32).map(|number| (oid(&format!("{number:040x}")), vec![oid(&format!("{:040x}", number - 1))]));
    let mut graph = Graph::default();
    graph.add([(oid(&format!("{:040x}", 0)), Vec::new())], &HashSet::new());
    graph.add(rows, &HashSet::new());
    let branch = |not: u32| Branch { tip: oid(&format!("{:040x}", 1002)), not: vec![oid(&format!("{not:040x}"))] };
    let repos = Repos::new();
    let found = at(&repos.path("."), |place| {
        others::read(place, &repos.path("."), &graph, &[branch(1), branch(2)], &BTreeSet::new())
    });
    assert_eq!(found[0], Err("it brings 1001 commits, and no more than 1000 are looked at".to_owned()));
    assert_eq!(found[1].as_ref().map(Vec::len), Ok(1000));
}

#[test]
fn what_the_public_branch_lacks_is_offered_newest_first() {
    let repos = Repos::filled();
    repos.git("plain", &["switch", "-q", "-c", "private"]);
    let hostile = "fix \u{1b}]0;x\u{7}\u{202e}evil";
    repos.git("plain", &["commit", "-q", "--allow-empty", "-m", &format!("{hostile}\nsecond line\n\nbody")]);
    let picked = repos.commit("plain", "picked");
    let fix = repos.commit("plain", "fix");
    repos.git("plain", &["commit", "-q", "--allow-empty", "-m", &"x".repeat(100_000)]);
    repos.git("plain", &["switch", "-q", "main"]);
    repos.commit("plain", "public");
    repos.git("plain", &["cherry-pick", &picked]);
    repos.git("plain", &["switch", "-q", "private"]);
    repos.git("plain", &["merge", "-q", "--no-edit", "main"]);
    let tip = |name: &str| oid(&repos.git("plain", &["rev-parse", name]));
    let offered = |private: &str, public: &str| {
        at(&repos.path("plain/.git"), |place| offered::read(place, tip(private), tip(public)))
    };
    let found = offered("private", "main").unwrap();
    let subjects: Vec<&str> = found.iter().map(|offered| offered.subject.as_str()).collect();
    assert_eq!(
        subjects,
        ["x".repeat(subjects[0].len()).as_str(), "fix", "picked", &format!("{hostile} second line")],
        "{subjects:?}"
    );
    assert!(subjects[0].len() < 1000);
    assert_eq!(found[1].commit, oid(&fix));
    // Before the merge both have the patch of the picked one since they parted.
    let before: Vec<String> =
        offered("private^1", "main").unwrap().into_iter().map(|offered| offered.subject).collect();
    assert_eq!(before[1..], ["fix".to_owned(), format!("{hostile} second line")]);
    assert_eq!(offered("main", "private").unwrap(), []);
    for number in 0..60 {
        repos.git("plain", &["commit", "-q", "--allow-empty", "-m", &format!("number {number}")]);
    }
    let many = offered("private", "main").unwrap();
    assert_eq!((many.len(), many[0].subject.as_str()), (50, "number 59"));
    let gone = at(&repos.path("plain/.git"), |place| offered::read(place, oid(&"1".repeat(40)), tip("main")));
    assert!(gone.is_err());
    let told = at(&repos.path("plain/.git"), |place| offered::subjects(place, &[oid(&fix), oid(&picked)])).unwrap();
    assert_eq!(told, [(oid(&fix), "fix".to_owned()), (oid(&picked), "picked".to_owned())].into());
    assert!(at(&repos.path("plain/.git"), |place| offered::subjects(place, &[oid(&"1".repeat(40))])).is_err());
}
