//! The timeline as a picture: a case that is driven through its phases by keys, on different days.

use super::harness::Program;

/// The row of the picture that begins with a title, without what stands before it.
fn lane(program: &mut Program, title: &str) -> String {
    let frame = program.frame();
    let row = frame.lines().skip(4).find_map(|row| row.find(title).map(|at| row[at..].to_owned()));
    row.unwrap_or_else(|| panic!("no lane {title}:\n{frame}"))
}

fn tick(program: &mut Program, at: &str, steps: &[&str]) {
    program.at(at).press("1");
    for step in steps {
        program.go_to(step).press("Space");
        let refused = program.app.open.as_ref().is_some_and(|open| open.card.is_some());
        if refused {
            program.press("O «seen by two» Enter");
        } else if program.app.form.is_some() {
            program.press("«seen by two» Enter Enter");
        }
        let id = program.codename();
        if program.app.form.is_some() {
            program.press(&format!("«{id}» Enter"));
        }
        assert!(program.app.form.is_none(), "{step}:\n{}", program.frame());
    }
}

fn release_on(program: &mut Program, instant: &str) {
    program.press(&format!("7 G Enter Ctrl-u «{instant}» Enter Enter Enter"));
    assert!(program.app.form.is_none(), "{}", program.frame());
}

/// Reported on Tuesday; the team came late, the fix is under way, and the release was moved.
fn begun(columns: u16, rows: u16) -> Program {
    let mut program = Program::new(columns, rows);
    program.start("A title", 0);
    program.press("7 Enter Enter");
    tick(&mut program, "2026-11-24T14:00:00Z", &["em.intake.report", "em.lead.volunteer"]);
    release_on(&mut program, "2026-12-03 16:00 UTC");
    let team = ["em.team.identify", "em.team.cc", "em.team.repo", "em.team.access"];
    tick(&mut program, "2026-11-26T09:00:00Z", &team);
    tick(&mut program, "2026-11-27T09:00:00Z", &["em.fix.develop"]);
    program.at("2026-11-28T09:00:00Z").press("6 v");
    program
}

#[test]
fn late_early_and_now_are_seen_at_both_widths() {
    let mut program = begun(120, 36);
    program.sees("6 Timeline").sees("░ planned").sees("▬ actual").sees("▰ late").sees("| now").sees("▾ deadline");
    let team = lane(&mut program, "Fix team");
    assert!(team.contains("▰") && team.trim_end().ends_with("20h late"), "{team}");
    let fix = lane(&mut program, "Fix  ");
    let (done, now, planned) = (fix.find('▬'), fix.find('|'), fix.rfind('░'));
    assert!(done < now && now < planned, "{fix}");
    assert!(fix.trim_end().ends_with("in 3d 4h"), "{fix}");
    let scope = lane(&mut program, "Lead and scope");
    assert!(scope.contains("▰") && scope.trim_end().ends_with("2d 20h late"), "steps of it are late: {scope}");
    program.resize(80, 24);
    let team = lane(&mut program, "Fix team");
    assert!(team.contains("▰") && team.trim_end().ends_with("20h late"), "{team}");
    program.sees("▰ late");
}

#[test]
fn the_axis_has_weekdays_and_dates() {
    let mut program = begun(120, 36);
    let axis = |program: &mut Program| program.frame().lines().skip(3).take(3).collect::<Vec<_>>().join("\n");
    let wide = axis(&mut program);
    assert!(wide.contains("Fri 27 Nov") && wide.contains("Tue 1 Dec"), "{wide}");
    program.resize(80, 24);
    let narrow = axis(&mut program);
    assert!(narrow.contains("Fri 27") && narrow.contains("Tue 1"), "{narrow}");
}

#[test]
fn the_row_under_the_cursor_is_told_in_full() {
    let mut program = begun(120, 36);
    program
        .press("g j j")
        .sees("actual      Thu 26 Nov 09:00 UTC")
        .sees("planned     Tue 24 Nov 13:00 to Wed 25 Nov 13:00 UTC");
    program.sees("late        Pick the fix team").sees("20h late, done Thu 26 Nov 09:00 UTC");
    program.press("Enter").sees("▸ Fix team").sees_not("░ planned");
    let open = program.app.open.as_ref().unwrap();
    assert!(matches!(open.row(), Some(fixlead::app::Row::Phase(p)) if open.view.phases[p].id == "team"));
    program.press("6").sees("░ planned");
    program.press("v").sees_not("░ planned").press("v").sees("░ planned");
}

#[test]
fn a_release_that_moved_and_what_happened_stand_on_rows_of_their_own() {
    let mut program = begun(120, 36);
    release_on(&mut program, "2026-12-08 16:00 UTC");
    program.press("! «a branch on the public remote» Enter Enter");
    program.press("6");
    let release = lane(&mut program, "Release  ");
    assert!(release.find('◌') < release.find('◊'), "{release}");
    assert!(lane(&mut program, "Events").contains('!'));
    program.press("G").sees("! leak").sees("a branch on the public remote");
    program.press("/").sees("the picture shows everything");
}

#[test]
fn after_the_end_the_picture_ends_with_the_case() {
    let mut program = begun(120, 36);
    program.at("2026-12-05T09:00:00Z").press("C").sees("Close the case");
    program.press("Down Enter «it was known before» Enter").sees("CLOSED");
    program.at("2027-12-05T09:00:00Z").press("6").sees("C closed").sees_not("| now").sees("left open");
    assert!(!lane(&mut program, "Fix  ").contains('|'));
}

#[test]
fn other_panes_say_that_they_have_one_view() {
    let mut program = Program::new(80, 24);
    program.press("v").sees("home has one view only");
    program.start("A title", 0);
    program.press("1 v").sees("this pane has one view only");
    program.press("6").sees("v list or picture");
}

#[test]
fn ascii_draws_the_same_picture() {
    let mut program = begun(120, 36);
    program.app.ascii = true;
    let frame = program.frame();
    assert!(frame.is_ascii(), "{frame}");
    program.sees(". planned").sees("= actual").sees("# late");
}

#[test]
fn no_size_panics_whatever_happened() {
    let mut program = begun(120, 36);
    program.press("! «a branch» Enter Enter 6 G");
    for columns in 1..=60 {
        for rows in 1..=20 {
            program.resize(columns, rows);
            let frame = program.frame();
            assert!(frame.lines().count() <= usize::from(rows));
        }
    }
}
