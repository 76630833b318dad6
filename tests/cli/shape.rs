//! The shape of `case show --json`: scripts rest on each key.

use serde_json::{Value, json};

use crate::house::{House, NOW};

/// The keys that were promised, in their order. More may follow.
fn promised(value: &Value, keys: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for key in keys {
        assert!(object.contains_key(*key), "{key} is missing in {:?}", object.keys().collect::<Vec<_>>());
    }
}

fn full_case(house: &House) -> Value {
    let id = house.case_with(&["--playbook", "emissary", "--fact", "disclosure=private", "--at", "disclosed=2h ago"]);
    let run = |args: &[&str]| house.run(args).ok();
    run(&["case", "set", &id, "component.emissary.branches=main,release/v3.9"]);
    run(&["case", "set", &id, "person.reporter.name=R. Porter"]);
    run(&["case", "grant", &id, "amelie", "private repository"]);
    run(&["case", "score", &id, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "--final"]);
    run(&["case", "at", &id, "release=2026-12-01T16:00:00Z"]);
    run(&["case", "do", &id, "em.intake.report", "--note", "by mail", "--link", "https://lists.example/1"]);
    house.show(&id)
}

#[test]
fn the_case_has_every_key_of_the_contract() {
    let house = House::new();
    let show = full_case(&house);
    promised(
        &show,
        &[
            "id", "title", "playbook", "project", "state", "lead", "facts", "anchors", "score", "phases", "next",
            "gates", "rules", "slas", "people", "grants", "timeline",
        ],
    );
    assert_eq!(show["title"], "Crash on a malformed header");
    assert_eq!((&show["playbook"], &show["project"]), (&json!("emissary"), &Value::Null));
    assert_eq!((&show["state"], &show["lead"]), (&json!("embargo"), &json!("lead")));
    assert_eq!(show["facts"], json!({ "disclosure": "private" }));
    assert_eq!(
        show["anchors"],
        json!({
            "disclosed": "2026-11-24T11:00:00Z",
            "release": { "target": "2026-12-01T16:00:00Z", "announced": null, "actual": null },
        })
    );
    promised(&show["score"], &["version", "vector", "base", "severity", "final"]);
    assert_eq!(show["score"]["vector"], "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    assert_eq!((&show["score"]["version"], &show["score"]["final"]), (&json!("3.1"), &json!(true)));
    let first: Vec<&String> = show.as_object().unwrap().keys().take(9).collect();
    assert_eq!(first, ["id", "title", "playbook", "project", "state", "lead", "facts", "anchors", "score"]);
}

#[test]
fn phases_and_steps_have_every_key_of_the_contract() {
    let house = House::new();
    let show = full_case(&house);
    let phases = show["phases"].as_array().unwrap();
    assert_eq!(phases.len(), 7);
    for phase in phases {
        promised(phase, &["id", "title", "state", "due", "steps"]);
        for step in phase["steps"].as_array().unwrap() {
            promised(
                step,
                &[
                    "id",
                    "title",
                    "role",
                    "state",
                    "item_counts",
                    "items",
                    "assignee",
                    "waiting_on",
                    "due",
                    "overdue",
                    "not_before",
                    "blocked_by",
                    "check",
                    "note",
                    "links",
                    "done_by",
                    "done_at",
                    "attested",
                    "optional",
                    "exposes",
                    "depends_on",
                ],
            );
            assert!(step["note"].is_string() && step["links"].is_array() && step["overdue"].is_boolean(), "{step}");
            for obstacle in step["blocked_by"].as_array().unwrap() {
                promised(obstacle, &["kind", "id", "text"]);
            }
            if !step["due"].is_null() {
                promised(&step["due"], &["at", "aim", "asap"]);
            }
            if !step["check"].is_null() {
                promised(&step["check"], &["kind", "verdict", "reason"]);
            }
        }
    }
    let states: Vec<&str> = phases.iter().map(|phase| phase["state"].as_str().unwrap()).collect();
    assert_eq!(states[0], "done");
    assert!(states.iter().all(|state| ["done", "current", "open", "hidden"].contains(state)), "{states:?}");
}

#[test]
fn a_done_a_hidden_and_a_blocked_step_are_told_apart() {
    let house = House::new();
    let show = full_case(&house);
    let steps: Vec<&Value> =
        show["phases"].as_array().unwrap().iter().flat_map(|phase| phase["steps"].as_array().unwrap()).collect();
    let step = |id: &str| *steps.iter().find(|step| step["id"] == id).unwrap();
    let done = step("em.intake.report");
    assert_eq!((&done["state"], &done["done_by"], &done["done_at"]), (&json!("done"), &json!("lead"), &json!(NOW)));
    assert_eq!((&done["note"], &done["links"][0]), (&json!("by mail"), &json!("https://lists.example/1")));
    assert_eq!((&done["attested"], &done["item_counts"]), (&Value::Null, &Value::Null));
    assert_eq!(step("em.intake.public")["state"], "hidden");
    let blocked = step("em.fix.develop");
    assert_eq!(blocked["state"], "blocked");
    let kinds: Vec<&str> =
        blocked["blocked_by"].as_array().unwrap().iter().map(|obstacle| obstacle["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["step", "gate"]);
    assert_eq!(blocked["blocked_by"][0]["id"], "em.team.access");
    assert_eq!(step("em.fix.branches")["item_counts"], json!({ "done": 0, "total": 2 }));
    assert_eq!(step("em.rel.pr")["not_before"], "2026-12-01T16:00:00Z");
    assert_eq!(step("em.rel.pr")["exposes"], true);
    assert_eq!(step("em.lead.schedule")["due"], json!({ "at": "2026-11-25T11:00:00Z", "aim": null, "asap": false }));
    assert_eq!(step("em.comm.plan")["check"], Value::Null);
    let scored = step("em.fix.cvss");
    assert_eq!((&scored["state"], &scored["check"]["verdict"]), (&json!("todo"), &json!("pass")), "{scored}");
}

#[test]
fn the_rest_has_every_key_of_the_contract() {
    let house = House::new();
    let show = full_case(&house);
    let each = |key: &str, keys: &[&str]| {
        let entries = show[key].as_array().unwrap();
        assert!(!entries.is_empty(), "{key}");
        for entry in entries {
            promised(entry, keys);
        }
    };
    each("next", &["kind", "id", "title", "due", "overdue"]);
    each("gates", &["id", "title", "hard", "open", "missing", "blocks"]);
    each("rules", &["id", "effect", "text", "holds"]);
    each("people", &["id", "name", "role", "contact", "key", "credit", "next_update"]);
    each("grants", &["id", "who", "what", "at", "by", "ended", "ended_by"]);
    each("timeline", &["id", "at", "by", "kind", "target", "why"]);
    assert!(show["slas"].is_array());
    assert_eq!((&show["timeline"][0]["kind"], &show["timeline"][0]["at"]), (&json!("created"), &json!(NOW)));
    let gate = &show["gates"][0];
    assert_eq!(
        (&gate["hard"], &gate["open"], &gate["blocks"]),
        (&json!(true), &json!(false), &json!(["em.comm.preannounce"]))
    );
    assert_eq!(gate["missing"].as_array().unwrap().len(), 1);
}

#[test]
fn slas_are_told() {
    let house = House::new();
    let id = house.case("gitlab-critical");
    let slas = house.show(&id)["slas"].clone();
    for sla in slas.as_array().unwrap() {
        promised(sla, &["id", "text", "applies", "due", "met", "example"]);
    }
    assert!(!slas.as_array().unwrap().is_empty());
}

#[test]
fn a_list_entry_has_its_keys() {
    let house = House::new();
    let id = full_case(&house)["id"].as_str().unwrap().to_owned();
    let list = house.json(&["case", "list"]);
    let keys = ["id", "title", "playbook", "project", "state", "lead", "next", "due", "overdue"];
    promised(&list[0], &keys);
    assert_eq!((&list[0]["id"], &list[0]["overdue"]), (&json!(id), &json!(false)));
    assert!(list[0]["next"]["id"].is_string());
    let line = house.run(&["case", "list"]).ok().out;
    assert_eq!(line.lines().count(), 1);
    assert!(line.contains(&id) && line.contains("EMBARGO") && !line.contains("malformed"), "{line}");
}
