//! A plain list with heads, its place, and beside or below it the detail of the row under the cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::checklist::{SIDE_BY_SIDE, STACKED};
use super::lines::{Part, first_row, part, split_line, take_bottom, take_top};
use super::{Mark, Role, Screen};

/// One row, under the head that it belongs to.
pub(super) struct Entry {
    pub(super) head: &'static str,
    pub(super) line: Line<'static>,
}

/// A list as a pane shows it.
pub(super) struct List {
    pub(super) title: &'static str,
    pub(super) entries: Vec<Entry>,
    pub(super) cursor: usize,
    /// What is said where there is nothing to list.
    pub(super) empty: &'static str,
}

impl Screen<'_> {
    /// Where the rows of a list stand, and where its detail does: beside it, below it, or nowhere.
    pub(super) fn list_areas(&self, frame: &mut Frame<'_>, area: Rect) -> (Rect, Option<Rect>) {
        if area.width >= SIDE_BY_SIDE {
            let (left, right) = self.divided(frame, area, area.width * 3 / 5);
            (left, Some(right))
        } else if area.height >= STACKED {
            let (lower, upper) = take_bottom(area, area.height / 3);
            let (rule, lower) = take_top(lower, 1);
            self.rule(frame, rule);
            (upper, Some(lower))
        } else {
            (area, None)
        }
    }

    pub(super) fn list(&self, frame: &mut Frame<'_>, area: Rect, list: List) {
        let columns = usize::from(area.width);
        let count = list.entries.len();
        let (head, body) = take_top(area, 2);
        let place = if count == 0 { String::new() } else { format!("{} of {count} ", list.cursor + 1) };
        let title = vec![part(&format!(" {}", list.title), self.style(Role::Accent))];
        let title = split_line(title, vec![part(&place, self.style(Role::Quiet))], columns);
        frame.render_widget(Paragraph::new(title), head);
        if count == 0 {
            let hint = if self.app.filter().is_empty() { list.empty } else { "Nothing fits: Esc shows all again." };
            return frame.render_widget(Paragraph::new(self.text(hint, Role::Plain, 3, columns)), body);
        }
        let cursor = list.cursor;
        let (lines, rows) = self.with_heads(list, columns);
        let room = usize::from(body.height);
        let cursor_line = rows.iter().position(|row| *row == Some(cursor)).unwrap_or(0);
        let first = first_row(cursor_line, lines.len(), room);
        let shown: Vec<Line<'static>> = lines.into_iter().skip(first).take(room).collect();
        frame.render_widget(Paragraph::new(shown), body);
        self.row_targets(body, rows.into_iter().skip(first));
    }

    /// The rows with a head before each group, and which row each line shows.
    fn with_heads(&self, list: List, columns: usize) -> (Vec<Line<'static>>, Vec<Option<usize>>) {
        let mut lines: Vec<Line<'static>> = Vec::new();
        let mut rows = Vec::new();
        let mut head = "";
        for (index, entry) in list.entries.into_iter().enumerate() {
            if entry.head != head {
                if !lines.is_empty() {
                    lines.push(Line::default());
                }
                lines.extend(self.text(entry.head, Role::Strong, 3, columns));
                head = entry.head;
            }
            rows.resize(lines.len(), None);
            rows.push(Some(index));
            lines.push(entry.line);
        }
        (lines, rows)
    }

    pub(super) fn pointer(&self, selected: bool) -> Part {
        part(&format!(" {} ", if selected { self.mark(Mark::Cursor) } else { " " }), self.style(Role::Strong))
    }

    pub(super) fn row_style(&self, selected: bool) -> ratatui::style::Style {
        self.style(if selected { Role::Cursor } else { Role::Plain })
    }
}
