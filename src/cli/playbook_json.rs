//! A process as `playbook show --json` prints it: every id, in the words of the playbook file.

use serde_json::{Map, Value, json};

use super::case_json::effect_word;
use crate::cvss::number;
use crate::playbook::{
    AnchorDef, Block, Bound, Channel, Check, CloseAs, Condition, CveAuthority, Deadline, Due, Each, FactDef, FactKind,
    Gate, LeakRule, Marks, OpenQuestion, Phase, Playbook, ReleaseWindow, Requirement, Role, Rule, Sla, Stamp, Step,
    Visibility,
};

/// The whole process.
#[must_use]
pub fn playbook(playbook: &Playbook) -> Value {
    json!({
        "id": playbook.id,
        "name": playbook.name,
        "summary": playbook.summary,
        "source": playbook.source,
        "facts": list(&playbook.facts, fact),
        "anchors": list(&playbook.anchors, anchor),
        "roles": list(&playbook.roles, role),
        "channels": list(&playbook.channels, channel),
        "cvss": playbook.cvss.as_ref().map(|cvss| json!({ "version": cvss.version, "final_call": cvss.final_call })),
        "cve": playbook.cve.as_ref().map(cve),
        "release_window": playbook.release_window.as_ref().map(window),
        "rules": list(&playbook.rules, rule),
        "slas": list(&playbook.slas, sla),
        "leak_rules": list(&playbook.leak_rules, leak_rule),
        "questions": list(&playbook.questions, question),
        "phases": list(&playbook.phases, phase),
        "gates": list(&playbook.gates, gate),
        "bounds": list(&playbook.bounds(), bound),
    })
}

fn list<T>(entries: &[T], to_json: impl Fn(&T) -> Value) -> Vec<Value> {
    entries.iter().map(to_json).collect()
}

fn text(condition: Option<&Condition>) -> Option<&str> {
    condition.map(Condition::text)
}

/// A score at which something turns, with the ids of what does.
fn bound(bound: &Bound<'_>) -> Value {
    json!({
        "at": number(bound.at),
        "rules": list(&bound.rules, |rule| json!(rule.id)),
        "slas": list(&bound.slas, |sla| json!(sla.id)),
        "gates": list(&bound.gates, |gate| json!(gate.id)),
        "phases": list(&bound.phases, |phase| json!(phase.id)),
        "steps": list(&bound.steps, |step| json!(step.id)),
    })
}

fn fact(fact: &FactDef) -> Value {
    let (kind, choices) = match &fact.kind {
        FactKind::Choice(choices) => {
            let pairs = choices.iter().map(|(id, label)| (id.clone(), json!(label)));
            ("choice", Value::Object(pairs.collect::<Map<_, _>>()))
        }
        FactKind::YesNo => ("yes-no", Value::Null),
        FactKind::Number => ("number", Value::Null),
        FactKind::Text => ("text", Value::Null),
    };
    json!({
        "id": fact.id,
        "ask": fact.ask,
        "type": kind,
        "choices": choices,
        "default": fact.default.as_ref().map(|value| serde_json::to_value(value).unwrap_or(Value::Null)),
        "unknown_until": fact.unknown_until,
    })
}

fn anchor(anchor: &AnchorDef) -> Value {
    let marks = anchor.marks.map(|marks| match marks {
        Marks::Start => "start",
        Marks::EmbargoEnd => "embargo_end",
    });
    json!({ "id": anchor.id, "title": anchor.title, "marks": marks, "ask": anchor.ask })
}

fn role(role: &Role) -> Value {
    json!({ "id": role.id, "title": role.title, "duties": role.duties, "rotation": role.rotation })
}

fn channel(channel: &Channel) -> Value {
    let visibility = match channel.visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
        Visibility::Embargoed => "embargoed",
    };
    json!({
        "id": channel.id,
        "medium": channel.medium,
        "address": channel.address,
        "visibility": visibility,
        "use": channel.purpose,
    })
}

fn cve(cve: &CveAuthority) -> Value {
    json!({
        "authority": cve.authority,
        "address": cve.address,
        "method": cve.method,
        "fields": cve.fields,
        "stale": cve.stale,
    })
}

fn window(window: &ReleaseWindow) -> Value {
    let day = |day: &jiff::civil::Weekday| format!("{day:?}").to_lowercase();
    json!({
        "time": window.time.strftime("%H:%M").to_string(),
        "zone": window.zone,
        "weekdays": window.weekdays.iter().map(day).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "when": text(rule.when.as_ref()),
        "effect": effect_word(rule.effect),
        "text": rule.text,
        "keeps": rule.keeps,
        "close_as": rule.close_as.map(CloseAs::word),
        "source": rule.source,
    })
}

fn sla(sla: &Sla) -> Value {
    json!({
        "id": sla.id,
        "when": text(sla.when.as_ref()),
        "within": sla.within.map(|span| span.to_string()),
        "after": sla.after,
        "text": sla.text,
        "example": sla.example,
        "earliest": sla.earliest,
        "source": sla.source,
    })
}

fn leak_rule(rule: &LeakRule) -> Value {
    json!({ "id": rule.id, "text": rule.text, "forbids": rule.forbids, "source": rule.source })
}

fn question(question: &OpenQuestion) -> Value {
    json!({ "ask": question.ask, "leaning": question.leaning, "source": question.source })
}

fn phase(phase: &Phase) -> Value {
    json!({
        "id": phase.id,
        "title": phase.title,
        "due": due(&phase.due),
        "not_before": phase.not_before,
        "expects": phase.expects,
        "steps": list(&phase.steps, step),
    })
}

/// One deadline as its text, several as `[{when, by}]`, none as null.
fn due(due: &Due) -> Value {
    match due.cases.as_slice() {
        [] => Value::Null,
        [only] if only.when.is_none() => json!(only.by.to_string()),
        cases => {
            let case = |when: Option<&Condition>, by: &Deadline| json!({ "when": text(when), "by": by.to_string() });
            Value::Array(cases.iter().map(|one| case(one.when.as_ref(), &one.by)).collect())
        }
    }
}

fn step(step: &Step) -> Value {
    json!({
        "id": step.id,
        "title": step.title,
        "detail": step.detail,
        "role": step.role,
        "due": step.due.as_ref().map_or(Value::Null, due),
        "when": text(step.when.as_ref()),
        "after": step.after,
        "optional": step.optional,
        "sets": list(&step.sets, stamp),
        "asks": step.asks,
        "opens": step.opens,
        "command": step.command,
        "check": step.check.as_ref().map(check),
        "source": step.source,
        "exposes": step.exposes,
        "not_before": step.not_before,
        "each": step.each.map(Each::word),
        "items": step.items,
        "leak": step.leak,
        "evidence": step.evidence,
        "standing": step.standing,
        "once_per_project": step.once_per_project,
    })
}

fn stamp(stamp: &Stamp) -> Value {
    json!({ "anchor": stamp.anchor, "announces": stamp.announces })
}

fn check(check: &Check) -> Value {
    let mut value = json!({ "kind": check.kind.word() });
    let texts = [
        ("by", &check.by),
        ("remote", &check.remote),
        ("path", &check.path),
        ("value", &check.value),
        ("message", &check.message),
        ("expects", &check.expects),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            value[key] = json!(text);
        }
    }
    if check.is_final {
        value["final"] = json!(true);
    }
    value
}

fn gate(gate: &Gate) -> Value {
    json!({
        "id": gate.id,
        "title": gate.title,
        "requires": list(&gate.requires, requirement),
        "blocks": list(&gate.blocks, block),
        "hard": gate.hard,
        "reading": gate.reading,
        "source": gate.source,
    })
}

fn requirement(requirement: &Requirement) -> Value {
    match requirement {
        Requirement::Step(id) => json!({ "step": id }),
        Requirement::Check(own) => json!({ "check": check(own) }),
        Requirement::When(condition) => json!({ "when": condition.text() }),
        Requirement::Attest(statement) => json!({ "attest": statement }),
        Requirement::Any(inner) => json!({ "any": list(inner, self::requirement) }),
    }
}

fn block(block: &Block) -> Value {
    match block {
        Block::Step(id) => json!({ "step": id }),
        Block::Phase(id) => json!({ "phase": id }),
        Block::Action(word) => json!({ "action": word }),
        Block::Outside(word) => json!({ "outside": word }),
    }
}
