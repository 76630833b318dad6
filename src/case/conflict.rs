//! The same thing was changed here and elsewhere: what is asked of a person, and what an answer does to the case.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Case;
use super::act::{Change, Done};
use super::action::Refusal;
use super::address::{Delta, flatten, is_array, parts, unflatten};
use super::course::STAYS;
use super::event::EventKind;
use super::record::Record;
use super::told::label;

/// Something that was changed here and elsewhere, with both values.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What it is about, in the words of the process.
    pub thing: String,
    /// Which fields of it, in words; blank where the thing is one value.
    pub fields: String,
    /// What it was set to here.
    pub mine: String,
    /// What it is now, from elsewhere.
    pub theirs: String,
    /// The addresses with what was set here; none takes the field away.
    pub values: Vec<(String, Option<Value>)>,
    /// The name of the copy beside the case that the question lasts in; none if it is in memory only.
    pub copy: Option<String>,
}

impl Question {
    /// Can a person be asked about this address? What happened, what is typed and what names the case is no choice.
    #[must_use]
    pub fn can_be_about(address: &str) -> bool {
        !["event", "draft", "schema", "id"].contains(&address.split('/').next().unwrap_or_default())
    }

    /// The addresses that it is about.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(address, _)| address.as_str())
    }
}

impl Case {
    /// What a person has to be asked, where both this case and another version of it changed these addresses. What
    /// has the same value on both sides is no question.
    #[must_use]
    pub fn questions(&self, mine: &Record, addresses: &[String], copy: Option<&str>) -> Vec<Question> {
        let (Ok(theirs), Ok(mine)) = (flatten(self.record()), flatten(mine)) else { return Vec::new() };
        let is_open = |address: &&String| Question::can_be_about(address) && theirs.get(*address) != mine.get(*address);
        let mut things: Vec<(String, Vec<&String>)> = Vec::new();
        let addresses: BTreeSet<&String> = addresses.iter().filter(is_open).collect();
        for address in addresses {
            let thing = thing_of(address);
            match things.iter_mut().find(|(known, _)| *known == thing) {
                Some((_, of)) => of.push(address),
                None => things.push((thing, vec![address])),
            }
        }
        things.iter().map(|(thing, of)| self.question(thing, of, (&mine, &theirs), copy)).collect()
    }

    fn question(
        &self,
        thing: &str,
        addresses: &[&String],
        (mine, theirs): (&Table, &Table),
        copy: Option<&str>,
    ) -> Question {
        let field = |address: &str| address.strip_prefix(thing).map(|rest| rest.trim_start_matches('/')).map(words);
        let told: Vec<&String> = addresses.iter().copied().filter(|address| !is_stamp(address)).collect();
        // Where only who and when differ, these are all there is to tell.
        let told = if told.is_empty() { addresses.to_vec() } else { told };
        let side = |flat: &Table| {
            let value = |address: &str| {
                let text = shown(flat.get(address));
                let fact = address.strip_prefix("facts/").and_then(|id| self.playbook().fact(id));
                match fact {
                    Some(fact) => label(fact, &text),
                    // The one field with words of the program's own.
                    None if address.ends_with("state") => text.replace('_', " "),
                    None => text,
                }
            };
            let values: Vec<String> = told.iter().map(|address| value(address)).collect();
            values.join(", ")
        };
        let fields: Vec<String> = told.iter().filter_map(|address| field(address)).filter(|f| !f.is_empty()).collect();
        Question {
            thing: self.thing_in_words(thing),
            fields: fields.join(", "),
            mine: side(mine),
            theirs: side(theirs),
            values: addresses.iter().map(|address| ((*address).clone(), mine.get(*address).cloned())).collect(),
            copy: copy.map(str::to_owned),
        }
    }

    /// The title of a step, the words of a question, the name of a person; else the address with blanks.
    pub(super) fn thing_in_words(&self, thing: &str) -> String {
        let parts = parts(thing);
        let (table, id) = (parts.first().map_or("", String::as_str), parts.get(1).map_or("", String::as_str));
        let playbook = self.playbook();
        let (step, item) = id.split_once('@').map_or((id, None), |(step, item)| (step, Some(item)));
        let title = match table {
            "step" => playbook.step(step).map(|step| step.title.clone()),
            "phase" => playbook.phase(id).map(|phase| phase.title.clone()),
            "facts" => playbook.fact(id).map(|fact| fact.ask.clone()),
            "anchors" => playbook.anchor(id).map(|anchor| anchor.title.clone()),
            "person" => {
                let person = self.record().person.iter().find(|person| person.id == id);
                person.and_then(|person| person.name.clone())
            }
            _ => None,
        };
        let item = item.map(|item| format!(", {item}")).unwrap_or_default();
        title.map_or_else(|| words(thing), |title| format!("{title}{item}"))
    }
}

/// What an address belongs to: the entry of an array, the fact, the anchor, a whole table; else itself.
fn thing_of(address: &str) -> String {
    let parts: Vec<&str> = address.split('/').collect();
    let count = match parts[..] {
        [first, _, _, ..] if is_array(first) => 2,
        ["facts" | "anchors", _, ..] => 2,
        [_, _, ..] => 1,
        _ => parts.len(),
    };
    parts[..count].join("/")
}

/// Does it only say by whom and when something was done?
fn is_stamp(address: &str) -> bool {
    ["id", "by", "at", "since"].contains(&address.rsplit('/').next().unwrap_or_default())
}

fn words(address: &str) -> String {
    parts(address).join(" ").replace('_', " ")
}

/// A value as a person reads it.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "nothing".to_owned(),
        Some(Value::String(text)) => text.trim().replace('\n', " / "),
        Some(Value::Boolean(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(Value::Array(values)) => values.iter().map(|value| shown(Some(value))).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}

/// What was changed here counts.
pub(super) fn resolve(change: &mut Change<'_>, values: Vec<(String, Option<Value>)>) -> Result<Done, Refusal> {
    let bad = |error: &dyn std::fmt::Display| Refusal::BadValue(format!("that can't be taken over: {error}"));
    let events = std::mem::take(&mut change.record.event);
    let flat = flatten(&change.record).map_err(|error| bad(&error))?;
    let mut wanted = flat.clone();
    let mut things: Vec<String> = Vec::new();
    for (address, value) in values {
        let thing = thing_of(&address);
        if ["event", "schema", "id", "playbook"].contains(&thing.split('/').next().unwrap_or_default()) {
            return Err(Refusal::NotAllowed(format!("{} is not a thing to choose", words(&thing))));
        }
        match value {
            Some(value) => wanted.insert(address, value),
            None => wanted.remove(&address),
        };
        if !things.contains(&thing) {
            things.push(thing);
        }
    }
    let record = unflatten(&wanted).map_err(|error| bad(&error))?;
    // An address that no field takes would be dropped in silence.
    let kept = flatten(&record).map_err(|error| bad(&error))?;
    if !Delta::between(&wanted, &kept).is_empty() {
        return Err(bad(&"it is no field of a case"));
    }
    change.record.event.clone_from(&events);
    let record = Record { event: events, ..record };
    if change.record.is_lost_in(&record) {
        return Err(Refusal::NotAllowed(format!("{STAYS}: theirs can only be kept here")));
    }
    change.record = record;
    Ok(Done::new(EventKind::Resolved, things.join(", ")))
}
