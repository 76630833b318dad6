//! Instants, deadlines, slow-downs, and what was planned against what was.

use serde_json::json;

use crate::house::House;

#[test]
fn an_instant_is_echoed_on_all_clocks_before_and_after() {
    let house = House::new();
    let id = house.case("emissary");
    let set = house.run(&["case", "at", &id, "release=2026-12-01 17:00 Europe/Berlin"]).ok();
    set.says("before: not known").says("now: Tue 1 Dec 16:00 UTC, 17:00 Berlin   in 7d 3h");
    let moved = house.json(&["case", "at", &id, "release=2026-12-02T16:00:00Z", "--why", "the fix is late"]);
    assert_eq!((&moved["before"], &moved["after"]), (&json!("2026-12-01T16:00:00Z"), &json!("2026-12-02T16:00:00Z")));
    house.run(&["case", "at", &id, "release.announced=2026-12-02T16:00:00Z"]).ok();
    let times = house.show(&id)["anchors"]["release"].clone();
    assert_eq!(times, json!({ "target": "2026-12-02T16:00:00Z", "announced": "2026-12-02T16:00:00Z", "actual": null }));
    house.run(&["case", "at", &id, "release.actual=2h ago"]).ok().says("2h ago");
    house.run(&["case", "at", &id, "release.actual=?"]).ok().says("now: not known");
    house.run(&["case", "at", &id, "disclosed=yesterday 17:12 UTC"]).ok();
    assert_eq!(house.show(&id)["anchors"]["disclosed"], "2026-11-23T17:12:00Z");
    house.run(&["case", "at", &id, "disclosed=?"]).ok();
    assert_eq!(house.show(&id)["anchors"].get("disclosed"), None);
}

#[test]
fn an_hour_without_a_zone_is_asked_for_never_guessed() {
    let house = House::new();
    let id = house.case("emissary");
    let before = house.case_file(&id);
    house.run(&["case", "at", &id, "release=2026-12-01 16:00"]).exits(2).complains("2026-12-01 16:00 UTC");
    house.run(&["case", "at", &id, "release"]).exits(2).complains("NAME=VALUE");
    house.run(&["case", "at", &id, "release.anounced=now"]).exits(2).complains("announced");
    house.run(&["case", "at", &id, "disclosed.announced=now"]).exits(2).complains("one instant only");
    house.run(&["case", "at", &id, "relaese=now"]).exits(4).complains("did you mean release?");
    house.run(&["--now", "2026-12-01 16:00", "case", "list"]).exits(2);
    house.run(&["case", "move", &id, "em.fix.cvss", "--to", "tomorrow 12:00", "--why", "x"]).exits(2).complains("zone");
    assert_eq!(house.case_file(&id), before);
}

#[test]
fn outside_the_window_the_next_three_are_named() {
    let house = House::new();
    let id = house.case("gardener");
    let window = &house.json(&["playbook", "show", "gardener"])["release_window"];
    assert!(window.is_object(), "{window}");
    let saturday = "release=2026-11-28T03:00:00Z";
    let warned = house.run(&["case", "at", &id, saturday]).ok().complains("outside the release window");
    assert_eq!(warned.err.matches(" Nov ").count() + warned.err.matches(" Dec ").count(), 3, "{}", warned.err);
    let warned = house.json(&["case", "at", &id, "release=2026-11-29T03:00:00Z"]);
    let next = warned["outside_window"]["next"].as_array().unwrap().clone();
    assert_eq!(next.len(), 3);
    let inside = house.json(&["case", "at", &id, &format!("release={}", next[0].as_str().unwrap())]);
    assert_eq!(inside["outside_window"], json!(null));
}

#[test]
fn moving_an_announced_release_drafts_the_correction() {
    let house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "release=2026-12-01T16:00:00Z"]);
    house.run(&["case", "at", &id, "release.announced=2026-12-01T16:00:00Z"]).ok();
    house.run(&["case", "at", &id, "release=2026-12-03T16:00:00Z", "--why", "a branch failed"]).ok();
    let show = house.show(&id);
    assert_eq!(show["drafts"][0]["kind"], "correction");
    assert_eq!(show["anchors"]["release"]["announced"], "2026-12-03T16:00:00Z");
}

#[test]
fn a_deadline_moves_with_a_reason() {
    let house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-24T12:00:00Z"]);
    house.run(&["case", "move", &id, "em.lead.schedule", "--to", "in 3d", "--why", "a holiday"]).ok().says("in 3d");
    assert_eq!(house.step(&id, "em.lead.schedule")["due"]["at"], "2026-11-27T13:00:00Z");
    house.run(&["case", "move", &id, "fix", "--to", "in 9d", "--why", "a holiday"]).ok();
    house.run(&["case", "move", &id, "em.lead.schedule", "--to", "in 3d"]).exits(2).complains("--why");
    house.run(&["case", "move", &id, "no.step", "--to", "in 3d", "--why", "x"]).exits(4);
}

#[test]
fn a_slow_down_needs_a_low_score_and_a_discussion() {
    let house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-24T12:00:00Z"]);
    let slow = ["case", "slow", &id, "--until", "in 30d", "--why", "holidays", "--discussed", "the secalert list"];
    house.run(&slow).exits(3).complains("score");
    house.run(&["case", "score", &id, "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", "--final"]).ok().says("1.8");
    house.run(&slow[..7]).exits(2).complains("--discussed");
    house.run(&slow).ok().says("in 30d");
    assert_eq!(house.step(&id, "em.team.repo")["due"]["at"], "2026-12-24T13:00:00Z");
    house.run(&["case", "score", &id, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]).ok();
    house.run(&slow).exits(3);
}

#[test]
fn the_timeline_tells_planned_against_actual() {
    let mut house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-24T12:00:00Z"]);
    house.run(&["case", "do", &id, "em.lead.affects", "--fact", "affects=supported"]).ok();
    house.at("2026-11-25T15:00:00Z");
    house.run(&["case", "do", &id, "em.lead.schedule"]).ok();
    let timeline = house.run(&["case", "timeline", &id]).ok();
    assert_eq!(timeline.out.lines().count(), 3, "{}", timeline.out);
    let timeline = timeline.says("Tue 24 Nov 13:00 UTC  lead  case started");
    let timeline = timeline.says("planned Wed 25 Nov 12:00 UTC, 23h early");
    timeline.says("planned Wed 25 Nov 12:00 UTC, 3h late");
    house.run(&["case", "timeline", "no-such"]).exits(4);
}
