//! What each command does.

use super::board::BoardView;
use super::command::Command;
use super::message::{Effect, Tools};
use super::open_case::{OpenCase, Pane, Row, SaveState};
use super::saving::Way;
use super::{App, Overlay, Palette, PeopleRow};
use crate::case::record::State;
use crate::case::{Action, Tick};

impl App {
    pub(super) fn carry_out(&mut self, command: Command, tools: &Tools) -> Vec<Effect> {
        if let Some(effects) = self.carry_out_in_fleet(command) {
            return effects;
        }
        match command {
            command if self.scroll_branch(command) => {}
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
            command if self.calculate_by(command) => {}
            Command::UndoChoice => return self.turn_act(true, tools),
            Command::RedoChoice => return self.turn_act(false, tools),
            Command::Calculator => self.show_calculator(),
            Command::Fleet => return self.show_fleet(),
            Command::PaneScore => self.show_score(None),
            Command::CompareWith => self.ask_compare(),
            Command::AddVulnerability => self.ask_vulnerability(),
            Command::NextVulnerability => self.turn_vulnerability(1),
            Command::PreviousVulnerability => self.turn_vulnerability(-1),
            Command::CopyScore | Command::CopyMarkdown | Command::CopyJson => return self.copy_as(command),
            Command::Back if self.calculating && self.open.is_none() && !self.alone => self.calculating = false,
            // From an older version the first way back is to the present.
            Command::Back if self.looked_at().is_some() => return self.reload(),
            Command::Escape if self.looked_at().is_some() && self.has_nothing_to_close() => return self.reload(),
            Command::Back | Command::Escape if self.close_branch() => {}
            Command::Escape if self.has_nothing_to_close() && self.is_looking() => return vec![Effect::EndScans],
            Command::Escape => self.escape(),
            Command::Back if self.ends_drill() => self.ask_end(),
            Command::Back if self.open.is_some() => return self.go_home(),
            Command::Help => self.overlay = Some(Overlay::Help(0)),
            Command::Palette => self.overlay = Some(Overlay::Palette(Palette::default())),
            Command::NextPane => self.turn_pane(1),
            Command::PreviousPane => self.turn_pane(Pane::ALL.len() - 1),
            Command::PaneChecklist => self.show(Pane::Checklist),
            Command::PaneOverview => self.go_to_next(),
            Command::PaneBranches => self.show(Pane::Branches),
            Command::PanePeople => self.show(Pane::People),
            Command::PaneTimeline => self.show(Pane::Timeline),
            Command::PaneFacts => self.show(Pane::Facts),
            Command::OtherView => self.open.iter_mut().for_each(OpenCase::turn_view),
            Command::Copy => return self.copy(),
            Command::NextCase => return self.turn_case(1),
            Command::PreviousCase => return self.turn_case(-1),
            Command::NextComponent => self.turn_component(1),
            Command::PreviousComponent => self.turn_component(-1),
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
            Command::Reload => return self.look_at_all(tools),
            Command::Trouble => return self.lead_out(),
            Command::Versions => return self.list_versions(),
            Command::Redraw => return vec![Effect::Redraw],
            Command::Drill => self.ask_drill(),
            Command::MoveClock => return self.move_clock(tools),
            Command::Suspend => return vec![Effect::Suspend],
            Command::Back | Command::Interrupt => return self.leave(),
            other => self.ask_for(other, tools),
        }
        Vec::new()
    }

    /// Looks again at what is stored, and at the repositories.
    fn look_at_all(&mut self, tools: &Tools) -> Vec<Effect> {
        let mut effects = self.reload();
        effects.extend(self.look_again(tools.now));
        effects
    }

    pub(super) fn reload(&mut self) -> Vec<Effect> {
        match &self.open {
            None => vec![Effect::LoadHome],
            Some(open) if matches!(open.save, SaveState::NotSaved(_)) => self.save(),
            // Whoever held it may be gone by now.
            Some(open) if open.read_only.is_some() => {
                let id = open.case.record().id.clone();
                if !self.is_unsaved() && !self.may_go(Way::Home) {
                    return Vec::new();
                }
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
        if open.pane == Pane::Branches {
            self.pick();
            return Vec::new();
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

    /// A case that is not over is asked for: out of the way it reminds of nothing any more.
    fn archive(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(record) = self.open.as_ref().map(|open| open.case.record()) else { return Vec::new() };
        match record.archived {
            true => self.act(Action::Unarchive, tools),
            false if record.state == State::Closed => self.act(Action::Archive, tools),
            false => {
                self.ask_archive();
                Vec::new()
            }
        }
    }

    /// The first key reports a leak; while one is open, the key leads to the steps of the breach.
    pub(super) fn leak(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let breach = open.view.steps().find(|step| step.leak && step.is_open()).map(|step| step.id.clone());
        match (open.case.record().open_leak().is_some(), breach) {
            (true, Some(step)) => open.go_to_step(&step),
            // The process has no steps for it: what was found is what there is to go by.
            (true, None) => {
                if let Some(component) = open.board.leaking() {
                    (open.board.component, open.board.view) = (component, BoardView::Leaks);
                    open.show(Pane::Branches);
                }
                self.say("a leak is open, and this process has no steps for it; «close the leak» in : ends it");
            }
            (false, _) => self.ask_leak(),
        }
        Vec::new()
    }
}
