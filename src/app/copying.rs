//! Copying: what a key hands to the clipboard of the terminal. Nothing else ever does.

use super::command::Command;
use super::message::Effect;
use super::{App, FactRow, OpenCase, Pane, PeopleRow, branches};
use crate::case::record::AnchorTime;
use crate::cvss;
use crate::text::displayable_lines;

/// The longest text in bytes: a hundred thousand once it is encoded, which is what terminals take.
const LONGEST: usize = 75_000;

impl App {
    pub(super) fn copy(&mut self) -> Vec<Effect> {
        match self.to_copy() {
            Ok((what, text)) => {
                let characters = text.chars().count();
                self.say(format!("copied: {what}, {characters} characters"));
                vec![Effect::Copy(text)]
            }
            Err(why) => {
                self.complain(why);
                Vec::new()
            }
        }
    }

    /// What is copied here, by its name, as it is shown: nothing hidden reaches the place where it is pasted.
    pub(super) fn to_copy(&self) -> Result<(&'static str, String), String> {
        let (what, text) = match &self.open {
            None if self.calculating => ("the vector", self.vector_text()?),
            Some(open) if open.pane == Pane::Score => ("the vector", self.vector_text()?),
            None if self.shows_fleet() => self.to_copy_in_fleet()?,
            None => ("the codename", self.home.selected().map(|row| row.id.clone()).ok_or("there is no case here")?),
            Some(open) => in_case(open)?,
        };
        let lines: Vec<_> = displayable_lines(&text);
        let text = lines.join("\n");
        match text.len() {
            0 => Err(format!("{what} is blank: there is nothing to copy")),
            1..=LONGEST => Ok((what, text)),
            _ => Err(format!("{what} is too long for the clipboard of a terminal")),
        }
    }
}

impl App {
    /// The vector in another form.
    pub(super) fn copy_as(&mut self, command: Command) -> Vec<Effect> {
        let Some(vector) = self.complete_vector() else { return Vec::new() };
        let (what, text) = match command {
            Command::CopyScore => ("the score", format!("{} {}", vector.score(), vector.severity())),
            Command::CopyMarkdown => ("the line of Markdown", cvss::markdown(&vector)),
            _ => ("the JSON", format!("{:#}", cvss::to_json(&vector))),
        };
        self.say(format!("copied: {what}"));
        vec![Effect::Copy(text)]
    }

    fn vector_text(&self) -> Result<String, String> {
        let draft = self.shown_calculator().map(super::calculator::Calculator::draft);
        let vector = draft.and_then(|draft| draft.vector()).map(|vector| vector.to_string());
        vector.ok_or_else(|| "the vector is not complete yet".to_owned())
    }
}

fn in_case(open: &OpenCase) -> Result<(&'static str, String), &'static str> {
    match open.pane {
        Pane::Overview | Pane::Checklist => match &open.card {
            Some(card) => {
                let missing: Vec<&str> = card.missing.iter().map(|obstacle| obstacle.text.as_str()).collect();
                Ok(("what is missing", format!("{}\n{}", card.title, missing.join("\n"))))
            }
            None => of_step(open),
        },
        Pane::Branches => branches::to_copy(open),
        Pane::Score => Err("the vector is not complete yet"),
        Pane::People => of_people(open).ok_or("there is nobody here"),
        Pane::Timeline if open.shows_other_view() => Err("v turns to the list, where each event can be copied"),
        Pane::Timeline => of_event(open).ok_or("there is no event here"),
        Pane::Facts => of_fact(open).ok_or("not known yet: there is nothing to copy"),
    }
}

/// The step's command, else its links.
fn of_step(open: &OpenCase) -> Result<(&'static str, String), &'static str> {
    let (step, _) = open.selected_step().ok_or("go to a step: its command or its links are copied")?;
    let command = open.case.playbook().step(&step.id).and_then(|step| step.command.clone());
    match (command, step.links.as_slice()) {
        (Some(command), _) => Ok(("the command", command)),
        (None, []) => Err("this step has neither a command nor a link"),
        (None, [link]) => Ok(("the link", link.clone())),
        (None, links) => Ok(("the links", links.join("\n"))),
    }
}

fn of_people(open: &OpenCase) -> Option<(&'static str, String)> {
    let record = open.case.record();
    let name = match open.selected_people_row()? {
        PeopleRow::Person(person) => {
            let person = record.person.get(person)?;
            person.name.as_ref().unwrap_or(&person.id)
        }
        PeopleRow::Grant(grant) => &record.grant.get(grant)?.who,
    };
    Some(("the name", name.clone()))
}

fn of_event(open: &OpenCase) -> Option<(&'static str, String)> {
    let row = *open.timeline_rows().get(open.cursor())?;
    let event = open.case.record().event.get(row)?;
    Some(("the event", format!("{} {} {}", event.at, event.by, open.case.told(event))))
}

/// The answer, or the instant in UTC.
fn of_fact(open: &OpenCase) -> Option<(&'static str, String)> {
    let playbook = open.case.playbook();
    match open.selected_fact_row()? {
        FactRow::Fact(fact) => Some(("the answer", open.case.answer(playbook.facts.get(fact)?)?)),
        FactRow::Anchor(anchor) => match open.case.record().anchors.get(&playbook.anchors.get(anchor)?.id)? {
            AnchorTime::At(at) => Some(("the instant", at.to_string())),
            AnchorTime::Release(times) => Some(("the instant", times.effective()?.to_string())),
        },
    }
}
