//! Evidence that the machine can find by itself, and what it says.

use std::collections::BTreeMap;

use super::{Each, Step};

/// What can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each word says what it checks")]
pub enum CheckKind {
    CvssScored,
    CveIdKnown,
    ReleaseDateInWindow,
    MitigationWritten,
    FixOnBranches,
    SameCommits,
    OnlyFix,
    NoLeak,
    InSync,
    TagPresent,
    VersionPin,
    TrackingSafe,
    AnnouncementReady,
    AnnouncementSent,
    AccessRevoked,
}

impl CheckKind {
    /// All kinds with their words.
    pub const ALL: [(&'static str, Self); 15] = [
        ("cvss-scored", Self::CvssScored),
        ("cve-id-known", Self::CveIdKnown),
        ("release-date-in-window", Self::ReleaseDateInWindow),
        ("mitigation-written", Self::MitigationWritten),
        ("fix-on-branches", Self::FixOnBranches),
        ("same-commits", Self::SameCommits),
        ("only-fix", Self::OnlyFix),
        ("no-leak", Self::NoLeak),
        ("in-sync", Self::InSync),
        ("tag-present", Self::TagPresent),
        ("version-pin", Self::VersionPin),
        ("tracking-safe", Self::TrackingSafe),
        ("announcement-ready", Self::AnnouncementReady),
        ("announcement-sent", Self::AnnouncementSent),
        ("access-revoked", Self::AccessRevoked),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// May a person's word stand in for evidence that can't be had?
    ///
    /// Not where a wrong «all clear» would publish a vulnerability: there unknown blocks like fail.
    #[must_use]
    pub fn can_be_attested(self) -> bool {
        !matches!(self, Self::NoLeak | Self::SameCommits | Self::TrackingSafe | Self::OnlyFix)
    }
}

/// A check with what it needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Check {
    /// What is checked.
    pub kind: CheckKind,
    /// `same-commits`: compared by id or by patch.
    pub by: Option<String>,
    /// `cvss-scored`: the score must be final.
    pub is_final: bool,
    /// `version-pin`: role of the remote.
    pub remote: Option<String>,
    /// `version-pin`: path of the file.
    pub path: Option<String>,
    /// `version-pin`: old or new.
    pub value: Option<String>,
    /// `announcement-…`: id of the message.
    pub message: Option<String>,
    /// `in-sync`: the divergence that is planned.
    pub expects: Option<String>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so, and how that was seen.
    Pass(String),
    /// It is not so, and why.
    Fail(String),
    /// It could not be looked at, and why. Never taken for a pass.
    Unknown(String),
}

impl Verdict {
    /// `pass`, `fail` or `unknown`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Fail(_) => "fail",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The reason that comes with it.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Pass(reason) | Self::Fail(reason) | Self::Unknown(reason) => reason,
        }
    }
}

/// What was found for each check that was looked at, and where steps are done for several things, for each of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    checks: BTreeMap<Check, Verdict>,
    items: BTreeMap<(Check, Each), BTreeMap<String, Verdict>>,
    steps: BTreeMap<String, Verdict>,
}

impl Verdicts {
    /// Nothing was looked at.
    #[must_use]
    pub const fn new() -> Self {
        Self { checks: BTreeMap::new(), items: BTreeMap::new(), steps: BTreeMap::new() }
    }

    /// What was found for a check over everything that it looks at.
    pub fn insert(&mut self, check: Check, verdict: Verdict) {
        self.checks.insert(check, verdict);
    }

    /// What was found for a check in steps that are done for each thing of a kind, by the id of the item.
    pub fn insert_items(&mut self, check: Check, each: Each, items: BTreeMap<String, Verdict>) {
        self.items.insert((check, each), items);
    }

    /// What was found for the check of a step without what was set aside there.
    pub fn insert_step(&mut self, step: &str, verdict: Verdict) {
        self.steps.insert(step.to_owned(), verdict);
    }

    /// What was found for a check over everything: what a gate asks. None where nothing has looked.
    #[must_use]
    pub fn of(&self, check: &Check) -> Option<&Verdict> {
        self.checks.get(check)
    }

    /// What was found for the check of a step, over all that the step is done for.
    #[must_use]
    pub fn of_step(&self, step: &Step) -> Option<&Verdict> {
        self.steps.get(&step.id).or_else(|| self.of(step.check.as_ref()?))
    }

    /// What was found for each item of a step, by its id; none where the check says the same of all of them.
    #[must_use]
    pub fn of_items(&self, step: &Step) -> Option<&BTreeMap<String, Verdict>> {
        self.items.get(&(step.check.clone()?, step.each?))
    }
}
