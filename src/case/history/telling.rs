//! From record, view and events to the lanes of a [`History`].

use std::collections::HashMap;

use jiff::Timestamp;

use super::{History, Lane, LaneKind, Late, Mark, Sign, Stretch};
use crate::case::event::{Event, EventKind};
use crate::case::known::CaseKnows;
use crate::case::record::{Record, State, StepState};
use crate::case::switch::meaning;
use crate::case::undo::standing;
use crate::case::view::{PhaseState, PhaseView, Shown, StepView, View};
use crate::playbook::{Deadline, Due, Playbook};
use crate::schedule::{DueAt, counting, later};

/// What is at hand while the course is told.
pub(super) struct Telling<'c> {
    record: &'c Record,
    playbook: &'c Playbook,
    view: &'c View,
    knows: CaseKnows<'c>,
    /// Events that were not taken back.
    events: Vec<&'c Event>,
    /// Steps by what they mean in any process.
    steps: HashMap<&'c str, Course<'c>>,
}

/// What is told of one step.
#[derive(Default)]
struct Course<'c> {
    step: Option<&'c StepView>,
    /// When it was first worked on.
    begun: Option<Timestamp>,
    /// The last time that it was ticked.
    ticked: Option<&'c Event>,
}

impl<'c> Telling<'c> {
    pub(super) fn new(record: &'c Record, playbook: &'c Playbook, view: &'c View) -> Self {
        let events: Vec<&Event> = standing(&record.event).collect();
        let mut steps: HashMap<&str, Course<'_>> = HashMap::new();
        for step in view.steps() {
            steps.entry(meaning(&step.id)).or_default().step = Some(step);
        }
        for event in events.iter().filter(|event| is_work(event.kind)) {
            let step = step_of(event);
            let course = steps.entry(meaning(step)).or_default();
            course.begun = course.begun.or(Some(event.at));
            if event.is_tick_of(step) {
                course.ticked = Some(event);
            }
        }
        Self { knows: CaseKnows::new(record, playbook), record, playbook, view, events, steps }
    }

    pub(super) fn history(&self) -> History {
        let shown = self.view.phases.iter().filter(|phase| phase.state != PhaseState::Hidden);
        let mut lanes: Vec<Lane> = shown.map(|phase| self.phase(phase)).collect();
        let others = [
            (LaneKind::Release, "Release", self.release()),
            (LaneKind::Promises, "Promises", self.promises()),
            (LaneKind::Events, "Events", self.happened()),
        ];
        lanes.extend(others.into_iter().filter(|(.., marks)| !marks.is_empty()).map(|(kind, title, marks)| Lane {
            kind,
            title: title.to_owned(),
            planned: None,
            actual: None,
            deadlines: Vec::new(),
            marks,
            late: Vec::new(),
        }));
        let ended = self.ended();
        let told = self.record.event.first().map(|event| event.at).into_iter().chain(self.start()).chain(ended);
        let instants: Vec<Timestamp> = told.chain(lanes.iter().flat_map(Lane::instants)).collect();
        let (first, last) = (instants.iter().min().copied(), instants.iter().max().copied());
        History { lanes, first: first.unwrap_or_default(), last: last.unwrap_or_default(), ended }
    }

    fn ended(&self) -> Option<Timestamp> {
        self.record.closing.as_ref().filter(|_| self.record.state == State::Closed).map(|end| end.at)
    }

    fn start(&self) -> Option<Timestamp> {
        self.playbook.start().and_then(|anchor| self.record.anchor(&anchor.id))
    }

    fn phase(&self, phase: &PhaseView) -> Lane {
        let mut deadlines: Vec<Timestamp> = Vec::new();
        for at in phase.steps.iter().filter(|step| counts(step)).filter_map(|step| step.due?.at) {
            if !deadlines.contains(&at) {
                deadlines.push(at);
            }
        }
        Lane {
            kind: LaneKind::Phase(phase.state),
            title: phase.title.clone(),
            planned: self.planned(phase),
            actual: self.actual(phase),
            deadlines,
            marks: self.overrides(phase).chain(self.moves(phase)).collect(),
            late: phase.steps.iter().filter_map(|step| self.late(step)).collect(),
        }
    }

    /// When a phase was to happen: from the earliest beginning to the last deadline of its steps, which have their own
    /// or the phase's.
    fn planned(&self, phase: &PhaseView) -> Option<Stretch> {
        let definition = self.playbook.phase(&phase.id)?;
        let of_step = |step: &StepView| {
            let own = self.playbook.step(&step.id)?.due.as_ref();
            self.window(own.unwrap_or(&definition.due), step.due)
        };
        let windows: Vec<Stretch> = phase.steps.iter().filter(|step| counts(step)).filter_map(of_step).collect();
        let from = windows.iter().map(|window| window.from).min()?;
        Some(Stretch { from, to: windows.iter().filter_map(|window| window.to).max() })
    }

    /// From the aim of a deadline, or from where it is counted, to its end.
    fn window(&self, due: &Due, at: Option<DueAt>) -> Option<Stretch> {
        let at = at?;
        let to = at.at?;
        let from = match counting(due, &self.knows) {
            Some(Deadline::At(_)) => Some(to),
            Some(Deadline::After { anchor, .. }) => self.record.anchor(anchor),
            Some(Deadline::Window { from, anchor, .. }) => {
                at.aim.or_else(|| self.record.anchor(anchor).and_then(|start| later(start, *from)))
            }
            Some(Deadline::Before(_) | Deadline::Asap) | None => None,
        };
        Some(Stretch { from: from.or_else(|| self.start()).unwrap_or(to).min(to), to: Some(to) })
    }

    fn course(&self, step: &StepView) -> Option<&Course<'c>> {
        self.steps.get(meaning(&step.id))
    }

    /// From the first step begun to the last one settled; without an end while something is open.
    fn actual(&self, phase: &PhaseView) -> Option<Stretch> {
        // What was written into the file by hand has no event: then the record tells.
        let by_events = |step: &StepView| self.course(step).and_then(|course| course.begun);
        let from =
            phase.steps.iter().filter_map(|step| by_events(step).into_iter().chain(touched(step)).min()).min()?;
        let settled = phase.steps.iter().filter(|step| counts(step) && step.shown.is_met()).flat_map(touched).max();
        let to = (phase.state == PhaseState::Done).then(|| settled.unwrap_or(from).max(from));
        Some(Stretch { from, to })
    }

    fn late(&self, step: &StepView) -> Option<Late> {
        let late = |until, done| Some(Late { title: step.title.clone(), until, done });
        if step.is_open() && step.overdue && counts(step) {
            let until = step.due?.at?;
            return late(until, None).filter(|_| self.ended().is_none_or(|end| until < end));
        }
        let tick = self.course(step)?.ticked.filter(|_| step.shown == Shown::Stored(StepState::Done))?;
        let until = tick.planned.filter(|planned| *planned < tick.at)?;
        late(until, Some(tick.at))
    }

    fn overrides(&self, phase: &PhaseView) -> impl Iterator<Item = Mark> {
        let of_phase = |event: &Event| phase.steps.iter().any(|step| meaning(&step.id) == meaning(step_of(event)));
        let overrides = self.events.iter().filter(move |event| event.kind == EventKind::Override && of_phase(event));
        overrides.map(|event| self.mark(event, Sign::Override))
    }

    /// Where the deadline of a phase stood before it was moved.
    fn moves(&self, phase: &PhaseView) -> impl Iterator<Item = Mark> {
        let moved = self.events.iter().filter(|event| event.kind == EventKind::Moved && event.target == phase.id);
        moved.filter_map(|event| {
            let text = event.why.clone().unwrap_or_default();
            event.planned.map(|at| Mark { at, sign: Sign::MovedFrom, text })
        })
    }

    /// The release with each instant it was moved from.
    fn release(&self) -> Vec<Mark> {
        let Some(anchor) = self.playbook.embargo_end() else { return Vec::new() };
        let times = self.view.release;
        let named = [(times.target, Sign::Target), (times.announced, Sign::Announced), (times.actual, Sign::Released)];
        let mut marks: Vec<Mark> = Vec::new();
        for (at, sign) in named.into_iter().filter_map(|(at, sign)| Some((at?, sign))) {
            put(&mut marks, Mark { at, sign, text: anchor.title.clone() });
        }
        for event in &self.events {
            let instants = event.before.iter().filter(|(address, _)| is_of_release(address));
            for old in instants.filter_map(|(_, value)| value.as_str()?.parse::<Timestamp>().ok()) {
                if !marks.iter().any(|mark| mark.at == old) {
                    let text = event.why.clone().unwrap_or_default();
                    put(&mut marks, Mark { at: old, sign: Sign::MovedFrom, text });
                }
            }
        }
        marks
    }

    /// Promises of the process that apply, and updates that people were promised.
    fn promises(&self) -> Vec<Mark> {
        let of_process = self.view.slas.iter().filter(|sla| sla.applies == Some(true) && !sla.earliest);
        let of_process = of_process.filter_map(|sla| {
            let sign = match sla.met {
                Some(true) => Sign::Kept,
                Some(false) => Sign::Broken,
                None => Sign::Promised,
            };
            Some(Mark { at: sla.due?.at?, sign, text: sla.text.clone() })
        });
        let of_people = self.record.person.iter().filter_map(|person| {
            let name = person.name.as_ref().unwrap_or(&person.id);
            Some(Mark { at: person.next_update?, sign: Sign::Promised, text: format!("next update to {name}") })
        });
        let mut marks = Vec::new();
        of_process.chain(of_people).for_each(|mark| put(&mut marks, mark));
        marks
    }

    fn happened(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for event in &self.events {
            let exposes = event.after.get("state").and_then(|state| state.as_str()) == Some(State::Releasing.word());
            let sign = match event.kind {
                EventKind::Leaked => Some(Sign::Leak),
                EventKind::LeakClosed => Some(Sign::LeakClosed),
                EventKind::Override => Some(Sign::Override),
                EventKind::SlowedDown => Some(Sign::SlowDown),
                EventKind::Published => Some(Sign::Public),
                EventKind::Closed => Some(Sign::Closed),
                _ => None,
            };
            let exposing = exposes.then_some(Sign::Exposing);
            marks.extend(sign.into_iter().chain(exposing).map(|sign| self.mark(event, sign)));
        }
        marks
    }

    /// An event with the title of its step, if it has one, and with its reason.
    fn mark(&self, event: &Event, sign: Sign) -> Mark {
        let course = self.steps.get(meaning(step_of(event)));
        let title = course.and_then(|course| course.step).map(|step| step.title.as_str());
        let words: Vec<&str> = title.into_iter().chain(event.why.as_deref()).collect();
        Mark { at: event.at, sign, text: words.join(": ") }
    }
}

/// Puts a mark where its instant belongs.
fn put(marks: &mut Vec<Mark>, mark: Mark) {
    let place = marks.partition_point(|known| known.at <= mark.at);
    marks.insert(place, mark);
}

/// The instants at which a step that was begun, or its items, took their state.
fn touched(step: &StepView) -> impl Iterator<Item = Timestamp> {
    let stored = matches!(step.shown, Shown::Stored(state) if state != StepState::Todo);
    let items = step.items.iter().filter(|item| item.state != StepState::Todo).filter_map(|item| item.at);
    let whole = step.done_at.or(step.since.filter(|_| step.items.is_empty()));
    whole.into_iter().chain(items).filter(move |_| stored)
}

/// Is it one of the steps that a phase is made of?
fn counts(step: &StepView) -> bool {
    step.shown != Shown::Hidden && !step.optional && !step.standing
}

fn is_work(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::StepDone
            | EventKind::StepStarted
            | EventKind::StepWaiting
            | EventKind::StepSetAside
            | EventKind::EvidenceSeen
            | EventKind::Override
            | EventKind::Exposed
    )
}

/// Is it the address of a target, or of an announced instant? Only the release has them.
fn is_of_release(address: &str) -> bool {
    address.starts_with("anchors/") && (address.ends_with("/target") || address.ends_with("/announced"))
}

/// The step that an event is about, without its item.
fn step_of(event: &Event) -> &str {
    event.target.split('@').next().unwrap_or_default()
}
