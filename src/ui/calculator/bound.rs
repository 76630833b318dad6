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
    let base = draft.base();
    let others = Others::of(open);
    let bounds: Vec<Score> = playbook.bounds().iter().map(|bound| bound.at).collect();
    Some(format!("{}{}", side_words(&base, &bounds, others.highest.as_ref())?, others.unscored_words()))
}

/// The other vulnerabilities of the case: the process goes by the highest of all.
struct Others {
    /// Who has the highest base score, and what it is.
    highest: Option<(String, Score)>,
    /// Who has none yet.
    unscored: Vec<String>,
}

impl Others {
    fn of(open: &OpenCase) -> Self {
        let shown = open.vulnerability_id();
        let all = open.case.scoring().into_iter().filter(|scores| Some(&scores.id) != shown.as_ref());
        let (mut highest, mut unscored) = (None::<(String, Score)>, Vec::new());
        for scores in all {
            match scores.latest.and_then(|latest| latest.vector).map(|vector| vector.base_score()) {
                Some(score) if highest.as_ref().is_none_or(|(_, most)| score > *most) => {
                    highest = Some((scores.id, score));
                }
                Some(_) => {}
                None => unscored.push(scores.id),
            }
        }
        Self { highest, unscored }
    }

    /// As long as one has no score, nothing is known of the whole.
    fn unscored_words(&self) -> String {
        match self.unscored.as_slice() {
            [] => String::new(),
            [one] => format!(" {one} has no score yet."),
            several => format!(" {} have no score yet.", several.join(", ")),
        }
    }
}

/// On which side of the nearest bound the process comes to be by these base metrics; who else holds it there.
fn side_words(base: &Draft, bounds: &[Score], highest: Option<&(String, Score)>) -> Option<String> {
    let range = base.range();
    let lowest = highest.map_or(range.lowest, |(_, score)| range.lowest.max(*score));
    let bound = *bounds.iter().min_by_key(|bound| bound.minus(lowest).abs())?;
    if let Some((who, score)) = highest.filter(|(_, score)| *score >= bound) {
        return Some(format!("{who} with {score} keeps the process at or above its bound {bound}."));
    }
    Some(match range.one() {
        None if range.lowest >= bound => {
            format!("At or above the bound {bound} of this process, whatever is still open.")
        }
        None if range.highest < bound => format!("Below the bound {bound} of this process, whatever is still open."),
        None => format!("Bound of this process: {bound}."),
        Some(score) => {
            let side = if score >= bound { "At or above" } else { "Below" };
            format!("{side} the bound {bound} of this process. {}", crossing_words(base, score, bound))
        }
    })
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
    fn a_higher_score_of_another_vulnerability_holds_the_process_where_it_is() {
        let score = |tenths| Score::from_tenths(tenths).unwrap();
        let low = Draft::read("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L").unwrap();
        let words = |other: Option<u8>| {
            side_words(&low, &[score(40)], other.map(|tenths| ("V1".to_owned(), score(tenths))).as_ref()).unwrap()
        };
        assert_eq!(words(Some(75)), "V1 with 7.5 keeps the process at or above its bound 4.0.");
        assert_eq!(words(Some(39)), words(None));
        assert!(words(None).starts_with("Below the bound 4.0 of this process."), "{}", words(None));
    }

    #[test]
    fn the_choices_that_cross_a_bound_are_named_or_counted() {
        let crash = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
        assert_eq!(words(crash, 40), "Only A none crosses it.");
        assert_eq!(words("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 40), "No single choice crosses it.");
        assert_eq!(words(crash, 70), "9 single choices cross it.");
    }
}
