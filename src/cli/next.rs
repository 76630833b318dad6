//! What is next, one line a case, with an exit code that a status bar or cron can use.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::case_list::{listed, waiting_headline};
use super::case_ways::trouble_aside;
use super::failure::Failure;
use super::here::Here;
use super::output::{Answer, shown};
use super::step_json::due_json;
use super::words::summary_words;
use crate::case::record::State;
use crate::case::{Summary, SummaryItem, Trouble};
use crate::playbook::Span;
use crate::schedule::later;
use crate::store::Listed;

/// Something is late, or due within the span that was asked for.
const ATTENTION: u8 = 10;
/// A leak is open.
const LEAK: u8 = 11;
/// A case could not be read.
const UNKNOWN: u8 = 12;

/// `next`
#[derive(Args, Debug)]
pub struct Next {
    /// Only what is late, due within this span, or as soon as possible
    #[arg(long, value_name = "SPAN")]
    within: Option<String>,
}

/// One case in the answer.
struct Line {
    text: String,
    json: Value,
    code: u8,
    /// Late, due within the span, a leak, or not readable.
    pressing: bool,
}

/// Prints what is next.
///
/// # Errors
/// If the span is none, or the folder of cases can't be read.
pub fn run(here: &Here, args: &Next) -> Result<Answer, Failure> {
    let span = args.within.as_deref().map(Span::parse).transpose();
    let span = span.map_err(|error| Failure::usage(error.to_string(), ""))?;
    let until = span.and_then(|span| later(here.now(), span));
    let mut lines: Vec<Line> = listed(here)?.iter().filter_map(|one| line(one, here.now(), until)).collect();
    lines.retain(|line| until.is_none() || line.pressing);
    let code = code(&lines);
    let answer = if here.style.json {
        Answer::json(Value::Array(lines.into_iter().map(|line| line.json).collect()))
    } else {
        Answer::text(lines.into_iter().map(|line| line.text).collect())
    };
    Ok(answer.with_code(code))
}

/// A leak beats what is unknown, which beats what is late.
fn code(lines: &[Line]) -> u8 {
    let has = |code: u8| lines.iter().any(|line| line.code == code);
    [LEAK, UNKNOWN, ATTENTION].into_iter().find(|code| has(*code)).unwrap_or(0)
}

fn line(one: &Listed, now: Timestamp, until: Option<Timestamp>) -> Option<Line> {
    match &one.result {
        Ok(summary) => line_of(summary, now, until).map(|line| with_questions(one, line)),
        Err(error) => Some(Line {
            text: format!("{}: {}", shown(&one.id), shown(error)),
            json: json!({ "id": one.id, "error": error }),
            code: UNKNOWN,
            pressing: true,
        }),
    }
}

/// What was changed on both sides waits for a word, whatever else is next.
fn with_questions(one: &Listed, mut line: Line) -> Line {
    let count = if let Some(Trouble::Conflict(questions)) = &one.trouble { questions.len() } else { 0 };
    line.json["undecided"] = json!(count);
    if let Some(aside) = trouble_aside(one.trouble.as_ref(), &one.id) {
        line.text = format!("{}; {}", line.text, shown(&aside));
        line.json["attention"] = json!(true);
        line.code = line.code.max(ATTENTION);
        line.pressing = true;
    }
    line
}

fn line_of(summary: &Summary, now: Timestamp, until: Option<Timestamp>) -> Option<Line> {
    // A leak is told whatever became of the case since.
    let over = summary.archived || summary.handed_over || summary.state == State::Closed;
    if over && !summary.leak {
        return None;
    }
    let (item, waits) = most_pressing(summary, now);
    // What is next may have no deadline of its own while something behind it has.
    let deadline = summary.deadline.as_ref().filter(|deadline| item.is_none_or(|item| item.id != deadline.id));
    let deadline = deadline.filter(|deadline| is_pressing(deadline, now, until));
    let pressing = deadline.is_some() || item.is_some_and(|item| is_pressing(item, now, until));
    let words = item.map(|item| if waits { waiting_headline(item, now) } else { summary_words(item, now) });
    let leak = summary.leak.then(|| "LEAK".to_owned());
    let parts: Vec<String> =
        leak.into_iter().chain(words).chain(deadline.map(|item| summary_words(item, now))).collect();
    if parts.is_empty() {
        return None;
    }
    Some(Line {
        text: format!("{}: {}", shown(&summary.id), parts.join("; ")),
        json: line_json(summary, item, pressing, now),
        code: match (summary.leak, pressing) {
            (true, _) => LEAK,
            (false, true) => ATTENTION,
            (false, false) => 0,
        },
        pressing: pressing || summary.leak,
    })
}

fn line_json(summary: &Summary, item: Option<&SummaryItem>, pressing: bool, now: Timestamp) -> Value {
    let brief = |item: &SummaryItem| json!({ "id": item.id, "title": item.title, "due": due_json(Some(item.due())) });
    json!({
        "id": summary.id,
        "playbook": summary.playbook,
        "state": summary.state.word(),
        "leak": summary.leak,
        "next": item.map(|item| json!({ "id": item.id, "title": item.title })),
        "waiting_on": item.and_then(|item| item.waiting_on.clone()),
        "due": item.map_or(Value::Null, |item| due_json(Some(item.due()))),
        "overdue": item.is_some_and(|item| item.due().is_late(now)),
        "deadline": summary.deadline.as_ref().map(brief),
        "attention": pressing,
    })
}

/// What is next, unless somebody else is late meanwhile; and whether it waits for somebody.
fn most_pressing(summary: &Summary, now: Timestamp) -> (Option<&SummaryItem>, bool) {
    let late = |item: &SummaryItem| item.due().is_late(now);
    match (&summary.next, &summary.waiting) {
        (Some(next), Some(waiting)) if late(waiting) && !late(next) => (Some(waiting), true),
        (Some(next), _) => (Some(next), false),
        (None, waiting) => (waiting.as_ref(), true),
    }
}

/// «As soon as possible» lies within any span, but is late only past an instant.
fn is_pressing(item: &SummaryItem, now: Timestamp, until: Option<Timestamp>) -> bool {
    let due = item.due();
    let within = until.is_some_and(|until| due.asap || due.at.is_some_and(|at| at <= until));
    due.is_late(now) || within
}
