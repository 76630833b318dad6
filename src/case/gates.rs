//! Gates: whether each requirement is met, and in words what is missing.

use super::derive::Deriving;
use super::view::GateView;
use crate::playbook::{Block, Check, Gate, Requirement, Step, Truth, Verdict};

impl Deriving<'_> {
    /// A gate with each of its requirements in words.
    pub(super) fn gate(&self, gate: &Gate) -> GateView {
        let requirements: Vec<(bool, String)> =
            gate.requires.iter().map(|requirement| self.requirement(&gate.id, requirement)).collect();
        GateView {
            id: gate.id.clone(),
            title: gate.title.clone(),
            hard: gate.hard,
            open: requirements.iter().all(|(met, _)| *met),
            requirements,
            blocks: gate.blocks.iter().map(block_word).collect(),
        }
    }

    fn requirement(&self, gate: &str, requirement: &Requirement) -> (bool, String) {
        match requirement {
            Requirement::Step(id) => {
                let title = self.playbook.step(id).map_or(id.as_str(), |step| step.title.as_str());
                (self.is_met(id), format!("«{title}» is done"))
            }
            Requirement::Check(check) => self.check_requirement(check),
            Requirement::When(condition) => {
                (condition.truth(&self.knows) == Truth::Yes, format!("it holds that {}", condition.text()))
            }
            Requirement::Attest(statement) => {
                let vouched = |decision: &super::record::Decision| {
                    decision.gate.as_deref() == Some(gate) && decision.text == *statement
                };
                (self.record.decision.iter().any(vouched), format!("somebody vouches: {statement}"))
            }
            Requirement::Any(inner) => {
                let parts: Vec<(bool, String)> = inner.iter().map(|part| self.requirement(gate, part)).collect();
                let words: Vec<String> = parts.iter().map(|(_, text)| text.clone()).collect();
                (parts.iter().any(|(met, _)| *met), words.join(", or "))
            }
        }
    }

    /// Unknown counts as missing: a gate never opens on what nobody could look at.
    fn check_requirement(&self, check: &Check) -> (bool, String) {
        let word = check.kind.word();
        match known(self.moment.verdicts.of(check)) {
            Verdict::Pass(reason) => (true, format!("{word}: {reason}")),
            Verdict::Fail(reason) => (false, format!("{word}: {reason}")),
            Verdict::Unknown(reason) => (false, format!("{word} could not be looked at: {reason}")),
        }
    }
}

/// What the machine found; what nobody looked at is unknown.
pub(super) fn known(found: Option<&Verdict>) -> Verdict {
    found.cloned().unwrap_or_else(|| Verdict::Unknown("nothing has looked at it yet".to_owned()))
}

/// Does a closed gate lack only what the end of this step turns round: it asks for the old version, the step for the new?
/// A step that has begun is not held up by that any more.
pub(super) fn is_turned_round(gate: &Gate, view: &GateView, step: &Step) -> bool {
    let Some(own) = &step.check else { return false };
    let mut missing = gate.requires.iter().zip(&view.requirements).filter(|(_, (met, _))| !met);
    missing.all(|(requirement, _)| is_opposite(requirement, own))
}

fn is_opposite(requirement: &Requirement, own: &Check) -> bool {
    match requirement {
        Requirement::Check(asked) => asked != own && Check { value: own.value.clone(), ..asked.clone() } == *own,
        Requirement::Any(inner) => inner.iter().any(|one| is_opposite(one, own)),
        Requirement::Step(_) | Requirement::When(_) | Requirement::Attest(_) => false,
    }
}

fn block_word(block: &Block) -> String {
    match block {
        Block::Step(id) | Block::Phase(id) => id.clone(),
        Block::Action(word) | Block::Outside(word) => word.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{Playbook, builtin};

    #[test]
    fn a_step_that_has_begun_is_held_up_by_anything_but_the_state_that_it_ends() {
        let playbook = Playbook::parse(builtin("duo-workflow-executor").unwrap()).unwrap();
        let gate = playbook.gates.iter().find(|gate| gate.id == "g-canonical-frozen").unwrap();
        let step = playbook.step("de.sync").unwrap();
        let missing = |met: [bool; 2]| GateView {
            id: gate.id.clone(),
            title: gate.title.clone(),
            hard: gate.hard,
            open: false,
            requirements: met.map(|met| (met, String::new())).into(),
            blocks: Vec::new(),
        };
        let old_is_missing = missing([true, false]);
        assert!(
            is_turned_round(gate, &old_is_missing, step),
            "the gate asks for the old version, the step for the new"
        );
        assert!(!is_turned_round(gate, &missing([false, false]), step), "it was not published either");
        assert!(!is_turned_round(gate, &old_is_missing, playbook.step("de.tag").unwrap()), "another check");
        let own = |change: fn(&mut Check)| {
            let mut step = step.clone();
            step.check.iter_mut().for_each(change);
            step
        };
        let other_file = own(|check| check.path = Some("OTHER".to_owned()));
        let same_value = own(|check| check.value = Some("old".to_owned()));
        for step in [other_file, same_value, Step { check: None, ..step.clone() }] {
            assert!(!is_turned_round(gate, &old_is_missing, &step), "{:?}", step.check);
        }
    }
}
