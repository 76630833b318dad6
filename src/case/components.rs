//! What the repositories of a case are asked: a question for each component that says where they are.

use jiff::{SignedDuration, Timestamp};

use super::action::ObstacleKind;
use super::record::{self, Fix, Record, State};
use super::view::{Moment, PhaseState, PhaseView, StepView};
use super::{Case, NO_VERDICTS};
use crate::divergence::{Component, Expected, MIRROR_LAG, Role, Wanted};
use crate::playbook::{FactDef, FactKind, Span};

#[cfg(test)]
mod tests;

/// The fact that looks answer, where a process asks it with yes or no: whether the sync needs a person.
pub const CONFLICT: &str = "conflict";

/// What is asked of each component that has a URL. The others, such as an image that is only built, are left out.
#[must_use]
pub fn components(case: &Case) -> Vec<Component> {
    let expected = match expected(case) {
        // A fix that is named is private until it is exposed, however far the steps are ticked.
        Expected::Equal if is_embargoed(case.record()) && case.record().fix.iter().any(|fix| commit(fix).is_some()) => {
            Expected::PrivateAhead
        }
        planned => planned,
    };
    components_expecting(case, expected)
}

/// The same where it does not matter which divergence is planned, which takes a look at the whole process.
#[must_use]
pub fn components_expecting(case: &Case, expected: Expected) -> Vec<Component> {
    case.record().component.iter().filter_map(|component| question(case.record(), component, expected)).collect()
}

/// Is what is private still to be kept? Not from RELEASING on: what its steps expose is no leak.
#[must_use]
pub fn is_embargoed(record: &Record) -> bool {
    matches!(record.state, State::Embargo | State::Leaked) && record.reached() == State::Embargo
}

/// Ids of fixes with a commit that no component is asked for: they name none although there are several, or one without
/// a URL. Nothing that is found says anything of them.
#[must_use]
pub fn fixes_nowhere(case: &Case) -> Vec<&str> {
    let record = case.record();
    let asked = |fix: &Fix| {
        record.component.iter().any(|component| !urls(component).is_empty() && is_of(fix, component, record))
    };
    let with_commit = record.fix.iter().filter(|fix| commit(fix).is_some());
    with_commit.filter(|fix| !asked(fix)).map(|fix| fix.id.as_str()).collect()
}

fn question(record: &Record, component: &record::Component, expected: Expected) -> Option<Component> {
    let urls = urls(component);
    if urls.is_empty() {
        return None;
    }
    let is_embargoed = is_embargoed(record);
    let fixes = record.fix.iter().filter(|fix| is_of(fix, component, record));
    let fixes = fixes.filter_map(|fix| Some(Wanted { commit: commit(fix)?.to_owned(), is_embargoed })).collect();
    let lag = component.mirror_lag.as_ref().and_then(|text| Span::parse(text).ok());
    Some(Component {
        name: component.id.clone(),
        urls,
        clone: component.clone.clone(),
        branches: component.branches.clone(),
        tags: component.tags.iter().cloned().collect(),
        pin: component.pin.clone(),
        fixes,
        memory: record.id.clone(),
        has_fixes_elsewhere: record.fix.iter().any(|fix| commit(fix).is_some() && !is_of(fix, component, record)),
        is_embargoed,
        expected,
        may_lag: lag.map_or(MIRROR_LAG, |lag| SignedDuration::from_secs(lag.seconds())),
    })
}

fn urls(component: &record::Component) -> std::collections::BTreeMap<Role, String> {
    let given = component.urls.iter().filter(|(_, url)| !url.trim().is_empty());
    given.filter_map(|(role, url)| Some((Role::of(role)?, url.clone()))).collect()
}

/// Can a look answer the question? Then a person is asked only where none has by the time that it counts.
pub(super) fn is_seen(fact: &FactDef, record: &Record) -> bool {
    fact.id == CONFLICT && fact.kind == FactKind::YesNo && record.component.iter().any(|one| !urls(one).is_empty())
}

fn commit(fix: &Fix) -> Option<&str> {
    fix.commit.as_deref().map(str::trim).filter(|commit| !commit.is_empty())
}

/// A fix that names no component belongs to the only one.
fn is_of(fix: &Fix, component: &record::Component, record: &Record) -> bool {
    fix.component.as_ref().map_or(record.component.len() == 1, |id| *id == component.id)
}

/// Which divergence is planned now.
///
/// Each phase may say so (`expects`), and several can be current. Once a phase that plans `in-sync` is reached, which is
/// when the steps before one of its own are done, that counts: the sync has happened, whatever else is open. Before it the
/// earliest phase that has something left to do counts, for what it plans holds until it is over; gates, dates and
/// evidence that still stand in its way do not matter. Where all is done the last one counts. A process that plans nothing
/// has the private side ahead until it is public, and both level afterwards.
fn expected(case: &Case) -> Expected {
    // Neither instants nor evidence decide here.
    let view = case.view(Moment { now: Timestamp::UNIX_EPOCH, verdicts: NO_VERDICTS });
    let planned: Vec<(Expected, &PhaseView)> =
        case.playbook().phases.iter().zip(&view.phases).filter_map(planning).collect();
    let is_over = |phase: &PhaseView| phase.state == PhaseState::Done;
    if planned.iter().any(|(expected, phase)| *expected == Expected::InSync && (is_over(phase) || is_reached(phase))) {
        return Expected::InSync;
    }
    let at_hand = planned.iter().find(|(_, phase)| !is_over(phase)).or(planned.last());
    match at_hand {
        Some((expected, _)) => *expected,
        None if matches!(case.record().reached(), State::Public) => Expected::InSync,
        None => Expected::PrivateAhead,
    }
}

fn planning<'v>((phase, view): (&crate::playbook::Phase, &'v PhaseView)) -> Option<(Expected, &'v PhaseView)> {
    let expected = phase.expects.as_deref().and_then(Expected::of)?;
    (view.state != PhaseState::Hidden).then_some((expected, view))
}

/// Could one of its steps begin, as far as the steps before it and the facts go?
fn is_reached(phase: &PhaseView) -> bool {
    let waits = |step: &StepView| {
        step.blocked_by.iter().any(|obstacle| matches!(obstacle.kind, ObstacleKind::Step | ObstacleKind::Fact))
    };
    let counted = phase.steps.iter().filter(|step| step.is_open() && !step.optional && !step.standing);
    counted.into_iter().any(|step| !waits(step))
}
