//! Go or no go: what a step that makes the fix public still needs, shortly before its hour.

use jiff::Timestamp;

use super::Case;
use super::action::ObstacleKind;
use super::view::{StepView, View};
use crate::playbook::{Gate, Requirement};

/// From how long before its hour a step that exposes the fix is looked at so closely.
const BEFORE_SECONDS: i64 = 2 * 3_600;

/// What the next step that exposes the fix needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoNoGo {
    /// Its hour.
    pub at: Timestamp,
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
    /// before that, and where no hour is known.
    #[must_use]
    pub fn go_no_go(&self, view: &View, now: Timestamp) -> Option<GoNoGo> {
        let step = view.steps().find(|step| step.exposes && step.is_open())?;
        let at = step.not_before.or(step.due.and_then(|due| due.at)).or(view.release.effective())?;
        if at.as_second() - now.as_second() > BEFORE_SECONDS {
            return None;
        }
        let mut needs: Vec<Need> =
            self.playbook().gates_before(&step.id).flat_map(|gate| self.needs_of(gate, view)).collect();
        let mut before = Vec::new();
        steps_before(step, view, &mut before);
        let known: Vec<String> = needs.iter().map(|need| need.text.clone()).collect();
        let steps = before.into_iter().map(|step| self.undone(step));
        needs.extend(steps.filter(|need| !known.contains(&need.text)));
        Some(GoNoGo { at, step: step.id.clone(), title: step.title.clone(), needs })
    }

    fn needs_of(&self, gate: &Gate, view: &View) -> Vec<Need> {
        let Some(found) = view.gates.iter().find(|found| found.id == gate.id) else { return Vec::new() };
        let needs = gate.requires.iter().zip(&found.requirements);
        needs.map(|(requirement, (met, text))| self.need(requirement, *met, text, view)).collect()
    }

    fn need(&self, requirement: &Requirement, met: bool, text: &str, view: &View) -> Need {
        let step = match requirement {
            Requirement::Step(id) => view.step(id),
            _ => None,
        };
        match step {
            Some(step) => Need { met, ..self.undone(step) },
            None => Need { met, text: text.to_owned(), asked: None },
        }
    }

    fn undone(&self, step: &StepView) -> Need {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Action, Context, Moment, NO_VERDICTS, NewCase, ReleaseInstant, Tick};
    use crate::playbook::{Playbook, builtin};
    use std::sync::Arc;

    const REPORTED: &str = "2026-11-19T16:12:00Z";
    const RELEASE: &str = "2026-12-01T16:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn case() -> Case {
        let new = NewCase {
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
        };
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
}
