//! The difference of two flat tables, carried over to the text of a file so that everything else in it stays.

use std::collections::HashMap;

use toml::{Table as Flat, Value as Plain};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::leftovers::Leftovers;
use crate::case::address::{Delta, entry_key, is_array, join, parts};
use crate::case::merge::WHOLE;

/// The tables of a case in the order of the file.
pub(super) const TABLES: [&str; 17] = [
    "closing",
    "slow_down",
    "leak",
    "hand_over",
    "facts",
    "anchors",
    "vulnerability",
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

/// One change on its way down into the document: what is left of its address, and the new value, or none.
struct Change<'a> {
    path: &'a [String],
    value: Option<&'a Plain>,
}

/// The text with the change from one flat table to the other. None if the text is no document, or has another shape.
pub(super) fn edited(text: &str, from: &Flat, to: &Flat) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let delta = Delta::between(from, to);
    let removed: Vec<Vec<String>> = delta
        .before
        .keys()
        .filter(|address| !delta.after.contains_key(*address))
        .map(|address| parts(address))
        .collect();
    let set: Vec<(Vec<String>, &Plain)> = delta.after.iter().map(|(address, value)| (parts(address), value)).collect();
    let mut leftovers = Leftovers::new(from);
    let removals: Vec<Change<'_>> = removed.iter().map(|path| Change { path, value: None }).collect();
    let gone = |name: &str| WHOLE.contains(&name) && !to.keys().any(|key| key.starts_with(&format!("{name}/")));
    remove(document.as_table_mut(), &removals, "", &gone, &mut leftovers)?;
    let settings: Vec<Change<'_>> = set.iter().map(|(path, value)| Change { path, value: Some(value) }).collect();
    set_root(document.as_table_mut(), &settings)?;
    leftovers.append_to(&mut document);
    Some(document.to_string())
}

/// Changes by the first part of their path, in the order in which the parts come up.
fn by_first<'a>(changes: &[Change<'a>]) -> Vec<(&'a str, Vec<Change<'a>>)> {
    let mut groups: Vec<(&str, Vec<Change<'a>>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for change in changes {
        let [first, rest @ ..] = change.path else { continue };
        let index = *known.entry(first).or_insert_with(|| {
            groups.push((first, Vec::new()));
            groups.len() - 1
        });
        groups[index].1.push(Change { path: rest, value: change.value });
    }
    groups
}

/// Do these changes lie in entries of an array of this name?
fn is_entries(name: &str, changes: &[Change<'_>]) -> bool {
    is_array(name) && changes.iter().all(|change| change.path.len() >= 2)
}

// ------------------------------------------------------------------------------------------------- taking away

fn remove(
    table: &mut dyn TableLike,
    changes: &[Change<'_>],
    path: &str,
    gone: &dyn Fn(&str) -> bool,
    leftovers: &mut Leftovers<'_>,
) -> Option<()> {
    for (name, group) in by_first(changes) {
        let here = join(path, name);
        if group.iter().any(|change| change.path.is_empty()) || gone(&here) {
            leftovers.take_key(table, name, &here);
            table.remove(name);
        } else if is_entries(name, &group) {
            remove_entries(table.get_mut(name)?, name, &group, &here, leftovers)?;
        } else {
            let inner = table.get_mut(name)?.as_table_like_mut()?;
            remove(inner, &group, &here, gone, leftovers)?;
            if inner.is_empty() {
                leftovers.take_key(table, name, &here);
                table.remove(name);
            }
        }
    }
    Some(())
}

fn remove_entries(
    list: &mut Item,
    name: &str,
    changes: &[Change<'_>],
    path: &str,
    leftovers: &mut Leftovers<'_>,
) -> Option<()> {
    let mut entries = Entries::of(list)?;
    let index = entries.index(name);
    let mut whole = Vec::new();
    for (key, group) in by_first(changes) {
        let here = join(path, key);
        let places = index.get(key)?;
        for place in places {
            let entry = entries.get(*place)?;
            if group.iter().any(|change| change.path.len() == 1 && change.path[0] == "id") {
                leftovers.take_table(entry, &here);
                whole.push(*place);
            } else {
                remove(entry, &group, &here, &|_| false, leftovers)?;
            }
        }
    }
    whole.sort_unstable();
    for place in whole.into_iter().rev() {
        leftovers.take_header(&entries, place);
        entries.remove(place);
    }
    Some(())
}

// ------------------------------------------------------------------------------------------------- putting in

fn set_root(root: &mut Table, changes: &[Change<'_>]) -> Option<()> {
    for (name, group) in by_first(changes) {
        let is_new = !root.contains_key(name);
        let position = position_before(root, name);
        set_group(root, name, &group, name == "playbook")?;
        if is_new {
            place(root.get_mut(name)?, position);
        }
    }
    Some(())
}

/// The place in the file after which a table comes that is not there yet.
fn position_before(root: &Table, name: &str) -> isize {
    let earlier = TABLES.iter().take_while(|other| **other != name);
    earlier.filter_map(|other| root.get(other)).map(last_position).max().unwrap_or(0)
}

fn last_position(item: &Item) -> isize {
    match item {
        Item::Table(table) => table_position(table),
        Item::ArrayOfTables(list) => list.iter().map(table_position).max().unwrap_or(0),
        _ => 0,
    }
}

fn table_position(table: &Table) -> isize {
    let inner = table.iter().map(|(_, item)| last_position(item)).max().unwrap_or(0);
    inner.max(table.position().unwrap_or(0))
}

/// What has no place of its own follows the table before it, so only the first of a list needs one.
fn place(item: &mut Item, position: isize) {
    match item {
        Item::Table(table) => table.set_position(Some(position)),
        Item::ArrayOfTables(list) => {
            if let Some(first) = list.iter_mut().next() {
                first.set_position(Some(position));
            }
        }
        _ => {}
    }
}

fn set(table: &mut dyn TableLike, changes: &[Change<'_>]) -> Option<()> {
    by_first(changes).into_iter().try_for_each(|(name, group)| set_group(table, name, &group, true))
}

fn set_group(table: &mut dyn TableLike, name: &str, group: &[Change<'_>], inline: bool) -> Option<()> {
    if let Some(leaf) = group.iter().find(|change| change.path.is_empty()) {
        set_value(table, name, value(leaf.value?));
        return Some(());
    }
    if is_entries(name, group) {
        if table.get(name).is_none_or(Item::is_none) {
            let mut list = Item::ArrayOfTables(ArrayOfTables::new());
            set_entries(&mut list, name, group)?;
            table.insert(name, list);
            return Some(());
        }
        return set_entries(table.get_mut(name)?, name, group);
    }
    if let Some(inner) = table.get_mut(name).and_then(Item::as_table_like_mut) {
        return set(inner, group);
    }
    let mut fresh = Table::new();
    set(&mut fresh, group)?;
    let item = if inline { Item::Value(Value::InlineTable(fresh.into_inline_table())) } else { Item::Table(fresh) };
    table.insert(name, item);
    Some(())
}

/// A new value keeps the comments around the old one.
fn set_value(table: &mut dyn TableLike, name: &str, mut value: Value) {
    match table.get_mut(name) {
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        _ => {
            table.insert(name, Item::Value(value));
        }
    }
}

fn set_entries(list: &mut Item, name: &str, changes: &[Change<'_>]) -> Option<()> {
    let mut entries = Entries::of(list)?;
    let index = entries.index(name);
    for (key, group) in by_first(changes) {
        if let Some(place) = index.get(key).and_then(|places| places.last()) {
            set(entries.get(*place)?, &group)?;
        } else {
            let mut fresh = Table::new();
            set(&mut fresh, &group)?;
            entries.push(fresh);
        }
    }
    Some(())
}

/// The entries of an array, whichever way they were written.
pub(super) enum Entries<'a> {
    /// `[[step]]`, as the program writes them.
    Tables(&'a mut ArrayOfTables),
    /// `step = [{ … }]`, as a person may.
    Inline(&'a mut Array),
}

impl<'a> Entries<'a> {
    fn of(item: &'a mut Item) -> Option<Self> {
        match item {
            Item::ArrayOfTables(list) => Some(Self::Tables(list)),
            Item::Value(Value::Array(list)) => Some(Self::Inline(list)),
            _ => None,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Tables(list) => list.len(),
            Self::Inline(list) => list.len(),
        }
    }

    fn get(&mut self, index: usize) -> Option<&mut dyn TableLike> {
        match self {
            Self::Tables(list) => list.get_mut(index).map(|table| table as &mut dyn TableLike),
            Self::Inline(list) => {
                list.get_mut(index).and_then(Value::as_inline_table_mut).map(|table| table as &mut dyn TableLike)
            }
        }
    }

    /// Where the entries with a key are. A person can have written one twice.
    fn index(&mut self, name: &str) -> HashMap<String, Vec<usize>> {
        let mut index: HashMap<String, Vec<usize>> = HashMap::new();
        for place in 0..self.len() {
            let Some(entry) = self.get(place) else { continue };
            let text = |name: &str| entry.get(name).and_then(Item::as_str);
            // Only steps have items; elsewhere it is a key of a person.
            let item = text("item").filter(|_| name == "step");
            let key = entry_key(text("id").unwrap_or_default(), item);
            index.entry(key).or_default().push(place);
        }
        index
    }

    /// What stands above the header of an entry.
    pub(super) fn header(&self, index: usize) -> Option<&str> {
        match self {
            Self::Tables(list) => list.get(index)?.decor().prefix()?.as_str(),
            Self::Inline(list) => list.get(index)?.decor().prefix()?.as_str(),
        }
    }

    fn remove(&mut self, index: usize) {
        match self {
            Self::Tables(list) => {
                list.remove(index);
            }
            Self::Inline(list) => {
                list.remove(index);
            }
        }
    }

    fn push(&mut self, table: Table) {
        match self {
            Self::Tables(list) => list.push(table),
            Self::Inline(list) => list.push(table.into_inline_table()),
        }
    }
}

fn value(plain: &Plain) -> Value {
    match plain {
        Plain::String(text) => Value::from(text.as_str()),
        Plain::Integer(number) => Value::from(*number),
        Plain::Float(number) => Value::from(*number),
        Plain::Boolean(flag) => Value::from(*flag),
        Plain::Datetime(at) => Value::from(at.to_string()),
        Plain::Array(values) => Value::Array(values.iter().map(value).collect()),
        Plain::Table(table) => {
            Value::InlineTable(table.iter().map(|(key, inner)| (key.as_str(), value(inner))).collect::<InlineTable>())
        }
    }
}
