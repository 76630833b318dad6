//! The person's clone: where a branch that holds something private would be pushed.

use std::collections::BTreeSet;

use super::Looker;
use super::remotes::Opened;
use crate::divergence::{Oid, Role, Tracking};
use crate::git::tracking::{self, Clone};
use crate::git::{Below, GitError, Graph, Url};

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
        let (public, is_blind) = (opened.public(), opened.side(Role::Canonical).blind.is_some());
        let mut below = Below::new(graph);
        let clone = Clone { git: self.git, repository, cancel: self.cancel };
        tracking::read(&clone, &private, |tip| {
            let reached: Vec<Option<bool>> = public.iter().map(|public| below.is_below(*public, tip)).collect();
            match () {
                () if reached.contains(&Some(true)) => Some(false),
                () if is_blind || reached.contains(&None) => None,
                () => Some(true),
            }
        })
    }
}
