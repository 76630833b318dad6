//! The list of cases and its caches.

use std::cell::Cell;
use std::fs;

use fixlead::case::{Case, Moment, NO_VERDICTS, Summary, Trouble};

use crate::support::{Home, ID, at, mode, new_case, now, set};

fn summarize(case: &Case) -> Summary {
    case.summary(Moment { now: now(), verdicts: NO_VERDICTS })
}

#[test]
fn a_fresh_cache_is_used_and_a_stale_one_is_not() {
    let home = Home::with_case();
    let count = Cell::new(0);
    let counted = |case: &Case| {
        count.set(count.get() + 1);
        Summary { valid_until: Some(at("2026-11-21T00:00:00Z")), ..summarize(case) }
    };
    let lead = |when: &str| home.store.summaries(at(when), &counted).unwrap()[0].result.clone().unwrap().lead;
    assert_eq!(lead("2026-11-20T12:00:00Z").as_deref(), Some("ada"));
    assert_eq!(lead("2026-11-20T13:00:00Z").as_deref(), Some("ada"));
    assert_eq!(count.get(), 1, "the second came from the cache");
    assert_eq!(mode(&home.path("summary.json")), 0o600);

    home.edit("e-1", set("lead", "bob")).unwrap();
    assert_eq!(lead("2026-11-20T13:00:00Z").as_deref(), Some("bob"));
    home.replace("lead = \"bob\"", "lead = \"eve\"");
    assert_eq!(lead("2026-11-20T13:00:00Z").as_deref(), Some("eve"));
    assert_eq!(count.get(), 3);

    lead("2026-11-21T00:00:00Z");
    assert_eq!(count.get(), 4, "valid until then only");
    lead("2026-11-19T00:00:00Z");
    assert_eq!(count.get(), 5, "what was worked out for later says nothing of earlier");
    fs::write(home.path("summary.json"), "{ broken").unwrap();
    lead("2026-11-20T12:00:00Z");
    assert_eq!(count.get(), 6);
}

#[test]
fn a_case_that_can_not_be_read_is_in_the_list_with_the_reason() {
    let home = Home::with_case();
    home.store.create(&new_case("amber-owl", "x"), fixlead::playbook::builtin("emissary").unwrap()).unwrap();
    home.write("schema = ");
    let listed = home.store.summaries(now(), &summarize).unwrap();
    assert_eq!(listed.iter().map(|listed| listed.id.as_str()).collect::<Vec<_>>(), ["amber-owl", ID]);
    assert!(listed[0].result.is_ok());
    assert!(listed[1].result.as_ref().unwrap_err().contains("damaged"), "{:?}", listed[1].result);
    let Some(Trouble::Damaged { good: None, place, .. }) = &listed[1].trouble else {
        panic!("{:?}", listed[1].trouble)
    };
    assert!(place.contains("1:"), "{place}");
}
