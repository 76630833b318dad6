//! Three versions of a case become one: what was loaded, what it became here, and what lies on the disk now.
//!
//! All on the flat table of address → value. What was changed on one side only is taken. What was changed on both
//! sides to different values stays as the disk has it and is named. Some things hold together: an entry that one side
//! removed, or that both made under the same id, and tables such as the hand-over; they are taken whole or not at all.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use toml::{Table, Value};

use super::address::{Delta, flatten, is_array, unflatten};

/// Tables that only make sense as a whole.
const WHOLE: [&str; 5] = ["playbook", "closing", "slow_down", "leak", "hand_over"];

/// Arrays whose ids are numbered and which nothing refers to: the same number given twice is mended with the next one.
const NUMBERED: [&str; 3] = ["grant", "decision", "score"];

/// What came of a merge.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The case that came of it, as address → value.
    pub flat: Table,
    /// Addresses that were changed on both sides to different values; the disk's value stays.
    pub conflicts: Vec<String>,
}

/// Carries the change from `base` to `mine` over to `disk`.
#[must_use]
pub fn three_way(base: &Table, mine: &Table, disk: &Table) -> Merged {
    if base == disk {
        return Merged { flat: mine.clone(), conflicts: Vec::new() };
    }
    let mine = renumbered(base, mine, disk);
    let base = with_untouched_steps(base, &mine, disk);
    let delta = Delta::between(&base, &mine);
    let groups = groups(&base, &mine, disk);
    let torn = |address: &str| prefixes(address).any(|prefix| groups.get(prefix).is_some_and(|group| group.clashes()));
    let clashes: HashSet<&str> = delta
        .addresses()
        .map(String::as_str)
        .filter(|address| {
            let (was, is, there) = (base.get(*address), mine.get(*address), disk.get(*address));
            there != is && (there != was || torn(address))
        })
        .collect();
    let mut kept = delta.clone();
    kept.before.retain(|address, _| !clashes.contains(address));
    kept.after.retain(|address, _| !clashes.contains(address));
    let mut flat = disk.clone();
    kept.apply(&mut flat);
    if is_case(&flat) {
        let conflicts = delta.addresses().filter(|address| clashes.contains(address.as_str())).cloned().collect();
        return Merged { flat, conflicts };
    }
    // The parts don't fit together. Nothing is lost: the disk stays, and all of this side goes to the copy.
    Merged { flat: disk.clone(), conflicts: delta.addresses().cloned().collect() }
}

fn is_case(flat: &Table) -> bool {
    let again = unflatten(flat).ok().and_then(|record| flatten(&record).ok());
    again.as_ref() == Some(flat)
}

/// What happened to something that holds together.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are six plain observations")]
struct Group {
    in_base: bool,
    in_mine: bool,
    on_disk: bool,
    changed_here: bool,
    changed_there: bool,
    differs: bool,
    whole: bool,
}

impl Group {
    fn clashes(self) -> bool {
        let everywhere = self.in_base && self.in_mine && self.on_disk;
        self.changed_here && self.changed_there && self.differs && (self.whole || !everywhere)
    }
}

fn groups<'a>(base: &'a Table, mine: &'a Table, disk: &'a Table) -> HashMap<&'a str, Group> {
    let mut groups: HashMap<&str, Group> = HashMap::new();
    let all = base.keys().chain(mine.keys()).chain(disk.keys()).map(String::as_str).collect::<HashSet<&str>>();
    for address in all {
        let (was, is, there) = (base.get(address), mine.get(address), disk.get(address));
        for prefix in prefixes(address) {
            let group = groups.entry(prefix).or_default();
            group.in_base |= was.is_some();
            group.in_mine |= is.is_some();
            group.on_disk |= there.is_some();
            group.changed_here |= was != is;
            group.changed_there |= was != there;
            group.differs |= is != there;
            // An anchor that is one instant on one side and three on the other can't be taken in parts.
            let plain = |flat: &Table| flat.contains_key(prefix);
            let anchor = prefix.starts_with("anchors/") && (plain(base) || plain(mine) || plain(disk));
            group.whole |= anchor || WHOLE.contains(&prefix);
        }
    }
    groups
}

/// The things that an address belongs to and that hold together: whole tables, anchors, entries of arrays.
fn prefixes(address: &str) -> impl Iterator<Item = &str> {
    let first = address.split('/').next().unwrap_or_default();
    let whole = WHOLE.contains(&first).then_some(first);
    let anchor = (first == "anchors").then(|| end_of_part(address, 2)).flatten();
    whole.into_iter().chain(anchor).chain(entries(address).map(|(prefix, _)| prefix))
}

/// The entries of arrays that an address lies in, from the outside in, with the name of their array.
fn entries(address: &str) -> impl Iterator<Item = (&str, &str)> {
    let count = address.split('/').count();
    address.split('/').enumerate().filter_map(move |(index, name)| {
        let inside = is_array(name) && index + 2 < count;
        if inside { end_of_part(address, index + 2).map(|prefix| (prefix, name)) } else { None }
    })
}

/// The first `parts` parts of an address.
fn end_of_part(address: &str, parts: usize) -> Option<&str> {
    let mut ends = address.match_indices('/').map(|(at, _)| at).chain([address.len()]);
    ends.nth(parts.checked_sub(1)?).and_then(|end| address.get(..end))
}

/// A step that both sides touched first was there all along, untouched: its fields merge one by one.
fn with_untouched_steps<'a>(base: &'a Table, mine: &Table, disk: &Table) -> Cow<'a, Table> {
    let mut base = Cow::Borrowed(base);
    for (address, id) in mine {
        let Some(prefix) = address.strip_suffix("/id").filter(|prefix| prefix.starts_with("step/")) else { continue };
        if base.contains_key(address) || disk.get(address) != Some(id) {
            continue;
        }
        let base = base.to_mut();
        base.insert(address.clone(), id.clone());
        base.insert(format!("{prefix}/state"), Value::String("todo".to_owned()));
        if let Some(item) = mine.get(&format!("{prefix}/item")) {
            base.insert(format!("{prefix}/item"), item.clone());
        }
    }
    base
}

/// `mine` with other numbers for entries that the disk has under the same number.
fn renumbered<'a>(base: &Table, mine: &'a Table, disk: &Table) -> Cow<'a, Table> {
    let renames = renames(base, mine, disk);
    if renames.is_empty() {
        return Cow::Borrowed(mine);
    }
    let mut table = Table::new();
    for (address, value) in mine {
        let new = renamed(address, &renames);
        let is_new_event = address.starts_with("event/") && !base.contains_key(address);
        let value = match (value, &new) {
            (Value::Table(inner), _) if is_new_event => Value::Table(renamed_table(inner, &renames)),
            (_, Cow::Owned(new)) if new.ends_with("/id") => Value::String(id_of(new).to_owned()),
            _ => value.clone(),
        };
        table.insert(new.into_owned(), value);
    }
    Cow::Owned(table)
}

fn renames(base: &Table, mine: &Table, disk: &Table) -> HashMap<String, String> {
    let mut renames = HashMap::new();
    for address in mine.keys() {
        let Some(prefix) = address.strip_suffix("/id") else { continue };
        let Some((entry, name)) = entries(address).last().filter(|(entry, _)| *entry == prefix) else { continue };
        if !NUMBERED.contains(&name) || base.contains_key(address) || !disk.contains_key(address) {
            continue;
        }
        if slice(mine, entry) != slice(disk, entry)
            && let Some(free) = free_number(entry, &[mine, disk], &renames)
        {
            renames.insert(entry.to_owned(), free);
        }
    }
    renames
}

fn slice<'a>(flat: &'a Table, prefix: &'a str) -> HashMap<&'a str, &'a Value> {
    let under = |address: &str| address.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
    flat.iter().filter(|(address, _)| under(address)).map(|(address, value)| (address.as_str(), value)).collect()
}

fn free_number(entry: &str, tables: &[&Table], taken: &HashMap<String, String>) -> Option<String> {
    let stem = entry.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_free = |name: &String| {
        let id = format!("{name}/id");
        !tables.iter().any(|table| table.contains_key(&id)) && !taken.values().any(|other| other == name)
    };
    (1..10_000).map(|number| format!("{stem}{number}")).find(is_free)
}

fn renamed<'a>(address: &'a str, renames: &HashMap<String, String>) -> Cow<'a, str> {
    let found = entries(address).find_map(|(entry, _)| renames.get(entry).map(|new| (entry.len(), new)));
    found.map_or(Cow::Borrowed(address), |(length, new)| Cow::Owned(format!("{new}{}", &address[length..])))
}

fn renamed_table(table: &Table, renames: &HashMap<String, String>) -> Table {
    let entry = |(address, value): (&String, &Value)| {
        let new = renamed(address, renames);
        let value = match &new {
            Cow::Owned(new) if new.ends_with("/id") => Value::String(id_of(new).to_owned()),
            _ => value.clone(),
        };
        (new.into_owned(), value)
    };
    table.iter().map(entry).collect()
}

/// The id in `…/G2/id`.
fn id_of(address: &str) -> &str {
    address.strip_suffix("/id").and_then(|prefix| prefix.rsplit('/').next()).unwrap_or(address)
}
