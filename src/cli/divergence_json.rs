//! What was found of components, for programs. Keys and words never change; text from outside stays as it is.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::divergence::{
    Amiss, Expected, FixRow, FixState, Flag, Leak, Leaks, LookedAt, Oid, Outcome, Pair, PairState, PinAt, PinRow,
    PinState, Plan, Report, Role, Side, TagRow, TagState, TrackRow, Tracking,
};
use crate::findings::without_secrets;

/// All of them under `components`.
#[must_use]
pub fn reports(reports: &[Report]) -> Value {
    json!({ "components": reports.iter().map(component).collect::<Vec<_>>() })
}

fn component(report: &Report) -> Value {
    let mut value = json!({
        "name": report.name,
        "expects": Expected::ALL.iter().find(|(_, known)| *known == report.expected).map(|(word, _)| *word),
        "outcome": outcome_word(report.outcome()),
        "pairs": report.pairs.iter().map(pair).collect::<Vec<_>>(),
        "fixes": report.fixes.iter().map(|row| fix(row, report.expected)).collect::<Vec<_>>(),
        "leaks": report.leaks.iter().flat_map(Leaks::found).map(leak).collect::<Vec<_>>(),
    });
    add_leaks(&mut value, report);
    value["tags"] = report.tags.iter().map(|row| tag(row, report.plan_of_tag(row))).collect();
    value["pins"] = report.pins.iter().map(|row| pin(row, report.plan_of_pin(row))).collect();
    value["tracking"] = tracking(&report.tracking);
    let offered = report.offered.iter().map(|one| json!({ "id": one.commit, "subject": one.subject }));
    value["offered"] = offered.collect();
    value["looked_at"] = report.looked_at.iter().map(looked_at).collect();
    value["errors"] = json!(report.errors);
    value
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AsPlanned => "as_planned",
        Outcome::NeedsYou => "needs_you",
        Outcome::Unknown => "unknown",
        Outcome::Leak => "leak",
    }
}

/// By the role of each remote.
fn by_role(values: impl Iterator<Item = (Role, Value)>) -> Value {
    Value::Object(values.map(|(role, value)| (role.word().to_owned(), value)).collect::<Map<_, _>>())
}

fn pair(pair: &Pair) -> Value {
    let tip = |side: &Side| match side {
        Side::Tip(tip) => json!(tip),
        Side::Absent | Side::Unknown(_) => Value::Null,
    };
    let [a, b] = &pair.tips;
    let conflicts = match &pair.state {
        PairState::DivergedConflict(conflicts) => conflicts.as_slice(),
        _ => &[],
    };
    let flags = Flag::ALL.iter().filter(|(_, flag)| pair.flags.contains(flag)).map(|(word, _)| *word);
    json!({
        "branch": pair.branch,
        "a": pair.a.word(),
        "b": pair.b.word(),
        "ahead": pair.counts.map(|(ahead, _)| ahead),
        "behind": pair.counts.map(|(_, behind)| behind),
        "state": pair.state.word(),
        "flags": flags.collect::<Vec<_>>(),
        "reason": match &pair.state {
            PairState::Unknown(why) => Some(why),
            _ => None,
        },
        "conflicts": conflicts.iter().map(|one| json!({ "path": one.path, "kind": one.kind })).collect::<Vec<_>>(),
        "equal_patches": pair.equal_patches,
        "tips": by_role([(pair.a, tip(a)), (pair.b, tip(b))].into_iter()),
        "planned": plan_word(pair.plan),
        "ahead_since": pair.ahead_since.map(|at| at.to_string()),
        "others": pair.others,
    })
}

fn plan_word(plan: Plan) -> &'static str {
    match plan {
        Plan::AsPlanned => "as_planned",
        Plan::NeedsPerson => "needs_person",
        Plan::Unplanned => "unplanned",
        Plan::Unknown => "unknown",
    }
}

fn fix(fix: &FixRow, expected: Expected) -> Value {
    let branches = |told: fn(&FixState) -> Value| {
        let row = |row: &BTreeMap<Role, FixState>| by_role(row.iter().map(|(role, state)| (*role, told(state))));
        Value::Object(fix.branches.iter().map(|(branch, states)| (branch.clone(), row(states))).collect::<Map<_, _>>())
    };
    json!({
        "id": fix.commit,
        "subject": fix.subject,
        "embargoed": fix.embargoed,
        "branches": branches(|state| json!(state.word())),
        "evidence": branches(fix_evidence),
        "amiss": fix.amiss(expected).into_iter().map(amiss).collect::<Vec<_>>(),
    })
}

fn amiss(amiss: Amiss<'_>) -> Value {
    match amiss {
        Amiss::Reverted { branch, remote, landed } => {
            json!({ "what": "reverted", "branch": branch, "remote": remote.word(), "commit": landed })
        }
        Amiss::NotPublic { branch } => json!({ "what": "not_public", "branch": branch }),
        Amiss::Nowhere => json!({ "what": "nowhere" }),
    }
}

fn fix_evidence(state: &FixState) -> Value {
    let (commit, reason) = match state {
        FixState::Reverted(commit)
        | FixState::ById(commit)
        | FixState::ByPatch(commit)
        | FixState::ByTrailer(commit) => (Some(commit), None),
        FixState::ByContent | FixState::Absent => (None, None),
        FixState::Unknown(why) => (None, Some(why)),
    };
    json!({ "commit": commit, "reason": reason })
}

/// Only what everybody can read can leak.
fn leak(leak: &Leak) -> Value {
    json!({
        "fix": leak.fix,
        "remote": Role::Canonical.word(),
        "ref": leak.reference,
        "how": leak.how.word(),
        "commit": leak.commit,
    })
}

/// An empty list of leaks says nothing by itself: this says what it means.
fn add_leaks(value: &mut Value, report: &Report) {
    let leaks = report.leaks.as_ref();
    let state = match leaks.map(Leaks::is_clear) {
        None => "not_asked",
        Some(Some(true)) => "clear",
        Some(Some(false)) => "found",
        Some(None) => "unknown",
    };
    let (refs, why) = match leaks {
        Some(Leaks::Looked { refs, .. }) => (Some(refs), None),
        Some(Leaks::Unknown { why, .. }) => (None, Some(why)),
        None => (None, None),
    };
    value["leaks_state"] = json!(state);
    value["leaks_refs"] = json!(refs);
    value["leaks_reason"] = json!(why);
    value["private_since"] = json!(report.private_since.map(|at| at.to_string()));
}

fn tag(tag: &TagRow, plan: Plan) -> Value {
    let remotes = |told: fn(Oid, Option<Oid>) -> Value| {
        let at = tag.remotes.iter();
        by_role(at.map(|(role, at)| (*role, at.map_or(Value::Null, |at| told(at.object, at.commit)))))
    };
    json!({
        "name": tag.name,
        "state": tag.state.word(),
        "planned": plan_word(plan),
        "remotes": remotes(|object, _| json!(object)),
        "commits": remotes(|_, commit| json!(commit)),
        "holds_fixes": by_role(tag.holds_fixes.iter().map(|(role, holds)| (*role, json!(holds)))),
        "reason": match &tag.state {
            TagState::Unknown(why) => Some(why),
            _ => None,
        },
    })
}

fn pin(pin: &PinRow, plan: Plan) -> Value {
    let text = |at: &PinAt| match at {
        PinAt::Text(text) => json!(text),
        PinAt::FileMissing | PinAt::BranchMissing | PinAt::Unknown(_) => Value::Null,
    };
    json!({
        "branch": pin.branch,
        "state": pin.state.word(),
        "planned": plan_word(plan),
        "remotes": by_role(pin.remotes.iter().map(|(role, at)| (*role, text(at)))),
        "holds_fixes": by_role(pin.holds_fixes.iter().map(|(role, holds)| (*role, json!(holds)))),
        "reason": match &pin.state {
            PinState::Unknown(why) => Some(why),
            _ => None,
        },
    })
}

fn tracking(tracking: &Tracking) -> Value {
    let (state, reason, rows) = match tracking {
        Tracking::NoClone => ("no_clone", None, &[][..]),
        Tracking::Unknown(why) => ("unknown", Some(why), &[][..]),
        Tracking::Looked(rows) => ("looked", None, rows.as_slice()),
    };
    let row =
        |row: &TrackRow| json!({ "branch": row.branch, "url": without_secrets(&row.url), "why_not": row.why_not });
    json!({ "state": state, "reason": reason, "branches": rows.iter().map(row).collect::<Vec<_>>() })
}

fn looked_at(looked: &LookedAt) -> Value {
    json!({ "remote": looked.remote.word(), "refs": looked.refs, "at": looked.at.to_string() })
}
