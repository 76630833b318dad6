use super::*;

/// Presses letters, and words for the other keys.
fn press(calculator: &mut Calculator, keys: &str) {
    for key in keys.split(' ') {
        match key {
            "Left" => calculator.step(false),
            "Right" => calculator.step(true),
            "Up" => calculator.go_to(calculator.place().saturating_sub(1)),
            "Down" => calculator.go_to(calculator.place() + 1),
            "Backspace" => calculator.unset(),
            "+" => calculator.toggle_group(),
            "v" => drop(calculator.turn_version()),
            "z" => drop(calculator.undo()),
            "Z" => drop(calculator.redo()),
            letters => letters.chars().for_each(|letter| assert!(calculator.letter(letter), "{letter}")),
        }
    }
}

fn after(version: Version, keys: &str) -> Calculator {
    let mut calculator = Calculator::new(version);
    press(&mut calculator, keys);
    calculator
}

#[test]
fn a_vector_is_typed_by_the_letters_of_its_values_in_either_case() {
    let calculator = after(Version::V3_1, "nLnN unNh");
    assert_eq!(calculator.draft().to_string(), "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    assert_eq!(calculator.cursor(), Row::Group(Group::Temporal), "it went on from metric to metric");
    let calculator = after(Version::V4_0, "NLNNN NNHNNN A");
    assert_eq!(calculator.draft().to_string(), "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N/E:A");
}

#[test]
fn a_letter_that_no_value_begins_with_changes_nothing_and_stays() {
    let mut calculator = after(Version::V3_1, "N");
    let before = calculator.draft();
    assert!(!calculator.letter('P') && !calculator.letter('é') && !calculator.letter('7'));
    assert_eq!((calculator.draft(), calculator.cursor()), (before, Row::Metric(1)));
    assert_eq!(Calculator::letters(Version::V3_1, 1), "L or H");
}

#[test]
fn a_letter_of_several_values_stays_and_goes_through_them() {
    // Collateral damage of 2.0: Not Defined, None, Low, Low-Medium, Medium-High, High.
    let damage = Version::V2_0.find("CDP").unwrap();
    let mut calculator = Calculator::new(Version::V2_0);
    calculator.go_to_metric(damage);
    let mut values = Vec::new();
    for _ in 0..3 {
        press(&mut calculator, "l");
        values.push(calculator.draft().get("CDP"));
    }
    assert_eq!(values, [Some("L"), Some("LM"), Some("L")]);
    assert_eq!(calculator.metric(), Some(damage));
    press(&mut calculator, "n");
    assert_eq!(calculator.draft().get("CDP"), Some("N"));
    press(&mut calculator, "n");
    assert_eq!(calculator.draft().get("CDP"), None, "Not Defined says nothing");
}

#[test]
fn arrows_go_from_worst_to_mildest_and_stop_at_the_ends() {
    let values = |keys: &str| after(Version::V3_1, keys).draft().get("AV");
    assert_eq!(values("Right"), Some("N"), "the first step begins at the worst");
    assert_eq!(values("Right Right"), Some("A"));
    assert_eq!(values("Right Right Right Right Right Right"), Some("P"));
    assert_eq!(values("Left"), Some("N"), "whichever way it goes");
    assert_eq!(values("Right Left Left"), Some("N"));
    // An optional metric that is not set counts as Not Defined, which stands first.
    let mut calculator = Calculator::new(Version::V4_0);
    calculator.go_to_metric(Version::V4_0.find("E").unwrap());
    press(&mut calculator, "Right");
    assert_eq!(calculator.draft().get("E"), Some("A"));
    press(&mut calculator, "Left");
    assert_eq!(calculator.draft().get("E"), None);
}

#[test]
fn backspace_takes_the_value_back_as_it_takes_a_letter_back_in_a_text() {
    let mut calculator = after(Version::V3_1, "NL Backspace");
    assert_eq!((calculator.draft().to_string().as_str(), calculator.metric()), ("CVSS:3.1/AV:N", Some(1)));
    press(&mut calculator, "Backspace");
    assert_eq!((calculator.draft().to_string().as_str(), calculator.metric()), ("CVSS:3.1/", Some(0)));
    press(&mut calculator, "Backspace");
    assert_eq!(calculator.draft(), Draft::new(Version::V3_1), "there is nothing before the first");
}

#[test]
fn everything_can_be_taken_back_and_done_again() {
    let mut calculator = after(Version::V3_1, "NLNN UNNH");
    let complete = calculator.draft();
    calculator.reset();
    assert_eq!(calculator.draft(), Draft::new(Version::V3_1));
    assert_eq!(calculator.undo().as_deref(), Some("8 metrics"));
    assert_eq!(calculator.draft(), complete);
    assert_eq!(calculator.undo().as_deref(), Some("A H"));
    assert_eq!((calculator.draft().get("A"), calculator.metric()), (None, Version::V3_1.find("A")));
    assert_eq!(calculator.redo().as_deref(), Some("A H"));
    assert_eq!(calculator.draft(), complete);
    while calculator.undo().is_some() {}
    assert!(calculator.is_recorded() && calculator.chosen().next().is_none());
    press(&mut calculator, "N");
    assert_eq!(calculator.redo(), None, "a new choice begins another course");
}

#[test]
fn another_version_takes_over_what_means_the_same_and_follows_until_somebody_chooses_there() {
    let mut calculator = after(Version::V3_1, "NLNN UNNH v");
    assert_eq!(calculator.version(), Version::V4_0);
    assert_eq!(calculator.draft().get("PR"), Some("N"));
    let choices: Vec<usize> = calculator.draft().open().filter(|metric| calculator.choice(*metric).is_some()).collect();
    assert_eq!(choices.len(), calculator.draft().open().count(), "what is open says why");
    // Back in 3.1 another answer is given: 4.0 follows.
    press(&mut calculator, "v v v");
    assert_eq!((calculator.version(), calculator.draft().get("PR")), (Version::V3_1, Some("N")));
    assert_eq!(calculator.version(), Version::V3_1);
    calculator.go_to_metric(Version::V3_1.find("PR").unwrap());
    press(&mut calculator, "H v");
    assert_eq!(calculator.draft().get("PR"), Some("H"));
    // Once something was chosen in 4.0, that stands.
    calculator.go_to_metric(Version::V4_0.find("AT").unwrap());
    press(&mut calculator, "P v v v");
    calculator.go_to_metric(Version::V3_1.find("PR").unwrap());
    press(&mut calculator, "N v");
    assert_eq!((calculator.draft().get("PR"), calculator.draft().get("AT")), (Some("H"), Some("P")));
    assert_eq!(calculator.choice(Version::V4_0.find("AT").unwrap()), None, "it was chosen");
}

#[test]
fn groups_fold_and_what_says_something_is_shown() {
    let calculator = Calculator::new(Version::V3_1);
    assert_eq!(calculator.rows().len(), 8 + 2);
    let mut calculator = after(Version::V3_1, "NLNN UNNH +");
    assert_eq!(calculator.rows().len(), 8 + 3 + 1);
    assert_eq!(calculator.cursor(), Row::Metric(8), "the cursor goes in");
    press(&mut calculator, "+");
    assert_eq!(calculator.cursor(), Row::Group(Group::Temporal));
    let vector = Vector::parse("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/CR:H").unwrap();
    let calculator = Calculator::of(*vector.draft());
    assert!(calculator.is_unfolded(Group::Environmental) && !calculator.is_unfolded(Group::Temporal));
    let mut calculator = Calculator::new(Version::V4_0);
    calculator.set_room(60);
    assert_eq!(calculator.rows().len(), 32, "where there is room everything is shown");
    calculator.go_to(31);
    calculator.set_room(20);
    assert_eq!(calculator.cursor(), Row::Group(Group::Supplemental), "the cursor stands on something that is shown");
}

fn draft(text: &str) -> Draft {
    *Vector::parse(text).unwrap().draft()
}

fn recorded(texts: &[&str]) -> BTreeMap<Version, Draft> {
    texts.iter().map(|text| draft(text)).map(|draft| (draft.version(), draft)).collect()
}

const LOW: &str = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L";
const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
const HIGH_4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";

#[test]
fn what_stands_in_the_case_is_followed_until_something_else_is_chosen() {
    let mut calculator = Calculator::new(Version::V3_1);
    calculator.follow(&recorded(&[LOW]));
    assert_eq!(calculator.draft(), draft(LOW));
    calculator.follow(&recorded(&[HIGH]));
    assert_eq!(calculator.draft(), draft(HIGH));
    calculator.go_to(0);
    press(&mut calculator, "A");
    let mine = calculator.draft();
    calculator.follow(&recorded(&[LOW]));
    assert_eq!(calculator.draft(), mine, "what a person chose is not taken away");
    assert_eq!(calculator.chosen().collect::<Vec<_>>(), [mine]);
    // It is recorded: there is nothing to take back here, and what others record later is followed again.
    calculator.follow(&recorded(&[&mine.to_string()]));
    assert!(calculator.is_recorded() && !calculator.can_undo());
    calculator.follow(&recorded(&[HIGH]));
    assert_eq!(calculator.draft(), draft(HIGH));
    calculator.follow(&recorded(&[]));
    assert_eq!(calculator.draft(), Draft::new(Version::V3_1), "the score was taken back");
}

#[test]
fn what_is_recorded_in_one_version_leaves_what_was_chosen_in_another() {
    let mut calculator = after(Version::V3_1, "NLNN UNNH");
    let chosen = calculator.draft();
    calculator.take(draft(HIGH_4));
    calculator.follow(&recorded(&[HIGH_4]));
    assert_eq!(calculator.chosen().collect::<Vec<_>>(), [chosen]);
    calculator.turn_to(Version::V3_1);
    assert_eq!((calculator.draft(), calculator.is_recorded()), (chosen, false));
}

#[test]
fn done_again_is_told_and_gone_to_as_well() {
    let mut calculator = after(Version::V3_1, "NLNN UNNH z z");
    calculator.go_to(0);
    assert_eq!((calculator.redo().as_deref(), calculator.metric()), (Some("I N"), Version::V3_1.find("I")));
}

#[test]
fn a_question_that_carrying_over_left_stays_until_it_is_answered() {
    let mut calculator = after(Version::V3_1, "NHNN UNNH v");
    let at = Version::V4_0.find("AT").unwrap();
    assert!(calculator.choice(at).is_some());
    calculator.go_to_metric(at);
    calculator.choose(at, None);
    assert!(calculator.choice(at).is_some(), "taking nothing away is no answer");
    press(&mut calculator, "P");
    assert_eq!(calculator.choice(at), None);
}
