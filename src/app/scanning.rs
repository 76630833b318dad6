//! What comes of looks that are under way.

use super::App;
use super::board::scan::{News, Scope, Sides};
use super::board::{Board, Stage};
use super::message::{Effect, Tools};

impl App {
    /// Takes in what is told of looks.
    pub(super) fn take_news(&mut self, news: News, tools: &Tools) -> Vec<Effect> {
        match news {
            News::Progress { scope, component, progress } => {
                let watched = self.board_of(&scope).into_iter().flat_map(|board| &mut board.watched);
                let watched = watched.filter(|watched| watched.asked.name == component);
                watched.for_each(|watched| watched.stage = Stage::Looking(progress.clone()));
            }
            News::Looked { .. } | News::Ended { .. } => {}
        }
        let _ = tools;
        Vec::new()
    }

    /// Takes in the commits of a branch.
    pub(super) fn take_sides(&mut self, sides: Sides) {
        if let Some(open) = &mut self.open {
            open.board.sides.push(sides);
        }
    }

    fn board_of(&mut self, scope: &Scope) -> Option<&mut Board> {
        match scope {
            Scope::Case(id) => {
                self.open.as_mut().filter(|open| open.case.record().id == *id).map(|open| &mut open.board)
            }
            Scope::Fleet => None,
        }
    }
}
