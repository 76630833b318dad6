//! What is being typed outlives the program in the real terminal: a kill, a signal, a window that closes.

use crate::house::House;
use crate::terminal::Terminal;

/// A screen on a new case with half a note typed, and nothing else pressed.
fn half_a_note(house: &House) -> (Terminal, String) {
    let mut screen = Terminal::start(house, 36, 120);
    screen.wait_for("No case yet");
    screen.type_text("nA title\r\r\r");
    screen.wait_for("Next for you");
    let id = house.only_case();
    screen.type_text("n");
    screen.wait_for("Add a note");
    screen.type_text("half a thou");
    screen.wait_for("half a thou");
    (screen, id)
}

fn it_is_there_again(house: &House, id: &str) {
    let mut again = Terminal::start(house, 36, 120);
    again.wait_for("Needs you");
    again.type_text("\r");
    again.wait_for("Next for you");
    again.type_text("n");
    again.wait_for("half a thou");
    again.wait_for("kept from");
    again.type_text("ght\t\r");
    again.wait_until("the note", || house.case_file(id).contains("note = \"half a thought\""));
    again.leave();
}

#[test]
fn a_kill_after_two_seconds_loses_no_letter() {
    let house = House::new();
    let (mut screen, id) = half_a_note(&house);
    screen.wait_until("the draft in the file", || house.case_file(&id).contains("half a thou"));
    screen.signal("KILL");
    assert!(screen.ended());
    it_is_there_again(&house, &id);
    assert!(!house.case_file(&id).contains("[[draft]]"), "the note is written, and its draft is gone");
}

#[test]
fn who_types_without_a_pause_is_kept_up_with() {
    let house = House::new();
    let (mut screen, id) = half_a_note(&house);
    let mut typed = 0;
    // Each letter comes right after the frame of the one before it: there is never a pause.
    while !house.case_file(&id).contains("half a thou") {
        let frames = screen.frames();
        screen.type_text("x");
        screen.wait_for_frame_after(frames);
        typed += 1;
        assert!(typed < 20_000, "nothing of it is in the file");
    }
    screen.signal("KILL");
    assert!(screen.ended());
}

#[test]
fn a_signal_in_the_middle_of_a_word_keeps_it() {
    for signal in ["TERM", "HUP", "INT"] {
        let house = House::new();
        let (mut screen, id) = half_a_note(&house);
        screen.signal(signal);
        assert!(screen.ended(), "{signal} ends it");
        assert!(house.case_file(&id).contains("half a thou"), "{signal}");
    }
}

#[test]
fn a_window_that_closes_in_the_middle_of_a_word_keeps_it() {
    let house = House::new();
    let (mut screen, id) = half_a_note(&house);
    screen.go_away();
    assert!(screen.ended());
    assert!(house.case_file(&id).contains("half a thou"));
}

#[test]
fn a_new_case_survives_a_signal_before_it_is_there() {
    let house = House::new();
    let mut screen = Terminal::start(&house, 36, 120);
    screen.wait_for("No case yet");
    screen.type_text("nCrash on a");
    screen.wait_for("Crash on a");
    screen.signal("TERM");
    assert!(screen.ended());
    let mut again = Terminal::start(&house, 36, 120);
    again.wait_for("No case yet");
    again.type_text("n");
    again.wait_for("Crash on a");
    again.type_text(" header\r\r\r");
    again.wait_for("Next for you");
    assert_eq!(house.show(&house.only_case())["title"], "Crash on a header");
    again.leave();
}
