//! FIRST's JSON schemas, which lie beside: what is written has nothing that they don't know and lacks nothing that they want.
//!
//! Of a schema that is what it says of single keys: which there are, which must be, the words and numbers that each takes.

use fixlead::cvss::{Vector, Version, from_json, to_json};
use serde_json::Value;

fn schema(version: Version) -> Value {
    let text = match version {
        Version::V2_0 => include_str!("../data/cvss_schemas/cvss-v2.0.json"),
        Version::V3_0 => include_str!("../data/cvss_schemas/cvss-v3.0.json"),
        Version::V3_1 => include_str!("../data/cvss_schemas/cvss-v3.1.json"),
        Version::V4_0 => include_str!("../data/cvss_schemas/cvss-v4.0.json"),
    };
    serde_json::from_str(text).unwrap()
}

/// What a schema says of a key, behind its references.
fn behind<'s>(schema: &'s Value, what: &'s Value) -> &'s Value {
    let reference = what.get("$ref").and_then(Value::as_str);
    reference.map_or(what, |reference| schema.pointer(reference.trim_start_matches('#')).unwrap())
}

/// Whether a value is what a schema wants of a key.
fn fits(schema: &Value, wanted: &Value, value: &Value) -> bool {
    let wanted = behind(schema, wanted);
    let bound = |key: &str| wanted.get(key).and_then(Value::as_f64);
    let is_word = wanted.get("enum").is_none_or(|words| words.as_array().unwrap().contains(value));
    let is_constant = wanted.get("const").is_none_or(|constant| constant == value);
    let is_type = match wanted.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("number") => value.as_f64().is_some_and(|value| {
            bound("minimum").is_none_or(|least| value >= least) && bound("maximum").is_none_or(|most| value <= most)
        }),
        Some(other) => panic!("no test for {other}"),
        None => true,
    };
    is_word && is_constant && is_type
}

/// The first thing in a JSON form that its schema doesn't want.
fn unwanted(schema: &Value, json: &Value) -> Option<String> {
    let object = json.as_object().unwrap();
    let lacking = schema["required"].as_array().unwrap().iter().find(|key| !object.contains_key(key.as_str().unwrap()));
    if let Some(key) = lacking {
        return Some(format!("{key} is missing"));
    }
    // The schema of 4.0 has score and severity in pairs, one for each band.
    let bands: Vec<&Value> =
        schema.pointer("/allOf/0/anyOf").into_iter().flat_map(|all| all.as_array().unwrap()).collect();
    let in_band = |band: &&Value| {
        let pair = band["properties"].as_object().unwrap();
        pair.iter().all(|(key, wanted)| fits(schema, wanted, &object[key]))
    };
    if !bands.is_empty() && !bands.iter().any(in_band) {
        return Some(format!("{} is not {}", object["baseScore"], object["baseSeverity"]));
    }
    object.iter().find_map(|(key, value)| match schema["properties"].get(key) {
        Some(wanted) => (!fits(schema, wanted, value)).then(|| format!("{key} can't be {value}")),
        None => (bands.is_empty() || !key.starts_with("base")).then(|| format!("{key} is unknown")),
    })
}

#[test]
fn every_scored_vector_has_a_json_form_as_its_schema_wants_it() {
    let mut seen = 0;
    for version in Version::ALL {
        let schema = schema(version);
        let lines = include_str!("../data/cvss_public.tsv").lines().skip(1).map(|line| line.split('\t'));
        for text in
            lines.filter_map(|mut cells| cells.next().zip(cells.next())).filter(|(_, of)| *of == version.number())
        {
            let vector: Vector = text.0.parse().unwrap();
            let json = to_json(&vector);
            assert_eq!(unwanted(&schema, &json), None, "{json}");
            assert_eq!(from_json(&json), Ok(vector));
            seen += 1;
        }
    }
    assert_eq!(seen, 4_000);
}

#[test]
fn every_value_of_every_metric_has_the_word_of_its_schema() {
    for version in Version::ALL {
        let schema = schema(version);
        let mildest = version.metrics().iter().take_while(|metric| metric.mandatory());
        let mildest = mildest
            .enumerate()
            .fold(fixlead::cvss::Draft::new(version), |draft, (place, _)| draft.with(place, Some(0)));
        for (place, metric) in version.metrics().iter().enumerate() {
            for value in 0..metric.values.len() {
                let json = to_json(&mildest.with(place, Some(value)).vector().unwrap());
                assert_eq!(unwanted(&schema, &json), None, "{version} {}", metric.json);
                assert!(json.get(metric.json).is_some(), "{version} {}", metric.json);
            }
        }
    }
}

#[test]
fn a_form_with_a_wrong_word_score_or_key_is_not_what_the_schema_wants() {
    let vector: Vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N".parse().unwrap();
    let schema = schema(Version::V4_0);
    let changes: [(&str, Value); 4] = [
        ("attackVector", "NEARBY".into()),
        ("baseScore", 9.9.into()),
        ("scope", "CHANGED".into()),
        ("baseSeverity", "LOW".into()),
    ];
    for (key, value) in changes {
        let mut json = to_json(&vector);
        json[key] = value;
        assert!(unwanted(&schema, &json).is_some(), "{json}");
    }
}
