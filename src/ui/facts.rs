//! Facts and dates: every question with its answer, every instant, and what hangs on the one under the cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{part, split_line};
use super::list::List;
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::{FactRow, OpenCase};
use crate::case::record::AnchorTime;
use crate::playbook::Name;

/// From this many columns on an instant is shown in all zones.
const ZONES_FROM: usize = 60;

impl Screen<'_> {
    pub(super) fn facts(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let (left, detail) = self.list_areas(frame, area);
        let (columns, cursor) = (usize::from(left.width), open.cursor());
        let playbook = open.case.playbook();
        let rows = open.fact_rows();
        let row = |index: usize| {
            let (name, answer) = match rows[index] {
                FactRow::Fact(fact) => (&playbook.facts[fact].ask, open.case.answer(&playbook.facts[fact])),
                FactRow::Anchor(anchor) => (&playbook.anchors[anchor].title, self.anchor_times(open, anchor, columns)),
            };
            self.fact_row(name, answer, index == cursor, columns)
        };
        let head = |row: &FactRow| if matches!(row, FactRow::Fact(_)) { "Questions" } else { "Dates" };
        let heads = rows.iter().map(head).collect();
        self.list(
            frame,
            left,
            &List { title: "7 Facts and dates", heads, row: &row, cursor, empty: "This process asks nothing." },
        );
        if let Some(area) = detail {
            frame.render_widget(Rows::new(self.fact_detail(open, usize::from(area.width))), area);
        }
    }

    /// A question or an instant; what is not known yet has a mark of its own.
    fn fact_row(&self, name: &str, answer: Option<String>, selected: bool, columns: usize) -> Line<'static> {
        let (mark, role) = if answer.is_some() { (Mark::Done, Role::Plain) } else { (Mark::Open, Role::Quiet) };
        let left = vec![
            self.pointer(selected),
            part(&format!("{} ", self.mark(mark)), self.style(Role::Quiet)),
            part(name, self.row_style(selected)),
        ];
        let answer = answer.unwrap_or_else(|| "not known yet".to_owned());
        split_line(left, vec![part(&format!("{answer} "), self.style(role))], columns)
    }

    fn anchor_times(&self, open: &OpenCase, anchor: usize, columns: usize) -> Option<String> {
        let id = &open.case.playbook().anchors[anchor].id;
        match open.case.record().anchors.get(id)? {
            AnchorTime::At(at) if columns >= ZONES_FROM => Some(self.instant(*at)),
            AnchorTime::At(at) => Some(self.short_instant(*at)),
            AnchorTime::Release(times) => {
                let named = [("target", times.target), ("announced", times.announced), ("released", times.actual)];
                // The last word counts: released before announced before a target.
                let last = named.into_iter().rev().find_map(|(name, at)| at.map(|at| (name, at)));
                last.map(|(name, at)| format!("{name} {}", self.short_instant(at)))
            }
        }
    }

    fn fact_detail(&self, open: &OpenCase, columns: usize) -> Vec<Line<'static>> {
        let playbook = open.case.playbook();
        let (title, decided) = match open.selected_fact_row() {
            Some(FactRow::Fact(index)) => {
                let fact = &playbook.facts[index];
                (&fact.ask, steps_on_fact(open, &fact.id))
            }
            Some(FactRow::Anchor(index)) => {
                let anchor = &playbook.anchors[index];
                (&anchor.title, steps_on_anchor(open, &anchor.id))
            }
            None => return Vec::new(),
        };
        let mut lines = self.text(title, Role::Strong, 1, columns);
        if let Some(FactRow::Anchor(index)) = open.selected_fact_row() {
            lines.extend(self.instants(open, index, columns));
        }
        lines.push(Line::default());
        let head = if decided.is_empty() { "No step hangs on it." } else { "What hangs on it" };
        lines.extend(self.text(head, Role::Quiet, 1, columns));
        lines.extend(
            decided
                .iter()
                .flat_map(|step| self.text(&format!("{} {step}", self.mark(Mark::Open)), Role::Plain, 1, columns)),
        );
        lines.push(Line::default());
        lines.extend(self.entry("Enter", Role::Accent, "answers, or changes the answer", columns));
        lines
    }

    /// Every instant that is known of an anchor, in all zones.
    fn instants(&self, open: &OpenCase, anchor: usize, columns: usize) -> Vec<Line<'static>> {
        let id = &open.case.playbook().anchors[anchor].id;
        let named = match open.case.record().anchors.get(id) {
            None => Vec::new(),
            Some(AnchorTime::At(at)) => vec![("at", Some(*at))],
            Some(AnchorTime::Release(times)) => {
                vec![("target", times.target), ("announced", times.announced), ("released", times.actual)]
            }
        };
        let known = named.into_iter().filter_map(|(name, at)| at.map(|at| (name, at)));
        known.flat_map(|(name, at)| self.entry(name, Role::Quiet, &self.instant(at), columns)).collect()
    }
}

/// Titles of the steps whose condition names a fact.
fn steps_on_fact(open: &OpenCase, fact: &str) -> Vec<String> {
    let name = Name::Fact(fact.to_owned());
    let steps = open.case.playbook().steps();
    let named = steps.filter(|step| step.when.as_ref().is_some_and(|when| when.names().contains(&name)));
    named.map(|step| step.title.clone()).collect()
}

/// Titles of the steps and phases that are due from an instant on, or may not come before it.
fn steps_on_anchor(open: &OpenCase, anchor: &str) -> Vec<String> {
    let playbook = open.case.playbook();
    let due = |due: &crate::playbook::Due| due.cases.iter().any(|case| case.by.anchor() == Some(anchor));
    let phases = playbook.phases.iter().filter(|phase| due(&phase.due) || phase.not_before.as_deref() == Some(anchor));
    let steps = playbook
        .steps()
        .filter(|step| step.due.as_ref().is_some_and(due) || step.not_before.as_deref() == Some(anchor));
    phases.map(|phase| phase.title.clone()).chain(steps.map(|step| step.title.clone())).collect()
}
