//! The person's clone: where a branch that holds something private would be pushed.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Looker;
use super::remotes::Opened;
use crate::divergence::{Component, History, Oid, Role, Tracking, reached};
use crate::git::tracking::{self, Clone, Places};
use crate::git::{GitError, Graph, Setting};

/// The local branches by name: the commit of each, and whether it is private; none where that is not known.
pub(super) type Local = BTreeMap<String, (Oid, Option<bool>)>;

/// What was seen of the clone.
#[derive(Debug, Default)]
pub(super) struct SeenClone {
    /// Its git folder.
    pub folder: Option<PathBuf>,
    pub local: Local,
}

impl Looker<'_> {
    /// The local branches of the clone. Of no commit anything is known yet.
    pub(super) fn local(&self, opened: &Opened) -> Result<Local, GitError> {
        let Some(clone) = &opened.clone else { return Ok(Local::new()) };
        let clone = Clone { git: self.git, folder: &clone.folder, settings: &clone.settings, cancel: self.cancel };
        Ok(tracking::branches(&clone)?.into_iter().map(|(name, tip)| (name, (tip, None))).collect())
    }

    /// Where the clone with this git folder would push what is private, or may be.
    pub(super) fn tracking(
        &self,
        component: &Component,
        folder: &Path,
        settings: &[Setting],
        local: &Local,
    ) -> Tracking {
        let urls = |is_public: bool| {
            let urls = component.urls.iter().filter(|(role, _)| role.is_public() == is_public);
            urls.filter_map(|(_, url)| super::url(url)).collect()
        };
        let places = Places { private: urls(false), public: urls(true) };
        let holders = local.iter().filter(|(_, (_, is_private))| *is_private != Some(false));
        let holders: Vec<&str> = holders.map(|(name, _)| name.as_str()).collect();
        tracking::read(&Clone { git: self.git, folder, settings, cancel: self.cancel }, &places, &holders)
    }
}

/// Says of each local branch whether it is private: no public ref reaches it.
pub(super) fn judge(opened: &Opened, graph: &Graph, local: &mut Local) {
    let tips: BTreeSet<Oid> = opened.public();
    let public: Vec<_> = tips.iter().map(|commit| graph.place(*commit)).collect();
    let is_blind = opened.side(Role::Canonical).blind.is_some() || !graph.is_whole() || public.contains(&None);
    // Most branches are where a public one is.
    let public = LazyCell::new(|| reached(graph, public.into_iter().flatten()));
    for (tip, is_private) in local.values_mut() {
        *is_private = match graph.place(*tip) {
            Some(place) if tips.contains(tip) || public[place as usize] => Some(false),
            Some(_) if !is_blind => Some(true),
            _ => None,
        };
    }
}
