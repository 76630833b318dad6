//! The panes that are plain lists: people and access, timeline, facts and dates.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::lines::{Part, column, first_row, line, part, split_line, take_bottom, take_top};
use super::{Mark, Role, Screen};
use crate::app::{FactRow, OpenCase, PeopleRow};
use crate::case::record::AnchorTime;
use crate::case::{Event, EventKind};
use crate::playbook::FactKind;
use crate::text::{displayable, wrap};

impl Screen<'_> {
    fn list(&self, frame: &mut Frame<'_>, area: Rect, title: &str, rows: &[Line<'static>], cursor: usize) {
        let columns = usize::from(area.width);
        let (head, body) = take_top(area, 2);
        let place = if rows.is_empty() { String::new() } else { format!("{} of {} ", cursor + 1, rows.len()) };
        let title = vec![part(&format!(" {title}"), self.style(Role::Accent))];
        frame.render_widget(
            Paragraph::new(split_line(title, vec![part(&place, self.style(Role::Quiet))], columns)),
            head,
        );
        let room = usize::from(body.height);
        let first = first_row(cursor, rows.len(), room);
        let shown: Vec<Line<'static>> = rows.iter().skip(first).take(room).cloned().collect();
        frame.render_widget(Paragraph::new(shown), body);
    }

    fn pointer(&self, selected: bool) -> Part {
        part(&format!(" {} ", if selected { self.mark(Mark::Cursor) } else { " " }), self.style(Role::Strong))
    }

    fn row_style(&self, selected: bool) -> ratatui::style::Style {
        self.style(if selected { Role::Cursor } else { Role::Plain })
    }

    pub(super) fn people(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let record = open.case.record();
        let cursor = open.cursor();
        let row = |(index, row): (usize, PeopleRow)| {
            let selected = index == cursor;
            match row {
                PeopleRow::Person(person) => {
                    let person = &record.person[person];
                    let name = person.name.as_ref().unwrap_or(&person.id);
                    let next = person.next_update.map(|at| format!("next update {} ", self.short_instant(at)));
                    let left = vec![
                        self.pointer(selected),
                        column(name, 30, self.row_style(selected)),
                        part(person.role.as_deref().unwrap_or_default(), self.style(Role::Quiet)),
                    ];
                    split_line(left, vec![part(&next.unwrap_or_default(), self.style(Role::Plain))], columns)
                }
                PeopleRow::Grant(grant) => {
                    let grant = &record.grant[grant];
                    let (state, role) = match grant.ended {
                        Some(at) => (format!("ended {} ", self.short_instant(at)), Role::Quiet),
                        None => (format!("has access since {} ", self.short_instant(grant.at)), Role::Look),
                    };
                    let left = vec![
                        self.pointer(selected),
                        column(&grant.who, 30, self.row_style(selected)),
                        part(&grant.what, self.style(Role::Plain)),
                    ];
                    split_line(left, vec![part(&state, self.style(role))], columns)
                }
            }
        };
        let rows: Vec<Line<'static>> = open.people_rows().into_iter().enumerate().map(row).collect();
        if rows.is_empty() {
            let hint =
                line(vec![part(" Nobody yet: a adds a person, n gives access.", self.style(Role::Plain))], columns);
            return self.list(frame, area, "5 People", &[hint], 0);
        }
        self.list(frame, area, "5 People", &rows, cursor);
    }

    /// The timeline, newest last, with what was planned beside what happened.
    pub(super) fn timeline(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let cursor = open.cursor();
        let row = |(index, event): (usize, &Event)| self.event_row(open, event, index == cursor, columns);
        let rows: Vec<Line<'static>> = open.case.record().event.iter().enumerate().map(row).collect();
        let (below, above) = take_bottom(area, if area.height >= 10 { 4 } else { 0 });
        self.list(frame, above, "6 Timeline", &rows, cursor);
        if let Some(event) = open.case.record().event.get(cursor) {
            let wrapped = wrap(&displayable(&event_words(open, event)), columns.saturating_sub(2).max(8));
            let rows: Vec<Line<'static>> = wrapped
                .iter()
                .map(|row| line(vec![part(&format!(" {row}"), self.style(Role::Plain))], columns))
                .collect();
            let (_, below) = take_top(below, 1);
            frame.render_widget(Paragraph::new(rows), below);
        }
    }

    fn event_row(&self, open: &OpenCase, event: &Event, selected: bool, columns: usize) -> Line<'static> {
        let role = if event.kind.can_be_undone() { Role::Plain } else { Role::Strong };
        let left = vec![
            self.pointer(selected),
            column(&self.short_instant(event.at), 22, self.row_style(selected)),
            part(&event_words(open, event), self.style(role)),
        ];
        let planned = event.planned.map(|at| {
            let planned = format!("planned {} ", self.short_instant(at));
            if at < event.at {
                (format!("{}, {planned}", crate::schedule::countdown(at, event.at)), Role::Bad)
            } else {
                (planned, Role::Quiet)
            }
        });
        let mut right: Vec<Part> = planned.into_iter().map(|(text, role)| part(&text, self.style(role))).collect();
        right.push(column(&format!(" {}", event.by), 12, self.style(Role::Quiet)));
        split_line(left, right, columns)
    }

    pub(super) fn facts(&self, frame: &mut Frame<'_>, area: Rect, open: &OpenCase) {
        let columns = usize::from(area.width);
        let cursor = open.cursor();
        let row = |(index, row): (usize, FactRow)| {
            let (name, (answer, role)) = match row {
                FactRow::Fact(fact) => (open.case.playbook().facts[fact].ask.clone(), answer(open, fact)),
                FactRow::Anchor(anchor) => {
                    (open.case.playbook().anchors[anchor].title.clone(), self.anchor_times(open, anchor))
                }
            };
            let selected = index == cursor;
            let left = vec![self.pointer(selected), part(&name, self.row_style(selected))];
            split_line(left, vec![part(&format!("{answer} "), self.style(role))], columns)
        };
        let rows: Vec<Line<'static>> = open.fact_rows().into_iter().enumerate().map(row).collect();
        self.list(frame, area, "7 Facts and dates", &rows, cursor);
    }

    fn anchor_times(&self, open: &OpenCase, anchor: usize) -> (String, Role) {
        let id = &open.case.playbook().anchors[anchor].id;
        match open.case.record().anchors.get(id) {
            None => ("not known yet".to_owned(), Role::Quiet),
            Some(AnchorTime::At(at)) => (self.instant(*at), Role::Plain),
            Some(AnchorTime::Release(times)) => {
                let named = [("target", times.target), ("announced", times.announced), ("released", times.actual)];
                let words =
                    named.iter().filter_map(|(name, at)| at.map(|at| format!("{name} {}", self.short_instant(at))));
                (words.collect::<Vec<_>>().join("   "), Role::Plain)
            }
        }
    }
}

/// What happened, to what and why.
pub(super) fn event_words(open: &OpenCase, event: &Event) -> String {
    let why = event.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{} — {}{why}", what_of(open, event), event.kind.says())
}

/// The answer to a question, by its label.
fn answer(open: &OpenCase, fact: usize) -> (String, Role) {
    let definition = &open.case.playbook().facts[fact];
    let Some(value) = open.case.record().facts.get(&definition.id) else {
        return ("not known yet".to_owned(), Role::Quiet);
    };
    let value = value.to_string();
    let label = match &definition.kind {
        FactKind::Choice(choices) => choices.iter().find(|(id, _)| *id == value).map(|(_, label)| label.clone()),
        _ => None,
    };
    (label.unwrap_or(value), Role::Plain)
}

/// What an event is about, in words: the step, the instant, the answers.
fn what_of(open: &OpenCase, event: &Event) -> String {
    let playbook = open.case.playbook();
    let (id, item) = event.target.split_once('@').map_or((event.target.as_str(), None), |(id, item)| (id, Some(item)));
    let exposed = event.kind == EventKind::Override && event.after.contains_key("state");
    let beside = if exposed { ", exposing begun" } else { "" };
    let title = match event.kind {
        EventKind::AnchorSet => playbook.anchor(id).map(|anchor| anchor.title.clone()),
        EventKind::FactSet => Some(answers_of(open, event)),
        _ => playbook.step(id).map(|step| step.title.clone()).or(playbook.phase(id).map(|phase| phase.title.clone())),
    };
    let item = item.map(|item| format!(", {item}")).unwrap_or_default();
    format!("{}{item}{beside}", title.unwrap_or_else(|| event.target.clone()))
}

/// Each question that was answered, with its answer.
fn answers_of(open: &OpenCase, event: &Event) -> String {
    let ids = event.target.split(", ");
    let answer = |id: &str| {
        let ask = open.case.playbook().fact(id).map_or(id, |fact| fact.ask.as_str());
        let given = event.after.get(&format!("facts/{id}")).map(|value| match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            other => other.to_string(),
        });
        format!("{ask} {}", given.unwrap_or_else(|| "not known yet".to_owned()))
    };
    ids.map(answer).collect::<Vec<_>>().join("   ")
}
