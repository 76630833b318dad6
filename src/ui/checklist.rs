//! The checklist: phases and steps, beside or above the detail of the row under the cursor; and the rows of a step
//! wherever one is listed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{Part, column, first_row, line, part, split_line, take_top, total_width};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::{OpenCase, Row};
use crate::case::record::StepState;
use crate::case::{NextKind, PhaseView, Shown, StepView};

/// From this width on things stand side by side.
pub(super) const SIDE_BY_SIDE: u16 = 100;

/// From this height on the detail stands below the list; on less there is only one of them.
pub(super) const STACKED: u16 = 12;

/// Columns of «when» at the right of a step.
const WHEN_COLUMNS: usize = 16;

/// Where the checklist stands in the body.
pub(super) fn list_area(body: Rect) -> Rect {
    match body {
        _ if body.width >= SIDE_BY_SIDE => Rect { width: body.width * 11 / 20, ..body },
        _ if body.height >= STACKED => Rect { height: body.height * 11 / 20, ..body },
        _ => body,
    }
}

impl Screen<'_> {
    pub(super) fn checklist_pane(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        if area.width >= SIDE_BY_SIDE {
            let left = list_area(area);
            let right = Rect { x: area.x + left.width + 2, width: area.width - left.width - 2, ..area };
            self.checklist(frame, left, open);
            self.divider(frame, Rect { x: left.x + left.width, width: 1, ..area });
            frame.render_widget(Rows::new(self.fitted(open, right)), right);
        } else if area.height >= STACKED {
            let (upper, lower) = take_top(area, list_area(area).height);
            self.checklist(frame, upper, open);
            let (rule, lower) = take_top(lower, 1);
            self.rule(frame, rule);
            frame.render_widget(Rows::new(self.fitted(open, lower)), lower);
        } else if open.card.is_some() {
            frame.render_widget(Rows::new(self.fitted(open, area)), area);
        } else {
            self.checklist(frame, area, open);
        }
    }

    /// The detail in the rows there are; where it is cut, the last row says so.
    pub(super) fn fitted(&self, open: &OpenCase, area: Rect) -> Vec<Line<'static>> {
        self.in_rows(self.detail(open, usize::from(area.width)), area)
    }

    /// Lines in the rows there are; where they are cut, the last row says so.
    pub(super) fn in_rows(&self, mut lines: Vec<Line<'static>>, area: Rect) -> Vec<Line<'static>> {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        if lines.len() > rows && rows > 1 {
            let hidden = lines.len() - rows + 1;
            lines.truncate(rows - 1);
            lines.push(line(vec![part(&format!("   {hidden} more lines"), self.style(Role::Quiet))], columns));
        }
        lines
    }

    /// As many of the lines as there are rows, with one of them in sight; said how many there are above and below.
    pub(super) fn in_sight(&self, mut lines: Vec<Line<'static>>, one: usize, area: Rect) -> Vec<Line<'static>> {
        let (columns, rows, count) = (usize::from(area.width), usize::from(area.height), lines.len());
        if count <= rows {
            return lines;
        }
        let shown = if rows > 2 { rows - 1 } else { rows };
        let above = first_row(one, count, shown);
        lines = lines.split_off(above);
        lines.truncate(shown);
        if shown < rows {
            let hidden = match (above, count - above - shown) {
                (0, below) => format!("   {below} more below"),
                (above, 0) => format!("   {above} more above"),
                (above, below) => format!("   {above} more above, {below} below"),
            };
            lines.push(line(vec![part(&hidden, self.style(Role::Quiet))], columns));
        }
        lines
    }

    pub(super) fn divider(&self, frame: &mut Frame<'_>, area: Rect) {
        let piece = || line(vec![part("│", self.style(Role::Rule))], 1);
        frame.render_widget(Rows::new((0..area.height).map(|_| piece()).collect()), area);
    }

    fn checklist(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let rows = open.rows();
        let cursor = open.cursor();
        let room = usize::from(area.height);
        let first = first_row(cursor, rows.len(), room);
        let shown = rows.iter().enumerate().skip(first).take(room);
        let lines: Vec<Line<'static>> =
            shown.map(|(index, row)| self.checklist_row(open, row, index == cursor, columns)).collect();
        frame.render_widget(Rows::new(lines), area);
        self.row_targets(area, (first..rows.len()).map(Some));
    }

    pub(super) fn checklist_row(&self, open: &OpenCase, row: &Row, selected: bool, columns: usize) -> Line<'static> {
        match row {
            Row::Next(index) => self.next_row(open, *index, selected, columns),
            Row::Phase(p) => self.phase_row(&open.view.phases[*p], selected, columns),
            Row::Step(p, s) => {
                let step = &open.view.phases[*p].steps[*s];
                self.step_row(step, &self.who(open, step), selected, columns)
            }
            Row::Item(p, s, i) => self.item_row(&open.view.phases[*p].steps[*s], *i, selected, columns),
        }
    }

    pub(super) fn cursor(&self, selected: bool) -> Part {
        part(&format!(" {} ", if selected { self.mark(Mark::Cursor) } else { " " }), self.style(Role::Strong))
    }

    fn title_role(selected: bool, otherwise: Role) -> Role {
        if selected { Role::Cursor } else { otherwise }
    }

    fn next_row(&self, open: &OpenCase, index: usize, selected: bool, columns: usize) -> Line<'static> {
        let Some(item) = open.view.next.get(index) else { return Line::default() };
        let role = Self::title_role(selected, Role::Strong);
        let mark = if item.kind == NextKind::Fact { Mark::Unknown } else { Mark::Attention };
        let mark = part(&format!("{} ", self.mark(mark)), self.style(Role::Accent));
        let left = vec![self.cursor(selected), mark, part(&item.title, self.style(role))];
        split_line(left, vec![self.next_when(item), part(" ", self.style(Role::Plain))], columns)
    }

    pub(super) fn phase_row(&self, phase: &PhaseView, selected: bool, columns: usize) -> Line<'static> {
        let role = Self::title_role(selected, Role::Strong);
        let left = vec![self.cursor(selected), part(&phase.title, self.style(role))];
        let right = match phase.not_before {
            Some(at) => format!("not before {} ", self.short_instant(at)),
            None => format!("{} of {} ", phase.settled, phase.total),
        };
        split_line(left, vec![part(&right, self.style(Role::Quiet))], columns)
    }

    fn step_row(&self, step: &StepView, who: &str, selected: bool, columns: usize) -> Line<'static> {
        let (mark, role) = self.step_mark(step);
        let optional = if step.optional { " (optional)" } else { "" };
        let count = match step.item_counts() {
            (_, 0) => String::new(),
            (done, all) => format!("   {done}/{all}"),
        };
        let title = format!("{}{optional}{count}", step.title);
        let left = vec![
            self.cursor(selected),
            part(&format!("{mark} "), self.style(role)),
            part(&title, self.style(Self::title_role(selected, role))),
        ];
        let room = columns.saturating_sub(total_width(&left) + 1);
        split_line(left, self.who_and_when(step, who, room), columns)
    }

    /// Who and when, in columns of their own; where there is no room for both, the title comes first.
    fn who_and_when(&self, step: &StepView, who: &str, room: usize) -> Vec<Part> {
        let when = self.step_when(step);
        let blank = " ".repeat(WHEN_COLUMNS.saturating_sub(total_width(std::slice::from_ref(&when))));
        let end = part(" ", self.style(Role::Plain));
        let who = part(&format!("{who}   "), self.style(Role::Quiet));
        let all = vec![who.clone(), part(&blank, self.style(Role::Plain)), when.clone(), end.clone()];
        let alone = if step.waiting_on.is_some() { vec![who] } else { vec![when, end] };
        if total_width(&all) <= room { all } else { alone }
    }

    /// Whom a step waits for, whose it is, or whose role it is.
    fn who(&self, open: &OpenCase, step: &StepView) -> String {
        let (playbook, me) = (open.case.playbook(), Some(&self.app.me));
        let leads = playbook.cvss.as_ref().is_some_and(|cvss| cvss.final_call == step.role);
        match step.waiting_on.as_ref().or(step.assignee.as_ref()) {
            who @ Some(_) if who == me => "you".to_owned(),
            Some(who) => who.clone(),
            None if leads && open.case.record().lead.as_ref() == me => "you".to_owned(),
            None => playbook.role(&step.role).map(|role| role.title.clone()).unwrap_or_default(),
        }
    }

    /// The mark at the left says what a person said, and what is in the way.
    fn step_mark(&self, step: &StepView) -> (&'static str, Role) {
        match step.shown {
            Shown::Stored(StepState::Done) => (self.mark(Mark::Done), Role::Quiet),
            Shown::Stored(StepState::NotApplicable) | Shown::Hidden => (self.mark(Mark::NotApplicable), Role::Quiet),
            Shown::Stored(StepState::Waiting) => (self.mark(Mark::Waiting), Role::Plain),
            Shown::Stored(StepState::Doing) => (self.mark(Mark::Cursor), Role::Plain),
            Shown::Stored(StepState::Todo) => (self.mark(Mark::Open), Role::Plain),
            Shown::Blocked if !step.depends_on.is_empty() => (self.mark(Mark::Unknown), Role::Quiet),
            Shown::Blocked => (self.mark(Mark::Blocked), Role::Quiet),
        }
    }

    fn item_row(&self, step: &StepView, index: usize, selected: bool, columns: usize) -> Line<'static> {
        let Some(item) = step.items.get(index) else { return Line::default() };
        let (mark, role) = match item.state {
            StepState::Done => (self.mark(Mark::Done), Role::Quiet),
            StepState::NotApplicable => (self.mark(Mark::NotApplicable), Role::Quiet),
            _ => (self.mark(Mark::Open), Role::Plain),
        };
        let when = item.at.filter(|_| item.state.is_settled()).map(|at| self.short_instant(at)).unwrap_or_default();
        let left = vec![
            self.cursor(selected),
            column("", 4, self.style(Role::Plain)),
            part(&format!("{mark} "), self.style(role)),
            part(short_item(step, &item.id), self.style(Self::title_role(selected, role))),
        ];
        split_line(left, vec![part(&format!("{when} "), self.style(Role::Quiet))], columns)
    }
}

/// A branch without its component, where all of a step's branches are of one component.
fn short_item<'i>(step: &StepView, id: &'i str) -> &'i str {
    let Some((component, branch)) = id.split_once(':') else { return id };
    let shared = step.items.iter().all(|item| item.id.split_once(':').is_some_and(|(other, _)| other == component));
    if shared { branch } else { id }
}
