//! What the text lists and the exit code never disagree, whatever was found and whatever is planned.

use std::collections::BTreeMap;

use super::divergence_sheet::Sheet;
use super::divergence_tests::{at, component, leak, oid, pair, pin, tag, tag_at, track};
use super::divergence_text::lines;
use crate::divergence::{
    Component, Expected, FixRow, FixState, Leaks, LookedAt, Offered, PairState, PinAt, PinState, Plan, Report, Role,
    TagState, Tracking,
};
use crate::findings::Reader;

fn why() -> String {
    "no answer for 30 s".into()
}

fn fix_states() -> [FixState; 7] {
    let one = oid('8');
    let landed = [FixState::Reverted(one), FixState::ById(one), FixState::ByPatch(one), FixState::ByTrailer(one)];
    let [reverted, by_id, by_patch, by_trailer] = landed;
    [reverted, by_id, by_patch, by_trailer, FixState::ByContent, FixState::Unknown(why()), FixState::Absent]
}

/// Every state of a branch, with a mirror that lags since now, for long, and for nobody knows how long.
fn with_pairs(report: &Report) -> Vec<Report> {
    let states = [
        PairState::Unknown(why()),
        PairState::MissingOnCanonical,
        PairState::MissingOnSecurity,
        PairState::Unrelated,
        PairState::Equal,
        PairState::SecurityAhead,
        PairState::CanonicalAhead,
        PairState::DivergedConflict(Vec::new()),
        PairState::DivergedClean,
    ];
    let since = [None, Some(at("12:50")), Some(at("10:00"))];
    let cases = states.iter().flat_map(|state| since.map(|since| (state.clone(), since)));
    let with = |(state, since): (PairState, _)| {
        let mut pair = pair("main", state, Some((1, 1)), Plan::Unknown);
        pair.ahead_since = since;
        Report { pairs: vec![pair], ..report.clone() }
    };
    cases.map(with).collect()
}

/// Every state of a fix on one branch of each remote, and none.
fn with_fixes(report: &Report) -> Vec<Report> {
    let row = |branches| FixRow { commit: oid('f'), subject: None, embargoed: false, branches };
    let states = fix_states();
    let both = states.iter().flat_map(|private| states.iter().map(move |public| (private.clone(), public.clone())));
    let of = |(private, public)| {
        let states = BTreeMap::from([(Role::Security, private), (Role::Canonical, public)]);
        BTreeMap::from([("main".to_owned(), states)])
    };
    let alone = states
        .iter()
        .map(|state| BTreeMap::from([("try".to_owned(), BTreeMap::from([(Role::Security, state.clone())]))]));
    let all = both.map(of).chain(alone).chain([BTreeMap::new()]);
    all.map(|branches| Report { fixes: vec![row(branches)], ..report.clone() }).collect()
}

fn with_tags(report: &Report) -> Vec<Report> {
    let states = [
        TagState::Same,
        TagState::SameCommit,
        TagState::Differs,
        TagState::MissingOnCanonical,
        TagState::MissingOnSecurity,
        TagState::Unknown(why()),
    ];
    let row = |state| tag("v1", state, Some(tag_at('1')), None);
    states.map(|state| Report { tags: vec![row(state)], ..report.clone() }).into()
}

fn with_pins(report: &Report) -> Vec<Report> {
    let states =
        [PinState::Same, PinState::Differs, PinState::FileMissing, PinState::BranchMissing, PinState::Unknown(why())];
    let row = |state| pin("main", state, PinAt::Text("v1".into()), PinAt::FileMissing);
    states.map(|state| Report { pins: vec![row(state)], ..report.clone() }).into()
}

fn with_the_rest(report: &Report) -> Vec<Report> {
    let report = || report.clone();
    let found = || vec![leak("refs/heads/main", crate::divergence::LeakHow::Id)];
    let rows = |why_not| Tracking::Looked(vec![track("fix", "https://host.example/x", why_not)]);
    vec![
        Report { leaks: Some(Leaks::Looked { refs: 3, found: Vec::new() }), ..report() },
        Report { leaks: Some(Leaks::Looked { refs: 3, found: found() }), ..report() },
        Report { leaks: Some(Leaks::Unknown { why: why(), found: Vec::new() }), ..report() },
        Report { leaks: Some(Leaks::Unknown { why: why(), found: found() }), ..report() },
        Report { tracking: Tracking::Unknown(why()), ..report() },
        Report { tracking: rows(Some("everybody reads it")), ..report() },
        Report { tracking: rows(None), ..report() },
        Report { errors: vec![why()], ..report() },
        Report { offered: vec![Offered { commit: oid('6'), subject: "Bound".into() }], ..report() },
        report(),
    ]
}

fn agrees(component: &Component, mut report: Report) {
    report.plan(component, at("13:00"));
    let told = lines(
        std::slice::from_ref(component),
        std::slice::from_ref(&report),
        Sheet { reader: Reader { now: at("13:00"), case: None }, width: None },
    );
    let has = |mark: &str| told.iter().any(|line| line.starts_with(&format!("  {mark} ")));
    let has_leak = told.iter().any(|line| line.starts_with("  ✗ leak "));
    let code = match (has_leak, has("?"), has("✗") || has("!")) {
        (true, _, _) => 11,
        (_, true, _) => 12,
        (_, _, true) => 10,
        _ => 0,
    };
    assert_eq!(report.outcome().code(), code, "{:?}\n{}\n{report:?}", component.expected, told.join("\n"));
}

#[test]
fn whatever_the_text_lists_as_a_problem_is_in_the_exit_code_and_the_other_way_round() {
    let looked_at = vec![LookedAt { remote: Role::Canonical, refs: 3, at: at("12:59") }];
    let blank = Report { looked_at, ..Report::blank("gateway") };
    let parts = [with_pairs, with_fixes, with_tags, with_pins, with_the_rest].map(|with| with(&blank));
    let mut random = fastrand::Rng::with_seed(7);
    for (_, expected) in Expected::ALL {
        for is_embargoed in [true, false] {
            let component = Component { is_embargoed, expected, ..component("gateway") };
            parts.iter().flatten().for_each(|report| agrees(&component, report.clone()));
            for _ in 0..500 {
                let mut any = |part: usize| parts[part][random.usize(..parts[part].len())].clone();
                let rest = any(4);
                let (pairs, fixes, tags, pins) = (any(0).pairs, any(1).fixes, any(2).tags, any(3).pins);
                agrees(&component, Report { pairs, fixes, tags, pins, ..rest });
            }
        }
    }
}
