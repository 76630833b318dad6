//! The overview: what is next, who is at it, what comes later; the filter; go or no go.

use fixlead::app::Pane;

use fixlead::app::Row;
use fixlead::app::message::Message;
use fixlead::case::{Action, NextKind, PhaseState, Tick};
use fixlead::runtime::world::act;

use super::harness::Program;

/// An Emissary case whose release is set, with one step that waits.
fn begun(columns: u16, rows: u16) -> Program {
    let mut program = Program::new(columns, rows);
    program.start("Crash on a malformed header", 0);
    program
}

#[test]
fn a_case_opens_on_what_is_next_with_everything_else_beside_it() {
    let mut program = begun(120, 36);
    program.sees("1 Checklist").sees("Next for you").sees("2 Branches").sees("no component yet");
    program.sees("3 Score").sees("4 Messages").sees("5 People").sees("6 Timeline").sees("7 Facts and dates");
    program.sees("case started").press("G").sees("Later");
}

#[test]
fn on_a_narrow_screen_three_summaries_stand_below() {
    let mut program = begun(80, 24);
    program.sees("Next for you").sees("2 Branches").sees("3 Score").sees("4 Messages").sees_not("5 People");
    program.resize(40, 12);
    program.sees_not("2 Branches").sees("EMB").sees("Enter open");
    program.resize(200, 60);
    program.sees("Next for you").sees("source").sees("7 Facts and dates");
}

#[test]
fn the_cursor_goes_along_between_the_overview_and_the_checklist() {
    let mut program = begun(120, 36);
    let at = |program: &Program| program.app.open.as_ref().unwrap().row().map(|row| format!("{row:?}"));
    program.press("1 j j j");
    let step = at(&program);
    program.press("0");
    assert!(program.app.open.as_ref().unwrap().pane == Pane::Overview);
    program.press("1 G k");
    let later = at(&program);
    assert_ne!(step, later);
    program.press("0 1");
    assert!(at(&program).is_some());
}

#[test]
fn enter_on_a_later_phase_unfolds_it_in_the_checklist() {
    let mut program = begun(120, 36);
    program.sees_not("Write the retrospective").press("G").press("Enter");
    let open = program.app.open.as_ref().unwrap();
    assert_eq!(open.pane, Pane::Checklist);
    assert!(matches!(open.row(), Some(fixlead::app::Row::Phase(_))));
}

#[test]
fn the_filter_finds_a_step_in_a_folded_phase() {
    let mut program = begun(120, 36);
    program
        .press("1 / «open the public» Enter")
        .sees("Open the public PR")
        .sees("/ open the public")
        .sees_not("Name the fix lead");
    assert_eq!(program.app.open.as_ref().unwrap().selected_step().unwrap().0.title, "Open the public PR");
    program.press("Esc").sees("Name the fix lead").sees_not("/ open the public");
}

#[test]
fn a_filter_that_fits_nothing_says_how_to_get_out() {
    let mut program = begun(120, 36);
    program.press("6 / «nonsense»").sees("Nothing fits: Esc shows all again").press("Esc").sees("case started");
    program
        .press("q / «crash»")
        .sees("/ crash_")
        .sees("Crash on a malformed header")
        .press("«x»")
        .sees_not("malformed");
}

#[test]
fn letters_of_a_filter_never_run_as_keys() {
    let mut program = begun(120, 36);
    let before = program.file(&program.codename());
    program.press("/ «xqzn! »").sees("/ xqzn! _").press("Backspace Backspace").sees("/ xqzn_").press("Esc");
    assert_eq!(program.file(&program.codename()), before);
}

/// Three people with access, the cursor on the second one.
fn three_with_access() -> Program {
    let mut program = begun(120, 36);
    program.press("5");
    for name in ["ann", "bob", "cyd"] {
        program.press(&format!("n «{name}» Enter «repository» Enter"));
    }
    program.press("g Down");
    program
}

fn with_access(program: &Program) -> Vec<String> {
    let record = program.app.open.as_ref().unwrap().case.record();
    record.grant.iter().filter(|grant| grant.ended.is_none()).map(|grant| grant.who.clone()).collect()
}

#[test]
fn a_quick_hand_ends_the_access_of_one_person_only() {
    let mut program = three_with_access();
    program.press("Space Space");
    assert_eq!(with_access(&program), ["ann", "cyd"]);
}

#[test]
fn the_cursor_stays_on_its_person_through_a_filter_and_another_pane() {
    let mut program = three_with_access();
    program.press("/ «cyd» Enter Esc 7 5 Space");
    assert_eq!(with_access(&program), ["ann", "bob"]);
}

#[test]
fn the_cursor_stays_on_its_person_while_somebody_else_writes() {
    let mut program = three_with_access();
    let id = program.codename();
    let store = fixlead::store::Store::open(&program.world.data_dir).unwrap();
    let end = fixlead::case::Action::Revoke { who: "ann".into(), what: "repository".into() };
    store.edit(&id, |case| fixlead::runtime::world::act(case, end, program.world.now(), "verb")).unwrap();
    program.press("r").press("Space");
    assert_eq!(with_access(&program), ["cyd"]);
}

#[test]
fn a_filter_that_is_being_typed_ends_with_its_pane() {
    let mut program = begun(120, 36);
    program.press("1 / «vol» Tab").sees_not("/ _").press("?").sees("Keys of this place").press("Esc");
    program.press("1 / «x» Ctrl-c").sees("once more saves");
    assert!(!program.app.filtering);
}

#[test]
fn a_case_that_is_held_elsewhere_is_not_changed_by_any_way_in() {
    let first = begun(120, 36);
    let id = first.codename();
    let mut second = Program::over(first.folder.clone(), 120, 36);
    second.press("Enter").sees("read-only");
    let before = first.file(&id);
    for keys in ["Space", "7 Enter Down Enter", "0 g Enter Enter", "5 n «a» Enter «b» Enter", "P", "K", "3", "H", "A"]
    {
        second.press(keys).press("Esc Esc");
        assert_eq!(first.file(&id), before, "{keys}");
    }
}

#[test]
fn a_step_that_is_next_stands_in_the_overview_also_where_its_phase_is_done() {
    let mut left_over = 0;
    for process in 0..6 {
        let mut program = Program::new(120, 36);
        let id = program.start("A title", process);
        let open = program.app.open.as_ref().unwrap();
        let steps: Vec<String> =
            open.view.steps().filter(|step| !step.optional && !step.standing).map(|step| step.id.clone()).collect();
        for step in steps {
            let why = || Some("seen".to_owned());
            let tick =
                Tick { attest: why(), override_why: why(), codename: Some(id.clone()), ..Tick::of(step.as_str()) };
            let open = program.app.open.as_mut().unwrap();
            // Some steps do not apply.
            let _ = act(&mut open.case, Action::Do(tick), program.world.now(), "lead");
            program.send(Message::Tick);
            let open = program.app.open.as_ref().unwrap();
            let rows = open.overview_rows();
            for item in open.view.next.iter().filter(|item| item.kind == NextKind::Step) {
                let found = rows.iter().find_map(|(_, row)| match row {
                    Row::Step(p, s) if open.view.phases[*p].steps[*s].id == item.id => Some(&open.view.phases[*p]),
                    _ => None,
                });
                let phase = found.unwrap_or_else(|| panic!("{} is next, and not in the overview", item.id));
                left_over += usize::from(phase.state == PhaseState::Done);
            }
        }
    }
    assert!(left_over > 0, "no optional step was left over");
}

#[test]
fn a_narrow_screen_says_how_as_well() {
    let mut program = begun(80, 24);
    program
        .sees("Record who reported it")
        .press("Space")
        .sees("Name the fix lead")
        .sees("A member of the security team");
}

#[test]
fn the_longest_codename_is_whole_at_home() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut program = Program::new(columns, rows);
        program.start("A title", 0);
        program.press("q");
        let row = &mut program.app.home.rows.as_mut().unwrap()[0];
        row.id = "turquoise-nightingale".into();
        row.summary.as_mut().unwrap().id = "turquoise-nightingale".into();
        program.sees("turquoise-nightingale ");
    }
}
