//! Which characters a reader can't see, or that move what he sees.

use unicode_width::UnicodeWidthChar;

/// Whether `c` must be shown by its number: it is invisible, reorders its neighbours, drives the terminal, or is drawn
/// otherwise by each terminal.
///
/// A zero-width joiner within an emoji is among them: two names that differ by it look alike.
pub(super) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    has_no_agreed_shape(c) || is_without_ink(c) || has_no_agreed_width(c)
}

/// What the language itself escapes in what it shows to programmers: controls, formats (all that reorder or join are
/// among them), private use, what is not assigned yet, non-characters, and the ends of lines and paragraphs. Blanks of
/// every width stay.
fn has_no_agreed_shape(c: char) -> bool {
    let mut bytes = [b'a'; 5];
    let end = 1 + c.encode_utf8(&mut bytes[1..]).len();
    // At the beginning of a text marks are escaped as well, hence the letter before it.
    let escaped = std::str::from_utf8(&bytes[..end]).is_ok_and(|text| text.escape_debug().nth(1) == Some('\\'));
    escaped && (!c.is_whitespace() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))
}

/// Letters and marks that draw nothing: fillers, joiners, vowels that are not written, selectors of a variant.
fn is_without_ink(c: char) -> bool {
    matches!(c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{16FE4}' | '\u{E0100}'..='\u{E01EF}')
}

/// What some terminals draw over its neighbour and others beside it, so that all behind it would move: skin tones, the
/// narrow sound marks of Japanese, and characters of more than two columns.
fn has_no_agreed_width(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}' | '\u{FF9E}' | '\u{FF9F}') || c.width().is_some_and(|columns| columns > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_scripts_and_emoji_are_seen() {
        for c in "aß語א🦀é–«…~\\\"' \u{A0}\u{3000}\u{301}\u{1161}".chars() {
            assert!(!is_hidden(c), "{c:?}");
        }
    }

    #[test]
    fn what_can_deceive_is_hidden() {
        let groups = [
            "\0\u{1B}\t\n\u{7F}\u{85}\u{9B}",
            "\u{61C}\u{200E}\u{200F}\u{202A}\u{202E}\u{2066}\u{2069}",
            "\u{AD}\u{34F}\u{115F}\u{1160}\u{17B4}\u{180B}\u{180E}\u{200B}\u{200C}\u{200D}\u{2060}\u{206A}\u{FEFF}",
            "\u{2028}\u{2029}\u{3164}\u{FFA0}\u{FFF9}\u{1D173}\u{E0001}\u{E0041}\u{E0100}\u{FE00}\u{FE0F}",
            "\u{600}\u{6DD}\u{70F}\u{110BD}\u{13430}",
            "\u{378}\u{E000}\u{FDD0}\u{FFFE}\u{1FFFF}\u{F0000}\u{10FFFF}",
            "\u{1F3FB}\u{FF9E}\u{17D8}",
        ];
        for c in groups.concat().chars() {
            assert!(is_hidden(c), "{c:?}");
        }
    }
}
