//! Text measured and cut in terminal columns.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// How many columns `text` takes: the sum over its letters, which is how terminals draw it.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(columns_of).sum()
}

/// How many columns a character takes by itself; a mark none.
pub(super) fn columns_of(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The letters of a text, each with the marks that stand on it.
pub fn letters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().skip(1).find(|(_, c)| columns_of(*c) > 0).map_or(rest.len(), |(at, _)| at);
        let (letter, behind) = rest.split_at(end);
        rest = behind;
        (!letter.is_empty()).then_some(letter)
    })
}

/// `text` in at most so many columns: what is wider is cut at a grapheme and ends in `…`.
#[must_use]
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    Cow::Owned(format!("{}…", &text[..head(text, room)]))
}

/// `text` in exactly so many columns: padded with blanks on the right, or [`cut`].
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let mut fitted = cut(text, columns).into_owned();
    let missing = columns.saturating_sub(width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', missing));
    fitted
}

/// The byte at which the longest head of `text` ends that takes at most `room` columns, at a grapheme boundary.
pub(super) fn head(text: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > room {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::displayable;
    use proptest::prelude::*;

    #[test]
    fn wide_and_combined_characters_count_as_drawn() {
        assert_eq!(width("release"), 7);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("\u{915}\u{94D}\u{937}🇩🇪"), 4, "letters of a cluster");
        assert_eq!(width(""), 0);
    }

    #[test]
    fn letters_keep_their_marks() {
        let all: Vec<&str> = letters("ae\u{301}\u{915}\u{94D}\u{937}日").collect();
        assert_eq!(all, ["a", "e\u{301}", "\u{915}\u{94D}", "\u{937}", "日"]);
        assert_eq!(letters("").count(), 0);
    }

    #[test]
    fn cutting_leaves_graphemes_whole() {
        assert_eq!(cut("release", 7), "release");
        assert_eq!(cut("release", 4), "rel…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(cut("ab", 1), "…");
        assert_eq!(cut("ab", 0), "");
    }

    #[test]
    fn fitting_fills_the_rest_with_blanks() {
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(fit("日本", 3), "日…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日… ");
        assert_eq!(fit("", 0), "");
    }

    proptest! {
        #[test]
        fn fitted_text_has_exactly_the_width(text in any::<String>(), columns in 0_usize..60) {
            let shown = displayable(&text);
            prop_assert_eq!(width(&fit(&shown, columns)), columns);
            prop_assert!(width(&cut(&shown, columns)) <= columns);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), columns in 0_usize..9) {
            let _ = (fit(&text, columns), cut(&text, columns));
        }
    }
}
