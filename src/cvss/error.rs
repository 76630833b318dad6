//! Why a text is no vector.

/// Why a text is no vector. Positions are bytes from 0; names from the text are displayable and capped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// A version of the standard that isn't scored.
    #[error("CVSS {found} can't be scored yet: write a 3.1 vector, CVSS:3.1/AV:N/…")]
    Version {
        /// The version that the text seems to be written in.
        found: &'static str,
    },
    /// No known prefix.
    #[error("a vector starts with CVSS:3.1/ or CVSS:3.0/, in upper case")]
    Prefix,
    /// Longer than any valid vector.
    #[error("a vector has at most {max} bytes")]
    TooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// A part between two slashes isn't a name and a value.
    #[error("«{found}» at byte {position} is no metric: expected a name, a colon and a value, as in AV:N")]
    Shape {
        /// The part, displayable and capped.
        found: String,
        /// Where the part starts.
        position: usize,
    },
    /// A name that the version doesn't have.
    #[error("{metric} at byte {position} is unknown: expected one of {expected}")]
    UnknownMetric {
        /// The name, displayable and capped.
        metric: String,
        /// Where the name starts.
        position: usize,
        /// The names that may still come.
        expected: String,
    },
    /// A value that the metric doesn't have.
    #[error("{metric}:{value} at byte {position} is unknown: {metric} takes {expected}")]
    UnknownValue {
        /// The metric.
        metric: &'static str,
        /// The value, displayable and capped.
        value: String,
        /// Where the value starts.
        position: usize,
        /// The values that it takes.
        expected: String,
    },
    /// A metric stands there twice, be it with the same value.
    #[error("{metric} stands twice, at bytes {first} and {position}: expected once")]
    Duplicate {
        /// The metric.
        metric: &'static str,
        /// Where it stands first.
        first: usize,
        /// Where it stands again.
        position: usize,
    },
    /// A mandatory metric isn't there.
    #[error("{metric} is missing after byte {position}: expected {metric} with one of {expected}")]
    Missing {
        /// The metric.
        metric: &'static str,
        /// The end of the text.
        position: usize,
        /// The values that it takes.
        expected: String,
    },
}
