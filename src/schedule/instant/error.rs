//! Why a text names no instant, with what to write instead.

use crate::playbook::SpanError;

/// Why a text names no instant. Whatever an error repeats of the text is displayable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// Nothing but blanks.
    #[error("no instant: write one, as in 2026-11-24 16:00 UTC, tomorrow 17:12 UTC or 2h ago")]
    Empty,
    /// Longer than any instant.
    #[error("an instant has at most {max} characters: write it as in 2026-11-24 16:00 UTC")]
    TooLong {
        /// The limit in characters.
        max: usize,
    },
    /// A part that means nothing here.
    #[error(
        "«{part}» is not understood: write, for example, 2026-11-24 16:00 UTC, tomorrow 17:12 UTC, 2h ago or in 3d"
    )]
    NotUnderstood {
        /// The part.
        part: String,
    },
    /// Two parts say the same, be it in agreement.
    #[error("the {what} stands twice: write it once, as in Tue 1 Dec 2026 16:00 UTC")]
    Twice {
        /// «date», «hour», «zone» and so on.
        what: &'static str,
    },
    /// A date without an hour.
    #[error("«{date}» has no hour: add one, as in {date} 16:00 UTC")]
    NeedsHour {
        /// The text as it was read.
        date: String,
    },
    /// An hour without a zone, and no zone to assume: ask, and parse again with the answer.
    #[error("«{civil}» has no zone: add one, as in {civil} UTC or {civil} Europe/Berlin")]
    NeedsZone {
        /// The text as it was read.
        civil: String,
    },
    /// A zone that isn't in the database.
    #[error("the zone «{name}» is unknown: write UTC, an offset as in +02:00, or a name as in Europe/Berlin")]
    UnknownZone {
        /// The name.
        name: String,
    },
    /// A day that the calendar doesn't have.
    #[error("there is no {date}: write a day of the calendar, as in 2026-11-24 16:00 UTC")]
    NoSuchDate {
        /// The date as it was read.
        date: String,
    },
    /// An hour that no day has.
    #[error("there is no {hour}: hours go from 00:00 to 23:59, as in 2026-11-24 16:00 UTC")]
    NoSuchHour {
        /// The hour as it was read.
        hour: String,
    },
    /// The weekday and the date disagree.
    #[error("{date} is a {is}, not a {said}: write {is} {date} with its hour, or leave the weekday out")]
    Weekday {
        /// The date, as in 2026-12-01.
        date: String,
        /// The weekday of that date.
        is: &'static str,
        /// The weekday that was written.
        said: &'static str,
    },
    /// The hour is skipped when summer time begins.
    #[error(
        "{civil} doesn't exist: clocks jump from {before} to {after} there; write {civil} {before} or {civil} {after}"
    )]
    Gap {
        /// Date and hour, as in 2027-03-28 02:30.
        civil: String,
        /// The offset before the jump, as in +01:00.
        before: String,
        /// The offset after it.
        after: String,
    },
    /// The hour comes twice when summer time ends.
    #[error("{civil} comes twice: write {civil} {first} for the first or {civil} {second} for the second")]
    Fold {
        /// Date and hour, as in 2026-10-25 02:30.
        civil: String,
        /// The offset of the earlier one, as in +02:00.
        first: String,
        /// The offset of the later one.
        second: String,
    },
    /// The span of «2h ago», «in 3d», «+3d», «-2h» is none.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// Before 1990, or 2200 and later.
    #[error("«{text}» is outside the years 1990 to 2199: write the year in four digits, as in 2026-11-24 16:00 UTC")]
    OutOfRange {
        /// The text as it was read.
        text: String,
    },
}
