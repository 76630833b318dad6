//! Ways out of what stands in the way of a case: older versions, a copy from elsewhere, what was changed on both sides.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::acted;
use super::case::OneCase;
use super::failure::Failure;
use super::here::{Here, stored};
use super::output::{Answer, shown};
use crate::case::{Action, Case, Question, Trouble, Version};
use crate::runtime::world;
use crate::store::{Access, Loaded, Reason, Restored, StoreError};

/// `case restore`
#[derive(Args, Debug)]
pub struct Restore {
    /// Codename of the case
    id: String,
    /// Go back to this version; «case versions» lists them
    #[arg(long, value_name = "INSTANT", conflicts_with = "from")]
    version: Option<String>,
    /// Put a copy from elsewhere in place, such as one that a screen wrote when it could not save
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// `case resolve`
#[derive(Args, Debug)]
pub struct Resolve {
    /// Codename of the case
    id: String,
    /// What was changed here counts
    #[arg(long, conflicts_with = "theirs")]
    mine: bool,
    /// What was changed elsewhere stays; the other side is put away
    #[arg(long)]
    theirs: bool,
    /// Only these, by their address; «case resolve ID» lists them
    #[arg(long, value_name = "ADDRESS", num_args = 1..)]
    only: Vec<String>,
}

/// Another version takes the place of the case: the newest good one of a damaged case, an older one, or a copy. What
/// was in its place is kept.
///
/// # Errors
/// If there is no such version, or it can't be written.
pub fn restore(here: &Here, args: &Restore) -> Result<Answer, Failure> {
    let (store, id) = (here.store()?, args.id.as_str());
    let (now, by) = (here.now(), here.world.me());
    let tell = |of| move |case: &mut Case| world::act(case, Action::Restore { of }, now, &by);
    let restored = match (&args.version, &args.from) {
        (Some(version), _) => {
            let at = instant(here, version)?;
            store.restore_version(id, at, tell(Some(at)))
        }
        (None, Some(copy)) => store.restore_file(id, copy, tell(None)),
        (None, None) => store.restore(id),
    };
    let restored = match restored {
        Ok(restored) => restored,
        Err(in_order @ StoreError::NothingToRestore { .. }) => return Ok(already(here, id, &in_order.to_string())),
        Err(error) => return Err(stored(error)),
    };
    // A copy whose changes are in place now has nothing left to ask.
    store.settle(id, &[]).map_err(stored)?;
    Ok(if here.style.json { Answer::json(restored_json(id, &restored)) } else { restored_text(id, &restored) })
}

/// Versions are named in microseconds, which the general form of instants does not know.
fn instant(here: &Here, text: &str) -> Result<Timestamp, Failure> {
    text.parse().or_else(|_| here.instant(text))
}

fn restored_json(id: &str, restored: &Restored) -> Value {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let backup = restored.of.map(|_| restored.source.display().to_string());
    json!({
        "id": id,
        "backup": backup,
        "of": restored.of.map(|of| of.to_string()),
        "source": restored.source.display().to_string(),
        "damaged": path(&restored.damaged),
        "replaced": path(&restored.replaced),
        "lacks": restored.lacks,
    })
}

fn restored_text(id: &str, restored: &Restored) -> Answer {
    let what = restored.of.map_or_else(|| "the copy".to_owned(), |of| format!("the backup of {of}"));
    let damaged = restored.damaged.as_ref().map(|path| format!("; the damaged file is kept as {}", path.display()));
    let replaced = restored.replaced.as_ref().map(|path| format!("; the one before is kept as {}", path.display()));
    let lacking = restored.lacking().map(|lacking| format!("; {lacking}"));
    let kept: String = lacking.into_iter().chain(damaged).chain(replaced).collect();
    Answer::text(vec![shown(&format!("{id}: {what} is in place{kept}"))])
}

fn already(here: &Here, id: &str, text: &str) -> Answer {
    if here.style.json { Answer::json(json!({ "id": id, "already": text })) } else { Answer::text(vec![shown(text)]) }
}

/// The older versions of a case, the newest first.
///
/// # Errors
/// If there is no such case.
pub fn versions(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    let versions = here.store()?.versions(&args.id).map_err(stored)?;
    if here.style.json {
        return Ok(Answer::json(
            json!({ "id": args.id, "versions": versions.iter().map(version_json).collect::<Vec<_>>() }),
        ));
    }
    if versions.is_empty() {
        return Ok(Answer::text(vec![format!("{} has no older version yet", shown(&args.id))]));
    }
    let mut lines: Vec<String> = versions.iter().map(version_line).collect();
    lines.push(format!(
        "fixlead case restore {} --version INSTANT goes back to one; what is there now is kept",
        args.id
    ));
    Ok(Answer::text(lines))
}

fn version_json(version: &Version) -> Value {
    json!({
        "at": version.at.to_string(),
        "until": version.until.map(|at| at.to_string()),
        "last": version.last,
        "since": version.since,
        "more": version.more,
    })
}

fn version_line(version: &Version) -> String {
    let since = version.since.map(|_| format!("   {}", version.since())).unwrap_or_default();
    format!("{}{since}   last: {}", version.at, shown(&version.last))
}

/// What was changed on both sides: lists it, or says which side counts.
///
/// # Errors
/// If the case can't be read or changed, or nothing of this address is asked.
pub fn resolve(here: &Here, args: &Resolve) -> Result<Answer, Failure> {
    let store = here.store()?;
    let loaded = here.load(&args.id)?;
    check_decidable(&loaded, &args.id)?;
    let questions = store.questions(&loaded);
    let chosen: Vec<Question> = questions.iter().filter(|question| is_chosen(question, &args.only)).cloned().collect();
    if let Some(unknown) = args.only.iter().find(|only| !questions.iter().any(|one| is_named(one, only))) {
        let then = format!("«fixlead case resolve {}» lists what is asked", args.id);
        return Err(Failure::new(super::failure::Kind::NotFound, format!("nothing is asked about {unknown}"), then));
    }
    if questions.is_empty() {
        store.settle(&args.id, &[]).map_err(stored)?;
        return Ok(nothing_asked(here, &args.id, &store.quiet_copies(&loaded)));
    }
    if args.mine {
        // Each question of its own kind is one choice; all of them are one event.
        let values = chosen.iter().flat_map(|question| question.values.clone()).collect();
        let acted = here.act(&args.id, |_| Ok(Action::Resolve(values)))?;
        store.settle(&args.id, &chosen).map_err(stored)?;
        return Ok(acted::answer(here, &acted));
    }
    if args.theirs {
        store.settle(&args.id, &chosen).map_err(stored)?;
        let count = questions.len() - chosen.len();
        let line = format!("{}: theirs stays, yours is put away among the backups; {count} left to decide", args.id);
        let value = json!({ "id": args.id, "theirs": questions_json(&chosen), "left": count });
        return Ok(if here.style.json { Answer::json(value) } else { Answer::text(vec![shown(&line)]) });
    }
    Ok(if here.style.json {
        Answer::json(json!({ "id": args.id, "questions": questions_json(&questions) }))
    } else {
        Answer::text(questions_text(&args.id, &questions))
    })
}

/// Only what can be changed can be decided about.
fn check_decidable(loaded: &Loaded, id: &str) -> Result<(), Failure> {
    let id = id.to_owned();
    match &loaded.access {
        Access::Write => Ok(()),
        Access::ReadOnly(Reason::Backup { why, .. }) => Err(stored(StoreError::Unreadable { id, why: why.clone() })),
        Access::ReadOnly(reason) => Err(stored(StoreError::Stays { id, why: reason.to_string() })),
    }
}

/// Copies that ask nothing stay where they are until the person takes them away.
fn nothing_asked(here: &Here, id: &str, copies: &[PathBuf]) -> Answer {
    let copies: Vec<String> = copies.iter().map(|path| path.display().to_string()).collect();
    let text = format!("{id}: nothing is to be decided");
    if here.style.json {
        return Answer::json(json!({ "id": id, "already": text, "copies": copies }));
    }
    let line = |path: &String| shown(&format!("  {path} can't be asked about; it stays until you remove it"));
    Answer::text([shown(&text)].into_iter().chain(copies.iter().map(line)).collect())
}

fn is_chosen(question: &Question, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|only| is_named(question, only))
}

fn is_named(question: &Question, address: &str) -> bool {
    question.addresses().any(|known| known == address)
}

fn questions_text(id: &str, questions: &[Question]) -> Vec<String> {
    let mut lines = Vec::new();
    for question in questions {
        let fields = if question.fields.is_empty() { String::new() } else { format!(" ({})", shown(&question.fields)) };
        lines.push(format!("{}{fields}", shown(&question.thing)));
        lines.push(format!("  yours:  {}", shown(&question.mine)));
        lines.push(format!("  theirs: {}", shown(&question.theirs)));
        let addresses: Vec<&str> = question.addresses().collect();
        lines.push(format!("  {}", shown(&addresses.join(" "))));
    }
    lines.push(format!("fixlead case resolve {id} --mine or --theirs decides; --only ADDRESS decides one of them"));
    lines
}

fn questions_json(questions: &[Question]) -> Vec<Value> {
    let question = |question: &Question| {
        json!({
            "thing": question.thing,
            "fields": question.fields,
            "mine": question.mine,
            "theirs": question.theirs,
            "addresses": question.addresses().collect::<Vec<_>>(),
        })
    };
    questions.iter().map(question).collect()
}

/// What stands in the way of a case, for programs; null if nothing does.
#[must_use]
pub fn trouble_json(trouble: Option<&Trouble>, id: &str, now: Timestamp) -> Value {
    let Some(trouble) = trouble else { return Value::Null };
    let words = trouble.words(now);
    let questions = if let Trouble::Conflict(questions) = trouble { questions_json(questions) } else { Vec::new() };
    json!({
        "kind": trouble.word(),
        "text": trouble.to_string(),
        "title": words.title,
        "lines": words.lines,
        "place": words.place,
        "questions": questions,
        "verb": trouble.verb(id),
    })
}

/// What stands in the way and the verb that leads on, as one line beside the answer; of what is told otherwise, nothing.
#[must_use]
pub fn trouble_aside(trouble: Option<&Trouble>, id: &str) -> Option<String> {
    let trouble = trouble.filter(|trouble| matches!(trouble, Trouble::Conflict(_)))?;
    Some(format!("{trouble}; {}", trouble.verb(id).map(|verb| format!("`{verb}` asks which counts"))?))
}
