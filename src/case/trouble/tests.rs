use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn version() -> Version {
    let until = Some(at("2026-11-24T12:00:00Z"));
    Version { at: at("2026-11-24T12:30:00Z"), until, last: "Log the report: done".to_owned(), since: Some(1), more: 0 }
}

fn damaged(good: Option<Version>, missing: &[&str]) -> Trouble {
    let missing = missing.iter().map(|told| (*told).to_owned()).collect();
    Trouble::Damaged { damage: Damage::Empty, good, is_shown: true, missing, place: "case.toml".to_owned() }
}

fn question() -> Question {
    let both = |text: &str| text.to_owned();
    let (thing, fields, mine, theirs) = (both("lead"), String::new(), both("ada"), both("bob"));
    Question { thing, fields, mine, theirs, values: Vec::new(), copy: None }
}

fn all() -> Vec<Trouble> {
    let damage = Damage::Deleted;
    vec![
        damaged(Some(version()), &[]),
        damaged(None, &[]),
        Trouble::Overtaken { damage, away: None, kept: None, place: "case.toml".to_owned() },
        Trouble::NotSaved { why: "the disk is full; make room, then save again".to_owned() },
        Trouble::Conflict(vec![question()]),
        Trouble::Newer { schema: 2 },
        Trouble::Held { by: "process 1".to_owned() },
        Trouble::NotWritable { why: "the disk is read-only".to_owned() },
        Trouble::Older(version()),
        Trouble::HandedOver { to: "eve".to_owned() },
    ]
}

fn told(trouble: &Trouble) -> String {
    let words = trouble.words(at("2026-11-24T13:00:00Z"));
    format!("{}\n{}", words.title, words.lines.join("\n"))
}

#[test]
fn none_is_a_dead_end_and_each_way_has_a_key_of_its_own() {
    for trouble in all() {
        let ways = trouble.ways();
        assert!(!ways.is_empty(), "{trouble:?}");
        let mut keys: Vec<char> = ways.iter().map(|way| way.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), ways.len(), "{trouble:?}");
    }
}

#[test]
fn no_way_out_that_is_offered_by_itself_loses_anything() {
    for trouble in all() {
        assert!(trouble.ways().iter().all(|way| way.out != WayOut::Lose), "{trouble:?}");
        let first = trouble.ways()[0].out;
        assert!(!matches!(first, WayOut::Mine | WayOut::Theirs), "Enter decides nothing: {trouble:?}");
    }
}

#[test]
fn the_words_need_no_knowledge_of_files() {
    let technical = ["case.toml", "TOML", "byte", "symlink", "path", "backup of", "inode", "schema", "rename", "parse"];
    for trouble in all() {
        let told = told(&trouble);
        for word in technical {
            assert!(!told.contains(word), "«{word}» in {told}");
        }
        assert!(told.ends_with('.'), "{told}");
    }
}

#[test]
fn what_is_missing_is_told_by_name_or_else_by_the_save_it_came_with() {
    let told_of = |missing: &[&str]| told(&damaged(Some(version()), missing));
    assert!(told_of(&[]).contains("Missing in it is what was saved last, at Tue 24 Nov 12:30 UTC"));
    assert!(told_of(&["Set the schedule: done"]).contains("Missing in it: Set the schedule: done."));
    let many = told_of(&["one", "two", "three", "four", "five", "six"]);
    assert!(many.contains("Missing in it: three; four; five; six; and 2 more."), "{many}");
}

#[test]
fn a_case_without_a_good_version_offers_to_put_a_copy_in_and_nothing_else() {
    let ways: Vec<WayOut> = damaged(None, &[]).ways().iter().map(|way| way.out).collect();
    assert_eq!(ways, [WayOut::Later, WayOut::BringBack]);
    assert!(told(&damaged(None, &[])).contains("There is no good older version"));
}

#[test]
fn the_verb_of_a_way_out_names_the_case() {
    let verbs: Vec<Option<String>> = all().iter().map(|trouble| trouble.verb("slate-kangaroo")).collect();
    assert_eq!(verbs[0].as_deref(), Some("fixlead case restore slate-kangaroo"));
    assert_eq!(verbs[1].as_deref(), Some("fixlead case restore slate-kangaroo --from FILE"));
    assert_eq!(verbs[4].as_deref(), Some("fixlead case resolve slate-kangaroo"));
    assert_eq!(verbs[8].as_deref(), Some("fixlead case restore slate-kangaroo --version 2026-11-24T12:30:00Z"));
}

#[test]
fn a_version_says_what_it_lacks_and_what_it_has_more() {
    let says = |since, more| {
        let version = Version { since, more, ..version() };
        (version.since_in_short(), version.since())
    };
    let expected = |short: &str, long: &str| (short.to_owned(), long.to_owned());
    assert_eq!(says(None, 2), expected("", ""));
    assert_eq!(says(Some(0), 0).0, "the same");
    assert_eq!(says(Some(1), 0), expected("1 since", "1 thing was done since"));
    assert_eq!(says(Some(0), 2), expected("2 more", "it holds 2 things more than now"));
    let both = expected("3 since, 1 more", "3 things were done since; it holds 1 thing more than now");
    assert_eq!(says(Some(3), 1), both);
}
