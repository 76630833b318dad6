//! The one door between text from outside and the screen.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::hidden::is_hidden;

/// Asks for the picture in place of the sign.
const PICTURE: char = '\u{FE0F}';

/// How many marks a base character keeps: more than any living script stacks, less than reaches the next line.
const MAX_MARKS: usize = 3;

/// One line of `text` that can't drive a terminal, reorder its neighbours or hide anything.
///
/// Control, bidirectional, invisible, private, unassigned and non-characters become their number, `<1B>` or `<202E>`; so
/// do line feeds (see [`displayable_lines`]), skin tones and selectors of a variant. A tab becomes one blank. The selector
/// that asks for the picture of a sign, `⚠` and U+FE0F, is left out: terminals do not agree how wide that picture is. A
/// character keeps three combining marks, the rest becomes one `…`; a mark with nothing to stand on becomes its number.
#[must_use]
pub fn displayable(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut line = Line::default();
    for c in text.chars() {
        line.push(c);
    }
    if line.shown == text { Cow::Borrowed(text) } else { Cow::Owned(line.shown) }
}

/// The lines of `text`, each made [`displayable`]; `\n` and `\r\n` end a line, a last one without either counts.
#[must_use]
pub fn displayable_lines(text: &str) -> Vec<Cow<'_, str>> {
    text.lines().map(displayable).collect()
}

/// The line as it grows, with what stands last on it.
#[derive(Default)]
struct Line {
    shown: String,
    /// Whether a mark may stand on the last character.
    has_base: bool,
    /// How many marks came since the last character that isn't one.
    marks: usize,
}

impl Line {
    fn push(&mut self, c: char) {
        if c == PICTURE && self.ends_in_sign() {
            return;
        }
        if is_hidden(c) {
            self.push_hidden(c);
        } else if c.width() == Some(0) {
            self.push_mark(c);
        } else {
            self.shown.push(c);
            self.start(!c.is_whitespace());
        }
    }

    /// Is what came last a sign that has a picture as well? Behind a letter or a digit the selector is there to deceive.
    fn ends_in_sign(&self) -> bool {
        let last = self.shown.chars().next_back().filter(|last| !last.is_ascii() && !last.is_alphanumeric());
        last.is_some_and(|last| self.has_base && String::from_iter([last, PICTURE]).width() == 2)
    }

    fn push_hidden(&mut self, c: char) {
        if c == '\t' {
            self.shown.push(' ');
        } else {
            self.push_number(c);
        }
        self.start(false);
    }

    fn push_mark(&mut self, c: char) {
        self.marks = self.marks.saturating_add(1);
        if self.marks > MAX_MARKS {
            if self.marks == MAX_MARKS + 1 {
                self.shown.push('…');
            }
        } else if self.has_base {
            self.shown.push(c);
        } else {
            self.push_number(c);
        }
    }

    fn push_number(&mut self, c: char) {
        // Writing to a string can't fail.
        let _ = write!(self.shown, "<{:02X}>", u32::from(c));
    }

    fn start(&mut self, has_base: bool) {
        self.has_base = has_base;
        self.marks = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn harmless_text_is_borrowed() {
        for text in ["", "fix: plain", "Žluťoučký kůň", "日本語", "e\u{301}", "☺", "🦀"] {
            assert!(matches!(displayable(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn escapes_and_overrides_become_visible() {
        assert_eq!(displayable("\u{1B}]0;x\u{7}"), "<1B>]0;x<07>");
        assert_eq!(displayable("a\u{202E}b\u{9B}"), "a<202E>b<9B>");
        assert_eq!(displayable("a\tb\nc\r"), "a b<0A>c<0D>");
        assert_eq!(displayable("v1\u{200B}.2 \u{E000}\u{E0041}"), "v1<200B>.2 <E000><E0041>");
    }

    #[test]
    fn a_joined_emoji_shows_its_joiner() {
        assert_eq!(displayable("👩\u{200D}💻"), "👩<200D>💻");
    }

    #[test]
    fn a_sign_that_asks_for_its_picture_is_shown_as_the_sign() {
        assert_eq!(displayable("⚠\u{FE0F} embargo ❤\u{FE0F}"), "⚠ embargo ❤");
        assert_eq!(displayable("v1\u{FE0F}a\u{FE0F} 漢\u{FE0F}"), "v1<FE0F>a<FE0F> 漢<FE0F>");
    }

    #[test]
    fn marks_are_capped_and_need_a_base() {
        let tower = format!("a{}b", "\u{301}".repeat(10_000));
        assert_eq!(displayable(&tower), "a\u{301}\u{301}\u{301}…b");
        assert_eq!(displayable("\u{301}a"), "<301>a");
        assert_eq!(displayable(" \u{FE0F}"), " <FE0F>");
        assert_eq!(displayable(&"\u{301}".repeat(9)), "<301><301><301>…");
    }

    #[test]
    fn lines_end_with_or_without_a_carriage_return() {
        assert_eq!(displayable_lines("a\r\nb\n\nc\rd"), ["a", "b", "", "c<0D>d"]);
        assert!(displayable_lines("").is_empty());
    }

    /// Text in which hostile characters are as frequent as harmless ones.
    fn hostile() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            any::<char>(),
            prop::sample::select(
                "a \t\n\u{1B}\u{301}\u{FE0F}\u{200D}\u{202E}\u{600}🇩👩語\u{1160}\u{E0100}".chars().collect::<Vec<_>>()
            ),
        ];
        prop::collection::vec(pieces, 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn nothing_hidden_comes_through(text in hostile()) {
            let shown = displayable(&text);
            for c in shown.chars() {
                prop_assert!(!c.is_control());
                prop_assert!(!matches!(u32::from(c),
                    0xAD | 0x61C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xE0000..=0xE007F
                    | 0x3164 | 0xFFA0 | 0x115F | 0x1160 | 0xFFF9..=0xFFFB | 0xE000..=0xF8FF), "{:?}", c);
            }
        }

        #[test]
        fn no_mark_stands_alone_and_no_tower_grows(text in hostile()) {
            let mut run = MAX_MARKS;
            for c in displayable(&text).chars() {
                run = if c.width() == Some(0) { run + 1 } else if c == ' ' { MAX_MARKS } else { 0 };
                prop_assert!(run <= MAX_MARKS);
            }
        }

        #[test]
        fn a_second_time_changes_nothing(text in hostile()) {
            let once = displayable(&text).into_owned();
            prop_assert!(matches!(displayable(&once), Cow::Borrowed(_)));
        }
    }
}
