//! Moving: the cursor in a list, from pane to pane, from case to case; folding, and closing what is open.

use super::App;
use super::message::Effect;
use super::open_case::{Pane, Row};
use super::saving::Way;
use crate::case::PhaseState;

impl App {
    /// Moves the cursor; the list keeps it inside.
    pub(super) fn go(&mut self, to: impl Fn(usize, usize) -> usize) {
        let page = usize::from(self.size.1.saturating_sub(8)).max(2);
        if let Some(open) = &mut self.open {
            open.card = None;
            open.move_to(to(open.cursor(), page));
        } else if let Some(calculator) = self.calculator_mut() {
            calculator.go_to(to(calculator.place(), page));
        } else if self.shows_fleet() && self.fleet.inside {
            let filter = self.fleet.branch_filter.clone();
            let board = &mut self.fleet.board;
            board.go_to(to(board.cursor(&filter), page), &filter);
        } else if self.shows_fleet() {
            self.fleet.go_to(to(self.fleet.cursor(), page));
        } else {
            self.home.cursor = to(self.home.cursor, page);
            self.home.clamp();
        }
    }

    pub(super) fn show(&mut self, pane: Pane) {
        self.filtering = false;
        if let Some(open) = &mut self.open {
            open.show(pane);
            open.asked_for_score = None;
        }
        self.fit_calculator();
    }

    pub(super) fn go_to_next(&mut self) {
        self.show(Pane::Overview);
        if let Some(open) = &mut self.open {
            open.go_to_next();
        }
    }

    /// From the calculator back to home; alone there is nothing behind it.
    fn escape_at_home(&mut self) {
        match (self.calculating, self.alone) {
            (true, true) => self.say("q leaves without a vector, Enter takes it"),
            (true, false) => self.calculating = false,
            (false, _) => self.notices.clear(),
        }
    }

    pub(super) fn turn_pane(&mut self, by: usize) {
        let Some(open) = &self.open else { return };
        let at = Pane::ALL.iter().position(|(pane, ..)| *pane == open.pane).unwrap_or(0);
        self.show(Pane::ALL[(at + by) % Pane::ALL.len()].0);
    }

    pub(super) fn turn_case(&mut self, by: isize) -> Vec<Effect> {
        let ids: Vec<String> = self.home.shown().iter().map(|(_, row)| row.id.clone()).collect();
        let open = self.open.as_ref().map(|open| open.case.record().id.clone());
        let Some(at) = ids.iter().position(|id| Some(id) == open.as_ref()) else { return Vec::new() };
        let Some(id) = at.checked_add_signed(by).and_then(|next| ids.get(next)) else {
            self.say("there is no further case");
            return Vec::new();
        };
        if !self.may_go(Way::Case(by)) {
            return Vec::new();
        }
        self.open = None;
        self.open_effects(id)
    }

    /// Folds or unfolds the phase or step under the cursor; without a wish, turns it round.
    pub(super) fn fold(&mut self, wanted: Option<bool>) {
        let Some(open) = &mut self.open else { return };
        open.card = None;
        let (id, now) = match open.row() {
            Some(Row::Phase(p)) => {
                let phase = &open.view.phases[p];
                (phase.id.clone(), open.is_unfolded(&phase.id, phase.state == PhaseState::Current))
            }
            Some(Row::Step(p, s)) if wanted != Some(false) && !open.view.phases[p].steps[s].items.is_empty() => {
                let id = open.view.phases[p].steps[s].id.clone();
                let now = open.is_unfolded(&id, false);
                (id, now)
            }
            Some(Row::Step(p, s)) if wanted == Some(false) && open.pane == Pane::Overview => {
                (open.view.phases[p].steps[s].id.clone(), true)
            }
            Some(Row::Step(p, _)) if wanted == Some(false) => {
                let id = open.view.phases[p].id.clone();
                let rows = open.rows();
                let phase = rows.iter().position(|row| *row == Row::Phase(p));
                open.move_to(phase.unwrap_or(0));
                (id, true)
            }
            Some(Row::Item(p, s, _)) => {
                let id = open.view.phases[p].steps[s].id.clone();
                let step = open.rows().iter().position(|row| *row == Row::Step(p, s));
                open.move_to(step.unwrap_or(0));
                (id, true)
            }
            _ => return,
        };
        open.toggled.insert(id, wanted.unwrap_or(!now));
        open.clamp();
    }

    /// Is neither a filter set nor a refusal shown?
    pub(super) fn has_nothing_to_close(&self) -> bool {
        self.filter().is_empty() && self.open.as_ref().is_none_or(|open| open.card.is_none())
    }

    pub(super) fn escape(&mut self) {
        if !self.filter().is_empty() {
            return self.set_filter(String::new());
        }
        match &mut self.open {
            Some(open) if open.card.is_some() => open.card = None,
            Some(open) => open.show(Pane::Overview),
            None => self.escape_at_home(),
        }
    }
}
