//! What a case releases and what mends it: short forms of `case set`, each one event.

use clap::Args;

use super::acted;
use super::divergence_asked::{check_each, clone, commits, urls};
use super::failure::Failure;
use super::here::Here;
use super::output::Answer;
use crate::case::record::{Fix, Record};
use crate::case::{Action, Refusal};
use crate::config::{check_pattern, check_pin};
use crate::divergence::Role;
use crate::playbook::Span;
use crate::source::did_you_mean;

/// `case component`
#[derive(Args, Debug)]
pub struct ComponentArgs {
    /// Codename of the case
    id: String,
    /// What the component is called, such as gateway
    name: String,
    /// The public repository: a URL, or a path. A URL must not hold a password: leave that to a credential helper
    #[arg(long, value_name = "URL")]
    canonical: Option<String>,
    /// The private repository, where the fix is made
    #[arg(long, value_name = "URL")]
    security: Option<String>,
    /// A private repository where releases are built
    #[arg(long, value_name = "URL")]
    dev: Option<String>,
    /// A clone on this machine. Nothing is written to it
    #[arg(long, value_name = "PATH")]
    clone: Option<String>,
    /// Branches that get the fix, such as main,release-*
    #[arg(long, value_name = "PATTERN", num_args = 1.., value_delimiter = ',')]
    branches: Vec<String>,
    /// Its tags, such as v*
    #[arg(long, value_name = "PATTERN")]
    tags: Option<String>,
    /// The file in the repository that pins a version
    #[arg(long, value_name = "PATH")]
    pin: Option<String>,
    /// How far the mirror may lag, such as 2h
    #[arg(long, value_name = "SPAN")]
    mirror_lag: Option<String>,
}

/// `case fix`
#[derive(Args, Debug)]
pub struct FixArgs {
    /// Codename of the case
    id: String,
    /// The commits: their ids, or the first digits; also - or @FILE
    #[arg(value_name = "COMMIT", required = true)]
    commits: Vec<String>,
    /// The component that they belong to
    #[arg(long, value_name = "NAME")]
    component: Option<String>,
    /// The vulnerability that they mend
    #[arg(long, value_name = "ID")]
    vulnerability: Option<String>,
}

/// A component is added, or changed if it is there.
///
/// # Errors
/// If a value can't be taken, or as [`Here::act`].
pub fn component(here: &Here, args: &ComponentArgs) -> Result<Answer, Failure> {
    let fields = fields(args)?;
    if fields.is_empty() {
        let then = "give --canonical and --security, or whatever else is to be set";
        return Err(Failure::usage(format!("nothing is said of the component {}", args.name), then));
    }
    let path = |(field, value): (String, String)| (format!("component.{}.{field}", args.name), value);
    let set: Vec<(String, String)> = fields.into_iter().map(path).collect();
    let acted = here.act(&args.id, |_| Ok(Action::Set(set)))?;
    Ok(acted::answer(here, &acted))
}

/// What is set, by the name of the field.
fn fields(args: &ComponentArgs) -> Result<Vec<(String, String)>, Failure> {
    if args.name.trim().is_empty() || args.name.contains(['.', '/']) {
        return Err(Failure::usage("the name of a component has no dot and no slash in it", "take a short one"));
    }
    check_each("--branches", &args.branches, check_pattern)?;
    check_each("--tags", args.tags.as_slice(), check_pattern)?;
    check_each("--pin", args.pin.as_slice(), check_pin)?;
    let is_span = |text: &str| Span::parse(text).map(|_| ()).map_err(|error| error.to_string());
    check_each("--mirror-lag", args.mirror_lag.as_slice(), is_span)?;
    let urls = urls(&[
        (Role::Canonical, args.canonical.as_deref()),
        (Role::Security, args.security.as_deref()),
        (Role::Dev, args.dev.as_deref()),
    ])?;
    let branches = (!args.branches.is_empty()).then(|| args.branches.join(","));
    let others = [
        ("clone", args.clone.as_deref().map(clone).transpose()?),
        ("branches", branches),
        ("tags", args.tags.clone()),
        ("pin", args.pin.clone()),
        ("mirror_lag", args.mirror_lag.clone()),
    ];
    let urls = urls.into_iter().map(|(role, url)| (format!("urls.{}", role.word()), url));
    Ok(urls.chain(others.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?)))).collect())
}

/// Fixes are added, or changed if they are there.
///
/// # Errors
/// If a commit can't be taken, or as [`Here::act`].
pub fn fix(here: &Here, args: &FixArgs) -> Result<Answer, Failure> {
    let commits = commits("COMMIT", &args.commits)?;
    let acted = here.act(&args.id, |case| fixes(case.record(), &commits, args))?;
    Ok(acted::answer(here, &acted))
}

fn fixes(record: &Record, commits: &[String], args: &FixArgs) -> Result<Action, Refusal> {
    known("component", args.component.as_deref(), record.component.iter().map(|one| one.id.as_str()))?;
    known("vulnerability", args.vulnerability.as_deref(), record.vulnerability.iter().map(|one| one.id.as_str()))?;
    let mut all = record.fix.clone();
    let mut set = Vec::new();
    for commit in commits {
        let commit = commit.to_ascii_lowercase();
        let id = match all.iter().find(|fix| is_same(fix, &commit)) {
            Some(fix) => fix.id.clone(),
            None => next(&all),
        };
        set.push((format!("fix.{id}.commit"), longer(&all, &id, &commit)));
        set.extend(args.component.iter().map(|name| (format!("fix.{id}.component"), name.clone())));
        set.extend(args.vulnerability.iter().map(|one| (format!("fix.{id}.vulnerability"), one.clone())));
        if !all.iter().any(|fix| fix.id == id) {
            all.push(Fix { id, commit: Some(commit), ..Fix::default() });
        }
    }
    Ok(Action::Set(set))
}

fn known<'n>(
    what: &'static str,
    given: Option<&str>,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Result<(), Refusal> {
    let Some(given) = given.filter(|given| !names.clone().any(|name| name == *given)) else { return Ok(()) };
    Err(Refusal::NotFound { what, id: given.to_owned(), hint: did_you_mean(given, names) })
}

/// One id may be the beginning of the other.
fn is_same(fix: &Fix, commit: &str) -> bool {
    let known = fix.commit.as_deref().unwrap_or_default().to_ascii_lowercase();
    !known.is_empty() && (known.starts_with(commit) || commit.starts_with(&known))
}

/// Of two ids of the same commit the one that says more.
fn longer(all: &[Fix], id: &str, commit: &str) -> String {
    let known = all.iter().find(|fix| fix.id == id).and_then(|fix| fix.commit.as_deref());
    known.filter(|known| known.len() > commit.len()).unwrap_or(commit).to_owned()
}

/// `F1`, `F2`, …: one above the highest.
fn next(all: &[Fix]) -> String {
    let numbers = all.iter().filter_map(|fix| fix.id.strip_prefix('F')?.parse::<u32>().ok());
    format!("F{}", numbers.max().unwrap_or(0).saturating_add(1))
}
