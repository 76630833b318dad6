//! What the tests of evidence stand on.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::case::{Action, Case, Context, Event, NO_VERDICTS, NewCase};
use crate::divergence::Oid;
use crate::playbook::{Playbook, builtin};

pub(super) const NOW: &str = "2026-11-24T13:00:00Z";

#[allow(clippy::unnecessary_wraps, reason = "the signature is a database's")]
pub(super) fn utc(_: &str) -> Option<TimeZone> {
    Some(TimeZone::UTC)
}

/// Forty times the same digit.
pub(super) fn oid(digit: char) -> Oid {
    digit.to_string().repeat(40).parse().unwrap()
}

/// A case with these fields; a blank one is left out.
pub(super) fn case(playbook: &str, fields: &[(&str, &str)]) -> Case {
    let playbook = Arc::new(Playbook::parse(builtin(playbook).unwrap()).unwrap());
    let now: Timestamp = NOW.parse().unwrap();
    let new = NewCase {
        id: "slate-kangaroo".into(),
        title: "A title".into(),
        playbook,
        sha256: "0".repeat(64),
        project: None,
        components: Vec::new(),
        people: Vec::new(),
        facts: Vec::new(),
        anchors: Vec::new(),
    };
    let mut case = new.start(&Context { now, by: "lead", event_id: "e0", verdicts: NO_VERDICTS }).unwrap();
    for (path, value) in fields {
        act(&mut case, Action::set(*path, *value));
    }
    case
}

/// What the lead does.
pub(super) fn act(case: &mut Case, action: Action) -> Event {
    let event_id = format!("e{}", case.record().event.len());
    let context = Context { now: NOW.parse().unwrap(), by: "lead", event_id: &event_id, verdicts: NO_VERDICTS };
    case.act(action, &context).unwrap()
}
