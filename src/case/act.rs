//! The one way in: carries an action out on a copy, and keeps it only if it was not refused.

use std::sync::Arc;

use jiff::Timestamp;

use super::action::{Action, Context, Refusal, ReleaseInstant};
use super::address::{Delta, flatten};
use super::derive::gate_words;
use super::event::{Event, EventKind};
use super::record::{
    AnchorTime, Closing, Draft, Grant, HandOver, Leak, PhaseRecord, Record, ReleaseTimes, Score, SlowDown, State,
};
use super::view::{Moment, View};
use super::{Case, set, switch, undo};
use crate::cvss::Vector;
use crate::playbook::{Block, CloseAs, Effect, Marks, Playbook, Value};
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
        if delta.is_empty() && done.of.is_none() {
            return Err(Refusal::Nothing("it is so already: nothing was changed".to_owned()));
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
            Action::Observe { step } => self.observe(&step),
            Action::Start { step, codename, override_why } => self.start(&step, codename.as_deref(), override_why),
            Action::Reopen { step, item } => self.reopen(&step, item.as_deref()),
            Action::Wait { step, on } => self.wait(&step, on),
            Action::Assign { step, who } => self.assign(&step, who),
            Action::Note { step, text } => self.note(&step, &text),
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
            Action::Set { path, value } => set::set(self, &path, &value),
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

    fn set_anchor(
        &mut self,
        anchor: &str,
        which: ReleaseInstant,
        at: Option<Timestamp>,
        why: Option<String>,
    ) -> Result<Done, Refusal> {
        let Some(definition) = self.playbook.anchor(anchor) else {
            let hint = did_you_mean(anchor, self.playbook.anchors.iter().map(|anchor| anchor.id.as_str()));
            return Err(Refusal::NotFound { what: "anchor", id: anchor.to_owned(), hint });
        };
        let title = definition.title.clone();
        if definition.marks == Some(Marks::EmbargoEnd) {
            if which == ReleaseInstant::Actual && at.is_some_and(|at| at > self.now) {
                return Err(Refusal::BadValue(format!(
                    "«{title}» can't have happened in the future: set a target, or what was announced"
                )));
            }
            self.set_release(anchor, &title, which, at, why.as_deref());
        } else {
            match at {
                Some(at) => self.record.anchors.insert(anchor.to_owned(), AnchorTime::At(at)),
                None => self.record.anchors.remove(anchor),
            };
        }
        Ok(Done::new(EventKind::AnchorSet, anchor).because(why))
    }

    /// Sets one of the three instants. Moving an announced one begins the correction that people must get.
    fn set_release(
        &mut self,
        anchor: &str,
        title: &str,
        which: ReleaseInstant,
        at: Option<Timestamp>,
        why: Option<&str>,
    ) {
        let mut times = self.record.release(anchor);
        let promised = times.announced;
        match which {
            ReleaseInstant::Target => times.target = at,
            ReleaseInstant::Announced => times.announced = at,
            ReleaseInstant::Actual => times.actual = at,
        }
        // A new target for a date that people were promised moves the promise as well.
        if which == ReleaseInstant::Target && promised.is_some() && at.is_some() {
            times.announced = at;
        }
        if let Some(old) = promised.filter(|_| promised != times.announced) {
            self.draft_correction(title, old, times.announced, why);
        }
        if times == ReleaseTimes::default() {
            self.record.anchors.remove(anchor);
        } else {
            self.record.anchors.insert(anchor.to_owned(), AnchorTime::Release(times));
        }
    }

    fn draft_correction(&mut self, title: &str, old: Timestamp, new: Option<Timestamp>, why: Option<&str>) {
        let text = match new {
            Some(new) => {
                format!(
                    "{title}: moved from {old} to {new}. Whoever was told the old instant must be told the new one."
                )
            }
            None => format!(
                "{title}: {old} is withdrawn, and no new instant is set. Whoever was told the old one must be told so."
            ),
        };
        let number = self.record.draft.iter().filter(|draft| draft.kind == "correction").count() + 1;
        self.record.draft.push(Draft {
            id: format!("correction-{number}"),
            kind: "correction".to_owned(),
            text,
            why: why.map(str::to_owned),
        });
    }

    fn move_deadline(&mut self, target: &str, to: Timestamp, why: String) -> Result<Done, Refusal> {
        let planned = if self.playbook.step(target).is_some() {
            let planned = self.view().step(target).and_then(|step| step.due).and_then(|due| due.at);
            self.record.step_mut(target, None).due = Some(to);
            planned
        } else if self.playbook.phase(target).is_some() {
            let view = self.view();
            let phase = view.phases.iter().find(|phase| phase.id == target);
            let planned = phase.and_then(|phase| phase.due).and_then(|due| due.at);
            match self.record.phase.iter_mut().find(|record| record.id == target) {
                Some(record) => record.due = Some(to),
                None => self.record.phase.push(PhaseRecord { id: target.to_owned(), due: Some(to) }),
            }
            planned
        } else {
            return Err(self.no_step(target));
        };
        let mut done = Done::new(EventKind::Moved, target).because(Some(why));
        done.planned = planned;
        Ok(done)
    }

    fn slow_down(&mut self, until: Timestamp, why: String, discussed: String) -> Result<Done, Refusal> {
        let view = self.view();
        let mut rules = view.rules.iter().filter(|rule| rule.effect == Effect::MaySlowDown);
        let Some(rule) = rules.clone().find(|rule| rule.holds == Some(true)) else {
            return Err(Refusal::NotAllowed(match rules.next() {
                None => "this process knows no slow-down: move single deadlines instead".to_owned(),
                Some(rule) if rule.holds.is_none() => {
                    format!("a slow-down is not decided yet: no score is known yet. {}", rule.text)
                }
                Some(rule) => format!("the score does not allow a slow-down. {}", rule.text),
            }));
        };
        if why.trim().is_empty() {
            return Err(Refusal::BadValue("say why everything is slowed down".to_owned()));
        }
        let blocks = |id: &str| {
            self.playbook.gates.iter().any(|gate| gate.id == id && gate.hard && gate.blocks.contains(&slowing()))
        };
        if let Some(gate) = view.gates.iter().find(|gate| !gate.open && blocks(&gate.id)) {
            return Err(Refusal::NotAllowed(gate_words(gate)));
        }
        if discussed.trim().is_empty() {
            return Err(Refusal::NotAllowed(format!("say where the slow-down was discussed. {}", rule.text)));
        }
        let target = rule.id.clone();
        self.record.slow_down = Some(SlowDown { until, why: why.clone(), discussed });
        Ok(Done::new(EventKind::SlowedDown, target).because(Some(why)))
    }

    fn grant(&mut self, who: String, what: String) -> Result<Done, Refusal> {
        let open =
            self.record.grant.iter().any(|grant| grant.who == who && grant.what == what && grant.ended.is_none());
        if open {
            return Err(Refusal::Nothing(format!("{who} has access to {what} already")));
        }
        let id = format!("G{}", self.record.grant.len() + 1);
        let target = format!("{who}: {what}");
        let by = self.context.by.to_owned();
        self.record.grant.push(Grant { id, who, what, at: self.now, by, ended: None, ended_by: None });
        Ok(Done::new(EventKind::Granted, target))
    }

    fn revoke(&mut self, who: &str, what: &str) -> Result<Done, Refusal> {
        let open = |grant: &&mut Grant| grant.who == who && grant.what == what && grant.ended.is_none();
        let Some(grant) = self.record.grant.iter_mut().find(open) else {
            return Err(Refusal::NotFound { what: "open access of", id: format!("{who} to {what}"), hint: None });
        };
        grant.ended = Some(self.now);
        grant.ended_by = Some(self.context.by.to_owned());
        Ok(Done::new(EventKind::Revoked, format!("{who}: {what}")))
    }

    fn hand_over(&mut self, to: String, note: Option<String>) -> Result<Done, Refusal> {
        if to.trim().is_empty() {
            return Err(Refusal::BadValue("say to whom the case goes".to_owned()));
        }
        let target = to.clone();
        self.record.hand_over = Some(HandOver { to, at: self.now, note, received: false });
        Ok(Done::new(EventKind::HandedOver, target))
    }

    fn accept(&mut self) -> Result<Done, Refusal> {
        if self.record.hand_over.take().is_none() {
            return Err(Refusal::Nothing("this case was not handed over: there is nothing to accept".to_owned()));
        }
        self.record.lead = Some(self.context.by.to_owned());
        Ok(Done::new(EventKind::Accepted, self.context.by))
    }

    fn expose(&mut self, codename: &str) -> Result<Done, Refusal> {
        self.check_codename(Some(codename), "Expose the fix")?;
        if !matches!(self.record.state, State::Embargo | State::Leaked) {
            return Err(Refusal::Nothing(format!("the case is {} already", self.record.state.word())));
        }
        if !self.begin_releasing() {
            return Err(Refusal::Nothing("the case has been public already".to_owned()));
        }
        Ok(Done::new(EventKind::Exposed, "releasing"))
    }

    /// From EMBARGO or LEAKED to RELEASING; false where the case has been public, which it can't fall back behind.
    pub(super) fn begin_releasing(&mut self) -> bool {
        if self.record.reached() == State::Public {
            return false;
        }
        self.record.state = State::Releasing;
        // A leak opens a closed case again, and whoever exposes goes on with it.
        self.record.closing = None;
        true
    }

    pub(super) fn check_codename(&self, typed: Option<&str>, title: &str) -> Result<(), Refusal> {
        match typed {
            Some(typed) if typed.trim() == self.record.id => Ok(()),
            Some(_) => Err(Refusal::WrongCodename),
            None => Err(Refusal::NeedsCodename { title: title.to_owned() }),
        }
    }

    fn publish(&mut self) -> Result<Done, Refusal> {
        match self.record.state {
            State::Public => return Err(Refusal::Nothing("the case is public already".to_owned())),
            State::Embargo => {
                return Err(Refusal::NotAllowed(
                    "nothing has been exposed yet: do the step that makes the fix public first, or say «expose»"
                        .to_owned(),
                ));
            }
            State::Releasing | State::Leaked | State::Closed => {}
        }
        self.record.state = State::Public;
        self.record.closing = None;
        let anchor = self.playbook.embargo_end().map(|anchor| anchor.id.clone());
        if let Some(anchor) = anchor {
            let mut times = self.record.release(&anchor);
            times.actual = times.actual.or(Some(self.now));
            self.record.anchors.insert(anchor, AnchorTime::Release(times));
        }
        Ok(Done::new(EventKind::Published, "public"))
    }

    fn report_leak(&mut self, extent: super::record::LeakExtent, what: String) -> Result<Done, Refusal> {
        if what.trim().is_empty() {
            return Err(Refusal::BadValue("say what was seen, and where".to_owned()));
        }
        // More may become known of an open leak, never less.
        let worst = self.record.open_leak().map_or(extent, |known| known.extent.max(extent));
        self.record.leak = Some(Leak { extent: worst, what: what.clone(), at: self.now, closed: None });
        self.record.state = State::Leaked;
        Ok(Done::new(EventKind::Leaked, extent.word()).because(Some(what)))
    }

    fn close_leak(&mut self, why: String) -> Result<Done, Refusal> {
        let Some(leak) = self.record.leak.as_mut().filter(|leak| leak.closed.is_none()) else {
            return Err(Refusal::Nothing("no leak is open".to_owned()));
        };
        leak.closed = Some(self.now);
        if self.record.state == State::Leaked {
            self.record.state = self.record.without_leak();
        }
        Ok(Done::new(EventKind::LeakClosed, "leak").because(Some(why)))
    }

    fn close(&mut self, ending: Option<CloseAs>, why: Option<String>) -> Result<Done, Refusal> {
        if self.record.state == State::Closed {
            return Err(Refusal::Nothing("the case is closed already".to_owned()));
        }
        match ending {
            None => {
                if let Some(missing) = not_over(&self.view(), &self.record) {
                    return Err(Refusal::NotAllowed(missing));
                }
            }
            Some(ending) if why.as_ref().is_none_or(|why| why.trim().is_empty()) => {
                return Err(Refusal::BadValue(format!("say why the case ends as {}", ending.word())));
            }
            Some(_) => {}
        }
        self.record.state = State::Closed;
        self.record.closing = Some(Closing { ending, why: why.clone(), at: self.now });
        let target = ending.map_or("released", CloseAs::word);
        Ok(Done::new(EventKind::Closed, target).because(why))
    }

    fn archive(&mut self, archived: bool) -> Done {
        self.record.archived = archived;
        Done::new(if archived { EventKind::Archived } else { EventKind::Unarchived }, "case")
    }

    fn score(&mut self, id: &str, vector: &str, why: Option<String>, is_final: bool) -> Result<Done, Refusal> {
        let parsed = Vector::parse(vector.trim()).map_err(|error| Refusal::BadValue(error.to_string()))?;
        let by = self.context.by.to_owned();
        let at = self.now;
        let ids = || self.record.vulnerability.iter().map(|entry| entry.id.as_str());
        let Some(index) = ids().position(|known| known == id) else {
            let known = ids().collect::<Vec<_>>().join(", ");
            let hint = Some(format!("the case has {known}; setting vulnerability.{id}.summary begins another"));
            return Err(Refusal::NotFound { what: "vulnerability", id: id.to_owned(), hint });
        };
        let history = &mut self.record.vulnerability[index].score;
        let id_of_score = format!("S{}", history.len() + 1);
        history.push(Score { id: id_of_score, vector: parsed.to_string(), by, at, why: why.clone(), is_final });
        Ok(Done::new(EventKind::Scored, format!("{id}: {parsed}")).because(why))
    }

    pub(super) fn no_step(&self, id: &str) -> Refusal {
        let hint = did_you_mean(id, self.playbook.steps().map(|step| step.id.as_str()));
        Refusal::NotFound { what: "step", id: id.to_owned(), hint }
    }
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
            // It says itself that the case is closed already.
            | Action::Close { .. }
    )
}

/// The action of the program that a gate can keep from happening.
fn slowing() -> Block {
    Block::Action("slow-down".to_owned())
}

/// Why a case can't end as released, if it can't.
pub(super) fn not_over(view: &View, record: &Record) -> Option<String> {
    if let Some(rule) = view.leaving() {
        return Some(format!("the case has left its process: {} Close it with an ending", rule.text));
    }
    let (settled, total) = view.progress();
    let endings = CloseAs::ALL.map(|(word, _)| word).join(", ");
    if settled < total {
        let open = view.steps().find(|step| step.is_open() && !step.optional && !step.standing);
        let first = open.map_or(String::new(), |step| format!(", first «{}»", step.title));
        let count = total - settled;
        return Some(format!(
            "{count} steps are open{first}: do them or set them aside, or close the case as {endings}"
        ));
    }
    if record.open_leak().is_some() {
        return Some("a leak is open: close the leak first".to_owned());
    }
    if record.state != State::Public {
        let state = record.state.word();
        return Some(format!("the case is {state}, not public: declare it public first, or close it as {endings}"));
    }
    None
}
