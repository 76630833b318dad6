//! Instants and distances as a person reads them.

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::text::displayable;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From so late on, hours don't matter any more.
const DAYS_ONLY: i64 = 4 * DAY;

/// A zone with the word that stands behind its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The word, displayable: «UTC», «Berlin», «Los Angeles».
    pub label: String,
    /// The zone itself.
    pub zone: TimeZone,
}

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { label: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// A zone with the last part of its IANA name as label: «Los Angeles» for `America/Los_Angeles`.
    #[must_use]
    pub fn new(name: &str, zone: TimeZone) -> Self {
        let last = name.rsplit('/').next().unwrap_or(name);
        Self { label: displayable(&last.replace('_', " ")).into_owned(), zone }
    }
}

/// How far `at` lies ahead of or behind `now`: «in 2d 3h», «in 12m», «now», «3h late», «6d late».
///
/// At most two units, whole ones only, never rounded up; minutes only within a day, only days from four days late on.
#[must_use]
pub fn countdown(at: Timestamp, now: Timestamp) -> String {
    let ahead = ahead(at, now);
    match ahead {
        MINUTE.. => format!("in {}", units(ahead)),
        _ if ahead > -MINUTE => "now".to_owned(),
        _ => format!("{} late", units(late_units(-ahead))),
    }
}

/// How long it is from one instant to a later one: «2d 3h», «3h 20m», «12m»; «0m» if it is not later.
#[must_use]
pub fn lasting(from: Timestamp, to: Timestamp) -> String {
    units(ahead(to, from).max(0))
}

/// After how many seconds, at least 1, the text of [`countdown`] changes; `None` past the end of time.
#[must_use]
pub fn next_change(at: Timestamp, now: Timestamp) -> Option<i64> {
    let ahead = ahead(at, now);
    let seconds = match ahead {
        DAY.. => ahead % HOUR + 1,
        MINUTE.. => ahead % MINUTE + 1,
        _ if ahead > -MINUTE => ahead + MINUTE,
        _ => {
            let late = -ahead;
            let step = if late >= DAYS_ONLY {
                DAY
            } else if late >= DAY {
                HOUR
            } else {
                MINUTE
            };
            step - late % step
        }
    };
    let changed = now.as_second().checked_add(seconds)?;
    (changed <= Timestamp::MAX.as_second()).then_some(seconds)
}

/// How long ago `at` was: «just now», «4 min ago», «5h ago», «4d 21h ago». What lies ahead is said as in [`countdown`].
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let ago = -ahead(at, now);
    match ago {
        HOUR.. => format!("{} ago", units(ago - ago % HOUR)),
        MINUTE.. => format!("{} min ago", ago / MINUTE),
        _ if ago > -MINUTE => "just now".to_owned(),
        _ => countdown(at, now),
    }
}

/// The instant on a zone's clocks: «Tue 1 Dec 16:00 UTC», with the year if it isn't that of `now`.
#[must_use]
pub fn stamp(at: Timestamp, now: Timestamp, zone: &TimeZone, label: &str) -> String {
    let there = at.to_zoned(zone.clone());
    let same_year = there.year() == now.to_zoned(zone.clone()).year();
    let format = if same_year { "%a %-d %b %H:%M" } else { "%a %-d %b %Y %H:%M" };
    format!("{} {label}", there.strftime(format))
}

/// The instant on several clocks: «Thu 26 Nov 16:12 UTC, 17:12 Berlin, 01:12 Fri Tokyo».
///
/// The first zone says the date; the others the weekday where their date is another. Without any zone it is UTC.
#[must_use]
pub fn in_zones(at: Timestamp, now: Timestamp, zones: &[Zone]) -> String {
    let utc = [Zone::utc()];
    let (first, others) = zones.split_first().unwrap_or((&utc[0], &[]));
    let date = at.to_zoned(first.zone.clone()).date();
    let mut clocks = vec![stamp(at, now, &first.zone, &first.label)];
    clocks.extend(others.iter().map(|Zone { label, zone }| {
        let there = at.to_zoned(zone.clone());
        let format = if there.date() == date { "%H:%M" } else { "%H:%M %a" };
        format!("{} {label}", there.strftime(format))
    }));
    clocks.join(", ")
}

/// A weekday in full: «Friday».
pub(super) const fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Seconds from `now` to `at`. Instants lie within ten thousand years, so nothing here can overflow.
fn ahead(at: Timestamp, now: Timestamp) -> i64 {
    at.as_second() - now.as_second()
}

/// A delay without what doesn't matter any more.
const fn late_units(late: i64) -> i64 {
    if late >= DAYS_ONLY { late - late % DAY } else { late }
}

/// The two largest units of a positive span, the second only if it isn't zero: «2d 3h», «3h 20m», «22h», «12m».
fn units(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE);
    match (days, hours, minutes) {
        (0, 0, _) => format!("{minutes}m"),
        (0, _, 0) => format!("{hours}h"),
        (0, ..) => format!("{hours}h {minutes}m"),
        (_, 0, _) => format!("{days}d"),
        _ => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin() -> Zone {
        Zone::new("Europe/Berlin", TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap())
    }

    #[test]
    fn distances_read_as_on_the_screens() {
        let now = at("2026-11-24T13:00:00Z");
        let says = |text| countdown(at(text), now);
        assert_eq!(says("2026-11-26T16:12:00Z"), "in 2d 3h");
        assert_eq!(says("2026-12-01T16:00:00Z"), "in 7d 3h");
        assert_eq!(says("2026-11-25T13:59:59Z"), "in 1d");
        assert_eq!(says("2026-11-25T11:00:00Z"), "in 22h");
        assert_eq!(says("2026-11-24T16:20:59Z"), "in 3h 20m");
        assert_eq!(says("2026-11-24T13:12:00Z"), "in 12m");
        assert_eq!(says("2026-11-24T13:00:59Z"), "now");
        assert_eq!(says("2026-11-24T12:59:01Z"), "now");
        assert_eq!(says("2026-11-24T12:59:00Z"), "1m late");
        assert_eq!(says("2026-11-24T10:00:00Z"), "3h late");
        assert_eq!(says("2026-11-22T09:00:00Z"), "2d 4h late");
        assert_eq!(says("2026-11-18T09:00:00Z"), "6d late");
    }

    #[test]
    fn the_past_is_told_more_roughly() {
        let now = at("2026-11-24T13:12:00Z");
        let says = |text| ago(at(text), now);
        assert_eq!(says("2026-11-24T13:11:30Z"), "just now");
        assert_eq!(says("2026-11-24T13:08:00Z"), "4 min ago");
        assert_eq!(says("2026-11-24T07:50:00Z"), "5h ago");
        assert_eq!(says("2026-11-19T16:12:00Z"), "4d 21h ago");
        assert_eq!(says("2026-11-24T15:12:00Z"), "in 2h");
    }

    #[test]
    fn a_span_is_told_in_two_units() {
        let from = at("2026-11-24T13:00:00Z");
        let says = |text| lasting(from, at(text));
        assert_eq!(says("2026-11-26T16:12:00Z"), "2d 3h");
        assert_eq!(says("2026-11-24T13:12:59Z"), "12m");
        assert_eq!(says("2026-11-24T12:00:00Z"), "0m");
    }

    #[test]
    fn stamps_name_the_year_only_where_it_is_another() {
        let now = at("2026-11-24T13:00:00Z");
        assert_eq!(stamp(at("2026-12-01T16:00:00Z"), now, &TimeZone::UTC, "UTC"), "Tue 1 Dec 16:00 UTC");
        assert_eq!(stamp(at("2027-01-05T16:00:00Z"), now, &TimeZone::UTC, "UTC"), "Tue 5 Jan 2027 16:00 UTC");
    }

    #[test]
    fn other_zones_follow_with_their_hour() {
        let now = at("2026-11-24T13:00:00Z");
        let tokyo = Zone::new("Asia/Tokyo", TimeZone::posix("JST-9").unwrap());
        let zones = [Zone::utc(), berlin(), tokyo];
        assert_eq!(in_zones(at("2026-11-26T16:12:00Z"), now, &zones[..2]), "Thu 26 Nov 16:12 UTC, 17:12 Berlin");
        assert_eq!(
            in_zones(at("2026-12-01T16:00:00Z"), now, &zones),
            "Tue 1 Dec 16:00 UTC, 17:00 Berlin, 01:00 Wed Tokyo"
        );
        assert_eq!(in_zones(at("2026-12-01T16:00:00Z"), now, &[]), "Tue 1 Dec 16:00 UTC");
    }

    #[test]
    fn a_label_is_the_last_part_of_the_name() {
        assert_eq!(Zone::new("America/Los_Angeles", TimeZone::UTC).label, "Los Angeles");
        assert_eq!(Zone::new("UTC", TimeZone::UTC), Zone::utc());
    }

    #[test]
    fn nothing_changes_past_the_end_of_time() {
        assert_eq!(next_change(Timestamp::MAX, Timestamp::MAX), None);
        assert!(countdown(Timestamp::MIN, Timestamp::MAX).ends_with("d late"));
    }

    proptest! {
        #[test]
        fn the_text_stands_until_the_next_change(
            ahead in prop_oneof![-200_i64..200, -8 * DAY..8 * DAY],
            part in 0.0..1.0_f64,
        ) {
            let now = at("2026-11-24T13:00:00Z");
            let later = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
            let target = later(ahead);
            let change = next_change(target, now).unwrap();
            prop_assert!(change >= 1);
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "small whole numbers")]
            let between = (part * change as f64) as i64;
            for before in [between, change - 1] {
                prop_assert_eq!(countdown(target, later(before)), countdown(target, now));
            }
            prop_assert_ne!(countdown(target, later(change)), countdown(target, now));
        }

        #[test]
        fn no_instant_panics(at in any::<i64>(), now in any::<i64>()) {
            let bounded = |second: i64| Timestamp::from_second(second % 253_402_207_200).unwrap();
            let (at, now) = (bounded(at), bounded(now));
            let _ = (countdown(at, now), ago(at, now), next_change(at, now), in_zones(at, now, &[Zone::utc(), berlin()]));
        }
    }
}
