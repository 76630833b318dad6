//! What must not be public yet: the fixes that are embargoed, and what was private at a look before.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::Looker;
use super::memory::{Early, Memory, Sides};
use super::remotes::{Opened, Remote};
use crate::divergence::{Component, Leaks, Oid, Role};
use crate::git::leaks::pointed_at;
use crate::git::patches::Place;
use crate::git::{GitError, Graph};
use crate::text::hex;

impl Looker<'_> {
    /// What was private at a look before and is public now, and remembers what is private now. `known` are commits of which it
    /// is told otherwise.
    pub(super) fn early(
        &self,
        opened: &Opened,
        graph: &Graph,
        memory: &mut Memory,
        known: &HashSet<Oid>,
    ) -> Result<Leaks, GitError> {
        let private = opened.remotes.iter().filter(|(role, _)| !role.is_public());
        let private: BTreeSet<Oid> = private.flat_map(|(_, remote)| pointed_at(&remote.refs)).collect();
        let public = opened.side(Role::Canonical);
        let place = Place { git: self.git, repository: opened.cache.folder(), cancel: self.cancel };
        let sides = Sides { place, graph, public: &public.refs, private: &private };
        let Early { leaks, has_more } = memory.early(sides, known);
        let blind = opened.remotes.values().find_map(|remote| self.why_not_now(remote));
        // What was not compared this time has to be new at the next look, too.
        let why = match (&leaks, blind) {
            (Leaks::Looked { .. }, None) => {
                self.was_not_cancelled()?;
                memory.remember(sides, self.now).err()
            }
            (_, blind) => blind,
        };
        let found = leaks.found().to_vec();
        let leaks = why.map_or(leaks, |why| Leaks::Unknown { why, found });
        let more = || "of very many leaks only those of the newest commits are told".to_owned();
        Ok(if has_more { leaks.and(Leaks::Unknown { why: more(), found: Vec::new() }) } else { leaks })
    }

    /// Why a remote was not listed just now, and wholly: only two such lists say what one has and the other lacks.
    fn why_not_now(&self, remote: &Remote) -> Option<String> {
        let late = || format!("it was asked last at {}", remote.at.unwrap_or_default());
        let why = remote.why_not_whole().map(str::to_owned);
        why.or_else(|| (remote.at != Some(self.now)).then(late))
    }

    /// Where is remembered what was private. However the URLs are written, and wherever they lead by now, an embargo keeps
    /// its memory; without a case the public repository is its name.
    pub(super) fn memory_path(&self, component: &Component) -> PathBuf {
        let name = if component.memory.is_empty() {
            let url = component.urls.get(&Role::Canonical).map_or("", String::as_str);
            let path = super::url(url).and_then(|url| fs::canonicalize(url.path()?).ok());
            let plain = path.map_or_else(|| url.to_owned(), |path| path.to_string_lossy().into_owned());
            let plain = plain.trim_end_matches('/');
            format!("public\n{}", plain.strip_suffix(".git").unwrap_or(plain))
        } else {
            format!("{}\n{}", component.memory, component.name)
        };
        self.folder.join(hex(&Sha256::digest(name)[..16])).with_extension("memory")
    }
}
