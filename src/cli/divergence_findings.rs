//! What of a report needs a person, in words: the worst first, what is alike together.

use std::collections::BTreeMap;

use super::divergence_json::without_secrets;
use super::divergence_ways::{self as ways, Way, name};
use super::output::shown;
use crate::divergence::{
    Component, FixState, Flag, Leak, LeakHow, Leaks, Oid, Pair, PairState, PinAt, PinRow, PinState, Plan, Report, Role,
    TagRow, TagState, TrackRow, Tracking,
};

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

    fn unknown(words: String) -> Self {
        Self::new(Weight::Unknown, "unknown", words)
    }
}

/// Everything that is to be told beside what is as planned.
#[must_use]
pub fn findings(component: &Component, report: &Report, case: Option<&str>) -> Vec<Finding> {
    let mut all = leaks(component, report, case);
    all.extend(report.errors.iter().map(|error| Finding::unknown(shown(error))));
    all.extend(pairs(component, &report.pairs));
    all.extend(fixes(component, report));
    all.extend(report.tags.iter().filter_map(tag));
    all.extend(report.pins.iter().filter_map(pin));
    all.extend(tracking(component, &report.tracking));
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
        let subject = report.fixes.iter().find(|row| row.commit == *fix).and_then(|row| row.subject.as_deref());
        let subject = subject.map(|subject| format!(" «{}»", shown(subject))).unwrap_or_default();
        let detail = |leak: &&Leak| format!("{} {}, in {}", shown(&leak.reference), how(leak.how), leak.commit.short());
        Finding {
            details: leaks.iter().map(detail).collect(),
            way: leaks.first().map(|leak| ways::of_leak(component, leak, case)),
            ..Finding::new(Weight::Leak, "leak", format!("{}{subject} is public", fix.short()))
        }
    };
    let unknown = match &report.leaks {
        Some(Leaks::Unknown { why, .. }) => {
            let more = if found.is_empty() { "a fix" } else { "more" };
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
fn pairs(component: &Component, pairs: &[Pair]) -> Vec<Finding> {
    let mut groups: Vec<(String, Vec<&Pair>)> = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.plan != Plan::AsPlanned) {
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
    let groups = groups.iter().filter_map(|(_, group)| of_group(component, group));
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

fn of_group(component: &Component, group: &[&Pair]) -> Option<Finding> {
    let first = group.first()?;
    let branches: Vec<String> = group.iter().map(|pair| branch(pair)).collect();
    let branches = branches.join(", ");
    if let PairState::Unknown(why) = &first.state {
        return Some(Finding::unknown(format!("could not look at {branches}: {}", shown(why))));
    }
    let (weight, about) = match first.plan {
        Plan::NeedsPerson => (Weight::NeedsPerson, "conflict"),
        _ => (Weight::Unplanned, "not planned"),
    };
    let mut finding = Finding::new(weight, about, format!("{}: {branches}", relation(first)));
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

/// «main private +2, public +4 (same files)».
fn branch(pair: &Pair) -> String {
    let counts = pair.counts.map(|(ahead, behind)| [(pair.a, ahead), (pair.b, behind)]);
    let counts = counts.into_iter().flatten().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(role, count)| format!("{} +{count}", name(role))).collect();
    let mut words = shown(&pair.branch);
    if !counts.is_empty() {
        words = format!("{words} {}", counts.join(", "));
    }
    let notes = [(Flag::Equivalent, "the same patches"), (Flag::SameTree, "the same files")];
    let notes: Vec<&str> =
        notes.iter().filter(|(flag, _)| pair.flags.contains(flag)).map(|(_, words)| *words).collect();
    if notes.is_empty() { words } else { format!("{words} ({})", notes.join(", ")) }
}

fn relation(pair: &Pair) -> String {
    let (a, b) = (name(pair.a), name(pair.b));
    match &pair.state {
        PairState::Unknown(_) => "could not look".to_owned(),
        PairState::MissingOnCanonical => format!("only {a} has it"),
        PairState::MissingOnSecurity => format!("only {b} has it"),
        PairState::Unrelated => format!("{a} and {b} have no commit in common"),
        PairState::Equal => "equal".to_owned(),
        PairState::SecurityAhead => format!("{a} is ahead"),
        PairState::CanonicalAhead => format!("{b} is ahead: the mirror lags"),
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

/// What is reverted, and what could not be looked at. The rest stands in the table of the fixes.
fn fixes(component: &Component, report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for fix in &report.fixes {
        let mut unknown: BTreeMap<(Role, &str), Vec<String>> = BTreeMap::new();
        for (branch, states) in &fix.branches {
            for (role, state) in states {
                match state {
                    FixState::Unknown(why) => unknown.entry((*role, why)).or_default().push(shown(branch)),
                    FixState::Reverted(landed) => {
                        let (fix, landed) = (fix.commit, landed.short());
                        let words = format!(
                            "{} landed on {} of {} as {landed}, and is gone from its tip",
                            fix.short(),
                            shown(branch),
                            name(*role)
                        );
                        let way = (*role == Role::Security).then(|| ways::of_fix(component, fix, branch));
                        findings.push(Finding { way, ..Finding::new(Weight::Unplanned, "reverted", words) });
                    }
                    _ => {}
                }
            }
        }
        findings.extend(unknown.into_iter().map(|((role, why), branches)| {
            let (fix, branches) = (fix.commit.short(), branches.join(", "));
            Finding::unknown(format!("could not look for {fix} on {branches} of {}: {}", name(role), shown(why)))
        }));
    }
    findings
}

fn tag(tag: &TagRow) -> Option<Finding> {
    let tag_name = shown(&tag.name);
    let lacks = |role: Role| Finding::new(Weight::Told, "tag", format!("{tag_name} is not on {}", name(role)));
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
                ..Finding::new(Weight::Unplanned, "tag", format!("{tag_name} is another commit on each side"))
            }
        }
    })
}

fn pin(pin: &PinRow) -> Option<Finding> {
    let on = format!("the version pin on {}", shown(&pin.branch));
    let words = match &pin.state {
        PinState::Same => return None,
        PinState::Unknown(why) => return Some(Finding::unknown(format!("could not look at {on}: {}", shown(why)))),
        PinState::Differs => format!("{on} differs"),
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
    Some(Finding { details: vec![detail.join(", ")], ..Finding::new(Weight::Told, "pin", words) })
}

fn tracking(component: &Component, tracking: &Tracking) -> Vec<Finding> {
    let rows = match tracking {
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
            way: Some(ways::of_track(component, row)),
            ..Finding::new(Weight::Unplanned, "push", format!("{branch} of the clone goes to {url}: {why}"))
        })
    };
    rows.iter().filter_map(finding).collect()
}
