//! Marks at the rows of lists, and how everything looks where only ASCII can be shown.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use crate::text::ascii_sign;

/// Marks, with their fall-back in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says what the mark stands for")]
pub enum Mark {
    Done,
    Open,
    Waiting,
    Blocked,
    NotApplicable,
    Cursor,
    Pass,
    Fail,
    Unknown,
    Attention,
}

impl Mark {
    /// The mark itself.
    #[must_use]
    pub fn sign(self, ascii: bool) -> &'static str {
        let (mark, plain) = match self {
            Self::Done => ("✓", "x"),
            Self::Open => ("◦", "o"),
            Self::Waiting => ("»", ">"),
            Self::Blocked => ("⊘", "#"),
            Self::NotApplicable => ("−", "-"),
            Self::Cursor => ("▸", "*"),
            Self::Pass => ("✓", "ok"),
            Self::Fail => ("✗", "FAIL"),
            Self::Unknown => ("?", "?"),
            Self::Attention => ("!", "!"),
        };
        if ascii { plain } else { mark }
    }
}

/// The last touch to a frame. Words are underlined, not the blanks that fill their column. In ASCII each sign gives way to
/// its neighbour: rules, dashes, quotes, arrows, the ellipsis of a cut text; letters of every script stay.
pub(super) fn finish(frame: &mut Buffer, ascii: bool) {
    for cell in &mut frame.content {
        if cell.symbol() == " " {
            cell.modifier.remove(Modifier::UNDERLINED);
        }
        let mut chars = cell.symbol().chars();
        if let (true, Some(only), None) = (ascii, chars.next(), chars.next())
            && let Some(sign) = ascii_sign(only)
        {
            cell.set_char(sign);
        }
    }
}
