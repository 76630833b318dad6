//! The keys of this place, and the palette of all commands.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::lines::{column, first_row, line, part, take_top};
use super::{Mark, Role, Screen};
use crate::app::Overlay;
use crate::app::command::{COMMANDS, CommandRow};

impl Screen<'_> {
    pub(super) fn overlay(&self, frame: &mut Frame<'_>, area: Rect, overlay: &Overlay) {
        match overlay {
            Overlay::Help(scroll) => self.help(frame, area, *scroll),
            Overlay::Palette { filter, cursor } => self.palette(frame, area, filter, *cursor),
        }
    }

    fn help(&self, frame: &mut Frame<'_>, area: Rect, scroll: usize) {
        let columns = usize::from(area.width);
        let place = self.app.place();
        let here = COMMANDS.iter().filter(|row| row.places.contains(&place));
        let rows: Vec<Line<'static>> = here.map(|row| self.command_line(row, false, columns)).collect();
        let (head, body) = take_top(area, 2);
        frame.render_widget(
            Paragraph::new(line(vec![part(" Keys of this place", self.style(Role::Accent))], columns)),
            head,
        );
        let room = usize::from(body.height);
        let first = scroll.min(rows.len().saturating_sub(room));
        let shown: Vec<Line<'static>> = rows.into_iter().skip(first).take(room).collect();
        frame.render_widget(Paragraph::new(shown), body);
    }

    fn palette(&self, frame: &mut Frame<'_>, area: Rect, filter: &str, cursor: usize) {
        let columns = usize::from(area.width);
        let (head, body) = take_top(area, 2);
        let typed = format!(" : {filter}{}", if self.app.ascii { "_" } else { "▏" });
        frame.render_widget(Paragraph::new(line(vec![part(&typed, self.style(Role::Accent))], columns)), head);
        let rows = self.app.palette_rows();
        let room = usize::from(body.height);
        let first = first_row(cursor, rows.len(), room);
        let shown: Vec<Line<'static>> = rows
            .iter()
            .enumerate()
            .skip(first)
            .take(room)
            .map(|(index, row)| self.command_line(row, index == cursor, columns))
            .collect();
        frame.render_widget(Paragraph::new(shown), body);
    }

    fn command_line(&self, row: &CommandRow, selected: bool, columns: usize) -> Line<'static> {
        let cursor = if selected { self.mark(Mark::Cursor) } else { " " };
        let keys = row.keys.join(" ");
        let title_role = if selected { Role::Cursor } else { Role::Plain };
        line(
            vec![
                part(&format!(" {cursor} "), self.style(Role::Strong)),
                column(&keys, 12, self.style(Role::Accent)),
                column(row.title, 18, self.style(title_role)),
                part(&format!(" {}", row.help), self.style(Role::Quiet)),
            ],
            columns,
        )
    }
}
