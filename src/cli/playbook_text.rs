//! A process as lines.

use super::output::shown;
use super::words::columns;
use crate::playbook::{Due, FactKind, Gate, Phase, Playbook, Step};

/// The whole process: what it is, its questions and instants, phases with their steps, gates and rules.
#[must_use]
pub fn playbook(playbook: &Playbook) -> Vec<String> {
    let head = vec![
        format!("{}   {}", shown(&playbook.id), shown(&playbook.name)),
        shown(&playbook.summary),
        format!("after {}", shown(&playbook.source)),
    ];
    let facts = playbook.facts.iter().map(|fact| vec![shown(&fact.id), shown(&fact.ask), answers(&fact.kind)]);
    let anchors = playbook.anchors.iter().map(|anchor| vec![shown(&anchor.id), shown(&anchor.title)]);
    let rules = playbook.rules.iter().map(|rule| vec![shown(&rule.id), shown(&rule.text)]);
    let mut lines = head;
    lines.extend(section("Facts", columns(&facts.collect::<Vec<_>>())));
    lines.extend(section("Instants", columns(&anchors.collect::<Vec<_>>())));
    for phase in &playbook.phases {
        lines.extend(section(&phase_words(phase), columns(&phase.steps.iter().map(step).collect::<Vec<_>>())));
    }
    lines.extend(section("Gates", playbook.gates.iter().map(gate).collect()));
    lines.extend(section("Rules", columns(&rules.collect::<Vec<_>>())));
    lines
}

fn section(title: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    let head = [String::new(), title.to_owned()];
    head.into_iter().chain(lines.into_iter().map(|line| format!("  {line}"))).collect()
}

fn answers(kind: &FactKind) -> String {
    match kind {
        FactKind::Choice(choices) => {
            let ids: Vec<String> = choices.iter().map(|(id, _)| shown(id)).collect();
            ids.join(", ")
        }
        FactKind::YesNo => "yes, no".to_owned(),
        FactKind::Number => "a number".to_owned(),
        FactKind::Text => "a text".to_owned(),
    }
}

fn phase_words(phase: &Phase) -> String {
    let due = due_words(&phase.due);
    let due = if due.is_empty() { due } else { format!(", {due}") };
    format!("{} ({}){due}", shown(&phase.title), shown(&phase.id))
}

fn due_words(due: &Due) -> String {
    let words: Vec<String> = due
        .cases
        .iter()
        .map(|case| {
            let when = case.when.as_ref().map(|when| format!(" when {}", when.text())).unwrap_or_default();
            shown(&format!("{}{when}", case.by))
        })
        .collect();
    words.join("; ")
}

fn step(step: &Step) -> Vec<String> {
    let mut marks = Vec::new();
    if step.optional {
        marks.push("optional".to_owned());
    }
    if !step.exposes.is_empty() {
        marks.push("exposes the fix".to_owned());
    }
    marks.extend(step.when.as_ref().map(|when| format!("when {}", when.text())));
    marks.extend(step.due.as_ref().map(due_words).filter(|words| !words.is_empty()));
    vec![shown(&step.id), shown(&step.title), shown(&step.role), shown(&marks.join("; "))]
}

fn gate(gate: &Gate) -> String {
    let kind = if gate.hard { "hard" } else { "warns" };
    format!("{}  {} ({kind})", shown(&gate.id), shown(&gate.title))
}
