//! What looks bring to a case.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::*;
use crate::case::record::State;
use crate::divergence::{Leak, LeakHow, Leaks, LookedAt, Pair, Plan, Report, Side, Tracking};
use crate::evidence::fixture::{NOW, act, case, oid, utc};

fn settled() -> Case {
    case(
        "gitlab-aigw",
        &[
            ("component.api.urls.security", "/private"),
            ("component.api.urls.canonical", "/public"),
            ("component.api.branches", "main"),
            ("fix.F1.commit", "aaaaaaaaaa"),
        ],
    )
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn report(state: PairState, leaks: Vec<Leak>) -> Report {
    let pair = Pair {
        branch: "main".into(),
        a: Role::Security,
        b: Role::Canonical,
        tips: [Side::Tip(oid('a')), Side::Tip(oid('b'))],
        counts: None,
        equal_patches: None,
        state,
        flags: BTreeSet::new(),
        others: None,
        ahead_since: None,
        plan: Plan::AsPlanned,
    };
    Report {
        name: "api".into(),
        pairs: vec![pair],
        fixes: Vec::new(),
        leaks: Some(Leaks::Looked { refs: 3, found: leaks }),
        tags: Vec::new(),
        pins: Vec::new(),
        tracking: Tracking::NoClone,
        offered: Vec::new(),
        looked_at: [Role::Security, Role::Canonical].map(|remote| LookedAt { remote, refs: 3, at: now() }).into(),
        ..Report::blank("api")
    }
}

/// Takes a look in; the kinds of what happened.
fn taken(case: &mut Case, report: Report) -> Vec<EventKind> {
    let asked = components_expecting(case, Expected::Equal).remove(0);
    let looks = [Look { asked, report }];
    let mut count = case.record().event.len();
    let mut ids = || {
        count += 1;
        format!("m{count}")
    };
    take_in(case, Sight::real(now(), &utc, &looks), &mut ids).iter().map(|event| event.kind).collect()
}

fn leak(reference: &str) -> Leak {
    Leak { fix: oid('a'), reference: reference.into(), how: LeakHow::Id, commit: oid('a') }
}

fn leaked(case: &mut Case, refs: &[&str]) -> Vec<EventKind> {
    taken(case, report(PairState::Equal, refs.iter().map(|name| leak(name)).collect()))
}

fn shows_leak_steps(case: &Case) -> bool {
    let found = verdicts(case, Sight::real(now(), &utc, &[]));
    let view = case.view(crate::case::Moment { now: now(), verdicts: &found });
    view.steps().any(|step| step.leak && step.is_open())
}

#[test]
fn a_leak_that_a_look_finds_is_told_once_by_the_machine() {
    let mut case = settled();
    assert_eq!(leaked(&mut case, &[]), []);
    assert_eq!(leaked(&mut case, &["refs/pull/7/head"]), [EventKind::Leaked]);
    let event = case.record().event.last().unwrap();
    assert_eq!((event.by.as_str(), case.record().state), (MACHINE, State::Leaked));
    let why = event.why.as_deref().unwrap();
    assert_eq!(why, "api: the fix aaaaaaaaaa is on canonical refs/pull/7/head (id, commit aaaaaaaaaa)");
    assert_eq!(leaked(&mut case, &["refs/pull/7/head"]), [], "the same one is known");
    assert_eq!(leaked(&mut case, &["refs/pull/7/head", "refs/pull/7"]), [EventKind::Leaked], "another place is new");
    act(&mut case, Action::CloseLeak { why: "the branch is gone".into() });
    assert_eq!(case.record().state, State::Embargo);
    assert_eq!(leaked(&mut case, &["refs/pull/7", "refs/pull/7/head"]), [], "what was dealt with stays so");
    assert_eq!(leaked(&mut case, &["refs/heads/main"]), [EventKind::Leaked]);
}

#[test]
fn a_leak_brings_the_steps_of_a_breach() {
    let mut case =
        case("gitlab-critical", &[("component.api.urls.canonical", "/public"), ("fix.F1.commit", "aaaaaaaaaa")]);
    assert!(!shows_leak_steps(&case));
    leaked(&mut case, &["refs/heads/main"]);
    assert!(shows_leak_steps(&case));
}

#[test]
fn what_is_exposed_is_no_leak() {
    let mut case = settled();
    let before = components_expecting(&case, Expected::Equal);
    act(&mut case, Action::Expose { codename: "slate-kangaroo".into() });
    assert_eq!(leaked(&mut case, &["refs/heads/main"]), []);
    // Nor where the look was taken while it still would have been one.
    let looks = Look::zip(before, vec![report(PairState::Equal, vec![leak("refs/heads/main")])]);
    assert!(take_in(&mut case, Sight::real(now(), &utc, &looks), &mut || "m".into()).is_empty());
    assert_eq!(case.record().state, State::Releasing);
}

#[test]
fn a_look_at_other_settings_brings_nothing() {
    let mut case = settled();
    let mut asked = components_expecting(&case, Expected::Equal).remove(0);
    asked.urls = BTreeMap::from([(Role::Canonical, "/elsewhere".to_owned())]);
    let looks = [Look { asked, report: report(PairState::Equal, vec![leak("refs/heads/main")]) }];
    assert!(take_in(&mut case, Sight::real(now(), &utc, &looks), &mut || "m".into()).is_empty());
}

fn answer(case: &Case) -> Option<Value> {
    case.record().facts.get(CONFLICT).cloned()
}

#[test]
fn looks_answer_whether_the_sync_conflicts() {
    let mut case = settled();
    let (ahead, conflict) = (PairState::SecurityAhead, PairState::DivergedConflict(Vec::new()));
    let told = |case: &mut Case, state: &PairState| taken(case, report(state.clone(), Vec::new()));
    assert_eq!(told(&mut case, &PairState::Equal), [], "nothing is to be synced yet");
    assert_eq!(told(&mut case, &PairState::Unknown("no answer".into())), []);
    assert_eq!(told(&mut case, &ahead), [EventKind::FactSet]);
    assert_eq!(answer(&case), Some(Value::Flag(false)));
    assert_eq!(told(&mut case, &PairState::DivergedClean), [], "it is known already");
    assert_eq!(told(&mut case, &conflict), [EventKind::FactSet]);
    assert_eq!(answer(&case), Some(Value::Flag(true)));
    assert_eq!(case.record().event.last().unwrap().by, MACHINE);
    assert_eq!(told(&mut case, &ahead), [EventKind::FactSet], "somebody has merged the other side before the sync");
    told(&mut case, &conflict);
    act(&mut case, Action::Expose { codename: "slate-kangaroo".into() });
    assert_eq!(told(&mut case, &ahead), [], "what was resolved by hand had a conflict");
    assert_eq!(answer(&case), Some(Value::Flag(true)));
}

#[test]
fn the_answer_of_a_person_wins() {
    let conflict = || report(PairState::DivergedConflict(Vec::new()), Vec::new());
    for said in [Some(Value::Flag(false)), None] {
        let mut case = settled();
        taken(&mut case, conflict());
        act(&mut case, Action::SetFacts(vec![(CONFLICT.to_owned(), said.clone())]));
        assert_eq!(taken(&mut case, conflict()), []);
        assert_eq!(answer(&case), said);
    }
}

#[test]
fn a_look_that_is_not_whole_does_not_say_no() {
    let mut case = settled();
    let broken = Report { errors: vec!["no answer".into()], ..report(PairState::SecurityAhead, Vec::new()) };
    assert_eq!(taken(&mut case, broken), []);
    assert_eq!(answer(&case), None);
}

#[test]
fn a_look_of_long_ago_does_not_say_no() {
    // The components of a case are looked at one after the other: the looks at the rest may be those of yesterday.
    let mut case = settled();
    let mut old = report(PairState::SecurityAhead, Vec::new());
    old.looked_at.iter_mut().for_each(|looked| looked.at -= SignedDuration::from_hours(24));
    assert_eq!(taken(&mut case, old.clone()), []);
    assert_eq!(answer(&case), None);
    let conflict = Report { looked_at: old.looked_at, ..report(PairState::DivergedConflict(Vec::new()), Vec::new()) };
    assert_eq!(taken(&mut case, conflict), [EventKind::FactSet], "what speaks against it counts however old it is");
}
