//! A new case, and what a project brings into it.

use serde_json::json;

use crate::house::House;

const PROJECT: &str = r#"
extends = "emissary"
zones = ["Asia/Tokyo"]
settled = ["em.team.repo", "em.fix.develop", "em.no.such"]
[[roster]]
role = "fix-lead"
people = ["Amelie Roth <a@example.org>", "Boris"]
[[roster]]
role = "maintainer"
people = ["Boris", "reporter"]
[[component]]
id = "emissary"
branches = ["main", "release/v3.9"]
urls = { security = "ssh://host.example/private.git" }
"#;

#[test]
fn a_project_brings_people_components_and_settled_steps() {
    let house = House::new();
    house.write("config/projects/ours.toml", PROJECT);
    let made = house.run(&["case", "new", "--project", "ours", "--title", "x"]).ok();
    let made = made.complains("em.fix.develop, which stays open").complains("em.no.such");
    let id = made.out.trim().to_owned();
    let show = house.show(&id);
    assert_eq!((&show["playbook"], &show["project"]), (&json!("emissary"), &json!("ours")));
    let people: Vec<&str> = show["people"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(people, ["amelie-roth", "boris", "reporter-2"]);
    assert_eq!(show["components"][0]["branches"], json!(["main", "release/v3.9"]));
    let settled = house.step(&id, "em.team.repo");
    assert_eq!((&settled["state"], &settled["note"]), (&json!("done"), &json!("settled for the project")));
    assert_eq!(house.step(&id, "em.fix.develop")["state"], "blocked");
    house
        .run(&["case", "at", &id, "release=2026-12-01T16:00:00Z"])
        .ok()
        .says("16:00 UTC, 17:00 Berlin, 01:00 Wed Tokyo");
    assert_eq!(house.json(&["case", "list"])[0]["project"], "ours");
}

#[test]
fn project_and_playbook_have_to_agree() {
    let house = House::new();
    house.write("config/projects/ours.toml", PROJECT);
    house.run(&["case", "new", "--project", "ours", "--playbook", "emissary", "--title", "x"]).ok();
    let other = ["case", "new", "--project", "ours", "--playbook", "gardener", "--title", "x"];
    house.run(&other).exits(2).complains("extends emissary");
    house.run(&["case", "new", "--project", "theirs", "--title", "x"]).exits(4).complains("no project theirs");
    house.run(&["case", "new", "--title", "x"]).exits(2).complains("--playbook");
    house.run(&["case", "new", "--playbook", "emisary", "--title", "x"]).exits(4).complains("emissary");
}

#[test]
fn a_new_case_prints_its_codename_alone() {
    let house = House::new();
    let made = house.run(&["case", "new", "--playbook", "emissary", "--title", "../../x"]).ok();
    let id = made.out.strip_suffix('\n').unwrap();
    assert!(id.split('-').count() >= 2 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
    let made = house.json(&["case", "new", "--playbook", "emissary", "--title", "CON"]);
    assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id"]);
    let known = house.case_with(&[
        "--playbook",
        "emissary",
        "--fact",
        "disclosure=public",
        "--fact",
        "mitigation=no",
        "--at",
        "disclosed=2h ago",
        "--at",
        "release.announced=2026-12-01T16:00:00Z",
    ]);
    let show = house.show(&known);
    assert_eq!(show["facts"], json!({ "disclosure": "public", "mitigation": false }));
    assert_eq!(show["anchors"]["release"]["announced"], "2026-12-01T16:00:00Z");
    let new = |args: &[&str]| house.run(&[&["case", "new", "--playbook", "emissary", "--title", "x"], args].concat());
    new(&["--fact", "disclosure=pubic"]).exits(2).complains("public");
    new(&["--fact", "disclosur=public"]).exits(4).complains("disclosure");
    new(&["--at", "disclosed=12:00"]).exits(2).complains("zone");
    new(&["--at", "relase=now"]).exits(4).complains("release");
    assert_eq!(house.json(&["case", "list"]).as_array().unwrap().len(), 3);
}
