//! The rows of the overview: what is open now, grouped by who is at it, and what comes later folded away.

use super::open_case::{OpenCase, Row};
use crate::case::record::StepState;
use crate::case::{NextKind, PhaseState, Shown, StepView};

/// Under which head a row of the overview stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Questions, promises and endings that are next.
    Asked,
    /// A phase with something at hand, by its index: a current one, or one that is done but for what may be left out.
    Phase(usize),
    /// Steps that wait for somebody.
    Waiting,
    /// Steps that may not be done yet.
    Blocked,
    /// Phases of which nothing may be done yet.
    Later,
    /// Phases that are done, where nothing else is left.
    Done,
}

impl OpenCase {
    /// The rows of the overview with their heads.
    #[must_use]
    pub fn overview_rows(&self) -> Vec<(Group, Row)> {
        let mut rows: Vec<(Group, Row)> = self.asked_rows().map(|row| (Group::Asked, row)).collect();
        let steps = self.steps_in(PhaseState::Current);
        let of = |wanted: fn(&StepView) -> bool| steps.iter().filter(move |(p, s)| wanted(self.step_at(*p, *s)));
        let left_over = self.steps_in(PhaseState::Done).into_iter().filter(|(p, s)| self.is_next(self.step_at(*p, *s)));
        // What may be left out comes behind what has to be done.
        for (p, s) in of(is_at_hand).copied().chain(left_over) {
            rows.extend(self.with_items(p, s).into_iter().map(|row| (Group::Phase(p), row)));
        }
        let waiting = self.all_steps().filter(|(p, s)| is_waiting(self.step_at(*p, *s)));
        for (p, s) in waiting {
            rows.extend(self.with_items(p, s).into_iter().map(|row| (Group::Waiting, row)));
        }
        for (p, s) in of(is_blocked) {
            rows.extend(self.with_items(*p, *s).into_iter().map(|row| (Group::Blocked, row)));
        }
        if !self.filter.is_empty() {
            return rows;
        }
        rows.extend(self.phases_in(PhaseState::Open).map(|p| (Group::Later, Row::Phase(p))));
        if steps.is_empty() {
            rows.extend(self.phases_in(PhaseState::Done).map(|p| (Group::Done, Row::Phase(p))));
        }
        rows
    }

    fn is_next(&self, step: &StepView) -> bool {
        self.view.next.iter().any(|item| item.kind == NextKind::Step && item.id == step.id)
    }

    fn phases_in(&self, state: PhaseState) -> impl Iterator<Item = usize> {
        self.view.phases.iter().enumerate().filter(move |(_, phase)| phase.state == state).map(|(p, _)| p)
    }

    fn steps_in(&self, state: PhaseState) -> Vec<(usize, usize)> {
        self.all_steps().filter(|(p, _)| self.view.phases[*p].state == state).collect()
    }

    /// All steps that are listed.
    fn all_steps(&self) -> impl Iterator<Item = (usize, usize)> {
        let phases = self.view.phases.iter().enumerate();
        let steps = phases.flat_map(|(p, phase)| (0..phase.steps.len()).map(move |s| (p, s)));
        steps.filter(|(p, s)| self.is_listed(self.step_at(*p, *s)))
    }

    fn step_at(&self, p: usize, s: usize) -> &StepView {
        &self.view.phases[p].steps[s]
    }
}

fn is_waiting(step: &StepView) -> bool {
    step.shown == Shown::Stored(StepState::Waiting)
}

fn is_blocked(step: &StepView) -> bool {
    step.shown == Shown::Blocked
}

fn is_at_hand(step: &StepView) -> bool {
    !is_waiting(step) && !is_blocked(step)
}
