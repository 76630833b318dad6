//! Who: access, and the case on its way between two leads.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::acted;
use super::case::OneCase;
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::{Here, stored};
use super::output::{Answer, shown};
use crate::case::{Action, Refusal};

/// `case grant` and `case revoke`
#[derive(Args, Debug)]
pub struct Access {
    /// Codename of the case
    id: String,
    /// Who; also - or @FILE
    who: String,
    /// To what; also - or @FILE
    what: String,
}

/// `case hand-over`
#[derive(Args, Debug)]
pub struct HandOver {
    /// Codename of the case
    id: String,
    /// The next lead; also - or @FILE
    #[arg(long, value_name = "WHO")]
    to: String,
    /// What the next lead should know; may be left out
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    note: Option<String>,
}

/// `case import`
#[derive(Args, Debug)]
pub struct Import {
    /// The bundle that came from the other lead
    bundle: PathBuf,
}

impl Access {
    fn texts(&self) -> Result<(String, String), Failure> {
        let who = free_text::required(Some(&self.who), "who", "Who?")?;
        Ok((who, free_text::required(Some(&self.what), "to what", "To what?")?))
    }
}

/// Somebody gets access.
///
/// # Errors
/// As [`Here::act`].
pub fn grant(here: &Here, args: &Access) -> Result<Answer, Failure> {
    let (who, what) = args.texts()?;
    let acted = here.act(&args.id, |_| Ok(Action::Grant { who, what }))?;
    Ok(acted::answer(here, &acted))
}

/// Access ends.
///
/// # Errors
/// As [`Here::act`].
pub fn revoke(here: &Here, args: &Access) -> Result<Answer, Failure> {
    let (who, what) = args.texts()?;
    let acted = here.act(&args.id, |_| Ok(Action::Revoke { who, what }))?;
    Ok(acted::answer(here, &acted))
}

/// The case goes to another lead: this copy turns read-only, and a bundle is written for the other one. Said again, the
/// bundle is written again.
///
/// # Errors
/// As [`Here::act`]; or if the bundle can't be written.
pub fn hand_over(here: &Here, args: &HandOver) -> Result<Answer, Failure> {
    let to = free_text::required(Some(&args.to), "--to", "To whom?")?;
    let note = free_text::optional(args.note.as_deref(), "--note", "What should the next lead know?")?;
    let acted = here.act(&args.id, |case| {
        let gone = case.record().hand_over.as_ref().filter(|gone| !gone.received);
        match gone {
            // The bundle may be lost, or could not be written the first time.
            Some(gone) if gone.to.trim() == to.trim() => {
                Err(Refusal::Nothing(format!("it was handed over to {} already", gone.to)))
            }
            _ => Ok(Action::HandOver { to, note }),
        }
    })?;
    let bundle = here.store()?.export(&args.id).map_err(stored)?;
    let path = bundle.display().to_string();
    if here.style.json {
        return Ok(acted::answer_with(here, &acted, Vec::new(), &[("bundle", json!(path))]));
    }
    Ok(Answer::text(vec![shown(&path)]))
}

/// A case that came in is taken over.
///
/// # Errors
/// As [`Here::act`].
pub fn accept(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    let acted = here.act(&args.id, |_| Ok(Action::Accept))?;
    Ok(acted::answer(here, &acted))
}

/// A bundle comes in.
///
/// # Errors
/// If it can't be read, or the case is here already.
pub fn import(here: &Here, args: &Import) -> Result<Answer, Failure> {
    let id = here.store()?.import(&args.bundle).map_err(stored)?;
    Ok(if here.style.json { Answer::json(json!({ "id": id })) } else { Answer::text(vec![shown(&id)]) })
}
