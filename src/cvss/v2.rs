//! The formulas of 2.0 (section 3.2), named as the specification names them.
//!
//! All amounts are whole numbers of 10⁻¹², in which everything is exact but the adjusted impact: of that, five digits more
//! are cut, and a test compares each amount that there is with the exact one.

use super::scores::SubScores;
use super::{Draft, Score};

// Places in the table of metrics.
const AV: usize = 0;
const AC: usize = 1;
const AU: usize = 2;
const C: usize = 3;
const I: usize = 4;
const A: usize = 5;
const E: usize = 6;
const RL: usize = 7;
const RC: usize = 8;
const CDP: usize = 9;
const TD: usize = 10;
const CR: usize = 11;
const IR: usize = 12;
const AR: usize = 13;

// Weights in thousandths or, where none has more digits, hundredths: first what an open metric counts as, then by value.
const ACCESS_VECTOR: [i64; 4] = [0, 395, 646, 1000];
const ACCESS_COMPLEXITY: [i64; 4] = [0, 350, 610, 710];
const AUTHENTICATION: [i64; 4] = [0, 450, 560, 704];
const IMPACT: [i64; 4] = [0, 0, 275, 660];
const EXPLOITABILITY: [i64; 6] = [100, 85, 90, 95, 100, 100];
const REMEDIATION_LEVEL: [i64; 6] = [100, 87, 90, 95, 100, 100];
const REPORT_CONFIDENCE: [i64; 5] = [100, 90, 95, 100, 100];
const COLLATERAL_DAMAGE: [i64; 7] = [0, 0, 10, 30, 40, 50, 0];
const TARGET_DISTRIBUTION: [i64; 6] = [100, 0, 25, 75, 100, 100];
const REQUIREMENT: [i64; 5] = [100, 50, 100, 151, 100];

/// 1.0 in the unit of all amounts.
const ONE: i64 = 1_000_000_000_000;

/// `BaseScore` (section 3.2.1).
pub(super) fn base_score(draft: &Draft) -> Score {
    score_of(base(draft, impact(draft)))
}

/// `TemporalScore` (section 3.2.2).
pub(super) fn temporal_score(draft: &Draft) -> Score {
    score_of(temporal(draft, base(draft, impact(draft))))
}

/// `EnvironmentalScore` (section 3.2.3).
pub(super) fn environmental_score(draft: &Draft) -> Score {
    let adjusted_temporal = temporal(draft, base(draft, adjusted_impact(draft)));
    let damage = weight(&COLLATERAL_DAMAGE, draft, CDP);
    let sum = adjusted_temporal * 100 + (100 - adjusted_temporal) * damage;
    score_of(round_to_tenths(sum * weight(&TARGET_DISTRIBUTION, draft, TD), 10_000))
}

/// The parts of the score, rounded to tenths.
pub(super) fn sub_scores(draft: &Draft, modified: bool) -> SubScores {
    let read = |amount| score_of(round_to_tenths(amount, ONE / 10));
    SubScores {
        impact: read(impact(draft)),
        exploitability: read(exploitability(draft)),
        modified_impact: modified.then(|| read(adjusted_impact(draft))),
        modified_exploitability: None,
    }
}

/// `BaseScore` in tenths: ((0.6 × Impact) + (0.4 × Exploitability) − 1.5) × f(Impact).
fn base(draft: &Draft, impact: i64) -> i64 {
    if impact == 0 {
        return 0;
    }
    // The product with 0.6, 0.4 and 1.176 adds four digits.
    let sum = 6 * impact + 4 * exploitability(draft) - 15 * ONE;
    round_to_tenths(sum * 1176, ONE * 1000)
}

/// 10.41 × (1 − (1 − C) × (1 − I) × (1 − A)).
fn impact(draft: &Draft) -> i64 {
    impact_of([C, I, A].map(|metric| 100 * weight(&IMPACT, draft, metric)))
}

/// min(10, 10.41 × (1 − (1 − C × CR) × (1 − I × IR) × (1 − A × AR))).
fn adjusted_impact(draft: &Draft) -> i64 {
    let losses = [(C, CR), (I, IR), (A, AR)];
    let adjusted = losses.map(|(metric, need)| weight(&IMPACT, draft, metric) * weight(&REQUIREMENT, draft, need));
    impact_of(adjusted).min(10 * ONE)
}

/// 10.41 × (1 − (1 − C) × (1 − I) × (1 − A)) of losses in units of 10⁻⁵.
fn impact_of(losses: [i64; 3]) -> i64 {
    let [c, i, a] = losses.map(|loss| 100_000 - loss);
    1041 * (1_000_000_000_000_000 - c * i * a) / 100_000
}

/// 20 × `AccessVector` × `AccessComplexity` × Authentication.
fn exploitability(draft: &Draft) -> i64 {
    let ease =
        weight(&ACCESS_VECTOR, draft, AV) * weight(&ACCESS_COMPLEXITY, draft, AC) * weight(&AUTHENTICATION, draft, AU);
    20 * 1000 * ease
}

/// `TemporalScore` in tenths of a base score in tenths.
fn temporal(draft: &Draft, base: i64) -> i64 {
    let factors = weight(&EXPLOITABILITY, draft, E)
        * weight(&REMEDIATION_LEVEL, draft, RL)
        * weight(&REPORT_CONFIDENCE, draft, RC);
    round_to_tenths(base * factors, 1_000_000)
}

fn weight(weights: &[i64], draft: &Draft, metric: usize) -> i64 {
    weights.get(usize::from(draft.chosen()[metric])).copied().unwrap_or_default()
}

/// `round_to_1_decimal`: the nearest number of tenths, halves away from zero. `tenth` is a tenth in the unit of the amount.
fn round_to_tenths(amount: i64, tenth: i64) -> i64 {
    let twice = 2 * amount.abs() + tenth;
    twice / (2 * tenth) * amount.signum()
}

fn score_of(tenths: i64) -> Score {
    Score::near(tenths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cvss::Version;

    /// `BaseScore` with `AdjustedImpact` in tenths, with all digits: impact in units of 10⁻¹⁷, the sum of 10⁻²¹.
    fn exact(draft: &Draft) -> i128 {
        const ONE: i128 = 100_000_000_000_000_000;
        let left = |loss, need| {
            100_000 - i128::from(weight(&IMPACT, draft, loss)) * i128::from(weight(&REQUIREMENT, draft, need))
        };
        let impact = 1041 * (1_000_000_000_000_000 - left(C, CR) * left(I, IR) * left(A, AR));
        if impact == 0 {
            return 0;
        }
        let ease = [weight(&ACCESS_VECTOR, draft, AV), weight(&ACCESS_COMPLEXITY, draft, AC)];
        let ease = ease.map(i128::from).iter().product::<i128>() * i128::from(weight(&AUTHENTICATION, draft, AU));
        let sum = (6 * impact.min(10 * ONE) + 4 * 20 * ease * (ONE / 1_000_000_000) - 15 * ONE) * 1176;
        let tenth = ONE * 1000;
        (2 * sum.abs() + tenth) / (2 * tenth) * sum.signum()
    }

    #[test]
    fn no_cut_digit_changes_a_score() {
        let mut seen = 0;
        for case in 0..27_usize * 27 * 27 {
            let metrics = [AV, AC, AU, C, I, A, CR, IR, AR].into_iter().enumerate();
            // The digits of a number to base 3 choose the values; the two other values of a requirement weigh the same as Medium.
            let draft = metrics.fold(Draft::new(Version::V2_0), |draft, (digit, metric)| {
                draft.with(metric, Some(case / 3_usize.pow(u32::try_from(digit).unwrap_or(0)) % 3))
            });
            assert_eq!(i128::from(base(&draft, adjusted_impact(&draft))), exact(&draft), "{draft:?}");
            seen += 1;
        }
        assert_eq!(seen, 19_683);
    }
}
