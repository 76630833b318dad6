//! What a change would bring, told before it is made.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Case;
use super::action::{Action, Context, Refusal};
use super::view::{Moment, RuleView, Shown, SlaView, StepView, View};
use crate::cvss::Vector;
use crate::playbook::{CheckKind, Effect, Playbook};
use crate::schedule::{DueAt, stamp};

/// What is said where a change has no consequences.
pub const NOTHING_CHANGES: &str = "nothing changes for the process";

impl Case {
    /// What an action would change for the score, the rules, the schedule and the steps, one line each; the case stays
    /// as it is. Without any line, [`NOTHING_CHANGES`].
    ///
    /// # Errors
    /// As [`Case::act`] would refuse it.
    pub fn consequences(&self, action: Action, context: &Context<'_>) -> Result<Vec<String>, Refusal> {
        let moment = Moment { now: context.now, verdicts: context.verdicts };
        let before = self.view(moment);
        let mut copy = self.clone();
        let given = match &action {
            Action::Score { vulnerability, vector, .. } => Some((vulnerability.clone(), vector.clone())),
            _ => None,
        };
        copy.act(action, context)?;
        let after = copy.view(moment);
        let difference = Difference { before: &before, after: &after, playbook: copy.playbook(), now: context.now };
        let beside = given.and_then(|(id, vector)| copy.beside(&id, &vector, &after));
        Ok(beside.into_iter().chain(difference.told()).collect())
    }
}

impl Case {
    /// Why a score that was just given is not the one that drives the process, where that is so.
    fn beside(&self, vulnerability: &str, vector: &str, after: &View) -> Option<String> {
        let given = Vector::parse(vector.trim()).ok()?.version();
        let own = self.playbook().cvss_version();
        if given.major() != own.major() {
            return Some(format!(
                "this process goes by CVSS {own}: a score of {given} is kept and shown, and decides nothing"
            ));
        }
        let scores = self.scoring().into_iter().find(|scores| scores.id == vulnerability)?;
        if let (Some(latest), Some(newest)) = (&scores.latest, scores.history.first())
            && latest.id != newest.id
        {
            let lead = self.record().lead.as_deref().unwrap_or_default();
            let rated = latest.rated().unwrap_or_default();
            return Some(format!("the last word stands, {rated}: this decides nothing until {lead} takes it up"));
        }
        let driving = after.score.as_ref().filter(|score| score.vulnerability != vulnerability)?;
        Some(format!("{} still drives the process, with {}", driving.vulnerability, driving.words()))
    }
}

/// A case before and after a change.
struct Difference<'a> {
    before: &'a View,
    after: &'a View,
    playbook: &'a Playbook,
    now: Timestamp,
}

impl Difference<'_> {
    fn told(&self) -> Vec<String> {
        let mut lines = self.score();
        lines.extend(self.urgency());
        lines.extend(self.before.rules.iter().zip(&self.after.rules).filter_map(|(old, new)| rule(old, new)));
        lines.extend(self.deadlines());
        lines.extend(self.before.slas.iter().zip(&self.after.slas).filter_map(|(old, new)| self.promise(old, new)));
        lines.extend(self.gates());
        lines.extend(self.before.steps().zip(self.after.steps()).filter_map(|(old, new)| step(old, new)));
        lines
    }

    fn score(&self) -> Vec<String> {
        let (old, Some(new)) = (self.before.score.as_ref(), self.after.score.as_ref()) else { return Vec::new() };
        let mut lines = self.crossed();
        if old.is_some_and(|old| old.vulnerability != new.vulnerability) {
            lines.push(format!("{} drives the process now, with {}", new.vulnerability, new.words()));
        }
        if old.is_none_or(|old| old.unscored != new.unscored) {
            lines.extend(new.incomplete().map(|who| format!("{who}: conditions take the score for unknown")));
        }
        match (old.is_some_and(|old| old.is_final), new.is_final) {
            (false, true) => lines.push("the last word on the score is said".to_owned()),
            (true, false) if new.unscored.is_empty() => {
                lines.push("the score is a draft again: the last word is open".to_owned());
                let settled = self.settled_by_last_word();
                lines.extend(settled.map(|title| format!("stays done although the score is a draft: {title}")));
            }
            _ => {}
        }
        lines
    }

    /// The bounds of the process between the two scores; all of them for a score that was not known before.
    fn crossed(&self) -> Vec<String> {
        let known =
            |view: &View| view.score.as_ref().filter(|score| score.unscored.is_empty()).map(super::DrivingScore::base);
        let Some(new) = known(self.after) else { return Vec::new() };
        let bounds = self.playbook.bounds();
        let which = if bounds.len() == 1 { "the bound" } else { "a bound" };
        let old = known(self.before);
        let crossed =
            bounds.iter().filter(|bound| old.is_none_or(|old| bound.is_reached_by(old) != bound.is_reached_by(new)));
        let told = crossed.map(|bound| {
            let side = if bound.is_reached_by(new) { "at or above" } else { "below" };
            format!("{new} is {side} {}, {which} of this process", bound.at)
        });
        told.collect()
    }

    /// Titles of the steps that were done because the last word was said.
    fn settled_by_last_word(&self) -> impl Iterator<Item = &str> {
        let asks = |step: &&crate::playbook::Step| {
            step.check.as_ref().is_some_and(|check| check.kind == CheckKind::CvssScored && check.is_final)
        };
        let done = |step: &&StepView| step.done_at.is_some();
        let asking = self.playbook.steps().filter(asks);
        asking.filter_map(move |step| self.after.step(&step.id).filter(done)).map(|step| step.title.as_str())
    }

    /// What concerns every deadline.
    fn urgency(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match (self.before.asap, self.after.asap) {
            (false, true) => lines.push("every deadline becomes as soon as possible".to_owned()),
            (true, false) => lines.push("deadlines have their instants again".to_owned()),
            _ => {}
        }
        match (self.before.slow_until, self.after.slow_until) {
            (Some(until), None) => lines.push(format!("the slow-down until {} ends", self.stamp(until))),
            (old, Some(until)) if old != Some(until) => {
                lines.push(format!("deadlines are put off until {}", self.stamp(until)));
            }
            _ => {}
        }
        lines
    }

    /// Deadlines that move: those of open phases, and those of open steps that do not move with their phase.
    fn deadlines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (old_phase, phase) in self.before.phases.iter().zip(&self.after.phases) {
            let moved = self.moved(old_phase.due, phase.due);
            if phase.steps.iter().any(StepView::is_open) {
                lines.extend(moved.as_ref().map(|words| format!("deadline of {}: {words}", phase.title)));
            }
            let steps = old_phase.steps.iter().zip(&phase.steps).filter(|(old, new)| old.is_open() && new.is_open());
            for (old, new) in steps {
                let own = self.moved(old.due, new.due).filter(|words| Some(words) != moved.as_ref());
                lines.extend(own.map(|words| format!("deadline of «{}»: {words}", new.title)));
            }
        }
        lines
    }

    /// Where a deadline moves to, and from where. That everything is as soon as possible is told once for all.
    fn moved(&self, old: Option<DueAt>, new: Option<DueAt>) -> Option<String> {
        let all = self.before.asap || self.after.asap;
        let words = |due: Option<DueAt>| match due {
            Some(DueAt { at: Some(at), .. }) => self.stamp(at),
            Some(DueAt { asap: true, .. }) if !all => "as soon as possible".to_owned(),
            _ => "none".to_owned(),
        };
        let (old, new) = (words(old), words(new));
        (old != new).then(|| format!("{new}, was {old}"))
    }

    fn promise(&self, old: &SlaView, new: &SlaView) -> Option<String> {
        let until = || match new.due.and_then(|due| due.at) {
            Some(at) if new.earliest => format!(", not before {}", self.stamp(at)),
            Some(at) => format!(", until {}", self.stamp(at)),
            None => String::new(),
        };
        match (old.applies, new.applies) {
            (Some(true), Some(true)) => None,
            (_, Some(true)) => Some(format!("now promised: {}{}", new.text, until())),
            (Some(true), _) => Some(format!("no longer promised: {}", new.text)),
            _ => None,
        }
    }

    fn gates(&self) -> impl Iterator<Item = String> {
        let changed = self.before.gates.iter().zip(&self.after.gates).filter(|(old, new)| old.open != new.open);
        changed.map(|(_, new)| format!("gate {}: {}", if new.open { "opens" } else { "closes" }, new.title))
    }

    fn stamp(&self, at: Timestamp) -> String {
        stamp(at, self.now, &TimeZone::UTC, "UTC")
    }
}

fn rule(old: &RuleView, new: &RuleView) -> Option<String> {
    let text = &new.text;
    let slows = new.effect == Effect::MaySlowDown;
    match (old.holds, new.holds) {
        (old, new) if old == new => None,
        (_, Some(true)) if new.unscored => {
            Some(format!("now holds, as what is not scored counts as at the bound: {text}"))
        }
        (_, Some(true)) if slows => Some(format!("a slow-down is allowed: {text}")),
        (_, Some(true)) => Some(format!("now holds: {text}")),
        (Some(true), _) if slows => Some(format!("a slow-down is no longer allowed: {text}")),
        (Some(true), Some(false)) => Some(format!("no longer holds: {text}")),
        (Some(true), None) if new.effect != Effect::Note => Some(format!("is open again: {text}")),
        _ => None,
    }
}

/// Whether a step applies.
#[derive(PartialEq)]
enum Applies {
    Yes,
    No,
    Undecided,
}

fn step(old: &StepView, new: &StepView) -> Option<String> {
    let applies = |step: &StepView| match step.shown {
        Shown::Hidden => Applies::No,
        _ if !step.depends_on.is_empty() => Applies::Undecided,
        _ => Applies::Yes,
    };
    // Whoever has dealt with a step has decided that it applies.
    let settled = |step: &StepView| step.shown != Shown::Hidden && !step.is_open();
    if settled(old) || settled(new) {
        return None;
    }
    let title = &new.title;
    match (applies(old), applies(new)) {
        (old, new) if old == new => None,
        (Applies::No, Applies::Yes) => Some(format!("added: {title}")),
        (_, Applies::Yes) => Some(format!("applies: {title}")),
        (_, Applies::No) => Some(format!("drops out: {title}")),
        (_, Applies::Undecided) => Some(format!("is open again whether it applies: {title}")),
    }
}
