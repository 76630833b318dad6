//! From the deadline of a playbook to the instant of a case.

use jiff::{SignedDuration, Timestamp};

use crate::playbook::{Condition, Deadline, Due, Known, Span, Truth};

/// When something is due. All of it may be unknown as long as an anchor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueAt {
    /// Late past this instant.
    pub at: Option<Timestamp>,
    /// Aim for this instant.
    pub aim: Option<Timestamp>,
    /// As soon as possible.
    pub asap: bool,
}

impl DueAt {
    /// Is it late?
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.at.is_some_and(|at| at < now)
    }

    /// For sorting: «as soon as possible» and what is late come first, then the nearest instant, then what has none.
    #[must_use]
    pub fn urgency(&self, now: Timestamp) -> (u8, Option<Timestamp>) {
        let class = match self {
            _ if self.asap || self.is_late(now) => 0,
            Self { at: Some(_), .. } => 2,
            _ => 3,
        };
        (class, self.at)
    }
}

/// An instant a span later; none past the end of the calendar.
#[must_use]
pub fn later(at: Timestamp, span: Span) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_secs(span.seconds())).ok()
}

/// The deadline that counts for what is known: that of the first case that holds. None where there is no deadline.
#[must_use]
pub fn counting<'d>(due: &'d Due, known: &dyn Known) -> Option<&'d Deadline> {
    let holds = |when: &Option<Condition>| when.as_ref().is_none_or(|when| when.truth(known) == Truth::Yes);
    due.cases.iter().find(|case| holds(&case.when)).map(|case| &case.by)
}

/// The deadline that counts for what is known, in instants. None where there is no deadline.
///
/// `anchor` tells the instant of an anchor. `not_sooner_than` is the end of a slow-down: it puts off what runs for a
/// span, never what hangs on the release.
#[must_use]
pub fn due_at(
    due: &Due,
    known: &dyn Known,
    anchor: &dyn Fn(&str) -> Option<Timestamp>,
    not_sooner_than: Option<Timestamp>,
) -> Option<DueAt> {
    let deadline = counting(due, known)?;
    let put_off = |at: Option<Timestamp>| at.map(|at| not_sooner_than.map_or(at, |until| at.max(until)));
    Some(match deadline {
        Deadline::Asap => DueAt { asap: true, ..DueAt::default() },
        Deadline::Before(id) | Deadline::At(id) => DueAt { at: anchor(id), ..DueAt::default() },
        Deadline::After { span, anchor: id } => {
            DueAt { at: put_off(anchor(id).and_then(|at| later(at, *span))), ..DueAt::default() }
        }
        Deadline::Window { from, to, anchor: id } => {
            let start = anchor(id);
            let aim = start.and_then(|at| later(at, *from));
            DueAt { at: put_off(start.and_then(|at| later(at, *to))), aim: put_off(aim), asap: false }
        }
    })
}
