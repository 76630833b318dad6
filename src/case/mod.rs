//! One security release: facts, step states, decisions, people and access, drafts, timeline.
//!
//! [`Case::act`] is the only way to change a case, for keys and verbs alike. It returns the event that it appended to
//! the timeline, or says why it refused and leaves the case as it was. [`Case::view`] tells what a case means at one
//! instant; nothing of that is stored. What is typed and not carried out yet is no act: [`Case::keep_draft`] keeps it.

mod act;
mod action;
pub mod address;
mod components;
mod conflict;
mod consequences;
mod course;
mod derive;
mod draft;
mod event;
mod gates;
mod go_no_go;
mod history;
mod items;
mod known;
pub mod limits;
pub mod merge;
mod next;
mod people;
pub mod record;
mod scoring;
mod set;
mod start;
mod steps;
mod summary;
mod switch;
#[cfg(test)]
mod tests;
mod times;
mod told;
mod trouble;
mod undo;
mod view;

pub use action::{Action, Context, Obstacle, ObstacleKind, Refusal, ReleaseInstant, SwitchTo, Tick};
pub use components::{CONFLICT, components, components_expecting, fixes_nowhere, is_embargoed};
pub use conflict::Question;
pub use consequences::NOTHING_CHANGES;
pub use course::STAYS;
pub use draft::{keep_draft, kept_draft};
pub use event::{Event, EventKind};
pub use go_no_go::{GoNoGo, Need};
pub use history::{History, Lane, LaneKind, Late, Mark, Sign, Stretch};
pub use items::{Part, parts};
pub use known::CaseKnows;
pub use scoring::{DrivingScore, Scored, VulnerabilityScores, driving_score};
pub use start::{NO_VERDICTS, NewCase};
pub use summary::{Summary, SummaryItem};
pub use trouble::{Damage, Trouble, Version, Way, WayOut, Words};
pub use view::{
    GateView, ItemView, Moment, NextItem, NextKind, PhaseState, PhaseView, RuleView, Shown, SlaView, StepView, View,
};

use std::sync::Arc;

use crate::playbook::Playbook;
use record::Record;

/// A case and the process it follows.
#[derive(Clone, Debug)]
pub struct Case {
    record: Record,
    playbook: Arc<Playbook>,
}

impl Case {
    /// A case from what was stored.
    #[must_use]
    pub fn new(record: Record, playbook: Arc<Playbook>) -> Self {
        Self { record, playbook }
    }

    /// What is stored.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The process.
    #[must_use]
    pub fn playbook(&self) -> &Arc<Playbook> {
        &self.playbook
    }

    /// Takes in what others changed while this copy went on: the way from `sent`, which was handed to a save, to
    /// `stored`, which now lies in the file, is carried over to this copy. Where both changed the same field, the
    /// file's value stays, and the addresses come back.
    ///
    /// # Errors
    /// If the two can't be brought together; this copy is unchanged then.
    pub fn absorb(&mut self, sent: &Self, stored: &Self) -> Result<Vec<String>, address::NotACase> {
        let flat = |case: &Self| address::flatten(&case.record).map_err(|error| address::NotACase(error.to_string()));
        let merged = merge::three_way(&flat(sent)?, &flat(self)?, &flat(stored)?);
        self.record = address::unflatten(&merged.flat)?;
        self.record.event.sort_by_key(|event| event.at);
        if self.record.playbook == stored.record.playbook {
            self.playbook = stored.playbook.clone();
        }
        Ok(merged.conflicts)
    }

    /// What undo would take back.
    #[must_use]
    pub fn undoable(&self) -> Option<&Event> {
        undo::last_applied(&self.record.event)
    }

    /// Why nothing can be taken back, where that is so.
    #[must_use]
    pub fn why_no_undo(&self) -> &'static str {
        undo::why_nothing(&self.record.event)
    }

    /// What was taken back and redo would do again.
    #[must_use]
    pub fn redoable(&self) -> Option<&Event> {
        undo::last_taken_back(&self.record.event)
    }

    /// What the case means at a moment.
    #[must_use]
    pub fn view(&self, moment: Moment<'_>) -> View {
        derive::view(&self.record, &self.playbook, moment)
    }
}
