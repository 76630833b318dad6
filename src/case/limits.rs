//! How many and how long. A case that is over a limit is not opened, and an act that would go over one is refused: what
//! is computed from a case stays quick, whoever wrote the file.

use toml::Value;

use super::address::{Delta, parts};
use super::record::{Record, StepRecord};

/// How many entries a list of a case may have: vulnerabilities, components, people, access, decisions and so on.
pub const MAX_ENTRIES: usize = 1_000;

/// How many steps, and items of steps, may have a record.
pub const MAX_STEP_RECORDS: usize = 2_000;

/// How many branches all components may have together: a step can be done for each of them.
pub const MAX_BRANCHES: usize = 200;

/// The longest text that an act may bring, in bytes.
pub const MAX_TEXT: usize = 64 * 1024;

/// The longest title of a new case, in bytes: it stands in each list of cases.
pub const MAX_TITLE: usize = 4 * 1024;

/// The longest id that an act may bring, in bytes.
pub const MAX_ID: usize = 128;

/// What a case has too much of, in words. Events and drafts are bounded by the size of the file alone: a case can always
/// go on, and nothing that was typed is lost.
#[must_use]
pub fn too_many(record: &Record) -> Option<String> {
    let links = |step: &StepRecord| step.links.len();
    let counts = [
        ("vulnerabilities", record.vulnerability.len(), MAX_ENTRIES),
        ("scores of one vulnerability", most(&record.vulnerability, |one| one.score.len()), MAX_ENTRIES),
        ("affected versions of one vulnerability", most(&record.vulnerability, |one| one.affected.len()), MAX_ENTRIES),
        ("components", record.component.len(), MAX_ENTRIES),
        ("branches", record.component.iter().map(|one| one.branches.len()).sum(), MAX_BRANCHES),
        ("fixes", record.fix.len(), MAX_ENTRIES),
        ("moved phases", record.phase.len(), MAX_ENTRIES),
        ("steps and items", record.step.len(), MAX_STEP_RECORDS),
        ("links of one step", most(&record.step, links), MAX_ENTRIES),
        ("people", record.person.len(), MAX_ENTRIES),
        ("entries about access", record.grant.len(), MAX_ENTRIES),
        ("decisions", record.decision.len(), MAX_ENTRIES),
        ("sent messages", record.send.len(), MAX_ENTRIES),
        ("answers", record.facts.len(), MAX_ENTRIES),
        ("instants", record.anchors.len(), MAX_ENTRIES),
    ];
    let over = counts.into_iter().find(|(_, count, limit)| count > limit);
    over.map(|(what, count, limit)| format!("a case has at most {limit} {what}, and this would be {count}"))
}

fn most<T>(entries: &[T], count: impl Fn(&T) -> usize) -> usize {
    entries.iter().map(count).max().unwrap_or_default()
}

/// What of a change is too long, in words.
pub(super) fn too_long(delta: &Delta) -> Option<String> {
    let long_id = delta.after.keys().flat_map(|address| parts(address)).find(|part| part.len() > MAX_ID);
    if let Some(id) = long_id {
        return Some(format!("an id has at most {MAX_ID} bytes, and this one has {}", id.len()));
    }
    let (address, length) =
        delta.after.iter().map(|(address, value)| (address, longest(value))).max_by_key(|one| one.1)?;
    let field = parts(address).pop().unwrap_or_default();
    let words = || format!("{field} has at most {} KiB, and this would be {}", MAX_TEXT / 1024, length.div_ceil(1024));
    (length > MAX_TEXT).then(|| words() + "; put it in a file and link to that")
}

fn longest(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(list) => list.iter().map(longest).max().unwrap_or_default(),
        _ => 0,
    }
}
