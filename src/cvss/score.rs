//! A score and the word for it.

use std::fmt;

use super::Version;

/// A score from 0.0 to 10.0 in whole tenths, so that comparing it with a bound is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score {
    tenths: u8,
}

/// The qualitative rating of a score, for versions 3.0, 3.1 and 4.0; 2.0 differs, see [`Score::severity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// 0.0.
    None,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 to 10.0.
    Critical,
}

impl Score {
    /// 0.0.
    pub const MIN: Self = Self { tenths: 0 };

    /// 10.0.
    pub const MAX: Self = Self { tenths: 100 };

    /// The score of so many tenths: `None` above 100.
    #[must_use]
    pub const fn from_tenths(tenths: u8) -> Option<Self> {
        if tenths <= Self::MAX.tenths { Some(Self { tenths }) } else { None }
    }

    /// The score in tenths, 0 to 100.
    #[must_use]
    pub const fn tenths(self) -> u8 {
        self.tenths
    }

    /// The score of so many tenths, as close as a score can be.
    pub(super) fn near(tenths: i64) -> Self {
        let tenths = tenths.clamp(0, i64::from(Self::MAX.tenths));
        Self { tenths: u8::try_from(tenths).unwrap_or_default() }
    }

    /// By how many tenths it is above another, −100 to 100.
    #[must_use]
    pub const fn minus(self, other: Self) -> i16 {
        self.tenths as i16 - other.tenths as i16
    }

    /// The rating. 2.0 has no bands of its own and goes by those of the NVD: Low 0.0 to 3.9, Medium to 6.9, High to 10.0.
    #[must_use]
    pub const fn severity(self, version: Version) -> Severity {
        match (self.tenths, version) {
            (0, Version::V3_0 | Version::V3_1 | Version::V4_0) => Severity::None,
            (..=39, _) => Severity::Low,
            (40..=69, _) => Severity::Medium,
            (90.., Version::V3_0 | Version::V3_1 | Version::V4_0) => Severity::Critical,
            _ => Severity::High,
        }
    }
}

/// As a number, for conditions and JSON.
impl From<Score> for f64 {
    fn from(score: Score) -> Self {
        Self::from(score.tenths) / 10.0
    }
}

/// Always with one decimal: `7.0`.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.tenths / 10, self.tenths % 10))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "None",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        })
    }
}

/// A change of a score in tenths, with its sign and one decimal: `+0.7`, `-1.2`, `0.0`.
#[must_use]
pub fn signed(tenths: i16) -> String {
    let sign = match tenths {
        1.. => "+",
        0 => "",
        _ => "-",
    };
    format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_the_standard_says() {
        let rated = |tenths| Score::from_tenths(tenths).map(|score| (score.to_string(), score.severity(Version::V4_0)));
        let expected = [
            (0, "0.0", Severity::None),
            (1, "0.1", Severity::Low),
            (39, "3.9", Severity::Low),
            (40, "4.0", Severity::Medium),
            (69, "6.9", Severity::Medium),
            (70, "7.0", Severity::High),
            (89, "8.9", Severity::High),
            (90, "9.0", Severity::Critical),
            (100, "10.0", Severity::Critical),
        ];
        for (tenths, score, severity) in expected {
            assert_eq!(rated(tenths), Some((score.to_owned(), severity)));
        }
        assert_eq!(rated(101), None);
    }

    #[test]
    fn version_2_0_knows_neither_none_nor_critical() {
        let rated = |tenths| Score::near(tenths).severity(Version::V2_0);
        assert_eq!([0, 39, 40, 69, 70, 100].map(rated), {
            use Severity::{High, Low, Medium};
            [Low, Low, Medium, Medium, High, High]
        });
    }
}
