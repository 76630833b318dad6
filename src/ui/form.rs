//! Forms: what is asked, the fields, and what the answer would bring.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

use super::lines::{line, part};
use super::{Mark, Role, Screen};
use crate::app::Purpose;
use crate::app::form::{Field, FieldKind, Form};
use crate::text::{displayable, width, wrap};

/// Rows that a field of several lines shows.
const LINES_ROWS: u16 = 5;

impl Screen<'_> {
    pub(super) fn form(&self, frame: &mut Frame<'_>, area: Rect, form: &Form<Purpose>) {
        let columns = usize::from(area.width);
        let bottom = area.y + area.height;
        let mut y =
            self.text_row(frame, area, area.y + u16::from(area.height > 8), &format!(" {}", form.title), Role::Strong);
        for text in &form.lines {
            for row in wrap(&displayable(text), columns.saturating_sub(2).max(8)) {
                y = self.text_row(frame, area, y, &format!(" {row}"), Role::Plain);
            }
        }
        if let Some(at) = form.kept {
            let kept = format!(" kept from {}; Ctrl-u clears a line", self.short_instant(at));
            y = self.text_row(frame, area, y, &kept, Role::Quiet);
        }
        y += 1;
        for (index, field) in form.fields.iter().enumerate() {
            y = self.field(frame, Rect { y, height: bottom.saturating_sub(y), ..area }, field, index == form.focus);
            if form.instant_field() == Some(index)
                && let Some(echo) = form.echo(&self.app.zones, self.tools)
            {
                let (text, role) = match echo {
                    Ok(text) => (format!("   = {text}"), Role::Plain),
                    Err(text) => (format!("   {text}"), Role::Look),
                };
                y = self.text_row(frame, area, y, &text, role);
            }
        }
        let focused = form.focus >= form.fields.len();
        let button =
            if focused { format!(" {} [ Do it ]", self.mark(Mark::Cursor)) } else { "   [ Do it ]".to_owned() };
        y = self.text_row(frame, area, y + 1, &button, if focused { Role::Cursor } else { Role::Quiet });
        if let Some(error) = &form.error {
            for row in wrap(&displayable(error), columns.saturating_sub(2).max(8)) {
                y = self.text_row(frame, area, y, &format!(" {row}"), Role::Bad);
            }
        }
        for told in self.foretold(form) {
            y = self.text_row(frame, area, y, &format!("   {told}"), Role::Plain);
        }
    }

    /// What a change of an answer would bring.
    fn foretold(&self, form: &Form<Purpose>) -> Vec<String> {
        let open = self.app.open.as_ref();
        open.map(|open| open.foretold(form, &self.app.me, &self.app.zones, self.tools)).unwrap_or_default()
    }

    fn text_row(&self, frame: &mut Frame<'_>, area: Rect, y: u16, text: &str, role: Role) -> u16 {
        if y < area.y + area.height {
            let row = line(vec![part(text, self.style(role))], usize::from(area.width));
            frame.render_widget(Paragraph::new(row), Rect { y, height: 1, ..area });
        }
        y + 1
    }

    /// Draws a field; gives the row below it.
    fn field(&self, frame: &mut Frame<'_>, area: Rect, field: &Field, focused: bool) -> u16 {
        let label_role = if focused { Role::Accent } else { Role::Quiet };
        let y = self.text_row(frame, area, area.y, &format!(" {}", field.label), label_role);
        let below = area.y + area.height;
        match &field.kind {
            FieldKind::Choice { options, at } => self.choice(frame, Rect { y, ..area }, below, options, *at, focused),
            FieldKind::Line(text) | FieldKind::Lines(text) => {
                let rows = if matches!(field.kind, FieldKind::Lines(_)) { LINES_ROWS } else { 1 };
                let height = rows.min(below.saturating_sub(y));
                let mut text = text.as_ref().clone();
                text.set_cursor_line_style(ratatui::style::Style::default());
                // A pale ground, as the cursor of a list may have, would be lost on a single cell.
                let block = self.style(Role::Plain).add_modifier(ratatui::style::Modifier::REVERSED);
                let cursor = if focused { block } else { ratatui::style::Style::default() };
                text.set_cursor_style(cursor);
                if height > 0 {
                    let room = Rect { x: area.x + 3, y, width: area.width.saturating_sub(4), height };
                    frame.render_widget(&text, room);
                }
                y + rows
            }
        }
    }

    /// The choices: all of them under the field in focus, else the chosen one.
    fn choice(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        below: u16,
        options: &[(String, String)],
        at: usize,
        focused: bool,
    ) -> u16 {
        let shown: Vec<(usize, &(String, String))> =
            options.iter().enumerate().filter(|(index, _)| focused || *index == at).collect();
        let mut y = area.y;
        for (index, (_, label)) in shown {
            let chosen = index == at;
            let mark = if chosen { self.mark(Mark::Cursor) } else { " " };
            let role = if chosen && focused { Role::Cursor } else { Role::Plain };
            if y < below {
                let row = line(
                    vec![part(&format!("   {mark} "), self.style(Role::Plain)), part(label, self.style(role))],
                    usize::from(area.width).min(width(label) + 8),
                );
                frame.render_widget(Paragraph::new(row), Rect { y, height: 1, ..area });
            }
            y += 1;
        }
        y
    }
}
