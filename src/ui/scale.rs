//! From instants to columns: an axis of days, hours or minutes for the room there is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// What an axis can be divided into. What is longer still is divided into doubled years of weeks.
const STEPS: [i64; 18] = [
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    WEEK,
    2 * WEEK,
    4 * WEEK,
    13 * WEEK,
];

/// Weeks begin on Monday; the first one of the calendar's epoch is the fifth of January.
const FIRST_MONDAY: i64 = 4 * DAY;

/// How many ticks an axis should have, and how many it has at most.
const FEWEST: usize = 4;
const MOST: usize = 10;

/// What an axis spans at least.
const SHORTEST: i64 = 4 * MINUTE;

/// Blank columns between two labels.
const GAP: i64 = 2;

/// The instants of an axis and its columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: i64,
    to: i64,
    columns: usize,
}

/// A place on the axis with what is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) column: usize,
    /// In UTC; blank where there is no room for it.
    pub(super) label: String,
}

impl Scale {
    /// An axis over some columns. It spans at least some minutes.
    pub(super) fn new(from: Timestamp, to: Timestamp, columns: usize) -> Self {
        let from = from.as_second();
        Self { from, to: to.as_second().max(from + SHORTEST), columns }
    }

    /// The column of an instant; what lies outside is at the nearer end.
    pub(super) fn column(&self, at: Timestamp) -> usize {
        self.column_of(at.as_second())
    }

    fn column_of(&self, second: i64) -> usize {
        let (span, last) = (self.to - self.from, i64::try_from(self.columns).unwrap_or(0) - 1);
        let into = second.clamp(self.from, self.to) - self.from;
        usize::try_from((into * last + span / 2) / span).unwrap_or(0)
    }

    /// The finest division whose labels have room and that has no more ticks than an eye takes in; labels are
    /// shortened before there are too few.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let divided = |long: usize| self.steps().find_map(|step| self.divide(step, LABELS[long]));
        let enough = (0..LABELS.len()).filter_map(divided).find(|ticks| ticks.len() >= FEWEST);
        enough.or_else(|| divided(LABELS.len() - 1)).unwrap_or_default()
    }

    fn steps(&self) -> impl Iterator<Item = i64> {
        let span = self.to - self.from;
        let years = std::iter::successors(Some(26 * WEEK), |step| Some(step * 2));
        STEPS.into_iter().chain(years).take_while(move |step| *step <= 2 * span.max(WEEK))
    }

    /// The ticks at whole multiples of a step; none if there are too many, or their labels have no room.
    fn divide(&self, step: i64, label: Label) -> Option<Vec<Tick>> {
        let begin = if step >= WEEK { FIRST_MONDAY } else { 0 };
        let first = (self.from - begin).div_euclid(step) * step + begin;
        let first = if first < self.from { first + step } else { first };
        let count = usize::try_from((self.to - first).div_euclid(step) + 1).unwrap_or(0);
        if count > MOST {
            return None;
        }
        let seconds = (0..).map(|n| first + n * step).take(count);
        let mut ticks: Vec<Tick> =
            seconds.map(|at| Tick { column: self.column_of(at), label: label(at, step) }).collect();
        let width = |tick: &Tick| i64::try_from(tick.label.len()).unwrap_or(0) + GAP;
        let column = |tick: &Tick| i64::try_from(tick.column).unwrap_or(0);
        if ticks.windows(2).any(|pair| column(&pair[1]) - column(&pair[0]) < width(&pair[0])) {
            return None;
        }
        if let Some(last) = ticks.last_mut().filter(|tick| tick.column + tick.label.len() > self.columns) {
            last.label.clear();
        }
        Some(ticks)
    }
}

/// What is written at an instant on an axis with this step.
type Label = fn(i64, i64) -> String;

/// From long to short. Within a day the hours stand, and the date at midnight.
const LABELS: [Label; 3] = [
    |at, step| written(at, step, "%a %-d %b", "%H:%M"),
    |at, step| written(at, step, "%a %-d", "%H:%M"),
    |at, step| written(at, step, "%-d", "%H:%M"),
];

fn written(at: i64, step: i64, day: &str, hour: &str) -> String {
    let format = if step < DAY && at.rem_euclid(DAY) != 0 { hour } else { day };
    let format = if step >= 26 * WEEK { "%b %Y" } else { format };
    let there = Timestamp::from_second(at).map(|at| at.to_zoned(TimeZone::UTC).strftime(format).to_string());
    there.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(from: &str, to: &str, columns: usize) -> Vec<String> {
        let ticks = Scale::new(from.parse().unwrap(), to.parse().unwrap(), columns).ticks();
        ticks.into_iter().map(|tick| tick.label).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn the_room_decides_what_an_axis_is_divided_into() {
        let (from, to) = ("2026-11-19T16:12:00Z", "2026-12-10T16:12:00Z");
        assert_eq!(labels(from, to, 140)[..2], ["Sat 21 Nov", "Mon 23 Nov"]);
        assert_eq!(labels(from, to, 80), ["Mon 23 Nov", "Fri 27 Nov", "Tue 1 Dec", "Sat 5 Dec"]);
        assert_eq!(
            labels("2026-11-19T16:12:00Z", "2026-11-20T09:00:00Z", 60),
            ["18:00", "21:00", "Fri 20", "03:00", "06:00"]
        );
        assert_eq!(labels("2026-11-19T16:12:00Z", "2026-11-19T16:13:00Z", 40), ["16:12", "16:13", "16:14", "16:15"]);
    }

    fn instant(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    proptest! {
        #[test]
        fn columns_are_monotone_and_within_the_room(
            from in -9_000_000_000_i64..250_000_000_000,
            span in prop_oneof![0_i64..10_000, 0_i64..100_000_000],
            columns in 1_usize..300,
            one in any::<u32>(),
            two in any::<u32>(),
        ) {
            let scale = Scale::new(instant(from), instant(from + span), columns);
            let place = |part: u32| scale.column(instant(from - 10 + i64::from(part) % (span + 20)));
            prop_assert!(place(one) < columns);
            let (early, late) = (one.min(two) % 1_000, one.max(two) % 1_000);
            if early <= late {
                prop_assert!(scale.column(instant(from + i64::from(early))) <= scale.column(instant(from + i64::from(late))));
            }
            prop_assert_eq!(scale.column(instant(from)), 0);
        }

        #[test]
        fn labels_never_run_into_each_other_or_out_of_the_room(
            from in -9_000_000_000_i64..250_000_000_000,
            span in prop_oneof![0_i64..10_000, 0_i64..10_000_000, 0_i64..3_000_000_000],
            columns in 1_usize..300,
        ) {
            let ticks = Scale::new(instant(from), instant(from + span), columns).ticks();
            prop_assert!(ticks.len() <= MOST);
            let mut free = 0;
            for tick in ticks {
                prop_assert!(tick.column < columns);
                if !tick.label.is_empty() {
                    prop_assert!(tick.column >= free, "{tick:?}");
                    free = tick.column + tick.label.len() + 1;
                    prop_assert!(tick.column + tick.label.len() <= columns);
                }
            }
        }

        #[test]
        fn an_axis_with_room_has_ticks(
            from in 1_500_000_000_i64..2_500_000_000,
            span in 240_i64..100_000_000,
            columns in 40_usize..300,
        ) {
            let ticks = Scale::new(instant(from), instant(from + span), columns).ticks();
            prop_assert!((1..=MOST).contains(&ticks.len()));
        }
    }
}
