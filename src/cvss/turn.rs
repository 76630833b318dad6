//! What would bring a score into another band: the nearest answers that do.

use std::cell::OnceCell;

use super::{Draft, Group, Metric, Score, Severity, Value, Version};

/// What brings another severity with the least change of the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The severity that comes.
    pub severity: Severity,
    /// The score that comes.
    pub score: Score,
    /// The metrics, each with the values that bring it, all by their places.
    pub changes: Vec<(usize, usize)>,
    /// Whether it takes all of the changes, two metrics, because no single one brings it; else each brings it by itself.
    pub together: bool,
}

impl Turn {
    /// The changes in words: «SC, SI or SA high», «PR high or UI active», «S changed and C high».
    #[must_use]
    pub fn words(&self, version: Version) -> String {
        let mut by_value: Vec<(String, Vec<&str>)> = Vec::new();
        for (metric, value) in &self.changes {
            let Some(metric) = version.metrics().get(*metric) else { continue };
            let Some(value) = metric.values.get(*value).map(Value::in_a_sentence) else { continue };
            match by_value.iter_mut().find(|(known, _)| *known == value) {
                Some((_, keys)) => keys.push(metric.key),
                None => by_value.push((value, vec![metric.key])),
            }
        }
        let last = if self.together { " and " } else { " or " };
        let some_share = by_value.iter().any(|(_, keys)| keys.len() > 1);
        let named: Vec<String> =
            by_value.iter().map(|(value, keys)| format!("{} {value}", enumerated(keys, last))).collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        // Where metrics share a value, a comma keeps the others apart: «C or I high, or UI required».
        let last = if some_share && !self.together { ", or " } else { last };
        enumerated(&named, last)
    }
}

/// Names in a row, with `last` before the last one.
fn enumerated(names: &[&str], last: &str) -> String {
    match names.split_last() {
        Some((name, before)) if !before.is_empty() => format!("{}{last}{name}", before.join(", ")),
        _ => names.concat(),
    }
}

/// The nearest turn upwards and the nearest downwards, and the severities that no change of one or two of the metrics that
/// are set brings.
pub(super) fn turns(draft: &Draft, now: Score) -> (Vec<Turn>, Vec<Severity>) {
    let others = others(draft);
    let pairs = OnceCell::new();
    let (mut turns, mut far) = (Vec::new(), Vec::new());
    for worse in [true, false] {
        let direction = Direction { draft, now, others: &others, pairs: &pairs, worse, to_nothing: false };
        let Some(next) = direction.next_severity() else { continue };
        match direction.nearest() {
            Some(turn) => turns.push(turn),
            None => far.push(next),
        }
    }
    (turns, far)
}

/// What was looked through without finding a turn, for a sentence.
pub(super) fn looked_through(draft: &Draft) -> &'static str {
    let set = |group: &&Group| draft.says_any(**group);
    if draft.version().groups().iter().filter(set).any(|group| *group != Group::Base) {
        "no change of one or two of the metrics that are set"
    } else {
        "no change of one or two base metrics"
    }
}

/// The search for the nearest turn towards worse or milder scores.
struct Direction<'d> {
    draft: &'d Draft,
    now: Score,
    others: &'d [Other],
    /// Scored only where no single answer is enough.
    pairs: &'d OnceCell<Vec<Pair>>,
    worse: bool,
    /// Whether 0.0 is sought, and nothing else: that losing nothing scores nothing need not be told, if there is more to tell.
    to_nothing: bool,
}

/// Another answer to one metric: the place of the metric, that of the value, and the score that it gives.
type Other = (usize, usize, Score);

/// Other answers to two metrics, and the score that they give together.
type Pair = ([(usize, usize); 2], Score);

impl Direction<'_> {
    /// The severity that comes next, if there is one.
    fn next_severity(&self) -> Option<Severity> {
        let now = self.now.severity(self.draft.version());
        let end = if self.worse { Score::MAX } else { Score::MIN }.severity(self.draft.version());
        let all = [Severity::None, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
        let next = if self.worse {
            all.into_iter().find(|severity| *severity > now)
        } else {
            all.into_iter().rev().find(|severity| *severity < now)
        };
        next.filter(|_| now != end)
    }

    fn nearest(&self) -> Option<Turn> {
        let to_nothing = Self { to_nothing: true, ..*self };
        self.by_one().or_else(|| self.by_two()).or_else(|| to_nothing.by_one()).or_else(|| to_nothing.by_two())
    }

    /// All single changes that bring the nearest score of another severity.
    fn by_one(&self) -> Option<Turn> {
        let scores = self.others.iter().map(|other| other.2).filter(|score| self.crosses(*score));
        let nearest = scores.min_by_key(|score| self.distance(*score))?;
        let there = self.others.iter().filter(|other| other.2 == nearest);
        Some(self.turn(nearest, there.map(|(metric, value, _)| (*metric, *value)).collect(), false))
    }

    /// The change of two metrics that brings the nearest score of another severity, with the fewest steps.
    fn by_two(&self) -> Option<Turn> {
        let steps =
            |changes: &[(usize, usize); 2]| changes.iter().map(|change| steps(self.draft, *change)).sum::<usize>();
        let crossing =
            self.pairs.get_or_init(|| pairs(self.draft, self.others)).iter().filter(|(_, score)| self.crosses(*score));
        let (changes, score) = crossing.min_by_key(|(changes, score)| (self.distance(*score), steps(changes)))?;
        Some(self.turn(*score, changes.to_vec(), true))
    }

    fn crosses(&self, score: Score) -> bool {
        let of = |score: Score| score.severity(self.draft.version());
        of(score) != of(self.now) && (score > self.now) == self.worse && (score == Score::MIN) == self.to_nothing
    }

    fn distance(&self, score: Score) -> i16 {
        score.minus(self.now).abs()
    }

    fn turn(&self, score: Score, changes: Vec<(usize, usize)>, together: bool) -> Turn {
        Turn { severity: score.severity(self.draft.version()), score, changes, together }
    }
}

/// How many values lie between what a draft says and a value, with one end.
fn steps(draft: &Draft, (metric, value): (usize, usize)) -> usize {
    let ranked = draft.version().metrics()[metric].worst_to_mildest();
    let rank = |value| ranked.iter().position(|ranked| Some(*ranked) == value).unwrap_or_default();
    rank(Some(value)).abs_diff(rank(draft.place(metric)))
}

/// Each other answer to one metric that says something, with the score that it gives.
///
/// A metric that is left open is left out: whoever didn't open its group would not know it here, and the base score, which
/// drives a process, would stay as it is. One that counts for nothing can't turn anything.
fn others(draft: &Draft) -> Vec<Other> {
    let mut others = Vec::new();
    for (place, metric) in draft.version().metrics().iter().enumerate() {
        if !draft.says(place) || counts_for_nothing(draft, metric) {
            continue;
        }
        for value in metric.worst_to_mildest() {
            if draft.place(place) != Some(value)
                && let Some(score) = draft.with(place, Some(value)).score()
            {
                others.push((place, value, score));
            }
        }
    }
    others
}

/// Whether no answer to a metric changes the score: a supplemental one, and one that is modified in this installation.
fn counts_for_nothing(draft: &Draft, metric: &Metric) -> bool {
    let modified = || draft.version().find(&format!("M{}", metric.key));
    metric.group == Group::Supplemental || metric.mandatory() && modified().is_some_and(|place| draft.says(place))
}

/// All other answers to two metrics.
fn pairs(draft: &Draft, others: &[Other]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (at, (metric, value, _)) in others.iter().enumerate() {
        let first = draft.with(*metric, Some(*value));
        for (other, other_value, _) in others[at + 1..].iter().filter(|other| other.0 != *metric) {
            let score = first.with(*other, Some(*other_value)).score();
            pairs.extend(score.map(|score| ([(*metric, *value), (*other, *other_value)], score)));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_with_the_same_value_are_named_together() {
        let version = Version::V3_1;
        let place = |(key, value): (&str, &str)| {
            let metric = version.find(key).unwrap();
            (metric, version.metrics()[metric].find(value).unwrap())
        };
        let words = |together, changes: &[(&str, &str)]| {
            let changes = changes.iter().map(|change| place(*change)).collect();
            Turn { severity: Severity::High, score: Score::MAX, changes, together }.words(version)
        };
        assert_eq!(words(false, &[("C", "H"), ("I", "H")]), "C or I high");
        assert_eq!(words(false, &[("AV", "A"), ("PR", "L"), ("UI", "R")]), "AV adjacent, PR low or UI required");
        assert_eq!(words(false, &[("C", "H"), ("I", "H"), ("UI", "R")]), "C or I high, or UI required");
        assert_eq!(words(true, &[("S", "C"), ("C", "H")]), "S changed and C high");
        assert_eq!(words(true, &[("C", "H"), ("I", "H")]), "C and I high");
    }
}
