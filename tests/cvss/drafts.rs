//! Drafts: what can still come, and what a choice would do.

use fixlead::cvss::{Draft, Group, Range, Score, Version, carry, why};
use proptest::prelude::*;

/// A draft with values by chance; of the mandatory metrics at most `open` are left open.
pub fn draft(version: Version, open: usize) -> impl Strategy<Value = Draft> {
    let metrics = version.metrics();
    let values: Vec<_> = metrics.iter().map(|metric| 0..metric.values.len()).collect();
    let mandatory = metrics.iter().filter(|metric| metric.mandatory()).count();
    let left_open = proptest::sample::subsequence((0..mandatory).collect::<Vec<_>>(), 0..=open.min(mandatory));
    let said = proptest::collection::vec(proptest::bool::weighted(0.4), metrics.len());
    (values, left_open, said).prop_map(move |(values, left_open, said)| {
        let choose = |draft: Draft, (place, value): (usize, usize)| {
            let keep = if place < mandatory { !left_open.contains(&place) } else { said[place] };
            draft.with(place, Some(value).filter(|_| keep))
        };
        values.into_iter().enumerate().fold(Draft::new(version), choose)
    })
}

fn any_version() -> impl Strategy<Value = Version> {
    proptest::sample::select(Version::ALL.to_vec())
}

/// The range by trying everything.
fn by_trying(draft: &Draft) -> Range {
    let Some(metric) = draft.open().next() else {
        let score = draft.score().unwrap();
        return Range { lowest: score, highest: score };
    };
    let values = 0..draft.version().metrics()[metric].values.len();
    let ranges = values.map(|value| by_trying(&draft.with(metric, Some(value))));
    let wider = |a: Range, b: Range| Range { lowest: a.lowest.min(b.lowest), highest: a.highest.max(b.highest) };
    ranges.reduce(wider).unwrap()
}

/// Each other answer to a metric that says something.
fn changes(draft: &Draft) -> Vec<(usize, usize)> {
    let metrics = draft.version().metrics().iter().enumerate().filter(|(place, _)| draft.says(*place));
    let others = metrics.flat_map(|(place, metric)| {
        let values = (0..metric.values.len()).filter(move |value| !metric.values[*value].not_defined);
        values.map(move |value| (place, value))
    });
    others.filter(|(place, value)| draft.place(*place) != Some(*value)).collect()
}

/// What holds for a question: with the prefix M what its modified metric says, if that says something, else the base one.
fn holds(draft: &Draft, prefix: &str, key: &str) -> &'static str {
    let modified = draft.get(&format!("{prefix}{key}")).filter(|value| *value != "X");
    modified.or_else(|| draft.get(key)).unwrap()
}

/// What a vector of 3.x means: ease, scope and losses. A scope counts only where something is lost.
fn meant(draft: &Draft, prefix: &str) -> [&'static str; 8] {
    let mut meant = ["AV", "AC", "PR", "UI", "S", "C", "I", "A"].map(|key| holds(draft, prefix, key));
    if meant[5..] == ["N"; 3] {
        meant[4] = "U";
    }
    meant
}

/// What a vector of 4.0 means in the questions of 3.x.
fn joined(draft: &Draft, prefix: &str) -> [&'static str; 8] {
    let holds = |key| holds(draft, prefix, key);
    let complexity = if (holds("AC"), holds("AT")) == ("L", "N") { "L" } else { "H" };
    let user = if holds("UI") == "N" { "N" } else { "R" };
    let scope = if ["SC", "SI", "SA"].map(holds) == ["N"; 3] { "U" } else { "C" };
    let [c, i, a] = [["VC", "SC"], ["VI", "SI"], ["VA", "SA"]].map(|both| {
        let both = both.map(holds);
        if both.contains(&"H") || both.contains(&"S") {
            "H"
        } else if both.contains(&"L") {
            "L"
        } else {
            "N"
        }
    });
    [holds("AV"), complexity, holds("PR"), user, scope, c, i, a]
}

/// A value that a person may choose for a metric of 4.0 that 3.x leaves open.
fn fitting(from: &Draft, key: &str, behind: bool) -> &'static str {
    let (prefix, key) = key.strip_prefix('M').map_or(("", key), |key| ("M", key));
    match key {
        "E" => "A",
        "AC" => "H",
        "AT" | "UI" => "P",
        _ => {
            let loss = holds(from, prefix, &key[1..]);
            if key.starts_with('V') && behind { "N" } else { loss }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_range_is_what_trying_everything_finds(
        // All of 3.x may be open: 2592 vectors. Of 4.0 that would be 104,976.
        draft in any_version().prop_flat_map(|version| draft(version, if version == Version::V4_0 { 5 } else { 8 })),
    ) {
        prop_assert_eq!(draft.range(), by_trying(&draft));
    }

    #[test]
    fn what_a_choice_would_do_is_what_it_does(
        draft in any_version().prop_flat_map(|version| draft(version, 0)), metric in 0..32_usize,
    ) {
        let score = draft.score().unwrap();
        for outlook in draft.outlook(metric) {
            let then = draft.with(metric, Some(outlook.value)).score().unwrap();
            prop_assert_eq!(outlook.range.one(), Some(then));
            prop_assert_eq!(outlook.change, Some(then.minus(score)));
        }
    }

    #[test]
    fn what_is_carried_over_is_either_said_or_a_choice(
        draft in any_version().prop_flat_map(|version| draft(version, 0)), to in any_version(),
    ) {
        let carried = carry(&draft, to);
        let chosen: Vec<usize> = carried.choices.iter().map(|choice| choice.metric).collect();
        prop_assert!(chosen.is_sorted_by(|a, b| a < b));
        prop_assert!(chosen.iter().all(|metric| carried.draft.place(*metric).is_none()), "{:?}", carried);
        // One line of 80 columns.
        prop_assert!(carried.choices.iter().all(|choice| choice.why.chars().count() <= 70), "{:?}", carried);
        // Of a complete vector nothing mandatory is lost without a word.
        prop_assert!(carried.draft.open().all(|metric| chosen.contains(&metric)), "{:?}", carried);
    }

    #[test]
    fn nothing_that_is_said_gets_lost_on_the_way_to_another_version(
        draft in any_version().prop_flat_map(|version| draft(version, 0)), to in any_version(),
    ) {
        let carried = carry(&draft, to);
        let said = draft.version().metrics().iter().enumerate().filter(|(place, _)| draft.says(*place));
        for metric in said.map(|(_, metric)| metric).filter(|metric| !metric.mandatory()) {
            // Modified metrics are asked in other words: what they mean is held below.
            let is_asked_otherwise = metric.key.starts_with('M') && to != Version::V2_0;
            let is_dropped = carried.dropped.iter().any(|dropped| dropped.key == metric.key);
            let there = to.find(metric.key);
            let is_chosen = carried.choices.iter().any(|choice| Some(choice.metric) == there);
            let is_said = there.is_some_and(|there| carried.draft.says(there));
            prop_assert!(is_asked_otherwise || is_dropped || is_chosen || is_said, "{} {:?}", metric.key, carried);
        }
    }

    #[test]
    fn what_is_carried_over_means_the_same_in_3_x_and_4_0_with_and_without_the_environment(
        up in draft(Version::V3_1, 0), down in draft(Version::V4_0, 0),
    ) {
        let carried = carry(&down, Version::V3_1);
        prop_assert!(carried.choices.iter().all(|choice| Version::V3_1.metrics()[choice.metric].key == "E"));
        for prefix in ["", "M"] {
            prop_assert_eq!(joined(&down, prefix), meant(&carried.draft, prefix), "{:?}", down.vector());
        }
        // Whatever a person chooses of what fits: all of it lies in the system, or all of it behind.
        for behind in [false, true] {
            let carried = carry(&up, Version::V4_0);
            let chosen = carried.choices.iter().fold(carried.draft, |draft, choice| {
                let key = Version::V4_0.metrics()[choice.metric].key;
                draft.with(choice.metric, Version::V4_0.metrics()[choice.metric].find(fitting(&up, key, behind)))
            });
            for prefix in ["", "M"] {
                prop_assert_eq!(joined(&chosen, prefix), meant(&up, prefix), "{:?} {:?}", up.vector(), chosen.vector());
            }
        }
    }

    #[test]
    fn the_turns_are_the_nearest_that_trying_all_changes_of_one_or_two_set_metrics_finds(
        draft in any_version().prop_flat_map(|version| draft(version, 0)),
    ) {
        let why = why(&draft).unwrap();
        let (now, severity) = (draft.score().unwrap(), draft.severity().unwrap());
        let changed = |draft: Draft, change: &(usize, usize)| draft.with(change.0, Some(change.1));
        let singles = changes(&draft);
        let by_one: Vec<Score> = singles.iter().map(|change| changed(draft, change).score().unwrap()).collect();
        let pairs = singles.iter().flat_map(|first| singles.iter().map(move |second| (first, second)));
        let apart = pairs.filter(|(first, second)| first.0 < second.0);
        let by_two: Vec<Score> =
            apart.map(|(first, second)| changed(changed(draft, first), second).score().unwrap()).collect();
        for worse in [true, false] {
            let other = |score: &Score| score.severity(draft.version()) != severity && (*score > now) == worse;
            let nearest = |scores: &[Score], to_nothing: bool| {
                let crossing = scores.iter().copied().filter(|score| other(score) && (*score == Score::MIN) == to_nothing);
                crossing.min_by_key(|score| score.minus(now).abs())
            };
            // One metric before two, and that nothing is lost only where there is nothing else.
            let order = [(&by_one, false, false), (&by_two, true, false), (&by_one, false, true), (&by_two, true, true)];
            let expected = order
                .into_iter()
                .find_map(|(scores, together, to_nothing)| Some((nearest(scores, to_nothing)?, together)));
            let found = why.turns.iter().find(|turn| (turn.score > now) == worse);
            prop_assert_eq!(found.map(|turn| (turn.score, turn.together)), expected, "{:?}", draft.vector());
            let further = if worse { Score::MAX } else { Score::MIN }.severity(draft.version()) != severity;
            let is_far = why.far.iter().any(|far| (*far > severity) == worse);
            prop_assert_eq!(is_far, further && expected.is_none(), "{:?}", draft.vector());
        }
        for turn in &why.turns {
            let ways: Vec<Draft> = if turn.together {
                vec![turn.changes.iter().fold(draft, changed)]
            } else {
                turn.changes.iter().map(|change| changed(draft, change)).collect()
            };
            for way in ways {
                prop_assert_eq!((way.severity(), way.score()), (Some(turn.severity), Some(turn.score)));
            }
        }
        let only_base = draft.version().groups().iter().skip(1).all(|group| !draft.says_any(*group));
        prop_assert_eq!(why.not_by.ends_with("base metrics"), only_base);
    }

    #[test]
    fn a_milder_answer_never_raises_a_score_of_4_0(draft in draft(Version::V4_0, 0), metric in 0..26_usize) {
        let ranked = Version::V4_0.metrics()[metric].worst_to_mildest();
        let scores: Vec<Score> = ranked.into_iter().map(|v| draft.with(metric, Some(v)).score().unwrap()).collect();
        prop_assert!(scores.is_sorted_by(|worse, milder| worse >= milder), "{:?}: {:?}", draft.vector(), scores);
    }

    #[test]
    fn a_supplemental_metric_changes_no_score(draft in draft(Version::V4_0, 0)) {
        prop_assert_eq!(draft.without(Group::Supplemental).score(), draft.score());
    }

    #[test]
    fn a_complete_draft_is_a_vector_and_back(draft in any_version().prop_flat_map(|version| draft(version, 0))) {
        let vector = draft.vector().unwrap();
        prop_assert_eq!(vector.draft(), &draft);
        prop_assert_eq!(vector.to_string().parse(), Ok(vector));
        prop_assert_eq!(vector.canonical().score(), vector.score());
        prop_assert_eq!(vector.canonical().canonical(), vector.canonical());
    }
}

#[test]
fn a_milder_base_answer_never_raises_a_base_score() {
    for version in Version::ALL.into_iter().filter(|version| *version != Version::V4_0) {
        for draft in crate::references::all_of_base(version) {
            let score = draft.score().unwrap();
            for metric in draft.of_group(Group::Base).map(|(place, _)| place) {
                let ranked = version.metrics()[metric].worst_to_mildest();
                let at = ranked.iter().position(|value| Some(*value) == draft.place(metric)).unwrap();
                if let Some(milder) = ranked.get(at + 1) {
                    let milder = draft.with(metric, Some(*milder));
                    assert!(
                        milder.score().unwrap() <= score,
                        "{} {}",
                        draft.vector().unwrap(),
                        milder.vector().unwrap()
                    );
                }
            }
        }
    }
}

#[test]
fn an_empty_draft_can_still_become_anything() {
    for version in Version::ALL {
        let range = Draft::new(version).range();
        assert_eq!((range.lowest, range.highest), (Score::MIN, Score::MAX), "{version}");
        assert_eq!(range.to_string(), "0.0–10.0");
    }
}

#[test]
fn a_draft_becomes_a_vector_once_nothing_mandatory_is_open() {
    let said = ["N", "L", "N", "N", "U", "N", "N", "H"];
    let mut draft = Draft::new(Version::V3_1);
    for (metric, value) in said.into_iter().enumerate() {
        assert_eq!((draft.vector(), draft.score()), (None, None));
        draft.set(metric, Version::V3_1.metrics()[metric].find(value));
    }
    assert_eq!(draft.vector().unwrap().to_string(), "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    let scope = Version::V3_1.find("S").unwrap();
    let changes: Vec<_> =
        draft.outlook(scope).iter().map(|outlook| (outlook.range.to_string(), outlook.change)).collect();
    assert_eq!(changes, [("8.6".to_owned(), Some(11)), ("7.5".to_owned(), Some(0))]);
    // A value that there is not changes nothing.
    assert_eq!(draft.with(scope, Some(9)), draft);
    assert_eq!(draft.with(99, Some(0)), draft);
}
