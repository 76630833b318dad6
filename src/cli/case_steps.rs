//! What can be said of a step.

use clap::Args;

use super::acted;
use super::case_facts::{facts_of, pairs};
use super::failure::Failure;
use super::free_text::{self, ASK};
use super::here::Here;
use super::output::Answer;
use crate::case::{Action, Tick};

/// A step of a case.
#[derive(Args, Debug)]
pub struct StepOf {
    /// Codename of the case
    id: String,
    /// Id of the step
    step: String,
}

/// `case do`
#[derive(Args, Debug)]
pub struct Do {
    #[command(flatten)]
    of: StepOf,
    /// One of the things the step is done for; without it all of them
    #[arg(long)]
    item: Option<String>,
    /// Who did it, if not you; also - or @FILE
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// A note
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    note: Option<String>,
    /// A link to what was done; also - or @FILE
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// An answer that comes with it
    #[arg(long = "fact", value_name = "K=V")]
    facts: Vec<String>,
    /// How you know what the program could not look at
    #[arg(long, value_name = "HOW", num_args = 0..=1, default_missing_value = ASK)]
    attest: Option<String>,
    /// Why it is done although something is missing; the timeline keeps it
    #[arg(long = "override", value_name = "REASON", num_args = 0..=1, default_missing_value = ASK)]
    override_why: Option<String>,
}

/// `case start`
#[derive(Args, Debug)]
pub struct Start {
    #[command(flatten)]
    of: StepOf,
    /// Why it begins although something is missing; the timeline keeps it
    #[arg(long = "override", value_name = "REASON", num_args = 0..=1, default_missing_value = ASK)]
    override_why: Option<String>,
}

/// `case reopen`
#[derive(Args, Debug)]
pub struct Reopen {
    #[command(flatten)]
    of: StepOf,
    /// One of the things the step is done for; without it all of them
    #[arg(long)]
    item: Option<String>,
}

/// `case wait`
#[derive(Args, Debug)]
pub struct Wait {
    #[command(flatten)]
    of: StepOf,
    /// For whom; also - or @FILE
    #[arg(long, value_name = "WHO")]
    on: String,
}

/// `case assign`
#[derive(Args, Debug)]
pub struct Assign {
    #[command(flatten)]
    of: StepOf,
    /// Whose it is; blank is nobody's; also - or @FILE
    who: String,
}

/// `case note`
#[derive(Args, Debug)]
pub struct Note {
    #[command(flatten)]
    of: StepOf,
    /// The note
    text: Option<String>,
    /// In place of all notes of the step; a blank text takes them away
    #[arg(long)]
    replace: bool,
}

/// `case link`
#[derive(Args, Debug)]
pub struct Link {
    #[command(flatten)]
    of: StepOf,
    /// The link; also - or @FILE
    url: String,
}

/// `case skip`
#[derive(Args, Debug)]
pub struct Skip {
    #[command(flatten)]
    of: StepOf,
    /// One of the things the step is done for; without it all of them
    #[arg(long)]
    item: Option<String>,
    /// Why it does not apply
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = ASK)]
    why: Option<String>,
}

fn act(here: &Here, id: &str, action: Action) -> Result<Answer, Failure> {
    let acted = here.act(id, |_| Ok(action))?;
    Ok(acted::answer(here, &acted))
}

fn override_of(given: Option<&str>) -> Result<Option<String>, Failure> {
    free_text::optional(given, "--override", "Why go on although something is missing?")
}

/// A step is done.
///
/// # Errors
/// As [`Here::act`].
pub fn run_do(here: &Here, args: &Do) -> Result<Answer, Failure> {
    let facts = pairs(&args.facts)?;
    let tick = Tick {
        step: args.of.step.clone(),
        item: args.item.clone(),
        who: free_text::optional(args.by.as_deref(), "--by", "Who did it?")?,
        note: free_text::optional(args.note.as_deref(), "--note", "Note:")?,
        link: free_text::optional(args.link.as_deref(), "--link", "Link:")?,
        facts: Vec::new(),
        attest: free_text::optional(args.attest.as_deref(), "--attest", "How do you know?")?,
        override_why: override_of(args.override_why.as_deref())?,
        // Whoever names the case in the command has typed its codename.
        codename: Some(args.of.id.clone()),
    };
    let acted = here.act_on_step(&args.of.id, &args.of.step, |case| {
        Ok(Action::Do(Tick { facts: facts_of(&facts, case.playbook())?, ..tick }))
    })?;
    Ok(acted::answer(here, &acted))
}

/// Somebody begins a step.
///
/// # Errors
/// As [`Here::act`].
pub fn start(here: &Here, args: &Start) -> Result<Answer, Failure> {
    let override_why = override_of(args.override_why.as_deref())?;
    let codename = Some(args.of.id.clone());
    let action = Action::Start { step: args.of.step.clone(), codename, override_why };
    let acted = here.act_on_step(&args.of.id, &args.of.step, |_| Ok(action))?;
    Ok(acted::answer(here, &acted))
}

/// A settled step is open again.
///
/// # Errors
/// As [`Here::act`].
pub fn reopen(here: &Here, args: &Reopen) -> Result<Answer, Failure> {
    act(here, &args.of.id, Action::Reopen { step: args.of.step.clone(), item: args.item.clone() })
}

/// A step waits for somebody.
///
/// # Errors
/// As [`Here::act`].
pub fn wait(here: &Here, args: &Wait) -> Result<Answer, Failure> {
    let on = free_text::required(Some(&args.on), "--on", "For whom?")?;
    act(here, &args.of.id, Action::Wait { step: args.of.step.clone(), on })
}

/// A step is somebody's.
///
/// # Errors
/// As [`Here::act`].
pub fn assign(here: &Here, args: &Assign) -> Result<Answer, Failure> {
    // Blank is a text as well here.
    let who = free_text::expanded(&args.who)?;
    act(here, &args.of.id, Action::Assign { step: args.of.step.clone(), who })
}

/// A note on a step.
///
/// # Errors
/// As [`Here::act`].
pub fn note(here: &Here, args: &Note) -> Result<Answer, Failure> {
    let step = args.of.step.clone();
    // In place of the notes a blank text is an answer, too.
    let text = match args.text.as_deref().filter(|_| args.replace) {
        Some(given) => free_text::expanded(given)?,
        None => free_text::required(args.text.as_deref(), "the text of the note", "Note:")?,
    };
    let action = if args.replace { Action::Rewrite { step, was: None, text } } else { Action::Note { step, text } };
    act(here, &args.of.id, action)
}

/// A link on a step.
///
/// # Errors
/// As [`Here::act`].
pub fn link(here: &Here, args: &Link) -> Result<Answer, Failure> {
    let url = free_text::required(Some(&args.url), "the link", "Link:")?;
    act(here, &args.of.id, Action::Link { step: args.of.step.clone(), url })
}

/// A step does not apply.
///
/// # Errors
/// As [`Here::act`].
pub fn skip(here: &Here, args: &Skip) -> Result<Answer, Failure> {
    let why = free_text::required(args.why.as_deref(), "--why", "Why does it not apply?")?;
    act(here, &args.of.id, Action::SetAside { step: args.of.step.clone(), item: args.item.clone(), why })
}
