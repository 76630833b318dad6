//! The last two rows: how the save went and what just happened, and the keys of this place.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::calculator::bound_words;
use super::lines::{Part, line, part, split_line, total_width};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::command::{Command, Place};
use crate::app::form::{FieldKind, Form};
use crate::app::{OpenCase, Overlay, Purpose, SaveState, Target, TroubleCard};
use crate::case::Trouble;

/// A key and what it does here; a command of this place can be clicked as well.
struct Pair {
    key: String,
    title: &'static str,
    command: Option<Command>,
}

/// From this width on there is room for the key of all commands.
const WITH_PALETTE: usize = 50;

impl Screen<'_> {
    /// What is said at the bottom: how the save went, then what just happened.
    pub(super) fn message(&self, columns: usize) -> Line<'static> {
        let mut parts: Vec<Part> = vec![part(" ", Style::default())];
        if let Some(open) = &self.app.open {
            match &open.save {
                SaveState::Saved(Some(at)) => {
                    let hour = self.short_instant(*at);
                    let hour = hour.rsplit(' ').nth(1).unwrap_or_default();
                    parts.push(part(&format!("saved {hour}   "), self.style(Role::Quiet)));
                }
                SaveState::Saved(None) => {}
                SaveState::Saving => parts.push(part("saving   ", self.style(Role::Quiet))),
                SaveState::NotSaved(why) => return self.not_saved(open, why, columns),
            }
        }
        if self.app.filtering || !self.app.filter().is_empty() {
            let sign = if self.app.filtering { "_" } else { "" };
            parts.push(part(&format!("/ {}{sign}   ", self.app.filter()), self.style(Role::Accent)));
            parts.push(part("Esc shows all again   ", self.style(Role::Quiet)));
        }
        if let Some(said) = &self.app.message {
            let role = if said.bad { Role::Bad } else { Role::Plain };
            parts.push(part(&said.text, self.style(role)));
        } else if let Some(text) = self.in_the_way() {
            parts.push(part(&text, self.style(Role::Look)));
        } else if let Some(advice) = self.advice_in_little_room() {
            parts.push(part(&advice, self.style(Role::Plain)));
        } else if let Some(bound) = self.bound() {
            parts.push(part(&bound, self.style(Role::Plain)));
        }
        line(parts, columns)
    }

    /// The bound of the process, where a score is chosen.
    fn bound(&self) -> Option<String> {
        let open = self.app.open.as_ref().filter(|_| self.app.form.is_none() && self.app.overlay.is_none())?;
        bound_words(open, open.shown_calculator()?)
    }

    /// What stands in the way, and the key of the ways out, for as long as it does.
    fn in_the_way(&self) -> Option<String> {
        // The card itself tells all of it.
        let is_shown = matches!(self.app.overlay, Some(Overlay::Trouble(_)));
        let open = self.app.open.as_ref().filter(|_| !is_shown)?;
        let trouble = open.trouble().filter(Trouble::is_told)?;
        if let Trouble::Older(_) = trouble {
            return Some(format!("p goes back to it, q to now: {trouble}"));
        }
        let read_only = if trouble.is_read_only() { "read-only: " } else { "" };
        Some(format!("{} {read_only}{trouble}", self.way_out()))
    }

    /// NOT SAVED, where a copy is, and what was said last, for a retry answers.
    fn not_saved(&self, open: &OpenCase, why: &Trouble, columns: usize) -> Line<'static> {
        let copy = if open.copy().is_some() { ", but a copy is elsewhere" } else { "" };
        let said = self.app.message.as_ref().map(|said| part(&format!("  {}", said.text), self.style(Role::Bad)));
        let why = match (said.is_some(), &self.app.form) {
            (true, _) => String::new(),
            // A form takes the key as a letter.
            (false, Some(_)) => format!(" Esc, then {}", self.way_out().trim_end_matches(':')),
            (false, None) => format!(" {} {why}", self.way_out()),
        };
        let state = part(&format!(" NOT SAVED{copy}.{why} "), self.style(Role::Alarm));
        line(std::iter::once(state).chain(said).collect(), columns)
    }

    /// «o shows the way out:».
    fn way_out(&self) -> String {
        let key = self.app.keys.first(Command::Trouble).map(|key| key.to_string()).unwrap_or_default();
        format!("{key} shows the way out:")
    }

    /// The keys of this place: those that can do something now, and at the right the way out.
    pub(super) fn keys(&self, frame: &mut Frame<'_>, area: Rect) {
        let columns = usize::from(area.width);
        let (mut left, right) = match (&self.app.overlay, &self.app.form) {
            (Some(Overlay::Help(_)), _) => (pairs(&[("↑↓", "move")]), pairs(&[("Esc", "close")])),
            (Some(Overlay::Palette(_)), _) => {
                (pairs(&[("↑↓", "move"), ("Enter", "do it")]), pairs(&[("Esc", "close")]))
            }
            (Some(Overlay::Trouble(card)), _) => (card_keys(card), pairs(&[("Esc", "leave it as it is")])),
            (Some(Overlay::Versions(_)), _) => (
                pairs(&[("↑↓", "move"), ("Enter", "look at it"), ("p", "go back to it"), ("b", "from a copy")]),
                pairs(&[("Esc", "close")]),
            ),
            (None, Some(form)) => {
                (form_keys(form), pairs(&[("Esc", if form.is_kept() { "leave, text is kept" } else { "leave" })]))
            }
            (None, None) if self.app.filtering => (pairs(&[("Enter", "keep these")]), pairs(&[("Esc", "show all")])),
            (None, None) => self.place_keys(columns),
        };
        let right_parts = self.in_colour(&right);
        let begin = columns.saturating_sub(total_width(&right_parts));
        // Whole pairs only: half a word would say nothing.
        let fits = |count: &usize| total_width(&self.in_colour(&left[..*count])) < begin.max(1);
        left.truncate((0..=left.len()).rev().find(fits).unwrap_or(0));
        self.targets_of(area, 0, &left);
        self.targets_of(area, begin, &right);
        frame.render_widget(Rows::one(split_line(self.in_colour(&left), right_parts, columns)), area);
    }

    fn targets_of(&self, area: Rect, mut begin: usize, pairs: &[Pair]) {
        for pair in pairs {
            let width = total_width(&self.pair(pair));
            let [x, width] = [begin, width].map(|count| u16::try_from(count).unwrap_or(u16::MAX));
            if let Some(command) = pair.command {
                self.target(Rect { x: area.x.saturating_add(x), width, ..area }, Target::Command(command));
            }
            begin += usize::from(width);
        }
    }

    fn place_keys(&self, columns: usize) -> (Vec<Pair>, Vec<Pair>) {
        let place = self.app.place();
        let rows = self.app.keys.rows(place).filter(|(row, _)| row.footer);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (row, keys) in rows {
            let Some(key) = keys.first() else { continue };
            let side = match row.command {
                Command::Palette if columns < WITH_PALETTE => continue,
                Command::Palette | Command::Help | Command::Back => &mut right,
                command if self.app.available(command).is_ok() => &mut left,
                _ => continue,
            };
            let pair = Pair { key: key.to_string(), title: row.title_in(place), command: Some(row.command) };
            // What stands in the way comes before all that it keeps from being done.
            let at = if row.command == Command::Trouble { 0 } else { side.len() };
            side.insert(at, pair);
        }
        let chooses = matches!(place, Place::Calculator | Place::Score);
        if chooses {
            left.splice(0..0, pairs(&[("←→ letter", "value")]));
        }
        if self.app.open.is_some() {
            // Before what a narrow screen has no room for: nobody finds a pane that is not told.
            let at = left.len().min(if chooses { 4 } else { 3 });
            left.splice(at..at, pairs(&[("0-7", "panes")]));
        }
        (left, right)
    }

    fn in_colour(&self, pairs: &[Pair]) -> Vec<Part> {
        pairs.iter().flat_map(|pair| self.pair(pair)).collect()
    }

    fn pair(&self, pair: &Pair) -> [Part; 2] {
        let key = part(&format!(" {}", pair.key), self.style(Role::Accent));
        [key, part(&format!(" {}  ", pair.title), self.style(Role::Plain))]
    }
}

/// The keys of the ways out.
fn card_keys(card: &TroubleCard) -> Vec<Pair> {
    let letters: String = card.ways().iter().map(|way| way.key.to_string()).collect::<Vec<_>>().join(" ");
    let mut keys = pairs(&[("Enter", "the first way")]);
    keys.push(Pair { key: letters, title: "each by its key", command: None });
    if matches!(&card.trouble, Trouble::Conflict(questions) if questions.len() > 1) {
        keys.extend(pairs(&[("↑↓", "which question")]));
    }
    keys
}

/// The keys of the field in focus.
fn form_keys(form: &Form<Purpose>) -> Vec<Pair> {
    let Some(field) = form.fields.get(form.focus) else {
        return pairs(&[("Enter", "do it"), ("Tab", "first field")]);
    };
    let is_last = form.focus + 1 == form.fields.len();
    let (enter, behind) = if is_last { ("do it", "button") } else { ("next", "next field") };
    match &field.kind {
        FieldKind::Choice { .. } => pairs(&[("↑↓", "choose"), ("Enter", enter), ("Tab", behind)]),
        FieldKind::Line(_) if !form.is_kept() => pairs(&[("Enter", enter)]),
        FieldKind::Line(_) if field.completion().is_some() => {
            pairs(&[("Enter", enter), ("Tab", "complete"), ("Ctrl-x", "$EDITOR")])
        }
        FieldKind::Line(_) => pairs(&[("Enter", enter), ("Tab", behind), ("Ctrl-x", "$EDITOR")]),
        FieldKind::Lines(_) => pairs(&[("Enter", "new line"), ("Tab", behind), ("Ctrl-x", "$EDITOR")]),
    }
}

fn pairs(keys: &[(&str, &'static str)]) -> Vec<Pair> {
    keys.iter().map(|(key, title)| Pair { key: (*key).to_owned(), title, command: None }).collect()
}
