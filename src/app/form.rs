//! A short form: a few fields, one of them in focus, and what is to be done with them.

use tui_textarea::{Input, Key as AreaKey, TextArea};

use super::key::{Code, Key};
use crate::text::{displayable, displayable_lines};

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
    /// What is done with it.
    pub purpose: P,
}

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its label.
    pub label: String,
    /// What can be entered.
    pub kind: FieldKind,
}

/// What can be entered.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// One line.
    Line(Box<TextArea<'static>>),
    /// Several lines.
    Lines(Box<TextArea<'static>>),
    /// One of these: id and label.
    Choice {
        /// The choices.
        options: Vec<(String, String)>,
        /// Which one is chosen.
        at: usize,
    },
}

impl Field {
    /// A field of one line.
    #[must_use]
    pub fn line(label: &str, text: &str) -> Self {
        Self { label: label.to_owned(), kind: FieldKind::Line(Box::new(area(text))) }
    }

    /// A field of several lines.
    #[must_use]
    pub fn lines(label: &str, text: &str) -> Self {
        Self { label: label.to_owned(), kind: FieldKind::Lines(Box::new(area(text))) }
    }

    /// A choice.
    #[must_use]
    pub fn choice(label: &str, options: Vec<(String, String)>, chosen: &str) -> Self {
        let at = options.iter().position(|(id, _)| id == chosen).unwrap_or(0);
        Self { label: label.to_owned(), kind: FieldKind::Choice { options, at } }
    }

    /// What was entered; of a choice its id.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.kind {
            FieldKind::Line(area) | FieldKind::Lines(area) => area.lines().join("\n").trim().to_owned(),
            FieldKind::Choice { options, at } => options.get(*at).map(|(id, _)| id.clone()).unwrap_or_default(),
        }
    }

    fn is_multiline(&self) -> bool {
        matches!(self.kind, FieldKind::Lines(_))
    }
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(displayable_lines(text).into_iter().map(|line| line.to_string()).collect());
    area.move_cursor(tui_textarea::CursorMove::Bottom);
    area.move_cursor(tui_textarea::CursorMove::End);
    area
}

/// What a key did to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKey {
    /// It was taken.
    Taken,
    /// The form is to be carried out.
    Submit,
    /// The form is to be closed; what was entered is kept.
    Close,
}

impl<P> Form<P> {
    /// A form with the first field in focus.
    #[must_use]
    pub fn new(title: impl Into<String>, fields: Vec<Field>, purpose: P) -> Self {
        Self { title: title.into(), lines: Vec::new(), fields, focus: 0, error: None, purpose }
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
        let last = self.focus + 1 == self.fields.len();
        let on_button = self.focus >= self.fields.len();
        match key.code {
            Code::Esc => return FormKey::Close,
            Code::Tab => self.focus = (self.focus + 1) % (self.fields.len() + 1),
            Code::BackTab => self.focus = (self.focus + self.fields.len()) % (self.fields.len() + 1),
            Code::Enter if on_button => return FormKey::Submit,
            Code::Enter if !self.fields[self.focus].is_multiline() => {
                if last {
                    return FormKey::Submit;
                }
                self.focus += 1;
            }
            _ if on_button => {}
            _ => self.fields[self.focus].key(key),
        }
        FormKey::Taken
    }

    /// Takes pasted text into the field in focus, made displayable; it never runs as keys.
    pub fn paste(&mut self, text: &str) {
        // Terminals send a carriage return for each line end of a paste.
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        match &mut field.kind {
            FieldKind::Line(area) => {
                let line: Vec<String> =
                    displayable_lines(text.trim()).iter().map(|line| line.trim().to_owned()).collect();
                area.insert_str(line.join(" "));
            }
            FieldKind::Lines(area) => {
                let lines: Vec<String> = displayable_lines(text).iter().map(ToString::to_string).collect();
                area.insert_str(lines.join("\n"));
            }
            FieldKind::Choice { .. } => {}
        }
    }
}

impl Field {
    fn key(&mut self, key: Key) {
        match &mut self.kind {
            FieldKind::Choice { options, at } => choose(options, at, key),
            FieldKind::Line(area) | FieldKind::Lines(area) => {
                if let Some(input) = input(key) {
                    area.input_without_shortcuts(input);
                } else {
                    shortcut(area, key);
                }
            }
        }
    }
}

/// Arrows move; a letter goes to the next choice that begins with it.
fn choose(options: &[(String, String)], at: &mut usize, key: Key) {
    let count = options.len().max(1);
    match key.code {
        Code::Right | Code::Down | Code::Char(' ' | 'j' | 'l') => *at = (*at + 1) % count,
        Code::Left | Code::Up | Code::Char('k' | 'h') => *at = (*at + count - 1) % count,
        Code::Char(letter) => {
            let begins = |label: &str| label.to_lowercase().starts_with(letter.to_ascii_lowercase());
            let next = (1..=count).map(|step| (*at + step) % count).find(|index| begins(&options[*index].1));
            *at = next.unwrap_or(*at);
        }
        _ => {}
    }
}

/// Plain typing and moving, as the text area takes it.
fn input(key: Key) -> Option<Input> {
    if key.ctrl || key.alt {
        return None;
    }
    let code = match key.code {
        Code::Char(c) => AreaKey::Char(displayable(c.encode_utf8(&mut [0; 4])).chars().next()?),
        Code::Enter => AreaKey::Enter,
        Code::Backspace => AreaKey::Backspace,
        Code::Delete => AreaKey::Delete,
        _ => return None,
    };
    Some(Input { key: code, ctrl: false, alt: false, shift: false })
}

/// Moving, and the few control keys that people know from the shell.
fn shortcut(area: &mut TextArea<'static>, key: Key) {
    use tui_textarea::CursorMove::{Back, Down, End, Forward, Head, Up};
    match (key.ctrl, key.code) {
        (false, Code::Left) => area.move_cursor(Back),
        (false, Code::Right) => area.move_cursor(Forward),
        (false, Code::Up) => area.move_cursor(Up),
        (false, Code::Down) => area.move_cursor(Down),
        (false, Code::Home) => area.move_cursor(Head),
        (false, Code::End) => area.move_cursor(End),
        (true, Code::Char('w')) => drop(area.delete_word()),
        (true, Code::Char('u')) => drop(area.delete_line_by_head()),
        (true, Code::Char('k')) => drop(area.delete_line_by_end()),
        (true, Code::Char('/' | '_' | '7')) => drop(area.undo()),
        _ => {}
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
    fn a_choice_moves_by_arrows_and_letters() {
        let options = vec![("private".into(), "Privately".into()), ("public".into(), "Already public".into())];
        let mut form = Form::new("?", vec![Field::choice("How", options, "private")], ());
        press(&mut form, "Down");
        assert_eq!(form.text(0), "public");
        press(&mut form, "p");
        assert_eq!(form.text(0), "private");
    }
}
