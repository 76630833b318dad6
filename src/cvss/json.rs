//! The JSON form that FIRST publishes schemas for, out and in, and the line for Markdown.

use serde_json::{Map, Value, json};

use super::{Group, Metric, Score, Vector, VectorError, Version};

/// Why a JSON value is no vector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// There is no text called `vectorString`.
    #[error("there is no vectorString: expected an object with one, as in FIRST's schemas")]
    NoVector,
    /// The vector is none.
    #[error("vectorString: {0}")]
    Vector(#[from] VectorError),
    /// Another key says something else than the vector.
    #[error("{key} says something else than the vector, which says {expected}")]
    Contradiction {
        /// The key.
        key: &'static str,
        /// What the vector says.
        expected: String,
    },
}

/// A vector in FIRST's JSON form: version, vector, each metric that it holds, scores and severities.
///
/// The schema of 4.0 knows one score, called `baseScore`: it holds that of the whole vector, as it stands beside it, and so
/// do those who publish vectors with threat metrics. FIRST took the scores by group out of that schema, for 4.0 has one score.
#[must_use]
pub fn to_json(vector: &Vector) -> Value {
    let mut object = Map::new();
    object.insert("version".to_owned(), json!(vector.version().number()));
    object.insert("vectorString".to_owned(), json!(vector.to_string()));
    object.extend(entries(vector).map(|(key, value)| (key.to_owned(), value)));
    Value::Object(object)
}

/// Everything but version and vector, in the order of the specification.
fn entries(vector: &Vector) -> impl Iterator<Item = (&'static str, Value)> {
    let metrics = vector.version().metrics().iter().enumerate();
    let held = *vector.draft();
    let metrics = metrics.filter_map(move |(place, metric)| {
        let value = held.value(place)?;
        Some((metric.json, json!(word(vector.version(), metric, value.name))))
    });
    metrics.chain(scores(vector))
}

fn scores(vector: &Vector) -> Vec<(&'static str, Value)> {
    const KEYS: [(&str, &str); 3] = [
        ("baseScore", "baseSeverity"),
        ("temporalScore", "temporalSeverity"),
        ("environmentalScore", "environmentalSeverity"),
    ];
    let scores = vector.scores();
    let scores = match vector.version() {
        Version::V4_0 => [Some(scores.overall()), None, None],
        _ => [Some(scores.base), scores.temporal, scores.environmental],
    };
    let named = KEYS.into_iter().zip(scores);
    named
        .filter_map(|((key, severity), score)| Some(scored(key, severity, score?, vector.version())))
        .flatten()
        .collect()
}

/// A score with its severity, of which the schema of 2.0 has none.
fn scored(key: &'static str, severity_key: &'static str, score: Score, version: Version) -> Vec<(&'static str, Value)> {
    let severity = (severity_key, json!(score.severity(version).to_string().to_uppercase()));
    let severity = Some(severity).filter(|_| version != Version::V2_0);
    std::iter::once((key, number(score))).chain(severity).collect()
}

/// A score as a JSON number, `9.8`.
#[must_use]
pub fn number(score: Score) -> Value {
    json!(f64::from(score))
}

/// A value's word: its name in capitals. Three words of the schemas are longer than the names.
fn word(version: Version, metric: &Metric, name: &str) -> String {
    match name {
        "Adjacent" if version.major() == 3 => "ADJACENT_NETWORK".to_owned(),
        "POC" if metric.group == Group::Threat => "PROOF_OF_CONCEPT".to_owned(),
        name => name.to_uppercase().replace([' ', '-'], "_"),
    }
}

/// Reads FIRST's JSON form. Keys that the schemas don't know are no matter; one that contradicts the vector is. In 4.0 some
/// write the score of the base metrics alone as `baseScore`, which is taken as well.
///
/// # Errors
/// If there is no valid vector, or another key says something else.
pub fn from_json(value: &Value) -> Result<Vector, JsonError> {
    let text = value.get("vectorString").and_then(Value::as_str).ok_or(JsonError::NoVector)?;
    let vector = Vector::parse(text)?;
    let version = ("version", json!(vector.version().number()));
    let open =
        vector.version().metrics().iter().enumerate().filter(|(place, _)| vector.draft().place(*place).is_none());
    let open = open.map(|(_, metric)| (metric.json, json!("NOT_DEFINED")));
    let base_alone = scored("baseScore", "baseSeverity", vector.base_score(), vector.version());
    let may_be_base = |key, said: &Value| base_alone.iter().any(|(name, base)| *name == key && same(said, base));
    for (key, expected) in std::iter::once(version).chain(entries(&vector)).chain(open) {
        if value.get(key).is_some_and(|said| !same(said, &expected) && !may_be_base(key, said)) {
            let expected = expected.as_str().map_or_else(|| expected.to_string(), str::to_owned);
            return Err(JsonError::Contradiction { key, expected });
        }
    }
    Ok(vector)
}

/// Whether two values are the same: 7 is 7.0.
fn same(said: &Value, expected: &Value) -> bool {
    match (said.as_f64(), expected.as_f64()) {
        (Some(said), Some(expected)) => (said - expected).abs() < 0.01,
        _ => said == expected,
    }
}

/// Score, severity, what it takes in and the vector, as one line of Markdown.
#[must_use]
pub fn markdown(vector: &Vector) -> String {
    let words = vector.nomenclature().words(vector.version());
    format!("**{} {}** ({words}) `{vector}`", vector.score(), vector.severity())
}
