//! Signs that the program itself writes, for terminals and readers that take ASCII only.

/// A sign, the character that stands for it where one column has to do, and how it is written in running text.
const SIGNS: [(char, char, &str); 25] = [
    ('✓', 'x', "x"),
    ('✗', 'X', "FAIL"),
    ('◦', 'o', "o"),
    ('⊘', '#', "#"),
    ('−', '-', "-"),
    ('▸', '>', ">"),
    ('◂', '<', "<"),
    ('·', '.', "."),
    ('…', '~', "..."),
    ('≈', '~', "~"),
    ('↺', 'R', "reverted"),
    ('→', '>', "->"),
    ('←', '<', "<-"),
    ('↑', '^', "Up"),
    ('↓', 'v', "Down"),
    ('«', '"', "\""),
    ('»', '"', "\""),
    ('“', '"', "\""),
    ('”', '"', "\""),
    ('’', '\'', "'"),
    ('–', '-', "-"),
    ('—', '-', "-"),
    ('×', 'x', "x"),
    ('─', '-', "-"),
    ('│', '|', "|"),
];

/// The one character of ASCII that stands for a sign; none for letters and whatever else people write.
#[must_use]
pub fn ascii_sign(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    // What is drawn rather than written: its weight does not matter here.
    let drawn = match c {
        '━' | '┄' | '┅' | '┈' | '┉' | '╌' | '═' => Some('-'),
        '┃' | '┆' | '┇' | '┊' | '┋' | '╎' | '║' => Some('|'),
        '\u{2500}'..='\u{257F}' => Some('+'),
        '\u{2580}'..='\u{259F}' => Some('#'),
        _ => None,
    };
    SIGNS.iter().find(|(sign, ..)| *sign == c).map(|(_, ascii, _)| *ascii).or(drawn)
}

/// Text with every sign written in ASCII; letters of every script stay.
#[must_use]
pub fn in_ascii(text: &str) -> String {
    let written = |c: char| SIGNS.iter().find(|(sign, ..)| *sign == c).map(|(.., written)| *written);
    text.chars().fold(String::with_capacity(text.len()), |mut all, c| {
        match written(c) {
            Some(written) => all.push_str(written),
            None => all.push(c),
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;

    #[test]
    fn each_sign_becomes_ascii_and_keeps_its_column() {
        for (sign, ascii, written) in SIGNS {
            assert!(ascii.is_ascii_graphic() && written.is_ascii(), "{sign}");
            assert_eq!(width(&sign.to_string()), 1, "{sign}");
            assert_eq!(ascii_sign(sign), Some(ascii));
        }
    }

    #[test]
    fn letters_of_every_script_stay() {
        assert_eq!(in_ascii("«Žluťoučký» → 日本…"), "\"Žluťoučký\" -> 日本...");
        for c in "aZ~é日本ж🦀\u{301}".chars() {
            assert_eq!(ascii_sign(c), None, "{c}");
        }
    }

    #[test]
    fn whatever_is_drawn_has_a_stand_in() {
        assert_eq!(['━', '┃', '┼', '█'].map(ascii_sign), [Some('-'), Some('|'), Some('+'), Some('#')]);
    }
}
