//! Where the simulated clock goes next.

use jiff::Timestamp;

use crate::case::record::Record;
use crate::case::{StepView, View};
use crate::evidence::Played;

/// An instant at which something happens, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// When.
    pub at: Timestamp,
    /// What, as a clause.
    pub what: String,
}

/// The first instant after `now` at which something is due, may be done, was promised, or somebody answers.
///
/// The second value is the first thing that is due at `now` or late already: the clock goes past it.
#[must_use]
pub fn next_stop(view: &View, record: &Record, played: &[Played], now: Timestamp) -> (Option<Stop>, Option<Stop>) {
    let (ahead, behind): (Vec<Stop>, Vec<Stop>) = stops(view, record, played).partition(|stop| stop.at > now);
    let first = |stops: Vec<Stop>| {
        // Of several at one instant the first that was listed counts: the weightiest kind comes first.
        stops.into_iter().reduce(|first, other| if other.at < first.at { other } else { first })
    };
    let late = first(behind.into_iter().filter(|stop| stop.what.ends_with(IS_DUE)).collect());
    (first(ahead), late)
}

const IS_DUE: &str = "is due";

fn stops<'a>(view: &'a View, record: &'a Record, played: &'a [Played]) -> impl Iterator<Item = Stop> + 'a {
    let stop = |at: Timestamp, what: String| Stop { at, what };
    let open = || view.steps().filter(|step| step.is_open() && !step.standing && step.depends_on.is_empty());
    let release = view.release.actual.is_none().then(|| view.release.effective()).flatten();
    let release = release.map(|at| stop(at, "the hour of the release".to_owned()));
    let not_before =
        open().filter_map(move |step| step.not_before.map(|at| stop(at, format!("«{}» may be done now", step.title))));
    let answers = played.iter().filter_map(move |played| {
        played.from.map(|at| stop(at, format!("others have answered: {}", played.verdict.reason())))
    });
    let promises = record.person.iter().filter_map(move |person| {
        let name = person.name.as_deref().unwrap_or(&person.id);
        person.next_update.map(|at| stop(at, format!("{name} was promised word, and that {IS_DUE}")))
    });
    let due = open().filter_map(move |step: &StepView| {
        let at = step.due.and_then(|due| due.at)?;
        Some(stop(at, format!("«{}» {IS_DUE}", step.title)))
    });
    release.into_iter().chain(not_before).chain(answers).chain(promises).chain(due)
}
