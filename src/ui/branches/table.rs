//! The table of the branches: how each stands, what each side has, which fixes are where, and when it was looked at.

use ratatui::text::Line;

use super::{Sheet, View, age};
use crate::app::board::{BoardRow, BoardView};
use crate::divergence::{FixState, Pair, PairState, Report, Role as Remote};
use crate::findings::{FIX_SIGNS, Standing, counts_words, fix_sign, sync_words};
use crate::text::width;
use crate::ui::lines::{Part, cell, column, line, part};
use crate::ui::{Role, Screen};

/// Columns of the mark and the word behind it.
const STANDING: usize = 13;
/// Columns of the pointer.
const POINTER: usize = 3;
/// Columns of a branch: as many as the longest takes, within these.
const NAMES: (usize, usize) = (12, 40);
const SYNC: usize = 20;
const LOOKED: usize = 8;
/// Columns of the sign of one remote.
const SIGN: usize = 3;
/// Columns between one fix and the next.
const GAP: usize = 2;

/// Which columns there are, and how wide.
struct Columns {
    names: usize,
    counts: usize,
    /// The remotes of each fix.
    remotes: Vec<(Remote, &'static str)>,
    /// How many fixes there is room for.
    fixes: usize,
    /// Columns of each fix.
    fix: usize,
    sync: bool,
    looked: bool,
}

impl Screen<'_> {
    pub(super) fn branch_view<'v>(&'v self, sheet: Sheet<'v>, height: usize) -> View<'v> {
        let rows = sheet.board.rows(sheet.filter);
        let cursor = sheet.board.place(&rows);
        let columns = columns_of(sheet, &rows);
        let heads = self.branch_heads(sheet, &columns);
        let (about, detail) = self.detail_below(sheet, &rows, cursor, height);
        let empty = self.no_rows(sheet);
        let legend = (!sheet.report.fixes.is_empty()).then(|| self.signs(&columns, sheet.columns));
        let count = rows.len();
        let row = move |index: usize| self.branch_row(sheet, &columns, &rows[index], index == cursor);
        View { heads, count, cursor, row: Box::new(row), legend, about, detail, empty }
    }

    fn detail_below(
        &self,
        sheet: Sheet<'_>,
        rows: &[BoardRow],
        cursor: usize,
        height: usize,
    ) -> (String, Vec<Line<'static>>) {
        let Some(BoardRow::Branch(index, standing)) = rows.get(cursor) else { return (String::new(), Vec::new()) };
        let pair = &sheet.report.pairs[*index];
        // Half of what is below the table is for the commits of both sides.
        let commits = (height / 7).clamp(1, 12);
        (pair.branch.clone(), self.branch_detail(sheet, pair, *standing, commits))
    }

    fn no_rows(&self, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let text = match (sheet.filter.is_empty(), sheet.report.pairs.is_empty()) {
            (false, false) => "Nothing fits: Esc shows all again.",
            (_, true) if !sheet.report.errors.is_empty() => "No branch could be looked at.",
            _ if sheet.watched.asked.branches.is_empty() => "No branch was found on any side.",
            _ => "No branch fits the patterns of this component.",
        };
        self.text(text, Role::Plain, 3, sheet.columns)
    }

    fn branch_heads(&self, sheet: Sheet<'_>, columns: &Columns) -> Vec<Line<'static>> {
        let quiet = self.style(Role::Quiet);
        let before = POINTER + STANDING;
        let mut first = vec![
            column("", before, quiet),
            cell("branch", columns.names, quiet),
            cell("private / public", columns.counts, quiet),
        ];
        let mut second = vec![column("", before + columns.names + columns.counts, quiet)];
        for index in 0..columns.fixes {
            first.push(cell(&sheet.board.fix_name(index), columns.fix, quiet));
            second.extend(columns.remotes.iter().map(|(_, word)| column(word, SIGN, quiet)));
            second.push(column("", GAP, quiet));
        }
        first.extend(columns.sync.then(|| cell("sync", SYNC, quiet)));
        first.extend(columns.looked.then(|| cell("looked", LOOKED, quiet)));
        let hidden = sheet.report.fixes.len() - columns.fixes;
        first.extend((hidden > 0).then(|| part(&format!("+{hidden} in v"), quiet)));
        let mut heads = vec![line(first, sheet.columns)];
        heads.extend((columns.fixes > 0).then(|| line(second, sheet.columns)));
        heads
    }

    fn branch_row(&self, sheet: Sheet<'_>, columns: &Columns, row: &BoardRow, selected: bool) -> Line<'static> {
        let BoardRow::Branch(index, standing) = row else { return Line::default() };
        let pair = &sheet.report.pairs[*index];
        let role = standing_role(*standing);
        let mut parts = vec![
            self.pointer(selected),
            cell(&format!("{} {}", standing.mark(), standing.word()), STANDING, self.style(role)),
            cell(&pair.branch, columns.names, self.row_style(selected)),
            cell(&counts_words(pair), columns.counts, self.style(Role::Plain)),
        ];
        for fix in sheet.report.fixes.iter().take(columns.fixes) {
            let on_branch = fix.branches.get(&pair.branch);
            for (remote, _) in &columns.remotes {
                let state = on_branch.and_then(|row| row.get(remote));
                parts.push(self.fix_cell(state, *remote, *standing));
            }
            parts.push(column("", GAP, self.style(Role::Plain)));
        }
        if columns.sync {
            let done = *standing == Standing::Done;
            let words = if done { "done".to_owned() } else { sync_words(pair) };
            let role = if matches!(pair.state, PairState::DivergedConflict(_)) { Role::Plain } else { Role::Quiet };
            parts.push(cell(&words, SYNC, self.style(role)));
        }
        if columns.looked {
            parts.push(cell(&self.looked(sheet, pair), LOOKED, self.style(Role::Quiet)));
        }
        line(parts, sheet.columns)
    }

    /// The sign of a fix on one side; coloured only where it is not as planned.
    fn fix_cell(&self, state: Option<&FixState>, remote: Remote, standing: Standing) -> Part {
        let Some(state) = state else { return column("", SIGN, self.style(Role::Plain)) };
        let role = match state {
            FixState::Reverted(_) => Role::Bad,
            FixState::Unknown(_) => Role::Look,
            FixState::Absent if standing == Standing::Lacking && !remote.is_public() => Role::Strong,
            FixState::Absent => Role::Quiet,
            _ => Role::Plain,
        };
        column(fix_sign(state), SIGN, self.style(role))
    }

    /// How long ago both sides of a branch were seen; of one that can't be looked at now, when it last was.
    fn looked(&self, sheet: Sheet<'_>, pair: &Pair) -> String {
        let now = looked_at(sheet.report, pair);
        let before = || sheet.watched.whole.as_ref().and_then(|whole| looked_at(whole, pair));
        let is_unknown = matches!(pair.state, PairState::Unknown(_));
        let at = if is_unknown { before() } else { now.or_else(before) };
        at.map_or_else(|| "never".to_owned(), |at| age(at, self.app.now))
    }

    fn signs(&self, columns: &Columns, room: usize) -> Line<'static> {
        let remotes = columns.remotes.iter().map(|(remote, word)| format!("{word} {}", crate::findings::name(*remote)));
        let signs = FIX_SIGNS.iter().map(|(sign, words)| format!("{sign} {words}"));
        let all: Vec<String> = remotes.chain(signs).collect();
        line(vec![part(&format!("   {}", all.join("   ")), self.style(Role::Quiet))], room)
    }
}

/// When both sides of a branch were looked at: the older of the two.
pub(super) fn looked_at(report: &Report, pair: &Pair) -> Option<jiff::Timestamp> {
    let at = |remote| report.looked_at.iter().filter(|looked| looked.remote == remote).map(|looked| looked.at).min();
    Some(at(pair.a)?.min(at(pair.b)?))
}

/// In which role a standing is shown: red needs a person, yellow was not seen.
pub(in crate::ui) fn standing_role(standing: Standing) -> Role {
    match standing {
        Standing::Leak => Role::Alarm,
        Standing::Conflict | Standing::Unplanned(_) => Role::Bad,
        Standing::Unknown => Role::Look,
        Standing::Lacking | Standing::Lags | Standing::Waits => Role::Plain,
        Standing::Level | Standing::Done => Role::Quiet,
    }
}

fn columns_of(sheet: Sheet<'_>, rows: &[BoardRow]) -> Columns {
    debug_assert_eq!(sheet.board.view, BoardView::Branches);
    let pairs = || {
        rows.iter()
            .filter_map(|row| if let BoardRow::Branch(index, _) = row { sheet.report.pairs.get(*index) } else { None })
    };
    let longest = pairs().map(|pair| width(&pair.branch)).max().unwrap_or(0);
    let counts = pairs().map(|pair| width(&counts_words(pair))).max().unwrap_or(0).max("private / public".len()) + 2;
    let remotes: Vec<(Remote, &'static str)> =
        [(Remote::Security, "pr"), (Remote::Canonical, "pu"), (Remote::Dev, "dv")]
            .into_iter()
            .filter(|(remote, _)| sheet.watched.asked.urls.contains_key(remote))
            .collect();
    let fix = remotes.len() * SIGN + GAP;
    let wanted = sheet.report.fixes.len();
    let room = sheet.columns.saturating_sub(POINTER + STANDING + counts);
    // A name gives way to two fixes; what there is room for beside them comes after.
    let names = (longest + 2).clamp(NAMES.0, NAMES.1).min(room.saturating_sub(wanted.min(2) * fix).max(NAMES.0));
    let mut room = room.saturating_sub(names);
    let mut fixes = wanted.min(2).min(room / fix.max(1));
    room -= fixes * fix;
    let mut take = |columns: usize| {
        let fits = room >= columns;
        room -= if fits { columns } else { 0 };
        fits
    };
    let looked = take(LOOKED);
    let sync = take(SYNC);
    while fixes < wanted && take(fix) {
        fixes += 1;
    }
    // Where a fix is told of in the head only, its words need room.
    Columns { names, counts, remotes, fixes, fix, sync, looked }
}
