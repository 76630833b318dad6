//! Home without a screen: what needs you, what waits for others, what is released but not closed, what has ended.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::case_list::{listed, summary_json, summary_row};
use super::failure::Failure;
use super::here::Here;
use super::output::{Answer, shown};
use super::words::columns;
use crate::app::Section;
use crate::case::Summary;
use crate::store::Listed;

const SECTIONS: [(Section, &str); 4] = [
    (Section::NeedsYou, "needs_you"),
    (Section::Waiting, "waiting"),
    (Section::Released, "released"),
    (Section::Ended, "ended"),
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
    for (section, _) in SECTIONS {
        let rows: Vec<Vec<String>> = of(&listed, section).map(|summary| summary_row(summary, here.now())).collect();
        lines.extend(under(section.title(), columns(&rows)));
    }
    lines.extend(under("Can't be read", unreadable(&listed)));
    if lines.is_empty() {
        lines = first_run(here);
    }
    Ok(Answer::text(lines))
}

fn as_json(listed: &[Listed], now: Timestamp) -> Value {
    let mut value = json!({});
    for (section, key) in SECTIONS {
        value[key] = of(listed, section).map(|summary| summary_json(summary, now)).collect();
    }
    value["unreadable"] = listed.iter().filter(|one| one.result.is_err()).map(|one| json!(one.id)).collect();
    value
}

/// What stands in a section, by the same rule as on the screen; archived cases are out of the way.
fn of(listed: &[Listed], section: Section) -> impl Iterator<Item = &Summary> {
    let shown = listed.iter().filter_map(|one| one.result.as_ref().ok()).filter(|summary| !summary.archived);
    shown.filter(move |summary| Section::of(summary) == section)
}

fn under(title: &str, lines: Vec<String>) -> Vec<String> {
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
