//! One field of a form: text or a choice, and the keys that change it.

use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

use super::key::{Code, Key};
use crate::text::{displayable, displayable_lines};

/// One field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its label. The first word of it is the field's name, and is unlike that of all others in the form.
    pub label: String,
    /// What can be entered.
    pub kind: FieldKind,
    /// What the form offers before anything is typed.
    offered: String,
    /// What can be completed here, such as names that are known.
    known: Vec<String>,
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
        Self::new(label, FieldKind::Line(Box::new(area(text))))
    }

    /// A field of several lines.
    #[must_use]
    pub fn lines(label: &str, text: &str) -> Self {
        Self::new(label, FieldKind::Lines(Box::new(area(text))))
    }

    /// A choice.
    #[must_use]
    pub fn choice(label: &str, options: Vec<(String, String)>, chosen: &str) -> Self {
        let at = options.iter().position(|(id, _)| id == chosen).unwrap_or(0);
        Self::new(label, FieldKind::Choice { options, at })
    }

    fn new(label: &str, kind: FieldKind) -> Self {
        let field = Self { label: label.to_owned(), kind, offered: String::new(), known: Vec::new() };
        Self { offered: field.as_typed(), ..field }
    }

    /// With names that can be completed.
    #[must_use]
    pub fn with_known(mut self, known: Vec<String>) -> Self {
        self.known = known;
        self
    }

    /// What was entered, without blanks around it; of a choice its id.
    #[must_use]
    pub fn text(&self) -> String {
        self.as_typed().trim().to_owned()
    }

    /// What was entered, as it stands; of a choice its id.
    #[must_use]
    pub fn as_typed(&self) -> String {
        match &self.kind {
            FieldKind::Line(area) | FieldKind::Lines(area) => area.lines().join("\n"),
            FieldKind::Choice { options, at } => options.get(*at).map(|(id, _)| id.clone()).unwrap_or_default(),
        }
    }

    /// The lines of a text, and where its cursor stands: line and character.
    #[must_use]
    pub fn written(&self) -> Option<(&[String], (usize, usize))> {
        match &self.kind {
            FieldKind::Line(area) | FieldKind::Lines(area) => {
                let cursor = area.cursor();
                Some((area.lines(), (cursor.0, cursor.1)))
            }
            FieldKind::Choice { .. } => None,
        }
    }

    /// One word that names the field: `When (UTC)` is `when`.
    #[must_use]
    pub fn name(&self) -> String {
        let letters = self.label.trim().chars().take_while(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    }

    /// What the form offered before anything was typed.
    #[must_use]
    pub fn offered(&self) -> &str {
        &self.offered
    }

    /// Is it a text, and does it hold anything but what the form offered?
    #[must_use]
    pub fn is_written(&self) -> bool {
        !self.is_choice() && self.is_changed()
    }

    /// Does it hold anything but what the form offered?
    #[must_use]
    pub fn is_changed(&self) -> bool {
        let text = self.as_typed();
        text != self.offered && !text.trim().is_empty()
    }

    /// Is it a choice?
    #[must_use]
    pub fn is_choice(&self) -> bool {
        matches!(self.kind, FieldKind::Choice { .. })
    }

    /// Does it have several lines?
    #[must_use]
    pub fn is_multiline(&self) -> bool {
        matches!(self.kind, FieldKind::Lines(_))
    }

    /// Puts a text in, with the cursor at its end; of a choice the id, if there is one such.
    pub fn set(&mut self, text: &str) {
        match &mut self.kind {
            FieldKind::Line(area) => **area = self::area(&one_line(text)),
            FieldKind::Lines(area) => **area = self::area(text),
            FieldKind::Choice { options, at } => {
                *at = options.iter().position(|(id, _)| id == text).unwrap_or(*at);
            }
        }
    }

    /// What would complete the text: the rest of the one known name that begins with it.
    #[must_use]
    pub fn completion(&self) -> Option<&str> {
        let FieldKind::Line(area) = &self.kind else { return None };
        let typed = area.lines().first().filter(|line| !line.trim().is_empty())?;
        if area.cursor().1 < typed.chars().count() {
            return None;
        }
        let rest = |name: &'_ str| {
            let (head, _) = name.char_indices().nth(typed.chars().count())?;
            (name[..head].to_lowercase() == typed.to_lowercase()).then_some(head)
        };
        self.known.iter().find_map(|name| rest(name).map(|head| &name[head..]))
    }

    /// Takes what would complete the text. False if nothing would.
    pub(super) fn complete(&mut self) -> bool {
        let Some(rest) = self.completion().map(str::to_owned) else { return false };
        if let FieldKind::Line(area) = &mut self.kind {
            area.insert_str(rest);
        }
        true
    }

    /// Takes pasted text, made displayable.
    pub(super) fn paste(&mut self, text: &str) {
        match &mut self.kind {
            FieldKind::Line(area) => {
                area.insert_str(one_line(text));
            }
            FieldKind::Lines(area) => {
                let lines: Vec<String> = displayable_lines(text).iter().map(ToString::to_string).collect();
                area.insert_str(lines.join("\n"));
            }
            FieldKind::Choice { .. } => {}
        }
    }

    pub(super) fn key(&mut self, key: Key) {
        match &mut self.kind {
            FieldKind::Choice { options, at } => choose(options, at, key),
            FieldKind::Line(area) | FieldKind::Lines(area) => {
                if let (Code::Char(c), false, false) = (key.code, key.ctrl, key.alt) {
                    area.insert_str(typed(c));
                } else if let Some(input) = input(key) {
                    area.input_without_shortcuts(input);
                } else {
                    shortcut(area, key);
                }
            }
        }
    }
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(displayable_lines(text).into_iter().map(|line| line.to_string()).collect());
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

/// What came in several lines, in one.
fn one_line(text: &str) -> String {
    let lines: Vec<String> = displayable_lines(text.trim_matches('\n')).iter().map(ToString::to_string).collect();
    if lines.len() < 2 {
        return lines.concat();
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}

/// Arrows move; a letter goes to the next choice that begins with it.
fn choose(options: &[(String, String)], at: &mut usize, key: Key) {
    let count = options.len();
    if count == 0 {
        return;
    }
    match key.code {
        Code::Right | Code::Down | Code::Char(' ') => *at = (*at + 1) % count,
        Code::Left | Code::Up => *at = (*at + count - 1) % count,
        Code::Home => *at = 0,
        Code::End => *at = count - 1,
        Code::Char(letter) => {
            let begins = |label: &str| label.to_lowercase().starts_with(letter.to_ascii_lowercase());
            let next = (1..=count).map(|step| (*at + step) % count).find(|index| begins(&options[*index].1));
            // Where no choice begins with them, j and k, h and l move as everywhere.
            *at = next.unwrap_or(match letter {
                'j' | 'l' => (*at + 1) % count,
                'k' | 'h' => (*at + count - 1) % count,
                _ => *at,
            });
        }
        _ => {}
    }
}

/// A typed character, made displayable. A mark stands on what was typed before it, as many scripts are written.
fn typed(c: char) -> String {
    let base = 'a';
    displayable(&format!("{base}{c}")).chars().skip(1).collect()
}

/// Plain editing, as the text area takes it.
fn input(key: Key) -> Option<Input> {
    if key.ctrl || key.alt {
        return None;
    }
    let code = match key.code {
        Code::Enter => AreaKey::Enter,
        Code::Backspace => AreaKey::Backspace,
        Code::Delete => AreaKey::Delete,
        _ => return None,
    };
    Some(Input { key: code, ctrl: false, alt: false, shift: false })
}

/// Moving, and the few control keys that people know from the shell.
fn shortcut(area: &mut TextArea<'static>, key: Key) {
    use CursorMove::{Back, Down, End, Forward, Head, Up};
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
