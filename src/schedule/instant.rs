//! An instant as people say it: «yesterday 17:12 UTC», «2h ago», a pasted mail Date.

mod clock;
mod day;
mod error;
mod parts;
mod relative;

pub(super) use clock::offset_words;
pub use error::InstantError;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::text::{cap, displayable};
use parts::{Parts, ZonePart, not_understood};

/// The longest text that is read, in characters.
const MAX_CHARS: usize = 200;

/// The first second that is accepted, and the first one that is too late: 1990 and 2200 in UTC.
const ACCEPTED: std::ops::Range<i64> = 631_152_000..7_258_118_400;

/// The instant that a person means by `text`, in whole seconds.
///
/// - `now`; `2h ago`, `in 3d`, `+3d`, `-2h`, with spans as in a playbook;
/// - RFC 3339 (`2026-11-24T16:00:00Z`), and the Date header of a mail with or without its name;
/// - `2026-11-24 16:00 UTC`, `1 Dec 2026 16:00 Europe/Berlin`, `Tue 1 Dec 16:00 +02:00`; without a year the nearest
///   such day, or with a weekday also that of this year;
/// - `today`, `yesterday`, `tomorrow` and an hour; a bare hour is today;
/// - a weekday and an hour: the first such instant after `now`; after `next`, not today.
///
/// `now` is the clock; `zone` is taken where the text names none; `find_zone` looks a zone's name up.
///
/// # Errors
/// [`InstantError`] says what to write instead. [`InstantError::NeedsZone`] and [`InstantError::NeedsHour`] ask for
/// what is missing. An hour that daylight saving skips or repeats is an error, never a guess.
pub fn parse_instant(
    text: &str,
    now: Timestamp,
    zone: Option<&TimeZone>,
    find_zone: &dyn Fn(&str) -> Option<TimeZone>,
) -> Result<Timestamp, InstantError> {
    let text = cleaned(text)?;
    let instant = match relative::parse(&text, now)? {
        Some(instant) => instant,
        None => absolute(&text, now, zone, find_zone)?,
    };
    if ACCEPTED.contains(&instant.as_second()) { Ok(instant) } else { Err(InstantError::OutOfRange { text }) }
}

/// The text with single blanks, without what a pasted mail header adds, and safe to repeat in an error.
fn cleaned(text: &str) -> Result<String, InstantError> {
    if matches!(cap(text, MAX_CHARS), std::borrow::Cow::Owned(_)) {
        return Err(InstantError::TooLong { max: MAX_CHARS });
    }
    let blanks: Vec<&str> = text.split_whitespace().collect();
    let line = displayable(&blanks.join(" ")).into_owned();
    let bare = without_comment(without_header(&line)).trim();
    if bare.is_empty() { Err(InstantError::Empty) } else { Ok(bare.to_owned()) }
}

fn without_header(line: &str) -> &str {
    match line.split_at_checked(5) {
        Some((name, rest)) if name.eq_ignore_ascii_case("date:") => rest,
        _ => line,
    }
}

/// Mail programs name the zone in a trailing comment: «+0000 (UTC)».
fn without_comment(line: &str) -> &str {
    match line.strip_suffix(')').and_then(|open| open.rfind('(')) {
        Some(start) => &line[..start],
        None => line,
    }
}

fn absolute(
    text: &str,
    now: Timestamp,
    zone: Option<&TimeZone>,
    find_zone: &dyn Fn(&str) -> Option<TimeZone>,
) -> Result<Timestamp, InstantError> {
    let parts = Parts::read(text)?;
    let Some(time) = parts.time else {
        return Err(if parts.says_day() {
            InstantError::NeedsHour { date: text.to_owned() }
        } else {
            not_understood(text)
        });
    };
    let zone = match &parts.zone {
        Some(ZonePart::Utc) => TimeZone::UTC,
        Some(ZonePart::Offset(offset)) => offset.to_time_zone(),
        Some(ZonePart::Name(name)) => {
            find_zone(name).ok_or_else(|| InstantError::UnknownZone { name: name.clone() })?
        }
        None => zone.cloned().ok_or_else(|| InstantError::NeedsZone { civil: text.to_owned() })?,
    };
    day::resolve(&parts, time, now, &zone)?.ok_or_else(|| not_understood(text))
}

/// The one instant at which clocks of a zone show `civil`.
fn instant_of(civil: DateTime, zone: &TimeZone) -> Result<Timestamp, InstantError> {
    let words = || civil.strftime("%Y-%m-%d %H:%M").to_string();
    let ambiguous = zone.to_ambiguous_timestamp(civil);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {
            ambiguous.unambiguous().map_err(|_| InstantError::OutOfRange { text: words() })
        }
        AmbiguousOffset::Gap { before, after } => {
            Err(InstantError::Gap { civil: words(), before: offset_words(before), after: offset_words(after) })
        }
        AmbiguousOffset::Fold { before, after } => {
            Err(InstantError::Fold { civil: words(), first: offset_words(before), second: offset_words(after) })
        }
    }
}

#[cfg(test)]
mod tests;
