//! The remotes of a component: what each lists, and what of it is here.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

use jiff::{SignedDuration, Timestamp};

use super::Looker;
use super::kept::{Extent, Known, Listed};
use super::progress::{Told, name};
use crate::divergence::{Component, Found, LookedAt, Oid, Role, Side, TagAt};
use crate::git::{Cache, Ear, Format, GitError, Refs, Remotes, Repository, Url, stamp, stamp_of_readable};

/// What was found so long ago says nothing of now.
pub(super) const STALE: SignedDuration = SignedDuration::from_hours(1);

/// A remote as it was seen.
#[derive(Debug, Default)]
pub(super) struct Remote {
    /// What it listed; where it could not be asked, what was fetched of it before.
    pub refs: Refs,
    /// Why what it lists is not known for now; the refs are those of before then.
    pub blind: Option<String>,
    /// Why what it lists could not be brought here.
    pub not_brought: Option<String>,
    /// When it was listed.
    pub at: Option<Timestamp>,
}

impl Remote {
    /// The branch of this name.
    pub fn branch(&self, name: &str) -> Side {
        match (&self.blind, self.refs.get(&format!("refs/heads/{name}"))) {
            (Some(why), _) => Side::Unknown(why.clone()),
            (None, Some(TagAt { object, .. })) => Side::Tip(*object),
            (None, None) => Side::Absent,
        }
    }

    /// The tag of this name.
    pub fn tag(&self, name: &str) -> Found<TagAt> {
        match (&self.blind, self.refs.get(&format!("refs/tags/{name}"))) {
            (Some(why), _) => Found::Unknown(why.clone()),
            (None, Some(tag)) => Found::There(*tag),
            (None, None) => Found::Absent,
        }
    }

    /// Why not all of it is known as it is now.
    pub fn why_not_whole(&self) -> Option<&str> {
        self.blind.as_deref().or(self.not_brought.as_deref())
    }

    /// The names of its branches.
    pub fn branches(&self) -> impl Iterator<Item = &str> {
        self.tips().map(|(name, _)| name)
    }

    /// Its branches, and where they are.
    pub fn tips(&self) -> impl Iterator<Item = (&str, Oid)> {
        self.refs.iter().filter_map(|(name, at)| Some((name.strip_prefix("refs/heads/")?, at.object)))
    }

    /// The commit of its main branch: the one of that name, or the one that its HEAD names.
    pub fn main(&self) -> Option<Oid> {
        let named = |name: &str| self.refs.get(&format!("refs/heads/{name}"));
        let main = named("main").or_else(|| self.refs.get("HEAD")).or_else(|| named("master"));
        main.filter(|_| self.blind.is_none()).and_then(|at| at.commit)
    }

    /// The names of its tags.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.refs.keys().filter_map(|name| name.strip_prefix("refs/tags/"))
    }
}

/// All remotes of a component that can be compared, and where what they have is kept.
#[derive(Debug)]
pub(super) struct Opened {
    pub remotes: BTreeMap<Role, Remote>,
    pub urls: BTreeMap<Role, Url>,
    pub cache: Cache,
    pub clone: Option<Repository>,
    /// The person's own settings send one of the URLs elsewhere: what lies at its path is not what was asked.
    pub is_elsewhere: bool,
    /// What is known of them, to be kept.
    pub known: Known,
}

impl Opened {
    /// When each was looked at.
    pub fn looked_at(&self) -> Vec<LookedAt> {
        let looked = self.remotes.iter().filter_map(|(role, remote)| Some((role, remote, remote.at?)));
        looked.map(|(remote, found, at)| LookedAt { remote: *remote, refs: found.refs.len(), at }).collect()
    }

    /// All commits that the refs of the remotes point to.
    pub fn commits(&self) -> BTreeSet<Oid> {
        self.remotes.values().flat_map(|remote| remote.refs.values()).filter_map(|at| at.commit).collect()
    }

    /// All commits that a public ref points to.
    pub fn public(&self) -> BTreeSet<Oid> {
        self.side(Role::Canonical).refs.values().filter_map(|at| at.commit).collect()
    }

    /// A remote; a role without a URL is one that could not be looked at.
    pub fn side(&self, role: Role) -> &Remote {
        &self.remotes[&role]
    }

    /// The private and the public side.
    pub fn sides(&self) -> [&Remote; 2] {
        [Role::Security, Role::Canonical].map(|role| self.side(role))
    }

    /// Where is kept what git said of commits.
    pub fn patches(&self) -> PathBuf {
        self.cache.folder().with_extension("patches")
    }
}

impl Looker<'_> {
    /// Asks all remotes of a component, and brings here what is new. What goes wrong with one of them is added to `errors`.
    pub(super) fn open(&self, component: &Component, errors: &mut Vec<String>) -> Result<Opened, GitError> {
        let urls = urls(component)?;
        let all: Vec<&Url> = urls.values().collect();
        let mut known = Known::read(&Cache::folder_of(self.folder, &all));
        let Begun { remotes, clone } = self.begin(component)?;
        let clone = clone.and_then(|clone| clone.map_err(|error| errors.push(error.to_string())).ok());
        let asking = Asking { looker: self, component, remotes };
        asking.are_apart(&urls)?;
        let is_elsewhere = urls.values().any(|url| asking.remotes.path_of(url) != url.path());
        let mut listings = asking.list(&urls, &known);
        let format = format(&listings).or(clone.as_ref().map(|clone| clone.format)).unwrap_or(Format::Sha1);
        let cache = Cache::open(self.git, self.folder, &all, format, clone.as_ref(), self.patience, self.cancel)?;
        known.forget_if_new(&cache);
        let mut found = BTreeMap::new();
        for (role, url) in &urls {
            let remote = match listings.remove(role) {
                Some(Ok(listing)) => asking.bring(&cache, *role, url, listing, &mut known),
                Some(Err(error)) => {
                    known.failed(*role, url, error.to_string());
                    last(known.listed.get(role), url, self.now)
                }
                None => last(known.listed.get(role), url, self.now),
            };
            errors.extend(remote.why_not_whole().map(|why| format!("{}: {why}", role.word())));
            found.insert(*role, remote);
        }
        // A side without a URL is none that lacks everything.
        for role in [Role::Security, Role::Canonical] {
            let blind = || Some(format!("no URL of {} is given", role.word()));
            found.entry(role).or_insert_with(|| Remote { blind: blind(), ..Remote::default() });
        }
        Ok(Opened { remotes: found, urls, cache, clone, is_elsewhere, known })
    }

    /// What every look has to ask git first, all at the same time.
    fn begin(&self, component: &Component) -> Result<Begun<'_>, GitError> {
        let open = |path: &String| Repository::open(self.git, Path::new(path), self.cancel);
        thread::scope(|scope| {
            let version = scope.spawn(|| self.git.check());
            let clone = component.clone.as_ref().map(|path| scope.spawn(move || open(path)));
            let remotes = Remotes::new(self.git, self.patience, self.cancel);
            let (version, clone) = (joined(version), clone.map(joined));
            // One that is too old may fail at anything: that comes first.
            version?;
            Ok(Begun { remotes: remotes?, clone })
        })
    }
}

/// What was asked first.
struct Begun<'a> {
    remotes: Remotes<'a>,
    /// The clone, or what is the matter with it.
    clone: Option<Result<Repository, GitError>>,
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// What a remote lists now.
struct Listing {
    refs: Refs,
    /// What it looked like from outside before it was asked.
    stamp: Option<String>,
}

/// The remotes of a component being asked.
struct Asking<'a> {
    looker: &'a Looker<'a>,
    component: &'a Component,
    remotes: Remotes<'a>,
}

impl Asking<'_> {
    /// A repository that is public and private at once could not differ from itself.
    fn are_apart(&self, urls: &BTreeMap<Role, Url>) -> Result<(), GitError> {
        let Some(public) = urls.get(&Role::Canonical) else { return Ok(()) };
        let mut private = urls.iter().filter(|(role, _)| !role.is_public());
        match private.find(|(_, url)| self.remotes.leads_to_same(public, url)) {
            Some((role, url)) => Err(GitError::same(role.word(), url)),
            None => Ok(()),
        }
    }

    /// What the remotes list that may be asked. The public one comes last: what is pushed to both in between would else be taken
    /// for private.
    fn list(&self, urls: &BTreeMap<Role, Url>, known: &Known) -> BTreeMap<Role, Result<Listing, GitError>> {
        let asked = urls.iter().filter(|(_, url)| self.looker.may_ask || self.remotes.path_of(url).is_some());
        let (public, private): (Vec<_>, Vec<_>) = asked.partition(|(role, _)| role.is_public());
        let hearer = self.looker.hearer;
        let list = |role: &Role, url: &Url| {
            hearer.step(format!("listing {}", name(*role)));
            let listed = self.ask(url, known.listed.get(role));
            hearer.tell(Told::Asked { remote: *role, trouble: listed.as_ref().err() });
            (*role, listed)
        };
        let at_once = || {
            thread::scope(|scope| {
                let threads: Vec<_> = private.iter().map(|(role, url)| scope.spawn(move || list(role, url))).collect();
                threads.into_iter().map(joined).collect()
            })
        };
        // Two that ask the person at once could not be told apart.
        let mut listings: BTreeMap<_, _> = if self.looker.git.is_asking() {
            private.iter().map(|(role, url)| list(role, url)).collect()
        } else {
            at_once()
        };
        listings.extend(public.into_iter().map(|(role, url)| list(role, url)));
        listings
    }

    /// What a remote lists. One on this machine that looks as it did from outside lists what it did.
    fn ask(&self, url: &Url, before: Option<&Listed>) -> Result<Listing, GitError> {
        let path = self.remotes.path_of(url);
        let seen = |of: fn(&Path) -> io::Result<Option<String>>| path.as_deref().map_or(Ok(None), of);
        let known = before.filter(|before| before.is_of(url) && !is_stale(before.at, self.looker.now));
        if let Some(same) = known
            && same.stamp.is_some()
            && seen(stamp).is_ok_and(|now| now == same.stamp)
        {
            return Ok(Listing { refs: same.refs.clone(), stamp: same.stamp.clone() });
        }
        let stamp = seen(stamp_of_readable);
        let refs = self.remotes.list(url)?;
        // Git leaves out what it can't read, and says nothing.
        let stamp = stamp.map_err(|error| GitError::refs_unreadable(url, &error))?;
        if refs.is_empty() {
            return Err(GitError::no_refs(url));
        }
        Ok(Listing { refs, stamp })
    }

    fn bring(&self, cache: &Cache, role: Role, url: &Url, listing: Listing, known: &mut Known) -> Remote {
        // Of a public remote everybody sees all of it; of a private one only what is released matters.
        let wanted = if role.is_public() && self.component.keeps_secrets() { Extent::All } else { Extent::Released };
        let Listing { refs, stamp } = listing;
        let before = known.listed.remove(&role).filter(|before| before.is_of(url)).unwrap_or_default();
        let is_same = before.refs == refs;
        let have = if is_same { before.brought } else { Extent::Nothing };
        let fetched = if have >= wanted { Ok(have) } else { self.fetch(cache, role, url, &refs, wanted) };
        let brought = fetched.as_ref().copied().unwrap_or(have);
        let was_asked = stamp.is_none() || before.stamp != stamp;
        let at = if was_asked { self.looker.now } else { before.at };
        known.is_new |= was_asked || brought != before.brought || before.failed.is_some();
        let url = url.as_str().to_owned();
        known.listed.insert(role, Listed { url, at, stamp, refs: refs.clone(), brought, failed: None });
        let not_brought = fetched.err().map(|error| error.to_string());
        Remote { refs, blind: None, not_brought, at: Some(self.looker.now) }
    }

    fn fetch(&self, cache: &Cache, role: Role, url: &Url, refs: &Refs, wanted: Extent) -> Result<Extent, GitError> {
        let is_wanted = |family: &str| wanted == Extent::All || matches!(family, "heads" | "tags" | "HEAD");
        let hearer = self.looker.hearer;
        hearer.step(format!("fetching from {}", name(role)));
        let hears = |said: &str| hearer.fetching(role, said);
        let fetched = self.remotes.heard_by(Ear(Some(&hears))).fetch(cache, role, url, refs, is_wanted);
        if let Err(error) = &fetched {
            hearer.tell(Told::Asked { remote: role, trouble: Some(error) });
        }
        fetched.map(|_| wanted)
    }
}

/// A remote that was not asked, or did not answer: as it was the last time.
fn last(before: Option<&Listed>, url: &Url, now: Timestamp) -> Remote {
    let Some(before) = before.filter(|before| before.is_of(url)) else {
        return Remote {
            blind: Some("it was never asked: r on the screen, or --fetch, asks it".to_owned()),
            ..Remote::default()
        };
    };
    let at = (!before.refs.is_empty()).then_some(before.at);
    let blind = match (&before.failed, before.brought) {
        (Some(why), _) => Some(why.clone()),
        (None, _) if is_stale(before.at, now) => {
            Some(format!("it was asked last at {}: r on the screen, or --fetch, asks it anew", before.at))
        }
        (None, Extent::Nothing) => {
            Some("what it listed the last time could not be brought here: --fetch tries it again".to_owned())
        }
        (None, _) => None,
    };
    Remote { refs: before.refs.clone(), blind, not_brought: None, at }
}

fn is_stale(at: Timestamp, now: Timestamp) -> bool {
    at > now || now.duration_since(at) > STALE
}

fn urls(component: &Component) -> Result<BTreeMap<Role, Url>, GitError> {
    let url = |(role, text): (&Role, &String)| match Url::new(text, Path::new("/")) {
        Ok(url) => Ok((*role, url)),
        Err(why) => Err(GitError::bad_url(text, why)),
    };
    component.urls.iter().map(url).collect()
}

/// How the objects are named in what was listed.
fn format(listings: &BTreeMap<Role, Result<Listing, GitError>>) -> Option<Format> {
    let mut refs = listings.values().filter_map(|listing| Some(&listing.as_ref().ok()?.refs));
    let object = refs.find_map(|refs| refs.values().next())?.object;
    Some(if object.as_bytes().len() == 20 { Format::Sha1 } else { Format::Sha256 })
}
