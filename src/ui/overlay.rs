//! The keys of this place, and the palette of all commands.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{column, first_row, line, part, split_line, take_top};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::command::CommandRow;
use crate::app::key::Key;
use crate::app::{Overlay, Palette, Target};

impl Screen<'_> {
    pub(super) fn overlay(&self, frame: &mut Frame<'_>, area: Rect, overlay: &Overlay) {
        match overlay {
            Overlay::Help(scroll) => self.help(frame, area, *scroll),
            Overlay::Palette(palette) => self.palette(frame, area, palette),
            Overlay::Trouble(card) => self.trouble(frame, area, card),
            Overlay::Versions(versions) => self.versions(frame, area, versions),
        }
    }

    fn help(&self, frame: &mut Frame<'_>, area: Rect, scroll: usize) {
        let columns = usize::from(area.width);
        let place = self.app.place();
        let here = self.app.keys.rows(place);
        let rows: Vec<Line<'static>> =
            here.map(|(row, keys)| self.command_line(row, keys, None, false, columns)).collect();
        let (head, body) = take_top(area, 2);
        let room = usize::from(body.height);
        let first = scroll.min(rows.len().saturating_sub(room));
        let place = format!("{} to {} of {} ", first + 1, rows.len().min(first + room), rows.len());
        let place = if rows.len() > room { place } else { String::new() };
        let title = vec![part(" Keys of this place", self.style(Role::Accent))];
        let title = split_line(title, vec![part(&place, self.style(Role::Quiet))], columns);
        frame.render_widget(Rows::one(title), head);
        let shown: Vec<Line<'static>> = rows.into_iter().skip(first).take(room).collect();
        frame.render_widget(Rows::new(shown), body);
    }

    fn palette(&self, frame: &mut Frame<'_>, area: Rect, palette: &Palette) {
        let columns = usize::from(area.width);
        let (head, body) = take_top(area, 2);
        let typed = format!(" : {}{}", palette.filter, if self.app.ascii { "_" } else { "▏" });
        frame.render_widget(Rows::one(line(vec![part(&typed, self.style(Role::Accent))], columns)), head);
        let rows = self.app.palette_rows(palette);
        let room = usize::from(body.height);
        let first = first_row(palette.cursor, rows.len(), room);
        let shown: Vec<Line<'static>> = rows
            .iter()
            .enumerate()
            .skip(first)
            .take(room)
            .map(|(index, found)| {
                let why = found.unavailable.as_deref();
                self.command_line(found.row, &found.keys, why, index == palette.cursor, columns)
            })
            .collect();
        frame.render_widget(Rows::new(shown), body);
        for (y, found) in (body.y..body.bottom()).zip(first..rows.len()) {
            self.target(Rect { y, height: 1, ..body }, Target::Found(found));
        }
    }

    /// A command with its keys; dim, with the reason, where it can't run now.
    fn command_line(
        &self,
        row: &CommandRow,
        keys: &[Key],
        unavailable: Option<&str>,
        selected: bool,
        columns: usize,
    ) -> Line<'static> {
        let cursor = if selected { self.mark(Mark::Cursor) } else { " " };
        let keys = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let title = if selected { Role::Cursor } else { unavailable.map_or(Role::Plain, |_| Role::Quiet) };
        let text = unavailable.map_or_else(|| row.help.to_owned(), |why| format!("not now: {why}"));
        line(
            vec![
                part(&format!(" {cursor} "), self.style(Role::Strong)),
                column(&keys, if columns < 100 { 10 } else { 12 }, self.style(Role::Accent)),
                column(row.title_in(self.app.place()), if columns < 100 { 17 } else { 22 }, self.style(title)),
                part(&format!(" {text}"), self.style(Role::Quiet)),
            ],
            columns,
        )
    }
}
