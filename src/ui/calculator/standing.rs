//! How the vector in the making stands to what is recorded of its vulnerability.

use super::top::scored_words;
use super::words::rated;
use crate::app::OpenCase;
use crate::case::{Scored, VulnerabilityScores};
use crate::cvss::{Draft, Vector};
use crate::ui::Screen;

/// A vulnerability of the case: which of how many it is, what is recorded of it, and whether the vector says the same.
pub(super) struct Standing {
    scores: VulnerabilityScores,
    place: usize,
    count: usize,
    is_blank: bool,
    /// The record that says what the vector says: the one that counts, or the last one of another version.
    same: Option<Scored>,
}

impl Standing {
    pub(super) fn of(open: &OpenCase, draft: &Draft) -> Option<Self> {
        let all = open.case.scoring();
        let count = all.len();
        let place = open.shown_vulnerability();
        let scores = all.into_iter().nth(place)?;
        let vector = draft.vector().as_ref().map(Vector::canonical);
        let says_it = |scored: &&Scored| {
            vector.is_some() && scored.vector.as_ref().map(Vector::canonical).as_ref() == vector.as_ref()
        };
        let same = scores.latest.iter().chain(scores.history.first()).find(says_it).cloned();
        let is_blank = *draft == Draft::new(draft.version());
        Some(Self { scores, place, count, is_blank, same })
    }

    /// Does the vector say something else than what is recorded? Where neither says anything there is nothing to tell.
    pub(super) fn differs(&self) -> bool {
        self.same.is_none() && !(self.is_blank && self.scores.history.is_empty())
    }

    /// Is it the score that drives the process? What is not recorded never does.
    pub(super) fn drives(&self) -> bool {
        self.scores.drives && self.same.is_some() && self.same == self.scores.latest
    }

    /// «, drives the process», which goes by the base score.
    pub(super) fn driving_words(&self, draft: &Draft) -> String {
        match draft.scores() {
            Some(scores) if self.drives() && scores.base != scores.overall() => {
                format!(", base {} drives the process", rated(scores.base, draft.version()))
            }
            _ if self.drives() => ", drives the process".to_owned(),
            _ => String::new(),
        }
    }

    /// «V2, 2 of 3», what it is and the keys that turn, in fewer and fewer words.
    pub(super) fn place(&self) -> Vec<String> {
        if self.count == 1 {
            return vec!["1 of 1 vulnerability".to_owned()];
        }
        let place = format!("{}, {} of {}", self.scores.id, self.place + 1, self.count);
        let what = self.scores.summary.as_ref().map(|summary| format!("{summary}   {place}   , . turn"));
        what.into_iter().chain([format!("{place}   , . turn"), place]).collect()
    }

    /// What is recorded, in fewer and fewer words; its score only where that is not the one that stands there.
    pub(super) fn recorded(&self, screen: &Screen<'_>) -> Vec<String> {
        let other = self.scores.latest.as_ref().or(self.scores.history.first());
        let Some(scored) = self.same.as_ref().or(other) else { return vec!["nothing recorded yet".to_owned()] };
        let what =
            if self.same.is_some() { "recorded".to_owned() } else { format!("recorded: {}", scored_words(scored)) };
        let (standing, by) = (scored.standing(), screen.person(&scored.by));
        vec![
            format!("{what}, {standing}, by {by}, {}", screen.day(scored.at)),
            format!("{what}, {standing}, by {by}"),
            format!("{what}, {standing}"),
            what,
        ]
    }
}
