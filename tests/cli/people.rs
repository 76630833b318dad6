//! Access, hand-over, endings, and everything that concerns a case as a whole.

use serde_json::json;

use crate::house::House;

#[test]
fn access_is_given_and_ended() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "grant", &id, "amelie", "private repository"]).ok();
    house.run(&["case", "grant", &id, "amelie", "private repository"]).ok().says("already");
    house.run(&["case", "revoke", &id, "boris", "private repository"]).exits(4);
    house.run(&["case", "revoke", &id, "amelie", "private repository"]).ok();
    let grant = house.show(&id)["grants"][0].clone();
    assert_eq!((&grant["who"], &grant["ended_by"]), (&json!("amelie"), &json!("lead")));
    house.run(&["case", "show", &id]).ok().says("private repository").says("ended just now");
}

#[test]
fn a_case_is_handed_over_and_accepted_elsewhere() {
    let house = House::new();
    let there = House::new();
    let id = house.case("emissary");
    house.run(&["case", "accept", &id]).ok().says("nothing to accept");
    let bundle = house.run(&["case", "hand-over", &id, "--to", "boris", "--note", "the fix is half done"]).ok();
    let bundle = bundle.out.trim().to_owned();
    house.run(&["case", "do", &id, "em.intake.report"]).exits(6).complains("boris");
    house.run(&["case", "show", &id]).ok().says("this copy is read-only");

    there.run(&["case", "import", "nothing.toml"]).exits(4);
    assert_eq!(there.run(&["case", "import", &bundle]).ok().out.trim(), id);
    there.run(&["case", "import", &bundle]).exits(1).complains("already");
    there.run(&["case", "do", &id, "em.intake.report"]).exits(3).complains("accept it first");
    there.run(&["next"]).ok().says("Accept the case");
    there.run(&["case", "accept", &id]).ok();
    there.run(&["case", "do", &id, "em.intake.report"]).ok();
    assert_eq!(there.show(&id)["lead"], "lead");
}

#[test]
fn a_bundle_that_could_not_be_written_is_asked_for_again() {
    let house = House::new();
    let id = house.case("emissary");
    let outbox = house.write(&format!("data/cases/{id}/outbox"), "in the way");
    let failed = house.run(&["case", "hand-over", &id, "--to", "boris"]).exits(5);
    failed.complains("is handed over, but the bundle is not written").complains("--to` the same name");
    std::fs::remove_file(outbox).unwrap();
    house.run(&["case", "hand-over", &id, "--to", "amelie"]).exits(6).complains("boris");
    let bundle = house.run(&["case", "hand-over", &id, "--to", "boris"]).ok().out.trim().to_owned();
    assert!(std::path::Path::new(&bundle).is_file(), "{bundle}");
    std::fs::remove_file(&bundle).unwrap();
    let again = house.json(&["case", "hand-over", &id, "--to", "boris"]);
    assert_eq!((&again["bundle"], again["already"].is_string()), (&json!(bundle), true));
    assert_eq!(house.kinds(&id), ["created", "handed_over"]);
    assert_eq!(House::new().run(&["case", "import", &bundle]).ok().out.trim(), id);
}

#[test]
fn what_was_done_is_taken_back_and_done_again() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "undo", &id]).ok().says("nothing to take back");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    house.run(&["case", "undo", &id]).ok().says("taken back");
    assert_eq!(house.step(&id, "em.intake.report")["state"], "todo");
    house.run(&["case", "redo", &id]).ok();
    assert_eq!(house.step(&id, "em.intake.report")["state"], "done");
    house.run(&["case", "redo", &id]).ok().says("nothing to do again");
    assert_eq!(house.kinds(&id), ["created", "step_done", "undone", "redone"]);
}

#[test]
fn expose_publish_and_leak() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "publish", &id]).exits(3).complains("nothing has been exposed yet");
    house.run(&["case", "expose", &id]).ok();
    house.run(&["case", "expose", &id]).ok().says("already");
    house.run(&["leak", &id]).exits(2).complains("--what");
    house.run(&["leak", &id, "--close", "--why", "x"]).ok().says("no leak is open");
    house.run(&["leak", &id, "--what", "a branch on canonical", "--full"]).ok();
    assert_eq!(house.show(&id)["state"], "leaked");
    house.run(&["case", "show", &id]).ok().says("LEAK (full)  a branch on canonical");
    house.run(&["next"]).exits(11).says("LEAK");
    house.run(&["leak", &id, "--close"]).exits(2).complains("--why");
    house.run(&["leak", &id, "--close", "--what", "x"]).exits(2);
    house.run(&["leak", &id, "--close", "--why", "taken down"]).ok();
    assert_eq!(house.show(&id)["state"], "releasing");
    house.run(&["case", "publish", &id]).ok();
    house.run(&["case", "publish", &id]).ok().says("already");
    assert_eq!(house.show(&id)["anchors"]["release"]["actual"], crate::house::NOW);
}

#[test]
fn a_case_ends_with_a_reason_or_when_all_is_done() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "close", &id]).exits(3).complains("steps are open");
    house.run(&["case", "close", &id, "--as", "invalid"]).exits(2).complains("--why");
    house.run(&["case", "close", &id, "--as", "boredom", "--why", "x"]).exits(2).complains("possible values");
    house.run(&["case", "close", &id, "--as", "duplicate", "--why", "of another"]).ok();
    house.run(&["case", "close", &id, "--as", "duplicate", "--why", "of another"]).ok().says("already");
    assert_eq!(house.show(&id)["closing"]["as"], "duplicate");
    let next = house.run(&["next"]).ok();
    assert_eq!(next.out, "");
}

#[test]
fn archived_cases_are_out_of_the_way() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "archive", &id]).ok();
    house.run(&["case", "archive", &id]).ok().says("already");
    assert_eq!(house.json(&["case", "list"]), json!([]));
    assert_eq!(house.json(&["case", "list", "--all"])[0]["archived"], true);
    house.run(&["case", "unarchive", &id]).ok();
    house.run(&["case", "unarchive", &id]).ok().says("already");
    assert_eq!(house.json(&["case", "list"])[0]["id"], json!(id));
}

#[test]
fn a_case_goes_on_with_another_process() {
    let house = House::new();
    let id = house.case("gitlab-non-critical");
    house.run(&["case", "do", &id, "gn.triage.receive"]).ok();
    house.run(&["case", "do", &id, "gn.triage.verify"]).ok();
    house.run(&["case", "switch", &id, "--playbook", "gitlab-criticl"]).exits(4).complains("gitlab-critical");
    house.run(&["case", "switch", &id, "--playbook", "gitlab-critical"]).ok();
    house.run(&["case", "switch", &id, "--playbook", "gitlab-critical"]).ok().says("already");
    assert_eq!(house.show(&id)["playbook"], "gitlab-critical");
    assert_eq!(house.step(&id, "gc.triage.verify")["state"], "done");
}

#[test]
fn fields_and_scores_are_set() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "set", &id, "vulnerability.V1.cve=CVE-2026-0001"]).ok();
    house.run(&["case", "set", &id, "person.reporter.contact=r@example.org"]).ok();
    house.run(&["case", "set", &id, "event.x.kind=done"]).exits(2);
    house.run(&["case", "set", &id, "vulnerability.V1.nothing=x"]).exits(2).complains("no field");
    let show = house.show(&id);
    assert_eq!(show["vulnerabilities"][0]["cve"], "CVE-2026-0001");
    assert_eq!(show["people"][0]["contact"], "r@example.org");
    house.run(&["case", "set", &id, "vulnerability.V1.cve="]).ok();
    assert_eq!(house.show(&id)["vulnerabilities"][0].get("cve"), None);

    house.run(&["case", "score", &id, "CVSS:3.1/AV:N"]).exits(2);
    house.run(&["case", "score", &id, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "--why", "a crash"]).ok();
    let score = house.show(&id)["score"].clone();
    assert_eq!((&score["base"], &score["severity"], &score["final"]), (&json!(7.5), &json!("high"), &json!(false)));
}

#[test]
fn answers_become_known_and_unknown_with_their_consequences() {
    let house = House::new();
    let id = house.case("emissary");
    let told = house.run(&["case", "fact", &id, "affects=unsupported", "mitigation=yes"]).ok();
    told.says("now holds: Only unsupported versions").says("drops out: ");
    assert_eq!(house.show(&id)["facts"], json!({ "affects": "unsupported", "mitigation": true }));
    house.run(&["case", "fact", &id, "affects=?"]).ok();
    assert_eq!(house.show(&id)["facts"], json!({ "mitigation": true }));
    house.run(&["case", "fact", &id, "affects=?"]).ok().says("so already");
    house.run(&["case", "fact", &id, "afects=?"]).exits(4).complains("did you mean affects?");
    house.run(&["case", "fact", &id, "affects=supprted"]).exits(2).complains("did you mean supported?");
    house.run(&["case", "fact", &id]).exits(2);
}

#[test]
fn a_broken_case_is_shown_from_its_backup_and_restored() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "restore", &id]).ok().says("in order");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    house.run(&["case", "undo", &id]).ok();
    house.write(&format!("data/cases/{id}/case.toml"), "");
    house.run(&["case", "do", &id, "em.intake.report"]).exits(1).complains("empty");
    house.run(&["case", "show", &id]).ok().complains("backup");
    house.run(&["next"]).exits(12);
    house.run(&["case", "restore", &id]).ok().says("in place");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    house.run(&["case", "restore", "no-such"]).exits(4);
}

#[test]
fn what_can_not_be_written_is_said_to_be_unsaved() {
    let house = House::new();
    let id = house.case("emissary");
    let before = house.case_file(&id);
    // A limit on the size of files holds for everyone, other than modes, which root may pass over.
    let line = format!("ulimit -f 0; exec {} case do {id} em.intake.report", env!("CARGO_BIN_EXE_fixlead"));
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .env("FIXLEAD_DATA_DIR", house.path("data"))
        .env("FIXLEAD_CONFIG_DIR", house.path("config"))
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{told}");
    assert!(told.contains("is not saved") && told.contains("limit on the size of files"), "{told}");
    assert_eq!(house.case_file(&id), before);
}
