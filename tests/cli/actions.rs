//! Whatever can be done to a case can be done by a verb.

#[path = "../shared/actions.rs"]
mod one_of_each;

use fixlead::case::Action;

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
        Action::Note { .. } | Action::Rewrite { .. } => &["case", "note"],
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
        Action::Set(_) => &["case", "set"],
        Action::Resolve(_) => &["case", "resolve"],
        Action::Restore { .. } => &["case", "restore"],
        Action::Score { .. } => &["case", "score"],
    })
}

#[test]
fn every_action_has_a_verb_that_is_offered() {
    let house = House::new();
    for action in one_of_each::all() {
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
