//! What there is to say at the end of a rehearsal.

use crate::case::EventKind;
use crate::case::record::Record;
use crate::playbook::Playbook;

/// How a rehearsal went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whole simulated days from the first event to the last.
    pub days: i64,
    /// Titles of steps that were done although something was missing.
    pub overridden: Vec<String>,
    /// Titles of steps that were done after their deadline.
    pub late: Vec<String>,
}

impl Outcome {
    /// Looks back on a case.
    #[must_use]
    pub fn of(record: &Record, playbook: &Playbook) -> Self {
        let events = &record.event;
        let seconds = match (events.first(), events.last()) {
            (Some(first), Some(last)) => last.at.as_second() - first.at.as_second(),
            _ => 0,
        };
        let mut outcome = Self { days: seconds / (24 * 3_600), overridden: Vec::new(), late: Vec::new() };
        for event in events {
            let id = event.target.split('@').next().unwrap_or_default();
            let Some(step) = playbook.step(id).filter(|step| event.is_tick_of(&step.id)) else { continue };
            if event.kind == EventKind::Override {
                note(&mut outcome.overridden, &step.title);
            }
            if event.planned.is_some_and(|planned| planned < event.at) {
                note(&mut outcome.late, &step.title);
            }
        }
        outcome
    }
}

fn note(titles: &mut Vec<String>, title: &str) {
    if !titles.iter().any(|known| known == title) {
        titles.push(title.to_owned());
    }
}
