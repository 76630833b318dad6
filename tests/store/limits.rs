//! Each limit of a case: what is over one is refused with what was there kept, and the way there is refused before.

use std::fs;
use std::time::{Duration, Instant};

use fixlead::case::limits::{MAX_BRANCHES, MAX_ENTRIES, MAX_ID, MAX_STEP_RECORDS, MAX_TEXT};
use fixlead::case::{Action, Refusal};
use fixlead::store::{Access, EditError, Notice, SaveFailure, StoreError};

use crate::support::{Home, ID, TITLE, act, grant, hand_over, now, set, try_act};

/// Far more than any of these takes, be the machine busy: what is not bounded takes minutes.
const LONG: Duration = Duration::from_secs(20);

fn refusal(home: &Home, action: Action) -> String {
    match home.edit("e-x", action) {
        Err(EditError::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

/// A case file with so many entries of a list.
fn with_entries(home: &Home, count: usize, entry: impl Fn(usize) -> String) -> String {
    (0..count).fold(home.text(), |text, number| text + &entry(number))
}

#[test]
fn each_list_of_a_case_has_its_limit() {
    type Entry = fn(usize) -> String;
    let lists: [(&str, usize, Entry); 8] = [
        ("vulnerabilities", MAX_ENTRIES - 1, |n| format!("[[vulnerability]]\nid = \"W{n}\"\n")),
        ("components", MAX_ENTRIES, |n| format!("[[component]]\nid = \"c{n}\"\n")),
        ("branches", MAX_BRANCHES, |n| format!("[[component]]\nid = \"c{n}\"\nbranches = [\"main\"]\n")),
        ("fixes", MAX_ENTRIES, |n| format!("[[fix]]\nid = \"F{n}\"\n")),
        ("steps and items", MAX_STEP_RECORDS, |n| format!("[[step]]\nid = \"s{n}\"\nstate = \"todo\"\n")),
        ("people", MAX_ENTRIES, |n| format!("[[person]]\nid = \"p{n}\"\n")),
        ("entries about access", MAX_ENTRIES, |n| {
            format!("[[grant]]\nid = \"G{n}\"\nwho = \"w\"\nwhat = \"w\"\nat = \"2026-11-20T12:00:00Z\"\nby = \"a\"\n")
        }),
        ("decisions", MAX_ENTRIES, |n| {
            format!("[[decision]]\nid = \"D{n}\"\ntext = \"t\"\nby = \"a\"\nat = \"2026-11-20T12:00:00Z\"\n")
        }),
    ];
    for (what, most, entry) in lists {
        let home = Home::with_history();
        let full = with_entries(&home, most, entry);
        let over = with_entries(&home, most + 1, entry);
        home.write(full);
        assert_eq!(home.load().access, Access::Write, "{what}");
        home.write(&over);
        let loaded = home.load();
        let told = loaded.notices[0].to_string();
        assert!(told.contains(what) && told.contains("a case has at most"), "{told}");
        assert!(matches!(loaded.access, Access::ReadOnly(_)), "{what}: the newest backup, to read");
        assert_eq!(home.text(), over, "{what}: nothing is lost");
    }
}

#[test]
fn an_act_that_goes_over_a_limit_is_refused_with_it() {
    let home = Home::with_case();
    home.write(with_entries(&home, MAX_ENTRIES, |n| format!("[[person]]\nid = \"p{n}\"\n")));
    let before = home.text();
    let told = refusal(&home, set("person.one-more.name", "x"));
    assert_eq!(told, "a case has at most 1000 people, and this would be 1001");
    assert_eq!(home.text(), before);
    home.edit("e-1", set("person.p7.name", "x")).unwrap();
}

#[test]
fn a_text_and_an_id_have_their_length() {
    let home = Home::with_case();
    home.edit("e-1", set("lead", &"x".repeat(MAX_TEXT))).unwrap();
    let told = refusal(&home, set("lead", &"x".repeat(MAX_TEXT + 1)));
    assert_eq!(told, "lead has at most 64 KiB, and this would be 65; put it in a file and link to that");
    home.edit("e-2", set(&format!("person.{}.name", "p".repeat(MAX_ID)), "x")).unwrap();
    let told = refusal(&home, set(&format!("person.{}.name", "p".repeat(MAX_ID + 1)), "x"));
    assert_eq!(told, "an id has at most 128 bytes, and this one has 129");
    // What a person wrote into the file is theirs, however long, and taking it back and putting it in again goes.
    home.replace("state = \"embargo\"", &format!("project = \"{}\"\nstate = \"embargo\"", "y".repeat(MAX_TEXT + 1)));
    home.edit("e-3", set("project", "z")).unwrap();
    home.edit("e-4", Action::Undo).unwrap();
    assert_eq!(home.load().case.record().project.as_ref().map(String::len), Some(MAX_TEXT + 1));
}

#[test]
fn a_path_that_goes_too_deep_is_no_field() {
    let home = Home::with_case();
    let path = format!("person.{}", vec!["a"; 100_000].join("."));
    assert!(matches!(home.edit("e-1", set(&path, "x")), Err(EditError::Refused(Refusal::BadValue(_)))));
    let value = "[".repeat(100_000);
    assert!(refusal(&home, set("component.c.branches", &value)).contains("at most 64 KiB"));
    // The same in an event that somebody wrote by hand, when it is to be taken back.
    let deep = vec!["a"; 100_000].join("/");
    let event = format!(
        "[[event]]\nid = \"e-hand\"\nat = \"2026-11-20T13:00:00Z\"\nby = \"x\"\nkind = \"field_set\"\nbefore = {{ \"{deep}\" = \"y\" }}\n"
    );
    home.write(home.text() + &event);
    assert!(matches!(home.edit("e-2", Action::Undo), Err(EditError::Refused(_))));
}

#[test]
fn depth_of_headers_keys_and_brackets_together_is_bounded() {
    let home = Home::with_history();
    let part = vec!["a"; 70].join(".");
    let text = format!("{}[{part}]\n{}1{}\n", home.text(), format!("{part} = {{").repeat(70) + "a = ", "}".repeat(70));
    home.write(&text);
    let loaded = home.load();
    assert!(loaded.notices[0].to_string().contains("more than 64 deep"), "{}", loaded.notices[0]);
    assert_eq!(home.text(), text);
    let error = home.store.import(&home.path("case.toml")).unwrap_err();
    assert!(error.to_string().contains("more than 64 deep"), "{error}");
    fs::write(home.path("case.open"), &text.as_bytes()[text.len() - 4_000..]).unwrap();
    home.store.claim(ID).unwrap();
}

#[test]
fn a_newer_layout_with_many_tables_of_its_own_is_read_at_once() {
    let home = Home::with_case();
    let mut text = home.text().replacen("schema = 1", "schema = 2", 1).replacen(
        "state = \"embargo\"",
        "state = \"embargo\"\nleak = 7",
        1,
    );
    text.extend((0..20_000).map(|key| format!("[new{key}]\na = 1\n")));
    home.write(text);
    let begin = Instant::now();
    assert!(matches!(home.load().access, Access::ReadOnly(_)));
    assert!(begin.elapsed() < LONG, "{:?}", begin.elapsed());
}

#[test]
fn two_sides_that_together_go_over_a_limit_lose_nothing() {
    let home = Home::with_case();
    home.write(with_entries(&home, MAX_ENTRIES - 1, |n| format!("[[person]]\nid = \"p{n}\"\n")));
    let base = home.load();
    let (mut mine, mut theirs) = (base.case.clone(), base.case.clone());
    act(&mut mine, "m", set("person.of-mine.name", "x"));
    act(&mut theirs, "t", set("person.of-theirs.name", "x"));
    home.store.save(&base, &theirs).unwrap();
    let united = home.store.save(&base, &mine).unwrap();
    let kept = united.notices.iter().find_map(|notice| match notice {
        Notice::Conflict { kept, .. } => Some(fs::read_to_string(kept).unwrap()),
        _ => None,
    });
    assert!(kept.unwrap().contains("of-mine"));
    assert!(home.text().contains("of-theirs") && !home.text().contains("of-mine"));
}

#[test]
fn a_save_that_would_be_too_large_keeps_the_old_file_and_says_so() {
    let home = Home::with_case();
    home.write(format!("{}# {}\n", home.text(), "x".repeat(8 * 1024 * 1024 - home.text().len() - 40)));
    let before = home.text();
    let refused = home.edit("e-1", grant("bob")).unwrap_err();
    let EditError::Store(StoreError::NotSaved { why, .. }) = &refused else { panic!("{refused}") };
    assert_eq!(*why, SaveFailure::TooLarge);
    assert!(refused.to_string().contains("larger than 8 MiB; take out long notes or texts"), "{refused}");
    assert!(home.text() == before);
}

#[test]
fn of_many_old_backups_some_go_with_each_save() {
    let home = Home::with_history();
    let text = home.text();
    for number in 0..1_000 {
        let name = format!("2026-11-{:02}T10-{:02}-{:02}.000000Z.toml", 1 + number % 20, number / 60, number % 60);
        fs::write(home.path("backups").join(name), &text).unwrap();
    }
    let begin = Instant::now();
    let count = || home.names("backups").len();
    let before = count();
    home.edit("e-9", grant("bob")).unwrap();
    assert_eq!(count(), before + 1 - 200);
    for number in 0..5 {
        home.edit(&format!("e-9{number}"), grant(&format!("bob {number}"))).unwrap();
    }
    assert!(begin.elapsed() < LONG, "{:?}", begin.elapsed());
    assert!(count() <= 40, "{}", count());
}

#[test]
fn a_bundle_brings_at_most_fifty_processes() {
    let home = Home::with_case();
    home.edit("e-1", hand_over("grace")).unwrap();
    let bundle = fs::read_to_string(home.store.export(ID).unwrap()).unwrap();
    let file = home.folder.path().join("bundle");
    let more = "\n[[playbook]]\nsha256 = \"x\"\ntext = \"y\"\n".repeat(50);
    fs::write(&file, bundle + &more).unwrap();
    let told = Home::empty().store.import(&file).unwrap_err().to_string();
    assert!(told.contains("it brings 51 processes, and a case has at most 50"), "{told}");
}

#[test]
fn what_the_program_keeps_for_itself_is_never_read_without_an_end() {
    let home = Home::with_case();
    let moment = fixlead::case::Moment { now: now(), verdicts: fixlead::case::NO_VERDICTS };
    let titles = || -> Vec<String> {
        let listed = home.store.summaries(now(), &|case| case.summary(moment)).unwrap();
        listed.into_iter().map(|listed| listed.result.unwrap().title).collect()
    };
    assert_eq!(titles(), [TITLE]);
    for strange in [vec![b' '; 300 * 1024], b"[".repeat(100_000), b"{\"a\":".repeat(20_000)] {
        fs::write(home.path("summary.json"), strange).unwrap();
        assert_eq!(titles(), [TITLE]);
        assert!(fs::metadata(home.path("summary.json")).unwrap().len() < 64 * 1024, "it is made anew");
    }
}

#[test]
fn an_instant_at_the_ends_of_time_is_shown_and_computed_with() {
    for at in ["9999-12-30T22:00:00Z", "-009999-01-02T01:59:59Z"] {
        let home = Home::with_case();
        home.write(home.text() + &format!("[anchors]\ndisclosed = \"{at}\"\nrelease = {{ target = \"{at}\" }}\n"));
        let mut case = home.load().case;
        let moment = |now| fixlead::case::Moment { now, verdicts: fixlead::case::NO_VERDICTS };
        for now in [jiff::Timestamp::MIN, jiff::Timestamp::MAX] {
            let view = case.view(moment(now));
            assert!(view.steps().count() > 0);
            let _ = (case.summary(moment(now)), case.history(&view));
        }
        try_act(&mut case, "e-1", grant("bob")).unwrap();
    }
}
