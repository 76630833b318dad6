//! Which pairs merge without a person, against the truth of the fixture.

use std::fs;

use fixlead::divergence::{Conflict, Merge, Oid, Role};
use fixlead::git::{Cancel, Git, merges};

use crate::fixture::truth::Branch;
use crate::fixture::{Fixture, IN_ORDER, git};

fn predict(fixture: &Fixture, pairs: &[(Oid, Oid)]) -> Vec<Merge> {
    let scratch = tempfile::tempdir().unwrap();
    let git = Git::find().unwrap();
    let merges = merges::predict(&git, &fixture.everything(), scratch.path(), pairs, &Cancel::default());
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "nothing is left behind");
    merges
}

/// Branches where both sides have commits of their own, with both tips and what comes of merging them.
fn diverged(fixture: &Fixture) -> Vec<(&Branch, (Oid, Oid), Merge)> {
    let branches = fixture.truth.branches.values().filter(|branch| branch.state.starts_with("diverged"));
    let told = |branch: &Branch| match branch.state {
        "diverged_clean" => Merge::Clean,
        _ => Merge::Conflicts(
            branch
                .conflicts
                .iter()
                .map(|(path, kind)| Conflict { path: (*path).into(), kind: (*kind).into() })
                .collect(),
        ),
    };
    branches
        .map(|branch| (branch, (branch.tips[&Role::Security], branch.tips[&Role::Canonical]), told(branch)))
        .collect()
}

#[test]
fn every_conflict_is_predicted_with_its_paths_and_kinds_and_no_other() {
    for seed in [IN_ORDER, 3] {
        let fixture = Fixture::build(40, seed);
        let objects = || git(&fixture.everything(), &["count-objects", "-v"]);
        let before = objects();
        let told = diverged(&fixture);
        let pairs: Vec<(Oid, Oid)> = told.iter().map(|(_, pair, _)| *pair).collect();
        let found = predict(&fixture, &pairs);
        assert_eq!(found.len(), told.len());
        for ((branch, _, told), found) in told.iter().zip(&found) {
            assert_eq!(found, told, "{}", branch.situation);
        }
        assert_eq!(objects(), before, "the repository is as it was");
    }
}

#[test]
fn a_pair_that_git_fails_at_is_unknown_and_costs_no_other_its_answer() {
    let fixture = Fixture::build(5, IN_ORDER);
    let told = diverged(&fixture);
    let lost: Oid = "1".repeat(40).parse().unwrap();
    let (conflict, clean) = (&told[0], &told[1]);
    let pairs = [conflict.1, (lost, conflict.1.1), clean.1, (conflict.1.0, lost), conflict.1];
    let found = predict(&fixture, &pairs);
    assert_eq!([&found[0], &found[2], &found[4]], [&conflict.2, &clean.2, &conflict.2]);
    for unknown in [&found[1], &found[3]] {
        assert!(matches!(unknown, Merge::Unknown(why) if why.contains(&lost.to_string())), "{unknown:?}");
    }
    let many = vec![(lost, lost); 500];
    assert!(predict(&fixture, &many).iter().all(|merge| matches!(merge, Merge::Unknown(_))));
}

#[test]
fn what_was_cancelled_is_unknown() {
    let fixture = Fixture::build(3, IN_ORDER);
    let (cancel, scratch) = (Cancel::default(), tempfile::tempdir().unwrap());
    cancel.cancel();
    let pair = diverged(&fixture)[0].1;
    let found = merges::predict(&Git::find().unwrap(), &fixture.everything(), scratch.path(), &[pair; 2], &cancel);
    assert_eq!(found, vec![Merge::Unknown("cancelled".to_owned()); 2]);
}
