//! What is told of branches.

use super::ways;
use super::words::{Reader, name};
use super::{Finding, Weight, shown};
use crate::divergence::{Component, Expected, Flag, Oid, Pair, PairState, Plan, Report};
use crate::playbook::Span;

/// Branches in the same state are one finding, but those with conflicts, each of which has its own paths.
pub(super) fn pairs(component: &Component, report: &Report, reader: Reader<'_>) -> Vec<Finding> {
    let pairs = &report.pairs;
    let mut groups: Vec<(String, Vec<&Pair>)> = Vec::new();
    let seen = pairs.iter().filter(|pair| !matches!(pair.state, PairState::Unknown(_)));
    for pair in seen.filter(|pair| pair.plan != Plan::AsPlanned || may_lag(pair, report)) {
        let key = match &pair.state {
            PairState::DivergedConflict(_) => format!("conflict {}", pair.branch),
            state => state.word().to_owned(),
        };
        let key = format!("{:?} {} {} {key}", pair.plan, pair.a.word(), pair.b.word());
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(pair),
            None => groups.push((key, vec![pair])),
        }
    }
    let groups = groups.iter().filter_map(|(_, group)| of_group(component, group, reader));
    let told = |flagged: Vec<&Pair>, words: &str| {
        let branches: Vec<String> = flagged.iter().map(|pair| shown(&pair.branch)).collect();
        (!branches.is_empty())
            .then(|| Finding::new(Weight::Told, "rewritten", format!("{words}: {}", branches.join(", "))))
    };
    let rewritten = pairs.iter().filter(|pair| pair.flags.contains(&Flag::Rewritten)).collect();
    let rewritten = told(rewritten, "somebody forced a push since the last look");
    let others = pairs.iter().filter_map(others);
    groups.chain(rewritten).chain(others).collect()
}

/// Is the public side ahead as planned, because the mirror has time yet? After the sync it may be so for ever.
fn may_lag(pair: &Pair, report: &Report) -> bool {
    pair.state == PairState::CanonicalAhead && pair.plan == Plan::AsPlanned && report.expected != Expected::InSync
}

fn of_group(component: &Component, group: &[&Pair], reader: Reader<'_>) -> Option<Finding> {
    let first = group.first()?;
    let branches: Vec<String> = group.iter().map(|pair| branch(pair, reader)).collect();
    let branches = branches.join(", ");
    let words = format!("{}: {branches}", relation(component, first));
    let about = match first.plan {
        Plan::NeedsPerson => "conflict",
        Plan::AsPlanned => return Some(Finding::planned(first.plan, "mirror", words)),
        Plan::Unplanned => "not planned",
        Plan::Unknown => return Some(Finding::unknown(format!("whether this is planned is not known: {words}"))),
    };
    let mut finding = Finding::planned(first.plan, about, words);
    if let PairState::DivergedConflict(conflicts) = &first.state {
        let detail = |path: &str, kind: &str| format!("{} ({})", shown(path), shown(kind));
        finding.details = conflicts.iter().map(|one| detail(&one.path, &one.kind)).collect();
    }
    finding.way = ways::of_pair(component, first);
    if let Some(way) = finding.way.as_mut().filter(|way| group.len() > 1 && !way.commands.is_empty()) {
        way.words = format!("{}; for {}, and the others likewise", way.words, shown(&first.branch));
    }
    Some(finding)
}

/// «main private +2, public +4 (same files)», «main public +3 since 12:41 UTC».
fn branch(pair: &Pair, reader: Reader<'_>) -> String {
    let counts = pair.counts.map(|(ahead, behind)| [(pair.a, ahead), (pair.b, behind)]);
    let counts = counts.into_iter().flatten().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(role, count)| format!("{} +{count}", name(role))).collect();
    let mut words = shown(&pair.branch);
    if !counts.is_empty() {
        words = format!("{words} {}", counts.join(", "));
    }
    if let Some(since) = pair.ahead_since {
        words = format!("{words} since {}", reader.clock(since));
    }
    let notes = [(Flag::Equivalent, "the same patches"), (Flag::SameTree, "the same files")];
    let notes: Vec<&str> =
        notes.iter().filter(|(flag, _)| pair.flags.contains(flag)).map(|(_, words)| *words).collect();
    if notes.is_empty() { words } else { format!("{words} ({})", notes.join(", ")) }
}

fn relation(component: &Component, pair: &Pair) -> String {
    let (a, b) = (name(pair.a), name(pair.b));
    match &pair.state {
        PairState::Unknown(_) => "could not look".to_owned(),
        PairState::MissingOnCanonical => format!("only {a} has it"),
        PairState::MissingOnSecurity => format!("only {b} has it"),
        PairState::Unrelated => format!("{a} and {b} have no commit in common"),
        PairState::Equal => "equal".to_owned(),
        PairState::SecurityAhead => format!("{a} is ahead"),
        PairState::CanonicalAhead => {
            let may_lag = Span::from_seconds(component.may_lag.as_secs());
            format!("{b} is ahead: the mirror lags, and may take {may_lag}")
        }
        PairState::DivergedConflict(_) => "both sides went on, and do not merge by themselves".to_owned(),
        PairState::DivergedClean => "both sides went on, and merge by themselves".to_owned(),
    }
}

/// Commits that would go out with the fixes.
fn others(pair: &Pair) -> Option<Finding> {
    let others = pair.others.as_ref().filter(|others| !others.is_empty())?;
    let words = format!("{} also brings what belongs to no fix", shown(&pair.branch));
    let ids: Vec<String> = others.iter().map(Oid::short).collect();
    Some(Finding { details: vec![ids.join(", ")], ..Finding::new(Weight::Told, "other", words) })
}
