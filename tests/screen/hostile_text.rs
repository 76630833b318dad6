//! Hostile text on every screen: nothing of it is more than text, and nothing beside it moves.
//!
//! Each frame goes to a terminal by the very bytes that the program writes; what the terminal then shows in each cell is
//! compared with what was meant for it, and every byte is read strictly.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use fixlead::app::message::Message;
use fixlead::case::Action;
use fixlead::case::record::Record;
use fixlead::runtime::world::act;
use fixlead::store::Store;
use fixlead::ui;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::harness::Program;
use crate::corpus::{BYTES, SHOWN, names, short_texts, texts};
use crate::hostile::{config, nonsense, playbook, poison};
use crate::output::faults_of_screen;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];

/// What is written to a terminal.
#[derive(Clone, Default)]
struct Wire(Rc<RefCell<Vec<u8>>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal at the end of the wire.
struct Glass {
    wire: Wire,
    terminal: Terminal<CrosstermBackend<Wire>>,
    shown: vt100::Parser,
    frames: usize,
}

impl Glass {
    fn new((columns, rows): (u16, u16)) -> Self {
        let wire = Wire::default();
        let area = Rect::new(0, 0, columns, rows);
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let terminal = Terminal::with_options(CrosstermBackend::new(wire.clone()), options).expect("a terminal");
        let count = |count: u16| std::num::NonZero::new(count).expect("a size");
        Self { wire, terminal, shown: vt100::Parser::new(count(rows), count(columns), 0), frames: 0 }
    }

    /// Draws what the program shows now; the frame as text.
    #[track_caller]
    fn look(&mut self, program: &mut Program, place: &str) -> String {
        let tools = program.tools();
        let draw = |frame: &mut ratatui::Frame<'_>| drop(ui::draw(frame, &program.app, &tools, &program.theme));
        let buffer = self.terminal.draw(draw).expect("a frame").buffer.clone();
        let bytes = std::mem::take(&mut *self.wire.0.borrow_mut());
        assert_eq!(faults_of_screen(&bytes, 0, 0), Vec::<String>::new(), "{place}: {}", program.frame());
        self.shown.process(&bytes);
        self.frames += 1;
        let shown = self.shown.screen();
        for y in 0..buffer.area.height {
            let mut x = 0;
            while x < buffer.area.width {
                let meant = buffer[(x, y)].symbol();
                let width = u16::try_from(fixlead::text::width(meant).max(1)).expect("a width");
                let cells = (x..x + width).filter_map(|x| shown.cell(y, x));
                let cells: String = cells.map(vt100::Cell::contents).collect();
                let cells = if cells.is_empty() { " " } else { &cells };
                assert_eq!(cells, meant, "{place}: row {y}, column {x} of\n{}", shown.contents());
                x += width;
            }
        }
        shown.contents()
    }
}

/// Every pane of the open case, top to bottom, and what lies over it. What was seen, in one text.
fn walk(program: &mut Program, glass: &mut Glass) -> String {
    let mut seen = String::new();
    for pane in ["0", "1", "5", "6", "7", "v"] {
        program.press(if pane == "v" { "6 v" } else { pane }).press("g");
        let rows = if pane == "1" { 60 } else { 40 };
        for _ in 0..rows {
            seen += &glass.look(program, pane);
            // Phases of a checklist are folded.
            let folded = matches!(
                program.app.open.as_ref().and_then(fixlead::app::OpenCase::row),
                Some(fixlead::app::Row::Phase(_))
            );
            program.press(if pane == "1" && folded { "Right Down" } else { "Down" });
        }
        if pane == "v" {
            program.press("v");
        }
    }
    for keys in
        ["?", "Esc :", "Esc 1 g Enter", "Esc 1 n", "Esc 1 w", "Esc 5 a", "Esc 7 Enter", "Esc /", "Esc Esc l", "Esc"]
    {
        program.press(keys);
        seen += &glass.look(program, keys);
    }
    seen
}

/// A program on a case that somebody else has filled.
fn on_a_hostile_case(size: (u16, u16), first: usize) -> Program {
    let mut program = Program::new(size.0, size.1);
    let id = program.start("A title", first % 6);
    let case = &program.app.open.as_ref().expect("open").case;
    let mut record: Record = case.record().clone();
    poison(&mut record, case.playbook(), &texts(), first);
    let path = program.folder.path().join("data/cases").join(&id).join("case.toml");
    std::fs::write(path, toml::to_string(&record).expect("TOML")).expect("written");
    program.start_again();
    program
}

#[test]
fn a_case_full_of_hostile_text_is_shown_in_every_pane_and_nothing_moves() {
    let mut seen = String::new();
    for (first, size) in [(0, SIZES[1]), (17, SIZES[0])] {
        let mut program = on_a_hostile_case(size, first);
        let mut glass = Glass::new(size);
        seen += &glass.look(&mut program, "home");
        program.press("Enter");
        seen += &walk(&mut program, &mut glass);
    }
    for (name, _) in texts() {
        assert!(seen.contains(&format!("{SHOWN}{name}")), "{name} was never on the screen");
    }
    for told in ["<1B>[31;5mred", "<202E>", "<9B>", "<200B>"] {
        assert!(seen.contains(told), "{told} was never on the screen");
    }
}

/// A file below the folder of a program, which then starts again.
fn with_file(program: &mut Program, name: &str, bytes: impl AsRef<[u8]>) {
    let path = program.folder.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, bytes).expect("written");
    program.start_again();
}

/// What is said of settings stands above the cases, as much of it as there is room for.
#[test]
fn settings_full_of_hostile_text_are_told_at_home() {
    let texts = short_texts();
    for size in SIZES {
        let mut seen = String::new();
        for some in texts.chunks(3) {
            let mut program = Program::new(size.0, size.1);
            let mut glass = Glass::new(size);
            for settings in [config(some), nonsense(some)] {
                with_file(&mut program, "config/config.toml", settings);
                seen += &glass.look(&mut program, "settings");
            }
        }
        assert!(seen.contains("h-colour <1B>[31;5mred"), "{seen}");
    }
    let mut program = Program::new(80, 24);
    let mut glass = Glass::new(SIZES[0]);
    for (name, bytes) in BYTES {
        with_file(&mut program, "config/config.toml", [b"me = \"", *bytes, b"\""].concat());
        glass.look(&mut program, name);
    }
}

#[test]
fn a_process_full_of_hostile_text_is_shown_in_every_pane_of_a_case() {
    let texts = short_texts();
    for (first, size) in [(0, SIZES[0]), (23, SIZES[1])] {
        let mut program = Program::new(size.0, size.1);
        let mut glass = Glass::new(size);
        with_file(&mut program, "config/playbooks/emissary.toml", playbook("emissary", &texts, first));
        program.press("n");
        glass.look(&mut program, "new case");
        program.press("Esc");
        program.start("A title", 0);
        let seen = walk(&mut program, &mut glass);
        assert!(texts.iter().filter(|(name, _)| seen.contains(&format!("{SHOWN}{name}"))).count() > 30, "{seen}");
    }
}

/// Folders of cases with hostile names, and case files of which nothing can be read.
#[test]
fn folders_and_files_that_are_no_cases_are_shown_at_home() {
    let mut program = Program::new(120, 36);
    let mut glass = Glass::new(SIZES[1]);
    for (_, name) in names() {
        with_file(&mut program, &format!("data/cases/{name}/case.toml"), &name);
    }
    for (name, bytes) in BYTES {
        with_file(&mut program, &format!("data/cases/{name}/case.toml"), bytes);
    }
    for _ in 0..70 {
        glass.look(&mut program, "home");
        program.press("Down");
    }
    program.press("Enter");
    glass.look(&mut program, "a case that can't be read");
}

/// Cards and older versions: two sides that disagree in hostile words, then a file of which nothing can be read.
#[test]
fn the_ways_out_of_a_conflict_and_of_damage_show_hostile_text_as_text() {
    let texts = short_texts();
    for (place, some) in texts.chunks(6).enumerate() {
        let size = SIZES[place % 2];
        let mut program = Program::new(size.0, size.1);
        let id = program.start("A title", 0);
        program.press("q");
        let store = Store::open(&program.folder.path().join("data")).expect("the cases");
        let base = store.load(&id).expect("a case");
        let (mut mine, mut theirs) = (base.case.clone(), base.case.clone());
        for (side, text) in [(&mut mine, &some[0].1), (&mut theirs, &some[some.len() - 1].1)] {
            let now = "2026-12-03T17:00:00Z".parse().expect("an instant");
            act(side, Action::set("lead", text), now, text).expect("it is set");
        }
        store.save(&base, &theirs).expect("saved");
        store.save(&base, &mine).expect("merged");
        program.start_again();
        let mut glass = Glass::new(size);
        let mut seen = String::new();
        for keys in ["r", "Enter", "Down", "Esc", "o", "Esc", "V", "Down", "Enter", "Esc", "q"] {
            program.press(keys);
            seen += &glass.look(&mut program, keys);
        }
        for (name, _) in [&some[0], &some[some.len() - 1]] {
            assert!(seen.contains(&format!("{SHOWN}{name}")), "both sides are told: {seen}");
        }
        with_file(&mut program, &format!("data/cases/{id}/case.toml"), BYTES[place % BYTES.len()].1);
        for keys in ["r", "Enter", "Down", "Esc", "V", "Esc"] {
            program.press(keys);
            glass.look(&mut program, keys);
        }
    }
}

#[test]
fn what_is_typed_and_pasted_is_text_in_every_field() {
    let (columns, rows) = SIZES[0];
    let enter = |program: &mut Program, text: &str| {
        program.send(Message::Paste(text.to_owned()));
        for c in text.chars().take(60) {
            program.send(Message::Key(fixlead::app::key::Key::plain(fixlead::app::key::Code::Char(c))));
        }
    };
    let mut glass = Glass::new(SIZES[0]);
    let mut program = Program::new(columns, rows);
    for ((name, text), keys) in texts().into_iter().zip(["n", ":", "/"].into_iter().cycle()) {
        program.press(keys);
        enter(&mut program, &text);
        glass.look(&mut program, name);
        program.press("Left Left Home");
        glass.look(&mut program, name);
        program.press("Esc Esc");
    }
    let mut program = Program::new(columns, rows);
    program.start("A title", 0);
    for (name, text) in short_texts() {
        program.press("1 n");
        enter(&mut program, &text);
        glass.look(&mut program, name);
        program.press("Up Home Right Right");
        glass.look(&mut program, name);
        program.press("Tab Enter Esc Esc");
    }
}

/// What is typed comes letter by letter, in many scripts marks as keys of their own.
#[test]
fn marks_that_are_typed_stand_on_their_letters() {
    let mut program = Program::new(80, 24);
    program.press("n");
    for c in "Thái นี่ e\u{301}\u{202e}".chars() {
        program.send(Message::Key(fixlead::app::key::Key::plain(fixlead::app::key::Code::Char(c))));
    }
    program.sees("Thái นี่ e\u{301}<202E>");
}
