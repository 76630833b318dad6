//! Tags, and version pins that name them.

use super::finding::Finding;
use crate::divergence::{Look, PinAt, PinRow, Role, TagRow, TagState};
use crate::playbook::Check;

/// A tag on a remote holds every fix.
pub(super) fn present(look: &Look, role: Role) -> Finding {
    let mut finding = Finding::default();
    let name = &look.asked.name;
    // What holds every fix of none would be any tag.
    if look.asked.fixes.is_empty() {
        return finding;
    }
    if look.asked.tags.is_empty() {
        finding.blind(format!(
            "{name}: no pattern of its tags is known, «fixlead case component {} {name} --tags PATTERN» names one",
            look.asked.memory
        ));
        return finding;
    }
    if !look.asked.urls.contains_key(&role) {
        finding.blind(format!("{name}: its {} repository is not known", role.word()));
        return finding;
    }
    let there: Vec<&TagRow> =
        look.report.tags.iter().filter(|tag| tag.remotes.get(&role).is_some_and(Option::is_some)).collect();
    let holds = |tag: &TagRow| tag.holds_fixes.get(&role).copied().flatten();
    let holding: Vec<&str> = there.iter().filter(|tag| holds(tag) == Some(true)).map(|tag| tag.name.as_str()).collect();
    if holding.is_empty() {
        match there.iter().find(|tag| holds(tag).is_none()) {
            Some(tag) => finding.blind(format!("{name}: whether {} holds every fix is not known", tag.name)),
            None => finding.bad(format!("{name}: no tag on {} holds every fix", role.word())),
        }
    } else {
        for tag in holding {
            finding.good(format!("{name}: {tag} on {} holds every fix", role.word()));
        }
    }
    finding
}

/// The version file of a remote names a version with every fix (new), or one without (old).
pub(super) fn pinned(check: &Check, looks: &[&Look], role: Role) -> Finding {
    let mut finding = Finding::default();
    let Some(path) = check.path.as_deref() else {
        return Finding::only_blind("the playbook names no version file".to_owned());
    };
    let wants_new = check.value.as_deref() == Some("new");
    let mut with_pin = looks.iter().filter(|look| look.asked.pin.as_deref() == Some(path)).peekable();
    if with_pin.peek().is_none() {
        let id = looks.first().map_or("ID", |look| look.asked.memory.as_str());
        finding.blind(format!(
            "no component has the version file {path}: «fixlead case component {id} NAME --pin {path}» sets it"
        ));
    }
    for look in with_pin {
        let name = &look.asked.name;
        let texts = look.report.pins.iter().filter(|row| matches!(row.remotes.get(&role), Some(PinAt::Text(_))));
        if texts.count() == 0 {
            finding.blind(format!("{name}: {path} was found on no branch of {}", role.word()));
        }
        for row in &look.report.pins {
            let place = format!("{name}: {path} on {} {}", role.word(), row.branch);
            match row.remotes.get(&role) {
                Some(PinAt::Text(text)) => {
                    let holds = holds_fixes(look, row, text, looks, role);
                    let words = match holds {
                        Some(true) => "which holds every fix",
                        Some(false) => "which lacks a fix",
                        None => "of which it is not known whether it holds every fix",
                    };
                    let is_so = holds.map(|holds| holds == wants_new);
                    finding.add(is_so, format!("{place} names {}, {words}", text.trim()));
                }
                // A branch without the file leads nobody anywhere.
                Some(PinAt::FileMissing | PinAt::BranchMissing) => {}
                Some(PinAt::Unknown(why)) => finding.blind(format!("{place}: {why}")),
                None => finding.blind(format!("{place}: it was not looked at")),
            }
        }
    }
    finding
}

/// Does the version that a pin names hold every fix? It may be a tag of another component.
fn holds_fixes(look: &Look, row: &PinRow, text: &str, looks: &[&Look], role: Role) -> Option<bool> {
    let own = row.holds_fixes.get(&role).copied().flatten().filter(|_| !look.asked.fixes.is_empty());
    own.or_else(|| {
        let version = text.trim();
        let is_named = |tag: &&TagRow| tag.name == version || tag.name.strip_prefix('v') == Some(version);
        let with_fixes = looks.iter().filter(|look| !look.asked.fixes.is_empty());
        let tags: Vec<&TagRow> = with_fixes.flat_map(|look| &look.report.tags).filter(is_named).collect();
        // One name may stand for several things: then nothing is known.
        if tags.iter().any(|tag| matches!(tag.state, TagState::Differs | TagState::Unknown(_))) {
            return None;
        }
        let held: Vec<bool> = tags.iter().flat_map(|tag| tag.holds_fixes.values().copied().flatten()).collect();
        let first = *held.first()?;
        held.iter().all(|one| *one == first).then_some(first)
    })
}
