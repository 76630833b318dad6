//! What of a theme reaches a real terminal.

use vt100::{Cell, Color};

use crate::house::House;
use crate::terminal::Terminal;

/// The cells of home with a case on it.
fn home(house: &House, arguments: &[&str], variables: &[(&str, &str)]) -> (Vec<Cell>, String) {
    let mut screen = Terminal::start_as(house, 30, 100, arguments, variables);
    screen.wait_for("A title");
    let shown = (screen.cells(), screen.contents());
    screen.leave();
    shown
}

fn house() -> House {
    let house = House::new();
    house.done(&["case", "new", "--playbook", "emissary", "--title", "A title"]);
    house
}

fn grounds(cells: &[Cell]) -> Vec<Color> {
    let mut grounds: Vec<Color> = Vec::new();
    for cell in cells {
        if !grounds.contains(&cell.bgcolor()) {
            grounds.push(cell.bgcolor());
        }
    }
    grounds
}

#[test]
fn a_theme_has_its_own_colours_where_the_terminal_knows_them_and_the_nearest_elsewhere() {
    let house = house();
    let (all, _) = home(&house, &["--theme", "dark"], &[("COLORTERM", "truecolor")]);
    assert!(grounds(&all).contains(&Color::Rgb(0x12, 0x16, 0x1c)), "{:?}", grounds(&all));
    assert!(!grounds(&all).contains(&Color::Default), "the ground is filled");
    let (few, _) = home(&house, &["--theme", "dark"], &[]);
    assert!(grounds(&few).contains(&Color::Idx(233)), "{:?}", grounds(&few));
    assert!(few.iter().all(|cell| !matches!(cell.fgcolor(), Color::Rgb(..))));
}

#[test]
fn no_colour_is_asked_for_and_reversed_text_is_left() {
    let (cells, _) = home(&house(), &[], &[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    assert!(cells.iter().all(|cell| cell.fgcolor() == Color::Default && cell.bgcolor() == Color::Default));
    assert!(cells.iter().any(Cell::inverse), "the row under the cursor");
}

#[test]
fn a_theme_that_can_not_be_used_is_told_with_its_place_and_the_default_is_taken() {
    let house = house();
    let config = house.path().join("config");
    let settings = std::fs::read_to_string(config.join("config.toml")).expect("the settings");
    std::fs::write(config.join("config.toml"), format!("{settings}theme = \"drak\"\n")).expect("a file");
    let (cells, contents) = home(&house, &[], &[]);
    assert!(contents.contains("config.toml:3:9: there is no theme drak: take one of terminal, dark"), "{contents}");
    assert_eq!(grounds(&cells), [Color::Default]);

    std::fs::create_dir(config.join("themes")).expect("a folder");
    let dark = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/dark.toml")).expect("a theme");
    std::fs::write(config.join("themes/drak.toml"), dark.replace("dim", "dam").replace("#6fc3df", "teal"))
        .expect("a file");
    let (cells, contents) = home(&house, &[], &[]);
    assert!(contents.contains("drak.toml:8:17: fg must be a colour, not teal"), "{contents}");
    assert_eq!(grounds(&cells), [Color::Default]);

    std::fs::write(config.join("themes/drak.toml"), dark).expect("a file");
    let (cells, contents) = home(&house, &[], &[]);
    assert!(!contents.contains("drak"), "{contents}");
    assert!(!grounds(&cells).contains(&Color::Default), "one's own theme");
}
