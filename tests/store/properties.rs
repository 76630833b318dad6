//! What holds for any case and any bytes.

use fixlead::case::record::Grant;
use fixlead::case::{Action, Case, Refusal};
use fixlead::store::Notice;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Home, ID, TITLE, act, grant, try_act};

/// Things that a person may type, from plain to hostile.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,12}",
        "\\PC{1,20}",
        "[\"'\\\\\n\r\t#=\\[\\]{}<>%/@.,\u{202E}\u{0}\u{7F}]{1,12}",
        Just("\"\"\"\n'''\r\n\\".to_owned()),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        ("[a-c]", "(name|contact|role|credit)", text())
            .prop_map(|(who, field, value)| Action::set(format!("person.{who}.{field}"), value)),
        ("V[12]", "(cve|summary|mitigation)", text())
            .prop_map(|(id, field, value)| Action::set(format!("vulnerability.{id}.{field}"), value)),
        text().prop_map(|value| Action::set("lead", value)),
        (0..4_usize, text()).prop_map(|(step, text)| Action::Note { step: step_id(step), text }),
        (0..4_usize, text()).prop_map(|(step, who)| Action::Assign { step: step_id(step), who }),
        (0..4_usize, text()).prop_map(|(step, url)| Action::Link { step: step_id(step), url }),
        text().prop_map(|who| grant(&who)),
        Just(Action::Undo),
        Just(Action::Redo),
        Just(Action::Archive),
    ]
}

fn step_id(index: usize) -> String {
    let case = crate::support::new_case(ID, TITLE);
    case.playbook().steps().nth(index).map(|step| step.id.clone()).unwrap_or_default()
}

/// Does what can be done of a list, with ids that start with `side`.
fn act_all(case: &mut Case, side: &str, actions: Vec<Action>) {
    for (number, action) in actions.into_iter().enumerate() {
        let _: Result<(), Refusal> = try_act(case, &format!("{side}-{number}"), action);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_saved_is_what_is_loaded(rounds in vec(vec(action(), 0..6), 1..4)) {
        let home = Home::with_case();
        for (round, actions) in rounds.into_iter().enumerate() {
            let base = home.load();
            let mut mine = base.case.clone();
            act_all(&mut mine, &format!("r{round}"), actions);
            let saved = home.store.save(&base, &mine).unwrap();
            prop_assert_eq!(saved.case.record(), mine.record());
            let again = home.load();
            prop_assert_eq!(again.case.record(), mine.record());
            prop_assert!(saved.notices.is_empty());
        }
    }

    #[test]
    fn two_copies_edited_apart_unite_with_nothing_lost(
        before in vec(action(), 0..4),
        mine in vec(action(), 0..6),
        theirs in vec(action(), 0..6),
    ) {
        let home = Home::with_case();
        let first = home.load();
        let mut start = first.case.clone();
        act_all(&mut start, "b", before);
        let base = home.store.save(&first, &start).unwrap();
        let (mut here, mut there) = (base.case.clone(), base.case.clone());
        act_all(&mut here, "m", mine);
        act_all(&mut there, "t", theirs);
        home.store.save(&base, &there).unwrap();
        let united = home.store.save(&base, &here).unwrap();

        let known: Vec<&str> = united.case.record().event.iter().map(|event| event.id.as_str()).collect();
        let lost = |case: &Case| case.record().event.iter().any(|event| !known.contains(&event.id.as_str()));
        prop_assert!(!lost(&there), "an event of the disk is lost");
        let copy = united.notices.iter().find_map(|notice| match notice {
            Notice::Conflict { kept, .. } => Some(std::fs::read_to_string(kept).unwrap()),
            _ => None,
        });
        match copy {
            None => {
                prop_assert!(!lost(&here), "an event of this side is lost");
                let whos: Vec<&str> = united.case.record().grant.iter().map(|grant| grant.who.as_str()).collect();
                // What stood before may have been taken back on one side; what is new on either must be there.
                let is_new = |grant: &&Grant| base.case.record().grant.iter().all(|old| old.who != grant.who);
                for grant in here.record().grant.iter().chain(&there.record().grant).filter(is_new) {
                    prop_assert!(whos.contains(&grant.who.as_str()));
                }
            }
            // What could not be united is all in the copy: it opens as this side's case.
            Some(text) => {
                home.write(text);
                let kept = home.load();
                let has = |id: &str| kept.case.record().event.iter().any(|other| other.id == id);
                prop_assert!(here.record().event.iter().all(|event| has(&event.id)), "an event of the copy is lost");
                prop_assert_eq!(&kept.case.record().lead, &here.record().lead);
                let people = |case: &Case| {
                    let mut people = case.record().person.clone();
                    people.sort_by(|left, right| left.id.cmp(&right.id));
                    people
                };
                prop_assert_eq!(people(&kept.case), people(&here), "somebody of the copy is lost");
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        let home = Home::with_case();
        home.write(&bytes);
        let _ = home.store.load(ID);
    }

    #[test]
    fn a_case_cut_and_changed_anywhere_never_panics_and_never_talks(
        cut in 0..600_usize, length in 0..20_usize, put in "[\\PC\n]{0,6}",
    ) {
        let home = Home::with_case();
        let base = home.load();
        let mut mine = base.case.clone();
        act(&mut mine, "e-1", Action::set("lead", "CANARY"));
        home.store.save(&base, &mine).unwrap();
        let mut letters: Vec<char> = home.text().chars().collect();
        let from = cut.min(letters.len());
        let to = (from + length).min(letters.len());
        letters.splice(from..to, put.chars());
        home.write(letters.into_iter().collect::<String>());
        match home.store.load(ID) {
            Ok(loaded) => {
                for notice in loaded.notices {
                    prop_assert!(!notice.to_string().contains("CANARY"));
                }
            }
            Err(error) => prop_assert!(!error.to_string().contains("CANARY"), "{}", error),
        }
    }
}
