//! How the looks at a component go.

use jiff::Timestamp;

use crate::divergence::{Component, Report};

/// A component that is looked at again and again.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What is asked of it.
    pub asked: Component,
    /// The last report in which everything was looked at: what is told beside what can't be looked at now.
    pub whole: Option<Report>,
    /// What happens to it now.
    pub stage: Stage,
    /// How many looks in a row could not see everything.
    pub failures: u32,
    /// When the last look ended.
    pub ended: Option<Timestamp>,
    /// When the next one begins by itself; none if only a person begins one.
    pub next: Option<Timestamp>,
    /// A server wanted to know who asks the last time, which only the person can say.
    pub needs_person: bool,
}

/// What happens to a component now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing, until the next look.
    Resting,
    /// It is to be looked at, and others are before it.
    Waiting,
    /// It is looked at.
    Looking(Progress),
}

/// How far a look is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is done, in a few words, such as «fetching from private».
    pub words: String,
    /// How much of it, of how much; none where that is not known.
    pub done: Option<(u64, u64)>,
}

impl Watched {
    /// A component at which nobody has looked.
    #[must_use]
    pub fn new(asked: Component) -> Self {
        Self { asked, whole: None, stage: Stage::Resting, failures: 0, ended: None, next: None, needs_person: false }
    }
}
