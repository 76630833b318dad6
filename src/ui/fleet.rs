//! The fleet: a row for each component that needs a person, one line for all the rest, and the component under the cursor in
//! more words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::branches::Shown;
use super::lines::{Part, cell, column, first_row, line, part, split_line, take_bottom, take_top};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::board::{Stage, Watched};
use crate::app::fleet::{EXAMPLE, Fleet, FleetRow, Folded, Rank};
use crate::app::message::Unwatched;
use crate::divergence::Expected;
use crate::findings::{Finding, Reader, Way, Weight, well};
use crate::text::{cut, displayable, width, wrap};

/// Columns of the names: as many as the longest takes, within these.
const NAMES: (usize, usize) = (10, 24);
/// Columns of the word for what is wrong.
const ABOUT: usize = 13;
/// From this height on there is room for the component under the cursor.
const WITH_DETAIL: u16 = 12;
/// Below this width the sign alone says what is wrong.
const NARROW: usize = 60;
/// From this width on the header says everything.
const WIDE: usize = 110;

impl Screen<'_> {
    pub(super) fn fleet(&self, frame: &mut Frame<'_>, area: Rect) {
        let fleet = &self.app.fleet;
        if fleet.watch.is_none() {
            let text = self.unwatched(fleet, usize::from(area.width));
            return frame.render_widget(Rows::new(text), area);
        }
        let lower = if area.height >= WITH_DETAIL { area.height * 2 / 5 } else { 0 };
        let (lower, list) = take_bottom(area, lower);
        self.fleet_rows(frame, list, fleet);
        if lower.height > 0 {
            let mut lines = self.fleet_detail(fleet, usize::from(area.width));
            let room = usize::from(lower.height);
            if lines.len() > room {
                lines.truncate(room);
                lines[room - 1] = line(vec![part("   …", self.style(Role::Quiet))], usize::from(area.width));
            }
            frame.render_widget(Rows::new(lines), lower);
        }
    }

    /// The branches of a component in place of the list.
    pub(super) fn component(&self, frame: &mut Frame<'_>, area: Rect) {
        let Fleet { board, branch_filter, .. } = &self.app.fleet;
        self.board(frame, area, &Shown { board, title: "Branches", filter: branch_filter, case: None });
    }

    /// The first row: how many, what is planned for all of them, and how the looks stand.
    pub(super) fn fleet_line(&self, columns: usize) -> Line<'static> {
        let fleet = &self.app.fleet;
        let Some(watch) = &fleet.watch else {
            return line(vec![part(" Fleet", self.style(Role::Strong))], columns);
        };
        let count = match (watch.rows.len(), columns >= WIDE) {
            (1, _) => "1 component".to_owned(),
            (count, true) => format!("{count} components"),
            (count, false) => count.to_string(),
        };
        let mut left =
            vec![part(" Fleet", self.style(Role::Strong)), part(&format!("   {count}"), self.style(Role::Plain))];
        if let Some(planned) = watch.planned {
            let until = planned.until.map(|until| self.short_instant(until));
            let until =
                until.map(|until| if columns >= WIDE { until } else { until.trim_end_matches(" UTC").to_owned() });
            let comma = if columns >= WIDE { "," } else { "" };
            let until = until.map(|until| format!("{comma} until {until}")).unwrap_or_default();
            let words = format!("{}{until}", expected_words(planned.expected));
            let head = if columns >= WIDE { "expected: " } else { "" };
            let (words, role) = if planned.holds(self.app.now) {
                (format!("   {head}{words}"), Role::Plain)
            } else {
                (format!("   {head}{words}, which is over"), Role::Look)
            };
            left.push(part(&words, self.style(role)));
        }
        split_line(left, self.freshness(fleet), columns)
    }

    /// «36 of 40 fresh, 1 failing», and while looks go on «looked at 120 of 300».
    fn freshness(&self, fleet: &Fleet) -> Vec<Part> {
        let looks = fleet.freshness(self.app.now);
        let words = match looks.pending {
            0 => format!("{} of {} fresh", looks.fresh, looks.all),
            pending => format!("looked at {} of {}", looks.all - pending, looks.all),
        };
        let mut parts = vec![part(&words, self.style(Role::Quiet))];
        parts
            .extend((looks.failing > 0).then(|| part(&format!(", {} failing", looks.failing), self.style(Role::Look))));
        parts.push(part(" ", self.style(Role::Plain)));
        parts
    }

    /// The alarm row, for as long as anything is public that must not be.
    pub(super) fn fleet_alarm(&self, columns: usize) -> Option<Line<'static>> {
        let (component, words) = self.app.leak_of_fleet()?;
        let style = self.style(Role::Alarm);
        let left = vec![part(&format!(" LEAK  {component}: {words}"), style)];
        Some(split_line(left, vec![part("! to its case ", style)], columns).style(style))
    }

    fn fleet_rows(&self, frame: &mut Frame<'_>, area: Rect, fleet: &Fleet) {
        let columns = usize::from(area.width);
        let rows = fleet.rows();
        if rows.is_empty() {
            let hint = "Nothing fits: Esc shows all again.";
            return frame.render_widget(Rows::new(self.text(hint, Role::Plain, 1, columns)), area);
        }
        let (_, list) = take_top(area, u16::from(area.height > 6));
        let room = usize::from(list.height);
        let cursor = fleet.place(&rows);
        let first = first_row(cursor, rows.len(), room);
        let names = fleet.board.watched.iter().map(|watched| width(&watched.asked.name)).max().unwrap_or_default();
        let names = names.clamp(NAMES.0, if columns < WIDE { NAMES.1 * 2 / 3 } else { NAMES.1 });
        let in_sight = rows.iter().enumerate().skip(first).take(room);
        let drawn = in_sight.map(|(at, row)| match row {
            FleetRow::Component(component) => self.fleet_row(fleet, *component, at == cursor, (names, columns)),
            FleetRow::Fold => self.fold_row(fleet, at == cursor, columns),
        });
        frame.render_widget(Rows::new(drawn.collect()), list);
        self.row_targets(list, (first..rows.len()).map(Some));
    }

    fn fleet_row(
        &self,
        fleet: &Fleet,
        component: usize,
        selected: bool,
        (names, columns): (usize, usize),
    ) -> Line<'static> {
        let (judged, watched) = (&fleet.judged[component], &fleet.board.watched[component]);
        let role = rank_role(judged.rank);
        let word = match judged.rank {
            Rank::AsPlanned => "as planned",
            Rank::Unseen => "not seen",
            _ => judged.about,
        };
        let mark = self.in_ascii(judged.rank.mark());
        let when = self.looked_when(watched);
        let tries = if judged.rank == Rank::Unknown { self.tries(watched) } else { String::new() };
        let about = if columns < NARROW { 0 } else { ABOUT };
        let room = columns.saturating_sub(about + names + width(&when) + 9);
        // When it is tried next is told however long the cause is, where there is room for both.
        let tries = if room > 2 * width(&tries) { tries } else { String::new() };
        let room = room.saturating_sub(width(&tries));
        let left = vec![
            self.pointer(selected),
            part(&format!("{mark} "), self.style(role)),
            cell(word, about, self.style(role)),
            column(&watched.asked.name, names, self.style(if selected { Role::Cursor } else { Role::Strong })),
            part(" ", self.style(Role::Plain)),
            part(&cut(&displayable(&judged.words), room), self.style(Role::Plain)),
            part(&tries, self.style(Role::Plain)),
        ];
        let right = vec![part(&when, self.style(Role::Quiet)), part(" ", self.style(Role::Plain))];
        split_line(left, right, columns)
    }

    /// «, 3rd time, next try 13:09 UTC».
    fn tries(&self, watched: &Watched) -> String {
        let reader = Reader { now: self.app.now, case: None };
        let time = match watched.failures {
            0 | 1 => String::new(),
            2 => ", 2nd time".to_owned(),
            3 => ", 3rd time".to_owned(),
            count => format!(", {count}th time"),
        };
        let next = watched.next.filter(|next| watched.stage == Stage::Resting && *next > self.app.now);
        let next = next.map(|next| format!(", next try {}", reader.clock(next))).unwrap_or_default();
        format!("{time}{next}")
    }

    /// When it was looked at, or how far the look is that goes on. Of what fails: when everything could be seen last.
    fn looked_when(&self, watched: &Watched) -> String {
        match &watched.stage {
            Stage::Looking(progress) => {
                let done = progress.done.map(|(done, of)| format!(" {done}/{of}")).unwrap_or_default();
                let words = if progress.words.is_empty() { "looking" } else { progress.words.as_str() };
                format!("{words}{done}")
            }
            Stage::Waiting if watched.ended.is_none() => "waits".to_owned(),
            _ => {
                let whole = watched.whole.as_ref().map(|report| report.looked_at.iter().map(|seen| seen.at).min());
                let at = if watched.failures > 0 { whole.flatten() } else { watched.ended };
                match (at, watched.failures > 0) {
                    (Some(at), _) => self.short_ago(at),
                    (None, true) => "never seen".to_owned(),
                    (None, false) => String::new(),
                }
            }
        }
    }

    /// All that needs nobody.
    fn fold_row(&self, fleet: &Fleet, selected: bool, columns: usize) -> Line<'static> {
        let Folded { planned, states, unseen } = fleet.folded();
        let states: Vec<String> = states.iter().map(|(state, count)| format!("{state} {count}")).collect();
        let states = if states.is_empty() { String::new() } else { format!(" ({})", states.join(", ")) };
        let not_yet = if columns < WIDE { "not seen yet" } else { "not looked at yet" };
        let unseen = if unseen > 0 { format!("   {unseen} {not_yet}") } else { String::new() };
        let style = self.style(if selected { Role::Cursor } else { Role::Plain });
        let left = vec![
            self.pointer(selected),
            part(&format!("{} ", self.in_ascii("◦")), self.style(Role::Quiet)),
            part(&format!("{planned} as planned{states}"), style),
            part(&unseen, self.style(Role::Look)),
        ];
        let does = if fleet.unfolded { "Enter folds " } else { "Enter shows " };
        split_line(left, vec![part(does, self.style(Role::Quiet))], columns)
    }

    /// What was found of the component under the cursor, and what to do.
    fn fleet_detail(&self, fleet: &Fleet, columns: usize) -> Vec<Line<'static>> {
        let Some(component) = fleet.selected() else { return self.fold_detail(fleet, columns) };
        let watched = &fleet.board.watched[component];
        let mut lines = vec![self.rule_with(&watched.asked.name, columns)];
        let findings = fleet.findings(self.app.now);
        for finding in findings.iter().filter(|finding| finding.weight != Weight::Told) {
            lines.extend(self.finding(finding, columns));
        }
        let reader = Reader { now: self.app.now, case: None };
        match fleet.board.report(component) {
            Some(report) => {
                for words in well(&watched.asked, report, reader) {
                    lines.extend(self.text(&words, Role::Quiet, 3, columns));
                }
            }
            None => lines.extend(self.text("nobody has looked at it yet", Role::Quiet, 3, columns)),
        }
        if let Some(whole) = watched.whole.as_ref().filter(|_| watched.failures > 0) {
            let at = whole.looked_at.iter().map(|seen| seen.at).min();
            let at = at.map(|at| reader.clock(at)).unwrap_or_default();
            let words = crate::findings::outcome_words(whole.outcome());
            lines.extend(self.text(
                &format!("everything could be seen last at {at}: {words}"),
                Role::Quiet,
                3,
                columns,
            ));
        }
        lines
    }

    fn finding(&self, finding: &Finding, columns: usize) -> Vec<Line<'static>> {
        let role = match finding.weight {
            Weight::Leak | Weight::Unplanned => Role::Bad,
            Weight::Unknown | Weight::NeedsPerson => Role::Look,
            Weight::Told => Role::Quiet,
        };
        let room = columns.saturating_sub(ABOUT + 6);
        let mut lines: Vec<Line<'static>> = Vec::new();
        for (at, row) in wrap(&finding.words, room).into_iter().enumerate() {
            let about = if at == 0 { finding.about } else { "" };
            let parts = vec![
                part("   ", self.style(Role::Plain)),
                cell(about, ABOUT, self.style(role)),
                part(&row, self.style(Role::Plain)),
            ];
            lines.push(line(parts, columns));
        }
        let indent = " ".repeat(ABOUT + 3);
        let below = |text: &str, role: Role| line(vec![part(&format!("{indent}{text}"), self.style(role))], columns);
        lines.extend(finding.details.iter().map(|detail| below(detail, Role::Quiet)));
        if let Some(Way { words, commands, .. }) = &finding.way {
            lines.extend(wrap(words, room).iter().map(|row| below(row, Role::Strong)));
            lines.extend(commands.iter().map(|command| below(command, Role::Accent)));
        }
        lines
    }

    /// What was planned and is over, and how the looks go.
    fn fold_detail(&self, fleet: &Fleet, columns: usize) -> Vec<Line<'static>> {
        let mut lines = vec![self.rule_with(&fleet.place, columns)];
        let over = fleet.watch.as_ref().map(|watch| watch.over(self.app.now)).unwrap_or_default();
        lines.extend(over.iter().flat_map(|words| self.text(words, Role::Look, 3, columns)));
        if let Some(why) = &fleet.unwatched {
            lines.extend(self.text(&why.line(&fleet.place), Role::Bad, 3, columns));
        }
        lines
    }

    fn rule_with(&self, name: &str, columns: usize) -> Line<'static> {
        let rule = |text: &str| part(text, self.style(Role::Rule));
        let rest = "─".repeat(columns.saturating_sub(width(name) + 5));
        line(vec![rule(" ─ "), part(&format!("{name} "), self.style(Role::Quiet)), rule(&rest)], columns)
    }

    /// No file yet, or one with faults.
    fn unwatched(&self, fleet: &Fleet, columns: usize) -> Vec<Line<'static>> {
        let mut lines = vec![Line::default()];
        match &fleet.unwatched {
            None => lines.extend(self.text("reading what is watched", Role::Plain, 1, columns)),
            Some(Unwatched::Missing) => {
                lines.extend(self.text("Nothing is watched yet.", Role::Strong, 1, columns));
                lines.push(Line::default());
                let words = format!("Name components in {}, such as", fleet.place);
                lines.extend(self.text(&words, Role::Plain, 1, columns));
                lines.push(Line::default());
                let row = |text: &str| line(vec![part(&format!("   {text}"), self.style(Role::Accent))], columns);
                lines.extend(EXAMPLE.lines().map(row));
                lines.push(Line::default());
                let words = "Each is looked at again and again: what needs you comes first, all the rest is one line.";
                lines.extend(self.text(words, Role::Plain, 1, columns));
                lines.extend(self.text("y copies the example, Enter reads the file again.", Role::Quiet, 1, columns));
            }
            Some(Unwatched::Faulty(faults)) => {
                lines.extend(faults.iter().flat_map(|fault| self.text(fault, Role::Bad, 1, columns)));
                lines.push(Line::default());
                lines.extend(self.text("Mend it, then Enter reads it again.", Role::Quiet, 1, columns));
            }
        }
        lines
    }

    fn in_ascii(&self, mark: &'static str) -> &'static str {
        match mark {
            "✗" => self.mark(Mark::Fail),
            "◦" => self.mark(Mark::Open),
            other => other,
        }
    }
}

fn rank_role(rank: Rank) -> Role {
    match rank {
        Rank::Leak | Rank::Conflict | Rank::Unplanned => Role::Bad,
        Rank::Unknown | Rank::Other => Role::Look,
        Rank::AsPlanned | Rank::Unseen => Role::Quiet,
    }
}

/// Which divergence is planned, in words.
fn expected_words(expected: Expected) -> &'static str {
    match expected {
        Expected::Equal => "equal",
        Expected::PrivateAhead => "private ahead",
        Expected::InSync => "in sync",
    }
}
