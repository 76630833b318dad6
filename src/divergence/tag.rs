//! Tags and version pins, compared between two remotes.

use serde::{Deserialize, Serialize};

use super::Oid;

/// What a remote has under the name of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagAt {
    /// The object that the name points to: the tag itself if it is annotated, else the commit.
    pub object: Oid,
    /// The commit behind it; none if it was not peeled.
    pub commit: Option<Oid>,
}

/// What was found of a tag or a pin on one remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// It is there.
    There(T),
    /// The remote was looked at, and has none.
    Absent,
    /// It could not be looked at, and why.
    Unknown(String),
}

/// A tag of the private side against the one of the public side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagState {
    /// The same object.
    Same,
    /// Another object of the same commit, such as an annotated tag beside a bare one.
    SameCommit,
    /// Another commit under the same name.
    Differs,
    /// Only the private side has it.
    MissingOnCanonical,
    /// Only the public side has it.
    MissingOnSecurity,
    /// It could not be found out, and why.
    Unknown(String),
}

impl TagState {
    /// How the two compare; none if neither side has it.
    #[must_use]
    pub fn of(security: &Found<TagAt>, canonical: &Found<TagAt>) -> Option<Self> {
        Some(match (security, canonical) {
            (Found::Unknown(why), _) | (_, Found::Unknown(why)) => Self::Unknown(why.clone()),
            (Found::Absent, Found::Absent) => return None,
            (Found::There(_), Found::Absent) => Self::MissingOnCanonical,
            (Found::Absent, Found::There(_)) => Self::MissingOnSecurity,
            (Found::There(a), Found::There(b)) if a.object == b.object => Self::Same,
            (Found::There(a), Found::There(b)) => match (a.commit, b.commit) {
                (Some(a), Some(b)) if a == b => Self::SameCommit,
                (Some(_), Some(_)) => Self::Differs,
                _ => Self::Unknown("the commit behind the tag is not known".to_owned()),
            },
        })
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::SameCommit => "same_commit",
            Self::Differs => "differs",
            Self::MissingOnCanonical => "missing_on_canonical",
            Self::MissingOnSecurity => "missing_on_security",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What was found of the file that pins a version, on one branch of one remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinAt {
    /// Its text.
    Text(String),
    /// The branch has no such file.
    FileMissing,
    /// The remote has no such branch.
    BranchMissing,
    /// It could not be looked at, and why.
    Unknown(String),
}

/// The version pins of one branch on several remotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinState {
    /// All say the same.
    Same,
    /// They say different things.
    Differs,
    /// Some branch lacks the file.
    FileMissing,
    /// Some remote lacks the branch.
    BranchMissing,
    /// Some could not be looked at, and why.
    Unknown(String),
}

impl PinState {
    /// What the pins come to. White space around them says nothing.
    #[must_use]
    pub fn of(pins: &[PinAt]) -> Self {
        let unknown = pins.iter().find_map(|pin| match pin {
            PinAt::Unknown(why) => Some(why.clone()),
            _ => None,
        });
        if let Some(why) = unknown {
            return Self::Unknown(why);
        }
        if pins.contains(&PinAt::BranchMissing) {
            return Self::BranchMissing;
        }
        if pins.contains(&PinAt::FileMissing) {
            return Self::FileMissing;
        }
        let mut texts = pins.iter().filter_map(|pin| match pin {
            PinAt::Text(text) => Some(text.trim()),
            _ => None,
        });
        let Some(first) = texts.next() else { return Self::Unknown("no remote was looked at".to_owned()) };
        if texts.all(|text| text == first) { Self::Same } else { Self::Differs }
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::FileMissing => "file_missing",
            Self::BranchMissing => "branch_missing",
            Self::Unknown(_) => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(object: char, commit: Option<char>) -> Found<TagAt> {
        let oid = |digit: char| digit.to_string().repeat(40).parse().unwrap();
        Found::There(TagAt { object: oid(object), commit: commit.map(oid) })
    }

    #[test]
    fn a_tag_is_the_same_object_the_same_commit_or_another() {
        let word = |a: &Found<TagAt>, b: &Found<TagAt>| TagState::of(a, b).map(|state| state.word());
        let (bare, annotated, other) = (tag('a', Some('a')), tag('b', Some('a')), tag('c', Some('c')));
        assert_eq!(word(&bare, &bare), Some("same"));
        assert_eq!(word(&bare, &annotated), Some("same_commit"));
        assert_eq!(word(&bare, &other), Some("differs"));
        assert_eq!(word(&bare, &Found::Absent), Some("missing_on_canonical"));
        assert_eq!(word(&Found::Absent, &bare), Some("missing_on_security"));
        assert_eq!(word(&Found::Absent, &Found::Absent), None);
        assert_eq!(word(&bare, &Found::Unknown("no answer".into())), Some("unknown"));
        assert_eq!(word(&bare, &tag('b', None)), Some("unknown"), "an unpeeled tag says nothing of its commit");
    }

    #[test]
    fn a_pin_is_the_same_only_if_every_remote_was_looked_at() {
        let text = |text: &str| PinAt::Text(text.to_owned());
        let word = |pins: &[PinAt]| PinState::of(pins).word();
        assert_eq!(word(&[text("v1.2.3\n"), text("v1.2.3")]), "same");
        assert_eq!(word(&[text("v1.2.3"), text("v1.2.4")]), "differs");
        assert_eq!(word(&[text("v1.2.3"), PinAt::FileMissing]), "file_missing");
        assert_eq!(word(&[PinAt::BranchMissing, PinAt::FileMissing]), "branch_missing");
        assert_eq!(word(&[text("v1"), text("v1"), PinAt::Unknown("no answer".into())]), "unknown");
        assert_eq!(word(&[]), "unknown");
    }
}
