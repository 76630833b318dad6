//! What each form asks, and which action its answers become.

use jiff::Timestamp;

use super::form::{Field, Form};
use super::message::{LEAK_EXTENTS, RestoreFrom, Tools};
use super::open_case::OpenCase;
use crate::case::{Action, ReleaseInstant, Tick};
use crate::evidence;
use crate::playbook::{CloseAs, FactDef, FactKind, Marks, parse_value};
use crate::schedule::{InstantError, Zone, in_zones, parse_instant};

/// What a form is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// A new case.
    NewCase,
    /// A new case for a leak, with what is done to it at once.
    LeakCase(Vec<Action>),
    /// A note on a step.
    Note(String),
    /// The notes of a step, changed, and as they were when the change began.
    Rewrite(String, String),
    /// A link on a step.
    Link(String),
    /// A step waits for somebody.
    Wait(String),
    /// A step is somebody's.
    Assign(String),
    /// A step, or one item, does not apply.
    SetAside(String, Option<String>),
    /// The deadline of a step or phase moves.
    Move(String),
    /// A step is done, or begun, although something is missing.
    Override(Tick, bool),
    /// A step is done, and somebody knows it.
    Attest(Tick),
    /// A step exposes the fix: the codename.
    Codename(Tick, bool),
    /// A case that is not over goes out of the way.
    Archive,
    /// A settled step, or one item, is open again.
    Reopen(String, Option<String>),
    /// A question is answered.
    Fact(String),
    /// An instant becomes known.
    Anchor(String),
    /// Something got out.
    Leak,
    /// The leak has been dealt with.
    CloseLeak,
    /// Somebody gets access.
    Grant,
    /// Somebody takes part.
    Person,
    /// Who somebody is.
    EditPerson(String),
    /// The next promised update to somebody.
    Promise(String),
    /// Deadlines are put off.
    SlowDown,
    /// The case goes to another lead.
    HandOver,
    /// Exposing begins.
    Expose,
    /// It is declared public.
    Publish,
    /// The case ends.
    Close,
    /// Another process.
    Switch,
    /// A field by its path.
    SetField,
    /// What users can do until the fix.
    Mitigation(String),
    /// A score is recorded.
    Score {
        /// Id of the vulnerability.
        vulnerability: String,
        /// The vector.
        vector: String,
    },
    /// A vector to compare with.
    Compare,
    /// Another vulnerability.
    Vulnerability,
    /// Another component.
    Component,
    /// Which process is rehearsed.
    StartDrill,
    /// Is the drill kept?
    EndDrill,
    /// Where a copy of the case that is open goes.
    CopyElsewhere,
    /// Where a copy of a case comes from.
    BringBack(String),
    /// A case goes back to the version of an instant.
    GoBack(String, Timestamp),
}

/// What a submitted form asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Submitted {
    /// An action on the case that is open.
    Act(Action),
    /// A vector to compare with.
    Compare(String),
    /// A new case: title, playbook, project, instant of the report.
    NewCase(super::message::NewCaseRequest),
    /// Another process, by the id of its playbook.
    Switch(String),
    /// A rehearsal of a process.
    StartDrill(String),
    /// The end of a rehearsal, and whether it is kept.
    EndDrill(bool),
    /// A copy of the case that is open, as this file.
    CopyTo(String),
    /// Another version in the place of a case.
    Restore(String, RestoreFrom),
}

/// Why a form can't be carried out yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Unready {
    /// Something is wrong, in words.
    Wrong(String),
    /// An hour without a zone.
    NeedsZone,
}

impl From<String> for Unready {
    fn from(text: String) -> Self {
        Self::Wrong(text)
    }
}

/// The label of the field that is added when an hour has no zone.
const ZONE: &str = "In which zone?";

impl Form<Purpose> {
    /// Index of the field that takes an instant.
    #[must_use]
    pub fn instant_field(&self) -> Option<usize> {
        match self.purpose {
            Purpose::Move(_) | Purpose::SlowDown | Purpose::Promise(_) => Some(0),
            Purpose::Anchor(_) => self.fields.iter().position(|field| field.label.starts_with("When")),
            Purpose::NewCase | Purpose::LeakCase(_) => self.fields.iter().position(|field| field.label == REPORTED),
            _ => None,
        }
    }

    /// What the instant that is being typed means, in UTC and zones, or what is missing; shown while it is typed.
    #[must_use]
    pub fn echo(&self, zones: &[Zone], tools: &Tools) -> Option<Result<String, String>> {
        let field = self.instant_field()?;
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        Some(match self.instant(field, zones, tools) {
            Ok(at) => Ok(in_zones(at, tools.now, zones)),
            Err(Unready::NeedsZone) => Err("which zone? Enter asks, or write it behind the hour: 17:12 UTC".to_owned()),
            Err(Unready::Wrong(text)) => Err(text),
        })
    }

    fn instant(&self, field: usize, zones: &[Zone], tools: &Tools) -> Result<Timestamp, Unready> {
        let chosen = self.fields.iter().find(|field| field.label == ZONE).map(Field::text);
        let zone = chosen.and_then(|label| zones.iter().find(|zone| zone.label == label));
        let text = self.text(field);
        parse_instant(&text, tools.now, zone.map(|zone| &zone.zone), &|name| (tools.find_zone)(name)).map_err(|error| {
            match error {
                InstantError::NeedsZone { .. } => Unready::NeedsZone,
                other => Unready::Wrong(other.to_string()),
            }
        })
    }

    /// Asks in which zone an hour is meant.
    pub(super) fn ask_zone(&mut self, zones: &[Zone]) {
        if self.fields.iter().all(|field| field.label != ZONE) {
            let options = zones.iter().map(|zone| (zone.label.clone(), zone.label.clone())).collect();
            self.fields.push(Field::choice(ZONE, options, ""));
            self.focus = self.fields.len() - 1;
        }
    }

    /// From what was entered to what is to be done.
    pub(super) fn submit(&self, open: Option<&OpenCase>, zones: &[Zone], tools: &Tools) -> Result<Submitted, Unready> {
        let text = |field: usize| self.text(field);
        let needed = |field: usize, what: &str| match text(field) {
            empty if empty.is_empty() => Err(Unready::Wrong(format!("{what} is missing"))),
            given => Ok(given),
        };
        let optional = |field: usize| Some(text(field)).filter(|text| !text.is_empty());
        let action = match &self.purpose {
            Purpose::NewCase => return self.new_case(Vec::new(), zones, tools),
            Purpose::LeakCase(acts) => return self.new_case(acts.clone(), zones, tools),
            Purpose::Switch => return Ok(Submitted::Switch(text(0))),
            Purpose::StartDrill => return Ok(Submitted::StartDrill(text(0))),
            Purpose::EndDrill => return Ok(Submitted::EndDrill(text(0) == "yes")),
            Purpose::CopyElsewhere => return Ok(Submitted::CopyTo(needed(0, "the place")?)),
            Purpose::BringBack(id) => {
                let from = RestoreFrom::Copy(needed(0, "where the copy is")?);
                return Ok(Submitted::Restore(id.clone(), from));
            }
            Purpose::GoBack(id, at) => return Ok(Submitted::Restore(id.clone(), RestoreFrom::Version(*at))),
            Purpose::Note(step) => Action::Note { step: step.clone(), text: needed(0, "the note")? },
            Purpose::Rewrite(step, was) => {
                Action::Rewrite { step: step.clone(), was: Some(was.clone()), text: text(0) }
            }
            Purpose::Link(step) => Action::Link { step: step.clone(), url: needed(0, "the link")? },
            Purpose::Wait(step) => Action::Wait { step: step.clone(), on: needed(0, "whom it waits for")? },
            Purpose::Assign(step) => Action::Assign { step: step.clone(), who: text(0) },
            Purpose::SetAside(step, item) => {
                Action::SetAside { step: step.clone(), item: item.clone(), why: needed(0, "the reason")? }
            }
            Purpose::Move(target) => {
                let to = self.instant(0, zones, tools)?;
                Action::Move { target: target.clone(), to, why: needed(1, "the reason")? }
            }
            Purpose::Override(tick, is_start) => {
                let why = Some(needed(0, "the reason")?);
                ticked(Tick { override_why: why, ..tick.clone() }, *is_start)
            }
            Purpose::Attest(tick) => {
                let link = optional(1);
                Action::Do(Tick { attest: Some(needed(0, "how you know")?), link, ..tick.clone() })
            }
            Purpose::Codename(tick, is_start) => {
                ticked(Tick { codename: Some(needed(0, "the codename")?), ..tick.clone() }, *is_start)
            }
            Purpose::Fact(id) => Action::SetFacts(vec![self.fact(id, open)?]),
            Purpose::Anchor(id) => self.anchor(id, open, zones, tools)?,
            Purpose::Leak => {
                let extent =
                    LEAK_EXTENTS.iter().find(|(word, ..)| *word == text(1)).map_or(LEAK_EXTENTS[0].2, |row| row.2);
                Action::ReportLeak { extent, what: needed(0, "what was seen, and where,")? }
            }
            Purpose::CloseLeak => Action::CloseLeak { why: needed(0, "how it was dealt with")? },
            Purpose::Grant => Action::Grant { who: needed(0, "who gets access")?, what: needed(1, "to what")? },
            Purpose::Person => {
                let name = needed(0, "the name")?;
                Action::set(format!("person.{}.name", person_id(&name)), name)
            }
            Purpose::EditPerson(id) => self.person(id),
            Purpose::Promise(person) => {
                let at = match text(0) {
                    none if none.is_empty() => String::new(),
                    _ => self.instant(0, zones, tools)?.to_string(),
                };
                Action::set(format!("person.{person}.next_update"), at)
            }
            Purpose::SlowDown => Action::SlowDown {
                until: self.instant(0, zones, tools)?,
                why: needed(1, "the reason")?,
                discussed: needed(2, "where it was discussed")?,
            },
            Purpose::HandOver => Action::HandOver { to: needed(0, "the next lead")?, note: optional(1) },
            Purpose::Expose => Action::Expose { codename: needed(0, "the codename")? },
            Purpose::Archive => Action::Archive,
            Purpose::Reopen(step, item) => Action::Reopen { step: step.clone(), item: item.clone() },
            Purpose::Publish => {
                let codename = open.map(|open| open.case.record().id.clone()).unwrap_or_default();
                if needed(0, "the codename")? != codename {
                    return Err(Unready::Wrong("that is not the codename of this case; nothing was done".to_owned()));
                }
                Action::Publish
            }
            Purpose::Close => {
                let ending = CloseAs::ALL.iter().find(|(word, _)| *word == text(0)).map(|(_, ending)| *ending);
                Action::Close { ending, why: optional(1) }
            }
            Purpose::Mitigation(id) => Action::set(format!("vulnerability.{id}.mitigation"), text(0)),
            Purpose::SetField => Action::set(needed(0, "the path")?, text(1)),
            Purpose::Score { vulnerability, vector } => Action::Score {
                vulnerability: vulnerability.clone(),
                vector: vector.clone(),
                why: optional(1),
                is_final: text(0) == "final",
            },
            Purpose::Compare => return Ok(Submitted::Compare(needed(0, "the vector")?)),
            Purpose::Component => Action::Set(self.component()?),
            Purpose::Vulnerability => {
                let id = open.map(next_vulnerability).unwrap_or_default();
                Action::set(format!("vulnerability.{id}.summary"), needed(0, "what it is")?)
            }
        };
        Ok(Submitted::Act(action))
    }

    fn new_case(&self, acts: Vec<Action>, zones: &[Zone], tools: &Tools) -> Result<Submitted, Unready> {
        let title = self.text(0);
        if title.is_empty() {
            return Err(Unready::Wrong("the title is missing".to_owned()));
        }
        let at = |label: &str| self.fields.iter().position(|field| field.label == label);
        let project = at(PROJECT).map(|field| self.text(field)).filter(|project| !project.is_empty());
        let reported = match at(REPORTED) {
            Some(field) if !self.text(field).is_empty() => Some(self.instant(field, zones, tools)?),
            _ => None,
        };
        let playbook = at(PROCESS).map(|field| self.text(field)).unwrap_or_default();
        let me = at(YOU).map(|field| self.text(field)).filter(|me| !me.is_empty());
        let request =
            super::message::NewCaseRequest { title, playbook, project, reported, facts: Vec::new(), me, acts };
        Ok(Submitted::NewCase(request))
    }

    /// All fields that were changed, at once.
    fn person(&self, id: &str) -> Action {
        let changed = self.fields.iter().filter(|field| field.text() != field.offered());
        Action::Set(changed.map(|field| (format!("person.{id}.{}", field.name()), field.text())).collect())
    }

    fn fact(&self, id: &str, open: Option<&OpenCase>) -> Result<(String, Option<crate::playbook::Value>), Unready> {
        let fact = open.and_then(|open| open.case.playbook().fact(id).cloned());
        let fact = fact.ok_or_else(|| Unready::Wrong(format!("there is no fact {id}")))?;
        match self.text(0) {
            unknown if unknown.is_empty() => Ok((fact.id, None)),
            given => Ok((fact.id, Some(parse_value(&fact.kind, &given)?))),
        }
    }

    fn anchor(&self, id: &str, open: Option<&OpenCase>, zones: &[Zone], tools: &Tools) -> Result<Action, Unready> {
        let ends = open.and_then(|open| open.case.playbook().anchor(id).cloned());
        let is_release = ends.is_some_and(|anchor| anchor.marks == Some(Marks::EmbargoEnd));
        let which = if is_release { self.text(1) } else { String::new() };
        let which =
            ReleaseInstant::ALL.iter().find(|(word, _)| *word == which).map_or(ReleaseInstant::Target, |row| row.1);
        let at = if self.text(0).is_empty() { None } else { Some(self.instant(0, zones, tools)?) };
        let why = Some(self.text(1 + usize::from(is_release))).filter(|why| !why.is_empty());
        Ok(Action::SetAnchor { anchor: id.to_owned(), which, at, why })
    }
}

/// A tick, or the beginning of the step.
pub(super) fn ticked(tick: Tick, is_start: bool) -> Action {
    if is_start {
        Action::Start { step: tick.step, codename: tick.codename, override_why: tick.override_why }
    } else {
        Action::Do(tick)
    }
}

/// The first id that no vulnerability of the case has.
pub(super) fn next_vulnerability(open: &OpenCase) -> String {
    let entries = &open.case.record().vulnerability;
    let is_free = |id: &String| entries.iter().all(|entry| entry.id != *id);
    // Among one more name than there are entries one is free.
    (1..=entries.len() + 1).map(|number| format!("V{number}")).find(is_free).unwrap_or_default()
}

/// A short id for a person: the letters of the name in lower case, with hyphens.
fn person_id(name: &str) -> String {
    let id: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>();
    id.trim_matches('-').to_owned()
}

const PROCESS: &str = "Process";
const PROJECT: &str = "Project";
const YOU: &str = "Who are you? Asked once";
const REPORTED: &str = "When did the report come in?";

/// The form for a new case.
pub(super) fn new_case(playbooks: &[(String, String)], projects: &[String], ask_me: Option<&str>) -> Form<Purpose> {
    let first = playbooks.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let mut fields = vec![Field::line("Title", ""), Field::choice(PROCESS, playbooks.to_vec(), &first)];
    if !projects.is_empty() {
        let none = (String::new(), "none".to_owned());
        let options = std::iter::once(none).chain(projects.iter().map(|name| (name.clone(), name.clone()))).collect();
        fields.push(Field::choice(PROJECT, options, ""));
    }
    fields.push(Field::line(REPORTED, "now"));
    fields.extend(ask_me.map(|me| Field::line(YOU, me)));
    let lines = vec!["The title stays on this machine; the case goes by a codename of two random words.".to_owned()];
    Form::new("Start a case", fields, Purpose::NewCase).with_lines(lines)
}

/// The same for a case that begins with a leak: what is done to it at once, and what that is in words.
pub(super) fn leak_case(blank: Form<Purpose>, acts: Vec<Action>, lines: Vec<String>) -> Form<Purpose> {
    Form::new("Start a case for this leak", blank.fields, Purpose::LeakCase(acts)).with_lines(lines)
}

/// The form that answers a question, with the answer that is offered or known chosen.
pub(super) fn fact(fact: &FactDef, open: &OpenCase) -> Form<Purpose> {
    let known = open.case.record().facts.get(&fact.id).or(fact.default.as_ref()).map(ToString::to_string);
    let known = known.unwrap_or_default();
    let unknown = (String::new(), "not known yet".to_owned());
    let field = match &fact.kind {
        FactKind::Choice(choices) => {
            let options = choices.iter().cloned().chain([unknown]).collect();
            Field::choice("Answer", options, &known)
        }
        FactKind::YesNo => {
            let options = vec![("yes".to_owned(), "yes".to_owned()), ("no".to_owned(), "no".to_owned()), unknown];
            Field::choice("Answer", options, &known)
        }
        FactKind::Number | FactKind::Text => Field::line("Answer", &known),
    };
    Form::new(fact.ask.clone(), vec![field], Purpose::Fact(fact.id.clone()))
}

/// The form that sets an instant; for the release with the next valid ones.
pub(super) fn anchor(id: &str, open: &OpenCase, zones: &[Zone], tools: &Tools) -> Option<Form<Purpose>> {
    let definition = open.case.playbook().anchor(id)?;
    let mut fields = vec![Field::line("When", "")];
    let known = open.case.record().anchor(id).map(|at| format!("so far: {}", in_zones(at, tools.now, zones)));
    let mut lines: Vec<String> = known.into_iter().collect();
    if definition.marks == Some(Marks::EmbargoEnd) {
        let words =
            [("target", "target: nothing is promised"), ("announced", "announced"), ("actual", "it has happened")];
        let options = words.iter().map(|(id, label)| ((*id).to_owned(), (*label).to_owned())).collect();
        fields.push(Field::choice("Which", options, "target"));
        let next = evidence::next_windows(&open.case, tools.now, &|name| (tools.find_zone)(name));
        lines.extend(next.iter().map(|at| format!("in the release window: {}", in_zones(*at, tools.now, zones))));
    }
    fields.push(Field::line("Why (where it moves)", ""));
    Some(Form::new(definition.title.clone(), fields, Purpose::Anchor(id.to_owned())).with_lines(lines))
}
