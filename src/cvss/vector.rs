//! A valid vector.

use std::fmt;

use super::metric::MOST_METRICS;
use super::parse;
use super::scores::{Nomenclature, Scores};
use super::{Draft, Score, Severity, VectorError, Version};

/// A valid vector: every mandatory metric once, every other at most once, in the order in which it was written.
///
/// Displays as exactly the text that it was read from: an explicit Not Defined is kept, and so is the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vector {
    draft: Draft,
    /// The metrics as they were written, so many of them.
    written: [u8; MOST_METRICS],
    count: u8,
}

impl Vector {
    /// Reads a vector: without a prefix it is one of 2.0, with `CVSS:3.0/`, `CVSS:3.1/` or `CVSS:4.0/` of that version.
    /// 2.0 and 3.x take their metrics in any order, 4.0 in its own only.
    ///
    /// Upper and lower case differ, and blanks are no part of a vector: [`mend`](super::mend) takes what a person pasted.
    ///
    /// # Errors
    /// [`VectorError`] names the metric, the byte where it stands and what is expected there.
    pub fn parse(text: &str) -> Result<Self, VectorError> {
        parse::read(text)
    }

    /// The vector of a draft, `None` as long as a mandatory metric is open.
    pub(super) fn of(draft: &Draft) -> Option<Self> {
        if !draft.is_complete() {
            return None;
        }
        let mut vector = Self::blank(draft.version());
        for (metric, chosen) in draft.chosen().iter().enumerate() {
            if let Some(value) = chosen.checked_sub(1) {
                vector.push(metric, value);
            }
        }
        Some(vector)
    }

    /// No metric so far: for the readers, which push each and then see whether it is complete.
    pub(super) const fn blank(version: Version) -> Self {
        Self { draft: Draft::new(version), written: [0; MOST_METRICS], count: 0 }
    }

    /// Adds a metric that isn't there yet.
    pub(super) fn push(&mut self, metric: usize, value: u8) {
        self.draft.choose(metric, value);
        self.written[usize::from(self.count)] = u8::try_from(metric).unwrap_or_default();
        self.count += 1;
    }

    /// The version that the prefix names.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.draft.version()
    }

    /// The same as a draft, for all that can be asked of one.
    #[must_use]
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The value of a metric as in the vector (`"N"` for `"AV"`), `None` if the vector doesn't hold the metric.
    #[must_use]
    pub fn value(&self, metric: &str) -> Option<&'static str> {
        self.draft.get(metric)
    }

    /// The one form that all vectors of the same meaning share: the order of the specification, nothing Not Defined.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut canonical = Self::blank(self.version());
        for (metric, chosen) in self.draft.chosen().iter().enumerate() {
            if let Some(value) = chosen.checked_sub(1).filter(|_| self.draft.says(metric)) {
                canonical.push(metric, value);
            }
        }
        canonical
    }

    /// Its scores.
    #[must_use]
    pub fn scores(&self) -> Scores {
        super::scores::scores(&self.draft)
    }

    /// The score that takes in all that the vector says: 0.0 to 10.0.
    #[must_use]
    pub fn score(&self) -> Score {
        super::scores::overall(&self.draft)
    }

    /// The base score, which no metric of another group changes.
    #[must_use]
    pub fn base_score(&self) -> Score {
        super::scores::base(&self.draft)
    }

    /// The rating of the base score.
    #[must_use]
    pub fn base_severity(&self) -> Severity {
        self.base_score().severity(self.version())
    }

    /// The rating of the score that takes in everything.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.score().severity(self.version())
    }

    /// What its score takes in.
    #[must_use]
    pub fn nomenclature(&self) -> Nomenclature {
        Nomenclature::of(&self.draft)
    }

    /// The metrics as they were written, each with the place of its value.
    fn parts(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let written = self.written.iter().take(usize::from(self.count)).map(|metric| usize::from(*metric));
        written.filter_map(|metric| Some((metric, self.draft.place(metric)?)))
    }
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.version().prefix().to_owned();
        for (at, (metric, value)) in self.parts().enumerate() {
            let metric = &self.version().metrics()[metric];
            let slash = if at == 0 { "" } else { "/" };
            text.extend([slash, metric.key, ":", metric.values[value].key]);
        }
        f.pad(&text)
    }
}

impl std::str::FromStr for Vector {
    type Err = VectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
