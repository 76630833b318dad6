//! The checks that look at repositories, answered from the last looks at the components of a case.
//!
//! A pass needs a look that is fresh, whole and of the settings of now, at every component. What was found against it
//! counts however old it is. Nothing here is ever taken for granted: what was not looked at is unknown.

use jiff::{SignedDuration, Timestamp};

use super::Sight;
use super::finding::Finding;
use super::{fixes, tags};
use crate::case::{Case, components_expecting, fixes_nowhere, is_embargoed};
use crate::divergence::{Component, Expected, Flag, Leaks, Look, Pair, PairState, Plan, Role, Tracking, matches};
use crate::playbook::{Check, CheckKind, Verdict};
use crate::schedule::stamp;

#[cfg(test)]
mod tests;

/// How old a look may be for a pass.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Does a check look at repositories?
#[must_use]
pub fn asks_repositories(check: &Check) -> bool {
    matches!(
        check.kind,
        CheckKind::FixOnBranches
            | CheckKind::SameCommits
            | CheckKind::OnlyFix
            | CheckKind::NoLeak
            | CheckKind::InSync
            | CheckKind::TagPresent
            | CheckKind::VersionPin
            | CheckKind::TrackingSafe
    )
}

/// What the last looks say to a check.
pub(super) fn verdict(check: &Check, case: &Case, sight: Sight<'_>) -> Verdict {
    // Whatever is public from RELEASING on was meant to be.
    if check.kind == CheckKind::NoLeak && is_out(case) {
        let state = case.record().state.shown();
        return Verdict::Pass(format!("the case is {state}: what its steps expose is no leak"));
    }
    let questions = components_expecting(case, Expected::Equal);
    if questions.is_empty() {
        let id = &case.record().id;
        return Verdict::Unknown(format!(
            "repositories are not looked at as long as no component names them: «fixlead case \
             component {id} NAME --canonical URL --security URL»"
        ));
    }
    let (looks, mut finding) = answers(&questions, case, sight);
    if needs_fix(check.kind) {
        finding.merge(without_fix(&questions, case));
    }
    finding.merge(found(check, &looks));
    let oldest = looks.iter().filter_map(|look| look.at()).min();
    let when = oldest.map(|at| format!(", looked at {}", utc(at, sight.now))).unwrap_or_default();
    finding.verdict(&when)
}

fn is_out(case: &Case) -> bool {
    !is_embargoed(case.record()) && case.record().state != crate::case::record::State::Closed
}

fn utc(at: Timestamp, now: Timestamp) -> String {
    stamp(at, now, &jiff::tz::TimeZone::UTC, "UTC")
}

/// The look at each component, and what keeps one from being good enough for a pass.
fn answers<'s>(questions: &[Component], case: &Case, sight: Sight<'s>) -> (Vec<&'s Look>, Finding) {
    let mut finding = Finding::default();
    let again = format!("look with «fixlead divergence --case {} --fetch»", case.record().id);
    let mut looks = Vec::new();
    for question in questions {
        let name = &question.name;
        match sight.looks.iter().find(|look| look.asked.name == *name) {
            None => finding.blind(format!("{name} was not looked at yet: {again}")),
            Some(look) if !look.answers(question) => {
                finding.blind(format!("{name} was looked at with other settings than those of now: {again}"));
            }
            Some(look) => {
                if let Some(why) = why_not_good(look, sight.now) {
                    finding.blind(format!("{name}: {why}: {again}"));
                }
                looks.push(look);
            }
        }
    }
    (looks, finding)
}

/// Why a look is not good enough for a pass.
fn why_not_good(look: &Look, now: Timestamp) -> Option<String> {
    if let Some(error) = look.report.errors.first() {
        return Some(format!("not everything could be looked at ({error})"));
    }
    if look.at().is_none() {
        return Some("not every remote was looked at".to_owned());
    }
    // An instant that has not come says nothing either.
    let mut instants = look.report.looked_at.iter().map(|seen| seen.at);
    let far = instants.find(|at| now.duration_since(*at).abs() > FRESH)?;
    Some(format!("a remote was last looked at {}, which is not just now", utc(far, now)))
}

/// When the first of the looks turns too old for a pass; none if none will.
pub(super) fn fresh_until(sight: Sight<'_>) -> Option<Timestamp> {
    let ends = sight.looks.iter().filter_map(|look| look.at()?.checked_add(FRESH).ok());
    let second = SignedDuration::from_secs(1);
    ends.filter_map(|end| end.checked_add(second).ok()).filter(|end| *end > sight.now).min()
}

fn needs_fix(kind: CheckKind) -> bool {
    !matches!(kind, CheckKind::InSync | CheckKind::TrackingSafe)
}

/// A search for nothing finds nothing: without a fix there is no answer.
fn without_fix(questions: &[Component], case: &Case) -> Finding {
    let mut finding = Finding::default();
    let id = &case.record().id;
    for fix in fixes_nowhere(case) {
        finding.blind(format!(
            "the fix {fix} belongs to no component with repositories: «fixlead case fix {id} COMMIT --component NAME»"
        ));
    }
    if questions.iter().all(|question| question.fixes.is_empty()) {
        finding.blind(format!("no commit of a fix is known: «fixlead case fix {id} COMMIT» names one"));
    }
    finding
}

fn found(check: &Check, looks: &[&Look]) -> Finding {
    let role = |usual: Role| match check.remote.as_deref() {
        None => Ok(usual),
        Some(word) => Role::of(word).ok_or_else(|| format!("the playbook asks for {word}, which is no remote")),
    };
    let each = |look_at: &dyn Fn(&Look) -> Finding| looks.iter().map(|look| look_at(look)).collect();
    let on = |usual: Role, look_at: &dyn Fn(Role) -> Finding| match role(usual) {
        Ok(role) => look_at(role),
        Err(why) => Finding::only_blind(why),
    };
    match check.kind {
        CheckKind::FixOnBranches => on(Role::Security, &|role| each(&|look| fixes::on_branches(look, role))),
        CheckKind::SameCommits => each(&|look| fixes::same_commits(look, check.by.as_deref() == Some("patch"))),
        CheckKind::OnlyFix => each(&only_fix),
        CheckKind::NoLeak => each(&no_leak),
        CheckKind::InSync => match check.expects.as_deref().map(Expected::of) {
            None => each(&|look| in_sync(look, Expected::InSync)),
            Some(Some(expected)) => each(&|look| in_sync(look, expected)),
            Some(None) => Finding::only_blind("the playbook expects a divergence that is not known".to_owned()),
        },
        CheckKind::TagPresent => on(Role::Security, &|role| each(&|look| tags::present(look, role))),
        CheckKind::VersionPin => on(Role::Canonical, &|role| tags::pinned(check, looks, role)),
        CheckKind::TrackingSafe => each(&tracking_safe),
        _ => Finding::only_blind("this check looks at no repository".to_owned()),
    }
}

/// Each branch of the private side against the public one, and what keeps a wanted one from being told.
fn pairs<'l>(look: &'l Look, finding: &mut Finding) -> Vec<&'l Pair> {
    let (asked, report) = (&look.asked, &look.report);
    let ours = |pair: &&Pair| (pair.a, pair.b) == (Role::Security, Role::Canonical);
    let pairs: Vec<&Pair> = report.pairs.iter().filter(ours).collect();
    for pattern in &asked.branches {
        if !pairs.iter().any(|pair| matches(pattern, &pair.branch)) {
            finding.blind(format!("{}: the branch {pattern} was not seen", asked.name));
        }
    }
    if pairs.is_empty() && asked.branches.is_empty() {
        finding.blind(format!("{}: no branch was compared", asked.name));
    }
    pairs
}

/// Public lacks nothing of private, or the divergence is the one that is planned.
fn in_sync(look: &Look, expected: Expected) -> Finding {
    let mut finding = Finding::default();
    for pair in pairs(look, &mut finding) {
        let words = format!("{} {}: {}", look.asked.name, pair.branch, state_words(pair));
        let has = |flag| pair.flags.contains(&flag);
        let holds = match (&pair.state, expected) {
            (PairState::Unknown(_), _) => None,
            (PairState::Equal, Expected::Equal | Expected::InSync)
            | (PairState::CanonicalAhead | PairState::MissingOnSecurity, Expected::InSync)
            | (
                PairState::SecurityAhead | PairState::DivergedClean | PairState::DivergedConflict(_),
                Expected::PrivateAhead,
            ) => Some(true),
            // Other commits with the same patches, or the same files: nothing is missing.
            (_, Expected::InSync) => Some(has(Flag::Equivalent) || has(Flag::SameTree)),
            (PairState::CanonicalAhead, Expected::Equal) => Some(pair.plan == Plan::AsPlanned),
            _ => Some(false),
        };
        finding.add(holds, words);
    }
    finding
}

/// How the two sides of a branch relate, in words.
fn state_words(pair: &Pair) -> String {
    let count = |which: fn((u32, u32)) -> u32| pair.counts.map(|counts| format!(" by {}", which(counts)));
    match &pair.state {
        PairState::Unknown(why) => format!("could not be compared ({why})"),
        PairState::MissingOnCanonical => "is on the private side only".to_owned(),
        PairState::MissingOnSecurity => "is on the public side only".to_owned(),
        PairState::Unrelated => "the two have no commit in common".to_owned(),
        PairState::Equal => "both sides are the same".to_owned(),
        PairState::SecurityAhead => format!("private is ahead{}", count(|both| both.0).unwrap_or_default()),
        PairState::CanonicalAhead => format!("public is ahead{}", count(|both| both.1).unwrap_or_default()),
        PairState::DivergedClean => "both have commits of their own, which merge".to_owned(),
        PairState::DivergedConflict(paths) => {
            let first = paths.first().map(|conflict| format!(", first {}", conflict.path)).unwrap_or_default();
            format!("both have commits of their own, which conflict{first}")
        }
    }
}

/// What the private side brings is the fixes and nothing else.
fn only_fix(look: &Look) -> Finding {
    let mut finding = Finding::default();
    let name = &look.asked.name;
    for pair in pairs(look, &mut finding) {
        let branch = &pair.branch;
        // Where the private side has no such branch it brings nothing, unless just this branch is asked for.
        if pair.state == PairState::MissingOnSecurity {
            if look.asked.branches.contains(branch) {
                finding.blind(format!("{name}: the private side has no branch {branch} to look at, push it there too"));
            }
            continue;
        }
        match pair.others.as_deref() {
            None => finding.blind(format!("{name} {branch}: what the private side brings could not be looked at")),
            Some([]) => finding.good(format!("{name} {branch}: private brings nothing but fixes")),
            Some([first, rest @ ..]) => {
                let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
                finding.bad(format!("{name} {branch}: private brings {}{more}, of no known fix", first.short()));
            }
        }
    }
    finding.merge(fixes::on_some_branch(look));
    finding
}

/// No public ref holds what is private.
fn no_leak(look: &Look) -> Finding {
    let mut finding = Finding::default();
    let name = &look.asked.name;
    if !look.asked.urls.contains_key(&Role::Canonical) {
        finding.blind(format!("{name}: no public repository is known"));
    }
    match &look.report.leaks {
        None => finding.blind(format!("{name}: it was not looked for leaks")),
        Some(leaks) => {
            for leak in leaks.found() {
                let (fix, how, commit) = (leak.fix.short(), leak.how.word(), leak.commit.short());
                finding.bad(format!("{name}: the fix {fix} is on canonical {} ({how}, {commit})", leak.reference));
            }
            match leaks {
                Leaks::Unknown { why, .. } => finding.blind(format!("{name}: {why}")),
                Leaks::Looked { refs, found } if found.is_empty() => {
                    finding.good(format!("{name}: {refs} public refs looked at, no fix is on any"));
                }
                Leaks::Looked { .. } => {}
            }
        }
    }
    finding
}

/// No branch of the person's clone could go where everybody reads it.
fn tracking_safe(look: &Look) -> Finding {
    let name = &look.asked.name;
    let mut finding = Finding::default();
    match &look.report.tracking {
        Tracking::NoClone => {
            finding.blind(format!(
                "{name}: no clone on this machine is known, «fixlead case component {} {name} --clone PATH» names it",
                look.asked.memory
            ));
        }
        Tracking::Unknown(why) => finding.blind(format!("{name}: {why}")),
        Tracking::Looked(rows) => {
            let unsafe_rows = rows.iter().filter_map(|row| Some((row, row.why_not.as_ref()?)));
            for (row, why) in unsafe_rows {
                finding.bad(format!("{name}: the branch {} would go to {}: {why}", row.branch, row.url));
            }
            let branches = rows.iter().map(|row| &row.branch).collect::<std::collections::BTreeSet<_>>().len();
            finding
                .good(format!("{name}: {branches} branches of the clone hold what is private, and none goes public"));
        }
    }
    finding
}
