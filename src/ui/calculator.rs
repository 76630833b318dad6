//! The calculator: the metrics with what each choice would bring, and beside them what they mean and why.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::lines::{line, part};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::calculator::Calculator;

impl Screen<'_> {
    pub(super) fn calculator(&self, frame: &mut Frame<'_>, area: Rect, calculator: &Calculator) {
        let text = format!(" {}   {}", calculator.draft().range(), calculator.draft());
        frame
            .render_widget(Rows::one(line(vec![part(&text, self.style(Role::Strong))], usize::from(area.width))), area);
    }
}
