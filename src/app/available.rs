//! Why a command can't be run now.

use super::command::{Command, Place};
use super::open_case::{OpenCase, Pane, Row};
use super::{App, branches, fleet};
use crate::case::record::State;

/// Said where no way out is needed; it goes as soon as a card comes up all the same.
pub(super) const NOT_IN_THE_WAY: &str = "nothing stands in the way here";

impl App {
    /// Can the command be run now? If not, why, in words for the person.
    ///
    /// # Errors
    /// The reason, as a clause without a full stop.
    pub fn available(&self, command: Command) -> Result<(), String> {
        match command {
            Command::MoveClock if self.drill.is_none() => {
                return Err("the clock can be moved in a drill only: D at home, or «fixlead drill»".to_owned());
            }
            Command::Drill if self.drill.is_some() => return Err("this is a drill already".to_owned()),
            Command::Fleet if self.drill.is_some() => {
                return Err("this is a drill: nothing real is looked at".to_owned());
            }
            _ => {}
        }
        if command == Command::Trouble {
            let has_banner = self.open.is_none() && !self.notices.is_empty();
            let why =
                if has_banner { "no case is in trouble; the lines marked ! tell what else is" } else { NOT_IN_THE_WAY };
            return self.trouble().map(drop).ok_or_else(|| why.to_owned());
        }
        if command == Command::Versions && self.open.is_none() && self.home.selected().is_none() {
            return Err("there is no case yet".to_owned());
        }
        if command == Command::Copy {
            return self.to_copy().map(drop);
        }
        match &self.open {
            None if self.shows_fleet() => fleet::available(command, &self.fleet),
            Some(open) => in_case(command, open, self.place()),
            None => at_home(command),
        }
    }
}

fn at_home(command: Command) -> Result<(), String> {
    match command {
        Command::OtherView => Err("home has one view only".to_owned()),
        Command::NextPane | Command::PreviousPane => Err("open a case first".to_owned()),
        _ => Ok(()),
    }
}

fn in_case(command: Command, open: &OpenCase, place: Place) -> Result<(), String> {
    if let Some(why) = &open.read_only
        && changes(command)
        && command != Command::Accept
    {
        return Err(format!("this case can't be changed: {why}"));
    }
    let record = open.case.record();
    if place == Place::Branches
        && let Some(why) = branches::refusal(command, open)
    {
        return Err(why.to_owned());
    }
    let among_steps = matches!(place, Place::Checklist | Place::Card);
    let refusal = match command {
        Command::Start | Command::Wait | Command::Assign | Command::Link | Command::SetAside
            if among_steps && open.selected_step().is_none() =>
        {
            "go to a step first"
        }
        Command::Done if among_steps && matches!(open.row(), Some(Row::Phase(_)) | None) => {
            "this is a phase: go to a step, or 0 goes to what is next"
        }
        Command::Done | Command::Start | Command::Wait | Command::Assign | Command::SetAside | Command::MoveDate
            if among_steps && record.state == State::Closed =>
        {
            "the case is closed: undo takes the close back"
        }
        Command::New if among_steps && open.selected_step().is_none() => "go to a step to note something on it",
        Command::Edit | Command::EditOutside
            if among_steps && open.selected_step().is_none() && open.selected_next().is_none() =>
        {
            "go to a step to change its note"
        }
        Command::Undo if open.case.undoable().is_none() => open.case.why_no_undo(),
        Command::Redo if open.case.redoable().is_none() => "there is nothing to do again",
        Command::CloseLeak if record.open_leak().is_none() => "no leak is open",
        Command::Expose if record.state != State::Embargo => {
            "exposing has begun already, or there is no embargo any more"
        }
        Command::Publish if matches!(record.state, State::Public | State::Closed) => "it is public already",
        Command::Accept if !record.hand_over.as_ref().is_some_and(|hand_over| hand_over.received) => {
            "this case was not handed over to you"
        }
        Command::CloseCase if record.state == State::Closed => "the case is closed already",
        Command::OtherView if !matches!(open.pane, Pane::Timeline | Pane::Branches) => {
            "this pane has one view only; the timeline, 6, is a picture as well"
        }
        Command::Filter if open.shows_other_view() => "the picture shows everything; v turns to the list of events",
        Command::PaneScore if record.vulnerability.is_empty() => {
            "no vulnerability is entered: M sets vulnerability.V1.summary"
        }
        Command::PaneMessages => "messages are not written with this version",
        _ => return Ok(()),
    };
    Err(refusal.to_owned())
}

/// Does the command change the case?
fn changes(command: Command) -> bool {
    matches!(
        command,
        Command::Done
            | Command::Start
            | Command::Wait
            | Command::Assign
            | Command::Link
            | Command::SetAside
            | Command::MoveDate
            | Command::Edit
            | Command::EditOutside
            | Command::Override
            | Command::Undo
            | Command::Redo
            | Command::New
            | Command::Leak
            | Command::CloseLeak
            | Command::Expose
            | Command::Publish
            | Command::SlowDown
            | Command::HandOver
            | Command::Accept
            | Command::Switch
            | Command::CloseCase
            | Command::ArchiveCase
            | Command::SetField
            | Command::AddVulnerability
    )
}
