//! What the machine can check for a step: verdict pass, fail or unknown, each with its reason.
//!
//! What can't be looked at is unknown, never a pass. Checks that need repositories are answered from the last looks at
//! them, which come in as values; checks that need messages answer unknown and say so.

mod finding;
mod fixes;
#[cfg(test)]
mod fixture;
mod played;
mod repositories;
mod tags;
mod taken;

pub use played::Played;
pub use repositories::asks_repositories;
pub use taken::take_in;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::case::record::{Grant, Vulnerability};
use crate::case::{Action, Case, Context, Event, EventKind, Moment, Refusal, Summary, View};
use crate::divergence::Look;
use crate::playbook::{Check, CheckKind, ReleaseWindow, Requirement, Verdict, Verdicts};
use crate::schedule::Window;

/// How a zone is found by its IANA name; the caller has the database.
pub type FindZone<'a> = &'a dyn Fn(&str) -> Option<TimeZone>;

/// What the machine looks with.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The instant.
    pub now: Timestamp,
    /// The zones.
    pub find_zone: FindZone<'a>,
    /// What a drill invents; empty for a real case.
    pub played: &'a [Played],
    /// The last looks at the repositories of the case.
    pub looks: &'a [Look],
}

impl<'a> Sight<'a> {
    /// A look at a real case.
    #[must_use]
    pub fn real(now: Timestamp, find_zone: FindZone<'a>, looks: &'a [Look]) -> Self {
        Self { now, find_zone, played: &[], looks }
    }
}

/// Looks at everything that the playbook of a case asks the machine to check.
#[must_use]
pub fn verdicts(case: &Case, sight: Sight<'_>) -> Verdicts {
    let playbook = case.playbook();
    let of_steps = playbook.steps().filter_map(|step| step.check.as_ref());
    let of_gates = playbook.gates.iter().flat_map(|gate| gate.all_requirements());
    let of_gates = of_gates.filter_map(|requirement| match requirement {
        Requirement::Check(check) => Some(check),
        _ => None,
    });
    let found = |check: &Check| match verdict(check, case, sight) {
        // A drill plays what the program can't look at, never what stands in the case.
        Verdict::Unknown(why) => played::verdict(check, case, sight).unwrap_or(Verdict::Unknown(why)),
        seen => seen,
    };
    of_steps.chain(of_gates).map(|check| (check.clone(), found(check))).collect()
}

/// What a case means now, with everything that the machine finds. It stays true until something passes that it rests on.
#[must_use]
pub fn view(case: &Case, sight: Sight<'_>) -> View {
    let mut view = case.view(Moment { now: sight.now, verdicts: &verdicts(case, sight) });
    view.valid_until = sooner(view.valid_until, repositories::fresh_until(sight));
    view
}

/// What home shows of a case, likewise.
#[must_use]
pub fn summary(case: &Case, sight: Sight<'_>) -> Summary {
    let mut summary = case.summary(Moment { now: sight.now, verdicts: &verdicts(case, sight) });
    summary.valid_until = sooner(summary.valid_until, repositories::fresh_until(sight));
    summary
}

fn sooner(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// Ids of steps that tick themselves now: their evidence passes, nothing blocks them, and nobody took the tick back.
#[must_use]
pub fn seen(case: &Case, moment: Moment<'_>) -> Vec<String> {
    let taken_back = |id: &str| {
        let events = &case.record().event;
        let last = events.iter().rev().find(|event| speaks_of_tick(event, id, events));
        last.is_some_and(|event| matches!(event.kind, EventKind::Undone | EventKind::Redone | EventKind::StepReopened))
    };
    let view = case.view(moment);
    let steps = view.steps().filter(|step| step.evidence && step.is_doable());
    let passing = steps.filter(|step| matches!(step.check, Some((_, Verdict::Pass(_)))));
    passing.filter(|step| !taken_back(&step.id)).map(|step| step.id.clone()).collect()
}

/// Does an event say whether the step is done? A note or a link on it, taken back or not, does not.
fn speaks_of_tick(event: &Event, step: &str, events: &[Event]) -> bool {
    let direct =
        |event: &Event| event.is_tick_of(step) || (event.kind == EventKind::StepReopened && event.is_about(step));
    match event.kind {
        EventKind::Undone | EventKind::Redone => {
            event.of.as_ref().is_some_and(|of| events.iter().any(|known| known.id == *of && direct(known)))
        }
        _ => direct(event),
    }
}

/// Does what a person asked for, then ticks what the machine sees done because of it. Keys and verbs come through here.
///
/// `ids` gives fresh random ids for events.
///
/// # Errors
/// As [`Case::act`]; the case is unchanged then.
pub fn act(
    case: &mut Case,
    action: Action,
    by: &str,
    sight: Sight<'_>,
    ids: &mut dyn FnMut() -> String,
) -> Result<Event, Refusal> {
    let now = sight.now;
    let found = verdicts(case, sight);
    let event = case.act(action, &Context { now, by, event_id: &ids(), verdicts: &found })?;
    // Something that was taken back stays so until the person goes on: no tick by the machine may follow at once.
    if !matches!(event.kind, EventKind::Undone | EventKind::Redone) {
        tick_seen(case, sight, ids);
    }
    Ok(event)
}

/// Ticks what the machine sees done.
fn tick_seen(case: &mut Case, sight: Sight<'_>, ids: &mut dyn FnMut() -> String) -> Vec<Event> {
    let now = sight.now;
    let found = verdicts(case, sight);
    let steps = seen(case, Moment { now, verdicts: &found });
    let tick = |step: String| {
        let context = Context { now, by: taken::MACHINE, event_id: &ids(), verdicts: &found };
        // What stands in the way of a tick by the machine is no fault of whoever asked for something else.
        case.act(Action::Observe { step }, &context).ok()
    };
    steps.into_iter().filter_map(tick).collect()
}

/// Does a step ask for repositories, by its own check or by a gate before it?
#[must_use]
pub fn step_asks_repositories(case: &Case, step: &str) -> bool {
    let playbook = case.playbook();
    let own = playbook.step(step).and_then(|step| step.check.as_ref());
    let of_gates = playbook.gates_before(step).flat_map(|gate| gate.all_requirements());
    let of_gates = of_gates.filter_map(|requirement| match requirement {
        Requirement::Check(check) => Some(check),
        _ => None,
    });
    own.into_iter().chain(of_gates).any(asks_repositories)
}

/// The release window of a playbook as instants; none if its zone is not in the database.
#[must_use]
pub fn window(window: &ReleaseWindow, find_zone: FindZone<'_>) -> Option<Window> {
    let zone = find_zone(&window.zone)?;
    Some(Window { time: window.time, zone, weekdays: window.weekdays.clone() })
}

/// The next three instants at which a release may happen, if the process has a window.
#[must_use]
pub fn next_windows(case: &Case, after: Timestamp, find_zone: FindZone<'_>) -> Vec<Timestamp> {
    let own = case.playbook().release_window.as_ref().and_then(|own| window(own, find_zone));
    own.map(|window| window.next(after, 3)).unwrap_or_default()
}

fn verdict(check: &Check, case: &Case, sight: Sight<'_>) -> Verdict {
    match check.kind {
        CheckKind::CvssScored => cvss_scored(check, case),
        CheckKind::CveIdKnown => each_vulnerability(case, "has no CVE id", |entry| entry.cve.is_some()),
        CheckKind::MitigationWritten => {
            each_vulnerability(case, "has no mitigation text yet", |entry| entry.mitigation.is_some())
        }
        CheckKind::ReleaseDateInWindow => release_in_window(case, sight.find_zone),
        CheckKind::AccessRevoked => access_revoked(&case.record().grant),
        CheckKind::AnnouncementReady | CheckKind::AnnouncementSent => {
            Verdict::Unknown("messages are not written with this version".to_owned())
        }
        CheckKind::FixOnBranches
        | CheckKind::SameCommits
        | CheckKind::OnlyFix
        | CheckKind::NoLeak
        | CheckKind::InSync
        | CheckKind::TagPresent
        | CheckKind::VersionPin
        | CheckKind::TrackingSafe => repositories::verdict(check, case, sight),
    }
}

fn each_vulnerability(case: &Case, lacks: &str, has: impl Fn(&Vulnerability) -> bool) -> Verdict {
    let entries = &case.record().vulnerability;
    if entries.is_empty() {
        return Verdict::Fail("no vulnerability is entered".to_owned());
    }
    match entries.iter().find(|entry| !has(entry)) {
        Some(entry) => Verdict::Fail(format!("{} {lacks}", entry.id)),
        None => Verdict::Pass(format!("{} of {}", entries.len(), entries.len())),
    }
}

fn cvss_scored(check: &Check, case: &Case) -> Verdict {
    let Some(score) = crate::case::driving_score(case.record(), case.playbook()) else {
        return Verdict::Fail("no vulnerability has a score".to_owned());
    };
    if let Some(words) = score.incomplete() {
        return Verdict::Fail(words);
    }
    if check.is_final && !score.is_final {
        return Verdict::Fail(format!("{} is a draft: the last word is not said", score.base()));
    }
    Verdict::Pass(format!("{} {}", score.base(), score.vector))
}

fn release_in_window(case: &Case, find_zone: FindZone<'_>) -> Verdict {
    let playbook = case.playbook();
    let Some(own) = &playbook.release_window else {
        return Verdict::Pass("this process has no release window".to_owned());
    };
    let Some(window) = window(own, find_zone) else {
        return Verdict::Unknown(format!("the zone {} is not known", own.zone));
    };
    let release = playbook.embargo_end().and_then(|anchor| case.record().anchor(&anchor.id));
    let Some(at) = release else { return Verdict::Fail("no release date is set".to_owned()) };
    match window.why_not(at) {
        None => Verdict::Pass(format!("{at} is inside the window")),
        Some(why) => Verdict::Fail(why),
    }
}

fn access_revoked(grants: &[Grant]) -> Verdict {
    let open: Vec<&str> = grants.iter().filter(|grant| grant.ended.is_none()).map(|grant| grant.who.as_str()).collect();
    if grants.is_empty() {
        return Verdict::Unknown("no access was noted in this case".to_owned());
    }
    if open.is_empty() {
        return Verdict::Pass(format!("all {} have ended", grants.len()));
    }
    Verdict::Fail(format!("{} still have access: {}", open.len(), open.join(", ")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::case::{NewCase, ReleaseInstant};
    use crate::playbook::{Playbook, builtin};

    #[allow(clippy::unnecessary_wraps, reason = "the signature is a database's")]
    fn utc(_: &str) -> Option<TimeZone> {
        Some(TimeZone::UTC)
    }

    /// The release date lies in the window, so that the program ticks the step that hits it.
    fn gardener() -> Case {
        let playbook = Arc::new(Playbook::parse(builtin("gardener").unwrap()).unwrap());
        let now: Timestamp = "2026-11-19T16:12:00Z".parse().unwrap();
        let new = NewCase {
            id: "slate-kangaroo".into(),
            title: "A title".into(),
            playbook,
            sha256: "0".repeat(64),
            project: None,
            components: Vec::new(),
            people: Vec::new(),
            facts: Vec::new(),
            anchors: vec![("release".into(), ReleaseInstant::Target, "2026-12-01T16:00:00Z".parse().unwrap())],
        };
        let context = Context { now, by: "lead", event_id: "e0", verdicts: crate::case::NO_VERDICTS };
        new.start(&context).unwrap()
    }

    #[test]
    fn a_tick_that_was_taken_back_stays_so_whatever_is_noted_on_the_step() {
        let mut case = gardener();
        let mut count = 0;
        let mut ids = || {
            count += 1;
            format!("e{count}")
        };
        let now: Timestamp = "2026-11-19T17:00:00Z".parse().unwrap();
        let mut does =
            |case: &mut Case, action| act(case, action, "lead", Sight::real(now, &utc, &[]), &mut ids).unwrap();
        let note = |step: &str| Action::Note { step: step.into(), text: "a note".into() };
        let is_done = |case: &Case| case.record().step("ga.rel.time", None).is_some_and(|step| step.state.is_settled());
        does(&mut case, note("ga.intake.report"));
        assert!(is_done(&case), "evidence ticks its step");
        does(&mut case, note("ga.rel.time"));
        does(&mut case, Action::Undo);
        does(&mut case, note("ga.intake.report"));
        assert!(is_done(&case), "a note that was taken back says nothing of the tick");
        does(&mut case, Action::Reopen { step: "ga.rel.time".into(), item: None });
        does(&mut case, note("ga.rel.time"));
        does(&mut case, note("ga.intake.report"));
        assert!(!is_done(&case), "nor does a note bring it back");
    }

    #[test]
    fn a_note_that_was_taken_back_does_not_keep_evidence_from_being_seen() {
        let mut case = gardener();
        let now: Timestamp = "2026-11-19T17:00:00Z".parse().unwrap();
        let context = |id: &'static str| Context { now, by: "lead", event_id: id, verdicts: crate::case::NO_VERDICTS };
        case.act(Action::Note { step: "ga.rel.time".into(), text: "a note".into() }, &context("e1")).unwrap();
        case.act(Action::Undo, &context("e2")).unwrap();
        let found = verdicts(&case, Sight::real(now, &utc, &[]));
        assert_eq!(seen(&case, Moment { now, verdicts: &found }), ["ga.rel.time"]);
    }
}
