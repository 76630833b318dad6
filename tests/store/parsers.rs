//! Whatever bytes lie in the files of a case: nothing panics, an error has its place and none of the text, and what can be
//! opened can be saved.

use std::fs;

use fixlead::case::address::flatten;
use fixlead::case::record::{Draft, Record};
use fixlead::case::{Moment, NO_VERDICTS};
use fixlead::playbook::builtin;
use fixlead::source::place;
use fixlead::store::{StoreError, Unreadable, parse_own, sha256};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Deserialize;

use crate::mutated::mutated;
use crate::support::{Home, ID, hand_over, now, set};

/// Stands in each text of [`full`] that a person wrote.
const CANARY: &str = "CANARY";

/// A case that has one of everything.
pub fn full() -> String {
    let text = include_str!("../data/full-case.toml");
    text.replace("SHA", &sha256(builtin("emissary").unwrap()))
}

/// The place of an error lies inside of the text.
fn check_place(text: &str, why: &Unreadable) {
    let told = match why {
        Unreadable::NotUtf8 { line, column } | Unreadable::Syntax { line, column, .. } => Some((*line, *column)),
        Unreadable::MergeMarkers { line } => Some((*line, 1)),
        Unreadable::Shape { at, .. } => *at,
        _ => None,
    };
    let Some((line, column)) = told else { return };
    let (last, _) = place(text, text.len());
    assert!((1..=last).contains(&line), "{why}");
    let longest = text.split('\n').nth(line - 1).unwrap_or_default().chars().count() + 1;
    assert!((1..=longest).contains(&column), "{why}");
}

fn silent(told: impl std::fmt::Display + std::fmt::Debug) {
    assert!(!told.to_string().contains(CANARY) && !format!("{told:?}").contains(CANARY), "{told}");
}

/// The bundle of the full case.
fn bundle() -> String {
    let home = Home::with_case();
    home.write(full().replace("archived = true", "archived = false"));
    home.edit("e-out", hand_over("grace")).unwrap();
    fs::read_to_string(home.store.export(ID).unwrap()).unwrap()
}

#[derive(Debug, Deserialize)]
struct Kept {
    draft: Vec<Draft>,
}

#[test]
fn a_full_case_opens_and_of_a_newer_layout_as_well() {
    let home = Home::with_case();
    home.write(full());
    let record = home.load().case.record().clone();
    assert!(home.load().is_writable());
    // Every table that the program knows is read of a newer layout, too, where another one has changed.
    home.write(full().replace("schema = 1", "schema = 2").replace("extent = \"partial\"", "extent = 3"));
    let newer = home.load().case.record().clone();
    assert_eq!(newer.leak, None);
    let expected = Record { schema: 2, leak: None, ..record };
    assert_eq!(newer, expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_in_any_file_of_a_case_never_panic(bytes in vec(any::<u8>(), 0..200), file in 0..5_usize) {
        let home = Home::with_history();
        let name = ["case.toml", "playbook.toml", "summary.json", "case.open", "case.lock"][file];
        fs::write(home.path(name), &bytes).unwrap();
        let _ = home.store.load(ID);
        let _ = home.store.claim(ID);
        let moment = Moment { now: now(), verdicts: NO_VERDICTS };
        let listed = home.store.summaries(now(), &|case| case.summary(moment));
        prop_assert_eq!(listed.unwrap().len(), 1);
        let file = home.folder.path().join("bundle");
        fs::write(&file, &bytes).unwrap();
        prop_assert!(home.store.import(&file).is_err());
    }

    #[test]
    fn a_spoilt_case_opens_and_saves_or_is_refused_in_silence(bytes in mutated(vec![full()])) {
        let home = Home::with_case();
        home.write(&bytes);
        match home.store.load(ID) {
            Err(StoreError::Unreadable { why, .. }) => {
                check_place(&String::from_utf8_lossy(&bytes), &why);
                silent(why);
                prop_assert_eq!(fs::read(home.path("case.toml")).unwrap(), bytes);
            }
            Err(other) => silent(other),
            Ok(loaded) => {
                loaded.notices.iter().for_each(silent);
                let writable = loaded.is_writable();
                match home.edit("e-new", set("fix.F9.commit", "c0ffee")) {
                    Ok(()) => {
                        prop_assert!(writable);
                        let record = home.load().case.record().clone();
                        prop_assert_eq!(record.fix.iter().filter(|fix| fix.id == "F9").count(), 1);
                        prop_assert_eq!(record.event.len(), loaded.case.record().event.len() + 1);
                    }
                    Err(refused) => {
                        silent(refused);
                        prop_assert_eq!(fs::read(home.path("case.toml")).unwrap(), bytes);
                    }
                }
            }
        }
    }

    #[test]
    fn a_spoilt_bundle_comes_in_or_is_refused_in_silence(bytes in mutated(vec![bundle()])) {
        let home = Home::empty();
        let file = home.folder.path().join("bundle");
        fs::write(&file, &bytes).unwrap();
        match home.store.import(&file) {
            Ok(id) => prop_assert!(home.store.load(&id).is_ok()),
            Err(refused) => {
                silent(refused);
                prop_assert!(home.store.ids().unwrap().is_empty());
            }
        }
    }

    #[test]
    fn spoilt_drafts_are_read_or_refused_in_silence(bytes in mutated(vec![full()])) {
        let text = String::from_utf8_lossy(&bytes);
        match parse_own::<Kept>(&text) {
            Ok(kept) => prop_assert!(kept.draft.len() <= text.len()),
            Err(why) => {
                check_place(&text, &why);
                silent(why);
            }
        }
    }

    #[test]
    fn a_case_that_was_written_is_read_back(texts in vec(prop_oneof!["\\PC{0,12}", "[\"'\\\\\n\r\t#=\\[\\]{}%/@\u{0}]{0,6}"], 1..8)) {
        let mut all = texts.iter().cycle();
        let mut written = String::new();
        // Each text of a person gets another one; its quotes are put in by TOML itself.
        for line in full().lines().filter(|line| !line.starts_with('#')) {
            let Some((key, _)) = line.split_once(" = ").filter(|(_, value)| value.starts_with("\"CANARY")) else {
                written.extend([line, "\n"]);
                continue;
            };
            let other = toml::Value::from(all.next().unwrap().as_str());
            written.extend([key, " = ", &other.to_string(), "\n"]);
        }
        let home = Home::with_case();
        home.write(&written);
        let record = home.load().case.record().clone();
        let table: toml::Table = written.parse().unwrap();
        prop_assert_eq!(record.title.as_str(), table["title"].as_str().unwrap());
        prop_assert_eq!(record.leak.as_ref().unwrap().what.as_str(), table["leak"]["what"].as_str().unwrap());
        home.edit("e-new", set("fix.F9.commit", "c0ffee")).unwrap();
        let mut again = home.load().case.record().clone();
        again.fix.pop();
        again.event.pop();
        prop_assert_eq!(flatten(&again).unwrap(), flatten(&record).unwrap());
    }
}
