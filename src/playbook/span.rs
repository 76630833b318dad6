//! Spans of time as people write them: `90m`, `24h`, `7d`, `3w`.

use std::fmt;

use crate::text::cap;

/// A calendar-free span in whole seconds: a day is exactly 24 hours.
///
/// Months and years are refused, because their length depends on where they start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    seconds: i64,
}

/// Why a text is no span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// The text is not a number directly followed by a unit.
    #[error("«{0}» is no duration: write a whole number and a unit, as in 90m, 24h, 7d or 3w")]
    Shape(String),
    /// Months and years differ in length.
    #[error("months and years differ in length: write days or weeks, as in 30d or 4w")]
    Calendar,
    /// More than a hundred years.
    #[error("«{0}» is longer than a hundred years")]
    TooLong(String),
}

/// How much of a text an error repeats, in characters.
pub(super) const SHOWN: usize = 60;

/// The longest span.
const MAX_SECONDS: i64 = 100 * 366 * 86_400;

impl Span {
    /// A span of so many seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds }
    }

    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Reads `30s`, `90m`, `24h`, `7d`, `3w`, or several in a row (`1d12h`).
    ///
    /// # Errors
    /// [`SpanError`] names what is wrong; months (`mo`) and years (`y`) are refused.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let shown = || cap(text, SHOWN).into_owned();
        let shape = || SpanError::Shape(shown());
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(shape());
        }
        let mut total: i64 = 0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(shape)?;
            let (number, tail) = rest.split_at(digits);
            let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
            let (unit, tail) = tail.split_at(letters);
            let scale = match unit.trim() {
                "s" => 1,
                "m" | "min" => 60,
                "h" => 3_600,
                "d" => 86_400,
                "w" => 7 * 86_400,
                "mo" | "month" | "months" | "y" | "year" | "years" => return Err(SpanError::Calendar),
                _ => return Err(shape()),
            };
            let number: i64 = if number.is_empty() {
                return Err(shape());
            } else {
                number.parse().map_err(|_| SpanError::TooLong(shown()))?
            };
            total = number
                .checked_mul(scale)
                .and_then(|seconds| total.checked_add(seconds))
                .filter(|seconds| *seconds <= MAX_SECONDS)
                .ok_or_else(|| SpanError::TooLong(shown()))?;
            rest = tail.trim_start();
        }
        Ok(Self { seconds: total })
    }
}

/// Writes the largest unit that leaves no rest: `24h` stays hours up to three days, as the processes say it.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.seconds;
        match s {
            _ if s > 3 * 86_400 && s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            _ if s != 0 && s % 3_600 == 0 => write!(f, "{}h", s / 3_600),
            _ if s != 0 && s % 60 == 0 => write!(f, "{}m", s / 60),
            _ => write!(f, "{s}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_spans_in_their_units() {
        let seconds = |text| Span::parse(text).map(Span::seconds);
        assert_eq!(seconds("90m"), Ok(5_400));
        assert_eq!(seconds("24h"), Ok(86_400));
        assert_eq!(seconds("7d"), Ok(604_800));
        assert_eq!(seconds("3w"), Ok(1_814_400));
        assert_eq!(seconds("1d12h"), Ok(129_600));
    }

    #[test]
    fn what_has_no_fixed_length_is_refused() {
        assert_eq!(Span::parse("2mo"), Err(SpanError::Calendar));
        assert_eq!(Span::parse("1y"), Err(SpanError::Calendar));
        for bad in ["", "h", "12", "1.5h", "-3d", "3 parsecs"] {
            assert!(matches!(Span::parse(bad), Err(SpanError::Shape(_))), "{bad}");
        }
        assert!(matches!(Span::parse("99999999999999999999d"), Err(SpanError::TooLong(_))));
        assert!(matches!(Span::parse("101000w"), Err(SpanError::TooLong(_))));
    }
}
