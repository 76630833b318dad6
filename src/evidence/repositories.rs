//! The checks that look at repositories, answered from the last looks at the components of a case.
//!
//! A pass needs a look that is fresh, whole and of the settings of now, at every component. What was found against it
//! counts however old it is. Nothing here is ever taken for granted: what was not looked at is unknown.

use jiff::{SignedDuration, Timestamp};

use super::Sight;
use super::finding::Finding;
use super::{fixes, tags};
use crate::case::{Case, Part, components_expecting, fixes_nowhere, is_embargoed};
use crate::divergence::{Component, Expected, Flag, Leaks, Look, Pair, PairState, Plan, Role, Tracking, matches};
use crate::playbook::{Check, CheckKind, Verdict};
use crate::schedule::stamp;

#[cfg(test)]
mod tests;

/// What of a step a check is to look at.
#[derive(Clone, Copy)]
pub(super) enum Scope<'p> {
    /// Everything.
    All,
    /// One item.
    Only(Part<'p>),
    /// Everything but what was set aside.
    Without(&'p [Part<'p>]),
}

impl<'p> Scope<'p> {
    /// What the check can be narrowed to: a version pin may name the tag of any component, so that one looks at all of them.
    fn for_check(self, kind: CheckKind) -> Self {
        match self {
            _ if kind == CheckKind::VersionPin => Self::All,
            // A leak, a tag and a clone are of no branch: there is no less to look at than the component.
            Self::Only(Part::Branch(component, _)) if !looks_at_branches(kind) => {
                Self::Only(Part::Component(component))
            }
            Self::Without([Part::Branch(..), ..]) if !looks_at_branches(kind) => Self::All,
            other => other,
        }
    }

    /// Which branches of a component are looked at: none if nothing of it is, and within that none if they are not
    /// narrowed down.
    #[allow(clippy::option_option, reason = "nothing of it, and all of it, are two things")]
    fn branches_of(self, question: &'p Component) -> Option<Option<Vec<&'p str>>> {
        match self {
            Self::All => Some(None),
            Self::Only(Part::Component(name)) => (question.name == name).then_some(None),
            Self::Only(Part::Branch(name, branch)) => (question.name == name).then(|| Some(vec![branch])),
            Self::Without(parts) if parts.contains(&Part::Component(&question.name)) => None,
            Self::Without(parts) => {
                let is_in = |branch: &&str| !parts.contains(&Part::Branch(&question.name, branch));
                let left: Vec<&str> = question.branches.iter().map(String::as_str).filter(is_in).collect();
                match left.len() {
                    all if all == question.branches.len() => Some(None),
                    0 => None,
                    _ => Some(Some(left)),
                }
            }
        }
    }
}

fn looks_at_branches(kind: CheckKind) -> bool {
    matches!(kind, CheckKind::FixOnBranches | CheckKind::SameCommits | CheckKind::OnlyFix | CheckKind::InSync)
}

/// A look, narrowed down to some branches.
pub(super) struct Narrow<'l> {
    pub(super) look: &'l Look,
    /// Their names or patterns; none for all that were looked at.
    branches: Option<Vec<&'l str>>,
}

impl<'l> Narrow<'l> {
    /// The branches, or patterns of branches, that are asked for.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &'l str> {
        let all = self.look.asked.branches.iter().map(String::as_str).filter(|_| self.branches.is_none());
        all.chain(self.branches.iter().flatten().copied())
    }

    /// Is a branch that was seen one of them?
    pub(super) fn has_branch(&self, name: &str) -> bool {
        self.branches.as_ref().is_none_or(|patterns| patterns.iter().any(|pattern| matches(pattern, name)))
    }
}

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

/// The last looks at the components of a case, held against what it asks now.
pub(super) struct Repositories<'s> {
    pub(super) case: &'s Case,
    pub(super) sight: Sight<'s>,
    questions: Vec<Component>,
}

impl<'s> Repositories<'s> {
    pub(super) fn new(case: &'s Case, sight: Sight<'s>) -> Self {
        Self { case, sight, questions: components_expecting(case, Expected::Equal) }
    }

    /// What they say to a check.
    pub(super) fn verdict(&self, check: &Check, scope: Scope<'_>) -> Verdict {
        // Whatever is public from RELEASING on was meant to be.
        if check.kind == CheckKind::NoLeak && is_out(self.case) {
            let state = self.case.record().state.shown();
            return Verdict::Pass(format!("the case is {state}: what its steps expose is no leak"));
        }
        let id = &self.case.record().id;
        if self.questions.is_empty() {
            return Verdict::Unknown(format!(
                "repositories are not looked at as long as no component names them: «fixlead case \
                 component {id} NAME --canonical URL --security URL»"
            ));
        }
        let scope = scope.for_check(check.kind);
        let (looks, mut finding) = self.answers(scope);
        if let Scope::Only(Part::Component(name) | Part::Branch(name, _)) = scope
            && !self.questions.iter().any(|question| question.name == name)
        {
            finding.blind(format!(
                "{name} names no repository: «fixlead case component {id} {name} --canonical URL --security URL»"
            ));
        }
        if needs_fix(check.kind) {
            finding.merge(without_fix(&self.questions, self.case));
        }
        finding.merge(found(check, &looks));
        let oldest = looks.iter().filter_map(|narrow| narrow.look.at()).min();
        let when = oldest.map(|at| format!(", looked at {}", utc(at, self.sight.now))).unwrap_or_default();
        finding.verdict(&when)
    }

    /// The look at each component, and what keeps one from being good enough for a pass.
    fn answers<'q>(&'q self, scope: Scope<'q>) -> (Vec<Narrow<'q>>, Finding) {
        let mut finding = Finding::default();
        let again = format!("look with «fixlead divergence --case {} --fetch»", self.case.record().id);
        let mut looks = Vec::new();
        for question in &self.questions {
            let name = &question.name;
            let Some(branches) = scope.branches_of(question) else { continue };
            match self.sight.looks.iter().find(|look| look.asked.name == *name) {
                None => finding.blind(format!("{name} was not looked at yet: {again}")),
                Some(look) if !look.answers(question) => {
                    finding.blind(format!("{name} was looked at with other settings than those of now: {again}"));
                }
                Some(look) => {
                    if let Some(why) = why_not_good(look, self.sight.now) {
                        finding.blind(format!("{name}: {why}: {again}"));
                    }
                    looks.push(Narrow { look, branches });
                }
            }
        }
        (looks, finding)
    }
}

fn is_out(case: &Case) -> bool {
    !is_embargoed(case.record()) && case.record().state != crate::case::record::State::Closed
}

fn utc(at: Timestamp, now: Timestamp) -> String {
    stamp(at, now, &jiff::tz::TimeZone::UTC, "UTC")
}

/// Why a look is not good enough for a pass.
pub(super) fn why_not_good(look: &Look, now: Timestamp) -> Option<String> {
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

fn found(check: &Check, looks: &[Narrow<'_>]) -> Finding {
    let role = |usual: Role| match check.remote.as_deref() {
        None => Ok(usual),
        Some(word) => Role::of(word).ok_or_else(|| format!("the playbook asks for {word}, which is no remote")),
    };
    let whole: Vec<&Look> = looks.iter().map(|narrow| narrow.look).collect();
    let branches = |look_at: &dyn Fn(&Narrow<'_>) -> Finding| looks.iter().map(look_at).collect();
    let each = |look_at: &dyn Fn(&Look) -> Finding| whole.iter().map(|look| look_at(look)).collect();
    let on = |usual: Role, look_at: &dyn Fn(Role) -> Finding| match role(usual) {
        Ok(role) => look_at(role),
        Err(why) => Finding::only_blind(why),
    };
    match check.kind {
        CheckKind::FixOnBranches => on(Role::Security, &|role| branches(&|look| fixes::on_branches(look, role))),
        CheckKind::SameCommits => branches(&|look| fixes::same_commits(look, check.by.as_deref() == Some("patch"))),
        CheckKind::OnlyFix => branches(&only_fix),
        CheckKind::NoLeak => each(&no_leak),
        CheckKind::InSync => match check.expects.as_deref().map(Expected::of) {
            None => branches(&|look| in_sync(look, Expected::InSync)),
            Some(Some(expected)) => branches(&|look| in_sync(look, expected)),
            Some(None) => Finding::only_blind("the playbook expects a divergence that is not known".to_owned()),
        },
        CheckKind::TagPresent => on(Role::Security, &|role| each(&|look| tags::present(look, role))),
        CheckKind::VersionPin => on(Role::Canonical, &|role| tags::pinned(check, &whole, role)),
        CheckKind::TrackingSafe => each(&tracking_safe),
        _ => Finding::only_blind("this check looks at no repository".to_owned()),
    }
}

/// Each branch of the private side against the public one, and what keeps a wanted one from being told.
fn pairs<'l>(narrow: &Narrow<'l>, finding: &mut Finding) -> Vec<&'l Pair> {
    let (asked, report) = (&narrow.look.asked, &narrow.look.report);
    let ours = |pair: &&Pair| (pair.a, pair.b) == (Role::Security, Role::Canonical) && narrow.has_branch(&pair.branch);
    let pairs: Vec<&Pair> = report.pairs.iter().filter(ours).collect();
    for pattern in narrow.wanted() {
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
fn in_sync(narrow: &Narrow<'_>, expected: Expected) -> Finding {
    let mut finding = Finding::default();
    for pair in pairs(narrow, &mut finding) {
        let words = format!("{} {}: {}", narrow.look.asked.name, pair.branch, state_words(pair));
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
fn only_fix(narrow: &Narrow<'_>) -> Finding {
    let mut finding = Finding::default();
    let name = &narrow.look.asked.name;
    for pair in pairs(narrow, &mut finding) {
        let branch = &pair.branch;
        // Where the private side has no such branch it brings nothing, unless just this branch is asked for.
        if pair.state == PairState::MissingOnSecurity {
            if narrow.wanted().any(|wanted| wanted == branch) {
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
    finding.merge(fixes::on_some_branch(narrow));
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
