//! «Why this score»: what it is made of, and what would bring it into another band.

use super::{Draft, MacroVector, Score, Severity, Version};

/// Why a score is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What the score is made of: the classes of the `MacroVector` in 4.0, else the sub-scores.
    pub reasons: Vec<Reason>,
    /// The nearest changes of one metric that bring another severity: a worse one first.
    pub turns: Vec<Turn>,
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

/// The changes of one metric each that bring the next severity with the least change of the score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The severity that comes.
    pub severity: Severity,
    /// The score that comes.
    pub score: Score,
    /// The metrics, each with the values that bring it, all by their places.
    pub changes: Vec<(usize, usize)>,
}

/// Why a draft scores what it does; `None` as long as a mandatory metric is open.
#[must_use]
pub fn why(draft: &Draft) -> Option<Why> {
    let score = draft.score()?;
    let reasons = match draft.version() {
        Version::V4_0 => classes(draft),
        _ => parts(draft),
    };
    Some(Why { reasons, turns: turns(draft, score) })
}

fn classes(draft: &Draft) -> Vec<Reason> {
    const NAMES: [&str; 6] = ["EQ1", "EQ2", "EQ3", "EQ4", "EQ5", "EQ6"];
    let of = MacroVector::of(draft);
    let words = NAMES.into_iter().zip(of.classes).zip(of.words());
    words.map(|((name, class), words)| Reason { name, value: class.to_string(), words: words.to_owned() }).collect()
}

/// Impact and exploitability, and which of them weighs more. Where the environment counts, its modified ones.
fn parts(draft: &Draft) -> Vec<Reason> {
    let Some(parts) = draft.sub_scores() else { return Vec::new() };
    let impact = parts.modified_impact.unwrap_or(parts.impact);
    let exploitability = parts.modified_exploitability.unwrap_or(parts.exploitability);
    // The highest of each, in tenths. 2.0 weighs them 6 to 4, 3.x adds them as they are.
    let (most_impact, most_exploitability, weights) = match draft.version() {
        Version::V2_0 => (100, 100, (6, 4)),
        _ if changed(draft) => (60, 39, (1, 1)),
        _ => (59, 39, (1, 1)),
    };
    let share = |score: Score, weight: u32| u32::from(score.tenths()) * weight;
    let (of_impact, of_ease) = (share(impact, weights.0), share(exploitability, weights.1));
    let reason = |name, score: Score, most: u8, what: &str, more| {
        let most = Score::near(i64::from(most.max(score.tenths())));
        let more = if more { "; it weighs more" } else { "" };
        Reason { name, value: score.to_string(), words: format!("{what}, of at most {most}{more}") }
    };
    vec![
        reason("Impact", impact, most_impact, "how bad it is", of_impact >= of_ease && of_impact > 0),
        reason(
            "Exploitability",
            exploitability,
            most_exploitability,
            "how easy it is",
            of_ease > of_impact && of_impact > 0,
        ),
    ]
}

/// Whether the scope that counts is changed.
fn changed(draft: &Draft) -> bool {
    let modified = draft.get("MS").filter(|value| *value != "X");
    modified.or_else(|| draft.get("S")) == Some("C")
}

/// The nearest turn upwards and the nearest downwards.
fn turns(draft: &Draft, now: Score) -> Vec<Turn> {
    let severity = now.severity(draft.version());
    let mut others = others(draft);
    others.retain(|(_, _, score)| score.severity(draft.version()) != severity);
    let nearest_worse = others.iter().map(|other| other.2).filter(|score| *score > now).min();
    let nearest_milder = others.iter().map(|other| other.2).filter(|score| *score < now).max();
    let turn = |score: Score| Turn {
        severity: score.severity(draft.version()),
        score,
        changes: others.iter().filter(|other| other.2 == score).map(|other| (other.0, other.1)).collect(),
    };
    nearest_worse.into_iter().chain(nearest_milder).map(turn).collect()
}

/// Each other answer to one metric that says something or is mandatory, with the score that it gives.
///
/// A metric that is left open is left out: whoever didn't open its group would not know it here.
fn others(draft: &Draft) -> Vec<(usize, usize, Score)> {
    let mut others = Vec::new();
    for (place, metric) in draft.version().metrics().iter().enumerate() {
        if !draft.says(place) {
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
