//! The timeline: what happened, with what stood before and after, so that it can be told and taken back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry of the timeline. Entries are appended, never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Random, so that two copies of a case can be united.
    pub id: String,
    /// When; never earlier than the event before it.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What happened.
    pub kind: EventKind,
    /// To what: a step, an anchor, a fact, a person ….
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Why, in the words of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When it was planned, where there was a deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Timestamp>,
    /// The event that this one takes back, or does again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What stood at each address that changed; what is missing did not exist.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub before: toml::Table,
    /// What stands there since.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub after: toml::Table,
}

impl Event {
    /// Can it be taken back? Not what is out in the world, nor an answer that brought such a thing in.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        let is_closed = self.after.get("state").and_then(toml::Value::as_str) == Some("closed");
        let is_of_course = |address: &String| match address.split('/').next() {
            Some("state") => !is_closed,
            Some(table) => ["leak", "hand_over", "send"].contains(&table),
            None => false,
        };
        let touches_course = self.before.keys().chain(self.after.keys()).any(is_of_course);
        self.kind.can_be_undone() && !(self.kind == EventKind::Resolved && touches_course)
    }

    /// Did it say that this step, or an item of it, is done?
    #[must_use]
    pub fn is_tick_of(&self, step: &str) -> bool {
        let done = matches!(
            self.kind,
            EventKind::StepDone | EventKind::Override | EventKind::Exposed | EventKind::EvidenceSeen
        );
        done && self.is_about(step)
    }

    /// Is it about this step, or about an item of it?
    #[must_use]
    pub fn is_about(&self, step: &str) -> bool {
        self.target.split('@').next() == Some(step)
    }
}

/// What can happen. The list is closed; `docs/case-file.md` describes each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each word says what happened")]
pub enum EventKind {
    Created,
    StepDone,
    StepStarted,
    StepReopened,
    StepWaiting,
    StepAssigned,
    StepNoted,
    StepLinked,
    StepSetAside,
    EvidenceSeen,
    Override,
    FactSet,
    AnchorSet,
    Moved,
    SlowedDown,
    Granted,
    Revoked,
    Exposed,
    Published,
    Leaked,
    LeakClosed,
    HandedOver,
    Imported,
    Accepted,
    Closed,
    Switched,
    Archived,
    Unarchived,
    FieldSet,
    Scored,
    Resolved,
    Restored,
    Undone,
    Redone,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 34] = [
        Self::Created,
        Self::StepDone,
        Self::StepStarted,
        Self::StepReopened,
        Self::StepWaiting,
        Self::StepAssigned,
        Self::StepNoted,
        Self::StepLinked,
        Self::StepSetAside,
        Self::EvidenceSeen,
        Self::Override,
        Self::FactSet,
        Self::AnchorSet,
        Self::Moved,
        Self::SlowedDown,
        Self::Granted,
        Self::Revoked,
        Self::Exposed,
        Self::Published,
        Self::Leaked,
        Self::LeakClosed,
        Self::HandedOver,
        Self::Imported,
        Self::Accepted,
        Self::Closed,
        Self::Switched,
        Self::Archived,
        Self::Unarchived,
        Self::FieldSet,
        Self::Scored,
        Self::Resolved,
        Self::Restored,
        Self::Undone,
        Self::Redone,
    ];

    /// Can it be taken back? Not what is out in the world: an exposure, a leak, an override, a hand-over.
    #[must_use]
    pub fn can_be_undone(self) -> bool {
        !matches!(
            self,
            Self::Created
                | Self::Override
                | Self::Exposed
                | Self::Published
                | Self::Leaked
                | Self::LeakClosed
                | Self::HandedOver
                | Self::Imported
                | Self::Accepted
                | Self::Switched
                | Self::Restored
                | Self::Undone
                | Self::Redone
        )
    }

    /// Its word in files and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::StepDone => "step_done",
            Self::StepStarted => "step_started",
            Self::StepReopened => "step_reopened",
            Self::StepWaiting => "step_waiting",
            Self::StepAssigned => "step_assigned",
            Self::StepNoted => "step_noted",
            Self::StepLinked => "step_linked",
            Self::StepSetAside => "step_set_aside",
            Self::EvidenceSeen => "evidence_seen",
            Self::Override => "override",
            Self::FactSet => "fact_set",
            Self::AnchorSet => "anchor_set",
            Self::Moved => "moved",
            Self::SlowedDown => "slowed_down",
            Self::Granted => "granted",
            Self::Revoked => "revoked",
            Self::Exposed => "exposed",
            Self::Published => "published",
            Self::Leaked => "leaked",
            Self::LeakClosed => "leak_closed",
            Self::HandedOver => "handed_over",
            Self::Imported => "imported",
            Self::Accepted => "accepted",
            Self::Closed => "closed",
            Self::Switched => "switched",
            Self::Archived => "archived",
            Self::Unarchived => "unarchived",
            Self::FieldSet => "field_set",
            Self::Scored => "scored",
            Self::Resolved => "resolved",
            Self::Restored => "restored",
            Self::Undone => "undone",
            Self::Redone => "redone",
        }
    }

    /// What a timeline says.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Created => "case started",
            Self::StepDone => "done",
            Self::StepStarted => "started",
            Self::StepReopened => "opened again",
            Self::StepWaiting => "waiting",
            Self::StepAssigned => "assigned",
            Self::StepNoted => "note",
            Self::StepLinked => "link",
            Self::StepSetAside => "set aside",
            Self::EvidenceSeen => "seen by the program",
            Self::Override => "override",
            Self::FactSet => "answered",
            Self::AnchorSet => "date set",
            Self::Moved => "moved",
            Self::SlowedDown => "slowed down",
            Self::Granted => "access given",
            Self::Revoked => "access ended",
            Self::Exposed => "exposing begun",
            Self::Published => "declared public",
            Self::Leaked => "LEAK",
            Self::LeakClosed => "leak closed",
            Self::HandedOver => "handed over",
            Self::Imported => "received",
            Self::Accepted => "accepted",
            Self::Closed => "closed",
            Self::Switched => "process switched",
            Self::Archived => "archived",
            Self::Unarchived => "taken out of the archive",
            Self::FieldSet => "set",
            Self::Scored => "scored",
            Self::Resolved => "decided between two versions",
            Self::Restored => "put in place",
            Self::Undone => "taken back",
            Self::Redone => "done again",
        }
    }
}
