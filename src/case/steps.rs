//! What can be done to a step.

use super::act::{Change, Done};
use super::action::{Obstacle, ObstacleKind, Refusal, Tick};
use super::address::{entry_key, flatten, unflatten};
use super::event::EventKind;
use super::items;
use super::record::{AnchorTime, Decision, Record, State, StepState};
use super::view::{Shown, StepView};
use crate::playbook::{Marks, Requirement, Stamp, Step, Verdict};
use crate::source::did_you_mean;

impl Change<'_> {
    pub(super) fn tick(&mut self, tick: &Tick) -> Result<Done, Refusal> {
        let step = self.known_step(&tick.step)?;
        // Answers come first: they may decide whether the step applies at all.
        self.answer(tick.facts.clone())?;
        let before = self.shown_step(&step)?;
        if tick.attest.as_ref().is_some_and(|how| how.trim().is_empty()) {
            return Err(Refusal::BadValue("say how you know: a blank is no attestation".to_owned()));
        }
        let items = self.chosen_items(&step, tick.item.as_deref())?;
        self.check_not_aside(&step, &before, tick.item.is_some().then_some(items.as_slice()))?;
        if self.is_ticked(&step, &items) {
            return self.add_to_done(&step, tick);
        }
        let item = items.first().filter(|_| tick.item.is_some()).map(String::as_str);
        if let Some(how) = &tick.attest {
            self.vouch(&step, before.verdict(item), how);
        }
        let missing = self.missing(&step, item, tick.attest.as_deref())?;
        let overridden = pass_or_override(&step, missing, tick.override_why.as_deref())?;
        let exposed = self.begin_exposing(&step, tick.codename.as_deref())?;
        self.write_tick(&step, &items, tick);
        self.add_beside(tick)?;
        self.stamp_anchors(&step);
        let kind = match (overridden, exposed) {
            (true, _) => EventKind::Override,
            (false, true) => EventKind::Exposed,
            (false, false) => EventKind::StepDone,
        };
        let target = entry_key(&step.id, item);
        let why = tick.override_why.clone().filter(|_| overridden).or(tick.attest.clone());
        let mut done = Done::new(kind, target).because(why);
        done.planned = before.due.and_then(|due| due.at);
        Ok(done)
    }

    /// What was set aside stays so until somebody opens it again: a tick must not undo a decision unseen.
    fn check_not_aside(&self, step: &Step, shown: &StepView, items: Option<&[String]>) -> Result<(), Refusal> {
        let aside = |state: StepState| state == StepState::NotApplicable;
        let item = items
            .unwrap_or_default()
            .iter()
            .find(|item| self.record.step(&step.id, Some(item)).is_some_and(|record| aside(record.state)));
        let what = match item {
            _ if shown.shown == Shown::Stored(StepState::NotApplicable) => step.title.clone(),
            Some(item) => format!("{}: {item}", step.title),
            None => return Ok(()),
        };
        Err(Refusal::NotAllowed(format!("«{what}» was set aside: reopen it first")))
    }

    /// A note, a link or answers for a step that is done: its evidence is not asked for again.
    fn add_to_done(&mut self, step: &Step, tick: &Tick) -> Result<Done, Refusal> {
        let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let facts: Vec<&str> = tick.facts.iter().map(|(id, _)| id.as_str()).collect();
        let (kind, target) = if said(&tick.note) {
            (EventKind::StepNoted, step.id.clone())
        } else if said(&tick.link) {
            (EventKind::StepLinked, step.id.clone())
        } else if !facts.is_empty() {
            (EventKind::FactSet, facts.join(", "))
        } else {
            return Err(Refusal::Nothing(format!("«{}» is done already", step.title)));
        };
        self.add_beside(tick)?;
        Ok(Done::new(kind, target))
    }

    /// Evidence that passes ticks its step; a person can take that back.
    pub(super) fn observe(&mut self, id: &str, item: Option<String>) -> Result<Done, Refusal> {
        let step = self.shown_step(&self.known_step(id)?)?;
        let why = step.verdict(item.as_deref()).map(|verdict| verdict.reason().to_owned());
        let mut done = self.tick(&Tick { item, ..Tick::of(id) })?;
        done.kind = EventKind::EvidenceSeen;
        Ok(done.because(why))
    }

    pub(super) fn start(
        &mut self,
        id: &str,
        codename: Option<&str>,
        override_why: Option<String>,
    ) -> Result<Done, Refusal> {
        let step = self.known_step(id)?;
        let before = self.shown_step(&step)?;
        if before.shown.is_met() {
            return Err(Refusal::Nothing(format!("«{}» is done already: reopen it first", step.title)));
        }
        // The check belongs to the end of a step: only what stands before it keeps it from being begun.
        let overridden = pass_or_override(&step, before.blocked_by, override_why.as_deref())?;
        let exposed = self.begin_exposing(&step, codename)?;
        self.put(id, None, StepState::Doing);
        let kind = match (overridden, exposed) {
            (true, _) => EventKind::Override,
            (false, true) => EventKind::Exposed,
            (false, false) => EventKind::StepStarted,
        };
        Ok(Done::new(kind, id).because(override_why.filter(|_| overridden)))
    }

    pub(super) fn reopen(&mut self, id: &str, item: Option<&str>) -> Result<Done, Refusal> {
        let step = self.known_step(id)?;
        let all = match item {
            Some(_) => self.chosen_items(&step, item)?,
            None => items::of(&step, &self.record),
        };
        let mut touched = false;
        let targets = all.iter().map(|item| Some(item.as_str())).chain((item.is_none()).then_some(None));
        for target in targets {
            if self.record.step(id, target).is_some_and(|record| record.state != StepState::Todo) {
                self.put(id, target, StepState::Todo);
                self.record.step_mut(id, target).attested = None;
                touched = true;
            }
        }
        if !touched {
            return Err(Refusal::Nothing(format!("«{}» is open already", step.title)));
        }
        self.clear_stamps(id)?;
        Ok(Done::new(EventKind::StepReopened, id))
    }

    /// What the last tick of a step stamped is not known any more; what somebody entered since stays.
    fn clear_stamps(&mut self, id: &str) -> Result<(), Refusal> {
        let last = self.record.event.iter().rev().find(|event| event.is_tick_of(id));
        let Some(stamped) = last.map(|event| event.after.clone()) else { return Ok(()) };
        let broken = |error: String| Refusal::BadValue(error);
        let events = std::mem::take(&mut self.record.event);
        let mut flat = flatten(&self.record).map_err(|error| broken(error.to_string()))?;
        flat.retain(|address, value| !address.starts_with("anchors/") || stamped.get(address) != Some(value));
        let record = unflatten(&flat).map_err(|error| broken(error.to_string()))?;
        self.record = Record { event: events, ..record };
        Ok(())
    }

    pub(super) fn wait(&mut self, id: &str, on: String) -> Result<Done, Refusal> {
        let step = self.known_step(id)?;
        let shown = self.shown_step(&step)?.shown;
        if shown.is_met() {
            return Err(Refusal::Nothing(format!("«{}» is done already: it waits for nobody", step.title)));
        }
        // Whoever waits for an exposing step has begun to expose, which only a start with the codename may say.
        if !step.exposes.is_empty() && matches!(self.record.state, State::Embargo | State::Leaked) {
            return Err(Refusal::NotAllowed("start it first: waiting for it means that it has begun".to_owned()));
        }
        self.put(id, None, StepState::Waiting);
        let record = self.record.step_mut(id, None);
        record.waiting_on = Some(on.clone());
        Ok(Done::new(EventKind::StepWaiting, id).because(Some(on)))
    }

    pub(super) fn assign(&mut self, id: &str, who: String) -> Result<Done, Refusal> {
        self.known_step(id)?;
        self.record.step_mut(id, None).assignee = Some(who.clone()).filter(|who| !who.trim().is_empty());
        Ok(Done::new(EventKind::StepAssigned, id).because(Some(who)))
    }

    pub(super) fn note(&mut self, id: &str, text: &str) -> Result<Done, Refusal> {
        self.known_step(id)?;
        self.add_note(id, text)?;
        Ok(Done::new(EventKind::StepNoted, id))
    }

    pub(super) fn rewrite(&mut self, id: &str, was: Option<&str>, text: &str) -> Result<Done, Refusal> {
        self.known_step(id)?;
        let noted = self.record.step(id, None).and_then(|record| record.note.clone());
        let text = Some(text.trim()).filter(|text| !text.is_empty());
        if text == noted.as_deref() {
            return Err(Refusal::Nothing("the note is so already".to_owned()));
        }
        let now = noted.unwrap_or_default();
        if was.is_some_and(|was| was != now) {
            return Err(Refusal::NoteChanged { now });
        }
        self.record.step_mut(id, None).note = text.map(str::to_owned);
        Ok(Done::new(EventKind::StepNoted, id))
    }

    pub(super) fn link(&mut self, id: &str, url: &str) -> Result<Done, Refusal> {
        self.known_step(id)?;
        self.add_link(id, url)?;
        Ok(Done::new(EventKind::StepLinked, id))
    }

    pub(super) fn set_aside(&mut self, id: &str, item: Option<String>, why: String) -> Result<Done, Refusal> {
        let step = self.known_step(id)?;
        if why.trim().is_empty() {
            return Err(Refusal::BadValue("say why it does not apply".to_owned()));
        }
        self.shown_step(&step)?;
        let hard = self.playbook.gates.iter().filter(|gate| gate.hard);
        let mut guarding = hard.filter(|gate| {
            gate.all_requirements()
                .iter()
                .any(|requirement| matches!(requirement, Requirement::Step(step) if step == id))
        });
        // Setting a step aside must not be a way round a hard gate that asks for it.
        if let Some(gate) = guarding.next().filter(|_| !step.optional) {
            return Err(Refusal::NotAllowed(format!(
                "the gate «{}» asks for «{}», so it can't be set aside: override the step behind the gate, with a reason",
                gate.title, step.title
            )));
        }
        let item = match item {
            Some(item) => self.chosen_items(&step, Some(&item))?.pop(),
            None => None,
        };
        self.put(id, item.as_deref(), StepState::NotApplicable);
        Ok(Done::new(EventKind::StepSetAside, id).because(Some(why)))
    }

    fn known_step(&self, id: &str) -> Result<Step, Refusal> {
        self.playbook.step(id).cloned().ok_or_else(|| self.no_step(id))
    }

    /// The step as it stands; a hidden one can't be worked on.
    fn shown_step(&self, step: &Step) -> Result<StepView, Refusal> {
        let view = self.view();
        let found = view.step(&step.id).cloned().ok_or_else(|| self.no_step(&step.id))?;
        if found.shown != Shown::Hidden {
            return Ok(found);
        }
        let why = match view.leaving() {
            Some(rule) => rule.text.clone(),
            None if step.leak => "nothing has leaked".to_owned(),
            None => step.when.as_ref().map_or(String::new(), |when| format!("it needs {}", when.text())),
        };
        Err(Refusal::Hidden { title: step.title.clone(), why })
    }

    fn chosen_items(&self, step: &Step, item: Option<&str>) -> Result<Vec<String>, Refusal> {
        let items = items::of(step, &self.record);
        match item {
            None => Ok(items),
            Some(wanted) if items.iter().any(|known| known == wanted) => Ok(vec![wanted.to_owned()]),
            Some(wanted) => {
                // A branch may go without its component, where only one has such a branch.
                let short = |item: &String| item.split_once(':').is_some_and(|(_, branch)| branch == wanted);
                if let [only] = items.iter().filter(|item| short(item)).collect::<Vec<_>>().as_slice() {
                    return Ok(vec![(*only).clone()]);
                }
                let names = items.iter().filter_map(|item| item.split_once(':').map(|(_, branch)| branch));
                let hint = match items.as_slice() {
                    [] => Some("this step is done as a whole".to_owned()),
                    _ => did_you_mean(wanted, names.chain(items.iter().map(String::as_str)))
                        .or_else(|| Some(format!("it has {}", items.join(", ")))),
                };
                Err(Refusal::NotFound { what: "item", id: wanted.to_owned(), hint })
            }
        }
    }

    fn is_ticked(&self, step: &Step, items: &[String]) -> bool {
        let settled =
            |item: Option<&str>| self.record.step(&step.id, item).is_some_and(|record| record.state.is_settled());
        if items.is_empty() { settled(None) } else { items.iter().all(|item| settled(Some(item))) }
    }

    /// Somebody vouches for what the gates before this step ask people to vouch for.
    ///
    /// Only where nothing else is missing at the gate, and where the word isn't spent on the step's own evidence: one
    /// sentence must not stand for two things.
    fn vouch(&mut self, step: &Step, evidence: Option<&Verdict>, how: &str) {
        if !matches!(evidence, None | Some(Verdict::Pass(_))) {
            return;
        }
        let view = self.view();
        let mut statements = Vec::new();
        for gate in self.playbook.gates_before(&step.id) {
            let Some(found) = view.gates.iter().find(|found| found.id == gate.id) else { continue };
            let missing = gate.requires.iter().zip(&found.requirements).filter(|(_, (met, _))| !met);
            let asked: Vec<Option<&String>> = missing.map(|(requirement, _)| attestation(requirement)).collect();
            if asked.iter().all(Option::is_some) {
                statements.extend(asked.into_iter().flatten().map(|text| (gate.id.clone(), text.clone())));
            }
        }
        for (gate, text) in statements {
            let vouched = |decision: &Decision| decision.gate.as_deref() == Some(&gate) && decision.text == text;
            if !self.record.decision.iter().any(vouched) {
                self.record.decision.push(Decision {
                    id: format!("D{}", self.record.decision.len() + 1),
                    gate: Some(gate),
                    text,
                    why: Some(how.to_owned()),
                    by: self.context.by.to_owned(),
                    at: self.now,
                });
            }
        }
    }

    /// All that stands in the way of a tick: what blocks the step, and evidence that is missing or speaks against it. Of a
    /// single item only its own evidence is asked; a gate speaks of the whole case all the same.
    fn missing(&self, step: &Step, item: Option<&str>, attest: Option<&str>) -> Result<Vec<Obstacle>, Refusal> {
        let shown = self.shown_step(step)?;
        let verdict = shown.verdict(item).cloned();
        let mut missing = shown.blocked_by;
        let (Some(check), Some(verdict)) = (&step.check, verdict) else { return Ok(missing) };
        let word = check.kind.word();
        let attested = attest.is_some_and(|how| !how.trim().is_empty()) && check.kind.can_be_attested();
        let text = match verdict {
            Verdict::Pass(_) => None,
            Verdict::Unknown(_) if attested => None,
            Verdict::Unknown(reason) if check.kind.can_be_attested() => {
                Some(format!("evidence {word} could not be looked at: {reason} (attest how you know)"))
            }
            Verdict::Unknown(reason) => Some(format!("evidence {word} could not be looked at: {reason}")),
            Verdict::Fail(reason) => Some(format!("evidence {word}: {reason}")),
        };
        missing.extend(text.map(|text| Obstacle { kind: ObstacleKind::Check, id: word.to_owned(), text }));
        Ok(missing)
    }

    /// The first exposing step moves the case to RELEASING, after the codename was typed.
    fn begin_exposing(&mut self, step: &Step, codename: Option<&str>) -> Result<bool, Refusal> {
        if step.exposes.is_empty() || matches!(self.record.state, State::Releasing | State::Public) {
            return Ok(false);
        }
        self.check_codename(codename, &step.title)?;
        Ok(self.begin_releasing())
    }

    fn write_tick(&mut self, step: &Step, items: &[String], tick: &Tick) {
        let by = tick.who.clone().unwrap_or_else(|| self.context.by.to_owned());
        let targets: Vec<Option<&str>> =
            if items.is_empty() { vec![None] } else { items.iter().map(|item| Some(item.as_str())).collect() };
        for target in targets {
            if self.record.step(&step.id, target).is_some_and(|record| record.state.is_settled()) {
                continue;
            }
            self.put(&step.id, target, StepState::Done);
            let record = self.record.step_mut(&step.id, target);
            record.by = Some(by.clone());
            record.attested.clone_from(&tick.attest);
        }
        if !items.is_empty() && self.record.step(&step.id, None).is_some() {
            self.record.step_mut(&step.id, None).waiting_on = None;
            self.record.step_mut(&step.id, None).state = StepState::Todo;
        }
    }

    /// What was typed beside the tick. Left blank it is nothing, and a link that is there already is no fault here.
    fn add_beside(&mut self, tick: &Tick) -> Result<(), Refusal> {
        let said = |text: &&String| !text.trim().is_empty();
        if let Some(note) = tick.note.as_ref().filter(said) {
            self.add_note(&tick.step, note)?;
        }
        match tick.link.as_ref().filter(said).map(|link| self.add_link(&tick.step, link)) {
            None | Some(Ok(()) | Err(Refusal::Nothing(_))) => Ok(()),
            Some(Err(refusal)) => Err(refusal),
        }
    }

    fn stamp_anchors(&mut self, step: &Step) {
        let items = items::of(step, &self.record);
        let settled =
            |item: &String| self.record.step(&step.id, Some(item)).is_some_and(|record| record.state.is_settled());
        if items.iter().all(settled) {
            step.sets.iter().for_each(|stamp| self.stamp(stamp));
        }
    }

    /// Stamps an anchor that is not known yet: what a person entered stays.
    fn stamp(&mut self, stamp: &Stamp) {
        let ends_embargo =
            self.playbook.anchor(&stamp.anchor).is_some_and(|anchor| anchor.marks == Some(Marks::EmbargoEnd));
        if !ends_embargo {
            self.record.anchors.entry(stamp.anchor.clone()).or_insert(AnchorTime::At(self.now));
            return;
        }
        let mut times = self.record.release(&stamp.anchor);
        if stamp.announces {
            times.announced = times.announced.or(times.target);
        } else {
            times.actual = times.actual.or(Some(self.now));
        }
        if times.effective().is_some() {
            self.record.anchors.insert(stamp.anchor.clone(), AnchorTime::Release(times));
        }
    }

    fn put(&mut self, id: &str, item: Option<&str>, state: StepState) {
        let (now, by) = (self.now, self.context.by.to_owned());
        let record = self.record.step_mut(id, item);
        record.state = state;
        record.at = Some(now);
        record.by = Some(by);
        record.waiting_on = None;
    }

    fn add_note(&mut self, id: &str, text: &str) -> Result<(), Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::BadValue("the note is empty".to_owned()));
        }
        let record = self.record.step_mut(id, None);
        record.note = Some(match &record.note {
            Some(old) => format!("{old}\n{text}"),
            None => text.to_owned(),
        });
        Ok(())
    }

    fn add_link(&mut self, id: &str, url: &str) -> Result<(), Refusal> {
        let url = url.trim();
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if !matches!(scheme, "http" | "https") || url.contains(char::is_whitespace) {
            return Err(Refusal::BadValue("a link starts with https:// and has no blanks".to_owned()));
        }
        let links = &mut self.record.step_mut(id, None).links;
        if links.iter().any(|known| known == url) {
            return Err(Refusal::Nothing("this link is there already".to_owned()));
        }
        links.push(url.to_owned());
        Ok(())
    }
}

/// The statement that would meet a requirement, if a person's word can.
fn attestation(requirement: &Requirement) -> Option<&String> {
    match requirement {
        Requirement::Attest(text) => Some(text),
        Requirement::Any(inner) => inner.iter().find_map(attestation),
        Requirement::Step(_) | Requirement::Check(_) | Requirement::When(_) => None,
    }
}

/// True if something was missing and a reason was given to go on.
fn pass_or_override(step: &Step, missing: Vec<Obstacle>, why: Option<&str>) -> Result<bool, Refusal> {
    if missing.is_empty() {
        return Ok(false);
    }
    match why.map(str::trim) {
        Some("") => Err(Refusal::BadValue("an override needs a reason: the timeline keeps it".to_owned())),
        Some(_) => Ok(true),
        None => Err(Refusal::Blocked { step: step.id.clone(), title: step.title.clone(), missing }),
    }
}
