//! The other panes in a few lines each, in the same order at each size.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{line, part, split_line};
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::OpenCase;
use crate::case::NextKind;
use crate::case::record::Grant;

/// One pane: its title, what it comes to, and its first lines.
#[derive(Default)]
pub(super) struct Summary {
    pub(super) title: String,
    /// Its first line, where there is room for one only.
    pub(super) short: String,
    /// What it comes to, in a few words.
    pub(super) sum: String,
    /// The pane has nothing to show yet.
    pub(super) empty: bool,
    /// It takes the room that is left.
    pub(super) grows: bool,
    pub(super) lines: Vec<Line<'static>>,
}

/// No screen shows more events than these beside the checklist.
const NEWEST: usize = 80;

/// Lines of a pane that are shown while there is no room for more.
const FIRST_LINES: usize = 4;

impl Screen<'_> {
    /// All of them, one below the other; what room is left goes to the one that grows.
    pub(super) fn summaries(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let all = self.all_summaries(open, columns);
        let taken: usize = all.iter().map(|summary| 2 + summary.lines.len().min(FIRST_LINES)).sum();
        let spare = rows.saturating_sub(taken);
        let mut lines = Vec::new();
        for mut summary in all {
            lines.push(self.summary_line(&summary, "", columns));
            summary.lines.truncate(if summary.grows { FIRST_LINES + spare } else { FIRST_LINES });
            lines.append(&mut summary.lines);
            lines.push(Line::default());
        }
        lines.truncate(rows);
        frame.render_widget(Rows::new(lines), area);
    }

    /// The three that come after the checklist, one line each.
    pub(super) fn summary_lines(&self, open: &OpenCase, columns: usize) -> Vec<Line<'static>> {
        let three = [self.branches_summary(open, columns, true), self.score(open, columns), messages(open)];
        three.iter().map(|summary| self.summary_line(summary, &summary.short, columns)).collect()
    }

    fn summary_line(&self, summary: &Summary, short: &str, columns: usize) -> Line<'static> {
        let title_role = if summary.empty { Role::Quiet } else { Role::Accent };
        let title = part(&format!(" {}", summary.title), self.style(title_role));
        let short = part(&format!("   {short}"), self.style(Role::Plain));
        let sum = part(&format!("{} ", summary.sum), self.style(Role::Quiet));
        split_line(vec![title, short], vec![sum], columns)
    }

    fn all_summaries(&self, open: &OpenCase, columns: usize) -> Vec<Summary> {
        vec![
            self.branches_summary(open, columns, false),
            self.score(open, columns),
            messages(open),
            self.people_summary(open, columns),
            self.timeline_summary(open, columns),
            self.facts_summary(open, columns),
        ]
    }

    fn score(&self, open: &OpenCase, columns: usize) -> Summary {
        let title = "3 Score".to_owned();
        let Some(score) = &open.view.score else {
            let used = open.case.playbook().cvss.is_some();
            let sum = if used { "not scored yet" } else { "not part of this process" };
            return Summary { title, sum: sum.to_owned(), empty: true, ..Summary::default() };
        };
        let all = open.case.scoring();
        let given = all.iter().find(|entry| entry.drives).and_then(|entry| entry.latest.as_ref());
        let given = given.map(|given| format!(", by {}, {}", self.person(&given.by), self.day(given.at)));
        let version = format!("   v{} base", score.vector.version());
        // Of several the highest drives; what has no score yet may come to.
        let several = (all.len() > 1).then(|| format!("{} drives, 1 of {}", score.vulnerability, all.len()));
        let drives: Vec<String> = several.into_iter().chain(score.incomplete()).collect();
        let second = if drives.is_empty() { score.vector.to_string() } else { drives.join("; ") };
        let plain = |text: &str| part(text, self.style(Role::Plain));
        let rated = part(&format!("   {}", score.words()), self.style(Role::Strong));
        let lines = vec![
            line(vec![rated, plain(&version), plain(&given.unwrap_or_default())], columns),
            line(vec![plain(&format!("   {second}"))], columns.saturating_sub(1)),
        ];
        let short = format!("{}{version}", score.words());
        let short = score.incomplete().map_or(short.clone(), |incomplete| format!("{short}; {incomplete}"));
        Summary { title, short, sum: score.standing().to_owned(), lines, ..Summary::default() }
    }

    fn people_summary(&self, open: &OpenCase, columns: usize) -> Summary {
        let record = open.case.record();
        let access: Vec<&Grant> = record.grant.iter().filter(|grant| grant.ended.is_none()).collect();
        let sum = match access.len() {
            0 => "nobody has access".to_owned(),
            count => format!("{count} with access"),
        };
        let rows = record.person.iter().map(|person| {
            let name = person.name.as_ref().unwrap_or(&person.id);
            let update = person.next_update.map(|at| format!("promised {} ", self.short_instant(at)));
            let role = Self::role_of(open, person);
            let right = part(&update.unwrap_or(format!("{role} ")), self.style(Role::Quiet));
            split_line(vec![part(&format!("   {name}"), self.style(Role::Plain))], vec![right], columns)
        });
        let title = format!("5 People  {}", record.person.len());
        let empty = record.person.is_empty() && record.grant.is_empty();
        Summary { title, sum, empty, lines: rows.collect(), ..Summary::default() }
    }

    fn facts_summary(&self, open: &OpenCase, columns: usize) -> Summary {
        let asked = open.view.next.iter().filter(|item| item.kind == NextKind::Fact);
        let unknown: Vec<&str> = asked.map(|item| item.title.as_str()).collect();
        let sum =
            if unknown.is_empty() { "nothing is asked now".to_owned() } else { format!("{} open", unknown.len()) };
        let lines = unknown.iter().flat_map(|ask| self.text(ask, Role::Quiet, 3, columns)).collect();
        Summary { title: "7 Facts and dates".to_owned(), sum, lines, ..Summary::default() }
    }

    fn timeline_summary(&self, open: &OpenCase, columns: usize) -> Summary {
        let events = &open.case.record().event;
        let newest = events.iter().rev().take(NEWEST).map(|event| {
            let left = vec![part(&format!("   {}", open.case.told(event)), self.style(Role::Plain))];
            let when = part(&format!("{} ", self.short_ago(event.at)), self.style(Role::Quiet));
            split_line(left, vec![when], columns)
        });
        let lines = newest.collect();
        let sum = "newest first".to_owned();
        Summary { title: format!("6 Timeline  {}", events.len()), sum, grows: true, lines, ..Summary::default() }
    }
}

fn messages(open: &OpenCase) -> Summary {
    let drafts = open.case.record().draft.iter().filter(|draft| !draft.is_typed()).count();
    let sum = match drafts {
        0 => "none yet".to_owned(),
        count => format!("{count} {}", if count == 1 { "draft" } else { "drafts" }),
    };
    Summary { title: "4 Messages".to_owned(), sum, empty: drafts == 0, ..Summary::default() }
}
