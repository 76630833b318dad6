//! Fields that feel right: long texts, long forms, small screens.

use fixlead::app::message::{Effect, Message};

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

#[test]
fn e_changes_what_the_cursor_is_on() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("e").sees("Add a note").press("«first» Enter «second» Tab Enter");
    program.press("e").sees("Change the note").press("Ctrl-w «zweite» Tab Enter");
    assert!(program.file(&id).contains("first\nzweite"), "{}", program.file(&id));
    program.press("z").sees("second").press("z").sees_not("second");
    program.press("7 e").sees("not known yet").press("Esc G e").sees("When").press("Esc");
    program.press("5 a «Ada» Enter g e").sees("Ada").sees("Role");
    program.press("f").sees("Fix").press("Tab «ada@example.org» Tab Tab Enter");
    let person = program.app.open.as_ref().unwrap().case.record().person[0].clone();
    assert_eq!((person.role.as_deref(), person.contact.as_deref()), (Some("fix-lead"), Some("ada@example.org")));
    assert_eq!(person.credit, None);
    program.press("e Tab Tab Tab Enter").sees("nothing was changed");
    program.press("Enter").sees("When will they hear again?").press("Esc d").sees("When will they hear again?");
}

#[test]
fn names_that_are_known_complete_themselves() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("5 a «Ada Lovelace» Enter 1").go_to("em.lead.volunteer");
    program.press("w «ad»").sees("ada Lovelace").press("Right");
    assert_eq!(program.app.form.as_ref().unwrap().text(0), "ada Lovelace");
    program.press("Ctrl-u «Ad» Enter");
    let record = program.app.open.as_ref().unwrap().case.record();
    assert_eq!(record.step[0].waiting_on.as_deref(), Some("Ad"), "what was typed counts, not what is offered");
    program.press("w «Ada» Tab");
    let form = program.app.form.as_ref().unwrap();
    assert_eq!((form.text(0).as_str(), form.focus), ("Ada Lovelace", 0));
    program.press("Tab Tab Ctrl-u «x»").sees_not("Lovelace");
}

#[test]
fn no_size_is_too_small_for_a_form() {
    let mut program = Program::new(80, 24);
    program.start("A title", 0);
    for keys in [": «close the case» Enter", "Esc : «set a field» Enter «path» Tab «日本語 a long value that goes on»"]
    {
        program.press(keys);
        for (columns, rows) in (1..60).step_by(7).flat_map(|columns| (1..20).map(move |rows| (columns, rows))) {
            program.resize(columns, rows);
            program.frame();
        }
    }
}

#[test]
fn a_case_without_a_vulnerability_says_how_to_enter_one() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.press("q");
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    let file = program.file(&id);
    let without = file.replace("[[vulnerability]]\nid = \"V1\"\n", "");
    assert_ne!(file, without);
    std::fs::write(path, without).unwrap();
    program.press("Enter 3").sees("no vulnerability is entered: M sets vulnerability.V1.summary");
    assert!(program.app.form.is_none());
    program.press("M «vulnerability.V1.summary» Enter «a crash» Enter 3").sees("0.0–10.0");
}

#[test]
fn an_own_editor_gets_the_text_of_a_form_that_begins_with_a_choice() {
    let edited = |program: &Program| program.effects.iter().filter(|effect| matches!(effect, Effect::Edit(_))).count();
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("5 a «Ada» Enter E");
    let form = program.app.form.as_ref().unwrap();
    assert_eq!((form.fields[form.focus].name().as_str(), edited(&program)), ("contact", 1));
    program.press("Esc 7 g E").sees("there is no text to edit here");
    assert_eq!(edited(&program), 1);
}
