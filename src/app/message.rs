//! What comes in, and what is asked of the world in return.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Target;
use super::key::Key;
use crate::case::record::{Draft, LeakExtent};
use crate::case::{Case, Summary, SwitchTo};
use crate::playbook::Value;
use crate::schedule::Zone;

/// What every update is given: values, so that any moment can be tested.
#[derive(Clone, Copy)]
pub struct Tools {
    /// The instant of now, in whole seconds.
    pub now: Timestamp,
    /// Finds a zone by its name.
    pub find_zone: fn(&str) -> Option<TimeZone>,
    /// Gives fresh random ids.
    pub new_id: fn() -> String,
}

/// What comes in.
#[derive(Debug)]
pub enum Message {
    /// A key.
    Key(Key),
    /// Something was clicked.
    Click {
        /// What lay under the pointer.
        target: Target,
        /// For the second time within a moment.
        twice: bool,
    },
    /// The wheel moved by a notch.
    Wheel {
        /// Towards the end of the list.
        down: bool,
    },
    /// Pasted text.
    Paste(String),
    /// The terminal has this many columns and rows.
    Size(u16, u16),
    /// Time has passed.
    Tick,
    /// The person's editor ended: the text that it left, or why the old one stays.
    Edited(Result<String, String>),
    /// Nothing was typed for two seconds.
    Pause,
    /// The list of cases.
    Home(Result<Vec<HomeRow>, String>),
    /// A case was read.
    Opened(Result<Box<Opened>, String>),
    /// A case was made.
    Created(Result<String, String>),
    /// A save ended.
    Saved(Box<Saved>),
    /// Somebody else changed the file of the case that is open.
    Changed(Box<Changed>),
    /// The process that a case is to switch to was found.
    Playbook {
        /// Codename.
        id: String,
        /// The process.
        to: Box<SwitchTo>,
    },
    /// Something to say at the bottom.
    Notice(String),
    /// There was a fault in the program itself, after which it ends.
    Fault,
}

/// One case of home.
#[derive(Clone, Debug, PartialEq)]
pub struct HomeRow {
    /// Codename.
    pub id: String,
    /// Its summary, or why it can't be read.
    pub summary: Result<Summary, String>,
    /// What its process needs and its project has not set, one line each.
    pub unset: Vec<String>,
}

/// A case that was read.
#[derive(Debug)]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// Why it can't be changed, if it can't.
    pub read_only: Option<String>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// UTC, the lead's zones and the project's.
    pub zones: Vec<Zone>,
}

/// The file of the case that is open was changed by somebody else.
#[derive(Debug)]
pub struct Changed {
    /// What the screen knew of the file.
    pub before: Case,
    /// What lies in it now.
    pub after: Case,
    /// Why it can't be changed any more.
    pub read_only: Option<String>,
}

/// How a save ended.
#[derive(Debug)]
pub struct Saved {
    /// What was handed to the save.
    pub sent: Case,
    /// What lies in the file now, as far as it is known.
    pub stored: Option<Case>,
    /// Why it is not saved, or not for good.
    pub failure: Option<String>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// Why the case can't be changed any more.
    pub read_only: Option<String>,
}

/// What is asked of the world.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read the list of cases.
    LoadHome,
    /// Read a case and hold it open.
    Open(String),
    /// Let go of the case that is open.
    Release,
    /// Save the case that is open.
    Save(Box<Case>),
    /// Keep what was typed into the form for a new case; nothing of it drops what was kept.
    KeepNewCase(Vec<Draft>),
    /// Make a case.
    Create(Box<NewCaseRequest>),
    /// Look whether somebody else changed the file of this case.
    Look(String),
    /// Put the playbook of another process beside a case, so that it can switch to it.
    Switch {
        /// Codename.
        id: String,
        /// Id of the playbook.
        playbook: String,
    },
    /// Write the hand-over bundle of the case that is open.
    WriteBundle(String),
    /// Remember who «me» is.
    RememberMe(String),
    /// Let the person edit this text, of the field in focus, in an editor of their own.
    Edit(String),
    /// Hand a text to the clipboard of the terminal. Only the key that copies asks for this.
    Copy(String),
    /// Draw everything anew.
    Redraw,
    /// The simulated clock stands at this instant.
    SetClock(Timestamp),
    /// Leave for a rehearsal of this process.
    StartDrill(String),
    /// The rehearsal stays on the disk when it ends.
    KeepDrill,
    /// Suspend the program.
    Suspend,
    /// Leave.
    Quit,
}

/// What a new case begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct NewCaseRequest {
    /// Title.
    pub title: String,
    /// Id of the playbook.
    pub playbook: String,
    /// Name of the project.
    pub project: Option<String>,
    /// When the report came in.
    pub reported: Option<Timestamp>,
    /// Answers that are known from the start.
    pub facts: Vec<(String, Option<Value>)>,
    /// Who «me» is, where it was asked.
    pub me: Option<String>,
}

/// How much leaked, as a form offers it.
pub(super) const LEAK_EXTENTS: [(&str, &str, LeakExtent); 2] =
    [("partial", "Something got out", LeakExtent::Partial), ("full", "Everything got out", LeakExtent::Full)];
