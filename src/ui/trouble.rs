//! The card that tells what stands in the way of a case, and each way out with its key.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::{Target, TroubleCard};
use crate::case::{Question, Trouble, Way, Words};

/// Columns of the keys.
const KEYS: usize = 10;
/// At most so many rows of one side.
const MOST: usize = 3;

/// A row of the card, and the way out that a click on it takes.
type CardRow = (Line<'static>, Option<Target>);

fn plain(lines: Vec<Line<'static>>) -> Vec<CardRow> {
    lines.into_iter().map(|line| (line, None)).collect()
}

impl Screen<'_> {
    pub(super) fn trouble(&self, frame: &mut Frame<'_>, area: Rect, card: &TroubleCard) {
        let room = usize::from(area.height);
        let rows = self.card_rows(card, usize::from(area.width), room);
        // The arrows go from question to question; where nothing is asked they scroll.
        let scroll = if card.question().is_some() { 0 } else { card.cursor };
        let first = scroll.min(rows.len().saturating_sub(room));
        let (lines, targets): (Vec<_>, Vec<_>) = rows.into_iter().skip(first).take(room).unzip();
        frame.render_widget(Rows::new(lines), area);
        for (y, target) in (area.y..area.bottom()).zip(targets) {
            if let Some(target) = target {
                self.target(Rect { y, height: 1, ..area }, target);
            }
        }
    }

    /// The whole card; where there is no room for all of it, the ways out come before the words.
    fn card_rows(&self, card: &TroubleCard, columns: usize, room: usize) -> Vec<CardRow> {
        let words = card.trouble.words(self.app.now);
        let title = format!("{} {}", self.mark(Mark::Attention), words.title);
        let head = plain(self.text(&title, Role::Strong, 1, columns));
        let told = plain(self.happened(card, &words, columns));
        let asked = card.question().map(|question| self.question(card, question, columns));
        let ways = self.ways_out(card, columns);
        let place = if words.place.is_empty() { Vec::new() } else { self.text(&words.place, Role::Quiet, 1, columns) };
        let blank = || (Line::default(), None);
        let rows = [head.len(), told.len(), asked.as_ref().map_or(0, |rows| rows.len() + 1), ways.len()];
        if rows.iter().sum::<usize>() + 3 <= room {
            let asked = asked.map(|rows| plain(rows).into_iter().chain([blank()])).into_iter().flatten();
            let above = head.into_iter().chain([blank()]).chain(told).chain([blank()]).chain(asked);
            return above.chain(ways).chain([blank()]).chain(plain(place)).collect();
        }
        match asked {
            // Deciding later is Esc, which the last line tells.
            Some(asked) => {
                let later = Some(Target::Way(0));
                let ways = ways.into_iter().filter(|(_, target)| *target != later);
                head.into_iter().take(1).chain(plain(asked)).chain(ways).collect()
            }
            None => head.into_iter().take(1).chain(ways).chain([blank()]).chain(told).chain(plain(place)).collect(),
        }
    }

    /// What happened, what is kept, and where a copy lies.
    fn happened(&self, card: &TroubleCard, words: &Words, columns: usize) -> Vec<Line<'static>> {
        let open = self.app.open.as_ref().filter(|open| open.case.record().id == card.id);
        let copy = open.and_then(|open| open.copy()).map(|copy| format!("A copy of all of it is in {copy}."));
        let tried = self.app.tried(card);
        words
            .lines
            .iter()
            .chain(&copy)
            .chain(&tried)
            .flat_map(|text| self.text(text, Role::Plain, 1, columns))
            .collect()
    }

    /// Each way out; the first is Enter as well.
    fn ways_out(&self, card: &TroubleCard, columns: usize) -> Vec<CardRow> {
        let ways = card.ways();
        let row = |(index, way): (usize, &Way)| {
            let key = if index == 0 { format!("Enter  {}", way.key) } else { format!("       {}", way.key) };
            let lines = self.beside((&key, KEYS, Role::Accent), &way.does, columns);
            lines.into_iter().map(move |line| (line, Some(Target::Way(index))))
        };
        ways.iter().enumerate().flat_map(row).collect()
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
        lines
    }
}
