//! A new case.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::action::{Action, Context, Refusal, ReleaseInstant};
use super::event::{Event, EventKind};
use super::record::{Component, Person, PlaybookRef, Record, SCHEMA, State};
use super::{Case, limits};
use crate::config::ProjectComponent;
use crate::playbook::{Playbook, Value, Verdicts};

/// What a case begins with.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// The codename.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its process.
    pub playbook: Arc<Playbook>,
    /// SHA-256 of the playbook's text.
    pub sha256: String,
    /// Its project.
    pub project: Option<String>,
    /// Components of the project.
    pub components: Vec<Component>,
    /// People of the project.
    pub people: Vec<Person>,
    /// Answers that are known from the start.
    pub facts: Vec<(String, Option<Value>)>,
    /// Instants that are known from the start.
    pub anchors: Vec<(String, ReleaseInstant, Timestamp)>,
}

impl NewCase {
    /// Starts the case.
    ///
    /// # Errors
    /// If the title is blank, or a fact or an anchor is not one of the playbook's.
    pub fn start(self, context: &Context<'_>) -> Result<Case, Refusal> {
        let title = self.title.trim().to_owned();
        if title.is_empty() {
            return Err(Refusal::BadValue("the case needs a title".to_owned()));
        }
        let record = Record {
            schema: SCHEMA,
            id: self.id.clone(),
            title,
            state: State::Embargo,
            project: self.project,
            lead: Some(context.by.to_owned()),
            archived: false,
            playbook: PlaybookRef { id: self.playbook.id.clone(), sha256: self.sha256 },
            closing: None,
            slow_down: None,
            leak: None,
            hand_over: None,
            facts: BTreeMap::new(),
            anchors: BTreeMap::new(),
            vulnerability: vec![super::record::Vulnerability { id: "V1".to_owned(), ..Default::default() }],
            component: self.components,
            fix: Vec::new(),
            phase: Vec::new(),
            step: Vec::new(),
            person: self.people,
            grant: Vec::new(),
            decision: Vec::new(),
            draft: Vec::new(),
            send: Vec::new(),
            event: Vec::new(),
        };
        if let Some(words) = limits::too_many(&record) {
            return Err(Refusal::NotAllowed(words));
        }
        if record.title.len() > limits::MAX_TITLE {
            return Err(Refusal::BadValue(format!("a title has at most {} bytes", limits::MAX_TITLE)));
        }
        let mut case = Case::new(record, self.playbook);
        for (anchor, which, at) in self.anchors {
            case.act(Action::SetAnchor { anchor, which, at: Some(at), why: None }, context)?;
        }
        if !self.facts.is_empty() {
            case.act(Action::SetFacts(self.facts), context)?;
        }
        // What is known from the start is part of the start: one event, with nothing to take back.
        case.record.event = vec![Event {
            id: context.event_id.to_owned(),
            at: context.now,
            by: context.by.to_owned(),
            kind: EventKind::Created,
            target: self.id,
            why: None,
            planned: None,
            of: None,
            before: toml::Table::new(),
            after: toml::Table::new(),
        }];
        Ok(case)
    }
}

impl From<&ProjectComponent> for Component {
    fn from(given: &ProjectComponent) -> Self {
        let ProjectComponent { id, purl, urls, clone, branches, tags, pin, mirror_lag } = given.clone();
        Self { id, purl, urls, clone, branches, tags, pin, mirror_lag }
    }
}

/// No evidence at all, for callers that have none.
pub const NO_VERDICTS: &Verdicts = &Verdicts::new();
