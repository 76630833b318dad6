//! Something got out.

use clap::Args;

use super::acted;
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::Here;
use super::output::Answer;
use crate::case::Action;
use crate::case::record::LeakExtent;

/// `leak`
#[derive(Args, Debug)]
pub struct LeakArgs {
    /// Codename of the case
    id: String,
    /// What was seen, and where
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK, conflicts_with_all = ["close", "why"])]
    what: Option<String>,
    /// Everything got out
    #[arg(long, conflicts_with = "close")]
    full: bool,
    /// It has been dealt with
    #[arg(long)]
    close: bool,
    /// How it was dealt with
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK, requires = "close")]
    why: Option<String>,
}

/// Reports a leak, or closes the one that is open.
///
/// # Errors
/// As [`Here::act`].
pub fn run(here: &Here, args: &LeakArgs) -> Result<Answer, Failure> {
    let action = if args.close {
        Action::CloseLeak { why: free_text::required(args.why.as_deref(), "--why", "How was it dealt with?")? }
    } else {
        let what = free_text::required(args.what.as_deref(), "--what", "What was seen, and where?")?;
        Action::ReportLeak { extent: if args.full { LeakExtent::Full } else { LeakExtent::Partial }, what }
    };
    let acted = here.act(&args.id, |_| Ok(action))?;
    Ok(acted::answer(here, &acted))
}
