//! Taking back and doing again. Both append: what happened stays in the timeline.

use std::collections::HashSet;

use super::act::{Change, Done};
use super::action::Refusal;
use super::address::{Delta, flatten, unflatten};
use super::event::{Event, EventKind};
use super::record::{Record, State};

/// Takes back the last thing that can be taken back.
pub(super) fn undo(change: &mut Change<'_>) -> Result<Done, Refusal> {
    let Some(event) = last_applied(&change.record.event).cloned() else {
        return Err(Refusal::Nothing(why_nothing(&change.record.event).to_owned()));
    };
    replay(change, &event, EventKind::Undone, &delta(&event).reversed())
}

/// Does again what was taken back last.
pub(super) fn redo(change: &mut Change<'_>) -> Result<Done, Refusal> {
    let Some(event) = last_taken_back(&change.record.event).cloned() else {
        return Err(Refusal::Nothing("there is nothing to do again".to_owned()));
    };
    replay(change, &event, EventKind::Redone, &delta(&event))
}

/// The last event that stands and can be taken back.
pub(super) fn last_applied(events: &[Event]) -> Option<&Event> {
    stacks(events).0.last().copied()
}

/// Why nothing can be taken back, where that is so.
pub(super) fn why_nothing(events: &[Event]) -> &'static str {
    if events.iter().any(|event| event.kind == EventKind::Restored) {
        "there is nothing to take back since another version was put in place: the older versions (V) lead to what was \
         there before"
    } else {
        "there is nothing to take back"
    }
}

/// The last event that was taken back and can be done again.
pub(super) fn last_taken_back(events: &[Event]) -> Option<&Event> {
    stacks(events).1.last().copied()
}

/// The events that stand, in order: not taken back, or done again since. Taking back and doing again are not among them.
pub(super) fn standing(events: &[Event]) -> impl Iterator<Item = &Event> {
    let mut taken_back = HashSet::new();
    for event in events {
        match (event.kind, event.of.as_deref()) {
            (EventKind::Undone, Some(of)) => drop(taken_back.insert(of)),
            (EventKind::Redone, Some(of)) => drop(taken_back.remove(of)),
            _ => {}
        }
    }
    let replays = |kind| matches!(kind, EventKind::Undone | EventKind::Redone);
    events.iter().filter(move |event| !replays(event.kind) && !taken_back.contains(event.id.as_str()))
}

fn delta(event: &Event) -> Delta {
    Delta { before: event.before.clone(), after: event.after.clone() }
}

/// Events that stand and can be taken back, and events that were taken back and can be done again.
fn stacks(events: &[Event]) -> (Vec<&Event>, Vec<&Event>) {
    let (mut applied, mut taken_back): (Vec<&Event>, Vec<&Event>) = (Vec::new(), Vec::new());
    for event in events {
        let (from, to) = match event.kind {
            EventKind::Undone => (&mut applied, &mut taken_back),
            EventKind::Redone => (&mut taken_back, &mut applied),
            // What was done before has its place in another version, and is gone back to there.
            EventKind::Restored => {
                applied.clear();
                taken_back.clear();
                continue;
            }
            _ if event.can_be_undone() => {
                applied.push(event);
                taken_back.clear();
                continue;
            }
            _ => continue,
        };
        if let Some(index) = from.iter().rposition(|known| Some(&known.id) == event.of.as_ref()) {
            to.push(from.remove(index));
        }
    }
    (applied, taken_back)
}

/// What was exposed since stays exposed, and a leak that was closed since stays closed, whatever is taken back.
fn settle_state(record: &mut Record) {
    let leaked = record.state == State::Leaked && record.open_leak().is_some();
    if !leaked && record.state != State::Closed {
        record.state = record.reached();
    }
}

fn replay(change: &mut Change<'_>, event: &Event, kind: EventKind, delta: &Delta) -> Result<Done, Refusal> {
    let broken = |error: String| Refusal::BadValue(error);
    let events = std::mem::take(&mut change.record.event);
    let mut flat = flatten(&change.record).map_err(|error| broken(error.to_string()))?;
    if let Some(address) = delta.clashes(&flat).first() {
        change.record.event = events;
        return Err(Refusal::NotAllowed(format!("it was changed since: {address}; set it by hand")));
    }
    delta.apply(&mut flat);
    let record: Record = unflatten(&flat).map_err(|error| broken(error.to_string()))?;
    change.record = Record { event: events, ..record };
    settle_state(&mut change.record);
    let mut done = Done::new(kind, event.target.clone()).because(Some(event.kind.says().to_owned()));
    done.of = Some(event.id.clone());
    Ok(done)
}
