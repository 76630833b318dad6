//! The hour and the weekdays at which a project releases.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::instant::offset_words;
use super::words::{Zone, stamp, weekday_name};

/// How many next instants a refusal names.
const NAMED: usize = 2;

/// A release window: one minute of the day in a zone, on some weekdays.
///
/// On a day whose clocks skip that hour there is no window; on one that repeats it, the first counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The hour on the zone's clocks; seconds are ignored.
    pub time: Time,
    /// The zone of the hour and of the weekdays.
    pub zone: TimeZone,
    /// The weekdays, in any order. Without any, nothing is in the window.
    pub weekdays: Vec<Weekday>,
}

impl Window {
    /// Whether an instant lies within the minute of the window.
    #[must_use]
    pub fn contains(&self, instant: Timestamp) -> bool {
        let date = instant.to_zoned(self.zone.clone()).date();
        self.on(date).is_some_and(|opens| is_within(opens, instant))
    }

    /// The next `n` windows strictly after an instant, in order; fewer at the end of the calendar.
    #[must_use]
    pub fn next(&self, after: Timestamp, n: usize) -> Vec<Timestamp> {
        if self.weekdays.is_empty() {
            return Vec::new();
        }
        let first = after.to_zoned(self.zone.clone()).date();
        let dates = std::iter::successors(Some(first), |date| date.tomorrow().ok());
        dates.filter_map(|date| self.on(date)).filter(|opens| *opens > after).take(n).collect()
    }

    /// Why an instant isn't in the window, as a clause: «Friday is outside Monday to Thursday; the next are …».
    #[must_use]
    pub fn why_not(&self, instant: Timestamp) -> Option<String> {
        if self.contains(instant) {
            return None;
        }
        let next: Vec<String> = self.next(instant, NAMED).iter().map(|at| self.stamp(*at, instant)).collect();
        let reason = self.reason(instant);
        Some(if next.is_empty() { reason } else { format!("{reason}; the next are {}", next.join(" and ")) })
    }

    fn reason(&self, instant: Timestamp) -> String {
        let there = instant.to_zoned(self.zone.clone());
        if self.weekdays.is_empty() {
            return "the window has no weekday".to_owned();
        }
        if !self.weekdays.contains(&there.weekday()) {
            return format!("{} is outside {}", weekday_name(there.weekday()), weekdays_words(&self.weekdays));
        }
        let label = self.label(instant);
        let hour = self.time.strftime("%H:%M");
        if (there.hour(), there.minute()) == (self.time.hour(), self.time.minute()) {
            // The only instant that shows the right hour without being the window is the second of a repeated hour.
            return format!("{hour} {label} comes twice that day, and the first counts");
        }
        format!("{} {label} is not {hour}", there.strftime("%H:%M"))
    }

    fn stamp(&self, at: Timestamp, now: Timestamp) -> String {
        stamp(at, now, &self.zone, &self.label(at))
    }

    /// The word behind a time: the zone's name, or its offset at that instant if it has none.
    fn label(&self, at: Timestamp) -> String {
        match self.zone.iana_name() {
            Some(name) => Zone::new(name, self.zone.clone()).label,
            None => offset_words(self.zone.to_offset(at)),
        }
    }

    /// The window on a date, if there is one.
    fn on(&self, date: Date) -> Option<Timestamp> {
        if !self.weekdays.contains(&date.weekday()) {
            return None;
        }
        let minute = Time::new(self.time.hour(), self.time.minute(), 0, 0).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(date.to_datetime(minute));
        match ambiguous.offset() {
            AmbiguousOffset::Gap { .. } => None,
            _ => ambiguous.earlier().ok(),
        }
    }
}

fn is_within(opens: Timestamp, instant: Timestamp) -> bool {
    (0..60).contains(&instant.as_second().saturating_sub(opens.as_second()))
}

/// Weekdays as a person says them: «Monday to Thursday», «Tuesday and Thursday».
fn weekdays_words(weekdays: &[Weekday]) -> String {
    let week: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).collect();
    let days: Vec<Weekday> = week.into_iter().filter(|day| weekdays.contains(day)).collect();
    let starts: Vec<&Weekday> = days.iter().filter(|day| !days.contains(&day.previous())).collect();
    let ends: Vec<&Weekday> = days.iter().filter(|day| !days.contains(&day.next())).collect();
    match (starts.as_slice(), ends.as_slice()) {
        ([first], [last]) if days.len() > 2 => format!("{} to {}", weekday_name(**first), weekday_name(**last)),
        _ => listed(&days),
    }
}

fn listed(days: &[Weekday]) -> String {
    let names: Vec<&str> = days.iter().copied().map(weekday_name).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;
    use proptest::prelude::*;

    const MONDAY_TO_THURSDAY: [Weekday; 4] = [Weekday::Thursday, Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday];

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn window(hour: i8, minute: i8, zone: TimeZone) -> Window {
        Window { time: time(hour, minute, 0, 0), zone, weekdays: MONDAY_TO_THURSDAY.to_vec() }
    }

    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    #[test]
    fn exactly_the_minute_is_in_the_window() {
        let window = window(16, 0, TimeZone::UTC);
        assert!(window.contains(at("2026-12-01T16:00:00Z")));
        assert!(window.contains(at("2026-12-01T16:00:59Z")));
        assert!(!window.contains(at("2026-12-01T16:01:00Z")));
        assert!(!window.contains(at("2026-12-01T15:59:59Z")));
        assert!(!window.contains(at("2026-12-04T16:00:00Z")));
    }

    #[test]
    fn the_next_windows_are_strictly_after() {
        let window = window(16, 0, TimeZone::UTC);
        let next = window.next(at("2026-11-25T16:00:00Z"), 3);
        assert_eq!(next, [at("2026-11-26T16:00:00Z"), at("2026-11-30T16:00:00Z"), at("2026-12-01T16:00:00Z")]);
        assert!(window.next(at("2026-11-25T16:00:00Z"), 0).is_empty());
        assert!(window.next(Timestamp::MAX, usize::MAX).is_empty());
    }

    #[test]
    fn a_skipped_hour_is_no_window_and_a_repeated_one_counts_once() {
        let sundays = Window { weekdays: vec![Weekday::Sunday], ..window(2, 30, berlin()) };
        let spring = sundays.next(at("2027-03-22T00:00:00Z"), 2);
        assert_eq!(spring, [at("2027-04-04T00:30:00Z"), at("2027-04-11T00:30:00Z")]);
        let autumn = sundays.next(at("2026-10-20T00:00:00Z"), 2);
        assert_eq!(autumn, [at("2026-10-25T00:30:00Z"), at("2026-11-01T01:30:00Z")]);
        assert!(!sundays.contains(at("2026-10-25T01:30:00Z")));
        let reason = sundays.why_not(at("2026-10-25T01:30:00Z")).unwrap();
        assert!(
            reason.starts_with("02:30 +01:00 comes twice that day, and the first counts; the next are"),
            "{reason}"
        );
    }

    #[test]
    fn a_refusal_says_why_and_what_comes_next() {
        let window = window(16, 0, TimeZone::UTC);
        let says = |text| window.why_not(at(text));
        assert_eq!(says("2026-12-01T16:00:00Z"), None);
        assert_eq!(
            says("2026-11-27T16:00:00Z").as_deref(),
            Some("Friday is outside Monday to Thursday; the next are Mon 30 Nov 16:00 UTC and Tue 1 Dec 16:00 UTC")
        );
        assert_eq!(
            says("2026-11-30T16:30:00Z").as_deref(),
            Some("16:30 UTC is not 16:00; the next are Tue 1 Dec 16:00 UTC and Wed 2 Dec 16:00 UTC")
        );
        let never = Window { weekdays: Vec::new(), ..window };
        assert_eq!(never.why_not(at("2026-12-01T16:00:00Z")).as_deref(), Some("the window has no weekday"));
        assert!(never.next(at("2026-12-01T16:00:00Z"), 3).is_empty());
    }

    #[test]
    fn weekdays_are_said_as_people_say_them() {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        assert_eq!(weekdays_words(&MONDAY_TO_THURSDAY), "Monday to Thursday");
        assert_eq!(weekdays_words(&[Tuesday, Thursday]), "Tuesday and Thursday");
        assert_eq!(weekdays_words(&[Friday, Monday, Wednesday]), "Monday, Wednesday and Friday");
        assert_eq!(weekdays_words(&[Sunday, Monday, Tuesday, Wednesday, Thursday]), "Sunday to Thursday");
        assert_eq!(weekdays_words(&[Saturday]), "Saturday");
    }

    proptest! {
        #[test]
        fn what_comes_next_is_in_the_window(
            second in 631_152_000_i64..7_258_118_400, hour in 0_i8..24, minute in 0_i8..60, n in 0_usize..9,
        ) {
            let window = window(hour, minute, berlin());
            let after = Timestamp::from_second(second).unwrap();
            let next = window.next(after, n);
            prop_assert_eq!(next.len(), n);
            prop_assert!(next.iter().all(|at| *at > after && window.contains(*at)));
            prop_assert!(next.is_sorted());
            prop_assert_eq!(window.why_not(after).is_none(), window.contains(after));
        }
    }
}
