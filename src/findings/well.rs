//! What was looked at and is well, in words: never without how much that was, and when.

use std::collections::BTreeMap;

use super::words::{Reader, state_words};
use crate::divergence::{Component, Leaks, Pair, PinState, Plan, Report, TagState, Tracking};

/// What was looked at and is well, with how much of it.
#[must_use]
pub fn well(component: &Component, report: &Report, reader: Reader<'_>) -> Vec<String> {
    let clear = report.leaks.as_ref().and_then(|leaks| no_leak(component, leaks, report, reader));
    let pushes = match &report.tracking {
        Tracking::Looked(rows) if rows.iter().all(|row| row.why_not.is_none()) => {
            Some("nothing private in the clone goes anywhere else".to_owned())
        }
        _ => None,
    };
    let same = |count: usize, what: &str| {
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {what}{plural} the same"))
    };
    let tags = report.tags.iter().filter(|tag| matches!(tag.state, TagState::Same | TagState::SameCommit)).count();
    let pins = report.pins.iter().filter(|pin| pin.state == PinState::Same).count();
    let counts = [same(tags, "tag"), same(pins, "version pin")];
    [as_planned(&report.pairs), clear, pushes].into_iter().chain(counts).flatten().collect()
}

/// «37 branches as planned (private ahead 21, equal 16)».
fn as_planned(pairs: &[Pair]) -> Option<String> {
    let planned: Vec<&Pair> = pairs.iter().filter(|pair| pair.plan == Plan::AsPlanned).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for pair in &planned {
        *counts.entry(state_words(pair)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let counts: Vec<String> = counts.iter().map(|(words, count)| format!("{words} {count}")).collect();
    let branches = if planned.len() == 1 { "branch" } else { "branches" };
    (!planned.is_empty()).then(|| format!("{} {branches} as planned ({})", planned.len(), counts.join(", ")))
}

/// Said only where everything that the remote lists was looked at, and always with how much that was, and when.
fn no_leak(component: &Component, leaks: &Leaks, report: &Report, reader: Reader<'_>) -> Option<String> {
    let Leaks::Looked { refs, found } = leaks else { return None };
    let at = report.looked_at.iter().find(|looked| looked.remote.is_public())?.at;
    let seen = format!("{refs} refs of canonical, looked at {}", reader.clock(at));
    let words = match (component.names_secrets(), report.private_since.map(|since| reader.clock(since))) {
        (true, None) => format!("no leak found in {seen}"),
        (true, Some(since)) => {
            format!("no leak found in {seen}, nor anything that was private at the looks since {since}")
        }
        (false, Some(since)) => format!("nothing that was private at the looks since {since} is public: {seen}"),
        // The first look has nothing to look for.
        (false, None) => format!("no fix is named; what is private is remembered from this look on: {seen}"),
    };
    found.is_empty().then_some(words)
}
