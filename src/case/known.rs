//! What a case knows, for conditions and deadlines.

use super::record::{Record, Vulnerability};
use crate::cvss::{Vector, Version};
use crate::playbook::{Known, Name, Playbook, Value};

/// The score that drives the process.
#[derive(Clone, Debug, PartialEq)]
pub struct DrivingScore {
    /// Version of the vector.
    pub version: String,
    /// The vector.
    pub vector: String,
    /// Base score.
    pub base: f64,
    /// none, low, medium, high or critical.
    pub severity: String,
    /// The lead has had the last word on every vulnerability.
    pub is_final: bool,
    /// Some vulnerability has no score yet, so that conditions take the score for unknown.
    pub incomplete: bool,
}

impl DrivingScore {
    /// Score and severity, as «7.5 High».
    #[must_use]
    pub fn words(&self) -> String {
        let mut severity = self.severity.clone();
        if let Some(first) = severity.get_mut(0..1) {
            first.make_ascii_uppercase();
        }
        format!("{:.1} {severity}", self.base)
    }
}

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
        let complete = self.score.as_ref().filter(|score| !score.incomplete);
        match name {
            // What does not answer the question of this process is as good as not known.
            Name::Fact(id) => {
                let fact = self.playbook.fact(id)?;
                self.record.facts.get(id).filter(|value| fact.kind.fits(value)).cloned()
            }
            Name::Score => complete.map(|score| Value::Number(score.base)),
            Name::Severity => complete.map(|score| Value::Text(score.severity.clone())),
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

/// The highest base score in the playbook's major version of CVSS.
#[must_use]
pub fn driving_score(record: &Record, playbook: &Playbook) -> Option<DrivingScore> {
    let version = playbook.cvss.as_ref().map_or("3.1", |cvss| cvss.version.as_str());
    let latest: Vec<Option<(Vector, bool)>> =
        record.vulnerability.iter().map(|vulnerability| latest_score(vulnerability, version)).collect();
    let incomplete = latest.iter().any(Option::is_none);
    let is_final = latest.iter().flatten().all(|(_, is_final)| *is_final) && !incomplete;
    let (vector, _) = latest.into_iter().flatten().max_by_key(|(vector, _)| vector.base_score())?;
    Some(DrivingScore {
        version: vector.version().to_string(),
        base: f64::from(vector.base_score().tenths()) / 10.0,
        severity: vector.base_score().severity(vector.version()).to_string().to_lowercase(),
        vector: vector.to_string(),
        is_final,
        incomplete,
    })
}

fn latest_score(vulnerability: &Vulnerability, version: &str) -> Option<(Vector, bool)> {
    let major = Version::of(version).map(Version::major);
    let fits = |vector: &Vector| Some(vector.version().major()) == major;
    let scores = vulnerability.score.iter().rev();
    let mut parsed = scores.filter_map(|score| Some((Vector::parse(&score.vector).ok()?, score.is_final)));
    parsed.find(|(vector, _)| fits(vector))
}
