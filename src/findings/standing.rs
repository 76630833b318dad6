//! How each branch of a component stands, the worst first, and what is said of it in one place of a table.

use std::collections::{BTreeMap, BTreeSet};

use super::words::name;
use super::{Reader, Way, conflict_words, shown, ways};
use crate::divergence::{
    Amiss, Component, Expected, FixRow, FixState, Flag, LeakHow, Leaks, Pair, PairState, Plan, Report, Role, Side,
};

/// How a branch stands, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// What must not be public is on its public side.
    Leak,
    /// A person has to decide what both sides did.
    Conflict,
    /// It is not as planned, and this is what it is.
    Unplanned(&'static str),
    /// It could not be looked at, or not in full.
    Unknown,
    /// It is one of the branches that get the fixes, and lacks one that another of them has: told, for work that is planned.
    Lacking,
    /// The public side is ahead, and the mirror has time yet.
    Lags,
    /// The private side holds what is to go out.
    Waits,
    /// Both sides are level.
    Level,
    /// The public side lacks nothing of the private one, as planned after the sync.
    Done,
}

impl Standing {
    /// The sign before it.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Leak | Self::Conflict => "✗",
            Self::Unplanned(_) => "!",
            Self::Unknown => "?",
            Self::Lacking | Self::Lags | Self::Waits => "◦",
            Self::Level | Self::Done => "✓",
        }
    }

    /// Its word, of ten columns at most.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Leak => "LEAK",
            Self::Conflict => "conflict",
            Self::Unplanned(what) => what,
            Self::Unknown => "unknown",
            Self::Lacking => "lacks fix",
            Self::Lags => "mirror",
            Self::Waits => "waits",
            Self::Level => "equal",
            Self::Done => "done",
        }
    }

    /// Does it need a person? What a report comes to ([`Report::outcome`]) is the rule.
    #[must_use]
    pub fn needs_person(self) -> bool {
        matches!(self, Self::Leak | Self::Conflict | Self::Unplanned(_))
    }
}

/// How each branch of a report stands, by its index there, the worst first.
#[must_use]
pub fn standings(component: &Component, report: &Report) -> Vec<(usize, Standing)> {
    let leaked: BTreeSet<&str> =
        report.leaks.iter().flat_map(Leaks::found).map(|leak| leak.reference.as_str()).collect();
    let amiss: Vec<(BTreeMap<&str, Standing>, bool)> =
        report.fixes.iter().map(|fix| (amiss(fix, report.expected), is_on_some(component, fix))).collect();
    let of = |(index, pair): (usize, &Pair)| (index, standing(pair, report, &leaked, &amiss));
    let mut all: Vec<(usize, Standing)> = report.pairs.iter().enumerate().map(of).collect();
    all.sort_by_key(|(_, standing)| *standing);
    all
}

/// The branches on which a fix is not as planned, the first thing of each.
fn amiss(fix: &FixRow, expected: Expected) -> BTreeMap<&str, Standing> {
    let mut all = BTreeMap::new();
    for one in fix.amiss(expected) {
        let (branch, standing) = match one {
            Amiss::Reverted { branch, .. } => (branch, Standing::Unplanned("reverted")),
            Amiss::NotPublic { branch } => (branch, Standing::Unplanned("not public")),
            Amiss::Nowhere => continue,
        };
        all.entry(branch).or_insert(standing);
    }
    all
}

/// Is the fix on one of the branches that get it? Where a component names none, nobody knows which they are.
fn is_on_some(component: &Component, fix: &FixRow) -> bool {
    let is_there = |state: &FixState| state.is_there() == Some(true);
    let mut private = fix.branches.values().filter_map(|row| row.get(&Role::Security));
    !component.branches.is_empty() && private.any(is_there)
}

fn standing(
    pair: &Pair,
    report: &Report,
    leaked: &BTreeSet<&str>,
    amiss: &[(BTreeMap<&str, Standing>, bool)],
) -> Standing {
    if !leaked.is_empty() && leaked.contains(format!("refs/heads/{}", pair.branch).as_str()) {
        return Standing::Leak;
    }
    if matches!(pair.state, PairState::DivergedConflict(_)) && pair.plan != Plan::AsPlanned {
        return Standing::Conflict;
    }
    if pair.plan == Plan::Unplanned {
        return Standing::Unplanned(unplanned(&pair.state, report.expected));
    }
    let of_fixes = report.fixes.iter().zip(amiss).filter_map(|(fix, (amiss, on_some))| {
        let row = fix.branches.get(&pair.branch)?;
        let of_branch = amiss.get(pair.branch.as_str()).copied();
        let unknown = || row.values().any(|state| state.is_there().is_none()).then_some(Standing::Unknown);
        let lacks = || (*on_some && row.get(&Role::Security) == Some(&FixState::Absent)).then_some(Standing::Lacking);
        of_branch.or_else(unknown).or_else(lacks)
    });
    of_fixes.chain([of_pair(pair, report.expected)]).min().unwrap_or(Standing::Unknown)
}

fn of_pair(pair: &Pair, expected: Expected) -> Standing {
    match (&pair.state, pair.plan) {
        (_, Plan::Unknown) | (PairState::Unknown(_), _) => Standing::Unknown,
        (_, Plan::NeedsPerson) => Standing::Conflict,
        (_, Plan::Unplanned) => Standing::Unplanned(unplanned(&pair.state, expected)),
        (PairState::Equal | PairState::CanonicalAhead, Plan::AsPlanned) if expected == Expected::InSync => {
            Standing::Done
        }
        (PairState::Equal, Plan::AsPlanned) => Standing::Level,
        (PairState::CanonicalAhead | PairState::MissingOnSecurity, Plan::AsPlanned) => Standing::Lags,
        (_, Plan::AsPlanned) => Standing::Waits,
    }
}

/// What is not as planned, in a word or two.
fn unplanned(state: &PairState, expected: Expected) -> &'static str {
    match state {
        PairState::CanonicalAhead | PairState::MissingOnSecurity => "mirror",
        PairState::Unrelated => "unrelated",
        PairState::Equal => "equal",
        _ if expected == Expected::InSync => "not synced",
        _ => "ahead",
    }
}

/// «private +2  public +4», «equal», «not known»: what each side has and the other lacks.
#[must_use]
pub fn counts_words(pair: &Pair) -> String {
    let (a, b) = (name(pair.a), name(pair.b));
    match (&pair.state, pair.counts) {
        (PairState::Unknown(_), _) => "not known".to_owned(),
        (PairState::MissingOnCanonical, _) => format!("only {a}"),
        (PairState::MissingOnSecurity, _) => format!("only {b}"),
        (PairState::Unrelated, _) => "nothing in common".to_owned(),
        (PairState::Equal, _) => "equal".to_owned(),
        (_, Some((0, behind))) => format!("{b} +{behind}"),
        (_, Some((ahead, 0))) => format!("{a} +{ahead}"),
        (_, Some((ahead, behind))) => format!("{a} +{ahead}  {b} +{behind}"),
        (_, None) => super::state_words(pair),
    }
}

/// What would come of the sync: «goes through», «conflict: 2 files», «done».
#[must_use]
pub fn sync_words(pair: &Pair) -> String {
    match &pair.state {
        PairState::Unknown(_) => "not known".to_owned(),
        PairState::DivergedConflict(conflicts) => match conflicts.len() {
            1 => "conflict: 1 file".to_owned(),
            count => format!("conflict: {count} files"),
        },
        PairState::SecurityAhead | PairState::DivergedClean => "goes through".to_owned(),
        PairState::MissingOnCanonical => "makes the branch".to_owned(),
        PairState::Unrelated => "can't be".to_owned(),
        PairState::Equal | PairState::CanonicalAhead | PairState::MissingOnSecurity => "nothing to do".to_owned(),
    }
}

/// What differs on a branch, in a sentence or two.
#[must_use]
pub fn told(pair: &Pair, reader: Reader<'_>) -> String {
    let (a, b) = (name(pair.a), name(pair.b));
    let (ahead, behind) = pair.counts.unwrap_or_default();
    let since = pair.ahead_since.map(|since| format!(" since {}", reader.clock(since))).unwrap_or_default();
    let both = || format!("The {a} branch has {} that {b} lacks, {b} has {behind} that {a} lacks.", commits(ahead));
    let mut told = match &pair.state {
        PairState::Unknown(why) => format!("It could not be looked at: {}.", shown(why).trim_end_matches('.')),
        PairState::MissingOnCanonical => format!("Only {a} has this branch."),
        PairState::MissingOnSecurity => format!("Only {b} has this branch."),
        PairState::Unrelated => format!("The {a} branch and the {b} one have no commit in common."),
        PairState::Equal => match &pair.tips[0] {
            Side::Tip(tip) => format!("Both sides are the same commit, {}.", tip.short()),
            _ => "Both sides are the same commit.".to_owned(),
        },
        PairState::SecurityAhead => format!("The {a} branch has {} that {b} lacks, and lacks nothing.", commits(ahead)),
        PairState::CanonicalAhead => {
            format!("The {b} branch has {} that {a} lacks{since}: the mirror lags.", commits(behind))
        }
        PairState::DivergedConflict(_) => format!("{} They touch the same lines.", both()),
        PairState::DivergedClean => format!("{} They merge by themselves.", both()),
    };
    let notes = [
        (Flag::Equivalent, "Each commit has an equal patch on the other side."),
        (Flag::SameTree, "Both sides hold the same files."),
        (Flag::MultipleBases, "There is more than one best common ancestor."),
        (Flag::Rewritten, "Somebody forced a push since the last look."),
    ];
    for (_, note) in notes.iter().filter(|(flag, _)| pair.flags.contains(flag)) {
        told = format!("{told} {note}");
    }
    if let Some(others) = pair.others.as_ref().filter(|others| !others.is_empty()) {
        told = format!(
            "{told} It also brings {} that belong{} to no fix.",
            commits_of(others.len()),
            if others.len() == 1 { "s" } else { "" }
        );
    }
    told
}

fn commits(count: u32) -> String {
    commits_of(usize::try_from(count).unwrap_or(usize::MAX))
}

fn commits_of(count: usize) -> String {
    if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") }
}

/// Each path that does not merge by itself, and what both did, in words.
#[must_use]
pub fn conflicts(pair: &Pair) -> Vec<(String, &'static str)> {
    let PairState::DivergedConflict(conflicts) = &pair.state else { return Vec::new() };
    conflicts.iter().map(|one| (shown(&one.path), conflict_words(&one.kind))).collect()
}

/// What to do about a branch; none where it is as planned, or nothing but its reason helps.
#[must_use]
pub fn way_of(
    component: &Component,
    report: &Report,
    pair: &Pair,
    standing: Standing,
    case: Option<&str>,
) -> Option<Way> {
    let missed = |wanted: fn(&FixState) -> bool| {
        let missed = |fix: &&FixRow| fix.branches.get(&pair.branch)?.get(&Role::Security).map(wanted);
        report.fixes.iter().find(|fix| missed(fix) == Some(true))
    };
    let gone = || missed(|state| matches!(state, FixState::Reverted(_)));
    match standing {
        Standing::Leak => {
            let reference = format!("refs/heads/{}", pair.branch);
            let leak = report.leaks.as_ref()?.found().iter().find(|leak| leak.reference == reference)?;
            Some(ways::of_leak(component, leak, case))
        }
        Standing::Lacking => {
            Some(ways::of_fix(component, missed(|state| *state == FixState::Absent)?.commit, &pair.branch))
        }
        Standing::Conflict | Standing::Unplanned(_) if pair.plan != Plan::AsPlanned => ways::of_pair(component, pair),
        Standing::Unplanned(_) => Some(ways::of_fix(component, gone()?.commit, &pair.branch)),
        _ => None,
    }
}

/// The sign of a fix on a branch.
#[must_use]
pub fn fix_sign(state: &FixState) -> &'static str {
    match state {
        FixState::ById(_) | FixState::ByPatch(_) | FixState::ByContent => "✓",
        FixState::ByTrailer(_) => "≈",
        FixState::Absent => "–",
        FixState::Reverted(_) => "↺",
        FixState::Unknown(_) => "?",
    }
}

/// The signs with what they mean.
pub const FIX_SIGNS: [(&str, &str); 5] =
    [("✓", "there"), ("≈", "there, adapted"), ("–", "missing"), ("↺", "reverted"), ("?", "could not look")];

/// How a fix was recognised on a branch, or why it is not known.
#[must_use]
pub fn fix_told(state: &FixState) -> String {
    match state {
        FixState::ById(_) => "there, the very commit".to_owned(),
        FixState::ByPatch(oid) => format!("there, as {} with the same patch", oid.short()),
        FixState::ByTrailer(oid) => format!("there, adapted, as {}", oid.short()),
        FixState::ByContent => "there, by its content".to_owned(),
        FixState::Absent => "missing".to_owned(),
        FixState::Reverted(oid) => format!("reverted: it landed as {} and is gone from the tip", oid.short()),
        FixState::Unknown(why) => format!("could not look: {}", shown(why)),
    }
}

/// By what a leak was recognised.
#[must_use]
pub fn leak_how(how: LeakHow) -> &'static str {
    match how {
        LeakHow::Id => "by its id",
        LeakHow::Patch => "by its patch",
        LeakHow::Content => "by its content",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(branch: &str, state: PairState, counts: Option<(u32, u32)>, expected: Expected) -> Pair {
        let plan = Plan::of(&state, expected, None, crate::divergence::MIRROR_LAG);
        let tips = [Side::Absent, Side::Absent];
        let (a, b) = (Role::Security, Role::Canonical);
        let (flags, branch) = (BTreeSet::new(), branch.to_owned());
        Pair { branch, a, b, tips, counts, equal_patches: None, state, flags, others: None, ahead_since: None, plan }
    }

    fn component(branches: &[&str]) -> Component {
        Component {
            name: "gateway".into(),
            urls: [].into(),
            clone: None,
            branches: branches.iter().map(|one| (*one).to_owned()).collect(),
            tags: Vec::new(),
            pin: None,
            fixes: Vec::new(),
            memory: String::new(),
            has_fixes_elsewhere: false,
            is_embargoed: true,
            expected: Expected::PrivateAhead,
            may_lag: crate::divergence::MIRROR_LAG,
        }
    }

    #[test]
    fn the_worst_branch_comes_first_and_what_is_unknown_is_never_as_planned() {
        let ahead = Expected::PrivateAhead;
        let report = Report {
            expected: ahead,
            pairs: vec![
                pair("main", PairState::Equal, Some((0, 0)), ahead),
                pair("v1", PairState::SecurityAhead, Some((2, 0)), ahead),
                pair("v2", PairState::Unknown("no answer".into()), None, ahead),
                pair("v3", PairState::DivergedConflict(Vec::new()), Some((2, 4)), ahead),
                pair("v4", PairState::CanonicalAhead, Some((0, 1)), ahead),
            ],
            ..Report::blank("gateway")
        };
        let words = |report: &Report| {
            let standings = standings(&component(&["*"]), report);
            standings.iter().map(|(at, one)| format!("{} {}", report.pairs[*at].branch, one.word())).collect::<Vec<_>>()
        };
        assert_eq!(words(&report), ["v3 conflict", "v4 mirror", "v2 unknown", "v1 waits", "main equal"]);
        let unknown = FixState::Unknown("no answer".into());
        let fix = |on_main: FixState| FixRow {
            commit: "a".repeat(40).parse().unwrap(),
            subject: None,
            embargoed: true,
            branches: [("v1", FixState::ByContent), ("main", on_main)]
                .map(|(branch, state)| (branch.to_owned(), [(Role::Security, state)].into()))
                .into(),
        };
        let with = |state: FixState| Report { fixes: vec![fix(state)], ..report.clone() };
        assert!(words(&with(unknown)).contains(&"main unknown".to_owned()));
        assert!(words(&with(FixState::Absent)).contains(&"main lacks fix".to_owned()));
        assert!(!Standing::Lacking.needs_person(), "it is told, and is no work that nobody planned");
        let all = standings(&component(&[]), &with(FixState::Absent));
        assert!(!all.iter().any(|(_, one)| *one == Standing::Lacking), "nobody said which branches get the fix");
    }

    #[test]
    fn what_differs_is_one_plain_sentence() {
        let reader = Reader { now: jiff::Timestamp::UNIX_EPOCH, case: None };
        let both = pair("v3", PairState::DivergedConflict(Vec::new()), Some((2, 4)), Expected::PrivateAhead);
        let told_both = told(&both, reader);
        assert_eq!(
            told_both,
            "The private branch has 2 commits that public lacks, public has 4 that private lacks. They touch the same lines."
        );
        assert_eq!(counts_words(&both), "private +2  public +4");
        let unknown = pair("v2", PairState::Unknown("no answer for 30 s".into()), None, Expected::PrivateAhead);
        assert_eq!(told(&unknown, reader), "It could not be looked at: no answer for 30 s.");
        assert_eq!((counts_words(&unknown).as_str(), sync_words(&unknown).as_str()), ("not known", "not known"));
    }
}
