//! Acting on the case that is open, and what a refusal leads to.

use super::App;
use super::case_scores::draft_name;
use super::form::{Field, Form};
use super::message::{Effect, NewCaseRequest, Tools};
use super::open_case::{Card, OpenCase, Pane};
use super::purpose::{Purpose, Submitted, Unready, next_vulnerability, ticked};
use super::versions::NOT_REPLACED;
use crate::case::{Action, Event, EventKind, Obstacle, Refusal, Tick, Trouble};
use crate::evidence::{self, Sight};

impl App {
    /// Does something to the case that is open, and saves it.
    pub(super) fn act(&mut self, action: Action, tools: &Tools) -> Vec<Effect> {
        match self.try_act(action, &[], tools) {
            Ok(effects) => effects,
            Err(refusal) => {
                self.complain(refusal.to_string());
                Vec::new()
            }
        }
    }

    /// The same, handing a refusal to the caller. What was typed for it is settled with it, in the same save.
    pub(super) fn try_act(&mut self, action: Action, drafts: &[String], tools: &Tools) -> Result<Vec<Effect>, Refusal> {
        let me = self.me.clone();
        let Some(open) = &mut self.open else { return Ok(Vec::new()) };
        if let Some(why) = open.read_only.as_ref().filter(|_| action != Action::Accept) {
            return Err(Refusal::NotAllowed(format!("this case can't be changed: {why}")));
        }
        let find_zone = |name: &str| (tools.find_zone)(name);
        let leads_on = matches!(
            action,
            Action::Do(_) | Action::SetFacts(_) | Action::SetAnchor { .. } | Action::Score { .. } | Action::Publish
        );
        let event = open.change(tools.now, &find_zone, |case, sight| {
            let event = evidence::act(case, action, &me, sight, &mut || (tools.new_id)())?;
            for draft in drafts {
                case.keep_draft(draft, &[], tools.now);
            }
            Ok(event)
        })?;
        open.card = None;
        if leads_on && open.pane.lists_steps() {
            open.go_to_next();
        }
        if event.kind == EventKind::Scored {
            // What is recorded needs no keeping any more; what was chosen in other versions does.
            open.note_choices(tools.now);
            open.go_back_to_step();
        }
        if event.kind == EventKind::HandedOver {
            let to = open.case.record().hand_over.as_ref().map(|hand_over| hand_over.to.clone());
            open.read_only = to.map(|to| Trouble::HandedOver { to });
            open.bundle_due = true;
        }
        if event.kind == EventKind::Closed && self.drill.is_some() {
            open.show(Pane::Overview);
        }
        if event.kind == EventKind::Accepted {
            open.read_only = None;
        }
        let text = told(&event, open);
        self.say(text);
        Ok(self.save())
    }

    /// Ticks or begins a step; what is missing becomes a question or a card, not a dead end.
    pub(super) fn act_on_step(&mut self, tick: Tick, is_start: bool, tools: &Tools) -> Vec<Effect> {
        match self.try_act(ticked(tick.clone(), is_start), &[], tools) {
            Ok(effects) => return effects,
            Err(Refusal::NeedsCodename { title }) => self.ask_codename(&title, tick, is_start),
            Err(Refusal::Blocked { missing, .. }) if !is_start && self.attesting_is_enough(&tick, tools) => {
                self.ask_attest(tick, &missing);
            }
            Err(Refusal::Blocked { title, missing, .. }) => {
                if let Some(open) = &mut self.open {
                    open.card = Some(Card { tick, is_start, title, missing });
                }
            }
            Err(refusal) => self.complain(refusal.to_string()),
        }
        Vec::new()
    }

    /// Would the step be done if somebody said how they know? Tried on a copy.
    fn attesting_is_enough(&self, tick: &Tick, tools: &Tools) -> bool {
        let Some(open) = &self.open else { return false };
        let mut copy = open.case.clone();
        let attested = Tick { attest: Some("?".to_owned()), ..tick.clone() };
        let find_zone = |name: &str| (tools.find_zone)(name);
        let (now, played, looks) = (tools.now, &open.played, &open.board.looks);
        let sight = Sight { now, find_zone: &find_zone, played, looks };
        let tried = evidence::act(&mut copy, Action::Do(attested), &self.me, sight, &mut String::new);
        matches!(tried, Ok(_) | Err(Refusal::NeedsCodename { .. }))
    }

    fn ask_codename(&mut self, title: &str, tick: Tick, is_start: bool) {
        let Some(open) = &self.open else { return };
        let lines = vec![
            format!("«{title}» makes the fix public. This can't be taken back."),
            format!("From here on the case is RELEASING. Its codename is {}.", open.case.record().id),
        ];
        let fields = vec![Field::line("Codename of the case", "")];
        self.ask(Form::new("Expose the fix", fields, Purpose::Codename(tick, is_start)).with_lines(lines));
    }

    fn ask_attest(&mut self, tick: Tick, missing: &[Obstacle]) {
        let lines = missing.iter().map(|obstacle| obstacle.text.clone()).collect();
        let fields =
            vec![Field::line("How do you know that it is done?", ""), Field::line("Link (may stay empty)", "")];
        self.ask(Form::new("The program can't see this", fields, Purpose::Attest(tick)).with_lines(lines));
    }

    /// The card's step again, past what is missing.
    pub(super) fn ask_override(&mut self) {
        let Some(card) = self.open.as_ref().and_then(|open| open.card.clone()) else { return };
        let lines = card.missing.iter().map(|obstacle| format!("missing: {}", obstacle.text)).collect();
        let title = format!("Override: {}", card.title);
        let fields = vec![Field::line("Reason, which the timeline keeps", "")];
        self.ask(Form::new(title, fields, Purpose::Override(card.tick, card.is_start)).with_lines(lines));
    }

    /// Carries a form out. It stays open, with what is wrong, until it can be.
    pub(super) fn submit(&mut self, tools: &Tools) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        match form.submit(self.open.as_ref(), &self.zones, tools) {
            Err(Unready::NeedsZone) => {
                form.ask_zone(&self.zones);
                self.keep_typing()
            }
            Err(Unready::Wrong(error)) => self.stay(error),
            Ok(Submitted::NewCase(request)) => self.begin_case(request),
            Ok(Submitted::Switch(playbook)) => {
                self.form = None;
                let id = self.open.as_ref().map(|open| open.case.record().id.clone());
                id.map(|id| Effect::Switch { id, playbook }).into_iter().collect()
            }
            Ok(Submitted::StartDrill(playbook)) => {
                self.form = None;
                vec![Effect::StartDrill(playbook)]
            }
            Ok(Submitted::EndDrill(kept)) => {
                self.form = None;
                let keep = kept.then_some(Effect::KeepDrill);
                keep.into_iter().chain(self.leave()).collect()
            }
            Ok(Submitted::CopyTo(place)) => {
                self.form = None;
                let case = self.open.as_ref().map(|open| Box::new(open.case.clone()));
                case.map(|case| Effect::CopyTo { case, place }).into_iter().collect()
            }
            // The case may have been lost since the form came up.
            Ok(Submitted::Restore(..)) if self.is_unsaved() => self.stay(NOT_REPLACED.to_owned()),
            Ok(Submitted::Restore(id, from)) => {
                self.form = None;
                self.copies.remove(&id);
                self.restore(id, from)
            }
            Ok(Submitted::Compare(vector)) => match self.compare_with(&vector) {
                Ok(()) => {
                    self.form = None;
                    Vec::new()
                }
                Err(error) => self.stay(error),
            },
            Ok(Submitted::Act(action)) => self.submit_action(action, tools),
        }
    }

    /// The form stays, and says what is wrong.
    fn stay(&mut self, error: String) -> Vec<Effect> {
        if let Some(form) = &mut self.form {
            form.error = Some(error);
        }
        self.keep_typing()
    }

    /// What was typed is kept until the case is there.
    fn begin_case(&mut self, request: NewCaseRequest) -> Vec<Effect> {
        let mut effects = self.leave_form();
        if let Some(me) = &request.me {
            self.me.clone_from(me);
            self.ask_me = false;
            effects.push(Effect::RememberMe(me.clone()));
        }
        effects.push(Effect::Create(Box::new(request)));
        effects
    }

    fn submit_action(&mut self, action: Action, tools: &Tools) -> Vec<Effect> {
        let purpose = self.form.as_ref().map(|form| &form.purpose);
        let mut settled = purpose.map(Purpose::settles).unwrap_or_default();
        let adds_component = purpose == Some(&Purpose::Component);
        let begun = purpose.filter(|purpose| **purpose == Purpose::Vulnerability).and(self.open.as_ref());
        let begun = begun.map(next_vulnerability);
        // What was chosen for one of this id that is gone is nothing of this one.
        settled.extend(begun.as_deref().map(draft_name));
        let pending = match &action {
            Action::Do(tick) => Some((tick.clone(), false)),
            Action::Start { step, codename, override_why } => {
                let (codename, override_why) = (codename.clone(), override_why.clone());
                Some((Tick { override_why, codename, ..Tick::of(step) }, true))
            }
            _ => None,
        };
        match (self.try_act(action, &settled, tools), pending) {
            (Ok(mut effects), _) => {
                self.form = None;
                if adds_component {
                    effects.extend(self.show_added());
                }
                if let Some(id) = begun {
                    self.show_vulnerability(&id);
                }
                effects
            }
            // An override or an attested step may still need the codename: ask for it instead of starting over.
            (Err(Refusal::NeedsCodename { title }), Some((tick, is_start))) => {
                let effects = self.leave_form();
                self.ask_codename(&title, tick, is_start);
                effects
            }
            (Err(Refusal::Nothing(text)), _) => {
                self.form = None;
                self.say(text);
                self.drop_drafts(&settled)
            }
            (Err(Refusal::NoteChanged { now }), _) => self.add_to_note(now),
            (Err(refusal), _) => self.stay(refusal.to_string()),
        }
    }

    /// What others noted while the note was being changed comes below it: the person looks, and carries it out again.
    fn add_to_note(&mut self, now: String) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        if let (Purpose::Rewrite(_, was), Some(field)) = (&mut form.purpose, form.fields.first_mut()) {
            let added = now.strip_prefix(was.as_str()).unwrap_or(&now).trim();
            field.set(format!("{}\n{added}", field.text()).trim());
            *was = now;
            form.typed = true;
        }
        self.stay("the note was changed meanwhile: what is new stands below yours; look, then do it again".to_owned())
    }
}

/// What was done, in a few words, for the message line.
fn told(event: &Event, open: &OpenCase) -> String {
    let subject = open.case.subject(event);
    let what = event.why.as_deref().unwrap_or_default();
    match event.kind {
        EventKind::Undone => format!("taken back: {subject} ({what}); Z does it again"),
        EventKind::Redone => format!("done again: {subject} ({what})"),
        kind if event.can_be_undone() => format!("{subject}: {} (z takes it back)", kind.says()),
        kind => format!("{subject}: {}", kind.says()),
    }
}
