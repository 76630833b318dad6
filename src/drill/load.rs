//! Reads a drill, with every fault at its place.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Drill, LONGEST_ADVICE};
use crate::case::record::{Component, Person};
use crate::evidence::Played;
use crate::playbook::{CheckKind, Playbook, Verdict, parse_value};
use crate::source::{self, Fault, Table, Text, did_you_mean};

impl Drill {
    /// Reads the drill of a process, as `docs/drills.md` describes it.
    ///
    /// # Errors
    /// All faults of the text, each with its line and column.
    pub fn parse(text: &str, playbook: &Playbook) -> Result<Self, Vec<Fault>> {
        source::read(text, |root| drill(root, playbook))
    }
}

fn drill(root: &Table<'_>, playbook: &Playbook) -> Drill {
    let own = root.required("playbook");
    if own.value != playbook.id {
        root.fault(own.at, format!("this drill rehearses {}, not {}", own.value, playbook.id), None);
    }
    let now = root.required("now");
    Drill {
        playbook: own.value,
        title: root.required("title").value,
        report: root.required("report").value,
        now: instant(root, &now).unwrap_or_default(),
        mitigation: root.required("mitigation").value,
        vector: root.string("vector").unwrap_or_default(),
        attest: root.required("attest").value,
        because: root.required("because").value,
        link: root.required("link").value,
        facts: facts(root, playbook),
        anchors: anchors(root, playbook),
        people: root.tables("person").iter().map(|table| person(table, playbook)).collect(),
        components: root.tables("component").iter().map(component).collect(),
        evidence: root.tables("evidence").iter().filter_map(|table| evidence(table, playbook)).collect(),
        advice: advice(root, playbook),
    }
}

fn instant(table: &Table<'_>, text: &Text) -> Option<Timestamp> {
    let parsed = text.value.parse().ok();
    if parsed.is_none() {
        table.fault(text.at, format!("«{}» is no instant", text.value), Some("write 2027-01-11T09:30:00Z".to_owned()));
    }
    parsed
}

fn known<'n>(table: &Table<'_>, id: &Text, what: &str, ids: impl Iterator<Item = &'n str>) -> bool {
    let ids: Vec<&str> = ids.collect();
    let there = ids.contains(&id.value.as_str());
    if !there {
        let hint = did_you_mean(&id.value, ids);
        table.fault(id.at, format!("the process has no {what} {}", id.value), hint);
    }
    there
}

fn facts(root: &Table<'_>, playbook: &Playbook) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for (id, answer) in root.pairs("facts") {
        if !known(root, &id, "fact", playbook.facts.iter().map(|fact| fact.id.as_str())) {
            continue;
        }
        let kind = playbook.fact(&id.value).map(|fact| &fact.kind);
        if let Some(Err(why)) = kind.map(|kind| parse_value(kind, &answer.value)) {
            root.fault(answer.at, why, None);
        }
        facts.insert(id.value, answer.value);
    }
    facts
}

fn anchors(root: &Table<'_>, playbook: &Playbook) -> BTreeMap<String, Timestamp> {
    let ids = || playbook.anchors.iter().map(|anchor| anchor.id.as_str());
    let pairs = root.pairs("anchors").into_iter().filter(|(id, _)| known(root, id, "anchor", ids()));
    pairs.filter_map(|(id, at)| Some((id.value, instant(root, &at)?))).collect()
}

fn person(table: &Table<'_>, playbook: &Playbook) -> Person {
    let role = table.text("role");
    if let Some(role) = &role {
        known(table, role, "role", playbook.roles.iter().map(|role| role.id.as_str()));
    }
    let next_update = table.text("next_update").and_then(|at| instant(table, &at));
    let person = Person {
        id: table.required("id").value,
        name: table.string("name"),
        role: role.map(|role| role.value),
        next_update,
        ..Person::default()
    };
    table.finish();
    person
}

fn component(table: &Table<'_>) -> Component {
    let id = table.required("id").value;
    let component = Component { id, branches: table.strings("branches"), ..Component::default() };
    table.finish();
    component
}

/// What is found is marked as invented, whatever the drill writes.
fn evidence(table: &Table<'_>, playbook: &Playbook) -> Option<Played> {
    type Found = fn(String) -> Verdict;
    const WORDS: [(&str, Found); 3] = [("pass", Verdict::Pass), ("fail", Verdict::Fail), ("unknown", Verdict::Unknown)];
    let check = table.one_of("check", &CheckKind::ALL);
    let verdict = table.one_of("verdict", &WORDS);
    let text = table.required("text").value;
    let after = table.text("after");
    if let Some(step) = &after {
        known(table, step, "step", playbook.steps().map(|step| step.id.as_str()));
    }
    let from = table.text("from").and_then(|at| instant(table, &at));
    let value = table.string("value");
    if !table.has("check") || !table.has("verdict") {
        table.fault(table.at(), "evidence needs a check and a verdict", None);
    }
    table.finish();
    let verdict = verdict?(format!("{text} (invented)"));
    Some(Played { check: check?, value, after: after.map(|step| step.value), from, verdict })
}

fn advice(root: &Table<'_>, playbook: &Playbook) -> BTreeMap<String, String> {
    let mut advice = BTreeMap::new();
    for (step, text) in root.pairs("advice") {
        known(root, &step, "step", playbook.steps().map(|step| step.id.as_str()));
        let length = text.value.chars().count();
        if length > LONGEST_ADVICE {
            root.fault(text.at, format!("advice has {length} characters, more than {LONGEST_ADVICE}"), None);
        }
        advice.insert(step.value, text.value);
    }
    advice
}
