//! One table of a TOML text, asked key by key.

use std::cell::RefCell;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::{Faults, did_you_mean};

/// A text value and the byte offset where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The value.
    pub value: String,
    /// Byte offset of the value in the source.
    pub at: usize,
}

/// A table that remembers which keys were asked for, so that all others can be named as unknown.
pub struct Table<'d> {
    entries: &'d DeTable<'d>,
    at: usize,
    faults: &'d Faults<'d>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'d> Table<'d> {
    pub(super) fn new(table: &'d DeTable<'d>, at: usize, faults: &'d Faults<'d>) -> Self {
        Self { entries: table, at, faults, asked: RefCell::default() }
    }

    /// Byte offset of the table's head.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Notes a fault at a byte offset.
    pub fn fault(&self, at: usize, message: impl Into<String>, hint: Option<String>) {
        self.faults.add(at, message, hint);
    }

    /// Are there so many faults that nothing more is noted?
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.faults.is_full()
    }

    /// Is the key there?
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The text of a key; a missing key is none, another type a fault.
    pub fn text(&self, key: &'static str) -> Option<Text> {
        let value = self.ask(key)?;
        let at = value.span().start;
        match value.get_ref() {
            DeValue::String(text) => Some(Text { value: text.clone().into_owned(), at }),
            other => self.wrong(key, at, "a text", other),
        }
    }

    /// The text of a key without its place.
    pub fn string(&self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.value)
    }

    /// The text of a key that must be there and not be blank.
    pub fn required(&self, key: &'static str) -> Text {
        if !self.has(key) {
            self.asked.borrow_mut().push(key);
            self.fault(self.at, format!("{key} is missing"), None);
            return Text { value: String::new(), at: self.at };
        }
        let text = self.text(key).unwrap_or_default();
        if text.value.trim().is_empty() && text.at > 0 {
            self.fault(text.at, format!("{key} is empty"), None);
        }
        text
    }

    /// A yes or no; a missing key is no.
    pub fn flag(&self, key: &'static str) -> bool {
        self.boolean(key).unwrap_or(false)
    }

    /// A yes or no; a missing key is none.
    pub fn boolean(&self, key: &'static str) -> Option<bool> {
        let value = self.ask(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            other => self.wrong(key, value.span().start, "true or false", other),
        }
    }

    /// A whole number.
    pub fn integer(&self, key: &'static str) -> Option<i64> {
        let value = self.ask(key)?;
        let parsed = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        parsed.or_else(|| self.wrong(key, value.span().start, "a whole number", value.get_ref()))
    }

    /// A list of texts; a missing key is an empty list.
    pub fn texts(&self, key: &'static str) -> Vec<Text> {
        let Some((_, list)) = self.list(key, "a list of texts") else { return Vec::new() };
        let text_of = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::String(text) => Some(Text { value: text.clone().into_owned(), at: value.span().start }),
            other => self.wrong(key, value.span().start, "a list of texts", other),
        };
        list.iter().filter_map(text_of).collect()
    }

    /// A list of at least one text; a missing key is an empty list.
    pub fn some(&self, key: &'static str) -> Vec<Text> {
        let empty = |value: &&Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Array(list) if list.is_empty());
        if let Some(value) = self.entries.get(key).filter(empty) {
            self.fault(value.span().start, format!("{key} is empty: leave it away if there is none"), None);
        }
        self.texts(key)
    }

    /// A list of texts without their places.
    pub fn strings(&self, key: &'static str) -> Vec<String> {
        self.texts(key).into_iter().map(|text| text.value).collect()
    }

    /// A list of at most so many texts; more are a fault, and none of them is taken.
    pub fn few(&self, key: &'static str, most: usize) -> Vec<String> {
        let texts = self.texts(key);
        let Some(over) = texts.get(most) else { return texts.into_iter().map(|text| text.value).collect() };
        self.fault(over.at, format!("{key} has at most {most} entries, and here are {}", texts.len()), None);
        Vec::new()
    }

    /// The tables of an array of tables, `[[key]]` or `key = [{ … }]`.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'d>> {
        let Some((_, list)) = self.list(key, "a list of tables") else { return Vec::new() };
        let table_of = |value: &'d Spanned<DeValue<'d>>| match value.get_ref() {
            DeValue::Table(table) => Some(Table::new(table, value.span().start, self.faults)),
            other => self.wrong(key, value.span().start, "a list of tables", other),
        };
        list.iter().filter_map(table_of).collect()
    }

    /// The table under a key.
    pub fn table(&self, key: &'static str) -> Option<Table<'d>> {
        let value = self.ask(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Table::new(table, value.span().start, self.faults)),
            other => self.wrong(key, value.span().start, "a table", other),
        }
    }

    /// The texts of a table whose keys a person chose, in the order of the source: key, then value.
    pub fn pairs(&self, key: &'static str) -> Vec<(Text, Text)> {
        let Some(inner) = self.table(key) else { return Vec::new() };
        let pair = |(name, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| match value.get_ref() {
            DeValue::String(text) => Some((
                Text { value: name.get_ref().clone().into_owned(), at: name.span().start },
                Text { value: text.clone().into_owned(), at: value.span().start },
            )),
            other => self.wrong(key, value.span().start, "a table of texts", other),
        };
        inner.entries.iter().filter_map(pair).collect()
    }

    /// Is the value under this key a list (and not a single text)?
    #[must_use]
    pub fn is_list(&self, key: &str) -> bool {
        matches!(self.entries.get(key).map(Spanned::get_ref), Some(DeValue::Array(_)))
    }

    /// One of a few words; anything else is a fault that names them.
    pub fn one_of<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = did_you_mean(&text.value, names.iter().copied());
            self.fault(text.at, format!("{key} must be one of {}", names.join(", ")), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// Names every key that was not asked for.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.entries.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) && !self.faults.is_full() {
                let hint = did_you_mean(name, asked.iter().copied());
                self.fault(key.span().start, format!("unknown key {name}"), hint);
            }
        }
    }

    fn ask(&self, key: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.asked.borrow_mut().push(key);
        self.entries.get(key)
    }

    fn list(&self, key: &'static str, wanted: &str) -> Option<(usize, &'d DeArray<'d>)> {
        let value = self.ask(key)?;
        match value.get_ref() {
            DeValue::Array(list) => Some((value.span().start, list)),
            other => self.wrong(key, value.span().start, wanted, other),
        }
    }

    fn wrong<T>(&self, key: &str, at: usize, wanted: &str, found: &DeValue<'_>) -> Option<T> {
        self.fault(at, format!("{key} must be {wanted}, not {}", kind_of(found)), None);
        None
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
