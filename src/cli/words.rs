//! Words and marks that several verbs print.

use jiff::Timestamp;

use super::output::shown;
use crate::case::record::StepState;
use crate::case::{DrivingScore, NextItem, Shown, StepView, SummaryItem};
use crate::schedule::{DueAt, Zone, ago, countdown, in_zones};
use crate::text::{fit, width};

/// The mark at the left of a step: what a person said, or what keeps it.
#[must_use]
pub fn mark(shown: Shown, ascii: bool) -> &'static str {
    match shown {
        Shown::Stored(StepState::Done) => "✓",
        // In ASCII a closing quote would become of this one.
        Shown::Stored(StepState::Waiting) if ascii => ">",
        Shown::Stored(StepState::Waiting) => "»",
        Shown::Stored(StepState::NotApplicable) => "−",
        Shown::Stored(StepState::Todo | StepState::Doing) => "◦",
        Shown::Blocked => "⊘",
        Shown::Hidden => " ",
    }
}

/// When something is due: «in 2d 3h», «3h late», «as soon as possible»; blank without a deadline.
#[must_use]
pub fn due_words(due: Option<DueAt>, now: Timestamp) -> String {
    match due {
        Some(DueAt { at: Some(at), asap, .. }) if !asap || at < now => countdown(at, now),
        Some(DueAt { asap: true, .. }) => "as soon as possible".to_owned(),
        _ => String::new(),
    }
}

/// One next thing with its deadline: «Announce the forthcoming fix, in 2d 3h».
#[must_use]
pub fn next_words(item: &NextItem, now: Timestamp) -> String {
    with_due(&item.title, item.due, now)
}

/// The same from a summary.
#[must_use]
pub fn summary_words(item: &SummaryItem, now: Timestamp) -> String {
    with_due(&item.title, Some(item.due()), now)
}

fn with_due(title: &str, due: Option<DueAt>, now: Timestamp) -> String {
    let words = due_words(due, now);
    let title = shown(title);
    if words.is_empty() { title } else { format!("{title}, {words}") }
}

/// An instant on all clocks, with its distance.
#[must_use]
pub fn instant_words(at: Timestamp, now: Timestamp, zones: &[Zone]) -> String {
    let distance = if at > now { countdown(at, now) } else { ago(at, now) };
    format!("{}   {distance}", in_zones(at, now, zones))
}

/// Who is waited for, and since when.
#[must_use]
pub fn waiting_words(step: &StepView, now: Timestamp) -> String {
    let who = shown(step.waiting_on.as_deref().unwrap_or("somebody"));
    let since = step.since.map(|since| format!(", asked {}", ago(since, now))).unwrap_or_default();
    format!("{who}{since}")
}

/// «7.5 High (v3.1), final   CVSS:3.1/…».
#[must_use]
pub fn score_words(score: &DrivingScore) -> String {
    let incomplete = score.incomplete().map(|words| format!(", {}", shown(&words))).unwrap_or_default();
    let standing = score.standing();
    format!("{} (v{}), {standing}{incomplete}   {}", score.words(), score.vector.version(), score.vector)
}

/// Rows with aligned columns, two blanks between them; the last column is not padded.
#[must_use]
pub fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|index| rows.iter().filter_map(|row| row.get(index)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| fit(cell, *width)).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
