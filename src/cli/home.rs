//! Home without a screen: what needs you, what waits for others, what is released but not closed.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::case_list::{listed, summary_json, summary_row};
use super::failure::Failure;
use super::here::Here;
use super::output::{Answer, shown};
use super::words::columns;
use crate::case::Summary;
use crate::case::record::State;
use crate::store::Listed;

/// Where a case stands at home.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    NeedsYou,
    Waits,
    Released,
}

const PLACES: [(Place, &str, &str); 3] = [
    (Place::NeedsYou, "Needs you", "needs_you"),
    (Place::Waits, "Waiting for others", "waiting"),
    (Place::Released, "Released, not closed", "released"),
];

/// Prints home.
///
/// # Errors
/// If the folder of cases can't be read.
pub fn run(here: &Here) -> Result<Answer, Failure> {
    let listed = listed(here)?;
    if here.style.json {
        return Ok(Answer::json(as_json(&listed, here.now())));
    }
    let mut lines = Vec::new();
    for (place, title, _) in PLACES {
        let rows: Vec<Vec<String>> = at(&listed, place).map(|summary| summary_row(summary, here.now())).collect();
        lines.extend(section(title, columns(&rows)));
    }
    lines.extend(section("Can't be read", unreadable(&listed)));
    if lines.is_empty() {
        lines = first_run(here);
    }
    Ok(Answer::text(lines))
}

fn as_json(listed: &[Listed], now: Timestamp) -> Value {
    let mut value = json!({});
    for (place, _, key) in PLACES {
        value[key] = at(listed, place).map(|summary| summary_json(summary, now)).collect();
    }
    value["unreadable"] = listed.iter().filter(|one| one.result.is_err()).map(|one| json!(one.id)).collect();
    value
}

fn at(listed: &[Listed], place: Place) -> impl Iterator<Item = &Summary> {
    listed.iter().filter_map(|one| one.result.as_ref().ok()).filter(move |summary| place_of(summary) == Some(place))
}

fn place_of(summary: &Summary) -> Option<Place> {
    match summary.state {
        _ if summary.archived => None,
        State::Closed => None,
        _ if summary.handed_over => Some(Place::Waits),
        State::Public => Some(Place::Released),
        State::Embargo | State::Releasing | State::Leaked if summary.next.is_some() => Some(Place::NeedsYou),
        State::Embargo | State::Releasing | State::Leaked => Some(Place::Waits),
    }
}

fn section(title: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    std::iter::once(title.to_owned()).chain(lines.into_iter().map(|line| format!("  {line}"))).collect()
}

fn unreadable(listed: &[Listed]) -> Vec<String> {
    let line = |one: &Listed| Some(format!("? {}  {}", shown(&one.id), shown(one.result.as_ref().err()?)));
    listed.iter().filter_map(line).collect()
}

fn first_run(here: &Here) -> Vec<String> {
    let mut lines = vec![
        "No case needs anything.".to_owned(),
        String::new(),
        "Start one:  fixlead case new --playbook ID --title -     (the title is read from standard input)".to_owned(),
        String::new(),
        "Processes".to_owned(),
    ];
    let name = |id: &String| here.world.playbook_name(id).unwrap_or_else(|| "has faults".to_owned());
    let row = |id: &String| vec![format!("  {}", shown(id)), shown(&name(id))];
    lines.extend(columns(&here.world.playbook_ids().iter().map(row).collect::<Vec<_>>()));
    lines
}
