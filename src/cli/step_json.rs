//! Steps, events and deadlines in the shapes that scripts rest on. Keys may be added, never renamed.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::case::record::StepState;
use crate::case::{Event, ItemView, NextItem, Obstacle, StepView};
use crate::playbook::Verdict;
use crate::schedule::DueAt;

/// An instant in RFC 3339 in UTC, or null.
#[must_use]
pub fn instant(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(at.to_string()))
}

/// `{at, aim, asap}`, or null without a deadline.
#[must_use]
pub fn due_json(due: Option<DueAt>) -> Value {
    due.map_or(Value::Null, |due| json!({ "at": instant(due.at), "aim": instant(due.aim), "asap": due.asap }))
}

/// One entry of the timeline.
#[must_use]
pub fn event_json(event: &Event) -> Value {
    json!({
        "id": event.id,
        "at": event.at.to_string(),
        "by": event.by,
        "kind": event.kind.word(),
        "target": event.target,
        "why": event.why,
        "planned": instant(event.planned),
        "of": event.of,
        "before": table(&event.before),
        "after": table(&event.after),
    })
}

fn table(table: &toml::Table) -> Value {
    serde_json::to_value(table).unwrap_or(Value::Null)
}

/// One thing that is next.
#[must_use]
pub fn next_json(item: &NextItem) -> Value {
    json!({
        "kind": item.kind.word(),
        "id": item.id,
        "title": item.title,
        "role": item.role,
        "due": due_json(item.due),
        "overdue": item.overdue,
    })
}

/// A step at one instant.
#[must_use]
pub fn step_json(step: &StepView) -> Value {
    json!({
        "id": step.id,
        "title": step.title,
        "role": step.role,
        "state": step.shown.word(),
        "item_counts": item_counts(step),
        "items": step.items.iter().map(|item| item_json(step, item)).collect::<Vec<_>>(),
        "assignee": step.assignee,
        "waiting_on": step.waiting_on,
        "since": instant(step.since),
        "due": due_json(step.due),
        "overdue": step.overdue,
        "not_before": instant(step.not_before),
        "blocked_by": step.blocked_by.iter().map(obstacle_json).collect::<Vec<_>>(),
        "depends_on": step.depends_on.iter().map(|(id, ask)| json!({ "id": id, "text": ask })).collect::<Vec<_>>(),
        "check": check_json(step.check.as_ref()),
        "note": step.note,
        "links": step.links,
        "done_by": step.done_by,
        "done_at": instant(step.done_at),
        "attested": step.attested,
        "optional": step.optional,
        "exposes": step.exposes,
        "evidence": step.evidence,
        "standing": step.standing,
        "warnings": step.warnings,
        "leak": step.leak,
    })
}

fn item_counts(step: &StepView) -> Value {
    let (done, total) = step.item_counts();
    if total == 0 { Value::Null } else { json!({ "done": done, "total": total }) }
}

fn item_json(step: &StepView, item: &ItemView) -> Value {
    let own = step.check.as_ref().and_then(|(kind, _)| Some((*kind, item.verdict.clone()?)));
    json!({
        "id": item.id,
        "state": stored_word(item.state),
        "by": item.by,
        "at": instant(item.at),
        "check": check_json(own.as_ref()),
    })
}

fn stored_word(state: StepState) -> &'static str {
    crate::case::Shown::Stored(state).word()
}

fn obstacle_json(obstacle: &Obstacle) -> Value {
    json!({ "kind": obstacle.kind.word(), "id": obstacle.id, "text": obstacle.text })
}

fn check_json(check: Option<&(&'static str, Verdict)>) -> Value {
    let Some((kind, verdict)) = check else { return Value::Null };
    json!({ "kind": kind, "verdict": verdict.word(), "reason": verdict.reason() })
}
