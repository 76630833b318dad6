//! The formulas of 2.0 (section 3.2), named as the specification names them.
//!
//! All of it is exact: weights are whole thousandths, so each amount below is a whole number of a small unit, which its
//! function names.

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
const ACCESS_VECTOR: [i128; 4] = [0, 395, 646, 1000];
const ACCESS_COMPLEXITY: [i128; 4] = [0, 350, 610, 710];
const AUTHENTICATION: [i128; 4] = [0, 450, 560, 704];
const IMPACT: [i128; 4] = [0, 0, 275, 660];
const EXPLOITABILITY: [i64; 6] = [100, 85, 90, 95, 100, 100];
const REMEDIATION_LEVEL: [i64; 6] = [100, 87, 90, 95, 100, 100];
const REPORT_CONFIDENCE: [i64; 5] = [100, 90, 95, 100, 100];
const COLLATERAL_DAMAGE: [i64; 7] = [0, 0, 10, 30, 40, 50, 0];
const TARGET_DISTRIBUTION: [i64; 6] = [100, 0, 25, 75, 100, 100];
const REQUIREMENT: [i128; 5] = [100, 50, 100, 151, 100];

/// 1.0 in the unit of Impact, 10⁻¹⁷.
const ONE: i128 = 100_000_000_000_000_000;

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
    score_of(round_to_tenths(i128::from(sum * weight(&TARGET_DISTRIBUTION, draft, TD)), 10_000))
}

/// The parts of the score, rounded to tenths.
pub(super) fn sub_scores(draft: &Draft, modified: bool) -> SubScores {
    let read = |impact: i128| score_of(round_to_tenths(impact, ONE / 10));
    SubScores {
        impact: read(impact(draft)),
        exploitability: score_of(round_to_tenths(exploitability(draft), 100_000_000)),
        modified_impact: modified.then(|| read(adjusted_impact(draft))),
        modified_exploitability: None,
    }
}

/// `BaseScore` in tenths: ((0.6 × Impact) + (0.4 × Exploitability) − 1.5) × f(Impact).
fn base(draft: &Draft, impact: i128) -> i64 {
    if impact == 0 {
        return 0;
    }
    // Exploitability is in units of 10⁻⁹. The product with 0.6, 0.4 and 1.176 adds four digits.
    let sum = 6 * impact + 4 * exploitability(draft) * (ONE / 1_000_000_000) - 15 * ONE;
    round_to_tenths(sum * 1176, ONE * 1000)
}

/// 10.41 × (1 − (1 − C) × (1 − I) × (1 − A)), in units of 10⁻¹⁷.
fn impact(draft: &Draft) -> i128 {
    let left = |metric| 100_000 - 100 * weight(&IMPACT, draft, metric);
    1041 * (1_000_000_000_000_000 - left(C) * left(I) * left(A))
}

/// min(10, 10.41 × (1 − (1 − C × CR) × (1 − I × IR) × (1 − A × AR))), in units of 10⁻¹⁷.
fn adjusted_impact(draft: &Draft) -> i128 {
    let left =
        |metric, requirement| 100_000 - weight(&IMPACT, draft, metric) * weight(&REQUIREMENT, draft, requirement);
    let adjusted = 1041 * (1_000_000_000_000_000 - left(C, CR) * left(I, IR) * left(A, AR));
    adjusted.min(10 * ONE)
}

/// 20 × `AccessVector` × `AccessComplexity` × Authentication, in units of 10⁻⁹.
fn exploitability(draft: &Draft) -> i128 {
    20 * weight(&ACCESS_VECTOR, draft, AV) * weight(&ACCESS_COMPLEXITY, draft, AC) * weight(&AUTHENTICATION, draft, AU)
}

/// `TemporalScore` in tenths of a base score in tenths.
fn temporal(draft: &Draft, base: i64) -> i64 {
    let factors = weight(&EXPLOITABILITY, draft, E)
        * weight(&REMEDIATION_LEVEL, draft, RL)
        * weight(&REPORT_CONFIDENCE, draft, RC);
    round_to_tenths(i128::from(base * factors), 1_000_000)
}

fn weight<T: Copy + Default>(weights: &[T], draft: &Draft, metric: usize) -> T {
    weights.get(usize::from(draft.chosen()[metric])).copied().unwrap_or_default()
}

/// `round_to_1_decimal`: the nearest number of tenths, halves away from zero. `tenth` is a tenth in the unit of the amount.
fn round_to_tenths(amount: i128, tenth: i128) -> i64 {
    let twice = 2 * amount.abs() + tenth;
    i64::try_from(twice / (2 * tenth) * amount.signum()).unwrap_or_default()
}

fn score_of(tenths: i64) -> Score {
    Score::near(tenths)
}
