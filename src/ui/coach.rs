//! What a drill adds to the screen: its name on every frame, the band that leads on, and the card at the end.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::lines::{column, line, part, take_bottom};
use super::{Role, Screen};
use crate::app::OpenCase;
use crate::case::record::State;
use crate::drill::Outcome;
use crate::text::{displayable, wrap};

/// What stands on every frame of a drill.
const DRILL: &str = "DRILL";

/// Rows of advice at most.
const ADVICE_ROWS: usize = 3;

/// From this many rows on there is room for advice, not only for the key.
const ROOMY: u16 = 16;

/// How many titles the card at the end names.
const NAMED: usize = 3;

impl Screen<'_> {
    /// Puts the name of the drill at the left of the first row; the rest of the header moves right.
    pub(super) fn drill_tag(&self, frame: &mut Frame<'_>, head: Rect) -> Rect {
        if self.app.drill.is_none() {
            return head;
        }
        let tag = line(vec![part(" ", self.style(Role::Plain)), part(DRILL, self.style(Role::Look))], 6);
        frame.render_widget(Paragraph::new(tag), Rect { width: head.width.min(6), height: 1, ..head });
        let width = self.drill_width();
        Rect { x: head.x + width, width: head.width.saturating_sub(width), ..head }
    }

    /// Columns that the name takes.
    pub(super) fn drill_width(&self) -> u16 {
        if self.app.drill.is_some() { 6 } else { 0 }
    }

    /// The band above the message: advice, and the key that leads on. What is left of the area comes back.
    pub(super) fn coach_band(&self, frame: &mut Frame<'_>, area: Rect, height: u16) -> Rect {
        let Some(coach) = self.app.coach() else { return area };
        let columns = usize::from(area.width);
        let role = self.style(Role::Look);
        let mut lines: Vec<Line<'static>> = Vec::new();
        if height >= ROOMY && !coach.advice.is_empty() {
            let rows = wrap(&displayable(&coach.advice), columns.saturating_sub(11).max(8));
            for (index, row) in rows.into_iter().take(ADVICE_ROWS).enumerate() {
                let name = if index == 0 { " advice" } else { "" };
                lines.push(line(vec![column(name, 10, role), part(&row, self.style(Role::Plain))], columns));
            }
        }
        let key = part(&coach.key, self.style(Role::Strong));
        let does = part(&format!("   {}", coach.does), self.style(Role::Plain));
        lines.push(line(vec![column(" press", 10, role), key, does], columns));
        let (band, rest) = take_bottom(area, u16::try_from(lines.len()).unwrap_or(1));
        frame.render_widget(Paragraph::new(lines), band);
        rest
    }

    /// Is this the closed case of a drill?
    pub(super) fn is_over(&self, open: &OpenCase) -> bool {
        self.app.drill.is_some() && open.case.record().state == State::Closed
    }

    /// How the drill went, once its case is closed.
    pub(super) fn drill_over(&self, open: &OpenCase, columns: usize) -> Option<Vec<Line<'static>>> {
        let outcome = self.is_over(open).then(|| Outcome::of(open.case.record(), open.case.playbook()))?;
        let mut lines = self.text("The drill is over.", Role::Strong, 1, columns);
        lines.push(Line::default());
        let days =
            format!("{} simulated days, {} entries in the timeline", outcome.days, open.case.record().event.len());
        lines.extend(self.entry("time", Role::Quiet, &days, columns));
        lines.extend(self.entry("overrides", Role::Quiet, &named(&outcome.overridden), columns));
        lines.extend(self.entry("late", Role::Quiet, &named(&outcome.late), columns));
        lines.push(Line::default());
        lines.extend(self.entry("6", Role::Accent, "the timeline: who did what, and what it was planned for", columns));
        lines.extend(self.entry("1", Role::Accent, "every step with its notes and links", columns));
        lines.extend(self.entry("q", Role::Accent, "ends the drill", columns));
        Some(lines)
    }
}

/// «none», or how many and the first titles.
fn named(titles: &[String]) -> String {
    if titles.is_empty() {
        return "none".to_owned();
    }
    let more = if titles.len() > NAMED { ", …" } else { "" };
    let first: Vec<String> = titles.iter().take(NAMED).map(|title| format!("«{title}»")).collect();
    format!("{}: {}{more}", titles.len(), first.join(", "))
}
