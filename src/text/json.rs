//! JSON that is harmless where it is shown.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use super::hidden::is_hidden;

/// The same JSON with every character that can't be shown as it is written as its number, `\u202e`, and marks as well.
/// It says the same: outside of its texts JSON has none of them, but the ends of lines, which stay.
#[must_use]
pub fn harmless_json(json: &str) -> String {
    let mut harmless = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && (is_hidden(c) || c.width() == Some(0)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string can't fail.
                let _ = write!(harmless, "\\u{unit:04x}");
            }
        } else {
            harmless.push(c);
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn what_can_not_be_shown_is_written_as_its_number() {
        assert_eq!(harmless_json("{\n  \"a\": \"é 日\"\n}"), "{\n  \"a\": \"é 日\"\n}");
        assert_eq!(harmless_json("\"\u{202E}\u{9B}\u{7F}e\u{301}\""), "\"\\u202e\\u009b\\u007fe\\u0301\"");
        assert_eq!(harmless_json("\"\u{E0041}\""), "\"\\udb40\\udc41\"");
    }

    proptest! {
        #[test]
        fn it_says_the_same(text in any::<String>()) {
            let json = harmless_json(&Value::from(text.as_str()).to_string());
            prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), text);
        }
    }
}
