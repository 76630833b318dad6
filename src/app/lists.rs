//! The rows of the panes that are plain lists: people and access, facts and dates.

use super::filter::fits;
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
        let rows = people.chain(grants.into_iter().map(PeopleRow::Grant));
        rows.filter(|row| fits(&self.filter, &self.words_of_people(row))).collect()
    }

    fn words_of_people(&self, row: &PeopleRow) -> String {
        let record = self.case.record();
        match row {
            PeopleRow::Person(index) => {
                let person = &record.person[*index];
                let (name, role) = (person.name.as_deref(), person.role.as_deref());
                [Some(person.id.as_str()), name, role].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            PeopleRow::Grant(index) => format!("{} {}", record.grant[*index].who, record.grant[*index].what),
        }
    }

    /// The rows of «facts and dates»: questions in the order of the playbook, then instants.
    #[must_use]
    pub fn fact_rows(&self) -> Vec<FactRow> {
        let playbook = self.case.playbook();
        let facts = playbook.facts.iter().enumerate().filter(|(_, fact)| fits(&self.filter, &fact.ask));
        let anchors = playbook.anchors.iter().enumerate().filter(|(_, anchor)| fits(&self.filter, &anchor.title));
        facts.map(|(index, _)| FactRow::Fact(index)).chain(anchors.map(|(index, _)| FactRow::Anchor(index))).collect()
    }

    /// The rows of the timeline: indices of events, oldest first.
    #[must_use]
    pub fn timeline_rows(&self) -> Vec<usize> {
        let events = self.case.record().event.iter().enumerate();
        let fitting = events.filter(|(_, event)| self.filter.is_empty() || fits(&self.filter, &self.case.told(event)));
        fitting.map(|(index, _)| index).collect()
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
