//! One line of advice at each step: the drill's own, else one that follows from the step.

use std::borrow::Cow;

use super::Drill;
use crate::playbook::Step;

/// How long advice may be, in characters: it has to be read in one look.
pub const LONGEST_ADVICE: usize = 140;

impl Drill {
    /// What a good lead does at this step, or what goes wrong there.
    #[must_use]
    pub fn advice(&self, step: &Step) -> Cow<'_, str> {
        match self.advice.get(&step.id) {
            Some(own) => Cow::Borrowed(own),
            None => Cow::Owned(generic(step)),
        }
    }
}

fn generic(step: &Step) -> String {
    if !step.exposes.is_empty() {
        return "From here on everybody can read the fix. Look once more at what is still open before you go."
            .to_owned();
    }
    if step.evidence {
        return "The program ticks this by itself once it sees it. Look at the evidence, not at the tick.".to_owned();
    }
    if let Some(check) = &step.check {
        return format!(
            "A tick is not enough here: the program looks at {} and refuses until it is so.",
            check.kind.word()
        );
    }
    if !step.asks.is_empty() {
        return "What follows hangs on the answer. Say that it is not known rather than guess.".to_owned();
    }
    if step.each.is_some() {
        return "This is done for several things. Open it, and tick each when it is really done, not all in hope."
            .to_owned();
    }
    if step.optional {
        return "It may be left out: x sets it aside with a reason, which is better than leaving it open.".to_owned();
    }
    "Done means that somebody else could see it done. Keep a link or a note for those who come later.".to_owned()
}
