//! Another vector beside this one: the metrics in which they differ, and what each is worth.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::top::wrap_at_slashes;
use super::words::{change, rated, word};
use crate::app::calculator::{Beside, Calculator};
use crate::app::command::Command;
use crate::cvss::{Draft, Metric, Value, Vector, Version, carry, compare};
use crate::ui::lines::{cell, column, line, part};
use crate::ui::{Role, Screen};

/// Columns of «yours» and of the name of the other vector.
const WHOSE: usize = 10;

/// In what two vectors differ: what is told of it, and a row for each metric.
struct Differences {
    told: Vec<Line<'static>>,
    rows: Vec<(usize, Line<'static>)>,
}

impl Screen<'_> {
    pub(super) fn compared(&self, calculator: &Calculator, area: Rect) -> Vec<Line<'static>> {
        let columns = usize::from(area.width);
        let Some(Beside { name, vector }) = &calculator.beside else {
            let key = self.app.keys.first(Command::CompareWith).map(|key| key.to_string()).unwrap_or_default();
            let text = format!(
                "Nothing stands beside yours yet: paste a vector here, such as the reporter's or that of a database, or type \
                 it with {key}."
            );
            return self.text(&text, Role::Plain, 1, columns);
        };
        let draft = calculator.draft();
        let yours = match draft.score() {
            Some(score) => rated(score, draft.version()),
            None => format!("{}, {} open", draft.range(), draft.open().count()),
        };
        let theirs = rated(vector.score(), vector.version());
        let mut lines = vec![
            self.side("yours", &yours, draft.version(), columns),
            self.side(name, &theirs, vector.version(), columns),
        ];
        let written = wrap_at_slashes(&vector.to_string(), columns.saturating_sub(2));
        let written = written.iter().map(|row| line(vec![part(&format!(" {row}"), self.style(Role::Quiet))], columns));
        let written: Vec<Line<'static>> = written.chain([Line::default()]).collect();
        let Differences { told, rows } = self.differences(&draft, name, vector, columns);
        let room = usize::from(area.height).saturating_sub(lines.len() + told.len());
        // The vector stands in a database or a mail: it gives way first.
        if written.len() + rows.len() <= room {
            lines.extend(written);
        }
        lines.extend(told);
        // The metric under the cursor stays in sight, so that going through the metrics goes through all of them.
        let cursor = calculator.metric().unwrap_or(usize::MAX);
        let one = rows.iter().position(|(metric, _)| *metric >= cursor).unwrap_or(rows.len().saturating_sub(1));
        let left = usize::from(area.height).saturating_sub(lines.len());
        let area = Rect { height: u16::try_from(left).unwrap_or(area.height), ..area };
        lines.extend(self.in_sight(rows.into_iter().map(|(_, row)| row).collect(), one, area));
        lines
    }

    fn side(&self, whose: &str, rated: &str, version: Version, columns: usize) -> Line<'static> {
        let parts = vec![
            cell(&format!(" {whose}"), WHOSE, self.style(Role::Plain)),
            cell(&format!(" {rated}"), 20, self.style(Role::Strong)),
            part(&format!(" v{version}"), self.style(Role::Plain)),
        ];
        line(parts, columns)
    }

    fn differences(&self, draft: &Draft, name: &str, theirs: &Vector, columns: usize) -> Differences {
        if draft.version() != theirs.version() {
            return self.carried_differences(draft, name, theirs, columns);
        }
        let Some(yours) = draft.vector() else {
            let told = self.text(&still_open(draft), Role::Plain, 1, columns);
            return Differences { told, rows: self.unlike(draft, theirs.draft(), columns) };
        };
        let differences = match compare(&yours, theirs) {
            Ok(differences) => differences,
            Err(error) => return self.only_told(&error.to_string(), columns),
        };
        if differences.is_empty() {
            return self.only_told("They say the same.", columns);
        }
        let metrics = draft.version().metrics();
        let rows = differences.iter().map(|difference| {
            let worth = format!("{} {}", difference.score, change(difference.change));
            let both = (difference.first, difference.second);
            (difference.metric, self.difference(&metrics[difference.metric], both, &worth, columns))
        });
        Differences { told: vec![self.difference_head(name, columns)], rows: rows.collect() }
    }

    fn only_told(&self, text: &str, columns: usize) -> Differences {
        Differences { told: self.text(text, Role::Plain, 1, columns), rows: Vec::new() }
    }

    /// Two versions ask different things: theirs is carried over first, as far as it can be.
    fn carried_differences(&self, draft: &Draft, name: &str, theirs: &Vector, columns: usize) -> Differences {
        let (from, to) = (theirs.version(), draft.version());
        let carried = carry(theirs.draft(), to).draft;
        let text = format!("Vectors of two versions can't be compared. Carried over to v{to}, that of v{from} scores");
        let text = match carried.score() {
            Some(score) => format!("{text} {}:", rated(score, to)),
            None => format!("{text} {}, with {} open:", carried.range(), carried.open().count()),
        };
        let mut told = self.text(&text, Role::Plain, 1, columns);
        let Differences { told: more, rows } = match carried.vector() {
            Some(vector) => self.differences(draft, name, &vector, columns),
            None => Differences { told: Vec::new(), rows: self.unlike(draft, &carried, columns) },
        };
        told.extend(more);
        Differences { told, rows }
    }

    /// Where two drafts differ, of which one is not complete: nobody knows what that is worth.
    fn unlike(&self, yours: &Draft, theirs: &Draft, columns: usize) -> Vec<(usize, Line<'static>)> {
        let said = |draft: &Draft, metric| draft.value(metric).filter(|value| !value.not_defined);
        let both = |metric| (said(yours, metric), said(theirs, metric));
        let metrics = yours.version().metrics().iter().enumerate();
        let differ = metrics.filter(|(metric, _)| both(*metric).0 != both(*metric).1);
        differ.map(|(metric, definition)| (metric, self.difference(definition, both(metric), "", columns))).collect()
    }

    fn difference_head(&self, name: &str, columns: usize) -> Line<'static> {
        let half = columns.saturating_sub(5 + 12) / 2;
        let style = self.style(Role::Quiet);
        let parts =
            vec![column("", 5, style), cell("yours", half, style), cell(name, half, style), part("worth", style)];
        line(parts, columns)
    }

    fn difference(
        &self,
        metric: &Metric,
        (first, second): (Option<&'static Value>, Option<&'static Value>),
        worth: &str,
        columns: usize,
    ) -> Line<'static> {
        let half = columns.saturating_sub(5 + 12) / 2;
        let unsaid = if metric.mandatory() { "open" } else { "not set" };
        let said = |value: Option<&'static Value>| value.map_or_else(|| unsaid.to_owned(), word);
        let parts = vec![
            cell(&format!(" {}", metric.key), 5, self.style(Role::Strong)),
            cell(&said(first), half, self.style(Role::Plain)),
            cell(&said(second), half, self.style(Role::Plain)),
            part(worth, self.style(Role::Plain)),
        ];
        line(parts, columns)
    }
}

fn still_open(draft: &Draft) -> String {
    let metrics = draft.version().metrics();
    let open: Vec<&str> = draft.open().map(|metric| metrics[metric].key).collect();
    format!("Yours is not complete: {}. What each is worth is known once it is.", open.join(", "))
}
