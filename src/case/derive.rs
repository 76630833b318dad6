//! From record and playbook to a [`View`]: which steps apply, what blocks them, when they are due, what is next.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::action::{Obstacle, ObstacleKind};
use super::gates::{is_turned_round, known};
use super::items;
use super::known::CaseKnows;
use super::next;
use super::record::{Record, StepRecord, StepState};
use super::view::{GateView, ItemView, Moment, PhaseState, PhaseView, RuleView, Shown, SlaView, StepView, View};
use crate::playbook::{Condition, Due, Effect, Name, Phase, Playbook, Rule, Sla, Span, Step, Truth};
use crate::schedule::{DueAt, due_at, later, stamp};

/// What is at hand while a view is computed.
pub(super) struct Deriving<'c> {
    pub(super) record: &'c Record,
    pub(super) playbook: &'c Playbook,
    pub(super) moment: Moment<'c>,
    pub(super) knows: CaseKnows<'c>,
    /// What is stored of each step and item: a process can have hundreds, each with as many items.
    stored: HashMap<(&'c str, Option<&'c str>), &'c StepRecord>,
    /// Stored state of each step, its items taken together; hidden ones are marked.
    shown: BTreeMap<&'c str, Shown>,
    slow_until: Option<Timestamp>,
    asap: bool,
}

/// Computes the view of a case at a moment.
pub(super) fn view(record: &Record, playbook: &Playbook, moment: Moment<'_>) -> View {
    let knows = CaseKnows::new(record, playbook);
    let at_bound = knows.clone().at_bound();
    let rules: Vec<RuleView> = playbook.rules.iter().map(|rule| rule_view(rule, &knows, &at_bound)).collect();
    let mut deriving = Deriving {
        record,
        playbook,
        moment,
        knows,
        stored: stored(record),
        shown: BTreeMap::new(),
        slow_until: slow_until(record, &rules),
        asap: rules.iter().any(|rule| rule.effect == Effect::Asap && rule.holds == Some(true)),
    };
    deriving.shown = deriving.applicability(&rules);
    let gates: Vec<GateView> = playbook.gates.iter().map(|gate| deriving.gate(gate)).collect();
    let phases: Vec<PhaseView> = playbook.phases.iter().map(|phase| deriving.phase(phase, &gates)).collect();
    let slas = playbook.slas.iter().map(|sla| deriving.sla(sla)).collect();
    let release = playbook.embargo_end().map(|anchor| record.release(&anchor.id)).unwrap_or_default();
    let mut view = View {
        next: Vec::new(),
        waiting: waiting(&phases),
        valid_until: valid_until(&phases, record, moment.now),
        score: deriving.knows.score().cloned(),
        asap: deriving.asap,
        slow_until: deriving.slow_until,
        phases,
        gates,
        rules,
        slas,
        release,
    };
    view.next = next::next(&view, &deriving);
    view
}

/// By id and item; of what a person wrote twice the first counts.
fn stored(record: &Record) -> HashMap<(&str, Option<&str>), &StepRecord> {
    let rows = record.step.iter().rev();
    rows.map(|step| ((step.id.as_str(), step.item.as_deref()), step)).collect()
}

fn rule_view(rule: &Rule, knows: &CaseKnows<'_>, at_bound: &CaseKnows<'_>) -> RuleView {
    let truth = |knows: &CaseKnows<'_>| rule.when.as_ref().map_or(Truth::Yes, |when| when.truth(knows));
    let plain = truth(knows);
    // Only what makes everything urgent takes an unscored report to stand at its bound, and only a report of which
    // something else is known: the rule is about that, not about every case that nobody has scored yet.
    let names_fact =
        rule.when.as_ref().is_some_and(|when| when.names().iter().any(|name| matches!(name, Name::Fact(_))));
    let urgent = rule.effect == Effect::Asap && names_fact;
    let unscored = plain == Truth::Undecided && urgent && truth(at_bound) == Truth::Yes;
    let holds = match plain {
        Truth::Yes => Some(true),
        Truth::No => Some(false),
        Truth::Undecided => unscored.then_some(true),
    };
    RuleView { id: rule.id.clone(), effect: rule.effect, text: rule.text.clone(), holds, unscored }
}

/// A slow-down counts only while a rule still allows it: a score that rises ends it.
fn slow_until(record: &Record, rules: &[RuleView]) -> Option<Timestamp> {
    let allowed = rules.iter().any(|rule| rule.effect == Effect::MaySlowDown && rule.holds == Some(true));
    record.slow_down.as_ref().filter(|_| allowed).map(|slow| slow.until)
}

fn waiting(phases: &[PhaseView]) -> Vec<String> {
    let steps = phases.iter().flat_map(|phase| &phase.steps);
    steps.filter(|step| step.shown == Shown::Stored(StepState::Waiting)).map(|step| step.id.clone()).collect()
}

/// What turns late changes what is next, just as what opens does.
fn valid_until(phases: &[PhaseView], record: &Record, now: Timestamp) -> Option<Timestamp> {
    let steps = || phases.iter().flat_map(|phase| &phase.steps);
    let opens = steps().filter_map(|step| step.not_before);
    let due = steps().filter(|step| step.is_open()).filter_map(|step| step.due.and_then(|due| due.at));
    let promised = record.person.iter().filter_map(|person| person.next_update);
    let late = due.chain(promised).filter_map(|at| later(at, Span::from_seconds(1)));
    opens.chain(late).filter(|at| *at > now).min()
}

impl<'c> Deriving<'c> {
    /// For each step whether it applies, and what is stored of it.
    fn applicability(&self, rules: &[RuleView]) -> BTreeMap<&'c str, Shown> {
        let leaving: Vec<&Rule> = self
            .playbook
            .rules
            .iter()
            .zip(rules)
            .filter(|(rule, view)| rule.effect == Effect::LeaveProcess && view.holds == Some(true))
            .map(|(rule, _)| rule)
            .collect();
        let applies = |step: &Step, stored: StepState| {
            let by_condition = self.truth(step.when.as_ref()) != Truth::No;
            let by_leak = !step.leak || self.record.leak.is_some();
            let stays = leaving.is_empty() || leaving.iter().any(|rule| rule.keeps.contains(&step.id));
            // What was done stays in sight, whatever became known later.
            stored == StepState::Done || (by_condition && by_leak && stays)
        };
        let shown = |step: &'c Step| {
            let stored = self.stored(step);
            let shown = if applies(step, stored) { Shown::Stored(stored) } else { Shown::Hidden };
            (step.id.as_str(), shown)
        };
        self.playbook.steps().map(shown).collect()
    }

    fn stored_of(&self, id: &str, item: Option<&str>) -> Option<&'c StepRecord> {
        self.stored.get(&(id, item)).copied()
    }

    fn truth(&self, when: Option<&Condition>) -> Truth {
        when.map_or(Truth::Yes, |when| when.truth(&self.knows))
    }

    /// The state of a step with its items taken together: done when all are settled.
    fn stored(&self, step: &Step) -> StepState {
        let whole = self.stored_of(&step.id, None).map_or(StepState::Todo, |record| record.state);
        let items: Vec<StepState> = items::of(step, self.record).iter().map(|id| self.state_of(step, id)).collect();
        if items.is_empty() || whole == StepState::NotApplicable {
            return whole;
        }
        if items.iter().all(|state| *state == StepState::NotApplicable) {
            return StepState::NotApplicable;
        }
        if items.iter().all(|state| state.is_settled()) {
            return StepState::Done;
        }
        match whole {
            // Items that came later open a step again: a new branch is not covered by an old tick.
            StepState::Done | StepState::Todo if items.iter().any(|state| state.is_settled()) => StepState::Doing,
            StepState::Done => StepState::Todo,
            other => other,
        }
    }

    fn state_of(&self, step: &Step, item: &str) -> StepState {
        self.stored_of(&step.id, Some(item)).map_or(StepState::Todo, |record| record.state)
    }

    fn items(&self, step: &Step) -> Vec<ItemView> {
        let verdicts = self.moment.verdicts.of_items(step);
        items::of(step, self.record)
            .into_iter()
            .map(|id| {
                let record = self.stored_of(&step.id, Some(&id));
                ItemView {
                    state: record.map_or(StepState::Todo, |record| record.state),
                    verdict: verdicts.and_then(|all| all.get(&id)).cloned(),
                    by: record.and_then(|record| record.by.clone()),
                    at: record.and_then(|record| record.at),
                    id,
                }
            })
            .collect()
    }

    /// Is a step done, set aside, or does it not apply?
    pub(super) fn is_met(&self, step: &str) -> bool {
        self.shown.get(step).is_some_and(|shown| shown.is_met())
    }

    fn phase(&self, phase: &'c Phase, gates: &[GateView]) -> PhaseView {
        let steps: Vec<StepView> = phase.steps.iter().map(|step| self.step(step, phase, gates)).collect();
        let counted: Vec<&StepView> =
            steps.iter().filter(|step| step.shown != Shown::Hidden && !step.optional && !step.standing).collect();
        let settled = counted.iter().filter(|step| step.shown.is_met()).count();
        let total = counted.len();
        let state = if steps.iter().all(|step| step.shown == Shown::Hidden) {
            PhaseState::Hidden
        } else if settled == total {
            PhaseState::Done
        } else if steps.iter().any(|step| step.is_doable() && step.depends_on.is_empty()) {
            PhaseState::Current
        } else {
            PhaseState::Open
        };
        let moved = self.record.phase.iter().find(|record| record.id == phase.id).and_then(|record| record.due);
        PhaseView {
            id: phase.id.clone(),
            title: phase.title.clone(),
            state,
            due: self.due(&phase.due, moved),
            not_before: self.not_yet(phase.not_before.as_deref()).map(|(_, at)| at).unwrap_or_default(),
            settled,
            total,
            steps,
        }
    }

    fn due(&self, due: &Due, moved: Option<Timestamp>) -> Option<DueAt> {
        let anchor = |id: &str| self.record.anchor(id);
        let planned = match moved {
            Some(at) => Some(DueAt { at: Some(at), ..DueAt::default() }),
            None => due_at(due, &self.knows, &anchor, self.slow_until),
        };
        // «As soon as possible» keeps the instants: they stay the latest ones.
        planned.map(|due| DueAt { asap: due.asap || self.asap, ..due })
    }

    fn step(&self, step: &'c Step, phase: &Phase, gates: &[GateView]) -> StepView {
        let whole = self.stored_of(&step.id, None);
        let stored = self.shown.get(step.id.as_str()).copied().unwrap_or(Shown::Hidden);
        let blocked_by = if stored.is_met() { Vec::new() } else { self.obstacles(step, phase, gates) };
        let shown = match stored {
            Shown::Stored(StepState::Todo) if !blocked_by.is_empty() => Shown::Blocked,
            other => other,
        };
        let phase_moved = self.record.phase.iter().find(|record| record.id == phase.id).and_then(|record| record.due);
        let own_moved = whole.and_then(|record| record.due);
        let due = match &step.due {
            Some(own) => self.due(own, own_moved),
            None => self.due(&phase.due, own_moved.or(phase_moved)),
        };
        let items = self.items(step);
        let (done_by, done_at) = done(stored, whole, &items);
        let not_before = self.not_yet_of(step, phase).and_then(|(_, at)| at);
        StepView {
            id: step.id.clone(),
            title: step.title.clone(),
            role: step.role.clone(),
            shown,
            optional: step.optional,
            evidence: step.evidence,
            standing: step.standing,
            leak: step.leak,
            exposes: !step.exposes.is_empty(),
            depends_on: self.depends_on(step.when.as_ref()),
            items,
            assignee: whole.and_then(|record| record.assignee.clone()),
            waiting_on: whole.and_then(|record| record.waiting_on.clone()),
            since: whole.and_then(|record| record.at),
            overdue: !stored.is_met() && due.is_some_and(|due| due.is_late(self.moment.now)),
            due,
            not_before,
            blocked_by,
            warnings: if stored.is_met() { Vec::new() } else { self.warnings(step, gates) },
            check: step.check.as_ref().map(|check| (check.kind.word(), known(self.moment.verdicts.of_step(step)))),
            note: whole.and_then(|record| record.note.clone()).unwrap_or_default(),
            links: whole.map(|record| record.links.clone()).unwrap_or_default(),
            done_by,
            done_at,
            attested: whole.and_then(|record| record.attested.clone()),
        }
    }

    /// All that stands in the way of a step, in the order in which a person would deal with it.
    fn obstacles(&self, step: &Step, phase: &Phase, gates: &[GateView]) -> Vec<Obstacle> {
        let mut found = Vec::new();
        for (id, ask) in self.depends_on(step.when.as_ref()) {
            found.push(Obstacle { kind: ObstacleKind::Fact, id, text: format!("depends on: {ask}") });
        }
        for id in step.after.iter().filter(|id| !self.is_met(id)) {
            let title = self.playbook.step(id).map_or(id.as_str(), |first| first.title.as_str());
            found.push(Obstacle { kind: ObstacleKind::Step, id: id.clone(), text: format!("first «{title}»") });
        }
        let is_begun = self.stored_of(&step.id, None).is_some_and(|record| record.state == StepState::Doing);
        let blocking = self.playbook.gates_before(&step.id).filter(|gate| gate.hard);
        let closed = blocking.filter_map(|gate| {
            let view = gates.iter().find(|view| view.id == gate.id && !view.open)?;
            (!(is_begun && is_turned_round(gate, view, step))).then_some(view)
        });
        for gate in closed {
            found.push(Obstacle { kind: ObstacleKind::Gate, id: gate.id.clone(), text: gate_words(gate) });
        }
        if let Some((anchor, at)) = self.not_yet_of(step, phase) {
            let title = self.playbook.anchor(&anchor).map_or(anchor.as_str(), |anchor| anchor.title.as_str());
            let when = at.map_or("has no instant yet".to_owned(), |at| {
                format!("is {}", stamp(at, self.moment.now, &TimeZone::UTC, "UTC"))
            });
            let text = format!("not before «{title}», which {when}");
            found.push(Obstacle { kind: ObstacleKind::NotBefore, id: anchor, text });
        }
        for stamp in step.sets.iter().filter(|stamp| stamp.announces) {
            let times = self.record.release(&stamp.anchor);
            if times.target.or(times.announced).is_none() {
                let text = "the release has no date yet: set it first".to_owned();
                found.push(Obstacle { kind: ObstacleKind::NotBefore, id: stamp.anchor.clone(), text });
            }
        }
        found
    }

    /// Soft gates that are not open, in words.
    fn warnings(&self, step: &Step, gates: &[GateView]) -> Vec<String> {
        let soft = self.playbook.gates_before(&step.id).filter(|gate| !gate.hard);
        let closed = soft.filter_map(|gate| gates.iter().find(|view| view.id == gate.id && !view.open));
        closed.map(gate_words).collect()
    }

    fn not_yet_of(&self, step: &Step, phase: &Phase) -> Option<(String, Option<Timestamp>)> {
        let own = self.not_yet(step.not_before.as_deref());
        own.or_else(|| self.not_yet(phase.not_before.as_deref()))
    }

    /// An anchor that has not come, with its instant if it has one.
    fn not_yet(&self, anchor: Option<&str>) -> Option<(String, Option<Timestamp>)> {
        let anchor = anchor?;
        match self.record.anchor(anchor) {
            Some(at) if at <= self.moment.now => None,
            at => Some((anchor.to_owned(), at)),
        }
    }

    /// The questions that decide whether a step applies, while that is undecided.
    fn depends_on(&self, when: Option<&Condition>) -> Vec<(String, String)> {
        let Some(when) = when.filter(|when| when.truth(&self.knows) == Truth::Undecided) else { return Vec::new() };
        let question = |name: Name| match &name {
            Name::Fact(id) => {
                let ask = self.playbook.fact(id).map_or(id.clone(), |fact| fact.ask.clone());
                (id.clone(), ask)
            }
            _ => (name.to_string(), "What is the CVSS score?".to_owned()),
        };
        when.unknown(&self.knows).into_iter().map(question).collect()
    }

    fn sla(&self, sla: &Sla) -> SlaView {
        let applies = match self.truth(sla.when.as_ref()) {
            Truth::Yes => Some(true),
            Truth::No => Some(false),
            Truth::Undecided => None,
        };
        let start = self.record.anchor(&sla.after);
        let due = start.map(|start| DueAt {
            at: sla.within.and_then(|span| later(start, span)),
            aim: None,
            asap: sla.within.is_none(),
        });
        let released = self.playbook.embargo_end().and_then(|anchor| self.record.release(&anchor.id).actual);
        let limit = due.and_then(|due| due.at).filter(|_| applies == Some(true) && !sla.earliest);
        let met = match (limit, released) {
            (Some(at), Some(released)) => Some(released <= at),
            (Some(at), None) if at < self.moment.now => Some(false),
            _ => None,
        };
        SlaView {
            id: sla.id.clone(),
            text: sla.text.clone(),
            applies,
            due,
            met,
            example: sla.example,
            earliest: sla.earliest,
        }
    }
}

/// A gate that is not open, and what it misses.
pub(super) fn gate_words(gate: &GateView) -> String {
    let missing: Vec<&str> = gate.missing().collect();
    format!("gate «{}»: missing: {}", gate.title, missing.join("; "))
}

/// Who did a step and when: of its items the last one.
fn done(shown: Shown, whole: Option<&StepRecord>, items: &[ItemView]) -> (Option<String>, Option<Timestamp>) {
    if shown != Shown::Stored(StepState::Done) {
        return (None, None);
    }
    match items.iter().max_by_key(|item| item.at) {
        Some(last) => (last.by.clone(), last.at),
        None => (whole.and_then(|record| record.by.clone()), whole.and_then(|record| record.at)),
    }
}
