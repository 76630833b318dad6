//! Something stands in the way: the card that comes up, and the ways out of it.

use std::fs;
use std::path::PathBuf;

use fixlead::app::message::Effect;
use fixlead::app::{Overlay, SaveState};
use fixlead::case::{Action, Trouble};
use fixlead::playbook::Value;
use fixlead::runtime::world::act;
use fixlead::store::Store;

use super::harness::Program;

fn folder(program: &Program, id: &str) -> PathBuf {
    program.folder.path().join("data/cases").join(id)
}

fn store(program: &Program) -> Store {
    Store::open(&program.folder.path().join("data")).unwrap()
}

/// A case in which two things were done, at home again.
fn done_twice(columns: u16, rows: u16) -> (Program, String) {
    let mut program = Program::new(columns, rows);
    let id = program.start("A title", 0);
    program.go_to("em.lead.volunteer").press("Space");
    program.go_to("em.team.repo").press("Space");
    (program, id)
}

fn mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_damaged_case_is_put_right_by_one_key_and_can_be_changed_at_once() {
    let (mut program, id) = done_twice(80, 24);
    program.press("q");
    let file = folder(&program, &id).join("case.toml");
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replacen("title = ", "title == ", 1)).unwrap();
    program.press("r").sees("the stored case is damaged").sees("Enter opens what can be read of it");
    program.press("Enter").sees("The stored case is damaged").sees("You see the newest good version");
    program.sees("Missing in it: ").sees(": done.").sees("Enter  p");
    program.press("p").sees_not("read-only");
    assert!(program.app.open.as_ref().unwrap().trouble().is_none());
    program.go_to("em.team.repo").press("Space");
    assert!(program.file(&id).contains("em.team.repo"));
    let names = fs::read_dir(folder(&program, &id)).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names.filter(|name| name.to_string_lossy().starts_with("case.toml.broken-")).count(), 1);
}

#[test]
fn esc_leaves_a_damaged_case_as_it_is_and_one_key_calls_the_card_again() {
    let (mut program, id) = done_twice(80, 24);
    program.press("q");
    fs::write(folder(&program, &id).join("case.toml"), "").unwrap();
    program.press("r Enter").sees("is empty").press("Esc").sees("o shows the way out").sees("o way out");
    program.press("Space").sees("can't be changed").press("o").sees("The stored case is damaged").press("Esc");
    assert_eq!(program.file(&id), "");
}

#[test]
fn a_damaged_case_without_an_older_version_says_what_can_be_done() {
    let mut program = Program::new(80, 24);
    let id = program.start("A title", 0);
    program.press("q");
    let file = folder(&program, &id).join("case.toml");
    let copy = program.folder.path().join("copy.toml");
    fs::rename(&file, &copy).unwrap();
    fs::write(&file, [0; 64]).unwrap();
    program.press("r").sees("no good older version").sees_not("what can be read of it");
    program.press("Enter").sees("Only zeros are left").sees("no good older version").sees("Enter  l");
    program.press("b").sees("Bring a copy back");
    program.press(&format!("«{}» Enter", copy.display())).sees("Log the report").sees_not("read-only");
    assert!(program.file(&id).contains("A title"));
}

#[test]
fn what_was_deleted_while_it_is_open_is_stored_again_by_one_key() {
    let (mut program, id) = done_twice(80, 24);
    fs::remove_file(folder(&program, &id).join("case.toml")).unwrap();
    program.press("Down").sees("NOT SAVED: what you see is nowhere else").sees("That happened while you had it open");
    program.press("Enter").sees_not("NOT SAVED");
    assert!(program.file(&id).contains("em.team.repo"));
    program.go_to("em.team.identify").press("Space");
    assert!(program.file(&id).contains("em.team.identify"));
}

#[test]
fn where_what_could_not_be_saved_was_put_beside_the_case_is_told() {
    let (mut program, id) = done_twice(120, 36);
    program.go_to("em.team.identify");
    fs::write(folder(&program, &id).join("case.toml"), "").unwrap();
    program.press("Space");
    let kept = folder(&program, &id).join("case.toml.conflict");
    assert!(fs::read_to_string(&kept).unwrap().contains("target = \"em.team.identify\""));
    program.sees("NOT SAVED: what you see is kept beside the case").sees("case.toml.conflict");
    let (_, why) = program.app.unsaved().unwrap();
    assert!(why.to_string().contains(&kept.display().to_string()), "{why}");
}

#[test]
fn a_folder_that_is_gone_is_made_again_with_its_process() {
    let (mut program, id) = done_twice(120, 36);
    fs::remove_dir_all(folder(&program, &id)).unwrap();
    program.press("Down").sees("The folder with the stored case is gone").press("p").sees_not("NOT SAVED");
    assert!(folder(&program, &id).join("playbook.toml").exists());
    assert!(program.file(&id).contains("em.team.repo"));
    program.go_to("em.team.identify").press("Space").sees_not("NOT SAVED");
}

#[test]
fn where_the_disk_is_gone_the_card_says_what_was_tried_and_a_retry_helps_once_it_is_back() {
    let (mut program, id) = done_twice(120, 36);
    program.go_to("em.team.identify");
    let (data, away) = (program.folder.path().join("data"), program.folder.path().join("away"));
    fs::rename(&data, &away).unwrap();
    program.press("Space").sees("The folder with the stored case is gone");
    program.sees("plug its disk in").sees_not("Tried").press("r").sees("Tried 13:00:00 UTC: the folder");
    program.at("2026-11-24T13:00:07Z").press("r").sees("Tried 13:00:07 UTC: the folder").sees("is not there");
    assert!(!data.exists(), "nothing is made where the disk belongs");
    fs::rename(&away, &data).unwrap();
    program.press("r").sees_not("NOT SAVED").sees_not("Tried");
    assert!(program.file(&id).contains("em.team.identify"));
}

#[test]
fn a_case_that_is_damaged_while_it_is_open_keeps_the_damaged_one_and_what_was_done() {
    let (mut program, id) = done_twice(120, 36);
    fs::write(folder(&program, &id).join("case.toml"), "<<<<<<< mine\n").unwrap();
    program.press("Down").sees("that was not finished").press("Esc").sees("NOT SAVED");
    program.go_to("em.team.identify").press("Space").sees("NOT SAVED").press("Esc o p").sees_not("NOT SAVED");
    let text = program.file(&id);
    assert!(text.contains("em.team.repo") && text.contains("em.team.identify"));
    assert!(
        folder(&program, &id)
            .read_dir()
            .unwrap()
            .flatten()
            .any(|entry| { fs::read_to_string(entry.path()).is_ok_and(|text| text == "<<<<<<< mine\n") })
    );
}

#[test]
fn what_can_not_be_saved_goes_to_another_place_and_comes_back() {
    let (mut program, id) = done_twice(80, 24);
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.toml");
    mode(&folder(&program, &id), 0o500);
    program.go_to("em.team.identify").press("Space").sees("NOT SAVED").sees("The save failed");
    program
        .sees_not("Tried")
        .press("r")
        .sees("The save failed")
        .sees("Tried 13:00:00 UTC: ")
        .press("c")
        .sees("Keep a copy elsewhere");
    program.press(&format!("Ctrl-u «{}» Enter", copy.display())).sees("NOT SAVED, but a copy is elsewhere");
    assert!(matches!(program.app.open.as_ref().unwrap().save, SaveState::NotSaved(_)), "a copy is not saved");
    program.press("q").sees("is NOT SAVED; a copy is in");
    assert!(program.app.open.is_none(), "nobody is kept from leaving");
    mode(&folder(&program, &id), 0o700);
    assert!(!program.file(&id).contains("em.team.identify"));
    program.press("V").sees("Older versions").press("b").sees("Bring a copy back");
    // Where it is was not forgotten.
    program.press("Enter");
    assert!(program.file(&id).contains("em.team.identify"));
}

#[test]
fn the_key_of_the_ways_out_never_says_two_things_at_once() {
    let (mut program, id) = done_twice(80, 24);
    fs::write(folder(&program, &id).join("case.toml"), "").unwrap();
    program.press("o").sees("NOT SAVED: what you see is nowhere else").sees_not("nothing stands in the way");
    program.press("p q").app.notices = vec!["config.toml: 1:1: no such key".to_owned()];
    program.press("o").sees_not("nothing stands in the way");
}

#[test]
fn a_copy_is_for_its_owner_only_and_writes_over_nothing() {
    use std::os::unix::fs::MetadataExt;
    let (mut program, id) = done_twice(80, 24);
    let elsewhere = tempfile::tempdir().unwrap();
    let (copy, taken) = (elsewhere.path().join("copy.toml"), elsewhere.path().join("taken.toml"));
    fs::write(&taken, "mine").unwrap();
    mode(&folder(&program, &id), 0o500);
    program.go_to("em.team.identify").press("Space c");
    program.press(&format!("Ctrl-u «{}» Enter", taken.display())).sees("there is something of this name already");
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine");
    program.press("o c").press(&format!("Ctrl-u «{}» Enter", copy.display()));
    assert_eq!(fs::metadata(&copy).unwrap().mode() & 0o777, 0o600);
    mode(&folder(&program, &id), 0o700);
    program.press("o r").sees_not("NOT SAVED");
}

#[test]
fn leaving_what_is_not_saved_asks_by_the_card_and_loses_by_one_key_only() {
    let (mut program, id) = done_twice(80, 24);
    mode(&folder(&program, &id), 0o500);
    program.go_to("em.team.identify").press("Space Esc q").sees("leave and lose what is not saved");
    program.press("q q").sees("leave and lose");
    assert!(program.app.open.is_some());
    program.press("X");
    assert!(program.app.open.is_none());
    mode(&folder(&program, &id), 0o700);
}

/// The same person is the lead here and, by hand, elsewhere.
fn conflict(columns: u16, rows: u16) -> (Program, String) {
    let (mut program, id) = done_twice(columns, rows);
    program.slow = true;
    program.press("M «lead» Tab «ada» Enter");
    let set = Action::set("lead", "bob");
    store(&program).edit(&id, |case| act(case, set, program.world.now(), "other")).unwrap();
    program.slow = false;
    program.settle();
    (program, id)
}

fn lead(program: &Program) -> Option<String> {
    program.app.open.as_ref().unwrap().case.record().lead.clone()
}

#[test]
fn a_conflict_asks_which_counts_and_one_key_takes_yours() {
    let (mut program, id) = conflict(80, 24);
    program.sees("Changed on both sides").sees("yours").sees("ada").sees("theirs").sees("bob");
    program.press("m").sees_not("Changed on both sides");
    assert_eq!(lead(&program).as_deref(), Some("ada"));
    assert!(program.file(&id).contains("lead = \"ada\""));
    assert!(!folder(&program, &id).join("case.toml.conflict").exists());
    program.press("6").sees("decided between two versions");
}

#[test]
fn a_conflict_that_a_retry_brings_up_is_told_in_the_words_of_the_question_and_as_new() {
    let (mut program, id) = done_twice(80, 24);
    mode(&folder(&program, &id), 0o500);
    program.press("7 Enter Enter").sees("NOT SAVED");
    let mine = program.app.open.as_ref().unwrap().case.record().facts.get("disclosure").cloned();
    mode(&folder(&program, &id), 0o700);
    let other = Action::SetFacts(vec![("disclosure".to_owned(), Some(Value::Text("public".to_owned())))]);
    store(&program).edit(&id, |case| act(case, other, program.world.now(), "other")).unwrap();
    assert!(mine.is_some(), "the first answer is private");
    program.press("r").sees("Changed on both sides").sees_not("Tried");
    program.sees("yours  Privately").sees("theirs Already public");
}

#[test]
fn the_copy_of_this_side_stays_until_the_answer_is_saved() {
    let (mut program, id) = conflict(80, 24);
    let (case, copy) = (folder(&program, &id).join("case.toml"), folder(&program, &id).join("case.toml.conflict"));
    mode(&case, 0o400);
    program.press("m");
    assert!(program.app.is_unsaved() && copy.exists(), "what counts is in no other file");
    mode(&case, 0o600);
    program.press("Esc r");
    assert!(!copy.exists() && program.file(&id).contains("\nlead = \"ada\""));
}

#[test]
fn the_copy_of_this_side_stays_while_another_save_is_on_its_way() {
    let (mut program, id) = conflict(80, 24);
    program.press("Esc").go_to("em.team.identify").slow = true;
    program.press("Space o m");
    let copy = folder(&program, &id).join("case.toml.conflict");
    while program.desk_does_one() || program.hear_one() {
        assert!(copy.exists() || program.file(&id).contains("\nlead = \"ada\""));
    }
    assert!(!copy.exists() && !program.app.is_unsaved());
}

#[test]
fn a_conflict_lasts_until_it_is_answered_and_theirs_can_stay() {
    let (mut program, id) = conflict(80, 24);
    program.press("Esc Down").sees("1 thing was changed here and elsewhere").press("q").sees("undecided");
    program.start_again();
    program.sees("undecided").press("Enter").sees("Changed on both sides").press("t");
    assert_eq!(lead(&program).as_deref(), Some("bob"));
    assert!(!folder(&program, &id).join("case.toml.conflict").exists());
    let answered = folder(&program, &id).join("backups").read_dir().unwrap().flatten();
    assert_eq!(answered.filter(|entry| entry.file_name().to_string_lossy().starts_with("answered-")).count(), 1);
    program.press("q").sees_not("undecided");
}

#[test]
fn a_case_of_a_newer_program_is_read_and_says_what_to_do() {
    let (mut program, id) = done_twice(80, 24);
    program.press("q");
    let file = folder(&program, &id).join("case.toml");
    fs::write(&file, program.file(&id).replacen("schema = 1", "schema = 99", 1)).unwrap();
    program.press("r Enter").sees("This case is from a newer fixlead").sees("update fixlead").press("Enter");
    program.sees("read-only").sees("Log the report").press("o").sees("from a newer fixlead");
}

#[test]
fn a_case_that_another_screen_holds_is_taken_over_by_one_key() {
    let (mut first, id) = done_twice(80, 24);
    let mut second = Program::over(std::rc::Rc::clone(&first.folder), 80, 24);
    second.press("Enter").sees("open in another screen").press("Esc 5").sees("read-only").press("o r");
    second.sees("open in another screen").sees("Tried 13:00:00 UTC: it is still open there");
    first.press("q");
    second.press("r").sees_not("read-only").sees("5 People");
    second.go_to("em.team.identify").press("Space");
    assert!(second.file(&id).contains("em.team.identify"));
}

#[test]
fn an_older_version_is_looked_at_and_gone_back_to_and_nothing_is_lost() {
    let (mut program, id) = done_twice(80, 24);
    program.press("V").sees("Older versions of").press("Enter").sees("read-only").sees("this is the version of");
    program.sees("p goes back to it, q to now").press("p").sees("Go back to an older version").press("Esc");
    program.press("q").sees_not("read-only").press("V Enter Esc").sees_not("read-only").press("V Enter");
    assert!(program.app.open.is_some(), "the way back is the present first");
    program.press("Space").sees("can't be changed").press("o").sees("You look at an older version");
    program.press("r").sees_not("read-only");
    program.press("V p").sees("Go back to an older version").sees("1 thing was done since").press("Enter");
    assert!(!program.file(&id).contains("em.team.repo"));
    program.sees("gone back to the version of").sees("V leads to what was there");
    program.press("z").sees("since another version was put in place").sees_not("taken back");
    program.press("6").sees("The version of").sees("put in place").press("0");
    program.press("V").sees("done").press("p Enter");
    assert!(program.file(&id).contains("em.team.repo"), "back again");
    program.go_to("em.team.identify").press("Space z z").sees("nothing to take back since another");
}

#[test]
fn a_card_never_takes_the_keys_of_a_form() {
    let (mut program, id) = done_twice(80, 24);
    program.go_to("em.team.identify").press("n «a note»");
    fs::remove_file(folder(&program, &id).join("case.toml")).unwrap();
    program.press("«pp»").sees("a notepp").sees("NOT SAVED. Esc, then o shows the way out");
    assert!(!folder(&program, &id).join("case.toml").exists(), "no key of the form is a way out");
    program.press("Esc").sees("what you see is kept beside the case");
    assert!(matches!(program.app.overlay, Some(Overlay::Trouble(_))));
    program.press("p").press("n").sees("a notepp");
}

#[test]
fn a_damaged_case_that_somebody_puts_right_takes_in_what_was_done_meanwhile() {
    let (mut program, id) = done_twice(80, 24);
    fs::write(folder(&program, &id).join("case.toml"), "broken").unwrap();
    program.press("Down Esc").go_to("em.team.identify").press("Space Esc");
    store(&program).restore(&id).unwrap();
    program.press("Down").sees_not("NOT SAVED");
    let text = program.file(&id);
    assert!(text.contains("em.team.repo") && text.contains("em.team.identify"), "nothing that was seen is gone");
    assert!(program.app.open.as_ref().unwrap().trouble().is_none());
}

/// Puts an older version, in which the last thing is not done, in the place of a case that is damaged.
fn restored_elsewhere(program: &Program, id: &str) {
    fs::write(folder(program, id).join("case.toml"), "").unwrap();
    store(program).restore(id).unwrap();
    assert!(!program.file(id).contains("step_done\"\ntarget = \"em.team.repo"), "it is an older one");
}

#[test]
fn what_was_done_goes_into_an_older_version_that_came_into_place_unseen() {
    for key in ["Down", "Space", "m"] {
        let (mut program, id) = done_twice(80, 24);
        restored_elsewhere(&program, &id);
        program.press(key);
        assert!(
            program.file(&id).contains("target = \"em.team.repo\""),
            "{key}: what was seen as saved is in the file"
        );
        assert!(matches!(program.app.open.as_ref().unwrap().save, SaveState::Saved(_)));
        assert!(program.app.open.as_ref().unwrap().trouble().is_none());
    }
}

#[test]
fn what_was_done_goes_into_an_older_version_in_which_others_have_done_more() {
    for keys in ["", "Down Esc"] {
        let (mut program, id) = done_twice(80, 24);
        fs::write(folder(&program, &id).join("case.toml"), "").unwrap();
        program.press(keys);
        store(&program).restore(&id).unwrap();
        let note = Action::Note { step: "em.team.identify".into(), text: "by a verb".into() };
        store(&program).edit(&id, |case| act(case, note, program.world.now(), "other")).unwrap();
        program.press("Down").sees_not("NOT SAVED");
        let text = program.file(&id);
        assert!(text.contains("target = \"em.team.repo\"") && text.contains("by a verb"), "{keys}: {text}");
        assert!(program.app.open.as_ref().unwrap().trouble().is_none(), "nothing is asked");
    }
}

#[test]
fn who_only_reads_along_sees_the_version_that_others_went_back_to() {
    let (mut first, id) = done_twice(80, 24);
    let mut second = Program::over(std::rc::Rc::clone(&first.folder), 80, 24);
    second.press("Enter Esc");
    first.press("V p Enter");
    second.press("Down").sees_not("NOT SAVED");
    let case = &second.app.open.as_ref().unwrap().case;
    assert_eq!(case.record(), store(&first).load(&id).unwrap().case.record());
    assert!(!first.file(&id).contains("target = \"em.team.repo\""));
}

#[test]
fn a_version_never_takes_the_place_of_what_was_lost_since_the_form_came_up() {
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy.toml");
    let back = format!("V b «{}»", copy.display());
    for (keys, is_heard) in [("V p", true), ("V p", false), (back.as_str(), true), (back.as_str(), false)] {
        let (mut program, id) = done_twice(80, 24);
        fs::copy(folder(&program, &id).join("case.toml"), &copy).unwrap();
        program.go_to("em.team.identify").press("Space").press(keys);
        fs::write(folder(&program, &id).join("case.toml"), "").unwrap();
        program.slow = !is_heard;
        program.press("Down");
        if is_heard {
            program.sees("NOT SAVED").press("Enter").sees("what you did is not saved yet").press("Esc Enter");
        } else {
            program.press("Enter").slow = false;
            program.settle();
        }
        program.sees_not("NOT SAVED");
        assert!(program.file(&id).contains("target = \"em.team.identify\""), "{keys}: {}", program.file(&id));
    }
}

#[test]
fn nothing_of_a_card_is_asked_of_the_desk_by_looking_at_it() {
    let (mut program, id) = done_twice(80, 24);
    program.press("q");
    fs::write(folder(&program, &id).join("case.toml"), "").unwrap();
    program.press("r Enter");
    let before = program.effects.len();
    program.press("Down Up Esc o Esc");
    let asked = program.effects[before..].iter();
    assert!(asked.clone().all(|effect| matches!(effect, Effect::Look(_))), "{asked:?}");
    assert!(matches!(program.app.open.as_ref().unwrap().trouble(), Some(Trouble::Damaged { .. })));
}

#[test]
fn a_click_takes_a_way_out_and_chooses_a_version() {
    let (mut program, id) = done_twice(80, 24);
    fs::remove_file(folder(&program, &id).join("case.toml")).unwrap();
    program.press("Down").sees("what you see is nowhere else").click("store what you see again");
    program.sees_not("NOT SAVED");
    assert!(program.file(&id).contains("em.team.repo"));
    program.press("V").click("case started").press("p").sees("Go back to an older version").sees("case started");
}
