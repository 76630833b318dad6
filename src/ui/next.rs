//! «Next for you»: the one next action with what it needs; shortly before exposing, go or no go.

use ratatui::text::Line;

use super::lines::{part, split_line};
use super::{Mark, Role, Screen};
use crate::app::OpenCase;
use crate::case::{GoNoGo, Need, NextItem, NextKind, StepView};

/// From this many rows on the text of a step has blank ones around it.
const AIRY: usize = 5;

impl Screen<'_> {
    /// What stands above the list of the overview, in so many rows at most: the refusal, or what is next with the
    /// detail of the row under the cursor, of which the marks come first and the text takes what is left.
    pub(super) fn next_block(&self, open: &OpenCase, columns: usize, rows: usize) -> Vec<Line<'static>> {
        let mut lines = if open.card.is_some() || self.is_over(open) {
            self.detail(open, columns)
        } else {
            let mut lines = self.next_for_you(open, columns);
            let room = rows.saturating_sub(lines.len() + 1);
            lines.extend(self.short_detail(open, columns, room));
            lines
        };
        lines.truncate(rows.saturating_sub(1));
        while lines.last().is_some_and(|line| line.width() == 0) {
            lines.pop();
        }
        lines.push(Self::blank(columns));
        lines
    }

    /// The step under the cursor: what is missing and the evidence in full, of the text what fits.
    fn short_detail(&self, open: &OpenCase, columns: usize, rows: usize) -> Vec<Line<'static>> {
        let Some((step, _)) = open.selected_step() else {
            return std::iter::once(Self::blank(columns)).chain(self.row_detail(open, columns)).collect();
        };
        let Some(definition) = open.case.playbook().step(&step.id) else { return Vec::new() };
        let mut lines = Vec::new();
        if !Self::is_headed(open, step) {
            lines.push(Self::blank(columns));
            lines.extend(self.step_head(open, step, columns));
        }
        let marks = self.step_marks(step, columns);
        let text = self.text(&definition.detail.replace('\n', " "), Role::Plain, 1, columns);
        let room = rows.saturating_sub(lines.len() + marks.len());
        if room >= AIRY && !text.is_empty() {
            lines.push(Self::blank(columns));
            let fits = text.len() <= room - 2;
            lines.extend(text.into_iter().take(if fits { room - 2 } else { room - 3 }));
            if !fits {
                let more = part(" 1 shows all of it", self.style(Role::Quiet));
                lines.push(super::lines::line(vec![more], columns));
            }
            lines.push(Self::blank(columns));
        } else {
            // Where there is no room for air, a few lines still say how.
            lines.extend(text.into_iter().take(room));
        }
        lines.extend(marks);
        lines
    }

    /// «Next for you» in two or three lines, or go and no go.
    pub(super) fn next_for_you(&self, open: &OpenCase, columns: usize) -> Vec<Line<'static>> {
        if let Some(go) = &open.go {
            return self.go_no_go(go, columns);
        }
        let Some(first) = open.view.next.first() else {
            let text = if open.view.waiting.is_empty() {
                "Nothing is open for you."
            } else {
                "Nothing for you: others are at it."
            };
            return self.text(text, Role::Quiet, 1, columns);
        };
        let head = vec![part(" Next for you", self.style(Role::Accent))];
        let mut lines =
            vec![split_line(head, vec![self.next_when(first), part(" ", self.style(Role::Plain))], columns)];
        lines.extend(self.text(&first.title, Role::Strong, 1, columns));
        if let Some(until) = self.until(first.due) {
            lines.extend(self.text(&until, Role::Plain, 1, columns));
        }
        lines
    }

    /// Does the title of this step stand above as what is next?
    pub(super) fn is_headed(open: &OpenCase, step: &StepView) -> bool {
        let is_next = |first: &NextItem| first.kind == NextKind::Step && first.id == step.id;
        open.go.is_none() && open.view.next.first().is_some_and(is_next)
    }

    /// «Before 16:00: 2 missing», and each thing that the step needs.
    fn go_no_go(&self, go: &GoNoGo, columns: usize) -> Vec<Line<'static>> {
        let when = self.short_instant(go.at);
        let (text, role) = match go.missing() {
            0 if go.too_early => (format!("All is there: go at {when}"), Role::Good),
            0 => ("Go: all is there".to_owned(), Role::Good),
            missing if go.at > self.app.now => (format!("Before {when}: {missing} missing"), Role::Bad),
            missing => (format!("{missing} missing since {when}"), Role::Bad),
        };
        let head = vec![part(&format!(" {text}"), self.style(role))];
        let right = part(&format!("{} ", crate::schedule::countdown(go.at, self.app.now)), self.style(Role::Look));
        let mut lines = vec![split_line(head, vec![right], columns)];
        lines.extend(self.text(&go.title, Role::Strong, 1, columns));
        let (met, open): (Vec<&Need>, Vec<&Need>) = go.needs.iter().partition(|need| need.met);
        lines.extend(open.into_iter().chain(met).flat_map(|need| self.need(need, columns)));
        lines
    }

    fn need(&self, need: &Need, columns: usize) -> Vec<Line<'static>> {
        let (mark, role) = if need.met { (Mark::Pass, Role::Good) } else { (Mark::Fail, Role::Bad) };
        let asked = need.asked.as_ref().filter(|_| !need.met).map(|who| format!("   {who}"));
        let text = format!("{}{}", need.text, asked.unwrap_or_default());
        self.marked(self.mark(mark), role, &text, columns)
    }
}
