//! `fixlead cvss` by itself: drawn on the terminal, while what it prints goes where the shell sends it.

use std::fs;

use crate::house::House;
use crate::terminal::Terminal;

const CRASH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
const CRASH_4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";
/// The values of them, one letter a metric.
const LETTERS: &str = "nlnnunnh";
const LETTERS_4: &str = "nlnnnnnhnnn";
/// What the calculator shows from its first frame on.
const OPEN: &str = "Enter take";

/// What stands in a file of the house, once the program that writes it has ended.
fn read(house: &House, name: &str) -> String {
    fs::read_to_string(house.path().join(name)).expect("the file is there")
}

#[track_caller]
fn assert_given_back(screen: &mut Terminal) {
    assert!(screen.ended(), "it ends; the screen shows\n{}", screen.contents());
    assert!(screen.left_the_alternate_screen(), "the terminal is given back");
    assert!(!screen.modes().contains("-icanon"), "keys are read as before");
}

#[test]
fn a_shell_takes_the_vector_that_was_chosen_into_a_variable() {
    let house = House::new();
    let mut screen = Terminal::start_in_shell(&house, "v=$(\"$@\" cvss); printf '%s %s' $? \"$v\" >taken");
    screen.wait_for(OPEN);
    screen.type_text(LETTERS);
    screen.wait_for(CRASH);
    screen.type_text("\r");
    assert_given_back(&mut screen);
    assert_eq!(read(&house, "taken"), format!("0 {CRASH}"));
    let kept: Vec<_> =
        fs::read_dir(house.path().join("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(kept, ["calculator.toml"], "it makes no case");
}

#[test]
fn who_leaves_without_a_vector_prints_nothing_and_leaves_nothing() {
    for keys in ["q", "\u{3}\u{3}"] {
        let house = House::new();
        let line = "v=$(\"$@\" cvss); printf '%s %s.' $? \"$v\" >taken";
        let mut screen = Terminal::start_in_shell(&house, line);
        screen.wait_for(OPEN);
        screen.type_text(LETTERS);
        screen.wait_for(CRASH);
        screen.type_text(keys);
        assert_given_back(&mut screen);
        assert_eq!(read(&house, "taken"), "1 .", "{keys:?}");
        assert!(!house.path().join("data").exists(), "{keys:?}: nothing is stored");
    }
}

#[test]
fn the_version_that_was_taken_is_the_next_one() {
    let house = House::new();
    let mut first = Terminal::start_with(&house, 36, 120, &["cvss", "-i", CRASH_4]);
    first.wait_for(CRASH_4);
    first.type_text("\r");
    assert_given_back(&mut first);
    assert_eq!(first.exit_code(), 0);
    assert!(first.contents().contains(CRASH_4), "{}", first.contents());
    let mut second = Terminal::start_with(&house, 36, 120, &["cvss"]);
    second.wait_for(OPEN);
    second.type_text(LETTERS_4);
    second.wait_for(CRASH_4);
    second.type_text("q");
    assert_given_back(&mut second);
    assert_eq!(second.exit_code(), 1);
}

/// Keys come from the terminal also where standard input is a file, which may hold the vector to begin with.
#[test]
fn a_vector_of_a_pipe_is_changed_and_handed_on_as_json() {
    let house = House::new();
    fs::write(house.path().join("mail"), format!("it is ({})\n", CRASH.to_lowercase())).unwrap();
    let line = "cat mail | \"$@\" cvss -i --lenient --json - | cat >taken";
    let mut screen = Terminal::start_in_shell(&house, line);
    screen.wait_for(CRASH);
    screen.type_text("a");
    let adjacent = CRASH.replace("AV:N", "AV:A");
    screen.wait_for(&adjacent);
    screen.type_text("\r");
    assert_given_back(&mut screen);
    let taken: serde_json::Value = serde_json::from_str(&read(&house, "taken")).unwrap();
    assert_eq!((&taken["vector"], &taken["score"]), (&adjacent.into(), &6.5.into()));
    assert!(screen.contents().contains("left out the text around it"), "{}", screen.contents());
}

#[test]
fn a_signal_to_end_prints_nothing_and_gives_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT", "QUIT"] {
        let house = House::new();
        let line = format!("exec \"$@\" cvss -i {CRASH} </dev/null >taken");
        let mut screen = Terminal::start_in_shell(&house, &line);
        screen.wait_for(CRASH);
        screen.signal(signal);
        assert_given_back(&mut screen);
        assert_eq!((screen.exit_code(), read(&house, "taken").as_str()), (1, ""), "{signal}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it_also_where_standard_input_is_a_file() {
    let house = House::new();
    let line = format!("trap '' HUP; exec \"$@\" cvss -i {CRASH} </dev/null >taken");
    let mut screen = Terminal::start_in_shell(&house, &line);
    screen.wait_for(CRASH);
    screen.go_away();
    assert!(screen.ended());
    assert_eq!(read(&house, "taken"), "");
}

#[test]
fn a_stop_where_nobody_controls_jobs_goes_on_at_once() {
    let house = House::new();
    let line = format!("v=$(\"$@\" cvss -i {CRASH}); echo \"$? taken: $v\"");
    let mut screen = Terminal::start_in_shell(&house, &line);
    screen.wait_for(CRASH);
    screen.type_text("\u{1a}");
    screen.type_text("a");
    let adjacent = CRASH.replace("AV:N", "AV:A");
    screen.wait_for(&adjacent);
    screen.type_text("\r");
    assert_given_back(&mut screen);
    assert!(screen.contents().contains(&format!("0 taken: {adjacent}")), "{}", screen.contents());
}

#[test]
fn a_vector_that_can_not_be_printed_is_told_and_not_lost() {
    let house = House::new();
    let mut screen = Terminal::start_in_shell(&house, &format!("exec \"$@\" cvss -i {CRASH} >/dev/full"));
    screen.wait_for(CRASH);
    screen.type_text("\r");
    assert_given_back(&mut screen);
    assert_eq!(screen.exit_code(), 1);
    let told = screen.contents();
    assert!(told.contains("the vector can't be printed (No space left on device") && told.contains("/A:H"), "{told}");
}

#[test]
fn it_needs_no_folder_and_tells_of_broken_settings() {
    let house = House::new();
    fs::write(house.path().join("config/config.toml"), "zones = [").unwrap();
    fs::write(house.path().join("data"), "no folder").unwrap();
    let mut screen = Terminal::start_with(&house, 36, 120, &["cvss"]);
    screen.wait_for(OPEN);
    screen.type_text(LETTERS);
    screen.wait_for(CRASH);
    screen.type_text("\r");
    assert_given_back(&mut screen);
    assert_eq!(screen.exit_code(), 0);
    let told = screen.contents();
    assert!(told.contains("config.toml:1:") && told.contains(CRASH), "{told}");
}
