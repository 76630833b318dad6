//! Tags and version pins on each remote.

use std::collections::BTreeMap;

use ratatui::text::Line;

use super::{Sheet, View};
use crate::app::board::BoardRow;
use crate::divergence::{PinAt, PinState, Plan, Role as Remote, TagState};
use crate::findings::{name, ways};
use crate::text::width;
use crate::ui::lines::{cell, line, part};
use crate::ui::{Role, Screen};

const NAMES: (usize, usize) = (14, 40);
const STATE: usize = 22;
const REMOTE: usize = 17;
const KIND: usize = 5;

impl Screen<'_> {
    pub(super) fn tags_view<'v>(&'v self, sheet: Sheet<'v>) -> View<'v> {
        let rows = sheet.board.rows(sheet.filter);
        let cursor = sheet.board.place(&rows);
        let longest = rows.iter().map(|row| width(name_of(sheet, row))).max().unwrap_or(0);
        let names = (longest + 2).clamp(NAMES.0, NAMES.1);
        let quiet = self.style(Role::Quiet);
        let mut heads = vec![
            part("   ", quiet),
            cell("", KIND, quiet),
            cell("name", names, quiet),
            cell("private / public", STATE + 2, quiet),
        ];
        heads.extend(sheet.watched.asked.urls.keys().map(|remote| cell(name(*remote), REMOTE, quiet)));
        let (about, detail) = match rows.get(cursor) {
            Some(row) => (name_of(sheet, row).to_owned(), self.tag_detail(sheet, row)),
            None => (String::new(), Vec::new()),
        };
        let empty = if sheet.filter.is_empty() {
            "No tag fits what this component compares, and no version pin is named."
        } else {
            "Nothing fits: Esc shows all again."
        };
        let empty = self.text(empty, Role::Plain, 3, sheet.columns);
        let count = rows.len();
        let row = move |index: usize| self.tag_row(sheet, &rows[index], names, index == cursor);
        let heads = vec![line(heads, sheet.columns)];
        View { heads, count, cursor, row: Box::new(row), legend: None, about, detail, empty }
    }

    fn tag_row(&self, sheet: Sheet<'_>, row: &BoardRow, names: usize, selected: bool) -> Line<'static> {
        let (kind, plan, words) = match row {
            BoardRow::Tag(index) => {
                let tag = &sheet.report.tags[*index];
                ("tag", sheet.report.plan_of_tag(tag), tag_words(&tag.state))
            }
            BoardRow::Pin(index) => {
                let pin = &sheet.report.pins[*index];
                ("pin", sheet.report.plan_of_pin(pin), pin_words(&pin.state))
            }
            _ => return Line::default(),
        };
        let (mark, role) = match plan {
            Plan::AsPlanned => ("✓", Role::Quiet),
            Plan::NeedsPerson | Plan::Unplanned => ("!", Role::Bad),
            Plan::Unknown => ("?", Role::Look),
        };
        let mut parts = vec![
            self.pointer(selected),
            cell(kind, KIND, self.style(Role::Quiet)),
            cell(name_of(sheet, row), names, self.row_style(selected)),
            cell(&format!("{mark} {words}"), STATE + 2, self.style(role)),
        ];
        let on = |remote: &Remote| cell(&on_remote(sheet, row, *remote), REMOTE, self.style(Role::Plain));
        parts.extend(sheet.watched.asked.urls.keys().map(on));
        line(parts, sheet.columns)
    }

    fn tag_detail(&self, sheet: Sheet<'_>, row: &BoardRow) -> Vec<Line<'static>> {
        let (why, holds): (Option<&String>, &BTreeMap<Remote, Option<bool>>) = match row {
            BoardRow::Tag(index) => {
                let tag = &sheet.report.tags[*index];
                (if let TagState::Unknown(why) = &tag.state { Some(why) } else { None }, &tag.holds_fixes)
            }
            BoardRow::Pin(index) => {
                let pin = &sheet.report.pins[*index];
                (if let PinState::Unknown(why) = &pin.state { Some(why) } else { None }, &pin.holds_fixes)
            }
            _ => return Vec::new(),
        };
        let mut lines = Vec::new();
        if let Some(why) = why {
            lines.extend(self.text(&format!("It could not be looked at: {why}"), Role::Look, 3, sheet.columns));
        }
        for remote in sheet.watched.asked.urls.keys() {
            let fixes = match holds.get(remote) {
                None => "",
                Some(Some(true)) => ", holds every fix",
                Some(Some(false)) => ", lacks a fix",
                Some(None) => ", whether it holds every fix is not known",
            };
            let words = format!("{}{fixes}", in_full(sheet, row, *remote));
            lines.extend(self.told_beside((name(*remote), Role::Quiet), &words, sheet.columns));
        }
        if let BoardRow::Tag(index) = row {
            let tag = &sheet.report.tags[*index];
            if tag.state == TagState::MissingOnCanonical && sheet.report.plan_of_tag(tag) != Plan::AsPlanned {
                lines.extend(sheet.airy.then(Line::default));
                lines.extend(self.way_lines(&ways::of_tag(&sheet.watched.asked, tag), sheet));
            }
        }
        lines
    }
}

fn name_of<'s>(sheet: Sheet<'s>, row: &BoardRow) -> &'s str {
    match row {
        BoardRow::Tag(index) => &sheet.report.tags[*index].name,
        BoardRow::Pin(index) => &sheet.report.pins[*index].branch,
        _ => "",
    }
}

fn tag_words(state: &TagState) -> &'static str {
    match state {
        TagState::Same => "the same",
        TagState::SameCommit => "the same commit",
        TagState::Differs => "another commit",
        TagState::MissingOnCanonical => "only private",
        TagState::MissingOnSecurity => "only public",
        TagState::Unknown(_) => "could not look",
    }
}

fn pin_words(state: &PinState) -> &'static str {
    match state {
        PinState::Same => "the same",
        PinState::Differs => "differs",
        PinState::FileMissing => "file missing",
        PinState::BranchMissing => "branch missing",
        PinState::Unknown(_) => "could not look",
    }
}

fn on_remote(sheet: Sheet<'_>, row: &BoardRow, remote: Remote) -> String {
    match row {
        BoardRow::Tag(index) => match sheet.report.tags[*index].remotes.get(&remote) {
            Some(Some(at)) => at.commit.unwrap_or(at.object).short(),
            Some(None) => "–".to_owned(),
            None => "?".to_owned(),
        },
        _ => in_full(sheet, row, remote),
    }
}

fn in_full(sheet: Sheet<'_>, row: &BoardRow, remote: Remote) -> String {
    match row {
        BoardRow::Tag(index) => match sheet.report.tags[*index].remotes.get(&remote) {
            Some(Some(at)) => at.commit.unwrap_or(at.object).to_string(),
            Some(None) => "has no such tag".to_owned(),
            None => "could not look".to_owned(),
        },
        BoardRow::Pin(index) => match sheet.report.pins[*index].remotes.get(&remote) {
            Some(PinAt::Text(text)) => text.trim().to_owned(),
            Some(PinAt::FileMissing) => "no such file".to_owned(),
            Some(PinAt::BranchMissing) => "no such branch".to_owned(),
            Some(PinAt::Unknown(_)) => "could not look".to_owned(),
            None => "not asked".to_owned(),
        },
        _ => String::new(),
    }
}
