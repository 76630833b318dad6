//! What a drill adds to the screen: its name on every frame, the band that leads on, and the card at the end.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{beside, column, line, part, split_line, take_bottom};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::OpenCase;
use crate::case::record::State;
use crate::drill::{LONGEST_ADVICE, Outcome};
use crate::text::{displayable, wrap};

/// What stands on every frame of a drill.
const DRILL: &str = "DRILL";

/// Columns of a name in the band.
const NAME: usize = 10;

/// From this many columns on the simulated instant stands beside the key.
const WITH_CLOCK: usize = 60;

/// From this many rows on there is room for advice, not only for the key.
const ROOMY: u16 = 16;

/// How many titles the card at the end names.
const NAMED: usize = 3;

impl Screen<'_> {
    /// The header; in a drill its first row begins with the name of the drill.
    pub(super) fn marked_header(&self, columns: usize) -> Vec<Line<'static>> {
        let mut header = self.header(columns);
        if self.app.drill.is_some() {
            let tag = line(vec![part(&format!(" {DRILL}"), self.style(Role::Look))], columns);
            let rest = self.header(columns.saturating_sub(tag.width())).into_iter().next().unwrap_or_default();
            header[0] = beside(tag, rest);
        }
        header
    }

    /// The band above the message: advice, and the key that leads on. What is left of the area comes back.
    pub(super) fn coach_band(&self, frame: &mut Frame<'_>, area: Rect, height: u16) -> Rect {
        let Some(coach) = self.app.coach() else { return area };
        let columns = usize::from(area.width);
        let mut lines: Vec<Line<'static>> = Vec::new();
        if height >= ROOMY {
            if let Some(report) = &coach.report {
                lines.extend(self.told(" report", report, columns));
            }
            lines.extend(self.told(" advice", &coach.advice, columns));
            // The band keeps its height, so that the body stands still.
            let rows = LONGEST_ADVICE.div_ceil(columns.saturating_sub(NAME + 4).max(8));
            lines.resize(lines.len().max(rows), Line::default());
        }
        let now = if columns < WITH_CLOCK { String::new() } else { format!("{} ", self.short_instant(self.app.now)) };
        let press = vec![
            column(" press", NAME, self.style(Role::Look)),
            part(&coach.key, self.style(Role::Strong)),
            part(&format!("   {}", coach.does), self.style(Role::Plain)),
        ];
        lines.push(split_line(press, vec![part(&now, self.style(Role::Look))], columns));
        let (band, rest) = take_bottom(area, u16::try_from(lines.len()).unwrap_or(1));
        frame.render_widget(Rows::new(lines), band);
        rest
    }

    /// Advice for the message line, where the band has room for the key only.
    pub(super) fn advice_in_little_room(&self) -> Option<String> {
        (self.app.size.1 < ROOMY).then(|| self.app.coach().map(|coach| coach.advice)).flatten()
    }

    /// A name and a text beside it.
    fn told(&self, name: &str, text: &str, columns: usize) -> Vec<Line<'static>> {
        let rows = wrap(&displayable(text), columns.saturating_sub(NAME + 1).max(8));
        let row = |(index, row): (usize, String)| {
            let name = if index == 0 { name } else { "" };
            line(vec![column(name, NAME, self.style(Role::Look)), part(&row, self.style(Role::Plain))], columns)
        };
        rows.into_iter().enumerate().map(row).collect()
    }

    /// Is this the closed case of a drill?
    pub(super) fn is_over(&self, open: &OpenCase) -> bool {
        self.app.drill.is_some() && open.case.record().state == State::Closed
    }

    /// How the drill went, once its case is closed.
    pub(super) fn drill_over(&self, open: &OpenCase, columns: usize) -> Option<Vec<Line<'static>>> {
        let outcome = self.is_over(open).then(|| Outcome::of(open.case.record(), open.case.playbook()))?;
        let events = open.case.record().event.len();
        let mut lines = self.text("The drill is over.", Role::Strong, 1, columns);
        let time = format!("{} simulated days, {events} entries in the timeline", outcome.days);
        lines.extend(self.entry("time", Role::Quiet, &time, columns));
        lines.extend(self.entry("overrides", Role::Quiet, &named(&outcome.overridden), columns));
        lines.extend(self.entry("late", Role::Quiet, &named(&outcome.late), columns));
        lines.extend(self.entry("look at", Role::Quiet, "6 the timeline, v there draws it; 1 every step", columns));
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
