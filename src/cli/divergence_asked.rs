//! Which components are looked at: those of the command line, of a file, or of a case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::divergence::DivergenceArgs;
use super::failure::{Failure, Kind};
use super::free_text::{ASK, expanded};
use super::here::Here;
use crate::case::components;
use crate::config::{check_commit, check_pattern, check_pin, expected, wanted};
use crate::divergence::{Component, MIRROR_LAG, Role};
use crate::git::Url;
use crate::runtime::watching::{self, NotWatched, WATCH, located};
use crate::runtime::world::fault_lines;
use crate::store::Loaded;

/// What is looked at.
pub struct Asked {
    /// In the order in which they were given.
    pub components: Vec<Component>,
    /// What a person should know.
    pub notices: Vec<String>,
    /// The case that they belong to.
    pub case: Option<Loaded>,
}

/// What the command line asks for.
///
/// # Errors
/// If it asks for nothing, or for what can't be asked.
pub fn asked(here: &Here, args: &DivergenceArgs) -> Result<Asked, Failure> {
    if let Some(id) = &args.case {
        return of_case(here, id);
    }
    let watch = match (&args.canonical, &args.watch) {
        (Some(_), _) => return Ok(Asked { components: vec![given(args)?], notices: Vec::new(), case: None }),
        (None, Some(file)) if file != Path::new(ASK) => watching::read(file).map_err(|why| no_watch(&why))?,
        (None, asked) => {
            let file = here.world.config_dir.join(WATCH);
            watching::read(&file).map_err(|why| match (why, asked) {
                (NotWatched::Missing(_), None) => nothing_asked(),
                (why, _) => no_watch(&why),
            })?
        }
    };
    let now = here.now();
    Ok(Asked { components: watch.components(now), notices: watch.over(now), case: None })
}

fn of_case(here: &Here, id: &str) -> Result<Asked, Failure> {
    let loaded = here.load(id)?;
    let components = components(&loaded.case);
    if components.is_empty() {
        let then = format!("«fixlead case component {id} NAME --canonical URL --security URL» says it");
        return Err(unchanged(Failure::usage(format!("{id} does not say where its repositories are"), then)));
    }
    Ok(Asked { components, notices: Vec::new(), case: Some(loaded) })
}

fn nothing_asked() -> Failure {
    unchanged(Failure::usage(
        "nothing is named to look at",
        "give --canonical and --security, --case ID, or --watch FILE; without any of them watch.toml in the configuration folder is read",
    ))
}

/// A look changes nothing anyway, so that there is no need to say it.
fn unchanged(failure: Failure) -> Failure {
    Failure { kept: "", ..failure }
}

/// Why nothing can be watched.
pub fn no_watch(why: &NotWatched) -> Failure {
    unchanged(match why {
        NotWatched::Missing(_) => Failure::new(Kind::NotFound, why.to_string(), ""),
        NotWatched::Unreadable { .. } => Failure::new(Kind::Failed, why.to_string(), ""),
        NotWatched::NoFolder(_) => Failure::new(Kind::Failed, why.to_string(), "go to another one"),
        NotWatched::Empty(_) => {
            Failure::usage(why.to_string(), "begin a component with [[component]]; the README shows one")
        }
        NotWatched::Faulty { path, faults } => {
            Failure { faults: fault_lines(path, faults), ..Failure::usage(why.to_string(), "mend them") }
        }
    })
}

/// The full path of a folder, counted from the one in which the program runs.
fn absolute(folder: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(folder).map_err(|error| {
        let what = format!("the folder that this runs in can't be found: {error}");
        unchanged(Failure::new(Kind::Failed, what, "go to another one"))
    })
}

/// The one component of the command line.
fn given(args: &DivergenceArgs) -> Result<Component, Failure> {
    let wanted = wanted(&commits("--fix", &args.fix)?, &commits("--embargoed", &args.embargoed)?);
    let urls = urls(&[
        (Role::Canonical, args.canonical.as_deref()),
        (Role::Security, args.security.as_deref()),
        (Role::Dev, args.dev.as_deref()),
    ])?;
    check_each("--branches", &args.branches, check_pattern)?;
    check_each("--tags", &args.tags, check_pattern)?;
    check_each("--pin", args.pin.as_slice(), check_pin)?;
    let named = args.name.as_deref().filter(|name| !name.trim().is_empty());
    Ok(Component {
        name: named.map_or_else(|| name_of(&urls), str::to_owned),
        urls,
        clone: args.clone.as_deref().map(clone).transpose()?,
        branches: args.branches.clone(),
        tags: args.tags.clone(),
        pin: args.pin.clone(),
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: wanted.iter().any(|fix| fix.is_embargoed),
        expected: expected(&wanted),
        fixes: wanted,
        may_lag: MIRROR_LAG,
    })
}

/// The repositories that were named, each where it is asked.
///
/// # Errors
/// If one can't be asked without harm.
pub fn urls(given: &[(Role, Option<&str>)]) -> Result<BTreeMap<Role, String>, Failure> {
    let mut urls = BTreeMap::new();
    for (role, url) in given {
        if let Some(url) = url {
            urls.insert(*role, from_here(&format!("--{}", role.word()), url)?);
        }
    }
    Ok(urls)
}

/// Where a clone is.
///
/// # Errors
/// If it is no path.
pub fn clone(given: &str) -> Result<String, Failure> {
    let path = from_here("--clone", given)?;
    let is_path = Url::new(&path, Path::new("/")).is_ok_and(|url| url.path().is_some());
    let no_path = || refused("--clone", "a clone is a folder on this machine");
    is_path.then_some(path).ok_or_else(no_path)
}

/// The commits that were named, or that stand in what was named, one behind the other.
///
/// # Errors
/// If something can't be read, is no commit, or names none: a list that is empty by mistake must not lift an embargo.
pub fn commits(option: &str, given: &[String]) -> Result<Vec<String>, Failure> {
    let texts: Vec<String> = given.iter().map(|text| expanded(text)).collect::<Result<_, _>>()?;
    if texts.iter().any(|text| text.trim_matches([' ', '\t', '\n', '\r', ',']).is_empty()) {
        let then = "give ids of commits, or leave it away if there are none";
        return Err(Failure::usage(format!("{option} names no commit: what it was given is empty"), then));
    }
    let commits = texts.iter().flat_map(|text| text.split([' ', '\t', '\n', '\r', ','])).filter(|one| !one.is_empty());
    let commits: Vec<String> = commits.map(str::to_owned).collect();
    check_each(option, &commits, check_commit)?;
    Ok(commits)
}

/// Each of these has to pass.
///
/// # Errors
/// What is wrong with the first that does not.
pub fn check_each(option: &str, given: &[String], check: fn(&str) -> Result<(), String>) -> Result<(), Failure> {
    given.iter().try_for_each(|text| check(text).map_err(|why| refused(option, &why)))
}

fn from_here(option: &str, given: &str) -> Result<String, Failure> {
    let base = absolute(Path::new("."))?;
    located(given, &base).map_err(|why| refused(option, &why))
}

fn refused(option: &str, why: &str) -> Failure {
    Failure::usage(format!("{option}: {why}"), "")
}

/// A component that nobody named is called as its public repository is.
fn name_of(urls: &BTreeMap<Role, String>) -> String {
    let url = urls.get(&Role::Canonical).map(String::as_str).unwrap_or_default();
    let last = url.trim_end_matches('/').trim_end_matches("/.git").rsplit(['/', ':']).next().unwrap_or_default();
    let name = last.trim_end_matches(".git");
    if name.is_empty() { "component".to_owned() } else { name.to_owned() }
}
