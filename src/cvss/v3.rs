//! Versions 3.0 and 3.1: their metrics and the base score.
//!
//! Names follow the specification (ISS, Impact, Exploitability, Roundup). All of it is integer arithmetic in units of
//! 10⁻¹⁸, because binary floats miss the ties of both roundings.

use super::metric::Metric;
use super::{Score, Vector, Version};

const fn base(key: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { key, mandatory: true, values }
}

const fn optional(key: &'static str, values: &'static [&'static str]) -> Metric {
    Metric { key, mandatory: false, values }
}

/// All metrics in the order of the specification: base, temporal, environmental. Both versions have the same.
pub(super) const METRICS: &[Metric] = &[
    base("AV", &["N", "A", "L", "P"]),
    base("AC", &["L", "H"]),
    base("PR", &["N", "L", "H"]),
    base("UI", &["N", "R"]),
    base("S", &["U", "C"]),
    base("C", &["H", "L", "N"]),
    base("I", &["H", "L", "N"]),
    base("A", &["H", "L", "N"]),
    optional("E", &["X", "H", "F", "P", "U"]),
    optional("RL", &["X", "U", "W", "T", "O"]),
    optional("RC", &["X", "C", "R", "U"]),
    optional("CR", &["X", "H", "M", "L"]),
    optional("IR", &["X", "H", "M", "L"]),
    optional("AR", &["X", "H", "M", "L"]),
    optional("MAV", &["X", "N", "A", "L", "P"]),
    optional("MAC", &["X", "L", "H"]),
    optional("MPR", &["X", "N", "L", "H"]),
    optional("MUI", &["X", "N", "R"]),
    optional("MS", &["X", "U", "C"]),
    optional("MC", &["X", "N", "L", "H"]),
    optional("MI", &["X", "N", "L", "H"]),
    optional("MA", &["X", "N", "L", "H"]),
];

/// 1.0 in the units of all amounts here. No amount exceeds 11, nor a product of two 121, far below the limit of `i128`.
const ONE: i128 = 1_000_000_000_000_000_000;
const TENTH: i128 = ONE / 10;

const fn hundredths(amount: i128) -> i128 {
    amount * (ONE / 100)
}

const fn times(a: i128, b: i128) -> i128 {
    a * b / ONE
}

/// The base score of a vector of version 3.0 or 3.1.
pub(super) fn base_score(vector: &Vector) -> Score {
    let amount = base_amount(vector);
    let tenths = match vector.version {
        Version::V3_0 => roundup_3_0(amount),
        Version::V3_1 => roundup_3_1(amount),
    };
    u8::try_from(tenths).ok().and_then(Score::from_tenths).unwrap_or(Score::MAX)
}

/// The base score before it is rounded.
fn base_amount(vector: &Vector) -> i128 {
    let changed = vector.value("S") == Some("C");
    let impact = impact(iss(vector), changed);
    if impact <= 0 {
        return 0;
    }
    let sum = impact + exploitability(vector, changed);
    let scaled = if changed { times(hundredths(108), sum) } else { sum };
    scaled.min(10 * ONE)
}

/// The Impact Sub-Score: 1 − (1 − C)(1 − I)(1 − A).
fn iss(vector: &Vector) -> i128 {
    let left = |metric| ONE - impact_weight(vector.value(metric));
    ONE - times(times(left("C"), left("I")), left("A"))
}

fn impact(iss: i128, changed: bool) -> i128 {
    if changed {
        let fifteenth = power(iss - hundredths(2), 15);
        times(hundredths(752), iss - ONE * 29 / 1000) - times(hundredths(325), fifteenth)
    } else {
        times(hundredths(642), iss)
    }
}

fn exploitability(vector: &Vector, changed: bool) -> i128 {
    let factors = [
        attack_vector_weight(vector.value("AV")),
        if vector.value("AC") == Some("L") { hundredths(77) } else { hundredths(44) },
        privileges_weight(vector.value("PR"), changed),
        if vector.value("UI") == Some("N") { hundredths(85) } else { hundredths(62) },
    ];
    factors.into_iter().fold(hundredths(822), times)
}

fn impact_weight(value: Option<&str>) -> i128 {
    match value {
        Some("H") => hundredths(56),
        Some("L") => hundredths(22),
        _ => 0,
    }
}

fn attack_vector_weight(value: Option<&str>) -> i128 {
    match value {
        Some("N") => hundredths(85),
        Some("A") => hundredths(62),
        Some("L") => hundredths(55),
        _ => hundredths(20),
    }
}

fn privileges_weight(value: Option<&str>, changed: bool) -> i128 {
    match (value, changed) {
        (Some("N"), _) => hundredths(85),
        (Some("L"), false) => hundredths(62),
        (Some("L"), true) => hundredths(68),
        (_, false) => hundredths(27),
        (_, true) => hundredths(50),
    }
}

fn power(amount: i128, exponent: usize) -> i128 {
    std::iter::repeat_n(amount, exponent).fold(ONE, times)
}

/// «Round up» of version 3.0: the smallest number of tenths that is not below the exact amount.
const fn roundup_3_0(amount: i128) -> i128 {
    (amount + TENTH - 1) / TENTH
}

/// Roundup of version 3.1, appendix A: the same after rounding to five decimals.
const fn roundup_3_1(amount: i128) -> i128 {
    const FIFTH_DECIMAL: i128 = ONE / 100_000;
    let int_input = (amount + FIFTH_DECIMAL / 2) / FIFTH_DECIMAL;
    if int_input % 10_000 == 0 { int_input / 10_000 } else { int_input / 10_000 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Public scored vectors: `vector<TAB>base score`.
    const SCORED: &str = include_str!("../../tests/data/cvss3_base.tsv");

    #[test]
    fn public_vectors_have_their_scores() {
        let mut seen = 0;
        for line in SCORED.lines() {
            let (text, base) = line.split_once('\t').unwrap();
            let vector = Vector::parse(text).unwrap();
            assert_eq!(vector.base_score().to_string(), base, "{text}");
            assert_eq!(vector.to_string(), text);
            seen += 1;
        }
        assert!(seen >= 200);
    }

    /// All 2592 combinations of base metrics.
    fn all(version: &str) -> Vec<Vector> {
        let mut texts = vec![format!("CVSS:{version}")];
        for metric in METRICS.iter().filter(|metric| metric.mandatory) {
            let longer = |text: &String| metric.values.iter().map(|v| format!("{text}/{}:{v}", metric.key)).collect();
            texts = texts.iter().flat_map::<Vec<String>, _>(longer).collect();
        }
        texts.iter().map(|text| Vector::parse(text).unwrap()).collect()
    }

    #[test]
    fn no_amount_is_close_enough_to_a_tie_for_the_cut_digits_to_matter() {
        // Digits are cut after the eighteenth only for a changed scope; there the error stays below 1000 units.
        for vector in all("3.0").iter().filter(|vector| vector.value("S") == Some("C")) {
            let amount = base_amount(vector);
            if amount > 0 && amount < 10 * ONE {
                for unit in [TENTH, ONE / 100_000] {
                    let over = (amount + unit / 2 * i128::from(unit != TENTH)) % unit;
                    assert!(over.min(unit - over) > 1000, "{vector}: {amount}");
                }
            }
        }
    }

    #[test]
    fn both_versions_agree_but_for_the_fifth_decimal() {
        for (old, new) in all("3.0").iter().zip(&all("3.1")) {
            let (old_score, new_score) = (old.base_score().tenths(), new.base_score().tenths());
            if old_score != new_score {
                assert_eq!(old_score, new_score + 1, "{new}");
                assert!(base_amount(new) % TENTH < ONE / 200_000, "{new}");
            }
        }
    }

    #[test]
    fn no_impact_scores_nothing() {
        let score = |text| Vector::parse(text).map(|vector| vector.base_score().tenths());
        assert_eq!(score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:N"), Ok(0));
        assert_eq!(score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"), Ok(100));
    }
}
