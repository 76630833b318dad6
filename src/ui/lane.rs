//! One lane of the picture in words: how it came out, and everything that is to be known of it.

use jiff::Timestamp;
use ratatui::text::Line;

use super::ink::Ink;
use super::lines::{part, split_line};
use super::{Role, Screen};
use crate::app::{OpenCase, Row};
use crate::case::{Lane, LaneKind, Mark, PhaseState, Shown, Sign, Stretch};
use crate::schedule::{countdown, lasting};

/// Columns that a step takes at most: what stands at its right must not be far away.
const STEP_COLUMNS: usize = 100;

/// Columns for the longest name of a mark.
const MARK_NAMES: usize = 20;

impl Screen<'_> {
    /// How a lane came out, or how far it is: «1d 4h early», «3h late», «in 2d».
    pub(super) fn outcome(&self, open: &OpenCase, lane: &Lane) -> (String, Role) {
        let until = lane.planned.and_then(|planned| planned.to);
        if let Some(by) = self.worst(open, lane) {
            return (by, Role::Bad);
        }
        let (text, role) = match lane.kind {
            LaneKind::Phase(PhaseState::Done) => match (until, lane.actual.and_then(|actual| actual.to)) {
                (Some(until), Some(end)) => return came_out(until, end),
                _ => ("done".to_owned(), Role::Quiet),
            },
            LaneKind::Phase(_) if open.history.ended.is_some() => ("left open".to_owned(), Role::Quiet),
            LaneKind::Phase(_) => match until {
                Some(until) => (countdown(until, self.app.now), Role::Plain),
                None if lane.actual.is_some() => ("under way".to_owned(), Role::Plain),
                None => (String::new(), Role::Plain),
            },
            LaneKind::Release => return self.release_outcome(open),
            LaneKind::Promises => promises(lane),
            LaneKind::Events => (String::new(), Role::Plain),
        };
        (text, role)
    }

    /// By how much the step that was late the most was late, or is.
    fn worst(&self, open: &OpenCase, lane: &Lane) -> Option<String> {
        let so_far = open.history.so_far(self.app.now);
        let ends = lane.late.iter().map(|late| (late.until, late.done.unwrap_or(so_far)));
        let (until, end) = ends.max_by_key(|(until, end)| end.as_second() - until.as_second())?;
        Some(countdown(until, end))
    }

    fn release_outcome(&self, open: &OpenCase) -> (String, Role) {
        let times = open.view.release;
        match (times.announced.or(times.target), times.actual) {
            (Some(planned), Some(actual)) => came_out(planned, actual),
            (None, Some(_)) => ("released".to_owned(), Role::Quiet),
            (Some(planned), None) if planned < self.app.now => (countdown(planned, self.app.now), Role::Bad),
            (Some(planned), None) => (countdown(planned, self.app.now), Role::Plain),
            (None, None) => (String::new(), Role::Plain),
        }
    }

    /// What is to be known of the lane under the cursor.
    pub(super) fn lane_detail(&self, open: &OpenCase, lane: &Lane, columns: usize) -> Vec<Line<'static>> {
        let (outcome, role) = self.outcome(open, lane);
        let title = vec![part(&format!(" {}", lane.title), self.style(Role::Strong))];
        let mut lines = vec![split_line(title, vec![part(&format!("{outcome} "), self.style(role))], columns)];
        if let LaneKind::Phase(_) = lane.kind {
            lines.extend(self.phase_course(open, lane, columns));
        } else {
            lines.extend(lane.marks.iter().flat_map(|mark| self.mark_detail(mark, columns)));
        }
        lines
    }

    /// The steps of the phase under the cursor, where there is room for all of them.
    pub(super) fn steps_of_lane(&self, open: &OpenCase, columns: usize, room: usize) -> Vec<Line<'static>> {
        let mut shown = open.view.phases.iter().enumerate().filter(|(_, phase)| phase.state != PhaseState::Hidden);
        let Some((p, phase)) = shown.nth(open.cursor()) else { return Vec::new() };
        let steps = phase.steps.iter().enumerate().filter(|(_, step)| step.shown != Shown::Hidden);
        let rows = steps.map(|(s, _)| self.checklist_row(open, &Row::Step(p, s), false, columns.min(STEP_COLUMNS)));
        let lines: Vec<Line<'static>> = std::iter::once(Line::default()).chain(rows).collect();
        if lines.len() <= room { lines } else { Vec::new() }
    }

    fn mark_detail(&self, mark: &Mark, columns: usize) -> Vec<Line<'static>> {
        let ink = Ink::Sign(mark.sign);
        let about = if mark.text.is_empty() { String::new() } else { format!(", {}", mark.text) };
        let name = format!("{} {}", self.ink(ink), ink.word());
        let text = format!("{}{about}", self.short_instant(mark.at));
        self.beside((&name, MARK_NAMES, Role::Quiet), &text, columns)
    }

    fn phase_course(&self, open: &OpenCase, lane: &Lane, columns: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        let mut tell = |name: &str, role: Role, text: &str| lines.extend(self.entry(name, role, text, columns));
        let so_far = open.history.so_far(self.app.now);
        if let Some(actual) = lane.actual {
            let took = took(actual.from, actual.to.unwrap_or(so_far));
            let text = match actual.to {
                Some(_) => format!("{}{took}", self.stretch(actual)),
                None => format!("since {}{took}", self.short_instant(actual.from)),
            };
            tell("actual", Role::Quiet, &text);
        }
        if let Some(planned) = lane.planned {
            tell("planned", Role::Quiet, &self.stretch(planned));
        }
        for mark in lane.marks.iter().filter(|mark| mark.sign == Sign::MovedFrom) {
            tell("moved", Role::Look, &format!("from {}: {}", self.short_instant(mark.at), mark.text));
        }
        for late in &lane.late {
            let by = countdown(late.until, late.done.unwrap_or(so_far));
            let done = late.done.map_or("still open".to_owned(), |at| format!("done {}", self.short_instant(at)));
            tell("late", Role::Bad, &format!("{}: {by}, {done}", late.title));
        }
        for mark in lane.marks.iter().filter(|mark| mark.sign == Sign::Override) {
            tell("override", Role::Look, &format!("{}, {}", mark.text, self.short_instant(mark.at)));
        }
        if lane.actual.is_none() && lane.planned.is_none() {
            lines.extend(self.text("No deadline, and nothing has happened yet.", Role::Plain, 1, columns));
        }
        lines
    }

    /// «Fri 20 Nov 16:12 to Thu 26 Nov 16:12 UTC».
    fn stretch(&self, stretch: Stretch) -> String {
        let from = self.short_instant(stretch.from);
        match stretch.to.map(|to| self.short_instant(to)) {
            Some(to) if to == from => to,
            Some(to) => format!("{} to {to}", from.trim_end_matches(" UTC")),
            None => from,
        }
    }
}

/// By how much something came before or after its deadline.
fn came_out(until: Timestamp, end: Timestamp) -> (String, Role) {
    if end.as_second() - until.as_second() >= 60 {
        return (countdown(until, end), Role::Bad);
    }
    if until.as_second() - end.as_second() < 60 {
        return ("on time".to_owned(), Role::Quiet);
    }
    let early = lasting(end, until);
    // From some days on hours don't matter any more, as with what is late.
    let days =
        early.split_once("d ").map(|(days, _)| days).filter(|days| days.parse().is_ok_and(|days: u32| days >= 4));
    (days.map_or(format!("{early} early"), |days| format!("{days}d early")), Role::Quiet)
}

/// «, 97 hours (4d 1h)», «, 35 minutes»; nothing for what began and ended at once.
fn took(from: Timestamp, to: Timestamp) -> String {
    let minutes = (to.as_second() - from.as_second()).max(0) / 60;
    match minutes {
        0 => String::new(),
        1..120 => format!(", {minutes} minutes"),
        120..2_880 => format!(", {} hours", minutes / 60),
        _ => format!(", {} hours ({})", minutes / 60, lasting(from, to)),
    }
}

fn promises(lane: &Lane) -> (String, Role) {
    let count = |sign: Sign| lane.marks.iter().filter(|mark| mark.sign == sign).count();
    let (kept, broken) = (count(Sign::Kept), count(Sign::Broken));
    match (kept, broken) {
        (0, 0) => (String::new(), Role::Plain),
        (kept, 0) => (format!("{kept} kept"), Role::Quiet),
        (_, broken) => (format!("{broken} broken"), Role::Bad),
    }
}
