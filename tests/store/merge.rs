//! Somebody else writes too: cases 21 and 23, and two copies that become one.

use std::fs;

use fixlead::case::{Action, Tick};
use fixlead::store::{Notice, SaveFailure, StoreError};

use crate::support::{Home, act, grant, set};

#[test]
fn case_21_a_hand_edit_between_two_saves_is_taken_in() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", set("vulnerability.V1.cve", "CVE-2026-1"));
    home.replace("lead = \"ada\"", "lead = \"grace\" # she came back");
    let saved = home.store.save(&base, &mine).unwrap();
    assert_eq!(saved.case.record().lead.as_deref(), Some("grace"));
    assert_eq!(saved.case.record().vulnerability[0].cve.as_deref(), Some("CVE-2026-1"));
    assert!(home.text().contains("# she came back"));
    assert!(saved.notices.is_empty(), "{:?}", saved.notices);
}

#[test]
fn case_21_changed_on_both_sides_asks_and_loses_nothing() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", set("lead", "me"));
    act(&mut mine, "e-2", set("vulnerability.V1.cve", "CVE-2026-1"));
    home.edit("e-other", set("lead", "them")).unwrap();
    let saved = home.store.save(&base, &mine).unwrap();
    let Some(Notice::Conflict { addresses, kept }) = saved.notices.first() else { panic!("{:?}", saved.notices) };
    assert_eq!(addresses, &["lead"]);
    assert_eq!(saved.case.record().lead.as_deref(), Some("them"), "the disk wins");
    assert_eq!(saved.case.record().vulnerability[0].cve.as_deref(), Some("CVE-2026-1"), "the rest is merged");
    let copy = fs::read_to_string(kept).unwrap();
    assert!(copy.contains("lead = \"me\"") && copy.contains("CVE-2026-1"));
    assert_eq!(kept, &home.path("case.toml.conflict").canonicalize().unwrap_or(kept.clone()));
    let events: Vec<&str> = saved.case.record().event.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(events.len(), 4, "{events:?}");
}

#[test]
fn a_second_conflict_does_not_write_over_the_first() {
    let home = Home::with_case();
    for round in 0..2 {
        let base = home.load();
        let mut mine = base.case.clone();
        act(&mut mine, &format!("m-{round}"), set("lead", &format!("me {round}")));
        home.edit(&format!("t-{round}"), set("lead", &format!("them {round}"))).unwrap();
        home.store.save(&base, &mine).unwrap();
    }
    assert!(fs::read_to_string(home.path("case.toml.conflict")).unwrap().contains("me 0"));
    assert!(fs::read_to_string(home.path("case.toml.conflict-2")).unwrap().contains("me 1"));
}

#[test]
fn both_touched_the_same_step_in_different_ways() {
    let home = Home::with_case();
    let base = home.load();
    let step = base.case.playbook().steps().next().unwrap().id.clone();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", Action::Note { step: step.clone(), text: "my note".to_owned() });
    home.edit("e-2", Action::Assign { step: step.clone(), who: "bob".to_owned() }).unwrap();
    let saved = home.store.save(&base, &mine).unwrap();
    let record = saved.case.record().step(&step, None).unwrap();
    assert_eq!(record.assignee.as_deref(), Some("bob"));
    assert_eq!(record.note.as_deref(), Some("my note"));
    assert!(saved.notices.is_empty(), "{:?}", saved.notices);
}

#[test]
fn a_tick_and_a_note_of_the_same_step_unite() {
    let home = Home::with_case();
    let base = home.load();
    let step = base.case.playbook().steps().next().unwrap().id.clone();
    let mut mine = base.case.clone();
    let tick = Tick { override_why: Some("drill".to_owned()), ..Tick::of(&step) };
    act(&mut mine, "e-1", Action::Do(tick));
    home.edit("e-2", Action::Note { step: step.clone(), text: "theirs".to_owned() }).unwrap();
    let saved = home.store.save(&base, &mine).unwrap();
    let record = saved.case.record().step(&step, None).unwrap();
    assert!(record.state.is_settled());
    assert_eq!(record.note.as_deref(), Some("theirs"));
}

#[test]
fn two_grants_with_the_same_number_are_two_grants() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", grant("bob"));
    home.edit("e-2", grant("eve")).unwrap();
    let saved = home.store.save(&base, &mine).unwrap();
    let grants: Vec<(&str, &str)> =
        saved.case.record().grant.iter().map(|grant| (grant.id.as_str(), grant.who.as_str())).collect();
    assert_eq!(grants, [("G1", "eve"), ("G2", "bob")]);
    let event = saved.case.record().event.iter().find(|event| event.id == "e-1").unwrap();
    assert!(event.after.contains_key("grant/G2/who"), "the timeline speaks of the new number: {:?}", event.after);
}

#[test]
fn an_entry_removed_here_and_changed_there_stays_whole() {
    let home = Home::with_case();
    home.edit("e-1", set("person.bob.name", "Bob")).unwrap();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-2", Action::Undo);
    home.edit("e-3", set("person.bob.contact", "bob@example.org")).unwrap();
    let saved = home.store.save(&base, &mine).unwrap();
    assert_eq!(saved.case.record().person[0].name.as_deref(), Some("Bob"));
    assert!(matches!(saved.notices.first(), Some(Notice::Conflict { .. })));
}

#[test]
fn case_23_deleted_while_open_keeps_my_version_and_says_so() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", set("lead", "me"));
    fs::remove_file(home.path("case.toml")).unwrap();
    let failed = home.store.save(&base, &mine).unwrap_err();
    let StoreError::NotSaved { why: SaveFailure::Deleted { kept: Some(kept) }, .. } = &failed else {
        panic!("{failed}")
    };
    fs::rename(kept, home.path("case.toml")).unwrap();
    assert_eq!(home.load().case.record(), mine.record(), "moving it back is all there is to do");
}

#[test]
fn damaged_while_open_keeps_my_version() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", set("lead", "me"));
    home.write("schema = <<<");
    let failed = home.store.save(&base, &mine).unwrap_err();
    let StoreError::NotSaved { why: SaveFailure::Damaged { kept: Some(kept), .. }, .. } = &failed else {
        panic!("{failed}")
    };
    assert!(fs::read_to_string(kept).unwrap().contains("lead = \"me\""));
    assert_eq!(home.text(), "schema = <<<");
}

#[test]
fn a_pipe_in_the_place_of_what_would_be_kept_aside_is_passed_by() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", set("lead", "me"));
    home.write("schema = <<<");
    let made = std::process::Command::new("mkfifo").arg(home.path("case.toml.conflict")).status().unwrap();
    assert!(made.success());
    let failed = home.store.save(&base, &mine).unwrap_err();
    let StoreError::NotSaved { why: SaveFailure::Damaged { kept: Some(kept), .. }, .. } = &failed else {
        panic!("{failed}")
    };
    assert!(kept.ends_with("case.toml.conflict-2"), "{}", kept.display());
    assert!(fs::read_to_string(kept).unwrap().contains("lead = \"me\""));
}

#[test]
fn a_save_without_a_difference_writes_nothing() {
    let home = Home::with_case();
    let base = home.load();
    let before = fs::metadata(home.path("case.toml")).unwrap().modified().unwrap();
    let saved = home.store.save(&base, &base.case).unwrap();
    assert_eq!(fs::metadata(home.path("case.toml")).unwrap().modified().unwrap(), before);
    assert!(home.names("backups").is_empty());
    assert_eq!(saved.case.record(), base.case.record());
}

#[test]
fn a_refusal_leaves_the_disk_as_it_is() {
    let home = Home::with_case();
    let before = home.text();
    assert!(home.edit("e-1", set("no.such.field", "x")).is_err());
    assert_eq!(home.text(), before);
    assert!(home.names("backups").is_empty());
}

#[test]
fn a_screen_can_see_that_somebody_wrote() {
    let home = Home::with_case();
    let base = home.load();
    assert!(home.store.is_current(&base));
    home.edit("e-1", set("lead", "bob")).unwrap();
    assert!(!home.store.is_current(&base));
}

#[test]
fn a_copy_that_was_handed_over_takes_no_more_changes() {
    let home = Home::with_case();
    let base = home.load();
    let mut mine = base.case.clone();
    act(&mut mine, "e-1", set("lead", "me"));
    home.edit("e-2", crate::support::hand_over("grace")).unwrap();
    let failed = home.store.save(&base, &mine).unwrap_err();
    let StoreError::NotSaved { why: SaveFailure::ReadOnly { kept: Some(kept), .. }, .. } = &failed else {
        panic!("{failed}")
    };
    assert!(fs::read_to_string(kept).unwrap().contains("lead = \"me\""));
    assert_eq!(home.load().case.record().lead.as_deref(), Some("ada"));
}
