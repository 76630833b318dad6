//! What is next: for the lead, most urgent first.

use jiff::Timestamp;

use super::action::{Obstacle, ObstacleKind};
use super::components::is_seen;
use super::course::not_over;
use super::derive::Deriving;
use super::record::{Record, State, StepState};
use super::view::{NextItem, NextKind, Shown, StepView, View};
use crate::playbook::{AnchorDef, FactDef, Gate, Known, Marks, Name, Playbook, Requirement, Step};
use crate::schedule::DueAt;

pub(super) fn next(view: &View, deriving: &Deriving<'_>) -> Vec<NextItem> {
    let (record, playbook, now) = (deriving.record, deriving.playbook, deriving.moment.now);
    if let Some(hand_over) = &record.hand_over {
        return if hand_over.received { vec![plain(NextKind::Accept, "Accept the case")] } else { Vec::new() };
    }
    if record.state == State::Closed {
        return Vec::new();
    }
    let mut items = ranked_steps(view, now);
    if view.leaving().is_none() {
        // A question costs a minute and decides what follows, so it stands before all that is not late.
        let facts = playbook.facts.iter().filter(|fact| is_asked(fact, view, deriving)).map(fact_item);
        let anchors = playbook.anchors.iter().filter(|anchor| is_anchor_asked(anchor, view, deriving)).map(anchor_item);
        items.extend(facts.chain(anchors).map(|item| ((0, 1, None), item)));
    }
    if can_be_published(view, record) {
        items.push(((0, 2, None), plain(NextKind::Publish, "Declare the release public")));
    }
    items.extend(promises(record, now));
    items.sort_by_key(|(rank, _)| *rank);
    let mut next: Vec<NextItem> = items.into_iter().map(|(_, item)| item).collect();
    next.extend(closing(view, record));
    if next.is_empty() && view.waiting.is_empty() {
        next.extend(stuck(view));
    }
    next
}

/// Something a person can do now. What the machine ticks, and what merely holds, is no task.
fn is_mine(step: &StepView) -> bool {
    step.is_doable() && !step.standing && step.shown != Shown::Stored(StepState::Waiting)
}

/// How urgent something is: optional last, then by class, then by instant. Smaller is more urgent.
type Rank = (u8, u8, Option<Timestamp>);

/// The steps that can be done now. Equal ranks keep the order of the playbook.
fn ranked_steps(view: &View, now: Timestamp) -> Vec<(Rank, NextItem)> {
    let mut ranked = Vec::new();
    let mut following: Rank = (0, u8::MAX, None);
    let steps: Vec<&StepView> = view.steps().filter(|step| step.is_open() && step.depends_on.is_empty()).collect();
    for step in steps.into_iter().rev() {
        // What has no deadline of its own has to be done in time for what follows it in the process.
        let own = rank(step, now);
        let none = step.due.is_none_or(|due| due.at.is_none() && !due.asap);
        let rank = if none && !step.optional { own.min(following) } else { own };
        if !step.optional {
            following = following.min(rank);
        }
        if is_mine(step) {
            // What makes the fix public can't be taken back: questions and all else that is as urgent stand before it.
            let class = if step.exposes { rank.1.max(2) } else { rank.1 };
            ranked.push(((rank.0, class, rank.2), step_item(step)));
        }
    }
    ranked.reverse();
    ranked
}

/// Late ones first, then «as soon as possible», then by instant.
fn rank(step: &StepView, now: Timestamp) -> Rank {
    let (class, at) = step.due.unwrap_or_default().urgency(now);
    let class = match class {
        0 => 0,
        other => other + 1,
    };
    (u8::from(step.optional), class, at)
}

fn step_item(step: &StepView) -> NextItem {
    NextItem {
        kind: NextKind::Step,
        id: step.id.clone(),
        title: step.title.clone(),
        role: Some(step.role.clone()),
        due: step.due,
        overdue: step.overdue,
    }
}

/// Can no step be done now, and is nobody else at one?
fn none_doable(view: &View) -> bool {
    !view.steps().any(|step| step.is_doable() && !step.standing)
}

/// A question is asked from the start, or once its step or any step that asks it is settled. Where such a step does
/// not apply, or nothing else can be done, it is asked as far as something hangs on it.
fn is_asked(fact: &FactDef, view: &View, deriving: &Deriving<'_>) -> bool {
    if deriving.knows.value(&Name::Fact(fact.id.clone())).is_some() {
        return false;
    }
    let Some(until) = &fact.unknown_until else { return true };
    let asks = |step: &&Step| step.id == *until || step.asks.contains(&fact.id);
    let shown: Vec<Shown> =
        deriving.playbook.steps().filter(asks).filter_map(|step| view.step(&step.id)).map(|step| step.shown).collect();
    if shown.iter().any(|shown| matches!(shown, Shown::Stored(state) if state.is_settled())) {
        return true;
    }
    let is_last_resort = none_doable(view) && !is_seen(fact, deriving.record);
    (shown.contains(&Shown::Hidden) || is_last_resort) && is_needed(&fact.id, view, deriving.playbook)
}

/// Does a step that is open depend on this answer, by its own condition or by a gate before it?
fn is_needed(fact: &str, view: &View, playbook: &Playbook) -> bool {
    let names = |requirement: &&Requirement| match requirement {
        Requirement::When(when) => when.names().contains(&Name::Fact(fact.to_owned())),
        _ => false,
    };
    let held = |gate: &Gate| {
        let closed = view.gates.iter().any(|found| found.id == gate.id && !found.open);
        closed && gate.all_requirements().iter().any(names)
    };
    let blocked = |step: &StepView| playbook.gates_before(&step.id).any(held);
    view.steps().any(|step| step.is_open() && (step.depends_on.iter().any(|(id, _)| id == fact) || blocked(step)))
}

/// An instant that only a person can enter is asked from the start; the end of the embargo once a step needs it, or
/// nothing else can be done.
fn is_anchor_asked(anchor: &AnchorDef, view: &View, deriving: &Deriving<'_>) -> bool {
    if deriving.record.anchor(&anchor.id).is_some() {
        return false;
    }
    if anchor.ask {
        return true;
    }
    let needs = |step: &Step| {
        view.step(&step.id).is_some_and(|shown| lacks_only(shown, &anchor.id))
            && refers_to(step, deriving.playbook, &anchor.id)
    };
    anchor.marks == Some(Marks::EmbargoEnd) && (none_doable(view) || deriving.playbook.steps().any(needs))
}

/// Could the step be done, but for an instant that this anchor has not?
fn lacks_only(step: &StepView, anchor: &str) -> bool {
    let lacks = |obstacle: &Obstacle| obstacle.kind == ObstacleKind::NotBefore && obstacle.id == anchor;
    step.is_open() && !step.standing && step.blocked_by.iter().all(lacks)
}

/// Has the step a deadline or a «not before» that hangs on the anchor, or does it announce it?
fn refers_to(step: &Step, playbook: &Playbook, anchor: &str) -> bool {
    let phase = playbook.phase_of(&step.id);
    let due = step.due.as_ref().or(phase.map(|phase| &phase.due));
    let by_due = due.is_some_and(|due| due.cases.iter().any(|case| case.by.anchor() == Some(anchor)));
    let not_before = [step.not_before.as_deref(), phase.and_then(|phase| phase.not_before.as_deref())];
    by_due
        || not_before.contains(&Some(anchor))
        || step.sets.iter().any(|stamp| stamp.announces && stamp.anchor == anchor)
}

fn anchor_item(anchor: &AnchorDef) -> NextItem {
    NextItem { id: anchor.id.clone(), ..plain(NextKind::Anchor, &format!("When: {}", anchor.title)) }
}

/// Steps are open, but nobody can go on: the first of them, and what holds it up.
fn stuck(view: &View) -> Option<NextItem> {
    let open = |step: &&StepView| step.is_open() && !step.optional && !step.standing;
    let step = view.steps().find(open)?;
    let why = step.blocked_by.first().map_or("nothing can be done", |obstacle| obstacle.text.as_str());
    Some(NextItem { id: step.id.clone(), ..plain(NextKind::Stuck, &format!("«{}» is held up: {why}", step.title)) })
}

fn fact_item(fact: &FactDef) -> NextItem {
    NextItem { id: fact.id.clone(), ..plain(NextKind::Fact, &fact.ask) }
}

fn plain(kind: NextKind, title: &str) -> NextItem {
    NextItem { kind, id: kind.word().to_owned(), title: title.to_owned(), role: None, due: None, overdue: false }
}

/// The release has happened or nothing is left to do, and everything that exposes the fix is done; only a person may
/// say so.
fn can_be_published(view: &View, record: &Record) -> bool {
    let exposing_open = view.steps().any(|step| step.exposes && step.is_open());
    let (settled, total) = view.progress();
    let exposed = match record.state {
        State::Releasing => true,
        State::Leaked => record.reached() != State::Embargo || view.release.actual.is_some(),
        State::Embargo | State::Public | State::Closed => false,
    };
    exposed && (view.release.actual.is_some() || settled == total) && !exposing_open
}

/// Updates that people were promised.
fn promises(record: &Record, now: Timestamp) -> impl Iterator<Item = (Rank, NextItem)> {
    record.person.iter().filter_map(move |person| {
        let at = person.next_update?;
        let due = DueAt { at: Some(at), ..DueAt::default() };
        let (class, at) = due.urgency(now);
        let who = if person.id == "reporter" { "the reporter" } else { person.name.as_ref().unwrap_or(&person.id) };
        let title = format!("Write to {who}");
        let item =
            NextItem { id: person.id.clone(), due: Some(due), overdue: class == 0, ..plain(NextKind::Promise, &title) };
        Some(((0, if class == 0 { 0 } else { class + 1 }, at), item))
    })
}

/// The end: when nothing that must be done is open, or a rule has taken the case out of its process.
fn closing(view: &View, record: &Record) -> Option<NextItem> {
    let title = match view.leaving() {
        Some(rule) => format!("Close the case: {}", rule.text),
        None if not_over(view, record).is_none() => "Close the case: every step is done".to_owned(),
        None => return None,
    };
    Some(plain(NextKind::Close, &title))
}
