//! The things a step is done for.

use super::record::Record;
use crate::playbook::{Each, Step};

/// Ids of the items of a step; empty where it is done once, or where nothing to do it for is known yet.
pub(super) fn of(step: &Step, record: &Record) -> Vec<String> {
    match step.each {
        None => Vec::new(),
        Some(Each::Environments | Each::Channels | Each::Approvers) => step.items.clone(),
        Some(Each::Vulnerabilities) => record.vulnerability.iter().map(|entry| entry.id.clone()).collect(),
        Some(Each::Components) => record.component.iter().map(|entry| entry.id.clone()).collect(),
        Some(Each::People) => {
            let team = record.person.iter().filter(|person| person.id != "reporter");
            team.map(|person| person.id.clone()).collect()
        }
        Some(Each::Branches) => branches(record),
    }
}

/// Branches of all components, each with the name of its component: a second component that comes later must not
/// rename what was ticked.
fn branches(record: &Record) -> Vec<String> {
    let of_one = |component: &super::record::Component| -> Vec<String> {
        component.branches.iter().map(|branch| format!("{}:{branch}", component.id)).collect()
    };
    record.component.iter().flat_map(of_one).collect()
}
