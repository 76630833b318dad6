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
#[cfg(test)]
mod tests;

pub use played::Played;
pub use repositories::asks_repositories;
pub use taken::take_in;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::repositories::{Repositories, Scope};
use crate::case::address::{self, entry_key};
use crate::case::record::{Grant, StepState, Vulnerability};
use crate::case::{
    Action, Case, Context, Event, EventKind, Moment, Part, Refusal, StepView, Summary, View, components_expecting,
    parts,
};
use crate::divergence::{Expected, Look};
use crate::findings::Brief;
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
    let repositories = Repositories::new(case, sight);
    let found = |check: &Check, scope: Scope<'_>| match verdict(check, scope, &repositories) {
        // A drill plays what the program can't look at, never what stands in the case.
        Verdict::Unknown(why) => played::verdict(check, case, sight).unwrap_or(Verdict::Unknown(why)),
        seen => seen,
    };
    let mut verdicts = Verdicts::new();
    for check in of_steps.chain(of_gates) {
        verdicts.insert(check.clone(), found(check, Scope::All));
    }
    of_items(case, &found, &mut verdicts);
    verdicts
}

/// Steps that are done for each branch or component are judged for each of them, and without those that are set aside.
fn of_items(case: &Case, found: &dyn Fn(&Check, Scope<'_>) -> Verdict, verdicts: &mut Verdicts) {
    let aside = case.record().step.iter().filter(|row| row.state == StepState::NotApplicable);
    let aside: BTreeSet<_> = aside.filter_map(|row| Some((row.id.as_str(), row.item.as_deref()?))).collect();
    for step in case.playbook().steps() {
        let (Some(check), Some(each)) = (&step.check, step.each) else { continue };
        let parts = if asks_repositories(check) { parts(each, case.record()) } else { Vec::new() };
        if parts.is_empty() {
            continue;
        }
        if verdicts.of_items(step).is_none() {
            let items = parts.iter().map(|part| (part.id(), found(check, Scope::Only(*part)))).collect();
            verdicts.insert_items(check.clone(), each, items);
        }
        let without: Vec<Part<'_>> =
            parts.into_iter().filter(|part| aside.contains(&(step.id.as_str(), part.id().as_str()))).collect();
        if !without.is_empty() {
            verdicts.insert_step(&step.id, found(check, Scope::Without(&without)));
        }
    }
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
    summary.branches = Some(Brief::of(&components_expecting(case, Expected::Equal), sight.looks));
    summary
}

fn sooner(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// Steps, and items of steps, that tick themselves now: their evidence passes, nothing blocks them, and nobody took the
/// tick back.
///
/// A step whose items are all seen is ticked as one. Where something beside the items still speaks against it, such as a
/// component of which no branch is known, they wait for it: what a machine ticks must not end a step that does not hold.
#[must_use]
pub fn seen(case: &Case, moment: Moment<'_>) -> Vec<(String, Option<String>)> {
    let view = case.view(moment);
    let steps = view.steps().filter(|step| step.evidence && step.is_doable());
    steps.flat_map(|step| seen_of(step, &case.record().event)).collect()
}

fn seen_of(step: &StepView, events: &[Event]) -> Vec<(String, Option<String>)> {
    let is_seen = |item: Option<&str>| {
        matches!(step.verdict(item), Some(Verdict::Pass(_))) && !is_taken_back(&step.id, item, events)
    };
    let open: Vec<&str> =
        step.items.iter().filter(|item| !item.state.is_settled()).map(|item| item.id.as_str()).collect();
    let seen: Vec<&str> = open.iter().copied().filter(|item| is_seen(Some(item))).collect();
    if seen.len() < open.len() {
        return seen.into_iter().map(|item| (step.id.clone(), Some(item.to_owned()))).collect();
    }
    // Of each item it is known already that nobody took its tick back.
    let holds =
        if step.items.is_empty() { is_seen(None) } else { matches!(step.verdict(None), Some(Verdict::Pass(_))) };
    holds.then(|| (step.id.clone(), None)).into_iter().collect()
}

/// Did somebody take the last tick of a step back, or of one of its items?
fn is_taken_back(step: &str, item: Option<&str>, events: &[Event]) -> bool {
    let last = events.iter().rev().find(|event| speaks_of_tick(event, step, item, events));
    last.is_some_and(|event| matches!(event.kind, EventKind::Undone | EventKind::Redone | EventKind::StepReopened))
}

/// Does an event say whether the step, or the item, is done? A note or a link on it, taken back or not, does not.
fn speaks_of_tick(event: &Event, step: &str, item: Option<&str>, events: &[Event]) -> bool {
    let state = item.map(|item| address::join(&address::join("step", &entry_key(step, Some(item))), "state"));
    let touches = |event: &Event| {
        state.as_ref().is_none_or(|state| event.before.contains_key(state) || event.after.contains_key(state))
    };
    let direct = |event: &Event| {
        (event.is_tick_of(step) || (event.kind == EventKind::StepReopened && event.is_about(step))) && touches(event)
    };
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
    let tick = |(step, item): (String, Option<String>)| {
        let context = Context { now, by: taken::MACHINE, event_id: &ids(), verdicts: &found };
        // What stands in the way of a tick by the machine is no fault of whoever asked for something else.
        case.act(Action::Observe { step, item }, &context).ok()
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

fn verdict(check: &Check, scope: Scope<'_>, repositories: &Repositories<'_>) -> Verdict {
    let (case, sight) = (repositories.case, repositories.sight);
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
        | CheckKind::TrackingSafe => repositories.verdict(check, scope),
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
