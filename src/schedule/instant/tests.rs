use super::*;
use crate::schedule::{stamp, words::Zone};
use proptest::prelude::*;

/// A Tuesday.
const NOW: &str = "2026-11-24T13:00:00.75Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn find_zone(name: &str) -> Option<TimeZone> {
    match name {
        "Europe/Berlin" => Some(berlin()),
        "Los Angeles" => TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").ok(),
        _ => None,
    }
}

fn parse(text: &str) -> Result<Timestamp, InstantError> {
    parse_instant(text, at(NOW), None, &find_zone)
}

fn reads(text: &str, expected: &str) {
    assert_eq!(parse(text), Ok(at(expected)), "{text}");
}

#[test]
fn distances_from_now() {
    reads("now", "2026-11-24T13:00:00Z");
    reads("2h ago", "2026-11-24T11:00:00Z");
    reads("4 min ago", "2026-11-24T12:56:00Z");
    reads("2 hours ago", "2026-11-24T11:00:00Z");
    reads("in 3d", "2026-11-27T13:00:00Z");
    reads("In 2d 3h", "2026-11-26T16:00:00Z");
    reads("+3d", "2026-11-27T13:00:00Z");
    reads(" -2h ", "2026-11-24T11:00:00Z");
    assert!(matches!(parse("in 2 months"), Err(InstantError::Span(_))));
    assert!(matches!(parse("in a moment"), Err(InstantError::Span(_))));
}

#[test]
fn formats_of_programs() {
    reads("2026-11-24T16:00:00Z", "2026-11-24T16:00:00Z");
    reads("2026-11-24t16:00:03.999+02:00", "2026-11-24T14:00:03Z");
    reads("2026-11-24 16:00:00-0830", "2026-11-25T00:30:00Z");
    reads("Thu, 19 Nov 2026 16:12:03 +0000", "2026-11-19T16:12:03Z");
    reads("Date: Thu, 19 Nov 2026 16:12:03 -0800 (PST)", "2026-11-20T00:12:03Z");
    reads("date:\r\n  Thu, 19 Nov 2026\r\n 16:12:03 GMT", "2026-11-19T16:12:03Z");
    reads("19 Nov 2026 16:12 -0000", "2026-11-19T16:12:00Z");
}

#[test]
fn dates_with_an_hour_and_a_zone() {
    reads("2026-11-24 16:00 UTC", "2026-11-24T16:00:00Z");
    reads("2026-11-24 16:00 Europe/Berlin", "2026-11-24T15:00:00Z");
    reads("2026-11-24 16:00 +02:00", "2026-11-24T14:00:00Z");
    reads("1 Dec 2026 16:00 UTC", "2026-12-01T16:00:00Z");
    reads("December 1, 2026 at 16:00 UTC", "2026-12-01T16:00:00Z");
    reads("Tue 1 Dec 16:00 UTC", "2026-12-01T16:00:00Z");
    reads("Tue 1 Dec 08:00 Los Angeles", "2026-12-01T16:00:00Z");
}

#[test]
fn a_day_without_a_year_is_the_nearest() {
    reads("19 Nov 16:12 UTC", "2026-11-19T16:12:00Z");
    reads("5 Jan 16:00 UTC", "2027-01-05T16:00:00Z");
    // Thursday 1 January is this year's, which is how the program shows it.
    reads("Thu 1 Jan 16:00 UTC", "2026-01-01T16:00:00Z");
    reads("Fri 1 Jan 16:00 UTC", "2027-01-01T16:00:00Z");
}

#[test]
fn days_around_today() {
    reads("today 17:12 UTC", "2026-11-24T17:12:00Z");
    reads("yesterday 17:12 UTC", "2026-11-23T17:12:00Z");
    reads("Tomorrow at 9:05 Europe/Berlin", "2026-11-25T08:05:00Z");
    reads("17:12 UTC", "2026-11-24T17:12:00Z");
    // It is already the 25th at this offset.
    reads("today 01:00 +14:00", "2026-11-24T11:00:00Z");
    reads("00:30 +14:00", "2026-11-24T10:30:00Z");
}

#[test]
fn a_weekday_lies_ahead() {
    reads("Tue 16:00 UTC", "2026-11-24T16:00:00Z");
    reads("Tue 13:00 UTC", "2026-12-01T13:00:00Z");
    reads("next tuesday 16:00 UTC", "2026-12-01T16:00:00Z");
    reads("next Wednesday 16:00 UTC", "2026-11-25T16:00:00Z");
    reads("mon 16:00 UTC", "2026-11-30T16:00:00Z");
}

#[test]
fn what_is_missing_is_asked_for() {
    for civil in ["2026-11-24 16:00", "today 17:12", "17:12", "Tue 1 Dec 16:00", "2026-11-24T16:00:00"] {
        assert_eq!(parse(civil), Err(InstantError::NeedsZone { civil: civil.to_owned() }));
    }
    for date in ["2026-11-24", "tomorrow", "Tue", "1 Dec 2026", "next tuesday UTC"] {
        assert_eq!(parse(date), Err(InstantError::NeedsHour { date: date.to_owned() }));
    }
    let assumed = parse_instant("today 17:12", at(NOW), Some(&berlin()), &find_zone);
    assert_eq!(assumed, Ok(at("2026-11-24T16:12:00Z")));
    let written = parse_instant("today 17:12 UTC", at(NOW), Some(&berlin()), &find_zone);
    assert_eq!(written, Ok(at("2026-11-24T17:12:00Z")));
}

#[test]
fn daylight_saving_is_never_guessed() {
    let says = |text| parse(text).unwrap_err().to_string();
    assert_eq!(
        says("2026-10-25 02:30 Europe/Berlin"),
        "2026-10-25 02:30 comes twice: write 2026-10-25 02:30 +02:00 for the first or 2026-10-25 02:30 +01:00 for the second"
    );
    assert_eq!(
        says("2027-03-28 02:30 Europe/Berlin"),
        "2027-03-28 02:30 doesn't exist: clocks jump from +01:00 to +02:00 there; write 2027-03-28 02:30 +01:00 or 2027-03-28 02:30 +02:00"
    );
}

#[test]
fn contradictions_and_impossible_days_are_named() {
    let says = |text| parse(text).unwrap_err().to_string();
    assert!(says("Wed 1 Dec 2026 16:00 UTC").starts_with("2026-12-01 is a Tuesday, not a Wednesday"));
    assert!(says("Wed 1 Dec 16:00 UTC").starts_with("2026-12-01 is a Tuesday, not a Wednesday"));
    assert!(says("2026-02-30 16:00 UTC").starts_with("there is no 2026-02-30"));
    assert!(says("30 Feb 16:00 UTC").starts_with("there is no 02-30"));
    assert!(says("today 25:00 UTC").starts_with("there is no 25:00"));
    assert!(says("16:00 Mars/Olympus").starts_with("the zone «Mars/Olympus» is unknown"));
    for twice in ["16:00 UTC, 17:00 Berlin", "16:00 UTC +02:00", "today 2026-11-24 16:00 UTC", "Tue Wed 16:00 UTC"] {
        assert!(matches!(parse(twice), Err(InstantError::Twice { .. })), "{twice}");
    }
    for vague in ["soon", "4pm UTC", "24.11.2026 16:00 UTC", "next 16:00 UTC", "Dec 16:00 UTC", "next", "UTC", "1 2 3"]
    {
        let error = parse(vague).unwrap_err();
        assert!(!matches!(error, InstantError::NeedsZone { .. }), "{vague}: {error}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    assert_eq!(parse("  \n"), Err(InstantError::Empty));
    assert_eq!(parse("Date:"), Err(InstantError::Empty));
    assert_eq!(parse(&"1".repeat(201)), Err(InstantError::TooLong { max: 200 }));
    for year in ["1989-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"] {
        assert!(matches!(parse(year), Err(InstantError::OutOfRange { .. })), "{year}");
    }
    assert!(parse("1990-01-01T00:00:00Z").is_ok() && parse("2199-12-31T23:59:59Z").is_ok());
}

#[test]
fn errors_repeat_nothing_that_drives_a_terminal() {
    for text in ["\u{1B}]0;x\u{7}", "16:00 \u{202E}CTU", "in 3\u{200B}d"] {
        let message = parse(text).unwrap_err().to_string();
        assert_eq!(crate::text::displayable(&message), message);
    }
}

/// Texts that are made of words which mean something, in any order.
fn babble() -> impl Strategy<Value = String> {
    let words = [
        "now",
        "ago",
        "in",
        "+3d",
        "-2h",
        "2h",
        "next",
        "today",
        "tomorrow",
        "Tue",
        "1",
        "31",
        "Feb",
        "Dec",
        "2026",
        "0000",
        "2026-11-24",
        "9999-12-31",
        "T16:00",
        "16:00",
        "02:30",
        "16:00:00Z",
        "UTC",
        "Europe/Berlin",
        "+14:00",
        "-23:59",
        "Date:",
        "(",
        ")",
        ",",
        "é",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..7).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn programs_read_back(second in ACCEPTED) {
        let instant = Timestamp::from_second(second).unwrap();
        prop_assert_eq!(parse(&instant.to_string()), Ok(instant));
        let mail = instant.to_zoned(berlin()).strftime("%a, %d %b %Y %H:%M:%S %z (%Z)").to_string();
        prop_assert_eq!(parse(&mail), Ok(instant));
    }

    #[test]
    fn stamps_read_back(minute in ACCEPTED.start / 60..ACCEPTED.end / 60) {
        let instant = Timestamp::from_second(minute * 60).unwrap();
        let Zone { label, zone } = Zone::utc();
        prop_assert_eq!(parse(&stamp(instant, at(NOW), &zone, &label)), Ok(instant));
    }

    #[test]
    fn no_text_panics(text in any::<String>(), babble in babble(), now in any::<i64>()) {
        let now = Timestamp::from_second(now % 253_402_207_200).unwrap();
        let zone = berlin();
        for text in [text, babble] {
            for zone in [None, Some(&zone)] {
                if let Ok(instant) = parse_instant(&text, now, zone, &find_zone) {
                    prop_assert!(ACCEPTED.contains(&instant.as_second()) && instant.subsec_nanosecond() == 0);
                }
            }
        }
    }
}
