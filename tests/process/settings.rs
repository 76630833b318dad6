//! Settings that can't be used never keep the screen from starting.

use std::fs;
use std::process::Command;

use crate::house::House;
use crate::terminal::Terminal;

#[test]
fn the_screen_starts_with_defaults_and_says_what_is_wrong_with_the_settings() {
    let house = House::new();
    let config = house.path().join("config/config.toml");
    fs::remove_file(&config).unwrap();
    assert!(Command::new("mkfifo").arg(&config).status().unwrap().success());
    let mut screen = Terminal::start(&house, 30, 120);
    screen.wait_for("No case yet");
    screen.wait_for("it is a pipe, not a file");
    screen.type_text("q");
    assert!(screen.ended());

    fs::remove_file(&config).unwrap();
    let many: String = (0..400).map(|key| format!("zonse{key} = 1\n")).collect::<Vec<_>>().concat();
    fs::write(&config, many).unwrap();
    let mut screen = Terminal::start(&house, 30, 120);
    screen.wait_for("unknown key zonse0");
    screen.wait_for("No case yet");
    screen.type_text("q");
    assert!(screen.ended());
}
