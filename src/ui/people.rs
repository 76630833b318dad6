//! People and access: who takes part, who can see the fix, and who was promised to hear again.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{column, part, split_line};
use super::list::List;
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::{OpenCase, PeopleRow};
use crate::case::record::{Grant, Person};

/// Columns of a name.
const NAME: usize = 24;

impl Screen<'_> {
    pub(super) fn people(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let (left, detail) = self.list_areas(frame, area);
        let (columns, cursor) = (usize::from(left.width), open.cursor());
        let record = open.case.record();
        let rows = open.people_rows();
        let row = |index: usize| match rows[index] {
            PeopleRow::Person(person) => self.person_row(open, &record.person[person], index == cursor, columns),
            PeopleRow::Grant(grant) => self.grant_row(&record.grant[grant], index == cursor, columns),
        };
        let head = |row: &PeopleRow| if matches!(row, PeopleRow::Person(_)) { "Takes part" } else { "Access" };
        let heads = rows.iter().map(head).collect();
        let empty =
            "Nobody yet: a adds a person, n gives access. Access that is listed here has to end with the release.";
        self.list(frame, left, &List { title: "5 People", heads, row: &row, cursor, empty });
        if let Some(area) = detail {
            frame.render_widget(Rows::new(self.people_detail(open, usize::from(area.width))), area);
        }
    }

    pub(super) fn role_of<'o>(open: &'o OpenCase, person: &'o Person) -> &'o str {
        let id = person.role.as_deref().unwrap_or_default();
        open.case.playbook().role(id).map_or(id, |role| role.title.as_str())
    }

    fn person_row(&self, open: &OpenCase, person: &Person, selected: bool, columns: usize) -> Line<'static> {
        let name = person.name.as_ref().unwrap_or(&person.id);
        let left = vec![
            self.pointer(selected),
            column(name, NAME, self.row_style(selected)),
            part(&format!("  {}", Self::role_of(open, person)), self.style(Role::Quiet)),
        ];
        let update = person.next_update.map(|at| format!("next update {} ", self.short_instant(at)));
        split_line(left, vec![part(&update.unwrap_or_default(), self.style(Role::Plain))], columns)
    }

    fn grant_row(&self, grant: &Grant, selected: bool, columns: usize) -> Line<'static> {
        let (mark, state, role) = match grant.ended {
            Some(at) => (Mark::Done, format!("ended {} ", self.short_instant(at)), Role::Quiet),
            None => (Mark::Open, format!("since {} ", self.short_instant(grant.at)), Role::Look),
        };
        let left = vec![
            self.pointer(selected),
            part(&format!("{} ", self.mark(mark)), self.style(role)),
            column(&grant.who, NAME - 2, self.row_style(selected)),
            part(&format!("  {}", grant.what), self.style(Role::Plain)),
        ];
        split_line(left, vec![part(&state, self.style(role))], columns)
    }

    fn people_detail(&self, open: &OpenCase, columns: usize) -> Vec<Line<'static>> {
        let record = open.case.record();
        match open.selected_people_row() {
            Some(PeopleRow::Person(index)) => self.person_detail(open, &record.person[index], columns),
            Some(PeopleRow::Grant(index)) => self.grant_detail(&record.grant[index], columns),
            None => Vec::new(),
        }
    }

    fn person_detail(&self, open: &OpenCase, person: &Person, columns: usize) -> Vec<Line<'static>> {
        let mut lines = self.text(person.name.as_ref().unwrap_or(&person.id), Role::Strong, 1, columns);
        lines.extend(self.text(Self::role_of(open, person), Role::Quiet, 1, columns));
        lines.push(Line::default());
        let next = person.next_update.map(|at| self.instant(at));
        let known = [
            ("contact", person.contact.clone()),
            ("key", person.key.clone()),
            ("credit", person.credit.clone()),
            ("promised", next),
        ];
        let known = known.into_iter().filter_map(|(name, text)| text.map(|text| (name, text)));
        lines.extend(known.flat_map(|(name, text)| self.entry(name, Role::Quiet, &text, columns)));
        lines.extend(self.entry("Enter", Role::Accent, "sets when they hear again", columns));
        lines
    }

    fn grant_detail(&self, grant: &Grant, columns: usize) -> Vec<Line<'static>> {
        let mut lines = self.text(&format!("{}: {}", grant.who, grant.what), Role::Strong, 1, columns);
        lines.push(Line::default());
        lines.extend(self.entry(
            "since",
            Role::Quiet,
            &format!("{}, given by {}", self.instant(grant.at), grant.by),
            columns,
        ));
        match grant.ended {
            Some(at) => lines.extend(self.entry("ended", Role::Quiet, &self.instant(at), columns)),
            None => lines.extend(self.entry("Space", Role::Accent, "ends the access", columns)),
        }
        lines
    }
}
