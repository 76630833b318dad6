//! The last two rows: how the save went and what just happened, and the keys of this place.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::calculator::bound_words;
use super::lines::{Part, line, part, split_line, total_width};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::command::{Command, CommandRow, Place};
use crate::app::form::{FieldKind, Form};
use crate::app::{OpenCase, Overlay, Purpose, SaveState, Target, TroubleCard};
use crate::case::Trouble;
use crate::text::{displayable, width, wrap};

/// A key and what it does here; a command of this place can be clicked as well.
struct Pair {
    key: String,
    title: &'static str,
    command: Option<Command>,
}

/// What says that all is saved gives way first.
const SAVED: &str = "saved";

/// Columns between what is said of different things.
const GAP: usize = 3;

/// From this width on there is room for the key of all commands.
const WITH_PALETTE: usize = 50;

impl Screen<'_> {
    /// What is said at the bottom: how the save went, then what just happened. What is longer than a row goes on in a
    /// second one where there is a rule to give way, and what was just said, until the next key, in one more.
    pub(super) fn message(&self, columns: usize, has_rule: bool) -> Vec<Line<'static>> {
        let mut told = self.to_tell();
        let wide =
            |told: &[(String, Role)]| told.iter().map(|(text, _)| width(&displayable(text)) + GAP).sum::<usize>();
        if wide(&told) > columns + GAP - 1 && told.len() > 1 && told[0].0.starts_with(SAVED) {
            told.remove(0);
        }
        let most = 1 + usize::from(has_rule) + usize::from(self.app.message.is_some());
        let mut rows = flowing(&told, columns);
        if rows.len() > most {
            rows.truncate(most);
            rows[most - 1].extend([("…".repeat(columns), Role::Quiet)]);
        }
        let row = |row: Vec<(String, Role)>| {
            let parts = row.iter().map(|(text, role)| part(text, self.style(*role)));
            line(std::iter::once(part(" ", Style::default())).chain(parts).collect(), columns)
        };
        rows.into_iter().map(row).collect()
    }

    /// What there is to say, each in its role.
    fn to_tell(&self) -> Vec<(String, Role)> {
        let mut told = Vec::new();
        if let Some(open) = &self.app.open {
            match &open.save {
                SaveState::Saved(Some(at)) => {
                    let hour = self.short_instant(*at);
                    told.push((format!("{SAVED} {}", hour.rsplit(' ').nth(1).unwrap_or_default()), Role::Quiet));
                }
                SaveState::Saved(None) => {}
                SaveState::Saving => told.push(("saving".to_owned(), Role::Quiet)),
                SaveState::NotSaved(why) => return self.not_saved(open, why),
            }
        }
        if self.app.filtering || !self.app.filter().is_empty() {
            let sign = if self.app.filtering { "_" } else { "" };
            told.push((format!("/ {}{sign}", self.app.filter()), Role::Accent));
            told.push(("Esc shows all again".to_owned(), Role::Quiet));
        }
        let said = self.app.message.as_ref();
        let said = said.map(|said| (said.text.clone(), if said.bad { Role::Bad } else { Role::Plain }));
        let plain = |text| (text, Role::Plain);
        let said = said.or_else(|| self.in_the_way().map(|text| (text, Role::Look)));
        let said = said.or_else(|| self.advice_in_little_room().map(plain)).or_else(|| self.bound().map(plain));
        let said = said.or_else(|| self.complete().map(plain));
        told.extend(said);
        told
    }

    /// The bound of the process, where a score is chosen.
    fn bound(&self) -> Option<String> {
        let open = self.app.open.as_ref().filter(|_| self.app.form.is_none() && self.app.overlay.is_none())?;
        bound_words(open, open.shown_calculator()?)
    }

    /// That a vector of no case is complete, and what Enter does with it.
    fn complete(&self) -> Option<String> {
        let does = if self.app.alone { "takes it and ends" } else { "copies it" };
        let key = self.app.keys.first(Command::Open).filter(|_| self.waits_for_enter() && self.app.open.is_none())?;
        Some(format!("Complete: {key} {does}."))
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
    fn not_saved(&self, open: &OpenCase, why: &Trouble) -> Vec<(String, Role)> {
        let copy = if open.copy().is_some() { ", but a copy is elsewhere" } else { "" };
        let said = self.app.message.as_ref().map(|said| (said.text.clone(), Role::Bad));
        let why = match (said.is_some(), &self.app.form) {
            (true, _) => String::new(),
            // A form takes the key as a letter.
            (false, Some(_)) => format!(" Esc, then {}", self.way_out().trim_end_matches(':')),
            (false, None) => format!(" {} {why}", self.way_out()),
        };
        std::iter::once((format!("NOT SAVED{copy}.{why}"), Role::Alarm)).chain(said).collect()
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
        let rows = self.app.keys.rows(place).filter(|(row, _)| row.is_told_in(place));
        let (mut left, mut right, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for (row, keys) in rows {
            let Some(key) = keys.first() else { continue };
            let side = match row.command {
                Command::Palette if columns < WITH_PALETTE => continue,
                Command::Palette | Command::Help | Command::Back => &mut right,
                command if self.app.available(command).is_ok() => &mut left,
                _ => continue,
            };
            let pair = Pair { key: key.to_string(), title: self.title_of(row, place), command: Some(row.command) };
            // What stands in the way comes before all that it keeps from being done.
            let at = if row.command == Command::Trouble { 0 } else { side.len() };
            // Among branches the views and the commands are what people come for.
            if place == Place::Branches && matches!(row.command, Command::New | Command::Leak) {
                later.push(pair);
                continue;
            }
            side.insert(at, pair);
        }
        left.extend(later);
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

    /// What a command is called here: from a component of the fleet back is no way home.
    fn title_of(&self, row: &CommandRow, place: Place) -> &'static str {
        let is_inside = self.app.shows_fleet() && self.app.fleet.inside;
        if is_inside && row.command == Command::Back { "fleet" } else { row.title_in(place) }
    }

    fn in_colour(&self, pairs: &[Pair]) -> Vec<Part> {
        pairs.iter().flat_map(|pair| self.pair(pair)).collect()
    }

    fn pair(&self, pair: &Pair) -> [Part; 2] {
        let key = part(&format!(" {}", pair.key), self.style(Role::Accent));
        let waits = pair.command == Some(Command::Open) && self.waits_for_enter();
        let role = if waits { Role::Strong } else { Role::Plain };
        [key, part(&format!(" {}  ", pair.title), self.style(role))]
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

/// Texts as rows of words, each row within the columns less one at either side.
fn flowing(told: &[(String, Role)], columns: usize) -> Vec<Vec<(String, Role)>> {
    let room = columns.saturating_sub(2).max(1);
    let mut rows: Vec<Vec<(String, Role)>> = vec![Vec::new()];
    let mut used = 0;
    for (text, role) in told {
        let text = displayable(text);
        for (index, word) in text.split(' ').flat_map(|word| wrap(word, room)).enumerate() {
            let gap = match (used, index) {
                (0, _) => 0,
                (_, 0) => GAP,
                _ => 1,
            };
            if used + gap + width(&word) > room && used > 0 {
                rows.push(vec![(word.clone(), *role)]);
                used = width(&word);
                continue;
            }
            used += gap + width(&word);
            let row = rows.last_mut().expect("there is always a row");
            match row.last_mut().filter(|(_, last)| last == role && index > 0) {
                Some((before, _)) => before.extend([" ", &word]),
                None => row.extend([(" ".repeat(gap), Role::Plain), (word, *role)]),
            }
        }
    }
    rows
}

fn pairs(keys: &[(&str, &'static str)]) -> Vec<Pair> {
    keys.iter().map(|(key, title)| Pair { key: (*key).to_owned(), title, command: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_flows_into_rows_and_nothing_of_it_is_lost() {
        let told = [
            ("saved 16:12".to_owned(), Role::Quiet),
            ("it stands beside yours now; b turns on".to_owned(), Role::Plain),
        ];
        for columns in 3..60 {
            let rows = flowing(&told, columns);
            let texts: Vec<String> =
                rows.iter().map(|row| row.iter().map(|(text, _)| text.as_str()).collect()).collect();
            assert!(texts.iter().all(|row| width(row) <= columns.saturating_sub(2).max(1)), "{columns}: {texts:?}");
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&texts.concat()), letters(&format!("{}{}", told[0].0, told[1].0)), "{columns}");
        }
        assert_eq!(flowing(&told, 80).len(), 1);
        assert_eq!(flowing(&[], 80).len(), 1);
    }
}
