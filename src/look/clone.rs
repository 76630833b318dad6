//! The person's clone: where a branch that holds something private would be pushed.

use std::collections::BTreeSet;

use super::Looker;
use super::remotes::Opened;
use crate::divergence::{History, Oid, Role, Tracking, reached};
use crate::git::tracking::{self, Clone};
use crate::git::{GitError, Graph, Url};

impl Looker<'_> {
    /// The commits of the local branches of the clone.
    pub(super) fn of_clone(&self, opened: &Opened) -> Result<BTreeSet<Oid>, GitError> {
        let Some(repository) = &opened.clone else { return Ok(BTreeSet::new()) };
        let branches = tracking::branches(&Clone { git: self.git, repository, cancel: self.cancel })?;
        Ok(branches.into_iter().map(|(_, tip)| tip).collect())
    }

    /// Where the clone would push what no public ref reaches.
    pub(super) fn tracking(&self, opened: &Opened, graph: &Graph) -> Tracking {
        let Some(repository) = &opened.clone else { return Tracking::NoClone };
        let private = opened.urls.iter().filter(|(role, _)| !role.is_public());
        let private: Vec<&Url> = private.map(|(_, url)| url).collect();
        let is_blind = opened.side(Role::Canonical).blind.is_some() || !graph.is_whole();
        let public: Vec<_> = opened.public().into_iter().map(|commit| graph.place(commit)).collect();
        let is_blind = is_blind || public.contains(&None);
        let public = reached(graph, public.into_iter().flatten());
        let clone = Clone { git: self.git, repository, cancel: self.cancel };
        tracking::read(&clone, &private, |tip| match graph.place(tip) {
            Some(place) if public[place as usize] => Some(false),
            Some(_) if !is_blind => Some(true),
            _ => None,
        })
    }
}
