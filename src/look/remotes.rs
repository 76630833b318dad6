//! The remotes of a component: what each lists, and what of it is here.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::Looker;
use super::kept::Known;
use crate::divergence::{Component, Found, LookedAt, Oid, Role, Side, TagAt};
use crate::git::{Cache, Format, GitError, Refs, Remotes, Repository, Url};
use crate::text::hex;

/// What was found so long ago says nothing of now.
pub(super) const STALE: SignedDuration = SignedDuration::from_hours(1);

/// A remote as it was seen.
#[derive(Debug, Default)]
pub(super) struct Remote {
    /// What it listed; where it could not be asked, what was fetched of it before.
    pub refs: Refs,
    /// What was fetched of it the time before.
    pub before: Refs,
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
        self.refs.keys().filter_map(|name| name.strip_prefix("refs/heads/"))
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

    /// Where is remembered what was private during an embargo.
    pub fn memory(&self, name: &str) -> PathBuf {
        let name = hex(&Sha256::digest(name)[..8]);
        self.cache.folder().with_extension(format!("{name}.memory"))
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
        let remotes = Remotes::new(self.git, self.patience, self.cancel)?;
        let clone = component.clone.as_ref().map(|path| Repository::open(self.git, Path::new(path), self.cancel));
        let clone = clone.and_then(|clone| clone.map_err(|error| errors.push(error.to_string())).ok());
        let mut listed = self.list(&remotes, &urls);
        let format = format(&listed).or(clone.as_ref().map(|clone| clone.format)).unwrap_or(Format::Sha1);
        let all: Vec<&Url> = urls.values().collect();
        let cache = Cache::open(self.git, self.folder, &all, format, clone.as_ref(), self.patience, self.cancel)?;
        let known = Known::read(&cache);
        let before = |role: &Role| known.listed.get(role).copied();
        let mut found = BTreeMap::new();
        for (role, url) in &urls {
            let remote = match listed.remove(role) {
                Some(Ok(refs)) => self.bring(&remotes, &cache, *role, url, refs, component),
                Some(Err(error)) => self.last(&cache, *role, before(role), Some(error)),
                None => self.last(&cache, *role, before(role), None),
            };
            let why = remote.blind.iter().chain(&remote.not_brought);
            errors.extend(why.map(|why| format!("{}: {why}", role.word())));
            found.insert(*role, remote);
        }
        // A side without a URL is none that lacks everything.
        for role in [Role::Security, Role::Canonical] {
            let blind = || Some(format!("no URL of {} is given", role.word()));
            found.entry(role).or_insert_with(|| Remote { blind: blind(), ..Remote::default() });
        }
        Ok(Opened { remotes: found, urls, cache, clone })
    }

    /// What the remotes list that may be asked. The public one comes last: what is pushed to both in between would else be taken
    /// for private.
    fn list(&self, remotes: &Remotes<'_>, urls: &BTreeMap<Role, Url>) -> BTreeMap<Role, Result<Refs, GitError>> {
        let asked = urls.iter().filter(|(_, url)| self.may_ask || url.path().is_some());
        let (public, private): (Vec<_>, Vec<_>) = asked.partition(|(role, _)| role.is_public());
        let mut listed: BTreeMap<Role, Result<Refs, GitError>> = thread::scope(|scope| {
            let private = private.into_iter();
            let threads: Vec<_> = private.map(|(role, url)| (*role, scope.spawn(|| remotes.list(url)))).collect();
            let done = threads.into_iter();
            done.map(|(role, thread)| (role, thread.join().unwrap_or_else(|panic| resume_unwind(panic)))).collect()
        });
        listed.extend(public.into_iter().map(|(role, url)| (*role, remotes.list(url))));
        listed
    }

    fn bring(
        &self,
        remotes: &Remotes<'_>,
        cache: &Cache,
        role: Role,
        url: &Url,
        refs: Refs,
        component: &Component,
    ) -> Remote {
        // Of a public remote everybody sees all of it; of a private one only what is released matters.
        let all = role.is_public() && component.keeps_secrets();
        let wanted = |family: &str| all || matches!(family, "heads" | "tags" | "HEAD");
        let fetched = remotes.fetch(cache, role, url, &refs, wanted);
        let (before, not_brought) = match fetched {
            Ok(brought) => (brought.before, None),
            Err(error) => (Refs::new(), Some(error.to_string())),
        };
        Remote { refs, before, blind: None, not_brought, at: Some(self.now) }
    }

    /// A remote that was not asked, or did not answer: as it was the last time.
    fn last(&self, cache: &Cache, role: Role, at: Option<Timestamp>, error: Option<GitError>) -> Remote {
        let refs = cache.refs(self.git, role, self.cancel);
        let is_stale = at.is_none_or(|at| self.now.duration_since(at) > STALE);
        let blind = match (error, &refs, at) {
            (Some(error), _, _) => Some(error.to_string()),
            (None, Err(error), _) => Some(error.to_string()),
            (None, Ok(_), None) => Some("it was never asked: --fetch asks it".to_owned()),
            (None, Ok(_), Some(at)) if is_stale => Some(format!("it was asked last at {at}: --fetch asks it anew")),
            (None, Ok(_), Some(_)) => None,
        };
        Remote { refs: refs.unwrap_or_default(), blind, at, ..Remote::default() }
    }
}

fn urls(component: &Component) -> Result<BTreeMap<Role, Url>, GitError> {
    let url = |(role, text): (&Role, &String)| match Url::new(text, Path::new("/")) {
        Ok(url) => Ok((*role, url)),
        Err(why) => Err(GitError::bad_url(text, why)),
    };
    component.urls.iter().map(url).collect()
}

/// How the objects are named in what was listed.
fn format(listed: &BTreeMap<Role, Result<Refs, GitError>>) -> Option<Format> {
    let mut refs = listed.values().filter_map(|listed| listed.as_ref().ok());
    let object = refs.find_map(|refs| refs.values().next())?.object;
    Some(if object.as_bytes().len() == 20 { Format::Sha1 } else { Format::Sha256 })
}
