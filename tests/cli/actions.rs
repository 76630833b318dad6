//! Whatever can be done to a case can be done by a verb.

use fixlead::case::record::LeakExtent;
use fixlead::case::{Action, ReleaseInstant, SwitchTo, Tick};
use fixlead::playbook::{Playbook, builtin};

use crate::house::House;

/// The verb for an action. No wildcard: a new action does not compile until it has one.
fn verb(action: &Action) -> Option<&'static [&'static str]> {
    Some(match action {
        // The program does this by itself when evidence passes.
        Action::Observe { .. } => return None,
        Action::Do(_) => &["case", "do"],
        Action::Start { .. } => &["case", "start"],
        Action::Reopen { .. } => &["case", "reopen"],
        Action::Wait { .. } => &["case", "wait"],
        Action::Assign { .. } => &["case", "assign"],
        Action::Note { .. } => &["case", "note"],
        Action::Link { .. } => &["case", "link"],
        Action::SetAside { .. } => &["case", "skip"],
        Action::SetFacts(_) => &["case", "fact"],
        Action::SetAnchor { .. } => &["case", "at"],
        Action::Move { .. } => &["case", "move"],
        Action::SlowDown { .. } => &["case", "slow"],
        Action::Grant { .. } => &["case", "grant"],
        Action::Revoke { .. } => &["case", "revoke"],
        Action::HandOver { .. } => &["case", "hand-over"],
        Action::Accept => &["case", "accept"],
        Action::Undo => &["case", "undo"],
        Action::Redo => &["case", "redo"],
        Action::Expose { .. } => &["case", "expose"],
        Action::Publish => &["case", "publish"],
        Action::ReportLeak { .. } | Action::CloseLeak { .. } => &["leak"],
        Action::Close { .. } => &["case", "close"],
        Action::Switch(_) => &["case", "switch"],
        Action::Archive => &["case", "archive"],
        Action::Unarchive => &["case", "unarchive"],
        Action::Set { .. } => &["case", "set"],
        Action::Score { .. } => &["case", "score"],
    })
}

fn all() -> Vec<Action> {
    let text = String::new;
    let at = "2026-11-24T13:00:00Z".parse().unwrap();
    let playbook = std::sync::Arc::new(Playbook::parse(builtin("emissary").unwrap()).unwrap());
    vec![
        Action::Do(Tick::of("x")),
        Action::Observe { step: text() },
        Action::Start { step: text(), codename: None, override_why: None },
        Action::Reopen { step: text(), item: None },
        Action::Wait { step: text(), on: text() },
        Action::Assign { step: text(), who: text() },
        Action::Note { step: text(), text: text() },
        Action::Link { step: text(), url: text() },
        Action::SetAside { step: text(), item: None, why: text() },
        Action::SetFacts(Vec::new()),
        Action::SetAnchor { anchor: text(), which: ReleaseInstant::Target, at: None, why: None },
        Action::Move { target: text(), to: at, why: text() },
        Action::SlowDown { until: at, why: text(), discussed: text() },
        Action::Grant { who: text(), what: text() },
        Action::Revoke { who: text(), what: text() },
        Action::HandOver { to: text(), note: None },
        Action::Accept,
        Action::Undo,
        Action::Redo,
        Action::Expose { codename: text() },
        Action::Publish,
        Action::ReportLeak { extent: LeakExtent::Partial, what: text() },
        Action::CloseLeak { why: text() },
        Action::Close { ending: None, why: None },
        Action::Switch(Box::new(SwitchTo { playbook, sha256: text() })),
        Action::Archive,
        Action::Unarchive,
        Action::Set { path: text(), value: text() },
        Action::Score { vulnerability: text(), vector: text(), why: None, is_final: false },
    ]
}

#[test]
fn every_action_has_a_verb_that_is_offered() {
    let house = House::new();
    for action in all() {
        let Some(verb) = verb(&action) else { continue };
        let help = house.run(&[verb, &["--help"]].concat()).ok();
        assert!(help.out.contains("Usage: fixlead"), "{verb:?}: {}", help.out);
    }
}

#[test]
fn what_the_machine_sees_is_ticked_by_itself() {
    let house = House::new();
    let id = house.case("gardener");
    let step = house.step(&id, "ga.rel.time");
    assert_eq!((&step["evidence"], &step["check"]["verdict"]), (&true.into(), &"fail".into()), "{step}");
    let window = house.json(&["case", "at", &id, "release=2026-11-28T03:00:00Z"]);
    let inside = format!("release={}", window["outside_window"]["next"][0].as_str().unwrap());
    house.run(&["case", "at", &id, &inside]).ok();
    assert_eq!(house.step(&id, "ga.rel.time")["state"], "done");
    assert!(house.kinds(&id).contains(&"evidence_seen".to_owned()), "{:?}", house.kinds(&id));
}
