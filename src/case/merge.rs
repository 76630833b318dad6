//! Three versions of a case become one: what was loaded, what it became here, and what lies on the disk now.
//!
//! All on the flat table of address → value. What was changed on one side only is taken. What was changed on both
//! sides to different values stays as the disk has it and is named. Some things hold together: an entry that one side
//! removed, or that both made under the same id, and tables such as the hand-over; they are taken whole or not at all.
//! Events are only ever added: a disk that lacks some holds an older version, and what was done since goes into it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use toml::{Table, Value};

use super::address::{Delta, flatten, is_array, unflatten};
use super::limits;
use super::record::Record;

/// Tables that only make sense as a whole: they are there with all their fields or not at all.
pub const WHOLE: [&str; 5] = ["playbook", "closing", "slow_down", "leak", "hand_over"];

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
    let base = ancestor(base, disk);
    let mine = renumbered(&base, mine, disk);
    let base = with_untouched_steps(&base, &mine, disk);
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

/// What both sides come from. Nobody takes an event out of a case: where the disk lacks some, an older version came into
/// place, and both sides come from what they have in common once the events of one side only are taken back.
fn ancestor<'a>(base: &'a Table, disk: &Table) -> Cow<'a, Table> {
    let missing = events_only_in(base, disk);
    if missing.is_empty() {
        return Cow::Borrowed(base);
    }
    let (mut common, disk) = (without(base, &missing), without(disk, &events_only_in(disk, base)));
    common.retain(|address, value| disk.get(address) == Some(value));
    Cow::Owned(common)
}

/// The events that one side has and the other has not, as `event/ID`, in their order.
fn events_only_in<'a>(one: &'a Table, other: &Table) -> Vec<&'a str> {
    let ids = one.keys().filter(|address| address.starts_with("event/") && !other.contains_key(address.as_str()));
    ids.filter_map(|address| address.strip_suffix("/id")).collect()
}

/// A case as it was before these events.
fn without(flat: &Table, events: &[&str]) -> Table {
    let mut flat = flat.clone();
    for event in events.iter().rev() {
        let side = |name: &str| flat.get(&format!("{event}/{name}")).and_then(Value::as_table).cloned();
        let (before, after) = (side("before").unwrap_or_default(), side("after").unwrap_or_default());
        Delta { before: after, after: before }.apply(&mut flat);
    }
    let is_theirs = |address: &str| entries(address).any(|(entry, _)| events.contains(&entry));
    flat.retain(|address, _| !(address.starts_with("event/") && is_theirs(address)));
    flat
}

fn is_case(flat: &Table) -> bool {
    let fits = |record: &Record| limits::too_many(record).is_none();
    let again = unflatten(flat).ok().filter(fits).and_then(|record| flatten(&record).ok());
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::case::{Action, Case, Context, NO_VERDICTS, NewCase};
    use crate::playbook::{Playbook, builtin};

    const LOW: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L";
    const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";

    fn context(event_id: &str) -> Context<'_> {
        Context { now: Timestamp::UNIX_EPOCH, by: "ada", event_id, verdicts: NO_VERDICTS }
    }

    fn case() -> Case {
        let new = NewCase {
            id: "slate-kangaroo".to_owned(),
            title: "title".to_owned(),
            playbook: Arc::new(Playbook::parse(builtin("emissary").unwrap()).unwrap()),
            sha256: String::new(),
            project: None,
            components: Vec::new(),
            people: Vec::new(),
            facts: Vec::new(),
            anchors: Vec::new(),
        };
        new.start(&context("e-0")).unwrap()
    }

    fn with(case: &Case, event_id: &str, action: Action) -> Case {
        let mut case = case.clone();
        case.act(action, &context(event_id)).unwrap();
        case
    }

    fn grant(who: &str) -> Action {
        Action::Grant { who: who.to_owned(), what: "repository".to_owned() }
    }

    fn revoke(who: &str) -> Action {
        Action::Revoke { who: who.to_owned(), what: "repository".to_owned() }
    }

    fn score(vector: &str) -> Action {
        let (vulnerability, vector) = ("V1".to_owned(), vector.to_owned());
        Action::Score { vulnerability, vector, why: Some("as seen".to_owned()), is_final: false }
    }

    fn note(text: &str) -> Action {
        Action::Note { step: "em.intake.report".to_owned(), text: text.to_owned() }
    }

    fn flat(case: &Case) -> Table {
        flatten(case.record()).unwrap()
    }

    fn merged(base: &Case, mine: &Case, disk: &Case) -> Case {
        let merged = three_way(&flat(base), &flat(mine), &flat(disk));
        assert_eq!(merged.conflicts, Vec::<String>::new());
        Case::new(unflatten(&merged.flat).unwrap(), base.playbook().clone())
    }

    fn grants(case: &Case) -> Vec<(&str, &str, bool)> {
        let grants = case.record().grant.iter();
        grants.map(|grant| (grant.id.as_str(), grant.who.as_str(), grant.ended.is_some())).collect()
    }

    fn scores(case: &Case) -> Vec<(&str, &str)> {
        let scores = case.record().vulnerability[0].score.iter();
        scores.map(|score| (score.id.as_str(), score.vector.as_str())).collect()
    }

    /// What the event of a merged case says has come about.
    fn after<'a>(case: &'a Case, event_id: &str) -> Vec<&'a str> {
        let event = case.record().event.iter().find(|event| event.id == event_id).unwrap();
        event.after.keys().map(String::as_str).filter(|address| address.ends_with("/id")).collect()
    }

    #[test]
    fn two_first_grants_are_two_grants_each_of_them_whole() {
        let base = case();
        let mine = with(&with(&base, "m-1", grant("bob")), "m-2", revoke("bob"));
        let disk = with(&base, "d-1", grant("eve"));
        let merged = merged(&base, &mine, &disk);
        assert_eq!(grants(&merged), [("G1", "eve", false), ("G2", "bob", true)]);
        assert_eq!(after(&merged, "m-1"), ["grant/G2/id"]);
        assert_eq!(after(&merged, "d-1"), ["grant/G1/id"]);
        let ended = merged.record().event.iter().find(|event| event.id == "m-2").unwrap();
        assert!(ended.after.keys().all(|address| address.starts_with("grant/G2/")), "{:?}", ended.after);
        assert_eq!(merged.record().event.len(), 4);
    }

    #[test]
    fn a_new_number_is_one_that_neither_side_has() {
        let base = case();
        let mine = with(&with(&base, "m-1", grant("bob")), "m-2", grant("carol"));
        let disk = with(&with(&base, "d-1", grant("eve")), "d-2", grant("frank"));
        let merged = merged(&base, &mine, &disk);
        let both = [("G1", "eve", false), ("G2", "frank", false), ("G3", "bob", false), ("G4", "carol", false)];
        assert_eq!(grants(&merged), both);
        assert_eq!((after(&merged, "m-1"), after(&merged, "m-2")), (vec!["grant/G3/id"], vec!["grant/G4/id"]));
    }

    #[test]
    fn the_same_grant_on_both_sides_is_one() {
        let base = case();
        let both = with(&base, "m-1", grant("bob"));
        let mine = with(&both, "m-2", note("mine"));
        assert_eq!(merged(&base, &mine, &both).record(), mine.record());
    }

    #[test]
    fn two_first_scores_are_two_scores_each_of_them_whole() {
        let base = case();
        let (mine, disk) = (with(&base, "m-1", score(LOW)), with(&base, "d-1", score(HIGH)));
        let merged = merged(&base, &mine, &disk);
        assert_eq!(scores(&merged), [("S1", HIGH), ("S2", LOW)]);
        let mut expected = mine.record().vulnerability[0].score[0].clone();
        expected.id = "S2".to_owned();
        assert_eq!(merged.record().vulnerability[0].score[1], expected);
        assert_eq!(after(&merged, "m-1"), ["vulnerability/V1/score/S2/id"]);
    }

    #[test]
    fn what_was_done_during_a_save_goes_beside_what_others_saved() {
        let sent = with(&case(), "m-1", note("sent"));
        let stored = with(&with(&sent, "d-1", grant("eve")), "d-2", score(HIGH));
        let mut open = with(&with(&sent, "m-2", grant("bob")), "m-3", score(LOW));
        open.absorb(&sent, &stored).unwrap();
        assert_eq!(grants(&open), [("G1", "eve", false), ("G2", "bob", false)]);
        assert_eq!(scores(&open), [("S1", HIGH), ("S2", LOW)]);
        assert_eq!(after(&open, "m-2"), ["grant/G2/id"]);
        // The next save starts from what is stored, and finds nothing to ask.
        let again = merged(&stored, &open, &stored);
        assert_eq!(flat(&again), flat(&open));
        open.act(revoke("bob"), &context("m-4")).unwrap();
        assert_eq!(grants(&open), [("G1", "eve", false), ("G2", "bob", true)]);
    }

    #[test]
    fn what_was_done_since_goes_into_an_older_version_and_what_was_done_there_stays() {
        let old = with(&case(), "d-0", note("old"));
        let base = with(&with(&old, "m-1", note("new")), "m-2", grant("bob"));
        let mine = with(&base, "m-3", revoke("bob"));
        assert_eq!(flat(&merged(&base, &mine, &old)), flat(&mine), "an older version takes all of it in");
        let disk = with(&old, "d-1", grant("eve"));
        let both = merged(&base, &mine, &disk);
        assert_eq!(grants(&both), [("G1", "eve", false), ("G2", "bob", true)]);
        assert_eq!(both.record().step("em.intake.report", None).unwrap().note.as_deref(), Some("old\nnew"));
        let disk = with(&old, "d-1", note("other"));
        let asked = three_way(&flat(&base), &flat(&mine), &flat(&disk));
        assert_eq!(asked.conflicts, ["step/em.intake.report/note"], "what both wrote is asked");
        assert!(asked.flat.contains_key("event/m-1/id") && asked.flat.contains_key("event/d-1/id"));
    }

    #[test]
    fn what_an_older_version_has_otherwise_without_an_event_is_asked() {
        let old = case();
        let mut base = flat(&with(&old, "m-1", note("mine")));
        base.insert("title".to_owned(), "by hand".into());
        let asked = three_way(&base, &base, &flat(&old));
        assert_eq!(asked.conflicts, ["title"]);
        assert_eq!(asked.flat["title"].as_str(), Some("title"));
        assert!(asked.flat.contains_key("event/m-1/id"));
    }

    #[test]
    fn of_what_both_wrote_the_value_of_the_file_stays() {
        let sent = case();
        let stored = with(&sent, "d-1", note("theirs"));
        let mut open = with(&sent, "m-1", note("mine"));
        open.absorb(&sent, &stored).unwrap();
        let step = open.record().step("em.intake.report", None).unwrap();
        assert_eq!(step.note.as_deref(), Some("theirs"), "the file's value stays");
        assert_eq!(open.record().event.len(), 3, "both are told");
    }
}
