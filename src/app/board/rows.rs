//! The rows of a board in each of its views, and the row under the cursor: it is known by its name, so that the cursor stays
//! on it whatever the next look brings.

use super::{Board, BoardView, Watched};
use crate::app::filter::fits;
use crate::divergence::{FixRow, Leak, Leaks, Pair, Report};
use crate::findings::{Standing, leak_how, reference_words, standings};

/// A row of a view. Each index is one into the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoardRow {
    /// A branch, and how it stands.
    Branch(usize, Standing),
    /// A fix on a branch.
    Fix(usize, String),
    /// A commit that may be a fix, where none is named.
    Offered(usize),
    /// A ref that shows what must not be public.
    Leak(usize),
    /// A tag.
    Tag(usize),
    /// A version pin.
    Pin(usize),
}

/// Where the cursor stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The name of the row.
    key: String,
    /// Where it stood, for when it is not there any more.
    row: usize,
}

impl Board {
    /// The component that is shown, with what is asked of it and what the last look found.
    #[must_use]
    pub fn shown_report(&self) -> Option<(&Watched, &Report)> {
        let index = self.component.min(self.watched.len().saturating_sub(1));
        Some((self.watched.get(index)?, self.report(index)?))
    }

    /// The rows of the view that fit a filter.
    #[must_use]
    pub fn rows(&self, filter: &str) -> Vec<BoardRow> {
        let Some((watched, report)) = self.shown_report() else { return Vec::new() };
        let mut rows: Vec<BoardRow> = match self.view {
            BoardView::Branches => {
                let standings = standings(&watched.asked, report).into_iter();
                standings.map(|(index, standing)| BoardRow::Branch(index, standing)).collect()
            }
            BoardView::Fixes if report.fixes.is_empty() => (0..report.offered.len()).map(BoardRow::Offered).collect(),
            BoardView::Fixes => {
                let of = |(index, fix): (usize, &FixRow)| {
                    fix.branches.keys().map(|branch| BoardRow::Fix(index, branch.clone())).collect::<Vec<_>>()
                };
                report.fixes.iter().enumerate().flat_map(of).collect()
            }
            BoardView::Leaks => {
                let found = report.leaks.as_ref().map_or(0, |leaks| leaks.found().len());
                (0..found).map(BoardRow::Leak).collect()
            }
            BoardView::Tags => {
                let pins = (0..report.pins.len()).map(BoardRow::Pin);
                (0..report.tags.len()).map(BoardRow::Tag).chain(pins).collect()
            }
        };
        rows.retain(|row| fits(filter, &self.key_of(report, row)));
        rows
    }

    /// The row under the cursor, by its place among those that fit a filter.
    #[must_use]
    pub fn cursor(&self, filter: &str) -> usize {
        self.place(&self.rows(filter))
    }

    /// The same, of rows that are at hand.
    #[must_use]
    pub fn place(&self, rows: &[BoardRow]) -> usize {
        let (Some(mark), Some((_, report))) = (self.marks.get(&self.mark_key()), self.shown_report()) else { return 0 };
        let by_name = rows.iter().position(|row| self.key_of(report, row) == mark.key);
        by_name.unwrap_or(mark.row).min(rows.len().saturating_sub(1))
    }

    /// The row under the cursor.
    #[must_use]
    pub fn row(&self, filter: &str) -> Option<BoardRow> {
        let mut rows = self.rows(filter);
        let place = self.place(&rows);
        (place < rows.len()).then(|| rows.swap_remove(place))
    }

    /// The branch under the cursor, where branches are listed.
    #[must_use]
    pub fn branch(&self, filter: &str) -> Option<(&Watched, &Report, &Pair)> {
        let Some(BoardRow::Branch(index, _)) = self.row(filter) else { return None };
        let (watched, report) = self.shown_report()?;
        Some((watched, report, report.pairs.get(index)?))
    }

    /// Moves the cursor; it stays inside the list.
    pub fn go_to(&mut self, row: usize, filter: &str) {
        let rows = self.rows(filter);
        let row = row.min(rows.len().saturating_sub(1));
        let key = rows.get(row).zip(self.shown_report()).map(|(row, (_, report))| self.key_of(report, row));
        // Where nothing is listed for the moment, the place is kept for when there is.
        if let Some(key) = key {
            self.scroll =
                if self.marks.get(&self.mark_key()).is_some_and(|mark| mark.key == key) { self.scroll } else { 0 };
            self.marks.insert(self.mark_key(), Mark { key, row });
        }
    }

    /// Puts the cursor on a branch.
    pub fn go_to_branch(&mut self, branch: &str) {
        self.view = BoardView::Branches;
        self.marks.insert(self.mark_key(), Mark { key: branch.to_owned(), row: 0 });
    }

    fn mark_key(&self) -> (String, BoardView) {
        (self.shown().map(|watched| watched.asked.name.clone()).unwrap_or_default(), self.view)
    }

    /// What names a row, and what is sought by a filter.
    fn key_of(&self, report: &Report, row: &BoardRow) -> String {
        match row {
            BoardRow::Branch(index, _) => report.pairs[*index].branch.clone(),
            BoardRow::Fix(index, branch) => format!("{} {branch}", self.fix_name(*index)),
            BoardRow::Offered(index) => {
                let offered = &report.offered[*index];
                format!("{} {}", offered.commit, offered.subject)
            }
            BoardRow::Leak(index) => {
                let leak = &report.leaks.as_ref().map(Leaks::found).unwrap_or_default()[*index];
                format!("{} {}", leak.fix, leak.reference)
            }
            BoardRow::Tag(index) => format!("tag {}", report.tags[*index].name),
            BoardRow::Pin(index) => format!("pin {}", report.pins[*index].branch),
        }
    }

    /// A leak of which a case was told by a look, as people say it: «F1 is on public, by its id: gateway, pull request 7». None
    /// where the last looks do not show it, and if a person reported it.
    #[must_use]
    pub fn leak_told(&self, what: &str) -> Option<String> {
        let found = |index: usize| {
            let leaks = self.report(index).and_then(|report| report.leaks.as_ref()).map(Leaks::found);
            leaks.unwrap_or_default().iter().map(move |leak| (index, leak)).collect::<Vec<_>>()
        };
        let all: Vec<(usize, &Leak)> = (0..self.watched.len()).flat_map(found).collect();
        let is_told = |leak: &Leak| what.contains(&format!("{} is on canonical {}", leak.fix.short(), leak.reference));
        let (index, leak) = all.iter().find(|(_, leak)| is_told(leak))?;
        let report = self.report(*index)?;
        let fix = report.fixes.iter().position(|fix| fix.commit == leak.fix);
        let fix = fix.map_or_else(|| leak.fix.short(), |fix| self.fix_name_of(*index, fix));
        let more = if all.len() > 1 { format!(" and {} more", all.len() - 1) } else { String::new() };
        let (name, how) = (&self.watched[*index].asked.name, leak_how(leak.how));
        Some(format!("{fix} is on public, {how}: {name}, {}{more}", reference_words(&leak.reference)))
    }

    /// What a fix of the report is called: as its case calls it, else by its place.
    #[must_use]
    pub fn fix_name(&self, index: usize) -> String {
        self.fix_name_of(self.component.min(self.watched.len().saturating_sub(1)), index)
    }

    /// The same of a component, by its index.
    #[must_use]
    pub fn fix_name_of(&self, component: usize, index: usize) -> String {
        let commit = self.report(component).and_then(|report| Some(report.fixes.get(index)?.commit.to_string()));
        let named = commit.and_then(|commit| {
            let known = self.fix_names.iter().find(|(known, _)| commit.starts_with(known.as_str()));
            known.map(|(_, name)| name.clone())
        });
        named.unwrap_or_else(|| format!("F{}", index + 1))
    }
}
