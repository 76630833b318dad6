//! A short form: a few fields, one of them in focus, and what is to be done with them.

use jiff::Timestamp;

pub use super::field::{Field, FieldKind};
use super::key::{Code, Key};

/// A form over the body of the screen.
#[derive(Clone, Debug)]
pub struct Form<P> {
    /// What it asks.
    pub title: String,
    /// What a person should know before answering.
    pub lines: Vec<String>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The field in focus; one past the last is the button.
    pub focus: usize,
    /// What is wrong with what was entered.
    pub error: Option<String>,
    /// When what came back into it was typed.
    pub kept: Option<Timestamp>,
    /// Something was typed since its draft was kept.
    pub typed: bool,
    /// What is done with it.
    pub purpose: P,
}

/// What a key did to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKey {
    /// It was taken.
    Taken,
    /// The text of the field in focus is to be edited in the person's own editor.
    Edit,
    /// The form is to be carried out.
    Submit,
    /// The form is to be closed; what was entered is kept.
    Close,
}

impl<P> Form<P> {
    /// A form with the first field in focus.
    #[must_use]
    pub fn new(title: impl Into<String>, fields: Vec<Field>, purpose: P) -> Self {
        let title = title.into();
        Self { title, lines: Vec::new(), fields, focus: 0, error: None, kept: None, typed: false, purpose }
    }

    /// With lines that a person should know.
    #[must_use]
    pub fn with_lines(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }

    /// What was entered in a field; blank if there is no such field.
    #[must_use]
    pub fn text(&self, field: usize) -> String {
        self.fields.get(field).map(Field::text).unwrap_or_default()
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> FormKey {
        let places = self.fields.len() + 1;
        let (next, before) = ((self.focus + 1) % places, (self.focus + places - 1) % places);
        let Some(field) = self.fields.get_mut(self.focus) else { return self.button_key(key) };
        let is_line = !field.is_multiline() && !field.is_choice();
        match key.code {
            Code::Esc => return FormKey::Close,
            Code::Char('x') if key.ctrl && !field.is_choice() => return FormKey::Edit,
            Code::Tab | Code::Right if field.complete() => self.typed = true,
            Code::Enter if field.is_multiline() => self.field_key(key),
            Code::Enter if next == self.fields.len() => return FormKey::Submit,
            Code::Enter | Code::Tab => self.focus = next,
            Code::BackTab => self.focus = before,
            Code::Down if is_line => self.focus = next,
            Code::Up if is_line => self.focus = before,
            _ => self.field_key(key),
        }
        FormKey::Taken
    }

    fn button_key(&mut self, key: Key) -> FormKey {
        match key.code {
            Code::Esc => return FormKey::Close,
            Code::Enter => return FormKey::Submit,
            Code::Tab | Code::Down => self.focus = 0,
            Code::BackTab | Code::Up => self.focus = self.fields.len().saturating_sub(1),
            _ => {}
        }
        FormKey::Taken
    }

    fn field_key(&mut self, key: Key) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.key(key);
            self.typed = true;
        }
    }

    /// Takes pasted text into the field in focus, made displayable; it never runs as keys.
    pub fn paste(&mut self, text: &str) {
        // Terminals send a carriage return for each line end of a paste.
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.paste(text);
            self.typed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(form: &mut Form<()>, keys: &str) -> Vec<FormKey> {
        Key::parse_all(keys).unwrap().into_iter().map(|key| form.key(key)).collect()
    }

    #[test]
    fn enter_goes_through_one_line_fields_and_then_submits() {
        let mut form = Form::new("?", vec![Field::line("When", ""), Field::line("Why", "")], ());
        let done = press(&mut form, "«now» Enter «late» Enter");
        assert_eq!(done.last(), Some(&FormKey::Submit));
        assert_eq!((form.text(0).as_str(), form.text(1).as_str()), ("now", "late"));
    }

    #[test]
    fn a_field_of_several_lines_keeps_enter_for_itself() {
        let mut form = Form::new("?", vec![Field::lines("Note", "")], ());
        let done = press(&mut form, "«a» Enter «b» Tab Enter");
        assert_eq!(done.last(), Some(&FormKey::Submit));
        assert_eq!(form.text(0), "a\nb");
    }

    #[test]
    fn what_is_pasted_is_text_and_never_keys() {
        let mut form = Form::new("?", vec![Field::line("Why", "")], ());
        form.paste("first\nsecond \u{1b}[2J\u{202e}");
        assert_eq!(form.text(0), "first second <1B>[2J<202E>");
        assert_eq!(form.focus, 0);
    }

    #[test]
    fn a_choice_of_nothing_takes_every_key() {
        let mut form = Form::new("?", vec![Field::choice("How", Vec::new(), "")], ());
        press(&mut form, "a j Up Down Space Home End");
        assert_eq!((form.text(0).as_str(), form.focus), ("", 0));
    }

    #[test]
    fn a_choice_moves_by_arrows_and_letters() {
        let options = vec![("private".into(), "Privately".into()), ("public".into(), "Already public".into())];
        let mut form = Form::new("?", vec![Field::choice("How", options, "private")], ());
        press(&mut form, "Down");
        assert_eq!(form.text(0), "public");
        press(&mut form, "p");
        assert_eq!(form.text(0), "private");
    }
}
