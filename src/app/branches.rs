//! The pane of the branches: what Enter, the views, the components and the clipboard do there.

use super::App;
use super::board::scan::SidesWanted;
use super::board::{Board, BoardRow, BoardView};
use super::command::Command;
use super::message::{Effect, Tools};
use super::open_case::{OpenCase, Pane};
use crate::case::Action;
use crate::divergence::{Leaks, Plan, TagState};
use crate::findings::{Way, way_of, ways};

/// Lines of an opened branch beside its commits and paths: what it may be scrolled by at most.
const OTHER_LINES: usize = 30;

impl App {
    /// The board that is shown: that of the case, or a component of the fleet; with what its rows are filtered by.
    fn board_mut(&mut self) -> Option<(&mut Board, String)> {
        if self.shows_fleet() {
            return self.fleet.inside.then(|| (&mut self.fleet.board, self.fleet.branch_filter.clone()));
        }
        let open = self.open.as_mut().filter(|open| open.pane == Pane::Branches)?;
        Some((&mut open.board, open.filter.clone()))
    }

    /// Enter among branches.
    pub(super) fn open_in_board(&mut self, tools: &Tools) -> Vec<Effect> {
        let of_fleet = self.shows_fleet();
        let Some((board, filter)) = self.board_mut() else { return Vec::new() };
        match board.row(&filter) {
            Some(BoardRow::Branch(..)) => board.opened = true,
            Some(BoardRow::Fix(_, branch)) => {
                board.go_to_branch(&branch);
                board.opened = true;
            }
            Some(BoardRow::Offered(_)) => return self.name_picked(tools),
            Some(BoardRow::Leak(_)) if of_fleet => return self.seek_case(),
            Some(BoardRow::Leak(_)) => return self.leak(),
            Some(BoardRow::Pin(index)) => {
                let branch = board.shown_report().map(|(_, report)| report.pins[index].branch.clone());
                if let Some(branch) = branch {
                    board.go_to_branch(&branch);
                }
            }
            Some(BoardRow::Tag(_)) => self.say("all that is known of the tag stands below"),
            None if board.watched.is_empty() => self.ask_component(),
            None => self.say("nothing is listed here; r looks again"),
        }
        Vec::new()
    }

    /// Closes the branch that takes the whole body. False if none does.
    pub(super) fn close_branch(&mut self) -> bool {
        self.board_mut().is_some_and(|(board, _)| board.close())
    }

    pub(super) fn turn_component(&mut self, by: isize) {
        let Some((board, _)) = self.board_mut() else { return };
        let only_one = board.watched.len() < 2;
        if !board.turn_component(by) {
            self.say(if only_one { "there is one component only" } else { "there is no further component" });
        }
    }

    /// Moves what is above the screen of an opened branch. False if none is open.
    pub(super) fn scroll_branch(&mut self, command: Command) -> bool {
        let page = usize::from(self.size.1.saturating_sub(8)).max(2);
        let Some((board, filter)) = self.board_mut().filter(|(board, _)| board.opened) else { return false };
        let most = longest(board, &filter);
        board.scroll = match command {
            Command::PageDown => board.scroll + page,
            Command::HalfPageDown => board.scroll + page / 2,
            Command::PageUp => board.scroll.saturating_sub(page),
            Command::HalfPageUp => board.scroll.saturating_sub(page / 2),
            Command::First => 0,
            Command::Last => most,
            _ => return false,
        }
        .min(most);
        true
    }

    /// The commits of the branch under the cursor are read as soon as it is rested on.
    pub(super) fn read_sides(&mut self) -> Option<Effect> {
        let (board, filter) = self.board_mut()?;
        board.want_sides(&filter).map(|wanted: SidesWanted| Effect::ReadSides(Box::new(wanted)))
    }

    /// Space on a commit that may be a fix.
    pub(super) fn pick(&mut self) {
        let Some((board, filter)) = self.board_mut() else { return };
        let Some(BoardRow::Offered(index)) = board.row(&filter) else {
            self.say("Space picks commits as fixes where none is named: v turns to the fixes");
            return;
        };
        let Some(commit) = board.shown_report().map(|(_, report)| report.offered[index].commit) else { return };
        if !board.picked.remove(&commit) {
            board.picked.insert(commit);
        }
        let (place, picked) = (board.cursor(&filter), board.picked.len());
        board.go_to(place + 1, &filter);
        self.say(match picked {
            0 => "none is picked".to_owned(),
            1 => "1 is picked; Enter names it as a fix".to_owned(),
            count => format!("{count} are picked; Enter names them as fixes"),
        });
    }

    /// The picked commits become fixes of the component, the oldest first, as they were made.
    fn name_picked(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(open) = self.open.as_mut() else { return Vec::new() };
        let Some((watched, report)) = open.board.shown_report() else { return Vec::new() };
        let picked = report.offered.iter().rev().filter(|offered| open.board.picked.contains(&offered.commit));
        let commits: Vec<String> = picked.map(|offered| offered.commit.to_string()).collect();
        if commits.is_empty() {
            self.say("Space picks the commits that are the fixes, then Enter names them");
            return Vec::new();
        }
        let component = watched.asked.name.clone();
        let taken: Vec<&str> = open.case.record().fix.iter().map(|fix| fix.id.as_str()).collect();
        let free = (1..).map(|number| format!("F{number}")).filter(|id| !taken.contains(&id.as_str()));
        let set = free.zip(commits).flat_map(|(id, commit)| {
            [(format!("fix.{id}.commit"), commit), (format!("fix.{id}.component"), component.clone())]
        });
        let action = Action::Set(set.collect());
        open.board.picked.clear();
        let mut effects = self.act(action, tools);
        effects.extend(self.look_at_components());
        effects
    }
}

/// How many lines an opened branch has at most.
fn longest(board: &Board, filter: &str) -> usize {
    let Some((watched, _, pair)) = board.branch(filter) else { return 0 };
    let commits = board.sides_of(&watched.asked, pair).and_then(|sides| sides.commits.as_ref().ok());
    let commits = commits.map_or(0, |[a, b]| a.len() + b.len());
    commits + crate::findings::conflicts(pair).len() + OTHER_LINES
}

impl Board {
    /// What to do about the row under the cursor.
    #[must_use]
    pub fn way(&self, filter: &str, case: Option<&str>) -> Option<Way> {
        let (watched, report) = self.shown_report()?;
        match self.row(filter)? {
            BoardRow::Branch(index, standing) => {
                way_of(&watched.asked, report, report.pairs.get(index)?, standing, case)
            }
            BoardRow::Leak(index) => {
                Some(ways::of_leak(&watched.asked, report.leaks.as_ref()?.found().get(index)?, case))
            }
            BoardRow::Tag(index) => {
                let tag = report.tags.get(index)?;
                let lacks = tag.state == TagState::MissingOnCanonical;
                let is_planned = report.plan_of_tag(tag) == Plan::AsPlanned;
                (lacks && !is_planned).then(|| ways::of_tag(&watched.asked, tag))
            }
            BoardRow::Fix(..) | BoardRow::Offered(_) | BoardRow::Pin(_) => None,
        }
    }
}

/// What `y` copies among branches: the commands, else what the row is called.
pub(super) fn to_copy(open: &OpenCase) -> Result<(&'static str, String), &'static str> {
    to_copy_of(&open.board, &open.filter, Some(&open.case.record().id))
}

/// The same of a board, and the case that it belongs to.
pub(super) fn to_copy_of(
    board: &Board,
    filter: &str,
    case: Option<&str>,
) -> Result<(&'static str, String), &'static str> {
    if let Some(way) = board.way(filter, case).filter(|way| !way.commands.is_empty()) {
        let what = if way.exposes { "commands that make something PUBLIC" } else { "the commands" };
        return Ok((what, way.commands.join("\n")));
    }
    let row = board.row(filter).ok_or("there is nothing here to copy")?;
    let report = board.shown_report().map(|(_, report)| report).ok_or("there is nothing here to copy")?;
    Ok(match row {
        BoardRow::Branch(index, _) => ("the name of the branch", report.pairs[index].branch.clone()),
        BoardRow::Fix(index, _) => ("the commit", report.fixes[index].commit.to_string()),
        BoardRow::Offered(index) => ("the commit", report.offered[index].commit.to_string()),
        BoardRow::Leak(index) => {
            let found = report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
            ("the ref", found[index].reference.clone())
        }
        BoardRow::Tag(index) => ("the name of the tag", report.tags[index].name.clone()),
        BoardRow::Pin(index) => ("the name of the branch", report.pins[index].branch.clone()),
    })
}

/// Why a command can't be run among branches; none if it can.
pub(super) fn refusal(command: Command, open: &OpenCase) -> Option<&'static str> {
    let board = &open.board;
    let has_offers = || board.view == BoardView::Fixes && matches!(board.row(&open.filter), Some(BoardRow::Offered(_)));
    match command {
        Command::Done if !has_offers() => {
            Some("Space picks fixes among the commits that are offered; v turns to the fixes")
        }
        Command::NextComponent | Command::PreviousComponent if board.watched.len() < 2 => {
            Some("this case has one component only")
        }
        _ => None,
    }
}
