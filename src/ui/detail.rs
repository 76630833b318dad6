//! What is to be known of the row under the cursor; above it, what is next.

use ratatui::text::Line;

use super::lines::{column, line, part};
use super::{Mark, Role, Screen};
use crate::app::{Card, OpenCase, Row};
use crate::case::{NextKind, StepView};
use crate::playbook::Verdict;
use crate::text::{displayable, wrap};

impl Screen<'_> {
    /// The refusal, or what is next and the detail of the row under the cursor.
    pub(super) fn detail(&self, open: &OpenCase, columns: usize) -> Vec<Line<'static>> {
        if let Some(card) = &open.card {
            return self.card(card, columns);
        }
        if let Some(over) = self.drill_over(open, columns) {
            return over;
        }
        let mut lines = self.next_for_you(open, columns);
        // Where the cursor stands on what is next, its detail goes on here.
        if !open.selected_step().is_some_and(|(step, _)| Self::is_headed(open, step)) {
            lines.push(Line::default());
        }
        lines.extend(self.row_detail(open, columns));
        lines
    }

    /// The detail of the row under the cursor.
    pub(super) fn row_detail(&self, open: &OpenCase, columns: usize) -> Vec<Line<'static>> {
        match open.row() {
            Some(Row::Step(..) | Row::Item(..)) => {
                open.selected_step().map(|(step, _)| self.step_detail(open, step, columns)).unwrap_or_default()
            }
            Some(Row::Phase(p)) => self.phase_detail(open, p, columns),
            Some(Row::Next(index)) => self.next_detail(open, index, columns),
            None => Vec::new(),
        }
    }

    pub(super) fn text(&self, text: &str, role: Role, indent: usize, columns: usize) -> Vec<Line<'static>> {
        let room = columns.saturating_sub(indent + 1).max(8);
        let blank = " ".repeat(indent);
        let lines = crate::text::displayable_lines(text);
        let wrapped = lines.iter().flat_map(|line| wrap(line, room));
        wrapped.map(|row| line(vec![part(&format!("{blank}{row}"), self.style(role))], columns)).collect()
    }

    /// A name and what belongs to it, wrapped beside it.
    pub(super) fn entry(&self, name: &str, name_role: Role, text: &str, columns: usize) -> Vec<Line<'static>> {
        // «FAIL evidence» takes two columns more than its mark.
        let names = if self.app.ascii { 15 } else { 13 };
        self.beside((name, names, name_role), text, columns)
    }

    /// A mark and what it stands before, wrapped beside it.
    pub(super) fn marked(&self, mark: &str, role: Role, text: &str, columns: usize) -> Vec<Line<'static>> {
        self.beside((mark, crate::text::width(mark) + 2, role), text, columns)
    }

    /// A name of so many columns, and text wrapped beside it.
    pub(super) fn beside(
        &self,
        (name, names, role): (&str, usize, Role),
        text: &str,
        columns: usize,
    ) -> Vec<Line<'static>> {
        let rows = wrap(&displayable(text), columns.saturating_sub(names + 1).max(8));
        let first = std::iter::once(format!(" {name}")).chain(std::iter::repeat(String::new()));
        let names = first.map(|name| column(&name, names, self.style(role)));
        let texts = rows.iter().map(|row| part(row, self.style(Role::Plain)));
        names.zip(texts).map(|(name, text)| line(vec![name, text], columns)).collect()
    }

    fn next_detail(&self, open: &OpenCase, index: usize, columns: usize) -> Vec<Line<'static>> {
        let Some(item) = open.view.next.get(index) else { return Vec::new() };
        let what = match item.kind {
            NextKind::Fact => {
                "Enter answers. What is not known yet can stay open: what depends on it is dim until then."
            }
            NextKind::Anchor => "Enter takes the instant. Deadlines and what may not come too early hang on it.",
            NextKind::Publish => "Enter declares it. No clock does that for you.",
            NextKind::Close => "Enter closes the case.",
            NextKind::Promise => "Enter sets when they will hear again.",
            NextKind::Accept => "Enter takes the case over; its other copy is read-only.",
            NextKind::Step => "",
            NextKind::Stuck => "Enter goes to the step. What holds it up is listed there; an override goes past it.",
        };
        self.text(what, Role::Plain, 1, columns)
    }

    fn phase_detail(&self, open: &OpenCase, p: usize, columns: usize) -> Vec<Line<'static>> {
        let phase = &open.view.phases[p];
        let mut lines = self.text(&phase.title, Role::Strong, 1, columns);
        if let Some(until) = self.until(phase.due) {
            lines.extend(self.text(&until, Role::Plain, 1, columns));
        }
        if let Some(at) = phase.not_before {
            lines.extend(self.text(&format!("not before {}", self.instant(at)), Role::Look, 1, columns));
        }
        let open_steps: Vec<&StepView> = phase.steps.iter().filter(|step| step.is_open()).collect();
        lines.push(Line::default());
        lines.extend(
            open_steps.iter().flat_map(|step| {
                self.text(&format!("{} {}", self.mark(Mark::Open), step.title), Role::Plain, 1, columns)
            }),
        );
        lines
    }

    fn step_detail(&self, open: &OpenCase, step: &StepView, columns: usize) -> Vec<Line<'static>> {
        let Some(definition) = open.case.playbook().step(&step.id) else { return Vec::new() };
        let mut lines = self.step_head(open, step, columns);
        lines.push(Line::default());
        lines.extend(self.text(&definition.detail.replace('\n', " "), Role::Plain, 1, columns));
        lines.push(Line::default());
        lines.extend(self.step_marks(step, columns));
        if let Some(command) = &definition.command {
            lines.extend(self.entry("command", Role::Quiet, command, columns));
        }
        lines.extend(self.said(step, columns));
        lines.extend(self.entry("source", Role::Quiet, &definition.source, columns));
        lines.extend(self.entry("id", Role::Quiet, &step.id, columns));
        lines
    }

    /// Title, role and deadline; of what is next the title stands above already.
    pub(super) fn step_head(&self, open: &OpenCase, step: &StepView, columns: usize) -> Vec<Line<'static>> {
        let role = open.case.playbook().role(&step.role).map_or(step.role.as_str(), |role| role.title.as_str());
        if Self::is_headed(open, step) {
            return self.text(role, Role::Quiet, 1, columns);
        }
        let mut lines = self.text(&step.title, Role::Strong, 1, columns);
        let until = self.until(step.due).map(|until| format!(", {until}")).unwrap_or_default();
        lines.extend(self.text(&format!("{role}{until}"), Role::Quiet, 1, columns));
        lines
    }

    /// What stands in the way of a step, what it does, and what the machine found.
    pub(super) fn step_marks(&self, step: &StepView, columns: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        if step.exposes {
            lines.extend(self.text("This makes the fix public.", Role::Embargo, 1, columns));
        }
        for obstacle in &step.blocked_by {
            lines.extend(self.entry(self.mark(Mark::Blocked), Role::Bad, &obstacle.text, columns));
        }
        for warning in &step.warnings {
            lines.extend(self.entry(self.mark(Mark::Attention), Role::Look, warning, columns));
        }
        lines.extend(self.evidence(step, columns));
        lines
    }

    fn evidence(&self, step: &StepView, columns: usize) -> Vec<Line<'static>> {
        let Some((check, verdict)) = &step.check else { return Vec::new() };
        let (mark, role) = match verdict {
            Verdict::Pass(_) => (self.mark(Mark::Pass), Role::Good),
            Verdict::Fail(_) => (self.mark(Mark::Fail), Role::Bad),
            Verdict::Unknown(_) => (self.mark(Mark::Unknown), Role::Look),
        };
        let by_itself = if step.evidence { "; it ticks itself" } else { "" };
        self.entry(&format!("{mark} evidence"), role, &format!("{check}: {}{by_itself}", verdict.reason()), columns)
    }

    /// What people said of a step.
    fn said(&self, step: &StepView, columns: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        if let (Some(by), Some(at)) = (&step.done_by, step.done_at) {
            lines.extend(self.entry("done", Role::Quiet, &format!("by {by}, {}", self.instant(at)), columns));
        }
        if let Some(how) = &step.attested {
            lines.extend(self.entry("attested", Role::Quiet, how, columns));
        }
        if let Some(on) = &step.waiting_on {
            lines.extend(self.entry("waiting for", Role::Quiet, on, columns));
        }
        if let Some(who) = &step.assignee {
            lines.extend(self.entry("assigned", Role::Quiet, who, columns));
        }
        for note in step.note.lines() {
            lines.extend(self.entry("note", Role::Quiet, note, columns));
        }
        for link in &step.links {
            lines.extend(self.entry("link", Role::Quiet, link, columns));
        }
        lines
    }

    /// A refused step: what is missing, and the two ways on.
    fn card(&self, card: &Card, columns: usize) -> Vec<Line<'static>> {
        let mut lines = self.text(&format!("{} {}", self.mark(Mark::Blocked), card.title), Role::Strong, 1, columns);
        lines.push(Line::default());
        for (index, obstacle) in card.missing.iter().enumerate() {
            let name = if index == 0 { "Missing" } else { "" };
            lines.extend(self.entry(name, Role::Bad, &obstacle.text, columns));
        }
        lines.push(Line::default());
        lines.extend(self.entry("Enter", Role::Accent, "goes to the first thing that is missing", columns));
        lines.extend(self.entry("O", Role::Accent, "override: asks for a reason, which the timeline keeps", columns));
        lines
    }
}
