//! What is told of tags, of version pins, and of where a clone would push.

use super::words::{name, without_secrets};
use super::{Finding, Way, Weight, shown, ways};
use crate::divergence::{Component, PinAt, PinRow, PinState, Plan, Report, Role, TagRow, TagState, TrackRow, Tracking};

pub(super) fn tags(component: &Component, report: &Report) -> Vec<Finding> {
    report.tags.iter().filter_map(|row| tag(component, report.plan_of_tag(row), row)).collect()
}

fn tag(component: &Component, plan: Plan, tag: &TagRow) -> Option<Finding> {
    let tag_name = shown(&tag.name);
    let lacks = |role: Role| Finding {
        way: (plan != Plan::AsPlanned).then(|| ways::of_tag(component, tag)),
        ..Finding::planned(plan, "tag", format!("{tag_name} is not on {}", name(role)))
    };
    Some(match &tag.state {
        TagState::Same | TagState::SameCommit | TagState::Unknown(_) => return None,
        TagState::MissingOnCanonical => lacks(Role::Canonical),
        TagState::MissingOnSecurity => lacks(Role::Security),
        TagState::Differs => {
            let at = tag.remotes.iter().filter_map(|(role, at)| Some((*role, at.as_ref()?)));
            let detail = at.map(|(role, at)| format!("{} {}", name(role), at.commit.unwrap_or(at.object)));
            let words = "make a new tag: whoever has this one keeps it".to_owned();
            Finding {
                details: detail.collect(),
                way: Some(Way { words, exposes: false, commands: Vec::new() }),
                ..Finding::planned(plan, "tag", format!("{tag_name} is another commit on each side"))
            }
        }
    })
}

/// Pins that stand alike are one finding: a path that is written wrong is so on every branch.
pub(super) fn pins(report: &Report) -> Vec<Finding> {
    let mut groups: Vec<(&PinRow, String, Vec<String>)> = Vec::new();
    for pin in report.pins.iter().filter(|pin| !matches!(pin.state, PinState::Same | PinState::Unknown(_))) {
        let (plan, sides) = (report.plan_of_pin(pin), sides(pin));
        let is_alike = |first: &PinRow, known: &str| {
            (report.plan_of_pin(first), &first.state, known) == (plan, &pin.state, sides.as_str())
        };
        match groups.iter_mut().find(|(first, known, _)| is_alike(first, known)) {
            Some((.., branches)) => branches.push(shown(&pin.branch)),
            None => groups.push((pin, sides, vec![shown(&pin.branch)])),
        }
    }
    let finding = |(first, sides, branches): (&PinRow, String, Vec<String>)| {
        let words = pin_words(first, &branches.join(", "));
        Finding { details: vec![sides], ..Finding::planned(report.plan_of_pin(first), "pin", words) }
    };
    groups.into_iter().map(finding).collect()
}

fn pin_words(pin: &PinRow, branches: &str) -> String {
    let how = match &pin.state {
        PinState::Same => "is the same",
        PinState::Unknown(_) => "could not be looked at",
        PinState::Differs => "differs",
        PinState::FileMissing | PinState::BranchMissing if !pin.is_anywhere() => "is on no side",
        PinState::FileMissing => "is missing on a side",
        PinState::BranchMissing => "is on one side only",
    };
    format!("the version pin on {branches} {how}")
}

/// «private «v2», public no such file».
fn sides(pin: &PinRow) -> String {
    let at = |at: &PinAt| match at {
        PinAt::Text(text) => format!("«{}»", shown(text.trim())),
        PinAt::FileMissing => "no such file".to_owned(),
        PinAt::BranchMissing => "no such branch".to_owned(),
        PinAt::Unknown(_) => "could not look".to_owned(),
    };
    let sides: Vec<String> = pin.remotes.iter().map(|(role, text)| format!("{} {}", name(*role), at(text))).collect();
    sides.join(", ")
}

pub(super) fn tracking(component: &Component, report: &Report) -> Vec<Finding> {
    let Tracking::Looked(rows) = &report.tracking else { return Vec::new() };
    let finding = |row: &TrackRow| {
        let (branch, why) = (shown(&row.branch), shown(row.why_not.as_deref()?));
        let url = shown(&without_secrets(&row.url));
        Some(Finding {
            way: Some(ways::of_track(component, row, report)),
            ..Finding::new(Weight::Unplanned, "push", format!("{branch} of the clone goes to {url}: {why}"))
        })
    };
    rows.iter().filter_map(finding).collect()
}
