//! What was typed and not carried out yet outlives Esc, the pane, the program and a crash.
//!
//! It is kept when a field is left, two seconds after the last key, and when the program ends: in the file of the case
//! that it belongs to, and of a new case beside the cases. A codename is never kept.

use super::form::{Field, Form};
use super::message::Effect;
use super::purpose::Purpose;
use super::{App, OpenCase};
use crate::case::record::Draft;
use crate::case::{Tick, keep_draft, kept_draft};

/// The name of the form for a new case.
const NEW_CASE: &str = "new-case";
/// Under which name the note is kept that a change of it began with.
const WAS: &str = "was";

impl Purpose {
    /// Under which name what was typed into the form is kept; none if it never is.
    fn draft(&self) -> Option<String> {
        Some(match self {
            Self::Codename(..)
            | Self::Expose
            | Self::Publish
            | Self::StartDrill
            | Self::EndDrill
            | Self::CopyElsewhere
            | Self::Compare
            | Self::BringBack(_)
            | Self::GoBack(..)
            | Self::LeakCase(_) => return None,
            Self::NewCase => NEW_CASE.to_owned(),
            Self::Note(step) => format!("note/{step}"),
            Self::Rewrite(step, _) => format!("change-note/{step}"),
            Self::Link(step) => format!("link/{step}"),
            Self::Wait(step) => format!("wait/{step}"),
            Self::Assign(step) => format!("assign/{step}"),
            Self::SetAside(step, item) => format!("set-aside/{}", with_item(step, item.as_deref())),
            Self::Archive => "archive".to_owned(),
            Self::Reopen(step, item) => format!("reopen/{}", with_item(step, item.as_deref())),
            Self::Override(tick, _) => of_tick("override", tick),
            Self::Attest(tick) => of_tick("attest", tick),
            Self::Move(target) => format!("move/{target}"),
            Self::Fact(id) => format!("fact/{id}"),
            Self::Anchor(id) => format!("at/{id}"),
            Self::Promise(person) => format!("promise/{person}"),
            Self::Mitigation(id) => format!("mitigation/{id}"),
            Self::Leak => "leak".to_owned(),
            Self::CloseLeak => "close-leak".to_owned(),
            Self::Grant => "grant".to_owned(),
            Self::Person => "person".to_owned(),
            Self::EditPerson(id) => format!("person/{id}"),
            Self::SlowDown => "slow-down".to_owned(),
            Self::HandOver => "hand-over".to_owned(),
            Self::Close => "close".to_owned(),
            Self::Switch => "switch".to_owned(),
            Self::SetField => "set".to_owned(),
            Self::Score { vulnerability, .. } => format!("score/{vulnerability}"),
            Self::Vulnerability => "vulnerability".to_owned(),
            Self::Component => "component".to_owned(),
        })
    }

    /// The drafts that are done with once the form was carried out. A codename ends what led to it.
    pub(super) fn settles(&self) -> Vec<String> {
        match self {
            Self::Codename(tick, _) => vec![of_tick("override", tick), of_tick("attest", tick)],
            other => other.draft().into_iter().collect(),
        }
    }
}

fn of_tick(form: &str, tick: &Tick) -> String {
    format!("{form}/{}", with_item(&tick.step, tick.item.as_deref()))
}

fn with_item(step: &str, item: Option<&str>) -> String {
    item.map_or_else(|| step.to_owned(), |item| format!("{step}@{item}"))
}

impl Form<Purpose> {
    /// Is what is typed into it kept? A codename is not.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.purpose.draft().is_some()
    }

    /// What was typed, by the names of the fields. Choices go along with a text; alone they are quick to make again.
    fn draft(&self) -> Vec<(String, String)> {
        if !self.fields.iter().any(Field::is_written) {
            return Vec::new();
        }
        // Whether a score is the last word is asked for each vector anew.
        let is_score = matches!(self.purpose, Purpose::Score { .. });
        let changed = self.fields.iter().filter(|field| field.is_changed() && !(is_score && field.is_choice()));
        let mut draft: Vec<_> = changed.map(|field| (field.name(), field.as_typed())).collect();
        if let Purpose::Rewrite(_, was) = &self.purpose {
            draft.push((WAS.to_owned(), was.clone()));
        }
        draft
    }

    /// Takes in what was kept, with the field in focus in which typing stopped.
    fn take_up(&mut self, drafts: &[Draft]) {
        let Some(name) = self.purpose.draft() else { return };
        for (field, draft) in kept_draft(drafts, &name) {
            if let Purpose::Rewrite(_, was) = &mut self.purpose
                && field == WAS
            {
                was.clone_from(&draft.text);
            }
            let Some(index) = self.fields.iter().position(|known| known.name() == field) else { continue };
            self.fields[index].set(&draft.text);
            if draft.at >= self.kept {
                (self.kept, self.focus) = (draft.at, index);
            }
        }
    }
}

impl App {
    /// Opens a form; what was typed into it before comes back.
    pub(super) fn ask(&mut self, mut form: Form<Purpose>) {
        match (&form.purpose, &self.open) {
            (Purpose::NewCase, _) => form.take_up(&self.new_case),
            (_, Some(open)) => form.take_up(&open.case.record().draft),
            (_, None) => {}
        }
        self.form = Some(form);
    }

    /// Closes the form; what was typed is kept.
    pub(super) fn leave_form(&mut self) -> Vec<Effect> {
        let effects = self.keep_typing();
        self.form = None;
        effects
    }

    /// Hands the text of the field in focus to the person's own editor; what stands there so far is kept before.
    pub(super) fn edit_outside(&mut self) -> Vec<Effect> {
        let mut effects = self.keep_typing();
        let Some(form) = &mut self.form else { return effects };
        let text = |field: usize| form.fields.get(field).filter(|field| !field.is_choice()).map(Field::as_typed);
        // Where a choice is in focus, the first text of the form is meant.
        let found = std::iter::once(form.focus).chain(0..form.fields.len()).find_map(|at| Some((at, text(at)?)));
        match found {
            Some((field, text)) => {
                form.focus = field;
                effects.push(Effect::Edit(text));
            }
            None => self.say("there is no text to edit here: arrows choose, Enter takes it"),
        }
        effects
    }

    /// What the editor left comes into the field; nothing is committed by that.
    pub(super) fn take_edited(&mut self, edited: Result<String, String>) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        match edited {
            Ok(text) => {
                if let Some(field) = form.fields.get_mut(form.focus) {
                    field.set(&text);
                    form.typed = true;
                }
                self.keep_typing()
            }
            Err(why) => {
                self.complain(why);
                Vec::new()
            }
        }
    }

    /// Was something typed that is kept nowhere yet? Two seconds later it should be.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.typed) || self.open.as_ref().is_some_and(OpenCase::is_choosing)
    }

    /// Keeps what was typed into the form that is open.
    pub fn keep_typing(&mut self) -> Vec<Effect> {
        let Some(form) = self.form.as_mut().filter(|form| form.typed) else { return self.keep_choices() };
        form.typed = false;
        let Some(name) = form.purpose.draft() else { return Vec::new() };
        let fields = form.draft();
        if form.purpose == Purpose::NewCase {
            return self.keep_new_case(&fields);
        }
        let Some(open) = &mut self.open else { return Vec::new() };
        if !open.case.keep_draft(&name, &fields, self.now) {
            return Vec::new();
        }
        if let Some(why) = &open.read_only {
            (open.unkept, open.warned) = (open.unkept || !fields.is_empty(), false);
            let text = format!("what you type stays in memory only: {why}");
            self.complain(text);
            return Vec::new();
        }
        self.save()
    }

    /// Nothing is left of what was typed into these forms.
    pub(super) fn drop_drafts(&mut self, names: &[String]) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let dropped = names.iter().filter(|name| open.case.keep_draft(name, &[], self.now)).count();
        if dropped > 0 { self.save() } else { Vec::new() }
    }

    /// The same for the form of a new case; nothing typed drops it.
    pub(super) fn keep_new_case(&mut self, fields: &[(String, String)]) -> Vec<Effect> {
        let changed = keep_draft(&mut self.new_case, NEW_CASE, fields, self.now);
        changed.then(|| Effect::KeepNewCase(self.new_case.clone())).into_iter().collect()
    }
}
