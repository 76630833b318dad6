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
pub(super) struct Story {
    pub(super) case: Case,
    pub(super) now: Timestamp,
    me: &'static str,
    verdicts: Verdicts,
    events: u32,
}

impl Story {
    pub(super) fn new(playbook: &str) -> Self {
        Self { case: new_case(playbook), now: at(START), me: "lead", verdicts: Verdicts::new(), events: 0 }
    }

    pub(super) fn act(&mut self, action: Action) -> Result<Event, Refusal> {
        self.events += 1;
        let id = format!("e{}", self.events);
        let context = Context { now: self.now, by: self.me, event_id: &id, verdicts: &self.verdicts };
        self.case.act(action, &context)
    }

    pub(super) fn foretold(&self, action: Action) -> Vec<String> {
        let context = Context { now: self.now, by: self.me, event_id: "", verdicts: &self.verdicts };
        self.case.consequences(action, &context).unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    /// From here on somebody else acts.
    pub(super) fn by(&mut self, me: &'static str) {
        self.me = me;
    }

    pub(super) fn view(&self) -> View {
        self.case.view(Moment { now: self.now, verdicts: &self.verdicts })
    }

    pub(super) fn wait(&mut self, hours: i64) {
        self.now = self.now.checked_add(SignedDuration::from_hours(hours)).unwrap();
    }

    pub(super) fn done(&mut self, step: &str) {
        self.act(Action::Do(Tick { attest: Some("seen".into()), ..Tick::of(step) }))
            .unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
    }

    pub(super) fn forced(&mut self, step: &str) {
        let tick =
            Tick { override_why: Some("test".into()), codename: Some("slate-kangaroo".into()), ..Tick::of(step) };
        self.act(Action::Do(tick)).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
    }

    pub(super) fn fact(&mut self, id: &str, value: Value) {
        self.act(Action::SetFacts(vec![(id.into(), Some(value))])).unwrap();
    }

    pub(super) fn word(&mut self, id: &str, value: &str) {
        self.fact(id, Value::Text(value.into()));
    }

    pub(super) fn shown(&self, step: &str) -> &'static str {
        self.view().step(step).unwrap().shown.word()
    }

    pub(super) fn score(&mut self, vector: &str) {
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
    let branches = |list: &str| Action::set("component.api.branches", list);
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
    let set = |path: &str, value: &str| Action::set(path, value);
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

pub(super) const RELEASE_DAY: &str = "2026-12-01T16:00:00Z";

impl Story {
    fn target(&mut self, text: &str) {
        let (anchor, which) = (self.case.playbook().embargo_end().unwrap().id.clone(), ReleaseInstant::Target);
        self.act(Action::SetAnchor { anchor, which, at: Some(at(text)), why: None }).unwrap();
    }

    fn refused(&mut self, action: Action) -> String {
        let before = self.case.record().clone();
        let what = format!("{action:?}");
        let refusal = self.act(action).expect_err(&what);
        assert_eq!(*self.case.record(), before, "a refusal changes nothing");
        refusal.to_string()
    }

    fn set(&mut self, path: &str, value: &str) {
        self.act(Action::set(path, value)).unwrap();
    }

    fn aside(&mut self, step: &str, item: Option<&str>) {
        let item = item.map(str::to_owned);
        self.act(Action::SetAside { step: step.into(), item, why: "not here".into() }).unwrap();
    }

    fn leak(&mut self, extent: LeakExtent) {
        self.act(Action::ReportLeak { extent, what: "a branch on public".into() }).unwrap();
    }

    fn next(&self) -> Vec<(NextKind, String)> {
        self.view().next.into_iter().map(|item| (item.kind, item.id)).collect()
    }

    fn is_next(&self, kind: NextKind, id: &str) -> bool {
        self.next().contains(&(kind, id.to_owned()))
    }

    /// Sets every open step aside by hand, past the gates.
    fn settle_all(&mut self) {
        for id in self.case.playbook().steps().map(|step| step.id.clone()).collect::<Vec<_>>() {
            let view = self.view();
            let step = view.step(&id).unwrap();
            if step.shown != Shown::Hidden && step.is_open() && !step.standing {
                self.forced(&id);
            }
        }
    }
}

fn close(ending: Option<CloseAs>, why: &str) -> Action {
    Action::Close { ending, why: Some(why.to_owned()).filter(|why| !why.is_empty()) }
}

#[test]
fn what_was_set_aside_is_reopened_before_it_is_done() {
    let mut story = Story::new("emissary");
    story.aside("em.team.cc", None);
    let forced = |step: &str| Action::Do(Tick { override_why: Some("test".into()), ..Tick::of(step) });
    assert!(story.refused(forced("em.team.cc")).contains("was set aside: reopen it first"));
    story.set("component.api.branches", "main, stable");
    story.aside("em.rel.merge", Some("main"));
    let one = Tick { item: Some("main".into()), override_why: Some("test".into()), ..Tick::of("em.rel.merge") };
    assert!(story.refused(Action::Do(one.clone())).contains("set aside"));
    story.forced("em.rel.merge");
    assert_eq!(story.case.record().step("em.rel.merge", Some("api:main")).unwrap().state, StepState::NotApplicable);
    story.act(Action::Reopen { step: "em.rel.merge".into(), item: Some("main".into()) }).unwrap();
    story.act(Action::Do(one)).unwrap();
}

#[test]
fn a_closed_case_takes_only_what_tells_of_it() {
    let mut story = Story::new("emissary");
    story.act(close(Some(CloseAs::Invalid), "no such thing")).unwrap();
    for action in [
        Action::Do(Tick::of("em.intake.report")),
        Action::Expose { codename: "slate-kangaroo".into() },
        Action::Publish,
        Action::SetFacts(vec![("affects".into(), None)]),
        Action::Grant { who: "a".into(), what: "repo".into() },
    ] {
        assert!(story.refused(action).contains("undo takes the close back"));
    }
    story.act(Action::Note { step: "em.intake.report".into(), text: "told them".into() }).unwrap();
    story.leak(LeakExtent::Partial);
    assert_eq!(story.case.record().state, State::Leaked);
    story.act(Action::CloseLeak { why: "an old page".into() }).unwrap();
    assert_eq!(story.case.record().state, State::Closed, "a case that was closed is closed again");
    story.act(Action::Undo).unwrap();
    story.act(Action::Undo).unwrap();
    assert_eq!(story.case.record().state, State::Embargo);
}

#[test]
fn a_leak_is_reported_from_any_state_and_leads_back_to_it() {
    let mut story = Story::new("gitlab-aigw");
    story.act(Action::Expose { codename: "slate-kangaroo".into() }).unwrap();
    story.act(Action::Publish).unwrap();
    story.leak(LeakExtent::Full);
    assert_eq!(story.case.record().state, State::Leaked);
    story.wait(1);
    story.leak(LeakExtent::Partial);
    assert_eq!(story.case.record().leak.as_ref().unwrap().extent, LeakExtent::Full, "it never becomes less");
    story.forced("ai.sync.open");
    assert!(story.act(Action::Expose { codename: "slate-kangaroo".into() }).is_err());
    story.act(Action::CloseLeak { why: "seen to".into() }).unwrap();
    assert_eq!(story.case.record().state, State::Public);
}

#[test]
fn a_blank_is_no_attestation_and_one_word_does_not_stand_for_two_things() {
    let mut story = Story::new("gitlab-critical");
    let blank = Tick { attest: Some(" ".into()), ..Tick::of("gc.triage.receive") };
    assert!(matches!(story.act(Action::Do(blank)), Err(Refusal::BadValue(_))));
    let tick = Tick { attest: Some("seen".into()), override_why: Some("test".into()), ..Tick::of("gc.rel.prepare") };
    story.act(Action::Do(tick)).unwrap();
    assert_eq!(story.case.record().decision.len(), 1, "only the attestation was missing at this gate");
    let mut story = Story::new("gardener");
    let tick = Tick { attest: Some("seen".into()), override_why: Some("test".into()), ..Tick::of("ga.rel.announce") };
    story.act(Action::Do(tick)).unwrap();
    assert!(story.case.record().decision.is_empty(), "evidence is missing at that gate as well");
    let mut story = Story::new("duo-workflow-executor");
    story.forced("de.publish");
    let tick = Tick { attest: Some("seen".into()), override_why: Some("test".into()), ..Tick::of("de.sync") };
    story.act(Action::Do(tick)).unwrap();
    assert!(story.case.record().decision.is_empty(), "the word stood for the evidence of the step itself");
}

#[test]
fn a_case_ends_as_released_only_when_it_is_public_and_nothing_is_open() {
    let mut story = Story::new("duo-workflow-executor");
    story.fact("patch_release_open", Value::Flag(true));
    assert!(story.refused(close(None, "")).contains("steps are open"));
    story.settle_all();
    assert!(story.refused(close(None, "")).contains("not public"));
    assert!(story.is_next(NextKind::Publish, "publish") && !story.is_next(NextKind::Close, "close"));
    story.act(Action::Publish).unwrap();
    story.leak(LeakExtent::Partial);
    assert!(story.refused(close(None, "")).contains("leak"));
    story.act(Action::CloseLeak { why: "nothing".into() }).unwrap();
    assert!(story.is_next(NextKind::Close, "close"));
    story.act(close(None, "")).unwrap();
    let mut story = Story::new("emissary");
    story.word("affects", "unsupported");
    assert!(story.refused(close(None, "")).contains("left its process"));
    assert!(story.refused(close(Some(CloseAs::NoRelease), "")).contains("say why"));
    assert!(story.is_next(NextKind::Close, "close"));
}

#[test]
fn what_comes_after_the_release_waits_for_it() {
    for (playbook, step, first) in [
        ("emissary", "em.rel.revoke", "em.rel.announce"),
        ("gardener", "ga.rel.revoke", "ga.rel.announce"),
        ("gitlab-critical", "gc.comm.reporter", "gc.rel.publish"),
        ("gitlab-non-critical", "gn.comm.reporter", "gn.rel.publish"),
        ("gitlab-critical", "gc.hot.apply", "gc.hot.create"),
        ("gitlab-aigw", "ai.sync.merge", "ai.sync.conflict"),
    ] {
        let case = new_case(playbook);
        assert!(case.playbook().step(step).unwrap().after.contains(&first.to_owned()), "{step}");
    }
}

#[test]
fn reopening_a_step_takes_back_what_it_stamped_but_not_what_was_entered_since() {
    let mut story = Story::new("emissary");
    story.set("component.api.branches", "main, stable");
    story.forced("em.fix.branches");
    assert!(story.case.record().anchor("fix_ready").is_some());
    story.act(Action::Reopen { step: "em.fix.branches".into(), item: Some("api:main".into()) }).unwrap();
    assert_eq!(story.case.record().anchor("fix_ready"), None);
    story.act(Action::Undo).unwrap();
    assert!(story.case.record().anchor("fix_ready").is_some(), "it is one action");
    let entered = at("2026-11-20T09:00:00Z");
    let set =
        Action::SetAnchor { anchor: "fix_ready".into(), which: ReleaseInstant::Target, at: Some(entered), why: None };
    story.act(set).unwrap();
    story.act(Action::Reopen { step: "em.fix.branches".into(), item: None }).unwrap();
    assert_eq!(story.case.record().anchor("fix_ready"), Some(entered));
}

#[test]
fn a_switch_stays_and_keeps_every_answer() {
    let mut story = Story::new("gitlab-non-critical");
    story.word("severity", "S2");
    let switch = |id: &str, sha: &str| {
        let playbook = Arc::new(Playbook::parse(builtin(id).unwrap()).unwrap());
        Action::Switch(Box::new(SwitchTo { playbook, sha256: sha.repeat(64) }))
    };
    story.act(switch("emissary", "1")).unwrap();
    assert_eq!(story.case.record().facts["severity"], Value::Text("S2".into()));
    story.act(switch("gitlab-critical", "2")).unwrap();
    assert_eq!(story.case.record().facts["severity"], Value::Text("S2".into()));
    assert!(!EventKind::Switched.can_be_undone());
}

#[test]
fn only_an_open_leak_counts_but_the_steps_of_a_breach_stay() {
    let mut story = Story::new("gitlab-critical");
    story.leak(LeakExtent::Partial);
    assert!(story.view().asap);
    story.act(Action::CloseLeak { why: "seen to".into() }).unwrap();
    assert!(!story.view().asap);
    assert_ne!(story.shown("gc.fix.leak"), "hidden");
}

#[test]
fn who_waits_for_an_exposing_step_has_started_it() {
    let mut story = Story::new("emissary");
    let wait = || Action::Wait { step: "em.rel.pr".into(), on: "maintainers".into() };
    assert!(story.refused(wait()).contains("start it first"));
    let (codename, override_why) = (Some("slate-kangaroo".into()), Some("test".into()));
    story.act(Action::Start { step: "em.rel.pr".into(), codename, override_why }).unwrap();
    story.act(wait()).unwrap();
}

#[test]
fn instants_are_asked_for_when_something_needs_them() {
    let story = Story::new("gitlab-aigw");
    assert!(story.is_next(NextKind::Anchor, "due"), "only a person can enter it");
    let asked = story.view().next.into_iter().find(|item| item.kind == NextKind::Anchor).unwrap();
    assert!(asked.title.starts_with("When: "), "{}", asked.title);
    let mut story = Story::new("emissary");
    assert!(!story.is_next(NextKind::Anchor, "release"));
    story.forced("em.fix.cvss-final");
    assert!(story.is_next(NextKind::Anchor, "release"), "the CVE is due at the release");
    story.target(RELEASE_DAY);
    assert!(!story.is_next(NextKind::Anchor, "release"));
    assert!(Story::new("gitlab-non-critical").is_next(NextKind::Anchor, "release"), "the monthly date");
}

#[test]
fn no_date_is_announced_before_there_is_one() {
    let mut story = Story::new("emissary");
    story.fact("mitigation", Value::Flag(false));
    story.forced("em.comm.plan");
    story.forced("em.comm.actionable");
    story.forced("em.fix.develop");
    let refusal = story.refused(Action::Do(Tick::of("em.comm.preannounce")));
    assert!(refusal.contains("the release has no date yet"), "{refusal}");
    assert!(story.is_next(NextKind::Anchor, "release"));
    story.target(RELEASE_DAY);
    story.done("em.comm.preannounce");
    assert_eq!(story.view().release.announced, Some(at(RELEASE_DAY)));
}

#[test]
fn nothing_to_do_with_steps_open_says_what_holds_them_up() {
    let text = r#"
schema = 1
id = "small"
name = "Small"
[[anchor]]
id = "start"
title = "Start"
marks = "start"
[[anchor]]
id = "end"
title = "End"
marks = "embargo_end"
[[role]]
id = "lead"
title = "Lead"
[[phase]]
id = "all"
title = "All"
  [[phase.step]]
  id = "s.go"
  title = "Go"
  role = "lead"
[[gate]]
id = "g"
title = "Sealed"
requires = [{ check = { kind = "no-leak" } }]
blocks = [{ step = "s.go" }]
"#;
    let mut story = Story::new("emissary");
    let playbook = Arc::new(Playbook::parse(text).unwrap());
    story.act(Action::Switch(Box::new(SwitchTo { playbook, sha256: "3".repeat(64) }))).unwrap();
    assert_eq!(story.next(), [(NextKind::Anchor, "end".to_owned())], "a date may be what is missing");
    story.target(RELEASE_DAY);
    let next = story.view().next;
    assert_eq!((next[0].kind, next[0].id.as_str()), (NextKind::Stuck, "s.go"));
    assert!(next[0].title.starts_with("«Go» is held up: gate «Sealed»"), "{}", next[0].title);
}

#[test]
fn a_question_is_asked_also_where_its_step_is_settled_otherwise() {
    let mut story = Story::new("emissary");
    story.aside("em.lead.affects", None);
    assert!(story.is_next(NextKind::Fact, "affects"));
    story.word("disclosure", "private");
    assert!(!story.is_next(NextKind::Fact, "reporter"), "nothing hangs on it");
    let mut story = Story::new("gitlab-non-critical");
    assert!(!story.is_next(NextKind::Fact, "severity"));
    story.forced("gn.triage.relabel");
    assert!(story.is_next(NextKind::Fact, "severity"), "another step that asks it is done");
}

#[test]
fn a_gate_can_keep_a_slow_down_from_happening() {
    let text = builtin("emissary").unwrap().to_owned()
        + "\n[[gate]]\nid = \"g-slow\"\ntitle = \"The plan stands\"\nrequires = [{ step = \"em.comm.plan\" }]\nblocks = [{ action = \"slow-down\" }]\n";
    let mut story = Story::new("emissary");
    let playbook = Arc::new(Playbook::parse(&text).unwrap());
    story.act(Action::Switch(Box::new(SwitchTo { playbook, sha256: "4".repeat(64) }))).unwrap();
    let slow = |why: &str| Action::SlowDown { until: at(RELEASE_DAY), why: why.into(), discussed: "the list".into() };
    assert!(story.refused(slow("holidays")).contains("no score is known yet"));
    story.score(LOW);
    assert!(story.refused(slow(" ")).contains("say why"));
    assert!(story.refused(slow("holidays")).contains("«Draft the communication plan» is done"));
    story.done("em.comm.plan");
    story.act(slow("holidays")).unwrap();
    let faults = Playbook::parse(&text.replace("slow-down\"", "slow-dwn\"")).unwrap_err();
    assert!(
        faults.iter().any(|fault| fault.hint.as_ref().is_some_and(|hint| hint.contains("slow-down"))),
        "{faults:?}"
    );
}

#[test]
fn a_branch_is_named_with_its_component_and_may_be_called_without() {
    let mut story = Story::new("emissary");
    story.set("component.api.branches", "main, stable");
    let one = |item: &str| {
        Action::Do(Tick { item: Some(item.into()), override_why: Some("test".into()), ..Tick::of("em.fix.branches") })
    };
    assert_eq!(story.act(one("main")).unwrap().target, "em.fix.branches@api:main");
    story.set("component.web.branches", "main");
    assert_eq!(story.view().step("em.fix.branches").unwrap().item_counts(), (1, 3), "it is still the same branch");
    assert!(story.refused(one("main")).contains("no item main"), "two components have one");
    story.act(one("web:main")).unwrap();
    assert!(story.refused(one("stabel")).contains("did you mean stable"));
}

#[test]
fn an_announced_instant_that_goes_away_is_withdrawn_and_nothing_has_happened_in_the_future() {
    let mut story = Story::new("emissary");
    let set = |which, at| Action::SetAnchor { anchor: "release".into(), which, at, why: None };
    story.act(set(ReleaseInstant::Announced, Some(at(RELEASE_DAY)))).unwrap();
    story.act(set(ReleaseInstant::Announced, None)).unwrap();
    assert!(story.case.record().draft[0].text.contains("withdrawn"));
    let actual = set(ReleaseInstant::Actual, Some(at(RELEASE_DAY)));
    assert!(matches!(story.act(actual.clone()), Err(Refusal::BadValue(_))));
    story.now = at(RELEASE_DAY);
    story.act(actual).unwrap();
}

#[test]
fn a_done_step_takes_notes_links_and_answers_without_new_evidence() {
    let mut story = Story::new("emissary");
    story.forced("em.fix.cvss");
    let tick = |tick: Tick| Action::Do(Tick { step: "em.fix.cvss".into(), ..tick });
    let note = tick(Tick { note: Some("by hand".into()), ..Tick::default() });
    assert_eq!(story.act(note).unwrap().kind, EventKind::StepNoted);
    let link = tick(Tick { link: Some("https://example.org/1".into()), ..Tick::default() });
    assert_eq!(story.act(link).unwrap().kind, EventKind::StepLinked);
    let fact = tick(Tick { facts: vec![("mitigation".into(), Some(Value::Flag(true)))], ..Tick::default() });
    assert_eq!(story.act(fact).unwrap().kind, EventKind::FactSet);
    assert!(matches!(story.act(tick(Tick::default())), Err(Refusal::Nothing(_))));
    assert_eq!(story.view().step("em.fix.cvss").unwrap().done_by.as_deref(), Some("lead"));
}

#[test]
fn scores_come_by_their_own_action_and_an_entry_is_removed_by_its_name() {
    let mut story = Story::new("emissary");
    let score = |id: &str| Action::Score { vulnerability: id.into(), vector: LOW.into(), why: None, is_final: true };
    assert!(matches!(story.act(score("V2")), Err(Refusal::NotFound { hint: Some(_), .. })));
    let set = |path: &str, value: &str| Action::set(path, value);
    assert!(story.refused(set("vulnerability.V1.score.S1.vector", LOW)).contains("score"));
    assert!(story.refused(set("vulnerability.V1", "")).contains("last one"));
    story.set("vulnerability.V2.summary", "another");
    story.act(score("V2")).unwrap();
    story.set("component.api.branches", "main");
    story.set("person.ann.name", "Ann");
    for path in ["vulnerability.V2", "component.api", "person.ann"] {
        story.set(path, "");
    }
    let record = story.case.record();
    assert_eq!((record.vulnerability.len(), record.component.len(), record.person.len()), (1, 0, 0));
    assert!(matches!(story.act(set("component.api", "")), Err(Refusal::Nothing(_))));
}

#[test]
fn an_answer_that_is_none_is_refused_and_one_that_is_stored_is_unknown() {
    let mut story = Story::new("emissary");
    for value in [Value::Text("all".into()), Value::Flag(true), Value::Number(1.0)] {
        let action = Action::SetFacts(vec![("affects".into(), Some(value))]);
        assert!(matches!(story.act(action), Err(Refusal::BadValue(_))));
    }
    let mut record = story.case.record().clone();
    record.facts.insert("affects".into(), Value::Text("all".into()));
    story.case = Case::new(record, story.case.playbook().clone());
    assert_eq!(story.view().step("em.lead.unsupported").unwrap().depends_on[0].0, "affects");
    story.done("em.lead.affects");
    assert!(story.is_next(NextKind::Fact, "affects"));
}

#[test]
fn a_soft_gate_warns_and_refuses_nothing() {
    let mut story = Story::new("gitlab-critical");
    story.word("severity", "S1");
    story.forced("gc.hot.create");
    let view = story.view();
    let step = view.step("gc.hot.apply").unwrap();
    assert!(step.is_doable());
    assert!(step.warnings[0].contains("gate «") && step.warnings[0].contains("missing: "), "{:?}", step.warnings);
    story.forced("gc.hot.approve");
    assert!(story.view().step("gc.hot.apply").unwrap().warnings.is_empty());
}

#[test]
fn a_deadline_without_an_instant_does_not_push_a_step_behind_what_follows_it() {
    let mut story = Story::new("gitlab-critical");
    story.forced("gc.fix.backports");
    let moved = Action::Move { target: "gc.qa.envs".into(), to: at(START), why: "late".into() };
    story.act(moved).unwrap();
    story.wait(1);
    let steps: Vec<String> =
        story.next().into_iter().filter(|(kind, _)| *kind == NextKind::Step).map(|(_, id)| id).collect();
    let place = |id: &str| steps.iter().position(|step| step == id).unwrap();
    assert!(place("gc.rel.port") < place("gc.qa.envs"), "what comes before a late step is as urgent: {steps:?}");
}

#[test]
fn only_a_report_of_which_something_is_known_stands_at_the_bound() {
    let text =
        builtin("emissary").unwrap().replace("disclosure == 'public' and cvss.score >= 4.0", "cvss.score >= 4.0");
    let mut story = Story::new("emissary");
    let playbook = Arc::new(Playbook::parse(&text).unwrap());
    story.act(Action::Switch(Box::new(SwitchTo { playbook, sha256: "5".repeat(64) }))).unwrap();
    assert!(!story.view().asap);
    story.score(HIGH);
    assert!(story.view().asap);
}

/// Any action that a person might ask for, sensible or not.
fn any_action(playbook: &'static str) -> impl Strategy<Value = Action> {
    let ids: Vec<String> = new_case(playbook).playbook().steps().map(|step| step.id.clone()).collect();
    let facts = new_case(playbook).playbook().facts.clone();
    let anchors: Vec<String> = new_case(playbook).playbook().anchors.iter().map(|anchor| anchor.id.clone()).collect();
    let switches: Vec<SwitchTo> = [("emissary", "1"), ("gardener", "2"), ("gitlab-aigw", "3")]
        .map(|(id, sha)| SwitchTo { playbook: new_case(id).playbook().clone(), sha256: sha.repeat(64) })
        .to_vec();
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
        1 => (step(), any::<bool>(), any::<bool>()).prop_map(|(step, named, force)| Action::Start {
            step,
            codename: named.then(|| "slate-kangaroo".to_owned()),
            override_why: force.then(|| "because".to_owned()),
        }),
        1 => (step(), proptest::sample::select(vec!["main", "api:stable", "maintainer"])).prop_map(|(step, item)| {
            Action::Do(Tick { item: Some(item.to_owned()), override_why: Some("because".to_owned()),
                codename: Some("slate-kangaroo".to_owned()), ..Tick::of(&step) })
        }),
        1 => (step(), proptest::sample::select(vec!["main", "api:stable"])).prop_map(|(step, item)| {
            Action::SetAside { step, item: Some(item.to_owned()), why: "no".into() }
        }),
        1 => step().prop_map(|step| Action::Assign { step, who: "somebody".into() }),
        1 => step().prop_map(|step| Action::Link { step, url: "https://example.org/1".into() }),
        1 => proptest::sample::select(vec![
            ("component.api.branches", "main, stable"), ("component.api.branches", "main"), ("component.api", ""),
            ("vulnerability.V2.summary", "another"), ("vulnerability.V2", ""), ("person.ann.name", "Ann"),
        ]).prop_map(|(path, value)| Action::set(path, value)),
        1 => proptest::sample::select(vec![None, Some(CloseAs::Invalid), Some(CloseAs::NoRelease)])
            .prop_map(|ending| Action::Close { ending, why: Some("it is over".into()) }),
        1 => Just(Action::Expose { codename: "slate-kangaroo".into() }),
        1 => proptest::sample::select(switches).prop_map(|to| Action::Switch(Box::new(to))),
        1 => any::<bool>().prop_map(|away| if away { Action::Archive } else { Action::Unarchive }),
        1 => Just(Action::SlowDown { until: at(RELEASE_DAY), why: "holidays".into(), discussed: "the list".into() }),
        1 => step().prop_map(|step| Action::Reopen { step, item: None }),
        1 => step().prop_map(|step| Action::Wait { step, on: "somebody".into() }),
        1 => step().prop_map(|step| Action::SetAside { step, item: None, why: "no".into() }),
        1 => step().prop_map(|step| Action::Note { step, text: "a note".into() }),
        2 => answer.prop_map(|(id, value)| Action::SetFacts(vec![(id, value)])),
        1 => (proptest::sample::select(anchors), proptest::option::weighted(0.8, when.clone()),
            proptest::sample::select(ReleaseInstant::ALL.map(|(_, which)| which).to_vec()))
            .prop_map(|(anchor, at, which)| Action::SetAnchor { anchor, which, at, why: None }),
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
    let was_out = record
        .event
        .iter()
        .any(|event| matches!(event.after.get("state").and_then(|state| state.as_str()), Some("releasing" | "public")));
    assert!(!was_out || record.state != State::Embargo, "nothing that was exposed is under embargo again");
    let was_public = record.event.iter().any(|event| event.kind == EventKind::Published);
    assert!(!was_public || record.state != State::Releasing, "nothing that was public is on its way there again");
    assert!((record.state == State::Leaked) <= record.open_leak().is_some(), "LEAKED needs a leak that is open");
    assert!((record.state == State::Closed) <= record.closing.is_some(), "a closed case says how it ended");
    if record.state != State::Closed && view.progress().0 < view.progress().1 {
        assert!(!view.next.is_empty() || !view.waiting.is_empty(), "steps are open, so something is next");
    }
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
        for action in actions.into_iter().filter(|action| !matches!(action, Action::Undo | Action::Redo | Action::ReportLeak { .. } | Action::CloseLeak { .. } | Action::Publish | Action::Expose { .. } | Action::Switch(_))) {
            // Only what can be taken back: no override, and nothing that exposes.
            let action = match action {
                Action::Do(tick) => Action::Do(Tick { override_why: None, codename: None, ..tick }),
                Action::Start { step, .. } => Action::Start { step, codename: None, override_why: None },
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

#[test]
fn several_fields_are_set_and_taken_back_at_once_or_not_at_all() {
    let mut case = Story::new("emissary");
    let fields = |pairs: [(&str, &str); 2]| Action::Set(pairs.map(|(path, value)| (path.into(), value.into())).into());
    let before = case.case.record().clone();
    case.act(fields([("person.ada.credit", "Ada"), ("person.ada.nonsense", "x")])).unwrap_err();
    assert_eq!(case.case.record(), &before);
    let event = case.act(fields([("person.ada.credit", "Ada"), ("person.ada.contact", "by mail")])).unwrap();
    assert_eq!(event.target, "person.ada.credit, person.ada.contact");
    case.act(Action::Undo).unwrap();
    assert_eq!(case.case.record().person, before.person);
}
