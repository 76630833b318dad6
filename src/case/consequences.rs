//! What a change would bring, told before it is made.

use super::Case;
use super::action::{Action, Context, Refusal};
use super::view::{Moment, Shown, View};
use crate::playbook::Effect;

impl Case {
    /// What an action would change for the steps, rules and the schedule, one line each; the case stays as it is.
    ///
    /// # Errors
    /// As [`Case::act`] would refuse it.
    pub fn consequences(&self, action: Action, context: &Context<'_>) -> Result<Vec<String>, Refusal> {
        let moment = Moment { now: context.now, verdicts: context.verdicts };
        let before = self.view(moment);
        let mut copy = self.clone();
        copy.act(action, context)?;
        Ok(difference(&before, &copy.view(moment)))
    }
}

fn difference(before: &View, after: &View) -> Vec<String> {
    let mut lines = Vec::new();
    for (old, new) in before.rules.iter().zip(&after.rules) {
        if old.holds == new.holds {
            continue;
        }
        match new.holds {
            Some(true) if new.unscored => {
                lines.push(format!("now holds, as what is not scored counts as at the bound: {}", new.text));
            }
            Some(true) => lines.push(format!("now holds: {}", new.text)),
            Some(false) if old.holds == Some(true) => lines.push(format!("no longer holds: {}", new.text)),
            _ if new.effect == Effect::Note => {}
            _ if old.holds == Some(true) => lines.push(format!("is open again: {}", new.text)),
            _ => {}
        }
    }
    for (old, new) in before.steps().zip(after.steps()) {
        match (old.shown == Shown::Hidden, new.shown == Shown::Hidden) {
            (true, false) => lines.push(format!("added: {}", new.title)),
            (false, true) => lines.push(format!("drops out: {}", new.title)),
            (false, false) if !old.depends_on.is_empty() && new.depends_on.is_empty() => {
                lines.push(format!("applies: {}", new.title));
            }
            _ => {}
        }
    }
    if before.asap != after.asap {
        let text = if after.asap {
            "every deadline becomes as soon as possible"
        } else {
            "deadlines have their instants again"
        };
        lines.push(text.to_owned());
    }
    lines
}
