//! Where each fix is, and what leaked, against the truth of the fixture.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use fixlead::divergence::{FixSeen, FixState, LeakHow, Oid, Role};
use fixlead::git::fixes::{Tip, look};
use fixlead::git::patches::Place;
use fixlead::git::{Below, Cancel, Git, Graph, row};

use crate::fixture::stream::{Commit, Stream};
use crate::fixture::{Fixture, IN_ORDER, git, import};

/// What is seen of each fix at each tip, with reach as plain git has it.
fn seen(repository: &Path, fixes: &[Oid], tips: &[Tip]) -> Vec<Vec<Arc<FixSeen>>> {
    let program = Git::find().unwrap();
    let cancel = Cancel::default();
    let mut below: HashMap<Oid, HashSet<Oid>> = HashMap::new();
    let place = Place { git: &program, repository, cancel: &cancel };
    let reaches = |tip: Oid, commit: Oid| {
        let list =
            || git(repository, &["rev-list", &tip.to_string()]).lines().map(|oid| oid.parse().unwrap()).collect();
        Some(below.entry(tip).or_insert_with(list).contains(&commit))
    };
    look(place, fixes, tips, reaches, None).seen
}

/// Every ref of every remote, as a commit.
fn tips(fixture: &Fixture) -> BTreeMap<(Role, String), Tip> {
    let names = fixture.truth.refs.keys().cloned();
    let commit = |(role, name): &(Role, String)| {
        let reference = format!("refs/fixture/{}/{}^{{commit}}", role.word(), &name[5..]);
        git(&fixture.everything(), &["rev-parse", &reference]).parse().unwrap()
    };
    names.map(|key| (key.clone(), Tip { commit: commit(&key), is_private: !key.0.is_public() })).collect()
}

fn assert_every_fix_and_leak(fixture: &Fixture) {
    let tips = tips(fixture);
    let fixes: Vec<Oid> = fixture.truth.fixes.iter().map(|fix| fix.commit).collect();
    let list: Vec<Tip> = tips.values().copied().collect();
    let seen = seen(&fixture.everything(), &fixes, &list);
    let state = |number: usize, at: &(Role, String)| {
        let place = tips.keys().position(|known| known == at).unwrap();
        FixState::of(&seen[number - 1][place])
    };
    for (name, branch) in &fixture.truth.branches {
        for ((number, role), word) in &branch.fixes {
            let found = state(*number, &(*role, format!("refs/heads/{name}")));
            assert_eq!(found.word(), *word, "F{number} on {name} of {}: {}", role.word(), branch.situation);
        }
    }
    let mut leaks = BTreeSet::new();
    for (at, tip) in tips.iter().filter(|((role, _), _)| role.is_public()) {
        for fix in fixture.truth.fixes.iter().filter(|fix| fix.embargoed) {
            let (how, commit) = match state(fix.number, at) {
                FixState::ById(commit) => (LeakHow::Id, commit),
                FixState::ByPatch(commit) => (LeakHow::Patch, commit),
                FixState::ByContent => (LeakHow::Content, tip.commit),
                FixState::Absent => continue,
                other => panic!("F{} on {}: {other:?}", fix.number, at.1),
            };
            leaks.insert((fix.number, at.1.as_str(), how.word(), commit));
        }
    }
    let told = fixture.truth.leaks.iter();
    assert_eq!(leaks, told.map(|leak| (leak.fix, leak.reference.as_str(), leak.how, leak.commit)).collect());
}

#[test]
fn every_fix_and_every_leak_is_found_and_no_other() {
    assert_every_fix_and_leak(&Fixture::build(40, IN_ORDER));
    assert_every_fix_and_leak(&Fixture::build(32, 11));
}

#[test]
fn what_git_can_not_read_is_unknown_and_never_absent() {
    let fixture = Fixture::build(3, IN_ORDER);
    let (fix, lost) = (fixture.truth.fixes[0].commit, "1".repeat(40).parse().unwrap());
    let tip = Tip { commit: fixture.truth.branches["main"].tips[&Role::Canonical], is_private: false };
    let program = Git::find().unwrap();
    let cancel = Cancel::default();
    let everything = fixture.everything();
    let place = Place { git: &program, repository: &everything, cancel: &cancel };
    let word = |fixes: &[Oid], reach: Option<bool>| {
        FixState::of(&look(place, fixes, &[tip], |_, _| reach, None).seen[0][0]).word()
    };
    assert_eq!(word(&[fix], Some(false)), "absent");
    assert_eq!(word(&[lost], Some(false)), "unknown", "there is no such commit");
    assert_eq!(word(&[fix], None), "unknown", "the history ends too early");
    cancel.cancel();
    assert_eq!(word(&[fix], Some(false)), "unknown", "it was cancelled");
}

/// The graph of all that the refs of a repository reach.
pub fn graph(repository: &Path) -> Graph {
    let mut graph = Graph::default();
    let told = git(repository, &["rev-list", "--all", "--parents", "--topo-order", "--reverse"]);
    graph.add(told.lines().map(|line| row(line).unwrap()), &HashSet::new());
    graph
}

#[test]
fn what_git_said_of_commits_is_kept_and_only_new_ones_are_asked_for() {
    let fixture = Fixture::build(32, IN_ORDER);
    let (everything, graph) = (fixture.everything(), graph(&fixture.everything()));
    let (program, cancel) = (Git::find().unwrap(), Cancel::default());
    let place = Place { git: &program, repository: &everything, cancel: &cancel };
    let fixes: Vec<Oid> = fixture.truth.fixes.iter().map(|fix| fix.commit).collect();
    let all: Vec<Tip> = tips(&fixture).values().copied().collect();
    let look = |tips: &[Tip], kept: Option<&Path>| {
        let mut below = Below::new(&graph);
        look(place, &fixes, tips, |tip, commit| below.is_below(tip, commit), kept)
    };
    let right = look(&all, None);
    assert_eq!(right.seen, seen(&everything, &fixes, &all), "by the graph it is what plain git says");

    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("commits");
    let text = || std::fs::read_to_string(&kept).unwrap();
    // Some tips come later than others.
    look(&all[..all.len() / 2], Some(&kept));
    assert_eq!(look(&all, Some(&kept)), right);
    assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    let told = text();
    let lines: BTreeSet<&str> = told.lines().filter(|line| line.starts_with("patch")).collect();
    assert_eq!(lines.len(), told.lines().filter(|line| line.starts_with("patch")).count(), "nothing is asked twice");
    assert_eq!(look(&all, Some(&kept)), right);
    assert_eq!(text(), told, "nothing was new");

    // However it is damaged, the answers stay what they are.
    let at = told.find("patch").unwrap() + 50;
    for damaged in [
        told[..told.len() / 3].to_owned(),
        told[..told.len() - 3].to_owned(),
        told.replacen("patch", "patch 0", 1),
        format!("{}{}", &told[..at], &told[at + 200..]),
        told.replace("\ngit 2", "\ngit 1"),
        "\0".repeat(5000),
        told.replacen(
            "
patch", "
lost", 3,
        ),
        String::new(),
    ] {
        std::fs::write(&kept, &damaged).unwrap();
        assert_eq!(look(&all, Some(&kept)), right, "{}", &damaged[..damaged.len().min(100)]);
        assert_eq!(look(&all, Some(&kept)), right, "after it was mended");
    }
}

#[test]
fn a_backport_to_another_path_is_known_by_its_own_patch_elsewhere() {
    let mut stream = Stream::new();
    let (old, new) = ("old/f.c", "new/f.c");
    let lines =
        |mended: bool| (0..40).map(move |at| format!("line {at}{}\n", if mended && at == 20 { " mended" } else { "" }));
    let (plain, mended): (String, String) = (lines(false).collect(), lines(true).collect());
    let past = stream.add(&Commit::new("begin").write(old, &plain));
    let main = stream.add(&Commit::new("move").rename(old, new).on(past));
    let fix = stream.add(&Commit::new("mend\n\nChange-Id: I1\n").write(new, &mended).on(main));
    let backport = stream.add(&Commit::new("mend\n\nChange-Id: I1\n").write(old, &mended).on(past));
    let elsewhere = stream.add(&Commit::new("other").write("x", "x\n").on(past));
    let leaked = stream.add(&Commit::new("tidy up").write(old, &mended).on(elsewhere));
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("all.git");
    let ids = import(&repository, &stream);
    let tip = |mark, is_private| Tip { commit: ids[&mark], is_private };
    let seen = seen(&repository, &[ids[&fix]], &[tip(fix, true), tip(backport, true), tip(leaked, false)]);
    let states: Vec<FixState> = seen[0].iter().map(|seen| FixState::of(seen)).collect();
    let expected = [FixState::ById(ids[&fix]), FixState::ByTrailer(ids[&backport]), FixState::ByPatch(ids[&leaked])];
    assert_eq!(states, expected);
}

#[test]
fn a_change_without_lines_is_told_by_its_files_or_not_at_all() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("a", "a\n b\n").write("x", ""));
    // White space leaves no line to look for, and an empty file is everywhere.
    let fix = stream.add(&Commit::new("indent").write("a", "a\n  b\n").write("y", "").on(begin));
    let later = stream.add(&Commit::new("more").write("a", "a\n  b\nc\n").on(fix));
    let other = stream.add(&Commit::new("another").write("a", "a\n b\nd\n").write("y", "").on(begin));
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("all.git");
    let ids = import(&repository, &stream);
    let tips = [begin, fix, later, other].map(|mark| Tip { commit: ids[&mark], is_private: false });
    let seen = seen(&repository, &[ids[&fix]], &tips);
    let words: Vec<&str> = seen[0].iter().map(|seen| FixState::of(seen).word()).collect();
    assert_eq!(words, ["absent", "by_id", "unknown", "unknown"], "{seen:?}");
}

#[test]
fn a_change_of_a_mode_is_not_seen_wherever_the_file_is() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("a", "a\n").write("run", "#!\n"));
    let fix = stream.add(&Commit::new("mend").write("a", "b\n").mode("run", "#!\n").on(begin));
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("all.git");
    let ids = import(&repository, &stream);
    let tips = [begin, fix].map(|mark| Tip { commit: ids[&mark], is_private: false });
    let seen = seen(&repository, &[ids[&fix]], &tips);
    assert_eq!(seen[0].iter().map(|seen| FixState::of(seen).word()).collect::<Vec<_>>(), ["absent", "by_id"]);
}

#[test]
fn a_fix_that_only_removes_a_file_is_told_by_who_removed_it() {
    let text = "one of many lines\n".repeat(40);
    let mut stream = Stream::new();
    let old = stream.add(&Commit::new("begin").write("a", "a\n"));
    let begin = stream.add(&Commit::new("add it").write("x.c", &text).on(old));
    let main = stream.add(&Commit::new("more").write("a", "b\n").on(begin));
    let fix = stream.add(&Commit::new("remove it").remove("x.c").on(main));
    let picked = stream.add(&Commit::new("remove it here").remove("x.c").on(begin));
    let back = stream.add(&Commit::new("it is back").write("x.c", &text).on(fix));
    let squash = stream.add(&Commit::new("clean up").remove("x.c").write("b", "b\n").on(begin));
    let moved = stream.add(&Commit::new("move it").rename("x.c", "y.c").on(begin));
    let never = stream.add(&Commit::new("other").write("c", "c\n").on(old));
    let lost = stream.add(&Commit::new("merge").remove("x.c").on(main).on(never));
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("all.git");
    let ids = import(&repository, &stream);
    let marks = [main, fix, picked, back, squash, moved, never, lost];
    let tips = marks.map(|mark| Tip { commit: ids[&mark], is_private: mark == fix });
    let seen = seen(&repository, &[ids[&fix]], &tips);
    let words: Vec<&str> = seen[0].iter().map(|seen| FixState::of(seen).word()).collect();
    let expected = ["absent", "by_id", "by_patch", "reverted", "by_content", "unknown", "absent", "unknown"];
    assert_eq!(words, expected, "{seen:?}");
}

#[test]
fn a_fix_that_only_changes_a_mode_is_told_by_the_mode() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").mode("run", "#!\n").write("a", "a\n"));
    let fix = stream.add(&Commit::new("no program").write("run", "#!\n").on(begin));
    let picked = stream.add(&Commit::new("none here").write("run", "#!\n").on(begin));
    let back = stream.add(&Commit::new("a program again").mode("run", "#!\n").on(fix));
    let squash = stream.add(&Commit::new("clean up").write("run", "#! 2\n").write("b", "b\n").on(begin));
    let other = stream.add(&Commit::new("other").mode("run", "#! 2\n").on(begin));
    let none = stream.add(&Commit::new("none").remove("run").on(begin));
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("all.git");
    let ids = import(&repository, &stream);
    let marks = [begin, fix, picked, back, squash, other, none];
    let tips = marks.map(|mark| Tip { commit: ids[&mark], is_private: mark == fix });
    let seen = seen(&repository, &[ids[&fix]], &tips);
    let words: Vec<&str> = seen[0].iter().map(|seen| FixState::of(seen).word()).collect();
    assert_eq!(words, ["absent", "by_id", "by_patch", "reverted", "by_content", "absent", "absent"], "{seen:?}");
}
