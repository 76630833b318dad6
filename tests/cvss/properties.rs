//! What holds for any text.

use fixlead::cvss::{Vector, mend};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_what_is_read_is_written_back(
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
        near in "(CVSS:[234]\\.[01]/|cvss|AV:|av:)?([A-Za-z]{1,3}[:=]?[A-Za-z]{0,5}[/ \n>]{0,2}|9\\.8/|\\(|\\)|\\PC){0,24}",
    ) {
        for text in [String::from_utf8_lossy(&bytes).into_owned(), near] {
            if let Ok(vector) = Vector::parse(&text) {
                prop_assert_eq!(vector.to_string(), text.clone());
            }
            let _ = mend(&text);
        }
    }
}

/// How a vector gets mangled on its way through mails and chats.
fn mangled(text: &str, how: (bool, bool, bool, bool)) -> String {
    let (lower, wrapped, quoted, around) = how;
    let mut text = if lower { text.to_lowercase() } else { text.to_owned() };
    if wrapped {
        text = text.replacen("/A", "/\n  A", 2);
    }
    if quoted {
        text = format!("> {}", text.replace('\n', "\n> "));
    }
    if around { format!("Score: {text}, as we see it (draft).") } else { text }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mending_never_changes_a_value(line in 1..4_001_usize, how in any::<(bool, bool, bool, bool)>()) {
        let line = include_str!("../data/cvss_public.tsv").lines().nth(line - 1 + 1).unwrap_or_default();
        let text = line.split('\t').next().unwrap_or_default();
        let vector: Vector = text.parse().unwrap();
        let mended = mend(&mangled(text, how)).unwrap();
        prop_assert_eq!(mended.vector, vector, "{:?}", mended.mends);
        prop_assert_eq!(mended.mends.is_empty(), how == (false, false, false, false));
    }
}
