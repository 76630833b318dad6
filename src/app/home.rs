//! Home: the list of cases, in three sections.

use super::filter::fits;
use super::message::HomeRow;
use crate::case::Summary;
use crate::case::record::State;

/// The list of cases.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// All cases; none until they were read.
    pub rows: Option<Vec<HomeRow>>,
    /// Why they could not be read.
    pub error: Option<String>,
    /// The row under the cursor, among those shown.
    pub cursor: usize,
    /// Archived cases are shown.
    pub archived: bool,
    /// Only cases that hold these words are shown.
    pub filter: String,
}

/// A section of home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Something is to be done, or can't be read.
    NeedsYou,
    /// Others are at it.
    Waiting,
    /// Public, but not closed.
    Released,
    /// Ended, or out of the way.
    Ended,
}

impl Section {
    /// Its head.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NeedsYou => "Needs you",
            Self::Waiting => "Waiting for others",
            Self::Released => "Released, not closed",
            Self::Ended => "Ended",
        }
    }

    /// Where a case stands.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        match summary.state {
            _ if summary.leak => Self::NeedsYou,
            _ if summary.archived || summary.handed_over => Self::Ended,
            State::Closed => Self::Ended,
            State::Public => Self::Released,
            _ if summary.next.is_none() && summary.waiting.is_some() => Self::Waiting,
            _ => Self::NeedsYou,
        }
    }
}

impl Home {
    /// The cases that are shown, section by section, most urgent first.
    #[must_use]
    pub fn shown(&self) -> Vec<(Section, &HomeRow)> {
        let section = |row: &HomeRow| row.summary.as_ref().map_or(Section::NeedsYou, Section::of);
        let visible = |row: &&HomeRow| self.archived || row.summary.as_ref().map_or(true, |summary| !summary.archived);
        let rows = self.rows.iter().flatten().filter(visible).filter(|row| fits(&self.filter, &words(row)));
        let mut shown: Vec<(Section, &HomeRow)> = rows.map(|row| (section(row), row)).collect();
        shown.sort_by_key(|(section, row)| (*section, urgency(row), row.id.clone()));
        shown
    }

    /// The case under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&HomeRow> {
        self.shown().get(self.cursor).map(|(_, row)| *row)
    }

    /// Shows only what fits; the cursor stays on its case where that is still shown.
    pub(super) fn set_filter(&mut self, filter: String) {
        let selected = self.selected().map(|row| row.id.clone());
        self.filter = filter;
        self.cursor = 0;
        if let Some(id) = selected {
            self.select(&id);
        }
    }

    /// Puts the cursor on a case.
    pub fn select(&mut self, id: &str) {
        if let Some(index) = self.shown().iter().position(|(_, row)| row.id == id) {
            self.cursor = index;
        }
    }

    /// Keeps the cursor inside the list.
    pub(super) fn clamp(&mut self) {
        self.cursor = self.cursor.min(self.shown().len().saturating_sub(1));
    }
}

/// What a case is found by: codename, title, process, state, and what is next.
fn words(row: &HomeRow) -> String {
    let Ok(summary) = &row.summary else { return row.id.clone() };
    let next = summary.next.as_ref().map(|item| item.title.as_str()).unwrap_or_default();
    format!("{} {} {} {} {next}", row.id, summary.title, summary.process, summary.state.shown())
}

/// A leak first, then what has an instant, by instant; «as soon as possible» before all instants to come.
fn urgency(row: &HomeRow) -> (bool, bool, Option<jiff::Timestamp>) {
    let Ok(summary) = &row.summary else { return (false, false, None) };
    let due = summary.next.as_ref().or(summary.waiting.as_ref()).map(crate::case::SummaryItem::due);
    let at = due.and_then(|due| due.at);
    let asap = due.is_some_and(|due| due.asap);
    (!summary.leak, at.is_none() && !asap, if asap && at.is_none() { None } else { at })
}
