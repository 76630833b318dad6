//! The person's clone: where a branch that holds something private would be pushed.

use std::collections::BTreeMap;

use super::Looker;
use super::remotes::Opened;
use crate::divergence::{Component, History, Oid, Role, Tracking, reached};
use crate::git::tracking::{self, Clone, Places};
use crate::git::{GitError, Graph, Repository};

/// Whether the commit of each local branch is private; none where that is not known.
pub(super) type Local = BTreeMap<Oid, Option<bool>>;

impl Looker<'_> {
    /// The commits of the local branches of the clone, of which nothing is known yet.
    pub(super) fn local(&self, opened: &Opened) -> Result<Local, GitError> {
        let Some(repository) = &opened.clone else { return Ok(Local::new()) };
        let branches = tracking::branches(&Clone { git: self.git, repository, cancel: self.cancel })?;
        Ok(branches.into_iter().map(|(_, tip)| (tip, None)).collect())
    }

    /// Where a clone would push what is private. Its settings are read each time: nothing tells from outside that they changed.
    pub(super) fn tracking(&self, component: &Component, repository: &Repository, local: &Local) -> Tracking {
        let urls = |is_public: bool| {
            let urls = component.urls.iter().filter(|(role, _)| role.is_public() == is_public);
            urls.filter_map(|(_, url)| super::url(url)).collect()
        };
        let places = Places { private: urls(false), public: urls(true) };
        let clone = Clone { git: self.git, repository, cancel: self.cancel };
        tracking::read(&clone, &places, |tip| local.get(&tip).copied().flatten())
    }
}

/// Says of each local branch whether it is private: no public ref reaches it.
pub(super) fn judge(opened: &Opened, graph: &Graph, local: &mut Local) {
    let public: Vec<_> = opened.public().into_iter().map(|commit| graph.place(commit)).collect();
    let is_blind = opened.side(Role::Canonical).blind.is_some() || !graph.is_whole() || public.contains(&None);
    let public = reached(graph, public.into_iter().flatten());
    for (tip, is_private) in local {
        *is_private = match graph.place(*tip) {
            Some(place) if public[place as usize] => Some(false),
            Some(_) if !is_blind => Some(true),
            _ => None,
        };
    }
}
