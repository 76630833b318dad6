//! Two vectors of one version side by side.

use super::{Carried, Score, Value, Vector, Version, carry};

/// A metric in which two vectors differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place of the metric.
    pub metric: usize,
    /// What the first says; `None` is nothing, or Not Defined.
    pub first: Option<&'static Value>,
    /// What the second says.
    pub second: Option<&'static Value>,
    /// The score of the first with only this metric as in the second.
    pub score: Score,
    /// By how many tenths that differs from the score of the first.
    pub change: i16,
}

/// Vectors of two versions have no metric in common, even where one is called the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one vector is of version {first}, the other of {second}: only two of one version can be compared; {}", self.hint())]
pub struct OtherVersion {
    /// Version of the first.
    pub first: Version,
    /// Version of the second.
    pub second: Version,
    /// What came of the first in the version of the second.
    pub carried: Carried,
}

impl OtherVersion {
    /// What can be compared, or what a person has to choose before.
    fn hint(&self) -> String {
        let metrics = self.second.metrics();
        let choices: Vec<&str> = self.carried.choices.iter().map(|choice| metrics[choice.metric].key).collect();
        let hint = match self.carried.draft.vector() {
            Some(vector) if choices.is_empty() => format!("in {} the first one is {vector}", self.second),
            _ => format!("to carry the first one over to {}, {} have to be chosen", self.second, choices.join(", ")),
        };
        let dropped: Vec<&str> = self.carried.dropped.iter().map(|metric| metric.key).collect();
        if dropped.is_empty() { hint } else { format!("{hint}, without {}", dropped.join(", ")) }
    }
}

/// The metrics in which two vectors differ, with what each is worth. Not Defined and left out are the same.
///
/// # Errors
/// If they are of two versions.
pub fn compare(first: &Vector, second: &Vector) -> Result<Vec<Difference>, OtherVersion> {
    if first.version() != second.version() {
        let carried = carry(first.draft(), second.version());
        return Err(OtherVersion { first: first.version(), second: second.version(), carried });
    }
    let (a, b) = (*first.canonical().draft(), *second.canonical().draft());
    let now = first.score();
    let differing = (0..first.version().metrics().len()).filter(|metric| a.place(*metric) != b.place(*metric));
    let difference = |metric| {
        let score = a.with(metric, b.place(metric)).score().unwrap_or(now);
        Difference { metric, first: a.value(metric), second: b.value(metric), score, change: score.minus(now) }
    };
    Ok(differing.map(difference).collect())
}
