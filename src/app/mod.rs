//! The whole program state, and the one function that changes it.
//!
//! [`App::update`] takes a message and gives back effects; it touches no file, no terminal and no clock, so that any
//! moment can be tested. The runtime carries effects out and answers with messages.

mod acting;
mod adding;
mod asking;
mod available;
pub mod board;
mod branches;
pub mod calculator;
mod case_scores;
pub mod command;
mod copying;
mod drafts;
mod editing;
mod entering;
mod field;
mod filter;
pub mod fleet;
pub mod form;
mod home;
pub mod key;
pub mod keymap;
mod lists;
pub mod message;
mod moving;
mod open_case;
mod overlay;
mod overview;
mod palette;
mod paste;
mod pointing;
mod purpose;
mod rehearsal;
mod run;
mod saving;
mod scanning;
mod scoring;
mod trouble;
mod versions;

pub use home::{Home, Section};
pub use lists::{FactRow, PeopleRow};
pub use open_case::{Card, OpenCase, Pane, Row, SaveState};
pub use overlay::Overlay;
pub use overview::Group;
pub use palette::{Palette, PaletteRow};
pub use pointing::Target;
pub use purpose::Purpose;
pub use rehearsal::Coach;
pub use trouble::Card as TroubleCard;
pub use versions::Versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use calculator::Calculator;
use command::{Command, Place};
use fleet::Fleet;
use form::{Form, FormKey};
use key::Key;
use keymap::{INTERRUPT, KeyMap};
use message::{Effect, Message, Tools};
use saving::Way;
use trouble::Tried;
use versions::GO_BACK;

use crate::case::record::Draft;
use crate::cvss::Version;
use crate::drill::Drill;
use crate::schedule::Zone;

/// The whole state of the program.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that is so or not, and none excludes another")]
pub struct App {
    /// The instant of now.
    pub now: Timestamp,
    /// Who acts.
    pub me: String,
    /// Nobody has said yet who «me» is: it is asked with the first case.
    pub ask_me: bool,
    /// Zones that instants are shown in.
    pub zones: Vec<Zone>,
    /// Ids and names of the processes.
    pub playbooks: Vec<(String, String)>,
    /// Names of the projects.
    pub projects: Vec<String>,
    /// What is rehearsed; none where everything is real.
    pub drill: Option<Arc<Drill>>,
    /// The list of cases.
    pub home: Home,
    /// The case that is open.
    pub open: Option<OpenCase>,
    /// Which key means what.
    pub keys: KeyMap,
    /// A form over the body.
    pub form: Option<Form<Purpose>>,
    /// A filter is being typed.
    pub filtering: bool,
    /// What lies over the body, such as the list of keys.
    pub overlay: Option<Overlay>,
    /// What is wrong with the settings, one line each; shown at home until Esc.
    pub notices: Vec<String>,
    /// What is said at the bottom.
    pub message: Option<Said>,
    /// Marks in ASCII.
    pub ascii: bool,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What was typed into the form for a new case and not carried out yet.
    pub new_case: Vec<Draft>,
    /// The calculator by itself; what was chosen in it stays until the program ends.
    pub calculator: Option<Calculator>,
    /// The version that it begins in: the one that was taken last.
    pub cvss_version: Version,
    /// It is shown, in place of home.
    pub calculating: bool,
    /// Everything that is watched without a case; what is known of it stays until the program ends.
    pub fleet: Fleet,
    /// It is shown, in place of home.
    pub watching: bool,
    /// Nothing but the calculator is shown: Enter takes the vector and ends the program.
    pub alone: bool,
    /// Cases that were left with a copy elsewhere and not saved, and where the copy is.
    pub copies: BTreeMap<String, String>,
    interrupted: Option<Timestamp>,
    /// The case that is being read.
    opening: Option<String>,
    /// Against what a way out was tried, of which it is not known yet what comes of it.
    trying: Option<&'static str>,
    /// The last try that did not help.
    tried: Option<Tried>,
    /// Where to go as soon as what is on its way to the disk has arrived.
    leaving: Option<Way>,
}

/// What is said at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Something went wrong.
    pub bad: bool,
}

impl App {
    /// The program at its start, with nothing read yet.
    #[must_use]
    pub fn new(now: Timestamp, me: String, zones: Vec<Zone>) -> Self {
        Self {
            now,
            me,
            ask_me: false,
            zones,
            playbooks: Vec::new(),
            projects: Vec::new(),
            drill: None,
            home: Home::default(),
            open: None,
            keys: KeyMap::default(),
            form: None,
            filtering: false,
            overlay: None,
            notices: Vec::new(),
            message: None,
            ascii: false,
            size: (80, 24),
            new_case: Vec::new(),
            copies: BTreeMap::new(),
            calculator: None,
            cvss_version: Version::V3_1,
            calculating: false,
            fleet: Fleet::default(),
            watching: false,
            alone: false,
            interrupted: None,
            opening: None,
            trying: None,
            tried: None,
            leaving: None,
        }
    }

    /// Takes a message in; gives back what is to be done in the world.
    pub fn update(&mut self, message: Message, tools: &Tools) -> Vec<Effect> {
        self.now = tools.now;
        let had_form = self.form.is_some();
        let is_answer = matches!(message, Message::Opened(_) | Message::Saved(_) | Message::Home(_));
        let mut effects = self.take(message, tools);
        effects.extend(self.read_sides());
        if !had_form {
            self.fill_form();
        }
        if is_answer {
            self.has_tried(tools.now);
        }
        self.look_after_card();
        self.tell_gone();
        effects.extend(self.look_when_due(tools.now));
        effects
    }

    fn take(&mut self, message: Message, tools: &Tools) -> Vec<Effect> {
        match message {
            Message::Key(key) => return self.key(key, tools),
            Message::Click { target, twice } => return self.click(target, twice, tools),
            Message::Wheel { down } => return self.wheel(down, tools),
            Message::Paste(text) => self.paste(&text, tools),
            Message::Size(columns, rows) => self.resize(columns, rows),
            Message::Tick => self.refresh(tools),
            Message::Edited(edited) => return self.take_edited(edited),
            Message::Pause => return self.keep_typing(),
            Message::Home(rows) => self.take_home(rows),
            Message::Opened(opened) => return self.take_opened(opened, tools),
            Message::Created(created) => return self.take_created(created),
            Message::Saved(saved) => return self.take_saved(*saved, tools),
            Message::Changed(changed) => return self.take_changed(*changed, tools),
            Message::Looked { id, looks } => self.take_looks(&id, looks, tools),
            Message::Scan(news) => return self.take_news(*news, tools),
            Message::Sides(sides) => self.take_sides(*sides),
            Message::Fleet(read) => return self.take_fleet(*read, tools),
            Message::CaseOf { component, case } => return self.take_case_of(&component, case.as_deref()),
            Message::Overtaken(trouble) => self.take_overtaken(*trouble),
            Message::Questions { id, left } => self.take_questions(&id, left),
            Message::Versions { id, versions } => self.take_versions(id, versions),
            Message::Elsewhere { place, is_memory } => self.ask_for_place(&place, is_memory),
            Message::Copied { case, place, failure } => self.take_copied(&case, &place, failure),
            Message::Playbook { id, to } => return self.take_playbook(&id, to, tools),
            Message::Notice(text) => self.say(text),
            Message::Fault => self.complain("a fault in the program itself: it ends"),
        }
        Vec::new()
    }

    /// The terminal has this many columns and rows.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.fit_calculator();
    }

    /// Where keys are looked up now.
    #[must_use]
    pub fn place(&self) -> Place {
        let Some(open) = &self.open else {
            return match self.shows_fleet() {
                _ if self.calculating => Place::Calculator,
                true if self.fleet.inside => Place::Branches,
                true => Place::Fleet,
                false => Place::Home,
            };
        };
        match open.pane {
            Pane::Overview | Pane::Checklist if open.card.is_some() => Place::Card,
            Pane::Overview | Pane::Checklist => Place::Checklist,
            Pane::Branches => Place::Branches,
            Pane::Score => Place::Score,
            Pane::People => Place::People,
            Pane::Timeline => Place::Timeline,
            Pane::Facts => Place::Facts,
        }
    }

    /// Says something at the bottom.
    pub fn say(&mut self, text: impl Into<String>) {
        self.message = Some(Said { text: text.into(), bad: false });
    }

    /// Says that something went wrong.
    pub fn complain(&mut self, text: impl Into<String>) {
        self.message = Some(Said { text: text.into(), bad: true });
    }

    fn key(&mut self, key: Key, tools: &Tools) -> Vec<Effect> {
        if key == INTERRUPT {
            return self.interrupt(tools);
        }
        self.interrupted = None;
        self.leaving = None;
        // The terminal's own keys are no text, whatever is open.
        if let Some(command @ (Command::Suspend | Command::Redraw)) = self.keys.command(key, self.place())
            && key.ctrl
        {
            return self.run(command, tools);
        }
        if self.overlay.is_some() {
            return self.overlay_key(key, tools);
        }
        if self.form.is_some() {
            return self.form_key(key, tools);
        }
        self.message = None;
        if self.filtering {
            return self.filter_key(key, tools);
        }
        if self.choose_by_letter(key) {
            return Vec::new();
        }
        // The key of the list of versions and of the card goes back to the version that is looked at as well.
        if key == GO_BACK
            && let Some((id, version)) = self.looked_at()
        {
            self.ask_to_go_back(id, &version);
            return Vec::new();
        }
        let Some(command) = self.keys.command(key, self.place()) else {
            let why = self.no_value(key).unwrap_or_else(|| format!("{key} has no meaning here: ? lists the keys"));
            self.say(why);
            return Vec::new();
        };
        self.run(command, tools)
    }

    /// Ctrl-c closes what is open; twice within two seconds it leaves.
    fn interrupt(&mut self, tools: &Tools) -> Vec<Effect> {
        let again = self.interrupted.is_some_and(|before| (tools.now.as_second() - before.as_second()) <= 2);
        if again {
            self.interrupted = None;
            return self.leave();
        }
        self.interrupted = Some(tools.now);
        self.filtering = false;
        let effects = if self.overlay.take().is_none() { self.leave_form() } else { Vec::new() };
        self.say(if self.alone { "Ctrl-c once more leaves" } else { "Ctrl-c once more saves and leaves" });
        effects
    }

    fn form_key(&mut self, key: Key, tools: &Tools) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        form.error = None;
        let focus = form.focus;
        match form.key(key) {
            FormKey::Taken if form.focus == focus => Vec::new(),
            FormKey::Taken => self.keep_typing(),
            FormKey::Edit => self.edit_outside(),
            FormKey::Close => self.leave_form(),
            FormKey::Submit => self.submit(tools),
        }
    }

    fn refresh(&mut self, tools: &Tools) {
        self.pass_time_of_fleet(tools.now);
        if let Some(open) = &mut self.open {
            open.refresh(tools.now, &|name| (tools.find_zone)(name));
        }
    }

    fn take_home(&mut self, rows: Result<Vec<message::HomeRow>, String>) {
        let selected = self.home.selected().map(|row| row.id.clone());
        match rows {
            Ok(rows) => {
                self.home.rows = Some(rows);
                self.home.error = None;
            }
            Err(error) => self.home.error = Some(error),
        }
        if let Some(id) = selected {
            self.home.select(&id);
        }
        self.home.clamp();
    }

    /// Runs a command, or says why it can't be run.
    pub fn run(&mut self, command: Command, tools: &Tools) -> Vec<Effect> {
        match self.available(command) {
            Ok(()) if leaves_pane(command) => {
                // What was chosen is on its way to the disk before anything else happens.
                let kept = self.keep_choices();
                kept.into_iter().chain(self.carry_out(command, tools)).collect()
            }
            Ok(()) => self.carry_out(command, tools),
            Err(why) => {
                self.complain(why);
                Vec::new()
            }
        }
    }
}

/// Does a command lead to another pane, case, or out?
fn leaves_pane(command: Command) -> bool {
    matches!(
        command,
        Command::Back
            | Command::Escape
            | Command::NextPane
            | Command::PreviousPane
            | Command::PaneOverview
            | Command::PaneChecklist
            | Command::PaneBranches
            | Command::PanePeople
            | Command::PaneTimeline
            | Command::PaneFacts
            | Command::NextCase
            | Command::PreviousCase
            | Command::Suspend
    )
}
