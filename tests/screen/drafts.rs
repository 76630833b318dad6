//! What was typed outlives Esc, the pane, the program, a crash and a hand-over.

use std::rc::Rc;

use fixlead::app::message::{Effect, Message};
use fixlead::case::Action;
use fixlead::runtime::world::act;
use fixlead::store::Store;

use super::harness::Program;

fn texts(program: &Program) -> Vec<String> {
    let open = program.app.open.as_ref().expect("a case is open");
    open.case.record().draft.iter().map(|draft| draft.text.clone()).collect()
}

fn saves(program: &Program) -> usize {
    program.effects.iter().filter(|effect| matches!(effect, Effect::Save(_))).count()
}

/// The texts that went to the person's own editor.
fn handed_over(program: &Program) -> Vec<&str> {
    let texts = program.effects.iter().filter_map(|effect| match effect {
        Effect::Edit(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// The program is gone without a word, and started again over the same folder.
fn crash(program: Program) -> Program {
    let folder = Rc::clone(&program.folder);
    drop(program);
    Program::over(folder, 120, 36)
}

#[test]
fn what_was_typed_is_there_again_after_esc_and_in_the_next_run() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n «half a thou» Esc").sees_not("half a thou");
    assert!(program.file(&id).contains("id = \"note/em.lead.volunteer/note\""), "{}", program.file(&id));
    program.press("n").sees("half a thou").sees("kept from Tue 24 Nov 13:00 UTC").press("Esc");
    let mut again = crash(program);
    again.press("Enter").go_to("em.lead.volunteer").press("n").sees("half a thou");
    again.press("«ght» Tab Enter").sees("half a thought");
    assert!(texts(&again).is_empty());
    assert!(!again.file(&id).contains("[[draft]]"));
}

#[test]
fn two_seconds_after_the_last_key_it_is_kept_and_nothing_wakes_before_or_after() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    assert!(!program.app.is_typing());
    program.go_to("em.lead.volunteer").press("n");
    assert!(!program.app.is_typing(), "a form that is only open asks for nothing");
    let before = saves(&program);
    program.press("«half a thou»");
    assert!(program.app.is_typing());
    assert_eq!(saves(&program), before, "not at each key");
    program.send(Message::Pause);
    assert!(!program.app.is_typing());
    assert_eq!(saves(&program), before + 1);
    assert!(program.file(&id).contains("half a thou"));
    crash(program).press("Enter").go_to("em.lead.volunteer").press("n").sees("half a thou");
}

#[test]
fn a_field_that_is_left_is_kept_and_typing_goes_on_where_it_stopped() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.press("5 n «alice» Enter");
    assert!(program.file(&id).contains("alice"), "left by Enter");
    program.press("«reposi» Ctrl-c");
    let mut again = crash(program);
    again.press("Enter 5 n «tory» Enter").sees("alice").sees("repository");
    assert!(texts(&again).is_empty());
}

#[test]
fn a_draft_goes_when_it_is_emptied_and_is_no_event() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let events = || program.file(&id).matches("[[event]]").count();
    let before = events();
    program.go_to("em.lead.volunteer").press("n «half a thou» Esc");
    assert_eq!(program.file(&id).matches("[[event]]").count(), before);
    program.press("z").sees("there is nothing to take back");
    assert_eq!(texts(&program), ["half a thou"], "undo leaves it alone");
    program.press("n Ctrl-u Esc");
    assert!(texts(&program).is_empty());
    program.press("n Esc");
    assert!(!program.file(&id).contains("[[draft]]"));
}

#[test]
fn a_choice_goes_along_with_a_text_and_is_no_draft_alone() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("! Tab Down Esc");
    assert!(texts(&program).is_empty());
    program.press("! «a branch» Tab Down Esc");
    assert_eq!(texts(&program), ["a branch", "full"]);
}

#[test]
fn a_question_that_is_asked_keeps_its_answer_too() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.press("7 G Enter «tomorr» Esc");
    assert_eq!(texts(&program), ["tomorr"]);
    program.press("Enter").sees("kept from").sees("tomorr");
}

#[test]
fn a_codename_is_never_kept() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 4);
    program.go_to("ai.sync.open").press("Space O «tried and deployed» Enter").sees("makes the fix public");
    assert_eq!(texts(&program), ["tried and deployed"], "the reason is, until the step is exposed");
    program.press("«half-a-name»");
    program.send(Message::Pause);
    program.press("Esc");
    assert!(!program.file(&id).contains("half-a-name"));
    program.press("Space O Enter").sees("makes the fix public").sees_not("half-a-name");
    program.press(&format!("«{id}» Enter")).sees("RELEASING");
    assert!(texts(&program).is_empty(), "{:?}", texts(&program));
}

#[test]
fn a_new_case_is_kept_at_home_until_it_is_there() {
    let mut program = Program::new(120, 36);
    let file = program.folder.path().join("data/new-case.toml");
    program.press("n «Crash on a»");
    program.send(Message::Pause);
    assert!(file.exists());
    let mut again = crash(program);
    again.press("n").sees("Crash on a").press("« header» Enter Down Esc");
    again.press("n").sees("Crash on a header").press("Enter Enter").sees("Next for you");
    let record = again.app.open.as_ref().unwrap().case.record();
    assert_eq!((record.title.as_str(), record.playbook.id.as_str()), ("Crash on a header", "gardener"));
    assert!(!file.exists(), "nothing is left of it");
    again.press("q n").sees_not("Crash on a header Next").sees_not("kept from");
}

#[test]
fn the_next_new_case_is_kept_while_the_first_is_being_made() {
    let mut program = Program::new(120, 36);
    program.slow = true;
    program.press("n «First» Enter Enter Enter n Ctrl-u «Seco»");
    program.send(Message::Pause);
    program.settle();
    assert!(program.folder.path().join("data/new-case.toml").exists());
    program.press("«nd»").sees("Second");
    crash(program).press("n").sees("Seco");
}

#[test]
fn a_case_that_could_not_begin_leaves_what_was_typed() {
    let mut program = Program::new(120, 36);
    let cases = program.folder.path().join("data/cases");
    std::fs::create_dir(cases.parent().unwrap()).unwrap();
    std::fs::write(&cases, "in the way").unwrap();
    program.press("n «A title» Enter Enter Enter");
    assert!(program.app.open.is_none());
    program.press("n").sees("A title").sees("kept from");
}

#[test]
fn a_refused_form_stays_and_is_kept() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.press(": «slow down» Enter «one of these days» Enter «a holiday» Enter «the list» Enter");
    assert!(program.app.form.is_some());
    assert!(program.file(&id).contains("text = \"one of these days\""));
}

#[test]
fn typing_during_a_save_is_saved_next() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.slow = true;
    program.go_to("em.lead.volunteer").press("Space").go_to("em.team.repo").press("n «one» Tab «»");
    program.press("Shift-Tab « two» Esc");
    program.settle();
    assert!(program.file(&id).contains("text = \"one two\""), "{}", program.file(&id));
    program.sees_not("NOT SAVED");
}

#[test]
fn the_next_lead_finds_what_the_last_one_had_typed() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n «half a thou» Esc");
    program.press(": «hand over» Enter «bob» Enter «all the best» Tab Enter");
    let outbox = program.folder.path().join("data/cases").join(&id).join("outbox");
    let bundle = std::fs::read_dir(outbox).unwrap().flatten().next().unwrap().path();
    let text = String::from_utf8_lossy(&std::fs::read(bundle).unwrap()).into_owned();
    assert!(text.contains("half a thou"));
    assert_eq!(texts(&program), ["half a thou"], "what was typed to hand it over is carried out");
}

#[test]
fn a_vector_or_a_link_finds_its_form_and_all_else_is_refused() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let before = program.file(&id);
    program.send(Message::Paste("AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H\n".into()));
    program.sees("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H").press("Esc 3").sees("7.5");
    program.send(Message::Paste("We think it is\n> 5.3/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L".into()));
    program.press("Enter Enter Enter 0").sees("5.3");
    program.press("z");
    program.send(Message::Paste("q\rx\rz\r".into()));
    program.sees("a paste has no meaning here");
    program.press("?");
    program.send(Message::Paste("q".into()));
    program.press("Esc :");
    program.send(Message::Paste("hand over\rq".into()));
    program.sees("hand over").press("Esc /");
    program.send(Message::Paste("fix lead\rq".into()));
    assert_eq!(program.app.filter(), "fix lead");
    program.press("Esc");
    assert!(!before.contains("[[draft]]"));
    assert!(program.app.open.is_some() && program.app.form.is_none());
}

#[test]
fn a_huge_paste_is_cut_at_once_and_says_so() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n");
    program.send(Message::Paste("é".repeat(5_000_000)));
    program.sees("only the first 64 KiB of the paste were taken");
    assert_eq!(program.app.form.as_ref().unwrap().text(0).len(), 64 * 1024);
    program.press("Esc");
    program.send(Message::Paste("x".repeat(10_000_000)));
    program.sees("a paste has no meaning here");
}

#[test]
fn an_editor_of_ones_own_gets_the_text_and_what_it_leaves_is_a_draft() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n «half a thou» Ctrl-x");
    assert!(program.file(&id).contains("half a thou"), "kept before the editor has it");
    assert_eq!(handed_over(&program), ["half a thou"]);
    program.send(Message::Edited(Ok("a whole thought\nand \u{1b}[2J another".into())));
    program.sees("a whole thought").sees("and <1B>[2J another");
    assert_eq!(texts(&program), ["a whole thought\nand <1B>[2J another"], "it is not committed");
    program.send(Message::Edited(Err("the text is empty; the old text stays".into())));
    program.sees("the old text stays").sees("a whole thought").press("Tab Enter").sees("a whole thought");
    program.press("7 G E").sees("Release");
    assert_eq!(handed_over(&program), ["half a thou", ""]);
    program.send(Message::Edited(Ok("tomorrow\n 17:00 UTC\n".into())));
    program.sees("= Wed 25 Nov 17:00 UTC");
    program.press("Esc g E");
    assert!(program.app.form.is_some(), "a choice stays on the screen");
    assert_eq!(handed_over(&program).len(), 2);
}

#[test]
fn who_leaves_while_a_draft_is_being_saved_need_not_ask_twice() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.slow = true;
    program.go_to("em.lead.volunteer").press("n «half a thou» Esc q").sees("being saved before it is left");
    program.settle();
    program.sees("Needs you");
    assert!(program.file(&id).contains("half a thou"));
    program.press("Enter");
    program.settle();
    program.go_to("em.lead.volunteer").press("n «ght» Esc q Down");
    program.settle();
    assert!(program.app.open.is_some(), "a key that comes between stays");
    program.press("Ctrl-c Ctrl-c");
    program.settle();
    assert!(program.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

/// Somebody else notes something by a verb, and the screen looks.
fn noted_elsewhere(program: &mut Program, id: &str, text: &str) {
    let note = Action::Note { step: "em.lead.volunteer".into(), text: text.into() };
    let store = Store::open(&program.world.data_dir).unwrap();
    store.edit(id, |case| act(case, note, program.world.now(), "other")).unwrap();
}

fn note(program: &Program) -> String {
    let open = program.app.open.as_ref().unwrap();
    open.case.record().step("em.lead.volunteer", None).and_then(|step| step.note.clone()).unwrap_or_default()
}

#[test]
fn a_changed_note_keeps_what_others_noted_meanwhile() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n «one» Tab Enter e");
    noted_elsewhere(&mut program, &id, "two");
    program.press("« more» Tab Enter").sees("the note was changed meanwhile").sees("two");
    assert_eq!(note(&program), "one\ntwo");
    program.press("Enter");
    assert_eq!(note(&program), "one more\ntwo");
    assert!(program.app.form.is_none() && !program.file(&id).contains("[[draft]]"));
}

#[test]
fn a_change_of_a_note_that_was_left_knows_what_it_began_with() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("n «one» Tab Enter e « more» Esc q");
    noted_elsewhere(&mut program, &id, "two");
    program.start_again();
    program.press("Enter").go_to("em.lead.volunteer").press("e").sees("one more");
    program.press("Tab Enter").sees("the note was changed meanwhile").press("Enter");
    assert_eq!(note(&program), "one more\ntwo");
}

#[test]
fn what_was_typed_into_a_case_that_is_gone_is_told_before_leaving_loses_it() {
    for leave in ["q", "r", "Ctrl-c Ctrl-c"] {
        let mut program = Program::new(120, 36);
        let id = program.start("A title", 0);
        program.go_to("em.lead.volunteer").press("n");
        let store = Store::open(&program.world.data_dir).unwrap();
        let hand_over = Action::HandOver { to: "another lead".into(), note: None };
        store.edit(&id, |case| act(case, hand_over, program.world.now(), "other")).unwrap();
        program.press("«a thought» Esc").sees("stays in memory only");
        program.press(leave).sees("is in no file");
        assert!(program.app.open.is_some() && texts(&program) == ["a thought"], "{leave}");
        assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Quit)), "{leave}");
        program.press(leave);
        let gone = program.app.open.is_none() || program.effects.iter().any(|effect| matches!(effect, Effect::Quit));
        assert!(gone || texts(&program).is_empty(), "{leave}");
    }
}
