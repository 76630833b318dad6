//! Where the repositories of components differ: by their URLs, as they are watched, or those of a case.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args};

use super::divergence_asked::{Asked, asked};
use super::divergence_json;
use super::divergence_text::{Sheet, lines};
use super::failure::{Failure, Kind};
use super::free_text::ASK;
use super::here::Here;
use super::output::{Answer, terminal_width};
use super::stop::unless_stopped;
use crate::divergence::{Component, Outcome, Report};
use crate::git::Git;
use crate::look::{self, Looker};

/// Where what was fetched is kept, in the data folder.
const FOLDER: &str = "components";

/// How long a repository may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// `divergence`
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("given").multiple(true).args([
    "name", "canonical", "security", "dev", "clone", "branches", "fix", "embargoed", "pin", "tags",
]))]
pub struct DivergenceArgs {
    /// The components of a file; without FILE, and without any of these, those of watch.toml in the configuration folder
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = ASK, conflicts_with = "given")]
    pub watch: Option<PathBuf>,
    /// The public repository: a URL, or a path. Arguments can be read by everyone on the machine, so a URL must not hold a password
    #[arg(long, value_name = "URL", requires = "security")]
    pub canonical: Option<String>,
    /// The private repository, where the fix is made
    #[arg(long, value_name = "URL", requires = "canonical")]
    pub security: Option<String>,
    /// A private repository where releases are built
    #[arg(long, value_name = "URL", requires = "canonical")]
    pub dev: Option<String>,
    /// A clone on this machine: what it holds is not fetched again, and it is looked at where it would push. Nothing is written to it
    #[arg(long, value_name = "PATH", requires = "canonical")]
    pub clone: Option<String>,
    /// Branches that are compared, such as main,release-*; all of them where there is none
    #[arg(long, value_name = "PATTERN", num_args = 1.., value_delimiter = ',', requires = "canonical")]
    pub branches: Vec<String>,
    /// Commits that are looked for on every branch
    #[arg(long, value_name = "COMMIT", num_args = 1.., value_delimiter = ',', requires = "canonical")]
    pub fix: Vec<String>,
    /// Fixes that must not be public yet
    #[arg(long, value_name = "COMMIT", num_args = 1.., value_delimiter = ',', requires = "canonical")]
    pub embargoed: Vec<String>,
    /// The file in the repository that pins a version
    #[arg(long, value_name = "PATH", requires = "canonical")]
    pub pin: Option<String>,
    /// Tags that are compared, such as v*
    #[arg(long, value_name = "PATTERN", num_args = 1.., value_delimiter = ',', requires = "canonical")]
    pub tags: Vec<String>,
    /// What the component is called
    #[arg(long, value_name = "NAME", requires = "canonical")]
    pub name: Option<String>,
    /// Ask the servers; without it URLs are answered from what was fetched last. Paths are always looked at
    #[arg(long)]
    pub fetch: bool,
}

/// Looks at what was asked for.
///
/// # Errors
/// If nothing can be asked: the command line, the file or the case says why; or if a signal ended it.
pub fn run(here: &Here, args: &DivergenceArgs) -> Result<Answer, Failure> {
    let Asked { components, case } = asked(here, args)?;
    let reports = look(here, &components, args.fetch)?;
    Ok(answer(here, &components, &reports, case.as_deref()))
}

fn look(here: &Here, components: &[Component], fetch: bool) -> Result<Vec<Report>, Failure> {
    let git = Git::find().map_err(|error| Failure { kept: "", ..Failure::new(Kind::Failed, error.to_string(), "") })?;
    let folder = here.world.data_dir.join(FOLDER);
    unless_stopped(here.style, |cancel| {
        let looker = Looker { git: &git, folder: &folder, may_ask: fetch, patience: PATIENCE, now: here.now(), cancel };
        look::all(looker, components)
    })
}

fn answer(here: &Here, components: &[Component], reports: &[Report], case: Option<&str>) -> Answer {
    let outcome = reports.iter().map(Report::outcome).max().unwrap_or(Outcome::AsPlanned);
    let answer = if here.style.json {
        Answer::json(divergence_json::reports(reports))
    } else {
        let sheet = Sheet { now: here.now(), width: terminal_width(), case };
        Answer::text(lines(components, reports, sheet))
    };
    answer.with_code(outcome.code())
}
