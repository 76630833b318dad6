//! A drill is led from its first step to its last by pressing what the screen says, and typing nothing but codenames.

use std::rc::Rc;

use fixlead::app::key::Key;
use fixlead::app::message::{Effect, Message};
use fixlead::case::record::State;
use fixlead::drill::Outcome;
use fixlead::playbook::BUILTIN;
use fixlead::runtime::drill::Rehearsal;
use fixlead::runtime::world::{Given, World};

use super::harness::Program;

/// Keys after which a newcomer would have given up.
const MOST_KEYS: usize = 220;

struct Drilled {
    program: Program,
    _rehearsal: Rehearsal,
    /// What was pressed.
    keys: Vec<String>,
    /// Refusals that were met.
    refusals: usize,
}

fn drill(playbook: &str, columns: u16, rows: u16) -> Drilled {
    let folder = Rc::new(tempfile::tempdir().expect("a folder"));
    let dir = |name: &str| Some(folder.path().join(name));
    let given = Given { data_dir: dir("data"), config_dir: dir("config"), now: None };
    let mut real = World::find(given).expect("a world");
    real.config.me = Some("lead".into());
    let rehearsal = Rehearsal::begin(&real, playbook).expect("a drill");
    let mut program = Program::of(rehearsal.world.clone(), folder, columns, rows);
    program.press("Enter");
    Drilled { program, _rehearsal: rehearsal, keys: Vec::new(), refusals: 0 }
}

impl Drilled {
    /// Presses what the coach says; false once that ends the drill.
    fn follow(&mut self) -> bool {
        let coach = self.program.app.coach().expect("a drill has a coach");
        let frame = self.program.frame();
        assert!(frame.contains(&coach.key), "«{}» is not on the screen:\n{frame}", coach.key);
        if std::env::var_os("TRACE").is_some() {
            let app = &self.program.app;
            let row = app.open.as_ref().and_then(|open| open.selected_step()).map(|(step, _)| step.id.clone());
            let next = app.open.as_ref().and_then(|open| open.selected_next()).map(|next| next.title.clone());
            let form = app.form.as_ref().map(|form| form.title.clone());
            let said = app.message.as_ref().map(|said| said.text.clone());
            let card = app.open.as_ref().and_then(|open| open.card.as_ref()).map(|card| format!("{:?}", card.missing));
            println!("{:10} {row:?} {next:?} {form:?} {card:?} | {said:?}", coach.key);
        }
        self.keys.push(coach.key.clone());
        match Key::parse(&coach.key) {
            Some(key) => self.program.send(Message::Key(key)),
            None => {
                self.program.press(&format!("«{}»", coach.key));
            }
        }
        if self.program.app.open.as_ref().is_some_and(|open| open.card.is_some()) {
            self.refusals += 1;
        }
        coach.key != "q"
    }

    fn walk(&mut self) {
        while self.follow() {
            assert!(self.keys.len() < MOST_KEYS, "{:?}\n{}", self.keys, self.program.frame());
        }
    }
}

#[test]
fn what_the_screen_says_leads_each_drill_from_its_first_step_to_its_last() {
    for (playbook, _) in BUILTIN {
        let mut drill = drill(playbook, 120, 36);
        drill.walk();
        let open = drill.program.app.open.as_ref().expect("the case");
        let record = open.case.record();
        assert_eq!(record.state, State::Closed, "{playbook}");
        let left: Vec<&str> =
            open.view.steps().filter(|step| step.is_open() && !step.standing).map(|step| step.id.as_str()).collect();
        assert!(left.is_empty(), "{playbook}: {left:?} are open");
        let outcome = Outcome::of(record, open.case.playbook());
        println!(
            "{playbook}: {} keys, {} refusals, {outcome:?}\n{}",
            drill.keys.len(),
            drill.refusals,
            drill.keys.join(" ")
        );
        assert!(outcome.overridden.is_empty(), "{playbook}: gates open as in a real release: {outcome:?}");
        assert!(outcome.late.is_empty(), "{playbook}: {outcome:?}");
        assert!(drill.refusals > 0, "{playbook}: no step refuses first");
        drill.program.sees("Keep this drill?").press("Enter");
        assert!(drill.program.effects.iter().any(|effect| matches!(effect, Effect::Quit)), "{playbook}");
    }
}
