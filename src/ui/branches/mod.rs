//! The branches of components: a table, the worst first, and below it what is to be known of the row under the cursor.

mod branch;
mod fixes;
mod leaks;
mod sides;
mod summary;
mod table;
mod tags;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{Part, first_row, line, part, split_line, take_bottom, take_top, total_width};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::OpenCase;
use crate::app::board::{Board, BoardView, Stage, Watched};
use crate::app::command::Command;
use crate::divergence::{Expected, Report};
use crate::findings::{Reader, Way, count};
use crate::schedule::ago;

/// From this height on rows are left blank between what belongs together.
const AIRY: u16 = 22;
/// From this height on the detail stands below the table.
const WITH_DETAIL: u16 = 11;

/// A board, and what of the place where it is shown matters for drawing it.
pub(super) struct Shown<'b> {
    pub(super) board: &'b Board,
    /// Number and name of the pane.
    pub(super) title: &'static str,
    pub(super) filter: &'b str,
    /// The case that it belongs to.
    pub(super) case: Option<&'b str>,
}

/// One view of a component: its table, and what is told of the row under the cursor.
pub(super) struct View<'v> {
    /// The heads of the columns.
    heads: Vec<Line<'static>>,
    count: usize,
    cursor: usize,
    /// Draws a row. Only those in sight are drawn: there can be a thousand branches.
    row: Box<dyn Fn(usize) -> Line<'static> + 'v>,
    /// What the signs mean, where there is room for it.
    legend: Option<Line<'static>>,
    /// What the row under the cursor is called.
    about: String,
    detail: Vec<Line<'static>>,
    /// What is said where there is nothing to list.
    empty: Vec<Line<'static>>,
}

/// A component with its last report, and how much room there is.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'b> {
    board: &'b Board,
    watched: &'b Watched,
    report: &'b Report,
    filter: &'b str,
    case: Option<&'b str>,
    columns: usize,
    /// Rows may be left blank.
    airy: bool,
}

impl Screen<'_> {
    pub(super) fn branches(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let (board, filter, case) = (&open.board, open.filter.as_str(), Some(open.case.record().id.as_str()));
        self.board(frame, area, &Shown { board, title: "2 Branches", filter, case });
    }

    /// The component that a board shows.
    pub(super) fn board(&self, frame: &mut Frame<'_>, area: Rect, shown: &Shown<'_>) {
        let (columns, airy) = (usize::from(area.width), area.height >= AIRY);
        let (head, body) = take_top(area, if airy { 2 } else { 1 });
        frame.render_widget(Rows::one(self.board_title(shown, columns)), head);
        let Some((watched, report)) = shown.board.shown_report() else {
            return frame.render_widget(Rows::new(self.no_report(shown.board, columns)), body);
        };
        let (board, filter, case) = (shown.board, shown.filter, shown.case);
        let sheet = Sheet { board, watched, report, filter, case, columns, airy };
        if board.opened
            && let Some(lines) = self.opened(sheet)
        {
            return self.scrolled(frame, body, lines, board.scroll);
        }
        let view = match board.view {
            BoardView::Branches => self.branch_view(sheet, usize::from(body.height)),
            BoardView::Fixes => self.fixes_view(sheet),
            BoardView::Leaks => self.leaks_view(sheet),
            BoardView::Tags => self.tags_view(sheet),
        };
        self.view(frame, body, view, sheet);
    }

    /// «2 Branches   gateway  1 of 3», and at the right how a look goes, else what is planned now.
    fn board_title(&self, shown: &Shown<'_>, columns: usize) -> Line<'static> {
        let board = shown.board;
        let mut left = vec![part(&format!(" {}", shown.title), self.style(Role::Accent))];
        let Some(watched) = board.shown() else { return line(left, columns) };
        left.push(part(&format!("   {}", watched.asked.name), self.style(Role::Strong)));
        if board.watched.len() > 1 {
            let at = board.component.min(board.watched.len() - 1) + 1;
            left.push(part(&format!("  {at} of {}", board.watched.len()), self.style(Role::Quiet)));
        }
        if board.view != BoardView::Branches {
            let view = BoardView::ALL.iter().find(|(view, _)| *view == board.view).map_or("", |(_, name)| name);
            left.push(part(&format!("   {view}"), self.style(Role::Plain)));
        }
        let room = columns.saturating_sub(total_width(&left) + 4);
        let right = self.under_way(watched).unwrap_or_else(|| {
            let (long, short) = planned_words(watched.asked.expected);
            part(if long.len() <= room { long } else { short }, self.style(Role::Quiet))
        });
        split_line(left, vec![right, part(" ", self.style(Role::Plain))], columns)
    }

    /// How far the look at a component is, in place of what stands there else: nothing moves for it.
    fn under_way(&self, watched: &Watched) -> Option<Part> {
        let words = match &watched.stage {
            Stage::Resting => return None,
            Stage::Waiting => "is looked at soon".to_owned(),
            Stage::Looking(progress) => match progress.done {
                Some((done, all)) => format!("{}  {} of {}", progress.words, grouped(done), grouped(all)),
                None if progress.words.is_empty() => "looking".to_owned(),
                None => progress.words.clone(),
            },
        };
        Some(part(&words, self.style(Role::Plain)))
    }

    /// There is nothing to show of a component yet: why, and what to do.
    fn no_report(&self, board: &Board, columns: usize) -> Vec<Line<'static>> {
        let key = |command| self.app.keys.first(command).map(|key| key.to_string()).unwrap_or_default();
        let text = match board.shown() {
            None => format!(
                "No component yet. {} adds one: where its public and its private repositories are. Then it is looked at.",
                key(Command::New)
            ),
            Some(Watched { stage: Stage::Waiting | Stage::Looking(_), .. }) => {
                "It is looked at now for the first time with these settings.".to_owned()
            }
            Some(watched) if board.looks.iter().any(|look| look.asked.name == watched.asked.name) => {
                format!("Its settings have changed since the last look. {} looks again.", key(Command::Reload))
            }
            Some(_) => format!("Not looked at yet. {} looks.", key(Command::Reload)),
        };
        self.text(&text, Role::Plain, 3, columns)
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>, sheet: Sheet<'_>) {
        let notes = self.notes(sheet);
        let (below, area) = take_bottom(area, height_of(&notes).min(area.height / 4));
        frame.render_widget(Rows::new(notes), below);
        let (heads, area) = take_top(area, height_of(&view.heads));
        frame.render_widget(Rows::new(view.heads), heads);
        if view.count == 0 {
            return frame.render_widget(Rows::new(view.empty), area);
        }
        let with_detail = area.height + heads.height >= WITH_DETAIL;
        // The table is as high for every row: it stands still while the cursor goes through it.
        let most = if with_detail { (area.height * 9 / 20).max(4) } else { area.height };
        let (table, area) = take_top(area, u16::try_from(view.count).unwrap_or(u16::MAX).min(most));
        let first = first_row(view.cursor, view.count, usize::from(table.height));
        let in_sight = first..view.count.min(first + usize::from(table.height));
        frame.render_widget(Rows::new(in_sight.clone().map(|row| (view.row)(row)).collect()), table);
        self.row_targets(table, in_sight.clone().map(Some));
        if !with_detail {
            return;
        }
        let more = view.count - in_sight.len();
        let mut between = Vec::new();
        if more > 0 {
            let text = format!("   {} of {}", count(view.cursor + 1), count(view.count));
            between.push(line(vec![part(&text, self.style(Role::Quiet))], sheet.columns));
        }
        between.extend((more == 0 && area.height > 6).then(Line::default));
        if sheet.airy && area.height >= 14 {
            between.extend(view.legend.into_iter().flat_map(|legend| [legend, Line::default()]));
        }
        between.push(self.headed(&view.about, sheet.columns));
        let (between_area, detail) = take_top(area, height_of(&between));
        frame.render_widget(Rows::new(between), between_area);
        frame.render_widget(Rows::new(view.detail), detail);
    }

    /// What could not be looked at of the component as a whole, and when it is tried again.
    fn notes(&self, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let Some(error) = sheet.report.errors.first() else { return Vec::new() };
        let more = match sheet.report.errors.len() {
            1 => String::new(),
            errors => format!(" and {} more", errors - 1),
        };
        let times = if sheet.watched.failures > 1 {
            format!(", {} times in a row", sheet.watched.failures)
        } else {
            String::new()
        };
        let again = self.again(sheet.watched);
        let text = format!("{}{more}{times}; {again}", error.trim_end_matches('.'));
        self.text(&text, Role::Look, 1, sheet.columns)
    }

    /// «r tries again, by itself at 13:09 UTC».
    fn again(&self, watched: &Watched) -> String {
        let key = self.app.keys.first(Command::Reload).map(|key| key.to_string()).unwrap_or_default();
        let by_itself = watched.next.map(|at| format!(", by itself at {}", self.reader(None).clock(at)));
        format!("{key} tries again{}", by_itself.unwrap_or_default())
    }

    /// A rule with a name in it.
    fn headed(&self, name: &str, columns: usize) -> Line<'static> {
        let name = part(&format!(" {name} "), self.style(Role::Strong));
        let begin = part(" ─", self.style(Role::Rule));
        let rest = columns.saturating_sub(total_width(&[begin.clone(), name.clone()]) + 1);
        line(vec![begin, name, part(&"─".repeat(rest), self.style(Role::Rule))], columns)
    }

    /// Lines that may be more than there is room for; what is below is told on the last row.
    fn scrolled(&self, frame: &mut Frame<'_>, area: Rect, mut lines: Vec<Line<'static>>, scroll: usize) {
        let (room, count) = (usize::from(area.height), lines.len());
        let first = scroll.min(count.saturating_sub(room));
        lines.drain(..first);
        if lines.len() > room && room > 1 {
            let below = lines.len() - room + 1;
            lines.truncate(room - 1);
            let text = format!("   {below} more below, PgDn shows them");
            lines.push(line(vec![part(&text, self.style(Role::Quiet))], usize::from(area.width)));
        }
        frame.render_widget(Rows::new(lines), area);
    }

    fn reader<'r>(&self, case: Option<&'r str>) -> Reader<'r> {
        Reader { now: self.app.now, case }
    }

    /// What to do, and the commands for it; one that makes something public says so above it.
    fn way_lines(&self, way: &Way, sheet: Sheet<'_>) -> Vec<Line<'static>> {
        let entry = |name: &str, role: Role, text: &str| self.told_beside((name, role), text, sheet.columns);
        let mut lines = entry("Do", Role::Quiet, &way.words);
        let exposes = if way.exposes { "This makes something public that is not public yet. " } else { "" };
        if !sheet.airy && !sheet.board.opened && way.commands.len() > 1 {
            let key = self.app.keys.first(Command::Copy).map(|key| key.to_string()).unwrap_or_default();
            let text = format!("{exposes}{} commands, {key} copies them, Enter shows them", way.commands.len());
            lines.extend(entry("Try it", Role::Quiet, &text));
            return lines;
        }
        if way.exposes {
            lines.extend(entry("", Role::Quiet, exposes));
        }
        for (index, command) in way.commands.iter().enumerate() {
            lines.extend(entry(if index == 0 { "Try it" } else { "" }, Role::Quiet, command));
        }
        lines
    }

    /// A name, and what belongs to it beside it.
    fn told_beside(&self, (name, role): (&str, Role), text: &str, columns: usize) -> Vec<Line<'static>> {
        self.beside((&format!("  {name}"), branch::NAMES + 2, role), text, columns)
    }
}

/// Which divergence is planned now, in many words and in few.
fn planned_words(expected: Expected) -> (&'static str, &'static str) {
    match expected {
        Expected::Equal => ("planned now: both sides are equal", "planned: equal"),
        Expected::PrivateAhead => ("planned now: private holds the fixes, public does not", "planned: private ahead"),
        Expected::InSync => ("planned now: public lacks nothing of private", "planned: in sync"),
    }
}

fn grouped(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX))
}

fn height_of(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}

/// «2 min», «3h», «just now»: how long ago it was, its first unit only.
pub(super) fn age(at: jiff::Timestamp, now: jiff::Timestamp) -> String {
    let ago = ago(at, now);
    let ago = ago.trim_end_matches(" ago");
    match ago.split(' ').collect::<Vec<_>>()[..] {
        [first, second] if second.starts_with(|c: char| c.is_ascii_digit()) => first.to_owned(),
        ["just", "now"] => "now".to_owned(),
        _ => ago.to_owned(),
    }
}
