//! Scores in a case: what a score changes, whose the last word is, the history, several vulnerabilities.

use serde_json::json;

use crate::house::House;

const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"; // 7.5
const LOW: &str = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N"; // 3.7

#[test]
fn a_score_says_what_it_changes_for_the_process() {
    let house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--fact", "disclosure=public", "--at", "disclosed=2h ago"]);
    let low = house.run(&["case", "score", &id, LOW]).ok();
    low.says("score: 3.7 Low (v3.1), draft").says("3.7 is below 4.0, the bound of this process");
    let high = ["case", "score", &id, HIGH, "--why", "one request"];
    house
        .run(&high)
        .ok()
        .says("7.5 is at or above 4.0, the bound of this process")
        .says("a slow-down is no longer allowed")
        .says("every deadline becomes as soon as possible");
    house.run(&high).ok().says("nothing changes for the process");
    let said = house.json(&["case", "score", &id, HIGH, "--why", "and another"]);
    assert_eq!((&said["consequences"], &said["score"]["base"]), (&json!([]), &json!(7.5)));
    house.run(&["case", "undo", &id]).ok();
    house.run(&["case", "undo", &id]).ok();
    house.run(&["case", "undo", &id]).ok().says("3.7 is below 4.0").says("deadlines have their instants again");
}

#[test]
fn the_last_word_is_refused_to_all_but_the_lead() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "set", &id, "lead=ada"]).ok().says("set, lead\n");
    let refused = house.run(&["case", "score", &id, HIGH, "--final"]).exits(3);
    refused.complains("the last word on a score is for ada").complains("as a draft").complains("nothing was changed");
    house.run(&["case", "score", &id, HIGH]).ok().says("draft");
    house.run(&["case", "set", &id, "lead=lead"]).ok();
    let settled = house.run(&["case", "score", &id, HIGH, "--final"]).ok();
    settled.says("the last word on the score is said").says(&format!("scored, V1: {HIGH}, final"));
    house.run(&["case", "score", &id, HIGH]).ok().says("the score is a draft again");
}

#[test]
fn a_case_shows_the_history_of_its_scores() {
    let mut house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "score", &id, LOW, "--why", "as reported"]).ok();
    house.at("2026-11-25T15:00:00Z");
    house.run(&["case", "score", &id, HIGH, "--final"]).ok();
    let shown = house.run(&["case", "show", &id]).ok();
    shown
        .says("V1  drives the process")
        .says("S2  7.5 High (v3.1)  final")
        .says("S1  3.7 Low (v3.1)   draft")
        .says("as reported");
    let scoring = house.show(&id)["scoring"].clone();
    assert_eq!((&scoring[0]["vulnerability"], &scoring[0]["drives"]), (&json!("V1"), &json!(true)));
    assert_eq!(
        scoring[0]["history"][1],
        json!({
            "id": "S1", "vector": LOW, "version": "3.1", "base": 3.7, "severity": "low", "final": false,
            "by": "lead", "at": "2026-11-24T13:00:00Z", "why": "as reported",
        })
    );
    assert_eq!(scoring[0]["latest"], scoring[0]["history"][0]);
}

#[test]
fn the_highest_of_several_vulnerabilities_drives_the_process() {
    let house = House::new();
    let id = house.case("emissary");
    let second = ["case", "score", &id, HIGH, "--vulnerability", "V2"];
    house.run(&second).exits(4).complains("there is no vulnerability V2").complains("vulnerability.V2.summary");
    house.run(&["case", "score", &id, LOW, "--final"]).ok();
    let added = house.run(&["case", "set", &id, "vulnerability.V2.summary=Another one"]).ok();
    added.says("V2 has no score yet: conditions take the score for unknown");
    house.run(&["case", "show", &id]).ok().says("V2 has no score yet").says("V2  has no score yet  Another one");
    let score = house.show(&id)["score"].clone();
    assert_eq!(
        (&score["vulnerability"], &score["incomplete"], &score["unscored"]),
        (&json!("V1"), &json!(true), &json!(["V2"]))
    );
    assert_eq!(house.step(&id, "em.fix.cvss")["check"]["reason"], "V2 has no score yet");
    house.run(&second).ok().says("V2 drives the process now, with 7.5 High");
    house.run(&["case", "score", &id, LOW]).ok().says("V2 still drives the process, with 7.5 High");
    assert_eq!(house.show(&id)["score"]["base"], 7.5);
    house.run(&["case", "set", &id, "vulnerability.V2="]).ok().says("V1 drives the process now, with 3.7 Low");
    house.run(&["case", "set", &id, "vulnerability.V1="]).exits(3).complains("the last one");
    house.run(&["case", "undo", &id]).ok();
    assert_eq!(house.show(&id)["score"]["vulnerability"], "V2", "with all of its scores");
}

#[test]
fn the_bounds_of_a_process_are_told_with_what_hangs_on_them() {
    let house = House::new();
    let bounds = |id: &str| house.json(&["playbook", "show", id])["bounds"].clone();
    assert_eq!(
        bounds("gardener"),
        json!([{
            "at": 7.0, "rules": ["public-asap", "medium-slowdown", "g-slowdown-discussed"],
            "slas": [], "gates": [], "phases": [], "steps": ["ga.fix.slowdown"],
        }])
    );
    assert_eq!(bounds("gitlab-critical"), json!([]));
}

#[test]
fn a_date_is_told_by_its_own_name_and_not_by_that_of_a_phase() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "at", &id, "release=2026-12-01T16:00:00Z"]).ok().says("date set, Release date (release)");
    house.run(&["case", "undo", &id]).ok().says("Release date (release)");
}
