//! The timeline as a picture: the whole course of a case in one look, one lane a phase, with its detail below.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::ink::{Ink, Row, ground, lane};
use super::lines::{Part, column, first_row, line, part, split_line, take_top, total_width};
use super::rows::Rows;
use super::scale::Scale;
use super::{Mark, Role, Screen};
use crate::app::OpenCase;
use crate::case::{Lane, LaneKind, PhaseState};
use crate::schedule::lasting;
use crate::text::width;

/// Columns before a title: the cursor, and how the phase stands.
const MARKS: usize = 5;

/// How the body is divided.
struct Layout {
    /// Columns of the titles, of the chart, and of the words at its right.
    title: usize,
    chart: usize,
    outcome: usize,
    /// Rows of the head, the axis, the ruler below it, all lanes, and the legend at most.
    head: usize,
    axis: usize,
    ruler: usize,
    lanes: usize,
    legend: usize,
    /// Blank rows between lanes, and before and after them.
    between: usize,
    around: usize,
}

impl Layout {
    fn of(area: Rect, lanes: &[Lane]) -> Self {
        let (columns, rows) = (usize::from(area.width), usize::from(area.height));
        let longest = lanes.iter().map(|lane| width(&lane.title)).max().unwrap_or(0);
        let title = longest.min(columns / 5);
        let outcome = match columns {
            100.. => 18,
            60.. => 12,
            _ => 0,
        };
        let (head, axis, ruler) = (usize::from(rows >= 8), usize::from(rows >= 3), usize::from(rows >= 14));
        let legend = match rows {
            _ if rows >= lanes.len() + 8 => 2,
            10.. => 1,
            _ => 0,
        };
        let detail = match rows {
            16.. => 4,
            4.. => 1,
            _ => 0,
        };
        let beside = head + axis + ruler + legend.min(1);
        Self {
            title,
            chart: columns.saturating_sub(MARKS + title + 1 + outcome + usize::from(outcome > 0)),
            outcome,
            head,
            axis,
            ruler,
            lanes: rows.saturating_sub(beside + detail).clamp(1, lanes.len().max(1)),
            legend,
            between: usize::from(rows >= 2 * lanes.len() + beside + 14),
            around: usize::from(rows >= lanes.len() + beside + 10),
        }
    }
}

impl Screen<'_> {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let layout = Layout::of(area, &open.history.lanes);
        let chart = self.chart(open, &layout, columns);
        let (_, below) = take_top(area, u16::try_from(chart.len()).unwrap_or(u16::MAX));
        self.row_targets(area, chart.iter().map(|(_, lane)| *lane));
        let lines: Vec<Line<'static>> = chart.into_iter().map(|(line, _)| line).collect();
        frame.render_widget(Rows::new(lines), area);
        if let Some(told) = open.history.lanes.get(open.cursor()).filter(|_| below.height > 0) {
            let mut detail = self.lane_detail(open, told, columns);
            detail.extend(self.steps_of_lane(open, columns, usize::from(below.height).saturating_sub(detail.len())));
            frame.render_widget(Rows::new(self.in_rows(detail, below)), below);
        }
    }

    /// Everything but the detail: each line, and the lane that it shows.
    fn chart(&self, open: &OpenCase, layout: &Layout, columns: usize) -> Vec<(Line<'static>, Option<usize>)> {
        let (history, now) = (&open.history, self.app.now);
        let (from, to) = history.span(now);
        let scale = Scale::new(from, to, layout.chart);
        let ground = ground(&scale, layout.chart, history.ended.is_none().then_some(now));
        let rows: Vec<Row> = history.lanes.iter().map(|told| lane(&ground, &scale, history, told, now)).collect();
        let first = first_row(open.cursor(), rows.len(), layout.lanes);
        let mut lines: Vec<(Line<'static>, Option<usize>)> = Vec::new();
        let blank = |lines: &mut Vec<_>| lines.extend((0..layout.around).map(|_| (Line::default(), None)));
        if layout.head > 0 {
            lines.push((self.picture_head(open, columns), None));
            blank(&mut lines);
        }
        if layout.axis > 0 {
            lines.push((self.axis(&scale, layout), None));
        }
        if layout.ruler > 0 {
            lines.push((self.ruler(&scale, layout), None));
        }
        for (index, row) in rows.iter().enumerate().skip(first).take(layout.lanes) {
            if index > first && layout.between > 0 {
                lines.push((self.beside_titles(layout, self.inked(&ground)), None));
            }
            lines.push((self.lane_line(open, index, row, layout), Some(index)));
        }
        blank(&mut lines);
        let legend = self.legend(&rows, columns);
        lines.extend(legend.into_iter().take(layout.legend).map(|line| (line, None)));
        blank(&mut lines);
        lines
    }

    fn picture_head(&self, open: &OpenCase, columns: usize) -> Line<'static> {
        let (from, to) = open.history.span(self.app.now);
        let [from_words, to_words] = [from, to].map(|at| self.short_instant(at));
        let day = |words: &str| words.rsplitn(3, ' ').nth(2).unwrap_or_default().to_owned();
        let span = format!("{} to {}, {}", day(&from_words), day(&to_words), lasting(from, to));
        let title = vec![part(" 6 Timeline", self.style(Role::Accent))];
        split_line(title, vec![part(&format!("{span}   UTC "), self.style(Role::Quiet))], columns)
    }

    /// A line whose picture is this, with nothing beside it.
    fn beside_titles(&self, layout: &Layout, chart: Vec<Part>) -> Line<'static> {
        let mut parts = vec![column("", MARKS + layout.title + 1, self.style(Role::Plain))];
        parts.extend(chart);
        line(parts, MARKS + layout.title + 1 + layout.chart)
    }

    fn axis(&self, scale: &Scale, layout: &Layout) -> Line<'static> {
        let mut labels = String::new();
        for tick in scale.ticks() {
            let gap = tick.column.saturating_sub(labels.len());
            labels.push_str(&" ".repeat(gap));
            labels.push_str(&tick.label);
        }
        self.beside_titles(layout, vec![part(&labels, self.style(Role::Quiet))])
    }

    fn ruler(&self, scale: &Scale, layout: &Layout) -> Line<'static> {
        let mut signs = vec![if self.app.ascii { '-' } else { '─' }; layout.chart];
        for tick in scale.ticks() {
            signs[tick.column] = if self.app.ascii { '+' } else { '┬' };
        }
        self.beside_titles(layout, vec![part(&signs.into_iter().collect::<String>(), self.style(Role::Rule))])
    }

    fn lane_line(&self, open: &OpenCase, index: usize, row: &Row, layout: &Layout) -> Line<'static> {
        let told = &open.history.lanes[index];
        let selected = index == open.cursor();
        let (mark, role) = match told.kind {
            LaneKind::Phase(PhaseState::Done) => (self.mark(Mark::Done), Role::Quiet),
            LaneKind::Phase(PhaseState::Current) => (self.mark(Mark::Cursor), Role::Strong),
            LaneKind::Phase(_) => (self.mark(Mark::Open), Role::Plain),
            _ => (" ", Role::Plain),
        };
        let role = if selected { Role::Cursor } else { role };
        let cursor = if selected { self.mark(Mark::Cursor) } else { " " };
        let mut parts = vec![
            part(&format!(" {cursor} "), self.style(Role::Strong)),
            part(&format!("{mark} "), self.style(Role::Quiet)),
            column(&told.title, layout.title, self.style(role)),
            part(" ", self.style(Role::Plain)),
        ];
        parts.extend(self.inked(row));
        if layout.outcome > 0 {
            let (text, role) = self.outcome(open, told);
            parts.extend([part(" ", self.style(Role::Plain)), column(&text, layout.outcome, self.style(role))]);
        }
        line(parts, MARKS + layout.title + 2 + layout.chart + layout.outcome)
    }

    /// Every sign that is drawn, with its word.
    fn legend(&self, rows: &[Row], columns: usize) -> Vec<Line<'static>> {
        let mut inks: Vec<Ink> = Vec::new();
        for ink in rows.iter().flatten().filter(|ink| !ink.word().is_empty()) {
            let place = inks.partition_point(|known| known < ink);
            if inks.get(place) != Some(ink) {
                inks.insert(place, *ink);
            }
        }
        let mut lines: Vec<Vec<Part>> = vec![Vec::new()];
        for ink in inks {
            let entry = self.legend_entry(ink);
            if total_width(lines.last().map_or(&[], Vec::as_slice)) + total_width(&entry) > columns {
                lines.push(Vec::new());
            }
            lines.last_mut().into_iter().for_each(|last| last.extend(entry.clone()));
        }
        let blank = || part(" ", self.style(Role::Plain));
        lines.into_iter().map(|parts| line(std::iter::once(blank()).chain(parts).collect(), columns)).collect()
    }
}
