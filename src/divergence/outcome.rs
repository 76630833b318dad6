//! What a report comes to: what of it is as planned, and one word for a pipeline.
//!
//! What is found is held against the divergence that is planned ([`Expected`]). «Yes» is as planned, «no» needs a person;
//! what could not be looked at is unknown, whatever is planned.
//!
//! | what is found | equal | private-ahead | in-sync |
//! |---|---|---|---|
//! | a branch: see [`Plan::of`] | | | |
//! | a tag that public lacks | no | yes | no |
//! | a tag that private lacks | yes | yes | yes |
//! | a tag that is another commit on each side | no | no | no |
//! | version pins that differ, or a file that only one side has; where public is ahead as planned it is newer there, so yes | no | yes | no |
//! | a version pin on a branch that a side lacks: its branch tells that; a file that no side has | yes | yes | yes |
//! | a fix that landed and is gone from the tip, on any side | no | no | no |
//! | a fix on a branch of private, and not on the same of public | no | yes | no |
//! | a fix on none of the private branches that are compared | yes | no | no, unless public has it |
//! | a fix on one of them, and not yet on another | yes | yes | yes |
//! | a branch of the clone with private commits that would go anywhere but to private | no | no | no |
//! | what was private, or is embargoed, on a public ref | leak | leak | leak |
//!
//! That somebody forced a push, and what a branch brings beside the fixes, is told and needs nobody by itself.

use std::collections::BTreeMap;

use super::{
    Expected, FixRow, FixState, Leaks, Oid, PairState, PinRow, PinState, Plan, Report, Role, TagRow, TagState, Tracking,
};

#[cfg(test)]
mod tests;

/// What a look comes to, the least first: `max` of several is what they come to together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything is as planned.
    AsPlanned,
    /// Something needs a person.
    NeedsYou,
    /// Something could not be looked at.
    Unknown,
    /// A fix is public although it must not be.
    Leak,
}

impl Outcome {
    /// The exit code of the verb.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::AsPlanned => 0,
            Self::NeedsYou => 10,
            Self::Unknown => 12,
            Self::Leak => 11,
        }
    }
}

impl From<Plan> for Outcome {
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::AsPlanned => Self::AsPlanned,
            Plan::NeedsPerson | Plan::Unplanned => Self::NeedsYou,
            Plan::Unknown => Self::Unknown,
        }
    }
}

/// What of a fix is not as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amiss<'r> {
    /// It landed, and what it brought is gone from the tip.
    Reverted {
        /// The branch.
        branch: &'r str,
        /// The remote.
        remote: Role,
        /// As what it landed.
        landed: Oid,
    },
    /// It is on this branch of a private remote, and not on the public one.
    NotPublic {
        /// The branch.
        branch: &'r str,
    },
    /// It is on none of the branches that were compared.
    Nowhere,
}

impl FixRow {
    /// What of it is not as planned. What could not be looked at is not among it.
    #[must_use]
    pub fn amiss(&self, expected: Expected) -> Vec<Amiss<'_>> {
        let mut amiss = Vec::new();
        for (branch, row) in &self.branches {
            for (remote, state) in row {
                if let FixState::Reverted(landed) = state {
                    amiss.push(Amiss::Reverted { branch, remote: *remote, landed: *landed });
                }
            }
            let is_private = row.iter().any(|(role, state)| !role.is_public() && state.is_there() == Some(true));
            let is_missed = row.get(&Role::Canonical) == Some(&FixState::Absent);
            if expected != Expected::PrivateAhead && is_private && is_missed {
                amiss.push(Amiss::NotPublic { branch });
            }
        }
        // Where private is ahead, what public has says nothing of it.
        let counts = |role: Role| expected == Expected::InSync || !role.is_public();
        let mut sought = self.branches.values().flatten().filter(|(role, _)| counts(**role));
        let is_nowhere = expected != Expected::Equal && sought.all(|(_, state)| *state == FixState::Absent);
        amiss.extend(is_nowhere.then_some(Amiss::Nowhere));
        amiss
    }
}

impl Report {
    /// Is a tag as planned?
    #[must_use]
    pub fn plan_of_tag(&self, tag: &TagRow) -> Plan {
        match (&tag.state, self.expected) {
            (TagState::Unknown(_), _) => Plan::Unknown,
            (TagState::Same | TagState::SameCommit | TagState::MissingOnSecurity, _)
            | (TagState::MissingOnCanonical, Expected::PrivateAhead) => Plan::AsPlanned,
            (TagState::Differs | TagState::MissingOnCanonical, _) => Plan::Unplanned,
        }
    }

    /// Is a version pin as planned?
    #[must_use]
    pub fn plan_of_pin(&self, pin: &PinRow) -> Plan {
        let public_is_ahead = || {
            let mut pairs = self.pairs.iter().filter(|pair| pair.branch == pin.branch);
            pairs.any(|pair| pair.state == PairState::CanonicalAhead && pair.plan == Plan::AsPlanned)
        };
        match (&pin.state, self.expected) {
            (PinState::Unknown(_), _) => Plan::Unknown,
            (PinState::Same | PinState::BranchMissing, _) | (_, Expected::PrivateAhead) => Plan::AsPlanned,
            (PinState::FileMissing, _) if !pin.is_anywhere() => Plan::AsPlanned,
            (PinState::Differs | PinState::FileMissing, _) if public_is_ahead() => Plan::AsPlanned,
            (PinState::Differs | PinState::FileMissing, _) => Plan::Unplanned,
        }
    }

    /// What it comes to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcomes().max().unwrap_or(Outcome::AsPlanned)
    }

    /// Was everything looked at that was asked for? A leak may hide that it was not.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !matches!(self.leaks, Some(Leaks::Unknown { .. })) && self.outcomes().all(|outcome| outcome != Outcome::Unknown)
    }

    /// Was everything seen but, may be, what leaked? Where no fix is named that is unknown, and no better at the next look.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.outcomes_beside_leaks().all(|outcome| outcome != Outcome::Unknown)
    }

    /// What each part of it comes to.
    fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        let leaks = self.leaks.iter().map(|leaks| match leaks.is_clear() {
            Some(true) => Outcome::AsPlanned,
            Some(false) => Outcome::Leak,
            None => Outcome::Unknown,
        });
        leaks.chain(self.outcomes_beside_leaks())
    }

    fn outcomes_beside_leaks(&self) -> impl Iterator<Item = Outcome> {
        let pairs = self.pairs.iter().map(|pair| pair.plan.into());
        let fixes = self.fixes.iter().map(|fix| self.of_fix(fix));
        let tags = self.tags.iter().map(|tag| self.plan_of_tag(tag).into());
        let pins = self.pins.iter().map(|pin| self.plan_of_pin(pin).into());
        let tracking = match &self.tracking {
            Tracking::Looked(rows) if rows.iter().any(|row| row.why_not.is_some()) => Outcome::NeedsYou,
            Tracking::Unknown(_) => Outcome::Unknown,
            Tracking::Looked(_) | Tracking::NoClone => Outcome::AsPlanned,
        };
        let errors = (!self.errors.is_empty()).then_some(Outcome::Unknown);
        pairs.chain(fixes).chain(tags).chain(pins).chain([tracking]).chain(errors)
    }

    fn of_fix(&self, fix: &FixRow) -> Outcome {
        if fix.branches.values().flat_map(BTreeMap::values).any(|state| state.is_there().is_none()) {
            return Outcome::Unknown;
        }
        if fix.amiss(self.expected).is_empty() { Outcome::AsPlanned } else { Outcome::NeedsYou }
    }
}
