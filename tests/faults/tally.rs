//! What came of many faults, counted.

use std::collections::BTreeMap;
use std::fmt;

/// How often each thing happened; faults that lost something are kept whole.
#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<String, usize>,
    pub lost: Vec<String>,
}

impl Tally {
    pub fn count(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    pub fn total(&self) -> usize {
        self.counts.values().sum::<usize>() + self.lost.len()
    }

    /// Tells all of it, and fails if anything was lost, or if hardly anything happened at all.
    pub fn end(self, name: &str, at_least: usize) {
        println!("{name}: {self}");
        assert!(self.lost.is_empty(), "{name}: lost by {} faults:\n{}", self.lost.len(), self.lost.join("\n"));
        assert!(self.total() >= at_least, "{name}: only {} faults happened", self.total());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} faults", self.total())?;
        self.counts.iter().try_for_each(|(what, count)| write!(f, "; {count} {what}"))
    }
}
