//! The first rows: where one is, in which embargo state, and what time it is.

use ratatui::text::Line;

use super::lines::{Part, line, part, split_line, total_width};
use super::{Mark, Role, Screen};
use crate::app::OpenCase;
use crate::app::calculator::Calculator;
use crate::app::command::Command;
use crate::case::PhaseState;
use crate::case::record::State;
use crate::cvss::Version;
use crate::findings::Reader;
use crate::schedule::{countdown, stamp};

impl Screen<'_> {
    pub(super) fn header(&self, columns: usize) -> Vec<Line<'static>> {
        match &self.app.open {
            Some(open) => vec![self.case_line(open, columns), self.phase_line(open, columns)],
            None => match self.app.shown_calculator() {
                Some(calculator) => vec![self.version_line(calculator.version(), columns)],
                None if self.app.shows_fleet() => vec![self.fleet_line(columns)],
                None => vec![self.clock_line(columns)],
            },
        }
    }

    /// The version of the calculator by itself, among all versions in the order in which a key turns through them.
    fn version_line(&self, version: Version, columns: usize) -> Line<'static> {
        let left = vec![part(&format!(" CVSS v{version}"), self.style(Role::Strong))];
        let key = self.app.keys.first(Command::OtherVersion).map(|key| key.to_string()).unwrap_or_default();
        let mut right = vec![part(&format!("{key} "), self.style(Role::Accent))];
        right.extend(Calculator::VERSIONS.iter().map(|known| {
            let (text, role) = if *known == version {
                (format!(" [{known}]"), Role::Strong)
            } else {
                (format!("  {known} "), Role::Plain)
            };
            part(&text, self.style(role))
        }));
        right.push(part(" ", self.style(Role::Plain)));
        if total_width(&left) + total_width(&right) < columns {
            split_line(left, right, columns)
        } else {
            line(left, columns)
        }
    }

    pub(super) fn state_role(state: State) -> Role {
        match state {
            State::Embargo | State::Releasing => Role::Embargo,
            State::Leaked => Role::Alarm,
            State::Public | State::Closed => Role::Plain,
        }
    }

    fn clock_line(&self, columns: usize) -> Line<'static> {
        let now = self.app.now;
        let mut clock = stamp(now, now, &jiff::tz::TimeZone::UTC, "UTC");
        if columns < 60 {
            return split_line(
                vec![part(" fixlead", self.style(Role::Strong))],
                vec![part(&format!("{clock} "), self.style(Role::Plain))],
                columns,
            );
        }
        for zone in self.app.zones.iter().skip(1).take(2) {
            let there = stamp(now, now, &zone.zone, &zone.label);
            // Only the hour: the date is UTC's.
            let hour = there.split(' ').find(|word| word.contains(':')).unwrap_or_default();
            clock = format!("{clock}   {hour} {}", zone.label);
        }
        let left = vec![part(" fixlead", self.style(Role::Strong))];
        split_line(left, vec![part(&format!("{clock} "), self.style(Role::Plain))], columns)
    }

    fn case_line(&self, open: &OpenCase, columns: usize) -> Line<'static> {
        let record = open.case.record();
        let mut left: Vec<Part> = vec![part(&format!(" {}   ", record.id), self.style(Role::Strong))];
        if columns >= 100 {
            left.push(part(&format!("{}   ", open.case.playbook().name), self.style(Role::Plain)));
        }
        left.push(part(record.state.shown(), self.style(Self::state_role(record.state))));
        if record.archived {
            left.push(part("   archived", self.style(Role::Look)));
        }
        if open.read_only.is_some() {
            left.push(part("   read-only", self.style(Role::Look)));
        }
        split_line(left, vec![part(&self.release_words(open, columns), self.style(Role::Plain))], columns)
    }

    /// «release Tue 1 Dec 16:00 UTC   in 7d 3h   target».
    fn release_words(&self, open: &OpenCase, columns: usize) -> String {
        let times = open.view.release;
        let Some(at) = times.effective() else {
            return if columns < 60 { "no date ".to_owned() } else { "no release date yet ".to_owned() };
        };
        let standing = match times {
            _ if times.actual.is_some() => "released",
            _ if times.announced.is_some() => "announced",
            _ => "target",
        };
        let when = self.short_instant(at);
        if times.actual.is_some() {
            return if columns < 60 { "released ".to_owned() } else { format!("released {when} ") };
        }
        let left = countdown(at, self.app.now);
        if columns < 60 {
            return format!("{left} ");
        }
        if columns >= 100 {
            format!("release {when}   {left}   {standing} ")
        } else {
            format!("release {when}   {left} ")
        }
    }

    /// Each phase with its mark; on narrow screens the marks alone, then the current ones in words.
    fn phase_line(&self, open: &OpenCase, columns: usize) -> Line<'static> {
        let phases: Vec<_> = open.view.phases.iter().filter(|phase| phase.state != PhaseState::Hidden).collect();
        let mark = |state| match state {
            PhaseState::Done => self.mark(Mark::Done),
            PhaseState::Current => self.mark(Mark::Cursor),
            PhaseState::Open | PhaseState::Hidden => self.mark(Mark::Open),
        };
        let (settled, total) = open.view.progress();
        let sum = part(&format!("{settled} of {total} done "), self.style(Role::Quiet));
        let mut parts = vec![part(" ", self.style(Role::Plain))];
        for (index, phase) in phases.iter().enumerate() {
            let (count, role) = match phase.state {
                PhaseState::Current => (format!(" {}/{}", phase.settled, phase.total), Role::Strong),
                _ => (String::new(), Role::Quiet),
            };
            let gap = if index == 0 { "" } else { "   " };
            parts.push(part(&format!("{gap}{} {}{count}", mark(phase.state), phase.title), self.style(role)));
        }
        // The list says the sum as well: the phases come first.
        let taken = total_width(&parts);
        if taken + total_width(std::slice::from_ref(&sum)) < columns {
            return split_line(parts, vec![sum], columns);
        }
        if taken <= columns {
            return line(parts, columns);
        }
        let marks: String = phases.iter().map(|phase| mark(phase.state)).collect();
        let current: Vec<String> = phases
            .iter()
            .filter(|phase| phase.state == PhaseState::Current)
            .map(|phase| format!("{} {}/{}", phase.title, phase.settled, phase.total))
            .collect();
        let words = part(&format!(" {marks}  {}", current.join(", ")), self.style(Role::Plain));
        split_line(vec![words], vec![sum], columns)
    }

    /// The alarm row: a leak that the lead has not closed.
    pub(super) fn alarm(&self, columns: usize) -> Option<Line<'static>> {
        if self.app.shows_fleet() {
            return self.fleet_alarm(columns);
        }
        let open = self.app.open.as_ref()?;
        let leak = open.case.record().open_leak()?.clone();
        let since = crate::schedule::ago(leak.at, self.app.now);
        let what = open.board.leak_told(&leak.what).unwrap_or(leak.what);
        let at = Reader { now: self.app.now, case: None }.clock(leak.at);
        let when = if columns >= 100 { format!("seen {at}, {since}") } else { format!("seen {since}") };
        let style = self.style(Role::Alarm);
        let left = vec![part(&format!(" LEAK  {what}, {when}"), style)];
        let alarm = split_line(left, vec![part("! what to do now ", style)], columns);
        Some(alarm.style(style))
    }
}
