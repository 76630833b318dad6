//! The scores of a case: the verb that gives one, the history as lines and as JSON.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::acted;
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::{Here, Outcome};
use super::output::{Answer, shown};
use super::words::{columns, score_words};
use crate::case::{Action, Case, DrivingScore, NOTHING_CHANGES, Scored, VulnerabilityScores};
use crate::cvss::number;
use crate::schedule::ago;

/// `case score`
#[derive(Args, Debug)]
pub struct Score {
    /// Codename of the case
    id: String,
    /// The CVSS vector; also - or @FILE
    vector: String,
    /// Which vulnerability; «case set ID vulnerability.V2.summary=…» begins another
    #[arg(long, value_name = "ID", default_value = "V1")]
    vulnerability: String,
    /// Why
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    why: Option<String>,
    /// It is the last word, which the lead of the case has
    #[arg(long = "final")]
    is_final: bool,
}

/// A vulnerability is scored.
///
/// # Errors
/// As [`Here::act`].
pub fn score(here: &Here, args: &Score) -> Result<Answer, Failure> {
    let vector = free_text::expanded(&args.vector)?;
    let why = free_text::optional(args.why.as_deref(), "--why", "Why this score?")?;
    let (vulnerability, is_final) = (args.vulnerability.clone(), args.is_final);
    let acted = here.act(&args.id, |_| Ok(Action::Score { vulnerability, vector, why, is_final }))?;
    let score = here.view(&acted.case).score;
    let mut lines: Vec<String> = score.iter().map(|score| format!("score: {}", score_words(score))).collect();
    if acted.consequences.is_empty() && matches!(acted.outcome, Outcome::Happened(_)) {
        lines.push(NOTHING_CHANGES.to_owned());
    }
    Ok(acted::answer_with(here, &acted, lines, &[("score", score_json(score.as_ref()))]))
}

/// Each vulnerability that was scored, or all where there are several, with its history, newest first.
#[must_use]
pub fn lines(case: &Case, now: Timestamp) -> Vec<String> {
    let scoring = case.scoring();
    let several = scoring.len() > 1;
    let told = scoring.iter().filter(|entry| several || !entry.history.is_empty());
    told.flat_map(|entry| std::iter::once(title(entry)).chain(history(entry, now))).collect()
}

fn title(entry: &VulnerabilityScores) -> String {
    let drives = entry.drives.then(|| "drives the process".to_owned());
    let unscored = entry.latest.is_none().then(|| "has no score yet".to_owned());
    let about = [&entry.cve, &entry.summary].into_iter().flatten().map(|text| shown(text));
    let parts: Vec<String> = std::iter::once(shown(&entry.id)).chain(drives).chain(unscored).chain(about).collect();
    parts.join("  ")
}

fn history(entry: &VulnerabilityScores, now: Timestamp) -> Vec<String> {
    let row = |scored: &Scored| {
        let rated = scored.rated().unwrap_or_else(|| "no vector".to_owned());
        let (text, by, at) = (shown(&scored.text), shown(&scored.by), ago(scored.at, now));
        let why = scored.why.as_deref().map(shown).unwrap_or_default();
        vec![format!("  {}", shown(&scored.id)), rated, scored.standing().to_owned(), text, by, at, why]
    };
    columns(&entry.history.iter().map(row).collect::<Vec<_>>())
}

/// The score that drives the process, or null.
#[must_use]
pub fn score_json(score: Option<&DrivingScore>) -> Value {
    let Some(score) = score else { return Value::Null };
    json!({
        "version": score.vector.version().number(),
        "vector": score.vector.to_string(),
        "base": number(score.base()),
        "severity": score.severity().to_string().to_lowercase(),
        "final": score.is_final,
        "incomplete": !score.unscored.is_empty(),
        "vulnerability": score.vulnerability,
        "unscored": score.unscored,
    })
}

/// The scores of each vulnerability.
#[must_use]
pub fn scoring_json(case: &Case) -> Vec<Value> {
    let entry = |entry: &VulnerabilityScores| {
        json!({
            "vulnerability": entry.id,
            "drives": entry.drives,
            "latest": entry.latest.as_ref().map(scored_json),
            "history": entry.history.iter().map(scored_json).collect::<Vec<_>>(),
        })
    };
    case.scoring().iter().map(entry).collect()
}

/// What is not known of a text that is no vector is null.
fn scored_json(scored: &Scored) -> Value {
    let vector = scored.vector.as_ref();
    let severity = scored.severity().map(|severity| severity.to_string().to_lowercase());
    json!({
        "id": scored.id,
        "vector": scored.text,
        "version": vector.map(|vector| vector.version().number()),
        "base": vector.map(|vector| number(vector.base_score())),
        "severity": severity,
        "final": scored.is_final,
        "by": scored.by,
        "at": scored.at.to_string(),
        "why": scored.why,
    })
}
