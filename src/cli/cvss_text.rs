//! Scores in words.

use super::words::columns;
use crate::cvss::{Difference, MacroVector, Nomenclature, Severity, Turn, Value, Vector, Version, signed, why};

/// One line a vector: score, severity, what it takes in, the vector.
pub fn scored(vectors: &[Vector]) -> Vec<String> {
    columns(&vectors.iter().map(row).collect::<Vec<_>>())
}

fn row(vector: &Vector) -> Vec<String> {
    let nomenclature = vector.nomenclature();
    let words = nomenclature.words(vector.version());
    let base = vector.base_score();
    let words = if nomenclature == Nomenclature::B { words } else { format!("{words}, base {base}") };
    vec![format!("{} {}", vector.score(), vector.severity()), words, vector.to_string()]
}

/// A paragraph a vector: the line, what each metric says, why the score is what it is.
pub fn explained(vectors: &[Vector]) -> Vec<String> {
    let paragraphs = vectors.iter().map(|vector| {
        let mut lines = columns(&[row(vector)]);
        lines.push(String::new());
        lines.extend(indented(&said(vector)));
        lines.push(String::new());
        lines.extend(reasons(vector));
        lines
    });
    paragraphs.collect::<Vec<_>>().join(&String::new())
}

/// What each metric says and what that means.
fn said(vector: &Vector) -> Vec<Vec<String>> {
    let metrics = vector.version().metrics().iter().enumerate();
    let row = |(place, metric): (usize, &crate::cvss::Metric)| {
        let value = vector.draft().value(place)?;
        Some(vec![format!("{}:{}", metric.key, value.key), metric.name.to_owned(), of(value), value.means.to_owned()])
    };
    metrics.filter_map(row).collect()
}

fn reasons(vector: &Vector) -> Vec<String> {
    let Some(why) = why(vector.draft()) else { return Vec::new() };
    let of_v4 = vector.version() == Version::V4_0;
    let more = if of_v4 { format!(": MacroVector {}", MacroVector::of(vector.draft())) } else { String::new() };
    let mut lines = vec![format!("  Why {}{more}", vector.score())];
    let far = |severity: &Severity| vec![format!("{severity} from"), why.not_by.to_owned()];
    let rows: Vec<Vec<String>> = why
        .reasons
        .iter()
        .map(|reason| vec![format!("{} {}", reason.name, reason.value), reason.words.clone()])
        .chain(why.turns.iter().map(|turn| vec![format!("{} from", turn.severity), turned(vector.version(), turn)]))
        .chain(why.far.iter().map(far))
        .collect();
    lines.extend(indented(&rows));
    lines
}

/// «C or I high, which scores 9.1».
fn turned(version: Version, turn: &Turn) -> String {
    let scores = if turn.together { "score" } else { "scores" };
    format!("{}, which {scores} {}", turn.words(version), turn.score)
}

/// Both vectors, and a line for each metric in which they differ.
pub fn compared(first: &Vector, second: &Vector, differences: &[Difference]) -> Vec<String> {
    let mut lines = scored(&[*first, *second]);
    lines.push(String::new());
    if differences.is_empty() {
        lines.push("  They say the same.".to_owned());
        return lines;
    }
    let answer = |value: Option<&Value>| value.map_or("not set".to_owned(), of);
    let row = |difference: &Difference| {
        let metric = &first.version().metrics()[difference.metric];
        let change = format!("{} to {}", answer(difference.first), answer(difference.second));
        let score = format!("{} ({})", difference.score, signed(difference.change));
        vec![metric.key.to_owned(), metric.name.to_owned(), change, score]
    };
    lines.extend(indented(&differences.iter().map(row).collect::<Vec<_>>()));
    lines
}

fn of(value: &Value) -> String {
    value.name.to_owned()
}

fn indented(rows: &[Vec<String>]) -> Vec<String> {
    columns(rows).into_iter().map(|line| format!("  {line}")).collect()
}
