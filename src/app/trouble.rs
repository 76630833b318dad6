//! The card that comes up when something stands in the way of a case: what happened, and each way out by one key.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::App;
use super::available::NOT_IN_THE_WAY;
use super::form::{Field, Form};
use super::key::{Code, Key};
use super::message::{Effect, NotOpened, RestoreFrom, Tools};
use super::open_case::{OpenCase, SaveState};
use super::overlay::Overlay;
use super::purpose::Purpose;
use super::saving::Way;
use crate::case::{Action, Case, Question, Trouble, Version, WayOut};

/// What stands in the way of one case, and its ways out.
#[derive(Clone, Debug)]
pub struct Card {
    /// Codename.
    pub id: String,
    /// What it is.
    pub trouble: Trouble,
    /// The question under the cursor, or how far the card is scrolled.
    pub cursor: usize,
    /// Where the person was going, where leaving would lose something.
    pub(super) leaving: Option<Way>,
}

/// A try that did not help: of which case, against what, and when.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    id: String,
    word: &'static str,
    at: Timestamp,
}

impl Card {
    fn new(id: impl Into<String>, trouble: Trouble) -> Self {
        Self { id: id.into(), trouble, cursor: 0, leaving: None }
    }

    /// The ways out, the harmless best one, which is Enter, first.
    #[must_use]
    pub fn ways(&self) -> Vec<crate::case::Way> {
        let lose =
            || crate::case::Way { key: 'X', out: WayOut::Lose, does: "leave and lose what is not saved".to_owned() };
        self.trouble.ways().into_iter().chain(self.leaving.map(|_| lose())).collect()
    }

    /// The question that is asked now.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        let Trouble::Conflict(questions) = &self.trouble else { return None };
        questions.get(self.cursor.min(questions.len().saturating_sub(1)))
    }
}

impl OpenCase {
    /// What stands in the way of the case now, the most pressing first.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        if let SaveState::NotSaved(trouble) = &self.save {
            return Some(trouble.clone());
        }
        let conflict = || (!self.questions.is_empty()).then(|| Trouble::Conflict(self.questions.clone()));
        self.read_only.clone().or_else(conflict)
    }

    /// Takes in what stands in the way of the case as it is stored. Questions in memory only stay.
    pub(super) fn set_trouble(&mut self, trouble: Option<Trouble>) {
        self.questions.retain(|question| question.copy.is_none());
        match trouble {
            Some(Trouble::Conflict(questions)) => self.questions.extend(questions),
            trouble => self.read_only = trouble.or(self.read_only.take()),
        }
    }

    /// Where a copy of just this version lies, if one was written.
    #[must_use]
    pub fn copy(&self) -> Option<&str> {
        let (place, record) = self.copied.as_ref()?;
        (record == self.case.record()).then_some(place.as_str())
    }
}

impl App {
    /// What stands in the way here: of the case that is open, else of the one under the cursor at home.
    #[must_use]
    pub fn trouble(&self) -> Option<(String, Trouble)> {
        match &self.open {
            Some(open) => Some((open.case.record().id.clone(), open.trouble()?)),
            None => self.home.selected().and_then(|row| Some((row.id.clone(), row.trouble.clone()?))),
        }
    }

    /// What became of the last try, where what the card tells of still stands in the way.
    #[must_use]
    pub fn tried(&self, card: &Card) -> Option<String> {
        let tried = self.tried.as_ref().filter(|tried| tried.id == card.id && tried.word == card.trouble.word())?;
        let at = tried.at.to_zoned(TimeZone::UTC).strftime("%H:%M:%S");
        Some(format!("Tried {at} UTC: {}.", card.trouble.still()))
    }

    /// A way out was tried: if the same still stands in the way the card says so.
    pub(super) fn has_tried(&mut self, at: Timestamp) {
        let Some(word) = self.trying.take() else { return };
        let same = self.trouble().filter(|(_, trouble)| trouble.word() == word);
        self.tried = same.map(|(id, _)| Tried { id, word, at });
    }

    /// Shows what stands in the way. A question is decided in the case itself, where the card comes up by itself.
    pub(super) fn lead_out(&mut self) -> Vec<Effect> {
        match self.trouble() {
            Some((id, Trouble::Conflict(_))) if self.open.is_none() => self.open_effects(&id),
            _ => {
                self.show_trouble();
                Vec::new()
            }
        }
    }

    /// Shows what stands in the way.
    pub(super) fn show_trouble(&mut self) {
        if let Some((id, trouble)) = self.trouble() {
            // The same key may have said so before anybody had looked at the disk.
            self.message.take_if(|said| said.text == NOT_IN_THE_WAY);
            self.overlay = Some(Overlay::Trouble(Card::new(id, trouble)));
        }
    }

    /// The same before the case is left, where that would lose something.
    pub(super) fn warn(&mut self, way: Way) {
        self.show_trouble();
        if let Some(Overlay::Trouble(card)) = &mut self.overlay {
            card.leaving = Some(way);
        }
    }

    /// What could not even be opened.
    pub(super) fn take_not_opened(&mut self, not: NotOpened) -> Vec<Effect> {
        let is_shown = self.open.as_ref().is_some_and(|open| open.case.record().id == not.id);
        let Some(trouble) = not.trouble.filter(|_| !self.is_only_in_memory(&not.id)) else {
            self.complain(not.why);
            return Vec::new();
        };
        self.overlay = Some(Overlay::Trouble(Card::new(not.id, trouble)));
        if !is_shown {
            return Vec::new();
        }
        self.open = None;
        vec![Effect::Release]
    }

    /// A card that is open tells how things stand now; one that is due comes up as soon as nobody types.
    pub(super) fn look_after_card(&mut self) {
        let Some(open) = &mut self.open else { return };
        if open.save == SaveState::Saving {
            return;
        }
        let trouble = open.trouble();
        let told = trouble.as_ref().map(|trouble| (trouble.word(), open.questions.len()));
        let is_known = told.zip(open.told).is_some_and(|(now, before)| now.0 == before.0 && now.1 <= before.1);
        let is_new = !is_known && trouble.as_ref().is_some_and(Trouble::comes_up);
        let is_busy = self.form.is_some() || self.filtering;
        match (&mut self.overlay, trouble) {
            (Some(Overlay::Trouble(card)), Some(trouble)) => {
                card.trouble = trouble;
                open.told = told;
            }
            (Some(Overlay::Trouble(_)), None) => {
                self.overlay = None;
                open.told = None;
            }
            (None, Some(_)) if is_new && !is_busy => {
                open.told = told;
                self.show_trouble();
            }
            (None, None) => open.told = None,
            (None, Some(_)) if is_known => open.told = told,
            (Some(_), _) | (None, Some(_)) => {}
        }
    }

    pub(super) fn card_key(&mut self, mut card: Card, key: Key, tools: &Tools) -> Vec<Effect> {
        let ways = card.ways();
        let way = match key.code {
            Code::Enter => ways.first().map(|way| way.out),
            Code::Char(letter) if !key.ctrl && !key.alt => ways
                .iter()
                .find(|way| way.key == letter)
                .map(|way| way.out)
                .or((letter == 'q').then_some(WayOut::Later)),
            Code::Esc => Some(WayOut::Later),
            Code::Down => {
                card.cursor += 1;
                None
            }
            Code::Up => {
                card.cursor = card.cursor.saturating_sub(1);
                None
            }
            _ => None,
        };
        if let Trouble::Conflict(questions) = &card.trouble {
            card.cursor = card.cursor.min(questions.len().saturating_sub(1));
        }
        let Some(way) = way else {
            self.overlay = Some(Overlay::Trouble(card));
            return Vec::new();
        };
        self.go_out(card, way, tools)
    }

    fn go_out(&mut self, card: Card, way: WayOut, tools: &Tools) -> Vec<Effect> {
        let id = card.id.clone();
        match way {
            WayOut::Later => Vec::new(),
            WayOut::Restore => {
                if let Trouble::Older(version) = &card.trouble {
                    self.ask_to_go_back(id, version);
                    return Vec::new();
                }
                // The card stays until that is done: keys that come meanwhile are for nothing behind it.
                self.trying = Some(card.trouble.word());
                self.overlay = Some(Overlay::Trouble(card));
                self.restore(id, RestoreFrom::NewestGood)
            }
            WayOut::PutBack => {
                self.trying = Some(card.trouble.word());
                self.overlay = Some(Overlay::Trouble(card));
                self.put_back()
            }
            WayOut::Again => {
                self.trying = Some(card.trouble.word());
                self.overlay = Some(Overlay::Trouble(card));
                self.reload()
            }
            WayOut::CopyElsewhere => vec![Effect::FindElsewhere(id)],
            WayOut::BringBack => {
                self.ask_for_copy(id);
                Vec::new()
            }
            WayOut::Versions => vec![Effect::ListVersions(id)],
            WayOut::Mine | WayOut::Theirs => self.decide(card, way, tools),
            WayOut::Lose => {
                let Some((open, way)) = self.open.as_mut().zip(card.leaving) else { return Vec::new() };
                open.given_up = true;
                self.go_away(way)
            }
        }
    }

    /// Another version takes the place of a case, which is opened then.
    pub(super) fn restore(&mut self, id: String, from: RestoreFrom) -> Vec<Effect> {
        self.opening = Some(id.clone());
        vec![Effect::Restore { id, from }]
    }

    fn put_back(&mut self) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        open.save = SaveState::Saving;
        vec![Effect::PutBack(Box::new(open.mine()))]
    }

    /// One question is answered. The card stays for the next one.
    fn decide(&mut self, card: Card, way: WayOut, tools: &Tools) -> Vec<Effect> {
        let (id, Some(question)) = (card.id.clone(), card.question().cloned()) else { return Vec::new() };
        let is_mine = way == WayOut::Mine;
        let mut effects = Vec::new();
        if is_mine {
            match self.try_act(Action::Resolve(question.values.clone()), &[], tools) {
                Ok(saving) => effects = saving,
                Err(refusal) => {
                    self.complain(refusal.to_string());
                    self.overlay = Some(Overlay::Trouble(card));
                    return Vec::new();
                }
            }
        }
        if let Some(open) = &mut self.open {
            open.questions.retain(|known| *known != question);
            // What counts from here is in the copy and in memory only, until it is saved.
            open.copy_done |= is_mine;
        }
        self.overlay = Some(Overlay::Trouble(card));
        if !is_mine && question.copy.is_some() {
            effects.push(Effect::Settle { id, answered: vec![question] });
        }
        effects
    }

    pub(super) fn take_questions(&mut self, id: &str, left: Result<Vec<Question>, String>) {
        match left {
            Ok(left) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == id) {
                    open.questions = left;
                }
            }
            Err(why) => self.complain(why),
        }
    }

    pub(super) fn ask_for_place(&mut self, place: &str, is_memory: bool) {
        let mut lines = vec![
            "A copy for yourself, in another place. It is not «saved»: the case stays as it was saved last.".to_owned(),
            "Nothing that is there is written over, and nobody else can read it.".to_owned(),
        ];
        if is_memory {
            lines.push("This place is in memory: the copy is gone when the machine is switched off.".to_owned());
        }
        self.ask(
            Form::new("Keep a copy elsewhere", vec![Field::line("Where", place)], Purpose::CopyElsewhere)
                .with_lines(lines),
        );
    }

    pub(super) fn ask_for_copy(&mut self, id: String) {
        let lines = vec!["The copy takes the place of the case. What is there now is kept.".to_owned()];
        let place = self.copies.get(&id).cloned().unwrap_or_default();
        self.ask(
            Form::new("Bring a copy back", vec![Field::line("Where the copy is", &place)], Purpose::BringBack(id))
                .with_lines(lines),
        );
    }

    /// Going back is asked once: what was done since is no longer in the case, though kept.
    pub(super) fn ask_to_go_back(&mut self, id: String, version: &Version) {
        let mut lines = vec![format!("The version put away {}.", version.when(self.now))];
        if !version.last.is_empty() {
            lines.push(format!("Last in it: {}.", version.last));
        }
        if version.since.is_some() {
            lines.push(format!("{}.", version.since()));
        }
        lines.push("What is there now is kept, as a version to which you can go back in turn.".to_owned());
        self.ask(
            Form::new("Go back to an older version", Vec::new(), Purpose::GoBack(id, version.at)).with_lines(lines),
        );
    }

    pub(super) fn take_copied(&mut self, case: &Case, place: &str, failure: Option<String>) {
        let id = &case.record().id;
        if failure.is_some() {
            self.ask_for_place(place, false);
            if let Some(form) = &mut self.form {
                form.error = failure;
            }
            return;
        }
        if let Some(open) = self.open.as_mut().filter(|open| open.case.record().id == *id) {
            open.copied = Some((place.to_owned(), case.record().clone()));
        }
        self.say(format!("a copy is in {place}"));
    }
}
