//! The calculator by its keys: by itself, from home, and as the score of a case.

use fixlead::app::calculator::Calculator;
use fixlead::app::message::{Effect, Message};
use fixlead::cvss::{Draft, Vector, Version};

use super::harness::Program;

const CRASH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";

fn letters(program: &mut Program) -> &mut Program {
    program.press("n l n n u n n h")
}

fn vector(program: &Program) -> String {
    program.app.shown_calculator().expect("the calculator is shown").draft().to_string()
}

fn copied(program: &Program) -> Vec<&str> {
    let texts = program.effects.iter().filter_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn taken(program: &Program) -> Option<&str> {
    program.effects.iter().find_map(|effect| match effect {
        Effect::Take(vector) => Some(vector.as_str()),
        _ => None,
    })
}

fn alone(columns: u16, rows: u16) -> Program {
    let mut program = Program::new(columns, rows);
    program.app.calculate_alone(Draft::new(Version::V3_1));
    program
}

#[test]
fn alone_enter_takes_the_vector_and_all_else_leaves_without() {
    let mut program = alone(80, 24);
    program.press("n l Enter").sees("not chosen yet: PR, UI, S, C, I, A");
    assert_eq!(program.app.shown_calculator().and_then(Calculator::metric), Version::V3_1.find("PR"));
    program.press("n n u n n h Esc").sees("7.5");
    assert!(!program.effects.iter().any(|effect| matches!(effect, Effect::Quit | Effect::Take(_))));
    program.press("Enter");
    assert_eq!(taken(&program), Some(CRASH));
    let mut program = alone(80, 24);
    letters(&mut program).press("q");
    assert!(program.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
    assert_eq!(taken(&program), None);
}

#[test]
fn a_vector_that_was_given_stands_there_from_the_start() {
    let mut program = Program::new(80, 24);
    let given = Vector::parse("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N/E:U").unwrap();
    program.app.calculate_alone(*given.draft());
    program.sees("CVSS-BT").press("Enter");
    assert_eq!(taken(&program), Some(given.to_string().as_str()));
}

#[test]
fn from_home_nothing_is_stored_and_what_was_chosen_comes_back() {
    let mut program = Program::new(120, 36);
    program.press("c n l q").sees("No case").press("c");
    assert_eq!(vector(&program), "CVSS:3.1/AV:N/AC:L");
    program.press("n n u n n h Enter y # * J");
    let markdown = format!("**7.5 High** (v3.1 base) `{CRASH}`");
    assert_eq!(copied(&program)[..4], [CRASH, CRASH, "7.5 High", &markdown]);
    assert!(copied(&program)[4].contains("\"baseScore\": 7.5"));
    assert!(!program.folder.path().join("data/cases").exists(), "no case was made");
}

#[test]
fn at_home_it_begins_in_the_version_that_was_taken_last() {
    let mut program = Program::new(120, 36);
    let data = program.folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("calculator.toml"), "version = \"4.0\"\n").unwrap();
    program = Program::over(program.folder.clone(), 120, 36);
    program.press("c");
    assert_eq!(vector(&program), "CVSS:4.0/");
}

#[test]
fn a_vector_in_a_mail_is_taken_or_put_beside_and_all_else_is_refused() {
    let mut program = alone(120, 36);
    program.press("l l");
    let before = vector(&program);
    program
        .send(Message::Paste("Dear all,\r\nwe rate it 9.8 (cvss:3.1/av:n/ac:l/pr:n/ui:n/s:u/c:h/i:h/a:h).\r\n".into()));
    assert_eq!(vector(&program), "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    program.sees("9.8").press("z");
    assert_eq!(vector(&program), before);
    for text in ["q", "AV:N/AC:L", "\u{1b}[A", "CVSS:9.9/AV:N"] {
        program.send(Message::Paste(text.into()));
        assert_eq!(vector(&program), before, "{text:?}");
        program.sees("nothing was changed");
    }
    program.send(Message::Paste(CRASH.into()));
    program.press("b b");
    program.send(Message::Paste("AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L".into()));
    assert_eq!(vector(&program), CRASH, "it stands beside");
    program.sees("Attack complexity").sees("3.7");
}

#[test]
fn undo_tells_what_it_took_back_and_what_the_score_is_again() {
    let mut program = alone(80, 24);
    letters(&mut program).press("Up Up h").sees("9.1").press("z").sees("I H").sees("7.5 again");
    program.press("Z").sees("9.1").press("e").sees("z takes that back").press("z").sees("9.1");
}

#[test]
fn a_step_leads_to_the_score_and_the_score_back_to_what_is_next() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    program.go_to("em.fix.cvss").press("Enter");
    letters(&mut program).press("Enter").sees("Record the score").sees(CRASH).press("Enter «as the trace shows» Enter");
    assert!(program.file(&id).contains(CRASH) && program.file(&id).contains("as the trace shows"));
    assert!(program.app.shown_calculator().is_none(), "back at the steps");
    program.go_to("em.fix.cvss-final").press("Enter");
    assert_eq!(vector(&program), CRASH, "the recorded score stands there");
    program.press("Enter").sees("final").press("Enter Enter");
    assert!(program.file(&id).contains("final = true"), "the step asks for the last word");
}

#[test]
fn what_was_chosen_and_not_recorded_outlives_the_program() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    program.press("3 n l n").send(Message::Pause);
    assert!(program.file(&id).contains("CVSS:3.1/AV:N/AC:L/PR:N"));
    let folder = program.folder.clone();
    drop(program);
    let mut again = Program::over(folder, 120, 36);
    again.press("Enter 3");
    assert_eq!(vector(&again), "CVSS:3.1/AV:N/AC:L/PR:N");
    again.press("n u n n h Enter Enter Enter");
    assert!(!again.file(&id).contains("[[draft]]"), "once recorded nothing is left of it: {}", again.file(&id));
}

#[test]
fn crossing_the_bound_says_what_changes_before_it_is_confirmed() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    program.press("7 Enter Down Enter 3");
    assert!(program.file(&id).contains("disclosure = \"public\""));
    program.press("p h h r u n n l Enter").sees("1.6 Low");
    program.sees("deadlines have their instants again").press("Enter Enter 0").sees("1.6 Low");
    let recorded = program.file(&id);
    letters(program.press("3 Home")).press("Enter").sees("7.5 High").sees("becomes as soon as possible");
    assert_eq!(program.file(&id).matches("[[vulnerability.score]]").count(), 1, "nothing counts before Enter");
    program.press("Enter Enter");
    assert_ne!(program.file(&id), recorded);
    assert!(program.file(&id).contains(CRASH), "and then it does");
}

#[test]
fn on_a_small_screen_what_changes_is_in_sight_before_enter_confirms_it() {
    let mut program = Program::new(80, 24);
    program.start("A crash", 0);
    program.press("7 Enter Down Enter 3 p h h r u n n l Enter Enter");
    program.sees("deadlines have their instants again").sees("Decide on slowing down").sees("[ Do it ]");
}

#[test]
fn each_vulnerability_has_its_score_and_the_highest_drives() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    letters(program.press("3")).press("Enter Enter Enter");
    program.press("3 .").sees("there is no further vulnerability").press("& «a leak of memory» Enter .");
    assert_eq!(vector(&program), "CVSS:3.1/", "it begins with nothing");
    program.press("n l n n u h n n Enter").sees("V2").press("Enter Enter , ");
    assert_eq!(vector(&program), CRASH);
    assert!(program.file(&id).contains("a leak of memory"));
    program.press("0").sees("7.5 High");
}

#[test]
fn in_the_pane_of_the_score_letters_are_values_and_never_act_on_the_case() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    program.press("3");
    let events = |program: &Program| program.file(&id).matches("[[event]]").count();
    let before = events(&program);
    for letter in ('a'..='z').chain('A'..='Z').filter(|letter| !"qJ".contains(*letter)) {
        program.press(&letter.to_string());
        if program.app.overlay.is_some() || program.app.form.is_some() {
            program.press("Esc");
        }
        assert!(program.app.shown_calculator().is_some(), "{letter} left the pane");
    }
    assert_eq!(events(&program), before);
}

#[test]
fn a_case_that_can_not_be_changed_can_be_looked_at_and_tried_but_not_scored() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    letters(program.press("3")).press("Enter Enter Enter 0 : «hand over» Enter «bob» Tab Tab Enter");
    let file = program.file(&id);
    program.press("3 l Enter").sees("can't be changed");
    assert!(program.app.form.is_none());
    assert_eq!(program.file(&id), file);
}

#[test]
fn the_versions_stand_side_by_side() {
    let mut program = alone(120, 36);
    letters(&mut program).press("b").sees("v3.1 beside v4.0").press("v").sees("carried over");
    let draft = program.app.shown_calculator().unwrap().draft();
    assert_eq!((draft.version(), draft.get("AV"), draft.get("PR")), (Version::V4_0, Some("N"), Some("N")));
    program.press("z");
    assert_eq!(program.app.shown_calculator().unwrap().version(), Version::V3_1);
}

#[test]
fn after_a_score_was_recorded_undo_takes_that_back_and_nothing_else_of_the_case() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    program.press("Space").press("3");
    letters(&mut program).press("Enter Enter Enter").sees("z takes it back").press("z");
    assert!(!program.file(&id).contains("[[vulnerability.score]]"), "the score is taken back");
    assert_eq!(vector(&program), "CVSS:3.1/");
    let file = program.file(&id);
    program.press("z").sees("0, and z there").press("z z");
    assert_eq!(program.file(&id), file, "the step that was done is not touched from here");
    program.press("Z").sees("7.5");
    assert_eq!(vector(&program), CRASH);
}

#[test]
fn beginning_anew_goes_back_to_what_is_recorded_and_then_to_nothing() {
    let mut program = Program::new(120, 36);
    program.start("A crash", 0);
    letters(program.press("3")).press("Enter Enter Enter Home p e").sees("as it is recorded again");
    assert_eq!(vector(&program), CRASH);
    program.press("e").sees("everything is open again");
    assert_eq!(vector(&program), "CVSS:3.1/");
}

#[test]
fn a_reason_that_was_kept_does_not_hide_the_question_whether_it_is_the_last_word() {
    let mut program = Program::new(80, 24);
    let id = program.start("A crash", 0);
    letters(program.press("3"))
        .press("Enter Enter «half a reason» Esc Enter")
        .sees("half a reason")
        .press("Down Enter Enter");
    assert!(program.file(&id).contains("final = true"));
    program.press("Enter").sees("has this score already").press("Enter Enter").sees("has this score already");
}

#[test]
fn who_leaves_at_once_after_the_last_letter_loses_nothing() {
    for way in ["q Enter", "1 q Enter", "0 .", "Ctrl-c Ctrl-c"] {
        let mut program = Program::new(120, 36);
        let id = program.start("A crash", 0);
        program.press("q");
        program.start("Another", 0);
        program.press("q");
        let at = program.app.home.shown().iter().position(|(_, row)| row.id == id).unwrap();
        program.press(&format!("Home {} Enter 3", "Down ".repeat(at)));
        letters(&mut program).press(way);
        assert!(program.file(&id).contains(CRASH), "{way}");
    }
}

#[test]
fn a_vulnerability_that_is_gone_is_told_and_letters_do_not_go_to_another_in_its_name() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    program.press("3 & «the second» Enter & «the third» Enter ,");
    program.sees("the second");
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    let file = program.file(&id);
    let (begin, end) =
        (file.find("[[vulnerability]]\nid = \"V2\"").unwrap(), file.find("[[vulnerability]]\nid = \"V3\"").unwrap());
    std::fs::write(path, format!("{}{}", &file[..begin], &file[end..])).unwrap();
    program.press("Down").sees("V2 is not in the case any more: this is V1");
    assert_eq!(program.app.open.as_ref().unwrap().vulnerability_id().as_deref(), Some("V1"));
}

#[test]
fn another_vulnerability_of_an_id_that_was_used_before_begins_with_nothing() {
    let mut program = Program::new(120, 36);
    program.start("A crash", 0);
    letters(program.press("3 & «the first second» Enter")).send(Message::Pause);
    program.press("0 z 3 & «quite another» Enter");
    assert_eq!(program.app.open.as_ref().unwrap().vulnerability_id().as_deref(), Some("V2"));
    assert_eq!(vector(&program), "CVSS:3.1/");
}

#[test]
fn a_score_in_one_version_leaves_what_was_chosen_in_another() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    letters(program.press("3")).press("v Enter Enter Enter");
    assert!(program.file(&id).contains("vector = \"CVSS:4.0/"));
    program.press("q Enter 3");
    assert_eq!(vector(&program), CRASH, "it is still being chosen");
}

#[test]
fn what_a_verb_or_undo_made_of_the_score_is_shown_once_nothing_else_is_chosen() {
    let mut program = Program::new(120, 36);
    let id = program.start("A crash", 0);
    letters(program.press("3")).press("Enter Enter Enter");
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    std::fs::write(path, program.file(&id).replacen("/A:H", "/A:L", 1)).unwrap();
    program.press("Down");
    assert_eq!(vector(&program), CRASH.replace("/A:H", "/A:L"));
    let mut program = Program::new(120, 36);
    program.start("A crash", 0);
    letters(program.press("3")).press("Enter Enter Enter 1 z 3");
    assert_eq!(vector(&program), "CVSS:3.1/", "taken back in the checklist");
}

#[test]
fn a_paste_that_only_looks_like_a_vector_moves_nobody() {
    let mut program = Program::new(120, 36);
    program.start("A crash", 0);
    for text in ["the menu NAV: is broken", "AV:N/AC:L", "CVSS:3.1/AV:Z"] {
        program.send(Message::Paste(text.into()));
        assert!(program.app.shown_calculator().is_none(), "{text}");
    }
    program.send(Message::Paste(format!("They say {} .", CRASH.to_lowercase())));
    assert_eq!(vector(&program), CRASH);
}

#[test]
fn choices_in_a_case_that_can_not_be_changed_are_told_to_be_in_memory_only() {
    let mut program = Program::new(120, 36);
    program.start("A crash", 0);
    program.press(": «hand over» Enter «bob» Tab Tab Enter 3");
    letters(&mut program).press("q").sees("what you typed is in no file").press("q").sees("nothing is open");
}

#[test]
fn only_what_is_recorded_drives_the_process() {
    let mut program = Program::new(80, 24);
    program.start("A crash", 0);
    letters(program.press("3")).sees("not recorded").sees("nothing recorded yet").sees_not("drives the process");
    program.press("Enter Enter Enter").sees("recorded, draft").sees("drives the process").sees_not("not recorded");
    program.press("Home p").sees("not recorded").sees("recorded: 7.5 High, draft").sees_not("drives the process");
    program
        .press("z")
        .sees("drives the process")
        .press("v")
        .sees("CVSS-B")
        .sees("not recorded")
        .sees_not("drives the process");
    program.sees("recorded: 7.5 High, draft, by you");
}

#[test]
fn a_vulnerability_that_holds_the_process_above_its_bound_is_named() {
    let mut program = Program::new(120, 36);
    program.start("A crash", 0);
    letters(program.press("3")).press("Enter Enter Enter & «a leak of memory» Enter").press("p h h r u n n l");
    program.sees("1.6 Low").sees("V1 with 7.5 keeps the process at or above its bound 4.0.");
    program.press("Enter Enter Enter ,").sees("Only A none crosses it.");
}

#[test]
fn what_another_version_does_not_ask_is_named() {
    let mut program = Program::new(120, 36);
    let given = Vector::parse(&format!("{CRASH}/RL:O/RC:C")).unwrap();
    program.app.calculate_alone(*given.draft());
    program.press("v").sees("carried over from v3.1").sees("not asked here: RL, RC");
    program.press("v v v").sees_not("carried over");
    assert_eq!(vector(&program), given.to_string(), "what was there before is as it was");
}

#[test]
fn going_through_the_metrics_goes_through_all_that_a_panel_says_of_them() {
    let mut program = alone(80, 24);
    program.send(Message::Paste("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N/RL:O".into()));
    program
        .press("b Home")
        .sees("AV     N network")
        .sees("more below")
        .sees("AC, AT: one question is now two")
        .sees_not("SA  ");
    program
        .press("Down Down Down")
        .sees("UI: Required is Passive")
        .press("End")
        .sees("SA     not asked")
        .sees("more above");
    let mut program = alone(80, 24);
    program.send(Message::Paste("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:C/C:L/I:L/A:L".into()));
    program.press("b b").send(Message::Paste(CRASH.into()));
    program.press("Home").sees("AV  physical").press("Down Down Down Down Down Down Down").sees("A   low");
}

#[test]
fn a_complete_vector_says_what_enter_does_until_it_is_recorded() {
    let mut program = alone(80, 24);
    program.press("n l n n u n n").sees_not("Complete").press("h").sees("Complete: Enter takes it and ends.");
    let mut program = Program::new(80, 24);
    letters(program.press("c")).sees("Complete: Enter copies it.");
}

#[test]
fn on_a_small_screen_a_choice_keeps_its_question_and_free_rows_show_an_example() {
    let mut program = alone(80, 24);
    program
        .sees("One request crashes a server")
        .press("Down")
        .sees("Apart from a victim's click")
        .sees("A request that crashes");
    program.send(Message::Paste("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:L/I:L/A:N".into()));
    program.press("v Home Down").sees("Must it get past a defence").sees("one question is now two").sees("[4.0]");
    program
        .press("Down Down Down Down")
        .sees("attacked system")
        .sees("6 of 14")
        .press("Down Down Down")
        .sees("systems behind");
}
