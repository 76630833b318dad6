//! What the metric under the cursor asks and what its values mean; and why the score is what it is.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::words::labelled;
use crate::app::calculator::{Calculator, Row, in_order};
use crate::cvss::{Draft, Group, MacroVector, Version, Why, why};
use crate::text::width;
use crate::ui::lines::{column, line, part};
use crate::ui::{Mark, Role, Screen};

/// Rows of the explanation where there are enough: what stands below it then stays where it is, whatever is explained.
const EXPLANATION: usize = 17;

/// On less rows the explanation is told in a line each.
const FULL: usize = 16;

impl Screen<'_> {
    pub(super) fn explained(&self, calculator: &Calculator, area: Rect) -> Vec<Line<'static>> {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        if rows < FULL {
            return self.explained_in_short(calculator, columns, rows);
        }
        let draft = calculator.draft();
        let why = self.why_lines(&draft, why(&draft).as_ref(), columns);
        let room = rows.saturating_sub(why.len() + 1).min(EXPLANATION);
        let fits = |lines: &Vec<Line<'static>>| lines.len() <= room;
        let mut lines = match calculator.cursor() {
            Row::Metric(metric) => {
                let mut shorter = [(true, true), (false, true), (false, false)]
                    .into_iter()
                    .map(|(airy, example)| self.metric_lines(calculator, metric, (airy, example), columns));
                shorter.find(fits).unwrap_or_else(|| self.metric_in_short(calculator, metric, columns, room))
            }
            Row::Group(group) => self.text(told_of(group), Role::Plain, 1, columns),
        };
        lines.resize(room + 1, Line::default());
        lines.extend(why);
        self.in_rows(lines, area)
    }

    /// Question, values and example of a metric.
    fn metric_lines(
        &self,
        calculator: &Calculator,
        metric: usize,
        (airy, example): (bool, bool),
        columns: usize,
    ) -> Vec<Line<'static>> {
        let definition = &calculator.version().metrics()[metric];
        let blank = || airy.then(Line::default);
        let mut lines = self.text(definition.asks, Role::Plain, 1, columns);
        lines.extend(blank());
        let labels = value_labels(calculator, metric);
        let names = labels.iter().map(|(label, _)| width(label)).max().unwrap_or(0) + 2;
        for (label, means) in &labels {
            let role = if label.starts_with('[') { Role::Strong } else { Role::Plain };
            lines.extend(self.beside((label, names, role), means, columns));
        }
        if example {
            lines.extend(blank());
            lines.extend(self.text(definition.example, Role::Quiet, 1, columns));
        }
        if let Some(why) = calculator.choice(metric) {
            lines.extend(blank());
            let mark = self.mark(Mark::Attention);
            lines.extend(self.marked(mark, Role::Look, &format!("yours to choose: {why}"), columns));
        }
        lines
    }

    /// As few lines as it takes for the question, for each value, and for the reasons; an example where rows are left.
    fn explained_in_short(&self, calculator: &Calculator, columns: usize, rows: usize) -> Vec<Line<'static>> {
        let draft = calculator.draft();
        let (mut lines, example) = match calculator.cursor() {
            Row::Group(group) => (self.text(told_of(group), Role::Plain, 1, columns), Vec::new()),
            Row::Metric(metric) => {
                let example = calculator.version().metrics()[metric].example;
                (self.metric_in_short(calculator, metric, columns, rows), self.text(example, Role::Quiet, 1, columns))
            }
        };
        let left = rows.saturating_sub(lines.len());
        let why = why(&draft);
        let in_full = self.why_lines(&draft, why.as_ref(), columns);
        let why_lines = match &why {
            _ if in_full.len() <= left => in_full,
            Some(why) => self.short_why_lines(&draft, why, left, columns),
            None => Vec::new(),
        };
        // As long as something is open an example helps to choose; after that the reasons come first.
        let told = if why.is_none() { [example, why_lines] } else { [why_lines, example] };
        for more in told {
            if lines.len() + more.len() <= rows {
                lines.extend(more);
            }
        }
        lines.truncate(rows);
        lines
    }

    fn short_why_lines(&self, draft: &Draft, why: &Why, rows: usize, columns: usize) -> Vec<Line<'static>> {
        let lines = short_why(draft, why).into_iter().take(rows);
        lines.map(|text| line(vec![part(&format!(" {text}"), self.style(Role::Plain))], columns)).collect()
    }

    /// The question, below it why it is for a person to choose, and a line for each value.
    fn metric_in_short(
        &self,
        calculator: &Calculator,
        metric: usize,
        columns: usize,
        rows: usize,
    ) -> Vec<Line<'static>> {
        let definition = &calculator.version().metrics()[metric];
        let mut labels = value_labels(calculator, metric);
        let mut lines = self.text(definition.asks, Role::Plain, 1, columns);
        let reason = calculator.choice(metric);
        let reason = reason.map(|why| self.marked(self.mark(Mark::Attention), Role::Look, why, columns));
        let reason = reason.unwrap_or_default();
        // What is not set means the least: it gives way first.
        if lines.len() + reason.len() + labels.len() > rows && !definition.mandatory() {
            labels.remove(0);
        }
        if lines.len() + reason.len() + labels.len() > rows {
            lines = vec![line(vec![part(&format!(" {}", definition.asks), self.style(Role::Plain))], columns)];
        }
        let for_reason = rows.saturating_sub(lines.len() + labels.len()).max(1);
        lines.extend(reason.into_iter().take(for_reason));
        let names = labels.iter().map(|(label, _)| width(label)).max().unwrap_or(0) + 2;
        lines.extend(labels.iter().map(|(label, means)| {
            let role = if label.starts_with('[') { Role::Strong } else { Role::Plain };
            let label = column(&format!(" {label}"), names, self.style(role));
            line(vec![label, part(means, self.style(Role::Plain))], columns)
        }));
        lines.truncate(rows);
        lines
    }

    /// Why the score is what it is, or what is open.
    fn why_lines(&self, draft: &Draft, why: Option<&Why>, columns: usize) -> Vec<Line<'static>> {
        let Some(why) = why else { return self.open_lines(draft, columns) };
        let score = draft.score().map(|score| score.to_string()).unwrap_or_default();
        let mut lines = vec![self.headed_rule(&format!("Why {score}"), "", columns)];
        if draft.version() == Version::V4_0 {
            lines.extend(self.text(&format!("MacroVector {}", MacroVector::of(draft)), Role::Plain, 1, columns));
        }
        let names = why.reasons.iter().map(|reason| width(reason.name) + width(&reason.value) + 4).max().unwrap_or(0);
        for reason in &why.reasons {
            let name = format!("{} {}", reason.name, reason.value);
            // Beside a long name a narrow panel has no room for words.
            if names * 3 > columns {
                lines.extend(self.text(&format!("{name}, {}", reason.words), Role::Plain, 1, columns));
            } else {
                lines.extend(self.beside((&name, names, Role::Plain), &reason.words, columns));
            }
        }
        lines.extend(self.turn_lines(draft.version(), why, columns));
        lines
    }

    fn turn_lines(&self, version: Version, why: &Why, columns: usize) -> Vec<Line<'static>> {
        let lines = why.turns.iter().flat_map(|turn| {
            let name = format!("{} {}", turn.severity, turn.score);
            self.beside((&name, 15, Role::Strong), &format!("by {}", turn.words(version)), columns)
        });
        let far = why.far.iter().flat_map(|severity| {
            self.beside((&severity.to_string(), 15, Role::Strong), &format!("by {}", why.not_by), columns)
        });
        lines.chain(far).collect()
    }

    fn open_lines(&self, draft: &Draft, columns: usize) -> Vec<Line<'static>> {
        let metrics = draft.version().metrics();
        let open: Vec<&str> = draft.open().map(|metric| metrics[metric].key).collect();
        let text = format!("{}. The score comes to lie in {}.", open.join(", "), draft.range());
        let mut lines = vec![self.headed_rule("Not chosen yet", "", columns)];
        lines.extend(self.text(&text, Role::Plain, 1, columns));
        lines
    }

    /// «─ Why 8.7 ─────», at its end where the cursor stands, if that is to be told.
    pub(super) fn headed_rule(&self, head: &str, place: &str, columns: usize) -> Line<'static> {
        let taken = if place.is_empty() { 5 } else { 8 } + width(head) + width(place);
        let mut parts = vec![
            part(" ─ ", self.style(Role::Rule)),
            part(head, self.style(Role::Strong)),
            part(&format!(" {}", "─".repeat(columns.saturating_sub(taken))), self.style(Role::Rule)),
        ];
        if !place.is_empty() {
            parts.extend([part(&format!(" {place} "), self.style(Role::Quiet)), part("─", self.style(Role::Rule))]);
        }
        line(parts, columns)
    }
}

/// Each value with what it means; the chosen one in brackets.
fn value_labels(calculator: &Calculator, metric: usize) -> Vec<(String, &'static str)> {
    let (draft, definition) = (calculator.draft(), &calculator.version().metrics()[metric]);
    let labels = in_order(draft.version(), metric).into_iter().map(|place| {
        let value = &definition.values[place];
        let is_chosen = draft.place(metric) == Some(place) || (value.not_defined && !draft.says(metric));
        let label = if is_chosen { format!("[{}]", labelled(value)) } else { format!(" {} ", labelled(value)) };
        (label, value.means)
    });
    labels.collect()
}

/// The reasons in one line, the turns in another.
fn short_why(draft: &Draft, why: &Why) -> Vec<String> {
    let version = draft.version();
    let score = draft.score().map(|score| score.to_string()).unwrap_or_default();
    let reasons: Vec<String> =
        why.reasons.iter().map(|reason| format!("{} {}", reason.name.to_lowercase(), reason.value)).collect();
    let reasons = match version {
        Version::V4_0 => format!("MacroVector {}", MacroVector::of(draft)),
        _ => reasons.join(", "),
    };
    let turns: Vec<String> =
        why.turns.iter().map(|turn| format!("{} {} by {}", turn.severity, turn.score, turn.words(version))).collect();
    vec![format!("Why {score}   {reasons}"), turns.join("   ")]
}

/// What a group that is folded away holds.
fn told_of(group: Group) -> &'static str {
    match group {
        Group::Base | Group::Threat => "What the flaw is by itself, and whether it is exploited.",
        Group::Temporal => "What changes as time goes on: exploits, fixes, and how sure it is. + shows these metrics.",
        Group::Environmental => "What is so in one installation. + shows these metrics.",
        Group::Supplemental => {
            "What is worth telling beside the score. It never changes the score. + shows these metrics."
        }
    }
}
