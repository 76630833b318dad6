//! Where the fixes are: on which branches, and as the same commits on both sides.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Finding;
use super::repositories::Narrow;
use crate::divergence::{FixRow, FixState, Look, Oid, Role, Side, Wanted, matches};

/// What was found of each fix that is wanted.
fn rows<'l>(look: &'l Look, finding: &mut Finding) -> Vec<&'l FixRow> {
    let row_of = |wanted: &Wanted| {
        let commit = wanted.commit.to_lowercase();
        look.report.fixes.iter().find(|row| row.commit.to_string().starts_with(&commit))
    };
    let mut rows = Vec::new();
    for wanted in &look.asked.fixes {
        match row_of(wanted) {
            Some(row) => rows.push(row),
            None => finding.blind(format!("{}: the fix {} was not found", look.asked.name, wanted.commit)),
        }
    }
    rows
}

/// The branches that get the fix: those that are named, and those that a pattern stands for.
fn branches<'l>(narrow: &Narrow<'l>) -> BTreeSet<&'l str> {
    let look = narrow.look;
    let of_pairs = look.report.pairs.iter().map(|pair| pair.branch.as_str());
    let of_fixes = look.report.fixes.iter().flat_map(|row| row.branches.keys()).map(String::as_str);
    let seen: BTreeSet<&str> = of_pairs.chain(of_fixes).collect();
    narrow
        .wanted()
        .flat_map(|pattern| {
            let found: Vec<&str> = seen.iter().copied().filter(|name| matches(pattern, name)).collect();
            if found.is_empty() { vec![pattern] } else { found }
        })
        .collect()
}

/// Every fix is on every branch of a remote.
pub(super) fn on_branches(narrow: &Narrow<'_>, role: Role) -> Finding {
    let mut finding = Finding::default();
    let look = narrow.look;
    let name = &look.asked.name;
    let rows = rows(look, &mut finding);
    let branches = branches(narrow);
    if branches.is_empty() && !rows.is_empty() {
        finding.blind(format!("{name}: no branch is named that gets the fix: «fixlead case component {} {name} --branches PATTERN» names them", look.asked.memory));
    }
    for row in rows {
        for branch in &branches {
            let place = format!("{name}: {} on {} {branch}", row.commit.short(), role.word());
            match state(row, branch, role) {
                Some(state) => finding.add(state.is_there(), format!("{place} {}", words(state))),
                None if is_absent(look, branch, role) => finding.bad(format!("{place}: there is no such branch")),
                None => finding.blind(format!("{place}: it was not looked at")),
            }
        }
    }
    finding
}

/// Every fix is on some branch.
pub(super) fn on_some_branch(narrow: &Narrow<'_>) -> Finding {
    let mut finding = Finding::default();
    let look = narrow.look;
    for row in rows(look, &mut finding) {
        let states = on(row, narrow).flat_map(|(_, remotes)| remotes.values());
        let there: Vec<Option<bool>> = states.map(FixState::is_there).collect();
        let words = format!("{}: {} is on a branch", look.asked.name, row.commit.short());
        match () {
            () if there.contains(&Some(true)) => finding.good(words),
            () if there.is_empty() || there.contains(&None) => finding.blind(format!("whether {words} is not known")),
            () => finding.bad(format!("{}: {} is on no branch", look.asked.name, row.commit.short())),
        }
    }
    finding
}

/// On every branch where the private side has a fix, the public one has the same commit, or an equal patch. Where the
/// private side has it on none of them, the public ones are held against the commit of the fix.
pub(super) fn same_commits(narrow: &Narrow<'_>, by_patch: bool) -> Finding {
    let mut finding = Finding::default();
    let look = narrow.look;
    for row in rows(look, &mut finding) {
        let place = |branch: &str| format!("{}: {} on {branch}", look.asked.name, row.commit.short());
        let mut compared = 0;
        for (branch, remotes) in on(row, narrow) {
            let Some(private) = remotes.get(&Role::Security) else { continue };
            match private.is_there() {
                None => finding.blind(format!("{} {}", place(branch), words(private))),
                Some(false) => {}
                Some(true) => {
                    compared += 1;
                    compare(private, remotes, by_patch, &place(branch), &mut finding);
                }
            }
        }
        if compared == 0 {
            against_the_fix(row, narrow, by_patch, &place, &mut finding);
        }
    }
    finding
}

/// On which of the branches a fix was looked for, and what was found there.
fn on<'l>(row: &'l FixRow, narrow: &Narrow<'l>) -> impl Iterator<Item = (&'l String, &'l BTreeMap<Role, FixState>)> {
    row.branches.iter().filter(|(branch, _)| narrow.has_branch(branch))
}

fn against_the_fix(
    row: &FixRow,
    narrow: &Narrow<'_>,
    by_patch: bool,
    place: &dyn Fn(&str) -> String,
    finding: &mut Finding,
) {
    let approved = FixState::ById(row.commit);
    let public = on(row, narrow)
        .filter(|(_, remotes)| remotes.get(&Role::Canonical).is_some_and(|state| !matches!(state, FixState::Absent)));
    let mut any = false;
    for (branch, remotes) in public {
        any = true;
        compare(&approved, remotes, by_patch, &place(branch), finding);
    }
    if !any {
        finding.bad(format!("{}: it is not there", place("any public branch")));
    }
}

fn compare(private: &FixState, remotes: &BTreeMap<Role, FixState>, by_patch: bool, place: &str, finding: &mut Finding) {
    let Some(public) = remotes.get(&Role::Canonical) else {
        return finding.blind(format!("{place}: the public side was not looked at"));
    };
    match public.is_there() {
        None => return finding.blind(format!("{place}: public {}", words(public))),
        Some(false) => return finding.bad(format!("{place}: public {}", words(public))),
        Some(true) => {}
    }
    let is_equal_patch = |state: &FixState| matches!(state, FixState::ById(_) | FixState::ByPatch(_));
    match (commit(private), commit(public)) {
        (Some(ours), Some(theirs)) if ours == theirs => {
            finding.good(format!("{place}: both sides have {}", ours.short()));
        }
        (None, _) => finding.blind(format!("{place}: private has it without a commit to compare with")),
        (Some(_), _) if by_patch && is_equal_patch(private) && is_equal_patch(public) => {
            finding.good(format!("{place}: public {}", words(public)));
        }
        // Two adapted commits may be equal to each other although neither is to the fix.
        (Some(_), Some(theirs)) if by_patch && !is_equal_patch(private) => {
            finding.blind(format!("{place}: it was adapted, and public has {} instead", theirs.short()));
        }
        (Some(ours), _) => finding.bad(format!("{place}: private has {}, public {}", ours.short(), words(public))),
    }
}

fn state<'r>(row: &'r FixRow, branch: &str, role: Role) -> Option<&'r FixState> {
    row.branches.get(branch)?.get(&role)
}

/// The remote was looked at, and has no such branch.
fn is_absent(look: &Look, branch: &str, role: Role) -> bool {
    look.report.pairs.iter().filter(|pair| pair.branch == branch).any(|pair| {
        let [a, b] = &pair.tips;
        (pair.a == role && *a == Side::Absent) || (pair.b == role && *b == Side::Absent)
    })
}

fn commit(state: &FixState) -> Option<Oid> {
    match state {
        FixState::ById(oid) | FixState::ByPatch(oid) | FixState::ByTrailer(oid) => Some(*oid),
        _ => None,
    }
}

/// How a fix is on a branch.
fn words(state: &FixState) -> String {
    match state {
        FixState::Reverted(oid) => format!("was taken out again after {}", oid.short()),
        FixState::ById(oid) => format!("is there as {}", oid.short()),
        FixState::ByPatch(oid) => format!("is there with an equal patch, {}", oid.short()),
        FixState::ByTrailer(oid) => format!("is there adapted, {}", oid.short()),
        FixState::ByContent => "is there by its content, in another commit".to_owned(),
        FixState::Unknown(why) => format!("is not known: {why}"),
        FixState::Absent => "is not there".to_owned(),
    }
}
