//! What can be clicked in a frame, noted down by what draws it.

use ratatui::layout::{Position, Rect};

use super::Screen;
use crate::app::Target;

/// Everything in a frame that can be clicked, with its place.
#[derive(Clone, Debug, Default)]
pub struct Targets(Vec<(Rect, Target)>);

impl Targets {
    /// What lies at a column and a row, both from 0.
    #[must_use]
    pub fn at(&self, column: u16, row: u16) -> Option<Target> {
        let here = |(area, _): &&(Rect, Target)| area.contains(Position { x: column, y: row });
        self.0.iter().find(here).map(|(_, target)| *target)
    }
}

impl Screen<'_> {
    pub(super) fn target(&self, area: Rect, target: Target) {
        self.targets.borrow_mut().0.push((area, target));
    }

    /// The lines of an area from its top on: which row of the list each shows; a head or a blank line shows none.
    pub(super) fn row_targets(&self, area: Rect, rows: impl IntoIterator<Item = Option<usize>>) {
        for (y, row) in (area.y..area.bottom()).zip(rows) {
            if let Some(row) = row {
                self.target(Rect { y, height: 1, ..area }, Target::Row(row));
            }
        }
    }
}
