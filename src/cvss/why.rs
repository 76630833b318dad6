//! «Why this score»: what it is made of, and what would bring it into another band.

use super::score::signed;
use super::turn::{looked_through, turns};
use super::{Draft, Group, MacroVector, Score, Severity, Turn, Version, phrases};

/// Why a score is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What the score is made of: the classes of the `MacroVector` in 4.0, else the sub-scores.
    pub reasons: Vec<Reason>,
    /// The nearest changes that bring another severity: a worse one first.
    pub turns: Vec<Turn>,
    /// The next severities that no change of one or two of the metrics that are set brings: a worse one first.
    pub far: Vec<Severity>,
    /// What doesn't bring those, in words: «no change of one or two base metrics», if only base metrics are set.
    pub not_by: &'static str,
}

/// One thing that a score is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its name, such as `EQ1` or `Impact`.
    pub name: &'static str,
    /// Its class, 0 the worst, or its sub-score.
    pub value: String,
    /// What that means.
    pub words: String,
}

/// Why a draft scores what it does; `None` as long as a mandatory metric is open.
#[must_use]
pub fn why(draft: &Draft) -> Option<Why> {
    let score = draft.score()?;
    let reasons = match draft.version() {
        Version::V4_0 => classes(draft),
        _ => parts(draft),
    };
    let (turns, far) = turns(draft, score);
    Some(Why { reasons, turns, far, not_by: looked_through(draft) })
}

fn classes(draft: &Draft) -> Vec<Reason> {
    const NAMES: [&str; 6] = ["EQ1", "EQ2", "EQ3", "EQ4", "EQ5", "EQ6"];
    let of = MacroVector::of(draft);
    let words = NAMES.into_iter().zip(of.classes).zip(of.words());
    words.map(|((name, class), words)| Reason { name, value: class.to_string(), words: words.to_owned() }).collect()
}

/// Impact and exploitability, where the environment counts its modified ones, and what the other groups make of them.
fn parts(draft: &Draft) -> Vec<Reason> {
    let Some(parts) = draft.sub_scores() else { return Vec::new() };
    let impact = parts.modified_impact.unwrap_or(parts.impact);
    let exploitability = parts.modified_exploitability.unwrap_or(parts.exploitability);
    // The highest of each, in tenths.
    let (most_impact, most_exploitability) = match draft.version() {
        Version::V2_0 => (100, 100),
        _ if phrases::is_changed(draft) => (60, 39),
        _ => (59, 39),
    };
    let reason = |name, score: Score, most: u8, what: &str, phrases: Vec<&str>| {
        let most = Score::near(i64::from(most.max(score.tenths())));
        Reason { name, value: score.to_string(), words: format!("{what}, of at most {most}: {}", phrases.join(", ")) }
    };
    let mut reasons = vec![
        reason("Impact", impact, most_impact, "how bad it is", phrases::of_impact(draft)),
        reason("Exploitability", exploitability, most_exploitability, "how easy it is", phrases::of_ease(draft)),
    ];
    reasons.extend([Group::Temporal, Group::Environmental].into_iter().filter_map(|group| share(draft, group)));
    reasons
}

/// By how much a group changes the score, and which of its metrics say something.
fn share(draft: &Draft, group: Group) -> Option<Reason> {
    let change = draft.score()?.minus(draft.without(group).score()?);
    let said = draft.of_group(group).filter(|(place, _)| draft.says(*place));
    let said: Vec<String> = said
        .filter_map(|(place, metric)| Some(format!("{} {}", metric.key, draft.value(place)?.in_a_sentence())))
        .collect();
    (!said.is_empty()).then(|| Reason { name: group.name(), value: signed(change), words: said.join(", ") })
}
