//! From the bytes of `case.toml` to a record, with the place of the first fault and never its text.

use std::str::Utf8Error;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::document::TABLES;
use super::error::Unreadable;
use crate::case::limits::too_many;
use crate::case::record::{Record, SCHEMA};
use crate::source::{self, place};

/// What no case can be without.
const NEEDED: [&str; 5] = ["schema", "id", "title", "state", "playbook"];

/// What stands before the tables, and need not.
const OPTIONAL: [&str; 3] = ["project", "lead", "archived"];

/// A case as it was read.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub(super) record: Record,
    /// The schema, if it is newer than this program.
    pub(super) newer: Option<i64>,
}

/// The text of a file: UTF-8, without a byte order mark, with plain line feeds.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(Unreadable::Zeros);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The place of the first byte that is no UTF-8.
pub(super) fn not_utf8(bytes: &[u8], error: Utf8Error) -> Unreadable {
    let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
    let (line, column) = place(&good, good.len());
    Unreadable::NotUtf8 { line, column }
}

/// The case in a text.
pub(super) fn parse(text: &str) -> Result<Parsed, Unreadable> {
    let mut table = tree(text)?;
    for (_, value) in &mut table {
        plain(value);
    }
    match table.get("schema").and_then(Value::as_integer) {
        Some(schema) if schema > SCHEMA => newer(&table, schema),
        Some(SCHEMA) => record(text, table),
        Some(_) => Err(shape("schema must be a number from 1 on".to_owned())),
        None => Err(shape("there is no schema: this is no case file".to_owned())),
    }
}

/// What a text of another of the program's own files holds. As of a case, an error has a place and none of the text.
///
/// # Errors
/// [`Unreadable`].
pub fn parse_own<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    Value::Table(tree(text)?).try_into().map_err(|error| misfit::<T>(text, &error))
}

fn tree(text: &str) -> Result<Table, Unreadable> {
    if let Some(at) = source::too_deep(text) {
        let (line, column) = place(text, at);
        return Err(Unreadable::Syntax { line, column, message: source::too_deep_words() });
    }
    toml::from_str(text).map_err(|error| syntax(text, &error))
}

fn record(text: &str, table: Table) -> Result<Parsed, Unreadable> {
    match Value::Table(table).try_into::<Record>() {
        Ok(record) => match too_many(&record) {
            Some(words) => Err(shape(words)),
            None => Ok(Parsed { record: in_order(record), newer: None }),
        },
        Err(error) => Err(misfit::<Record>(text, &error)),
    }
}

/// Events in the order of time. Two copies that were united, or a hand edit, can leave them otherwise.
fn in_order(mut record: Record) -> Record {
    record.event.sort_by_key(|event| event.at);
    record
}

/// What can be read of a newer layout: all that is needed, and every other table that still has its old shape.
fn newer(table: &Table, schema: i64) -> Result<Parsed, Unreadable> {
    let read = |table: Table| Value::Table(table).try_into::<Record>().ok();
    let pick = |names: &[&str]| -> Table {
        names.iter().filter_map(|name| Some(((*name).to_owned(), table.get(*name)?.clone()))).collect()
    };
    // Each is tried with what is needed alone, so that a large file is read over only once.
    let fits = |name: &&str| read(pick(&[NEEDED.as_slice(), &[*name]].concat())).is_some();
    let known: Vec<&str> = NEEDED.into_iter().chain(OPTIONAL.into_iter().chain(TABLES).filter(fits)).collect();
    let record = read(pick(&known));
    let record =
        record.ok_or_else(|| shape(format!("a newer fixlead wrote this (schema {schema}); update this one")))?;
    match too_many(&record) {
        Some(words) => Err(shape(words)),
        None => Ok(Parsed { record: in_order(record), newer: Some(schema) }),
    }
}

/// TOML's own dates become the texts that stand for instants, and what is no number becomes a text, so that values
/// can be compared.
fn plain(value: &mut Value) {
    match value {
        Value::Datetime(at) => *value = Value::String(instant(at)),
        Value::Float(number) if number.is_nan() => *value = Value::String("nan".to_owned()),
        Value::Array(values) => values.iter_mut().for_each(plain),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| plain(value)),
        _ => {}
    }
}

fn instant(at: &toml::value::Datetime) -> String {
    let written = at.to_string();
    let zoned = match (at.date, at.time, at.offset) {
        (Some(_), Some(_), None) => format!("{written}Z"),
        (Some(_), None, _) => format!("{written}T00:00:00Z"),
        _ => written.clone(),
    };
    zoned.parse::<Timestamp>().map_or(written, |at| at.to_string())
}

fn syntax(text: &str, error: &toml::de::Error) -> Unreadable {
    if let Some(index) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
        return Unreadable::MergeMarkers { line: index + 1 };
    }
    let (line, column) = place(text, error.span().map_or(0, |span| span.start));
    let message = error.message().lines().next().unwrap_or_default();
    Unreadable::Syntax { line, column, message: safe_syntax(message) }
}

/// The parser's messages are fixed words but for names and characters in quotes, which could be text of the case.
fn safe_syntax(message: &str) -> String {
    let quoted = message.contains(['"', '\'', '“', '«']) || message.matches('`').count() > 4;
    if quoted || message.len() > 160 { "this is no TOML".to_owned() } else { message.to_owned() }
}

fn misfit<T: DeserializeOwned>(text: &str, error: &toml::de::Error) -> Unreadable {
    let message = safe_shape(error.message());
    // The table has lost its places: the text is read once more for them. Dates of TOML can make that fail elsewhere.
    let again = toml::from_str::<T>(text).err().filter(|again| again.message() == error.message());
    let at = again.and_then(|error| error.span()).map(|span| place(text, span.start));
    Unreadable::Shape { at, message }
}

/// What serde says quotes the value; only the names of fields are the program's own.
fn safe_shape(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    if message.starts_with("missing field `") {
        return message.to_owned();
    }
    let kinds = [
        ("unknown variant", "a word that is not one of those that can stand here"),
        ("invalid type", "a value of the wrong type"),
        ("invalid length", "a list of the wrong length"),
        ("data did not match", "a value of the wrong type"),
    ];
    let known = kinds.iter().find(|(start, _)| message.starts_with(start));
    known.map_or("a value that can't be read, such as a date", |(_, text)| text).to_owned()
}

fn shape(message: String) -> Unreadable {
    Unreadable::Shape { at: None, message }
}
