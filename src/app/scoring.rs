//! The calculator on the screen: by itself, and as the pane of a case; and what becomes of the vector.

use super::App;
use super::calculator::{Beside, Calculator, Panel};
use super::command::Command;
use super::form::{Field, Form};
use super::key::{Code, Key};
use super::message::{Effect, Tools};
use super::open_case::{AskedForScore, Pane};
use super::purpose::Purpose;
use crate::case::{Action, EventKind};
use crate::cvss::{self, Draft, Mend, Mended, Vector, VectorError, Version};

impl App {
    /// Shows nothing but the calculator: Enter takes the vector, all else leaves without.
    pub fn calculate_alone(&mut self, begin: Draft) {
        self.alone = true;
        self.calculate(Calculator::of(begin));
    }

    /// From home: what was chosen there before comes back.
    pub(super) fn show_calculator(&mut self) {
        let kept = self.calculator.take().unwrap_or_else(|| Calculator::new(self.cvss_version));
        self.calculate(kept);
    }

    fn calculate(&mut self, calculator: Calculator) {
        self.calculator = Some(calculator);
        self.calculating = true;
        self.fit_calculator();
    }

    /// The calculator that is shown.
    #[must_use]
    pub fn shown_calculator(&self) -> Option<&Calculator> {
        match &self.open {
            Some(open) => open.shown_calculator(),
            None => self.calculator.as_ref().filter(|_| self.calculating),
        }
    }

    pub(super) fn calculator_mut(&mut self) -> Option<&mut Calculator> {
        match &mut self.open {
            Some(open) => open.calculator_mut(),
            None => self.calculator.as_mut().filter(|_| self.calculating),
        }
    }

    /// Tells the calculator how much room there is.
    pub(super) fn fit_calculator(&mut self) {
        let room = room(self.size);
        if let Some(calculator) = self.calculator_mut() {
            calculator.set_room(room);
        }
    }

    /// A letter belongs to the values of the metric under the cursor. False if none of them begins with it.
    pub(super) fn choose_by_letter(&mut self, key: Key) -> bool {
        match key.code {
            Code::Char(letter) if !key.ctrl && letter.is_ascii_alphabetic() => {
                self.calculator_mut().is_some_and(|calculator| calculator.letter(letter))
            }
            _ => false,
        }
    }

    /// Why a key does nothing in the calculator.
    pub(super) fn no_value(&self, key: Key) -> Option<String> {
        let calculator = self.shown_calculator()?;
        let Code::Char(letter) = key.code else { return None };
        let Some(metric) = calculator.metric() else {
            return Some("this group is folded away: + shows its metrics".to_owned());
        };
        let letter = letter.to_ascii_uppercase();
        let key = calculator.version().metrics()[metric].key;
        Some(format!("{letter} is no value of {key}: {}", Calculator::letters(calculator.version(), metric)))
    }

    /// Carries out a command of the calculator. False if it is none.
    pub(super) fn calculate_by(&mut self, command: Command) -> bool {
        let has_history = self.open.is_some();
        let Some(calculator) = self.calculator_mut() else { return false };
        match command {
            Command::Worse => calculator.step(false),
            Command::Milder => calculator.step(true),
            Command::Unset => calculator.unset(),
            Command::ToggleGroup => calculator.toggle_group(),
            Command::Beside => calculator.turn_panel(has_history),
            Command::OtherVersion => self.turn_version(),
            Command::UndoChoice if calculator.can_undo() => self.undo_choice(),
            Command::RedoChoice if calculator.can_redo() => self.redo_choice(),
            Command::Reset => {
                let to_begin = calculator.reset();
                let what = if to_begin { "as it is recorded" } else { "everything is open" };
                self.say(format!("{what} again; z takes that back"));
            }
            _ => return false,
        }
        true
    }

    fn turn_version(&mut self) {
        let Some(calculator) = self.calculator_mut() else { return };
        let carried = calculator.turn_version();
        let to = calculator.version();
        let text = carried.map_or(format!("v{to}"), |(from, carried)| {
            let dropped: Vec<&str> = carried.dropped.iter().map(|metric| metric.key).collect();
            let told = [
                Some(format!("v{to}: carried over from v{from}")),
                (!carried.choices.is_empty()).then(|| format!("{} marked ! to choose", carried.choices.len())),
                (!dropped.is_empty()).then(|| format!("not asked here: {}", dropped.join(", "))),
            ];
            told.into_iter().flatten().collect::<Vec<_>>().join("; ")
        });
        self.say(text);
    }

    fn undo_choice(&mut self) {
        let told = self.calculator_mut().and_then(Calculator::undo);
        self.say(format!("took back: {}. {}", told.unwrap_or_default(), self.standing()));
    }

    fn redo_choice(&mut self) {
        let told = self.calculator_mut().and_then(Calculator::redo);
        self.say(format!("did again: {}. {}", told.unwrap_or_default(), self.standing()));
    }

    /// «The score is 8.7 again.»
    fn standing(&self) -> String {
        let draft = self.shown_calculator().map(Calculator::draft);
        match draft.map(|draft| (draft.score(), draft.range())) {
            Some((Some(score), _)) => format!("The score is {score} again."),
            Some((None, range)) => format!("The score is open again: {range}."),
            None => String::new(),
        }
    }

    /// The vector that is shown; if it is not complete, the cursor goes to what is open, and it is told.
    pub(super) fn complete_vector(&mut self) -> Option<Vector> {
        let calculator = self.calculator_mut()?;
        let vector = calculator.draft().vector();
        if vector.is_none() {
            calculator.go_to_open();
            let version = calculator.version();
            let open: Vec<&str> = calculator.draft().open().map(|metric| version.metrics()[metric].key).collect();
            self.complain(format!("not chosen yet: {}", open.join(", ")));
        }
        vector
    }

    /// Enter: alone the vector is taken and the program ends, from home it is copied, in a case it is recorded.
    pub(super) fn take_vector(&mut self) -> Vec<Effect> {
        let Some(vector) = self.complete_vector() else { return Vec::new() };
        if self.open.is_some() {
            if let Some(why) = self.open.as_ref().and_then(|open| open.read_only.as_ref()) {
                self.complain(format!("this case can't be changed: {why}"));
                return Vec::new();
            }
            self.ask_record(&vector);
            return Vec::new();
        }
        if self.alone {
            return vec![Effect::Take(vector.to_string())];
        }
        self.copy()
    }

    /// What is to be recorded, by whom the score is settled, and why; what it changes is told below.
    pub(super) fn ask_record(&mut self, vector: &Vector) {
        let Some(open) = &self.open else { return };
        let Some(id) = open.vulnerability_id() else { return };
        let base = vector.base_score();
        let score = format!("{base} {}", base.severity(vector.version()));
        // The process goes by the base score; what else the vector says is kept and shown.
        let whole = vector.score();
        let beside = (whole != base).then(|| format!("With its other groups it scores {whole} {}.", vector.severity()));
        let of = if open.case.record().vulnerability.len() > 1 { format!(" of {id}") } else { String::new() };
        let standing =
            [("draft", "a draft: others may still have their say"), ("final", "final: the fix lead's last word")];
        let standing = standing.map(|(id, label)| (id.to_owned(), label.to_owned())).to_vec();
        // The same vector again is no reason to take the last word back.
        let recorded = open.case.scoring().into_iter().find(|scores| scores.id == id).and_then(|scores| scores.latest);
        let is_settled = recorded.is_some_and(|latest| latest.is_final && latest.vector.as_ref() == Some(vector));
        let is_asked = open.asked_for_score.is_some_and(|asked| asked.is_final);
        let wanted = if is_asked || is_settled { "final" } else { "draft" };
        let fields = vec![Field::choice("Standing", standing, wanted), Field::line("Why (may stay empty)", "")];
        let purpose = Purpose::Score { vulnerability: id, vector: vector.to_string() };
        let form = Form::new(format!("Record the score{of}: {score}"), fields, purpose);
        self.ask(form.with_lines(std::iter::once(vector.to_string()).chain(beside).collect()));
        // What was typed as the reason may come back; whether it is the last word is asked anew all the same.
        if let Some(form) = &mut self.form {
            form.focus = 0;
        }
    }

    /// Is there a vector in what was pasted?
    pub(super) fn holds_vector(&self, text: &str) -> bool {
        read(text, self.version_of_paste()).is_ok()
    }

    /// The version that a vector without a prefix is taken for: the one that is shown, else the process's.
    fn version_of_paste(&self) -> Version {
        let shown = self.shown_calculator().map(Calculator::version);
        let process = self.open.as_ref().map(|open| open.case.playbook().cvss_version());
        shown.or(process).unwrap_or(self.cvss_version)
    }

    /// A vector that is pasted where no calculator is shown opens it.
    pub(super) fn paste_vector_into_pane(&mut self, text: &str) {
        if self.open.is_none() {
            self.show_calculator();
            return self.paste_vector(text);
        }
        match self.available(Command::PaneScore) {
            Ok(()) => {
                self.show_score(None);
                self.paste_vector(text);
            }
            Err(why) => self.complain(why),
        }
    }

    /// Keeps what is chosen in the calculators of the case, as what is typed into a form is kept.
    pub(super) fn keep_choices(&mut self) -> Vec<Effect> {
        let now = self.now;
        let Some(open) = self.open.as_mut().filter(|open| open.is_choosing()) else { return Vec::new() };
        if !open.note_choices(now) {
            return Vec::new();
        }
        let Some(why) = &open.read_only else { return self.save() };
        (open.unkept, open.warned) = (true, false);
        let text = format!("what you choose stays in memory only: {why}");
        self.complain(text);
        Vec::new()
    }

    /// A pasted vector, also one out of a mail: beside the one in the making where that is shown, else in its place.
    pub(super) fn paste_vector(&mut self, text: &str) {
        let mended = match read(text, self.version_of_paste()) {
            Ok(mended) => mended,
            Err(error) => return self.complain(format!("nothing was changed: {error}")),
        };
        let Some(calculator) = self.calculator_mut() else { return };
        let vector = mended.vector;
        if calculator.panel == Panel::Compare {
            calculator.beside = Some(Beside { name: "pasted".to_owned(), vector });
            self.say("it stands beside yours now; b turns on, and there a paste takes the place of yours");
            return;
        }
        calculator.take(*vector.draft());
        let bare = cvss::mend(text).is_err().then(|| format!("taken for one of v{}", vector.version()));
        let mends: Vec<String> = mended.mends.iter().map(Mend::to_string).chain(bare).collect();
        let mends = if mends.is_empty() { String::new() } else { format!(" ({})", mends.join(", ")) };
        self.say(format!("pasted{mends}; z takes it back"));
    }

    /// Asks for a vector to compare with.
    pub(super) fn ask_compare(&mut self) {
        let fields = vec![Field::line("Vector: the reporter's, or that of a database", "")];
        self.form = Some(Form::new("Compare with", fields, Purpose::Compare));
    }

    /// Puts a vector that was typed beside the one in the making.
    ///
    /// # Errors
    /// If it is none.
    pub(super) fn compare_with(&mut self, text: &str) -> Result<(), String> {
        if let Some(calculator) = self.calculator_mut() {
            let vector = read(text, calculator.version()).map_err(|error| error.to_string())?.vector;
            calculator.beside = Some(Beside { name: "typed".to_owned(), vector });
            calculator.panel = Panel::Compare;
        }
        Ok(())
    }

    /// Goes to the pane of the score; from a step that asks for one, whether it must be the last word.
    pub(super) fn show_score(&mut self, wants_final: Option<bool>) {
        let Some(from) = self.open.as_ref().map(|open| open.pane) else { return };
        self.show(Pane::Score);
        let is_asked = wants_final.is_some();
        let drilled = self.drill.as_ref().filter(|_| is_asked).map(|drill| drill.vector.clone());
        if let Some(open) = &mut self.open {
            open.asked_for_score = wants_final.map(|is_final| AskedForScore { is_final, from });
            // A drill has its answer ready.
            if let Some(draft) = drilled.as_deref().and_then(Draft::read)
                && let Some(calculator) = open.calculator_mut()
                && calculator.chosen().next().is_none()
                && !calculator.draft().is_complete()
            {
                calculator.take(draft);
            }
        }
        self.fit_calculator();
    }

    /// Another vulnerability of the case.
    pub(super) fn turn_vulnerability(&mut self, by: isize) {
        let Some(open) = &mut self.open else { return };
        if !open.turn_vulnerability(by) {
            self.say("there is no further vulnerability: & begins another");
        }
        self.fit_calculator();
    }

    /// The vulnerability that was just begun is the one to score.
    pub(super) fn show_vulnerability(&mut self, id: &str) {
        self.show_score(None);
        if let Some(open) = &mut self.open {
            open.vulnerability = Some(id.to_owned());
        }
        self.fit_calculator();
    }

    /// Says that the vulnerability that was shown is not in the case any more, before letters go to another.
    pub(super) fn tell_gone(&mut self) {
        let Some(open) = &mut self.open else { return };
        let Some(gone) = open.gone.take() else { return };
        let text = match open.vulnerability_id() {
            Some(now) => format!("{gone} is not in the case any more: this is {now}"),
            None => format!("{gone} is not in the case any more"),
        };
        self.complain(text);
    }

    /// Takes the last act on a score back, or does it again, where the calculator itself has nothing more to take back. What
    /// else was done to the case is not touched from here.
    pub(super) fn turn_act(&mut self, is_undo: bool, tools: &Tools) -> Vec<Effect> {
        let turned =
            self.open.as_ref().and_then(|open| if is_undo { open.case.undoable() } else { open.case.redoable() });
        let is_here = turned.is_some_and(|event| {
            event.kind == EventKind::Scored
                || (event.kind == EventKind::FieldSet && event.target.starts_with("vulnerability."))
        });
        if is_here {
            return self.act(if is_undo { Action::Undo } else { Action::Redo }, tools);
        }
        let text = match (is_undo, turned.is_some()) {
            (true, false) => "there is nothing to take back",
            (true, true) => "there is nothing to take back here: 0, and z there takes back what was done in the case",
            (false, _) => "there is nothing to do again",
        };
        self.say(text);
        Vec::new()
    }

    pub(super) fn ask_vulnerability(&mut self) {
        let fields = vec![Field::line("What is it, in a few words?", "")];
        let lines = vec!["It gets a score of its own. The highest drives the process.".to_owned()];
        self.ask(Form::new("Another vulnerability", fields, Purpose::Vulnerability).with_lines(lines));
    }
}

/// Reads what was pasted or typed. One of 2.0 has no prefix; any other lost it on its way, and is taken for one of the
/// version that is shown.
fn read(text: &str, version: Version) -> Result<Mended, VectorError> {
    let bare = text.trim();
    let prefixed = bare.starts_with("AV:").then(|| cvss::mend(&format!("{}{bare}", version.prefix())).ok());
    cvss::mend(text).or_else(|error| prefixed.flatten().ok_or(error))
}

/// Rows that metrics and their heads can take on a screen of this size.
fn room((columns, rows): (u16, u16)) -> usize {
    /// Header, score, message, keys and rules.
    const AROUND: u16 = 10;
    /// What explains, where it stands below.
    const BELOW: u16 = 8;
    let below = if columns < 100 { BELOW } else { 0 };
    usize::from(rows.saturating_sub(AROUND + below))
}
