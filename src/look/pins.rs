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

/// The commit that a pin names: by a tag, with or without a `v`, or by a whole id. The tag of its own remote counts; where
/// that has none, the others have to agree.
pub(super) fn named(opened: &Opened, role: Role, pin: &PinAt) -> Option<Oid> {
    let PinAt::Text(text) = pin else { return None };
    let text = text.trim();
    let bare = text.strip_prefix('v').unwrap_or(text);
    let names = [format!("refs/tags/{text}"), format!("refs/tags/v{bare}"), format!("refs/tags/{bare}")];
    let tag = |remote: &Remote| names.iter().find_map(|name| remote.refs.get(name)?.commit);
    let elsewhere = || {
        let found: BTreeSet<Oid> = opened.remotes.values().filter_map(tag).collect();
        found.first().copied().filter(|_| found.len() == 1)
    };
    opened.remotes.get(&role).and_then(tag).or_else(elsewhere).or_else(|| text.parse().ok())
}

/// Says of each pin whether what it names holds every fix.
pub(super) fn judge(opened: &Opened, found: &Sought, rows: &mut [PinRow]) {
    for row in rows {
        let holds = |role: Role, pin: &PinAt| named(opened, role, pin).and_then(|commit| found.holds_all(commit));
        row.holds_fixes = row.remotes.iter().map(|(role, pin)| (*role, holds(*role, pin))).collect();
    }
}
