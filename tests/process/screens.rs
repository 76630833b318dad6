//! One story per screen in the real terminal: what a person does there, and what lies in the file afterwards.

use crate::house::House;
use crate::terminal::Terminal;

/// The screen of a new Emissary case, and its codename.
fn case(house: &House) -> (Terminal, String) {
    let mut screen = Terminal::start(house, 36, 120);
    screen.wait_for("No case yet");
    screen.type_text("nCrash on a malformed header\r\r\r");
    screen.wait_for("Next for you");
    (screen, house.only_case())
}

#[test]
fn home_finds_a_case_among_others_and_opens_it() {
    let house = House::new();
    for title in ["Crash on a header", "Leak of a token", "Traversal of a path"] {
        house.done(&["case", "new", "--playbook", "gardener", "--title", title]);
    }
    let mut screen = Terminal::start(&house, 24, 80);
    screen.wait_for("Needs you");
    screen.type_text("/token\r");
    screen.wait_for("Leak of a token");
    screen.type_text("\r");
    screen.wait_for("Next for you");
    screen.type_text("q");
    screen.wait_for("/ token");
    screen.type_text("\u{1b}");
    screen.wait_for_none_of(&["/ token"], &|| false);
    screen.leave();
}

#[test]
fn the_overview_leads_from_what_is_next_to_what_follows() {
    let house = House::new();
    let (mut screen, id) = case(&house);
    screen.wait_for("Log the report");
    screen.type_text(" ");
    screen.wait_for("Log the report: done (z takes it back)");
    screen.type_text("z");
    screen.wait_for("taken back: Log the report");
    assert!(!house.show(&id)["timeline"].as_array().unwrap().is_empty());
    screen.type_text("Z");
    screen.wait_for("done again: Log the report");
    screen.wait_until("the step", || house.case_file(&id).contains("em.intake.report"));
    screen.leave();
}

#[test]
fn a_refused_step_leads_to_what_is_missing_and_yields_to_a_reason() {
    let house = House::new();
    let (mut screen, id) = case(&house);
    screen.type_text("1/open the public\r ");
    screen.wait_for("goes to the first thing");
    screen.type_text("OThe maintainer asked for it\r");
    screen.wait_for("Codename of the case");
    screen.type_text(&id);
    screen.type_text("\r");
    screen.wait_until("the override", || house.case_file(&id).contains("The maintainer asked for it"));
    screen.wait_for("RELEASING");
    screen.leave();
}

#[test]
fn people_get_access_and_lose_it() {
    let house = House::new();
    let (mut screen, id) = case(&house);
    screen.type_text("5");
    screen.wait_for("Nobody yet");
    screen.type_text("aAda\r");
    screen.wait_for("Takes part");
    screen.type_text("nAda\r");
    screen.wait_for("Give access");
    screen.type_text("private repository\r");
    screen.wait_for("Access");
    screen.type_text("G ");
    screen.wait_until("the end of the access", || house.case_file(&id).contains("ended_by = \"lead\""));
    screen.leave();
}

#[test]
fn the_timeline_is_a_list_and_a_picture_and_leads_to_the_step() {
    let house = House::new();
    let (mut screen, _) = case(&house);
    screen.type_text(" ");
    screen.wait_for("Log the report: done");
    screen.type_text("6");
    screen.wait_for("6 Timeline");
    screen.type_text("v");
    screen.wait_for("now");
    screen.wait_for("deadline");
    screen.type_text("v\r");
    screen.wait_for("Record who reported it");
    screen.leave();
}

#[test]
fn facts_are_answered_and_dates_are_set() {
    let house = House::new();
    let (mut screen, id) = case(&house);
    screen.type_text("7");
    screen.wait_for("Questions");
    screen.type_text("\r");
    screen.wait_for("Answer");
    screen.type_text("\r");
    screen.wait_until("the answer", || house.case_file(&id).contains("disclosure ="));
    screen.type_text("G\r");
    screen.wait_for("When");
    screen.type_text("2026-12-10 16:00 UTC\t\t\t\r");
    screen.wait_until("the date", || house.case_file(&id).contains("2026-12-10T16:00:00Z"));
    screen.wait_for("release Thu 10 Dec 16:00 UTC");
    screen.leave();
}

#[test]
fn the_palette_finds_by_letters_and_the_help_lists_every_key() {
    let house = House::new();
    let (mut screen, id) = case(&house);
    screen.type_text(":arch cas");
    screen.wait_for("archive the case");
    screen.type_text("\r");
    screen.wait_for("This case is not over");
    screen.type_text("\r");
    screen.wait_until("the archive", || house.case_file(&id).contains("archived = true"));
    screen.type_text("?");
    screen.wait_for("Keys of this place");
    screen.type_text("\u{1b}");
    screen.wait_for("Next for you");
    screen.leave();
}

#[test]
fn own_keys_are_taken_and_their_faults_named_at_the_start() {
    let house = House::new();
    let config = "me = \"lead\"\n[keys]\nhelp = \"F1\"\nundo = \"Enter\"\nunod = \"x\"\n";
    std::fs::write(house.path().join("config/config.toml"), config).unwrap();
    let mut screen = Terminal::start(&house, 36, 120);
    screen.wait_for("config.toml:4:1: Enter means «open»");
    screen.wait_for("config.toml:5:1: there is no command unod (did you mean undo?)");
    screen.type_text("\u{1b}OP");
    screen.wait_for("Keys of this place");
    screen.leave();
}

#[test]
fn two_screens_on_a_case_and_a_verb_that_writes_meanwhile() {
    let house = House::new();
    let (mut first, id) = case(&house);
    let mut second = Terminal::start_as(&house, 36, 120, &["open", &id], &[]);
    second.wait_for("This case is open in another screen");
    second.type_text("l");
    second.wait_for("o shows the way out");
    house.done(&["case", "do", &id, "em.intake.report"]);
    first.type_text("6");
    first.wait_for("Log the report — done");
    second.type_text("6");
    second.wait_for("it is up to date again");
    second.type_text("1g ");
    second.wait_for("this case can't be changed");
    second.leave();
    first.leave();
}
