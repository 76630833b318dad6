//! `MacroVectors`: the classes of severity that 4.0 sorts all vectors into (section 8).

use std::fmt;

use super::Draft;

/// The steps of each metric away from its worst value, as the environment modifies it. Open threat and security
/// requirements count as the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    pub av: u8,
    pub ac: u8,
    pub at: u8,
    pub pr: u8,
    pub ui: u8,
    pub vulnerable: [u8; 3],
    /// 0 is Safety, so that High is 1.
    pub subsequent: [u8; 3],
    pub exploit: u8,
    pub requirements: [u8; 3],
}

// Places in the table of metrics.
const AV: usize = 0;
const E: usize = 11;
const CR: usize = 12;
/// The first modified metric; they stand in the order of the base metrics.
const MAV: usize = 15;
/// The first of the impacts on subsequent systems, whose modified metrics may say Safety.
const SC: usize = 8;

impl Steps {
    /// The steps of a complete draft.
    pub fn of(draft: &Draft) -> Self {
        let chosen = draft.chosen();
        let step = |metric: usize| match chosen[MAV + metric] {
            0 | 1 => chosen[AV + metric].saturating_sub(1),
            modified => modified - 2,
        };
        // MSC has no Safety before High, MSI and MSA have.
        let subsequent = |metric: usize| match chosen[MAV + metric] {
            0 | 1 => chosen[AV + metric],
            modified if metric == SC => modified - 1,
            modified => modified - 2,
        };
        // X is the first value and counts as the second.
        let or_worst = |metric: usize| chosen[metric].saturating_sub(2);
        Self {
            av: step(AV),
            ac: step(1),
            at: step(2),
            pr: step(3),
            ui: step(4),
            vulnerable: [step(5), step(6), step(7)],
            subsequent: [subsequent(SC), subsequent(9), subsequent(10)],
            exploit: or_worst(E),
            requirements: [or_worst(CR), or_worst(13), or_worst(14)],
        }
    }

    /// Whether nothing at all is lost.
    pub fn harmless(&self) -> bool {
        self.vulnerable == [2; 3] && self.subsequent == [3; 3]
    }
}

/// The class of a vector by each of the six equivalences EQ1 to EQ6; 0 is the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MacroVector {
    /// EQ1 to EQ6.
    pub classes: [u8; 6],
}

impl MacroVector {
    /// The `MacroVector` of a draft of 4.0, with open base metrics at their worst.
    #[must_use]
    pub fn of(draft: &Draft) -> Self {
        Self::of_steps(&Steps::of(draft))
    }

    /// Tables 24 to 29 of the specification.
    pub(super) fn of_steps(steps: &Steps) -> Self {
        let ease = [steps.av, steps.pr, steps.ui];
        let eq1 = match ease {
            [0, 0, 0] => 0,
            [3, ..] => 2,
            _ => u8::from(!ease.contains(&0)) + 1,
        };
        let eq2 = u8::from(steps.ac + steps.at > 0);
        let eq3 = match steps.vulnerable {
            [0, 0, _] => 0,
            impacts => u8::from(!impacts.contains(&0)) + 1,
        };
        let eq4 = match steps.subsequent.iter().min() {
            Some(0) => 0,
            Some(1) => 1,
            _ => 2,
        };
        let hit = steps.vulnerable.iter().zip(&steps.requirements).any(|(impact, need)| impact + need == 0);
        Self { classes: [eq1, eq2, eq3, eq4, steps.exploit, u8::from(!hit)] }
    }

    /// Its score in tenths; `None` for one that no vector has.
    pub(super) fn tenths(self) -> Option<i32> {
        let [eq1, eq2, eq3, eq4, eq5, eq6] = self.classes.map(usize::from);
        if eq1 > 2 || eq2 > 1 || eq3 > 2 || eq4 > 2 || eq5 > 2 || eq6 > 1 {
            return None;
        }
        let tenths = SCORES[eq1 * 6 + eq2 * 3 + eq3][eq4 * 6 + eq5 * 2 + eq6];
        (tenths > 0).then_some(i32::from(tenths))
    }

    /// The same with one class milder, `None` if no vector has that.
    pub(super) fn milder(mut self, eq: usize) -> Option<Self> {
        self.classes[eq] += 1;
        self.tenths().map(|_| self)
    }

    /// What each class means for this vector, EQ1 to EQ6, in the project's own words.
    #[must_use]
    pub fn words(self) -> [&'static str; 6] {
        std::array::from_fn(|eq| WORDS[eq].get(usize::from(self.classes[eq])).copied().unwrap_or_default())
    }
}

/// As `001200`.
impl fmt::Display for MacroVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.classes.map(|class| class.to_string()).concat())
    }
}

/// What the classes of each equivalence mean.
const WORDS: [&[&str]; 6] = [
    &[
        "from the network, no login, no user",
        "one or two of these hold: from the network, no login, no user",
        "by touch only, or not from the network, with a login and a user",
    ],
    &["works every time", "a defence has to be overcome, or circumstances have to fit"],
    &[
        "secrets and data of the system are both lost",
        "one of the three losses is high, but not secrets and data both",
        "no loss in the system itself is high",
    ],
    &["people behind it can be hurt", "something behind it is hit hard", "nothing behind it is hit hard"],
    &[
        "attacks are known, or assumed while E is not set",
        "an exploit is public, no attack is known",
        "no exploit and no attack is known",
    ],
    &["the high loss hits what matters most", "no high loss hits what matters most"],
];

/// The score of each `MacroVector` in tenths: a row is EQ1, EQ2, EQ3; in it EQ4, EQ5, EQ6. 0 is one that no vector has.
#[rustfmt::skip]
const SCORES: [[u8; 18]; 18] = [
    [100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68], // 000
    [98, 95, 95, 92, 90, 84, 93, 92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48], // 001
    [0, 92, 0, 82, 0, 72, 0, 79, 0, 69, 0, 50, 0, 69, 0, 55, 0, 27], // 002
    [99, 97, 95, 92, 92, 85, 95, 91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53], // 010
    [95, 93, 92, 85, 85, 73, 92, 82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30], // 011
    [0, 86, 0, 75, 0, 52, 0, 71, 0, 52, 0, 29, 0, 63, 0, 29, 0, 17], // 012
    [98, 95, 94, 87, 91, 81, 94, 89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49], // 100
    [94, 89, 88, 77, 76, 67, 86, 76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25], // 101
    [0, 83, 0, 70, 0, 54, 0, 65, 0, 58, 0, 26, 0, 53, 0, 21, 0, 13], // 102
    [95, 90, 88, 76, 76, 70, 90, 77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30], // 110
    [89, 78, 76, 67, 62, 58, 74, 59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16], // 111
    [0, 71, 0, 59, 0, 30, 0, 58, 0, 26, 0, 15, 0, 23, 0, 13, 0, 6], // 112
    [93, 87, 86, 72, 75, 58, 86, 74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22], // 200
    [85, 75, 74, 55, 62, 51, 72, 57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8], // 201
    [0, 64, 0, 51, 0, 20, 0, 47, 0, 21, 0, 11, 0, 24, 0, 9, 0, 4], // 202
    [88, 75, 73, 53, 60, 50, 73, 55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11], // 210
    [75, 55, 58, 45, 40, 21, 61, 51, 48, 18, 20, 9, 46, 18, 17, 7, 8, 2], // 211
    [0, 53, 0, 24, 0, 14, 0, 24, 0, 12, 0, 5, 0, 10, 0, 3, 0, 1], // 212
];
