//! Which characters a reader can't see, or that move what he sees.

/// Whether `c` must be shown by its number: it is invisible, reorders its neighbours, or drives the terminal.
///
/// A zero-width joiner within an emoji is among them: two names that differ by it look alike.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control() || reorders(c) || is_invisible(c) || is_format(c) || has_no_agreed_shape(c)
}

/// Marks, overrides, embeddings and isolates of the bidirectional algorithm.
fn reorders(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without ink: zero-width ones, fillers, separators, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200D}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}')
}

/// Signs that swallow the character after them, so that a cut or a blank would join them.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{0890}' | '\u{0891}' | '\u{08E2}'
        | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}')
}

/// Private use, where each font draws something else, and non-characters.
fn has_no_agreed_shape(c: char) -> bool {
    matches!(c,
        '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{F0000}'..='\u{10FFFF}')
        || (u32::from(c) & 0xFFFE) == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_scripts_and_emoji_are_seen() {
        for c in "aß語א🦀é–«… \u{FE0F}\u{301}".chars() {
            assert!(!is_hidden(c), "{c:?}");
        }
    }

    #[test]
    fn what_can_deceive_is_hidden() {
        for c in
            "\u{0}\u{1B}\u{7F}\u{9B}\u{202E}\u{2066}\u{200D}\u{FEFF}\u{E0041}\u{E000}\u{FFFE}\u{10FFFF}\u{2029}".chars()
        {
            assert!(is_hidden(c), "{c:?}");
        }
    }
}
