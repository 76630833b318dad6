//! One line of home: what a list of cases shows of each, small enough to be kept beside the case file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Case;
use super::record::{ReleaseTimes, State};
use super::view::{Moment, NextItem, StepView, View};
use crate::findings::Brief;
use crate::schedule::DueAt;

/// What home shows of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Codename.
    pub id: String,
    /// Title, shown for the selected case only.
    pub title: String,
    /// Id of the process.
    pub playbook: String,
    /// What people call the process.
    pub process: String,
    /// The project it belongs to.
    #[serde(default)]
    pub project: Option<String>,
    /// Embargo state.
    pub state: State,
    /// Who leads.
    pub lead: Option<String>,
    /// Out of the way.
    pub archived: bool,
    /// A leak is open.
    pub leak: bool,
    /// This copy was handed over and is read-only.
    pub handed_over: bool,
    /// What is next.
    pub next: Option<SummaryItem>,
    /// The step that has waited longest for somebody.
    pub waiting: Option<SummaryItem>,
    /// What is open and has the nearest deadline, be it next or behind something without one.
    #[serde(default)]
    pub deadline: Option<SummaryItem>,
    /// Phases that are current, as «Fix 3/5».
    pub phases: Vec<String>,
    /// Steps settled.
    pub settled: usize,
    /// Steps that apply.
    pub total: usize,
    /// The release.
    pub release: ReleaseTimes,
    /// When the clock started.
    pub reported: Option<Timestamp>,
    /// The score, as «7.5 High (v3.1), final».
    pub score: Option<String>,
    /// What the last looks at its repositories come to; none where that was not asked.
    #[serde(default)]
    pub branches: Option<Brief>,
    /// What this says may be out of date from here on, although nobody touched the case.
    pub valid_until: Option<Timestamp>,
}

/// A step or a question on one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SummaryItem {
    /// Its id.
    pub id: String,
    /// Title, or question.
    pub title: String,
    /// Who is waited for.
    pub waiting_on: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Late past this instant.
    pub at: Option<Timestamp>,
    /// As soon as possible.
    pub asap: bool,
}

impl SummaryItem {
    /// When it is due.
    #[must_use]
    pub fn due(&self) -> DueAt {
        DueAt { at: self.at, aim: None, asap: self.asap }
    }
}

impl Case {
    /// What home shows of this case.
    #[must_use]
    pub fn summary(&self, moment: Moment<'_>) -> Summary {
        let view = self.view(moment);
        let (settled, total) = view.progress();
        let record = self.record();
        Summary {
            id: record.id.clone(),
            title: record.title.clone(),
            playbook: record.playbook.id.clone(),
            process: self.playbook().name.clone(),
            project: record.project.clone(),
            state: record.state,
            lead: record.lead.clone(),
            archived: record.archived,
            leak: record.open_leak().is_some(),
            handed_over: record.hand_over.as_ref().is_some_and(|hand_over| !hand_over.received),
            next: view.next.first().map(next_item),
            waiting: waiting_item(&view),
            deadline: nearest_deadline(&view),
            phases: current_phases(&view),
            settled,
            total,
            release: view.release,
            reported: self.playbook().start().and_then(|anchor| record.anchor(&anchor.id)),
            score: view.score.as_ref().map(score_text),
            branches: None,
            valid_until: view.valid_until,
        }
    }
}

fn next_item(item: &NextItem) -> SummaryItem {
    let due = item.due.unwrap_or_default();
    SummaryItem {
        id: item.id.clone(),
        title: item.title.clone(),
        waiting_on: None,
        since: None,
        at: due.at,
        asap: due.asap,
    }
}

fn waiting_item(view: &View) -> Option<SummaryItem> {
    let waiting = view.waiting.iter().filter_map(|id| view.step(id));
    waiting.min_by_key(|step| step.since).map(step_item)
}

/// A case that is over, or is with somebody else, has nothing next and no deadline.
fn nearest_deadline(view: &View) -> Option<SummaryItem> {
    let counts = |step: &&StepView| step.is_open() && !step.optional && !step.standing && step.depends_on.is_empty();
    let steps =
        view.steps().filter(counts).map(step_item).filter(|_| !view.next.is_empty() || !view.waiting.is_empty());
    let dated = view.next.iter().map(next_item).chain(steps).filter(|item| item.at.is_some());
    dated.min_by_key(|item| item.at)
}

fn step_item(step: &StepView) -> SummaryItem {
    let due = step.due.unwrap_or_default();
    SummaryItem {
        id: step.id.clone(),
        title: step.title.clone(),
        waiting_on: step.waiting_on.clone(),
        since: step.since,
        at: due.at,
        asap: due.asap,
    }
}

fn current_phases(view: &View) -> Vec<String> {
    let current = view.phases.iter().filter(|phase| phase.state == super::PhaseState::Current);
    current.map(|phase| format!("{} {}/{}", phase.title, phase.settled, phase.total)).collect()
}

fn score_text(score: &super::DrivingScore) -> String {
    format!("{} (v{}), {}", score.words(), score.vector.version(), score.standing())
}
