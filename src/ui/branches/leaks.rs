//! What was looked at for leaks, and what was found. Nothing is called clear without how much was looked at, and when.

use ratatui::text::Line;

use super::{Sheet, View};
use crate::app::board::BoardRow;
use crate::divergence::{Leak, Leaks};
use crate::findings::{count, leak_how, name, reference_words, ways};
use crate::schedule::ago;
use crate::ui::lines::{cell, line, part};
use crate::ui::{Mark, Role, Screen};

const FIX: usize = 12;
const WHERE: usize = 40;
const HOW: usize = 16;

impl Screen<'_> {
    pub(super) fn leaks_view<'v>(&'v self, sheet: Sheet<'v>) -> View<'v> {
        let rows = sheet.board.rows(sheet.filter);
        let cursor = sheet.board.place(&rows);
        let found = sheet.report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
        let mut heads = self.seen(sheet);
        if !rows.is_empty() {
            let quiet = self.style(Role::Quiet);
            let names = [("   what", FIX + 3), ("where", WHERE), ("how", HOW), ("commit", 12)];
            heads.push(line(names.iter().map(|(name, columns)| cell(name, *columns, quiet)).collect(), sheet.columns));
        }
        let (about, detail) = match rows.get(cursor) {
            Some(BoardRow::Leak(index)) => self.leak_detail(sheet, &found[*index]),
            _ => (String::new(), Vec::new()),
        };
        let empty = if sheet.filter.is_empty() {
            Vec::new()
        } else {
            self.text("Nothing fits: Esc shows all again.", Role::Plain, 3, sheet.columns)
        };
        let count = rows.len();
        let row = move |index: usize| match &rows[index] {
            BoardRow::Leak(leak) => self.leak_row(sheet, &found[*leak], index == cursor),
            _ => Line::default(),
        };
        View { heads, count, cursor, row: Box::new(row), legend: None, about, detail, empty }
    }

    /// What was looked at and when, and what that comes to.
    fn seen(&self, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let mut lines = self.comes_to(sheet);
        lines.extend(sheet.airy.then(Line::default));
        for looked in &sheet.report.looked_at {
            let searched =
                if looked.remote.is_public() && sheet.report.leaks.is_some() { "; searched for leaks" } else { "" };
            let words = format!(
                "{} refs, looked at {}, {}{searched}",
                count(looked.refs),
                self.reader(None).clock(looked.at),
                ago(looked.at, self.app.now)
            );
            lines.extend(self.told_beside((name(looked.remote), Role::Quiet), &words, sheet.columns));
        }
        if let Some(since) = sheet.report.private_since {
            let words =
                format!("what was private at any look since {} is sought as well", self.reader(None).clock(since));
            lines.extend(self.told_beside(("remembered", Role::Quiet), &words, sheet.columns));
        }
        lines.push(Line::default());
        lines
    }

    fn comes_to(&self, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let mark = |mark: Mark| self.mark(mark);
        let say = |mark: &str, role: Role, text: &str| {
            let mut lines = self.marked(&format!("  {mark}"), role, text, sheet.columns);
            lines.truncate(4);
            lines
        };
        match &sheet.report.leaks {
            None => say(mark(Mark::Unknown), Role::Look, "Nothing is embargoed here, so nothing is sought."),
            Some(Leaks::Looked { refs, found }) if found.is_empty() => {
                let at = sheet.report.looked_at.iter().find(|looked| looked.remote.is_public());
                let at = at.map(|looked| format!(", looked at {}", self.reader(None).clock(looked.at)));
                let words = format!("No leak found in {} refs of public{}.", count(*refs), at.unwrap_or_default());
                say(mark(Mark::Pass), Role::Good, &words)
            }
            Some(Leaks::Looked { refs, found }) => {
                let words =
                    format!("{} of {} refs of public show what must not be public.", count(found.len()), count(*refs));
                say(mark(Mark::Fail), Role::Bad, &words)
            }
            Some(Leaks::Unknown { why, found }) => {
                let found = match found.len() {
                    0 => "Whether anything leaked is not known".to_owned(),
                    found => format!(
                        "{} refs of public show what must not be public; whether more do is not known",
                        count(found)
                    ),
                };
                say(mark(Mark::Unknown), Role::Look, &format!("{found}: {}.", why.trim_end_matches('.')))
            }
        }
    }

    fn leak_row(&self, sheet: Sheet<'_>, leak: &Leak, selected: bool) -> Line<'static> {
        let parts = vec![
            self.pointer(selected),
            cell(&leaked(sheet, leak), FIX, self.style(Role::Bad)),
            cell(&reference_words(&leak.reference), WHERE, self.row_style(selected)),
            cell(leak_how(leak.how), HOW, self.style(Role::Plain)),
            part(&leak.commit.short(), self.style(Role::Quiet)),
        ];
        line(parts, sheet.columns)
    }

    fn leak_detail(&self, sheet: Sheet<'_>, leak: &Leak) -> (String, Vec<Line<'static>>) {
        let fix = sheet.report.fixes.iter().find(|fix| fix.commit == leak.fix);
        let subject = fix.and_then(|fix| fix.subject.as_deref()).map(|subject| format!(" «{subject}»"));
        let was = if fix.is_some() { "" } else { ", which was private at a look before," };
        let text = format!(
            "{}{}{was} is public: {} shows it {}, in {}.",
            leak.fix.short(),
            subject.unwrap_or_default(),
            leak.reference,
            leak_how(leak.how),
            leak.commit.short()
        );
        let mut lines = self.text(&text, Role::Plain, 3, sheet.columns);
        lines.extend(sheet.airy.then(Line::default));
        lines.extend(self.way_lines(&ways::of_leak(&sheet.watched.asked, leak, sheet.case), sheet));
        (reference_words(&leak.reference), lines)
    }
}

/// What a fix is called, or the digits of what was private.
fn leaked(sheet: Sheet<'_>, leak: &Leak) -> String {
    let fix = sheet.report.fixes.iter().position(|fix| fix.commit == leak.fix);
    fix.map_or_else(|| leak.fix.short(), |index| sheet.board.fix_name(index))
}
