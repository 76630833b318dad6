//! Instants and deadlines: what moves, and what is put off.

use jiff::Timestamp;

use super::act::{Change, Done};
use super::action::{Refusal, ReleaseInstant};
use super::derive::gate_words;
use super::event::EventKind;
use super::record::{AnchorTime, Draft, PhaseRecord, ReleaseTimes, SlowDown};
use crate::playbook::{Block, Effect, Marks};
use crate::source::did_you_mean;

impl Change<'_> {
    pub(super) fn set_anchor(
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
    pub(super) fn set_release(
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

    pub(super) fn draft_correction(&mut self, title: &str, old: Timestamp, new: Option<Timestamp>, why: Option<&str>) {
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
            at: None,
        });
    }

    pub(super) fn move_deadline(&mut self, target: &str, to: Timestamp, why: String) -> Result<Done, Refusal> {
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

    pub(super) fn slow_down(&mut self, until: Timestamp, why: String, discussed: String) -> Result<Done, Refusal> {
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
}

/// The action of the program that a gate can keep from happening.
fn slowing() -> Block {
    Block::Action("slow-down".to_owned())
}
