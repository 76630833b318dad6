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
    /// What it is, with the evidence.
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
        let gates = self.playbook().gates_before(&step.id).flat_map(|gate| self.needs_of(gate, view));
        let needs = gates.chain(before(step, view)).collect();
        Some(GoNoGo { at, step: step.id.clone(), title: step.title.clone(), needs })
    }

    fn needs_of(&self, gate: &Gate, view: &View) -> Vec<Need> {
        let Some(found) = view.gates.iter().find(|found| found.id == gate.id) else { return Vec::new() };
        let needs = gate.requires.iter().zip(&found.requirements);
        needs.map(|(requirement, (met, text))| self.need(requirement, *met, text, view)).collect()
    }

    fn need(&self, requirement: &Requirement, met: bool, text: &str, view: &View) -> Need {
        let asked = match requirement {
            Requirement::Step(id) if !met => view.step(id).map(|step| self.who(step)),
            _ => None,
        };
        Need { met, text: text.to_owned(), asked }
    }

    /// Who is at a step: whom it waits for, whose it is, or the role of the process.
    #[must_use]
    pub fn who(&self, step: &StepView) -> String {
        let role = || self.playbook().role(&step.role).map_or_else(|| step.role.clone(), |role| role.title.clone());
        step.waiting_on.clone().or_else(|| step.assignee.clone()).unwrap_or_else(role)
    }
}

/// Steps that have to come first and are not done; gates and the hour itself are told by themselves.
fn before<'v>(step: &'v StepView, view: &'v View) -> impl Iterator<Item = Need> + 'v {
    let steps = step.blocked_by.iter().filter(|obstacle| obstacle.kind == ObstacleKind::Step);
    steps.map(|obstacle| Need {
        met: false,
        text: obstacle.text.clone(),
        asked: view.step(&obstacle.id).and_then(|step| step.waiting_on.clone().or_else(|| step.assignee.clone())),
    })
}
