//! The rows of the panes that are plain lists: people and access, facts and dates.

use super::open_case::OpenCase;

/// A row of «people».
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleRow {
    /// Somebody who takes part, by index.
    Person(usize),
    /// Access, by index.
    Grant(usize),
}

/// A row of «facts and dates».
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactRow {
    /// A question, by index into the playbook.
    Fact(usize),
    /// An instant, by index into the playbook.
    Anchor(usize),
}

impl OpenCase {
    /// The rows of «people»: people first, then access, open access before ended.
    #[must_use]
    pub fn people_rows(&self) -> Vec<PeopleRow> {
        let record = self.case.record();
        let people = (0..record.person.len()).map(PeopleRow::Person);
        let mut grants: Vec<usize> = (0..record.grant.len()).collect();
        grants.sort_by_key(|index| record.grant[*index].ended.is_some());
        people.chain(grants.into_iter().map(PeopleRow::Grant)).collect()
    }

    /// The rows of «facts and dates»: questions in the order of the playbook, then instants.
    #[must_use]
    pub fn fact_rows(&self) -> Vec<FactRow> {
        let playbook = self.case.playbook();
        let facts = (0..playbook.facts.len()).map(FactRow::Fact);
        facts.chain((0..playbook.anchors.len()).map(FactRow::Anchor)).collect()
    }

    /// The row of «people» under the cursor.
    #[must_use]
    pub fn selected_people_row(&self) -> Option<PeopleRow> {
        self.people_rows().get(self.cursor()).cloned()
    }

    /// The row of «facts and dates» under the cursor.
    #[must_use]
    pub fn selected_fact_row(&self) -> Option<FactRow> {
        self.fact_rows().get(self.cursor()).cloned()
    }
}
