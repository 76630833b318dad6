//! Paragraphs broken into lines.

use super::columns::{head, width};
use unicode_segmentation::UnicodeSegmentation;

/// `text` as lines of at most so many columns, broken between words; a word that is wider than a line is broken within.
///
/// Runs of blanks count as one. There is always at least one line, an empty one for an empty text. Zero columns count
/// as one, and a grapheme wider than the line stands alone on its own, so that nothing is ever lost.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Lines { columns: columns.max(1), done: Vec::new(), last: String::new(), used: 0 };
    for word in text.split_ascii_whitespace() {
        lines.push_word(word);
    }
    lines.done.push(lines.last);
    lines.done
}

struct Lines {
    columns: usize,
    done: Vec<String>,
    last: String,
    /// How many columns the last line takes.
    used: usize,
}

impl Lines {
    fn push_word(&mut self, word: &str) {
        if !self.last.is_empty() {
            if self.used + 1 + width(word) <= self.columns {
                self.last.push(' ');
                self.used += 1;
            } else {
                self.end_line();
            }
        }
        self.push_pieces(word);
    }

    /// Puts a word on the last line, which is empty unless the whole word fits on it.
    fn push_pieces(&mut self, word: &str) {
        let mut rest = word;
        loop {
            let (piece, tail) = rest.split_at(first_piece(rest, self.columns));
            self.last.push_str(piece);
            self.used += width(piece);
            if tail.is_empty() {
                return;
            }
            self.end_line();
            rest = tail;
        }
    }

    fn end_line(&mut self) {
        self.done.push(std::mem::take(&mut self.last));
        self.used = 0;
    }
}

/// Where the first line of a too wide word ends: after at least one grapheme, or the loop would stand still.
fn first_piece(word: &str, columns: usize) -> usize {
    let end = head(word, columns);
    if end > 0 { end } else { word.graphemes(true).next().map_or(word.len(), str::len) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::displayable;
    use proptest::prelude::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("carry the fix to every branch", 10), ["carry the", "fix to", "every", "branch"]);
        assert_eq!(wrap("  two   words ", 80), ["two words"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn a_word_wider_than_a_line_is_broken() {
        assert_eq!(wrap("see 0123456789 here", 4), ["see", "0123", "4567", "89", "here"]);
        assert_eq!(wrap("see 0123456789 it", 5), ["see", "01234", "56789", "it"]);
        assert_eq!(wrap("日本語", 1), ["日", "本", "語"]);
        assert_eq!(wrap("ab", 0), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in any::<String>(), columns in 0_usize..30) {
            let shown = displayable(&text);
            let joined: String = wrap(&shown, columns).concat();
            let letters = |text: &str| text.split_ascii_whitespace().collect::<String>();
            prop_assert_eq!(letters(&joined), letters(&shown));
        }

        #[test]
        fn no_line_is_wider_than_asked(text in any::<String>(), columns in 0_usize..30) {
            // A single grapheme can be wider than a very narrow column.
            for line in wrap(&displayable(&text), columns) {
                prop_assert!(width(&line) <= columns.max(1) || line.graphemes(true).count() == 1);
            }
        }

        #[test]
        fn words_that_fit_stay_whole(words in prop::collection::vec("[a-z]{1,8}", 0..20), columns in 8_usize..30) {
            let lines = wrap(&words.join(" "), columns);
            let back: Vec<&str> = lines.iter().flat_map(|line| line.split_ascii_whitespace()).collect();
            prop_assert_eq!(back, words);
        }
    }
}
