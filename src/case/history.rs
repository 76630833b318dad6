//! The course of a case as instants: when each phase was planned and when it ran, and what happened on the way.
//!
//! What stands in the record tells how things are; the events that were not taken back tell when they began, what they
//! were planned for, and what was there before.

mod telling;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::Case;
use super::view::{PhaseState, View};
use telling::Telling;

/// The whole course of a case, lane by lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Phases in order without hidden ones, then the release, promises and what happened; the last three only where
    /// there is something to tell.
    pub lanes: Vec<Lane>,
    /// The first instant of interest.
    pub first: Timestamp,
    /// The last one, without now.
    pub last: Timestamp,
    /// When the case was closed, if it is.
    pub ended: Option<Timestamp>,
}

/// One line of the course.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What it tells of.
    pub kind: LaneKind,
    /// The phase's title, or a word.
    pub title: String,
    /// When it was to happen, from its aim, or from where its span is counted, to its deadline.
    pub planned: Option<Stretch>,
    /// When it did, from the first step begun to the last one settled.
    pub actual: Option<Stretch>,
    /// Each deadline of its steps, once.
    pub deadlines: Vec<Timestamp>,
    /// What stands on it: of a phase in the order in which it happened, else by instant.
    pub marks: Vec<Mark>,
    /// Steps that were done late or are late, in their order.
    pub late: Vec<Late>,
}

/// What a lane tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// A phase, and where it stands.
    Phase(PhaseState),
    /// The release: target, announced, released, and from where it was moved.
    Release,
    /// What was promised to others.
    Promises,
    /// Exposing, leaks, overrides, slow-downs, the end.
    Events,
}

/// From one instant to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The beginning.
    pub from: Timestamp,
    /// The end; none while it goes on.
    pub to: Option<Timestamp>,
}

/// Something at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// What.
    pub sign: Sign,
    /// What it is about, in words of the process or of a person.
    pub text: String,
}

/// What a mark says; where two fall together, the later in this list matters more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each word says what it stands for")]
pub enum Sign {
    MovedFrom,
    Target,
    Announced,
    SlowDown,
    Closed,
    Promised,
    Kept,
    Override,
    Exposing,
    Public,
    Released,
    LeakClosed,
    Broken,
    Leak,
}

/// A step that was done late, or is late.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// Title of the step.
    pub title: String,
    /// Its deadline, as it was when it was done.
    pub until: Timestamp,
    /// When it was done; none if it is still open.
    pub done: Option<Timestamp>,
}

impl History {
    /// The instants that a picture spans; now is among them while the case is open.
    #[must_use]
    pub fn span(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        match self.ended {
            Some(_) => (self.first, self.last),
            None => (self.first.min(now), self.last.max(now)),
        }
    }

    /// Until when what goes on has lasted so far: now, or the end of the case.
    #[must_use]
    pub fn so_far(&self, now: Timestamp) -> Timestamp {
        self.ended.unwrap_or(now)
    }
}

impl Case {
    /// The course of the case so far and as planned, with what it means now.
    #[must_use]
    pub fn history(&self, view: &View) -> History {
        Telling::new(&self.record, &self.playbook, view).history()
    }
}

impl Lane {
    /// Every instant that it tells of.
    fn instants(&self) -> impl Iterator<Item = Timestamp> {
        let stretches = self.planned.iter().chain(&self.actual).flat_map(|stretch| [Some(stretch.from), stretch.to]);
        stretches.flatten().chain(self.deadlines.iter().copied()).chain(self.marks.iter().map(|mark| mark.at))
    }
}
