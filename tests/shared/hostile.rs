//! Files full of hostile text: a case as another sends it, and what people put into the folder of settings.

#![allow(dead_code, reason = "each suite takes what it needs")]

use fixlead::case::record::{
    Affected, Component, Decision, Draft, Fix, Grant, Leak, LeakExtent, Person, Record, Score, Send, SlowDown,
    StepRecord, StepState, Vulnerability,
};
use fixlead::case::{Event, EventKind};
use fixlead::playbook::{Playbook, Value};
use toml::{Table, Value as Toml};

use crate::corpus::toml_text;

/// Texts of a corpus one after the other, again and again.
pub struct Supply<'t> {
    texts: &'t [(&'static str, String)],
    next: usize,
}

impl<'t> Supply<'t> {
    pub fn new(texts: &'t [(&'static str, String)], first: usize) -> Self {
        Self { texts, next: first }
    }

    pub fn text(&mut self) -> String {
        self.next += 1;
        self.texts[(self.next - 1) % self.texts.len()].1.clone()
    }

    fn all<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.texts.len()).map(|_| make(self)).collect()
    }
}

/// Puts hostile text into every field of a case that holds text of people.
pub fn poison(record: &mut Record, playbook: &Playbook, texts: &[(&'static str, String)], first: usize) {
    let supply = &mut Supply::new(texts, first);
    let at = record.event[0].at;
    record.title = supply.text();
    record.lead = Some(supply.text());
    record.project = Some(supply.text());
    for fact in &playbook.facts {
        record.facts.insert(fact.id.clone(), Value::Text(supply.text()));
    }
    record.facts.insert(supply.text(), Value::Text(supply.text()));
    poison_tables(record, supply, at);
    poison_steps(record, playbook, supply);
    let event = |supply: &mut Supply<'_>, kind| Event {
        id: supply.text(),
        by: supply.text(),
        target: supply.text(),
        why: Some(supply.text()),
        of: Some(supply.text()),
        before: Table::from_iter([(supply.text(), Toml::from(supply.text()))]),
        after: Table::from_iter([(supply.text(), Toml::from(supply.text()))]),
        kind,
        ..record.event[0].clone()
    };
    let events: Vec<Event> = EventKind::ALL.into_iter().skip(1).map(|kind| event(supply, kind)).collect();
    record.event.extend(events);
}

fn poison_tables(record: &mut Record, supply: &mut Supply<'_>, at: jiff::Timestamp) {
    record.person = supply.all(|s| Person {
        id: s.text(),
        name: Some(s.text()),
        role: Some(s.text()),
        contact: Some(s.text()),
        key: Some(s.text()),
        credit: Some(s.text()),
        next_update: Some(at),
    });
    record.grant = supply.all(|s| Grant {
        id: s.text(),
        who: s.text(),
        what: s.text(),
        at,
        by: s.text(),
        ended: None,
        ended_by: Some(s.text()),
    });
    let score = |s: &mut Supply<'_>| Score {
        id: s.text(),
        vector: s.text(),
        by: s.text(),
        at,
        why: Some(s.text()),
        is_final: false,
    };
    let affected = |s: &mut Supply<'_>| Affected {
        id: s.text(),
        component: Some(s.text()),
        line: Some(s.text()),
        introduced: Some(s.text()),
        fixed: Some(s.text()),
    };
    record.vulnerability = vec![Vulnerability {
        id: supply.text(),
        cve: Some(supply.text()),
        cwe: Some(supply.text()),
        summary: Some(supply.text()),
        mitigation: Some(supply.text()),
        score: vec![score(supply)],
        affected: vec![affected(supply)],
    }];
    record.component = vec![Component {
        id: supply.text(),
        purl: Some(supply.text()),
        urls: [(supply.text(), supply.text())].into(),
        clone: Some(supply.text()),
        branches: vec![supply.text()],
        tags: Some(supply.text()),
        pin: Some(supply.text()),
        mirror_lag: Some(supply.text()),
    }];
    record.fix = vec![Fix {
        id: supply.text(),
        vulnerability: Some(supply.text()),
        component: Some(supply.text()),
        commit: Some(supply.text()),
    }];
    record.decision = supply.all(|s| Decision {
        id: s.text(),
        gate: Some(s.text()),
        text: s.text(),
        why: Some(s.text()),
        by: s.text(),
        at,
    });
    record.draft = vec![Draft {
        id: supply.text(),
        kind: supply.text(),
        text: supply.text(),
        why: Some(supply.text()),
        at: Some(at),
    }];
    record.send = vec![Send {
        id: supply.text(),
        message: supply.text(),
        channel: supply.text(),
        at,
        by: supply.text(),
        link: Some(supply.text()),
        text: Some(supply.text()),
    }];
    record.leak = Some(Leak { extent: LeakExtent::Partial, what: supply.text(), at, closed: None });
    record.slow_down = Some(SlowDown { until: at, why: supply.text(), discussed: supply.text() });
}

/// Steps of the process in every state, and one that the process does not know.
fn poison_steps(record: &mut Record, playbook: &Playbook, supply: &mut Supply<'_>) {
    let states = [StepState::Todo, StepState::Doing, StepState::Waiting, StepState::Done, StepState::NotApplicable];
    let step = |supply: &mut Supply<'_>, id: String, state| StepRecord {
        id,
        state,
        by: Some(supply.text()),
        assignee: Some(supply.text()),
        waiting_on: Some(supply.text()),
        note: Some(supply.text()),
        links: vec![supply.text(), supply.text()],
        attested: Some(supply.text()),
        ..StepRecord::default()
    };
    let known: Vec<String> = playbook.steps().map(|step| step.id.clone()).collect();
    let steps = known.into_iter().zip(states.into_iter().cycle()).skip(1).map(|(id, state)| step(supply, id, state));
    record.step = steps.collect();
    let unknown = step(supply, supply.texts[0].1.clone(), StepState::Waiting);
    record.step.push(unknown);
}

/// A process with hostile words for everything that a person reads of it. Ids stay what they are.
pub fn playbook(id: &str, texts: &[(&'static str, String)], first: usize) -> String {
    let mut table: Table = fixlead::playbook::builtin(id).expect("built in").parse().expect("TOML");
    say(&mut table, &mut Supply::new(texts, first));
    let text = toml::to_string(&table).expect("TOML");
    assert_eq!(Playbook::parse(&text).err(), None, "it is a process all the same");
    text
}

const WORDS: [&str; 9] = ["name", "summary", "source", "title", "text", "ask", "address", "why", "stale"];

fn say(table: &mut Table, supply: &mut Supply<'_>) {
    for (key, value) in table {
        match value {
            Toml::String(text) if WORDS.contains(&key.as_str()) => *text = supply.text(),
            Toml::Table(choices) if key == "choices" => {
                choices.iter_mut().for_each(|(_, label)| *label = Toml::from(supply.text()));
            }
            value => say_in(value, supply),
        }
    }
}

fn say_in(value: &mut Toml, supply: &mut Supply<'_>) {
    match value {
        Toml::Table(table) => say(table, supply),
        Toml::Array(values) => values.iter_mut().for_each(|value| say_in(value, supply)),
        _ => {}
    }
}

/// Settings with hostile names, all of which are read.
pub fn config(texts: &[(&'static str, String)]) -> String {
    let keys: Vec<String> =
        texts.iter().map(|(_, text)| format!("{} = {}", toml_text(text), toml_text(text))).collect();
    let zones: Vec<String> = texts.iter().map(|(_, text)| toml_text(text)).collect();
    format!("me = {}\nzones = [{}]\n[keys]\n{}\n", toml_text(&texts[0].1), zones.join(", "), keys.join("\n"))
}

/// A file in which every key is unknown and every value is wrong, for any reader of TOML in this program.
pub fn nonsense(texts: &[(&'static str, String)]) -> String {
    let line = |(name, text): &(&str, String)| {
        format!("{0} = {0}\n[{0}.x]\n{0} = 1\n[[list-{name}]]\nid = {0}\ntitle = 1\nwhen = {0}\n", toml_text(text))
    };
    texts.iter().map(line).collect()
}
