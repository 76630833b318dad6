//! A score and the word for it.

use std::fmt;

/// A score from 0.0 to 10.0 in whole tenths, so that comparing it with a bound is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score {
    tenths: u8,
}

/// The qualitative rating of a score.
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

    /// The rating of versions 3.0, 3.1 and 4.0.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self.tenths {
            0 => Severity::None,
            1..=39 => Severity::Low,
            40..=69 => Severity::Medium,
            70..=89 => Severity::High,
            _ => Severity::Critical,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_the_standard_says() {
        let rated = |tenths| Score::from_tenths(tenths).map(|score| (score.to_string(), score.severity().to_string()));
        let expected = [
            (0, "0.0", "None"),
            (1, "0.1", "Low"),
            (39, "3.9", "Low"),
            (40, "4.0", "Medium"),
            (69, "6.9", "Medium"),
            (70, "7.0", "High"),
            (89, "8.9", "High"),
            (90, "9.0", "Critical"),
            (100, "10.0", "Critical"),
        ];
        for (tenths, score, severity) in expected {
            assert_eq!(rated(tenths), Some((score.to_owned(), severity.to_owned())));
        }
        assert_eq!(rated(101), None);
    }
}
