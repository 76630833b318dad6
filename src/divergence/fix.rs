//! Whether a fix is on a branch of a remote, and by what it was recognised.

use serde::{Deserialize, Serialize};

use super::Oid;

/// What was seen of a fix on one branch of one remote. The reader fills in what it looked for; what it could not look for it
/// says in `unseen`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FixSeen {
    /// The branch reaches a commit of the fix itself.
    pub by_id: Option<Oid>,
    /// A commit with the same patch, whatever its white space and its place (`git patch-id --stable`).
    pub by_patch: Option<Oid>,
    /// A commit that names the fix: by its Change-Id, or as what it was picked from.
    pub by_trailer: Option<Oid>,
    /// The tip holds what the fix brought: one of the files as the fix left them, or its added lines as one block.
    pub content: Option<bool>,
    /// What could not be looked at, and why; nothing where everything was.
    pub unseen: Option<String>,
}

/// Whether a fix is on a branch of a remote. The first that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FixState {
    /// It landed, and what it brought is gone from the tip.
    Reverted(Oid),
    /// The very commit.
    ById(Oid),
    /// A commit with the same patch.
    ByPatch(Oid),
    /// An adapted backport that names the fix.
    ByTrailer(Oid),
    /// Its content, by a squash or a merge that holds more.
    ByContent,
    /// It could not be found out, and why. Never taken for absent, and never for there.
    Unknown(String),
    /// Everything was looked at, and it is not there.
    Absent,
}

impl FixState {
    /// What the evidence comes to.
    #[must_use]
    pub fn of(seen: &FixSeen) -> Self {
        let landed =
            seen.by_id.map(Self::ById).or(seen.by_patch.map(Self::ByPatch)).or(seen.by_trailer.map(Self::ByTrailer));
        let unseen = || seen.unseen.clone().unwrap_or_else(|| "its content was not looked at".to_owned());
        match (landed, seen.content) {
            (Some(Self::ById(oid) | Self::ByPatch(oid) | Self::ByTrailer(oid)), Some(false)) => Self::Reverted(oid),
            // A fix that was taken out again must not be told as there.
            (Some(_), None) => {
                Self::Unknown(format!("it landed, but whether it was reverted is not known: {}", unseen()))
            }
            (Some(landed), Some(_)) => landed,
            (None, Some(true)) => Self::ByContent,
            (None, Some(false)) if seen.unseen.is_none() => Self::Absent,
            (None, _) => Self::Unknown(unseen()),
        }
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Reverted(_) => "reverted",
            Self::ById(_) => "by_id",
            Self::ByPatch(_) => "by_patch",
            Self::ByTrailer(_) => "by_trailer",
            Self::ByContent => "by_content",
            Self::Unknown(_) => "unknown",
            Self::Absent => "absent",
        }
    }

    /// Is it there? None if that is not known.
    #[must_use]
    pub fn is_there(&self) -> Option<bool> {
        match self {
            Self::ById(_) | Self::ByPatch(_) | Self::ByTrailer(_) | Self::ByContent => Some(true),
            Self::Reverted(_) | Self::Absent => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(digit: char) -> Option<Oid> {
        digit.to_string().repeat(40).parse().ok()
    }

    fn word(seen: &FixSeen) -> &'static str {
        FixState::of(seen).word()
    }

    #[test]
    fn the_surest_evidence_is_told() {
        let content = Some(true);
        let all = FixSeen { by_id: oid('1'), by_patch: oid('2'), by_trailer: oid('3'), content, unseen: None };
        assert_eq!(FixState::of(&all), FixState::ById(oid('1').unwrap()));
        assert_eq!(word(&FixSeen { by_id: None, ..all.clone() }), "by_patch");
        assert_eq!(word(&FixSeen { by_id: None, by_patch: None, ..all }), "by_trailer");
        assert_eq!(word(&FixSeen { content, ..FixSeen::default() }), "by_content");
    }

    #[test]
    fn what_landed_and_is_gone_from_the_tip_was_reverted() {
        for seen in [
            FixSeen { by_id: oid('1'), ..FixSeen::default() },
            FixSeen { by_patch: oid('1'), ..FixSeen::default() },
            FixSeen { by_trailer: oid('1'), ..FixSeen::default() },
        ] {
            let gone = FixState::of(&FixSeen { content: Some(false), ..seen.clone() });
            assert_eq!((gone.word(), gone.is_there()), ("reverted", Some(false)));
            let blind = FixState::of(&seen);
            assert_eq!((blind.word(), blind.is_there()), ("unknown", None), "nobody looked whether it is still there");
        }
    }

    #[test]
    fn absent_is_only_what_was_looked_for_everywhere() {
        let nothing = FixSeen { content: Some(false), ..FixSeen::default() };
        assert_eq!(word(&nothing), "absent");
        let blind = FixSeen { unseen: Some("patches could not be read".into()), ..nothing };
        assert_eq!(FixState::of(&blind), FixState::Unknown("patches could not be read".into()));
        assert_eq!(word(&FixSeen::default()), "unknown");
    }
}
