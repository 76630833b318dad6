//! Copying: what `y` hands over in each place, and that nothing else does.

use fixlead::app::message::{Effect, Message};

use super::harness::Program;

fn copied(program: &Program) -> Option<&str> {
    program.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

fn copies(program: &mut Program, keys: &str) -> String {
    program.effects.clear();
    program.press(keys).press("y");
    let text = copied(program).map(str::to_owned);
    text.unwrap_or_else(|| panic!("nothing was copied:\n{}", program.frame()))
}

#[test]
fn each_place_hands_over_what_is_under_its_cursor() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("y").sees("this step has neither a command nor a link");
    program.press("p Ctrl-u «https://host.example/1» Enter");
    assert_eq!(copies(&mut program, ""), "https://host.example/1");
    program.sees("copied: the link, 22 characters");
    program.press("p Ctrl-u «https://host.example/2» Enter");
    assert_eq!(copies(&mut program, ""), "https://host.example/1\nhttps://host.example/2");
    program.go_to("em.fix.develop").press("Space");
    let missing = copies(&mut program, "");
    assert!(missing.starts_with("Develop and review the fix\n") && missing.contains("Grant access"), "{missing}");
    program.press("Esc 5 a «Ada» Enter");
    assert_eq!(copies(&mut program, ""), "Ada");
    let event = copies(&mut program, "6 G");
    assert!(event.starts_with("2026-11-24T13:00:00Z lead ") && event.contains("Ada: name"), "{event}");
    program.press("v y").sees("v turns to the list").press("v");
    program.press("7 g y").sees("not known yet: there is nothing to copy");
    program.press("Enter Enter");
    assert_eq!(copies(&mut program, ""), "Privately");
    assert_eq!(copies(&mut program, "q"), id);
}

#[test]
fn a_command_comes_before_links() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.go_to("em.team.repo").press("p Ctrl-u «https://host.example/1» Enter");
    assert!(copies(&mut program, "").starts_with("git clone --bare '<public-url>'"));
    program.sees("copied: the command, 89 characters");
}

#[test]
fn hidden_characters_are_copied_as_they_are_shown() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("5 a");
    program.send(Message::Paste("Ada\u{202e}\u{1b}[31m".into()));
    program.press("Enter");
    let name = copies(&mut program, "");
    assert!(name.is_ascii() && !name.contains('\u{1b}'), "{name:?}");
}

#[test]
fn only_the_key_copies() {
    let mut program = Program::new(120, 36);
    program.start("y \u{1b}]52;c;b3duZWQ=\u{7}", 0);
    program.send(Message::Paste("\u{1b}]52;c;b3duZWQ=\u{7}y".into()));
    program.press("0 1 5 6 v v 7 ? Esc : Esc n «y» Esc q");
    assert_eq!(copied(&program), None);
}
