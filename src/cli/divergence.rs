//! Where the repositories of components differ: by their URLs, as they are watched, or those of a case.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args};
use serde_json::{Value, json};

use super::acted::event_words;
use super::divergence_asked::{Asked, asked};
use super::divergence_json;
use super::divergence_sheet::Sheet;
use super::divergence_text::lines;
use super::failure::Failure;
use super::free_text::ASK;
use super::here::{Here, notices, stored};
use super::output::{Answer, shown, terminal_width};
use super::step_json::event_json;
use super::stop::unless_stopped;
use crate::case::record::State;
use crate::case::{Case, Event, fixes_nowhere};
use crate::divergence::{Component, Look, Outcome, Report};
use crate::findings::Reader;
use crate::look::Hearer;
use crate::runtime::looking::{self, Asking};
use crate::store::Loaded;

/// How long a repository may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// `divergence`
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("given").multiple(true).args([
    "name", "canonical", "security", "dev", "clone", "branches", "fix", "embargoed", "pin", "tags",
]))]
pub struct DivergenceArgs {
    /// The components and fixes of a case; what is found is told to the case
    #[arg(long, value_name = "ID", conflicts_with_all = ["watch", "given"])]
    pub case: Option<String>,
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
    /// Commits that are looked for on every branch; also - or @FILE
    #[arg(long, value_name = "COMMIT", num_args = 1.., value_delimiter = ',', requires = "canonical")]
    pub fix: Vec<String>,
    /// Fixes that must not be public yet; also - or @FILE
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
/// If nothing can be asked: the command line, the file or the case says why; if a signal ended it; or if what was found
/// can't be kept in the case.
pub fn run(here: &Here, args: &DivergenceArgs) -> Result<Answer, Failure> {
    let Asked { components, notices, case } = asked(here, args)?;
    let reports = unless_stopped(here.style, |cancel| {
        let asking = Asking { may_ask: args.fetch, patience: PATIENCE, cancel, hearer: Hearer::default() };
        looking::reports(&here.world, &components, asking)
    })?;
    let told = case.map(|case| tell(here, case, &components, &reports)).transpose()?;
    Ok(answer(here, &components, &reports, told).with_asides(notices))
}

/// What was found is kept in the case, and what follows from it happens.
fn tell(here: &Here, case: Loaded, components: &[Component], reports: &[Report]) -> Result<Told, Failure> {
    let nowhere = fixes_nowhere(&case.case).into_iter().map(str::to_owned).collect();
    if !case.is_writable() {
        return Ok(Told { events: Vec::new(), notices: notices(&case), case: case.case, nowhere });
    }
    let looks = Look::zip(components.to_vec(), reports.to_vec());
    let events = looking::take_in(&here.world, &here.store()?, &case.case, &looks).map_err(stored)?;
    let now = here.load(&case.case.record().id)?;
    Ok(Told { events, notices: notices(&now), case: now.case, nowhere })
}

/// A case that was told what was found.
struct Told {
    /// As it is now.
    case: Case,
    /// What happened because of it.
    events: Vec<Event>,
    /// Fixes that no component was asked for.
    nowhere: Vec<String>,
    notices: Vec<String>,
}

fn answer(here: &Here, components: &[Component], reports: &[Report], told: Option<Told>) -> Answer {
    let unasked = told.iter().any(|told| !told.nowhere.is_empty()).then_some(Outcome::Unknown);
    let leaked = told.as_ref().filter(|told| told.case.record().state == State::Leaked).map(|_| Outcome::Leak);
    let outcomes = reports.iter().map(Report::outcome).chain(unasked).chain(leaked);
    let outcome = outcomes.max().unwrap_or(Outcome::AsPlanned);
    let answer = if here.style.json {
        let mut value = divergence_json::reports(reports);
        if let Some(told) = &told {
            value["case"] = told.json();
        }
        Answer::json(value)
    } else {
        let case = told.as_ref().map(|told| told.case.record().id.as_str());
        let sheet = Sheet { reader: Reader { now: here.now(), case }, width: terminal_width() };
        let mut all: Vec<String> = told.iter().flat_map(|told| told.leaked(sheet)).collect();
        all.extend(lines(components, reports, sheet));
        all.extend(told.iter().flat_map(Told::lines));
        Answer::text(all)
    };
    answer.with_code(outcome.code()).with_asides(told.into_iter().flat_map(|told| told.notices))
}

impl Told {
    fn json(&self) -> Value {
        let record = self.case.record();
        json!({
            "id": record.id,
            "state": record.state.word(),
            "events": self.events.iter().map(event_json).collect::<Vec<_>>(),
            "fixes_nowhere": self.nowhere,
        })
    }

    /// What got out is out, whatever a look finds now.
    fn leaked(&self, sheet: Sheet<'_>) -> Vec<String> {
        let record = self.case.record();
        let Some(leak) = record.leak.as_ref().filter(|_| record.state == State::Leaked) else { return Vec::new() };
        let since = sheet.reader.clock(leak.at);
        vec![format!("{} is LEAKED since {since}; what is there now:", shown(&record.id)), String::new()]
    }

    fn lines(&self) -> Vec<String> {
        let id = shown(&self.case.record().id);
        let lost = |fix: &String| {
            format!(
                "? {}: no component was asked for it; «fixlead case fix {id} COMMIT --component NAME» says where it belongs",
                shown(fix)
            )
        };
        let happened = |event: &Event| format!("{id}: {}", event_words(&self.case, event));
        let all: Vec<String> = self.nowhere.iter().map(lost).chain(self.events.iter().map(happened)).collect();
        if all.is_empty() { all } else { std::iter::once(String::new()).chain(all).collect() }
    }
}
