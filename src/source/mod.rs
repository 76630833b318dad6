//! TOML that a person wrote, read key by key, with every fault at its line and column.
//!
//! Playbooks, the configuration and projects are read through here, so that all of them name all their faults at once
//! in the same words. The case file is not: it is written by the program and read with `serde`.

pub mod limits;
mod table;

pub use limits::{MAX_BYTES, too_deep};
pub use table::{Table, Text};

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Range;

use toml::de::DeTable;

use crate::text::cap;

/// How many syntax errors are shown: further ones are mostly consequences of the first.
const SYNTAX_ERRORS_SHOWN: usize = 3;

/// How many faults are told at once: who has more mends these first.
pub const MAX_FAULTS: usize = 100;

/// The longest message or hint of a fault, in characters.
const MAX_MESSAGE: usize = 400;

/// One thing that is wrong in a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, as a clause without a full stop.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Where faults are gathered while a text is read.
pub struct Faults<'t> {
    text: &'t str,
    found: RefCell<Vec<Found>>,
    /// Nothing more is noted.
    closed: Cell<bool>,
}

/// A fault whose place is still a byte offset: lines are counted once, and only for what is told.
struct Found {
    at: usize,
    message: String,
    hint: Option<String>,
}

impl<'t> Faults<'t> {
    /// No fault yet in this text.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { text, found: RefCell::default(), closed: Cell::default() }
    }

    /// Notes a fault at a byte offset of the text. After the first [`MAX_FAULTS`] nothing more is noted.
    pub fn add(&self, at: usize, message: impl Into<String>, hint: Option<String>) {
        if self.is_full() {
            return;
        }
        let short = |text: String| cap(&text, MAX_MESSAGE).into_owned();
        self.found.borrow_mut().push(Found { at, message: short(message.into()), hint: hint.map(short) });
    }

    /// Are there so many that nothing more is noted?
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.closed.get() || self.found.borrow().len() >= MAX_FAULTS
    }

    /// From here on nothing more is noted.
    fn close(&self) {
        self.closed.set(true);
    }

    /// Is there none so far?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// All of them in the order of the text.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Fault> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|found| found.at);
        let fault = |Found { at, message, hint }| {
            let (line, column) = place(self.text, at);
            Fault { line, column, message, hint }
        };
        found.into_iter().map(fault).collect()
    }
}

/// Parses a text and hands its root table to `read`.
///
/// # Errors
/// All faults of the text, up to [`MAX_FAULTS`]: the first three of its syntax; once the syntax is clean, what is over one
/// of the [`limits`]; and once that is so for nothing, everything that `read` notes.
pub fn read<T>(text: &str, read: impl FnOnce(&Table<'_>) -> T) -> Result<T, Vec<Fault>> {
    let faults = Faults::new(text);
    if text.len() > MAX_BYTES {
        faults.add(0, format!("the file is larger than {} KiB", MAX_BYTES / 1024), None);
        return Err(faults.into_sorted());
    }
    if let Some(at) = too_deep(text) {
        faults.add(at, too_deep_words(), None);
        return Err(faults.into_sorted());
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(SYNTAX_ERRORS_SHOWN) {
        let at = error.span().unwrap_or(Range { start: 0, end: 0 }).start;
        faults.add(at, first_line(error.message()), None);
    }
    if errors.is_empty() {
        limits::check(root.get_ref(), &faults);
    }
    if !faults.is_empty() {
        return Err(faults.into_sorted());
    }
    let table = Table::new(root.get_ref(), 0, &faults);
    let value = read(&table);
    table.finish();
    if faults.is_empty() { Ok(value) } else { Err(faults.into_sorted()) }
}

/// What is said of a text that goes deeper than it may.
#[must_use]
pub fn too_deep_words() -> String {
    format!("tables and lists lie in each other more than {} deep here", limits::MAX_DEPTH)
}

/// The name that was probably meant, as a hint. Nobody meant one that is longer than a name can be.
#[must_use]
pub fn did_you_mean<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let is_name = |name: &str| name.len() <= limits::MAX_KEY;
    names
        .into_iter()
        .filter(|name| is_name(given) && is_name(name))
        .map(|name| (strsim::damerau_levenshtein(given, name), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| format!("did you mean {name}?"))
}

/// Line and column, both from 1, of a byte offset; of one in the middle of a character, those of the character.
#[must_use]
pub fn place(text: &str, at: usize) -> (usize, usize) {
    let start = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_with_its_place() {
        let text = "name = 3\ntitel = \"x\"\n\n[[row]]\nid = \"a\"\nflag = \"yes\"\n";
        let faults = read(text, |root| {
            root.required("name");
            root.text("title");
            for row in root.tables("row") {
                row.required("id");
                row.flag("flag");
                row.finish();
            }
        })
        .unwrap_err();
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "1:8: name must be a text, not a number",
                "2:1: unknown key titel (did you mean title?)",
                "6:8: flag must be true or false, not a text",
            ]
        );
    }

    #[test]
    fn syntax_comes_first_and_alone() {
        let faults = read("a = \nb = ]\n", |root| root.required("wanted")).unwrap_err();
        assert_eq!(faults[0].line, 1);
        assert!(faults.len() <= 3, "{faults:?}");
        assert!(!faults.iter().any(|fault| fault.message.contains("wanted")));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let text = format!("a = {}", "[".repeat(100_000));
        let outcome = read(&text, |root| {
            root.text("a");
        });
        assert!(outcome.is_err());
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC{0,200}") {
            let _ = read(&text, |root| { root.required("id"); root.tables("row"); });
        }
    }
}
