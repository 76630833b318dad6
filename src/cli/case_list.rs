//! All cases, one a line.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::case_json::release_json;
use super::case_ways::trouble_json;
use super::failure::Failure;
use super::here::{Here, stored};
use super::output::{Answer, shown};
use super::step_json::{due_json, instant};
use super::words::{columns, summary_words};
use crate::case::record::State;
use crate::case::{Summary, SummaryItem};
use crate::runtime::desk::summarize;
use crate::store::Listed;

/// `case list`
#[derive(Args, Debug)]
pub struct List {
    /// Archived ones too
    #[arg(long)]
    all: bool,
}

/// What home shows of each case, in the order of the store.
///
/// # Errors
/// If the folder of cases can't be read. A single case that can't be is listed with its reason.
pub fn listed(here: &Here) -> Result<Vec<Listed>, Failure> {
    let (now, store) = (here.now(), here.store()?);
    store.summaries(now, &|case| summarize(case, now, &[], &store)).map_err(stored)
}

/// Lists cases.
///
/// # Errors
/// As [`listed`].
pub fn run(here: &Here, args: &List) -> Result<Answer, Failure> {
    let mut listed = listed(here)?;
    listed.retain(|one| args.all || !one.result.as_ref().is_ok_and(|summary| summary.archived));
    if here.style.json {
        return Ok(Answer::json(Value::Array(listed.iter().map(|one| entry(one, here.now())).collect())));
    }
    let rows: Vec<Vec<String>> = listed.iter().map(|one| row(one, here.now())).collect();
    Ok(Answer::text(columns(&rows)))
}

fn row(one: &Listed, now: Timestamp) -> Vec<String> {
    match &one.result {
        Ok(summary) => summary_row(summary, now),
        Err(error) => {
            let verb = one.trouble.as_ref().and_then(|trouble| trouble.verb(&one.id));
            let way = verb.map(|verb| format!("; {verb}")).unwrap_or_default();
            vec![format!("? {}", shown(&one.id)), shown(&format!("{error}{way}"))]
        }
    }
}

/// Mark, codename, process, state, and what is next with its countdown.
#[must_use]
pub fn summary_row(summary: &Summary, now: Timestamp) -> Vec<String> {
    let mark = if needs_attention(summary, now) { "!" } else { " " };
    vec![
        format!("{mark} {}", shown(&summary.id)),
        shown(&summary.process),
        summary.state.shown().to_owned(),
        headline(summary, now),
    ]
}

/// What is next; else who is waited for; else why there is nothing.
fn headline(summary: &Summary, now: Timestamp) -> String {
    let leak = summary.leak.then(|| "LEAK".to_owned());
    let words = match (&summary.next, &summary.waiting) {
        _ if summary.handed_over => "handed over, this copy is read-only".to_owned(),
        (Some(next), _) => summary_words(next, now),
        (None, Some(waiting)) => waiting_headline(waiting, now),
        (None, None) if summary.archived => "archived".to_owned(),
        (None, None) => "nothing is open".to_owned(),
    };
    let parts: Vec<String> = leak.into_iter().chain([words]).chain(late_behind(summary, now)).collect();
    parts.join("; ")
}

/// Something is late behind what is next, which has no deadline of its own.
fn late_behind(summary: &Summary, now: Timestamp) -> Option<String> {
    let deadline = summary.deadline.as_ref().filter(|deadline| deadline.due().is_late(now))?;
    let told = summary.next.iter().chain(&summary.waiting).any(|item| item.id == deadline.id);
    let next_is_late = summary.next.as_ref().is_some_and(|next| next.due().is_late(now));
    (!told && !next_is_late).then(|| summary_words(deadline, now))
}

/// «waiting for PSIRT: Approve the MR, in 2d 11h».
#[must_use]
pub fn waiting_headline(waiting: &SummaryItem, now: Timestamp) -> String {
    let who = shown(waiting.waiting_on.as_deref().unwrap_or("somebody"));
    format!("waiting for {who}: {}", summary_words(waiting, now))
}

/// A leak is open, or something is late.
#[must_use]
pub fn needs_attention(summary: &Summary, now: Timestamp) -> bool {
    let over = summary.handed_over || summary.state == State::Closed;
    let late = |item: &Option<SummaryItem>| item.as_ref().is_some_and(|item| item.due().is_late(now));
    summary.leak || (!over && (late(&summary.next) || late(&summary.waiting) || late(&summary.deadline)))
}

fn entry(one: &Listed, now: Timestamp) -> Value {
    let mut value = match &one.result {
        Ok(summary) => summary_json(summary, now),
        Err(error) => json!({ "id": one.id, "error": error }),
    };
    value["trouble"] = trouble_json(one.trouble.as_ref(), &one.id, now);
    value
}

/// A case as one entry of a list.
#[must_use]
pub fn summary_json(summary: &Summary, now: Timestamp) -> Value {
    let next = summary.next.as_ref();
    json!({
        "id": summary.id,
        "title": summary.title,
        "playbook": summary.playbook,
        "process": summary.process,
        "project": summary.project,
        "state": summary.state.word(),
        "lead": summary.lead,
        "next": next.map(|item| json!({ "id": item.id, "title": item.title })),
        "due": due_json(next.map(SummaryItem::due)),
        "overdue": next.is_some_and(|item| item.due().is_late(now)),
        "waiting": summary.waiting.as_ref().map(waiting_json),
        "leak": summary.leak,
        "archived": summary.archived,
        "handed_over": summary.handed_over,
        "settled": summary.settled,
        "total": summary.total,
        "phases": summary.phases,
        "release": release_json(&summary.release),
        "reported": instant(summary.reported),
        "score": summary.score,
    })
}

fn waiting_json(item: &SummaryItem) -> Value {
    json!({
        "id": item.id,
        "title": item.title,
        "waiting_on": item.waiting_on,
        "since": instant(item.since),
        "due": due_json(Some(item.due())),
    })
}
