//! Going on with another process: steps of the same meaning keep their state, and every answer stays.

use super::act::{Change, Done};
use super::action::{Refusal, SwitchTo};
use super::event::EventKind;
use super::record::{AnchorTime, PlaybookRef, State, StepRecord, StepState};
use crate::playbook::{Marks, Playbook};

/// Steps mean the same when their ids are alike but for the first part: `gc.triage.verify` and `gn.triage.verify`.
pub(super) fn meaning(id: &str) -> &str {
    id.split_once('.').map_or(id, |(_, rest)| rest)
}

pub(super) fn switch(change: &mut Change<'_>, to: &SwitchTo) -> Result<Done, Refusal> {
    let old = change.record.playbook.clone();
    if old.sha256 == to.sha256 {
        return Err(Refusal::Nothing(format!("the case follows {} already", to.playbook.id)));
    }
    let playbook = to.playbook.as_ref();
    change.record.step = change.record.step.iter().map(|record| carried(record, playbook)).collect();
    if change.record.reached() == State::Embargo {
        hold_back(&mut change.record.step, playbook);
    }
    change.record.phase.retain(|record| playbook.phase(&record.id).is_some());
    carry_anchors(change, playbook);
    change.record.playbook = PlaybookRef { id: playbook.id.clone(), sha256: to.sha256.clone() };
    change.playbook = to.playbook.clone();
    Ok(Done::new(EventKind::Switched, format!("{} to {}", old.id, playbook.id)))
}

/// A step's record under its new id; one without a counterpart stays under the old id, and so stays readable.
fn carried(record: &StepRecord, playbook: &Playbook) -> StepRecord {
    let counterpart =
        playbook.step(&record.id).or_else(|| playbook.steps().find(|step| meaning(&step.id) == meaning(&record.id)));
    let id = counterpart.map_or_else(|| record.id.clone(), |step| step.id.clone());
    StepRecord { id, ..record.clone() }
}

/// Under the embargo no step is done that would have exposed the fix, be it done under another name.
fn hold_back(steps: &mut [StepRecord], playbook: &Playbook) {
    let exposes = |id: &str| playbook.step(id).is_some_and(|step| !step.exposes.is_empty());
    for record in steps.iter_mut().filter(|record| exposes(&record.id) && record.state == StepState::Done) {
        record.state = StepState::Todo;
    }
}

/// Instants stay under their names; start and release keep their part even where the name differs.
fn carry_anchors(change: &mut Change<'_>, playbook: &Playbook) {
    let old = change.playbook.clone();
    let mut anchors = std::mem::take(&mut change.record.anchors);
    for marks in [Marks::Start, Marks::EmbargoEnd] {
        let named = |playbook: &Playbook| {
            playbook.anchors.iter().find(|anchor| anchor.marks == Some(marks)).map(|anchor| anchor.id.clone())
        };
        if let (Some(from), Some(to)) = (named(&old), named(playbook))
            && let Some(time) = anchors.remove(&from)
        {
            anchors.insert(to, time);
        }
    }
    for (id, time) in &mut anchors {
        let ends = playbook.anchor(id).is_some_and(|anchor| anchor.marks == Some(Marks::EmbargoEnd));
        if let (false, AnchorTime::Release(times)) = (ends, &*time)
            && let Some(at) = times.effective()
        {
            *time = AnchorTime::At(at);
        }
    }
    change.record.anchors = anchors;
}
