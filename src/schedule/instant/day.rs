//! Which day the parts of an instant mean.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::parts::Parts;
use super::{InstantError, instant_of};
use crate::schedule::words::weekday_name;

/// The instant that the parts mean; `None` if they don't name a day in one of the known ways.
pub(super) fn resolve(
    parts: &Parts,
    time: Time,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<Timestamp>, InstantError> {
    let today = now.to_zoned(zone.clone()).date();
    let ways = [parts.relative_day.is_some(), parts.date.is_some(), parts.says_day_of_month()];
    if ways.into_iter().filter(|said| *said).count() > 1 {
        return Err(InstantError::Twice { what: "day" });
    }
    let date = match (parts.date, parts.relative_day, parts.weekday) {
        _ if parts.next && (parts.weekday.is_none() || ways.contains(&true)) => return Ok(None),
        (Some(date), ..) => date,
        (_, Some(days), _) => today.saturating_add(days.days()),
        _ if parts.says_day_of_month() => match (parts.day, parts.month) {
            (Some(day), Some(month)) => day_of_month(parts, day, month, today)?,
            _ => return Ok(None),
        },
        (_, _, Some(weekday)) => return first_such_day(weekday, parts.next, time, now, zone).map(Some),
        _ => today,
    };
    agrees(date, parts.weekday)?;
    instant_of(date.to_datetime(time), zone).map(Some)
}

fn agrees(date: Date, said: Option<Weekday>) -> Result<(), InstantError> {
    match said {
        Some(said) if said != date.weekday() => Err(InstantError::Weekday {
            date: date.to_string(),
            is: weekday_name(date.weekday()),
            said: weekday_name(said),
        }),
        _ => Ok(()),
    }
}

/// A day and a month, with the year as written or the one that is meant.
fn day_of_month(parts: &Parts, day: i8, month: i8, today: Date) -> Result<Date, InstantError> {
    let date = match parts.year {
        Some(year) => Date::new(year, month, day).ok(),
        None => meant_year(day, month, parts.weekday, today),
    };
    date.ok_or_else(|| {
        let year = parts.year.map(|year| format!("{year:04}-")).unwrap_or_default();
        InstantError::NoSuchDate { date: format!("{year}{month:02}-{day:02}") }
    })
}

/// The nearest such day; but this year's where only that falls on the weekday, because times of this year are shown
/// without it.
fn meant_year(day: i8, month: i8, weekday: Option<Weekday>, today: Date) -> Option<Date> {
    let in_year = |year| Date::new(year, month, day).ok();
    let distance = |date: &Date| date.duration_since(today).as_secs().abs();
    let around = [today.year() - 1, today.year(), today.year() + 1];
    let nearest = around.into_iter().filter_map(in_year).min_by_key(distance)?;
    let right_weekday = |date: &Date| weekday.is_none_or(|weekday| date.weekday() == weekday);
    if right_weekday(&nearest) {
        return Some(nearest);
    }
    in_year(today.year()).filter(right_weekday).or(Some(nearest))
}

/// The first such weekday and hour after now; with «next», not today.
fn first_such_day(
    weekday: Weekday,
    next: bool,
    time: Time,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Timestamp, InstantError> {
    let today = now.to_zoned(zone.clone()).date();
    let ahead = i64::from(today.weekday().until(weekday));
    if ahead > 0 || !next {
        let instant = instant_of(today.saturating_add(ahead.days()).to_datetime(time), zone)?;
        if instant > now {
            return Ok(instant);
        }
    }
    instant_of(today.saturating_add((ahead + 7).days()).to_datetime(time), zone)
}
