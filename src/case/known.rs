//! What a case knows, for conditions and deadlines.

use super::record::Record;
use super::scoring::{DrivingScore, driving_score};
use crate::playbook::{Known, Name, Playbook, Value};

/// Facts, score, leak and state of a case as conditions see them.
#[derive(Clone)]
pub struct CaseKnows<'c> {
    record: &'c Record,
    playbook: &'c Playbook,
    score: Option<DrivingScore>,
    at_bound: bool,
}

impl<'c> CaseKnows<'c> {
    /// What this case knows under its playbook.
    #[must_use]
    pub fn new(record: &'c Record, playbook: &'c Playbook) -> Self {
        Self { record, playbook, score: driving_score(record, playbook), at_bound: false }
    }

    /// The same, with an unscored vulnerability standing at the bound it is compared with. Only rules that make
    /// everything urgent ask this way: nobody gains time by leaving a public report unscored.
    #[must_use]
    pub fn at_bound(mut self) -> Self {
        self.at_bound = true;
        self
    }

    /// The score that drives the process, if there is one.
    #[must_use]
    pub fn score(&self) -> Option<&DrivingScore> {
        self.score.as_ref()
    }
}

impl Known for CaseKnows<'_> {
    fn value(&self, name: &Name) -> Option<Value> {
        let complete = self.score.as_ref().filter(|score| score.unscored.is_empty());
        match name {
            // What does not answer the question of this process is as good as not known.
            Name::Fact(id) => {
                let fact = self.playbook.fact(id)?;
                self.record.facts.get(id).filter(|value| fact.kind.fits(value)).cloned()
            }
            Name::Score => complete.map(|score| Value::Number(score.base().into())),
            Name::Severity => complete.map(|score| Value::Text(score.severity().to_string().to_lowercase())),
            Name::Leak => {
                let extent = self.record.open_leak().map_or("none", |leak| leak.extent.word());
                Some(Value::Text(extent.to_owned()))
            }
            Name::State => Some(Value::Text(self.record.state.word().to_owned())),
        }
    }

    fn unscored_is_at_bound(&self) -> bool {
        self.at_bound
    }
}
