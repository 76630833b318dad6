//! A drill is led from its first step to its last by pressing what the screen says, and typing nothing but codenames.

use std::rc::Rc;

use fixlead::app::key::Key;
use fixlead::app::message::{Effect, Message};
use fixlead::case::EventKind;
use fixlead::case::record::State;
use fixlead::drill::{Drill, LONGEST_ADVICE, Outcome, builtin_drill};
use fixlead::playbook::{BUILTIN, Playbook, builtin};
use fixlead::runtime::drill::Rehearsal;
use fixlead::runtime::world::{Given, World};

use tempfile::TempDir;

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
    drill_in(Rc::new(tempfile::tempdir().expect("a folder")), playbook, columns, rows)
}

fn drill_in(folder: Rc<TempDir>, playbook: &str, columns: u16, rows: u16) -> Drilled {
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
        let words: Vec<&str> = coach.advice.split(' ').take(3).collect();
        assert!(frame.contains(&words.join(" ")), "«{}» is not on the screen:\n{frame}", coach.advice);
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
        assert!(outcome.overridden.is_empty(), "{playbook}: gates open as in a real release: {outcome:?}");
        assert!(outcome.late.is_empty(), "{playbook}: {outcome:?}");
        let first = |kind: EventKind| record.event.iter().position(|event| event.kind == kind);
        let (dated, exposed) = (first(EventKind::AnchorSet), first(EventKind::Exposed));
        assert!(exposed.is_some() && dated < exposed, "{playbook}: nothing is exposed before a date was asked for");
        assert!(drill.refusals > 0, "{playbook}: no step refuses first");
        drill.program.sees("Keep this drill?").press("Enter");
        assert!(drill.program.effects.iter().any(|effect| matches!(effect, Effect::Quit)), "{playbook}");
    }
}

/// What was told by no drill follows from the process; what the program can't see is vouched for or passed.
#[test]
fn a_process_without_a_drill_can_be_rehearsed_too() {
    let folder = Rc::new(tempfile::tempdir().expect("a folder"));
    let playbooks = folder.path().join("config/playbooks");
    std::fs::create_dir_all(&playbooks).expect("a folder");
    let text = builtin("gardener").expect("built in").replacen("id = \"gardener\"", "id = \"own\"", 1);
    std::fs::write(playbooks.join("own.toml"), text).expect("a file");
    let mut drill = drill_in(folder, "own", 120, 36);
    drill.walk();
    let open = drill.program.app.open.as_ref().expect("the case");
    assert_eq!(open.case.record().state, State::Closed);
}

#[test]
fn a_drill_of_ones_own_wins_and_its_faults_are_told_at_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let drills = folder.path().join("config/drills");
    std::fs::create_dir_all(&drills).expect("a folder");
    let dir = |name: &str| Some(folder.path().join(name));
    let given = Given { data_dir: dir("data"), config_dir: dir("config"), now: None };
    let mut world = World::find(given).expect("a world");
    // Nobody is asked by a process of git's: a process that begins holds the locks of other stories for a moment.
    world.config.me = Some("lead".into());
    let own = builtin_drill("emissary").expect("built in").replacen("Gateway", "Door", 1);
    std::fs::write(drills.join("emissary.toml"), &own).expect("a file");
    let rehearsal = Rehearsal::begin(&world, "emissary").expect("a drill");
    assert!(rehearsal.world.drill.as_ref().is_some_and(|drill| drill.title.starts_with("Door")));
    drop(rehearsal);
    let faulty = own.replacen("em.lead.volunteer", "em.lead.volunter", 1).replacen("\"supported\"", "\"all\"", 1);
    std::fs::write(drills.join("emissary.toml"), faulty).expect("a file");
    let error = Rehearsal::begin(&world, "emissary").expect_err("faults").to_string();
    assert!(error.contains("no step em.lead.volunter (did you mean em.lead.volunteer?)"), "{error}");
    assert!(error.contains("«all» is none of supported"), "{error}");
    assert!(!folder.path().join("data/drills").exists(), "nothing is left behind");
}

#[test]
fn each_step_of_each_process_has_its_own_advice() {
    for (id, text) in BUILTIN {
        let playbook = Playbook::parse(text).unwrap_or_else(|faults| panic!("{id}: {faults:?}"));
        let drill = builtin_drill(id).unwrap_or_else(|| panic!("{id} has no drill"));
        let drill = Drill::parse(drill, &playbook).unwrap_or_else(|faults| panic!("{id}: {faults:?}"));
        for step in playbook.steps() {
            let advice = drill.advice.get(&step.id).unwrap_or_else(|| panic!("{} has no advice", step.id));
            assert!((40..=LONGEST_ADVICE).contains(&advice.chars().count()), "{}: {advice}", step.id);
        }
        for fact in &playbook.facts {
            assert!(drill.facts.contains_key(&fact.id), "{id}: no answer to {}", fact.id);
        }
        assert!(drill.link.starts_with("https://example.org/"), "{id}");
        assert_eq!(drill.vector.is_empty(), playbook.cvss.is_none(), "{id}");
    }
}

#[test]
fn the_word_stands_on_every_screen_of_a_drill_at_every_size() {
    for (columns, rows) in [(200, 60), (120, 36), (80, 24), (40, 12), (20, 5), (10, 3), (5, 1)] {
        let mut drill = drill("emissary", columns, rows);
        let program = &mut drill.program;
        let places =
            ["0", "1", "5", "6", "v", "7", "Enter", "Esc", "?", "Esc", ":", "«set a field»", "Enter", "Esc", "1", "q"];
        for keys in places {
            program.press(keys);
            let frame = program.frame();
            assert!(frame.contains("DRILL"), "{columns}x{rows} after {keys}:\n{frame}");
        }
    }
}

#[test]
fn the_clock_goes_to_what_is_next_and_says_what_it_went_past() {
    let mut drill = drill("emissary", 120, 36);
    let program = &mut drill.program;
    program.press(">").sees("Tue 12 Jan 09:12 UTC: «Set the schedule» is due");
    program.press(">").sees("«Set the schedule» is due, not done; others have answered");
    assert_eq!(program.app.now, program.world.now());
    for _ in 0..20 {
        program.press(">");
    }
    program.sees("nothing more is due: the clock stays where it is");
    let late = program.app.open.as_ref().is_some_and(|open| open.view.steps().any(|step| step.overdue));
    assert!(late, "a drill can be lost, too");
}

#[test]
fn outside_of_a_drill_the_clock_is_nobodys_to_move() {
    let mut program = Program::new(120, 36);
    program.press(">").sees("the clock can be moved in a drill only").sees_not("DRILL");
    program.press("D").sees("Rehearse a release").press("Enter");
    assert!(program.effects.iter().any(|effect| matches!(effect, Effect::StartDrill(id) if id == "emissary")));
}

#[test]
fn what_somebody_typed_is_not_written_over_by_the_drill() {
    let mut drill = drill("emissary", 120, 36);
    drill.program.press("x Ctrl-u «my own reason» Esc x").sees("my own reason").sees_not("agreed with a second lead");
    drill.program.press("Esc Down x").sees("agreed with a second lead");
}
