//! The fleet: everything that is watched without a case, at a glance.

mod judged;
mod leaked;
mod rows;
#[cfg(test)]
mod tests;

pub use judged::{Judged, Rank};
pub use rows::{FleetRow, Folded};

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::board::{Board, BoardView, Stage, Watched};
use super::command::Command;
use super::message::{Effect, FleetRead, Tools, Unwatched};
use super::{App, branches};
use crate::config::Watch;
use crate::divergence::{Leak, Leaks};
use crate::findings::{Finding, Way};

/// Of a file that is not there yet: how it could begin.
pub const EXAMPLE: &str = "\
[[component]]
id = \"gateway\"
urls = { canonical = \"https://host.example/gateway.git\", security = \"git@host.example:security/gateway.git\" }
branches = [\"main\", \"release-*\"]
expects = \"private-ahead\"";

/// A look is fresh for so many times the interval of looks.
const FRESH: i32 = 3;

/// Everything that is watched, and what of it is shown.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// The file that was named; none is that of the configuration folder.
    pub file: Option<String>,
    /// Where the file is, or would be.
    pub place: String,
    /// What it says; none until it was read without fault.
    pub watch: Option<Watch>,
    /// Why the file can't be used now.
    pub unwatched: Option<Unwatched>,
    /// The components and their looks.
    pub board: Board,
    /// What each comes to, in the order of the file.
    pub judged: Vec<Judged>,
    /// Only components that hold these words are shown.
    pub filter: String,
    /// The same among the branches of the component that is shown.
    pub branch_filter: String,
    /// What is as planned is shown as well.
    pub unfolded: bool,
    /// The branches of a component are shown in place of the list.
    pub inside: bool,
    /// Components that were looked at and are judged once all looks of the same breath are in.
    pub(super) unjudged: BTreeSet<String>,
    mark: rows::Mark,
    /// Leaks for which the bell has rung, with the name of their component.
    rung: BTreeSet<(String, Leak)>,
    /// When what is planned changes next by itself.
    changes: Option<Timestamp>,
    /// The component whose case is being sought.
    sought: Option<String>,
    /// The case that is being opened for a leak.
    leads_to: Option<String>,
}

/// How the looks at all components stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How many components there are.
    pub all: usize,
    /// How many were looked at in full, and not long ago.
    pub fresh: usize,
    /// At how many the last look could not see everything.
    pub failing: usize,
    /// How many are looked at, or wait for it.
    pub pending: usize,
}

impl Fleet {
    /// What the component under the cursor, or the one that is shown, needs: the worst first.
    #[must_use]
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        self.at_hand().map(|component| judged::told(&self.board, component, now)).unwrap_or_default()
    }

    /// What to do about the worst of it.
    #[must_use]
    pub fn way(&self, now: Timestamp) -> Option<Way> {
        judged::way(self.findings(now))
    }

    /// How the looks stand.
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        let watched = &self.board.watched;
        let is_fresh = |watched: &&Watched| {
            let most = self.board.interval(&watched.asked) * FRESH;
            watched.failures == 0 && watched.ended.is_some_and(|ended| now.duration_since(ended) <= most)
        };
        let fresh = watched.iter().filter(is_fresh);
        Freshness {
            all: watched.len(),
            fresh: fresh.count(),
            failing: watched.iter().filter(|watched| watched.failures > 0).count(),
            pending: watched.iter().filter(|watched| watched.stage != Stage::Resting).count(),
        }
    }

    /// The component that keys are about: the one that is shown, else the one under the cursor.
    pub(super) fn at_hand(&self) -> Option<usize> {
        if self.inside { Some(self.board.component) } else { self.selected() }
    }

    /// Judges all components anew.
    fn judge_all(&mut self, now: Timestamp) {
        self.judged = (0..self.board.watched.len()).map(|index| Judged::of(&self.board, index, now)).collect();
        self.settle();
    }

    /// Judges components anew, by their names. How many leaks were found for which the bell has not rung? From now on it has.
    fn judge(&mut self, names: &BTreeSet<String>, now: Timestamp) -> usize {
        let mut new = 0;
        for (index, judged) in self.judged.iter_mut().enumerate() {
            if !names.contains(&self.board.watched[index].asked.name) {
                continue;
            }
            *judged = Judged::of(&self.board, index, now);
            new += new_leaks(&self.board, index, &mut self.rung);
        }
        self.settle();
        new
    }

    /// Time has passed: what was planned until now is not any more, and a mirror's time may be over.
    fn pass_time(&mut self, now: Timestamp) {
        let Some(watch) = &self.watch else { return };
        if self.changes.is_some_and(|changes| changes <= now) {
            self.changes = watch.next_end(now);
            self.board.ask(watch.components(now));
            return self.judge_all(now);
        }
        let over = |judged: &Judged| judged.until.is_some_and(|until| until <= now);
        for index in 0..self.judged.len() {
            if over(&self.judged[index]) {
                self.judged[index] = Judged::of(&self.board, index, now);
            }
        }
        self.settle();
    }
}

/// Leaks of a component for which the bell has not rung; from now on it has.
fn new_leaks(board: &Board, component: usize, rung: &mut BTreeSet<(String, Leak)>) -> usize {
    let name = &board.watched[component].asked.name;
    let leaks = board.report(component).and_then(|report| report.leaks.as_ref());
    let found = leaks.map(Leaks::found).unwrap_or_default();
    found.iter().filter(|leak| rung.insert((name.clone(), (*leak).clone()))).count()
}

impl App {
    /// Begins with the fleet of a file; none is that of the configuration folder.
    pub fn watch(&mut self, file: Option<String>) -> Vec<Effect> {
        self.fleet.file = file;
        self.show_fleet()
    }

    /// Is the fleet shown, or a component of it?
    #[must_use]
    pub fn shows_fleet(&self) -> bool {
        self.open.is_none() && self.watching && !self.calculating
    }

    /// Shows the fleet. What is known of it stays, and the looks at it go on.
    pub(super) fn show_fleet(&mut self) -> Vec<Effect> {
        self.watching = true;
        match self.fleet.watch {
            Some(_) => Vec::new(),
            None => vec![Effect::LoadFleet(self.fleet.file.clone())],
        }
    }

    /// Takes in what was read of `watch.toml`. Faults of one that was read before leave what it said.
    pub(super) fn take_fleet(&mut self, read: FleetRead, tools: &Tools) -> Vec<Effect> {
        self.fleet.place = read.place;
        match read.watch {
            Err(why) => {
                if self.fleet.watch.is_some() {
                    self.complain(format!("{}: what it said before still counts", why.line(&self.fleet.place)));
                }
                self.fleet.unwatched = Some(why);
            }
            Ok(watch) => {
                self.fleet.unwatched = None;
                self.fleet.changes = watch.next_end(tools.now);
                self.fleet.board.ask(watch.components(tools.now));
                self.fleet.board.refresh = watch.refresh;
                self.fleet.board.schedule_one(None, tools.now);
                self.fleet.watch = Some(watch);
                self.fleet.judge_all(tools.now);
            }
        }
        Vec::new()
    }

    /// Time has passed.
    pub(super) fn pass_time_of_fleet(&mut self, now: Timestamp) {
        self.fleet.pass_time(now);
    }

    /// Components were looked at. The fleet shows what changed by itself, and tells of leaks only.
    pub(super) fn follow_fleet(&mut self, now: Timestamp) -> Vec<Effect> {
        let _ = self.fleet.board.take_changes();
        let looked_at = std::mem::take(&mut self.fleet.unjudged);
        let new = self.fleet.judge(&looked_at, now);
        (new > 0).then_some(Effect::Bell).into_iter().collect()
    }

    /// What a command does where the fleet is shown; none if it does there what it does everywhere.
    pub(super) fn carry_out_in_fleet(&mut self, command: Command) -> Option<Vec<Effect>> {
        if !self.shows_fleet() {
            return None;
        }
        if self.fleet.inside {
            return self.carry_out_inside(command);
        }
        match command {
            Command::Open => return Some(self.open_in_fleet()),
            Command::Unfold => self.unfold_in_fleet(true),
            Command::Fold => self.unfold_in_fleet(false),
            Command::Leak => return Some(self.seek_case()),
            Command::LookAtAll => return Some(vec![Effect::LoadFleet(self.fleet.file.clone())]),
            Command::Back => self.watching = false,
            _ => return None,
        }
        Some(Vec::new())
    }

    /// The same where the branches of a component are shown.
    fn carry_out_inside(&mut self, command: Command) -> Option<Vec<Effect>> {
        match command {
            Command::Leak => return Some(self.seek_case()),
            Command::OtherView => self.fleet.board.turn_view(),
            Command::Back | Command::Escape if self.close_branch() => {}
            Command::Escape if !self.fleet.branch_filter.is_empty() || self.fleet.board.is_looking() => return None,
            Command::Back | Command::Escape => self.leave_component(),
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Back to the list, with the cursor on the component that was shown.
    fn leave_component(&mut self) {
        self.fleet.inside = false;
        let shown = self.fleet.board.component;
        let row = self.fleet.rows().iter().position(|row| *row == FleetRow::Component(shown));
        if let Some(row) = row {
            self.fleet.go_to(row);
        }
    }

    /// Enter: a leak leads to its case, a component to its branches, the line of all the rest to what it holds.
    fn open_in_fleet(&mut self) -> Vec<Effect> {
        match self.fleet.row() {
            Some(FleetRow::Component(component)) if self.fleet.judged[component].rank == Rank::Leak => self.seek_case(),
            Some(FleetRow::Component(component)) => {
                self.show_component(component);
                Vec::new()
            }
            Some(FleetRow::Fold) => {
                self.fleet.unfolded = !self.fleet.unfolded;
                Vec::new()
            }
            None => vec![Effect::LoadFleet(self.fleet.file.clone())],
        }
    }

    fn unfold_in_fleet(&mut self, unfold: bool) {
        match self.fleet.row() {
            Some(FleetRow::Component(component)) if unfold => self.show_component(component),
            Some(FleetRow::Component(component)) if self.fleet.judged[component].rank.is_told() => {}
            Some(_) => {
                self.fleet.unfolded = unfold;
                self.fleet.settle();
            }
            None => {}
        }
    }

    /// The branches of a component in place of the list.
    fn show_component(&mut self, component: usize) {
        self.fleet.inside = true;
        self.fleet.board.component = component;
        self.fleet.board.view = BoardView::Branches;
        self.fleet.board.close();
        self.fleet.branch_filter.clear();
        self.filtering = false;
    }

    /// What is copied in the fleet: the commands of what to do, and of a file that is not there yet its beginning.
    pub(super) fn to_copy_in_fleet(&self) -> Result<(&'static str, String), String> {
        if self.fleet.watch.is_none() {
            return Ok(("the example", EXAMPLE.to_owned()));
        }
        if self.fleet.inside {
            return Ok(branches::to_copy_of(&self.fleet.board, &self.fleet.branch_filter, None)?);
        }
        let way = self.fleet.way(self.now).ok_or("there is nothing to do here that a command would")?;
        if way.commands.is_empty() {
            return Err(format!("there is no command for this: {}", way.words));
        }
        let what = if way.exposes { "commands that make something PUBLIC" } else { "the commands" };
        Ok((what, way.commands.join("\n")))
    }
}

/// Can a command be run where the fleet is shown? If not, why.
pub(super) fn available(command: Command, fleet: &Fleet) -> Result<(), String> {
    let is_inside = fleet.inside;
    let refusal = match command {
        Command::Filter | Command::LookAtAll if fleet.watch.is_none() => "nothing is watched yet",
        Command::Leak if !fleet.judged.iter().any(|judged| judged.rank == Rank::Leak) => {
            return Err(match (fleet.board.unsought(), fleet.board.watched.len()) {
                (0, _) => "no leak was found".to_owned(),
                (unsought, all) => format!(
                    "no leak was found, and of {unsought} of {all} nobody knows: none is sought there, or it could not be looked at"
                ),
            });
        }
        Command::Up
        | Command::Down
        | Command::HalfPageUp
        | Command::HalfPageDown
        | Command::PageUp
        | Command::PageDown
        | Command::First
        | Command::Last
        | Command::Open
        | Command::Unfold
        | Command::Fold
        | Command::Escape
        | Command::Back
        | Command::Help
        | Command::Palette
        | Command::Filter
        | Command::Leak
        | Command::LookAtAll
        | Command::Reload
        | Command::Redraw
        | Command::Suspend
        | Command::Interrupt => return Ok(()),
        Command::OtherView | Command::NextComponent | Command::PreviousComponent if is_inside => return Ok(()),
        _ => "no case is open here",
    };
    Err(refusal.to_owned())
}
