//! How instants and deadlines are said on screen.

use jiff::Timestamp;

use super::Screen;
use super::lines::{Part, part};
use super::theme::Role;
use crate::case::{NextItem, StepView};
use crate::schedule::{DueAt, countdown, in_zones, stamp};

const DAY: i64 = 24 * 3_600;

impl Screen<'_> {
    /// «in 2d 3h», «3h late», «now», or nothing; late is red, due within a day yellow.
    pub(super) fn due(&self, due: Option<DueAt>) -> Part {
        let now = self.app.now;
        match due {
            Some(DueAt { at: Some(at), asap, .. }) => {
                let left = at.as_second() - now.as_second();
                let role = match left {
                    _ if left < 0 => Role::Bad,
                    _ if left < DAY || asap => Role::Look,
                    _ => Role::Plain,
                };
                let text = if asap && left >= 0 { "now".to_owned() } else { countdown(at, now) };
                part(&text, self.style(role))
            }
            Some(DueAt { asap: true, .. }) => part("now", self.style(Role::Look)),
            Some(DueAt { asap: false, .. }) | None => part("", self.style(Role::Plain)),
        }
    }

    /// «until Thu 26 Nov 16:12 UTC, 17:12 Berlin».
    pub(super) fn until(&self, due: Option<DueAt>) -> Option<String> {
        let due = due?;
        match (due.at, due.asap) {
            (Some(at), false) => Some(format!("until {}", self.instant(at))),
            (Some(at), true) => Some(format!("as soon as possible, at the latest {}", self.instant(at))),
            (None, true) => Some("as soon as possible".to_owned()),
            (None, false) => None,
        }
    }

    /// «Thu 26 Nov 16:12 UTC, 17:12 Berlin».
    pub(super) fn instant(&self, at: Timestamp) -> String {
        in_zones(at, self.app.now, &self.app.zones)
    }

    /// «Thu 26 Nov 16:12 UTC».
    pub(super) fn short_instant(&self, at: Timestamp) -> String {
        stamp(at, self.app.now, &jiff::tz::TimeZone::UTC, "UTC")
    }

    /// «Thu 26 Nov»: the day alone.
    pub(super) fn day(&self, at: Timestamp) -> String {
        let stamp = self.short_instant(at);
        stamp.rsplitn(3, ' ').last().unwrap_or_default().to_owned()
    }

    /// «3d ago»: the first unit only.
    pub(super) fn short_ago(&self, at: Timestamp) -> String {
        let ago = crate::schedule::ago(at, self.app.now);
        match ago.split(' ').collect::<Vec<_>>()[..] {
            [first, second, "ago"] if second.starts_with(|c: char| c.is_ascii_digit()) => format!("{first} ago"),
            _ => ago,
        }
    }

    /// What stands at the right of a step: when it was done, who is waited for, or when it is due.
    pub(super) fn step_when(&self, step: &StepView) -> Part {
        if let Some(at) = step.done_at {
            let at = self.short_instant(at);
            return part(at.strip_suffix(" UTC").unwrap_or(&at), self.style(Role::Quiet));
        }
        if step.waiting_on.is_some() {
            let since = step.since.map(|at| self.short_ago(at)).unwrap_or_default();
            return part(&format!("asked {since}"), self.style(Role::Plain));
        }
        if !step.depends_on.is_empty() {
            return part("", self.style(Role::Quiet));
        }
        // «Now» would be a lie for what may not be done yet.
        let at_once = step.due.is_some_and(|due| due.asap && due.at.is_none());
        if at_once && !step.blocked_by.is_empty() {
            return part("then at once", self.style(Role::Quiet));
        }
        self.due(step.due)
    }

    /// The same for something next.
    pub(super) fn next_when(&self, item: &NextItem) -> Part {
        self.due(item.due)
    }
}
