//! The case that is open: its rows, its cursor, what is folded, and how its last save went.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::board::Board;
use super::calculator::Calculator;
use super::filter::fits;
use super::lists::{FactRow, PeopleRow};
use crate::case::record::{Fix, Record};
use crate::case::{
    Case, GoNoGo, History, LaneKind, NextItem, NextKind, Obstacle, PhaseState, Question, Shown, StepView, Tick,
    Trouble, View, components,
};
use crate::evidence::{self, FindZone, Played, Sight};

/// The case that is open.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that is so or not, and none excludes another")]
pub struct OpenCase {
    /// The case.
    pub case: Case,
    /// What it means now.
    pub view: View,
    /// What a drill lets the machine find; empty for a real case.
    pub played: Vec<Played>,
    /// Its branches, with the last looks at its repositories.
    pub board: Board,
    /// Its course so far and as planned.
    pub history: History,
    /// What the next step that exposes the fix needs, shortly before its hour.
    pub go: Option<GoNoGo>,
    /// The pane that is shown.
    pub pane: Pane,
    /// What names the row under the cursor, in each pane that was left.
    pub left_at: BTreeMap<Pane, String>,
    /// The row under the cursor, in each pane.
    pub cursors: BTreeMap<Pane, usize>,
    /// Panes that are in their other view, with the row under its cursor.
    pub other_views: BTreeMap<Pane, usize>,
    /// Phases and steps that a person folded or unfolded.
    pub toggled: BTreeMap<String, bool>,
    /// Only rows that hold these words are shown.
    pub filter: String,
    /// A refusal, in place of the step's detail.
    pub card: Option<Card>,
    /// Why it can't be changed.
    pub read_only: Option<Trouble>,
    /// What was changed here and elsewhere, and is not decided yet.
    pub questions: Vec<Question>,
    /// The trouble that the card came up for already: its word, and how many questions it asks.
    pub told: Option<(&'static str, usize)>,
    /// Where a copy was written, and of what.
    pub copied: Option<(String, Record)>,
    /// The person chose to lose what could not be saved.
    pub given_up: bool,
    /// The calculators of its vulnerabilities, by their ids.
    pub calculators: BTreeMap<String, Calculator>,
    /// The vulnerability that the pane of the score shows, by its id; none is the first.
    pub vulnerability: Option<String>,
    /// The vulnerability that was shown and is not in the case any more, until that is said.
    pub gone: Option<String>,
    /// The pane of the score was reached from a step that asks for the last word, or at least for a score.
    pub asked_for_score: Option<AskedForScore>,
    /// The last edition of the file that was taken in.
    pub edition: u64,
    /// How the last save went.
    pub save: SaveState,
    /// Something was typed that can't be kept, for the case turned read-only meanwhile.
    pub unkept: bool,
    /// The person was told that leaving now loses what could not be saved.
    pub warned: bool,
    /// The case was handed over: its bundle is written once that is saved.
    pub bundle_due: bool,
    /// It was decided that this side counts: the copy of it is put away once that is saved.
    pub copy_done: bool,
}

/// A pane of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// What is next, beside a summary of everything else.
    Overview,
    /// Phases and steps.
    Checklist,
    /// The branches of its components.
    Branches,
    /// The scores of its vulnerabilities.
    Score,
    /// People and access.
    People,
    /// What happened.
    Timeline,
    /// Answers and instants.
    Facts,
}

impl Pane {
    /// All panes in the order of Tab, with their numbers.
    pub const ALL: [(Self, u8, &'static str); 7] = [
        (Self::Overview, 0, "Overview"),
        (Self::Checklist, 1, "Checklist"),
        (Self::Branches, 2, "Branches"),
        (Self::Score, 3, "Score"),
        (Self::People, 5, "People"),
        (Self::Timeline, 6, "Timeline"),
        (Self::Facts, 7, "Facts and dates"),
    ];

    /// Does it list steps?
    #[must_use]
    pub fn lists_steps(self) -> bool {
        matches!(self, Self::Overview | Self::Checklist)
    }
}

/// What a step that led to the pane of the score asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedForScore {
    /// The fix lead's last word.
    pub is_final: bool,
    /// Where the step stands.
    pub from: Pane,
}

/// How the last save went.
#[derive(Clone, Debug, PartialEq)]
pub enum SaveState {
    /// All is in the file.
    Saved(Option<Timestamp>),
    /// On its way.
    Saving,
    /// Kept in memory only, and why.
    NotSaved(Trouble),
}

/// A step that was refused.
#[derive(Clone, Debug)]
pub struct Card {
    /// The tick that was refused, to be tried again with an override.
    pub tick: Tick,
    /// It was a start, not a tick.
    pub is_start: bool,
    /// Title of the step.
    pub title: String,
    /// All that is missing.
    pub missing: Vec<Obstacle>,
}

/// A row of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Something next that is no step: an index into the view's `next`.
    Next(usize),
    /// A phase, by its index.
    Phase(usize),
    /// A step, by the indices of its phase and of itself.
    Step(usize, usize),
    /// One item of a step.
    Item(usize, usize, usize),
}

/// What a case calls its fixes, by the digits of their commits.
fn fix_names(case: &Case) -> Vec<(String, String)> {
    let named = |fix: &Fix| Some((fix.commit.as_deref()?.trim().to_ascii_lowercase(), fix.id.clone()));
    case.record().fix.iter().filter_map(named).filter(|(commit, _)| !commit.is_empty()).collect()
}

impl OpenCase {
    /// A case with the cursor on what is next.
    #[must_use]
    pub fn new(case: Case, trouble: Option<Trouble>, sight: Sight<'_>) -> Self {
        let view = evidence::view(&case, sight);
        let history = case.history(&view);
        let go = case.go_no_go(&view, sight.now);
        let mut board = Board::new(components(&case), sight.looks.to_vec());
        board.fix_names = fix_names(&case);
        let mut open = Self {
            case,
            view,
            go,
            played: sight.played.to_vec(),
            board,
            history,
            pane: Pane::Overview,
            left_at: BTreeMap::new(),
            cursors: BTreeMap::new(),
            other_views: BTreeMap::new(),
            toggled: BTreeMap::new(),
            filter: String::new(),
            card: None,
            read_only: None,
            questions: Vec::new(),
            told: None,
            copied: None,
            given_up: false,
            calculators: BTreeMap::new(),
            vulnerability: None,
            gone: None,
            asked_for_score: None,
            edition: 0,
            save: SaveState::Saved(None),
            unkept: false,
            warned: false,
            bundle_due: false,
            copy_done: false,
        };
        open.set_trouble(trouble);
        open.go_to_next();
        open
    }

    /// Changes the case and looks at it anew; the cursor stays on its row where that is still there.
    pub(super) fn change<T>(
        &mut self,
        now: Timestamp,
        find_zone: FindZone<'_>,
        change: impl FnOnce(&mut Case, Sight<'_>) -> T,
    ) -> T {
        // The rows of people and facts are those of the case: which one the cursor is on is asked before.
        let key = self.row_key();
        let sight = Sight { now, find_zone, played: &self.played, looks: &self.board.looks };
        let changed = change(&mut self.case, sight);
        self.refresh(now, find_zone);
        if let Some(key) = key {
            self.go_to_key(&key);
        }
        changed
    }

    /// Looks at the case anew; the cursor stays on its row where that is still there.
    pub fn refresh(&mut self, now: Timestamp, find_zone: FindZone<'_>) {
        let key = self.row_key();
        self.view =
            evidence::view(&self.case, Sight { now, find_zone, played: &self.played, looks: &self.board.looks });
        self.history = self.case.history(&self.view);
        self.go = self.case.go_no_go(&self.view, now);
        self.board.ask(components(&self.case));
        self.board.fix_names = fix_names(&self.case);
        if let Some(key) = key {
            self.go_to_key(&key);
        }
        self.follow_scores();
        self.clamp();
    }

    /// The rows of the list of steps that is shown: the overview's, or the whole checklist.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        match self.pane {
            Pane::Overview => self.overview_rows().into_iter().map(|(_, row)| row).collect(),
            _ => self.checklist_rows(),
        }
    }

    fn checklist_rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self.asked_rows().collect();
        for (p, phase) in self.view.phases.iter().enumerate().filter(|(_, phase)| phase.state != PhaseState::Hidden) {
            let steps: Vec<usize> = (0..phase.steps.len()).filter(|s| self.is_listed(&phase.steps[*s])).collect();
            if !self.filter.is_empty() && steps.is_empty() {
                continue;
            }
            rows.push(Row::Phase(p));
            // What was searched for must not stay hidden in a folded phase.
            if !self.filter.is_empty() || self.is_unfolded(&phase.id, phase.state == PhaseState::Current) {
                rows.extend(steps.into_iter().flat_map(|s| self.with_items(p, s)));
            }
        }
        rows
    }

    /// What is next and no step.
    pub(super) fn asked_rows(&self) -> impl Iterator<Item = Row> {
        let asked = self.view.next.iter().enumerate().filter(|(_, item)| item.kind != NextKind::Step);
        asked.filter(|(_, item)| fits(&self.filter, &item.title)).map(|(index, _)| Row::Next(index))
    }

    /// Does the step apply, or may it, and does it fit the filter?
    pub(super) fn is_listed(&self, step: &StepView) -> bool {
        step.shown != Shown::Hidden && fits(&self.filter, &step.title)
    }

    /// A step, and its items if it is unfolded.
    pub(super) fn with_items(&self, p: usize, s: usize) -> Vec<Row> {
        let step = &self.view.phases[p].steps[s];
        let items = if self.is_unfolded(&step.id, false) { step.items.len() } else { 0 };
        std::iter::once(Row::Step(p, s)).chain((0..items).map(|i| Row::Item(p, s, i))).collect()
    }

    /// Shows only what fits; the cursor stays on its row where that is still there.
    pub(super) fn set_filter(&mut self, filter: String) {
        let key = self.row_key();
        self.filter = filter;
        let found = key.is_some_and(|key| self.go_to_key(&key));
        let first_step = self.rows().iter().position(|row| matches!(row, Row::Step(..)));
        match first_step {
            Some(row) if self.pane.lists_steps() && !found => self.move_to(row),
            _ => self.clamp(),
        }
    }

    /// Is what is inside of a phase or step shown?
    #[must_use]
    pub fn is_unfolded(&self, id: &str, by_default: bool) -> bool {
        self.toggled.get(id).copied().unwrap_or(by_default)
    }

    /// The row under the cursor of this pane.
    #[must_use]
    pub fn cursor(&self) -> usize {
        if let Some(calculator) = self.shown_calculator() {
            return calculator.place();
        }
        if self.pane == Pane::Branches {
            return self.board.cursor(&self.filter);
        }
        let cursor = self.other_views.get(&self.pane).or_else(|| self.cursors.get(&self.pane));
        cursor.copied().unwrap_or(0)
    }

    /// How many rows this pane has.
    #[must_use]
    pub fn count(&self) -> usize {
        match self.pane {
            Pane::Overview | Pane::Checklist => self.rows().len(),
            Pane::Score => self.shown_calculator().map_or(0, |calculator| calculator.rows().len()),
            Pane::Branches => self.board.rows(&self.filter).len(),
            Pane::People => self.people_rows().len(),
            Pane::Timeline if self.shows_other_view() => self.history.lanes.len(),
            Pane::Timeline => self.timeline_rows().len(),
            Pane::Facts => self.fact_rows().len(),
        }
    }

    /// Moves the cursor of this pane; it stays inside the list.
    pub fn move_to(&mut self, row: usize) {
        if let Some(calculator) = self.calculator_mut() {
            return calculator.go_to(row);
        }
        if self.pane == Pane::Branches {
            return self.board.go_to(row, &self.filter);
        }
        let row = row.min(self.count().saturating_sub(1));
        match self.other_views.get_mut(&self.pane) {
            Some(cursor) => *cursor = row,
            None => drop(self.cursors.insert(self.pane, row)),
        }
    }

    /// Is this pane in its other view?
    #[must_use]
    pub fn shows_other_view(&self) -> bool {
        self.other_views.contains_key(&self.pane)
    }

    /// Turns this pane between its views. The picture of the course begins where the case stands.
    pub fn turn_view(&mut self) {
        if self.pane == Pane::Branches {
            return self.board.turn_view();
        }
        if self.other_views.remove(&self.pane).is_none() {
            let current = LaneKind::Phase(PhaseState::Current);
            let stands = self.history.lanes.iter().position(|lane| lane.kind == current);
            self.other_views.insert(self.pane, stands.unwrap_or(0));
        }
    }

    /// Keeps the cursor inside the list.
    pub fn clamp(&mut self) {
        self.move_to(self.cursor());
    }

    /// The row under the cursor, where steps are listed.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        if self.pane.lists_steps() { self.rows().get(self.cursor()).cloned() } else { None }
    }

    /// Shows a pane. From one list of steps to the other the cursor goes along.
    pub fn show(&mut self, pane: Pane) {
        let key = self.row_key();
        self.left_at.extend(key.clone().map(|key| (self.pane, key)));
        let goes_along = self.pane.lists_steps() && pane.lists_steps();
        self.card = None;
        self.pane = pane;
        self.filter.clear();
        // Rows may have come and gone since the pane was left: its row is found by name.
        if let Some(key) = if goes_along { key } else { self.left_at.get(&pane).cloned() } {
            self.go_to_key(&key);
        }
        if pane == Pane::Score {
            self.follow_scores();
        }
        if pane == Pane::Timeline && !self.cursors.contains_key(&pane) {
            // The newest event is the one that people come for.
            self.move_to(usize::MAX);
        }
        self.clamp();
    }

    /// The step under the cursor, and its item if the cursor is on one.
    #[must_use]
    pub fn selected_step(&self) -> Option<(&StepView, Option<&str>)> {
        let (p, s, item) = match self.row()? {
            Row::Step(p, s) => (p, s, None),
            Row::Item(p, s, i) => (p, s, Some(i)),
            Row::Next(_) | Row::Phase(_) => return None,
        };
        let step = self.view.phases.get(p)?.steps.get(s)?;
        let item = item.and_then(|i| step.items.get(i)).map(|item| item.id.as_str());
        Some((step, item))
    }

    /// Something next that is no step, under the cursor.
    #[must_use]
    pub fn selected_next(&self) -> Option<&NextItem> {
        match self.row()? {
            Row::Next(index) => self.view.next.get(index),
            _ => None,
        }
    }

    /// Puts the cursor on what is next, unfolding its phase.
    pub fn go_to_next(&mut self) {
        let Some(first) = self.view.next.first().cloned() else { return };
        if first.kind == NextKind::Step {
            self.go_to_step(&first.id);
        } else {
            self.go_to_key(&format!("next/{}/{}", first.kind.word(), first.id));
        }
    }

    /// Puts the cursor on a step: in the overview if it stands there, else in the checklist, unfolding its phase.
    pub fn go_to_step(&mut self, id: &str) {
        if self.pane == Pane::Overview && self.go_to_key(&format!("step/{id}")) {
            return;
        }
        if let Some(phase) = self.view.phases.iter().find(|phase| phase.steps.iter().any(|step| step.id == id)) {
            self.toggled.insert(phase.id.clone(), true);
        }
        self.pane = Pane::Checklist;
        self.go_to_key(&format!("step/{id}"));
    }

    /// Puts the cursor on a phase in the checklist, unfolded.
    pub fn go_to_phase(&mut self, id: &str) {
        self.toggled.insert(id.to_owned(), true);
        self.show(Pane::Checklist);
        self.go_to_key(&format!("phase/{id}"));
    }

    /// False if no row has this key.
    fn go_to_key(&mut self, key: &str) -> bool {
        let found = self.row_keys().iter().position(|known| known == key);
        if let Some(index) = found {
            self.move_to(index);
        }
        found.is_some()
    }

    fn row_key(&self) -> Option<String> {
        self.row_keys().into_iter().nth(self.cursor())
    }

    /// What names each row of this pane, across changes of the list.
    fn row_keys(&self) -> Vec<String> {
        let (record, playbook) = (self.case.record(), self.case.playbook());
        match self.pane {
            Pane::Overview | Pane::Checklist => self.rows().iter().map(|row| self.key_of(row)).collect(),
            Pane::People => {
                let key = |row: PeopleRow| match row {
                    PeopleRow::Person(index) => format!("person/{}", record.person[index].id),
                    PeopleRow::Grant(index) => format!("grant/{}", record.grant[index].id),
                };
                self.people_rows().into_iter().map(key).collect()
            }
            // The calculator and the board keep their own places.
            Pane::Score | Pane::Branches => Vec::new(),
            // The lanes of the picture are always the same.
            Pane::Timeline if self.shows_other_view() => Vec::new(),
            Pane::Timeline => self.timeline_rows().into_iter().map(|index| record.event[index].id.clone()).collect(),
            Pane::Facts => {
                let key = |row: FactRow| match row {
                    FactRow::Fact(index) => format!("fact/{}", playbook.facts[index].id),
                    FactRow::Anchor(index) => format!("anchor/{}", playbook.anchors[index].id),
                };
                self.fact_rows().into_iter().map(key).collect()
            }
        }
    }

    /// What names a row across changes of the list.
    fn key_of(&self, row: &Row) -> String {
        let view = &self.view;
        match row {
            Row::Next(index) => {
                view.next.get(*index).map_or_else(String::new, |item| format!("next/{}/{}", item.kind.word(), item.id))
            }
            Row::Phase(p) => format!("phase/{}", view.phases[*p].id),
            Row::Step(p, s) => format!("step/{}", view.phases[*p].steps[*s].id),
            Row::Item(p, s, i) => {
                let step = &view.phases[*p].steps[*s];
                format!("item/{}/{}", step.id, step.items[*i].id)
            }
        }
    }
}
