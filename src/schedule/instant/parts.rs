//! The parts of an absolute instant, each recognised by its form alone.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;

use super::InstantError;
use super::clock::{offset, split_clock};

/// What the words of a text say, before any of it is put together.
#[derive(Default)]
pub(super) struct Parts {
    /// Today is 0, tomorrow 1, yesterday -1.
    pub relative_day: Option<i64>,
    pub weekday: Option<Weekday>,
    /// «next» before a weekday: not today.
    pub next: bool,
    /// A date in full, `2026-11-24`.
    pub date: Option<Date>,
    pub day: Option<i8>,
    pub month: Option<i8>,
    pub year: Option<i16>,
    pub time: Option<Time>,
    pub zone: Option<ZonePart>,
}

/// A zone as written.
pub(super) enum ZonePart {
    Utc,
    Offset(Offset),
    /// A name to look up; names of several words keep their blanks.
    Name(String),
}

impl Parts {
    /// Recognises each word of a text. Commas are blanks: «Thu, 19 Nov 2026».
    pub fn read(text: &str) -> Result<Self, InstantError> {
        let mut parts = Self::default();
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            parts.take(word)?;
        }
        Ok(parts)
    }

    /// Whether any part says which day is meant.
    pub fn says_day(&self) -> bool {
        self.relative_day.is_some() || self.weekday.is_some() || self.date.is_some() || self.says_day_of_month()
    }

    /// Whether a day, a month or a year stands alone, outside a full date.
    pub fn says_day_of_month(&self) -> bool {
        self.day.is_some() || self.month.is_some() || self.year.is_some()
    }

    fn take(&mut self, word: &str) -> Result<(), InstantError> {
        let lower = word.to_ascii_lowercase();
        if let Some(days) = relative_day(&lower) {
            return once(&mut self.relative_day, days, "day");
        }
        if let Some(weekday) = weekday(&lower) {
            return once(&mut self.weekday, weekday, "weekday");
        }
        if let Some(month) = month(&lower) {
            return once(&mut self.month, month, "month");
        }
        match lower.as_str() {
            "at" | "on" => Ok(()),
            "next" if !self.next => {
                self.next = true;
                Ok(())
            }
            "utc" | "gmt" | "ut" | "z" => once(&mut self.zone, ZonePart::Utc, "zone"),
            _ if word.starts_with(['+', '-']) => self.take_offset(word),
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => self.take_digits(word),
            _ => self.take_zone_word(word),
        }
    }

    /// A day, a year, a date, an hour, or a date and an hour with a `T` between.
    fn take_digits(&mut self, word: &str) -> Result<(), InstantError> {
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.take_number(word);
        }
        let Some((date, rest)) = split_date(word) else {
            return self.take_clock(word);
        };
        let date = date.ok_or_else(|| InstantError::NoSuchDate { date: word.to_owned() })?;
        once(&mut self.date, date, "date")?;
        match rest.strip_prefix(['T', 't']) {
            Some(clock) => self.take_clock(clock),
            None if rest.is_empty() => Ok(()),
            None => Err(not_understood(word)),
        }
    }

    fn take_number(&mut self, word: &str) -> Result<(), InstantError> {
        match word.len() {
            1 | 2 => once(&mut self.day, word.parse().map_err(|_| not_understood(word))?, "day"),
            4 => once(&mut self.year, word.parse().map_err(|_| not_understood(word))?, "year"),
            _ => Err(not_understood(word)),
        }
    }

    /// An hour, directly followed by nothing, `Z` or an offset.
    fn take_clock(&mut self, word: &str) -> Result<(), InstantError> {
        let (time, tail) = split_clock(word)?;
        once(&mut self.time, time, "hour")?;
        match tail {
            "" => Ok(()),
            "Z" | "z" => once(&mut self.zone, ZonePart::Utc, "zone"),
            _ => self.take_offset(tail),
        }
    }

    fn take_offset(&mut self, word: &str) -> Result<(), InstantError> {
        let offset = offset(word).ok_or_else(|| not_understood(word))?;
        once(&mut self.zone, ZonePart::Offset(offset), "zone")
    }

    /// A word of a zone's name, which can only come after the hour.
    fn take_zone_word(&mut self, word: &str) -> Result<(), InstantError> {
        match &mut self.zone {
            _ if self.time.is_none() => Err(not_understood(word)),
            Some(ZonePart::Name(name)) => {
                name.push(' ');
                name.push_str(word);
                Ok(())
            }
            zone => once(zone, ZonePart::Name(word.to_owned()), "zone"),
        }
    }
}

pub(super) fn not_understood(part: &str) -> InstantError {
    InstantError::NotUnderstood { part: part.to_owned() }
}

fn once<T>(slot: &mut Option<T>, value: T, what: &'static str) -> Result<(), InstantError> {
    match slot.replace(value) {
        Some(_) => Err(InstantError::Twice { what }),
        None => Ok(()),
    }
}

/// The date at the start of a word, `None` inside if the calendar doesn't have it, and the rest of the word.
fn split_date(word: &str) -> Option<(Option<Date>, &str)> {
    let (date, rest) = word.split_at_checked(10)?;
    let mut numbers = date.split('-');
    let year = digits(numbers.next()?, 4)?;
    let month = digits(numbers.next()?, 2)?;
    let day = digits(numbers.next()?, 2)?;
    let day = i8::try_from(day).ok()?;
    let month = i8::try_from(month).ok()?;
    Some((Date::new(year, month, day).ok(), rest))
}

fn digits(text: &str, count: usize) -> Option<i16> {
    let right = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

fn relative_day(lower: &str) -> Option<i64> {
    match lower {
        "yesterday" => Some(-1),
        "today" => Some(0),
        "tomorrow" => Some(1),
        _ => None,
    }
}

fn weekday(lower: &str) -> Option<Weekday> {
    Some(match lower {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn month(lower: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let meant =
        |name: &&str| lower == *name || name.get(..3) == Some(lower) || (lower == "sept" && *name == "september");
    NAMES.iter().zip(1..).find(|(name, _)| meant(name)).map(|(_, number)| number)
}
