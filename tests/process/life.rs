//! Life in a terminal: signals, a stop, a terminal that goes away, a crash.

use std::time::{Duration, Instant};

use crate::house::House;
use crate::terminal::Terminal;

/// How long the program may take to end once its terminal is gone.
const AT_ONCE: Duration = Duration::from_secs(2);

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
    for signal in ["TERM", "HUP", "INT", "QUIT"] {
        let house = House::new();
        let (mut screen, id) = begun(&house);
        screen.signal(signal);
        assert!(screen.ended(), "{signal} ends it");
        assert!(!screen.modes().contains("-icanon"), "{signal}: keys are read as before");
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
fn a_terminal_that_goes_away_ends_the_program_at_once_also_where_nobody_may_hang_up() {
    let house = House::new();
    let mut screen = Terminal::start_in_shell(&house, "trap '' HUP; exec \"$@\"");
    screen.wait_for("No case yet");
    screen.type_text("nLived through\r\r\r");
    screen.wait_for("Next for you");
    let id = house.only_case();
    screen.type_text(" ");
    screen.wait_until("the first step", || house.case_file(&id).contains("em.intake.report"));
    screen.go_away();
    let gone = Instant::now();
    assert!(screen.ended());
    assert!(gone.elapsed() < AT_ONCE, "it took {:?}", gone.elapsed());
    assert!(house.case_file(&id).contains("em.intake.report"));
}

/// A fault while a form is drawn, and one in the part that saves.
#[test]
fn a_fault_of_the_program_saves_gives_the_terminal_back_and_tells_nothing_of_the_case() {
    for (fault, keys) in [("draw", "n"), ("save", " ")] {
        let house = House::new();
        let (mut first, id) = begun(&house);
        first.leave();
        let mut screen = Terminal::start_as(&house, 36, 120, &["open", &id], &[("FIXLEAD_TEST_FAULT", fault)]);
        screen.wait_for("Next for you");
        screen.type_text("s");
        screen.type_text(keys);
        assert!(screen.ended(), "{fault}: it ends");
        assert!(screen.left_the_alternate_screen(), "{fault}: the terminal is given back");
        let told = screen.contents();
        assert!(told.contains("a fault in the program itself at "), "{fault}: {told}");
        assert!(told.contains("what was saved is in"), "{fault}: {told}");
        assert!(!told.contains("Lived through") && !told.contains(&id), "{fault}: {told}");
        assert_ne!(screen.exit_code(), 0, "{fault}");
        let started =
            house.show(&id)["timeline"].as_array().unwrap().iter().any(|event| event["kind"] == "step_started");
        assert!(started, "{fault}: what was done before is saved");
    }
}

#[test]
fn without_a_terminal_the_same_is_said_as_text() {
    for (line, told) in
        [("exec \"$@\" </dev/null", true), ("exec \"$@\" >/dev/null", false), ("exec \"$@\" >&-", false)]
    {
        let house = House::new();
        let mut screen = Terminal::start_in_shell(&house, line);
        assert!(screen.ended(), "{line}");
        assert_eq!(screen.contents().contains("No case needs anything"), told, "{line}: {}", screen.contents());
        assert_eq!(screen.exit_code(), 0, "{line}");
    }
}

#[test]
fn keys_that_come_faster_than_frames_are_all_taken_in() {
    let house = House::new();
    let (mut screen, id) = begun(&house);
    screen.type_text("n");
    screen.wait_for("Add a note");
    let before = screen.frames();
    screen.type_text(&"many keys ".repeat(40));
    screen.type_text("\t\r");
    screen.wait_until("the note", || house.case_file(&id).contains("note = "));
    assert!(house.case_file(&id).contains("many keys ".repeat(40).trim_end()), "no key is lost");
    let frames = screen.frames() - before;
    assert!(frames < 200, "{frames} frames for 402 keys");
    screen.leave();
}

/// A whole frame of this size has 12,000 cells.
#[test]
fn a_key_writes_what_it_changes_and_no_more() {
    let house = House::new();
    house.done(&["case", "new", "--playbook", "emissary", "--title", "A title"]);
    let mut screen = Terminal::start_as(&house, 60, 200, &["open", &house.only_case()], &[]);
    screen.wait_for("Next for you");
    screen.type_text("1G");
    screen.wait_for("Send the retrospective");
    for _ in 0..10 {
        let (written, frames) = (screen.bytes_written(), screen.frames());
        screen.type_text("k");
        screen.wait_for_frame_after(frames);
        let bytes = screen.bytes_written() - written;
        assert!(bytes < 4_000, "{bytes} bytes for a cursor that moved");
    }
    screen.leave();
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
    screen.vanish();
    screen.resize(24, 80);
    screen.type_text("?");
    screen.wait_for("Keys of this place");
    screen.leave();
}
