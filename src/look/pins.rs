//! The version that each branch pins, on every remote.

use std::collections::{BTreeMap, BTreeSet};

use super::fixes::Sought;
use super::remotes::{Opened, Remote};
use crate::divergence::{Oid, PinAt, PinRow, PinState, Role, Side};
use crate::git::patches::Place;
use crate::git::pins;

/// What the file at a path says on each of these branches.
pub(super) fn pins(place: Place<'_>, opened: &Opened, branches: &BTreeSet<String>, path: &str) -> Vec<PinRow> {
    let tips = branches.iter().flat_map(|branch| opened.remotes.values().map(|remote| remote.branch(branch)));
    let tips: BTreeSet<Oid> =
        tips.filter_map(|side| if let Side::Tip(tip) = side { Some(tip) } else { None }).collect();
    let told = pins::read(place, &tips, path);
    let at = |remote: &Remote, branch: &str| match remote.branch(branch) {
        Side::Unknown(why) => PinAt::Unknown(why),
        Side::Absent => PinAt::BranchMissing,
        Side::Tip(tip) => match (told.get(&tip), &remote.not_brought) {
            (Some(PinAt::Unknown(_)) | None, Some(why)) => PinAt::Unknown(why.clone()),
            (Some(pin), _) => pin.clone(),
            (None, None) => PinAt::Unknown("it was not read".to_owned()),
        },
    };
    let row = |branch: &String| {
        let remotes: BTreeMap<Role, PinAt> =
            opened.remotes.iter().map(|(role, remote)| (*role, at(remote, branch))).collect();
        let all: Vec<PinAt> = remotes.values().cloned().collect();
        PinRow { branch: branch.clone(), state: PinState::of(&all), remotes, holds_fixes: BTreeMap::new() }
    };
    branches.iter().map(row).collect()
}

/// The commits that pins name: by a tag of any remote, with or without a `v`, or by a whole id.
pub(super) fn named(opened: &Opened, pin: &PinAt) -> Option<Oid> {
    let PinAt::Text(text) = pin else { return None };
    let text = text.trim();
    let bare = text.strip_prefix('v').unwrap_or(text);
    let names = [format!("refs/tags/{text}"), format!("refs/tags/v{bare}"), format!("refs/tags/{bare}")];
    let tag = |name: &String| opened.remotes.values().find_map(|remote| remote.refs.get(name)?.commit);
    names.iter().find_map(tag).or_else(|| text.parse().ok())
}

/// Says of each pin whether what it names holds every fix.
pub(super) fn judge(opened: &Opened, found: &Sought, rows: &mut [PinRow]) {
    for row in rows {
        let holds = |pin: &PinAt| named(opened, pin).and_then(|commit| found.holds_all(commit));
        row.holds_fixes = row.remotes.iter().map(|(role, pin)| (*role, holds(pin))).collect();
    }
}
