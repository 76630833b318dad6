//! What was found, kept beside what was fetched: where nothing has changed, it is the answer again.
//!
//! It can be removed at any time, and is made anew. What must not be lost is in the memory.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::clone::{Local, SeenClone};
use super::rewritten::Branches;
use crate::divergence::{Component, Merge, Oid, Report, Role};
use crate::git::{Cache, Refs, Url, Version};
use crate::text::hex;

/// What is written has this shape; another one is none.
const SHAPE: u32 = 2;
/// A question that was not asked for so long is asked anew.
const FORGOTTEN: Duration = Duration::from_secs(7 * 24 * 3600);
/// Nothing longer is kept, in bytes: an answer with very many leaks is one that has to change.
const LONGEST: usize = 8 << 20;
/// So much of it is kept in memory as well, in bytes as they are written.
const MOST_AT_HAND: u64 = 32 << 20;

/// A look that is over: what was asked, and the answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Look {
    shape: u32,
    /// What was asked.
    pub component: Component,
    /// What the remotes on this machine looked like from outside before they were asked; none where it is no answer to be given
    /// again, and tells only when there was one.
    pub stamps: Option<Vec<String>>,
    /// What was found.
    pub report: Report,
    /// The git folder of the clone.
    pub clone: Option<PathBuf>,
    /// The local branches of the clone.
    pub local: Local,
}

impl Look {
    pub fn new(component: &Component, stamps: Option<Vec<String>>, report: &Report, seen: SeenClone) -> Self {
        let (component, report) = (component.clone(), report.clone());
        let SeenClone { folder, local, .. } = seen;
        Self { shape: SHAPE, component, stamps, report, clone: folder, local }
    }

    /// When the remotes were asked for it.
    pub fn answered(&self) -> Option<Timestamp> {
        self.report.looked_at.iter().map(|looked| looked.at).max()
    }

    /// Where a look at a component is kept below a folder.
    pub fn path(folder: &Path, component: &Component) -> PathBuf {
        let asked = serde_json::to_vec(component).unwrap_or_default();
        folder.join(hex(&Sha256::digest(asked)[..16])).with_extension("look")
    }

    /// The look that was kept of a component; none if there is none that this program wrote.
    pub fn read(path: &Path, component: &Component) -> Option<Arc<Self>> {
        let file = Identity::of(path)?;
        let look = AtHand::get(path, file).or_else(|| {
            let look: Arc<Self> = Arc::new(read(path)?);
            AtHand::keep(path, file, &look);
            Some(look)
        });
        look.filter(|kept| kept.shape == SHAPE && kept.component == *component)
    }

    /// Keeps it. A new question clears away what was kept of those that nobody asks any more.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if path.exists() {
            return write(path, self);
        }
        for entry in path.parent().into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
            let is_look = entry.path().extension() == path.extension();
            let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
            if is_look && age.is_some_and(|age| age > FORGOTTEN) {
                let _ = fs::remove_file(entry.path());
            }
        }
        write(path, self)
    }
}

/// What a file is, seen from outside: one that was written anew is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    file: [u64; 3],
    times: [i64; 4],
}

impl Identity {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        let times = [found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()];
        Some(Self { file: [found.dev(), found.ino(), found.len()], times })
    }
}

/// The looks that were read last: a screen that stays open asks for the same ones again and again.
struct AtHand {
    looks: BTreeMap<PathBuf, (Identity, Arc<Look>)>,
    bytes: u64,
}

static AT_HAND: Mutex<AtHand> = Mutex::new(AtHand { looks: BTreeMap::new(), bytes: 0 });

impl AtHand {
    fn get(path: &Path, file: Identity) -> Option<Arc<Look>> {
        let at_hand = AT_HAND.lock().unwrap_or_else(PoisonError::into_inner);
        at_hand.looks.get(path).filter(|(known, _)| *known == file).map(|(_, look)| Arc::clone(look))
    }

    fn keep(path: &Path, file: Identity, look: &Arc<Look>) {
        let mut at_hand = AT_HAND.lock().unwrap_or_else(PoisonError::into_inner);
        let [.., bytes] = file.file;
        if at_hand.bytes + bytes > MOST_AT_HAND {
            *at_hand = Self { looks: BTreeMap::new(), bytes: 0 };
        }
        at_hand.bytes += bytes;
        at_hand.looks.insert(path.to_owned(), (file, Arc::clone(look)));
    }
}

/// What git told of two tips that differ.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Told {
    /// What comes of merging them, where both have commits of their own.
    pub merge: Option<Merge>,
    /// How many commits of the first have an equal patch among those of the second, and whether all of both have one
    /// opposite; none where they were not compared.
    pub equal: Option<(u32, bool)>,
    /// Both hold the same files.
    pub has_same_tree: bool,
}

/// How much of what a remote listed was brought here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Extent {
    /// Nothing, or not all of what is released.
    #[default]
    Nothing,
    /// Branches and tags.
    Released,
    /// Every ref.
    All,
}

/// What a remote listed the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed {
    /// Where it is.
    pub url: String,
    /// When.
    pub at: Timestamp,
    /// What it looked like from outside before it was asked, where it lies on this machine.
    pub stamp: Option<String>,
    pub refs: Refs,
    pub brought: Extent,
    /// Why it could not be asked since then.
    pub failed: Option<String>,
}

impl Listed {
    /// Is it a listing of this URL?
    pub fn is_of(&self, url: &Url) -> bool {
        self.url == url.as_str()
    }
}

/// What is known of the remotes of a cache, whatever was asked of them. It lies in the cache and goes with it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Known {
    shape: u32,
    pub listed: BTreeMap<Role, Listed>,
    #[serde(default)]
    pub branches: Branches,
    /// The git that was asked.
    git: String,
    /// What it told of two tips.
    told: Vec<([Oid; 2], Told)>,
    /// Something is to be written.
    #[serde(skip)]
    pub is_new: bool,
}

impl Known {
    fn path(cache: &Path) -> PathBuf {
        cache.join("known.json")
    }

    /// What is known in the folder of a cache. Nothing, if there is nothing that this program wrote.
    pub fn read(cache: &Path) -> Self {
        read(&Self::path(cache)).filter(|known: &Self| known.shape == SHAPE).unwrap_or_default()
    }

    /// Forgets everything if the cache was made anew since.
    pub fn forget_if_new(&mut self, cache: &Cache) {
        if !Self::path(cache.folder()).exists() {
            *self = Self::default();
        }
    }

    /// A remote could not be asked: until it is, the listing of before is none of now.
    pub fn failed(&mut self, role: Role, url: &Url, why: String) {
        let listed = self.listed.remove(&role).filter(|listed| listed.is_of(url)).unwrap_or_default();
        self.listed.insert(role, Listed { url: url.as_str().to_owned(), failed: Some(why), ..listed });
        self.is_new = true;
    }

    /// What git told of two tips, as far as it was this git.
    pub fn told(&mut self, git: Version) -> HashMap<[Oid; 2], Told> {
        let is_same = self.git == git.to_string();
        std::mem::take(&mut self.told).into_iter().filter(|_| is_same).collect()
    }

    /// Keeps what is known now, if that is anything new.
    pub fn write(&mut self, cache: &Cache, git: Version, told: HashMap<[Oid; 2], Told>) -> io::Result<()> {
        if !self.is_new {
            return Ok(());
        }
        self.shape = SHAPE;
        self.git = git.to_string();
        self.told = told.into_iter().filter(|(_, told)| !matches!(told.merge, Some(Merge::Unknown(_)))).collect();
        write(&Self::path(cache.folder()), self)
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// Writes wholly or not at all.
fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let new = path.with_extension(format!("{:08x}.new", fastrand::u32(..)));
    let bytes = serde_json::to_vec(value)?;
    if bytes.len() > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let fill = |mut file: fs::File| {
        file.write_all(&bytes)?;
        fs::rename(&new, path)
    };
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).and_then(fill);
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}
