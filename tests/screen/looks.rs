//! What passes between the screen and those who look at repositories.

use std::fs;

use fixlead::app::board::Stage;
use fixlead::app::board::scan::{News, Scope};
use fixlead::app::message::Message;
use fixlead::case::{Action, components};
use fixlead::divergence::{Look, Report};
use fixlead::runtime::world::act;
use fixlead::store::Store;

use super::harness::Program;

/// A case of which the screen knows these components.
fn with_components(program: &mut Program, names: &[&str]) -> String {
    let id = program.start("A title", 0);
    for name in names {
        let url = Action::set(format!("component.{name}.urls.canonical"), format!("/nowhere/{name}"));
        store(program).edit(&id, |case| act(case, url, program.world.now(), "other")).unwrap();
    }
    program.press("Esc");
    id
}

fn store(program: &Program) -> Store {
    Store::open(&program.world.data_dir).unwrap()
}

fn stages(program: &Program) -> Vec<Stage> {
    let board = &program.app.open.as_ref().unwrap().board;
    board.watched.iter().map(|watched| watched.stage.clone()).collect()
}

#[test]
fn a_look_of_others_is_shown_though_the_file_of_the_case_was_written_anew_beside_it() {
    let mut program = Program::new(120, 36);
    let id = with_components(&mut program, &["api"]);
    let asked = components(program.app.open.as_ref().map(|open| &open.case).unwrap()).remove(0);
    let look = Look { asked, report: Report { errors: vec!["no answer".into()], ..Report::blank("api") } };
    store(&program).keep_looks(&id, std::slice::from_ref(&look)).unwrap();
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    let text = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, text).unwrap();
    program.press("Esc");
    assert_eq!(program.app.open.as_ref().unwrap().board.looks, [look]);
}

#[test]
fn nothing_waits_for_ever_once_nobody_looks_any_more() {
    let mut program = Program::new(120, 36);
    let id = with_components(&mut program, &["api", "web"]);
    program.send(Message::Tick);
    assert_eq!(stages(&program), [Stage::Waiting, Stage::Waiting]);
    // The last look was over in the moment in which those behind it were ended.
    program.send(Message::Scan(Box::new(News::Ended { scope: Scope::Case(id), cancelled: false, failure: None })));
    assert_eq!(stages(&program), [Stage::Resting, Stage::Resting]);
    assert!(program.app.next_look().is_some());
}
