//! The older versions of a case, one a row.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{column, first_row, line, part, take_top};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::{Target, Versions};
use crate::case::Version;

impl Screen<'_> {
    pub(super) fn versions(&self, frame: &mut Frame<'_>, area: Rect, versions: &Versions) {
        let columns = usize::from(area.width);
        let (head, body) = take_top(area, 2);
        let title = format!(" Older versions of {}", versions.id);
        frame.render_widget(Rows::one(line(vec![part(&title, self.style(Role::Strong))], columns)), head);
        if versions.rows.is_empty() {
            let text = self.text("There is no older version yet: each save puts one away.", Role::Plain, 1, columns);
            return frame.render_widget(Rows::new(text), body);
        }
        let room = usize::from(body.height);
        let first = first_row(versions.cursor, versions.rows.len(), room);
        let rows = versions.rows.iter().enumerate().skip(first).take(room);
        let rows: Vec<Line<'static>> =
            rows.map(|(index, version)| self.version_row(version, index == versions.cursor, columns)).collect();
        frame.render_widget(Rows::new(rows), body);
        for (y, found) in (body.y..body.bottom()).zip(first..versions.rows.len()) {
            self.target(Rect { y, height: 1, ..body }, Target::Found(found));
        }
    }

    fn version_row(&self, version: &Version, selected: bool, columns: usize) -> Line<'static> {
        let cursor = if selected { self.mark(Mark::Cursor) } else { " " };
        let role = if selected { Role::Cursor } else { Role::Plain };
        // Two saves can be seconds apart.
        let at = version.at.strftime("%a %-d %b %H:%M:%S UTC").to_string();
        let mut parts = vec![part(&format!(" {cursor} "), self.style(Role::Strong)), column(&at, 24, self.style(role))];
        if columns >= 60 {
            parts.push(column(&version.since_in_short(), 18, self.style(Role::Quiet)));
        }
        parts.push(part(&version.last, self.style(Role::Plain)));
        line(parts, columns)
    }
}
