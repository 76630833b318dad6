//! The commits that one side of a branch has and the other lacks, with the fixes among them.

use ratatui::text::Line;

use super::branch::NAMES;
use super::{Sheet, age};
use crate::app::board::scan::Commit;
use crate::divergence::{FixState, Oid, Pair, PairState, Role as Remote};
use crate::findings::name;
use crate::text::width;
use crate::ui::lines::{cell, column, line, part};
use crate::ui::{Role, Screen};

/// Digits of a commit.
const ID: usize = 11;
/// Columns of what a fix is called.
const FIX: usize = 4;
/// The fewest columns of what a commit does.
const SUBJECT: usize = 24;
const AUTHOR: usize = 16;
const AGE: usize = 7;
/// From this width on the author is told.
const WITH_AUTHOR: usize = 100;

impl Screen<'_> {
    pub(super) fn sides(&self, sheet: Sheet<'_>, pair: &Pair, most: usize) -> Vec<Line<'static>> {
        let Some((ahead, behind)) = pair.counts.filter(|counts| *counts != (0, 0)) else { return Vec::new() };
        if matches!(pair.state, PairState::Unrelated) {
            return Vec::new();
        }
        let say = |text: &str| self.text(text, Role::Quiet, 3, sheet.columns);
        let commits = match sheet.board.sides_of(&sheet.watched.asked, pair).map(|sides| &sides.commits) {
            None if sheet.board.asked_sides.is_some() => return say("reading the commits"),
            None => return Vec::new(),
            Some(Err(why)) => return say(&format!("the commits could not be read: {why}")),
            Some(Ok(commits)) => commits,
        };
        let sides = [(pair.a, ahead, commits[0].as_slice()), (pair.b, behind, commits[1].as_slice())];
        let sides = sides.into_iter().filter(|(_, count, _)| *count > 0);
        let all = commits.iter().flat_map(|commits| commits.iter().take(most));
        let longest = all.map(|commit| width(&commit.subject)).max().unwrap_or(0).max(SUBJECT);
        let lines = |(remote, count, commits)| self.side_lines(sheet, pair, (remote, count, commits), (most, longest));
        sides.flat_map(lines).collect()
    }

    fn side_lines(
        &self,
        sheet: Sheet<'_>,
        pair: &Pair,
        (remote, count, commits): (Remote, u32, &[Commit]),
        (most, longest): (usize, usize),
    ) -> Vec<Line<'static>> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        // One more takes the place of the line that would only count it.
        let most = if count == most.saturating_add(1) { count } else { most };
        let row = |(index, commit): (usize, &Commit)| {
            let head = if index == 0 { format!("   {} +{count}", name(remote)) } else { String::new() };
            self.commit(sheet, (&head, longest), commit, fix_of(sheet, pair, remote, commit.id))
        };
        let mut lines: Vec<Line<'static>> = commits.iter().take(most).enumerate().map(row).collect();
        lines.extend(self.more(count.saturating_sub(lines.len()), sheet.columns));
        lines
    }

    fn commit(
        &self,
        sheet: Sheet<'_>,
        (head, longest): (&str, usize),
        commit: &Commit,
        fix: Option<String>,
    ) -> Line<'static> {
        let with_author = sheet.columns >= WITH_AUTHOR;
        let author = if with_author { AUTHOR } else { 0 };
        let used = NAMES + 2 + ID + FIX + author + AGE;
        // Lines are easier to follow where the author stands right behind the longest.
        let subject = sheet.columns.saturating_sub(used).min(longest + 2);
        let mut parts = vec![
            column(head, NAMES + 2, self.style(Role::Quiet)),
            column(&commit.id.short(), ID, self.style(Role::Quiet)),
            cell(&fix.unwrap_or_default(), FIX, self.style(Role::Strong)),
            cell(&commit.subject, subject, self.style(Role::Plain)),
        ];
        parts.extend(with_author.then(|| cell(&commit.author, AUTHOR, self.style(Role::Quiet))));
        parts.push(part(&age(commit.at, self.app.now), self.style(Role::Quiet)));
        line(parts, sheet.columns)
    }
}

/// What the fix is called that a commit is, or brings to this branch.
fn fix_of(sheet: Sheet<'_>, pair: &Pair, remote: Remote, commit: Oid) -> Option<String> {
    let is_it = |fix: &crate::divergence::FixRow| {
        let state = fix.branches.get(&pair.branch).and_then(|row| row.get(&remote));
        let landed = match state {
            Some(FixState::ById(oid) | FixState::ByPatch(oid) | FixState::ByTrailer(oid) | FixState::Reverted(oid)) => {
                Some(*oid)
            }
            _ => None,
        };
        fix.commit == commit || landed == Some(commit)
    };
    sheet.report.fixes.iter().position(is_it).map(|index| sheet.board.fix_name(index))
}
