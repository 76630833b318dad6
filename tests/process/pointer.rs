//! Mouse and clipboard in a real terminal.

use crate::house::House;
use crate::terminal::Terminal;

const CLIPBOARD: &str = "\x1b]52";

fn begun(house: &House) -> Terminal {
    let mut screen = Terminal::start(house, 36, 120);
    screen.wait_for("No case yet");
    screen.type_text("nA title\r\r\r");
    screen.wait_for("Next for you");
    screen
}

#[test]
fn clicks_select_open_and_press_keys() {
    let house = House::new();
    let mut screen = begun(&house);
    screen.type_text("1");
    screen.wait_for("em.intake.report");
    screen.click("Name the fix lead");
    screen.wait_for("em.lead.volunteer");
    screen.type_text("\x1b[<65;10;10M");
    screen.wait_for("em.lead.upstream");
    screen.click("? keys");
    screen.wait_for("Keys of this place");
    screen.type_text("\x1b");
    screen.wait_for("Next for you");
    screen.click("q home");
    screen.wait_for("Needs you");
    let id = house.only_case();
    screen.double_click(&id);
    screen.wait_for("Next for you");
    screen.leave();
}

#[test]
fn a_click_right_behind_a_key_is_one_on_what_the_key_shows() {
    let house = House::new();
    let mut screen = Terminal::start(&house, 36, 120);
    screen.wait_for("No case yet");
    screen.type_text("nA title");
    screen.wait_for("A title");
    let reported = screen.place("now");
    screen.type_text("\x1b");
    screen.wait_for("No case yet");
    screen.type_text(&format!("n\x1b[<0;{reported}M\x1b[<0;{reported}m"));
    screen.wait_for("A title");
    screen.type_text("+");
    screen.wait_for("now+");
    screen.leave();
}

#[test]
fn the_mouse_is_taken_with_the_terminal_and_given_back_with_it() {
    let house = House::new();
    let mut screen = begun(&house);
    assert!(screen.tells_of_the_mouse());
    assert!(!screen.wrote("\x1b[?1003h") && !screen.wrote("\x1b[?1002h"), "a pointer that moves wakes nobody");
    screen.signal("TERM");
    assert!(screen.ended());
    assert!(!screen.tells_of_the_mouse());
}

#[test]
fn the_switch_leaves_the_mouse_to_the_terminal() {
    let house = House::new();
    let config = house.path().join("config/config.toml");
    let text = std::fs::read_to_string(&config).expect("the settings");
    std::fs::write(&config, format!("mouse = false\n{text}")).expect("the settings");
    let mut screen = begun(&house);
    assert!(!screen.tells_of_the_mouse());
    screen.type_text("1");
    screen.wait_for("em.intake.report");
    screen.click("Name the fix lead");
    screen.type_text("?");
    screen.wait_for("Keys of this place");
    screen.type_text("\x1b");
    screen.wait_for("em.intake.report");
    screen.leave();
}

#[test]
fn only_the_key_writes_to_the_clipboard() {
    let house = House::new();
    let mut screen = Terminal::start(&house, 36, 120);
    screen.wait_for("No case yet");
    // A title, a note and a paste that would write to the clipboard if anything of them reached the terminal as it is.
    screen.type_text("n\x1b[200~x\x1b]52;c;b3duZWQ=\x07\x1b[201~\r\r\r");
    screen.wait_for("Next for you");
    screen.type_text("1n\x1b[200~\x1b]52;c;b3duZWQ=\x07 y\x1b[201~\t\r");
    screen.wait_for("]52;c;b3duZWQ=");
    screen.type_text("56vv7");
    screen.wait_for("7 Facts and dates");
    screen.type_text("q");
    screen.wait_for("Needs you");
    assert!(!screen.wrote(CLIPBOARD));
    screen.will_copy(1);
    screen.type_text("y");
    screen.wait_for("copied: the codename");
    let id = house.only_case();
    screen.wait_for_bytes(&format!("\x1b]52;c;{}\x07", fixlead::text::base64(id.as_bytes())));
    screen.leave();
}
