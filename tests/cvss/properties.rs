//! What holds for any text.

use fixlead::cvss::{Vector, from_json, mend, to_json};
use proptest::prelude::*;
use serde_json::json;

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_wrong_byte_is_refused_or_makes_another_vector(
        line in 1..4_001_usize, at in any::<proptest::sample::Index>(), byte in any::<u8>(), insert in any::<bool>(),
    ) {
        let line = include_str!("../data/cvss_public.tsv").lines().nth(line).unwrap_or_default();
        let text = line.split('\t').next().unwrap_or_default();
        let mut bytes = text.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes.splice(at..at + usize::from(!insert), [byte]);
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        match Vector::parse(&changed) {
            Ok(vector) => prop_assert_eq!(vector.to_string(), changed.clone()),
            Err(error) => prop_assert!(error.position() <= changed.len(), "{error}"),
        }
        let _ = mend(&changed);
    }

    #[test]
    fn json_with_anything_in_it_is_read_without_a_panic(
        line in 1..4_001_usize, key in any::<proptest::sample::Index>(), text in "\\PC{0,12}", number in any::<f64>(), kind in 0..4_usize,
    ) {
        let line = include_str!("../data/cvss_public.tsv").lines().nth(line).unwrap_or_default();
        let vector: Vector = line.split('\t').next().unwrap_or_default().parse().unwrap();
        let mut json = to_json(&vector);
        let object = json.as_object_mut().unwrap();
        let key = object.keys().nth(key.index(object.len())).cloned().unwrap_or_default();
        let was = object[&key].clone();
        let others = [json!(text), json!(11.0 + number.abs()), json!(null), json!([was])];
        object[&key] = others[kind].clone();
        // What is changed contradicts the rest, whatever it is.
        prop_assert_eq!(from_json(&json).is_ok(), json[&key] == was, "{}", json);
        prop_assert_eq!(from_json(&to_json(&vector)), Ok(vector));
    }
}

#[test]
fn a_name_with_a_zero_byte_before_it_is_another_name() {
    for text in [
        "\0AV:N/AC:L/Au:N/C:N/I:N/A:C",
        "AV:\0N/AC:L/Au:N/C:N/I:N/A:C",
        "AV\0:N/AC:L/Au:N/C:N/I:N/A:C",
        "AV:N\0/AC:L/Au:N/C:N/I:N/A:C",
    ] {
        assert!(Vector::parse(text).is_err(), "{text:?}");
        let prefixed = format!("CVSS:3.1/{text}").replace("Au:N", "PR:N/UI:N/S:U").replace("A:C", "A:H");
        assert!(Vector::parse(&prefixed).is_err(), "{prefixed:?}");
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
        let line = include_str!("../data/cvss_public.tsv").lines().nth(line).unwrap_or_default();
        let text = line.split('\t').next().unwrap_or_default();
        let vector: Vector = text.parse().unwrap();
        let mended = mend(&mangled(text, how)).unwrap();
        prop_assert_eq!(mended.vector, vector, "{:?}", mended.mends);
        prop_assert_eq!(mended.mends.is_empty(), how == (false, false, false, false));
    }
}
