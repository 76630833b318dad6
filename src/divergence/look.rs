//! A look with what it was asked: what was found says nothing of other settings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Component, Report};

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What was asked.
    pub asked: Component,
    /// What was found.
    pub report: Report,
}

impl Look {
    /// Looks from what was asked and what was found, in the same order.
    #[must_use]
    pub fn zip(asked: Vec<Component>, reports: Vec<Report>) -> Vec<Self> {
        asked.into_iter().zip(reports).map(|(asked, report)| Self { asked, report }).collect()
    }

    /// Does it answer this question? What is planned meanwhile changes nothing of what was found.
    #[must_use]
    pub fn answers(&self, question: &Component) -> bool {
        let settings = |component: &Component| {
            let Component { name, urls, clone, branches, tags, pin, fixes, .. } = component.clone();
            let commits: Vec<String> = fixes.into_iter().map(|fix| fix.commit).collect();
            (name, urls, clone, branches, tags, pin, commits)
        };
        self.report.name == question.name && settings(&self.asked) == settings(question)
    }

    /// When it was looked: the oldest instant of all remotes. None if one of them was never looked at.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        let at = |role| self.report.looked_at.iter().filter(|seen| seen.remote == role).map(|seen| seen.at).min();
        self.asked.urls.keys().map(|role| at(*role)).collect::<Option<Vec<Timestamp>>>()?.into_iter().min()
    }
}
