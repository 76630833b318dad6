//! The branches of a component: where the private and the public side differ, the worst first.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::lines::{line, part};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::OpenCase;

impl Screen<'_> {
    pub(super) fn branches(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let report = open.board.report(open.board.component);
        let pairs = report.map(|report| report.pairs.as_slice()).unwrap_or_default();
        let row = |branch: &str| line(vec![part(&format!("   {branch}"), self.style(Role::Plain))], columns);
        frame.render_widget(Rows::new(pairs.iter().map(|pair| row(&pair.branch)).collect()), area);
    }
}
