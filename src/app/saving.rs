//! Reading and saving the case that is open, and leaving only when everything is kept.
//!
//! One save is on its way at a time. What is done meanwhile is saved next, and starts from what that save brought: so
//! the text on the disk is always the ancestor of what is written over it.

use super::App;
use super::message::{Changed, Effect, Opened, Saved, Tools};
use super::open_case::{OpenCase, SaveState};
use super::purpose::Purpose;
use crate::case::address::NotACase;
use crate::case::{Action, Case, SwitchTo};
use crate::evidence::Sight;

/// Where a person goes once everything is saved.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// Out of the program.
    Out,
    /// To the list of cases.
    Home,
    /// To the next case or the one before.
    Case(isize),
}

impl App {
    /// Asks for a case to be read. Until it is there nothing else is read.
    pub fn open_effects(&mut self, id: &str) -> Vec<Effect> {
        if self.opening.is_some() {
            return Vec::new();
        }
        self.filtering = false;
        self.opening = Some(id.to_owned());
        vec![Effect::Open(id.to_owned())]
    }

    pub(super) fn take_opened(&mut self, opened: Result<Box<Opened>, String>, tools: &Tools) {
        self.opening = None;
        let Opened { case, read_only, notices, zones } = match opened {
            Ok(opened) => *opened,
            Err(error) => return self.complain(error),
        };
        self.zones = zones;
        if let Some(why) = &read_only {
            self.complain(format!("read-only: {why}"));
        } else if let Some(notice) = notices.into_iter().next() {
            self.say(notice);
        }
        self.home.select(&case.record().id);
        let played = self.drill.as_ref().map(|drill| drill.evidence.as_slice()).unwrap_or_default();
        let sight = Sight { now: tools.now, find_zone: &|name| (tools.find_zone)(name), played };
        self.open = Some(OpenCase::new(case, read_only, sight));
    }

    pub(super) fn take_created(&mut self, created: Result<String, String>) -> Vec<Effect> {
        let id = match created {
            Ok(id) => id,
            Err(error) => {
                self.complain(error);
                return Vec::new();
            }
        };
        self.say(format!("the case goes by {id}"));
        // What is typed into the form of the next one already is kept.
        let is_next_typed = self.form.as_ref().is_some_and(|form| form.purpose == Purpose::NewCase);
        let mut effects = if is_next_typed { Vec::new() } else { self.keep_new_case(&[]) };
        effects.push(Effect::LoadHome);
        // Somebody who has gone into another case meanwhile stays there.
        if self.open.is_none() {
            effects.extend(self.open_effects(&id));
        }
        effects
    }

    /// What changed has to be saved: now, or as soon as the save that is on its way has come back.
    pub(super) fn save(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        (open.unkept, open.warned) = (false, false);
        if open.save == SaveState::Saving {
            return Vec::new();
        }
        open.save = SaveState::Saving;
        vec![Effect::Save(Box::new(open.case.clone()))]
    }

    /// What lies in the file may hold changes of others: they are taken in, and what was done meanwhile is saved next.
    pub(super) fn take_saved(&mut self, saved: Saved, tools: &Tools) -> Vec<Effect> {
        let Saved { sent, stored, failure, notices, read_only } = saved;
        let id = sent.record().id.clone();
        let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == id) else {
            if let Some(why) = failure {
                self.complain(format!("NOT SAVED: {id}: {why}"));
            }
            return Vec::new();
        };
        open.read_only = read_only.or(open.read_only.take());
        // Anything done since the save was sent goes into the next one; what others wrote is in the file already.
        let more = open.case.record() != sent.record();
        let mut taken = Ok(Vec::new());
        if let Some(stored) = &stored {
            let find_zone = |name: &str| (tools.find_zone)(name);
            taken = open.change(tools.now, &find_zone, |case, _| case.absorb(&sent, stored));
        }
        if let Some(why) = failure {
            self.leaving = None;
            open.save = SaveState::NotSaved(why);
            return Vec::new();
        }
        open.save = SaveState::Saved(Some(tools.now));
        let bundle = !more && std::mem::take(&mut open.bundle_due);
        if let Some(problem) = problem_of(taken).or_else(|| notices.into_iter().next()) {
            self.complain(problem);
        }
        let mut effects: Vec<Effect> = bundle.then_some(Effect::WriteBundle(id)).into_iter().collect();
        if more {
            effects.extend(self.save());
        }
        if !self.is_unsaved()
            && let Some(way) = self.leaving.take()
        {
            effects.extend(self.go_away(way));
        }
        effects
    }

    pub(super) fn take_changed(&mut self, changed: Changed, tools: &Tools) -> Vec<Effect> {
        let Changed { before, after, read_only } = changed;
        let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == after.record().id) else {
            return Vec::new();
        };
        open.read_only = read_only.or(open.read_only.take());
        let find_zone = |name: &str| (tools.find_zone)(name);
        let taken = open.change(tools.now, &find_zone, |case, _| case.absorb(&before, &after));
        match problem_of(taken) {
            None => self.say("the case was changed elsewhere: it is up to date again"),
            Some(problem) => self.complain(problem),
        }
        Vec::new()
    }

    /// The process to switch to was fetched for one case; only that one switches.
    pub(super) fn take_playbook(&mut self, id: &str, to: Box<SwitchTo>, tools: &Tools) -> Vec<Effect> {
        if self.open.as_ref().is_some_and(|open| open.case.record().id == id) {
            return self.act(Action::Switch(to), tools);
        }
        Vec::new()
    }

    /// Is anything kept in memory only, or on its way?
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !matches!(open.save, SaveState::Saved(_)))
    }

    /// The case that is kept in memory only, if one is.
    #[must_use]
    pub fn unsaved_case(&self) -> Option<(&Case, &str)> {
        match self.open.as_ref().map(|open| (&open.case, &open.save)) {
            Some((case, SaveState::NotSaved(why))) => Some((case, why)),
            _ => None,
        }
    }

    /// Leaves once everything is saved. What can't be saved is told first; leaving once more loses it.
    pub fn leave(&mut self) -> Vec<Effect> {
        if self.may_go(Way::Out) { vec![Effect::Quit] } else { Vec::new() }
    }

    fn go_away(&mut self, way: Way) -> Vec<Effect> {
        match way {
            Way::Out => self.leave(),
            Way::Home => self.go_home(),
            Way::Case(by) => self.turn_case(by),
        }
    }

    /// Back to the list of cases, under the same condition.
    pub(super) fn go_home(&mut self) -> Vec<Effect> {
        if !self.may_go(Way::Home) {
            return Vec::new();
        }
        self.filtering = false;
        self.open = None;
        vec![Effect::Release, Effect::LoadHome]
    }

    /// May the case be left? While it is being saved the way is gone once that is done, unless a key comes between.
    pub(super) fn may_go(&mut self, way: Way) -> bool {
        let Some(open) = &mut self.open else { return true };
        let text = match &open.save {
            SaveState::Saved(_) if !open.unkept || open.warned => return true,
            SaveState::Saved(_) => {
                "what you typed is in no file, for the case can't be changed any more. Leaving once more loses it"
                    .to_owned()
            }
            SaveState::Saving => {
                self.leaving = Some(way);
                self.say("the case is being saved before it is left");
                return false;
            }
            SaveState::NotSaved(_) if open.warned => return true,
            SaveState::NotSaved(why) => format!("NOT SAVED: {why}. r tries again; leaving once more loses it"),
        };
        open.warned = true;
        self.complain(text);
        false
    }
}

/// What a person has to know after changes of others were taken in.
fn problem_of(taken: Result<Vec<String>, NotACase>) -> Option<String> {
    match taken {
        Ok(conflicts) if conflicts.is_empty() => None,
        Ok(conflicts) => Some(format!("both sides changed {}: the file's value stays", conflicts.join(", "))),
        Err(error) => Some(format!("the case was changed elsewhere, and that can't be taken in: {error}")),
    }
}
