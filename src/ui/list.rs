//! A plain list with heads, its place, and beside or below it the detail of the row under the cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::checklist::{SIDE_BY_SIDE, STACKED};
use super::lines::{Part, first_row, line, part, split_line, take_bottom, take_top};
use super::rows::Rows;
use super::{Mark, Role, Screen};

/// A list as a pane shows it.
pub(super) struct List<'l> {
    pub(super) title: &'static str,
    /// For each row the head that it stands under; blank for none.
    pub(super) heads: Vec<&'static str>,
    /// Draws a row. Only those in sight are drawn: a timeline can be very long.
    pub(super) row: &'l dyn Fn(usize) -> Line<'static>,
    pub(super) cursor: usize,
    /// What is said where there is nothing to list.
    pub(super) empty: &'static str,
}

/// What a line of a list shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Blank,
    Head(&'static str),
    Row(usize),
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

    pub(super) fn list(&self, frame: &mut Frame<'_>, area: Rect, list: &List<'_>) {
        let columns = usize::from(area.width);
        let count = list.heads.len();
        let (head, body) = take_top(area, 2);
        let place = if count == 0 { String::new() } else { format!("{} of {count} ", list.cursor + 1) };
        let title = vec![part(&format!(" {}", list.title), self.style(Role::Accent))];
        let title = split_line(title, vec![part(&place, self.style(Role::Quiet))], columns);
        frame.render_widget(Rows::one(title), head);
        if count == 0 {
            let hint = if self.app.filter().is_empty() { list.empty } else { "Nothing fits: Esc shows all again." };
            return frame.render_widget(Rows::new(self.text(hint, Role::Plain, 3, columns)), body);
        }
        let slots = slots(&list.heads);
        let cursor = slots.iter().position(|slot| *slot == Slot::Row(list.cursor)).unwrap_or(0);
        let room = usize::from(body.height);
        let first = first_row(cursor, slots.len(), room);
        let in_sight = slots.iter().skip(first).take(room);
        let line_of = |slot: &Slot| match *slot {
            Slot::Blank => Line::default(),
            Slot::Head(head) => line(vec![part(&format!("   {head}"), self.style(Role::Strong))], columns),
            Slot::Row(row) => (list.row)(row),
        };
        let lines: Vec<Line<'static>> = in_sight.clone().map(line_of).collect();
        frame.render_widget(Rows::new(lines), body);
        self.row_targets(body, in_sight.map(|slot| if let Slot::Row(row) = *slot { Some(row) } else { None }));
    }

    pub(super) fn pointer(&self, selected: bool) -> Part {
        part(&format!(" {} ", if selected { self.mark(Mark::Cursor) } else { " " }), self.style(Role::Strong))
    }

    pub(super) fn row_style(&self, selected: bool) -> ratatui::style::Style {
        self.style(if selected { Role::Cursor } else { Role::Plain })
    }
}

/// The rows with a head before each group, and a blank line between groups.
fn slots(heads: &[&'static str]) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut last = "";
    for (row, head) in heads.iter().copied().enumerate() {
        if head != last {
            slots.extend((row > 0).then_some(Slot::Blank));
            slots.push(Slot::Head(head));
            last = head;
        }
        slots.push(Slot::Row(row));
    }
    slots
}
