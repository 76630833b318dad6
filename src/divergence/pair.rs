//! A branch on the private and on the public side: how the two relate, and whether that is as planned.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Common, Oid};

/// What was found of a branch on one remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Its tip.
    Tip(Oid),
    /// The remote was looked at, and has no such branch.
    Absent,
    /// It could not be looked at, and why.
    Unknown(String),
}

/// What would come of merging the two sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merge {
    /// It merges without a person.
    Clean,
    /// A person has to decide these.
    Conflicts(Vec<Conflict>),
    /// It could not be tried, and why.
    Unknown(String),
}

/// A path that does not merge by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// The path in the repository.
    pub path: String,
    /// What both did, in git's word, such as `contents` or `modify/delete`.
    pub kind: String,
}

/// How a branch on the private side (a) relates to the one on the public side (b). The first that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairState {
    /// It could not be found out, and why. Never taken for equal.
    Unknown(String),
    /// Only the private side has it.
    MissingOnCanonical,
    /// Only the public side has it.
    MissingOnSecurity,
    /// They have no commit in common.
    Unrelated,
    /// They are the same commit.
    Equal,
    /// The private side has more: a sync moves the public one forward.
    SecurityAhead,
    /// The public side has more: the mirror lags.
    CanonicalAhead,
    /// Both have commits of their own that do not merge by themselves.
    DivergedConflict(Vec<Conflict>),
    /// Both have commits of their own, and they merge.
    DivergedClean,
}

impl PairState {
    /// How two sides relate. `common` is what their tips have in common, `None` if that can't be known; `merge` is asked
    /// for only where both have commits of their own.
    #[must_use]
    pub fn of(a: &Side, b: &Side, common: Option<&Common>, merge: impl FnOnce() -> Merge) -> Self {
        let (a, b) = match (a, b) {
            (Side::Unknown(why), _) | (_, Side::Unknown(why)) => return Self::Unknown(why.clone()),
            (Side::Absent, Side::Absent) => return Self::Unknown("no side has this branch".to_owned()),
            (Side::Tip(_), Side::Absent) => return Self::MissingOnCanonical,
            (Side::Absent, Side::Tip(_)) => return Self::MissingOnSecurity,
            (Side::Tip(a), Side::Tip(b)) => (a, b),
        };
        if a == b {
            return Self::Equal;
        }
        let Some(common) = common else {
            return Self::Unknown(
                "the history ends too early here: the clone is shallow, or objects are missing".to_owned(),
            );
        };
        match (common.ahead, common.behind) {
            _ if common.bases.is_empty() => Self::Unrelated,
            (_, 0) => Self::SecurityAhead,
            (0, _) => Self::CanonicalAhead,
            _ => match merge() {
                Merge::Clean => Self::DivergedClean,
                Merge::Conflicts(conflicts) => Self::DivergedConflict(conflicts),
                Merge::Unknown(why) => Self::Unknown(format!("whether the two merge could not be tried: {why}")),
            },
        }
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown",
            Self::MissingOnCanonical => "missing_on_canonical",
            Self::MissingOnSecurity => "missing_on_security",
            Self::Unrelated => "unrelated",
            Self::Equal => "equal",
            Self::SecurityAhead => "security_ahead",
            Self::CanonicalAhead => "canonical_ahead",
            Self::DivergedConflict(_) => "diverged_conflict",
            Self::DivergedClean => "diverged_clean",
        }
    }
}

/// Which divergence a phase plans (`expects` in a playbook).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Before the private merge: both sides are the same.
    #[default]
    Equal,
    /// From the private merge to the sync: the private side holds more.
    PrivateAhead,
    /// After the sync: the public side lacks nothing of the private one.
    InSync,
}

impl Expected {
    /// All of them with their words in a playbook.
    pub const ALL: [(&'static str, Self); 3] =
        [("equal", Self::Equal), ("private-ahead", Self::PrivateAhead), ("in-sync", Self::InSync)];

    /// The one of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, expected)| expected)
    }
}

/// Whether a state is as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// It is.
    AsPlanned,
    /// It is, but a person has to resolve a conflict before the sync.
    NeedsPerson,
    /// It is not.
    Unplanned,
    /// It is not known.
    Unknown,
}

impl Plan {
    /// Whether a pair is as planned. `lag` is how long the public side has been ahead, and `may_lag` how long a mirror takes.
    #[must_use]
    pub fn of(state: &PairState, expected: Expected, lag: Option<SignedDuration>, may_lag: SignedDuration) -> Self {
        let mirror_is_late = lag.is_none_or(|lag| lag > may_lag);
        match (state, expected) {
            (PairState::Unknown(_), _) => Self::Unknown,
            // A branch that only the private side has is where the fix is prepared.
            (PairState::Equal, _)
            | (PairState::CanonicalAhead, Expected::InSync)
            | (
                PairState::SecurityAhead | PairState::DivergedClean | PairState::MissingOnCanonical,
                Expected::PrivateAhead,
            ) => Self::AsPlanned,
            (PairState::CanonicalAhead, _) => {
                if mirror_is_late {
                    Self::Unplanned
                } else {
                    Self::AsPlanned
                }
            }
            (PairState::DivergedConflict(_), Expected::PrivateAhead) => Self::NeedsPerson,
            _ => Self::Unplanned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plan::{AsPlanned as Yes, NeedsPerson, Unplanned as No};
    use super::*;

    fn tip(digit: char) -> Side {
        Side::Tip(digit.to_string().repeat(40).parse().unwrap())
    }

    fn common(ahead: u32, behind: u32, bases: usize) -> Common {
        Common { ahead, behind, bases: (0..).take(bases).collect() }
    }

    fn never() -> Merge {
        panic!("only what diverged is merged")
    }

    #[test]
    fn what_could_not_be_looked_at_is_unknown_whatever_else_is_known() {
        let lost = || Side::Unknown("no answer for 30 s".to_owned());
        let unknown = PairState::Unknown("no answer for 30 s".to_owned());
        for other in [tip('a'), Side::Absent, lost()] {
            assert_eq!(PairState::of(&lost(), &other, Some(&common(0, 0, 1)), never), unknown);
            assert_eq!(PairState::of(&other, &lost(), Some(&common(0, 0, 1)), never), unknown);
        }
        let cut = PairState::of(&tip('a'), &tip('b'), None, never);
        assert!(matches!(&cut, PairState::Unknown(why) if why.contains("shallow")), "{cut:?}");
        let untried =
            PairState::of(&tip('a'), &tip('b'), Some(&common(1, 1, 1)), || Merge::Unknown("git is old".into()));
        assert!(matches!(&untried, PairState::Unknown(why) if why.ends_with("git is old")), "{untried:?}");
        assert_eq!(PairState::of(&Side::Absent, &Side::Absent, None, never).word(), "unknown");
    }

    #[test]
    fn the_counts_say_how_two_tips_relate() {
        let of = |common: Common| PairState::of(&tip('a'), &tip('b'), Some(&common), || Merge::Clean).word();
        assert_eq!(of(common(2, 0, 1)), "security_ahead");
        assert_eq!(of(common(0, 3, 1)), "canonical_ahead");
        assert_eq!(of(common(2, 3, 1)), "diverged_clean");
        assert_eq!(of(common(2, 3, 0)), "unrelated");
        assert_eq!(PairState::of(&tip('a'), &tip('a'), None, never), PairState::Equal, "the same commit, however cut");
        assert_eq!(PairState::of(&tip('a'), &Side::Absent, None, never), PairState::MissingOnCanonical);
        assert_eq!(PairState::of(&Side::Absent, &tip('a'), None, never), PairState::MissingOnSecurity);
        let both = vec![Conflict { path: "a".into(), kind: "contents".into() }];
        let conflict = PairState::of(&tip('a'), &tip('b'), Some(&common(1, 1, 1)), || Merge::Conflicts(both.clone()));
        assert_eq!(conflict, PairState::DivergedConflict(both));
    }

    #[test]
    fn each_phase_plans_its_own_divergence() {
        let (hour, now) = (SignedDuration::from_hours(1), Some(SignedDuration::ZERO));
        let conflict = PairState::DivergedConflict(Vec::new());
        let plans = |state: &PairState| Expected::ALL.map(|(_, expected)| Plan::of(state, expected, now, hour));
        assert_eq!(plans(&PairState::Equal), [Yes, Yes, Yes]);
        assert_eq!(plans(&PairState::SecurityAhead), [No, Yes, No]);
        assert_eq!(plans(&PairState::CanonicalAhead), [Yes, Yes, Yes]);
        assert_eq!(plans(&PairState::DivergedClean), [No, Yes, No]);
        assert_eq!(plans(&conflict), [No, NeedsPerson, No]);
        assert_eq!(plans(&PairState::Unrelated), [No, No, No]);
        assert_eq!(plans(&PairState::MissingOnSecurity), [No, No, No]);
        assert_eq!(plans(&PairState::Unknown(String::new())), [Plan::Unknown; 3]);
    }

    #[test]
    fn a_mirror_may_lag_for_its_time_and_no_longer() {
        let (hour, minutes) = (SignedDuration::from_hours(1), |minutes| Some(SignedDuration::from_mins(minutes)));
        let plan = |expected, lag| Plan::of(&PairState::CanonicalAhead, expected, lag, hour);
        assert_eq!(plan(Expected::Equal, minutes(60)), Plan::AsPlanned);
        assert_eq!(plan(Expected::Equal, minutes(61)), Plan::Unplanned, "the mirror died unseen");
        assert_eq!(plan(Expected::PrivateAhead, None), Plan::Unplanned, "nobody knows since when");
        assert_eq!(plan(Expected::InSync, None), Plan::AsPlanned, "a sync merge puts the public side ahead");
    }
}
