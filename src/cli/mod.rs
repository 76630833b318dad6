//! The command line: what can be said, and who answers it.
//!
//! Nothing here decides anything about a case: a verb reads its arguments, hands one action to the case, and prints
//! what came of it. Every verb has its file; [`output`] prints, [`failure`] knows the exit codes.

mod acted;
mod case;
mod case_components;
mod case_end;
mod case_facts;
mod case_json;
mod case_list;
mod case_new;
mod case_people;
mod case_scores;
mod case_show;
mod case_steps;
mod case_text;
mod case_time;
mod case_timeline;
mod case_ways;
mod cvss;
mod cvss_batch;
mod cvss_json;
mod cvss_text;
mod divergence;
#[cfg(test)]
mod divergence_agree_tests;
mod divergence_asked;
mod divergence_json;
mod divergence_sheet;
#[cfg(test)]
mod divergence_tests;
mod divergence_text;
mod drill;
pub mod failure;
pub mod fault;
mod free_text;
pub mod here;
mod home;
mod leak;
mod limits;
mod manual;
mod next;
pub mod output;
mod playbook;
mod playbook_json;
mod playbook_text;
pub mod screen;
mod step_json;
mod stop;
mod usage;
mod watch;
mod words;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use jiff::Timestamp;

use crate::runtime::world::{Given, World, WorldError, find_zone};
use crate::schedule::parse_instant;
use failure::Failure;
use here::Here;
use output::{Answer, Style};
use screen::Screen;

/// Leads a security release through its phases: what is next, by when, who, and what must not happen yet
#[derive(Debug, Parser)]
#[command(name = "fixlead", bin_name = "fixlead", version, after_help = usage::EXIT_CODES, after_long_help = usage::FORMS)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// What stands before or after any verb.
#[derive(Args, Clone, Debug)]
struct Globals {
    /// Where cases are kept
    #[arg(
        long,
        global = true,
        env = "FIXLEAD_DATA_DIR",
        hide_env_values = true,
        value_name = "DIR",
        help_heading = "Everywhere"
    )]
    data_dir: Option<PathBuf>,
    /// Where settings, projects and own playbooks are kept
    #[arg(
        long,
        global = true,
        env = "FIXLEAD_CONFIG_DIR",
        hide_env_values = true,
        value_name = "DIR",
        help_heading = "Everywhere"
    )]
    config_dir: Option<PathBuf>,
    /// Stop the clock at this instant, such as 2026-11-24T16:00:00Z
    #[arg(long, global = true, value_name = "INSTANT", help_heading = "Everywhere")]
    now: Option<String>,
    /// Print JSON
    #[arg(long, global = true, help_heading = "Everywhere")]
    json: bool,
    /// Colours of the screen: terminal, dark, light, high-contrast, plain, or one of your own
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere")]
    theme: Option<String>,
    /// Marks and frames of ASCII only
    #[arg(long, global = true, help_heading = "Everywhere")]
    ascii: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show a case on the screen; without a terminal as text
    Open {
        /// Codename of the case
        id: String,
    },
    /// What is next, one line a case: for status bars and cron
    Next(next::Next),
    /// Start, show and change cases
    #[command(subcommand)]
    Case(case::CaseVerb),
    /// Report that something got out, or close that
    Leak(leak::LeakArgs),
    /// Score CVSS vectors of all versions; nothing is stored
    Cvss(cvss::CvssArgs),
    /// Compare the public and the private repositories: branches, fixes, leaks, tags, version pins
    Divergence(Box<divergence::DivergenceArgs>),
    /// Watch many components on the screen, without a case: what needs a person, the worst first
    Watch(watch::WatchArgs),
    /// Rehearse a release: an invented vulnerability, a simulated clock, advice at each step
    Drill(drill::DrillArgs),
    /// List, show and check processes
    #[command(subcommand)]
    Playbook(playbook::PlaybookVerb),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What is left to do once the command line was read.
#[derive(Debug)]
pub enum Mode {
    /// All is done; this is the exit code.
    Done(u8),
    /// The screen was asked for.
    Screen(Box<Screen>),
}

/// Reads a command line and carries it out, up to the screen.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Mode {
    limits::outlive_file_limit();
    limits::dump_no_core();
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return Mode::Done(usage::explain(&error, &args)),
    };
    let style = Style { json: cli.globals.json, ascii: cli.globals.ascii };
    let world = match find_world(&cli.globals) {
        Ok(world) => world,
        Err(failure) => return Mode::Done(output::print(Err(failure), style)),
    };
    if let Err(failure) = check_theme(&world, cli.globals.theme.as_deref()) {
        return Mode::Done(output::print(Err(failure), style));
    }
    let here = Here { world, style };
    match screen::wanted(&here, cli.verb.as_ref()) {
        Err(failure) => Mode::Done(output::print(Err(failure), style)),
        Ok(Some(wanted)) => Mode::Screen(Box::new(Screen { here, wanted, theme: cli.globals.theme })),
        Ok(None) => {
            let notices = here.world.notices.clone();
            let answer = answer(&here, cli.verb).map(|answer| answer.with_asides(notices));
            Mode::Done(output::print(answer, style))
        }
    }
}

/// A misspelt theme is told here; one with faults is told by the screen, which begins with the default.
fn check_theme(world: &World, given: Option<&str>) -> Result<(), Failure> {
    match given.map(|name| world.theme(name)) {
        Some(Err(error @ WorldError::NoTheme { .. })) => Err(error.into()),
        _ => Ok(()),
    }
}

fn find_world(globals: &Globals) -> Result<World, Failure> {
    let now = globals.now.as_deref().map(|text| parse_instant(text, Timestamp::now(), None, &find_zone)).transpose()?;
    let given = Given { data_dir: globals.data_dir.clone(), config_dir: globals.config_dir.clone(), now };
    Ok(World::find(given)?)
}

fn answer(here: &Here, verb: Option<Verb>) -> Result<Answer, Failure> {
    match verb {
        None => home::run(here),
        Some(Verb::Open { id }) => case_show::run(here, &id),
        Some(Verb::Drill(args)) => Err(drill::no_terminal(here, &args)),
        Some(Verb::Next(args)) => next::run(here, &args),
        Some(Verb::Case(verb)) => case::run(here, verb),
        Some(Verb::Cvss(args)) => cvss::run(here, &args),
        Some(Verb::Divergence(args)) => divergence::run(here, &args),
        Some(Verb::Watch(args)) => Err(watch::no_terminal(&args)),
        Some(Verb::Leak(args)) => leak::run(here, &args),
        Some(Verb::Playbook(verb)) => playbook::run(here, verb),
        Some(Verb::Completions { shell }) => Ok(manual::completions(shell, &mut Cli::command())),
        Some(Verb::Man) => manual::man(&Cli::command()),
    }
}
