//! Stories of a user.

use std::rc::Rc;

use fixlead::app::message::{Effect, Message};
use fixlead::case::record::State;

use super::harness::Program;

#[test]
fn an_empty_home_says_what_can_be_done_and_a_case_is_started_in_a_minute() {
    let mut program = Program::new(120, 36);
    program.sees("No case yet.").sees("n   Start a case").sees("Gardener security release");
    program.press("n «Crash on a malformed header» Enter").sees("Process");
    program.press("Enter").sees("When did the report come in?").sees("= Tue 24 Nov 13:00 UTC, 14:00 Berlin");
    program.press("Enter").sees("EMBARGO").sees("Next for you").sees("Log the report");
    let id = program.codename();
    program.press("q").sees(&id).sees("Needs you").sees("Crash on a malformed header");
    assert!(program.file(&id).contains("title = \"Crash on a malformed header\""));
}

#[test]
fn a_step_is_ticked_saved_and_taken_back() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("Space").sees("Name the fix lead: done (z takes it back)");
    assert!(program.file(&id).contains("em.lead.volunteer"));
    program.press("z").sees("taken back: Name the fix lead");
    program.go_to("em.lead.volunteer").press("Space").press("q");
    let mut again = Program::over(Rc::clone(&program.folder), 120, 36);
    again.press("Enter").go_to("em.lead.volunteer").sees("by lead, Tue 24 Nov 13:00 UTC");
}

#[test]
fn a_refused_step_says_what_is_missing_and_both_ways_on() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.go_to("em.fix.develop").press("Space");
    program
        .sees("⊘ Develop and review the fix")
        .sees("Missing")
        .sees("Grant access to the private repository")
        .sees("override");
    program.press("O").sees("Override: Develop and review the fix").press("Enter").sees("the reason is missing");
    program.press("«the repository was there» Enter").sees("override");
    program.press("6 G").sees("the repository was there");
    program.press("z").sees("there is nothing to take back");
}

#[test]
fn enter_on_a_refusal_leads_to_what_is_missing() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.go_to("em.team.access").press("Space Enter");
    let open = program.app.open.as_ref().unwrap();
    assert_eq!(open.selected_step().unwrap().0.id, "em.team.repo");
}

#[test]
fn what_the_program_can_not_see_is_attested_by_somebody_who_says_how_they_know() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 3);
    for step in ["gn.triage.receive", "gn.triage.verify", "gn.triage.label", "gn.triage.issue"] {
        program.go_to(step).press("Space");
    }
    program.go_to("gn.fix.code").press("Space O «private instance, seen by two» Enter");
    program.go_to("gn.fix.backports").press("Space").go_to("gn.rel.port").press("Space");
    program.sees("The program can't see this").sees("repositories are not looked at");
    program.press("«compared each branch by hand» Enter Enter").sees("done (z takes it back)");
    assert!(program.file(&id).contains("attested = \"compared each branch by hand\""));
}

#[test]
fn a_question_is_answered_and_tells_what_follows_before_it_counts() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("7").sees("not known yet").press("Enter").sees("drops out: Alert the team to a public report");
    program.press("Down").sees("every deadline becomes as soon as possible");
    program.press("Enter").sees("z takes it back");
    program.press("1").go_to("em.intake.public").sees("EMBARGO");
}

#[test]
fn an_hour_without_a_zone_is_asked() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.press("7 G Enter").sees("Release").press("«tomorrow 17:00»").sees("which zone?");
    program.press("Enter Enter Enter").sees("In which zone?").press("Down Enter");
    assert!(program.file(&id).contains("2026-11-25T16:00:00Z"), "{}", program.file(&id));
}

#[test]
fn what_was_typed_is_there_again_after_esc() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n «half a thou» Esc").sees_not("half a thou");
    program.press("n").sees("half a thou").press("«ght» Tab Enter").sees("half a thought");
}

#[test]
fn a_wrong_key_does_nothing_and_says_so() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let before = program.file(&id);
    program.press("Y").sees("Y has no meaning here");
    program.press("Ctrl-x").sees("Ctrl-x has no meaning here");
    assert_eq!(program.file(&id), before);
}

#[test]
fn a_paste_never_runs_as_keys() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let before = program.file(&id);
    program.send(Message::Paste("q x z   \u{1b}[31m".into()));
    program.sees("a paste has no meaning here");
    assert_eq!(program.file(&id), before);
    program.go_to("em.lead.volunteer");
    program.send(Message::Paste("https://host.example/1".into()));
    program.sees("Add a link").press("Enter").sees("https://host.example/1");
}

#[test]
fn hostile_text_is_shown_and_never_obeyed() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("n");
    program.press("Esc").go_to("em.lead.volunteer").press("n");
    program.send(Message::Paste("\u{1b}]0;owned\u{7}\u{202e}evil\u{200b}".into()));
    program.press("Tab Enter").sees("<1B>]0;owned<07><202E>evil<200B>");
    assert!(!program.frame().contains('\u{1b}'));
}

#[test]
fn a_leak_raises_the_alarm_and_leads_to_its_steps() {
    let mut program = Program::new(120, 36);
    program.start("A title", 2);
    program.press("!").sees("Report a leak").press("«a branch on the public remote» Enter Enter");
    program.sees("LEAK  a branch on the public remote").sees("LEAKED");
    program.press("!").sees("Respond to");
    program.press("q").sees("LEAKED");
}

#[test]
fn an_exposing_step_asks_for_the_codename() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 4);
    program.go_to("ai.sync.open").press("Space O «tried and deployed» Enter").sees("makes the fix public");
    program.press("«wrong-name» Enter").sees("that is not the codename");
    program.press(&format!("Ctrl-u «{id}» Enter")).sees("RELEASING");
    assert_eq!(program.app.open.as_ref().unwrap().case.record().state, State::Releasing);
}

#[test]
fn two_screens_on_a_case_the_second_only_reads() {
    let mut first = Program::new(120, 36);
    first.start("A title", 0);
    let mut second = Program::over(Rc::clone(&first.folder), 120, 36);
    second.press("Enter").sees("open in another screen").sees("read-only");
    second.press("Esc Space").sees("can't be changed");
    first.press("q");
    second.press("q Enter").sees_not("read-only");
}

#[test]
fn what_a_verb_writes_meanwhile_is_taken_in() {
    let mut screen = Program::new(120, 36);
    let id = screen.start("A title", 0);
    let store = fixlead::store::Store::open(&screen.folder.path().join("data")).unwrap();
    store
        .edit(&id, |case| {
            let note = fixlead::case::Action::Note { step: "em.lead.volunteer".into(), text: "by a verb".into() };
            fixlead::runtime::world::act(case, note, screen.world.now(), "other")
        })
        .unwrap();
    screen.go_to("em.lead.volunteer").sees("by a verb").press("Space");
    let file = screen.file(&id);
    assert!(file.contains("by a verb") && file.contains("step_done"), "{file}");
}

#[test]
fn what_can_not_be_saved_says_so_and_can_be_tried_again() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    let away = path.with_extension("away");
    program.go_to("em.lead.volunteer");
    std::fs::rename(&path, &away).unwrap();
    program.press("Space").sees("NOT SAVED");
    program.press("Esc q").sees("NOT SAVED").sees("leave and lose").press("Esc");
    assert!(program.app.is_unsaved());
    std::fs::rename(&away, &path).unwrap();
    program.press("r").sees_not("NOT SAVED");
    assert!(program.file(&id).contains("em.lead.volunteer"));
}

#[test]
fn ctrl_c_twice_leaves_and_once_does_not() {
    let mut program = Program::new(80, 24);
    program.press("Ctrl-c").sees("once more saves and leaves");
    assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
    program.press("Ctrl-c");
    assert!(program.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn a_project_brings_its_people_and_zones_and_says_what_it_has_not_set() {
    let mut program = Program::new(120, 36);
    let folder = program.folder.path().join("config/projects");
    std::fs::create_dir_all(&folder).unwrap();
    let text =
        "extends = \"gardener\"\nzones = [\"America/New_York\"]\n[[roster]]\nrole = \"fix-lead\"\npeople = [\"Ada\"]\n";
    std::fs::write(folder.join("garden.toml"), text).unwrap();
    program.app.projects = program.world.project_names();
    program.press("n «A title» Enter Enter").sees("garden").press("Down Enter Enter");
    program.sees("Gardener security release").press("5").sees("Ada").press("7").sees("08:00 New York");
    let summary = program.press("q").frame();
    assert!(!summary.contains("roster of"), "the roster is set: {summary}");
}

#[test]
fn who_one_is_is_asked_once() {
    let mut program = Program::new(120, 36);
    program.app.ask_me = true;
    program.press("n «A title» Enter Enter Enter").sees("Who are you?").press("Ctrl-u «Ada» Enter").sees("EMBARGO");
    let config = std::fs::read_to_string(program.folder.path().join("config/config.toml")).unwrap();
    assert!(config.contains("me = \"Ada\""), "{config}");
    program.press("q n").sees("When did the report come in?").sees_not("Who are you?");
}

#[test]
fn one_form_about_somebody_is_one_event_and_one_undo() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("5 a «Ada» Enter");
    let events = |program: &Program| program.app.open.as_ref().unwrap().case.record().event.len();
    let before = events(&program);
    program.press("e Down Tab «by mail» Enter «Ada L.» Tab Enter");
    assert_eq!(events(&program), before + 1);
    let ada = |program: &Program| program.app.open.as_ref().unwrap().case.record().person.last().unwrap().clone();
    assert!(ada(&program).role.is_some() && ada(&program).credit.is_some() && ada(&program).contact.is_some());
    program.press("z");
    assert!(ada(&program).role.is_none() && ada(&program).credit.is_none() && ada(&program).contact.is_none());
    program.press("e Tab Tab Tab Enter").sees("nothing was changed");
    assert!(program.app.form.is_none());
}

#[test]
fn a_case_that_is_not_over_is_asked_for_before_it_goes_out_of_the_way() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("A").sees("This case is not over").press("Esc").sees_not("EMBARGO   archived");
    program.press("A Enter").sees("EMBARGO   archived").press("A").sees_not("EMBARGO   archived");
}

#[test]
fn what_was_done_is_told_in_words_of_the_process() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("7 Enter Enter").sees("How did the report arrive? Privately: answered (z takes it back)");
    program.press("z").sees("taken back: How did the report arrive?").press("Z").sees("done again: How did the report");
    program
        .press("1")
        .go_to("em.intake.report")
        .press("n «seen twice» Tab Enter 6")
        .sees("Log the report — note: seen twice");
}
