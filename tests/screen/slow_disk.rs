//! A disk that takes its time: whatever the order in which things happen, nothing that was done is lost.

use std::collections::BTreeSet;
use std::rc::Rc;

use fixlead::app::SaveState;
use fixlead::app::message::Effect;
use fixlead::case::Action;
use fixlead::case::address::flatten;
use fixlead::runtime::world::act;
use fixlead::store::Store;
use proptest::prelude::*;

use super::harness::Program;

fn store(program: &Program) -> Store {
    Store::open(&program.world.data_dir).unwrap()
}

/// Somebody else writes a note by a verb; its event id comes back.
fn verb(program: &Program, id: &str, step: &str) -> String {
    let note = Action::Note { step: step.into(), text: "by a verb".into() };
    store(program).edit(id, |case| act(case, note, program.world.now(), "other")).unwrap().id
}

fn events_on_disk(program: &Program, id: &str) -> BTreeSet<String> {
    let case = store(program).load(id).unwrap().case;
    case.record().event.iter().map(|event| event.id.clone()).collect()
}

fn events_on_screen(program: &Program) -> Vec<String> {
    let open = program.app.open.as_ref();
    open.into_iter().flat_map(|open| open.case.record().event.iter().map(|event| event.id.clone())).collect()
}

#[test]
fn a_save_that_is_late_never_lands_in_another_case() {
    let mut program = Program::new(120, 36);
    let first = program.start("First", 0);
    program.press("q");
    let second = program.start("Second", 1);
    program.press("q");
    let (first_file, second_file) = (program.file(&first), program.file(&second));
    program.press("Enter");
    program.slow = true;
    for keys in [". Space", ", Space", ". . Space Space z"] {
        program.press(keys);
    }
    program.settle();
    for (id, before) in [(&first, first_file), (&second, second_file)] {
        let file = program.file(id);
        assert!(file.contains(&format!("id = \"{id}\"")), "{id} is itself");
        let title = |text: &str| text.lines().find(|line| line.starts_with("title")).map(str::to_owned);
        assert_eq!(title(&file), title(&before));
    }
}

#[test]
fn what_a_save_took_in_is_not_taken_out_by_the_next() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.slow = true;
    program.go_to("em.lead.volunteer").press("Space");
    let theirs = verb(&program, &id, "em.team.repo");
    program.go_to("em.team.repo").press("Space");
    program.settle();
    assert!(events_on_disk(&program, &id).contains(&theirs));
    assert!(matches!(program.app.open.as_ref().unwrap().save, SaveState::Saved(_)));
    program.sees_not("NOT SAVED");
}

/// Somebody else names the lead by a verb.
fn verb_names_lead(program: &Program, id: &str, lead: &str) {
    let lead = Action::set("lead", lead);
    store(program).edit(id, |case| act(case, lead, program.world.now(), "other")).unwrap();
}

/// The lead is named on the screen.
fn name_lead(program: &mut Program, lead: &str) {
    program.press(&format!("M «lead» Tab «{lead}» Enter"));
}

fn lead_on_disk(program: &Program, id: &str) -> Option<String> {
    store(program).load(id).unwrap().case.record().lead.clone()
}

#[test]
fn what_is_changed_once_more_after_it_was_taken_in_is_no_question() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    for (theirs, mine) in [("first verb", "first key"), ("second verb", "second key")] {
        verb_names_lead(&program, &id, theirs);
        program.press("Down").sees("it is up to date again");
        name_lead(&mut program, mine);
        program.sees_not("theirs stays; yours is kept aside");
        assert_eq!(lead_on_disk(&program, &id).as_deref(), Some(mine));
    }
}

#[test]
fn what_was_changed_on_both_sides_is_asked_although_the_desk_had_read_it() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.slow = true;
    verb_names_lead(&program, &id, "by a verb");
    program.press("Down");
    // The desk has read it, but the screen has not heard of it when it saves.
    program.desk_does_one();
    name_lead(&mut program, "by a key");
    program.settle();
    program.sees("theirs stays; yours is kept aside");
    assert_eq!(lead_on_disk(&program, &id).as_deref(), Some("by a verb"));
    assert!(program.app.open.as_ref().unwrap().questions.iter().any(|question| question.mine == "by a key"));
}

#[test]
fn saved_is_said_only_when_the_last_change_is_in_the_file() {
    let mut program = Program::new(120, 36);
    program.start("A title", 0);
    program.slow = true;
    program.go_to("em.lead.volunteer").press("Space");
    program.go_to("em.team.repo").press("Space");
    while program.desk_does_one() {}
    while program.app.open.as_ref().unwrap().save == SaveState::Saving && program.hear_one() {
        let all = events_on_screen(&program);
        let id = program.codename();
        if matches!(program.app.open.as_ref().unwrap().save, SaveState::Saved(_)) {
            assert!(all.iter().all(|event| events_on_disk(&program, &id).contains(event)));
        }
    }
    program.press("q").sees("being saved");
    program.settle();
    assert!(program.app.open.is_none(), "it is left once it is saved");
}

#[test]
fn a_case_that_can_not_be_opened_leaves_nothing_behind_on_the_screen() {
    let mut program = Program::new(120, 36);
    let first = program.start("First", 0);
    program.press("q");
    program.start("Second", 0);
    let folder = program.folder.path().join("data/cases").join(&first);
    std::fs::write(folder.join("case.toml"), "broken").unwrap();
    std::fs::remove_dir_all(folder.join("backups")).ok();
    program.press(", .");
    let open = program.app.open.as_ref();
    assert!(open.is_none_or(|open| open.case.record().id != first || open.read_only.is_some()));
}

#[test]
fn a_file_that_is_damaged_meanwhile_takes_nothing_away_from_the_screen() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("Space");
    let before = events_on_screen(&program);
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    let good = std::fs::read(&path).unwrap();
    std::fs::write(&path, "<<<<<<< mine\n").unwrap();
    program.press("Down").sees("that was not finished").press("Esc");
    assert_eq!(events_on_screen(&program), before);
    program.go_to("em.team.repo").press("Space").sees("NOT SAVED").press("Esc");
    std::fs::write(&path, good).unwrap();
    program.press("r").sees_not("NOT SAVED");
    assert!(program.file(&id).contains("em.team.repo"));
}

#[test]
fn what_can_not_be_saved_is_told_before_leaving_loses_it() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    std::fs::remove_file(&path).unwrap();
    program.slow = true;
    program.go_to("em.lead.volunteer").press("Space Ctrl-c Ctrl-c");
    program.settle();
    assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Quit)), "it stays");
    program.sees("NOT SAVED").press("Ctrl-c Ctrl-c").sees("NOT SAVED");
    assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Quit)), "it has warned now");
    program.press("Ctrl-c Ctrl-c");
    assert!(program.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn a_hand_over_by_a_verb_reaches_the_open_screen() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    let hand_over = Action::HandOver { to: "next lead".into(), note: None };
    store(&program).edit(&id, |case| act(case, hand_over, program.world.now(), "other")).unwrap();
    program.press("Down").sees("read-only").press("Space").sees("can't be changed");
    program.press("q");
    assert!(program.app.open.is_none());
}

#[test]
fn two_screens_that_hand_a_case_over_write_its_bundle_after_the_save() {
    let mut program = Program::new(120, 36);
    let id = program.start("A title", 0);
    program.slow = true;
    program.press(": «hand over» Enter «next lead» Enter Tab Enter");
    program.settle();
    let bundle = program.folder.path().join("data/cases").join(&id).join(format!("outbox/{id}-hand-over.toml"));
    assert!(bundle.exists());
    assert!(Rc::strong_count(&program.folder) == 1);
}

#[derive(Clone, Copy, Debug)]
enum Happens {
    Tick,
    TakeBack,
    Verb,
    Desk,
    Hear,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_was_done_is_missing_in_the_end(
        course in proptest::collection::vec(
            prop_oneof![
                2 => Just(Happens::Tick), 1 => Just(Happens::TakeBack), 2 => Just(Happens::Verb),
                3 => Just(Happens::Desk), 3 => Just(Happens::Hear),
            ],
            1..40,
        ),
    ) {
        let mut program = Program::new(120, 36);
        let id = program.start("A title", 0);
        program.slow = true;
        let mut done: BTreeSet<String> = BTreeSet::new();
        for happens in course {
            match happens {
                Happens::Tick => drop(program.press("Space")),
                Happens::TakeBack => drop(program.press("Esc Esc z")),
                Happens::Verb => drop(done.insert(verb(&program, &id, "em.team.repo"))),
                Happens::Desk => drop(program.desk_does_one()),
                Happens::Hear => drop(program.hear_one()),
            }
            program.press("Esc");
            done.extend(events_on_screen(&program));
        }
        program.settle();
        let disk = events_on_disk(&program, &id);
        let missing: Vec<&String> = done.iter().filter(|event| !disk.contains(*event)).collect();
        prop_assert!(missing.is_empty(), "missing: {:?}", missing);
        let open = program.app.open.as_ref().unwrap();
        prop_assert!(matches!(open.save, SaveState::Saved(_)), "{:?}", open.save);
        let stored = store(&program).load(&id).unwrap().case;
        // The same case; entries that came from two sides may stand in another order.
        prop_assert_eq!(flatten(open.case.record()).unwrap(), flatten(stored.record()).unwrap());
    }
}
