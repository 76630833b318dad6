//! A rehearsal of a whole release as data: an invented vulnerability, what the world answers, and advice at each step.
//!
//! Nothing here touches a file or a clock. [`Drill`] is what `docs/drills.md` describes; [`next_stop`] says where the
//! simulated clock goes next; [`Outcome`] is what there is to say at the end.

mod advice;
mod builtin;
mod load;
mod outcome;
mod stop;

pub use advice::LONGEST_ADVICE;
pub use builtin::{BUILTIN_DRILLS, builtin_drill};
pub use outcome::Outcome;
pub use stop::{Stop, next_stop};

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::case::record::{Component, Person};
use crate::evidence::Played;
use crate::playbook::{FactDef, FactKind, Playbook, Value};

/// A rehearsal of one process. All of it is invented.
#[derive(Clone, Debug, PartialEq)]
pub struct Drill {
    /// Id of the process.
    pub playbook: String,
    /// Title of the case.
    pub title: String,
    /// What the report says.
    pub report: String,
    /// The instant at which the simulated clock starts.
    pub now: Timestamp,
    /// What users can do until the fix.
    pub mitigation: String,
    /// A vector of the version that the process uses; blank where it does not score.
    pub vector: String,
    /// How somebody knows what the program can't see.
    pub attest: String,
    /// Why a gate is passed although something is missing.
    pub because: String,
    /// A link that leads nowhere.
    pub link: String,
    /// Answers by fact.
    pub facts: BTreeMap<String, String>,
    /// Instants by anchor: those up to `now` are known from the start, later ones stand ready in their form.
    pub anchors: BTreeMap<String, Timestamp>,
    /// Who takes part.
    pub people: Vec<Person>,
    /// What is affected, with the branches that get the fix.
    pub components: Vec<Component>,
    /// What the machine finds where a real case has repositories and messages.
    pub evidence: Vec<Played>,
    /// One line of advice by step.
    pub advice: BTreeMap<String, String>,
}

impl Drill {
    /// A rehearsal of a process that has no drill of its own, from what the process says of itself.
    #[must_use]
    pub fn generic(playbook: &Playbook) -> Self {
        let now = Timestamp::from_second(GENERIC_NOW).unwrap_or_default();
        let soon = Timestamp::from_second(GENERIC_NOW + 7 * 24 * 3_600).unwrap_or_default();
        let asked = playbook.anchors.iter().filter(|anchor| anchor.ask || anchor.marks.is_some());
        let at = |anchor: &crate::playbook::AnchorDef| match anchor.marks {
            Some(crate::playbook::Marks::Start) => now,
            _ => soon,
        };
        let vector = match playbook.cvss.as_ref().map(|cvss| cvss.version.as_str()) {
            Some("2.0") => "AV:N/AC:L/Au:N/C:N/I:N/A:C".to_owned(),
            Some(version @ ("3.0" | "3.1")) => format!("CVSS:{version}/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
            Some("4.0") => "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N".to_owned(),
            _ => String::new(),
        };
        Self {
            playbook: playbook.id.clone(),
            title: "An invented flaw".to_owned(),
            report: "The reporter: one request stops the service. All of this is invented.".to_owned(),
            now,
            mitigation: "Refuse requests of more than 64 KiB.".to_owned(),
            vector,
            attest: "Looked at it together with a developer.".to_owned(),
            because: "A rehearsal: nobody is there to ask.".to_owned(),
            link: "https://example.org/drill".to_owned(),
            facts: BTreeMap::new(),
            anchors: asked.map(|anchor| (anchor.id.clone(), at(anchor))).collect(),
            people: vec![Person {
                id: "developer".to_owned(),
                name: Some("a developer".to_owned()),
                ..Person::default()
            }],
            components: vec![Component {
                id: "core".to_owned(),
                branches: vec!["main".to_owned(), "stable/1".to_owned()],
                ..Component::default()
            }],
            evidence: Vec::new(),
            advice: BTreeMap::new(),
        }
    }

    /// The invented answer to a question, as a form takes it.
    #[must_use]
    pub fn answer(&self, fact: &FactDef) -> String {
        let first = || match &fact.kind {
            FactKind::Choice(choices) => choices.first().map(|(id, _)| id.clone()).unwrap_or_default(),
            FactKind::YesNo => "yes".to_owned(),
            FactKind::Number => "1".to_owned(),
            FactKind::Text => "invented".to_owned(),
        };
        let offered = || fact.default.as_ref().map(Value::to_string);
        self.facts.get(&fact.id).cloned().or_else(offered).unwrap_or_else(first)
    }

    /// Anchors that are known when the drill begins.
    pub fn known_anchors(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.anchors.iter().filter(|(_, at)| **at <= self.now).map(|(id, at)| (id.as_str(), *at))
    }
}

/// Monday 11 January 2027, 09:30 UTC.
const GENERIC_NOW: i64 = 1_799_659_800;
