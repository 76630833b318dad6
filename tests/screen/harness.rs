//! The whole program but its terminal: keys as text go in, the frame as text comes out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use fixlead::app::key::Key;
use fixlead::app::message::{Effect, Message, Tools};
use fixlead::app::{App, Target};
use fixlead::runtime::begin::{app, tools};
use fixlead::runtime::desk::Desk;
use fixlead::runtime::pointer::Pointer;
use fixlead::runtime::world::{Given, World};
use fixlead::ui::{self, Targets, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;

pub const NOW: &str = "2026-11-24T13:00:00Z";

pub struct Program {
    pub app: App,
    pub world: World,
    pub theme: Theme,
    pub effects: Vec<Effect>,
    /// The desk does nothing until it is told to: see [`Program::desk_does_one`].
    pub slow: bool,
    asked: VecDeque<Effect>,
    answered: VecDeque<Message>,
    desk: Desk,
    terminal: Terminal<TestBackend>,
    /// What can be clicked on the frame that was drawn last.
    targets: Targets,
    pointer: Pointer,
    /// When the last click was; it never waits.
    clicked: Instant,
    pub folder: std::rc::Rc<TempDir>,
}

impl Program {
    pub fn new(columns: u16, rows: u16) -> Self {
        Self::over(std::rc::Rc::new(tempfile::tempdir().expect("a folder")), columns, rows)
    }

    /// A program over a data folder that another one may use as well.
    pub fn over(folder: std::rc::Rc<TempDir>, columns: u16, rows: u16) -> Self {
        let given = Given {
            data_dir: Some(folder.path().join("data")),
            config_dir: Some(folder.path().join("config")),
            now: Some(NOW.parse().expect("an instant")),
        };
        let mut world = World::find(given).expect("a world");
        world.config.me.get_or_insert_with(|| "lead".into());
        world.config.zones = vec!["Europe/Berlin".into()];
        Self::of(world, folder, columns, rows)
    }

    /// A program in a world of its own, such as a drill's.
    pub fn of(world: World, folder: std::rc::Rc<TempDir>, columns: u16, rows: u16) -> Self {
        let desk = Desk::new(world.clone()).expect("a data folder");
        let mut app = app(&world);
        match desk.kept_new_case() {
            Ok(kept) => app.new_case = kept,
            Err(why) => app.notices.push(why),
        }
        app.size = (columns, rows);
        let terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a backend");
        let (effects, asked, answered) = (Vec::new(), VecDeque::new(), VecDeque::new());
        let (theme, targets, pointer) = (Theme::default(), Targets::default(), Pointer::default());
        let (slow, clicked) = (false, Instant::now());
        let mut program = Self {
            app,
            world,
            theme,
            effects,
            slow,
            asked,
            answered,
            desk,
            terminal,
            targets,
            pointer,
            clicked,
            folder,
        };
        program.carry_out(vec![Effect::LoadHome]);
        program
    }

    /// The same program, started once more: its settings are read anew.
    pub fn start_again(&mut self) {
        let size = self.app.size;
        *self = Self::over(self.folder.clone(), size.0, size.1);
    }

    pub fn tools(&self) -> Tools {
        tools(&self.world)
    }

    /// The clock of the screen goes on to an instant; the desk's stands still.
    pub fn at(&mut self, now: &str) -> &mut Self {
        self.world.set_now(now.parse().expect("an instant"));
        self.send(Message::Tick);
        self
    }

    pub fn send(&mut self, message: Message) {
        let tools = self.tools();
        let effects = self.app.update(message, &tools);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.effects.push(effect.clone());
            if let Effect::SetClock(now) = effect {
                self.world.set_now(now);
            }
            if self.slow {
                self.asked.push_back(effect);
                continue;
            }
            if let Some(message) = self.desk.carry_out(effect) {
                self.send(message);
            }
        }
    }

    /// The desk carries out what it was asked for first; its answer is not heard yet. False if nothing is asked.
    pub fn desk_does_one(&mut self) -> bool {
        let Some(effect) = self.asked.pop_front() else { return false };
        self.answered.extend(self.desk.carry_out(effect));
        true
    }

    /// The screen hears the first answer. False if there is none.
    pub fn hear_one(&mut self) -> bool {
        let Some(message) = self.answered.pop_front() else { return false };
        self.send(message);
        true
    }

    /// Everything that is on its way arrives.
    pub fn settle(&mut self) {
        let arrived = (0..1_000).any(|_| !self.hear_one() && !self.desk_does_one());
        assert!(arrived, "the screen and the desk never come to rest");
    }

    /// Presses keys, written as `n «a title» Enter`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in Key::parse_all(keys).unwrap_or_else(|| panic!("«{keys}» are no keys")) {
            let open = self.app.open.as_ref().map(|open| open.case.record().id.clone());
            self.send(Message::Key(key));
            self.carry_out(open.map(Effect::Look).into_iter().collect());
        }
        self
    }

    /// The frame with its styles.
    pub fn buffer(&mut self) -> &Buffer {
        let (app, tools, theme) = (&self.app, tools(&self.world), &self.theme);
        let targets = &mut self.targets;
        self.terminal.draw(|frame| *targets = ui::draw(frame, app, &tools, theme)).expect("a frame");
        self.terminal.backend().buffer()
    }

    /// Clicks on the first place that shows a text.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let (column, row) = self.place_of(text);
        self.click_at(column, row, 1_000);
        self
    }

    /// Clicks on the first place that shows a text, and once more on the same cell, whatever it shows by then.
    pub fn double_click(&mut self, text: &str) -> &mut Self {
        let (column, row) = self.place_of(text);
        self.click_at(column, row, 1_000);
        self.click_at(column, row, 100);
        self
    }

    /// A click so many milliseconds after the last; what lay there when it came.
    pub fn click_at(&mut self, column: u16, row: u16, after: u64) -> Option<Target> {
        self.buffer();
        self.clicked += Duration::from_millis(after);
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        if let Some(message) = self.pointer.message(event, &self.targets, self.clicked) {
            self.send(message);
        }
        self.targets.at(column, row)
    }

    fn place_of(&mut self, text: &str) -> (u16, u16) {
        let frame = self.frame();
        let place = frame.lines().enumerate().find_map(|(row, line)| line.find(text).map(|at| (row, &line[..at])));
        let (row, before) = place.unwrap_or_else(|| panic!("«{text}» is not on the screen:\n{frame}"));
        let cell = |count: usize| u16::try_from(count).expect("a cell");
        (cell(before.chars().count()), cell(row))
    }

    /// The frame as text, one line a row, without the blanks at the ends.
    pub fn frame(&mut self) -> String {
        let buffer = self.buffer();
        let rows = (0..buffer.area.height).map(|y| {
            let row: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
            row.trim_end().to_owned()
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    /// Asserts that the frame shows a text.
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let frame = self.frame();
        assert!(frame.contains(text), "«{text}» is not on the screen:\n{frame}");
        self
    }

    /// Asserts that the frame does not show a text.
    pub fn sees_not(&mut self, text: &str) -> &mut Self {
        let frame = self.frame();
        assert!(!frame.contains(text), "«{text}» is on the screen:\n{frame}");
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.terminal.backend_mut().resize(columns, rows);
        self.send(Message::Size(columns, rows));
    }

    /// Starts a case of a process, by its place in the list.
    pub fn start(&mut self, title: &str, process: usize) -> String {
        let down = "Down ".repeat(process);
        self.press(&format!("n «{title}» Enter {down} Enter Enter"));
        self.codename()
    }

    pub fn codename(&self) -> String {
        self.app.open.as_ref().expect("a case is open").case.record().id.clone()
    }

    /// Moves the cursor to a step as a person would: from the top, unfolding what is folded.
    pub fn go_to(&mut self, step: &str) -> &mut Self {
        self.press("1 g");
        for _ in 0..200 {
            let open = self.app.open.as_ref().expect("a case is open");
            if open.selected_step().is_some_and(|(selected, item)| selected.id == step && item.is_none()) {
                return self;
            }
            let folded = matches!(open.row(), Some(fixlead::app::Row::Phase(_)));
            self.press(if folded { "Right Down" } else { "Down" });
        }
        panic!("{step} is not in the list");
    }

    /// What lies in the file of the case.
    pub fn file(&self, id: &str) -> String {
        let path = self.folder.path().join("data/cases").join(id).join("case.toml");
        std::fs::read_to_string(path).expect("the case file")
    }
}
