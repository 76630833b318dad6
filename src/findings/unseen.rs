//! What could not be looked at: each cause once, with all that it hides.

use super::words::name;
use super::{Finding, shown};
use crate::divergence::{Component, FixRow, FixState, Leaks, PairState, PinState, Report, Role, TagState, Tracking};

/// How many names are told of what one cause hides.
const FEW: usize = 12;

/// What one cause hides.
struct Cause<'r> {
    why: &'r str,
    /// Behind «could not look».
    hidden: Vec<String>,
}

/// What could not be looked at, cause by cause.
pub(super) fn unseen(component: &Component, report: &Report) -> Vec<Finding> {
    let mut causes = Vec::new();
    leaks(component, report, &mut causes);
    branches(report, &mut causes);
    fixes(report, &mut causes);
    tags(report, &mut causes);
    pins(report, &mut causes);
    if let Tracking::Unknown(why) = &report.tracking {
        hide(&mut causes, why, "where the clone would push".to_owned());
    }
    let (mut told, mut errors) = (vec![false; causes.len()], Vec::new());
    // An error names the remote, and then its cause.
    for error in &report.errors {
        let mut details = Vec::new();
        for (cause, told) in causes.iter().zip(&mut told).filter(|(cause, _)| error.ends_with(cause.why)) {
            details.extend(cause.hidden.iter().map(|hidden| format!("could not look {hidden}")));
            *told = true;
        }
        errors.push(Finding { details, ..Finding::unknown(shown(error)) });
    }
    let untold = causes.iter().zip(told).filter(|(_, told)| !told).map(|(cause, _)| of_cause(cause));
    untold.chain(errors).collect()
}

fn of_cause(cause: &Cause<'_>) -> Finding {
    let why = shown(cause.why);
    match cause.hidden.as_slice() {
        [only] => Finding::unknown(format!("could not look {only}: {why}")),
        several => {
            let details = several.iter().map(|hidden| format!("could not look {hidden}")).collect();
            Finding { details, ..Finding::unknown(why) }
        }
    }
}

fn hide<'r>(causes: &mut Vec<Cause<'r>>, why: &'r str, hidden: String) {
    match causes.iter_mut().find(|cause| cause.why == why) {
        Some(cause) => cause.hidden.push(hidden),
        None => causes.push(Cause { why, hidden: vec![hidden] }),
    }
}

fn leaks<'r>(component: &Component, report: &'r Report, causes: &mut Vec<Cause<'r>>) {
    let Some(Leaks::Unknown { why, found }) = &report.leaks else { return };
    let more = match (found.is_empty(), component.names_secrets()) {
        (false, _) => "more",
        (true, true) => "a fix",
        (true, false) => "anything private",
    };
    hide(causes, why, format!("whether {more} is public"));
}

fn branches<'r>(report: &'r Report, causes: &mut Vec<Cause<'r>>) {
    let seen = report.pairs.iter().filter_map(|pair| match &pair.state {
        PairState::Unknown(why) => Some((why.as_str(), pair.branch.as_str())),
        _ => None,
    });
    for (why, branches) in alike(seen) {
        hide(causes, why, format!("at {}", names(&branches)));
    }
}

/// Fixes that can't be seen in the same places are told together.
fn fixes<'r>(report: &'r Report, causes: &mut Vec<Cause<'r>>) {
    let of = |fix: &'r FixRow| {
        let seen = fix.branches.iter().flat_map(|(branch, states)| {
            states.iter().filter_map(move |(role, state)| match state {
                FixState::Unknown(why) => Some(((*role, why.as_str()), branch.as_str())),
                _ => None,
            })
        });
        alike(seen).into_iter().map(|(place, branches)| ((place, branches), fix.commit.short()))
    };
    let all: Vec<_> = report.fixes.iter().flat_map(of).collect();
    let places = alike(all.iter().map(|(place, fix)| (place, fix.as_str())));
    for (((role, why), branches), fixes) in places {
        let role: &Role = role;
        hide(causes, why, format!("for {} on {} of {}", names(&fixes), names(branches), name(*role)));
    }
}

fn tags<'r>(report: &'r Report, causes: &mut Vec<Cause<'r>>) {
    let seen = report.tags.iter().filter_map(|tag| match &tag.state {
        TagState::Unknown(why) => Some((why.as_str(), tag.name.as_str())),
        _ => None,
    });
    for (why, tags) in alike(seen) {
        let tag = if tags.len() == 1 { "tag" } else { "tags" };
        hide(causes, why, format!("at the {tag} {}", names(&tags)));
    }
}

fn pins<'r>(report: &'r Report, causes: &mut Vec<Cause<'r>>) {
    let seen = report.pins.iter().filter_map(|pin| match &pin.state {
        PinState::Unknown(why) => Some((why.as_str(), pin.branch.as_str())),
        _ => None,
    });
    for (why, branches) in alike(seen) {
        hide(causes, why, format!("at the version pin on {}", names(&branches)));
    }
}

/// What has the same key, in the order in which the keys come up.
fn alike<K: PartialEq, T>(all: impl Iterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for (key, one) in all {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(one),
            None => groups.push((key, vec![one])),
        }
    }
    groups
}

fn names(all: &[&str]) -> String {
    let told = if all.len() > FEW + 1 { FEW } else { all.len() };
    let names: Vec<String> = all[..told].iter().map(|one| shown(one)).collect();
    let more = all.len() - told;
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}
