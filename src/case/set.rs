//! Any typed field of the file, by its path.

use toml::Value;

use super::act::{Change, Done};
use super::action::Refusal;
use super::address::{flatten, is_array, unflatten};
use super::event::EventKind;
use super::record::Record;
use crate::source::too_deep;

/// What may be set by path. All else has an action of its own, with its own rules.
const ROOTS: [&str; 7] = ["title", "lead", "project", "vulnerability", "component", "fix", "person"];

/// Sets several fields in one event.
pub(super) fn set_each(change: &mut Change<'_>, fields: &[(String, String)]) -> Result<Done, Refusal> {
    fields.iter().try_for_each(|(path, value)| set(change, path, value))?;
    let paths: Vec<&str> = fields.iter().map(|(path, _)| path.as_str()).collect();
    Ok(Done::new(EventKind::FieldSet, paths.join(", ")))
}

/// Sets `vulnerability.V1.cve` and the like; an empty value removes the field, or the entry that the path names.
fn set(change: &mut Change<'_>, path: &str, value: &str) -> Result<(), Refusal> {
    let parts: Vec<&str> = path.split('.').collect();
    let root = parts.first().copied().unwrap_or_default();
    if !ROOTS.contains(&root) {
        return Err(Refusal::BadValue(format!("{path} can't be set: a path begins with {}", ROOTS.join(", "))));
    }
    let removes = value.trim().is_empty();
    // A score has an author, an instant and a vector that was read: it comes by its own action only.
    if parts.get(2) == Some(&"score") {
        return Err(Refusal::BadValue(format!("{path} can't be set: score the vulnerability instead")));
    }
    let short = is_array(root) && parts.len() < if removes { 2 } else { 3 };
    if short || parts.iter().any(|part| part.is_empty()) {
        return Err(Refusal::BadValue(format!(
            "{path} is no field: write it as {root}.ID.FIELD, such as vulnerability.V1.cve"
        )));
    }
    let address = parts.join("/");
    let events = std::mem::take(&mut change.record.event);
    let mut flat = flatten(&change.record).map_err(|error| Refusal::BadValue(error.to_string()))?;
    if removes {
        let names_entry = parts.len().checked_sub(2).is_some_and(|list| is_array(parts[list]));
        let inside = format!("{address}/");
        flat.retain(|known, _| *known != address && !(names_entry && known.starts_with(&inside)));
        let record = unflatten(&flat).map_err(|error| Refusal::BadValue(format!("{path} can't be empty: {error}")))?;
        if record.vulnerability.is_empty() {
            return Err(Refusal::NotAllowed("a case has at least one vulnerability: this is the last one".to_owned()));
        }
        change.record = Record { event: events, ..record };
    } else {
        let record = typed(&flat, &address, value.trim())
            .ok_or_else(|| Refusal::BadValue(format!("{path} is no field of a case, or can't hold this value")))?;
        change.record = Record { event: events, ..record };
    }
    Ok(())
}

/// The record with the value at the address: as a text, as a list, else as TOML writes it. None if no field takes it.
fn typed(flat: &toml::Table, address: &str, text: &str) -> Option<Record> {
    let list = text.split(',').map(|part| Value::String(part.trim().to_owned())).collect();
    let line = format!("value = {text}");
    let parsed = too_deep(&line).is_none().then(|| line.parse::<toml::Table>().ok()).flatten();
    let as_toml = parsed.and_then(|mut table| table.remove("value"));
    let readings = [Some(Value::String(text.to_owned())), as_toml, Some(Value::Array(list))];
    readings.into_iter().flatten().find_map(|value| {
        let mut flat = flat.clone();
        flat.insert(address.to_owned(), value.clone());
        let record = unflatten(&flat).ok()?;
        // An unknown field is dropped when a record is read, so it has to be found again.
        let kept = flatten(&record).ok()?;
        (kept.get(address) == Some(&value)).then_some(record)
    })
}
