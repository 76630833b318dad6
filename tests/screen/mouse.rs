//! The mouse: everything that a click reaches, and nothing that it must not.

use fixlead::app::calculator::Calculator;
use fixlead::app::message::{Effect, Message};
use fixlead::app::{Pane, Row, Target};
use fixlead::cvss::Version;

use super::harness::Program;

fn selected(program: &Program) -> String {
    let open = program.app.open.as_ref().expect("a case is open");
    open.selected_step().map(|(step, _)| step.id.clone()).unwrap_or_default()
}

#[test]
fn a_click_selects_a_case_and_a_double_click_opens_it() {
    let mut program = Program::new(120, 36);
    let first = program.start("The first", 0);
    program.press("q");
    let second = program.start("The second", 0);
    program.press("q");
    for id in [&first, &second] {
        program.click(&format!("{id} "));
        assert_eq!(&program.app.home.selected().expect("a case").id, id);
        assert!(program.app.open.is_none());
    }
    program.double_click(&format!("{first} "));
    assert_eq!(program.codename(), first);
}

#[test]
fn a_click_goes_to_a_step_wherever_steps_are_listed() {
    for (columns, rows) in [(200, 60), (120, 36), (80, 24)] {
        let mut program = Program::new(columns, rows);
        program.start("A title", 0);
        program.click("Name the fix lead");
        assert_eq!(selected(&program), "em.lead.volunteer", "in the overview at {columns}×{rows}");
        program.press("1 g").click("Name the fix lead");
        assert_eq!(selected(&program), "em.lead.volunteer", "in the checklist at {columns}×{rows}");
    }
}

#[test]
fn a_click_on_a_head_or_beside_the_list_does_nothing() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    let before = selected(&program);
    program.click("EMBARGO").click("Next for you").double_click("────");
    assert_eq!(selected(&program), before);
    assert!(program.app.form.is_none() && program.app.overlay.is_none());
}

#[test]
fn a_long_list_that_has_scrolled_is_clicked_where_it_shows() {
    let mut program = Program::new(80, 24);
    program.start("A title", 0);
    program.press("1 G").click("Release day");
    let open = program.app.open.as_ref().unwrap();
    assert!(matches!(open.row(), Some(Row::Phase(p)) if open.view.phases[p].id == "release"), "{:?}", open.row());
}

#[test]
fn the_wheel_moves_by_three_rows_and_leaves_forms_alone() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("1 g");
    let cursor = |program: &Program| program.app.open.as_ref().unwrap().cursor();
    program.send(Message::Wheel { down: true });
    assert_eq!(cursor(&program), 3);
    program.send(Message::Wheel { down: false });
    assert_eq!(cursor(&program), 0);
    program.press("7 Enter");
    let before = program.frame();
    program.send(Message::Wheel { down: true });
    assert_eq!(program.frame(), before);
    program.press("Esc :").send(Message::Wheel { down: true });
    assert!(program.frame().lines().nth(8).is_some_and(|row| row.contains('▸')), "{}", program.frame());
}

#[test]
fn a_key_of_the_last_row_is_done_by_a_click() {
    let mut program = Program::new(120, 36);
    program.click("n new case").sees("Start a case").sees("Process").press("Esc");
    program.click("? keys").sees("Keys of this place").press("Esc");
    program.start("A title", 0);
    program.click(": all").sees("Enter do it").press("Esc");
    program.click("q home").sees("Needs you");
}

#[test]
fn the_palette_takes_clicks() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press(": «people»").double_click("People and access");
    assert_eq!(program.app.open.as_ref().unwrap().pane, Pane::People);
}

#[test]
fn a_form_is_filled_by_clicks() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("7 Enter").click("Already public").sees("every deadline becomes as soon as possible");
    program.click("[ Do it ]").sees("z takes it back").sees("Already public");
    program.press("5 n").click("To what").press("«the repository»").click("Who").press("«Ada»").click("[ Do it ]");
    program.sees("Ada").sees("the repository");
}

#[test]
fn what_is_gone_when_it_is_clicked_does_nothing() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    for target in [Target::Found(9), Target::Field(9), Target::Choice(9, 9), Target::Button] {
        program.send(Message::Click { target, twice: true });
    }
    program.press("7 Enter");
    for target in [Target::Row(2), Target::Choice(9, 9), Target::Field(9), Target::Found(1)] {
        program.send(Message::Click { target, twice: true });
    }
    program.sees("[ Do it ]").press("Esc");
    program.send(Message::Click { target: Target::Row(usize::MAX), twice: false });
    assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn a_lane_of_the_picture_is_selected_and_opened() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("6 v").click("▸ Fix  ");
    assert_eq!(program.app.open.as_ref().unwrap().cursor(), 3);
    program.double_click("▸ Fix  ");
    assert_eq!(program.app.open.as_ref().unwrap().pane, Pane::Checklist);
}

#[test]
fn a_click_on_the_alarm_leads_to_what_is_to_be_done() {
    let mut program = Program::new(120, 36);
    program.start("A title", 2);
    program.press("! «a branch on the public remote» Enter Enter 7").click("LEAK  a branch");
    assert_ne!(program.app.open.as_ref().unwrap().pane, Pane::Facts);
}

/// Clicks twice on each row of the screen in turn, each time after the keys that open a list. Where the first click
/// moved what lies there, the second must do no more than a first one: `ran` tells what it did beyond that.
fn double_clicks_do_only_what_was_clicked(opened: &str, ran: impl Fn(&Program) -> bool) {
    let (mut program, mut moved) = (Program::new(80, 24), 0);
    program.start("A title", 0);
    for row in 0..24 {
        program.press("Esc Esc 1 g h 0");
        program.press(opened);
        let first = program.click_at(10, row, 1_000);
        let second = program.click_at(10, row, 100);
        if matches!(first, Some(Target::Row(_) | Target::Found(_))) && first != second {
            moved += 1;
            assert!(!ran(&program), "row {row}: {first:?}, then {second:?}:\n{}", program.frame());
        }
    }
    assert!(moved > 0, "nothing moved under the pointer");
}

#[test]
fn a_double_click_never_runs_a_command_that_came_under_the_pointer() {
    double_clicks_do_only_what_was_clicked(":", |program| program.app.overlay.is_none());
}

#[test]
fn a_double_click_never_opens_a_step_that_came_under_the_pointer() {
    let went_in =
        |pane| move |program: &Program| program.app.form.is_some() || program.app.open.as_ref().unwrap().pane != pane;
    double_clicks_do_only_what_was_clicked("1", went_in(Pane::Checklist));
    double_clicks_do_only_what_was_clicked("0", went_in(Pane::Overview));
}

#[test]
fn a_click_chooses_a_value_by_its_letter_or_by_what_it_would_bring() {
    for (columns, rows) in [(200, 60), (120, 36), (80, 24)] {
        let mut program = Program::new(columns, rows);
        let vector = |program: &Program| program.app.shown_calculator().unwrap().draft().to_string();
        program.press("c").click("C  U");
        assert_eq!(vector(&program), "CVSS:3.1/S:C", "{columns}×{rows}");
        program.click("0.0–9.8");
        assert_eq!(vector(&program), "CVSS:3.1/S:U", "{columns}×{rows}");
        program.press("z z");
        assert_eq!(vector(&program), "CVSS:3.1/", "a click can be taken back like a key");
    }
}

#[test]
fn a_click_goes_to_a_metric_and_unfolds_a_group_and_a_double_click_takes_nothing() {
    let mut program = Program::new(120, 36);
    program.press("c").send(Message::Paste("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H".to_owned()));
    program.double_click("Integrity");
    let metric = |program: &Program| program.app.shown_calculator().and_then(Calculator::metric);
    assert_eq!(metric(&program), Version::V3_1.find("I"));
    assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Copy(_) | Effect::Take(_))));
    program.click("+ Temporal").sees("Remediation level");
    assert_eq!(metric(&program), Version::V3_1.find("E"));
}
