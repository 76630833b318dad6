//! What becomes known of a case: answers, any field of the file.

use clap::Args;

use super::acted;
use super::failure::Failure;
use super::free_text;
use super::here::Here;
use super::output::Answer;
use crate::case::{Action, Refusal};
use crate::playbook::{Playbook, Value, parse_value};

/// `case fact`
#[derive(Args, Debug)]
pub struct Fact {
    /// Codename of the case
    id: String,
    /// Question and answer; K=? makes it unknown again
    #[arg(value_name = "K=V", required = true)]
    facts: Vec<String>,
}

/// `case set`
#[derive(Args, Debug)]
pub struct Set {
    /// Codename of the case
    id: String,
    /// Field and value, such as vulnerability.V1.cve=CVE-2026-0001; the value also as - or @FILE
    #[arg(value_name = "PATH=VALUE")]
    field: String,
}

/// `K=V` in its two parts; the value may also be `-` or `@FILE`.
///
/// # Errors
/// If there is no equals sign.
pub fn pair(given: &str) -> Result<(String, String), Failure> {
    match given.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), free_text::expanded(value)?)),
        _ => Err(Failure::usage(format!("«{given}» has no value"), "write it as NAME=VALUE")),
    }
}

/// Several of them.
///
/// # Errors
/// As [`pair`].
pub fn pairs(given: &[String]) -> Result<Vec<(String, String)>, Failure> {
    given.iter().map(|given| pair(given)).collect()
}

/// Answers as the playbook types them.
///
/// # Errors
/// If one is no answer to its question.
pub fn facts_of(pairs: &[(String, String)], playbook: &Playbook) -> Result<Vec<(String, Option<Value>)>, Refusal> {
    let typed = |(id, text): &(String, String)| {
        if text.trim() == "?" {
            return Ok((id.clone(), None));
        }
        let value = match playbook.fact(id) {
            Some(fact) => parse_value(&fact.kind, text).map_err(|why| Refusal::BadValue(format!("{id}: {why}")))?,
            // A question that does not exist is refused by the case, which knows what was probably meant.
            None => Value::Text(text.clone()),
        };
        Ok((id.clone(), Some(value)))
    };
    pairs.iter().map(typed).collect()
}

/// Answers become known, or unknown again.
///
/// # Errors
/// As [`Here::act`].
pub fn fact(here: &Here, args: &Fact) -> Result<Answer, Failure> {
    let pairs = pairs(&args.facts)?;
    let acted = here.act(&args.id, |case| Ok(Action::SetFacts(facts_of(&pairs, case.playbook())?)))?;
    Ok(acted::answer(here, &acted))
}

/// Any typed field of the file.
///
/// # Errors
/// As [`Here::act`].
pub fn set(here: &Here, args: &Set) -> Result<Answer, Failure> {
    let (path, value) = pair(&args.field)?;
    let acted = here.act(&args.id, |_| Ok(Action::set(path, value)))?;
    Ok(acted::answer(here, &acted))
}
