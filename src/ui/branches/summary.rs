//! The branches in a few lines beside the checklist: the worst of them, and what is known of leaks.

use ratatui::text::Line;

use super::age;
use super::table::standing_role;
use crate::app::OpenCase;
use crate::app::board::{Board, Stage};
use crate::divergence::{FixState, Pair, PairState, Report, Role as Remote};
use crate::findings::{Brief, Standing, conflicts, counts_words, name, standings, state_words};
use crate::schedule::ago;
use crate::text::width;
use crate::ui::lines::{cell, line, part, split_line};
use crate::ui::summaries::Summary;
use crate::ui::{Role, Screen};

/// Branches that are told; what is known of leaks comes below them.
const WORST: usize = 3;
/// Columns of the name of a branch, at most.
const NAMES: usize = 24;

/// A branch of some component, and how it stands.
struct Worst {
    name: String,
    standing: Standing,
    words: String,
}

impl Screen<'_> {
    /// On one line the age stands behind what is known of leaks.
    pub(in crate::ui) fn branches_summary(&self, open: &OpenCase, columns: usize, on_one_line: bool) -> Summary {
        let board = &open.board;
        let asked: Vec<_> = board.watched.iter().map(|watched| watched.asked.clone()).collect();
        let brief = Brief::of(&asked, &board.looks);
        let title = "2 Branches".to_owned();
        let looks = board.watched.iter().any(|watched| watched.stage != Stage::Resting);
        let (sum, age_only) = match brief.at {
            _ if looks => ("looking".to_owned(), "looking".to_owned()),
            Some(at) => (format!("looked {}", ago(at, self.app.now)), age(at, self.app.now)),
            None => (brief.words(), brief.words()),
        };
        if brief.not_looked == brief.components {
            return Summary { title, sum, empty: true, ..Summary::default() };
        }
        let worst = worst(board, brief.components > 1);
        let first = worst.first().filter(|one| one.standing < Standing::Lags);
        let (leak, seen) = brief.leak_words();
        let short =
            first.map_or_else(|| brief.words(), |one| format!("{} {}: {}", one.standing.mark(), one.name, one.words));
        let mut lines: Vec<Line<'static>> = worst.iter().map(|one| self.worst_line(one, columns)).collect();
        let (mark, role) = match brief.clear {
            _ if brief.leaks > 0 => ("✗", Role::Bad),
            Some(_) => (" ", Role::Plain),
            None => ("?", Role::Look),
        };
        let parts = vec![
            part(&format!("   {mark} "), self.style(role)),
            part(&format!("{leak}   "), self.style(role)),
            part(&seen, self.style(Role::Quiet)),
        ];
        lines.push(line(parts, columns.saturating_sub(1)));
        let sum =
            if on_one_line && first.is_some() && brief.clear.is_some() { format!("{leak}, {age_only}") } else { sum };
        Summary { title, short, sum, lines, ..Summary::default() }
    }

    fn worst_line(&self, one: &Worst, columns: usize) -> Line<'static> {
        let (mark, planned) = match one.standing {
            standing if standing < Standing::Lags => (standing.mark(), ""),
            _ => (" ", "as planned "),
        };
        let names = (width(&one.name) + 2).clamp(16, NAMES);
        let left = vec![
            part(&format!("   {mark} "), self.style(standing_role(one.standing))),
            cell(&one.name, names, self.style(Role::Plain)),
            part(&one.words, self.style(Role::Plain)),
        ];
        split_line(left, vec![part(planned, self.style(Role::Quiet))], columns)
    }
}

/// The worst branches of all components.
fn worst(board: &Board, several: bool) -> Vec<Worst> {
    let of_component = |index: usize| {
        let watched = &board.watched[index];
        let report = board.report(index);
        let of = move |report| {
            standings(&watched.asked, report).into_iter().map(move |(at, standing)| (standing, index, at))
        };
        report.into_iter().flat_map(of).take(WORST).collect::<Vec<_>>()
    };
    let mut all: Vec<(Standing, usize, usize)> = (0..board.watched.len()).flat_map(of_component).collect();
    all.sort_by_key(|(standing, ..)| *standing);
    all.truncate(WORST);
    let told = |(standing, index, at): (Standing, usize, usize)| {
        let report = board.report(index)?;
        let pair = report.pairs.get(at)?;
        let component = if several { format!("{}: ", board.watched[index].asked.name) } else { String::new() };
        let name = format!("{component}{}", pair.branch);
        Some(Worst { name, standing, words: words(board, index, report, pair, standing) })
    };
    all.into_iter().filter_map(told).collect()
}

/// What is to be known of a branch, in a few words.
fn words(board: &Board, component: usize, report: &Report, pair: &Pair, standing: Standing) -> String {
    match standing {
        Standing::Leak => "shows what must not be public".to_owned(),
        Standing::Conflict => match conflicts(pair).len() {
            1 => "conflict in 1 file".to_owned(),
            files => format!("conflict in {files} files"),
        },
        Standing::Unknown => match &pair.state {
            PairState::Unknown(why) => format!("could not look: {why}"),
            _ => "a fix could not be looked for".to_owned(),
        },
        Standing::Lacking => {
            let lacks = |fix: &crate::divergence::FixRow| {
                fix.branches.get(&pair.branch).and_then(|row| row.get(&Remote::Security)) == Some(&FixState::Absent)
            };
            let fix = report.fixes.iter().position(lacks).unwrap_or(0);
            format!("{} is missing on {}", board.fix_name_of(component, fix), name(Remote::Security))
        }
        Standing::Unplanned(what) if matches!(pair.state, PairState::Equal) => format!("a fix is {what}"),
        Standing::Unplanned(_) => format!("{}, not planned", state_words(pair)),
        _ => counts_words(pair),
    }
}
