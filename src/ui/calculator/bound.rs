//! The bound of the process, and which choices would cross it.

use crate::app::OpenCase;
use crate::app::calculator::Calculator;
use crate::cvss::{Draft, Group, Score, Turn};

/// More choices than these are counted, not named.
const NAMED: usize = 4;

/// On which side of the process's bound the score lies, and what would bring it to the other. The base score decides,
/// of the version that the process goes by; of several bounds the nearest is told.
pub(in crate::ui) fn bound_words(open: &OpenCase, calculator: &Calculator) -> Option<String> {
    let playbook = open.case.playbook();
    let (draft, wanted) = (calculator.draft(), playbook.cvss_version());
    if draft.version().major() != wanted.major() {
        return Some(format!(
            "This process goes by v{wanted}: a score of v{} is kept and decides nothing.",
            draft.version()
        ));
    }
    let base = draft.without(Group::Temporal).without(Group::Threat).without(Group::Environmental);
    let range = base.range();
    let bounds = playbook.bounds();
    let bound = bounds.iter().min_by_key(|bound| bound.at.minus(range.lowest).abs())?.at;
    let told = match range.one() {
        None if range.lowest >= bound => {
            format!("At or above the bound {bound} of this process, whatever is still open.")
        }
        None if range.highest < bound => format!("Below the bound {bound} of this process, whatever is still open."),
        None => format!("Bound of this process: {bound}."),
        Some(score) => {
            let side = if score >= bound { "At or above" } else { "Below" };
            format!("{side} the bound {bound} of this process. {}", crossing_words(&base, score, bound))
        }
    };
    Some(told)
}

fn crossing_words(base: &Draft, score: Score, bound: Score) -> String {
    let changes = crossing(base, score, bound);
    match changes.len() {
        0 => "No single choice crosses it.".to_owned(),
        1..=NAMED => {
            let turn = Turn { severity: bound.severity(base.version()), score: bound, changes, together: false };
            format!("Only {} crosses it.", turn.words(base.version()))
        }
        many => format!("{many} single choices cross it."),
    }
}

/// The values of base metrics that would bring the score to the other side.
fn crossing(base: &Draft, score: Score, bound: Score) -> Vec<(usize, usize)> {
    let mut crossing = Vec::new();
    for (metric, definition) in base.of_group(Group::Base) {
        for value in definition.worst_to_mildest() {
            let other = base.with(metric, Some(value)).score();
            if other.is_some_and(|other| (other >= bound) != (score >= bound)) {
                crossing.push((metric, value));
            }
        }
    }
    crossing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(vector: &str, bound: u8) -> String {
        let draft = Draft::read(vector).unwrap();
        crossing_words(&draft, draft.score().unwrap(), Score::from_tenths(bound).unwrap())
    }

    #[test]
    fn the_choices_that_cross_a_bound_are_named_or_counted() {
        let crash = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
        assert_eq!(words(crash, 40), "Only A none crosses it.");
        assert_eq!(words("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 40), "No single choice crosses it.");
        assert_eq!(words(crash, 70), "9 single choices cross it.");
    }
}
