//! Hours and offsets, digit by digit.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::InstantError;
use super::parts::not_understood;

/// The hour at the start of a word, `16:00`, `16:00:03` or `16:00:03.25`, cut to whole seconds, and the rest.
///
/// A leap second counts as the second before it.
pub(super) fn split_clock(word: &str) -> Result<(Time, &str), InstantError> {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
    let (clock, tail) = word.split_at(end);
    let whole = without_fraction(clock).ok_or_else(|| not_understood(word))?;
    let numbers: Option<Vec<i8>> = whole.split(':').map(two_digits).collect();
    let (hour, minute, second) = match numbers.as_deref() {
        Some([hour, minute]) if !clock.contains('.') => (*hour, *minute, 0),
        Some([hour, minute, second]) => (*hour, *minute, *second),
        _ => return Err(not_understood(word)),
    };
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(hour, minute, second, 0).map_err(|_| InstantError::NoSuchHour { hour: clock.to_owned() })?;
    Ok((time, tail))
}

/// An offset from UTC: `+02:00`, `+0200` or `+02`, less than a day.
pub(super) fn offset(word: &str) -> Option<Offset> {
    let negative = word.starts_with('-');
    let digits = word.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "00"),
        4 => digits.split_at_checked(2)?,
        _ => digits.split_once(':').filter(|(hours, _)| hours.len() == 2)?,
    };
    let hours = two_digits(hours).filter(|hours| *hours < 24)?;
    let minutes = two_digits(minutes).filter(|minutes| *minutes < 60 && digits.len() >= 2)?;
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    Offset::from_seconds(if negative { -seconds } else { seconds }).ok()
}

/// An offset as a person would type it back: `+02:00`.
pub(in crate::schedule) fn offset_words(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The part before a decimal point, if nothing but digits follows it.
fn without_fraction(clock: &str) -> Option<&str> {
    match clock.split_once('.') {
        None => Some(clock),
        Some((whole, fraction)) => {
            let right = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
            right.then_some(whole)
        }
    }
}

/// One or two digits; the first number of an hour is often written with one.
fn two_digits(text: &str) -> Option<i8> {
    let right = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_to_the_second() {
        let read = |word| split_clock(word).map(|(time, tail)| (time.to_string(), tail));
        assert_eq!(read("9:05"), Ok(("09:05:00".to_owned(), "")));
        assert_eq!(read("16:12:03.987Z"), Ok(("16:12:03".to_owned(), "Z")));
        assert_eq!(read("23:59:60+02:00"), Ok(("23:59:59".to_owned(), "+02:00")));
        assert_eq!(read("24:00"), Err(InstantError::NoSuchHour { hour: "24:00".to_owned() }));
        for bad in ["", ":", "16", "16:", "16:00.5", "16:00:00.", "1:2:3:4", "016:00"] {
            assert!(matches!(read(bad), Err(InstantError::NotUnderstood { .. })), "{bad}");
        }
    }

    #[test]
    fn offsets_are_read_and_written() {
        let seconds = |word| offset(word).map(Offset::seconds);
        assert_eq!(seconds("+02:00"), Some(7_200));
        assert_eq!(seconds("-0830"), Some(-30_600));
        assert_eq!(seconds("+05"), Some(18_000));
        assert_eq!(seconds("-0000"), Some(0));
        for bad in ["", "+", "+2", "+24:00", "+0260", "+1:30", "+é2", "02:00"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
        assert_eq!(offset("-08:30").map(offset_words), Some("-08:30".to_owned()));
    }
}
