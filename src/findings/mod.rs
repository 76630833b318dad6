//! What of a report needs a person, in words: the worst first, what is alike together.

mod brief;
mod fixes;
mod pairs;
mod standing;
mod tags;
mod unseen;
pub mod ways;
mod well;
mod words;

pub use brief::Brief;
pub use standing::{
    FIX_SIGNS, Standing, conflicts, counts_words, fix_sign, fix_told, leak_how, standings, sync_words, told, way_of,
};
pub use ways::Way;
pub use well::well;
pub use words::{
    Reader, conflict_words, count, fix_words, name, outcome_words, reference_words, state_words, without_secrets,
};

use crate::divergence::{Component, Plan, Report};
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
    let mut all = fixes::leaks(component, report, reader.case);
    all.extend(unseen::unseen(component, report));
    all.extend(pairs::pairs(component, report, reader));
    all.extend(fixes::fixes(component, report));
    all.extend(tags::tags(component, report));
    all.extend(tags::pins(report));
    all.extend(tags::tracking(component, report));
    all.sort_by_key(|finding| finding.weight);
    all
}

/// Text from outside as one line that can't drive a terminal.
fn shown(text: &str) -> String {
    displayable(text).into_owned()
}
