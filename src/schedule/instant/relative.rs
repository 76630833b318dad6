//! Instants measured from now.

use jiff::Timestamp;

use super::InstantError;
use crate::playbook::Span;

/// The instant of `now`, `2h ago`, `in 3d`, `+3d` or `-2h`; `None` for a text of another form.
pub(super) fn parse(text: &str, now: Timestamp) -> Result<Option<Timestamp>, InstantError> {
    let lower = text.to_ascii_lowercase();
    let (sign, span) = if lower == "now" || lower == "just now" {
        (1, Span::from_seconds(0))
    } else if let Some(span) = lower.strip_suffix(" ago") {
        (-1, Span::parse(&short_units(span))?)
    } else if let Some(span) = lower.strip_prefix("in ").or_else(|| lower.strip_prefix('+')) {
        (1, Span::parse(&short_units(span))?)
    } else if let Some(span) = lower.strip_prefix('-') {
        (-1, Span::parse(&short_units(span))?)
    } else {
        return Ok(None);
    };
    let seconds = now.as_second().saturating_add(sign * span.seconds());
    Timestamp::from_second(seconds).map(Some).map_err(|_| InstantError::OutOfRange { text: text.to_owned() })
}

/// Units in words as those that a span has: «2 hours» becomes «2 h».
fn short_units(span: &str) -> String {
    let short = |word| match word {
        "second" | "seconds" | "sec" => "s",
        "minute" | "minutes" | "mins" => "m",
        "hour" | "hours" => "h",
        "day" | "days" => "d",
        "week" | "weeks" => "w",
        other => other,
    };
    span.split(' ').map(short).collect::<Vec<_>>().join(" ")
}
