//! A limit on length, whatever the width.

use std::borrow::Cow;

/// At most `max_chars` characters of `text`; what is longer ends in `…`, which counts as one of them.
///
/// It looks no further into the text than the limit, so a line of 100 MB costs no more than a short one.
#[must_use]
pub fn cap(text: &str, max_chars: usize) -> Cow<'_, str> {
    if text.char_indices().nth(max_chars).is_none() {
        return Cow::Borrowed(text);
    }
    let Some(kept) = max_chars.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let end = text.char_indices().nth(kept).map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_fits_is_borrowed() {
        assert!(matches!(cap("four", 4), Cow::Borrowed("four")));
        assert!(matches!(cap("", 0), Cow::Borrowed("")));
    }

    #[test]
    fn what_is_longer_ends_in_an_ellipsis() {
        assert_eq!(cap("fünf!", 4), "fün…");
        assert_eq!(cap("ab", 1), "…");
        assert_eq!(cap("ab", 0), "");
    }

    proptest! {
        #[test]
        fn never_longer_than_asked(text in any::<String>(), max in 0_usize..40) {
            let capped = cap(&text, max);
            prop_assert_eq!(capped.chars().count(), text.chars().count().min(max));
        }
    }
}
