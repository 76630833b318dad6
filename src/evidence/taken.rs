//! What looks bring to a case by themselves: a leak, an answer, ticks. Each is an event of the machine.

use jiff::Timestamp;

use super::repositories::why_not_good;
use super::{Sight, tick_seen, verdicts};
use crate::case::record::{LeakExtent, Record};
use crate::case::{Action, CONFLICT, Case, Context, Event, EventKind, components_expecting, is_embargoed};
use crate::divergence::{Expected, Leaks, Look, PairState, Role};
use crate::playbook::{FactKind, Value};

#[cfg(test)]
mod tests;

/// Who acts where the machine does.
pub(super) const MACHINE: &str = "fixlead";

/// How many refs one event tells of; the rest is counted.
const TOLD: usize = 100;

/// Takes in what the looks of `sight` found, and tells what happened because of it, oldest first.
///
/// A fix that is public although it must not be makes the case LEAKED, once for each ref. The fact `conflict` is answered,
/// unless a person has answered it. Steps whose evidence is there now are ticked. A case that can't be changed stays as it
/// is. Only looks at the settings of now count. Where something leaked nothing else follows from the same looks: a person
/// has to know of it first.
pub fn take_in(case: &mut Case, sight: Sight<'_>, ids: &mut dyn FnMut() -> String) -> Vec<Event> {
    let mut does = |case: &mut Case, action: Option<Action>| {
        let found = verdicts(case, sight);
        let context = Context { now: sight.now, by: MACHINE, event_id: &ids(), verdicts: &found };
        // What can't be changed now is found again by the next look.
        case.act(action?, &context).ok()
    };
    let leak = leak(case, &of_now(case, sight.looks));
    if let Some(event) = does(case, leak) {
        return vec![event];
    }
    let answer = conflict(case, &of_now(case, sight.looks), sight.now);
    let answered = does(case, answer);
    answered.into_iter().chain(tick_seen(case, sight, ids)).collect()
}

/// The looks that answer what the case asks now.
fn of_now<'s>(case: &Case, looks: &'s [Look]) -> Vec<&'s Look> {
    let questions = components_expecting(case, Expected::Equal);
    let answering = |look: &&Look| questions.iter().any(|question| look.answers(question));
    looks.iter().filter(answering).collect()
}

/// The report of what leaked and was not told before.
fn leak(case: &Case, looks: &[&Look]) -> Option<Action> {
    let record = case.record();
    if !is_embargoed(record) {
        return None;
    }
    let mut new = Vec::new();
    for look in looks.iter().filter(|look| look.asked.is_embargoed) {
        for leak in look.report.leaks.iter().flat_map(Leaks::found) {
            // What stands before the bracket names the leak: by it the same one is known again.
            let name = format!("{}: the fix {} is on canonical {}", look.asked.name, leak.fix.short(), leak.reference);
            let how = format!(" ({}, commit {})", leak.how.word(), leak.commit.short());
            if !is_told(record, &name) && !new.iter().any(|(known, _)| *known == name) {
                new.push((name, how));
            }
        }
    }
    let told: Vec<String> = new.iter().take(TOLD).map(|(name, how)| format!("{name}{how}")).collect();
    let more = new.len().saturating_sub(TOLD);
    let rest = if more == 0 { String::new() } else { format!("\nand {more} more refs") };
    let what = told.join("\n") + &rest;
    (!told.is_empty()).then_some(Action::ReportLeak { extent: LeakExtent::Partial, what })
}

fn is_told(record: &Record, name: &str) -> bool {
    let told = record.event.iter().filter(|event| event.kind == EventKind::Leaked && event.by == MACHINE);
    let mut lines = told.filter_map(|event| event.why.as_deref()).flat_map(str::lines);
    lines.any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(" (")))
}

/// The answer to whether the sync needs a person, where it is the machine's to give and another than the last.
///
/// «No» needs every branch to be compared just now, and something private to be synced. Once the fix is being exposed a «yes» stays:
/// what was resolved by hand had a conflict.
fn conflict(case: &Case, looks: &[&Look], now: Timestamp) -> Option<Action> {
    let record = case.record();
    let fact = case.playbook().fact(CONFLICT).filter(|fact| fact.kind == FactKind::YesNo)?;
    let last = record.event.iter().rev().find(|event| touches(event, CONFLICT));
    let known = record.facts.get(&fact.id);
    // An answer without an event was there from the start.
    let is_persons = last.map_or(known.is_some(), |event| event.by != MACHINE);
    if is_persons {
        return None;
    }
    let asked = components_expecting(case, Expected::Equal).len();
    let pairs = || looks.iter().flat_map(|look| &look.report.pairs);
    let states: Vec<&PairState> =
        pairs().filter(|pair| (pair.a, pair.b) == (Role::Security, Role::Canonical)).map(|pair| &pair.state).collect();
    let conflicts = states.iter().any(|state| matches!(state, PairState::DivergedConflict(_)));
    let is_whole = looks.len() == asked && looks.iter().all(|look| why_not_good(look, now).is_none());
    let is_known =
        is_whole && !states.iter().any(|state| matches!(state, PairState::Unknown(_) | PairState::Unrelated));
    let to_sync = states.iter().any(|state| matches!(state, PairState::SecurityAhead | PairState::DivergedClean));
    let answer = match conflicts {
        true => true,
        false if is_known && to_sync && (known.is_none() || is_embargoed(record)) => false,
        false => return None,
    };
    let answer = Value::Flag(answer);
    (known != Some(&answer)).then(|| Action::SetFacts(vec![(CONFLICT.to_owned(), Some(answer))]))
}

/// Did an event change the answer to a fact?
fn touches(event: &Event, fact: &str) -> bool {
    let address = format!("facts/{fact}");
    event.before.contains_key(&address) || event.after.contains_key(&address)
}
