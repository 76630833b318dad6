//! Deadlines as a playbook says them: `asap`, `24h after disclosed`, `1d..7d after disclosed`, `before release`, `at release`.

use std::fmt;

use super::condition::Condition;
use super::span::{SHOWN, Span, SpanError};
use crate::text::cap;

/// One deadline, relative to an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// As soon as possible.
    Asap,
    /// At the latest so long after an anchor.
    After {
        /// How long.
        span: Span,
        /// After what.
        anchor: String,
    },
    /// A window: aim for its start, late past its end.
    Window {
        /// The aim.
        from: Span,
        /// The end.
        to: Span,
        /// After what.
        anchor: String,
    },
    /// Done when the anchor comes.
    Before(String),
    /// Due when the anchor comes.
    At(String),
}

/// A deadline that may depend on facts: the first case whose condition holds counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    /// The cases; none means that there is no deadline.
    pub cases: Vec<DueCase>,
}

/// One case of a deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct DueCase {
    /// When it counts; none is always.
    pub when: Option<Condition>,
    /// The deadline.
    pub by: Deadline,
}

/// Why a text is no deadline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineError {
    /// It has none of the known shapes.
    #[error("«{0}» is no deadline: write asap, 24h after X, 1d..7d after X, before X or at X")]
    Shape(String),
    /// A span in it is wrong.
    #[error(transparent)]
    Span(#[from] SpanError),
    /// The window ends before it begins.
    #[error("the window {0} ends before it begins")]
    Backwards(String),
}

impl Deadline {
    /// Reads a deadline.
    ///
    /// # Errors
    /// [`DeadlineError`]; whether the anchor exists is not looked at here.
    pub fn parse(text: &str) -> Result<Self, DeadlineError> {
        let shape = || DeadlineError::Shape(cap(text, SHOWN).into_owned());
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["asap"] => Ok(Self::Asap),
            ["before", anchor] => Ok(Self::Before((*anchor).to_owned())),
            ["at", anchor] => Ok(Self::At((*anchor).to_owned())),
            [span, "after", anchor] => {
                let anchor = (*anchor).to_owned();
                let Some((from, to)) = span.split_once("..") else {
                    return Ok(Self::After { span: Span::parse(span)?, anchor });
                };
                let (from, to) = (Span::parse(from)?, Span::parse(to)?);
                if to < from {
                    return Err(DeadlineError::Backwards(cap(span, SHOWN).into_owned()));
                }
                Ok(Self::Window { from, to, anchor })
            }
            _ => Err(shape()),
        }
    }

    /// The anchor it refers to.
    #[must_use]
    pub fn anchor(&self) -> Option<&str> {
        match self {
            Self::Asap => None,
            Self::After { anchor, .. } | Self::Window { anchor, .. } | Self::Before(anchor) | Self::At(anchor) => {
                Some(anchor)
            }
        }
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asap => f.write_str("asap"),
            Self::After { span, anchor } => write!(f, "{span} after {anchor}"),
            Self::Window { from, to, anchor } => write!(f, "{from}..{to} after {anchor}"),
            Self::Before(anchor) => write!(f, "before {anchor}"),
            Self::At(anchor) => write!(f, "at {anchor}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read_and_written_back() {
        for text in ["asap", "24h after disclosed", "24h..7d after disclosed", "before release", "at release"] {
            assert_eq!(Deadline::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert!(matches!(Deadline::parse("soon"), Err(DeadlineError::Shape(_))));
        assert!(matches!(Deadline::parse("2mo after disclosed"), Err(DeadlineError::Span(SpanError::Calendar))));
        assert!(matches!(Deadline::parse("7d..1d after disclosed"), Err(DeadlineError::Backwards(_))));
    }
}
