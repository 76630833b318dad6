//! Scores as JSON.

use serde_json::{Map, Value, json};

use crate::cvss::{
    Difference, MacroVector, Mended, Score, SubScores, Turn, Vector, VectorError, Version, number, to_json, why,
};

/// One vector: scores, parts, FIRST's JSON form, what was mended.
pub fn scored(read: &Mended, explain: bool) -> Value {
    let vector = &read.vector;
    let mut object = summary(vector);
    if let Some(parts) = vector.draft().sub_scores() {
        object.insert("sub_scores".to_owned(), sub_scores(parts));
    }
    if vector.version() == Version::V4_0 {
        object.insert("macro_vector".to_owned(), json!(MacroVector::of(vector.draft()).to_string()));
    }
    object.insert("cvss".to_owned(), to_json(vector));
    object.insert("mended".to_owned(), read.mends.iter().map(ToString::to_string).collect());
    if explain {
        object.insert("metrics".to_owned(), said(vector));
        object.insert("why".to_owned(), reasons(vector));
    }
    Value::Object(object)
}

/// A text that is no vector.
pub fn refused(text: &str, error: &VectorError) -> Value {
    let position = error.position();
    json!({ "vector": text, "error": error.to_string(), "position": position, "metric": error.metric() })
}

/// Vector, version, scores and severity.
fn summary(vector: &Vector) -> Map<String, Value> {
    let scores = vector.scores();
    let second = if vector.version() == Version::V4_0 { "threat" } else { "temporal" };
    let entries = [
        ("vector", json!(vector.to_string())),
        ("version", json!(vector.version().number())),
        ("score", number(scores.overall())),
        ("severity", json!(vector.severity().to_string().to_lowercase())),
        ("nomenclature", json!(vector.nomenclature().to_string())),
        ("base", number(scores.base)),
        (second, optional(scores.temporal)),
        ("environmental", optional(scores.environmental)),
        ("canonical", json!(vector.canonical().to_string())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn optional(score: Option<Score>) -> Value {
    score.map_or(Value::Null, number)
}

fn sub_scores(parts: SubScores) -> Value {
    json!({
        "impact": number(parts.impact),
        "exploitability": number(parts.exploitability),
        "modified_impact": optional(parts.modified_impact),
        "modified_exploitability": optional(parts.modified_exploitability),
    })
}

fn said(vector: &Vector) -> Value {
    let metrics = vector.version().metrics().iter().enumerate();
    let said = metrics.filter_map(|(place, metric)| {
        let value = vector.draft().value(place)?;
        let group = metric.group.name().to_lowercase();
        Some(json!({
            "metric": metric.key, "name": metric.name, "group": group, "asks": metric.asks,
            "value": value.key, "value_name": value.name, "means": value.means,
        }))
    });
    said.collect()
}

fn reasons(vector: &Vector) -> Value {
    let Some(why) = why(vector.draft()) else { return Value::Null };
    let reasons =
        why.reasons.iter().map(|reason| json!({ "name": reason.name, "value": reason.value, "words": reason.words }));
    let turn = |turn: &Turn| {
        let change = |(metric, value): &(usize, usize)| {
            let metric = &vector.version().metrics()[*metric];
            json!({ "metric": metric.key, "value": metric.values[*value].key })
        };
        let changes: Vec<Value> = turn.changes.iter().map(change).collect();
        json!({
            "severity": turn.severity.to_string().to_lowercase(),
            "score": number(turn.score),
            "changes": changes,
            "together": turn.together,
        })
    };
    let far: Vec<String> = why.far.iter().map(|severity| severity.to_string().to_lowercase()).collect();
    json!({
        "reasons": reasons.collect::<Vec<_>>(),
        "turns": why.turns.iter().map(turn).collect::<Vec<_>>(),
        "far": far,
    })
}

/// Two vectors and the metrics in which they differ.
pub fn compared(first: &Mended, second: &Mended, differences: &[Difference]) -> Value {
    let difference = |difference: &Difference| {
        let metric = &first.vector.version().metrics()[difference.metric];
        json!({
            "metric": metric.key,
            "name": metric.name,
            "a": difference.first.map(|value| value.key),
            "b": difference.second.map(|value| value.key),
            "score": number(difference.score),
            "change": f64::from(difference.change) / 10.0,
        })
    };
    json!({
        "a": summary(&first.vector),
        "b": summary(&second.vector),
        "differences": differences.iter().map(difference).collect::<Vec<_>>(),
    })
}
