//! A whole look at a component, against the truth of the fixture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use fixlead::divergence::{
    Component, Expected, FixState, Flag, Leak, LeakHow, Leaks, Oid, Outcome, Pair, PairState, PinAt, Plan, Report,
    Role, Side, Tracking, Wanted,
};
use fixlead::git::{Cancel, Git};
use fixlead::look::memory::MOST_OF_A_REF;
use fixlead::look::{Hearer, Looker};
use jiff::{SignedDuration, Timestamp};

use crate::fixture::truth::ROLES;
use crate::fixture::{Fixture, IN_ORDER, git, git_fed};
use crate::hostile::of_two;
use crate::repos::Repos;

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
        has_fixes_elsewhere: false,
        is_embargoed: true,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::ZERO,
    }
}

/// A look from a folder of its own, at an instant.
pub fn look(folder: &Path, component: &Component, at: &str) -> Report {
    let (git, cancel) = (Git::find().unwrap(), Cancel::default());
    let now: Timestamp = at.parse().unwrap();
    Looker {
        git: &git,
        folder,
        may_ask: false,
        patience: Duration::from_secs(20),
        now,
        cancel: &cancel,
        hearer: Hearer::default(),
    }
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
    let embargo = Component {
        fixes: Vec::new(),
        has_fixes_elsewhere: true,
        memory: "slate-kangaroo".into(),
        ..component(&fixture)
    };
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

/// What a look finds leaked, by ref; none where that is not known.
fn leaked(report: &Report) -> Option<Vec<String>> {
    match report.leaks.as_ref()? {
        Leaks::Looked { found, .. } => {
            let refs: BTreeSet<&String> = found.iter().map(|leak| &leak.reference).collect();
            Some(refs.into_iter().cloned().collect())
        }
        Leaks::Unknown { .. } => None,
    }
}

/// A component under an embargo of which one fix is named, in a world of its own.
fn embargo(fixture: &Fixture) -> Component {
    let fix = Wanted { commit: fixture.truth.fixes[4].commit.to_string(), is_embargoed: true };
    Component { clone: None, fixes: vec![fix], memory: "slate-kangaroo".into(), ..component(fixture) }
}

#[test]
fn an_embargo_keeps_its_memory_however_its_urls_and_fixes_are_written() {
    let (fixture, folder) = (Fixture::build(3, IN_ORDER), tempfile::tempdir().unwrap());
    let first = Component {
        urls: [Role::Security, Role::Canonical].map(|role| (role, fixture.remote(role).display().to_string())).into(),
        ..embargo(&fixture)
    };
    assert_eq!(leaked(&look(folder.path(), &first, NOON)), Some(Vec::new()));
    let security = fixture.remote(Role::Security).display().to_string();
    git(&fixture.remote(Role::Canonical), &["fetch", "-q", &security, "+refs/heads/release-2:refs/pull/7/head"]);
    let slash = format!("file://{}/", fixture.remote(Role::Canonical).display());
    let mut otherwise = embargo(&fixture);
    otherwise.urls.insert(Role::Canonical, slash);
    for component in [&first, &embargo(&fixture), &otherwise] {
        let report = look(folder.path(), component, "2026-11-24T12:05:00Z");
        assert_eq!(leaked(&report), Some(vec!["refs/pull/7/head".to_owned()]), "{:?}", report.errors);
    }
}

#[test]
fn very_many_leaks_are_told_as_not_all_and_what_is_private_by_then_is_remembered() {
    let (repos, folder) = (Repos::filled(), tempfile::tempdir().unwrap());
    repos.git(".", &["clone", "-q", "--bare", "plain", "canonical"]);
    (0..=MOST_OF_A_REF).for_each(|step| _ = repos.commit("plain", &format!("file-{step}")));
    repos.git(".", &["clone", "-q", "--bare", "plain", "security"]);
    let embargo = Component { is_embargoed: true, has_fixes_elsewhere: true, ..of_two(&repos) };
    let leaks = |at: &str| look(folder.path(), &embargo, at).leaks.unwrap();
    assert_eq!(leaks(NOON).is_clear(), Some(true));
    repos.git("plain", &["push", "-q", "../canonical", "main"]);
    repos.commit("plain", "another");
    repos.git("plain", &["push", "-q", "../security", "main"]);
    let Leaks::Unknown { why, found } = leaks("2026-11-24T12:05:00Z") else { panic!("not all are told") };
    assert_eq!(why, "of very many leaks only those of the newest commits are told");
    assert_eq!(found.len(), MOST_OF_A_REF);
    repos.git("plain", &["push", "-q", "../canonical", "main:refs/pull/7/head"]);
    let is_told = |leak: &Leak| leak.reference == "refs/pull/7/head" && !found.iter().any(|old| old.fix == leak.fix);
    assert!(leaks("2026-11-24T12:10:00Z").found().iter().any(is_told));
}

#[test]
fn what_was_private_is_found_by_its_patch_though_its_branch_is_gone() {
    let (fixture, folder) = (Fixture::build(3, IN_ORDER), tempfile::tempdir().unwrap());
    let embargo = embargo(&fixture);
    let (security, canonical) = (fixture.remote(Role::Security), fixture.remote(Role::Canonical));
    let main = git(&security, &["rev-parse", "main"]);
    let commit = |repository: &Path, parent: &str, message: &str| {
        let blob = git_fed(repository, &["hash-object", "-w", "--stdin"], b"a private thought\nof two lines\n");
        let tree = git_fed(repository, &["mktree"], format!("100644 blob {blob}\tprivate.txt\n").as_bytes());
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        git(repository, &[&identity[..], &["commit-tree", "-p", parent, "-m", message, &tree]].concat())
    };
    git(&security, &["update-ref", "refs/heads/topic", &commit(&security, &main, "private")]);
    assert_eq!(leaked(&look(folder.path(), &embargo, NOON)), Some(Vec::new()));
    git(&security, &["update-ref", "-d", "refs/heads/topic"]);
    git(&canonical, &["update-ref", "refs/pull/9/head", &commit(&canonical, &main, "tidy")]);
    let report = look(folder.path(), &embargo, "2026-11-24T12:05:00Z");
    assert_eq!(leaked(&report), Some(vec!["refs/pull/9/head".to_owned()]), "{:?}", report.errors);
}

#[test]
fn a_look_that_failed_hides_no_earlier_one_and_roles_are_not_mixed_up() {
    let (fixture, folder) = (Fixture::build(3, IN_ORDER), tempfile::tempdir().unwrap());
    let embargo = embargo(&fixture);
    assert_eq!(leaked(&look(folder.path(), &embargo, NOON)), Some(Vec::new()));
    let (path, away) = (fixture.remote(Role::Canonical), fixture.remote(Role::Canonical).with_extension("away"));
    std::fs::rename(&path, &away).unwrap();
    let blind = look(folder.path(), &embargo, "2026-11-24T12:01:00Z");
    assert!(leaked(&blind).is_none() && !blind.errors.is_empty());
    assert!(blind.pairs.iter().all(|pair| matches!(pair.state, PairState::Unknown(_))), "{:?}", blind.pairs);
    std::fs::rename(&away, &path).unwrap();
    let swapped = [(Role::Security, path.clone()), (Role::Canonical, fixture.remote(Role::Security))];
    let swapped = swapped.map(|(role, path)| (role, path.display().to_string())).into();
    let swapped = look(folder.path(), &Component { urls: swapped, ..embargo.clone() }, "2026-11-24T12:02:00Z");
    assert_ne!(leaked(&swapped), Some(Vec::new()), "the private one is public there");
    let right = look(folder.path(), &Component { memory: "fern-badger".into(), ..embargo }, "2026-11-24T12:03:00Z");
    assert_eq!((leaked(&right), &right.errors[..]), (Some(Vec::new()), &[][..]));
    assert_pairs(&fixture, &right);
}

#[test]
fn an_empty_repository_and_a_pattern_of_nothing_are_no_all_clear() {
    let (fixture, folder) = (Fixture::build(3, IN_ORDER), tempfile::tempdir().unwrap());
    let empty = folder.path().join("empty.git");
    git(folder.path(), &["init", "-q", "--bare", &empty.display().to_string()]);
    let mut embargo = embargo(&fixture);
    let typo = Component { branches: vec!["relase-*".into()], ..embargo.clone() };
    assert_eq!(look(folder.path(), &typo, NOON).outcome(), Outcome::Unknown);
    let same = Component {
        urls: [Role::Security, Role::Canonical]
            .map(|role| (role, fixture.remote(Role::Canonical).display().to_string()))
            .into(),
        ..embargo.clone()
    };
    assert_eq!(look(folder.path(), &same, NOON).outcome(), Outcome::Unknown, "one repository is not two");
    embargo.urls.insert(Role::Canonical, empty.display().to_string());
    let report = look(folder.path(), &embargo, NOON);
    assert_eq!((leaked(&report), report.outcome()), (None, Outcome::Unknown));
}

#[test]
fn a_clone_of_another_repository_tells_nothing_of_where_this_one_would_be_pushed() {
    let (repos, folder) = (Repos::filled(), tempfile::tempdir().unwrap());
    repos.git(".", &["clone", "-q", "--bare", "plain", "canonical"]);
    repos.git(".", &["clone", "-q", "--bare", "plain", "security"]);
    repos.git(".", &["init", "-q", "-b", "main", "apart"]);
    repos.commit("apart", "of another project");
    let tracking = |clone: &str, at: &str| {
        let component = Component { clone: Some(repos.path(clone).display().to_string()), ..of_two(&repos) };
        look(folder.path(), &component, at).tracking
    };
    for at in [NOON, "2026-11-24T12:05:00Z"] {
        let Tracking::Unknown(why) = tracking("apart", at) else { panic!("it is another repository") };
        assert!(why.contains("shares no commit"), "{why}");
        assert_eq!(tracking("plain", at), Tracking::Looked(Vec::new()));
    }
}
