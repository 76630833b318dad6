//! The one way in: carries an action out on a copy, and keeps it only if it was not refused.

use std::sync::Arc;

use jiff::Timestamp;

use super::action::{Action, Context, Refusal};
use super::address::{Delta, flatten};
use super::event::{Event, EventKind};
use super::record::{Record, Score, State};
use super::view::{Moment, View};
use super::{Case, conflict, limits, set, switch, undo};
use crate::cvss::Vector;
use crate::playbook::{Playbook, Value};
use crate::source::did_you_mean;

/// What an action did, before it becomes an event.
pub(super) struct Done {
    pub(super) kind: EventKind,
    pub(super) target: String,
    pub(super) why: Option<String>,
    pub(super) planned: Option<Timestamp>,
    pub(super) of: Option<String>,
}

impl Done {
    pub(super) fn new(kind: EventKind, target: impl Into<String>) -> Self {
        Self { kind, target: target.into(), why: None, planned: None, of: None }
    }

    pub(super) fn because(mut self, why: Option<String>) -> Self {
        self.why = why;
        self
    }
}

/// A case being changed: a copy of the record, the process, and the moment.
pub(super) struct Change<'a> {
    pub(super) record: Record,
    pub(super) playbook: Arc<Playbook>,
    pub(super) context: &'a Context<'a>,
    /// Never earlier than the last event.
    pub(super) now: Timestamp,
}

impl Case {
    /// Does one thing to the case and tells what happened.
    ///
    /// # Errors
    /// [`Refusal`] says what is missing or wrong; the case is unchanged then.
    pub fn act(&mut self, action: Action, context: &Context<'_>) -> Result<Event, Refusal> {
        self.check_writable(&action)?;
        let now = self.record.event.last().map_or(context.now, |last| context.now.max(last.at));
        // Events are taken out meanwhile: they are only ever appended, so they need not be compared.
        let events = std::mem::take(&mut self.record.event);
        let mut change = Change { record: self.record.clone(), playbook: Arc::clone(&self.playbook), context, now };
        change.record.event.clone_from(&events);
        let outcome = change.carry_out(action);
        change.record.event.clear();
        let result = outcome.and_then(|done| change.event(&self.record, done));
        if let Ok(event) = &result {
            self.record = change.record;
            self.playbook = change.playbook;
            self.record.event = events;
            self.record.event.push(event.clone());
        } else {
            self.record.event = events;
        }
        result
    }

    fn check_writable(&self, action: &Action) -> Result<(), Refusal> {
        match &self.record.hand_over {
            _ if matches!(action, Action::Restore { .. }) => Ok(()),
            Some(hand_over) if !hand_over.received => Err(Refusal::HandedOver { to: hand_over.to.clone() }),
            Some(_) if *action != Action::Accept => {
                Err(Refusal::NotAllowed("this case was handed over to you: accept it first".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

impl Change<'_> {
    fn event(&self, old: &Record, done: Done) -> Result<Event, Refusal> {
        let flat = |record: &Record| flatten(record).map_err(|error| Refusal::BadValue(error.to_string()));
        let delta = Delta::between(&flat(old)?, &flat(&self.record)?);
        if delta.is_empty() && done.of.is_none() && done.kind != EventKind::Restored {
            return Err(Refusal::Nothing("it is so already: nothing was changed".to_owned()));
        }
        // What is taken back was there before, however long.
        if let Some(words) = limits::too_long(&delta).filter(|_| done.of.is_none()) {
            return Err(Refusal::BadValue(words));
        }
        if let Some(words) = limits::too_many(&self.record) {
            return Err(Refusal::NotAllowed(words));
        }
        Ok(Event {
            id: self.context.event_id.to_owned(),
            at: self.now,
            by: self.context.by.to_owned(),
            kind: done.kind,
            target: done.target,
            why: done.why,
            planned: done.planned,
            of: done.of,
            before: delta.before,
            after: delta.after,
        })
    }

    fn carry_out(&mut self, action: Action) -> Result<Done, Refusal> {
        if self.record.state == State::Closed && !is_for_closed(&action) {
            return Err(Refusal::NotAllowed("the case is closed: undo takes the close back".to_owned()));
        }
        match action {
            Action::Do(tick) => self.tick(&tick),
            Action::Observe { step, item } => self.observe(&step, item),
            Action::Start { step, codename, override_why } => self.start(&step, codename.as_deref(), override_why),
            Action::Reopen { step, item } => self.reopen(&step, item.as_deref()),
            Action::Wait { step, on } => self.wait(&step, on),
            Action::Assign { step, who } => self.assign(&step, who),
            Action::Note { step, text } => self.note(&step, &text),
            Action::Rewrite { step, was, text } => self.rewrite(&step, was.as_deref(), &text),
            Action::Link { step, url } => self.link(&step, &url),
            Action::SetAside { step, item, why } => self.set_aside(&step, item, why),
            Action::SetFacts(facts) => self.set_facts(facts),
            Action::SetAnchor { anchor, which, at, why } => self.set_anchor(&anchor, which, at, why),
            Action::Move { target, to, why } => self.move_deadline(&target, to, why),
            Action::SlowDown { until, why, discussed } => self.slow_down(until, why, discussed),
            Action::Grant { who, what } => self.grant(who, what),
            Action::Revoke { who, what } => self.revoke(&who, &what),
            Action::HandOver { to, note } => self.hand_over(to, note),
            Action::Accept => self.accept(),
            Action::Undo => undo::undo(self),
            Action::Redo => undo::redo(self),
            Action::Expose { codename } => self.expose(&codename),
            Action::Publish => self.publish(),
            Action::ReportLeak { extent, what } => self.report_leak(extent, what),
            Action::CloseLeak { why } => self.close_leak(why),
            Action::Close { ending, why } => self.close(ending, why),
            Action::Switch(to) => switch::switch(self, &to),
            Action::Archive => Ok(self.archive(true)),
            Action::Unarchive => Ok(self.archive(false)),
            Action::Set(fields) => set::set_each(self, &fields),
            Action::Resolve(values) => conflict::resolve(self, values),
            Action::Restore { of } => Ok(restored(of)),
            Action::Score { vulnerability, vector, why, is_final } => {
                self.score(&vulnerability, &vector, why, is_final)
            }
        }
    }

    /// What the case means right now, with what was changed so far.
    pub(super) fn view(&self) -> View {
        super::derive::view(&self.record, &self.playbook, Moment { now: self.now, verdicts: self.context.verdicts })
    }

    fn set_facts(&mut self, facts: Vec<(String, Option<Value>)>) -> Result<Done, Refusal> {
        let names: Vec<String> = facts.iter().map(|(id, _)| id.clone()).collect();
        self.answer(facts)?;
        Ok(Done::new(EventKind::FactSet, names.join(", ")))
    }

    /// Answers facts, or makes them unknown again.
    pub(super) fn answer(&mut self, facts: Vec<(String, Option<Value>)>) -> Result<(), Refusal> {
        for (id, value) in facts {
            let Some(fact) = self.playbook.fact(&id) else {
                let ids = self.playbook.facts.iter().map(|fact| fact.id.as_str());
                let hint = did_you_mean(&id, ids);
                return Err(Refusal::NotFound { what: "fact", id, hint });
            };
            if let Some(value) = value.as_ref().filter(|value| !fact.kind.fits(value)) {
                return Err(Refusal::BadValue(format!("{id}: «{value}» is no answer to «{}»", fact.ask)));
            }
            match value {
                Some(value) => self.record.facts.insert(id, value),
                None => self.record.facts.remove(&id),
            };
        }
        Ok(())
    }

    fn score(&mut self, id: &str, vector: &str, why: Option<String>, is_final: bool) -> Result<Done, Refusal> {
        let parsed = Vector::parse(vector.trim()).map_err(|error| Refusal::BadValue(error.to_string()))?;
        self.check_last_word(is_final)?;
        let by = self.context.by.to_owned();
        let at = self.now;
        let ids = || self.record.vulnerability.iter().map(|entry| entry.id.as_str());
        let Some(index) = ids().position(|known| known == id) else {
            let known = ids().collect::<Vec<_>>().join(", ");
            let hint = Some(format!("the case has {known}; setting vulnerability.{id}.summary begins another"));
            return Err(Refusal::NotFound { what: "vulnerability", id: id.to_owned(), hint });
        };
        let history = &mut self.record.vulnerability[index].score;
        let same = |last: &Score| last.vector == parsed.to_string() && last.is_final == is_final && last.by == by;
        if why.is_none() && history.last().is_some_and(same) {
            return Err(Refusal::Nothing(format!("{id} has this score already, as you gave it")));
        }
        let id_of_score = format!("S{}", history.len() + 1);
        history.push(Score { id: id_of_score, vector: parsed.to_string(), by, at, why: why.clone(), is_final });
        Ok(Done::new(EventKind::Scored, format!("{id}: {parsed}")).because(why))
    }

    /// The last word on a score is the lead's, where the case has one.
    fn check_last_word(&self, is_final: bool) -> Result<(), Refusal> {
        let lead = self.record.lead.as_deref().filter(|lead| is_final && *lead != self.context.by);
        lead.map_or(Ok(()), |lead| {
            Err(Refusal::NotAllowed(format!(
                "the last word on a score is for {lead}, who leads this case: give it as a draft, or have the case handed \
                 over to you first"
            )))
        })
    }

    pub(super) fn no_step(&self, id: &str) -> Refusal {
        let hint = did_you_mean(id, self.playbook.steps().map(|step| step.id.as_str()));
        Refusal::NotFound { what: "step", id: id.to_owned(), hint }
    }
}

fn restored(of: Option<Timestamp>) -> Done {
    Done::new(EventKind::Restored, of.map_or_else(|| "copy".to_owned(), |of| of.to_string()))
}

/// What a closed case still takes: what tells of it, ends access, or takes the close back.
fn is_for_closed(action: &Action) -> bool {
    matches!(
        action,
        Action::Undo
            | Action::Redo
            | Action::Archive
            | Action::Unarchive
            | Action::ReportLeak { .. }
            | Action::CloseLeak { .. }
            | Action::Revoke { .. }
            | Action::Note { .. }
            | Action::Link { .. }
            | Action::HandOver { .. }
            | Action::Accept
            | Action::Resolve(_)
            | Action::Restore { .. }
            // It says itself that the case is closed already.
            | Action::Close { .. }
    )
}
