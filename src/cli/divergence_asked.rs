//! Which components are looked at: those of the command line, of a file, or of a case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::divergence::DivergenceArgs;
use super::failure::{Failure, Kind};
use super::free_text::{ASK, expanded};
use super::here::Here;
use crate::case::components;
use crate::config::{Watch, Watched, check_commit, check_pattern, check_pin, expected, wanted};
use crate::divergence::{Component, Expected, MIRROR_LAG, Role};
use crate::git::Url;
use crate::runtime::world::fault_lines;
use crate::source::MAX_BYTES;
use crate::store::{Loaded, Unreadable, read_text};

/// The name of the file of what is watched, in the configuration folder.
const WATCH: &str = "watch.toml";

/// What is looked at.
pub struct Asked {
    /// In the order in which they were given.
    pub components: Vec<Component>,
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
    let mut watched = match (&args.canonical, &args.watch) {
        (Some(_), _) => return Ok(Asked { components: vec![given(args)?], case: None }),
        (None, Some(file)) if file != Path::new(ASK) => watched(file)?.ok_or_else(|| no_file(file))?,
        (None, watch) => {
            let file = here.world.config_dir.join(WATCH);
            let nothing = || if watch.is_some() { no_file(&file) } else { nothing_asked() };
            watched(&file)?.ok_or_else(nothing)?
        }
    };
    share_embargoes(&mut watched);
    Ok(Asked { components: watched.into_iter().map(|one| one.component).collect(), case: None })
}

fn of_case(here: &Here, id: &str) -> Result<Asked, Failure> {
    let loaded = here.load(id)?;
    let components = components(&loaded.case);
    if components.is_empty() {
        let then = format!("«fixlead case component {id} NAME --canonical URL --security URL» says it");
        return Err(unchanged(Failure::usage(format!("{id} does not say where its repositories are"), then)));
    }
    Ok(Asked { components, case: Some(loaded) })
}

fn nothing_asked() -> Failure {
    unchanged(Failure::usage(
        "nothing is named to look at",
        "give --canonical and --security, --case ID, or --watch FILE; without any of them watch.toml in the configuration folder is read",
    ))
}

fn no_file(file: &Path) -> Failure {
    unchanged(Failure::new(Kind::NotFound, format!("there is no file {}", file.display()), ""))
}

/// A look changes nothing anyway, so that there is no need to say it.
fn unchanged(failure: Failure) -> Failure {
    Failure { kept: "", ..failure }
}

/// What is under an embargo is so in every component that has a repository in common with it: a command that is right
/// for one of them would expose what the other keeps. With it comes what is planned, unless the file says it.
fn share_embargoes(watched: &mut [Watched]) {
    let places: Vec<Vec<PathBuf>> =
        watched.iter().map(|one| one.component.urls.values().map(|url| real(url)).collect()).collect();
    // One that takes over an embargo hands it on.
    while let Some((to, from)) = next_to_share(watched, &places) {
        let embargo = &watched[from].component;
        let named = embargo.fixes.iter().filter(|fix| fix.is_embargoed).map(|fix| fix.commit.as_str());
        let named: Vec<&str> = named.collect();
        let memory = if embargo.memory.is_empty() { named.join(" ") } else { embargo.memory.clone() };
        let Watched { component, expects } = &mut watched[to];
        component.is_embargoed = true;
        component.memory = memory;
        component.expected = expects.unwrap_or(Expected::PrivateAhead);
    }
}

/// A component that keeps nothing, and one that does and has a repository in common with it.
fn next_to_share(watched: &[Watched], places: &[Vec<PathBuf>]) -> Option<(usize, usize)> {
    let all = 0..watched.len();
    let keeps = |index: usize| watched[index].component.is_embargoed;
    let pairs = all.clone().flat_map(|to| all.clone().map(move |from| (to, from)));
    let mut open = pairs.filter(|(to, from)| !keeps(*to) && keeps(*from));
    open.find(|(to, from)| places[*to].iter().any(|place| places[*from].contains(place)))
}

/// Where a repository really is, so that two ways of writing one are known to be the same.
fn real(url: &str) -> PathBuf {
    let path = Url::new(url, Path::new("/")).ok().and_then(|url| url.path());
    let path = path.map(|path| std::fs::canonicalize(&path).unwrap_or(path));
    let plain = url.trim_end_matches('/').trim_end_matches(".git");
    path.unwrap_or_else(|| PathBuf::from(plain))
}

/// What a file says to watch; none if there is no such file.
fn watched(file: &Path) -> Result<Option<Vec<Watched>>, Failure> {
    let name = file.display().to_string();
    let text = match read_text(file, MAX_BYTES as u64) {
        Ok(text) => text,
        Err(Unreadable::Missing) => return Ok(None),
        Err(why) => return Err(unchanged(Failure::new(Kind::Failed, format!("{name} can't be used: {why}"), ""))),
    };
    let full = absolute(file)?;
    let base = full.parent().unwrap_or(&full);
    let watch = Watch::parse(&text, &|url| located(url, base)).map_err(|faults| Failure {
        faults: fault_lines(&name, &faults),
        ..unchanged(Failure::usage(format!("{name} has faults"), "mend them"))
    })?;
    if watch.components.is_empty() {
        let then = "begin a component with [[component]]; the README shows one";
        return Err(unchanged(Failure::usage(format!("{name} names no component"), then)));
    }
    Ok(Some(watch.components))
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

/// A URL as it stands, and a path as a full one. What was typed is never repeated, for it may hold a password.
fn located(text: &str, base: &Path) -> Result<String, String> {
    let below_home = || Some(std::env::home_dir()?.join(text.strip_prefix("~/")?).to_str()?.to_owned());
    let text = below_home().unwrap_or_else(|| text.to_owned());
    Url::new(&text, base).map(|url| url.as_str().to_owned()).map_err(|error| error.to_string())
}

/// A component that nobody named is called as its public repository is.
fn name_of(urls: &BTreeMap<Role, String>) -> String {
    let url = urls.get(&Role::Canonical).map(String::as_str).unwrap_or_default();
    let last = url.trim_end_matches('/').trim_end_matches("/.git").rsplit(['/', ':']).next().unwrap_or_default();
    let name = last.trim_end_matches(".git");
    if name.is_empty() { "component".to_owned() } else { name.to_owned() }
}
