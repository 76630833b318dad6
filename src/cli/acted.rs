//! What an action brought, for people and for programs.

use serde_json::{Value, json};

use super::here::{Acted, Here, Outcome};
use super::output::{Answer, shown};
use super::step_json::{event_json, next_json};
use super::words::next_words;
use crate::case::{Case, Event, EventKind};

/// The answer to a verb that changed a case.
#[must_use]
pub fn answer(here: &Here, acted: &Acted) -> Answer {
    answer_with(here, acted, Vec::new(), &[])
}

/// The same with lines and JSON keys of its own.
#[must_use]
pub fn answer_with(here: &Here, acted: &Acted, lines: Vec<String>, keys: &[(&str, Value)]) -> Answer {
    let answer = if here.style.json {
        Answer::json(with_keys(as_json(here, acted), keys))
    } else {
        Answer::text(text(here, acted, lines))
    };
    answer.with_asides(acted.notices.iter().cloned())
}

fn with_keys(mut value: Value, keys: &[(&str, Value)]) -> Value {
    for (key, own) in keys {
        value[*key] = own.clone();
    }
    value
}

fn as_json(here: &Here, acted: &Acted) -> Value {
    let (event, already) = match &acted.outcome {
        Outcome::Happened(event) => (event_json(event), Value::Null),
        Outcome::Already(text) => (Value::Null, json!(text)),
    };
    let view = here.view(&acted.case);
    json!({
        "id": acted.case.record().id,
        "state": acted.case.record().state.word(),
        "event": event,
        "already": already,
        "consequences": acted.consequences,
        "next": view.next.first().map(next_json),
    })
}

fn text(here: &Here, acted: &Acted, lines: Vec<String>) -> Vec<String> {
    let mut all = vec![match &acted.outcome {
        Outcome::Happened(event) => format!("{}: {}", shown(&acted.case.record().id), event_words(&acted.case, event)),
        Outcome::Already(text) => shown(text),
    }];
    all.extend(lines.into_iter().map(|line| format!("  {line}")));
    all.extend(acted.consequences.iter().map(|line| format!("  {}", shown(line))));
    if let Some(next) = here.view(&acted.case).next.first() {
        all.push(format!("  next: {}", next_words(next, here.now())));
    }
    all
}

/// An event on one line, without its instant: «done, Log the report (em.intake.report)».
#[must_use]
pub fn event_words(case: &Case, event: &Event) -> String {
    let target = match case.origin(event).kind {
        EventKind::Scored => shown(&case.subject(event)),
        EventKind::AnchorSet => format!("{} ({})", shown(&case.subject(event)), shown(&event.target)),
        // A field may be called as a phase is.
        EventKind::FieldSet => shown(&event.target),
        EventKind::FactSet => answers(case, case.origin(event)),
        _ => target_words(case, &event.target),
    };
    let why = event.why.as_deref().map(|why| format!(": {}", shown(why))).unwrap_or_default();
    if target.is_empty() {
        format!("{}{why}", event.kind.says())
    } else {
        format!("{}, {target}{why}", event.kind.says())
    }
}

/// Which questions were answered, and how: «Does the sync conflict? yes (conflict)».
fn answers(case: &Case, event: &Event) -> String {
    let answer = |id: &str| {
        let value = match event.after.get(&format!("facts/{id}")) {
            Some(toml::Value::Boolean(flag)) => (if *flag { "yes" } else { "no" }).to_owned(),
            Some(toml::Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => "not known".to_owned(),
        };
        let question = case.playbook().fact(id).map_or(id, |fact| fact.ask.as_str());
        format!("{} {} ({})", shown(question), shown(&value), shown(id))
    };
    event.target.split(", ").filter(|id| !id.is_empty()).map(answer).collect::<Vec<_>>().join(", ")
}

/// A step or a phase with its title, anything else as it is.
fn target_words(case: &Case, target: &str) -> String {
    let (id, item) = target.split_once('@').map_or((target, None), |(id, item)| (id, Some(item)));
    let step = case.playbook().step(id).map(|step| &step.title);
    let title = step.or_else(|| case.playbook().phase(target).map(|phase| &phase.title));
    let item = item.map(|item| format!(" {}", shown(item))).unwrap_or_default();
    match title {
        Some(title) => format!("{}{item} ({})", shown(title), shown(id)),
        None => shown(target),
    }
}
