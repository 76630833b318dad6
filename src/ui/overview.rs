//! The overview of a case: what is next and what is open, beside a summary of everything else.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::checklist::{SIDE_BY_SIDE, STACKED};
use super::lines::{first_row_ahead, line, part, split_line, take_bottom, take_top};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::{Group, OpenCase, Row};
use crate::case::{PhaseState, PhaseView};

/// From this width on the detail has a column of its own.
const THREE_COLUMNS: u16 = 160;

/// From this height on a narrow screen has the summaries below the list.
const TALL: u16 = 16;

/// Rows that «next for you» takes at most on a narrow screen, or half of what there is.
const NARROW_NEXT_ROWS: u16 = 5;

/// From this many rows on a blank one stands between groups.
const AIRY: usize = 14;

/// Columns before a title in the list, less the one that each line of detail begins with.
const INDENT: u16 = 2;

impl Screen<'_> {
    pub(super) fn overview(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        if area.width >= SIDE_BY_SIDE && area.height >= STACKED {
            self.wide_overview(frame, area, open);
        } else {
            self.narrow_overview(frame, area, open);
        }
    }

    fn wide_overview(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let three = area.width >= THREE_COLUMNS;
        let share = if three { area.width * 2 / 3 } else { area.width * 3 / 5 };
        let (left, right) = self.divided(frame, area, share);
        self.summaries(frame, right, open);
        let (title, left) = take_top(left, 2);
        frame.render_widget(Rows::one(self.overview_title(open, usize::from(title.width))), title);
        if three {
            let (list, detail) = self.divided(frame, left, left.width * 11 / 20);
            frame.render_widget(Rows::new(self.fitted(open, detail)), detail);
            self.overview_list(frame, list, open);
        } else {
            // Go or no go is the one question of that hour: it may take more of the screen.
            let asked = open.card.is_some() || open.go.is_some();
            self.next_above_list(frame, left, open, if asked { left.height * 3 / 5 } else { left.height * 2 / 5 });
        }
    }

    fn narrow_overview(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        if area.height < STACKED {
            let card = open.card.is_some() || self.is_over(open);
            return if card {
                frame.render_widget(Rows::new(self.fitted(open, area)), area);
            } else {
                self.overview_list(frame, area, open);
            };
        }
        let summaries =
            if area.height >= TALL { self.summary_lines(open, usize::from(area.width)) } else { Vec::new() };
        let (lower, area) = take_bottom(area, u16::try_from(summaries.len()).unwrap_or(0));
        frame.render_widget(Rows::new(summaries), lower);
        let (rule, area) = take_bottom(area, u16::from(lower.height > 0));
        self.rule(frame, rule);
        let most = if open.card.is_some() || self.is_over(open) {
            area.height * 2 / 3
        } else {
            NARROW_NEXT_ROWS.max(area.height / 2)
        };
        self.next_above_list(frame, area, open, most);
    }

    /// «Next for you» in line with the titles of the list below it.
    fn next_above_list(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase, most: u16) {
        let columns = area.width.saturating_sub(INDENT);
        let next = self.next_block(open, usize::from(columns), usize::from(most));
        let (upper, list) = take_top(area, u16::try_from(next.len()).unwrap_or(area.height));
        frame.render_widget(Rows::new(next), Rect { x: upper.x + INDENT, width: columns, ..upper });
        self.overview_list(frame, list, open);
    }

    /// Two columns with a thin line between them.
    pub(super) fn divided(&self, frame: &mut Frame<'_>, area: Rect, left: u16) -> (Rect, Rect) {
        self.divider(frame, Rect { x: area.x + left, width: 1, ..area });
        let right = Rect { x: area.x + left + 2, width: area.width.saturating_sub(left + 2), ..area };
        (Rect { width: left, ..area }, right)
    }

    fn overview_title(&self, open: &OpenCase, columns: usize) -> Line<'static> {
        let (settled, total) = open.view.progress();
        let title = vec![part(" 1 Checklist", self.style(Role::Accent))];
        split_line(title, vec![part(&format!("{settled} of {total} done "), self.style(Role::Quiet))], columns)
    }

    fn overview_list(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let (columns, room) = (usize::from(area.width), usize::from(area.height));
        let cursor = open.cursor();
        let mut lines: Vec<Line<'static>> = Vec::new();
        let mut rows = Vec::new();
        let mut last: Option<Group> = None;
        for (index, (group, row)) in open.overview_rows().iter().enumerate() {
            if last != Some(*group) {
                if last.is_some() && room >= AIRY {
                    lines.push(Line::default());
                }
                lines.extend(self.group_head(open, *group, columns));
                last = Some(*group);
            }
            rows.resize(lines.len(), None);
            rows.push(Some(index));
            lines.push(match row {
                Row::Phase(p) => self.later_row(&open.view.phases[*p], index == cursor, columns),
                _ => self.checklist_row(open, row, index == cursor, columns),
            });
        }
        let cursor_line = rows.iter().position(|row| *row == Some(cursor)).unwrap_or(0);
        let first = first_row_ahead(cursor_line, lines.len(), room);
        let below = lines.len().saturating_sub(first + room);
        let mut shown: Vec<Line<'static>> = lines.into_iter().skip(first).take(room).collect();
        // The cursor stands in the upper third: it is never on the row that says how much follows.
        if below > 0 && room > 4 {
            shown.pop();
            shown.push(line(vec![part(&format!("   {} more below", below + 1), self.style(Role::Quiet))], columns));
        }
        let count = if below > 0 && room > 4 { room - 1 } else { room };
        frame.render_widget(Rows::new(shown), area);
        self.row_targets(area, rows.into_iter().skip(first).take(count));
    }

    fn group_head(&self, open: &OpenCase, group: Group, columns: usize) -> Option<Line<'static>> {
        let (title, right) = match group {
            Group::Asked => return None,
            Group::Phase(p) => {
                let phase = &open.view.phases[p];
                (phase.title.as_str(), format!("{} of {} ", phase.settled, phase.total))
            }
            Group::Waiting => ("Waiting for others", String::new()),
            Group::Blocked => ("Blocked", String::new()),
            Group::Later => ("Later", String::new()),
            Group::Done => ("Done", String::new()),
        };
        let left = vec![part(&format!("   {title}"), self.style(Role::Strong))];
        Some(split_line(left, vec![part(&right, self.style(Role::Quiet))], columns))
    }

    /// A phase that is folded away: how much it holds, and what it waits for.
    fn later_row(&self, phase: &PhaseView, selected: bool, columns: usize) -> Line<'static> {
        let role = if selected { Role::Cursor } else { Role::Quiet };
        let mark = if phase.state == PhaseState::Done { self.mark(Mark::Done) } else { " " };
        let steps = format!("   {} {}", phase.total, if phase.total == 1 { "step" } else { "steps" });
        let left = vec![
            self.cursor(selected),
            part(&format!("{mark} "), self.style(Role::Quiet)),
            part(&phase.title, self.style(role)),
            part(&steps, self.style(Role::Quiet)),
        ];
        let when = phase.not_before.map(|at| format!("not before {} ", self.short_instant(at)));
        split_line(left, vec![part(&when.unwrap_or_default(), self.style(Role::Quiet))], columns)
    }

    /// A line that says nothing but that there is room.
    pub(super) fn blank(columns: usize) -> Line<'static> {
        line(Vec::new(), columns)
    }
}
