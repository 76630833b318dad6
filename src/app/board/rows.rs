//! The rows of a board in each of its views.

use super::{Board, BoardView};

impl Board {
    /// How many rows the view has.
    #[must_use]
    pub fn count(&self) -> usize {
        let Some(report) = self.report(self.component) else { return 0 };
        match self.view {
            BoardView::Branches => report.pairs.len(),
            BoardView::Fixes => report.fixes.len(),
            BoardView::Leaks => report.leaks.iter().map(|leaks| leaks.found().len()).sum(),
            BoardView::Tags => report.tags.len() + report.pins.len(),
        }
    }
}
