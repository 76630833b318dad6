//! What happened, each event on one line.

use jiff::Timestamp;
use serde_json::Value;

use super::acted::event_words;
use super::failure::Failure;
use super::here::{Here, notices};
use super::output::{Answer, shown};
use super::step_json::event_json;
use super::words::columns;
use crate::case::{Case, Event};
use crate::schedule::{Zone, countdown, stamp};

/// Prints the timeline, oldest first.
///
/// # Errors
/// If there is no such case, or it can't be read.
pub fn run(here: &Here, id: &str) -> Result<Answer, Failure> {
    let loaded = here.load(id)?;
    let events = &loaded.case.record().event;
    if here.style.json {
        return Ok(Answer::json(Value::Array(events.iter().map(event_json).collect())));
    }
    let rows: Vec<Vec<String>> = events.iter().map(|event| row(&loaded.case, event, here.now())).collect();
    Ok(Answer::text(columns(&rows)).with_asides(notices(&loaded)))
}

fn row(case: &Case, event: &Event, now: Timestamp) -> Vec<String> {
    let planned = event.planned.map(|planned| planned_words(planned, event.at, now)).unwrap_or_default();
    vec![utc(event.at, now), shown(&event.by), event_words(case, event), planned]
}

fn utc(at: Timestamp, now: Timestamp) -> String {
    let utc = Zone::utc();
    stamp(at, now, &utc.zone, &utc.label)
}

/// What was planned against what was: «planned Thu 26 Nov 16:12 UTC, 3h late».
fn planned_words(planned: Timestamp, at: Timestamp, now: Timestamp) -> String {
    let distance = countdown(planned, at);
    let distance = match distance.strip_prefix("in ") {
        Some(early) => format!("{early} early"),
        None if distance == "now" => "on time".to_owned(),
        None => distance,
    };
    format!("planned {}, {distance}", utc(planned, now))
}
