//! What a look at a component brings: everything that was found, and when it was looked at.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Component, Expected, FixState, Leaks, Oid, PairState, PinAt, PinState, Plan, Side, TagAt, TagState};

/// Which of the repositories of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The private one, where the fix is made.
    Security,
    /// The public one.
    Canonical,
    /// A private one where releases are built.
    Dev,
}

impl Role {
    /// All of them with their words in files and JSON.
    pub const ALL: [(&'static str, Self); 3] =
        [("security", Self::Security), ("canonical", Self::Canonical), ("dev", Self::Dev)];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }

    /// The role of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, role)| role)
    }

    /// May everybody read it?
    #[must_use]
    pub fn is_public(self) -> bool {
        self == Self::Canonical
    }
}

/// What is told beside the state of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Each commit of one side only has an equal patch on the other.
    Equivalent,
    /// Both tips hold the same files.
    SameTree,
    /// There is more than one best common ancestor.
    MultipleBases,
    /// A tip that was seen before is no ancestor of the one of now: somebody forced a push.
    Rewritten,
    /// It is as planned.
    Planned,
}

impl Flag {
    /// All of them with their words in JSON.
    pub const ALL: [(&'static str, Self); 5] = [
        ("equivalent", Self::Equivalent),
        ("same_tree", Self::SameTree),
        ("multiple_bases", Self::MultipleBases),
        ("rewritten", Self::Rewritten),
        ("planned", Self::Planned),
    ];
}

/// A branch on two remotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Name of the branch, without `refs/heads/`.
    pub branch: String,
    /// The first side.
    pub a: Role,
    /// The second.
    pub b: Role,
    /// What was found on each.
    pub tips: [Side; 2],
    /// Commits that only the first has, and only the second; none where that is not known.
    pub counts: Option<(u32, u32)>,
    /// How many commits of one side have an equal patch on the other, where that was asked.
    pub equal_patches: Option<u32>,
    /// How the two relate.
    pub state: PairState,
    /// What is told beside it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub flags: BTreeSet<Flag>,
    /// Commits that the private side brings and that belong to no fix; none where that was not looked at. A merge that adds
    /// nothing of its own is not among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Vec<Oid>>,
    /// Since when the public side is ahead, where it is and that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead_since: Option<Timestamp>,
    /// Whether that is as planned.
    pub plan: Plan,
}

/// A fix on every branch of every remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixRow {
    /// Its commit.
    pub commit: Oid,
    /// The first line of its message, as it is; none where it was not read.
    pub subject: Option<String>,
    /// It must not be public yet.
    pub embargoed: bool,
    /// By branch and remote. What is not asked for has no entry.
    pub branches: BTreeMap<String, BTreeMap<Role, FixState>>,
}

/// A tag on the remotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRow {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The private side against the public one.
    pub state: TagState,
    /// What each remote has.
    pub remotes: BTreeMap<Role, Option<TagAt>>,
    /// Does it hold every fix, on each remote that has it? None where that is not known.
    pub holds_fixes: BTreeMap<Role, Option<bool>>,
}

/// The version pin of a branch on the remotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRow {
    /// Name of the branch.
    pub branch: String,
    /// What they come to.
    pub state: PinState,
    /// What each remote has.
    pub remotes: BTreeMap<Role, PinAt>,
    /// Does the version that it names, a tag or a commit, hold every fix? None where that is not known.
    pub holds_fixes: BTreeMap<Role, Option<bool>>,
}

impl PinRow {
    /// Has any side the file?
    #[must_use]
    pub fn is_anywhere(&self) -> bool {
        self.remotes.values().any(|at| matches!(at, PinAt::Text(_)))
    }
}

/// Where a branch of the person's clone would be pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackRow {
    /// Its name, without `refs/heads/`.
    pub branch: String,
    /// A URL to which git would push it, or which it follows.
    pub url: String,
    /// Why that is not safe; none where it is a private remote of the component.
    pub why_not: Option<String>,
}

/// Whether a branch of the person's clone that holds what is private could be pushed to where everybody reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tracking {
    /// There is no clone to look at.
    NoClone,
    /// It could not be looked at, and why.
    Unknown(String),
    /// Every branch that holds something private, with each place where it goes.
    Looked(Vec<TrackRow>),
}

/// A commit that may be a fix: on the private main branch and not on the public one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The commit.
    pub commit: Oid,
    /// The first line of its message, as it is.
    pub subject: String,
}

/// When a remote was looked at, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    /// Which.
    pub remote: Role,
    /// How many refs it listed.
    pub refs: usize,
    /// When.
    pub at: Timestamp,
}

/// Everything that was found of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its name.
    pub name: String,
    /// Which divergence is planned.
    #[serde(default)]
    pub expected: Expected,
    /// Branches, worst first.
    pub pairs: Vec<Pair>,
    /// Fixes.
    pub fixes: Vec<FixRow>,
    /// What is public although it must not be; none where nothing is embargoed.
    pub leaks: Option<Leaks>,
    /// Since when what was private is remembered, and looked for among the leaks; none where nothing is.
    pub private_since: Option<Timestamp>,
    /// Tags.
    pub tags: Vec<TagRow>,
    /// Version pins.
    pub pins: Vec<PinRow>,
    /// Where what is private could be pushed by mistake.
    pub tracking: Tracking,
    /// What may be a fix, where none is given.
    pub offered: Vec<Offered>,
    /// What was looked at.
    pub looked_at: Vec<LookedAt>,
    /// What went wrong on the way, in words for a person.
    pub errors: Vec<String>,
}

impl Report {
    /// A report in which nothing was looked at yet.
    #[must_use]
    pub fn blank(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            expected: Expected::default(),
            pairs: Vec::new(),
            fixes: Vec::new(),
            leaks: None,
            private_since: None,
            tags: Vec::new(),
            pins: Vec::new(),
            tracking: Tracking::NoClone,
            offered: Vec::new(),
            looked_at: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Says what is planned, and of each pair whether it is so at an instant.
    pub fn plan(&mut self, component: &Component, now: Timestamp) {
        self.expected = component.expected;
        for pair in &mut self.pairs {
            let lag = pair.ahead_since.map(|since| now.duration_since(since));
            pair.plan = Plan::of(&pair.state, component.expected, lag, component.may_lag);
            if pair.plan == Plan::AsPlanned {
                pair.flags.insert(Flag::Planned);
            } else {
                pair.flags.remove(&Flag::Planned);
            }
        }
    }
}
