//! Life in a terminal: signals, a stop, a terminal that goes away, a crash.

use crate::house::House;
use crate::terminal::Terminal;

/// A screen on a new case, with its first step ticked and saved.
fn begun(house: &House) -> (Terminal, String) {
    let mut screen = Terminal::start(house, 36, 120);
    screen.wait_for("No case yet");
    screen.type_text("nLived through\r\r\r");
    screen.wait_for("Next for you");
    let id = house.only_case();
    screen.type_text(" ");
    screen.wait_until("the first step", || house.case_file(&id).contains("em.intake.report"));
    (screen, id)
}

#[test]
fn a_signal_to_end_saves_and_gives_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let house = House::new();
        let (mut screen, id) = begun(&house);
        screen.signal(signal);
        assert!(screen.ended(), "{signal} ends it");
        assert!(screen.left_the_alternate_screen(), "{signal}: the terminal is given back");
        assert_eq!(house.show(&id)["state"], "embargo");
        assert!(!screen.contents().contains("Lived through"), "nothing of the case is left on the screen");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_with_everything_saved() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    screen.go_away();
    assert!(screen.ended());
    assert!(house.case_file(&id).contains("em.intake.report"));
}

#[test]
fn a_kill_loses_nothing_that_was_saved_and_holds_nothing() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    screen.signal("KILL");
    assert!(screen.ended());
    let mut again = Terminal::start(&house, 36, 120);
    again.wait_for(&id);
    again.type_text("\r");
    again.wait_for("Next for you");
    assert!(!again.contents().contains("read-only"), "{}", again.contents());
    again.leave();
}

#[test]
fn where_nobody_controls_jobs_a_stop_goes_on_at_once() {
    let house = House::new();
    let (mut screen, _) = begun(&house);
    screen.type_text("\u{1a}");
    screen.type_text("?");
    screen.wait_for("Keys of this place");
    screen.type_text("q");
    screen.type_text("\u{c}");
    screen.type_text("6");
    screen.wait_for("6 Timeline");
    screen.leave();
}

#[test]
fn a_terminal_of_any_size_is_survived() {
    let house = House::new();
    let (mut screen, _) = begun(&house);
    for (rows, cols) in [(1, 1), (5, 20), (60, 200), (2, 300), (24, 80)] {
        screen.resize(rows, cols);
    }
    screen.wait_for("Next for you");
    screen.leave();
}
