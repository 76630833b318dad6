//! What comes in, and what is asked of the world in return.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Target;
use super::board::scan::{News, Scan, Sides, SidesWanted};
use super::key::Key;
use crate::case::record::{Draft, LeakExtent};
use crate::case::{Action, Case, Question, Summary, SwitchTo, Trouble, Version};
use crate::config::Watch;
use crate::divergence::{Component, Look};
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
    /// What is being typed is to be kept, two seconds after the first letter that is not.
    Pause,
    /// The list of cases.
    Home(Result<Vec<HomeRow>, String>),
    /// A case was read.
    Opened(Result<Box<Opened>, Box<NotOpened>>),
    /// A case was made.
    Created(Result<String, String>),
    /// A save ended.
    Saved(Box<Saved>),
    /// Somebody else changed the file of the case that is open.
    Changed(Box<Changed>),
    /// Somebody has looked at the repositories of the case that is open.
    Looked {
        /// Codename.
        id: String,
        /// What was found.
        looks: Vec<Look>,
    },
    /// What is told of looks that are under way.
    Scan(Box<News>),
    /// The commits of a branch were read.
    Sides(Box<Sides>),
    /// The file of what is watched was read.
    Fleet(Box<FleetRead>),
    /// The case of a component was sought.
    CaseOf {
        /// Its name.
        component: String,
        /// Codename of the case; none if no case has it.
        case: Option<String>,
    },
    /// The stored case was deleted or damaged while it is open.
    Overtaken(Box<Trouble>),
    /// What is still to be decided of a case, after something was.
    Questions {
        /// Codename.
        id: String,
        /// What is open; or why the decision could not be kept.
        left: Result<Vec<Question>, String>,
    },
    /// The older versions of a case.
    Versions {
        /// Codename.
        id: String,
        /// The newest first; or why they can't be read.
        versions: Result<Vec<Version>, String>,
    },
    /// Where a copy of the case that is open could go.
    Elsewhere {
        /// A new name in that place; blank if no place is known.
        place: String,
        /// What lies there is gone when the machine is switched off.
        is_memory: bool,
    },
    /// A copy of this version was written to a place; or why not.
    Copied {
        /// What was copied.
        case: Box<Case>,
        /// Where.
        place: String,
        /// Why it was not.
        failure: Option<String>,
    },
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

/// What was read of what is watched.
#[derive(Debug)]
pub struct FleetRead {
    /// Where the file is, or would be.
    pub place: String,
    /// What it says.
    pub watch: Result<Watch, Unwatched>,
}

/// Why nothing can be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwatched {
    /// There is no such file.
    Missing,
    /// It can't be used: why, one line each.
    Faulty(Vec<String>),
}

impl Unwatched {
    /// The first of it, in a line.
    #[must_use]
    pub fn line(&self, place: &str) -> String {
        match self {
            Self::Missing => format!("there is no file {place}"),
            Self::Faulty(lines) => lines.join("; "),
        }
    }
}

/// One case of home.
#[derive(Clone, Debug, PartialEq)]
pub struct HomeRow {
    /// Codename.
    pub id: String,
    /// Its summary, or why it can't be read.
    pub summary: Result<Summary, String>,
    /// What stands in its way.
    pub trouble: Option<Trouble>,
    /// What its process needs and its project has not set, one line each.
    pub unset: Vec<String>,
}

/// A case that was read.
#[derive(Debug)]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// What stands in its way: why it can't be changed, or what was changed on both sides.
    pub trouble: Option<Trouble>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// UTC, the lead's zones and the project's.
    pub zones: Vec<Zone>,
    /// The last looks at its repositories.
    pub looks: Vec<Look>,
    /// Which edition of the file it is.
    pub edition: u64,
}

/// What the screen has of the case that is open, on its way to the disk.
#[derive(Clone, Debug)]
pub struct Mine {
    /// The case.
    pub case: Case,
    /// The last edition of the file that was taken in, by which the desk knows what is new on which side.
    pub edition: u64,
}

/// A case could not be read.
#[derive(Debug)]
pub struct NotOpened {
    /// Codename.
    pub id: String,
    /// Why, in words.
    pub why: String,
    /// What stands in its way, where there is a way out.
    pub trouble: Option<Trouble>,
}

/// The file of the case that is open was changed by somebody else.
#[derive(Debug)]
pub struct Changed {
    /// What the screen knew of the file.
    pub before: Case,
    /// What lies in it now.
    pub after: Case,
    /// What stands in its way now.
    pub trouble: Option<Trouble>,
    /// The last looks at its repositories.
    pub looks: Vec<Look>,
    /// Which edition of the file lies there now.
    pub edition: u64,
}

/// How a save ended.
#[derive(Debug)]
pub struct Saved {
    /// What was handed to the save.
    pub sent: Case,
    /// What lies in the file now, as far as it is known.
    pub stored: Option<Case>,
    /// Why it is not saved, or not for good.
    pub failure: Option<Trouble>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// What stands in the way of the case as it is stored now.
    pub trouble: Option<Trouble>,
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
    Save(Box<Mine>),
    /// Store the case that is open again, where what was stored was deleted or damaged.
    PutBack(Box<Mine>),
    /// Put another version of a case in place and open it.
    Restore {
        /// Codename.
        id: String,
        /// Which.
        from: RestoreFrom,
    },
    /// List the older versions of a case.
    ListVersions(String),
    /// Open an older version to look at it.
    OpenVersion {
        /// Codename.
        id: String,
        /// When it was put away.
        at: Timestamp,
    },
    /// Theirs stays for these, and what is left is asked.
    Settle {
        /// Codename.
        id: String,
        /// What was answered.
        answered: Vec<Question>,
    },
    /// What was done here and at these addresses also elsewhere is kept for the question which counts.
    KeepQuestion {
        /// The case as it was here.
        mine: Box<Case>,
        /// The addresses.
        addresses: Vec<String>,
    },
    /// Find a place for a copy of the case that is open.
    FindElsewhere(String),
    /// Write a copy of a case.
    CopyTo {
        /// The case.
        case: Box<Case>,
        /// The file to make.
        place: String,
    },
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
    /// Look at repositories.
    Scan(Box<Scan>),
    /// End what looks at repositories.
    EndScans,
    /// Read the commits of a branch.
    ReadSides(Box<SidesWanted>),
    /// Read the file of what is watched; none is that of the configuration folder.
    LoadFleet(Option<String>),
    /// Look which case has this component.
    FindCase(Box<Component>),
    /// Ring the bell of the terminal.
    Bell,
    /// Draw everything anew.
    Redraw,
    /// The simulated clock stands at this instant.
    SetClock(Timestamp),
    /// Leave for a rehearsal of this process.
    StartDrill(String),
    /// The rehearsal stays on the disk when it ends.
    KeepDrill,
    /// The calculator alone was left with this vector, which is to be printed.
    Take(String),
    /// Suspend the program.
    Suspend,
    /// Leave.
    Quit,
}

/// What takes the place of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreFrom {
    /// The newest good version, in place of a damaged one.
    NewestGood,
    /// The version that was put away at this instant.
    Version(Timestamp),
    /// A copy from elsewhere.
    Copy(String),
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
    /// What is done to it at once, as a person would.
    pub acts: Vec<Action>,
}

/// How much leaked, as a form offers it.
pub(super) const LEAK_EXTENTS: [(&str, &str, LeakExtent); 2] =
    [("partial", "Something got out", LeakExtent::Partial), ("full", "Everything got out", LeakExtent::Full)];
