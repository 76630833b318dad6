//! Events and answers in words, as a timeline tells them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Case;
use super::event::{Event, EventKind};
use crate::playbook::{FactDef, FactKind};
use crate::schedule::stamp;

impl Case {
    /// What happened, to what and why: «Draft the plan — done: seen».
    #[must_use]
    pub fn told(&self, event: &Event) -> String {
        let noted = || (event.kind == EventKind::StepNoted).then(|| noted(event)).flatten();
        let why = event.why.clone().or_else(noted).map(|why| format!(": {why}")).unwrap_or_default();
        format!("{} — {}{why}", self.subject(event), event.kind.says())
    }

    /// The answer to a question, by its label; none while it is not known.
    #[must_use]
    pub fn answer(&self, fact: &FactDef) -> Option<String> {
        Some(label(fact, &self.record().facts.get(&fact.id)?.to_string()))
    }

    /// What was taken back or done again, for an event that did that; any other event is its own.
    #[must_use]
    pub fn origin<'e>(&'e self, event: &'e Event) -> &'e Event {
        let first = event.of.as_ref().and_then(|of| self.record().event.iter().find(|known| known.id == *of));
        first.unwrap_or(event)
    }

    /// What an event is about: the step, the instant, the answers.
    #[must_use]
    pub fn subject(&self, event: &Event) -> String {
        let playbook = self.playbook();
        let event = self.origin(event);
        let target = event.target.as_str();
        let (id, item) = target.split_once('@').map_or((target, None), |(id, item)| (id, Some(item)));
        let exposed = event.kind == EventKind::Override && event.after.contains_key("state");
        let beside = if exposed { ", exposing begun" } else { "" };
        let title = match event.kind {
            EventKind::AnchorSet => playbook.anchor(id).map(|anchor| anchor.title.clone()),
            EventKind::FactSet => Some(self.answers(event)),
            EventKind::FieldSet => Some(target.split(", ").map(|path| self.field(path)).collect::<Vec<_>>().join(", ")),
            EventKind::Resolved => {
                Some(target.split(", ").map(|thing| self.thing_in_words(thing)).collect::<Vec<_>>().join(", "))
            }
            EventKind::Restored => Some(version(target)),
            EventKind::Scored => Some(scored(event)),
            EventKind::Leaked if target == "full" => Some("Everything got out".to_owned()),
            EventKind::Leaked => Some("Something got out".to_owned()),
            _ => {
                let step = playbook.step(id).map(|step| step.title.clone());
                step.or_else(|| playbook.phase(id).map(|phase| phase.title.clone()))
            }
        };
        let item = item.filter(|_| event.kind != EventKind::Resolved);
        let item = item.map(|item| format!(", {item}")).unwrap_or_default();
        format!("{}{item}{beside}", title.unwrap_or_else(|| event.target.clone()))
    }

    /// A field in words: `person.ada.next_update` is «Ada: next update», `vulnerability.V1.cve` is «V1: cve».
    fn field(&self, path: &str) -> String {
        let (table, rest) = path.split_once('.').unwrap_or((path, ""));
        let (id, field) = rest.split_once('.').unwrap_or((rest, ""));
        let person = self.record().person.iter().find(|person| table == "person" && person.id == id);
        let who = person.and_then(|person| person.name.as_deref()).unwrap_or(id);
        let words = [who, &field.replace('_', " ")]
            .iter()
            .filter(|word| !word.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(": ");
        if words.is_empty() { table.to_owned() } else { words }
    }

    /// Each question that was answered, with its answer.
    fn answers(&self, event: &Event) -> String {
        let answer = |id: &str| {
            let fact = self.playbook().fact(id);
            let ask = fact.map_or(id, |fact| fact.ask.as_str());
            let given = event.after.get(&format!("facts/{id}")).map(|value| match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                other => other.to_string(),
            });
            let label = |given: String| fact.map_or_else(|| given.clone(), |fact| label(fact, &given));
            format!("{ask} {}", given.map_or_else(|| "not known yet".to_owned(), label))
        };
        event.target.split(", ").map(answer).collect::<Vec<_>>().join("   ")
    }
}

/// The vulnerability and its vector, and whether that was the last word.
fn scored(event: &Event) -> String {
    let last_word =
        event.after.iter().any(|(address, value)| address.ends_with("/final") && value.as_bool() == Some(true));
    format!("{}{}", event.target, if last_word { ", final" } else { "" })
}

/// Which version was put in place.
fn version(target: &str) -> String {
    let of = target.parse::<Timestamp>();
    of.map_or_else(
        |_| "A copy from elsewhere".to_owned(),
        |of| format!("The version of {}", stamp(of, of, &TimeZone::UTC, "UTC")),
    )
}

/// The label of a choice; any other answer is its own.
pub(super) fn label(fact: &FactDef, value: &str) -> String {
    let label = match &fact.kind {
        FactKind::Choice(choices) => choices.iter().find(|(id, _)| id == value).map(|(_, label)| label.clone()),
        _ => None,
    };
    label.unwrap_or_else(|| value.to_owned())
}

/// What a note added to those before it.
fn noted(event: &Event) -> Option<String> {
    let (address, after) = event.after.iter().find(|(address, _)| address.ends_with("/note"))?;
    let before = event.before.get(address).and_then(toml::Value::as_str).unwrap_or_default();
    let after = after.as_str()?;
    let added = after.strip_prefix(before).unwrap_or(after).trim();
    (!added.is_empty()).then(|| added.replace('\n', " "))
}
