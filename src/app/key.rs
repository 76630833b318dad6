//! Keys as the program names them, independent of any terminal.

use std::fmt;

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
}

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each name is the key's own")]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

const NAMES: [(&str, Code); 15] = [
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Shift-Tab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("Space", Code::Char(' ')),
];

impl Key {
    /// A key without Ctrl or Alt.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// Reads a key as the configuration and the tests write it: `a`, `Enter`, `Ctrl-c`, `Space`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix("Ctrl-") {
            return Self::parse(rest).map(|key| Self { ctrl: true, ..key });
        }
        if let Some(rest) = text.strip_prefix("Alt-") {
            return Self::parse(rest).map(|key| Self { alt: true, ..key });
        }
        if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Some(Self::plain(*code));
        }
        if let Some(number) = text.strip_prefix('F').and_then(|number| number.parse().ok()) {
            return (1..=12).contains(&number).then_some(Self::plain(Code::F(number)));
        }
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) if !only.is_whitespace() => Some(Self::plain(Code::Char(only))),
            _ => None,
        }
    }

    /// Reads keys separated by blanks, as tests write them; what is in «quotes» is typed letter by letter.
    #[must_use]
    pub fn parse_all(text: &str) -> Option<Vec<Self>> {
        let mut keys = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix('«') {
                let (typed, tail) = quoted.split_once('»')?;
                keys.extend(typed.chars().map(|c| Self::plain(Code::Char(c))));
                rest = tail.trim_start();
            } else {
                let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
                keys.push(Self::parse(word)?);
                rest = tail.trim_start();
            }
        }
        Some(keys)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modifiers = [(self.ctrl, "Ctrl-"), (self.alt, "Alt-")];
        modifiers.iter().filter(|(held, _)| *held).try_for_each(|(_, name)| f.write_str(name))?;
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Code::Char(c)) => write!(f, "{c}"),
            (None, Code::F(number)) => write!(f, "F{number}"),
            (None, other) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_written_alike() {
        for text in ["a", "Z", "?", "Enter", "Esc", "Ctrl-c", "Space", "Shift-Tab", "PgDn", "!", "F", "F5"] {
            assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Key::parse("nonsense"), None);
        assert_eq!(Key::parse(""), None);
    }

    #[test]
    fn a_story_is_typed_letter_by_letter() {
        let keys = Key::parse_all("n «a b» Enter").unwrap();
        let shown: Vec<String> = keys.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["n", "a", "Space", "b", "Enter"]);
    }
}
