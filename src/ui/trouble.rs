//! The card that tells what stands in the way of a case, and each way out with its key.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::TroubleCard;
use crate::case::{Question, Trouble};

/// Columns of the keys.
const KEYS: usize = 10;
/// At most so many rows of one side.
const MOST: usize = 3;

impl Screen<'_> {
    pub(super) fn trouble(&self, frame: &mut Frame<'_>, area: Rect, card: &TroubleCard) {
        let columns = usize::from(area.width);
        let words = card.trouble.words(self.app.now);
        let title = format!("{} {}", self.mark(Mark::Attention), words.title);
        let mut head = self.text(&title, Role::Strong, 1, columns);
        head.push(Line::default());
        let mut told: Vec<Line<'static>> =
            words.lines.iter().flat_map(|text| self.text(text, Role::Plain, 1, columns)).collect();
        if let Some(copy) = self.app.open.as_ref().and_then(|open| open.copy()) {
            told.extend(self.text(&format!("A copy of all of it is in {copy}."), Role::Plain, 1, columns));
        }
        told.push(Line::default());
        if let Some(question) = card.question() {
            told.extend(self.question(card, question, columns));
        }
        let mut ways = self.ways_out(card, 0, columns);
        ways.push(Line::default());
        let place = if words.place.is_empty() { Vec::new() } else { self.text(&words.place, Role::Quiet, 1, columns) };
        let room = usize::from(area.height);
        // Where there is no room for all, the ways out come before the words.
        let all = head.len() + told.len() + ways.len();
        let lines: Vec<Line<'static>> = if all <= room {
            head.into_iter().chain(told).chain(ways).chain(place).collect()
        } else if card.question().is_some() {
            head.truncate(1);
            let asked = card.question().map(|question| self.question(card, question, columns)).unwrap_or_default();
            // No blank row between them.
            let asked = asked.into_iter().filter(|line| line.width() > 0);
            // Deciding later is Esc, which the last line tells.
            head.into_iter().chain(asked).chain(self.ways_out(card, 1, columns)).collect()
        } else {
            head.truncate(1);
            head.into_iter().chain(ways).chain(told).chain(place).collect()
        };
        let scrolls = card.question().is_none();
        let first = if scrolls { card.cursor.min(lines.len().saturating_sub(room)) } else { 0 };
        let shown: Vec<Line<'static>> = lines.into_iter().skip(first).take(room).collect();
        frame.render_widget(Rows::new(shown), area);
    }

    /// Each way out from the one of this place on; the first is Enter as well.
    fn ways_out(&self, card: &TroubleCard, from: usize, columns: usize) -> Vec<Line<'static>> {
        let ways = card.ways();
        let row = |(index, way): (usize, &crate::case::Way)| {
            let key = if index == 0 { format!("Enter  {}", way.key) } else { format!("       {}", way.key) };
            self.beside((&key, KEYS, Role::Accent), &way.does, columns)
        };
        ways.iter().enumerate().skip(from).flat_map(row).collect()
    }

    /// What is asked: the thing, and both sides.
    fn question(&self, card: &TroubleCard, question: &Question, columns: usize) -> Vec<Line<'static>> {
        let Trouble::Conflict(questions) = &card.trouble else { return Vec::new() };
        let at = card.cursor.min(questions.len().saturating_sub(1)) + 1;
        let count = if questions.len() > 1 { format!("{at} of {}   ", questions.len()) } else { String::new() };
        let fields = if question.fields.is_empty() { String::new() } else { format!(": {}", question.fields) };
        let mut lines = self.text(&format!("{count}{}{fields}", question.thing), Role::Strong, 1, columns);
        for (name, value) in [("yours", &question.mine), ("theirs", &question.theirs)] {
            lines.extend(self.beside((&format!("  {name}"), KEYS, Role::Quiet), value, columns).into_iter().take(MOST));
        }
        lines.push(Line::default());
        lines
    }
}
