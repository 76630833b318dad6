//! What is told of fixes and of leaks.

use std::collections::BTreeMap;

use super::ways;
use super::words::name;
use super::{Finding, Weight, leak_how, shown};
use crate::divergence::{Amiss, Component, Expected, FixRow, Leak, Leaks, Oid, Report, Role};

pub(super) fn leaks(component: &Component, report: &Report, case: Option<&str>) -> Vec<Finding> {
    let found = report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
    let mut by_fix: BTreeMap<Oid, Vec<&Leak>> = BTreeMap::new();
    for leak in found {
        by_fix.entry(leak.fix).or_default().push(leak);
    }
    let finding = |(fix, leaks): (&Oid, &Vec<&Leak>)| {
        let fix_row = report.fixes.iter().find(|row| row.commit == *fix);
        let subject = fix_row.and_then(|row| row.subject.as_deref());
        let subject = subject.map(|subject| format!(" «{}»", shown(subject))).unwrap_or_default();
        // What was private at a look before is no fix that anybody named.
        let was = if fix_row.is_some() { "" } else { ", which was private at a look before," };
        let detail =
            |leak: &&Leak| format!("{} {}, in {}", shown(&leak.reference), leak_how(leak.how), leak.commit.short());
        Finding {
            details: leaks.iter().map(detail).collect(),
            way: leaks.first().map(|leak| ways::of_leak(component, leak, case)),
            ..Finding::new(Weight::Leak, "leak", format!("{}{subject}{was} is public", fix.short()))
        }
    };
    by_fix.iter().map(finding).collect()
}

/// What of the fixes is not as planned. The rest stands in their table.
pub(super) fn fixes(component: &Component, report: &Report) -> Vec<Finding> {
    report.fixes.iter().flat_map(|fix| amiss(component, fix, report.expected)).collect()
}

fn amiss(component: &Component, fix: &FixRow, expected: Expected) -> Vec<Finding> {
    let id = fix.commit.short();
    let (mut findings, mut not_public) = (Vec::new(), Vec::new());
    for amiss in fix.amiss(expected) {
        match amiss {
            Amiss::Reverted { branch, remote, landed } => {
                let (on, landed) = (format!("{} of {}", shown(branch), name(remote)), landed.short());
                let words = format!("{id} landed on {on} as {landed}, and is gone from its tip");
                let way = (remote == Role::Security).then(|| ways::of_fix(component, fix.commit, branch));
                findings.push(Finding { way, ..Finding::new(Weight::Unplanned, "reverted", words) });
            }
            Amiss::NotPublic { branch } => not_public.push(shown(branch)),
            Amiss::Nowhere => {
                let private = if expected == Expected::PrivateAhead { "private " } else { "" };
                let words = format!("{id} is on none of the {private}branches that were compared");
                findings.push(Finding::new(Weight::Unplanned, "fix", words));
            }
        }
    }
    if !not_public.is_empty() {
        let words = format!("{id} is private and not public on {}", not_public.join(", "));
        findings.push(Finding::new(Weight::Unplanned, "fix", words));
    }
    findings
}
