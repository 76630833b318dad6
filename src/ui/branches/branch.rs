//! One branch: what differs, which paths conflict, the commits of each side, and what to do.

use ratatui::text::Line;

use super::Sheet;
use super::table::looked_at;
use crate::app::board::BoardRow;
use crate::divergence::{Pair, PairState};
use crate::findings::{Standing, conflicts, fix_told, name, told, way_of};
use crate::text::width;
use crate::ui::lines::{column, line, part};
use crate::ui::{Role, Screen};

/// Columns of a path before what was done to it.
const PATHS: (usize, usize) = (20, 60);
/// Columns before what is told of a branch.
pub(super) const NAMES: usize = 13;

impl Screen<'_> {
    /// The branch under the cursor on the whole body, with all of its commits.
    pub(super) fn opened(&self, sheet: Sheet<'_>) -> Option<Vec<Line<'static>>> {
        let BoardRow::Branch(index, standing) = sheet.board.row(sheet.filter)? else { return None };
        let pair = sheet.report.pairs.get(index)?;
        let mut lines = vec![self.headed(&pair.branch, sheet.columns)];
        lines.extend(self.branch_detail(sheet, pair, standing, usize::MAX));
        let fixes = self.fixes_of_branch(sheet, pair);
        if !fixes.is_empty() {
            lines.push(Line::default());
            lines.extend(fixes);
        }
        Some(lines)
    }

    /// What is to be known of a branch, with so many commits of each side.
    pub(super) fn branch_detail(
        &self,
        sheet: Sheet<'_>,
        pair: &Pair,
        standing: Standing,
        commits: usize,
    ) -> Vec<Line<'static>> {
        let blocks = [
            self.what_differs(sheet, pair, standing),
            self.conflicting(sheet, pair, commits),
            self.sides(sheet, pair, commits),
            self.what_to_do(sheet, pair, standing),
        ];
        let mut lines: Vec<Line<'static>> = Vec::new();
        for block in blocks.into_iter().filter(|block| !block.is_empty()) {
            if sheet.airy && !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.extend(block);
        }
        lines
    }

    fn what_differs(&self, sheet: Sheet<'_>, pair: &Pair, standing: Standing) -> Vec<Line<'static>> {
        let mut text = told(pair, self.reader(sheet.case));
        if matches!(pair.state, PairState::Unknown(_)) {
            let seen = sheet.watched.whole.as_ref().and_then(|whole| {
                let before = whole.pairs.iter().find(|known| known.branch == pair.branch)?;
                let at = self.reader(None).clock(looked_at(whole, pair)?);
                Some(format!(" Last seen {at}: {}.", crate::findings::counts_words(before)))
            });
            text = format!("{text}{} {}.", seen.unwrap_or_default(), self.again(sheet.watched));
        }
        for (index, fix) in sheet.report.fixes.iter().enumerate() {
            let Some(row) = fix.branches.get(&pair.branch) else { continue };
            let said = |state: &crate::divergence::FixState| match standing {
                // Where the branch itself could not be looked at, that is why.
                Standing::Unknown => state.is_there().is_none() && !matches!(pair.state, PairState::Unknown(_)),
                Standing::Lacking => *state == crate::divergence::FixState::Absent,
                Standing::Unplanned(_) => matches!(state, crate::divergence::FixState::Reverted(_)),
                _ => false,
            };
            for (remote, state) in row
                .iter()
                .filter(|(remote, state)| said(state) && !(remote.is_public() && standing == Standing::Lacking))
            {
                text = format!("{text} {} on {}: {}.", sheet.board.fix_name(index), name(*remote), fix_told(state));
            }
        }
        self.text(&text, Role::Plain, 3, sheet.columns)
    }

    fn conflicting(&self, sheet: Sheet<'_>, pair: &Pair, most: usize) -> Vec<Line<'static>> {
        let paths = conflicts(pair);
        let longest = paths.iter().map(|(path, _)| width(path)).max().unwrap_or(0);
        let room = (longest + 3).clamp(PATHS.0, PATHS.1).min(sheet.columns / 2);
        let row = |(index, (path, kind)): (usize, &(String, &'static str))| {
            let name = if index == 0 { "   conflict" } else { "" };
            let parts = vec![
                column(name, NAMES + 2, self.style(Role::Bad)),
                column(path, room, self.style(Role::Plain)),
                part(&format!("  {kind}"), self.style(Role::Plain)),
            ];
            line(parts, sheet.columns)
        };
        let mut lines: Vec<Line<'static>> = paths.iter().take(most).enumerate().map(row).collect();
        lines.extend(self.more(paths.len().saturating_sub(most), sheet.columns));
        lines
    }

    /// «3 more», below a list that was cut.
    pub(super) fn more(&self, count: usize, columns: usize) -> Option<Line<'static>> {
        let text = format!("{}{count} more", " ".repeat(NAMES + 2));
        (count > 0).then(|| line(vec![part(&text, self.style(Role::Quiet))], columns))
    }

    fn what_to_do(&self, sheet: Sheet<'_>, pair: &Pair, standing: Standing) -> Vec<Line<'static>> {
        let way = way_of(&sheet.watched.asked, sheet.report, pair, standing, sheet.case);
        way.map(|way| self.way_lines(&way, sheet)).unwrap_or_default()
    }

    /// Each fix on each remote, with how it was recognised.
    fn fixes_of_branch(&self, sheet: Sheet<'_>, pair: &Pair) -> Vec<Line<'static>> {
        let of_fix = |(index, fix): (usize, &crate::divergence::FixRow)| {
            let label = sheet.board.fix_name(index);
            let rows = fix.branches.get(&pair.branch).into_iter().flatten().enumerate();
            let row = |(at, (remote, state)): (usize, (&crate::divergence::Role, &crate::divergence::FixState))| {
                let first = if at == 0 { label.as_str() } else { "" };
                self.told_beside(
                    (first, Role::Strong),
                    &format!("{}: {}", name(*remote), fix_told(state)),
                    sheet.columns,
                )
            };
            rows.flat_map(row).collect::<Vec<_>>()
        };
        sheet.report.fixes.iter().enumerate().flat_map(of_fix).collect()
    }
}
