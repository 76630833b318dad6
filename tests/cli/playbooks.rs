//! Processes from outside: list, show, check.

use fixlead::playbook::BUILTIN;
use serde_json::{Value, json};

use crate::house::House;

#[test]
fn every_process_is_listed_and_shown() {
    let house = House::new();
    let list = house.run(&["playbook", "list"]).ok();
    assert_eq!(list.out.lines().count(), BUILTIN.len());
    for (id, text) in BUILTIN {
        assert!(list.out.contains(id), "{id}");
        let show = house.json(&["playbook", "show", id]);
        assert_eq!(show["id"], id);
        // Every id of the file stands in the answer.
        let ids = text.lines().filter_map(|line| line.trim().strip_prefix("id = \"")?.strip_suffix('"'));
        let shown = show.to_string();
        for known in ids {
            assert!(shown.contains(&format!("\"{known}\"")), "{id} lacks {known}");
        }
        house.run(&["playbook", "show", id]).ok().says(&format!("{id}   "));
    }
    house.run(&["playbook", "show", "emisary"]).exits(4).complains("did you mean emissary?");
}

#[test]
fn the_shape_of_a_process() {
    let house = House::new();
    let show = house.json(&["playbook", "show", "emissary"]);
    let keys: Vec<&String> = show.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "id",
            "name",
            "summary",
            "source",
            "facts",
            "anchors",
            "roles",
            "channels",
            "cvss",
            "cve",
            "release_window",
            "rules",
            "slas",
            "leak_rules",
            "questions",
            "phases",
            "gates",
            "bounds",
        ]
    );
    let step = |show: &Value, id: &str| -> Value {
        let mut steps = show["phases"].as_array().unwrap().iter().flat_map(|phase| phase["steps"].as_array().unwrap());
        steps.find(|step| step["id"] == id).unwrap().clone()
    };
    let schedule = step(&show, "em.lead.schedule");
    assert_eq!((&schedule["due"], &schedule["asks"]), (&json!("24h after disclosed"), &json!(["upstream_timeline"])));
    assert_eq!(step(&show, "em.rel.pr")["exposes"], json!(["canonical"]));
    let gate = show["gates"].as_array().unwrap().iter().find(|gate| gate["id"] == "g-sha-freeze").unwrap();
    assert_eq!(gate["requires"], json!([{ "check": { "kind": "same-commits", "by": "id" } }]));
    assert_eq!((&gate["blocks"], &gate["hard"]), (&json!([{ "step": "em.rel.announce" }]), &json!(true)));
}

#[test]
fn a_file_without_fault_is_counted() {
    let house = House::new();
    for (id, text) in BUILTIN {
        let file = house.write(&format!("{id}.toml"), text);
        house.run(&["playbook", "check", file.to_str().unwrap()]).ok().says(": no fault; ");
    }
    house.run_with(&["playbook", "check", "-"], BUILTIN[0].1).ok().says("-: no fault; 7 phases, 36 steps, 4 gates");
}

#[test]
fn every_fault_is_named_with_its_place() {
    let house = House::new();
    let text =
        BUILTIN[0].1.replace("default = \"private\"", "defualt = \"private\"").replace("hard = true", "hard = \"x\"");
    let file = house.write("faulty.toml", &text);
    let file = file.to_str().unwrap();
    let ran = house.run(&["playbook", "check", file]).exits(1);
    assert_eq!(ran.out.lines().count(), 5, "{}", ran.out);
    assert!(ran.out.starts_with(&format!("{file}:14:1: unknown key defualt (did you mean default?)")), "{}", ran.out);
    let faults = house.run(&["playbook", "check", file, "--json"]).exits(1).json();
    assert_eq!(
        faults["faults"][0],
        json!({ "line": 14, "column": 1, "message": "unknown key defualt", "hint": "did you mean default?" })
    );
    house.run_with(&["playbook", "check", "-"], "id = ").exits(1).says("-:1:");
    house.run(&["playbook", "check", "no-such.toml"]).exits(4);
}

#[test]
fn an_own_playbook_wins_and_one_with_faults_is_told() {
    let house = House::new();
    house.write("config/playbooks/emissary.toml", &BUILTIN[0].1.replace("Emissary-ingress security release", "Ours"));
    house.write("config/playbooks/broken.toml", "schema = 1\n");
    let list = house.json(&["playbook", "list"]);
    let entry = |id: &str| list.as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap().clone();
    assert_eq!((&entry("emissary")["name"], &entry("emissary")["builtin"]), (&json!("Ours"), &json!(false)));
    assert_eq!((&entry("gardener")["builtin"], &entry("broken")["steps"]), (&json!(true), &Value::Null));
    let told = house.run(&["case", "new", "--playbook", "broken", "--title", "x"]).exits(1);
    assert!(told.err.contains("broken.toml:1:1: "), "{}", told.err);
    assert_eq!(house.show(&house.case("emissary"))["playbook"], "emissary");
}
