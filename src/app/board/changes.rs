//! What is other in a look than in the one before, in a few words each.

use std::collections::BTreeMap;

use super::Board;
use crate::divergence::{FixState, Leaks, Look, Oid, PairState, Report, Role};
use crate::findings::{name, reference_words};
use crate::text::{cap, displayable};

/// So many changes are told in a line; the rest is counted.
const TOLD: usize = 2;
/// The longest name or reason in a line, in characters.
const LONGEST: usize = 60;

/// A change, the most important first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::app) enum Change {
    /// Something is public that must not be.
    Leak(String),
    /// Something can't be looked at any more.
    Unseen(String),
    /// Something needs a person.
    Worse(String),
    /// Something went on.
    Other(String),
}

impl Change {
    fn words(&self) -> &str {
        match self {
            Self::Leak(words) | Self::Unseen(words) | Self::Worse(words) | Self::Other(words) => words,
        }
    }
}

impl Board {
    /// Takes note of what a look brings that is new.
    pub(super) fn note_changes(&mut self, look: &Look) {
        let before = self.looks.iter().find(|known| known.asked.name == look.asked.name && known.answers(&look.asked));
        let fix = |commit: Oid| {
            let commit = commit.to_string();
            let known = self.fix_names.iter().find(|(digits, _)| commit.starts_with(digits.as_str()));
            known.map_or_else(|| format!("the fix {}", &commit[..10]), |(_, name)| name.clone())
        };
        let mut changes = changes(before.map(|known| &known.report), &look.report, &fix);
        if self.watched.len() > 1 {
            for Change::Leak(words) | Change::Unseen(words) | Change::Worse(words) | Change::Other(words) in
                &mut changes
            {
                *words = format!("{}: {words}", short(&look.asked.name));
            }
        }
        self.changes.extend(changes);
    }

    /// What is new since this was asked last, in one line; and whether something leaked.
    pub(in crate::app) fn take_changes(&mut self) -> Option<(String, bool)> {
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort();
        let mut told: Vec<String> = changes.iter().take(TOLD).map(|change| change.words().to_owned()).collect();
        if changes.len() > TOLD {
            told.push(format!("and {} more changes", changes.len() - TOLD));
        }
        let is_leak = matches!(changes.first(), Some(Change::Leak(_)));
        (!told.is_empty()).then(|| (told.join("; "), is_leak))
    }
}

fn short(text: &str) -> String {
    cap(&displayable(text), LONGEST).into_owned()
}

/// What is other than before. Of the first look only what leaked is news.
fn changes(before: Option<&Report>, after: &Report, fix: &dyn Fn(Oid) -> String) -> Vec<Change> {
    let leaks = |report: &Report| report.leaks.as_ref().map(Leaks::found).unwrap_or_default().to_vec();
    let known = before.map(leaks).unwrap_or_default();
    let is_new = |leak: &&crate::divergence::Leak| {
        !known.iter().any(|known| known.fix == leak.fix && known.reference == leak.reference)
    };
    let leaked = leaks(after);
    let told = leaked.iter().filter(is_new).map(|leak| {
        let place = short(&reference_words(&leak.reference));
        Change::Leak(format!("{} is on public: LEAK ({place})", fix(leak.fix)))
    });
    let mut all: Vec<Change> = told.collect();
    if let Some(before) = before {
        all.extend(unseen(before, after));
        // What could not be looked at is no news of what is there.
        all.extend(pairs(before, after));
        all.extend(fixes(before, after, fix));
    }
    all
}

fn unseen(before: &Report, after: &Report) -> Option<Change> {
    match (before.errors.first(), after.errors.first()) {
        (None, Some(why)) => Some(Change::Unseen(format!("could not look at everything: {}", short(why)))),
        (Some(_), None) => Some(Change::Other("everything can be looked at again".to_owned())),
        _ => None,
    }
}

fn pairs(before: &Report, after: &Report) -> Vec<Change> {
    let known: BTreeMap<(&str, Role, Role), &PairState> =
        before.pairs.iter().map(|pair| ((pair.branch.as_str(), pair.a, pair.b), &pair.state)).collect();
    let of = |pair: &crate::divergence::Pair| {
        let was = known.get(&(pair.branch.as_str(), pair.a, pair.b)).copied();
        if was.is_some_and(|was| was.word() == pair.state.word()) {
            return None;
        }
        let (a, b, branch) = (name(pair.a), name(pair.b), short(&pair.branch));
        Some(match &pair.state {
            // Why stands among the errors.
            PairState::Unknown(_) => return None,
            PairState::DivergedConflict(_) => Change::Worse(format!("{branch}: conflict")),
            PairState::Unrelated => Change::Worse(format!("{branch}: nothing in common")),
            PairState::DivergedClean => Change::Other(format!("{branch}: both sides went on")),
            PairState::Equal => Change::Other(format!("{branch} is equal")),
            PairState::SecurityAhead => Change::Other(format!("{branch}: {a} is ahead")),
            PairState::CanonicalAhead => Change::Other(format!("{branch}: {b} is ahead")),
            PairState::MissingOnCanonical => Change::Other(format!("{branch} is on {a} only")),
            PairState::MissingOnSecurity => Change::Other(format!("{branch} is on {b} only")),
        })
    };
    after.pairs.iter().filter_map(of).collect()
}

fn fixes(before: &Report, after: &Report, fix: &dyn Fn(Oid) -> String) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in &after.fixes {
        let known = before.fixes.iter().find(|known| known.commit == row.commit);
        for (branch, remotes) in &row.branches {
            for (role, state) in remotes {
                let was = known.and_then(|known| known.branches.get(branch)?.get(role));
                if was == Some(state) {
                    continue;
                }
                let (branch, fix, side) = (short(branch), fix(row.commit), name(*role));
                match (was.is_some_and(is_there), state) {
                    (true, FixState::Reverted(_)) => {
                        changes.push(Change::Worse(format!("{fix} was reverted in {branch} on {side}")));
                    }
                    (true, FixState::Absent) => {
                        changes.push(Change::Worse(format!("{fix} is gone from {branch} on {side}")));
                    }
                    (false, state) if is_there(state) => {
                        changes.push(Change::Other(format!("{branch} has {fix} on {side}")));
                    }
                    _ => {}
                }
            }
        }
    }
    changes
}

fn is_there(state: &FixState) -> bool {
    matches!(state, FixState::ById(_) | FixState::ByPatch(_) | FixState::ByTrailer(_) | FixState::ByContent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::divergence::{FixRow, Leak, LeakHow, Pair, Plan, Side};

    const FIX: &str = "1234567890123456789012345678901234567890";

    fn report(state: PairState, fix: FixState, leaked: &[&str]) -> Report {
        let commit: Oid = FIX.parse().unwrap();
        let pair = Pair {
            branch: "main".into(),
            a: Role::Security,
            b: Role::Canonical,
            tips: [Side::Tip(commit), Side::Tip(commit)],
            counts: None,
            equal_patches: None,
            state,
            flags: std::collections::BTreeSet::new(),
            others: None,
            ahead_since: None,
            plan: Plan::AsPlanned,
        };
        let remotes = [(Role::Security, fix)].into();
        let row = FixRow { commit, subject: None, embargoed: true, branches: [("main".to_owned(), remotes)].into() };
        let leak = |reference: &&str| Leak { fix: commit, reference: (*reference).into(), how: LeakHow::Id, commit };
        let found = leaked.iter().map(leak).collect();
        Report {
            pairs: vec![pair],
            fixes: vec![row],
            leaks: Some(Leaks::Looked { refs: 2, found }),
            ..Report::blank("gateway")
        }
    }

    fn told(before: Option<&Report>, after: &Report) -> Vec<String> {
        changes(before, after, &|_| "F1".to_owned()).iter().map(|change| change.words().to_owned()).collect()
    }

    #[test]
    fn what_changed_is_told_in_plain_words_and_nothing_of_what_did_not() {
        let calm = report(PairState::Equal, FixState::Absent, &[]);
        assert!(told(None, &calm).is_empty() && told(Some(&calm), &calm).is_empty());
        let fixed = report(PairState::SecurityAhead, FixState::ById(FIX.parse().unwrap()), &[]);
        assert_eq!(told(Some(&calm), &fixed), ["main: private is ahead", "main has F1 on private"]);
        let gone = report(PairState::SecurityAhead, FixState::Absent, &[]);
        assert_eq!(told(Some(&fixed), &gone), ["F1 is gone from main on private"]);
        let conflict = report(PairState::DivergedConflict(Vec::new()), FixState::Absent, &[]);
        assert_eq!(told(Some(&gone), &conflict), ["main: conflict"]);
        let blind = Report { errors: vec!["no answer".into()], ..conflict.clone() };
        assert_eq!(told(Some(&conflict), &blind), ["could not look at everything: no answer"]);
        assert_eq!(told(Some(&blind), &conflict), ["everything can be looked at again"]);
    }

    #[test]
    fn a_leak_is_told_once_for_each_ref_also_by_the_first_look() {
        let one = report(PairState::Equal, FixState::Absent, &["refs/pull/7/head"]);
        let two = report(PairState::Equal, FixState::Absent, &["refs/pull/7/head", "refs/tags/v1"]);
        assert_eq!(told(None, &one), ["F1 is on public: LEAK (pull request 7)"]);
        assert_eq!(told(Some(&one), &two), ["F1 is on public: LEAK (tag v1)"]);
        assert!(told(Some(&two), &two).is_empty());
    }
}
