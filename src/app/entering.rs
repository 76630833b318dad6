//! Enter: goes in, or does the obvious; and where something that is missing can be filled in.

use super::App;
use super::command::Command;
use super::message::{Effect, Tools};
use super::open_case::{Card, OpenCase, Pane, Row};
use crate::case::{Action, NextKind, Obstacle, ObstacleKind, PhaseState, StepView};
use crate::playbook::{CheckKind, Gate, Requirement};

impl App {
    /// Enter: goes in, or does the obvious.
    pub(super) fn open_selected(&mut self, tools: &Tools) -> Vec<Effect> {
        if self.shown_calculator().is_some() {
            return self.take_vector();
        }
        let Some(open) = &mut self.open else { return self.open_case() };
        if let Some(card) = open.card.take() {
            if go_to_missing(open, &card.missing) {
                return Vec::new();
            }
            self.fill_missing(&card);
            return Vec::new();
        }
        match open.pane {
            Pane::Overview | Pane::Checklist | Pane::Score => {}
            Pane::Branches => return self.open_in_board(tools),
            Pane::Facts | Pane::People => {
                self.open_entry(tools);
                return Vec::new();
            }
            Pane::Timeline if open.shows_other_view() => {
                self.go_to_lane();
                return Vec::new();
            }
            Pane::Timeline => {
                self.go_to_event();
                return Vec::new();
            }
        }
        match open.row() {
            Some(Row::Next(_)) => self.open_next(tools),
            Some(Row::Phase(_)) => {
                self.open_phase();
                Vec::new()
            }
            Some(Row::Step(..) | Row::Item(..)) => {
                self.open_step();
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// From an event of the timeline to the step that it is about.
    pub(super) fn go_to_event(&mut self) {
        let Some(open) = &mut self.open else { return };
        let event = open.timeline_rows().get(open.cursor()).and_then(|event| open.case.record().event.get(*event));
        let step = event.map(|event| event.target.split('@').next().unwrap_or_default().to_owned());
        match step.filter(|step| open.view.step(step).is_some()) {
            Some(step) => open.go_to_step(&step),
            None => self.say("this is about no step"),
        }
    }

    /// From a phase of the picture to its steps.
    pub(super) fn go_to_lane(&mut self) {
        let Some(open) = &mut self.open else { return };
        let mut shown = open.view.phases.iter().filter(|phase| phase.state != PhaseState::Hidden);
        match shown.nth(open.cursor()).map(|phase| phase.id.clone()) {
            Some(phase) => open.go_to_phase(&phase),
            None => self.say("this is about no phase: v turns to the list of events"),
        }
    }

    /// Evidence that is missing is filled in where it belongs: the score, the mitigation, the ledger, the date.
    pub(super) fn fill_missing(&mut self, card: &Card) {
        let missing = |kind: CheckKind| card.missing.iter().any(|obstacle| obstacle.text.contains(kind.word()));
        if missing(CheckKind::CvssScored) {
            let step = self.open.as_ref().and_then(|open| open.case.playbook().step(&card.tick.step));
            let is_final = step.and_then(|step| step.check.as_ref()).is_some_and(|check| check.is_final);
            self.show_score(Some(is_final));
        } else if missing(CheckKind::MitigationWritten) {
            self.ask_mitigation();
        } else if missing(CheckKind::AccessRevoked) {
            self.show(Pane::People);
        } else if missing(CheckKind::ReleaseDateInWindow) {
            self.show(Pane::Facts);
        } else {
            self.say("nothing on this screen can fill that in: the program can't see it, O overrides");
        }
    }

    pub(super) fn open_case(&mut self) -> Vec<Effect> {
        if self.opening.is_some() {
            return Vec::new();
        }
        let Some(id) = self.home.selected().map(|row| row.id.clone()) else {
            let form = self.new_case_form();
            self.ask(form);
            return Vec::new();
        };
        self.open_effects(&id)
    }

    /// Something next that is no step: a question, a promise, an ending.
    pub(super) fn open_next(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(item) = self.open.as_ref().and_then(OpenCase::selected_next).cloned() else { return Vec::new() };
        match item.kind {
            NextKind::Fact => self.ask_fact(&item.id),
            NextKind::Anchor => self.ask_anchor(&item.id, tools),
            NextKind::Promise => self.ask_promise(&item.id),
            NextKind::Publish => self.ask_for(Command::Publish, tools),
            NextKind::Close => self.ask_for(Command::CloseCase, tools),
            NextKind::Accept => return self.act(Action::Accept, tools),
            NextKind::Step => {}
            NextKind::Stuck => {
                if let Some(open) = &mut self.open {
                    open.go_to_step(&item.id);
                }
            }
        }
        Vec::new()
    }

    /// Where a step leads: to a question it asks, to a pane, or to its items.
    pub(super) fn open_step(&mut self) {
        let Some((open, (step, _))) = self.open.as_ref().and_then(|open| Some((open, open.selected_step()?))) else {
            return;
        };
        let id = step.id.clone();
        let definition = open.case.playbook().step(&id).cloned();
        let check = definition.as_ref().and_then(|step| step.check.as_ref());
        let is_final = check.is_some_and(|check| check.is_final);
        let lacks_mitigation = check.is_some_and(|check| check.kind == CheckKind::MitigationWritten);
        let facts = &open.case.record().facts;
        let asked =
            definition.as_ref().and_then(|step| step.asks.iter().find(|fact| !facts.contains_key(*fact)).cloned());
        match (asked, definition.and_then(|step| step.opens)) {
            (Some(fact), _) => self.ask_fact(&fact),
            (None, Some(place)) if place == "people" => self.show(Pane::People),
            (None, Some(place)) if place == "facts" => self.show(Pane::Facts),
            (None, Some(place)) if place == "timeline" => self.show(Pane::Facts),
            (None, Some(place)) if place == "cvss" => self.show_score(Some(is_final)),
            _ if lacks_mitigation => self.ask_mitigation(),
            _ if open.pane == Pane::Overview => self.show(Pane::Checklist),
            _ => self.fold(None),
        }
    }

    /// A phase of the overview is shown in the checklist, where it unfolds; there it folds and unfolds.
    pub(super) fn open_phase(&mut self) {
        let from_overview = self.open.as_ref().is_some_and(|open| open.pane == Pane::Overview);
        self.show(Pane::Checklist);
        self.fold(from_overview.then_some(true));
    }
}

/// Goes to the first thing that is missing, where it is a place on the screen. False if none is.
fn go_to_missing(open: &mut OpenCase, missing: &[Obstacle]) -> bool {
    missing.iter().any(|obstacle| match obstacle.kind {
        ObstacleKind::Step => {
            open.go_to_step(&obstacle.id);
            true
        }
        ObstacleKind::Gate => go_to_required_step(open, &obstacle.id),
        ObstacleKind::Fact | ObstacleKind::NotBefore => go_to_fact(open, &obstacle.id),
        ObstacleKind::Check => false,
    })
}

/// The first open step that a gate asks for.
fn go_to_required_step(open: &mut OpenCase, gate: &str) -> bool {
    let playbook = open.case.playbook().clone();
    let requirements = playbook.gates.iter().filter(|known| known.id == gate).flat_map(Gate::all_requirements);
    let steps = requirements.filter_map(|requirement| match requirement {
        Requirement::Step(id) => Some(id),
        _ => None,
    });
    let first = steps.into_iter().find(|id| open.view.step(id).is_some_and(StepView::is_open));
    if let Some(id) = first {
        open.go_to_step(id);
    }
    first.is_some()
}

/// The question or the instant, among facts and dates.
fn go_to_fact(open: &mut OpenCase, id: &str) -> bool {
    let playbook = open.case.playbook();
    let fact = playbook.facts.iter().position(|fact| fact.id == id);
    let anchor = playbook.anchors.iter().position(|anchor| anchor.id == id);
    let Some(row) = fact.or(anchor.map(|anchor| playbook.facts.len() + anchor)) else { return false };
    open.pane = Pane::Facts;
    open.move_to(row);
    true
}
