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
