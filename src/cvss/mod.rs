//! CVSS: a vector read strictly, and its score.
//!
//! So far the base score of versions 3.0 and 3.1. CVSS is owned by FIRST (first.org/cvss) and used by permission; a
//! score is always published together with its vector.

mod error;
mod metric;
mod score;
mod v3;

pub use error::VectorError;
pub use score::{Score, Severity};

use std::fmt;

use metric::{Chosen, Metric};

/// The longest vector that is read, in bytes: the longest valid one has less than half of it.
const MAX_BYTES: usize = 400;

/// A version of the standard that can be scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// CVSS 3.0.
    V3_0,
    /// CVSS 3.1.
    V3_1,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
        })
    }
}

/// A valid vector: every mandatory metric once, every other at most once, in the order in which it was written.
///
/// Displays as exactly the text that it was read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vector {
    /// The version that the prefix names.
    pub version: Version,
    chosen: Vec<Chosen>,
}

impl Vector {
    /// Reads a vector with its prefix, `CVSS:3.0/` or `CVSS:3.1/`, and the metrics in any order.
    ///
    /// Upper and lower case differ, and blanks are no part of a vector: trim what a person typed first. Temporal and
    /// environmental metrics are validated and kept.
    ///
    /// # Errors
    /// [`VectorError`] names the metric, the byte where it stands and what is expected there.
    pub fn parse(text: &str) -> Result<Self, VectorError> {
        if text.len() > MAX_BYTES {
            return Err(VectorError::TooLong { max: MAX_BYTES });
        }
        let (version, start) = prefix(text)?;
        let chosen = metric::read_all(text, start, v3::METRICS)?;
        Ok(Self { version, chosen })
    }

    /// The value of a metric as in the vector (`"N"` for `"AV"`), `None` if the vector doesn't hold the metric.
    #[must_use]
    pub fn value(&self, metric: &str) -> Option<&'static str> {
        self.chosen.iter().find(|chosen| chosen.metric.key == metric).map(|chosen| chosen.value)
    }

    /// The base score, which temporal and environmental metrics don't change.
    #[must_use]
    pub fn base_score(&self) -> Score {
        v3::base_score(self)
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CVSS:{}", self.version)?;
        self.chosen.iter().try_for_each(|Chosen { metric: Metric { key, .. }, value, .. }| write!(f, "/{key}:{value}"))
    }
}

impl std::str::FromStr for Vector {
    type Err = VectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The version of a vector and the byte at which its metrics start.
fn prefix(text: &str) -> Result<(Version, usize), VectorError> {
    const READ: [(&str, Version); 2] = [("CVSS:3.0/", Version::V3_0), ("CVSS:3.1/", Version::V3_1)];
    READ.iter()
        .find(|(prefix, _)| text.starts_with(prefix))
        .map(|(prefix, version)| (*version, prefix.len()))
        .ok_or_else(|| not_read(text))
}

/// Why a text without a known prefix is refused: another version, or no vector at all.
fn not_read(text: &str) -> VectorError {
    if text.starts_with("CVSS:4.0/") {
        VectorError::Version { found: "4.0" }
    } else if text.starts_with("AV:") && text.contains("/Au:") {
        // Version 2.0 has no prefix, and a metric of its own.
        VectorError::Version { found: "2.0" }
    } else {
        VectorError::Prefix
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOG4SHELL: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H";

    #[test]
    fn a_vector_displays_as_it_was_written() {
        for text in [LOG4SHELL, "CVSS:3.0/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:X/MAV:P/RL:U"] {
            assert_eq!(Vector::parse(text).unwrap().to_string(), text);
        }
        let vector = Vector::parse(LOG4SHELL).unwrap();
        assert_eq!((vector.version, vector.value("S"), vector.value("E")), (Version::V3_1, Some("C"), None));
    }

    #[test]
    fn a_version_that_is_not_scored_yet_is_named() {
        let says = |text: &str| Vector::parse(text).unwrap_err().to_string();
        assert_eq!(says("CVSS:4.0/AV:N/AC:L"), "CVSS 4.0 can't be scored yet: write a 3.1 vector, CVSS:3.1/AV:N/…");
        assert!(says("AV:N/AC:L/Au:N/C:P/I:P/A:P").starts_with("CVSS 2.0 can't be scored yet"));
    }

    #[test]
    fn what_is_no_vector_is_refused_as_such() {
        for text in
            ["", "9.8", "HIGH", "cvss:3.1/AV:N", "CVSS:3.1", "CVSS:3.2/AV:N", "AV:N/AC:L/PR:N", " CVSS:3.1/AV:N"]
        {
            assert_eq!(Vector::parse(text), Err(VectorError::Prefix), "{text}");
        }
        assert_eq!(Vector::parse(&"A".repeat(401)), Err(VectorError::TooLong { max: 400 }));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), tail in "[A-Z:/]{0,60}") {
            let _ = Vector::parse(&text);
            let _ = Vector::parse(&format!("CVSS:3.1/{text}"));
            let _ = Vector::parse(&format!("{LOG4SHELL}/{tail}"));
        }
    }
}
