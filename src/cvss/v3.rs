//! The formulas of 3.0 and 3.1 (section 8 of 3.0, section 7 of 3.1), named as the specifications name them.
//!
//! All amounts are whole numbers of 10⁻¹², in which everything is exact but the one high power of a changed scope: its
//! error is far below the distance to the next tie of either rounding, which a test measures on every amount there is.

use super::scores::SubScores;
use super::{Draft, Score, Version};

// Places in the table of metrics.
const AV: usize = 0;
const AC: usize = 1;
const PR: usize = 2;
const UI: usize = 3;
const S: usize = 4;
const C: usize = 5;
const I: usize = 6;
const A: usize = 7;
const E: usize = 8;
const RL: usize = 9;
const RC: usize = 10;
const CR: usize = 11;
const IR: usize = 12;
const AR: usize = 13;
/// The first modified metric; they stand in the order of the base metrics.
const MAV: usize = 14;

// Weights in hundredths: first what an open metric counts as, then by value.
const ATTACK_VECTOR: [i64; 5] = [0, 85, 62, 55, 20];
const ATTACK_COMPLEXITY: [i64; 3] = [0, 77, 44];
const PRIVILEGES_REQUIRED: [i64; 4] = [0, 85, 62, 27];
const PRIVILEGES_REQUIRED_CHANGED: [i64; 4] = [0, 85, 68, 50];
const USER_INTERACTION: [i64; 3] = [0, 85, 62];
const IMPACT: [i64; 4] = [0, 56, 22, 0];
const EXPLOIT_CODE_MATURITY: [i64; 6] = [100, 100, 100, 97, 94, 91];
const REMEDIATION_LEVEL: [i64; 6] = [100, 100, 100, 97, 96, 95];
const REPORT_CONFIDENCE: [i64; 5] = [100, 100, 100, 96, 92];
const REQUIREMENT: [i64; 5] = [100, 100, 150, 100, 50];
/// Scope Changed among the values of S.
const CHANGED: u8 = 1;

/// 1.0 in the unit of all amounts.
const ONE: i64 = 1_000_000_000_000;
/// 1.0 in the unit of impact sub-scores, 10⁻⁶.
const ONE_ISS: i64 = 1_000_000;

/// The base score.
pub(super) fn base_score(draft: &Draft) -> Score {
    Score::near(roundup(draft.version(), Answers::base(draft).amount()))
}

/// The temporal score: Roundup(BaseScore × E × RL × RC).
pub(super) fn temporal_score(draft: &Draft) -> Score {
    let base = roundup(draft.version(), Answers::base(draft).amount());
    Score::near(temporal(draft, base))
}

/// The environmental score: Roundup(Roundup(min(…, 10)) × E × RL × RC).
pub(super) fn environmental_score(draft: &Draft) -> Score {
    let modified = roundup(draft.version(), Answers::modified(draft).amount());
    Score::near(temporal(draft, modified))
}

/// The parts of the score, rounded to tenths.
pub(super) fn sub_scores(draft: &Draft, modified: bool) -> SubScores {
    let read = |amount: i64| Score::near((amount + ONE / 20).div_euclid(ONE / 10));
    let (base, here) = (Answers::base(draft), Answers::modified(draft));
    SubScores {
        impact: read(base.impact()),
        exploitability: read(base.exploitability()),
        modified_impact: modified.then(|| read(here.impact())),
        modified_exploitability: modified.then(|| read(here.exploitability())),
    }
}

/// What the base metrics say, or what the modified ones make of it.
struct Answers {
    /// By base metric: the place of the value plus one.
    values: [u8; 8],
    /// What is left of secrecy, integrity and availability weighed by the requirements, in hundredths: 1 − C and so on.
    left: [i64; 3],
    formula: Formula,
}

/// How the impact of a changed scope is bent.
#[derive(Clone, Copy)]
enum Formula {
    /// Base scores, and all of 3.0: (ISS − 0.02)¹⁵.
    Fifteenth,
    /// Environmental scores of 3.1: (MISS × 0.9731 − 0.02)¹³.
    Thirteenth,
}

impl Answers {
    fn base(draft: &Draft) -> Self {
        let mut values = [0; 8];
        values.copy_from_slice(&draft.chosen()[AV..=A]);
        let left = [C, I, A].map(|metric| 100 - weight(&IMPACT, values[metric]));
        Self { values, left, formula: Formula::Fifteenth }
    }

    fn modified(draft: &Draft) -> Self {
        let mut values = [0; 8];
        for (metric, value) in values.iter_mut().enumerate() {
            // Behind Not Defined a modified metric has the values of its base metric.
            *value = match draft.chosen()[MAV + metric] {
                0 | 1 => draft.chosen()[metric],
                modified => modified - 1,
            };
        }
        let left = [(C, CR), (I, IR), (A, AR)].map(|(metric, requirement)| {
            100 - weight(&IMPACT, values[metric]) * weight(&REQUIREMENT, draft.chosen()[requirement]) / 100
        });
        let formula = if draft.version() == Version::V3_0 { Formula::Fifteenth } else { Formula::Thirteenth };
        Self { values, left, formula }
    }

    fn changed(&self) -> bool {
        self.values[S] == CHANGED
    }

    /// The score before it is rounded.
    fn amount(&self) -> i64 {
        let impact = self.impact();
        if impact <= 0 {
            return 0;
        }
        let sum = impact + self.exploitability();
        let scaled = if self.changed() { sum * 108 / 100 } else { sum };
        scaled.min(10 * ONE)
    }

    /// ISS, or MISS: 1 − (1 − C)(1 − I)(1 − A), at most 0.915 (which only requirements reach), in units of 10⁻⁶.
    fn iss(&self) -> i64 {
        let [c, i, a] = self.left;
        (ONE_ISS - c * i * a).min(915_000)
    }

    /// Impact, or Modified Impact.
    fn impact(&self) -> i64 {
        let iss = self.iss();
        if !self.changed() {
            return 642 * iss * (ONE / 100 / ONE_ISS);
        }
        let bent = match self.formula {
            Formula::Fifteenth => power((iss - 20_000) * (ONE / ONE_ISS), 15),
            Formula::Thirteenth => power(iss * 9731 * (ONE / ONE_ISS / 10_000) - ONE / 50, 13),
        };
        752 * (iss - 29_000) * (ONE / 100 / ONE_ISS) - 325 * bent / 100
    }

    /// 8.22 × `AttackVector` × `AttackComplexity` × `PrivilegesRequired` × `UserInteraction`.
    fn exploitability(&self) -> i64 {
        let privileges = if self.changed() { &PRIVILEGES_REQUIRED_CHANGED } else { &PRIVILEGES_REQUIRED };
        822 * weight(&ATTACK_VECTOR, self.values[AV])
            * weight(&ATTACK_COMPLEXITY, self.values[AC])
            * weight(privileges, self.values[PR])
            * weight(&USER_INTERACTION, self.values[UI])
            * 100
    }
}

/// The temporal score in tenths of another in tenths.
fn temporal(draft: &Draft, tenths: i64) -> i64 {
    let chosen = draft.chosen();
    let factors = weight(&EXPLOIT_CODE_MATURITY, chosen[E])
        * weight(&REMEDIATION_LEVEL, chosen[RL])
        * weight(&REPORT_CONFIDENCE, chosen[RC]);
    roundup(draft.version(), tenths * factors * (ONE / 10_000_000))
}

fn weight(weights: &[i64], chosen: u8) -> i64 {
    weights.get(usize::from(chosen)).copied().unwrap_or_default()
}

/// A power of an amount between −1 and 1, in binary digits: an error of some 10⁻¹², for the last digit is cut.
fn power(amount: i64, exponent: u32) -> i64 {
    const BITS: u32 = 60;
    let one = i128::from(ONE);
    let base = (i128::from(amount) << BITS) / one;
    let times = |a: i128, b: i128| (a * b) >> BITS;
    // From the highest bit of the exponent down: square, and multiply where a bit is set.
    let bits = (0..exponent.ilog2()).rev();
    let power = bits.fold(base, |power, bit| {
        let square = times(power, power);
        if exponent >> bit & 1 == 1 { times(square, base) } else { square }
    });
    i64::try_from((power * one) >> BITS).unwrap_or_default()
}

/// Rounds up to tenths.
fn roundup(version: Version, amount: i64) -> i64 {
    if version == Version::V3_0 { roundup_3_0(amount) } else { roundup_3_1(amount) }
}

/// «Round up» of 3.0: the smallest number of tenths that is not below the exact amount.
const fn roundup_3_0(amount: i64) -> i64 {
    (amount + ONE / 10 - 1) / (ONE / 10)
}

/// Roundup of 3.1 (appendix A): the same after rounding to five decimals.
const fn roundup_3_1(amount: i64) -> i64 {
    const FIFTH_DECIMAL: i64 = ONE / 100_000;
    let int_input = (amount + FIFTH_DECIMAL / 2) / FIFTH_DECIMAL;
    if int_input % 10_000 == 0 { int_input / 10_000 } else { int_input / 10_000 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every amount of a changed scope that there is, whatever the requirements.
    fn amounts(formula: Formula) -> Vec<i64> {
        // 1 − C and so on: High, Low and None, each with a requirement of 0.5, 1 and 1.5.
        let left = [100, 89, 78, 67, 72, 44, 16];
        let mut amounts = Vec::new();
        for c in left {
            for i in left {
                for a in left {
                    for eases in 0..48_u8 {
                        let (av, ac, pr, ui) = (eases % 4 + 1, eases / 4 % 2 + 1, eases / 8 % 3 + 1, eases / 24 + 1);
                        let values = [av, ac, pr, ui, CHANGED, 0, 0, 0];
                        amounts.push(Answers { values, left: [c, i, a], formula }.amount());
                    }
                }
            }
        }
        amounts.retain(|amount| *amount > 0 && *amount < 10 * ONE);
        amounts
    }

    #[test]
    fn no_amount_is_close_enough_to_a_tie_for_a_cut_digit_to_matter() {
        // What is cut of the power is below five units: the last digits of six products, times 3.25 and 1.08.
        for (formula, units) in [
            (Formula::Fifteenth, [ONE / 10, ONE / 100_000].as_slice()),
            (Formula::Thirteenth, [ONE / 100_000].as_slice()),
        ] {
            for amount in amounts(formula) {
                for unit in units {
                    let half = if *unit == ONE / 10 { 0 } else { unit / 2 };
                    let over = (amount + half) % unit;
                    assert!(over.min(unit - over) > 100, "{amount}");
                }
            }
        }
    }

    #[test]
    fn both_roundings_go_up_but_for_the_sixth_decimal() {
        let hair = ONE / 1_000_000;
        assert_eq!([roundup_3_0(4 * ONE), roundup_3_1(4 * ONE)], [40, 40]);
        assert_eq!([roundup_3_0(4 * ONE + hair), roundup_3_1(4 * ONE + hair)], [41, 40]);
        assert_eq!([roundup_3_0(4 * ONE + 20 * hair), roundup_3_1(4 * ONE + 20 * hair)], [41, 41]);
    }

    #[test]
    fn a_high_power_is_right_to_the_last_digits() {
        for (amount, exponent) in [(894_816_000_000, 15), (-20_000_000_000, 15), (870_386_500_000, 13)] {
            let mut exact = 1.0_f64;
            for _ in 0..exponent {
                exact *= f64::from(i32::try_from(amount / 1000).unwrap()) / 1e9;
            }
            let off = f64::from(i32::try_from(power(amount, exponent) / 1000).unwrap()) / 1e9 - exact;
            assert!(off.abs() < 2e-9, "{amount}: {off}");
        }
    }
}
