//! Something goes wrong with a case in the real program: one key leads out, and nothing is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::house::House;
use crate::terminal::Terminal;

/// A screen on a new case that was given two titles, one after the other.
fn begun(house: &House) -> (Terminal, String) {
    let mut screen = Terminal::start(house, 24, 80);
    screen.wait_for("No case yet");
    screen.type_text("nLived through\r\r\r");
    screen.wait_for("Next for you");
    let id = house.only_case();
    for count in 1..=2 {
        entitle(&mut screen, count);
        screen.wait_until("a title", || done(house, &id) == count);
        screen.wait_for("saved 17:00   title: set");
    }
    (screen, id)
}

/// Something that can be done wherever the cursor stands.
fn entitle(screen: &mut Terminal, count: usize) {
    screen.type_text(&format!("M\u{15}title\t\u{15}title {count}\r"));
    // From here on what is told of a save is told of this one.
    screen.catch_up();
}

fn folder(house: &House, id: &str) -> PathBuf {
    house.path().join("data/cases").join(id)
}

fn set_mode(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

/// How often that was done, as the file tells; never where there is no file.
fn done(house: &House, id: &str) -> usize {
    let text = fs::read_to_string(folder(house, id).join("case.toml")).unwrap_or_default();
    text.matches("kind = \"field_set\"").count()
}

#[test]
fn a_damaged_case_is_put_right_by_one_key_and_goes_on() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    screen.leave();
    let file = folder(&house, &id).join("case.toml");
    let text = fs::read_to_string(&file).expect("the case");
    fs::write(&file, &text[..text.len() / 2]).expect("half of it");
    let mut screen = Terminal::start(&house, 24, 80);
    screen.wait_for("the stored case is damaged");
    screen.type_text("\r");
    screen.wait_for("You see the newest good version");
    screen.type_text("p");
    screen.wait_for("Next for you");
    let before = done(&house, &id);
    entitle(&mut screen, before + 1);
    screen.wait_until("a title more", || done(&house, &id) == before + 1);
    assert!(!screen.contents().contains("read-only"), "{}", screen.contents());
    screen.leave();
    let kept = fs::read_dir(folder(&house, &id)).expect("the folder").flatten();
    assert!(kept.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("case.toml.broken-")));
}

#[test]
fn a_case_that_was_deleted_while_it_is_open_is_stored_again_by_one_key() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    fs::remove_file(folder(&house, &id).join("case.toml")).expect("the case");
    screen.type_text("j");
    screen.wait_for("That happened while you had it open");
    screen.type_text("p");
    screen.wait_until("the case", || done(&house, &id) == 2);
    screen.wait_for_none_of(&["That happened while you had it open"], &|| false);
    entitle(&mut screen, 3);
    screen.wait_until("a title more", || done(&house, &id) == 3);
    screen.leave();
}

#[test]
fn what_both_sides_changed_is_decided_by_one_key() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    screen.type_text("Mlead\tzoe");
    // What is typed was kept, so that nothing but Enter is still to come.
    screen.wait_until("what was typed", || house.case_file(&id).contains("zoe"));
    house.done(&["case", "set", &id, "lead=bob"]);
    screen.type_text("\r");
    screen.wait_for("Changed on both sides");
    screen.wait_for("zoe");
    screen.wait_for("bob");
    assert_eq!(house.show(&id)["trouble"]["questions"][0]["mine"], "zoe");
    screen.type_text("m");
    screen.wait_until("the answer", || house.case_file(&id).contains("lead = \"zoe\""));
    screen.wait_until("no question", || !folder(&house, &id).join("case.toml.conflict").exists());
    screen.leave();
    assert_eq!(house.show(&id)["trouble"], serde_json::Value::Null);
}

#[test]
fn what_can_not_be_saved_is_kept_elsewhere_and_brought_back_by_the_verb() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    let copy = house.path().join("copy of mine.toml");
    set_mode(&folder(&house, &id), 0o500);
    entitle(&mut screen, 3);
    screen.wait_for("The save failed");
    screen.type_text("r");
    screen.wait_for("Tried 17:00:00 UTC");
    screen.type_text("c");
    screen.wait_for("Keep a copy elsewhere");
    screen.type_text(&format!("\u{15}{}\r", copy.display()));
    screen.wait_for("NOT SAVED, but a copy is elsewhere");
    screen.type_text("q");
    screen.wait_for("is NOT SAVED; a copy is in");
    screen.type_text("\u{3}\u{3}");
    assert!(screen.ended(), "nobody is kept from leaving");
    assert!(screen.contents().contains("brings it back") && screen.exit_code() != 0, "{}", screen.contents());
    assert_eq!(done(&house, &id), 2, "a copy is not saved");
    set_mode(&folder(&house, &id), 0o700);
    house.done(&["case", "restore", &id, "--from", copy.to_str().expect("a path")]);
    assert_eq!(done(&house, &id), 3, "all of it is back");
}

#[test]
fn who_leaves_with_a_copy_only_is_told_where_it_is_and_that_it_is_not_saved() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    let copy = house.path().join("mine.toml");
    set_mode(&folder(&house, &id), 0o500);
    entitle(&mut screen, 3);
    screen.wait_for("The save failed");
    screen.type_text("c");
    screen.wait_for("Keep a copy elsewhere");
    screen.type_text(&format!("\u{15}{}\r", copy.display()));
    screen.wait_for("NOT SAVED, but a copy is elsewhere");
    screen.type_text("\u{3}\u{3}");
    assert!(screen.ended(), "nobody is kept from leaving");
    let told = screen.contents();
    assert!(!told.contains("<0A>"), "{told}");
    assert!(told.contains("NOT SAVED") && told.contains(&format!("fixlead case restore {id} --from")), "{told}");
    assert_ne!(screen.exit_code(), 0);
    set_mode(&folder(&house, &id), 0o700);
}
