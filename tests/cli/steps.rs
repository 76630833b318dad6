//! What can be said of a step, each verb with its refusal.

use serde_json::json;

use crate::house::{House, NOW};

#[test]
fn a_step_is_done_by_somebody_with_note_link_and_answer() {
    let house = House::new();
    let id = house.case("emissary");
    let did = house.run(&[
        "case",
        "do",
        &id,
        "em.intake.report",
        "--by",
        "amelie",
        "--note",
        "came by mail",
        "--link",
        "https://lists.example/1",
        "--fact",
        "disclosure=public",
    ]);
    did.ok().says("done, Log the report (em.intake.report)").says("applies: Alert the team to a public report");
    let step = house.step(&id, "em.intake.report");
    assert_eq!(step["state"], "done");
    assert_eq!((&step["done_by"], &step["done_at"]), (&json!("amelie"), &json!(NOW)));
    assert_eq!((&step["note"], &step["links"]), (&json!("came by mail"), &json!(["https://lists.example/1"])));
    assert_eq!(house.show(&id)["facts"]["disclosure"], "public");
}

#[test]
fn a_done_step_is_no_failure_and_writes_nothing() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    let before = house.case_file(&id);
    house.run(&["case", "do", &id, "em.intake.report"]).ok().says("is done already");
    let again = house.json(&["case", "do", &id, "em.intake.report"]);
    assert_eq!((&again["event"], &again["id"]), (&json!(null), &json!(id)));
    assert_eq!(house.case_file(&id), before);
}

#[test]
fn the_wrong_step_item_or_case_is_not_found() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "do", &id, "em.intake.reprot"]).exits(4).complains("did you mean em.intake.report?");
    house.run(&["case", "do", &id, "em.intake.report", "--item", "main"]).exits(4).complains("as a whole");
    house.run(&["case", "do", "no-such", "em.intake.report"]).exits(4).complains("there is no case no-such");
    house.run(&["case", "do", "../../etc", "x"]).exits(4);
    house.run(&["case", "do", &id, "em.intake.report", "--fact", "disclsure=public"]).exits(4).complains("disclosure");
    house.run(&["case", "do", &id, "em.intake.report", "--fact", "disclosure=pubic"]).exits(2).complains("public");
    house.run(&["case", "do", &id, "em.intake.report", "--link", "no link"]).exits(2).complains("https://");
}

#[test]
fn a_hidden_step_fails() {
    let house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--fact", "disclosure=private"]);
    house.run(&["case", "do", &id, "em.intake.public"]).exits(1).complains("does not apply");
    house.run(&["case", "do", &id, "em.intake.public", "--override", "still"]).exits(1);
    assert_eq!(house.step(&id, "em.intake.public")["state"], "hidden");
}

#[test]
fn evidence_that_nobody_saw_is_attested_or_refused() {
    let house = House::new();
    let id = house.case("gardener");
    let show = house.json(&["playbook", "show", "gardener"]);
    let mut steps = show["phases"].as_array().unwrap().iter().flat_map(|phase| phase["steps"].as_array().unwrap());
    let step = steps
        .find(|step| step["check"]["kind"] == "announcement-sent" || step["check"]["kind"] == "announcement-ready");
    let Some(step) = step.and_then(|step| step["id"].as_str()) else { return };
    let refused = house.run(&["case", "do", &id, step]).exits(3);
    assert!(refused.err.contains("attest how you know"), "{}", refused.err);
    house.run(&["case", "do", &id, step, "--attest", "read it twice", "--override", "the order is ours"]).ok();
    assert_eq!(house.step(&id, step)["attested"], "read it twice");
}

#[test]
fn start_wait_assign_and_reopen() {
    let house = House::new();
    let id = house.case("emissary");
    let step = "em.lead.volunteer";
    house.run(&["case", "start", &id, step]).ok().says("started");
    assert_eq!(house.step(&id, step)["state"], "doing");
    house.run(&["case", "wait", &id, step, "--on", "the team"]).ok();
    let waiting = house.step(&id, step);
    assert_eq!((&waiting["state"], &waiting["waiting_on"]), (&json!("waiting"), &json!("the team")));
    assert_eq!(house.show(&id)["waiting"], json!([step]));
    house.run(&["case", "assign", &id, step, "amelie"]).ok();
    assert_eq!(house.step(&id, step)["assignee"], "amelie");
    house.run(&["case", "do", &id, step]).ok();
    house.run(&["case", "start", &id, step]).ok().says("reopen it first");
    house.run(&["case", "wait", &id, step, "--on", "x"]).ok().says("done already");
    house.run(&["case", "reopen", &id, step]).ok();
    assert_eq!(house.step(&id, step)["state"], "todo");
    house.run(&["case", "reopen", &id, step]).ok().says("open already");
    for verb in [&["start"][..], &["reopen"], &["wait", "--on", "x"], &["assign"]] {
        let mut args = vec!["case", verb[0], &id, "no.step"];
        args.extend(if verb[0] == "assign" { &["amelie"][..] } else { &verb[1..] });
        house.run(&args).exits(4).complains("there is no step no.step");
    }
    house.run(&["case", "wait", &id, step]).exits(2).complains("--on");
}

#[test]
fn note_link_and_skip() {
    let house = House::new();
    let id = house.case("emissary");
    let step = "em.lead.expertise";
    house.run(&["case", "note", &id, step, "two people"]).ok();
    house.run(&["case", "note", &id, step, "asked both"]).ok();
    house.run(&["case", "link", &id, step, "https://chat.example/2"]).ok();
    house.run(&["case", "link", &id, step, "https://chat.example/2"]).ok().says("there already");
    house.run(&["case", "link", &id, step, "javascript:alert(1)"]).exits(2).complains("https://");
    house.run(&["case", "note", &id, step]).exits(2).complains("is missing");
    assert_eq!(house.step(&id, step)["note"], "two people\nasked both");
    house.run(&["case", "skip", &id, step]).exits(2).complains("--why");
    house.run(&["case", "skip", &id, step, "--why", "the team knows it"]).ok();
    assert_eq!(house.step(&id, step)["state"], "not_applicable");
    house.run(&["case", "skip", &id, "em.team.access", "--why", "no"]).exits(3).complains("gate");
    house.run(&["case", "note", &id, "no.step", "x"]).exits(4);
    house.run(&["case", "link", &id, "no.step", "https://x.example"]).exits(4);
    house.run(&["case", "skip", &id, "no.step", "--why", "x"]).exits(4);
}

#[test]
fn items_are_done_one_by_one_or_all() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "set", &id, "component.emissary.branches=main,release/v3.9"]).ok();
    let step = "em.fix.branches";
    let branches = house.step(&id, step);
    assert_eq!(branches["item_counts"], json!({ "done": 0, "total": 2 }));
    house.run(&["case", "do", &id, step, "--item", "main", "--override", "carried by hand"]).ok();
    let branches = house.step(&id, step);
    assert_eq!(branches["item_counts"], json!({ "done": 1, "total": 2 }));
    let main = &branches["items"][0];
    assert_eq!([&main["id"], &main["state"], &main["by"], &main["at"]], ["emissary:main", "done", "lead", NOW]);
    assert_eq!([&main["check"]["kind"], &main["check"]["verdict"]], ["fix-on-branches", "unknown"]);
    house.run(&["case", "do", &id, step, "--item", "mian"]).exits(4).complains("did you mean main?");
    house.run(&["case", "reopen", &id, step, "--item", "main"]).ok();
    assert_eq!(house.step(&id, step)["item_counts"]["done"], 0);
    house.run(&["case", "skip", &id, step, "--item", "main", "--why", "no"]).exits(3);
    house.run(&["case", "do", &id, step, "--override", "carried by hand"]).ok();
    assert_eq!(house.step(&id, step)["state"], "done");
}

#[test]
fn an_exposing_step_begins_the_release() {
    let house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "release=2026-11-24T12:00:00Z"]);
    house.run(&["case", "do", &id, "em.rel.pr", "--override", "a rehearsal"]).ok();
    assert_eq!(house.show(&id)["state"], "releasing");
    let other = house.case("emissary");
    house.run(&["case", "start", &other, "em.rel.pr", "--override", "a rehearsal"]).ok();
    assert_eq!(house.show(&other)["state"], "releasing");
}

#[test]
fn notes_are_added_or_written_anew() {
    let house = House::new();
    let id = house.case("emissary");
    let step = "em.intake.report";
    let note = || house.step(&id, step)["note"].as_str().unwrap_or_default().to_owned();
    house.run(&["case", "note", &id, step, "one"]).ok();
    house.run(&["case", "note", &id, step, "two"]).ok();
    assert_eq!(note(), "one\ntwo");
    house.run(&["case", "note", &id, step, "three", "--replace"]).ok();
    assert_eq!(note(), "three");
    house.run(&["case", "undo", &id]).ok();
    assert_eq!(note(), "one\ntwo");
    house.run(&["case", "note", &id, step, "", "--replace"]).ok();
    assert_eq!(note(), "");
}
