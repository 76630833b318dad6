//! A vector in the making: any metric may be open.

use super::metric::{MOST_METRICS, Metric, Value};
use super::scores::{self, Scores, SubScores};
use super::{Group, Score, Severity, Vector, Version};

/// A vector in the making: any metric may be open, and nothing in it can be wrong.
///
/// A metric and a value are spoken of by their places in [`Version::metrics`] and [`Metric::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Draft {
    version: Version,
    /// By metric: 0 is open, else the place of the value plus one.
    chosen: [u8; MOST_METRICS],
}

/// The lowest and the highest score that can still come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lowest.
    pub lowest: Score,
    /// The highest.
    pub highest: Score,
}

/// What would come of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The place of the value.
    pub value: usize,
    /// The score that it would give; a range as long as mandatory metrics are open.
    pub range: Range,
    /// By how many tenths the score would change; `None` as long as there is no score to change.
    pub change: Option<i16>,
}

impl Draft {
    /// A draft with everything open.
    #[must_use]
    pub const fn new(version: Version) -> Self {
        Self { version, chosen: [0; MOST_METRICS] }
    }

    /// Its version.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The place of the value of a metric; `None` if it is open or not a metric of this version.
    #[must_use]
    pub fn place(&self, metric: usize) -> Option<usize> {
        self.chosen.get(metric).and_then(|chosen| usize::from(*chosen).checked_sub(1))
    }

    /// The value of a metric.
    #[must_use]
    pub fn value(&self, metric: usize) -> Option<&'static Value> {
        self.version.metrics().get(metric)?.values.get(self.place(metric)?)
    }

    /// The value of a metric by their names in a vector: `"N"` for `"AV"`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'static str> {
        self.value(self.version.find(key)?).map(|value| value.key)
    }

    /// Whether a metric says something: it has a value, and that isn't Not Defined.
    #[must_use]
    pub fn says(&self, metric: usize) -> bool {
        self.value(metric).is_some_and(|value| !value.not_defined)
    }

    /// The same with another value of a metric, or with it open again. A place that there is not changes nothing.
    #[must_use]
    pub fn with(mut self, metric: usize, value: Option<usize>) -> Self {
        self.set(metric, value);
        self
    }

    /// Sets or opens a metric. A place that there is not changes nothing.
    pub fn set(&mut self, metric: usize, value: Option<usize>) {
        let values = self.version.metrics().get(metric).map_or(0, |metric| metric.values.len());
        let chosen = match value {
            None => 0,
            Some(value) if value < values => u8::try_from(value + 1).unwrap_or_default(),
            Some(_) => return,
        };
        if let Some(place) = self.chosen.get_mut(metric) {
            *place = chosen;
        }
    }

    /// Sets a metric by names, where there are both.
    #[must_use]
    pub(super) fn with_named(self, key: &str, value: &str) -> Self {
        let Some(metric) = self.version.find(key) else { return self };
        match self.version.metrics()[metric].find(value) {
            Some(value) => self.with(metric, Some(value)),
            None => self,
        }
    }

    /// The mandatory metrics that are open.
    pub fn open(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        let chosen = self.chosen;
        self.version.places(Group::Base).filter(move |metric| chosen[*metric] == 0)
    }

    /// Whether a metric of a group says something.
    #[must_use]
    pub fn says_any(&self, group: Group) -> bool {
        let places = self.version.places(group);
        let mut chosen = self.version.metrics()[places.clone()].iter().zip(&self.chosen[places]);
        chosen.any(|(metric, chosen)| metric.says(*chosen))
    }

    /// The metrics of a group with their places.
    pub fn of_group(&self, group: Group) -> impl Iterator<Item = (usize, &'static Metric)> + use<> {
        self.version.places(group).zip(&self.version.metrics()[self.version.places(group)])
    }

    /// The same without the values of a group.
    #[must_use]
    pub fn without(mut self, group: Group) -> Self {
        self.chosen[self.version.places(group)].fill(0);
        self
    }

    /// The base metrics alone.
    #[must_use]
    pub fn base(&self) -> Self {
        let groups = self.version.groups().iter().filter(|group| **group != Group::Base);
        groups.fold(*self, |draft, group| draft.without(*group))
    }

    /// Its scores; `None` as long as a mandatory metric is open.
    #[must_use]
    pub fn scores(&self) -> Option<Scores> {
        self.is_complete().then(|| scores::scores(self))
    }

    /// Its score, the one that takes in all that is said; `None` as long as a mandatory metric is open.
    #[must_use]
    pub fn score(&self) -> Option<Score> {
        self.is_complete().then(|| scores::overall(self))
    }

    /// Its sub-scores; `None` in 4.0, which has none, and as long as a mandatory metric is open.
    #[must_use]
    pub fn sub_scores(&self) -> Option<SubScores> {
        if self.is_complete() { scores::sub_scores(self) } else { None }
    }

    /// The rating of its score.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.score().map(|score| score.severity(self.version))
    }

    /// Whether no mandatory metric is open.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.chosen[self.version.places(Group::Base)].contains(&0)
    }

    /// The vector in the order of the specification; `None` as long as a mandatory metric is open.
    #[must_use]
    pub fn vector(&self) -> Option<Vector> {
        Vector::of(self)
    }

    /// The lowest and the highest score that can still come, exactly. Open metrics that aren't mandatory stay open.
    #[must_use]
    pub fn range(&self) -> Range {
        let losses = match self.version {
            // A milder loss can raise an environmental score: in 2.0 because a base score below 0 is possible, in 3.x because
            // of the high power under a changed scope. So each combination of losses is tried: at most 54.
            Version::V2_0 => 3..6,
            Version::V3_0 | Version::V3_1 => 4..8,
            // No milder answer ever raises a score, which holds for all 15,116,544 vectors that score by themselves.
            Version::V4_0 => 0..0,
        };
        self.range_with(losses)
    }

    /// The range by each value of the open ones among `tried`. Of the rest a milder answer never raises the score.
    fn range_with(&self, tried: std::ops::Range<usize>) -> Range {
        let Some(metric) = tried.clone().find(|metric| self.chosen[*metric] == 0) else {
            return Range { lowest: self.extreme(Metric::mildest), highest: self.extreme(Metric::worst) };
        };
        let values = 0..self.version.metrics()[metric].values.len();
        let ranges = values.map(|value| self.with(metric, Some(value)).range_with(tried.clone()));
        ranges.reduce(Range::with).unwrap_or(Range { lowest: Score::MIN, highest: Score::MAX })
    }

    /// The score with an extreme value of each open metric.
    fn extreme(&self, of: fn(&Metric) -> usize) -> Score {
        let metrics = self.version.metrics();
        scores::overall(&self.open().fold(*self, |draft, metric| draft.with(metric, Some(of(&metrics[metric])))))
    }

    /// What would come of each value of a metric, in the order of the specification.
    #[must_use]
    pub fn outlook(&self, metric: usize) -> Vec<Outlook> {
        let values = self.version.metrics().get(metric).map_or(0, |metric| metric.values.len());
        let now = self.score();
        let outlook = |value| {
            let range = self.with(metric, Some(value)).range();
            Outlook { value, range, change: now.map(|now| range.lowest.minus(now)) }
        };
        (0..values).map(outlook).collect()
    }

    /// By metric: 0 is open, else the place of the value plus one. The formulas read their weights by it.
    pub(super) const fn chosen(&self) -> &[u8; MOST_METRICS] {
        &self.chosen
    }

    /// Sets what a reader has found in the tables.
    pub(super) const fn choose(&mut self, metric: usize, value: u8) {
        self.chosen[metric] = value + 1;
    }
}

impl Range {
    /// Both ranges and what lies between.
    fn with(self, other: Self) -> Self {
        Self { lowest: self.lowest.min(other.lowest), highest: self.highest.max(other.highest) }
    }

    /// The one score that is left, if it is one.
    #[must_use]
    pub fn one(self) -> Option<Score> {
        (self.lowest == self.highest).then_some(self.lowest)
    }
}

/// `7.5`, or `0.0–9.3`.
impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.one() {
            Some(score) => score.fmt(f),
            None => f.pad(&format!("{}–{}", self.lowest, self.highest)),
        }
    }
}
