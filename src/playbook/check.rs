//! Evidence that the machine can find by itself, and what it says.

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

/// What was found for each check that was looked at.
pub type Verdicts = std::collections::BTreeMap<Check, Verdict>;
