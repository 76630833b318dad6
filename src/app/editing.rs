//! Changing what the cursor is on: the note of a step, an answer, an instant, who somebody is.

use super::App;
use super::asking::note_form;
use super::form::{Field, Form};
use super::message::{Effect, Tools};
use super::open_case::{OpenCase, Pane, Row};
use super::purpose::Purpose;
use super::{FactRow, PeopleRow};
use crate::case::StepView;
use crate::case::record::Person;
use crate::playbook::Playbook;

impl App {
    /// Changes what the cursor is on.
    pub(super) fn edit(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        match open.pane {
            Pane::Overview | Pane::Checklist if matches!(open.row(), Some(Row::Next(_))) => {
                return self.open_next(tools);
            }
            Pane::Overview | Pane::Checklist => {
                if let Some((step, _)) = open.selected_step() {
                    let form = rewrite_form(step);
                    self.ask(form);
                }
            }
            Pane::People => self.edit_person(),
            Pane::Facts | Pane::Timeline => self.open_entry(tools),
            Pane::Branches | Pane::Score => {}
        }
        Vec::new()
    }

    /// The same in the person's own editor, where it is a text.
    pub(super) fn edit_in_editor(&mut self, tools: &Tools) -> Vec<Effect> {
        let mut effects = self.edit(tools);
        effects.extend(self.edit_outside());
        effects
    }

    /// Enter in a list: the question or the instant; of a person the next promised update.
    pub(super) fn open_entry(&mut self, tools: &Tools) {
        let Some(open) = &self.open else { return };
        if open.pane == Pane::People {
            match open.selected_people_row() {
                Some(PeopleRow::Person(index)) => {
                    let id = open.case.record().person[index].id.clone();
                    self.ask_promise(&id);
                }
                Some(PeopleRow::Grant(_)) => self.say("Space ends this access"),
                None => {}
            }
            return;
        }
        let playbook = open.case.playbook().clone();
        match open.selected_fact_row() {
            Some(FactRow::Fact(index)) => self.ask_fact(&playbook.facts[index].id),
            Some(FactRow::Anchor(index)) => self.ask_anchor(&playbook.anchors[index].id, tools),
            None => {}
        }
    }

    fn edit_person(&mut self) {
        let Some(open) = &self.open else { return };
        match open.selected_people_row() {
            Some(PeopleRow::Person(index)) => {
                let form = person_form(&open.case.record().person[index], open.case.playbook());
                self.ask(form);
            }
            Some(PeopleRow::Grant(_)) => self.say("access is not edited: Space ends it, n gives another"),
            None => {}
        }
    }

    /// The form with the names that are known completed in its first field.
    pub(super) fn naming(&self, mut form: Form<Purpose>) -> Form<Purpose> {
        let known = self.open.as_ref().map(|open| known_names(open, &self.me)).unwrap_or_default();
        if !form.fields.is_empty() {
            let field = form.fields.remove(0).with_known(known);
            form.fields.insert(0, field);
        }
        form
    }
}

/// The note as it is, to be changed; where there is none, one is added.
fn rewrite_form(step: &StepView) -> Form<Purpose> {
    if step.note.is_empty() {
        return note_form(step);
    }
    let fields = vec![Field::lines("Note", &step.note)];
    let form = Form::new("Change the note", fields, Purpose::Rewrite(step.id.clone(), step.note.clone()));
    form.with_lines(vec![step.title.clone()])
}

fn person_form(person: &Person, playbook: &Playbook) -> Form<Purpose> {
    let role = person.role.clone().unwrap_or_default();
    let mut roles = vec![(String::new(), "no role of this process".to_owned())];
    roles.extend(playbook.roles.iter().map(|role| (role.id.clone(), role.title.clone())));
    if roles.iter().all(|(id, _)| *id != role) {
        roles.push((role.clone(), role.clone()));
    }
    let fields = vec![
        Field::choice("Role", roles, &role),
        Field::line("Contact", person.contact.as_deref().unwrap_or_default()),
        Field::line("Credit, as they wish to be named", person.credit.as_deref().unwrap_or_default()),
    ];
    let title = person.name.clone().unwrap_or_else(|| person.id.clone());
    Form::new(title, fields, Purpose::EditPerson(person.id.clone()))
}

/// Names that a person may mean: those of the case, the nearest first, then the roles of the process.
fn known_names(open: &OpenCase, me: &str) -> Vec<String> {
    let (record, playbook) = (open.case.record(), open.case.playbook());
    let people = record.person.iter().filter_map(|person| person.name.clone());
    let steps = record.step.iter().flat_map(|step| step.assignee.iter().chain(&step.waiting_on).cloned());
    let grants = record.grant.iter().map(|grant| grant.who.clone());
    let roles = playbook.roles.iter().map(|role| role.title.clone());
    let all = people.chain(steps).chain(grants).chain(record.lead.clone()).chain([me.to_owned()]).chain(roles);
    let mut known: Vec<String> = Vec::new();
    for name in all {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
}
