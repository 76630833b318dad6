//! Why a text is no vector.

/// Why a text is no vector. Positions are bytes from 0; names from the text are displayable and capped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    /// Bytes that are no text at all.
    #[error("byte {position} is no UTF-8: expected a vector, which has letters of ASCII only")]
    NoUtf8 {
        /// Where they start.
        position: usize,
    },
    /// Something else altogether.
    #[error(
        "«{found}» at byte {position} begins no vector: expected CVSS:4.0/, CVSS:3.1/ or CVSS:3.0/ in upper case, or a metric of 2.0 such as AV:N"
    )]
    NoVector {
        /// What stands there, displayable and capped.
        found: String,
        /// Where it stands.
        position: usize,
    },
    /// All that is missing is the prefix. Without one only 2.0 is valid.
    #[error("the prefix is missing at byte {position}: expected {expected}")]
    NoPrefix {
        /// Where it is missing.
        position: usize,
        /// The prefix of a version that has these metrics.
        expected: &'static str,
    },
    /// A version that there is not.
    #[error("version «{found}» at byte {position} is unknown: expected 3.0, 3.1 or 4.0, and a slash")]
    UnknownVersion {
        /// What stands there, displayable and capped.
        found: String,
        /// Where it stands.
        position: usize,
    },
    /// Longer than any valid vector.
    #[error("it goes on after byte {position}: expected at most {max} bytes")]
    TooLong {
        /// The limit in bytes.
        max: usize,
        /// Where it is passed.
        position: usize,
    },
    /// A part between two slashes isn't a name and a value.
    #[error("«{found}» at byte {position} is no metric with a value, as AV:N is: expected one of {expected}")]
    Shape {
        /// The part, displayable and capped.
        found: String,
        /// Where the part starts.
        position: usize,
        /// The names that may still come.
        expected: String,
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
    /// A metric of 4.0 stands behind one that comes after it.
    #[error("{metric} at byte {position} comes too late: expected it before {before}, for 4.0 has one order only")]
    Order {
        /// The metric.
        metric: &'static str,
        /// Where it stands.
        position: usize,
        /// The metric that stands before it and comes after it.
        before: &'static str,
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
    /// Behind a pasted vector stands what could be one more metric of it, and no slash before that.
    #[error("{metric} at byte {position} may belong to the vector or not: expected a slash before it, or nothing")]
    Apart {
        /// The metric.
        metric: &'static str,
        /// Where it stands.
        position: usize,
    },
    /// A pasted text holds more than one vector.
    #[error("there is more than one vector, the second at byte {position}: expected one")]
    Several {
        /// Where the second starts.
        position: usize,
    },
}

impl VectorError {
    /// The byte that is wrong, from 0; the end of the text where something is missing.
    #[must_use]
    pub const fn position(&self) -> usize {
        match self {
            Self::NoUtf8 { position }
            | Self::NoVector { position, .. }
            | Self::NoPrefix { position, .. }
            | Self::UnknownVersion { position, .. }
            | Self::TooLong { position, .. }
            | Self::Shape { position, .. }
            | Self::UnknownMetric { position, .. }
            | Self::UnknownValue { position, .. }
            | Self::Duplicate { position, .. }
            | Self::Order { position, .. }
            | Self::Missing { position, .. }
            | Self::Apart { position, .. }
            | Self::Several { position } => *position,
        }
    }

    /// The metric that it is about, as it stands in the text.
    #[must_use]
    pub fn metric(&self) -> Option<&str> {
        match self {
            Self::UnknownMetric { metric, .. } => Some(metric),
            Self::UnknownValue { metric, .. }
            | Self::Duplicate { metric, .. }
            | Self::Order { metric, .. }
            | Self::Missing { metric, .. }
            | Self::Apart { metric, .. } => Some(metric),
            _ => None,
        }
    }
}
