//! Each hard gate of each built-in process refuses first, and yields to a reason that the timeline keeps.

use fixlead::playbook::BUILTIN;
use serde_json::Value;

use crate::house::House;

/// A hard gate with one of the steps behind it.
struct Guarded {
    gate: Value,
    step: String,
}

fn guarded(playbook: &Value) -> Vec<Guarded> {
    let gates = playbook["gates"].as_array().unwrap().iter().filter(|gate| gate["hard"] == true);
    gates.flat_map(|gate| behind(gate, playbook).into_iter().map(|step| Guarded { gate: gate.clone(), step })).collect()
}

/// The steps that a gate stands before, those of its phases included.
fn behind(gate: &Value, playbook: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut steps = Vec::new();
    for block in gate["blocks"].as_array().unwrap() {
        if block["step"].is_string() {
            steps.push(text(&block["step"]));
        }
        let phases = playbook["phases"].as_array().unwrap();
        if let Some(phase) = phases.iter().find(|phase| block["phase"].is_string() && phase["id"] == block["phase"]) {
            steps.extend(phase["steps"].as_array().unwrap().iter().map(|step| text(&step["id"])));
        }
    }
    steps
}

/// What a refusal has to name for a requirement: of several that will do, any.
fn names(requirement: &Value, playbook: &Value) -> Vec<String> {
    let phases = playbook["phases"].as_array().unwrap();
    if let Some(id) = requirement["step"].as_str() {
        let mut steps = phases.iter().flat_map(|phase| phase["steps"].as_array().unwrap());
        return vec![steps.find(|step| step["id"] == id).unwrap()["title"].as_str().unwrap().to_owned()];
    }
    if let Some(any) = requirement["any"].as_array() {
        return any.iter().flat_map(|inner| names(inner, playbook)).collect();
    }
    let texts = [&requirement["check"]["kind"], &requirement["when"], &requirement["attest"]];
    texts.iter().filter_map(|text| text.as_str()).map(str::to_owned).collect()
}

#[test]
fn a_hard_gate_refuses_and_yields_to_an_override_only() {
    let mut seen = 0;
    for (id, _) in BUILTIN {
        let house = House::new();
        let playbook = house.json(&["playbook", "show", id]);
        for Guarded { gate, step } in guarded(&playbook) {
            refuses_and_yields(&house, &playbook, &gate, &step);
            seen += 1;
        }
    }
    assert!(seen >= 30, "only {seen} steps stand behind hard gates");
}

fn refuses_and_yields(house: &House, playbook: &Value, gate: &Value, step: &str) {
    let gate_id = gate["id"].as_str().unwrap();
    let case = house.case(playbook["id"].as_str().unwrap());
    let before = house.case_file(&case);

    let refused = house.run(&["case", "do", &case, step]).exits(3);
    assert!(refused.err.starts_with("fixlead: "), "{}", refused.err);
    assert!(refused.err.contains(&format!("\n  gate {gate_id}: ")), "{gate_id}: {}", refused.err);
    for requirement in gate["requires"].as_array().unwrap() {
        let names = names(requirement, playbook);
        assert!(names.iter().any(|name| refused.err.contains(name)), "{gate_id}: none of {names:?} in {}", refused.err);
    }
    assert_eq!(house.case_file(&case), before, "{gate_id}: a refusal wrote");
    let as_json: Value = serde_json::from_str(&house.run(&["case", "do", &case, step, "--json"]).exits(3).err).unwrap();
    let missing = as_json["error"]["missing"].as_array().unwrap();
    assert!(missing.iter().any(|obstacle| obstacle["kind"] == "gate" && obstacle["id"] == gate_id), "{as_json}");

    let reason = format!("{gate_id} was settled by phone");
    house.run(&["case", "do", &case, step, "--override", &reason]).ok();
    house.run(&["case", "timeline", &case]).ok().says("override").says(&reason);
    let timeline = house.json(&["case", "timeline", &case]);
    let kept = timeline.as_array().unwrap().iter().find(|event| event["kind"] == "override").unwrap();
    assert_eq!((kept["target"].as_str(), kept["why"].as_str()), (Some(step), Some(reason.as_str())));
    assert_eq!(house.step(&case, step)["state"], "done");
}

#[test]
fn an_override_needs_a_reason() {
    let house = House::new();
    let case = house.case("emissary");
    let before = house.case_file(&case);
    house.run(&["case", "do", &case, "em.fix.develop", "--override", " "]).exits(2).complains("--override");
    house.run(&["case", "start", &case, "em.fix.develop"]).exits(3).complains("g-private-only");
    assert_eq!(house.case_file(&case), before);
    house.run(&["case", "start", &case, "em.fix.develop", "--override", "the repository is older"]).ok();
    assert_eq!(house.step(&case, "em.fix.develop")["state"], "doing");
}

#[test]
fn a_gate_opens_when_what_it_asks_for_is_done() {
    let house = House::new();
    let case = house.case("gitlab-critical");
    house.run(&["case", "do", &case, "gc.triage.label"]).exits(3).complains("g-verified-first");
    let step = |id: &str| house.step(&case, id)["blocked_by"].as_array().unwrap().len();
    assert!(step("gc.triage.label") > 0);
    house.run(&["case", "do", &case, "gc.triage.receive"]).ok();
    house.run(&["case", "do", &case, "gc.triage.verify"]).ok();
    assert_eq!(step("gc.triage.label"), 0);
    house.run(&["case", "do", &case, "gc.triage.label"]).ok();
}
