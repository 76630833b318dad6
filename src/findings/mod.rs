//! What of a report needs a person, in words: the worst first, what is alike together.

pub mod ways;
mod well;
mod words;

pub use ways::Way;
pub use well::well;
pub use words::{Reader, fix_words, name, outcome_words, state_words, without_secrets};

use std::collections::BTreeMap;

use crate::divergence::{
    Amiss, Component, Expected, FixRow, FixState, Flag, Leak, LeakHow, Leaks, Oid, Pair, PairState, PinAt, PinRow,
    PinState, Plan, Report, Role, TagRow, TagState, TrackRow, Tracking,
};
use crate::playbook::Span;
use crate::text::displayable;

/// How bad something is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something is public that must not be.
    Leak,
    /// It could not be looked at.
    Unknown,
    /// It is not as planned.
    Unplanned,
    /// It is as planned, and a person has to decide something.
    NeedsPerson,
    /// It is good to know.
    Told,
}

impl Weight {
    /// The sign before it.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Leak | Self::Unplanned => "✗",
            Self::Unknown => "?",
            Self::NeedsPerson => "!",
            Self::Told => "◦",
        }
    }
}

/// One thing that was found. Its texts can be shown as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub weight: Weight,
    /// What it is about, in a word or two.
    pub about: &'static str,
    /// What was found.
    pub words: String,
    /// The evidence, one line each.
    pub details: Vec<String>,
    /// What to do next.
    pub way: Option<Way>,
}

impl Finding {
    fn new(weight: Weight, about: &'static str, words: String) -> Self {
        Self { weight, about, words, details: Vec::new(), way: None }
    }

    /// As a thing is planned: it is told anyway.
    fn planned(plan: Plan, about: &'static str, words: String) -> Self {
        let weight = match plan {
            Plan::AsPlanned => Weight::Told,
            Plan::NeedsPerson => Weight::NeedsPerson,
            Plan::Unplanned => Weight::Unplanned,
            Plan::Unknown => Weight::Unknown,
        };
        Self::new(weight, about, words)
    }

    fn unknown(words: String) -> Self {
        Self::new(Weight::Unknown, "unknown", words)
    }
}

/// Everything that is to be told beside what is as planned.
#[must_use]
pub fn findings(component: &Component, report: &Report, reader: Reader<'_>) -> Vec<Finding> {
    let mut all = leaks(component, report, reader.case);
    all.extend(report.errors.iter().map(|error| Finding::unknown(shown(error))));
    all.extend(pairs(component, report, reader));
    all.extend(fixes(component, report));
    all.extend(report.tags.iter().filter_map(|row| tag(component, report.plan_of_tag(row), row)));
    all.extend(report.pins.iter().filter_map(|row| pin(report.plan_of_pin(row), row)));
    all.extend(tracking(component, report));
    all.sort_by_key(|finding| finding.weight);
    all
}

fn leaks(component: &Component, report: &Report, case: Option<&str>) -> Vec<Finding> {
    let found = report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
    let mut by_fix: BTreeMap<Oid, Vec<&Leak>> = BTreeMap::new();
    for leak in found {
        by_fix.entry(leak.fix).or_default().push(leak);
    }
    let finding = |(fix, leaks): (&Oid, &Vec<&Leak>)| {
        let fix_row = report.fixes.iter().find(|row| row.commit == *fix);
        let subject = fix_row.and_then(|row| row.subject.as_deref());
        let subject = subject.map(|subject| format!(" «{}»", shown(subject))).unwrap_or_default();
        // What was private at a look before is no fix that anybody named.
        let was = if fix_row.is_some() { "" } else { ", which was private at a look before," };
        let detail = |leak: &&Leak| format!("{} {}, in {}", shown(&leak.reference), how(leak.how), leak.commit.short());
        Finding {
            details: leaks.iter().map(detail).collect(),
            way: leaks.first().map(|leak| ways::of_leak(component, leak, case)),
            ..Finding::new(Weight::Leak, "leak", format!("{}{subject}{was} is public", fix.short()))
        }
    };
    let unknown = match &report.leaks {
        Some(Leaks::Unknown { why, .. }) => {
            let more = match (found, component.names_secrets()) {
                ([_, ..], _) => "more",
                (_, true) => "a fix",
                (_, false) => "anything private",
            };
            Some(Finding::unknown(format!("could not look whether {more} is public: {}", shown(why))))
        }
        _ => None,
    };
    by_fix.iter().map(finding).chain(unknown).collect()
}

fn how(how: LeakHow) -> &'static str {
    match how {
        LeakHow::Id => "by its id",
        LeakHow::Patch => "by its patch",
        LeakHow::Content => "by its content",
    }
}

/// Branches in the same state are one finding, but those with conflicts, each of which has its own paths.
fn pairs(component: &Component, report: &Report, reader: Reader<'_>) -> Vec<Finding> {
    let pairs = &report.pairs;
    let mut groups: Vec<(String, Vec<&Pair>)> = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.plan != Plan::AsPlanned || may_lag(pair, report)) {
        let key = match &pair.state {
            PairState::Unknown(why) => format!("unknown {why}"),
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
    if let PairState::Unknown(why) = &first.state {
        return Some(Finding::unknown(format!("could not look at {branches}: {}", shown(why))));
    }
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

/// What is not as planned, and what could not be looked at. The rest stands in the table of the fixes.
fn fixes(component: &Component, report: &Report) -> Vec<Finding> {
    let of = |fix: &FixRow| {
        let mut findings = amiss(component, fix, report.expected);
        findings.extend(unseen(fix));
        findings
    };
    report.fixes.iter().flat_map(of).collect()
}

fn amiss(component: &Component, fix: &FixRow, expected: Expected) -> Vec<Finding> {
    let id = fix.commit.short();
    let (mut findings, mut not_public) = (Vec::new(), Vec::new());
    for amiss in fix.amiss(expected) {
        match amiss {
            Amiss::Reverted { branch, remote, landed } => {
                let (on, landed) = (format!("{} of {}", shown(branch), name(remote)), landed.short());
                let words = format!("{id} landed on {on} as {landed}, and is gone from its tip");
                let way = (remote == Role::Security).then(|| ways::of_fix(component, fix.commit, branch));
                findings.push(Finding { way, ..Finding::new(Weight::Unplanned, "reverted", words) });
            }
            Amiss::NotPublic { branch } => not_public.push(shown(branch)),
            Amiss::Nowhere => {
                let private = if expected == Expected::PrivateAhead { "private " } else { "" };
                let words = format!("{id} is on none of the {private}branches that were compared");
                findings.push(Finding::new(Weight::Unplanned, "fix", words));
            }
        }
    }
    if !not_public.is_empty() {
        let words = format!("{id} is private and not public on {}", not_public.join(", "));
        findings.push(Finding::new(Weight::Unplanned, "fix", words));
    }
    findings
}

fn unseen(fix: &FixRow) -> Vec<Finding> {
    let mut unseen: BTreeMap<(Role, &str), Vec<String>> = BTreeMap::new();
    for (branch, states) in &fix.branches {
        for (role, state) in states {
            if let FixState::Unknown(why) = state {
                unseen.entry((*role, why)).or_default().push(shown(branch));
            }
        }
    }
    let finding = |((role, why), branches): ((Role, &str), Vec<String>)| {
        let (fix, branches) = (fix.commit.short(), branches.join(", "));
        Finding::unknown(format!("could not look for {fix} on {branches} of {}: {}", name(role), shown(why)))
    };
    unseen.into_iter().map(finding).collect()
}

fn tag(component: &Component, plan: Plan, tag: &TagRow) -> Option<Finding> {
    let tag_name = shown(&tag.name);
    let lacks = |role: Role| Finding {
        way: (plan != Plan::AsPlanned).then(|| ways::of_tag(component, tag)),
        ..Finding::planned(plan, "tag", format!("{tag_name} is not on {}", name(role)))
    };
    Some(match &tag.state {
        TagState::Same | TagState::SameCommit => return None,
        TagState::MissingOnCanonical => lacks(Role::Canonical),
        TagState::MissingOnSecurity => lacks(Role::Security),
        TagState::Unknown(why) => Finding::unknown(format!("could not look at the tag {tag_name}: {}", shown(why))),
        TagState::Differs => {
            let at = tag.remotes.iter().filter_map(|(role, at)| Some((*role, at.as_ref()?)));
            let detail = at.map(|(role, at)| format!("{} {}", name(role), at.commit.unwrap_or(at.object)));
            let words = "make a new tag: whoever has this one keeps it".to_owned();
            Finding {
                details: detail.collect(),
                way: Some(Way { words, exposes: false, commands: Vec::new() }),
                ..Finding::planned(plan, "tag", format!("{tag_name} is another commit on each side"))
            }
        }
    })
}

fn pin(plan: Plan, pin: &PinRow) -> Option<Finding> {
    let on = format!("the version pin on {}", shown(&pin.branch));
    let words = match &pin.state {
        PinState::Same => return None,
        PinState::Unknown(why) => return Some(Finding::unknown(format!("could not look at {on}: {}", shown(why)))),
        PinState::Differs => format!("{on} differs"),
        PinState::FileMissing | PinState::BranchMissing if !pin.is_anywhere() => format!("{on} is on no side"),
        PinState::FileMissing => format!("{on} is missing on a side"),
        PinState::BranchMissing => format!("{on} is on one side only"),
    };
    let at = |at: &PinAt| match at {
        PinAt::Text(text) => format!("«{}»", shown(text.trim())),
        PinAt::FileMissing => "no such file".to_owned(),
        PinAt::BranchMissing => "no such branch".to_owned(),
        PinAt::Unknown(_) => "could not look".to_owned(),
    };
    let detail = pin.remotes.iter().map(|(role, text)| format!("{} {}", name(*role), at(text))).collect::<Vec<_>>();
    Some(Finding { details: vec![detail.join(", ")], ..Finding::planned(plan, "pin", words) })
}

fn tracking(component: &Component, report: &Report) -> Vec<Finding> {
    let rows = match &report.tracking {
        Tracking::NoClone => return Vec::new(),
        Tracking::Unknown(why) => {
            let words = format!("could not look where the clone would push: {}", shown(why));
            return vec![Finding::unknown(words)];
        }
        Tracking::Looked(rows) => rows,
    };
    let finding = |row: &TrackRow| {
        let (branch, why) = (shown(&row.branch), shown(row.why_not.as_deref()?));
        let url = shown(&without_secrets(&row.url));
        Some(Finding {
            way: Some(ways::of_track(component, row, report)),
            ..Finding::new(Weight::Unplanned, "push", format!("{branch} of the clone goes to {url}: {why}"))
        })
    };
    rows.iter().filter_map(finding).collect()
}

/// Text from outside as one line that can't drive a terminal.
fn shown(text: &str) -> String {
    displayable(text).into_owned()
}
