//! What a user relies on, for the case as a whole.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::address::{flatten, unflatten};
use super::record::{LeakExtent, State, StepState};
use super::*;
use crate::playbook::{CheckKind, CloseAs, Value, Verdict, Verdicts, builtin};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) const START: &str = "2026-11-19T16:12:00Z";

pub(crate) fn new_case(playbook: &str) -> Case {
    let playbook = Arc::new(Playbook::parse(builtin(playbook).unwrap()).unwrap());
    let start = playbook.start().unwrap().id.clone();
    let new = NewCase {
        id: "slate-kangaroo".into(),
        title: "Crash on a malformed forwarded header".into(),
        playbook,
        sha256: "0".repeat(64),
        project: None,
        components: Vec::new(),
        people: Vec::new(),
        facts: Vec::new(),
        anchors: vec![(start, ReleaseInstant::Actual, at(START))],
    };
    new.start(&Context { now: at(START), by: "lead", event_id: "e0", verdicts: NO_VERDICTS }).unwrap()
}

/// A case, a clock, and evidence to play with.
struct Story {
    case: Case,
    now: Timestamp,
    verdicts: Verdicts,
    events: u32,
}

impl Story {
    fn new(playbook: &str) -> Self {
        Self { case: new_case(playbook), now: at(START), verdicts: Verdicts::new(), events: 0 }
    }

    fn act(&mut self, action: Action) -> Result<Event, Refusal> {
        self.events += 1;
        let id = format!("e{}", self.events);
        let context = Context { now: self.now, by: "lead", event_id: &id, verdicts: &self.verdicts };
        self.case.act(action, &context)
    }

    fn view(&self) -> View {
        self.case.view(Moment { now: self.now, verdicts: &self.verdicts })
    }

    fn wait(&mut self, hours: i64) {
        self.now = self.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    }

    fn done(&mut self, step: &str) {
        self.act(Action::Do(Tick { attest: Some("seen".into()), ..Tick::of(step) }))
            .unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
    }

    fn forced(&mut self, step: &str) {
        let tick =
            Tick { override_why: Some("test".into()), codename: Some("slate-kangaroo".into()), ..Tick::of(step) };
        self.act(Action::Do(tick)).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
    }

    fn fact(&mut self, id: &str, value: Value) {
        self.act(Action::SetFacts(vec![(id.into(), Some(value))])).unwrap();
    }

    fn word(&mut self, id: &str, value: &str) {
        self.fact(id, Value::Text(value.into()));
    }

    fn shown(&self, step: &str) -> &'static str {
        self.view().step(step).unwrap().shown.word()
    }

    fn score(&mut self, vector: &str) {
        let action = Action::Score { vulnerability: "V1".into(), vector: vector.into(), why: None, is_final: true };
        self.act(action).unwrap();
    }
}

const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"; // 7.5
const BOUND: &str = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"; // 4.0
const LOW: &str = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N"; // 3.7

#[test]
fn a_prerequisite_refuses_and_names_what_is_missing() {
    let mut story = Story::new("emissary");
    let before = story.case.record().clone();
    let refusal = story.act(Action::Do(Tick::of("em.team.access"))).unwrap_err();
    assert!(refusal.to_string().contains("Pick the fix team"), "{refusal}");
    assert_eq!(*story.case.record(), before, "a refusal changes nothing");
    let refusal = story.act(Action::Do(Tick::of("em.fix.develop"))).unwrap_err();
    let Refusal::Blocked { missing, .. } = refusal else { panic!("{refusal}") };
    assert!(missing.iter().any(|obstacle| obstacle.kind == ObstacleKind::Gate && obstacle.id == "g-private-only"));
}

#[test]
fn an_override_needs_a_reason_and_the_timeline_keeps_it() {
    let mut story = Story::new("emissary");
    let blank = Tick { override_why: Some(" ".into()), ..Tick::of("em.fix.develop") };
    assert!(story.act(Action::Do(blank)).is_err());
    let event = story
        .act(Action::Do(Tick { override_why: Some("the repository was there".into()), ..Tick::of("em.fix.develop") }))
        .unwrap();
    assert_eq!(event.kind, EventKind::Override);
    assert_eq!(event.why.as_deref(), Some("the repository was there"));
    assert_eq!(story.shown("em.fix.develop"), "done");
    assert!(matches!(story.act(Action::Undo), Err(Refusal::Nothing(_))), "an override can't be taken back");
}

#[test]
fn a_condition_on_what_is_not_known_is_undecided_and_says_on_what() {
    let mut story = Story::new("emissary");
    let view = story.view();
    let step = view.step("em.lead.unsupported").unwrap();
    assert_eq!(step.depends_on[0].0, "affects");
    story.word("affects", "supported");
    assert_eq!(story.shown("em.lead.unsupported"), "hidden");
    let refusal = story.act(Action::Do(Tick::of("em.lead.unsupported"))).unwrap_err();
    assert!(matches!(refusal, Refusal::Hidden { .. }), "{refusal}");
    story.act(Action::SetFacts(vec![("affects".into(), None)])).unwrap();
    assert_ne!(story.shown("em.lead.unsupported"), "hidden", "it can become unknown again");
}

#[test]
fn bounds_are_at_or_above_and_a_public_report_without_a_score_counts_as_at_the_bound() {
    let mut story = Story::new("emissary");
    story.word("disclosure", "public");
    let view = story.view();
    let rule = view.rules.iter().find(|rule| rule.id == "public-asap").unwrap();
    assert!(view.asap && rule.unscored, "unscored counts as at the bound, and says so");
    story.score(LOW);
    assert!(!story.view().asap);
    story.score(BOUND);
    assert!(story.view().asap, "4.0 is at the bound");
    story.word("disclosure", "private");
    assert!(!story.view().asap);
}

#[test]
fn a_slow_down_needs_a_score_below_the_bound_and_a_discussion() {
    let mut story = Story::new("emissary");
    let until = at("2026-12-24T12:00:00Z");
    let slow = |discussed: &str| Action::SlowDown { until, why: "holidays".into(), discussed: discussed.into() };
    assert!(matches!(story.act(slow("the list")), Err(Refusal::NotAllowed(_))), "undecided never allows it");
    story.score(BOUND);
    assert!(story.act(slow("the list")).is_err());
    story.score(LOW);
    assert!(story.act(slow("")).is_err(), "it has to be discussed");
    story.act(slow("the list")).unwrap();
    let due = |story: &Story| story.view().step("em.fix.develop").unwrap().due.unwrap().at.unwrap();
    assert_eq!(due(&story), until);
    story.score(HIGH);
    assert_eq!(due(&story), at("2026-11-26T16:12:00Z"), "a score that rises ends it");
}

#[test]
fn exposing_needs_the_codename_and_moves_the_case_to_releasing() {
    let mut story = Story::new("gitlab-aigw");
    story.forced("ai.deploy.confirm");
    let tick = Tick { override_why: Some("test".into()), ..Tick::of("ai.sync.open") };
    assert!(matches!(story.act(Action::Do(tick.clone())), Err(Refusal::NeedsCodename { .. })));
    let wrong = Tick { codename: Some("other-word".into()), ..tick.clone() };
    assert_eq!(story.act(Action::Do(wrong)), Err(Refusal::WrongCodename));
    assert_eq!(story.case.record().state, State::Embargo);
    story.act(Action::Do(Tick { codename: Some("slate-kangaroo".into()), ..tick })).unwrap();
    assert_eq!(story.case.record().state, State::Releasing);
    assert!(story.act(Action::Publish).is_ok());
    assert_eq!(story.case.record().state, State::Public);
}

#[test]
fn nothing_becomes_public_by_a_clock() {
    let mut story = Story::new("emissary");
    let release = at("2026-12-01T16:00:00Z");
    let set =
        Action::SetAnchor { anchor: "release".into(), which: ReleaseInstant::Target, at: Some(release), why: None };
    story.act(set).unwrap();
    story.now = at("2027-01-01T00:00:00Z");
    assert_eq!(story.case.record().state, State::Embargo);
    assert!(matches!(story.act(Action::Publish), Err(Refusal::NotAllowed(_))));
}

#[test]
fn too_early_is_refused_until_the_instant_comes() {
    let mut story = Story::new("emissary");
    let release = at("2026-12-01T16:00:00Z");
    let refusal = story.act(Action::Do(Tick::of("em.rel.revoke"))).unwrap_err();
    assert!(refusal.to_string().contains("no instant yet"), "{refusal}");
    let set =
        Action::SetAnchor { anchor: "release".into(), which: ReleaseInstant::Target, at: Some(release), why: None };
    story.act(set).unwrap();
    let Err(Refusal::Blocked { missing, .. }) = story.act(Action::Do(Tick::of("em.rel.revoke"))) else { panic!() };
    assert!(missing.iter().any(|obstacle| obstacle.kind == ObstacleKind::NotBefore));
    story.now = release;
    let step = story.view().step("em.rel.revoke").unwrap().clone();
    assert!(step.blocked_by.iter().all(|obstacle| obstacle.kind != ObstacleKind::NotBefore));
}

#[test]
fn moving_an_announced_release_drafts_the_correction() {
    let mut story = Story::new("emissary");
    let set = |which, text: &str| Action::SetAnchor {
        anchor: "release".into(),
        which,
        at: Some(at(text)),
        why: Some("slipped".into()),
    };
    story.act(set(ReleaseInstant::Target, "2026-12-01T16:00:00Z")).unwrap();
    story.act(set(ReleaseInstant::Target, "2026-12-02T16:00:00Z")).unwrap();
    assert!(story.case.record().draft.is_empty(), "a mere target can move freely");
    story.act(set(ReleaseInstant::Announced, "2026-12-02T16:00:00Z")).unwrap();
    story.act(set(ReleaseInstant::Announced, "2026-12-03T16:00:00Z")).unwrap();
    let draft = &story.case.record().draft[0];
    assert_eq!(draft.kind, "correction");
    assert!(draft.text.contains("2026-12-02T16:00:00Z") && draft.text.contains("2026-12-03T16:00:00Z"));
}

#[test]
fn a_step_for_many_things_is_done_when_all_are() {
    let mut story = Story::new("gitlab-aigw");
    let one = |item: &str| {
        Action::Do(Tick {
            item: Some(item.into()),
            override_why: Some("test".into()),
            ..Tick::of("ai.mr.approve-main")
        })
    };
    story.act(one("maintainer")).unwrap();
    assert_eq!(story.view().step("ai.mr.approve-main").unwrap().item_counts(), (1, 2));
    assert_eq!(story.shown("ai.mr.approve-main"), "doing");
    let unknown = story.act(one("somebody")).unwrap_err();
    assert!(unknown.to_string().contains("maintainer, psirt"), "{unknown}");
    story.act(one("psirt")).unwrap();
    assert_eq!(story.shown("ai.mr.approve-main"), "done");
}

#[test]
fn a_branch_that_comes_later_opens_its_step_again() {
    let mut story = Story::new("emissary");
    let branches = |list: &str| Action::Set { path: "component.api.branches".into(), value: list.into() };
    story.act(branches("main, release/v3.9")).unwrap();
    story.forced("em.fix.branches");
    assert_eq!(story.shown("em.fix.branches"), "done");
    story.act(branches("main, release/v3.9, release/v3.8")).unwrap();
    let view = story.view();
    let step = view.step("em.fix.branches").unwrap();
    assert!(step.is_open());
    assert_eq!(step.item_counts(), (2, 3));
}

#[test]
fn unknown_evidence_is_attested_but_never_where_it_would_publish() {
    let mut story = Story::new("emissary");
    let check = story.case.playbook().step("em.fix.cvss").unwrap().check.clone().unwrap();
    story.verdicts.insert(check, Verdict::Unknown("not looked at".into()));
    assert!(story.act(Action::Do(Tick::of("em.fix.cvss"))).is_err());
    story.act(Action::Do(Tick { attest: Some("by hand".into()), ..Tick::of("em.fix.cvss") })).unwrap();
    assert_eq!(story.view().step("em.fix.cvss").unwrap().attested.as_deref(), Some("by hand"));
    for kind in [CheckKind::NoLeak, CheckKind::SameCommits, CheckKind::TrackingSafe, CheckKind::OnlyFix] {
        assert!(!kind.can_be_attested());
    }
}

#[test]
fn a_failing_check_yields_only_to_an_override() {
    let mut story = Story::new("emissary");
    let check = story.case.playbook().step("em.fix.cvss").unwrap().check.clone().unwrap();
    story.verdicts.insert(check, Verdict::Fail("no score".into()));
    let attested = Tick { attest: Some("sure".into()), ..Tick::of("em.fix.cvss") };
    assert!(story.act(Action::Do(attested)).is_err());
    story.forced("em.fix.cvss");
}

#[test]
fn a_rule_that_leaves_the_process_hides_the_rest_and_proposes_the_end() {
    let mut story = Story::new("emissary");
    story.word("class", "resource-usage");
    let view = story.view();
    assert_eq!(view.leaving().unwrap().id, "resource-usage-open");
    assert_eq!(story.shown("em.rel.announce"), "hidden");
    assert_ne!(story.shown("em.lead.open-bug"), "hidden");
    assert_eq!(view.next.last().unwrap().kind, NextKind::Close);
    story.act(Action::Close { ending: Some(CloseAs::OpenBug), why: Some("an ordinary bug".into()) }).unwrap();
    assert_eq!(story.case.record().state, State::Closed);
}

#[test]
fn a_case_is_not_closed_as_released_while_steps_are_open() {
    let mut story = Story::new("emissary");
    let refusal = story.act(Action::Close { ending: None, why: None }).unwrap_err();
    assert!(refusal.to_string().contains("open"), "{refusal}");
}

#[test]
fn a_leak_brings_the_steps_of_a_breach_and_is_closed_by_the_lead() {
    let mut story = Story::new("gitlab-critical");
    assert_eq!(story.shown("gc.fix.leak"), "hidden");
    story.act(Action::ReportLeak { extent: LeakExtent::Partial, what: "a branch on public".into() }).unwrap();
    assert_eq!(story.case.record().state, State::Leaked);
    assert_ne!(story.shown("gc.fix.leak"), "hidden");
    assert!(story.view().asap, "a leak speeds everything up");
    assert!(story.act(Action::Undo).is_err(), "a leak can't be taken back");
    story.act(Action::CloseLeak { why: "the branch is gone and was not seen".into() }).unwrap();
    assert_eq!(story.case.record().state, State::Embargo);
}

#[test]
fn raised_labels_switch_the_process_and_steps_of_the_same_meaning_keep_their_state() {
    let mut story = Story::new("gitlab-non-critical");
    story.done("gn.triage.receive");
    story.done("gn.triage.verify");
    story.word("severity", "S2");
    let playbook = Arc::new(Playbook::parse(builtin("gitlab-critical").unwrap()).unwrap());
    story.act(Action::Switch(Box::new(SwitchTo { playbook, sha256: "1".repeat(64) }))).unwrap();
    assert_eq!(story.shown("gc.triage.verify"), "done");
    assert_eq!(story.case.record().anchor("reported"), Some(at(START)));
    assert_eq!(story.case.record().facts["severity"], Value::Text("S2".into()));
}

#[test]
fn a_case_that_was_handed_over_is_read_only() {
    let mut story = Story::new("emissary");
    story.act(Action::HandOver { to: "next lead".into(), note: None }).unwrap();
    assert!(matches!(story.act(Action::Do(Tick::of("em.lead.volunteer"))), Err(Refusal::HandedOver { .. })));
}

#[test]
fn setting_a_step_aside_is_no_way_round_a_hard_gate() {
    let mut story = Story::new("emissary");
    let aside = |step: &str| Action::SetAside { step: step.into(), item: None, why: "not here".into() };
    assert!(matches!(story.act(aside("em.team.access")), Err(Refusal::NotAllowed(_))));
    story.act(aside("em.team.cc")).unwrap();
    assert_eq!(story.shown("em.team.cc"), "not_applicable");
}

#[test]
fn taking_back_appends_and_doing_again_restores() {
    let mut story = Story::new("emissary");
    story.done("em.lead.volunteer");
    let done = story.case.record().step.clone();
    story.act(Action::Undo).unwrap();
    assert!(story.case.record().step.is_empty());
    story.act(Action::Redo).unwrap();
    assert_eq!(story.case.record().step, done);
    let kinds: Vec<EventKind> = story.case.record().event.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Created, EventKind::StepDone, EventKind::Undone, EventKind::Redone]);
    story.act(Action::Undo).unwrap();
    story.done("em.team.repo");
    assert!(matches!(story.act(Action::Redo), Err(Refusal::Nothing(_))), "a new action ends what could be done again");
}

#[test]
fn any_typed_field_is_set_by_its_path_and_nothing_else() {
    let mut story = Story::new("emissary");
    let set = |path: &str, value: &str| Action::Set { path: path.into(), value: value.into() };
    story.act(set("vulnerability.V1.cve", "CVE-2026-12345")).unwrap();
    story.act(set("vulnerability.V1.affected.A1.fixed", "3.9.2")).unwrap();
    story.act(set("component.api.urls.security", "ssh://host.example/private.git")).unwrap();
    story.act(set("person.reporter.next_update", "2026-11-25T12:00:00Z")).unwrap();
    let record = story.case.record();
    assert_eq!(record.vulnerability[0].cve.as_deref(), Some("CVE-2026-12345"));
    assert_eq!(record.vulnerability[0].affected[0].fixed.as_deref(), Some("3.9.2"));
    assert_eq!(record.component[0].urls["security"], "ssh://host.example/private.git");
    for (path, value) in [
        ("state", "public"),
        ("event.e0.why", "x"),
        ("vulnerability.V1.cvee", "x"),
        ("person.reporter.next_update", "soon"),
        ("title", ""),
        ("vulnerability", "x"),
        ("", "x"),
    ] {
        let before = story.case.record().clone();
        assert!(story.act(set(path, value)).is_err(), "{path} = {value}");
        assert_eq!(*story.case.record(), before);
    }
}

#[test]
fn a_new_case_starts_with_what_comes_first() {
    for (playbook, first) in
        [("emissary", "em.intake.report"), ("gardener", "ga.intake.report"), ("gitlab-critical", "gc.triage.receive")]
    {
        let story = Story::new(playbook);
        let view = story.view();
        let step = view.next.iter().find(|item| item.kind == NextKind::Step).unwrap();
        assert_eq!(step.id, first, "{playbook}");
    }
}

#[test]
fn what_others_changed_is_taken_in_beside_what_was_done_here() {
    let mut story = Story::new("emissary");
    let sent = story.case.clone();
    let mut theirs = story.case.clone();
    let context = Context { now: story.now, by: "other", event_id: "x1", verdicts: NO_VERDICTS };
    theirs.act(Action::Note { step: "em.team.repo".into(), text: "made".into() }, &context).unwrap();
    story.done("em.lead.volunteer");
    story.case.absorb(&sent, &theirs).unwrap();
    assert_eq!(story.shown("em.lead.volunteer"), "done");
    assert_eq!(story.view().step("em.team.repo").unwrap().note, "made");
    assert_eq!(story.case.record().event.len(), 3);
}

/// Any action that a person might ask for, sensible or not.
fn any_action(playbook: &'static str) -> impl Strategy<Value = Action> {
    let ids: Vec<String> = new_case(playbook).playbook().steps().map(|step| step.id.clone()).collect();
    let facts = new_case(playbook).playbook().facts.clone();
    let anchors: Vec<String> = new_case(playbook).playbook().anchors.iter().map(|anchor| anchor.id.clone()).collect();
    let step = || proptest::sample::select(ids.clone());
    let when = (0i64..2_000).prop_map(|hours| at(START).checked_add(SignedDuration::from_hours(hours)).unwrap());
    let answer = proptest::sample::select(facts).prop_flat_map(|fact| {
        let values: Vec<Option<Value>> = match &fact.kind {
            crate::playbook::FactKind::Choice(choices) => {
                choices.iter().map(|(id, _)| Some(Value::Text(id.clone()))).collect()
            }
            _ => vec![Some(Value::Flag(true)), Some(Value::Flag(false)), None],
        };
        (Just(fact.id), proptest::sample::select(values))
    });
    prop_oneof![
        8 => (step(), any::<bool>(), any::<bool>()).prop_map(|(step, force, attest)| Action::Do(Tick {
            override_why: force.then(|| "because".to_owned()),
            attest: attest.then(|| "seen".to_owned()),
            codename: Some("slate-kangaroo".to_owned()),
            ..Tick::of(&step)
        })),
        1 => step().prop_map(|step| Action::Start { step, codename: None, override_why: None }),
        1 => step().prop_map(|step| Action::Reopen { step, item: None }),
        1 => step().prop_map(|step| Action::Wait { step, on: "somebody".into() }),
        1 => step().prop_map(|step| Action::SetAside { step, item: None, why: "no".into() }),
        1 => step().prop_map(|step| Action::Note { step, text: "a note".into() }),
        2 => answer.prop_map(|(id, value)| Action::SetFacts(vec![(id, value)])),
        1 => (proptest::sample::select(anchors), when.clone()).prop_map(|(anchor, when)| Action::SetAnchor {
            anchor, which: ReleaseInstant::Target, at: Some(when), why: None }),
        1 => (step(), when).prop_map(|(target, to)| Action::Move { target, to, why: "moved".into() }),
        1 => Just(Action::Grant { who: "a".into(), what: "repo".into() }),
        1 => Just(Action::Revoke { who: "a".into(), what: "repo".into() }),
        2 => Just(Action::Undo),
        2 => Just(Action::Redo),
        1 => Just(Action::Publish),
        1 => Just(Action::ReportLeak { extent: LeakExtent::Full, what: "all".into() }),
        1 => Just(Action::CloseLeak { why: "gone".into() }),
        1 => proptest::sample::select(vec![LOW, BOUND, HIGH]).prop_map(|vector| Action::Score {
            vulnerability: "V1".into(), vector: vector.into(), why: None, is_final: true }),
    ]
}

/// What holds after any action, whatever it was.
fn check_invariants(story: &Story, before: &Case, outcome: &Result<Event, Refusal>) {
    let record = story.case.record();
    let flat = flatten(record).unwrap();
    assert_eq!(unflatten(&flat).unwrap(), *record, "a record and its flat form are the same");
    assert!(record.event.is_sorted_by_key(|event| event.at), "the timeline never goes back");
    if outcome.is_err() {
        assert_eq!(record, before.record(), "a refusal changes nothing");
    } else {
        assert_eq!(record.event.len(), before.record().event.len() + 1, "each action is one entry");
    }
    let view = story.view();
    for item in view.next.iter().filter(|item| item.kind == NextKind::Step) {
        let step = view.step(&item.id).unwrap();
        assert!(step.is_doable(), "{} is next, but can't be done", item.id);
    }
    let exposed = view.steps().any(|step| step.exposes && step.shown == Shown::Stored(StepState::Done));
    assert!(!exposed || record.state != State::Embargo, "what is exposed is no longer under embargo");
    for step in view.steps().filter(|step| step.shown == Shown::Blocked) {
        assert!(!step.blocked_by.is_empty(), "{} is blocked by nothing", step.id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_walk_of_random_actions_breaks_no_invariant(
        (playbook, actions) in proptest::sample::select(vec!["emissary", "gardener", "gitlab-critical", "gitlab-non-critical", "gitlab-aigw", "duo-workflow-executor"])
            .prop_flat_map(|playbook| (Just(playbook), proptest::collection::vec((any_action(playbook), 0i64..30), 1..60))),
    ) {
        let mut story = Story::new(playbook);
        for (action, hours) in actions {
            let before = story.case.clone();
            let outcome = story.act(action);
            check_invariants(&story, &before, &outcome);
            story.wait(hours);
        }
    }

    #[test]
    fn taking_everything_back_leads_to_the_start(actions in proptest::collection::vec(any_action("emissary"), 1..30)) {
        let mut story = Story::new("emissary");
        let start = story.case.record().clone();
        for action in actions.into_iter().filter(|action| !matches!(action, Action::Undo | Action::Redo | Action::ReportLeak { .. } | Action::CloseLeak { .. } | Action::Publish)) {
            // Only what can be taken back: no override, and nothing that exposes.
            let action = match action {
                Action::Do(tick) => Action::Do(Tick { override_why: None, codename: None, ..tick }),
                other => other,
            };
            let _ = story.act(action);
        }
        let done = story.case.record().clone();
        let mut count = 0;
        while story.act(Action::Undo).is_ok() { count += 1; }
        let without_events = |record: &record::Record| record::Record { event: Vec::new(), ..record.clone() };
        prop_assert_eq!(without_events(story.case.record()), without_events(&start));
        for _ in 0..count { story.act(Action::Redo).unwrap(); }
        prop_assert_eq!(flatten(&without_events(story.case.record())).unwrap().len(), flatten(&without_events(&done)).unwrap().len());
    }
}
