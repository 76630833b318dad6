//! What is typed in a line: durations, deadlines, instants, conditions, vectors, keys.

use fixlead::app::key::{Code, Key};
use fixlead::cvss::Vector;
use fixlead::playbook::{Condition, Deadline, FactDef, FactKind, Span};
use fixlead::runtime::world::find_zone;
use fixlead::schedule::{Zone, countdown, in_zones, later, parse_instant};
use jiff::Timestamp;
use proptest::prelude::*;

fn facts() -> Vec<FactDef> {
    let fact =
        |id: &str, kind| FactDef { id: id.to_owned(), ask: id.to_owned(), kind, default: None, unknown_until: None };
    let choices = ["public", "private"].map(|word| (word.to_owned(), word.to_owned())).to_vec();
    vec![
        fact("known", FactKind::YesNo),
        fact("users", FactKind::Number),
        fact("where", FactKind::Choice(choices)),
        fact("who", FactKind::Text),
    ]
}

/// A condition that is right, with its depth.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("known".to_owned()),
        Just("true".to_owned()),
        (0..100_u32).prop_map(|number| format!("users >= {number}")),
        (0..100_u32).prop_map(|number| format!("{number}.5 < cvss.score")),
        Just("where in ['public', 'private']".to_owned()),
        "[a-z ]{0,5}".prop_map(|text| format!("who != '{text}'")),
        Just("leak == 'none'".to_owned()),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("not ({one})")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one} and {other})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("{one} or ({other})")),
        ]
    })
}

/// Texts near to what the parsers of time know.
fn near_time() -> impl Strategy<Value = String> {
    let words = "in|ago|now|today|tomorrow|next|Mon|Dec|9999|2026-12-31|0000-00-00|23:59:60|\\+23:59|-9|UTC|Europe/Berlin|T|Z|\
        99999999999999999999|1|d|w|h|s|mo|y| |:|-|\\+|,|\\.";
    let near = proptest::string::string_regex(&format!("({words}){{0,12}}")).unwrap();
    prop_oneof![near, "\\PC{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_duration_is_read_back_as_it_was_written(seconds in 0..100 * 366 * 86_400_i64) {
        let span = Span::from_seconds(seconds);
        prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
    }

    #[test]
    fn a_duration_of_any_text_is_none_or_within_a_hundred_years(text in near_time()) {
        match Span::parse(&text) {
            Ok(span) => prop_assert!((0..=100 * 366 * 86_400).contains(&span.seconds())),
            Err(error) => prop_assert!(error.to_string().chars().count() < 200, "{error}"),
        }
    }

    #[test]
    fn digits_of_any_length_are_too_long_and_no_overflow(digits in "[1-9][0-9]{11,400}", unit in "[smhdw]") {
        let (span, deadline) = (format!("{digits}{unit}"), format!("{digits}{unit} after x"));
        prop_assert!(Span::parse(&span).is_err());
        prop_assert!(Deadline::parse(&deadline).is_err());
        for text in [format!("in {digits}{unit}"), format!("{digits}{unit} ago"), format!("{digits}-01-01 10:00 UTC")] {
            let error = parse_instant(&text, Timestamp::UNIX_EPOCH, None, &find_zone).unwrap_err();
            prop_assert!(error.to_string().chars().count() < 600, "{}", error);
        }
    }

    #[test]
    fn a_deadline_is_read_back_as_it_was_written(
        from in 0..10_000_i64, more in 0..10_000_i64, anchor in "[a-z][a-z.-]{0,12}", shape in 0..5_u8,
    ) {
        let (from, to) = (Span::from_seconds(from), Span::from_seconds(from + more));
        let deadline = match shape {
            0 => Deadline::Asap,
            1 => Deadline::Before(anchor),
            2 => Deadline::At(anchor),
            3 => Deadline::After { span: from, anchor },
            _ => Deadline::Window { from, to, anchor },
        };
        prop_assert_eq!(Deadline::parse(&deadline.to_string()), Ok(deadline));
    }

    #[test]
    fn an_instant_is_read_back_as_it_was_written(second in 631_152_000_i64..7_258_118_400, now in any::<i64>()) {
        let at = Timestamp::from_second(second).unwrap();
        let now = Timestamp::from_second(now % 253_402_207_200).unwrap();
        prop_assert_eq!(parse_instant(&at.to_string(), now, None, &find_zone), Ok(at));
    }

    #[test]
    fn an_instant_of_any_text_and_at_any_time_is_one_of_the_calendar(text in near_time(), now in any::<i64>()) {
        let now = Timestamp::from_second(now % 253_402_207_200).unwrap();
        for zone in [None, find_zone("Europe/Berlin")] {
            match parse_instant(&text, now, zone.as_ref(), &find_zone) {
                Ok(at) => prop_assert!((631_152_000..7_258_118_400).contains(&at.as_second())),
                Err(error) => prop_assert!(error.to_string().chars().count() < 600, "{}", error),
            }
        }
    }

    #[test]
    fn time_has_two_ends_and_no_overflow(second in any::<i64>(), span in any::<i64>(), now in any::<i64>()) {
        let at = Timestamp::from_second(second % 253_402_207_200).unwrap();
        let now = Timestamp::from_second(now % 253_402_207_200).unwrap();
        let later = later(at, Span::from_seconds(span));
        prop_assert!(later.is_none_or(|later| (later >= at) == (span >= 0)));
        for at in [at, Timestamp::MIN, Timestamp::MAX] {
            let _ = (countdown(at, now), in_zones(at, now, &[Zone::utc()]));
        }
    }

    #[test]
    fn a_condition_that_is_right_is_read(text in condition()) {
        let read = Condition::parse(&text, &facts());
        prop_assert!(read.is_ok() || text.len() > 1024, "{text}: {read:?}");
    }

    #[test]
    fn the_fault_of_a_condition_lies_inside_of_it(
        text in "(known|users|where|who|leak|state|cvss.score|and|or|not|in|==|<|'|\\(|\\)|\\[|\\]|,|[0-9.]| |\\PC){0,60}",
    ) {
        if let Err(error) = Condition::parse(&text, &facts()) {
            prop_assert!(error.at <= text.len() && text.is_char_boundary(error.at), "{text}: {error:?}");
        }
    }

    #[test]
    fn no_vector_and_no_key_panics_and_what_is_read_is_written_alike(
        vector in "(CVSS:3\\.[01])?(/|:|AV|AC|PR|UI|S|C|I|A|N|L|H|P|U|R|\\PC){0,40}", keys in "(Ctrl-|Alt-|F|[0-9]|Enter|«|»| |\\PC){0,12}",
    ) {
        if let Ok(read) = Vector::parse(&vector) {
            prop_assert_eq!(Vector::parse(&read.to_string()).map(|again| again.to_string()), Ok(read.to_string()));
        }
        let _ = Key::parse_all(&keys);
        if let Some(key) = Key::parse(&keys) {
            prop_assert_eq!(Key::parse(&key.to_string()), Some(key));
        }
    }

    #[test]
    fn a_key_is_read_back_as_it_was_written(c in any::<char>(), ctrl in any::<bool>(), alt in any::<bool>()) {
        let key = Key { code: Code::Char(c), ctrl, alt };
        prop_assert!(Key::parse(&key.to_string()).is_none_or(|read| read == key), "{key}");
    }
}
