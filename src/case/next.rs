//! What is next: for the lead, most urgent first.

use jiff::Timestamp;

use super::record::{Record, State, StepState};
use super::view::{NextItem, NextKind, Shown, StepView, View};
use crate::playbook::{FactDef, Playbook};
use crate::schedule::DueAt;

pub(super) fn next(view: &View, record: &Record, playbook: &Playbook, now: Timestamp) -> Vec<NextItem> {
    if let Some(hand_over) = &record.hand_over {
        return if hand_over.received { vec![plain(NextKind::Accept, "Accept the case")] } else { Vec::new() };
    }
    if record.state == State::Closed {
        return Vec::new();
    }
    let mut items = ranked_steps(view, now);
    for fact in playbook.facts.iter().filter(|fact| is_asked(fact, view, record)) {
        // A question costs a minute and decides what follows, so it stands before all that is not late.
        items.push(((0, 1, None), fact_item(fact)));
    }
    if can_be_published(view, record) {
        items.push(((0, 2, None), plain(NextKind::Publish, "Declare the release public")));
    }
    items.extend(promises(record, now));
    items.sort_by_key(|(rank, _)| *rank);
    let mut next: Vec<NextItem> = items.into_iter().map(|(_, item)| item).collect();
    next.extend(closing(view));
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
        let rank = if step.due.is_none() && !step.optional { own.min(following) } else { own };
        if !step.optional {
            following = following.min(rank);
        }
        if is_mine(step) {
            ranked.push((rank, step_item(step)));
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

/// A question is asked from the start, or once its step or any step that asks it is done.
fn is_asked(fact: &FactDef, view: &View, record: &Record) -> bool {
    if record.facts.contains_key(&fact.id) || view.leaving().is_some() {
        return false;
    }
    match &fact.unknown_until {
        None => true,
        Some(step) => view.step(step).is_some_and(|step| step.shown == Shown::Stored(StepState::Done)),
    }
}

fn fact_item(fact: &FactDef) -> NextItem {
    NextItem { id: fact.id.clone(), ..plain(NextKind::Fact, &fact.ask) }
}

fn plain(kind: NextKind, title: &str) -> NextItem {
    NextItem { kind, id: kind.word().to_owned(), title: title.to_owned(), role: None, due: None, overdue: false }
}

/// The release has happened, and everything that exposes the fix is done; only a person may say so.
fn can_be_published(view: &View, record: &Record) -> bool {
    let exposing_open = view.steps().any(|step| step.exposes && step.is_open());
    matches!(record.state, State::Releasing | State::Leaked) && view.release.actual.is_some() && !exposing_open
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
fn closing(view: &View) -> Option<NextItem> {
    let (settled, total) = view.progress();
    let title = match view.leaving() {
        Some(rule) => format!("Close the case: {}", rule.text),
        None if settled == total => "Close the case: every step is done".to_owned(),
        None => return None,
    };
    Some(plain(NextKind::Close, &title))
}
