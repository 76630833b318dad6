//! Looks at repositories: when they begin, what of them is shown while they go on, and what follows from what they found.

use jiff::Timestamp;

use super::App;
use super::board::scan::{Manner, News, Scan, Scope, Sides, Unreached};
use super::board::{Board, Stage};
use super::message::{Effect, Tools};
use super::open_case::OpenCase;
use crate::case::record::State;
use crate::case::{Event, EventKind};
use crate::divergence::{Component, Look};
use crate::evidence;
use crate::findings::Reader;

impl App {
    /// Begins the looks whose time has come. Nobody is asked for anything by them.
    pub(super) fn look_when_due(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.drill.is_some() {
            return Vec::new();
        }
        let case = self.open.as_mut().filter(|open| open.is_looked_at());
        let case = case.map(|open| (Scope::Case(open.case.record().id.clone()), &mut open.board));
        let boards = case.into_iter().chain([(Scope::Fleet, &mut self.fleet.board)]);
        let due = boards.flat_map(|(scope, board)| {
            board.schedule(now);
            let due = board.take_due(now).into_iter().map(|watched| watched.asked.clone()).collect();
            scan(scope, due, Manner::Quiet)
        });
        due.collect()
    }

    /// Looks at everything of the case that is open now, or at one component of the fleet, because a person wants it: where a server wanted to know who asks, it
    /// may ask.
    pub(super) fn look_again(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.drill.is_some() {
            return Vec::new();
        }
        let shows_fleet = self.shows_fleet();
        let one = self.fleet.at_hand();
        let (scope, due) = match self.open.as_mut() {
            Some(open) if open.read_only.is_none() => {
                open.board.schedule_anew(now);
                (Scope::Case(open.case.record().id.clone()), open.board.take_due(now))
            }
            None if shows_fleet => {
                self.fleet.board.schedule_one(one, now);
                (Scope::Fleet, self.fleet.board.take_due(now))
            }
            _ => return Vec::new(),
        };
        let (asking, quiet): (Vec<_>, Vec<_>) = due.into_iter().partition(|watched| watched.needs_person);
        let [asking, quiet] =
            [asking, quiet].map(|due| due.into_iter().map(|watched| watched.asked.clone()).collect::<Vec<Component>>());
        let mut effects = scan(scope.clone(), quiet, Manner::Quiet);
        effects.extend(scan(scope, asking, Manner::Asking));
        effects
    }

    /// Is anything of the case that is open, or of the fleet that is shown, looked at, or about to be?
    pub(super) fn is_looking(&self) -> bool {
        match &self.open {
            Some(open) => open.board.is_looking(),
            None => self.shows_fleet() && self.fleet.board.is_looking(),
        }
    }

    /// When the next look begins by itself.
    #[must_use]
    pub fn next_look(&self) -> Option<Timestamp> {
        if self.drill.is_some() {
            return None;
        }
        let case = self.open.as_ref().filter(|open| open.is_looked_at()).map(|open| &open.board);
        case.into_iter().chain([&self.fleet.board]).filter_map(Board::next_look).min()
    }

    /// Takes in what is told of looks.
    pub(super) fn take_news(&mut self, news: News, tools: &Tools) -> Vec<Effect> {
        match news {
            News::Progress { scope, component, progress } => {
                let watched = self.board_of(&scope).into_iter().flat_map(|board| &mut board.watched);
                let watched = watched.filter(|watched| watched.asked.name == component);
                watched.for_each(|watched| watched.stage = Stage::Looking(progress.clone()));
                Vec::new()
            }
            News::Looked { scope, look, at, unreached, more } => {
                let name = look.asked.name.clone();
                self.take_look(&scope, *look, at, &unreached);
                let of_fleet = scope == Scope::Fleet;
                if of_fleet {
                    self.fleet.unjudged.insert(name);
                }
                match (more, of_fleet) {
                    (true, _) => Vec::new(),
                    (false, true) => self.follow_fleet(tools.now),
                    (false, false) => self.follow(&scope, tools),
                }
            }
            News::Ended { scope, cancelled, failure } => {
                // Whatever waits still was left out when the others were ended: nobody looks at it any more.
                let board = self.board_of(&scope);
                let is_shown = board.is_some();
                if let Some(board) = board {
                    board.end_looks(tools.now);
                }
                if cancelled && is_shown {
                    self.say("the look was ended; r begins it again");
                }
                if let Some(why) = failure {
                    self.complain(format!("what was found could not be kept: {why}"));
                }
                Vec::new()
            }
        }
    }

    fn take_look(&mut self, scope: &Scope, look: Look, at: Timestamp, unreached: &Unreached) {
        if let Some(board) = self.board_of(scope) {
            board.take_look(look, unreached, at);
        }
    }

    /// Does what follows from the looks of a case: a leak, an answer, ticks. Each goes the way of every act.
    fn follow(&mut self, scope: &Scope, tools: &Tools) -> Vec<Effect> {
        let Some(open) = self.open.as_mut().filter(|open| matches!(scope, Scope::Case(id) if open.is(id))) else {
            return Vec::new();
        };
        let is_writable = open.read_only.is_none();
        let find_zone = |name: &str| (tools.find_zone)(name);
        let events: Vec<Event> = open.change(tools.now, &find_zone, |case, sight| {
            if is_writable { evidence::take_in(case, sight, &mut || (tools.new_id)()) } else { Vec::new() }
        });
        if let Some((words, is_leak)) = open.board.take_changes() {
            let said = format!("{words}, {}", Reader { now: tools.now, case: None }.clock(tools.now));
            if is_leak {
                self.complain(said);
            } else if self.message.as_ref().is_none_or(|message| !message.bad) {
                self.say(said);
            }
        }
        if events.is_empty() {
            return Vec::new();
        }
        let bell = events.iter().any(|event| event.kind == EventKind::Leaked).then_some(Effect::Bell);
        self.save().into_iter().chain(bell).collect()
    }

    /// Takes in the commits of a branch.
    pub(super) fn take_sides(&mut self, sides: Sides) {
        let fleet = &mut self.fleet.board;
        if fleet.asked_sides.as_ref() == Some(&sides.of) {
            fleet.sides.push(sides);
        } else if let Some(open) = &mut self.open {
            open.board.sides.push(sides);
        }
    }

    fn board_of(&mut self, scope: &Scope) -> Option<&mut Board> {
        match scope {
            Scope::Case(id) => self.open.as_mut().filter(|open| open.is(id)).map(|open| &mut open.board),
            Scope::Fleet => Some(&mut self.fleet.board),
        }
    }
}

impl OpenCase {
    /// Is it the case of this codename?
    fn is(&self, id: &str) -> bool {
        self.case.record().id == id
    }

    /// Are its repositories looked at by themselves? Not where nothing can be done about what is found.
    fn is_looked_at(&self) -> bool {
        let record = self.case.record();
        self.read_only.is_none() && !record.archived && record.state != State::Closed
    }
}

fn scan(scope: Scope, components: Vec<Component>, manner: Manner) -> Vec<Effect> {
    if components.is_empty() {
        return Vec::new();
    }
    vec![Effect::Scan(Box::new(Scan { scope, components, manner }))]
}
