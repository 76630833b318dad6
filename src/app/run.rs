//! What each command does, and why it can't be run where it can't.

use super::command::Command;
use super::message::{Effect, Tools};
use super::open_case::{Card, OpenCase, Pane, Row, SaveState};
use super::saving::Way;
use super::{App, Overlay, Palette, PeopleRow};
use crate::case::{Action, NextKind, Obstacle, ObstacleKind, PhaseState, StepView, Tick};
use crate::playbook::{CheckKind, Gate, Requirement};

impl App {
    pub(super) fn carry_out(&mut self, command: Command, tools: &Tools) -> Vec<Effect> {
        match command {
            Command::Up => self.go(|row, _| row.saturating_sub(1)),
            Command::Down => self.go(|row, _| row + 1),
            Command::HalfPageUp => self.go(|row, page| row.saturating_sub(page / 2)),
            Command::HalfPageDown => self.go(|row, page| row + page / 2),
            Command::PageUp => self.go(usize::saturating_sub),
            Command::PageDown => self.go(|row, page| row + page),
            Command::First => self.go(|_, _| 0),
            Command::Last => self.go(|_, _| usize::MAX / 2),
            Command::Open => return self.open_selected(tools),
            Command::Unfold => self.fold(Some(true)),
            Command::Fold => self.fold(Some(false)),
            Command::Escape => self.escape(),
            Command::Back if self.ends_drill() => self.ask_end(),
            Command::Back if self.open.is_some() => return self.go_home(),
            Command::Help => self.overlay = Some(Overlay::Help(0)),
            Command::Palette => self.overlay = Some(Overlay::Palette(Palette::default())),
            Command::NextPane => self.turn_pane(1),
            Command::PreviousPane => self.turn_pane(Pane::ALL.len() - 1),
            Command::PaneChecklist => self.show(Pane::Checklist),
            Command::PaneOverview => self.go_to_next(),
            Command::PanePeople => self.show(Pane::People),
            Command::PaneTimeline => self.show(Pane::Timeline),
            Command::PaneFacts => self.show(Pane::Facts),
            Command::OtherView => self.open.iter_mut().for_each(OpenCase::turn_view),
            Command::Copy => return self.copy(),
            Command::NextCase => return self.turn_case(1),
            Command::PreviousCase => return self.turn_case(-1),
            Command::Filter => self.filtering = true,
            Command::ShowArchived => {
                self.home.archived = !self.home.archived;
                self.home.clamp();
            }
            Command::Done => return self.tick_selected(tools),
            Command::Edit => return self.edit(tools),
            Command::EditOutside => return self.edit_in_editor(tools),
            Command::Override => self.ask_override(),
            Command::Undo => return self.act(Action::Undo, tools),
            Command::Redo => return self.act(Action::Redo, tools),
            Command::Accept => return self.act(Action::Accept, tools),
            Command::ArchiveCase => return self.archive(tools),
            Command::Start => return self.start_selected(tools),
            Command::Leak => return self.leak(),
            Command::Reload => return self.reload(),
            Command::Redraw => return vec![Effect::Redraw],
            Command::Drill => self.ask_drill(),
            Command::MoveClock => return self.move_clock(tools),
            Command::Suspend => return vec![Effect::Suspend],
            Command::Back | Command::Interrupt => return self.leave(),
            other => self.ask_for(other, tools),
        }
        Vec::new()
    }

    /// Moves the cursor; the list keeps it inside.
    pub(super) fn go(&mut self, to: impl Fn(usize, usize) -> usize) {
        let page = usize::from(self.size.1.saturating_sub(8)).max(2);
        if let Some(open) = &mut self.open {
            open.card = None;
            open.move_to(to(open.cursor(), page));
        } else {
            self.home.cursor = to(self.home.cursor, page);
            self.home.clamp();
        }
    }

    fn show(&mut self, pane: Pane) {
        self.filtering = false;
        if let Some(open) = &mut self.open {
            open.show(pane);
        }
    }

    fn go_to_next(&mut self) {
        self.show(Pane::Overview);
        if let Some(open) = &mut self.open {
            open.go_to_next();
        }
    }

    fn turn_pane(&mut self, by: usize) {
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

    /// Enter: goes in, or does the obvious.
    fn open_selected(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return self.open_case() };
        if let Some(card) = open.card.take() {
            if go_to_missing(open, &card.missing) {
                return Vec::new();
            }
            return self.fill_missing(&card, tools);
        }
        match open.pane {
            Pane::Overview | Pane::Checklist => {}
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
            Some(Row::Step(..) | Row::Item(..)) => self.open_step(tools),
            None => Vec::new(),
        }
    }

    /// From an event of the timeline to the step that it is about.
    fn go_to_event(&mut self) {
        let Some(open) = &mut self.open else { return };
        let event = open.timeline_rows().get(open.cursor()).and_then(|event| open.case.record().event.get(*event));
        let step = event.map(|event| event.target.split('@').next().unwrap_or_default().to_owned());
        match step.filter(|step| open.view.step(step).is_some()) {
            Some(step) => open.go_to_step(&step),
            None => self.say("this is about no step"),
        }
    }

    /// From a phase of the picture to its steps.
    fn go_to_lane(&mut self) {
        let Some(open) = &mut self.open else { return };
        let mut shown = open.view.phases.iter().filter(|phase| phase.state != PhaseState::Hidden);
        match shown.nth(open.cursor()).map(|phase| phase.id.clone()) {
            Some(phase) => open.go_to_phase(&phase),
            None => self.say("this is about no phase: v turns to the list of events"),
        }
    }

    /// Evidence that is missing is filled in where it belongs: the score, the mitigation, the ledger, the date.
    fn fill_missing(&mut self, card: &Card, tools: &Tools) -> Vec<Effect> {
        let missing = |kind: CheckKind| card.missing.iter().any(|obstacle| obstacle.text.contains(kind.word()));
        if missing(CheckKind::CvssScored) {
            return self.run(Command::ScoreVector, tools);
        } else if missing(CheckKind::MitigationWritten) {
            self.ask_mitigation();
        } else if missing(CheckKind::AccessRevoked) {
            self.show(Pane::People);
        } else if missing(CheckKind::ReleaseDateInWindow) {
            self.show(Pane::Facts);
        } else {
            self.say("nothing on this screen can fill that in: the program can't see it, O overrides");
        }
        Vec::new()
    }

    fn open_case(&mut self) -> Vec<Effect> {
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
    fn open_step(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some((open, (step, _))) = self.open.as_ref().and_then(|open| Some((open, open.selected_step()?))) else {
            return Vec::new();
        };
        let id = step.id.clone();
        let definition = open.case.playbook().step(&id).cloned();
        let check = definition.as_ref().and_then(|step| step.check.as_ref()).map(|check| check.kind);
        let lacks_mitigation = check == Some(CheckKind::MitigationWritten);
        let facts = &open.case.record().facts;
        let asked =
            definition.as_ref().and_then(|step| step.asks.iter().find(|fact| !facts.contains_key(*fact)).cloned());
        match (asked, definition.and_then(|step| step.opens)) {
            (Some(fact), _) => self.ask_fact(&fact),
            (None, Some(place)) if place == "people" => self.show(Pane::People),
            (None, Some(place)) if place == "facts" => self.show(Pane::Facts),
            (None, Some(place)) if place == "timeline" => self.show(Pane::Facts),
            (None, Some(place)) if place == "cvss" => return self.run(Command::ScoreVector, tools),
            _ if lacks_mitigation => self.ask_mitigation(),
            _ if open.pane == Pane::Overview => self.show(Pane::Checklist),
            _ => self.fold(None),
        }
        Vec::new()
    }

    /// A phase of the overview is shown in the checklist, where it unfolds; there it folds and unfolds.
    fn open_phase(&mut self) {
        let from_overview = self.open.as_ref().is_some_and(|open| open.pane == Pane::Overview);
        self.show(Pane::Checklist);
        self.fold(from_overview.then_some(true));
    }

    /// Folds or unfolds the phase or step under the cursor; without a wish, turns it round.
    fn fold(&mut self, wanted: Option<bool>) {
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

    fn escape(&mut self) {
        if !self.filter().is_empty() {
            return self.set_filter(String::new());
        }
        match &mut self.open {
            Some(open) if open.card.is_some() => open.card = None,
            Some(open) => open.show(Pane::Overview),
            None => self.notices.clear(),
        }
    }

    fn reload(&mut self) -> Vec<Effect> {
        match &self.open {
            None => vec![Effect::LoadHome],
            Some(open) if matches!(open.save, SaveState::NotSaved(_)) => self.save(),
            // Whoever held it may be gone by now.
            Some(open) if open.read_only.is_some() => {
                let id = open.case.record().id.clone();
                self.open = None;
                self.open_effects(&id)
            }
            Some(open) => vec![Effect::Look(open.case.record().id.clone())],
        }
    }

    fn tick_selected(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        if open.pane == Pane::People {
            return self.end_access(tools);
        }
        match open.row() {
            Some(Row::Next(_)) => return self.open_next(tools),
            Some(Row::Phase(_)) => {
                self.say("this is a phase: go to a step, or 0 goes to what is next");
                return Vec::new();
            }
            _ => {}
        }
        let Some((step, item)) = open.selected_step() else { return Vec::new() };
        let settled = match item {
            Some(item) => step.items.iter().any(|known| known.id == item && known.state.is_settled()),
            None => step.shown.is_met(),
        };
        let title = step.title.clone();
        let (step, item) = (step.id.clone(), item.map(str::to_owned));
        if settled {
            self.ask_reopen(step, item, &title);
            return Vec::new();
        }
        self.act_on_step(Tick { step, item, ..Tick::default() }, false, tools)
    }

    fn start_selected(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(step) = self.selected_step_id() else { return Vec::new() };
        self.act_on_step(Tick::of(&step), true, tools)
    }

    pub(super) fn selected_step_id(&self) -> Option<String> {
        self.open.as_ref()?.selected_step().map(|(step, _)| step.id.clone())
    }

    fn end_access(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let Some(PeopleRow::Grant(index)) = open.selected_people_row() else {
            self.say("go to an access to end it");
            return Vec::new();
        };
        let grant = open.case.record().grant[index].clone();
        self.act(Action::Revoke { who: grant.who, what: grant.what }, tools)
    }

    fn archive(&mut self, tools: &Tools) -> Vec<Effect> {
        let archived = self.open.as_ref().is_some_and(|open| open.case.record().archived);
        self.act(if archived { Action::Unarchive } else { Action::Archive }, tools)
    }

    /// The first key reports a leak; while one is open, the key leads to the steps of the breach.
    fn leak(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let breach = open.view.steps().find(|step| step.leak && step.is_open()).map(|step| step.id.clone());
        match (open.case.record().open_leak().is_some(), breach) {
            (true, Some(step)) => open.go_to_step(&step),
            (true, None) => self.say("a leak is open; «close the leak» in : ends it"),
            (false, _) => self.ask_leak(),
        }
        Vec::new()
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
