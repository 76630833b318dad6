//! The signs of the picture of a case's course, and one row of it.
//!
//! Each sign takes one column, also on terminals that are set to draw ambiguous characters wide, and each stands for one
//! thing without its colour.

use jiff::Timestamp;

use super::lines::{Part, part};
use super::scale::Scale;
use super::{Role, Screen};
use crate::case::{History, Lane, Sign};

/// What a column of the picture shows; where several fall together, the last in this list is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ink {
    Blank,
    Grid,
    Planned,
    Deadline,
    Actual,
    Late,
    Now,
    Sign(Sign),
}

impl Ink {
    /// The sign, its fall-back in ASCII, what the legend says, and how it is drawn.
    fn look(self) -> (&'static str, &'static str, &'static str, Role) {
        match self {
            Self::Blank => (" ", " ", "", Role::Plain),
            Self::Grid => ("╎", ":", "", Role::Rule),
            Self::Planned => ("░", ".", "planned", Role::Quiet),
            Self::Deadline => ("▾", "v", "deadline", Role::Plain),
            Self::Actual => ("▬", "=", "actual", Role::Plain),
            Self::Late => ("▰", "#", "late", Role::Bad),
            Self::Now => ("|", "|", "now", Role::Accent),
            Self::Sign(Sign::MovedFrom) => ("◌", "o", "moved from", Role::Look),
            Self::Sign(Sign::Target) => ("◊", "t", "target", Role::Strong),
            Self::Sign(Sign::Announced) => ("◉", "a", "announced", Role::Strong),
            Self::Sign(Sign::Released) => ("✦", "R", "released", Role::Strong),
            Self::Sign(Sign::SlowDown) => ("S", "S", "slow-down", Role::Look),
            Self::Sign(Sign::Override) => ("O", "O", "override", Role::Look),
            Self::Sign(Sign::Exposing) => ("▸", ">", "exposing begun", Role::Embargo),
            Self::Sign(Sign::Public) => ("P", "P", "declared public", Role::Strong),
            Self::Sign(Sign::Closed) => ("C", "C", "closed", Role::Strong),
            Self::Sign(Sign::Promised) => ("?", "?", "promised", Role::Plain),
            Self::Sign(Sign::Kept) => ("✓", "+", "kept", Role::Plain),
            Self::Sign(Sign::Broken) => ("✗", "X", "broken", Role::Bad),
            Self::Sign(Sign::LeakClosed) => ("x", "x", "leak closed", Role::Plain),
            Self::Sign(Sign::Leak) => ("!", "!", "leak", Role::Bad),
        }
    }

    pub(super) fn word(self) -> &'static str {
        self.look().2
    }
}

/// The columns of one row.
pub(super) type Row = Vec<Ink>;

/// A row with the ticks of the axis and with now.
pub(super) fn ground(scale: &Scale, columns: usize, now: Option<Timestamp>) -> Row {
    let mut row = vec![Ink::Blank; columns];
    for tick in scale.ticks() {
        row[tick.column] = Ink::Grid;
    }
    if let Some(now) = now {
        put(&mut row, scale, now, Ink::Now);
    }
    row
}

/// A lane over the ground: its plan, what happened, what was late of it, and its marks over all that.
pub(super) fn lane(ground: &Row, scale: &Scale, history: &History, lane: &Lane, now: Timestamp) -> Row {
    let mut row = ground.clone();
    let so_far = history.so_far(now);
    if let Some(planned) = lane.planned {
        draw(&mut row, scale, (planned.from, planned.to.unwrap_or(so_far)), Ink::Planned);
    }
    if let Some(actual) = lane.actual {
        draw(&mut row, scale, (actual.from, actual.to.unwrap_or(so_far)), Ink::Actual);
    }
    for late in &lane.late {
        draw(&mut row, scale, (late.until, late.done.unwrap_or(so_far)), Ink::Late);
    }
    for at in &lane.deadlines {
        put(&mut row, scale, *at, Ink::Deadline);
    }
    for mark in &lane.marks {
        put(&mut row, scale, mark.at, Ink::Sign(mark.sign));
    }
    row
}

fn put(row: &mut Row, scale: &Scale, at: Timestamp, ink: Ink) {
    draw(row, scale, (at, at), ink);
}

fn draw(row: &mut Row, scale: &Scale, (from, to): (Timestamp, Timestamp), ink: Ink) {
    let (from, to) = (scale.column(from), scale.column(to));
    for cell in row.iter_mut().take(to + 1).skip(from) {
        *cell = ink.max(*cell);
    }
}

impl Screen<'_> {
    pub(super) fn ink(&self, ink: Ink) -> &'static str {
        let (sign, ascii, ..) = ink.look();
        if self.app.ascii { ascii } else { sign }
    }

    /// A row as parts of a line, neighbours that look alike together.
    pub(super) fn inked(&self, row: &Row) -> Vec<Part> {
        let alike = row.chunk_by(|one, other| one == other);
        alike.map(|run| part(&self.ink(run[0]).repeat(run.len()), self.style(run[0].look().3))).collect()
    }

    /// The sign and its word, for the legend.
    pub(super) fn legend_entry(&self, ink: Ink) -> [Part; 2] {
        let entry = format!(" {}  ", ink.word());
        [part(self.ink(ink), self.style(ink.look().3)), part(&entry, self.style(Role::Quiet))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    const SIGNS: [Sign; 14] = [
        Sign::MovedFrom,
        Sign::Target,
        Sign::Announced,
        Sign::SlowDown,
        Sign::Closed,
        Sign::Promised,
        Sign::Kept,
        Sign::Override,
        Sign::Exposing,
        Sign::Public,
        Sign::Released,
        Sign::LeakClosed,
        Sign::Broken,
        Sign::Leak,
    ];

    fn inks() -> impl Iterator<Item = Ink> {
        [Ink::Blank, Ink::Grid, Ink::Planned, Ink::Deadline, Ink::Actual, Ink::Late, Ink::Now]
            .into_iter()
            .chain(SIGNS.map(Ink::Sign))
    }

    #[test]
    fn every_sign_is_narrow_wherever_it_is_drawn() {
        for ink in inks() {
            let (sign, ascii, ..) = ink.look();
            assert_eq!((sign.width(), sign.width_cjk()), (1, 1), "{sign}");
            assert!(ascii.is_ascii() && ascii.len() == 1, "{ascii}");
        }
    }

    #[test]
    fn no_two_things_share_a_sign() {
        for ascii in [false, true] {
            let mut signs: Vec<&str> = inks().map(|ink| if ascii { ink.look().1 } else { ink.look().0 }).collect();
            let all = signs.len();
            signs.sort_unstable();
            signs.dedup();
            assert_eq!(signs.len(), all);
        }
    }
}
