//! Evidence that a drill invents, because the world that it would be found in does not exist.

use jiff::Timestamp;

use super::Sight;
use crate::case::Case;
use crate::playbook::{Check, CheckKind, Verdict};

/// What one check finds in a drill, from a step or an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The check.
    pub check: CheckKind,
    /// Only where the check asks for this value, or for this divergence.
    pub value: Option<String>,
    /// Only once this step, or an item of it, is settled.
    pub after: Option<String>,
    /// Only from this instant on.
    pub from: Option<Timestamp>,
    /// What is found.
    pub verdict: Verdict,
}

/// What a drill lets a check find: the last entry that applies counts. None for a real case.
pub(super) fn verdict(check: &Check, case: &Case, sight: Sight<'_>) -> Option<Verdict> {
    let applies = |played: &&Played| {
        played.check == check.kind
            && (played.value.is_none() || played.value == check.value || played.value == check.expects)
            && played.from.is_none_or(|from| from <= sight.now)
            && played.after.as_ref().is_none_or(|step| is_settled(case, step))
    };
    sight.played.iter().rev().find(applies).map(|played| played.verdict.clone())
}

/// The step, or an item of it, was done or set aside.
fn is_settled(case: &Case, step: &str) -> bool {
    case.record().step.iter().any(|record| record.id == step && record.state.is_settled())
}
