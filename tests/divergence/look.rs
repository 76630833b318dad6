//! A whole look at a component, against the truth of the fixture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use fixlead::divergence::{
    Component, Expected, FixState, Flag, Leak, LeakHow, Leaks, Oid, Pair, PairState, PinAt, Plan, Report, Role, Side,
    Wanted,
};
use fixlead::git::{Cancel, Git};
use fixlead::look::Looker;
use jiff::{SignedDuration, Timestamp};

use crate::fixture::truth::ROLES;
use crate::fixture::{Fixture, IN_ORDER, git};

/// A component of the three remotes of a fixture, with every embargoed fix of its truth.
pub fn component(fixture: &Fixture) -> Component {
    let wanted = fixture.truth.fixes.iter();
    Component {
        name: "gateway".into(),
        urls: ROLES.map(|role| (role, fixture.remote(role).display().to_string())).into(),
        clone: Some(fixture.local().display().to_string()),
        branches: vec!["main".into(), "release-*".into()],
        tags: Vec::new(),
        pin: Some(crate::fixture::story::PIN.into()),
        fixes: wanted.map(|fix| Wanted { commit: fix.commit.to_string(), is_embargoed: fix.embargoed }).collect(),
        memory: String::new(),
        is_embargoed: true,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::ZERO,
    }
}

/// A look from a folder of its own, at an instant.
pub fn look(folder: &Path, component: &Component, at: &str) -> Report {
    let (git, cancel) = (Git::find().unwrap(), Cancel::default());
    let now: Timestamp = at.parse().unwrap();
    Looker { git: &git, folder, may_ask: false, patience: Duration::from_secs(20), now, cancel: &cancel }
        .look(component)
}

pub const NOON: &str = "2026-11-24T12:00:00Z";

fn assert_pairs(fixture: &Fixture, report: &Report) {
    let found: BTreeMap<&str, &Pair> = report.pairs.iter().map(|pair| (pair.branch.as_str(), pair)).collect();
    assert_eq!(found.len(), fixture.truth.branches.len());
    for (name, truth) in &fixture.truth.branches {
        let (pair, told) = (found[name.as_str()], format!("{name}, {}", truth.situation));
        assert_eq!(pair.state.word(), truth.state, "{told}: {:?}", pair.state);
        assert_eq!(pair.counts, truth.counts, "{told}");
        for (side, role) in pair.tips.iter().zip([Role::Security, Role::Canonical]) {
            let tip = truth.tips.get(&role).map_or(Side::Absent, |tip| Side::Tip(*tip));
            assert_eq!(*side, tip, "{told}");
        }
        let words = Flag::ALL.iter().filter(|(_, flag)| *flag != Flag::Planned && pair.flags.contains(flag));
        let words: BTreeSet<&str> = words.map(|(word, _)| *word).collect();
        assert_eq!(words, truth.flags().into_iter().collect(), "{told}");
        if let PairState::DivergedConflict(conflicts) = &pair.state {
            let conflicts = conflicts.iter().map(|conflict| (conflict.path.as_str(), conflict.kind.as_str()));
            assert_eq!(conflicts.collect::<Vec<_>>(), truth.conflicts, "{told}");
        }
        if truth.counts.is_some_and(|(ahead, behind)| ahead > 0 && behind > 0) && truth.state != "unrelated" {
            assert_eq!(pair.equal_patches, Some(truth.equal_patches), "{told}");
        }
    }
}

fn assert_tags(fixture: &Fixture, report: &Report) {
    let found = report.tags.iter().map(|tag| (tag.name.clone(), tag.state.word()));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), fixture.truth.tags);
}

fn assert_fixes(fixture: &Fixture, report: &Report) {
    let found = |number: usize, branch: &str, role: Role| {
        let commit = fixture.truth.fixes[number - 1].commit;
        let row = report.fixes.iter().find(|row| row.commit == commit).unwrap();
        row.branches.get(branch).and_then(|remotes| remotes.get(&role)).map(FixState::word)
    };
    for (name, truth) in &fixture.truth.branches {
        for fix in &fixture.truth.fixes {
            for role in ROLES {
                let told = format!("F{} on {name} of {}, {}", fix.number, role.word(), truth.situation);
                assert_eq!(found(fix.number, name, role), truth.fixes.get(&(fix.number, role)).copied(), "{told}");
            }
        }
    }
}

fn assert_pins(fixture: &Fixture, report: &Report) {
    assert_eq!(report.pins.len(), fixture.truth.branches.len());
    for row in &report.pins {
        let truth = &fixture.truth.branches[&row.branch];
        assert_eq!(row.state.word(), truth.pin, "{}, {}", row.branch, truth.situation);
        let texts = row.remotes.iter().filter_map(|(role, pin)| match pin {
            PinAt::Text(text) => Some((*role, text.trim().to_owned())),
            _ => None,
        });
        let told = truth.pins.iter().map(|(role, pin)| (*role, pin.trim().to_owned()));
        assert_eq!(texts.collect::<BTreeMap<_, _>>(), told.collect(), "{}", row.branch);
    }
}

fn assert_leaks(fixture: &Fixture, report: &Report) {
    let Some(Leaks::Looked { refs, found }) = &report.leaks else { panic!("{:?}", report.leaks) };
    assert!(*refs > fixture.truth.branches.len());
    let number = |commit: Oid| fixture.truth.fixes.iter().find(|fix| fix.commit == commit).unwrap().number;
    let found = found.iter().map(|leak| (number(leak.fix), leak.reference.as_str(), leak.how.word(), leak.commit));
    let told = fixture.truth.leaks.iter();
    let told = told.map(|leak| (leak.fix, leak.reference.as_str(), leak.how, leak.commit));
    assert_eq!(found.collect::<BTreeSet<_>>(), told.collect());
}

#[test]
fn a_look_finds_what_is_true_of_every_situation() {
    for (branches, seed) in [(3, IN_ORDER), (40, IN_ORDER), (40, 5)] {
        let (fixture, folder) = (Fixture::build(branches, seed), tempfile::tempdir().unwrap());
        let report = look(folder.path(), &component(&fixture), NOON);
        assert_eq!(report.errors, Vec::<String>::new());
        assert_pairs(&fixture, &report);
        assert_tags(&fixture, &report);
        assert_fixes(&fixture, &report);
        assert_pins(&fixture, &report);
        assert_leaks(&fixture, &report);
    }
}

#[test]
fn a_private_commit_that_nobody_named_is_told_once_it_is_public_though_the_pair_is_equal() {
    let (fixture, folder) = (Fixture::build(3, IN_ORDER), tempfile::tempdir().unwrap());
    let embargo = Component { fixes: Vec::new(), memory: "slate-kangaroo".into(), ..component(&fixture) };
    let (security, canonical) = (fixture.remote(Role::Security), fixture.remote(Role::Canonical));
    let leaks = |at: &str, component: &Component| look(folder.path(), component, at).leaks.unwrap();
    assert_eq!(leaks(NOON, &embargo).is_clear(), Some(true));
    let private = fixture.truth.branches["release-2"].tips[&Role::Security];
    git(&canonical, &["fetch", "-q", &security.display().to_string(), "+refs/heads/release-2:refs/heads/release-2"]);
    for at in ["2026-11-24T12:05:00Z", "2026-11-24T12:10:00Z"] {
        let report = look(folder.path(), &embargo, at);
        let pair = report.pairs.iter().find(|pair| pair.branch == "release-2").unwrap();
        assert_eq!(pair.state, PairState::Equal);
        let leak = Leak { fix: private, reference: "refs/heads/release-2".into(), how: LeakHow::Id, commit: private };
        assert!(report.leaks.unwrap().found().contains(&leak), "{at}");
    }
    let another = Component { memory: "fern-badger".into(), ..embargo };
    assert_eq!(leaks("2026-11-24T12:15:00Z", &another).is_clear(), Some(true), "it was public before that one began");
}

#[test]
fn a_mirror_is_late_only_after_its_time() {
    let (fixture, folder) = (Fixture::build(40, IN_ORDER), tempfile::tempdir().unwrap());
    let lagging = Component { may_lag: SignedDuration::from_hours(1), fixes: Vec::new(), ..component(&fixture) };
    let plan = |at: &str| {
        let pairs = look(folder.path(), &lagging, at).pairs;
        pairs.into_iter().find(|pair| pair.branch == "release-4").map(|pair| (pair.state, pair.plan)).unwrap()
    };
    assert_eq!(plan(NOON), (PairState::CanonicalAhead, Plan::AsPlanned));
    assert_eq!(plan("2026-11-24T13:00:00Z").1, Plan::AsPlanned);
    assert_eq!(plan("2026-11-24T13:00:01Z").1, Plan::Unplanned);
}
