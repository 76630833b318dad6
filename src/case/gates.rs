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
        match self.verdict(check) {
            Verdict::Pass(reason) => (true, format!("{word}: {reason}")),
            Verdict::Fail(reason) => (false, format!("{word}: {reason}")),
            Verdict::Unknown(reason) => (false, format!("{word} could not be looked at: {reason}")),
        }
    }

    /// What the machine found; what nobody looked at is unknown.
    pub(super) fn verdict(&self, check: &Check) -> Verdict {
        let found = self.moment.verdicts.get(check).cloned();
        found.unwrap_or_else(|| Verdict::Unknown("nothing has looked at it yet".to_owned()))
    }
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
