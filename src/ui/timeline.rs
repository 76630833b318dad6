//! The timeline, newest last, with what was planned beside what happened.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::lines::{Part, column, part, split_line, take_bottom, take_top};
use super::list::List;
use super::rows::Rows;
use super::{Role, Screen};
use crate::app::OpenCase;
use crate::case::Event;

/// Rows below the list that tell the selected event in full.
const DETAIL_ROWS: u16 = 4;

impl Screen<'_> {
    pub(super) fn timeline(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let (cursor, events) = (open.cursor(), &open.case.record().event);
        let rows = open.timeline_rows();
        let row = |index: usize| self.event_row(open, &events[rows[index]], index == cursor, columns);
        let heads = vec![""; rows.len()];
        let (below, above) = take_bottom(area, if area.height >= 10 { DETAIL_ROWS } else { 0 });
        self.list(
            frame,
            above,
            &List { title: "6 Timeline", heads, row: &row, cursor, empty: "Nothing has happened yet." },
        );
        if let Some(event) = rows.get(cursor).map(|event| &events[*event]) {
            let (rule, below) = take_top(below, 1);
            self.rule(frame, rule);
            let told = self.text(&open.case.told(event), Role::Plain, 1, columns);
            frame.render_widget(Rows::new(told), below);
        }
    }

    fn event_row(&self, open: &OpenCase, event: &Event, selected: bool, columns: usize) -> Line<'static> {
        let role = if event.can_be_undone() { Role::Plain } else { Role::Strong };
        let narrow = columns < super::checklist::SIDE_BY_SIDE.into();
        let when = self.short_instant(event.at);
        let when = if narrow { when.trim_end_matches(" UTC").to_owned() } else { when };
        let left = vec![
            self.pointer(selected),
            column(&when, if narrow { 17 } else { 22 }, self.row_style(selected)),
            part(&open.case.told(event), self.style(role)),
        ];
        // What happened comes before what was planned: a narrow screen tells only what was late, and by how much.
        let planned = event.planned.and_then(|at| {
            let planned = format!("planned {} ", self.short_instant(at));
            let late = (at < event.at).then(|| crate::schedule::countdown(at, event.at));
            match late {
                Some(late) if narrow => Some((late, Role::Bad)),
                Some(late) => Some((format!("{late}, {planned}"), Role::Bad)),
                None if narrow => None,
                None => Some((planned, Role::Quiet)),
            }
        });
        let mut right: Vec<Part> = planned.into_iter().map(|(text, role)| part(&text, self.style(role))).collect();
        right.push(column(&format!(" {}", event.by), 12, self.style(Role::Quiet)));
        split_line(left, right, columns)
    }
}
