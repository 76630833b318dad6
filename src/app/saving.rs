//! Reading and saving the case that is open, and leaving only when everything is kept.
//!
//! One save is on its way at a time. What is done meanwhile is saved next, and starts from what that save brought: so
//! the text on the disk is always the ancestor of what is written over it.

use super::message::{Changed, Effect, Mine, NotOpened, Opened, Saved, Tools};
use super::open_case::{OpenCase, Pane, SaveState};
use super::purpose::Purpose;
use super::{App, Overlay};
use crate::case::{Action, Case, Damage, SwitchTo, Trouble};
use crate::divergence::Look;
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

    pub(super) fn take_opened(&mut self, opened: Result<Box<Opened>, Box<NotOpened>>, tools: &Tools) -> Vec<Effect> {
        self.opening = None;
        let Opened { case, trouble, notices, zones, looks, edition } = match opened {
            Ok(opened) => *opened,
            Err(not) => return self.take_not_opened(*not),
        };
        self.zones = zones;
        if self.is_only_in_memory(&case.record().id) {
            // It was saved when that was asked for, and is not any more: it goes into what was opened. That is not taken
            // in here, so that the next save brings the two together.
            let edition = self.open.as_ref().map_or(edition, |open| open.edition);
            return self.take_changed(Changed { before: case.clone(), after: case, trouble, looks, edition }, tools);
        }
        // What stands in the way has its own line and card.
        if let Some(notice) = notices.into_iter().next().filter(|_| trouble.is_none()) {
            self.say(notice);
        }
        self.home.select(&case.record().id);
        let played = self.drill.as_ref().map(|drill| drill.evidence.as_slice()).unwrap_or_default();
        let sight = Sight { now: tools.now, find_zone: &|name| (tools.find_zone)(name), played, looks: &looks };
        let pane = self.open.take().filter(|open| open.case.record().id == case.record().id).map(|open| open.pane);
        let mut open = OpenCase::new(case, trouble, sight);
        open.edition = edition;
        // Where another version of the same case came into place, the person stays in the same pane.
        if let Some(pane) = pane.filter(|pane| *pane != Pane::Overview) {
            open.show(pane);
        }
        self.open = Some(open);
        self.lead_to_leak();
        if matches!(self.overlay, Some(Overlay::Trouble(_) | Overlay::Versions(_))) {
            self.overlay = None;
        }
        Vec::new()
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
        vec![Effect::Save(Box::new(open.mine()))]
    }

    /// What lies in the file may hold changes of others: they are taken in, and what was done meanwhile is saved next.
    pub(super) fn take_saved(&mut self, saved: Saved, tools: &Tools) -> Vec<Effect> {
        let Saved { sent, stored, failure, notices, trouble } = saved;
        let id = sent.record().id.clone();
        let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == id) else {
            if let Some(why) = failure {
                self.complain(format!("NOT SAVED: {id}: {why}"));
            }
            return Vec::new();
        };
        if failure.is_none() {
            open.set_trouble(trouble);
        }
        // Anything done since the save was sent goes into the next one; what others wrote is in the file already.
        let more = open.case.record() != sent.record();
        let taken = stored.as_ref().map_or(Ok(None), |stored| open.take_in(&sent, stored, tools));
        let (asking, problem) = taken.map_or_else(|problem| (None, Some(problem)), |asking| (asking, None));
        if let Some(why) = failure {
            self.leaving = None;
            open.save = SaveState::NotSaved(why);
            return asking.into_iter().collect();
        }
        open.save = SaveState::Saved(Some(tools.now));
        let bundle = !more && std::mem::take(&mut open.bundle_due);
        let settle = !more && std::mem::take(&mut open.copy_done);
        if let Some(problem) = problem.or_else(|| notices.into_iter().next()) {
            self.complain(problem);
        }
        let mut effects: Vec<Effect> = asking.into_iter().collect();
        effects.extend(settle.then(|| Effect::Settle { id: id.clone(), answered: Vec::new() }));
        effects.extend(bundle.then_some(Effect::WriteBundle(id)));
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
        let Changed { before, after, trouble, looks, edition } = changed;
        let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == after.record().id) else {
            return Vec::new();
        };
        open.set_trouble(trouble);
        open.board.take_looks(looks);
        // Nothing was done by who only reads along: what they see is what is stored, also where that is older.
        let reads_along = open.read_only.is_some() && open.save == SaveState::Saved(None);
        let taken = if reads_along {
            open.show_stored(after.clone(), tools);
            Ok(None)
        } else {
            open.take_in(&before, &after, tools)
        };
        if taken.is_ok() {
            open.edition = edition;
        }
        // It was gone or damaged, and can be read again: what was done meanwhile goes into it.
        let comes_back = matches!(open.save, SaveState::NotSaved(Trouble::Overtaken { .. }));
        // An older version came into place: what was done since goes into it.
        let is_older = matches!(open.save, SaveState::Saved(_)) && open.case.record() != after.record();
        match &taken {
            Ok(_) if comes_back => self.say("the stored case is back: what was done meanwhile goes into it"),
            Ok(_) if is_older => self.say("an older version came into place: what was done since goes into it"),
            Ok(_) => self.say("the case was changed elsewhere: it is up to date again"),
            Err(problem) => self.complain(problem),
        }
        let saving = if comes_back || is_older { self.save() } else { Vec::new() };
        taken.ok().flatten().into_iter().chain(saving).collect()
    }

    /// Somebody has looked at the repositories of a case.
    pub(super) fn take_looks(&mut self, id: &str, looks: Vec<Look>, tools: &Tools) {
        let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == id) else { return };
        if open.board.looks == looks {
            return;
        }
        open.board.take_looks(looks);
        open.refresh(tools.now, &|name| (tools.find_zone)(name));
    }

    /// What was stored is gone or damaged: what is in memory is all there is.
    pub(super) fn take_overtaken(&mut self, trouble: Trouble) {
        let Some(open) = self.open.as_mut().filter(|open| open.save != SaveState::Saving) else { return };
        match trouble {
            // The save that failed told more of the same: where this side is kept.
            Trouble::Overtaken { damage: now, .. } if open.overtaken_by() == Some(now) => {}
            Trouble::Overtaken { .. } => open.save = SaveState::NotSaved(trouble),
            other => open.set_trouble(Some(other)),
        }
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

    /// Is this case open, and not saved? Then nothing may take its place.
    pub(super) fn is_only_in_memory(&self, id: &str) -> bool {
        self.is_unsaved() && self.open.as_ref().is_some_and(|open| open.case.record().id == id && !open.given_up)
    }

    /// The case that is kept in memory only, if one is.
    #[must_use]
    pub fn unsaved(&self) -> Option<(&OpenCase, &Trouble)> {
        match self.open.as_ref().map(|open| (open, &open.save)) {
            Some((open, SaveState::NotSaved(why))) => Some((open, why)),
            _ => None,
        }
    }

    /// Leaves once everything is saved. What can't be saved is told first; leaving once more loses it.
    pub fn leave(&mut self) -> Vec<Effect> {
        if self.may_go(Way::Out) { vec![Effect::Quit] } else { Vec::new() }
    }

    pub(super) fn go_away(&mut self, way: Way) -> Vec<Effect> {
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
        if open.given_up {
            return true;
        }
        let copy = open.copy().map(|place| (open.case.record().id.clone(), place.to_owned()));
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
            // Ctrl-c twice, and twice again, leaves whatever is lost; any other key goes by the card.
            SaveState::NotSaved(_) if copy.is_some() || (open.warned && matches!(way, Way::Out)) => {
                if let Some((id, place)) = copy.filter(|_| !matches!(way, Way::Out)) {
                    self.complain(format!("{id} is NOT SAVED; a copy is in {place}"));
                    self.copies.insert(id, place);
                }
                return true;
            }
            SaveState::NotSaved(_) => {
                open.warned = true;
                self.warn(way);
                return false;
            }
        };
        open.warned = true;
        self.complain(text);
        false
    }
}

impl OpenCase {
    /// What is saved of it.
    #[must_use]
    pub fn mine(&self) -> Mine {
        Mine { case: self.case.clone(), edition: self.edition }
    }

    /// What happened to the stored case, where a person knows of it.
    fn overtaken_by(&self) -> Option<Damage> {
        match &self.save {
            SaveState::NotSaved(Trouble::Overtaken { damage, .. }) => Some(*damage),
            _ => None,
        }
    }

    /// Shows what is stored, whatever was shown before.
    fn show_stored(&mut self, stored: Case, tools: &Tools) {
        let find_zone = |name: &str| (tools.find_zone)(name);
        self.change(tools.now, &find_zone, |case, _| *case = stored);
    }

    /// Takes in what others did: the way from one version to the other. What both sides changed becomes a question, which
    /// the effect keeps.
    ///
    /// # Errors
    /// If it can't be taken in, in words for the person.
    fn take_in(&mut self, before: &Case, after: &Case, tools: &Tools) -> Result<Option<Effect>, String> {
        let find_zone = |name: &str| (tools.find_zone)(name);
        let mine = self.case.clone();
        let taken = self.change(tools.now, &find_zone, |case, _| case.absorb(before, after));
        let both =
            taken.map_err(|error| format!("the case was changed elsewhere, and that can't be taken in: {error}"))?;
        let asked = self.case.questions(mine.record(), &both, None);
        let is_asked = !asked.is_empty();
        self.questions.extend(asked);
        Ok(is_asked.then(|| Effect::KeepQuestion { mine: Box::new(mine), addresses: both }))
    }
}
