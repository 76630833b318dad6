//! The calculators of the case that is open: one for each vulnerability.

use super::OpenCase;
use super::calculator::Calculator;
use super::open_case::Pane;
use crate::case::kept_draft;
use crate::cvss::Draft;

impl OpenCase {
    /// The vulnerability that the pane of the score shows.
    #[must_use]
    pub fn vulnerability_id(&self) -> Option<String> {
        let entries = &self.case.record().vulnerability;
        entries.get(self.vulnerability.min(entries.len().saturating_sub(1))).map(|entry| entry.id.clone())
    }

    /// The calculator of that vulnerability, where the pane is shown.
    #[must_use]
    pub fn shown_calculator(&self) -> Option<&Calculator> {
        if self.pane == Pane::Score { self.calculators.get(&self.vulnerability_id()?) } else { None }
    }

    pub(super) fn calculator_mut(&mut self) -> Option<&mut Calculator> {
        if self.pane == Pane::Score { self.calculators.get_mut(&self.vulnerability_id()?) } else { None }
    }

    /// Is something chosen that is kept nowhere yet?
    pub(super) fn is_choosing(&self) -> bool {
        self.read_only.is_none() && self.calculators.values().any(Calculator::is_typed)
    }

    /// What was chosen is the score now; whoever came from a step goes back to it.
    pub(super) fn has_recorded(&mut self) {
        if let Some(calculator) = self.calculator_mut() {
            calculator.mark_recorded();
        }
        if let Some(asked) = self.asked_for_score.take() {
            self.show(asked.from);
            self.go_to_next();
        }
    }

    pub(super) fn turn_vulnerability(&mut self, by: isize) -> bool {
        let next = self.vulnerability.checked_add_signed(by);
        let Some(next) = next.filter(|next| *next < self.case.record().vulnerability.len()) else { return false };
        self.vulnerability = next;
        self.follow_scores();
        true
    }

    /// Each vulnerability has its calculator: it begins with what was being chosen, else with the latest score, and
    /// follows that as long as nothing was chosen in it.
    pub(super) fn follow_scores(&mut self) {
        let blank = Draft::new(self.case.playbook().cvss_version());
        let record = self.case.record();
        self.vulnerability = self.vulnerability.min(record.vulnerability.len().saturating_sub(1));
        for entry in self.case.scoring() {
            let latest = entry.latest.and_then(|latest| latest.vector);
            let draft = latest.map_or(blank, |vector| *vector.draft());
            if let Some(calculator) = self.calculators.get_mut(&entry.id) {
                calculator.follow(draft);
                continue;
            }
            let mut calculator = Calculator::of(draft);
            let kept = kept_draft(&record.draft, &draft_name(&entry.id)).next();
            if let Some(kept) = kept.and_then(|(_, kept)| Draft::read(&kept.text)) {
                calculator.take(kept);
            }
            calculator.mark_kept();
            self.calculators.insert(entry.id.clone(), calculator);
        }
    }
}

/// Under which name what is being chosen for a vulnerability is kept.
pub(super) fn draft_name(vulnerability: &str) -> String {
    format!("calculator/{vulnerability}")
}
