//! What concerns the case as a whole: taking back, exposing, ending, another process.

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::acted;
use super::case::OneCase;
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::{Here, stored};
use super::output::Answer;
use crate::case::{Action, SwitchTo};
use crate::playbook::CloseAs;

/// `case close`
#[derive(Args, Debug)]
pub struct Close {
    /// Codename of the case
    id: String,
    /// How it ends; left out after a release and its retrospective
    #[arg(long = "as", value_name = "ENDING", value_parser = PossibleValuesParser::new(CloseAs::ALL.map(|(word, _)| word)))]
    ending: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    why: Option<String>,
}

/// `case switch`
#[derive(Args, Debug)]
pub struct Switch {
    /// Codename of the case
    id: String,
    /// The other process
    #[arg(long, value_name = "ID")]
    playbook: String,
}

fn act(here: &Here, id: &str, action: Action) -> Result<Answer, Failure> {
    let acted = here.act(id, |_| Ok(action))?;
    Ok(acted::answer(here, &acted))
}

/// The last thing that can be taken back is taken back.
///
/// # Errors
/// As [`Here::act`].
pub fn undo(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    act(here, &args.id, Action::Undo)
}

/// What was taken back is done again.
///
/// # Errors
/// As [`Here::act`].
pub fn redo(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    act(here, &args.id, Action::Redo)
}

/// Exposing begins; whoever names the case has typed its codename.
///
/// # Errors
/// As [`Here::act`].
pub fn expose(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    act(here, &args.id, Action::Expose { codename: args.id.clone() })
}

/// The lead declares it public.
///
/// # Errors
/// As [`Here::act`].
pub fn publish(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    act(here, &args.id, Action::Publish)
}

/// The case ends.
///
/// # Errors
/// As [`Here::act`].
pub fn close(here: &Here, args: &Close) -> Result<Answer, Failure> {
    let word = args.ending.as_deref();
    let ending = word.and_then(|word| CloseAs::ALL.iter().find(|(known, _)| *known == word).map(|(_, ending)| *ending));
    let why = match ending {
        // Only an end without a release has to be explained.
        Some(_) => Some(free_text::required(args.why.as_deref(), "--why", "Why does it end so?")?),
        None => free_text::optional(args.why.as_deref(), "--why", "Why does it end?")?,
    };
    act(here, &args.id, Action::Close { ending, why })
}

/// The case goes on with another process.
///
/// # Errors
/// As [`Here::act`]; or if there is no such playbook.
pub fn switch(here: &Here, args: &Switch) -> Result<Answer, Failure> {
    let loaded = here.world.playbook(&args.playbook)?;
    // The text has to lie beside the case before the case refers to it.
    here.store()?.add_playbook(&args.id, &loaded.text).map_err(stored)?;
    let to = SwitchTo { playbook: loaded.playbook, sha256: loaded.sha256 };
    act(here, &args.id, Action::Switch(Box::new(to)))
}

/// Out of the way.
///
/// # Errors
/// As [`Here::act`].
pub fn archive(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    act(here, &args.id, Action::Archive)
}

/// Back again.
///
/// # Errors
/// As [`Here::act`].
pub fn unarchive(here: &Here, args: &OneCase) -> Result<Answer, Failure> {
    act(here, &args.id, Action::Unarchive)
}
