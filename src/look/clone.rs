//! The person's clone: where a branch that holds something private would be pushed.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Looker;
use super::remotes::Opened;
use crate::divergence::{Component, History, Oid, Role, Tracking, reached};
use crate::git::tracking::{self, Clone, Places};
use crate::git::{GitError, Graph, Setting};

/// The local branches of a clone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Local {
    /// By name: the commit of each, and whether it is private; none where that is not known.
    branches: BTreeMap<String, (Oid, Option<bool>)>,
    /// None of them has a commit that a remote has, too.
    is_apart: bool,
}

impl Local {
    /// The commits of the branches.
    pub fn tips(&self) -> impl Iterator<Item = Oid> {
        self.branches.values().map(|(tip, _)| *tip)
    }
}

/// Why nothing is known of a clone that is none of the component.
const APART: &str = "the clone shares no commit with the repositories of this component: it is another one";

/// What was seen beside the report: of the clone, and where the URLs lead.
#[derive(Debug, Default)]
pub(super) struct SeenClone {
    /// Its git folder.
    pub folder: Option<PathBuf>,
    pub local: Local,
    /// What lies at the path of a URL is not what was asked.
    pub is_elsewhere: bool,
}

impl Looker<'_> {
    /// The local branches of the clone. Of no commit anything is known yet.
    pub(super) fn local(&self, opened: &Opened) -> Result<Local, GitError> {
        let Some(clone) = &opened.clone else { return Ok(Local::default()) };
        let clone = Clone { git: self.git, folder: &clone.folder, settings: &clone.settings, cancel: self.cancel };
        let branches = tracking::branches(&clone)?.into_iter().map(|(name, tip)| (name, (tip, None)));
        Ok(Local { branches: branches.collect(), is_apart: false })
    }

    /// Where the clone with this git folder would push what is private, or may be.
    pub(super) fn tracking(
        &self,
        component: &Component,
        folder: &Path,
        settings: &[Setting],
        local: &Local,
    ) -> Tracking {
        if local.is_apart {
            return Tracking::Unknown(APART.to_owned());
        }
        let urls = |is_public: bool| {
            let urls = component.urls.iter().filter(|(role, _)| role.is_public() == is_public);
            urls.filter_map(|(_, url)| super::url(url)).collect()
        };
        let places = Places { private: urls(false), public: urls(true) };
        let holders = local.branches.iter().filter(|(_, (_, is_private))| *is_private != Some(false));
        let holders: Vec<&str> = holders.map(|(name, _)| name.as_str()).collect();
        tracking::read(&Clone { git: self.git, folder, settings, cancel: self.cancel }, &places, &holders)
    }
}

/// Says of each local branch whether it is private: no public ref reaches it; and whether they belong to the component at all.
pub(super) fn judge(opened: &Opened, graph: &Graph, local: &mut Local) {
    let tips: BTreeSet<Oid> = opened.public();
    let public: Vec<_> = tips.iter().map(|commit| graph.place(*commit)).collect();
    let is_blind = opened.side(Role::Canonical).blind.is_some() || !graph.is_whole() || public.contains(&None);
    // Most branches are where a public one is.
    let public = LazyCell::new(|| reached(graph, public.into_iter().flatten()));
    local.is_apart = shares_nothing(opened, graph, local);
    for (tip, is_private) in local.branches.values_mut() {
        *is_private = match graph.place(*tip) {
            Some(place) if tips.contains(tip) || public[place as usize] => Some(false),
            Some(_) if !is_blind => Some(true),
            _ => None,
        };
    }
}

/// Is there no commit that a local branch and a remote have both?
fn shares_nothing(opened: &Opened, graph: &Graph, local: &Local) -> bool {
    let remote = opened.commits();
    // Most clones have a branch that is where one of a remote is.
    if local.tips().any(|tip| remote.contains(&tip)) {
        return false;
    }
    // Ids of another kind name nothing that a remote has.
    let kind = |tip: &Oid| tip.as_bytes().len();
    if remote.first().is_some_and(|one| local.tips().any(|tip| kind(&tip) != kind(one))) {
        return true;
    }
    let places = |tips: &mut dyn Iterator<Item = Oid>| tips.filter_map(|tip| graph.place(tip)).collect::<Vec<_>>();
    let (own, theirs) = (places(&mut local.tips()), places(&mut remote.into_iter()));
    let are_known = !own.is_empty() && !theirs.is_empty();
    let theirs = reached(graph, theirs);
    are_known && !reached(graph, own).into_iter().zip(theirs).any(|(own, their)| own && their)
}
