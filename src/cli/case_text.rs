//! A case as lines: what it is, when it releases, what is next, what waits, what is missing.

use jiff::Timestamp;

use super::case_scores;
use super::here::Here;
use super::output::shown;
use super::words::{columns, due_words, instant_words, mark, next_words, score_words, waiting_words};
use crate::case::record::{Grant, Person};
use crate::case::{Case, GateView, NextKind, PhaseState, PhaseView, Shown, StepView, View};
use crate::schedule::Zone;

/// The whole case.
#[must_use]
pub fn case(here: &Here, case: &Case, view: &View) -> Vec<String> {
    let now = here.now();
    let sections = [
        header(case),
        facts_of_release(here, case, view),
        section("Scores", case_scores::lines(case, now)),
        section("Phases", phases(view, now)),
        section("Next for you", next(view, now, false)),
        section("Open questions", next(view, now, true)),
        section("Waiting for others", waiting(view, now)),
        section("Blocked", blocked(view, here.style.ascii)),
        section("Gates that are closed", gates(view)),
        section("Steps that were settled", settled(view, now, here.style.ascii)),
        section("People", columns(&case.record().person.iter().map(person).collect::<Vec<_>>())),
        section("Access", columns(&case.record().grant.iter().map(|one| grant(one, now)).collect::<Vec<_>>())),
    ];
    let filled: Vec<Vec<String>> = sections.into_iter().filter(|lines| !lines.is_empty()).collect();
    filled.join(&String::new())
}

fn section(title: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    std::iter::once(title.to_owned()).chain(lines.into_iter().map(|line| format!("  {line}"))).collect()
}

fn header(case: &Case) -> Vec<String> {
    let record = case.record();
    let process = shown(&case.playbook().name);
    let mut lines = vec![format!("{}   {process}   {}", shown(&record.id), record.state.shown()), shown(&record.title)];
    let lead = record.lead.as_deref().map(|lead| format!("lead {}", shown(lead)));
    let project = record.project.as_deref().map(|project| format!("project {}", shown(project)));
    let about: Vec<String> = lead.into_iter().chain(project).collect();
    lines.push(about.join("   "));
    if let Some(leak) = record.open_leak() {
        lines.push(format!("LEAK ({})  {}", leak.extent.word(), shown(&leak.what)));
    }
    if let Some(hand_over) = record.hand_over.as_ref() {
        let to = shown(&hand_over.to);
        let then = if hand_over.received { "«fixlead case accept» takes it over" } else { "this copy is read-only" };
        lines.push(format!("handed over to {to}: {then}"));
    }
    lines
}

fn facts_of_release(here: &Here, case: &Case, view: &View) -> Vec<String> {
    let now = here.now();
    let zones = here.zones(case);
    let times =
        [("target", view.release.target), ("announced", view.release.announced), ("released", view.release.actual)];
    let mut rows: Vec<Vec<String>> =
        times.iter().filter_map(|(word, at)| Some(row(&format!("Release, {word}"), (*at)?, now, &zones))).collect();
    if rows.is_empty() {
        rows.push(vec!["Release".to_owned(), "no date yet".to_owned()]);
    }
    let reported = case.playbook().start().and_then(|anchor| case.record().anchor(&anchor.id));
    rows.extend(reported.map(|at| row("Reported", at, now, &zones)));
    rows.extend(view.score.as_ref().map(|score| vec!["Score".to_owned(), score_words(score)]));
    if view.asap {
        rows.push(vec!["Deadlines".to_owned(), "every one is as soon as possible".to_owned()]);
    }
    columns(&rows)
}

fn row(title: &str, at: Timestamp, now: Timestamp, zones: &[Zone]) -> Vec<String> {
    vec![title.to_owned(), instant_words(at, now, zones)]
}

fn phases(view: &View, now: Timestamp) -> Vec<String> {
    let shown_ones = view.phases.iter().filter(|phase| phase.state != PhaseState::Hidden);
    let rows: Vec<Vec<String>> = shown_ones.map(|phase| phase_row(phase, now)).collect();
    columns(&rows)
}

fn phase_row(phase: &PhaseView, now: Timestamp) -> Vec<String> {
    let mark = match phase.state {
        PhaseState::Done => "✓",
        PhaseState::Current => "▸",
        PhaseState::Open | PhaseState::Hidden => "◦",
    };
    let due = if phase.state == PhaseState::Done { String::new() } else { due_words(phase.due, now) };
    vec![format!("{mark} {}", shown(&phase.title)), format!("{}/{}", phase.settled, phase.total), due]
}

fn next(view: &View, now: Timestamp, questions: bool) -> Vec<String> {
    let items = view.next.iter().filter(|item| (item.kind == NextKind::Fact) == questions);
    let rows: Vec<Vec<String>> = items.map(|item| vec![shown(&item.id), next_words(item, now)]).collect();
    columns(&rows)
}

fn waiting(view: &View, now: Timestamp) -> Vec<String> {
    let steps = view.waiting.iter().filter_map(|id| view.step(id));
    let row =
        |step: &StepView| vec![shown(&step.id), shown(&step.title), waiting_words(step, now), due_words(step.due, now)];
    columns(&steps.map(row).collect::<Vec<_>>())
}

fn blocked(view: &View, ascii: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for step in view.steps().filter(|step| step.shown == Shown::Blocked) {
        lines.push(format!("{} {}  {}", mark(step.shown, ascii), shown(&step.id), shown(&step.title)));
        lines.extend(step.blocked_by.iter().map(|obstacle| format!("    {}", shown(&obstacle.text))));
    }
    lines
}

fn gates(view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    for gate in view.gates.iter().filter(|gate| !gate.open) {
        lines.push(gate_words(gate));
        lines.extend(gate.missing().map(|text| format!("    ✗ {}", shown(text))));
    }
    lines
}

fn gate_words(gate: &GateView) -> String {
    let kind = if gate.hard { "refuses" } else { "warns before" };
    format!("{}  {}; {kind} {}", shown(&gate.id), shown(&gate.title), shown(&gate.blocks.join(", ")))
}

fn settled(view: &View, now: Timestamp, ascii: bool) -> Vec<String> {
    let steps = view.steps().filter(|step| step.shown.is_met() && step.shown != Shown::Hidden);
    let row = |step: &StepView| {
        let by = step.done_by.as_deref().map(shown).unwrap_or_default();
        let at = step.done_at.map(|at| crate::schedule::ago(at, now)).unwrap_or_default();
        vec![format!("{} {}", mark(step.shown, ascii), shown(&step.id)), shown(&step.title), by, at]
    };
    columns(&steps.map(row).collect::<Vec<_>>())
}

fn person(person: &Person) -> Vec<String> {
    let text = |field: &Option<String>| field.as_deref().map(shown).unwrap_or_default();
    vec![shown(&person.id), text(&person.name), text(&person.role), text(&person.contact)]
}

fn grant(grant: &Grant, now: Timestamp) -> Vec<String> {
    let ended = match grant.ended {
        Some(at) => format!("ended {}", crate::schedule::ago(at, now)),
        None => "open".to_owned(),
    };
    vec![shown(&grant.who), shown(&grant.what), ended]
}
