//! What the lines on divergence are written for.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::schedule::stamp;

/// The reader and the instant.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The instant.
    pub now: Timestamp,
    /// Columns of the terminal; without one nothing is wrapped, so that each thing stays one line.
    pub width: Option<usize>,
    /// The case that they belong to.
    pub case: Option<&'a str>,
}

impl Sheet<'_> {
    /// «12:41 UTC», with the date if it is another.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        let (there, today) = (at.to_zoned(TimeZone::UTC), self.now.to_zoned(TimeZone::UTC).date());
        if there.date() == today {
            there.strftime("%H:%M UTC").to_string()
        } else {
            stamp(at, self.now, &TimeZone::UTC, "UTC")
        }
    }
}
