//! What is watched without a case: reading `watch.toml`, for the verb and for the screen.

use std::path::{Path, PathBuf};

use super::world::fault_lines;
use crate::case::components_expecting;
use crate::case::record::State;
use crate::config::{Watch, WatchRow};
use crate::divergence::{Component, Expected};
use crate::git::Url;
use crate::source::{Fault, MAX_BYTES};
use crate::store::{Store, Unreadable, read_text};

/// The name of the file, in the configuration folder.
pub const WATCH: &str = "watch.toml";

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
pub enum NotWatched {
    /// There is no such file.
    #[error("there is no file {0}")]
    Missing(String),
    /// It can't be read.
    #[error("{path} can't be used: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        why: Unreadable,
    },
    /// It has faults.
    #[error("{path} has faults")]
    Faulty {
        /// The file.
        path: String,
        /// All of its faults.
        faults: Vec<Fault>,
    },
    /// It is without fault and names nothing.
    #[error("{0} names no component")]
    Empty(String),
    /// A relative path counts from nowhere.
    #[error("the folder that this runs in can't be found: {0}")]
    NoFolder(std::io::Error),
}

impl NotWatched {
    /// All of it, one line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Faulty { path, faults } => {
                std::iter::once(self.to_string()).chain(fault_lines(path, faults)).collect()
            }
            _ => vec![self.to_string()],
        }
    }
}

/// What a file says to watch.
///
/// # Errors
/// [`NotWatched`].
pub fn read(file: &Path) -> Result<Watch, NotWatched> {
    let path = file.display().to_string();
    let text = match read_text(file, MAX_BYTES as u64) {
        Ok(text) => text,
        Err(Unreadable::Missing) => return Err(NotWatched::Missing(path)),
        Err(why) => return Err(NotWatched::Unreadable { path, why }),
    };
    let full = std::path::absolute(file).map_err(NotWatched::NoFolder)?;
    let base = full.parent().unwrap_or(&full);
    let mut watch = match Watch::parse(&text, &|url| located(url, base)) {
        Ok(watch) if watch.rows.is_empty() => return Err(NotWatched::Empty(path)),
        Ok(watch) => watch,
        Err(faults) => return Err(NotWatched::Faulty { path, faults }),
    };
    share_embargoes(&mut watch.rows);
    Ok(watch)
}

/// A URL as it stands, and a path as a full one.
///
/// # Errors
/// Why it can't be asked. What was written is never repeated, for it may hold a password.
pub fn located(text: &str, base: &Path) -> Result<String, String> {
    let below_home = || Some(std::env::home_dir()?.join(text.strip_prefix("~/")?).to_str()?.to_owned());
    let text = below_home().unwrap_or_else(|| text.to_owned());
    Url::new(&text, base).map(|url| url.as_str().to_owned()).map_err(|error| error.to_string())
}

/// What is under an embargo is so in every component that has a repository in common with it: a command that is right
/// for one of them would expose what the other keeps. With it comes what is planned where the file does not say it.
fn share_embargoes(rows: &mut [WatchRow]) {
    let places: Vec<Vec<PathBuf>> = rows.iter().map(|row| places(&row.component)).collect();
    // One that takes over an embargo hands it on.
    while let Some((to, from)) = next_to_share(rows, &places) {
        let embargo = &rows[from].component;
        let named = embargo.fixes.iter().filter(|fix| fix.is_embargoed).map(|fix| fix.commit.as_str());
        let named: Vec<&str> = named.collect();
        let memory = if embargo.memory.is_empty() { named.join(" ") } else { embargo.memory.clone() };
        let component = &mut rows[to].component;
        component.is_embargoed = true;
        component.memory = memory;
        component.expected = Expected::PrivateAhead;
    }
}

/// A component that keeps nothing, and one that does and has a repository in common with it.
fn next_to_share(rows: &[WatchRow], places: &[Vec<PathBuf>]) -> Option<(usize, usize)> {
    let keeps = |row: usize| rows[row].component.is_embargoed;
    let all = 0..rows.len();
    let pairs = all.clone().flat_map(|to| all.clone().map(move |from| (to, from)));
    let mut open = pairs.filter(|(to, from)| !keeps(*to) && keeps(*from));
    open.find(|(to, from)| places[*to].iter().any(|place| places[*from].contains(place)))
}

/// Where the repositories of a component really are, so that two ways of writing one are known to be the same.
#[must_use]
pub fn places(component: &Component) -> Vec<PathBuf> {
    component.urls.values().map(|url| real(url)).collect()
}

fn real(url: &str) -> PathBuf {
    let path = Url::new(url, Path::new("/")).ok().and_then(|url| url.path());
    let path = path.map(|path| std::fs::canonicalize(&path).unwrap_or(path));
    let plain = url.trim_end_matches('/').trim_end_matches(".git");
    path.unwrap_or_else(|| PathBuf::from(plain))
}

/// The case that has this component: one of the same repositories. One that is not over counts before one that is.
#[must_use]
pub fn case_of(store: &Store, component: &Component) -> Option<String> {
    let sought = places(component);
    let mut found = Vec::new();
    for id in store.ids().ok()? {
        let Ok(loaded) = store.load(&id) else { continue };
        let record = loaded.case.record();
        let has = |known: &Component| places(known).iter().any(|place| sought.contains(place));
        if components_expecting(&loaded.case, component.expected).iter().any(has) {
            found.push((record.archived || record.state == State::Closed, id));
        }
    }
    found.into_iter().min().map(|(_, id)| id)
}
