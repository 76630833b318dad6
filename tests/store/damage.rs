//! What can be wrong with the text: cases 24 to 32.

use std::fmt::Write as _;
use std::fs;

use fixlead::store::{Access, Loaded, Notice, Reason, StoreError, Unreadable};

use crate::support::{Home, ID, TITLE, set};

/// Damages a case with history and opens it.
fn opened_after(damage: impl FnOnce(&Home)) -> (Home, Loaded) {
    let home = Home::with_history();
    damage(&home);
    let loaded = home.load();
    (home, loaded)
}

fn damage_of(loaded: &Loaded) -> &Unreadable {
    match &loaded.access {
        Access::ReadOnly(Reason::Backup { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

fn shows_the_backup(loaded: &Loaded) {
    assert_eq!(loaded.case.record().vulnerability[0].cve.as_deref(), Some("CVE-2026-0001"));
    assert!(matches!(loaded.notices[0], Notice::Damaged { .. }));
    assert!(!loaded.is_writable());
    let Access::ReadOnly(reason) = &loaded.access else { panic!("{loaded:?}") };
    for said in [reason.to_string(), loaded.notices[0].to_string()] {
        assert!(said.contains(&format!("`fixlead case restore {ID}`")), "{said}");
    }
}

#[test]
fn case_24_an_empty_file_opens_the_backup_read_only() {
    let (home, loaded) = opened_after(|home| home.write(""));
    shows_the_backup(&loaded);
    assert_eq!(*damage_of(&loaded), Unreadable::Empty);
    assert_eq!(home.text(), "", "never written over");
}

#[test]
fn case_25_a_file_of_nul_bytes_opens_the_backup() {
    let (_home, loaded) = opened_after(|home| home.write([0; 512]));
    shows_the_backup(&loaded);
    assert_eq!(*damage_of(&loaded), Unreadable::Zeros);
}

#[test]
fn case_26_a_truncated_file_opens_the_backup_and_names_the_place() {
    let (home, loaded) = opened_after(|home| {
        let text = home.text();
        let half = text.find("title = ").unwrap() + 12;
        home.write(&text[..half]);
    });
    shows_the_backup(&loaded);
    let Unreadable::Syntax { line, .. } = damage_of(&loaded) else { panic!("{:?}", loaded.access) };
    assert_eq!(*line, 3);
    let said = loaded.notices[0].to_string();
    assert!(said.contains("3:"), "{said}");
    assert!(!said.contains("Pars"), "no text of the case: {said}");
    assert!(home.text().ends_with("Par"), "the damaged file is as it was");
}

#[test]
fn case_26_a_damaged_case_can_be_neither_edited_nor_saved() {
    let (home, loaded) = opened_after(|home| home.write("schema = "));
    assert!(home.edit("e-3", set("lead", "bob")).is_err());
    let refused = home.store.save(&loaded, &loaded.case).unwrap_err();
    assert!(matches!(refused, StoreError::NotSaved { .. }));
    assert_eq!(home.text(), "schema = ");
}

#[test]
fn case_27_merge_markers_are_named() {
    let (_home, loaded) = opened_after(|home| {
        home.replace("title = ", "<<<<<<< ours\ntitle = \"a\"\n=======\n>>>>>>> theirs\ntitle = ");
    });
    assert_eq!(*damage_of(&loaded), Unreadable::MergeMarkers { line: 3 });
    assert!(loaded.notices[0].to_string().contains("merge markers (<<<<<<<)"));
}

#[test]
fn case_28_a_newer_schema_opens_read_only_with_what_can_be_read() {
    let home = Home::with_case();
    home.replace("schema = 1", "schema = 99");
    home.write(format!("step = \"now a text\"\n{}", home.text()));
    let loaded = home.load();
    assert_eq!(loaded.access, Access::ReadOnly(Reason::NewerSchema(99)));
    assert_eq!(loaded.case.record().title, TITLE);
    let before = home.text();
    assert!(home.edit("e-1", set("lead", "bob")).is_err());
    assert_eq!(home.text(), before);
}

#[test]
fn case_29_unknown_keys_tables_and_comments_survive_saves() {
    let home = Home::with_case();
    home.replace("state = \"embargo\"", "state = \"embargo\" # as agreed\n# of mine\nmy_key = { a = 1 }");
    home.replace("id = \"V1\"", "# the first one\nid = \"V1\"\nmy_rating = \"high\"");
    home.write(format!("# top\n{}\n[my_notes]\nx = [1,   2]\n# the end\n", home.text()));
    for number in 0..5 {
        home.edit(&format!("e-{number}"), set("vulnerability.V1.cve", &format!("CVE-2026-000{number}"))).unwrap();
        home.edit(&format!("f-{number}"), set("lead", &format!("lead {number}"))).unwrap();
    }
    let text = home.text();
    let kept = [
        "# top",
        "state = \"embargo\" # as agreed",
        "# of mine",
        "my_key = { a = 1 }",
        "# the first one",
        "my_rating = \"high\"",
        "[my_notes]\nx = [1,   2]",
        "# the end",
    ];
    for kept in kept {
        assert!(text.contains(kept), "{kept} is gone from\n{text}");
    }
    assert_eq!(home.load().case.record().event.len(), 11);
}

#[test]
fn case_29_what_a_person_wrote_in_an_entry_outlives_the_entry() {
    let home = Home::with_case();
    home.edit("e-1", set("person.bob.name", "Bob")).unwrap();
    home.replace("[[person]]", "# met at the fair\n[[person]]");
    home.replace("name = \"Bob\"", "name = \"Bob\" # spelt so\nshoe_size = 44");
    home.edit("e-2", fixlead::case::Action::Undo).unwrap();
    let text = home.text();
    assert!(home.load().case.record().person.is_empty());
    for kept in ["# met at the fair", "# spelt so", "# shoe_size = 44"] {
        assert!(text.contains(kept), "{kept} is gone from\n{text}");
    }
}

#[test]
fn case_30_byte_order_mark_and_carriage_returns_open_and_go() {
    let home = Home::with_case();
    home.write(format!("\u{FEFF}{}", home.text().replace('\n', "\r\n")));
    assert_eq!(home.load().access, Access::Write);
    home.edit("e-1", set("lead", "bob")).unwrap();
    let text = home.text();
    assert!(!text.contains('\r') && !text.starts_with('\u{FEFF}'));
    assert_eq!(home.load().case.record().lead.as_deref(), Some("bob"));
}

#[test]
fn case_30_latin_1_opens_the_backup_and_names_the_place() {
    let home = Home::with_history();
    let mut bytes = b"schema = 1\ntitle = \"caf".to_vec();
    bytes.extend([0xE9, b'"', b'\n']);
    home.write(&bytes);
    let loaded = home.load();
    shows_the_backup(&loaded);
    assert_eq!(*damage_of(&loaded), Unreadable::NotUtf8 { line: 2, column: 13 });
    assert_eq!(fs::read(home.path("case.toml")).unwrap(), bytes, "never written over");
}

#[test]
fn case_31_deep_nesting_is_an_error_and_no_overflow() {
    let home = Home::with_history();
    let mut dotted = "a".to_owned();
    (0..100_000).for_each(|_| dotted.push_str(".a"));
    let texts = [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("{dotted} = 1"),
        format!("[{dotted}]\nx = 1"),
    ];
    for text in texts {
        home.write(&text);
        shows_the_backup(&home.load());
    }
}

#[test]
fn case_32_nine_mebibytes_are_refused_at_once() {
    let home = Home::with_history();
    home.write(vec![b'#'; 9 * 1024 * 1024]);
    let refused = home.store.load(ID).unwrap_err();
    assert!(matches!(refused, StoreError::Unreadable { why: Unreadable::TooLarge(_), .. }), "{refused}");
}

#[test]
fn case_32_a_warning_comes_from_four_mebibytes_on() {
    let home = Home::with_case();
    let mut text = home.text();
    text.push_str("# ");
    (0..5 * 1024).for_each(|_| write!(text, "{}", "x".repeat(1024)).unwrap());
    home.write(text);
    assert!(home.load().notices.iter().any(|notice| matches!(notice, Notice::Large { .. })));
}

#[test]
fn a_wrong_type_is_named_with_its_place_and_without_its_text() {
    let home = Home::with_history();
    home.replace("cve = \"CVE-2026-0002\"", "cve = [\"CVE-SECRET\"]");
    let loaded = home.load();
    let Unreadable::Shape { at: Some((line, _)), message } = damage_of(&loaded) else { panic!("{loaded:?}") };
    let text = home.text();
    assert!(text.lines().nth(line - 1).unwrap().contains("cve = "), "line {line}");
    assert!(!message.contains("SECRET"), "{message}");
}

#[test]
fn dates_of_toml_are_instants() {
    let home = Home::with_case();
    home.write(format!(
        "{}\n[anchors]\nreceived = 2026-11-01T10:00:00+02:00\n[anchors.release]\ntarget = 2026-12-01\n",
        home.text()
    ));
    let loaded = home.load();
    assert_eq!(loaded.access, Access::Write);
    assert_eq!(loaded.case.record().anchor("received"), Some(crate::support::at("2026-11-01T08:00:00Z")));
    assert_eq!(loaded.case.record().anchor("release"), Some(crate::support::at("2026-12-01T00:00:00Z")));
    home.edit("e-1", set("lead", "bob")).unwrap();
    assert!(home.text().contains("received = 2026-11-01T10:00:00+02:00"), "what was not touched keeps its bytes");
}

#[test]
fn restore_puts_the_backup_in_place_and_keeps_the_damaged_file() {
    let home = Home::with_history();
    home.write("schema = broken");
    let restored = home.store.restore(ID).unwrap();
    assert_eq!(home.cve().as_deref(), Some("CVE-2026-0001"));
    assert!(home.load().is_writable());
    assert_eq!(fs::read_to_string(restored.damaged.unwrap()).unwrap(), "schema = broken");
    assert!(matches!(home.store.restore(ID), Err(StoreError::NothingToRestore { .. })));
}

#[test]
fn a_damaged_case_without_a_backup_says_so() {
    let home = Home::with_case();
    home.write("");
    assert!(matches!(home.store.load(ID), Err(StoreError::Unreadable { why: Unreadable::Empty, .. })));
    assert!(matches!(home.store.restore(ID), Err(StoreError::NoBackup { .. })));
    assert_eq!(home.store.ids().unwrap(), [ID]);
}
