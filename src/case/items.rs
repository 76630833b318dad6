//! The things a step is done for.

use super::record::Record;
use crate::playbook::{Each, Step};

/// What an item of a step stands for in the repositories of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'r> {
    /// A component, with all its branches.
    Component(&'r str),
    /// A branch of a component, or a pattern of branches: component and branch.
    Branch(&'r str, &'r str),
}

impl Part<'_> {
    /// Its id as an item.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Component(component) => (*component).to_owned(),
            // With its component: a second one that comes later must not rename what was ticked.
            Self::Branch(component, branch) => format!("{component}:{branch}"),
        }
    }
}

/// Ids of the items of a step; empty where it is done once, or where nothing to do it for is known yet.
pub(super) fn of(step: &Step, record: &Record) -> Vec<String> {
    match step.each {
        None => Vec::new(),
        Some(Each::Environments | Each::Channels | Each::Approvers) => step.items.clone(),
        Some(Each::Vulnerabilities) => record.vulnerability.iter().map(|entry| entry.id.clone()).collect(),
        Some(Each::People) => {
            let team = record.person.iter().filter(|person| person.id != "reporter");
            team.map(|person| person.id.clone()).collect()
        }
        Some(each @ (Each::Components | Each::Branches)) => parts(each, record).iter().map(Part::id).collect(),
    }
}

/// What the items of a step stand for that is done for each component or branch; empty for anything else.
#[must_use]
pub fn parts(each: Each, record: &Record) -> Vec<Part<'_>> {
    let components = record.component.iter();
    match each {
        Each::Components => components.map(|component| Part::Component(&component.id)).collect(),
        Each::Branches => {
            let branches = components.flat_map(|component| component.branches.iter().map(move |one| (component, one)));
            branches.map(|(component, branch)| Part::Branch(&component.id, branch)).collect()
        }
        _ => Vec::new(),
    }
}
