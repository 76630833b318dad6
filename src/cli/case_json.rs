//! A case as `case show --json` prints it. Keys may be added, never renamed: scripts and shared cases rest on them.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::case_scores::{score_json, scoring_json};
use super::step_json::{due_json, event_json, instant, next_json, step_json};
use crate::case::record::{AnchorTime, Grant, Person, Record, ReleaseTimes};
use crate::case::{Case, GateView, PhaseView, RuleView, SlaView, View};
use crate::playbook::Effect;

/// The whole case.
#[must_use]
pub fn case(case: &Case, view: &View) -> Value {
    let record = case.record();
    let mut value = json!({
        "id": record.id,
        "title": record.title,
        "playbook": record.playbook.id,
        "project": record.project,
        "state": record.state.word(),
        "lead": record.lead,
        "facts": as_json(&record.facts),
        "anchors": anchors(record),
        "score": score_json(view.score.as_ref()),
        "scoring": scoring_json(case),
        "phases": view.phases.iter().map(phase).collect::<Vec<_>>(),
        "next": view.next.iter().map(next_json).collect::<Vec<_>>(),
        "waiting": view.waiting,
        "gates": view.gates.iter().map(gate).collect::<Vec<_>>(),
        "rules": view.rules.iter().map(rule).collect::<Vec<_>>(),
        "slas": view.slas.iter().map(sla).collect::<Vec<_>>(),
        "people": record.person.iter().map(person).collect::<Vec<_>>(),
        "grants": record.grant.iter().map(grant).collect::<Vec<_>>(),
    });
    add_stored(&mut value, record);
    value["timeline"] = Value::Array(record.event.iter().map(event_json).collect());
    value
}

/// What is stored beside that, as it is stored.
fn add_stored(value: &mut Value, record: &Record) {
    value["archived"] = json!(record.archived);
    value["closing"] = as_json(&record.closing);
    value["slow_down"] = as_json(&record.slow_down);
    value["leak"] = as_json(&record.leak);
    value["hand_over"] = as_json(&record.hand_over);
    value["vulnerabilities"] = as_json(&record.vulnerability);
    value["components"] = as_json(&record.component);
    value["fixes"] = as_json(&record.fix);
    value["decisions"] = as_json(&record.decision);
    value["drafts"] = as_json(&record.draft);
    value["sends"] = as_json(&record.send);
}

/// What is stored can always be written as JSON: its keys are texts.
fn as_json(stored: &impl Serialize) -> Value {
    serde_json::to_value(stored).unwrap_or(Value::Null)
}

fn anchors(record: &Record) -> Value {
    let anchor = |time: &AnchorTime| match time {
        AnchorTime::At(at) => instant(Some(*at)),
        AnchorTime::Release(times) => release_json(times),
    };
    Value::Object(record.anchors.iter().map(|(id, time)| (id.clone(), anchor(time))).collect::<Map<_, _>>())
}

/// `{target, announced, actual}`.
#[must_use]
pub fn release_json(times: &ReleaseTimes) -> Value {
    json!({
        "target": instant(times.target),
        "announced": instant(times.announced),
        "actual": instant(times.actual),
    })
}

fn phase(phase: &PhaseView) -> Value {
    json!({
        "id": phase.id,
        "title": phase.title,
        "state": phase.state.word(),
        "due": due_json(phase.due),
        "not_before": instant(phase.not_before),
        "settled": phase.settled,
        "total": phase.total,
        "steps": phase.steps.iter().map(step_json).collect::<Vec<_>>(),
    })
}

fn gate(gate: &GateView) -> Value {
    let requirement = |(met, text): &(bool, String)| json!({ "met": met, "text": text });
    json!({
        "id": gate.id,
        "title": gate.title,
        "hard": gate.hard,
        "open": gate.open,
        "missing": gate.missing().collect::<Vec<_>>(),
        "blocks": gate.blocks,
        "requirements": gate.requirements.iter().map(requirement).collect::<Vec<_>>(),
    })
}

fn rule(rule: &RuleView) -> Value {
    json!({
        "id": rule.id,
        "effect": effect_word(rule.effect),
        "text": rule.text,
        "holds": rule.holds,
        "unscored": rule.unscored,
    })
}

/// The word for an effect, as playbooks write it.
#[must_use]
pub fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Asap => "asap",
        Effect::MaySlowDown => "may_slow_down",
        Effect::FollowUpstream => "follow_upstream",
        Effect::LeaveProcess => "leave_process",
        Effect::Note => "note",
    }
}

fn sla(sla: &SlaView) -> Value {
    json!({
        "id": sla.id,
        "text": sla.text,
        "applies": sla.applies,
        "due": due_json(sla.due),
        "met": sla.met,
        "example": sla.example,
        "earliest": sla.earliest,
    })
}

fn person(person: &Person) -> Value {
    json!({
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "contact": person.contact,
        "key": person.key,
        "credit": person.credit,
        "next_update": instant(person.next_update),
    })
}

fn grant(grant: &Grant) -> Value {
    json!({
        "id": grant.id,
        "who": grant.who,
        "what": grant.what,
        "at": grant.at.to_string(),
        "by": grant.by,
        "ended": instant(grant.ended),
        "ended_by": grant.ended_by,
    })
}
