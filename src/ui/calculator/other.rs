//! The same in another version: value by value, and what is for a person to choose.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::words::{labelled, rated};
use crate::app::calculator::Calculator;
use crate::cvss::{Choice, Draft, Metric, Version};
use crate::text::width;
use crate::ui::lines::{cell, line, part};
use crate::ui::{Mark, Role, Screen};

/// Columns of a metric's key, its mark included.
const KEY: usize = 10;

/// A metric of this version, of the other one, or of both.
struct Pair {
    here: Option<usize>,
    there: Option<usize>,
}

impl Screen<'_> {
    pub(super) fn other_version(&self, calculator: &Calculator, area: Rect) -> Vec<Line<'static>> {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let here = calculator.draft();
        let other = calculator.in_version(calculator.other_version());
        let half = columns.saturating_sub(KEY + 1) / 2;
        let both = |mark: &str, key: &str, (left, right): (&str, &str), role: Role| {
            let parts = vec![
                part(&format!(" {mark} "), self.style(Role::Look)),
                cell(key, KEY - 3, self.style(role)),
                cell(left, half, self.style(role)),
                cell(right, half, self.style(role)),
            ];
            line(parts, columns)
        };
        let (left, right) = (standing(&here, half), standing(&other.draft, half));
        let mut lines = vec![both(" ", "", (&left, &right), Role::Strong)];
        let pairs: Vec<Pair> = pairs(&here, &other.draft);
        let is_marked = |pair: &Pair| {
            let open = |metric| other.choices.iter().any(|choice| choice.metric == metric);
            pair.there.is_some_and(open) || pair.here.is_some_and(|metric| calculator.choice(metric).is_some())
        };
        // Groups that are folded away come last, and so does what only the other version asks.
        let at_cursor = |pair: &Pair| pair.here.is_some() && pair.here == calculator.metric();
        let cursor = pairs.iter().position(at_cursor).unwrap_or(pairs.len().saturating_sub(1));
        let first_told = pairs.get(cursor).and_then(|pair| pair.there);
        let mut reasons = self.reasons(&other.choices, first_told, other.draft.version(), columns);
        if !other.dropped.is_empty() {
            let keys: Vec<&str> = other.dropped.iter().map(|metric| metric.key).collect();
            let text = format!("v{} doesn't ask: {}", other.draft.version(), keys.join(", "));
            reasons.extend(self.text(&text, Role::Quiet, 3, columns));
        }
        let room = rows.saturating_sub(1);
        let for_reasons = room.saturating_sub(pairs.len()).max(room / 3).min(reasons.len());
        let row = |pair: &Pair| {
            let mark = if is_marked(pair) { self.mark(Mark::Attention) } else { " " };
            let values = (said(&here, pair.here), said(&other.draft, pair.there));
            let role = if at_cursor(pair) { Role::Strong } else { Role::Plain };
            both(mark, &keys(pair, &here, &other.draft), (&values.0, &values.1), role)
        };
        let of_height = |rows: usize| Rect { height: u16::try_from(rows).unwrap_or(u16::MAX), ..area };
        lines.extend(self.in_sight(pairs.iter().map(row).collect(), cursor, of_height(room - for_reasons)));
        lines.extend(self.in_rows(reasons, of_height(for_reasons)));
        lines.truncate(rows);
        lines
    }

    /// Why something is for a person to choose, each reason once; that of the metric under the cursor first.
    fn reasons(
        &self,
        choices: &[Choice],
        first: Option<usize>,
        version: Version,
        columns: usize,
    ) -> Vec<Line<'static>> {
        let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
        for choice in choices {
            let Some(metric) = version.metrics().get(choice.metric) else { continue };
            match told.iter_mut().find(|(why, _)| *why == choice.why) {
                Some((_, keys)) => keys.push(metric.key),
                None => told.push((choice.why, vec![metric.key])),
            }
        }
        let first = choices.iter().find(|choice| Some(choice.metric) == first).map(|choice| choice.why);
        told.sort_by_key(|(why, _)| Some(*why) != first);
        let mark = self.mark(Mark::Attention);
        let lines = told
            .iter()
            .flat_map(|(why, keys)| self.marked(mark, Role::Look, &format!("{}: {why}", keys.join(", ")), columns));
        lines.collect()
    }
}

/// «v3.1  7.5 High», or the range and, where there is room, how many are open.
fn standing(draft: &Draft, columns: usize) -> String {
    let version = draft.version();
    if let Some(score) = draft.score() {
        return format!("v{version}  {}", rated(score, version));
    }
    let range = format!("v{version}  {}", draft.range());
    let open = format!("{range}, {} open", draft.open().count());
    if width(&open) < columns { open } else { range }
}

fn said(draft: &Draft, metric: Option<usize>) -> String {
    let Some(metric) = metric else { return "not asked".to_owned() };
    draft.value(metric).map_or_else(|| "open".to_owned(), labelled)
}

/// The key, or both where they differ: «C/VC».
fn keys(pair: &Pair, here: &Draft, there: &Draft) -> String {
    let key = |draft: &Draft, metric: Option<usize>| metric.map(|metric| draft.version().metrics()[metric].key);
    match (key(here, pair.here), key(there, pair.there)) {
        (Some(here), Some(there)) if here != there => format!("{here}/{there}"),
        (one, other) => one.or(other).unwrap_or_default().to_owned(),
    }
}

/// What is mandatory in either version, or says something, in the order of this one.
fn pairs(here: &Draft, there: &Draft) -> Vec<Pair> {
    let counts = |draft: &Draft, metric: usize| draft.version().metrics()[metric].mandatory() || draft.says(metric);
    let others = there.version().metrics();
    let mut pairs: Vec<Pair> = Vec::new();
    for (metric, definition) in here.version().metrics().iter().enumerate() {
        let counterpart = others.iter().position(|other| asks_the_same(definition, other));
        if counts(here, metric) || counterpart.is_some_and(|other| counts(there, other)) {
            pairs.push(Pair { here: Some(metric), there: counterpart });
        }
    }
    for metric in (0..others.len()).filter(|metric| counts(there, *metric)) {
        if !pairs.iter().any(|pair| pair.there == Some(metric)) {
            pairs.push(Pair { here: None, there: Some(metric) });
        }
    }
    pairs
}

/// Whether two metrics of two versions ask the same; the losses of 3.x are in 4.0 those in the attacked system.
fn asks_the_same(one: &Metric, other: &Metric) -> bool {
    let plain = |metric: &Metric| match metric.key {
        "VC" | "VI" | "VA" => metric.key[1..].to_owned(),
        "MVC" | "MVI" | "MVA" => format!("M{}", &metric.key[2..]),
        key => key.to_ascii_uppercase(),
    };
    plain(one) == plain(other) && one.mandatory() == other.mandatory()
}
