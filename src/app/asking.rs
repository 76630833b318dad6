//! Commands that need words from a person: each opens its form.

use super::App;
use super::command::Command;
use super::form::{Field, Form};
use super::message::{LEAK_EXTENTS, Tools};
use super::open_case::{OpenCase, Pane, Row};
use super::purpose::{self, Purpose};
use crate::case::{NOTHING_CHANGES, StepView};
use crate::playbook::CloseAs;

impl App {
    /// Opens the form of a command.
    pub(super) fn ask_for(&mut self, command: Command, tools: &Tools) {
        let form = match command {
            Command::New if self.place() == super::command::Place::Branches => return self.ask_component(),
            Command::New => self.new_form(),
            Command::MoveDate => return self.move_date(tools),
            Command::Wait => {
                self.step_form("Waiting for whom?", "Who", "", Purpose::Wait).map(|form| self.naming(form))
            }
            Command::Assign if self.open.as_ref().is_some_and(|open| open.pane == Pane::People) => {
                Some(Form::new("Who takes part?", vec![Field::line("Name", "")], Purpose::Person))
            }
            Command::Assign => {
                let me = self.me.clone();
                self.step_form("Whose is it?", "Who", &me, Purpose::Assign).map(|form| self.naming(form))
            }
            Command::Link => self.step_form("Add a link", "Link", "https://", Purpose::Link),
            Command::SetAside => self.set_aside_form(),
            Command::CloseLeak => {
                Some(Form::new("The leak has been dealt with", vec![Field::line("How", "")], Purpose::CloseLeak))
            }
            Command::Expose => self.expose_form(),
            Command::Publish => self.publish_form(),
            Command::SlowDown => Some(slow_down_form()),
            Command::HandOver => Some(self.naming(Form::new(
                "Hand the case over",
                vec![Field::line("Next lead", ""), Field::lines("What they should know", "")],
                Purpose::HandOver,
            ))),
            Command::Switch => {
                let fields = vec![Field::choice("Process", self.playbooks.clone(), "")];
                Some(Form::new("Go on with another process", fields, Purpose::Switch))
            }
            Command::CloseCase => self.close_form(),
            Command::SetField => Some(Form::new(
                "Set a field",
                vec![Field::line("Path, such as vulnerability.V1.cve", ""), Field::line("Value", "")],
                Purpose::SetField,
            )),
            _ => None,
        };
        if let Some(form) = form {
            self.ask(form);
        }
    }

    fn step_form(
        &self,
        title: &str,
        label: &str,
        text: &str,
        purpose: impl Fn(String) -> Purpose,
    ) -> Option<Form<Purpose>> {
        let open = self.open.as_ref()?;
        let (step, _) = open.selected_step()?;
        let form = Form::new(title, vec![Field::line(label, text)], purpose(step.id.clone()));
        Some(form.with_lines(vec![step.title.clone()]))
    }

    pub(super) fn new_case_form(&self) -> Form<Purpose> {
        purpose::new_case(&self.playbooks, &self.projects, self.ask_me.then_some(self.me.as_str()))
    }

    fn new_form(&self) -> Option<Form<Purpose>> {
        let Some(open) = &self.open else { return Some(self.new_case_form()) };
        match open.pane {
            Pane::People => {
                let fields = vec![Field::line("Who", ""), Field::line("To what", "")];
                Some(self.naming(Form::new("Give access", fields, Purpose::Grant)))
            }
            Pane::Overview | Pane::Checklist => {
                let (step, _) = open.selected_step()?;
                Some(note_form(step))
            }
            Pane::Branches | Pane::Score | Pane::Facts | Pane::Timeline => None,
        }
    }

    fn set_aside_form(&self) -> Option<Form<Purpose>> {
        let open = self.open.as_ref()?;
        let (step, item) = open.selected_step()?;
        let purpose = Purpose::SetAside(step.id.clone(), item.map(str::to_owned));
        let form = Form::new("It does not apply", vec![Field::line("Why", "")], purpose);
        Some(form.with_lines(vec![step.title.clone()]))
    }

    fn expose_form(&self) -> Option<Form<Purpose>> {
        let open = self.open.as_ref()?;
        let lines = vec![
            "From here on public traces of the fix are no leak. This can't be taken back.".to_owned(),
            format!("The codename of this case is {}.", open.case.record().id),
        ];
        let fields = vec![Field::line("Codename of the case", "")];
        Some(Form::new("Begin exposing", fields, Purpose::Expose).with_lines(lines))
    }

    fn publish_form(&self) -> Option<Form<Purpose>> {
        let open = self.open.as_ref()?;
        let (settled, total) = open.view.progress();
        let lines = vec![
            "The embargo ends: what was private may be spoken of. This can't be taken back.".to_owned(),
            format!("{settled} of {total} steps are done. The codename of this case is {}.", open.case.record().id),
        ];
        let fields = vec![Field::line("Codename of the case", "")];
        Some(Form::new("Declare the release public", fields, Purpose::Publish).with_lines(lines))
    }

    /// Opening a settled step again is asked: the same key ticks steps, and hands are quick.
    pub(super) fn ask_reopen(&mut self, step: String, item: Option<String>, title: &str) {
        let lines = vec![title.to_owned(), "It is settled. What it stamped is taken back with it.".to_owned()];
        self.ask(Form::new("Open the step again", Vec::new(), Purpose::Reopen(step, item)).with_lines(lines));
    }

    pub(super) fn ask_archive(&mut self) {
        let lines = vec![
            "This case is not over. In the archive it reminds of nothing any more: no deadline, no promise.".to_owned(),
            "A at home shows the archive; the same key takes the case out of it.".to_owned(),
        ];
        self.ask(Form::new("Archive the case", Vec::new(), Purpose::Archive).with_lines(lines));
    }

    fn close_form(&self) -> Option<Form<Purpose>> {
        let open = self.open.as_ref()?;
        let leaving = open.view.leaving().and_then(|rule| {
            open.case.playbook().rules.iter().find(|known| known.id == rule.id).and_then(|rule| rule.close_as)
        });
        let released = (String::new(), "released, with its retrospective".to_owned());
        let endings = CloseAs::ALL.iter().map(|(word, _)| ((*word).to_owned(), (*word).replace('-', " ")));
        let options = std::iter::once(released).chain(endings).collect();
        let proposed = leaving.map_or("", CloseAs::word);
        let fields =
            vec![Field::choice("As", options, proposed), Field::line("Why (may stay empty after a release)", "")];
        Some(Form::new("Close the case", fields, Purpose::Close))
    }

    /// Moves the deadline of the step or phase under the cursor, or the instant in «facts and dates».
    fn move_date(&mut self, tools: &Tools) {
        let Some(open) = &self.open else { return };
        if matches!(open.pane, Pane::Facts | Pane::People) {
            return self.open_entry(tools);
        }
        let (id, title) = match open.row() {
            Some(Row::Phase(p)) => (open.view.phases[p].id.clone(), open.view.phases[p].title.clone()),
            Some(Row::Step(p, s) | Row::Item(p, s, _)) => {
                let step = &open.view.phases[p].steps[s];
                (step.id.clone(), step.title.clone())
            }
            _ => {
                self.complain("go to a step or a phase to move its date");
                return;
            }
        };
        let fields = vec![Field::line("When", ""), Field::line("Why", "")];
        self.ask(Form::new("Move the date", fields, Purpose::Move(id)).with_lines(vec![title]));
    }

    pub(super) fn ask_fact(&mut self, id: &str) {
        let form = self.open.as_ref().and_then(|open| {
            let fact = open.case.playbook().fact(id)?;
            Some(purpose::fact(fact, open))
        });
        match form {
            Some(form) => self.ask(form),
            // What a process asks for and no question answers is the score.
            None => self.show_score(Some(false)),
        }
    }

    pub(super) fn ask_promise(&mut self, person: &str) {
        let lines = vec!["When will they hear again? Leave it empty once nothing more is promised.".to_owned()];
        let form = Form::new("Next update", vec![Field::line("When", "")], Purpose::Promise(person.to_owned()));
        self.ask(form.with_lines(lines));
    }

    /// When something happened, or is to happen.
    pub(super) fn ask_anchor(&mut self, id: &str, tools: &Tools) {
        let form = self.open.as_ref().and_then(|open| purpose::anchor(id, open, &self.zones, tools));
        if let Some(form) = form {
            self.ask(form);
        }
    }

    /// The first vulnerability that has no mitigation yet, else the first one.
    pub(super) fn ask_mitigation(&mut self) {
        let Some(open) = &self.open else { return };
        let entries = &open.case.record().vulnerability;
        let entry = entries.iter().find(|entry| entry.mitigation.is_none()).or(entries.first());
        let Some(entry) = entry else { return };
        let known = entry.mitigation.clone().unwrap_or_default();
        let form = Form::new(
            "What users can do until the fix",
            vec![Field::lines(&entry.id, &known)],
            Purpose::Mitigation(entry.id.clone()),
        );
        self.ask(form);
    }

    pub(super) fn ask_leak(&mut self) {
        let options = LEAK_EXTENTS.iter().map(|(id, label, _)| ((*id).to_owned(), (*label).to_owned())).collect();
        let fields = vec![Field::line("What was seen, and where?", ""), Field::choice("How much", options, "partial")];
        let lines =
            vec!["The case becomes LEAKED and the steps for a breach appear. This can't be taken back.".to_owned()];
        self.ask(Form::new("Report a leak", fields, Purpose::Leak).with_lines(lines));
    }
}

pub(super) fn note_form(step: &StepView) -> Form<Purpose> {
    let form = Form::new("Add a note", vec![Field::lines("Note", "")], Purpose::Note(step.id.clone()));
    form.with_lines(vec![step.title.clone()])
}

fn slow_down_form() -> Form<Purpose> {
    let fields =
        vec![Field::line("Until when", ""), Field::line("Why", ""), Field::line("Where was it discussed?", "")];
    Form::new("Slow down", fields, Purpose::SlowDown)
}

impl OpenCase {
    /// What a change of an answer or a score would bring, one line each; shown while the form is open.
    #[must_use]
    pub fn foretold(
        &self,
        form: &Form<Purpose>,
        me: &str,
        zones: &[crate::schedule::Zone],
        tools: &Tools,
    ) -> Vec<String> {
        let (Purpose::Fact(_) | Purpose::Score { .. }) = form.purpose else { return Vec::new() };
        let Ok(purpose::Submitted::Act(action)) = form.submit(Some(self), zones, tools) else { return Vec::new() };
        let find_zone = |name: &str| (tools.find_zone)(name);
        let (now, played, looks) = (tools.now, &self.played, &self.board.looks);
        let sight = crate::evidence::Sight { now, find_zone: &find_zone, played, looks };
        let verdicts = crate::evidence::verdicts(&self.case, sight);
        let context = crate::case::Context { now: tools.now, by: me, event_id: "", verdicts: &verdicts };
        match (self.case.consequences(action, &context), &form.purpose) {
            (Ok(lines), Purpose::Score { .. }) if lines.is_empty() => vec![NOTHING_CHANGES.to_owned()],
            (Ok(lines), _) => lines,
            // Who may not have the last word is told so before Enter.
            (Err(refusal), Purpose::Score { .. }) => vec![refusal.to_string()],
            (Err(_), _) => Vec::new(),
        }
    }
}
