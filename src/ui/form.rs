//! Forms: what is asked, the fields, and what the answer would bring. What is taller than the screen scrolls, with the
//! cursor in sight.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::field::FEWEST;
use super::lines::{line, part};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::form::{Field, FieldKind, Form};
use crate::app::{Purpose, Target};
use crate::text::{displayable, wrap};

/// A form as rows.
#[derive(Default)]
struct Sheet {
    rows: Vec<Line<'static>>,
    /// What a click on a row reaches.
    targets: Vec<Option<Target>>,
    /// What is in focus, with what belongs to it.
    focus: Range<usize>,
    /// The row of the cursor.
    cursor: usize,
}

impl Screen<'_> {
    pub(super) fn form(&self, frame: &mut Frame<'_>, area: Rect, form: &Form<Purpose>) {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let sheet = self.sheet(form, columns, rows);
        let first = first_row(&sheet, rows);
        let (above, below) = (first, sheet.rows.len().saturating_sub(first + rows));
        let mut shown: Vec<Line<'static>> = sheet.rows.into_iter().skip(first).take(rows).collect();
        let mut targets: Vec<Option<Target>> = sheet.targets.into_iter().skip(first).collect();
        targets.resize(shown.len(), None);
        let more = |count: usize, way: &str| {
            line(vec![part(&format!("   {count} more {way}"), self.style(Role::Quiet))], columns)
        };
        if above > 0 && sheet.cursor > first {
            (shown[0], targets[0]) = (more(above + 1, "above"), None);
        }
        if below > 0 && sheet.cursor + 1 < first + rows {
            (shown[rows - 1], targets[rows - 1]) = (more(below + 1, "below"), None);
        }
        frame.render_widget(Rows::new(shown), area);
        for (y, target) in (area.y..area.bottom()).zip(targets) {
            if let Some(target) = target {
                self.target(Rect { y, height: 1, ..area }, target);
            }
        }
    }

    fn sheet(&self, form: &Form<Purpose>, columns: usize, height: usize) -> Sheet {
        let mut sheet = Sheet::default();
        // Where rows are few, none is left blank.
        let blank = usize::from(height > 8);
        sheet.rows.resize(blank, Line::default());
        self.say(&mut sheet, " ", &form.title, Role::Strong, columns);
        for text in &form.lines {
            self.say(&mut sheet, " ", text, Role::Plain, columns);
        }
        if let Some(at) = form.kept {
            let kept = format!("kept from {}; Ctrl-u clears a line", self.short_instant(at));
            self.say(&mut sheet, " ", &kept, Role::Quiet, columns);
        }
        sheet.rows.extend(std::iter::repeat_n(Line::default(), blank));
        let between = usize::from(is_airy(form, height));
        for index in 0..form.fields.len() {
            if index > 0 {
                sheet.rows.extend(std::iter::repeat_n(Line::default(), between));
            }
            self.put_field(&mut sheet, form, index, columns, height);
        }
        sheet.rows.extend(std::iter::repeat_n(Line::default(), blank));
        self.put_button(&mut sheet, form, columns);
        for told in self.foretold(form) {
            self.say(&mut sheet, "   ", &told, Role::Plain, columns);
        }
        // The next Enter carries it out: what that brings has to be in sight before.
        if form.focus + 1 >= form.fields.len() {
            sheet.focus.end = sheet.rows.len();
        }
        sheet
    }

    /// Puts text below what is there, broken between words.
    fn say(&self, sheet: &mut Sheet, indent: &str, text: &str, role: Role, columns: usize) {
        for row in wrap(&displayable(text), columns.saturating_sub(indent.len() + 1).max(8)) {
            sheet.rows.push(line(vec![part(&format!("{indent}{row}"), self.style(role))], columns));
        }
    }

    /// What is wrong stands below what is in focus.
    fn say_error(&self, sheet: &mut Sheet, form: &Form<Purpose>, columns: usize) {
        if let Some(error) = &form.error {
            self.say(sheet, " ", error, Role::Bad, columns);
        }
    }

    fn put_field(&self, sheet: &mut Sheet, form: &Form<Purpose>, index: usize, columns: usize, height: usize) {
        let focused = index == form.focus;
        let begin = sheet.rows.len();
        let rows = self.field(&form.fields[index], focused, columns, height / 2);
        let cursor = begin + rows.cursor;
        sheet.targets.resize(begin, None);
        sheet.targets.extend((0..rows.lines.len()).map(|row| Some(field_target(form, index, row))));
        sheet.rows.extend(rows.lines);
        if form.instant_field() == Some(index)
            && let Some(echo) = form.echo(&self.app.zones, self.tools)
        {
            let (text, role) = match echo {
                Ok(text) => (format!("= {text}"), Role::Plain),
                Err(text) => (text, Role::Look),
            };
            self.say(sheet, "   ", &text, role, columns);
        }
        if let Some(fault) = form.fault(index) {
            self.say(sheet, "   ", &fault, Role::Look, columns);
        }
        if focused {
            self.say_error(sheet, form, columns);
            sheet.focus = begin..sheet.rows.len();
            sheet.cursor = cursor;
        }
    }

    fn put_button(&self, sheet: &mut Sheet, form: &Form<Purpose>, columns: usize) {
        let focused = form.focus >= form.fields.len();
        let (mark, role) = if focused { (self.mark(Mark::Cursor), Role::Cursor) } else { (" ", Role::Quiet) };
        let begin = sheet.rows.len();
        sheet.targets.resize(begin, None);
        sheet.targets.push(Some(Target::Button));
        sheet.rows.push(line(vec![part(&format!(" {mark} [ Do it ]"), self.style(role))], columns));
        if focused {
            self.say_error(sheet, form, columns);
            sheet.focus = begin..sheet.rows.len();
            sheet.cursor = begin;
        }
    }

    /// What a change of an answer would bring.
    fn foretold(&self, form: &Form<Purpose>) -> Vec<String> {
        let open = self.app.open.as_ref();
        open.map(|open| open.foretold(form, &self.app.me, &self.app.zones, self.tools)).unwrap_or_default()
    }
}

/// Is there room for a blank row between fields, whichever of them is in focus? So nothing jumps on the way through.
fn is_airy(form: &Form<Purpose>, height: usize) -> bool {
    let rows = |field: &Field| match &field.kind {
        FieldKind::Line(_) | FieldKind::Choice { .. } => 3,
        FieldKind::Lines(_) => FEWEST + 2,
    };
    let options = |field: &Field| match &field.kind {
        FieldKind::Choice { options, .. } => options.len(),
        _ => 0,
    };
    let choices = form.fields.iter().map(options).max().unwrap_or_default();
    // The title, its lines which may be broken, an echo, an error, what would follow, the button.
    let around = 8 + 2 * form.lines.len();
    form.fields.iter().map(rows).sum::<usize>() + choices + around <= height
}

/// What a row of a field is: where it is in focus, each of its choices by itself.
fn field_target(form: &Form<Purpose>, index: usize, row: usize) -> Target {
    match (&form.fields[index].kind, row) {
        (FieldKind::Choice { .. }, 1..) if index == form.focus => Target::Choice(index, row - 1),
        _ => Target::Field(index),
    }
}

/// The first row to show: the cursor is in sight in any case, and as much of what is in focus as there is room for.
fn first_row(sheet: &Sheet, rows: usize) -> usize {
    let all = sheet.rows.len();
    if all <= rows {
        return 0;
    }
    // A row at each edge may have to say how much is hidden.
    let edge = usize::from(rows > 4);
    let whole = (sheet.focus.end + edge).saturating_sub(rows).min(sheet.focus.start.saturating_sub(edge));
    let lowest = (sheet.cursor + edge + 1).saturating_sub(rows);
    whole.max(lowest).min(sheet.cursor.saturating_sub(edge)).min(all - rows)
}
