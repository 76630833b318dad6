//! What passes between a board and the part of the program that looks at repositories.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Progress;
use crate::divergence::{Component, Look, Oid};

/// Whose components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those of a case, by its codename.
    Case(String),
    /// Everything that is watched.
    Fleet,
}

/// How far a look may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Paths on this machine only.
    Here,
    /// Servers, too, but nobody is asked for anything.
    Quiet,
    /// Servers may ask the person, who has the terminal meanwhile.
    Asking,
}

/// Look at these components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Whose they are.
    pub scope: Scope,
    /// What is asked.
    pub components: Vec<Component>,
    /// How far it may go.
    pub manner: Manner,
}

/// What is told of looks that are under way.
#[derive(Clone, Debug)]
pub enum News {
    /// So far is the look at a component.
    Progress {
        /// Whose it is.
        scope: Scope,
        /// Its name.
        component: String,
        /// How far.
        progress: Progress,
    },
    /// A component was looked at.
    Looked {
        /// Whose it is.
        scope: Scope,
        /// What was found.
        look: Box<Look>,
        /// When the look ended.
        at: Timestamp,
        /// Which servers could not be asked.
        unreached: Unreached,
        /// More looks follow in the same breath, so that what follows from this one can wait for them.
        more: bool,
    },
    /// Nothing is under way any more for these.
    Ended {
        /// Whose they were.
        scope: Scope,
        /// It was ended before it was done.
        cancelled: bool,
        /// Why what was found could not be kept, if so.
        failure: Option<String>,
    },
}

/// Servers that could not be asked during a look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreached {
    /// Those that did not answer, as [`super::host`] names them.
    pub hosts: BTreeSet<String>,
    /// One of them wanted to know who asks, which only the person can say.
    pub needs_person: bool,
}

/// Read the commits of both sides of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SidesWanted {
    /// The component.
    pub component: Component,
    /// The branch.
    pub branch: String,
    /// The private tip and the public one.
    pub tips: [Oid; 2],
}

/// The commits that only one side of a branch has, as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Of what they are.
    pub of: SidesWanted,
    /// Those of the private side and those of the public one, newest first; or why they can't be read.
    pub commits: Result<[Vec<Commit>; 2], String>,
}

/// A commit, as a person knows it. Its texts are as they stand in the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: Oid,
    /// The first line of its message.
    pub subject: String,
    /// Its author's name.
    pub author: String,
    /// When it was committed.
    pub at: Timestamp,
}
