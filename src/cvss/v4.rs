//! The score of 4.0 (section 8): from the score of a vector's `MacroVector` down towards those of the next milder ones, as
//! far as the vector lies away from the worst of its class.
//!
//! All of it is whole numbers. The highest severity vectors of one class all lie at the same number of steps, so that
//! the distance of a vector is its steps less those: no search for the right one among them is needed.

use super::macrovector::{MacroVector, Steps};
use super::{Draft, Score};

/// A common multiple of all depths, in which a part of a depth is whole.
const PARTS: i32 = 840;

/// The steps of the highest severity vectors of EQ3 and EQ6 together. No vector has classes 2 and 0.
const TOP_OF_EQ3_AND_EQ6: [[i32; 2]; 3] = [[0, 3], [1, 3], [0, 3]];
/// The depth of each of these classes.
const DEPTH_OF_EQ3_AND_EQ6: [[i32; 2]; 3] = [[7, 6], [8, 8], [1, 10]];

/// The score of a complete draft, with all that it says.
pub(super) fn score(draft: &Draft) -> Score {
    let steps = Steps::of(draft);
    if steps.harmless() {
        return Score::MIN;
    }
    let macro_vector = MacroVector::of_steps(&steps);
    let Some(value) = macro_vector.tenths() else { return Score::MIN };
    let mut lower = 0;
    let mut sum = 0;
    for dimension in dimensions(&steps, macro_vector) {
        if let Some(next) = dimension.next {
            lower += 1;
            sum += (value - next) * dimension.distance * PARTS / dimension.depth;
        }
    }
    if lower == 0 {
        return Score::near(i64::from(value));
    }
    // The mean of all distances is taken off, and halves are rounded up.
    let (amount, whole) = (value * PARTS * lower - sum, PARTS * lower);
    Score::near(i64::from((2 * amount + whole) / (2 * whole)))
}

/// One equivalence, or EQ3 and EQ6 together, as seen from a vector.
struct Dimension {
    /// The score of the next milder `MacroVector` in tenths, if there is one.
    next: Option<i32>,
    /// The steps from the worst vectors of the class.
    distance: i32,
    /// The steps that the class is deep.
    depth: i32,
}

fn dimensions(steps: &Steps, of: MacroVector) -> [Dimension; 5] {
    let [eq1, eq2, eq3, eq4, _, eq6] = of.classes.map(usize::from);
    let sum = |steps: &[u8]| steps.iter().map(|steps| i32::from(*steps)).sum::<i32>();
    let next = |eq| of.milder(eq).and_then(MacroVector::tenths);
    let dimension = |next, steps, top, depth| Dimension { next, distance: steps - top, depth };
    [
        dimension(next(0), sum(&[steps.av, steps.pr, steps.ui]), [0, 1, 3][eq1], [1, 4, 5][eq1]),
        dimension(next(1), sum(&[steps.ac, steps.at]), [0, 1][eq2], [1, 2][eq2]),
        dimension(
            next_of_eq3_and_eq6(of),
            sum(&steps.vulnerable) + sum(&steps.requirements),
            TOP_OF_EQ3_AND_EQ6[eq3][eq6],
            DEPTH_OF_EQ3_AND_EQ6[eq3][eq6],
        ),
        dimension(next(3), sum(&steps.subsequent), [1, 3, 6][eq4], [6, 5, 4][eq4]),
        // A class of EQ5 is one value: the vector is always at its worst.
        dimension(next(4), 0, 0, 1),
    ]
}

/// EQ3 and EQ6 are not independent: the next milder class is the higher of two where both can go down.
fn next_of_eq3_and_eq6(of: MacroVector) -> Option<i32> {
    let milder = |eq| of.milder(eq).and_then(MacroVector::tenths);
    match (of.classes[2], of.classes[5]) {
        (0, 0) => milder(2).max(milder(5)),
        (1, 0) => milder(5),
        _ => milder(2),
    }
}
