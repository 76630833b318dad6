//! Home: the cases by what they need, and the one under the cursor in more words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{Part, column, first_row, line, part, split_line, take_bottom, take_top};
use super::rows::Rows;
use super::{Mark, Role, Screen};
use crate::app::Section;
use crate::app::command::Command;
use crate::app::message::HomeRow;
use crate::case::{Summary, Trouble};
use crate::schedule::countdown;
use crate::text::{displayable, wrap};

/// Rows of the lower part, its head included.
const DETAIL_ROWS: u16 = 11;

/// Columns of the codenames: as many as the longest takes, within these.
const NAMES: (usize, usize) = (17, 21);

impl Screen<'_> {
    pub(super) fn home(&self, frame: &mut Frame<'_>, area: Rect) {
        let columns = usize::from(area.width);
        let notices = self.notices(columns);
        let (above, area) = take_top(area, u16::try_from(notices.len()).unwrap_or(u16::MAX).min(area.height / 2));
        frame.render_widget(Rows::new(notices), above);
        if let Some(error) = &self.app.home.error {
            let text = vec![Line::default(), line(vec![part(&format!(" {error}"), self.style(Role::Bad))], columns)];
            return frame.render_widget(Rows::new(text), area);
        }
        if self.app.home.rows.is_none() {
            return frame.render_widget(Rows::new(self.text("reading the cases", Role::Plain, 1, columns)), area);
        }
        if self.app.home.shown().is_empty() && !self.app.filter().is_empty() {
            let text = self.text("Nothing fits: Esc shows all again.", Role::Plain, 1, columns);
            return frame.render_widget(Rows::new(text), area);
        }
        if self.app.home.shown().is_empty() {
            return frame.render_widget(Rows::new(self.first_run(columns)), area);
        }
        let room = area.height >= DETAIL_ROWS + 6;
        let (lower, list) = take_bottom(area, if room { DETAIL_ROWS } else { 0 });
        self.case_list(frame, list);
        if room && let Some(row) = self.app.home.selected() {
            frame.render_widget(Rows::new(self.selected_case(row, columns)), lower);
        }
    }

    /// What is wrong with the settings, until Esc.
    fn notices(&self, columns: usize) -> Vec<Line<'static>> {
        let mark = self.mark(Mark::Attention);
        let rows = self.app.notices.iter().flat_map(|notice| wrap(&displayable(notice), columns.saturating_sub(4)));
        rows.map(|row| line(vec![part(&format!(" {mark} {row}"), self.style(Role::Look))], columns)).collect()
    }

    fn case_list(&self, frame: &mut Frame<'_>, area: Rect) {
        let columns = usize::from(area.width);
        let mut lines = vec![Line::default()];
        let mut rows = Vec::new();
        let mut last: Option<Section> = None;
        let longest = self.app.home.shown().iter().map(|(_, row)| crate::text::width(&row.id)).max();
        let names = longest.unwrap_or_default().clamp(NAMES.0, NAMES.1);
        for (index, (section, row)) in self.app.home.shown().into_iter().enumerate() {
            if last != Some(section) {
                if last.is_some() {
                    lines.push(Line::default());
                }
                lines.push(line(vec![part(&format!(" {}", section.title()), self.style(Role::Strong))], columns));
                last = Some(section);
            }
            rows.resize(lines.len(), None);
            rows.push(Some(index));
            lines.push(self.case_row(row, section, index == self.app.home.cursor, (names, columns)));
        }
        let room = usize::from(area.height);
        let cursor_line = rows.iter().position(|row| *row == Some(self.app.home.cursor)).unwrap_or(0);
        let first = first_row(cursor_line, lines.len(), room);
        let shown: Vec<Line<'static>> = lines.into_iter().skip(first).take(room).collect();
        frame.render_widget(Rows::new(shown), area);
        self.row_targets(area, rows.into_iter().skip(first));
    }

    fn case_row(
        &self,
        row: &HomeRow,
        section: Section,
        selected: bool,
        (names, columns): (usize, usize),
    ) -> Line<'static> {
        let cursor = if selected { self.mark(Mark::Cursor) } else { " " };
        let name_style = self.style(if selected { Role::Cursor } else { Role::Strong });
        let Ok(summary) = &row.summary else {
            let why = row.summary.as_ref().err().cloned().unwrap_or_default();
            let parts = vec![
                part(&format!(" {cursor} "), self.style(Role::Plain)),
                column(&row.id, names + 1, name_style),
                part(&format!(" {why}"), self.style(Role::Bad)),
            ];
            return line(parts, columns);
        };
        let item = if section == Section::Waiting { summary.waiting.as_ref() } else { summary.next.as_ref() };
        let due = item.map(crate::case::SummaryItem::due);
        let late = due.is_some_and(|due| due.is_late(self.app.now));
        let attention = if late || summary.leak { self.mark(Mark::Attention) } else { " " };
        let mut left = vec![
            part(if selected { " " } else { "" }, self.style(Role::Plain)),
            part(&if selected { format!("{cursor} ") } else { format!(" {attention} ") }, self.style(Role::Plain)),
            column(&summary.id, names, name_style),
            part(" ", self.style(Role::Plain)),
        ];
        if columns >= 100 {
            let room = if columns >= 120 { 38 } else { 24 };
            left.push(column(&summary.process, room, self.style(Role::Plain)));
            left.push(part(" ", self.style(Role::Plain)));
        }
        // Where there is room for one of them only, what is next says more than the state.
        if columns >= 60 {
            left.push(column(summary.state.shown(), 10, self.style(Self::state_role(summary.state))));
        }
        if row.trouble.is_some() {
            left.push(part("undecided   ", self.style(Role::Look)));
        }
        let title = item.map_or_else(|| "nothing is open".to_owned(), |item| item.title.clone());
        left.push(part(&title, self.style(Role::Plain)));
        split_line(left, vec![self.when_of(summary, section), part(" ", self.style(Role::Plain))], columns)
    }

    fn when_of(&self, summary: &Summary, section: Section) -> Part {
        let item = if section == Section::Waiting { &summary.waiting } else { &summary.next };
        match item {
            Some(item) if section == Section::Waiting => {
                let since = item.since.map(|at| crate::schedule::ago(at, self.app.now)).unwrap_or_default();
                part(&format!("asked {since}"), self.style(Role::Plain))
            }
            Some(item) => self.due(Some(item.due())),
            None => part("", self.style(Role::Plain)),
        }
    }

    fn selected_case(&self, row: &HomeRow, columns: usize) -> Vec<Line<'static>> {
        let name = part(&format!("{} ", row.id), self.style(Role::Quiet));
        let rule = |text: &str| part(text, self.style(Role::Rule));
        let rest = "─".repeat(columns.saturating_sub(crate::text::width(&row.id) + 5));
        let mut lines = vec![line(vec![rule(" ─ "), name, rule(&rest)], columns)];
        match &row.summary {
            Err(why) => lines.extend(self.unreadable(row, why, columns)),
            Ok(summary) => {
                let title = vec![part(&format!(" {}", summary.title), self.style(Role::Strong))];
                lines.push(split_line(
                    title,
                    vec![part(&format!("{} ", summary.process), self.style(Role::Quiet))],
                    columns,
                ));
                lines.push(self.undecided(row, columns));
                lines.extend(self.facts_of(summary, &row.unset).into_iter().map(|(name, text)| {
                    line(
                        vec![
                            column(&format!("   {name}"), 14, self.style(Role::Quiet)),
                            part(&text, self.style(Role::Plain)),
                        ],
                        columns,
                    )
                }));
            }
        }
        lines
    }

    /// What was changed on both sides and waits for a word; blank if nothing was.
    fn undecided(&self, row: &HomeRow, columns: usize) -> Line<'static> {
        let Some(trouble) = &row.trouble else { return Line::default() };
        let key = self.app.keys.first(Command::Trouble).map(|key| key.to_string()).unwrap_or_default();
        line(vec![part(&format!("   {trouble}; {key} shows it"), self.style(Role::Look))], columns)
    }

    /// A case that can't be read: why, and that there is a way out.
    fn unreadable(&self, row: &HomeRow, why: &str, columns: usize) -> Vec<Line<'static>> {
        let Some(trouble) = &row.trouble else { return self.text(why, Role::Bad, 1, columns) };
        let words = trouble.words(self.app.now);
        let mut lines = self.text(&words.title, Role::Strong, 1, columns);
        lines.extend(words.lines.iter().take(2).flat_map(|text| self.text(text, Role::Plain, 1, columns)));
        lines.push(Line::default());
        let enter = match trouble {
            Trouble::Damaged { good: None, .. } => "Enter shows the ways out.",
            _ => "Enter opens what can be read of it and shows the ways out.",
        };
        lines.extend(self.text(enter, Role::Accent, 1, columns));
        lines
    }

    fn facts_of(&self, summary: &Summary, unset: &[String]) -> Vec<(&'static str, String)> {
        let phases = if summary.phases.is_empty() { "nothing to do now".to_owned() } else { summary.phases.join(", ") };
        let release = match summary.release.effective() {
            None => "no date yet".to_owned(),
            Some(at) if summary.release.actual.is_some() => format!("released {}", self.instant(at)),
            Some(at) => {
                let promise = if summary.release.announced.is_some() { "announced" } else { "a target" };
                format!("{}   {}, {promise}", self.instant(at), countdown(at, self.app.now))
            }
        };
        let reported = summary.reported.map_or("not known yet".to_owned(), |at| {
            format!("{}, {}", self.instant(at), crate::schedule::ago(at, self.app.now))
        });
        let mut facts = vec![
            ("Phase", format!("{phases}   {} of {} done", summary.settled, summary.total)),
            ("Release", release),
            ("Branches", self.branches_of(summary)),
            ("Score", summary.score.clone().unwrap_or_else(|| "not scored yet".to_owned())),
            ("Messages", "none yet".to_owned()),
            ("Reported", reported),
        ];
        if !unset.is_empty() {
            facts.push(("Not set", unset.join("   ")));
        }
        facts
    }

    /// What the last looks come to, and how old they are.
    fn branches_of(&self, summary: &Summary) -> String {
        let Some(brief) = &summary.branches else { return "not looked at yet".to_owned() };
        let at = brief.at.map(|at| format!("   looked {}", crate::schedule::ago(at, self.app.now)));
        format!("{}{}", brief.words(), at.unwrap_or_default())
    }

    /// An empty home says what can be done.
    fn first_run(&self, columns: usize) -> Vec<Line<'static>> {
        let plain = |text: &str| line(vec![part(text, self.style(Role::Plain))], columns);
        let mut lines = vec![Line::default(), plain(" No case yet."), Line::default()];
        let ways = [
            (self.mark(Mark::Cursor), Command::New, "Start a case", "a report has come in"),
            (" ", Command::Drill, "Rehearse", "an invented vulnerability, five minutes"),
            (" ", Command::Calculator, "Score a vector", "CVSS in all four versions; nothing is stored"),
        ];
        lines.extend(ways.into_iter().map(|(mark, command, title, when)| {
            let key = self.app.keys.first(command).map(|key| key.to_string()).unwrap_or_default();
            let parts = vec![
                part(&format!(" {mark} "), self.style(Role::Strong)),
                column(&key, 4, self.style(Role::Accent)),
                column(title, 18, self.style(Role::Strong)),
                part(when, self.style(Role::Plain)),
            ];
            line(parts, columns)
        }));
        lines.push(Line::default());
        lines.push(plain("   Processes"));
        lines.extend(self.app.playbooks.iter().map(|(_, name)| plain(&format!("     {name}"))));
        lines
    }
}
