//! What the machine ticks by itself, and what it leaves to people.

use std::collections::BTreeMap;

use super::fixture::{NOW, act, case, oid, utc};
use super::*;
use crate::case::record::StepState;
use crate::case::{NO_VERDICTS, ReleaseInstant, Tick, components_expecting};
use crate::divergence::{Expected, FixRow, FixState, LookedAt, Report, Role};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The release date lies in the window, so that the program ticks the step that hits it.
fn gardener() -> Case {
    let mut case = case("gardener", &[]);
    let at = Some("2026-12-01T16:00:00Z".parse().unwrap());
    act(&mut case, Action::SetAnchor { anchor: "release".into(), which: ReleaseInstant::Target, at, why: None });
    case
}

/// What the lead does, and what the machine ticks because of it.
fn does(case: &mut Case, action: Action, looks: &[Look]) {
    let mut count = case.record().event.len();
    let mut ids = || {
        count += 1;
        format!("e{count}")
    };
    super::act(case, action, "lead", Sight::real(now(), &utc, looks), &mut ids).unwrap();
}

fn note(step: &str) -> Action {
    Action::Note { step: step.into(), text: "a note".into() }
}

#[test]
fn a_tick_that_was_taken_back_stays_so_whatever_is_noted_on_the_step() {
    let mut case = gardener();
    let mut does = |action| {
        does(&mut case, action, &[]);
        case.record().step("ga.rel.time", None).is_some_and(|step| step.state.is_settled())
    };
    assert!(does(note("ga.intake.report")), "evidence ticks its step");
    does(note("ga.rel.time"));
    does(Action::Undo);
    assert!(does(note("ga.intake.report")), "a note that was taken back says nothing of the tick");
    does(Action::Reopen { step: "ga.rel.time".into(), item: None });
    does(note("ga.rel.time"));
    assert!(!does(note("ga.intake.report")), "nor does a note bring it back");
}

#[test]
fn a_note_that_was_taken_back_does_not_keep_evidence_from_being_seen() {
    let mut case = gardener();
    act(&mut case, note("ga.rel.time"));
    act(&mut case, Action::Undo);
    let found = verdicts(&case, Sight::real(now(), &utc, &[]));
    assert_eq!(seen(&case, Moment { now: now(), verdicts: &found }), [("ga.rel.time".to_owned(), None)]);
}

const STEP: &str = "em.fix.branches";

/// A fix that is to be carried to two branches.
fn with_two_branches(playbook: &str, more: &[(&str, &str)]) -> Case {
    let own = [
        ("component.api.urls.security", "/private"),
        ("component.api.urls.canonical", "/public"),
        ("component.api.branches", "main, release/1"),
        ("fix.F1.commit", "aaaaaaaaaa"),
        ("fix.F1.component", "api"),
    ];
    case(playbook, &[&own, more].concat())
}

/// The same, and the fix is written.
fn ported(more: &[(&str, &str)]) -> Case {
    let mut case = with_two_branches("emissary", more);
    let tick = Tick { override_why: Some("it began elsewhere".into()), ..Tick::of("em.fix.develop") };
    act(&mut case, Action::Do(tick));
    case
}

/// The last look at each component: on which private branches the fix of the first one is.
fn looks(case: &Case, there: &[&str]) -> Vec<Look> {
    let state = |branch: &str| if there.contains(&branch) { FixState::ById(oid('a')) } else { FixState::Absent };
    let branch = |name: &str| (name.to_owned(), BTreeMap::from([(Role::Security, state(name))]));
    let row =
        |commit| FixRow { commit, subject: None, embargoed: true, branches: ["main", "release/1"].map(branch).into() };
    let report = |name: &str| Report {
        fixes: vec![row(oid('a')), row(oid('b'))],
        looked_at: [Role::Security, Role::Canonical].map(|remote| LookedAt { remote, refs: 3, at: now() }).into(),
        ..Report::blank(name)
    };
    let asked = components_expecting(case, Expected::Equal);
    let reports = asked.iter().map(|one| report(&one.name)).collect();
    Look::zip(asked, reports)
}

/// Takes in where the fix is; what the machine ticks because of it.
fn taken(case: &mut Case, there: &[&str]) -> Vec<String> {
    let looks = looks(case, there);
    let mut count = case.record().event.len();
    let mut ids = || {
        count += 1;
        format!("m{count}")
    };
    let events = take_in(case, Sight::real(now(), &utc, &looks), &mut ids);
    events.into_iter().map(|event| event.target).collect()
}

fn state(case: &Case, item: &str) -> StepState {
    case.record().step(STEP, Some(item)).map_or(StepState::Todo, |step| step.state)
}

fn is_done(case: &Case) -> bool {
    case.view(Moment { now: now(), verdicts: NO_VERDICTS }).step(STEP).unwrap().shown.is_met()
}

#[test]
fn each_branch_ticks_itself_by_its_own_evidence_and_the_step_with_the_last_one() {
    let mut case = ported(&[]);
    assert_eq!(taken(&mut case, &[]), [""; 0]);
    assert_eq!(taken(&mut case, &["main"]), ["em.fix.branches@api:main"]);
    let event = case.record().event.last().unwrap();
    assert_eq!((event.kind, event.by.as_str()), (EventKind::EvidenceSeen, "fixlead"));
    let why = event.why.as_ref().unwrap();
    assert!(why.contains("on security main is there as") && !why.contains("release/1"), "{why}");
    assert!(!is_done(&case));
    assert_eq!(taken(&mut case, &["main"]), [""; 0], "it is ticked");
    assert_eq!(taken(&mut case, &["main", "release/1"]), ["em.fix.branches"]);
    assert!(is_done(&case) && case.record().anchors.contains_key("fix_ready"));
}

#[test]
fn the_view_tells_the_evidence_of_each_item() {
    let case = ported(&[]);
    let looks = looks(&case, &["main"]);
    let view = view(&case, Sight::real(now(), &utc, &looks));
    let step = view.step(STEP).unwrap();
    let words = |item| step.verdict(item).unwrap().word();
    assert_eq!([Some("api:main"), Some("api:release/1"), None].map(words), ["pass", "fail", "fail"]);
}

#[test]
fn an_item_that_was_taken_back_stays_so_and_keeps_the_step_open() {
    for back in [Action::Undo, Action::Reopen { step: STEP.into(), item: Some("release/1".into()) }] {
        let mut case = ported(&[]);
        taken(&mut case, &["release/1"]);
        let looks = looks(&case, &["release/1"]);
        does(&mut case, back, &looks);
        assert_eq!(state(&case, "api:release/1"), StepState::Todo);
        assert_eq!(taken(&mut case, &["main", "release/1"]), ["em.fix.branches@api:main"]);
        assert_eq!(taken(&mut case, &["main", "release/1"]), [""; 0]);
        assert!(!is_done(&case));
    }
}

#[test]
fn a_branch_that_was_set_aside_is_not_looked_at() {
    let mut case = with_two_branches("gitlab-critical", &[]);
    let step = "gc.rel.port";
    let word = |case: &Case| {
        let looks = looks(case, &["main"]);
        view(case, Sight::real(now(), &utc, &looks)).step(step).unwrap().verdict(None).unwrap().word()
    };
    assert_eq!(word(&case), "fail");
    let why = || "out of support".to_owned();
    act(&mut case, Action::SetAside { step: step.into(), item: Some("release/1".into()), why: why() });
    assert_eq!(word(&case), "pass");
    act(&mut case, Action::SetAside { step: step.into(), item: Some("main".into()), why: why() });
    assert_eq!(word(&case), "unknown", "there is nothing left to look at");
}

#[test]
fn the_last_item_waits_for_what_no_item_stands_for() {
    // No branch of the other component is known: what is ticked here must not say that its fix is there.
    let web = [
        ("component.web.urls.security", "/web"),
        ("component.web.urls.canonical", "/public-web"),
        ("fix.F2.commit", "bbbbbbbbbb"),
        ("fix.F2.component", "web"),
    ];
    let mut case = ported(&web);
    assert_eq!(taken(&mut case, &["main"]), ["em.fix.branches@api:main"]);
    assert_eq!(taken(&mut case, &["main", "release/1"]), [""; 0]);
    act(&mut case, Action::set("component.web.branches", "main"));
    assert_eq!(taken(&mut case, &["main", "release/1"]), [STEP]);
}

#[test]
fn a_person_ticks_an_item_by_its_own_evidence() {
    let mut case = ported(&[]);
    let looks = looks(&case, &["main"]);
    let found = verdicts(&case, Sight::real(now(), &utc, &looks));
    let mut does = |item: Option<&str>| {
        let tick = Tick { item: item.map(str::to_owned), ..Tick::of(STEP) };
        case.act(Action::Do(tick), &Context { now: now(), by: "lead", event_id: "e", verdicts: &found })
    };
    let refused = |refusal: Result<Event, Refusal>| match refusal {
        Err(Refusal::Blocked { missing, .. }) => missing.into_iter().map(|obstacle| obstacle.text).collect::<String>(),
        other => panic!("{other:?}"),
    };
    assert!(refused(does(Some("release/1"))).contains("on security release/1 is not there"));
    assert!(refused(does(None)).contains("on security release/1 is not there"));
    assert_eq!(does(Some("main")).unwrap().target, "em.fix.branches@api:main");
}

#[test]
fn a_branch_of_a_component_without_a_repository_does_not_tick_itself() {
    let mut case = ported(&[("component.web.branches", "main")]);
    let looks = looks(&case, &["main", "release/1"]);
    let word = |item| view(&case, Sight::real(now(), &utc, &looks)).step(STEP).unwrap().verdict(item).unwrap().word();
    assert_eq!([Some("api:main"), Some("web:main")].map(word), ["pass", "unknown"]);
    assert_eq!(
        taken(&mut case, &["main", "release/1"]),
        ["em.fix.branches@api:main", "em.fix.branches@api:release/1"],
        "nobody could look at the other one"
    );
    assert!(!is_done(&case));
}
