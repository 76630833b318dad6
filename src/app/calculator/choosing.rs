//! Choosing values: by letter, by arrow, and taking one away.

use super::Calculator;
use super::rows::{Row, in_order};
use crate::cvss::Version;

impl Calculator {
    /// A letter picks the value of the metric under the cursor that begins with it, and goes on to the next row. Where
    /// several do, it stays, and the letter again picks the next of them. False if none does.
    pub fn letter(&mut self, letter: char) -> bool {
        let Some(metric) = self.metric() else { return false };
        let definition = &self.version().metrics()[metric];
        let values = definition.values;
        let begins = |place: &usize| values[*place].key.chars().next().is_some_and(|c| c.eq_ignore_ascii_case(&letter));
        let mut fitting: Vec<usize> = in_order(self.version(), metric).into_iter().filter(begins).collect();
        // In 2.0 L is Low, and only then Low-Medium.
        fitting.sort_by_key(|place| values[*place].key.len());
        match fitting.as_slice() {
            [] => false,
            [only] => {
                self.choose(metric, Some(*only));
                self.go_to(self.place() + 1);
                true
            }
            [first, ..] => {
                // What is not set counts as Not Defined.
                let chosen = self.draft().place(metric).or(definition.not_defined());
                let at = fitting.iter().position(|place| Some(*place) == chosen);
                let next = at.map_or(*first, |at| fitting[(at + 1) % fitting.len()]);
                self.choose(metric, Some(next));
                true
            }
        }
    }

    /// The next value to the left, which is worse, or to the right. An open metric begins at the worst.
    pub fn step(&mut self, milder: bool) {
        let Some(metric) = self.metric() else { return };
        let order = in_order(self.version(), metric);
        let mandatory = self.version().metrics()[metric].mandatory();
        let chosen = self.draft().place(metric);
        let at = chosen.and_then(|chosen| order.iter().position(|place| *place == chosen));
        // What is not set counts as Not Defined, which stands first; only a mandatory metric has none.
        let to = match (at.or((!mandatory).then_some(0)), milder) {
            (None, _) => 0,
            (Some(at), true) => (at + 1).min(order.len().saturating_sub(1)),
            (Some(at), false) => at.saturating_sub(1),
        };
        self.choose(metric, order.get(to).copied());
    }

    /// Takes the value of the metric under the cursor away; of one that is open already, that of the metric before.
    pub fn unset(&mut self) {
        let Some(metric) = self.metric() else { return self.go_to(self.place().saturating_sub(1)) };
        if self.draft().place(metric).is_none() && self.place() > 0 {
            self.go_to(self.place() - 1);
        }
        if let Some(metric) = self.metric() {
            self.choose(metric, None);
        }
    }

    /// Sets a metric, or opens it. What says nothing is left out of the vector.
    pub fn choose(&mut self, metric: usize, value: Option<usize>) {
        let Some(definition) = self.version().metrics().get(metric) else { return };
        let value = value.filter(|place| definition.values.get(*place).is_some_and(|value| !value.not_defined));
        self.change(|sheet| {
            let Some(page) = sheet.pages.get_mut(&sheet.version) else { return };
            // Choosing what stands there already settles a choice as well; taking it away leaves the question.
            page.choices.retain(|choice| choice.metric != metric || value.is_none());
            if page.draft.place(metric) != value {
                page.draft.set(metric, value);
                page.touched = true;
                sheet.source = sheet.version;
            }
        });
    }

    /// Goes to the first metric that is open and must not be. False if none is.
    pub fn go_to_open(&mut self) -> bool {
        let open = self.draft().open().next();
        if let Some(metric) = open {
            self.cursor = Row::Metric(metric);
        }
        open.is_some()
    }

    /// The letters of the values of a metric, for a message: «N, A, L or P».
    #[must_use]
    pub fn letters(version: Version, metric: usize) -> String {
        let values = in_order(version, metric);
        let keys: Vec<&str> =
            values.iter().filter_map(|place| Some(version.metrics().get(metric)?.values[*place].key)).collect();
        match keys.split_last() {
            Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
            _ => keys.concat(),
        }
    }
}
