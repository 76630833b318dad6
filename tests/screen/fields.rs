//! Fields that feel right: long texts, long forms, small screens.

use fixlead::app::message::Message;

use super::harness::Program;

/// The row of the frame that holds a text.
fn row(program: &mut Program, text: &str) -> String {
    let frame = program.frame();
    frame.lines().find(|row| row.contains(text)).unwrap_or_else(|| panic!("«{text}»:\n{frame}")).to_owned()
}

#[test]
fn a_long_line_scrolls_and_says_where_it_goes_on() {
    let mut program = Program::new(80, 24);
    program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("w").press(&format!("«{}the end»", "beginning ".repeat(12)));
    assert!(row(&mut program, "the end").starts_with(" … "));
    program.press("Home");
    let shown = row(&mut program, "beginning");
    assert!(shown.starts_with("   beginning") && shown.ends_with('…'), "{shown}");
}

#[test]
fn a_long_note_is_broken_between_words_with_the_cursor_in_sight() {
    let mut program = Program::new(80, 24);
    program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n").press(&format!("«{}»", "one word after another ".repeat(40)));
    program.press("«the end»").sees("the end");
    let frame = program.frame();
    let rows: Vec<&str> = frame.lines().filter(|row| row.contains("another")).collect();
    assert!(rows.len() >= 5 && rows.iter().all(|row| !row.contains("anothe ")), "{frame}");
    assert!(rows[0].starts_with(" … "), "{frame}");
}

#[test]
fn a_form_that_is_taller_than_the_screen_keeps_the_cursor_in_sight() {
    for (columns, rows) in [(80, 24), (40, 12), (40, 9)] {
        let mut program = Program::new(columns, rows);
        program.start("A title", 0);
        program.press(": «close the case» Enter").sees("released");
        for _ in 0..12 {
            let option = program.app.form.as_ref().unwrap().text(0);
            let label = if option.is_empty() { "released".to_owned() } else { option.replace('-', " ") };
            program.sees(&format!("▸ {label}"));
            program.press("Down");
        }
        program.press("Tab «nothing was wrong»").sees("nothing was wrong").press("Tab").sees("▸ [ Do it ]");
        if rows < 12 {
            program.sees("more above");
        }
    }
}

#[test]
fn what_is_wrong_stands_by_what_is_in_focus() {
    let mut program = Program::new(40, 12);
    program.start("A title", 0);
    program.press(": «slow down» Enter «tomorrow 17:00 UTC» Enter Enter Enter");
    program.sees("the reason is missing").sees("Where was it discussed?");
}

#[test]
fn arrows_go_from_line_to_line_and_letters_to_a_choice() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("! «seen» Down");
    assert_eq!(program.app.form.as_ref().unwrap().focus, 1);
    program.press("e");
    assert_eq!(program.app.form.as_ref().unwrap().text(1), "full");
    program.press("Tab Up");
    assert_eq!(program.app.form.as_ref().unwrap().focus, 1);
    program.press("Shift-Tab «!» Ctrl-/");
    assert_eq!(program.app.form.as_ref().unwrap().text(0), "seen");
    program.press("Ctrl-w");
    assert_eq!(program.app.form.as_ref().unwrap().text(0), "");
}

#[test]
fn hostile_text_stays_in_its_rows() {
    let mut program = Program::new(40, 12);
    program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("w");
    program.send(Message::Paste("\u{1b}[2J日本語 e\u{301}\u{301} \u{202e}".repeat(20)));
    program.press("Left Left Home End");
    for _ in 0..40 {
        program.press("Left");
        let frame = program.frame();
        assert!(!frame.contains('\u{1b}') && !frame.contains('\u{202e}'));
    }
}
