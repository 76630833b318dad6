//! The scores of a vector, whatever its version.

use std::fmt;

use super::{Draft, Group, Score, Version, v2, v3, v4};

/// What a complete vector scores. Which of them there are follows from what the vector says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scores {
    /// By the base metrics alone; in 4.0 that is CVSS-B.
    pub base: Score,
    /// 2.0 and 3.x: the temporal score, if a temporal metric says something. 4.0: CVSS-BT, if that is the nomenclature.
    pub temporal: Option<Score>,
    /// The environmental score, if an environmental metric says something; in 4.0 CVSS-BE or CVSS-BTE.
    pub environmental: Option<Score>,
}

impl Scores {
    /// The one that takes in everything.
    #[must_use]
    pub fn overall(self) -> Score {
        self.environmental.or(self.temporal).unwrap_or(self.base)
    }
}

/// The parts of a score of 2.0 or 3.x, each rounded to the nearest tenth for reading: the score is not made of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubScores {
    /// How bad it is: 0.0 to 10.0 in 2.0, at most 6.1 in 3.x.
    pub impact: Score,
    /// How easy it is: 0.0 to 10.0 in 2.0, at most 3.9 in 3.x.
    pub exploitability: Score,
    /// How bad it is in one installation, if an environmental metric says something.
    pub modified_impact: Option<Score>,
    /// How easy it is in one installation; 3.x only.
    pub modified_exploitability: Option<Score>,
}

/// What a score takes in (4.0, section 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nomenclature {
    /// Base metrics.
    B,
    /// Base and threat or temporal metrics.
    BT,
    /// Base and environmental metrics.
    BE,
    /// All three.
    BTE,
}

impl Nomenclature {
    /// What the score of a draft takes in. A metric that is Not Defined says nothing.
    #[must_use]
    pub fn of(draft: &Draft) -> Self {
        let threat = draft.says_any(Group::Threat) || draft.says_any(Group::Temporal);
        let environment = draft.says_any(Group::Environmental);
        match (threat, environment) {
            (false, false) => Self::B,
            (true, false) => Self::BT,
            (false, true) => Self::BE,
            (true, true) => Self::BTE,
        }
    }

    /// What the score is called: `CVSS-BT` in 4.0, else `v3.1 temporal`.
    #[must_use]
    pub fn words(self, version: Version) -> String {
        let group = match self {
            _ if version == Version::V4_0 => return self.to_string(),
            Self::B => "base",
            Self::BT => "temporal",
            Self::BE | Self::BTE => "environmental",
        };
        format!("v{version} {group}")
    }
}

/// `CVSS-B` and so on.
impl fmt::Display for Nomenclature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::B => "CVSS-B",
            Self::BT => "CVSS-BT",
            Self::BE => "CVSS-BE",
            Self::BTE => "CVSS-BTE",
        })
    }
}

/// The scores of a complete draft.
pub(super) fn scores(draft: &Draft) -> Scores {
    let nomenclature = Nomenclature::of(draft);
    let of_v4 = draft.version() == Version::V4_0;
    let temporal = match nomenclature {
        Nomenclature::BT => true,
        Nomenclature::BTE => !of_v4,
        _ => false,
    };
    let environmental = matches!(nomenclature, Nomenclature::BE | Nomenclature::BTE);
    Scores {
        base: base(draft),
        temporal: temporal.then(|| up_to_temporal(draft)),
        environmental: environmental.then(|| up_to_environmental(draft)),
    }
}

/// The score of a complete draft that takes in everything. A temporal metric that says nothing multiplies by 1; what the
/// environment says nothing of is another formula in 3.1.
pub(super) fn overall(draft: &Draft) -> Score {
    match draft.version() {
        Version::V4_0 => v4::score(draft),
        _ if draft.says_any(Group::Environmental) => up_to_environmental(draft),
        _ => up_to_temporal(draft),
    }
}

/// The base score of a complete draft.
pub(super) fn base(draft: &Draft) -> Score {
    match draft.version() {
        Version::V2_0 => v2::base_score(draft),
        Version::V3_0 | Version::V3_1 => v3::base_score(draft),
        Version::V4_0 => v4::score(&draft.base()),
    }
}

fn up_to_temporal(draft: &Draft) -> Score {
    match draft.version() {
        Version::V2_0 => v2::temporal_score(draft),
        Version::V3_0 | Version::V3_1 => v3::temporal_score(draft),
        Version::V4_0 => v4::score(draft),
    }
}

fn up_to_environmental(draft: &Draft) -> Score {
    match draft.version() {
        Version::V2_0 => v2::environmental_score(draft),
        Version::V3_0 | Version::V3_1 => v3::environmental_score(draft),
        Version::V4_0 => v4::score(draft),
    }
}

/// The sub-scores of a complete draft.
pub(super) fn sub_scores(draft: &Draft) -> Option<SubScores> {
    let modified = draft.says_any(Group::Environmental);
    match draft.version() {
        Version::V2_0 => Some(v2::sub_scores(draft, modified)),
        Version::V3_0 | Version::V3_1 => Some(v3::sub_scores(draft, modified)),
        Version::V4_0 => None,
    }
}
