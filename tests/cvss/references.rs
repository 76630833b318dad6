//! What others have scored, named or refused.

use fixlead::cvss::{Draft, Group, MacroVector, Score, Vector, Version};
use proptest::prelude::*;

const PUBLIC: &str = include_str!("../data/cvss_public.tsv");
const BAD: &str = include_str!("../data/cvss_bad_vectors.txt");
const NAMES: &str = include_str!("../data/cvss_metric_names.tsv");
const V4_TABLES: &str = include_str!("../data/cvss_v4_tables.json");

#[test]
fn every_public_vector_has_its_scores() {
    let mut seen = 0;
    for line in PUBLIC.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, version, base, temporal, environmental, severity] = columns[..] else { panic!("{line}") };
        let vector = Vector::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let scores = vector.scores();
        let cell = |score: Option<Score>| score.map(|score| score.to_string()).unwrap_or_default();
        let only_one = vector.version() == Version::V4_0 && scores.temporal.or(scores.environmental).is_some();
        let own_base = cell(Some(scores.base).filter(|_| !only_one));
        let own = [own_base, cell(scores.temporal), cell(scores.environmental), vector.severity().to_string()];
        assert_eq!(own, [base, temporal, environmental, severity], "{text}");
        assert_eq!((vector.to_string().as_str(), vector.version().number()), (text, version));
        assert_eq!(vector.score(), scores.overall(), "{text}");
        seen += 1;
    }
    assert_eq!(seen, 4_000);
}

#[test]
fn every_bad_vector_is_refused_with_the_place_and_what_was_expected() {
    let mut seen = 0;
    for line in BAD.lines() {
        let (text, reason) = line.rsplit_once('\t').unwrap();
        let Err(error) = Vector::parse(text) else { panic!("taken in spite of «{reason}»: {text}") };
        let says = error.to_string();
        assert!(says.contains("expected") || says.contains(" takes "), "{text}: {says}");
        assert!(says.contains(&error.position().to_string()), "{text}: {says}");
        assert!(error.position() <= text.len(), "{text}: {says}");
        // A reason that begins with a metric is about that metric.
        for words in ["mandatory metric ", "unknown metric "] {
            if let Some(metric) = reason.strip_prefix(words).and_then(|tail| tail.split(' ').next()) {
                assert_eq!(error.metric(), Some(metric), "{text}: {says}");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 148);
}

#[test]
fn metrics_values_and_their_order_are_those_of_the_specification() {
    let own = Version::ALL.into_iter().flat_map(|version| {
        version.metrics().iter().flat_map(move |metric| {
            let mandatory = if metric.mandatory() { "yes" } else { "no" };
            let row = move |key, name| {
                let cells = [version.number(), metric.group.name(), metric.key, metric.name, mandatory, key, name];
                cells.join("\t")
            };
            metric.values.iter().map(move |value| row(value.key, value.name))
        })
    });
    let expected = NAMES.lines().skip(1).map(|line| line.split('\t').take(7).collect::<Vec<_>>().join("\t"));
    assert_eq!(own.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn every_metric_and_value_is_explained() {
    for metric in Version::ALL.into_iter().flat_map(Version::metrics) {
        assert!(metric.asks.ends_with('?') && metric.example.ends_with('.'), "{}", metric.name);
        // Two lines of a column of 45 beside the metrics.
        assert!([metric.asks, metric.example].iter().all(|text| text.chars().count() <= 100), "{}", metric.name);
        for value in metric.values {
            assert!(!value.means.is_empty() && !value.means.ends_with('.'), "{} {}", metric.name, value.name);
            // One line of 80 columns, behind its name.
            assert!(value.means.chars().count() <= 62, "{} {}", metric.name, value.name);
        }
    }
}

/// What each example says of a crash.
#[test]
fn the_examples_alone_lead_from_an_unauthenticated_remote_crash_to_its_vector() {
    let of_a_crash = |text: &str| ["crash", "request", "sent before any login"].iter().any(|word| text.contains(word));
    for (version, expected) in [
        (Version::V3_1, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"),
        (Version::V4_0, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"),
    ] {
        let led = Draft::new(version).of_group(Group::Base).fold(Draft::new(version), |draft, (place, metric)| {
            let sentence = metric.example.split_inclusive('.').find(|sentence| of_a_crash(sentence));
            let answer =
                sentence.and_then(|sentence| sentence.trim_end_matches('.').rsplit(": ").next()).unwrap_or_default();
            let value = metric.values.iter().position(|value| value.name == answer);
            assert!(value.is_some(), "{}: {}", metric.name, metric.example);
            draft.with(place, value)
        });
        assert_eq!(led.vector().unwrap().to_string(), expected);
    }
}

/// All vectors of the base metrics.
pub fn all_of_base(version: Version) -> Vec<Draft> {
    let metrics = Draft::new(version).of_group(Group::Base);
    metrics.fold(vec![Draft::new(version)], |drafts, (place, metric)| {
        let values = 0..metric.values.len();
        drafts.iter().flat_map(|draft| values.clone().map(|value| draft.with(place, Some(value)))).collect()
    })
}

/// The base score by the crate of the name.
fn second_opinion(vector: &Vector) -> String {
    let other: cvss::Cvss = vector.to_string().parse().unwrap();
    format!("{:.1}", other.score())
}

#[test]
fn all_base_vectors_of_2_0_and_3_x_agree_with_another_calculator() {
    for (version, count) in [(Version::V2_0, 729), (Version::V3_0, 2_592), (Version::V3_1, 2_592)] {
        let all = all_of_base(version);
        assert_eq!(all.len(), count);
        for draft in all {
            let vector = draft.vector().unwrap();
            assert_eq!(vector.base_score().to_string(), second_opinion(&vector), "{vector}");
        }
    }
}

#[test]
fn all_base_vectors_of_4_0_agree_with_another_calculator() {
    let all = all_of_base(Version::V4_0);
    assert_eq!(all.len(), 104_976);
    for draft in all {
        let vector = draft.vector().unwrap();
        assert_eq!(vector.score().to_string(), second_opinion(&vector), "{vector}");
    }
}

#[test]
fn every_macro_vector_has_the_score_of_the_specification() {
    let tables: serde_json::Value = serde_json::from_str(V4_TABLES).unwrap();
    let highest = &tables["highest_severity_vectors"];
    let texts = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let mut seen = 0;
    for (key, score) in tables["macrovector_score"].as_object().unwrap() {
        let class = |eq: usize| &key[eq - 1..eq];
        let parts = [
            texts(&highest["eq1"][class(1)]),
            texts(&highest["eq2"][class(2)]),
            texts(&highest["eq3"][class(3)][class(6)]),
            texts(&highest["eq4"][class(4)]),
            texts(&highest["eq5"][class(5)]),
        ];
        let all = parts.iter().fold(vec![String::new()], |heads, tails| {
            heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect()
        });
        for text in all {
            let draft = of_effective(&text);
            assert_eq!(MacroVector::of(&draft).to_string(), *key, "{text}");
            // A vector at the top of its class has just the score of the class.
            assert_eq!(draft.score().unwrap().to_string(), format!("{:.1}", score.as_f64().unwrap()), "{text}");
        }
        seen += 1;
    }
    assert_eq!(seen, 270);
}

/// A draft of a vector in which SI and SA may say Safety: that is said by the modified metric.
fn of_effective(text: &str) -> Draft {
    let parts = text.trim_end_matches('/').split('/').map(|part| part.split_once(':').unwrap());
    parts.fold(Draft::new(Version::V4_0), |draft, (key, value)| {
        let set = |draft: Draft, key: &str, value: &str| {
            let metric = Version::V4_0.find(key).unwrap();
            draft.with(metric, Version::V4_0.metrics()[metric].find(value))
        };
        if value == "S" { set(set(draft, key, "N"), &format!("M{key}"), "S") } else { set(draft, key, value) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    // Not 3.0: there the other calculator copies the rounding of an old script, which at ties is not that of the formula.
    #[test]
    fn vectors_with_all_groups_agree_with_another_calculator(
        (old, middle, new) in (
            crate::drafts::draft(Version::V2_0, 0),
            crate::drafts::draft(Version::V3_1, 0),
            crate::drafts::draft(Version::V4_0, 0),
        )
    ) {
        let [old, middle, new] = [old, middle, new].map(|draft| draft.vector().unwrap());
        let of_new: cvss::v4::Vector = new.to_string().parse().unwrap();
        prop_assert_eq!(new.score().to_string(), format!("{:.1}", of_new.score().value()), "{}", new);
        if let Some(score) = middle.scores().environmental {
            let other: cvss::v3::Vector = middle.to_string().parse().unwrap();
            prop_assert_eq!(score.to_string(), format!("{:.1}", other.environmental_score().value()), "{}", middle);
        }
        if let Some(score) = old.scores().environmental {
            let other: cvss::v2::Vector = old.to_string().parse().unwrap();
            // The formula of 2.0 can come out below 0, which is no score.
            let other = other.environmental_score().value().max(0.0).abs();
            prop_assert_eq!(score.to_string(), format!("{other:.1}"), "{}", old);
        }
    }
}
