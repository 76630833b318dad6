//! Where each fix is, and what leaked, against the truth of the fixture.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use fixlead::divergence::{FixSeen, FixState, LeakHow, Oid, Role};
use fixlead::git::fixes::{Tip, look};
use fixlead::git::patches::Place;
use fixlead::git::{Cancel, Git};

use crate::fixture::{Fixture, IN_ORDER, git};

/// What is seen of each fix at each tip, with reach as plain git has it.
fn seen(repository: &Path, fixes: &[Oid], tips: &[Tip]) -> Vec<Vec<FixSeen>> {
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
