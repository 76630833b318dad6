//! Each row of the table, and what beats what.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Leak, LeakHow, Pair, PinAt, Side, TrackRow};
use super::Outcome::{AsPlanned as Yes, Leak as LeakOut, NeedsYou as No, Unknown};
use super::*;

fn oid(digit: char) -> Oid {
    digit.to_string().repeat(40).parse().unwrap()
}

fn blank() -> Report {
    Report::blank("gateway")
}

fn pair(state: PairState, plan: Plan) -> Pair {
    Pair {
        branch: "main".into(),
        a: Role::Security,
        b: Role::Canonical,
        tips: [Side::Absent, Side::Absent],
        counts: None,
        equal_patches: None,
        state,
        flags: BTreeSet::new(),
        others: None,
        ahead_since: None,
        plan,
    }
}

fn tag(state: TagState) -> TagRow {
    TagRow { name: "v1".into(), state, remotes: BTreeMap::new(), holds_fixes: BTreeMap::new() }
}

fn pin(state: PinState) -> PinRow {
    let remotes = BTreeMap::from([(Role::Security, PinAt::Text("v1".into())), (Role::Canonical, PinAt::FileMissing)]);
    PinRow { branch: "main".into(), state, remotes, holds_fixes: BTreeMap::new() }
}

/// A fix as each branch has it: on private, and on public.
fn fix(branches: &[(FixState, FixState)]) -> FixRow {
    let row = |(number, (private, public)): (usize, &(FixState, FixState))| {
        let row = BTreeMap::from([(Role::Security, private.clone()), (Role::Canonical, public.clone())]);
        (format!("release-{number}"), row)
    };
    let branches = branches.iter().enumerate().map(row).collect();
    FixRow { commit: oid('f'), subject: None, embargoed: true, branches }
}

/// What a report comes to where equal, private-ahead and in-sync is planned.
fn each(report: &Report) -> [Outcome; 3] {
    Expected::ALL.map(|(_, expected)| Report { expected, ..report.clone() }.outcome())
}

#[test]
fn a_leak_beats_what_is_unknown_and_that_beats_what_needs_somebody() {
    let leak = Leak { fix: oid('a'), reference: "refs/heads/main".into(), how: LeakHow::Id, commit: oid('a') };
    let mut report = blank();
    assert_eq!(report.outcome().code(), 0);
    report.pairs = vec![pair(PairState::Equal, Plan::AsPlanned), pair(PairState::Unrelated, Plan::Unplanned)];
    assert_eq!(report.outcome().code(), 10);
    report.pairs.push(pair(PairState::Unknown(String::new()), Plan::Unknown));
    assert_eq!(report.outcome().code(), 12);
    report.leaks = Some(Leaks::Unknown { why: "no answer".into(), found: vec![leak] });
    assert_eq!((report.outcome().code(), report.is_whole()), (11, false));
    assert_eq!(each(&report), [LeakOut; 3]);
}

#[test]
fn whatever_could_not_be_looked_at_is_no_all_clear() {
    let why = || "no answer".to_owned();
    let half = fix(&[(FixState::ById(oid('f')), FixState::Absent), (FixState::Unknown(why()), FixState::Absent)]);
    for blind in [
        Report { leaks: Some(Leaks::Unknown { why: why(), found: Vec::new() }), ..blank() },
        Report { fixes: vec![half], ..blank() },
        Report { tags: vec![tag(TagState::Unknown(why()))], ..blank() },
        Report { pins: vec![pin(PinState::Unknown(why()))], ..blank() },
        Report { tracking: Tracking::Unknown(why()), ..blank() },
        Report { errors: vec![why()], ..blank() },
    ] {
        assert_eq!((each(&blind), blind.is_whole()), ([Unknown; 3], false), "{blind:?}");
    }
}

#[test]
fn tags_count_where_they_are_not_where_they_must_be() {
    let of = |state| each(&Report { tags: vec![tag(state)], ..blank() });
    assert_eq!(of(TagState::Same), [Yes; 3]);
    assert_eq!(of(TagState::SameCommit), [Yes; 3]);
    assert_eq!(of(TagState::MissingOnCanonical), [No, Yes, No]);
    assert_eq!(of(TagState::MissingOnSecurity), [Yes; 3], "the private side need not have each tag");
    assert_eq!(of(TagState::Differs), [No; 3]);
}

#[test]
fn version_pins_differ_only_as_planned() {
    let of =
        |state: PinState, pairs: &[Pair]| each(&Report { pins: vec![pin(state)], pairs: pairs.to_vec(), ..blank() });
    assert_eq!(of(PinState::Same, &[]), [Yes; 3]);
    assert_eq!(of(PinState::Differs, &[]), [No, Yes, No]);
    assert_eq!(of(PinState::FileMissing, &[]), [No, Yes, No]);
    assert_eq!(of(PinState::BranchMissing, &[]), [Yes; 3], "the branch itself tells that");
    let mut nowhere = pin(PinState::FileMissing);
    nowhere.remotes.insert(Role::Security, PinAt::FileMissing);
    assert_eq!(each(&Report { pins: vec![nowhere], ..blank() }), [Yes; 3], "neither side has the file");
    let newer = pair(PairState::CanonicalAhead, Plan::AsPlanned);
    assert_eq!(of(PinState::Differs, std::slice::from_ref(&newer)), [Yes; 3], "what the mirror has not brought yet");
    let other = Pair { branch: "release-1".into(), ..newer };
    assert_eq!(of(PinState::Differs, &[other]), [No, Yes, No]);
}

#[test]
fn a_fix_is_where_it_must_be() {
    let of = |branches: &[(FixState, FixState)]| each(&Report { fixes: vec![fix(branches)], ..blank() });
    let (there, absent) = (|| FixState::ById(oid('f')), || FixState::Absent);
    assert_eq!(of(&[(there(), there())]), [Yes; 3]);
    assert_eq!(of(&[(FixState::ByPatch(oid('a')), FixState::ByContent)]), [Yes; 3]);
    assert_eq!(of(&[(there(), absent())]), [No, Yes, No], "private has what public lacks");
    assert_eq!(of(&[(FixState::ByTrailer(oid('a')), absent()), (absent(), absent())]), [No, Yes, No]);
    assert_eq!(of(&[(absent(), absent())]), [Yes, No, No], "it is on no private branch");
    assert_eq!(of(&[(absent(), there())]), [Yes, No, Yes], "the mirror brings it");
    assert_eq!(of(&[(FixState::Reverted(oid('f')), absent())]), [No; 3]);
    assert_eq!(of(&[(there(), there()), (there(), FixState::Reverted(oid('f')))]), [No; 3]);
    assert_eq!(of(&[]), [Yes, No, No], "no branch was compared that could have it");
}

#[test]
fn a_fix_on_a_branch_that_public_lacks_is_told_by_the_branch() {
    let mut row = fix(&[(FixState::ById(oid('f')), FixState::Absent)]);
    row.branches.values_mut().for_each(|row| _ = row.remove(&Role::Canonical));
    assert_eq!(each(&Report { fixes: vec![row], ..blank() }), [Yes; 3]);
}

#[test]
fn a_fix_that_one_private_repository_has_is_not_nowhere() {
    let mut row = fix(&[(FixState::Absent, FixState::Absent)]);
    row.branches.values_mut().for_each(|row| _ = row.insert(Role::Dev, FixState::ByPatch(oid('f'))));
    assert_eq!(each(&Report { fixes: vec![row], ..blank() }), [No, Yes, No]);
}

#[test]
fn a_clone_that_would_push_what_is_private_needs_a_person_whatever_is_planned() {
    let track = |why_not: Option<&str>| {
        let row = TrackRow { branch: "fix".into(), url: "x".into(), why_not: why_not.map(str::to_owned) };
        each(&Report { tracking: Tracking::Looked(vec![row]), ..blank() })
    };
    assert_eq!((track(None), track(Some("everybody reads it"))), ([Yes; 3], [No; 3]));
}
