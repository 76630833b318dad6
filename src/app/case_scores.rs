//! The calculators of the case that is open: one for each vulnerability.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::OpenCase;
use super::calculator::Calculator;
use super::open_case::Pane;
use crate::case::{VulnerabilityScores, kept_draft};
use crate::cvss::{Draft, Version};

impl OpenCase {
    /// The vulnerability that the pane of the score shows, by its place in the case.
    #[must_use]
    pub fn shown_vulnerability(&self) -> usize {
        let entries = &self.case.record().vulnerability;
        entries.iter().position(|entry| Some(&entry.id) == self.vulnerability.as_ref()).unwrap_or(0)
    }

    /// Its id; none if the case has no vulnerability.
    #[must_use]
    pub fn vulnerability_id(&self) -> Option<String> {
        self.case.record().vulnerability.get(self.shown_vulnerability()).map(|entry| entry.id.clone())
    }

    /// Its calculator, where the pane is shown.
    #[must_use]
    pub fn shown_calculator(&self) -> Option<&Calculator> {
        if self.pane == Pane::Score { self.calculators.get(&self.vulnerability_id()?) } else { None }
    }

    pub(super) fn calculator_mut(&mut self) -> Option<&mut Calculator> {
        if self.pane == Pane::Score { self.calculators.get_mut(&self.vulnerability_id()?) } else { None }
    }

    /// Is something chosen that is kept nowhere yet?
    pub(super) fn is_choosing(&self) -> bool {
        self.calculators.values().any(Calculator::is_typed)
    }

    /// Puts what is chosen and not recorded into the case, as what is typed into a form is put there. False if nothing is
    /// new in it.
    pub(super) fn note_choices(&mut self, now: Timestamp) -> bool {
        let mut is_new = false;
        for (id, calculator) in self.calculators.iter_mut().filter(|(_, calculator)| calculator.is_typed()) {
            calculator.mark_kept();
            let by_version = |draft: Draft| (draft.version().number().to_owned(), draft.to_string());
            let chosen: Vec<(String, String)> = calculator.chosen().map(by_version).collect();
            is_new |= self.case.keep_draft(&draft_name(id), &chosen, now);
        }
        is_new
    }

    /// Whoever came from a step to score goes back to it.
    pub(super) fn go_back_to_step(&mut self) {
        if let Some(asked) = self.asked_for_score.take() {
            self.show(asked.from);
            self.go_to_next();
        }
    }

    pub(super) fn turn_vulnerability(&mut self, by: isize) -> bool {
        let entries = &self.case.record().vulnerability;
        let next = self.shown_vulnerability().checked_add_signed(by).and_then(|next| entries.get(next));
        let Some(next) = next.map(|entry| entry.id.clone()) else { return false };
        self.vulnerability = Some(next);
        true
    }

    /// Each vulnerability has its calculator: it begins with what was being chosen, else with the latest score, and
    /// follows that as long as nothing was chosen in it.
    pub(super) fn follow_scores(&mut self) {
        let version = self.case.playbook().cvss_version();
        let scoring = self.case.scoring();
        self.calculators.retain(|id, _| scoring.iter().any(|scores| scores.id == *id));
        for scores in &scoring {
            let recorded = recorded(scores);
            if let Some(calculator) = self.calculators.get_mut(&scores.id) {
                calculator.follow(&recorded);
                continue;
            }
            let mut calculator = Calculator::new(version);
            calculator.follow(&recorded);
            calculator.turn_to(version);
            for (_, kept) in kept_draft(&self.case.record().draft, &draft_name(&scores.id)) {
                if let Some(draft) = Draft::read(&kept.text) {
                    calculator.take(draft);
                }
            }
            calculator.begin();
            self.calculators.insert(scores.id.clone(), calculator);
        }
        let shown = scoring.iter().find(|scores| Some(&scores.id) == self.vulnerability.as_ref()).or(scoring.first());
        let shown = shown.map(|scores| scores.id.clone());
        if shown != self.vulnerability {
            self.gone = std::mem::replace(&mut self.vulnerability, shown).filter(|_| self.pane == Pane::Score);
        }
    }
}

/// What a vulnerability scores by now, in each version; what a hand edit left that is no vector counts for nothing.
fn recorded(scores: &VulnerabilityScores) -> BTreeMap<Version, Draft> {
    let drafts = scores.history.iter().rev().filter_map(|scored| Some(*scored.vector.as_ref()?.draft()));
    let mut recorded: BTreeMap<Version, Draft> = drafts.map(|draft| (draft.version(), draft)).collect();
    // In the version of the process that is what counts, which need not be the newest.
    if let Some(vector) = scores.latest.as_ref().and_then(|latest| latest.vector.as_ref()) {
        recorded.insert(vector.version(), *vector.draft());
    }
    recorded
}

/// Under which name what is being chosen for a vulnerability is kept.
pub(super) fn draft_name(vulnerability: &str) -> String {
    format!("calculator/{vulnerability}")
}
