//! One field of a form: its label, and what was entered, with the cursor in it.

use ratatui::text::Line;

use super::Screen;
use super::lines::{Part, line, part};
use super::marks::Mark;
use super::theme::Role;
use crate::app::form::{Field, FieldKind};
use crate::text::{rows, window};

/// Rows that a field of several lines takes at least.
pub(super) const FEWEST: usize = 5;
/// Columns before what was entered.
const INDENT: &str = "   ";

/// Rows of a field, and which of them the cursor is on.
pub(super) struct Rows {
    pub(super) lines: Vec<Line<'static>>,
    pub(super) cursor: usize,
}

impl Screen<'_> {
    /// A field in so many columns, of which the text takes at most so many rows.
    pub(super) fn field(&self, field: &Field, focused: bool, columns: usize, most: usize) -> Rows {
        let role = if focused { Role::Accent } else { Role::Quiet };
        let label = line(vec![part(&format!(" {}", field.label), self.style(role))], columns);
        let inside = match (&field.kind, field.written()) {
            (FieldKind::Choice { options, at }, _) => self.choice(options, *at, focused, columns),
            (FieldKind::Lines(_), Some((lines, cursor))) => {
                self.typed_lines(lines, cursor, focused, columns, most.max(FEWEST))
            }
            (_, Some((lines, (_, column)))) => {
                let text = lines.first().map(String::as_str).unwrap_or_default();
                Rows { lines: vec![self.one_line(field, text, column, focused, columns)], cursor: 0 }
            }
            (_, None) => Rows { lines: Vec::new(), cursor: 0 },
        };
        let cursor = inside.cursor + 1;
        Rows { lines: std::iter::once(label).chain(inside.lines).collect(), cursor }
    }

    /// A line that may be longer than the room: it says where it goes on.
    fn one_line(&self, field: &Field, text: &str, cursor: usize, focused: bool, columns: usize) -> Line<'static> {
        let room = columns.saturating_sub(2 * INDENT.len()).max(2);
        let shown = window(text, if focused { cursor } else { 0 }, room);
        let sign = |goes_on: bool| if goes_on { " … " } else { INDENT };
        let mut parts = vec![part(sign(shown.start > 0), self.style(Role::Quiet))];
        let text: String = text.chars().skip(shown.start).take(shown.len()).collect();
        let goes_on = shown.end < field.as_typed().chars().count();
        let completion = field.completion().filter(|_| focused).map(str::to_owned);
        match completion {
            Some(rest) => {
                parts.push(part(&text, self.style(Role::Plain)));
                let (first, rest) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
                parts.push(part(first, self.style(Role::Cursor)));
                parts.push(part(rest, self.style(Role::Quiet)));
            }
            None => parts.extend(self.with_cursor(&text, focused.then(|| cursor - shown.start))),
        }
        parts.push(part(sign(goes_on), self.style(Role::Quiet)));
        line(parts, columns)
    }

    /// Several lines, broken between words; as many rows as they need, up to a limit.
    fn typed_lines(
        &self,
        lines: &[String],
        cursor: (usize, usize),
        focused: bool,
        columns: usize,
        most: usize,
    ) -> Rows {
        let room = columns.saturating_sub(INDENT.len() + 1);
        let mut all = Vec::new();
        let mut at = 0;
        for (index, text) in lines.iter().enumerate() {
            let rows = rows(text, room);
            if index == cursor.0 {
                let row = rows.iter().rposition(|row| row.start <= cursor.1).unwrap_or(0);
                at = all.len() + row;
            }
            all.extend(rows.into_iter().map(|row| (text, row)));
        }
        let shown = all.len().clamp(FEWEST, most);
        let first = if focused { (at + 1).saturating_sub(shown) } else { 0 };
        let mut rows: Vec<Line<'static>> = Vec::new();
        for (index, (text, row)) in all.iter().enumerate().skip(first).take(shown) {
            let text: String = text.chars().skip(row.start).take(row.len()).collect();
            let cursor = (focused && index == at).then(|| cursor.1 - row.start);
            let goes_on = (index == first && first > 0) || (index + 1 == first + shown && index + 1 < all.len());
            let sign = if goes_on { " … " } else { INDENT };
            let mut parts = vec![part(sign, self.style(Role::Quiet))];
            parts.extend(self.with_cursor(&text, cursor));
            rows.push(line(parts, columns));
        }
        rows.resize(shown, Line::default());
        Rows { lines: rows, cursor: at - first }
    }

    /// A text with the cursor on one of its characters, or behind the last.
    fn with_cursor(&self, text: &str, cursor: Option<usize>) -> Vec<Part> {
        let Some(cursor) = cursor else { return vec![part(text, self.style(Role::Plain))] };
        let from = text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at);
        let (before, rest) = text.split_at(from);
        // Marks belong to the character before them.
        let is_mark = |c: char| crate::text::width(c.encode_utf8(&mut [0; 4])) == 0;
        let end = rest.char_indices().skip(1).find(|(_, c)| !is_mark(*c)).map_or(rest.len(), |(at, _)| at);
        let (on, behind) = rest.split_at(end);
        vec![
            part(before, self.style(Role::Plain)),
            part(if on.is_empty() { " " } else { on }, self.style(Role::Cursor)),
            part(behind, self.style(Role::Plain)),
        ]
    }

    /// The choices: all of them under the field in focus, else the chosen one.
    fn choice(&self, options: &[(String, String)], at: usize, focused: bool, columns: usize) -> Rows {
        let shown = options.iter().enumerate().filter(|(index, _)| focused || *index == at);
        let row = |(index, (_, label)): (usize, &(String, String))| {
            let chosen = index == at;
            let mark = if chosen { self.mark(Mark::Cursor) } else { " " };
            let role = if chosen && focused { Role::Cursor } else { Role::Plain };
            let parts = vec![part(&format!("{INDENT}{mark} "), self.style(Role::Plain)), part(label, self.style(role))];
            line(parts, columns)
        };
        Rows { lines: shown.map(row).collect(), cursor: if focused { at } else { 0 } }
    }
}
