//! Tags on the private and on the public side.

use std::collections::{BTreeMap, BTreeSet};

use super::fixes::Sought;
use super::remotes::{Opened, Remote};
use crate::divergence::{Component, Found, TagRow, TagState};

/// The tags of the patterns of a component, on every remote.
pub(super) fn tags(component: &Component, opened: &Opened) -> Vec<TagRow> {
    let names = opened.remotes.values().flat_map(Remote::tags).filter(|name| component.has_tag(name));
    let names: BTreeSet<&str> = names.collect();
    let [security, canonical] = opened.sides();
    let row = |name: &str| {
        let remotes = opened.remotes.iter().map(|(role, remote)| match remote.tag(name) {
            Found::There(tag) => (*role, Some(tag)),
            Found::Absent | Found::Unknown(_) => (*role, None),
        });
        let state = TagState::of(&security.tag(name), &canonical.tag(name))?;
        Some(TagRow { name: name.to_owned(), state, remotes: remotes.collect(), holds_fixes: BTreeMap::new() })
    };
    names.into_iter().filter_map(row).collect()
}

/// Says of each tag whether it holds every fix.
pub(super) fn judge(found: &Sought, rows: &mut [TagRow]) {
    for row in rows {
        let there = row.remotes.iter().filter_map(|(role, tag)| Some((*role, tag.as_ref()?.commit?)));
        row.holds_fixes = there.map(|(role, commit)| (role, found.holds_all(commit))).collect();
    }
}
