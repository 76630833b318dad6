//! The rows of the fleet: what needs a person, the worst first, and one line for all the rest. The cursor stays on its component
//! while rows move.

use super::judged::Rank;
use super::{Fleet, Judged};
use crate::app::filter::fits;

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FleetRow {
    /// A component, by its index.
    Component(usize),
    /// What is as planned, and what nobody has looked at yet, in one line.
    Fold,
}

/// Where the cursor stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    /// The name of the component; blank for the line of what is folded. None until somebody has moved it.
    name: Option<String>,
    /// Where it stood, for when it is not there any more.
    row: usize,
}

/// What the line of all the rest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// How many are as planned.
    pub planned: usize,
    /// Of these how many stand how, the most first.
    pub states: Vec<(String, usize)>,
    /// At how many nobody has looked.
    pub unseen: usize,
}

impl Fleet {
    /// The rows that are shown. A filter looks among all of them.
    #[must_use]
    pub fn rows(&self) -> Vec<FleetRow> {
        let mut all: Vec<usize> = (0..self.judged.len()).collect();
        // Where two are as bad as each other the order is that of the file.
        all.sort_by_key(|index| self.judged[*index].rank);
        if !self.filter.is_empty() {
            all.retain(|index| fits(&self.filter, &self.words_of(*index)));
            return all.into_iter().map(FleetRow::Component).collect();
        }
        let told = all.iter().take_while(|index| self.judged[**index].rank.is_told()).count();
        let rest = all.split_off(told);
        let mut rows: Vec<FleetRow> = all.into_iter().map(FleetRow::Component).collect();
        rows.extend((!rest.is_empty()).then_some(FleetRow::Fold));
        rows.extend(rest.into_iter().filter(|_| self.unfolded).map(FleetRow::Component));
        rows
    }

    /// What is as planned and what nobody has looked at yet.
    #[must_use]
    pub fn folded(&self) -> Folded {
        let mut folded = Folded::default();
        for judged in &self.judged {
            match judged.rank {
                Rank::AsPlanned => {
                    folded.planned += 1;
                    match folded.states.iter_mut().find(|(state, _)| *state == judged.words) {
                        Some((_, count)) => *count += 1,
                        None => folded.states.push((judged.words.clone(), 1)),
                    }
                }
                Rank::Unseen => folded.unseen += 1,
                _ => {}
            }
        }
        folded.states.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        folded
    }

    /// The place of the cursor among the rows.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.place(&self.rows())
    }

    /// The same, of rows that are at hand.
    #[must_use]
    pub fn place(&self, rows: &[FleetRow]) -> usize {
        let by_name = self.mark.name.as_ref().and_then(|name| rows.iter().position(|row| self.name_of(*row) == name));
        by_name.unwrap_or(self.mark.row).min(rows.len().saturating_sub(1))
    }

    /// The row under the cursor.
    #[must_use]
    pub fn row(&self) -> Option<FleetRow> {
        let rows = self.rows();
        rows.get(self.place(&rows)).copied()
    }

    /// The component under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        match self.row()? {
            FleetRow::Component(component) => Some(component),
            FleetRow::Fold => None,
        }
    }

    /// Moves the cursor; it stays inside the list.
    pub(in crate::app) fn go_to(&mut self, row: usize) {
        let rows = self.rows();
        let row = row.min(rows.len().saturating_sub(1));
        let name = rows.get(row).map(|row| self.name_of(*row).to_owned());
        self.mark = Mark { name, row };
    }

    /// What the list that is shown is filtered by.
    #[must_use]
    pub fn filter_shown(&self) -> &str {
        if self.inside { &self.branch_filter } else { &self.filter }
    }

    /// Shows only what fits; the cursor stays on its component where that is still shown.
    pub(in crate::app) fn set_filter(&mut self, filter: String) {
        if self.inside {
            self.branch_filter = filter;
            return;
        }
        self.filter = filter;
        self.settle();
    }

    /// After rows have moved: whose row is gone has its cursor on what stands there now. Before anybody has moved it, it stays at
    /// the top, where the worst is.
    pub(super) fn settle(&mut self) {
        if self.mark.name.is_some() {
            self.go_to(self.cursor());
        }
    }

    fn name_of(&self, row: FleetRow) -> &str {
        match row {
            FleetRow::Component(component) => {
                self.board.watched.get(component).map_or("", |watched| watched.asked.name.as_str())
            }
            FleetRow::Fold => "",
        }
    }

    /// What a component is found by.
    fn words_of(&self, component: usize) -> String {
        let Judged { about, words, .. } = &self.judged[component];
        format!("{} {about} {words}", self.name_of(FleetRow::Component(component)))
    }
}
