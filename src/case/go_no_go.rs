//! Go or no go: what a step that makes the fix public still needs, shortly before its hour.

use jiff::Timestamp;

use super::Case;
use super::action::{Obstacle, ObstacleKind};
use super::record::State;
use super::view::{StepView, View};
use crate::playbook::{Gate, Requirement, Verdict};

/// From how long before its hour a step that exposes the fix is looked at so closely.
const BEFORE_SECONDS: i64 = 2 * 3_600;

/// What the next step that exposes the fix needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoNoGo {
    /// Its hour.
    pub at: Timestamp,
    /// The step may not be done before its hour, and that has not come.
    pub too_early: bool,
    /// Id of the step.
    pub step: String,
    /// Its title.
    pub title: String,
    /// Everything that it needs, in the order of the process.
    pub needs: Vec<Need>,
}

/// One thing that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Is it there?
    pub met: bool,
    /// The step, or what a gate asks for with the evidence.
    pub text: String,
    /// Who can bring it, where the process knows.
    pub asked: Option<String>,
}

impl GoNoGo {
    /// How many needs are not met.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.needs.iter().filter(|need| !need.met).count()
    }
}

impl Case {
    /// What the first open step that exposes the fix needs, from two hours before its hour until it is done; none
    /// before that, where no hour is known, and once the case is public.
    #[must_use]
    pub fn go_no_go(&self, view: &View, now: Timestamp) -> Option<GoNoGo> {
        if matches!(self.record().state, State::Public | State::Closed) {
            return None;
        }
        let step = view.steps().find(|step| step.exposes && step.is_open())?;
        let at = step.not_before.or(step.due.and_then(|due| due.at)).or(view.release.effective())?;
        if at.as_second() - now.as_second() > BEFORE_SECONDS {
            return None;
        }
        let too_early = step.not_before.is_some();
        Some(GoNoGo { at, too_early, step: step.id.clone(), title: step.title.clone(), needs: self.needs(step, view) })
    }

    /// Everything that keeps a step from being done but its hour: open steps, gates, what else blocks it, its evidence.
    fn needs(&self, step: &StepView, view: &View) -> Vec<Need> {
        let mut before = Vec::new();
        steps_before(step, view, &mut before);
        let mut needs: Vec<Need> = before.iter().map(|step| self.need_of_step(step)).collect();
        let told = |id: &str| before.iter().any(|step| step.id == id);
        for gate in self.playbook().gates_before(&step.id) {
            needs.extend(self.needs_of_gate(gate, view, &told));
        }
        needs.extend(other_obstacles(step));
        needs.extend(step.check.iter().map(|(word, verdict)| Need {
            met: matches!(verdict, Verdict::Pass(_)),
            text: format!("{word}: {}", verdict.reason()),
            asked: None,
        }));
        needs
    }

    /// What a gate asks for, without the steps that are told already.
    fn needs_of_gate(&self, gate: &Gate, view: &View, told: &dyn Fn(&str) -> bool) -> Vec<Need> {
        let Some(found) = view.gates.iter().find(|found| found.id == gate.id) else { return Vec::new() };
        let requirements = gate.requires.iter().zip(&found.requirements);
        let needs = requirements.filter_map(|(requirement, (met, text))| match requirement {
            Requirement::Step(id) if told(id) => None,
            Requirement::Step(id) => view.step(id).map(|step| Need { met: *met, ..self.need_of_step(step) }),
            _ => Some(Need { met: *met, text: text.clone(), asked: None }),
        });
        needs.collect()
    }

    fn need_of_step(&self, step: &StepView) -> Need {
        Need { met: false, text: step.title.clone(), asked: Some(self.who(step)) }
    }

    /// Who is at a step: whom it waits for, whose it is, or the role of the process.
    #[must_use]
    pub fn who(&self, step: &StepView) -> String {
        let role = || self.playbook().role(&step.role).map_or_else(|| step.role.clone(), |role| role.title.clone());
        step.waiting_on.clone().or_else(|| step.assignee.clone()).unwrap_or_else(role)
    }
}

/// The open steps that have to come first, each after those that have to come before it.
fn steps_before<'v>(step: &StepView, view: &'v View, found: &mut Vec<&'v StepView>) {
    let steps = step.blocked_by.iter().filter(|obstacle| obstacle.kind == ObstacleKind::Step);
    for before in steps.filter_map(|obstacle| view.step(&obstacle.id)) {
        if !found.iter().any(|known| known.id == before.id) {
            steps_before(before, view, found);
            found.push(before);
        }
    }
}

/// What blocks a step beside steps and gates. Its own hour is told as such; an instant that nobody has set is missing.
fn other_obstacles(step: &StepView) -> impl Iterator<Item = Need> {
    let is_hour = |obstacle: &&Obstacle| obstacle.kind == ObstacleKind::NotBefore && step.not_before.is_some();
    let told = |obstacle: &&Obstacle| matches!(obstacle.kind, ObstacleKind::Step | ObstacleKind::Gate);
    let others = step.blocked_by.iter().filter(move |obstacle| !is_hour(obstacle) && !told(obstacle));
    others.map(|obstacle| Need { met: false, text: obstacle.text.clone(), asked: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Context, Moment, NO_VERDICTS, NewCase, Refusal, ReleaseInstant, Tick};
    use crate::playbook::{FactDef, FactKind, Marks, Playbook, Value, Verdicts, builtin};
    use std::sync::Arc;

    const REPORTED: &str = "2026-11-19T16:12:00Z";
    const RELEASE: &str = "2026-12-01T16:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn blank() -> NewCase {
        NewCase {
            id: "slate-kangaroo".into(),
            title: "A title".into(),
            playbook: Arc::new(Playbook::parse(builtin("emissary").unwrap()).unwrap()),
            sha256: String::new(),
            project: None,
            components: Vec::new(),
            people: Vec::new(),
            facts: Vec::new(),
            anchors: vec![
                ("disclosed".into(), ReleaseInstant::Actual, at(REPORTED)),
                ("release".into(), ReleaseInstant::Target, at(RELEASE)),
            ],
        }
    }

    fn case() -> Case {
        let new = blank();
        let context = Context { now: at(REPORTED), by: "lead", event_id: "e0", verdicts: NO_VERDICTS };
        new.start(&context).unwrap()
    }

    fn go(case: &Case, now: &str) -> Option<GoNoGo> {
        let now = at(now);
        case.go_no_go(&case.view(Moment { now, verdicts: NO_VERDICTS }), now)
    }

    #[test]
    fn two_hours_before_the_hour_it_is_asked_what_is_missing() {
        let case = case();
        assert_eq!(go(&case, "2026-12-01T13:59:59Z"), None);
        let found = go(&case, "2026-12-01T14:00:00Z").unwrap();
        assert_eq!((found.at, found.step.as_str()), (at(RELEASE), "em.rel.pr"));
        assert!(found.missing() > 1, "{found:?}");
        assert!(go(&case, "2026-12-02T09:00:00Z").is_some(), "late is no reason to look away");
    }

    #[test]
    fn what_has_to_come_first_stands_first_with_who_is_asked() {
        let mut case = case();
        let context = Context { now: at(RELEASE), by: "lead", event_id: "e1", verdicts: NO_VERDICTS };
        case.act(Action::Wait { step: "em.fix.branches".into(), on: "fix team".into() }, &context).unwrap();
        let needs = go(&case, RELEASE).unwrap().needs;
        let place = |text: &str| needs.iter().position(|need| need.text.contains(text)).unwrap();
        let branches = place("Carry the fix to every release branch");
        assert!(branches < place("Tell the lead the fix is complete"));
        assert_eq!(needs[branches].asked.as_deref(), Some("fix team"));
        assert!(!needs[branches].met);
    }

    #[test]
    fn what_was_done_is_missing_no_more() {
        let mut case = case();
        let before = go(&case, RELEASE).unwrap();
        let first = case.playbook().steps().find(|step| step.title == before.needs[0].text).unwrap().id.clone();
        let context = Context { now: at(REPORTED), by: "lead", event_id: "e1", verdicts: NO_VERDICTS };
        case.act(Action::Do(Tick { attest: Some("seen".into()), ..Tick::of(&first) }), &context).unwrap();
        assert_eq!(go(&case, RELEASE).unwrap().missing(), before.missing() - 1);
    }

    /// A case of a built-in process in which some steps are done, at the hour of its release.
    fn somewhere(playbook: &str, answers: usize, steps: &[usize], verdicts: &Verdicts) -> Case {
        let playbook = Arc::new(Playbook::parse(builtin(playbook).unwrap()).unwrap());
        let release = playbook.anchors.iter().find(|anchor| anchor.marks == Some(Marks::EmbargoEnd));
        let mut anchors = vec![(playbook.start().unwrap().id.clone(), ReleaseInstant::Actual, at(REPORTED))];
        anchors.extend(release.map(|anchor| (anchor.id.clone(), ReleaseInstant::Target, at(RELEASE))));
        let answer = |fact: &FactDef| match &fact.kind {
            FactKind::Choice(choices) => Value::Text(choices[answers % choices.len()].0.clone()),
            FactKind::YesNo => Value::Flag(answers.is_multiple_of(2)),
            FactKind::Number => Value::Number(7.5),
            FactKind::Text => Value::Text("x".into()),
        };
        let facts = playbook.facts.iter().map(|fact| (fact.id.clone(), Some(answer(fact)))).collect();
        let ids: Vec<String> = playbook.steps().map(|step| step.id.clone()).collect();
        let new = NewCase { playbook, facts, anchors, ..blank() };
        let context = Context { now: at(REPORTED), by: "lead", event_id: "e0", verdicts };
        let mut case = new.start(&context).unwrap();
        for (number, step) in steps.iter().enumerate() {
            let id = format!("e{}", number + 1);
            let context = Context { now: at(RELEASE), by: "lead", event_id: &id, verdicts };
            let tick = Tick { attest: Some("seen".into()), ..Tick::of(&ids[step % ids.len()]) };
            let _ = case.act(Action::Do(tick), &context);
        }
        case
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

        /// «All is there» is a promise: the tick is not refused for anything that is missing.
        #[test]
        fn go_is_never_said_of_a_step_that_is_refused(
            playbook in 0..crate::playbook::BUILTIN.len(),
            answers in 0..6_usize,
            steps in proptest::collection::vec(0..60_usize, 0..240),
            seen in proptest::bool::ANY,
        ) {
            let playbook = crate::playbook::BUILTIN[playbook].0;
            let all = Playbook::parse(builtin(playbook).unwrap()).unwrap();
            let checks = all.steps().filter_map(|step| step.check.clone());
            let gates = all.gates.iter().flat_map(|gate| gate.all_requirements()).filter_map(|need| match need {
                Requirement::Check(check) => Some(check.clone()),
                _ => None,
            });
            let mut verdicts = Verdicts::default();
            for check in checks.chain(gates).filter(|_| seen) {
                verdicts.insert(check, Verdict::Pass("seen".into()));
            }
            let case = somewhere(playbook, answers, &steps, &verdicts);
            let view = case.view(Moment { now: at(RELEASE), verdicts: &verdicts });
            if let Some(go) = case.go_no_go(&view, at(RELEASE)).filter(|go| go.missing() == 0 && !go.too_early) {
                let context = Context { now: at(RELEASE), by: "lead", event_id: "last", verdicts: &verdicts };
                let tried = case.clone().act(Action::Do(Tick::of(&go.step)), &context);
                proptest::prop_assert!(!matches!(tried, Err(Refusal::Blocked { .. })), "{}: {tried:?}", go.step);
            }
        }
    }

    #[test]
    fn nothing_is_asked_any_more_once_it_is_public() {
        let mut case = case();
        for (id, action) in [("e1", Action::Expose { codename: "slate-kangaroo".into() }), ("e2", Action::Publish)] {
            let context = Context { now: at(RELEASE), by: "lead", event_id: id, verdicts: NO_VERDICTS };
            case.act(action, &context).unwrap();
        }
        assert_eq!(go(&case, RELEASE), None);
    }
}
