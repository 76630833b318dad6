//! What the last look at a component comes to, in one row.

use jiff::Timestamp;

use crate::app::board::{Board, Watched};
use crate::divergence::{Leak, Leaks, Outcome, Pair, PairState, Plan, Report};
use crate::findings::{Finding, Reader, Way, Weight, findings, outcome_words};
use crate::text::displayable;

/// How bad it is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Something is public that must not be.
    Leak,
    /// A person has to decide what both sides did.
    Conflict,
    /// It is not as planned.
    Unplanned,
    /// It could not be looked at, or not in full.
    Unknown,
    /// A tag or a version pin is not as planned.
    Other,
    /// Everything is as planned.
    AsPlanned,
    /// Nobody has looked at it.
    Unseen,
}

impl Rank {
    /// Of a finding; none if it is only told.
    fn of(finding: &Finding) -> Option<Self> {
        Some(match (finding.weight, finding.about) {
            (Weight::Told, _) => return None,
            (Weight::Leak, _) => Self::Leak,
            (Weight::Unknown, _) => Self::Unknown,
            (_, "conflict") => Self::Conflict,
            (_, "tag" | "pin") => Self::Other,
            _ => Self::Unplanned,
        })
    }

    /// The sign before it.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Leak | Self::Conflict | Self::Unplanned => "✗",
            Self::Unknown => "?",
            Self::Other => "!",
            Self::AsPlanned | Self::Unseen => "◦",
        }
    }

    /// Does it need a person, or could it?
    #[must_use]
    pub fn is_told(self) -> bool {
        self < Self::AsPlanned
    }
}

/// A component in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// How bad it is.
    pub rank: Rank,
    /// What it is about, in a word or two.
    pub about: &'static str,
    /// The worst that was found, in words; of what is as planned, how the two sides relate.
    pub words: String,
    /// When it changes by itself, without another look: a mirror's time is over.
    pub until: Option<Timestamp>,
}

impl Judged {
    /// A component at which nobody has looked.
    pub(super) const UNSEEN: Self = Self { rank: Rank::Unseen, about: "", words: String::new(), until: None };

    /// What the last look at a component comes to at an instant.
    pub(super) fn of(board: &Board, component: usize, now: Timestamp) -> Self {
        let Some((watched, report)) = seen(board, component, now) else { return Self::UNSEEN };
        let until = lag_ends(watched, &report, now);
        let mut found = findings(&watched.asked, &report, Reader { now, case: None });
        let conflicts = conflicts(&report);
        let worst = found.iter().filter_map(Rank::of).chain(conflicts.as_ref().map(|_| Rank::Conflict)).min();
        let Some(rank) = worst else { return Self { until, ..Self::without(&report) } };
        found.retain(|finding| Rank::of(finding) == Some(rank));
        let about = found.first().map_or("conflict", |finding| finding.about);
        let words = match (rank, conflicts) {
            (Rank::Leak, _) => leaks(&report),
            (Rank::Conflict, Some(branches)) => branches,
            _ => found.iter().map(|finding| finding.words.as_str()).collect::<Vec<_>>().join("; "),
        };
        // The worst must not hide that not everything was looked at.
        let rest = if rank < Rank::Unknown && !report.is_whole() { "; not everything could be looked at" } else { "" };
        Self { rank, about, words: format!("{words}{rest}"), until }
    }

    /// Nothing was found that needs words.
    fn without(report: &Report) -> Self {
        let (rank, about, words) = match report.outcome() {
            Outcome::AsPlanned => (Rank::AsPlanned, "", relation(report)),
            Outcome::Leak => (Rank::Leak, "leak", outcome_words(Outcome::Leak)),
            Outcome::NeedsYou => (Rank::Unplanned, "not planned", outcome_words(Outcome::NeedsYou)),
            Outcome::Unknown => (Rank::Unknown, "unknown", outcome_words(Outcome::Unknown)),
        };
        Self { rank, about, words: words.to_owned(), until: None }
    }
}

/// What the last look found, held against what is planned now.
fn seen(board: &Board, component: usize, now: Timestamp) -> Option<(&Watched, Report)> {
    let watched = board.watched.get(component)?;
    let mut report = board.report(component)?.clone();
    report.plan(&watched.asked, now);
    Some((watched, report))
}

/// All that is to be told of a component, the worst first.
pub(super) fn told(board: &Board, component: usize, now: Timestamp) -> Vec<Finding> {
    let Some((watched, report)) = seen(board, component, now) else { return Vec::new() };
    findings(&watched.asked, &report, Reader { now, case: None })
}

/// What to do about the worst of it.
pub(super) fn way(findings: Vec<Finding>) -> Option<Way> {
    findings
        .into_iter()
        .filter_map(|finding| Some((Rank::of(&finding)?, finding.way?)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, way)| way)
}

/// The first instant at which the time of a mirror is over.
fn lag_ends(watched: &Watched, report: &Report, now: Timestamp) -> Option<Timestamp> {
    let since = report.pairs.iter().filter(|pair| pair.plan == Plan::AsPlanned).filter_map(|pair| pair.ahead_since);
    // The lag counts once it is longer than what a mirror may take.
    let ends = since.filter_map(|since| since.checked_add(watched.asked.may_lag).ok()?.checked_add(SECOND).ok());
    ends.filter(|end| *end > now).min()
}

const SECOND: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

/// The branches that do not merge by themselves and should: «17-11-stable, 17-10-stable».
fn conflicts(report: &Report) -> Option<String> {
    let is_one = |pair: &&Pair| matches!(pair.state, PairState::DivergedConflict(_)) && pair.plan != Plan::AsPlanned;
    let branches: Vec<String> =
        report.pairs.iter().filter(is_one).map(|pair| displayable(&pair.branch).into_owned()).collect();
    (!branches.is_empty()).then(|| branches.join(", "))
}

/// «public main holds b686a9340f «Escape the header»; 2 more».
fn leaks(report: &Report) -> String {
    let found = report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
    let mut words: Vec<String> = found.iter().take(1).map(|leak| leak_words(report, leak)).collect();
    words.extend((found.len() > 1).then(|| format!("{} more", found.len() - 1)));
    words.join("; ")
}

/// What one public ref shows.
pub(super) fn leak_words(report: &Report, leak: &Leak) -> String {
    let reference = displayable(&leak.reference);
    let place = match (reference.strip_prefix("refs/heads/"), reference.strip_prefix("refs/tags/")) {
        (Some(branch), _) => format!("public {branch}"),
        (_, Some(tag)) => format!("the public tag {tag}"),
        _ => format!("public {reference}"),
    };
    let fix = report.fixes.iter().find(|fix| fix.commit == leak.fix);
    let what = match fix.map(|fix| fix.subject.as_deref()) {
        Some(Some(subject)) => format!("{} «{}»", leak.fix.short(), displayable(subject)),
        Some(None) => leak.fix.short(),
        None => format!("{}, which was private at a look before", leak.fix.short()),
    };
    format!("{place} holds {what}")
}

/// How the two sides relate where everything is as planned.
fn relation(report: &Report) -> &'static str {
    use PairState::{
        CanonicalAhead, DivergedClean, DivergedConflict, MissingOnCanonical, MissingOnSecurity, SecurityAhead,
    };
    let has = |is: fn(&PairState) -> bool| report.pairs.iter().any(|pair| is(&pair.state));
    if report.pairs.is_empty() {
        "no branch compared"
    } else if has(|state| matches!(state, SecurityAhead | DivergedClean | DivergedConflict(_) | MissingOnCanonical)) {
        "private ahead"
    } else if has(|state| matches!(state, CanonicalAhead | MissingOnSecurity)) {
        "public ahead"
    } else {
        "equal"
    }
}
