//! A case as a flat table: address → value, and the difference of two cases.
//!
//! An address is a path through the file with array entries named by id: `facts/mitigation`, `step/em.fix.develop/state`,
//! `step/em.fix.branches@api:main/at`. One difference serves undo, the merge with a hand edit, and `case set`, so that
//! there is one way to say what changed.

use toml::{Table, Value};

use super::record::Record;

/// Tables that are arrays in the file, by name. None of these names is used for anything else.
const ARRAYS: [&str; 13] = [
    "vulnerability",
    "score",
    "affected",
    "component",
    "fix",
    "phase",
    "step",
    "person",
    "grant",
    "decision",
    "draft",
    "send",
    "event",
];

/// No field of a case lies deeper than this; an event that was written by hand, or a path that is typed, may say so.
const MAX_PARTS: usize = 16;

/// Joins a path with the next part; a slash inside of a part is written `%2F`.
#[must_use]
pub fn join(path: &str, part: &str) -> String {
    let part = part.replace('%', "%25").replace('/', "%2F");
    if path.is_empty() { part } else { format!("{path}/{part}") }
}

/// The parts of an address.
#[must_use]
pub fn parts(address: &str) -> Vec<String> {
    address.split('/').map(|part| part.replace("%2F", "/").replace("%25", "%")).collect()
}

/// Is this the name of an array of tables whose entries have ids?
#[must_use]
pub fn is_array(name: &str) -> bool {
    ARRAYS.contains(&name)
}

/// What names an entry of an array: its id, and its item if it has one.
#[must_use]
pub fn entry_key(id: &str, item: Option<&str>) -> String {
    item.map_or_else(|| id.to_owned(), |item| format!("{id}@{item}"))
}

/// A record as address → value, in the order of the file.
///
/// # Errors
/// Only if the record can't be written as TOML at all.
pub fn flatten(record: &Record) -> Result<Table, toml::ser::Error> {
    let Value::Table(table) = Value::try_from(record)? else { return Ok(Table::new()) };
    let mut flat = Table::new();
    flatten_table(&table, "", &mut flat);
    Ok(flat)
}

fn flatten_table(table: &Table, path: &str, flat: &mut Table) {
    for (key, value) in table {
        flatten_value(key, value, &join(path, key), flat, path);
    }
}

fn flatten_value(key: &str, value: &Value, address: &str, flat: &mut Table, path: &str) {
    match value {
        // What an event holds is never taken apart: it is written once and has the shape of a difference itself.
        Value::Table(inner) if !path.starts_with("event/") => flatten_table(inner, address, flat),
        Value::Array(entries) if is_array(key) => {
            for entry in entries.iter().filter_map(Value::as_table) {
                let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
                let item = entry.get("item").and_then(Value::as_str);
                flatten_table(entry, &join(address, &entry_key(id, item)), flat);
            }
        }
        other => {
            flat.insert(address.to_owned(), other.clone());
        }
    }
}

/// Why a flat table is no case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotACase(pub String);

/// A record from address → value.
///
/// # Errors
/// If a field is missing, or has the wrong type.
pub fn unflatten(flat: &Table) -> Result<Record, NotACase> {
    let mut root = Table::new();
    for (address, value) in flat {
        let path = parts(address);
        if path.len() > MAX_PARTS {
            return Err(NotACase(format!("no field lies more than {MAX_PARTS} levels deep")));
        }
        insert(&mut root, &path, value.clone());
    }
    Value::Table(root).try_into().map_err(|error: toml::de::Error| NotACase(error.message().to_owned()))
}

fn insert(table: &mut Table, path: &[String], value: Value) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        table.insert(first.clone(), value);
    } else if is_array(first) && rest.len() > 1 {
        let list = table.entry(first.clone()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(entries) = list
            && let Some(entry) = entry_of(first, entries, &rest[0])
        {
            insert(entry, &rest[1..], value);
        }
    } else if let Value::Table(inner) = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new())) {
        insert(inner, rest, value);
    }
}

/// The entry of an array with this key, made if it is not there yet.
fn entry_of<'a>(name: &str, entries: &'a mut Vec<Value>, key: &str) -> Option<&'a mut Table> {
    let named = |entry: &Value| {
        let id = entry.get("id").and_then(Value::as_str);
        id.is_some_and(|id| entry_key(id, entry.get("item").and_then(Value::as_str)) == key)
    };
    // Addresses of one entry follow each other, so that it is mostly the last one.
    if !entries.last().is_some_and(named) {
        match entries.iter().position(named) {
            Some(index) => return entries[index].as_table_mut(),
            None => entries.push(Value::Table(new_entry(name, key))),
        }
    }
    entries.last_mut()?.as_table_mut()
}

/// Only steps have items. Ids of steps hold no at sign, so the first one divides id and item.
fn new_entry(name: &str, key: &str) -> Table {
    let split = if name == "step" { key.split_once('@') } else { None };
    let (id, item) = split.map_or((key, None), |(id, item)| (id, Some(item)));
    let mut entry = Table::new();
    entry.insert("id".into(), Value::String(id.to_owned()));
    if let Some(item) = item {
        entry.insert("item".into(), Value::String(item.to_owned()));
    }
    entry
}

/// What changed between two flat tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delta {
    /// What stood at each changed address; what is missing did not exist.
    pub before: Table,
    /// What stands there now; what is missing no longer exists.
    pub after: Table,
}

impl Delta {
    /// The difference from one flat table to another.
    #[must_use]
    pub fn between(old: &Table, new: &Table) -> Self {
        let mut delta = Self::default();
        for (address, value) in old {
            if new.get(address) != Some(value) {
                delta.before.insert(address.clone(), value.clone());
            }
        }
        for (address, value) in new {
            if old.get(address) != Some(value) {
                delta.after.insert(address.clone(), value.clone());
            }
        }
        delta
    }

    /// Is there no difference?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Every address that changed, each once.
    pub fn addresses(&self) -> impl Iterator<Item = &String> {
        self.after.keys().chain(self.before.keys().filter(|address| !self.after.contains_key(address.as_str())))
    }

    /// The same change the other way round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self { before: self.after.clone(), after: self.before.clone() }
    }

    /// Addresses at which `flat` no longer holds what this change starts from.
    #[must_use]
    pub fn clashes(&self, flat: &Table) -> Vec<String> {
        self.addresses().filter(|address| flat.get(*address) != self.before.get(*address)).cloned().collect()
    }

    /// Carries the change out.
    pub fn apply(&self, flat: &mut Table) {
        for address in self.before.keys() {
            if !self.after.contains_key(address) {
                flat.remove(address);
            }
        }
        for (address, value) in &self.after {
            flat.insert(address.clone(), value.clone());
        }
    }
}
