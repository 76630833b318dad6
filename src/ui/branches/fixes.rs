//! Fixes × branches × remotes, in words; and where no fix is named, the commits that may be one.

use ratatui::text::Line;

use super::{Sheet, View, age};
use crate::app::board::BoardRow;
use crate::divergence::{FixState, Role as Remote};
use crate::findings::{fix_sign, fix_told, fix_words, name};
use crate::text::width;
use crate::ui::lines::{cell, line, part};
use crate::ui::{Mark, Role, Screen};

const FIX: usize = 6;
const NAMES: (usize, usize) = (12, 40);
const STATE: usize = 18;

impl Screen<'_> {
    pub(super) fn fixes_view<'v>(&'v self, sheet: Sheet<'v>) -> View<'v> {
        let rows = sheet.board.rows(sheet.filter);
        let cursor = sheet.board.place(&rows);
        let remotes: Vec<Remote> = sheet.watched.asked.urls.keys().copied().collect();
        let longest = rows.iter().map(|row| if let BoardRow::Fix(_, branch) = row { width(branch) } else { 0 }).max();
        let names = (longest.unwrap_or(0) + 2).clamp(NAMES.0, NAMES.1);
        let is_offer = matches!(rows.first(), Some(BoardRow::Offered(_)));
        let heads = if is_offer { self.offer_heads(sheet) } else { self.fix_heads(sheet, &remotes, names) };
        let (about, detail) = match rows.get(cursor) {
            Some(BoardRow::Fix(index, branch)) => self.fix_detail(sheet, *index, branch),
            Some(BoardRow::Offered(index)) => self.offered_detail(sheet, *index),
            _ => (String::new(), Vec::new()),
        };
        let empty = self.no_fixes(sheet);
        let count = rows.len();
        let row = move |index: usize| match &rows[index] {
            BoardRow::Fix(fix, branch) => self.fix_row(sheet, *fix, branch, (&remotes, names), index == cursor),
            BoardRow::Offered(offered) => self.offered_row(sheet, *offered, index == cursor),
            _ => Line::default(),
        };
        View { heads, count, cursor, row: Box::new(row), legend: None, about, detail, empty }
    }

    fn no_fixes(&self, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let is_seen = |role| sheet.report.looked_at.iter().any(|looked| looked.remote == role);
        let text = if !sheet.report.fixes.is_empty() {
            "Nothing fits: Esc shows all again."
        } else if !is_seen(Remote::Security) || !is_seen(Remote::Canonical) {
            "No fix is named, and it could not be looked at what private main has and public main lacks. «fixlead case fix» names any commit."
        } else {
            "No fix is named, and there is no commit on private main that public main lacks. Once the fix is committed there, r offers it; \
             «fixlead case fix» names any other commit."
        };
        self.text(text, Role::Plain, 3, sheet.columns)
    }

    fn fix_heads(&self, sheet: Sheet<'_>, remotes: &[Remote], names: usize) -> Vec<Line<'static>> {
        let quiet = self.style(Role::Quiet);
        let mut parts = vec![part("   ", quiet), cell("fix", FIX, quiet), cell("branch", names, quiet)];
        parts.extend(remotes.iter().map(|remote| cell(name(*remote), STATE, quiet)));
        vec![line(parts, sheet.columns)]
    }

    fn fix_row(
        &self,
        sheet: Sheet<'_>,
        fix: usize,
        branch: &str,
        (remotes, names): (&[Remote], usize),
        selected: bool,
    ) -> Line<'static> {
        let states = sheet.report.fixes[fix].branches.get(branch);
        let mut parts = vec![
            self.pointer(selected),
            cell(&sheet.board.fix_name(fix), FIX, self.style(Role::Strong)),
            cell(branch, names, self.row_style(selected)),
        ];
        parts.extend(remotes.iter().map(|remote| match states.and_then(|row| row.get(remote)) {
            Some(state) => {
                let role = match state {
                    FixState::Reverted(_) => Role::Bad,
                    FixState::Unknown(_) => Role::Look,
                    FixState::Absent => Role::Quiet,
                    _ => Role::Plain,
                };
                cell(&format!("{} {}", fix_sign(state), fix_words(state)), STATE, self.style(role))
            }
            None => cell("", STATE, self.style(Role::Plain)),
        }));
        line(parts, sheet.columns)
    }

    fn fix_detail(&self, sheet: Sheet<'_>, index: usize, branch: &str) -> (String, Vec<Line<'static>>) {
        let fix = &sheet.report.fixes[index];
        let subject = fix.subject.as_deref().unwrap_or("its message was not read");
        let mut lines = self.text(&format!("{}  {subject}", fix.commit.short()), Role::Strong, 3, sheet.columns);
        if sheet.airy {
            lines.push(Line::default());
        }
        for (remote, state) in fix.branches.get(branch).into_iter().flatten() {
            lines.extend(self.told_beside((name(*remote), Role::Quiet), &fix_told(state), sheet.columns));
        }
        (format!("{} on {branch}", sheet.board.fix_name(index)), lines)
    }

    fn offer_heads(&self, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let text = "No fix is named yet. These commits are on private main and not on public main: Space picks those that are the \
                    fixes, Enter names them F1, F2 …";
        let mut lines = self.text(text, Role::Plain, 3, sheet.columns);
        lines.extend(sheet.airy.then(Line::default));
        lines
    }

    fn offered_row(&self, sheet: Sheet<'_>, index: usize, selected: bool) -> Line<'static> {
        let offered = &sheet.report.offered[index];
        let picked = sheet.board.picked.contains(&offered.commit);
        let mark = if picked { self.mark(Mark::Done) } else { self.mark(Mark::Open) };
        let parts = vec![
            self.pointer(selected),
            cell(mark, 3, self.style(if picked { Role::Strong } else { Role::Quiet })),
            cell(&offered.commit.short(), 12, self.style(Role::Quiet)),
            part(&offered.subject, self.row_style(selected)),
        ];
        line(parts, sheet.columns)
    }

    fn offered_detail(&self, sheet: Sheet<'_>, index: usize) -> (String, Vec<Line<'static>>) {
        let offered = &sheet.report.offered[index];
        let at = sheet.report.looked_at.iter().map(|looked| looked.at).min();
        let at = at.map(|at| format!(", looked at {} ago", age(at, self.app.now))).unwrap_or_default();
        let lines = self.text(&offered.subject, Role::Plain, 3, sheet.columns);
        (format!("{}{at}", offered.commit), lines)
    }
}
