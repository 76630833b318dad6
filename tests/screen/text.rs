//! What `displayable` lets through, against another notion of it, and as wide as whoever draws it takes it to be.

use fixlead::text::{displayable, displayable_lines, letters, width};
use proptest::prelude::*;
use ratatui::buffer::CellWidth;

use crate::corpus::{BYTES, texts};
use crate::output::fault_of_text;

/// What holds for every text that was made displayable.
fn assert_displayable(text: &str) {
    let shown = displayable(text);
    assert_eq!(fault_of_text(&shown), None);
    assert_eq!(displayable(&shown), shown, "a second time changes nothing");
    for letter in letters(&shown) {
        assert_eq!(usize::from(letter.cell_width()), width(letter), "{letter:?} is drawn as wide as it is taken to be");
    }
    assert_eq!(letters(&shown).map(width).sum::<usize>(), width(&shown));
    // At most the number of each character, `<10FFFF>`.
    assert!(shown.len() <= text.len() * 8);
}

#[test]
fn the_corpus_is_made_displayable() {
    for (_, text) in texts() {
        assert_displayable(&text);
        for line in displayable_lines(&text) {
            assert_displayable(&line);
        }
    }
    for (_, bytes) in BYTES {
        assert_displayable(&String::from_utf8_lossy(bytes));
    }
}

#[test]
fn every_character_there_is_is_made_displayable_alone_and_beside_others() {
    // Between the third plane and the tags there is nothing but what is not assigned, and behind them all is private.
    let all: Vec<char> = ('\0'..'\u{33500}').chain('\u{E0000}'..'\u{E1100}').chain('\u{10FF00}'..=char::MAX).collect();
    for some in all.chunks(4_096) {
        assert_displayable(&some.iter().collect::<String>());
        assert_displayable(&some.iter().flat_map(|c| ['a', *c, ' ', *c]).collect::<String>());
    }
}

#[test]
fn letters_and_signs_of_living_scripts_stay_as_they_are() {
    for text in
        ["Žluťoučký kůň", "日本語 한국어", "שלום", "العربية", "नमस्ते", "ไทยกำ", "Việt", "e\u{301}", "«—…»", "🦀 🇩🇪"]
    {
        assert_eq!(displayable(text), text);
    }
}

/// However much comes, it is gone through once: what comes out is as long as what went in, or much shorter.
#[test]
fn a_million_characters_are_made_displayable_within_the_caps() {
    const MANY: usize = 1_000_000;
    for (one, each) in [("x", 1), ("漢", 3), ("\u{1b}", 4), ("\u{202e}", 6), ("\u{10ffff}", 8), ("⚠\u{fe0f}", 3)] {
        assert_eq!(displayable(&one.repeat(MANY)).len(), each * MANY, "{one:?}");
    }
    assert_eq!(displayable(&format!("a{}", "\u{301}".repeat(MANY))), "a\u{301}\u{301}\u{301}…");
    assert_eq!(displayable(&"\u{301}".repeat(MANY)), "<301><301><301>…");
}

proptest! {
    #[test]
    fn any_text_is_made_displayable(text in any::<String>()) {
        assert_displayable(&text);
    }

    #[test]
    fn any_text_of_what_combines_is_made_displayable(
        text in "[\u{1100}\u{1161}\u{11A8}\u{915}\u{94D}\u{937}\u{93F}\u{E33}\u{17D2}\u{1780}\u{2D7F}\u{2D4F}\u{1F1E9}\
                 \u{644}\u{627}\u{A4F8}\u{A4FC}\u{1A15}\u{1A17}\u{16D67}\u{16D68}\u{D4E}\u{2764}\u{1F44D}\u{1F3FD}\u{FE0E}\u{FE0F}\
                 \u{200D}\u{20E3}\u{301}\u{FF76}\u{FF9E} 1aa]{0,40}",
    ) {
        assert_displayable(&text);
    }
}
