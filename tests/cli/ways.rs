//! The verbs that lead out of what stands in the way of a case.

use std::path::PathBuf;

use fixlead::store::Store;
use serde_json::Value;

use crate::house::House;

/// A case with a history of three saves.
fn with_history(house: &House) -> String {
    let id = house.case("emissary");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    house.run(&["case", "set", &id, "lead=bob"]).ok();
    id
}

fn file(house: &House, id: &str) -> PathBuf {
    house.path("data/cases").join(id).join("case.toml")
}

/// A screen and a verb set the lead to two names.
fn conflict(house: &House) -> String {
    let id = with_history(house);
    let store = Store::open(&house.path("data")).unwrap();
    let base = store.load(&id).unwrap();
    let mut mine = base.case.clone();
    let now = "2026-12-03T17:00:00Z".parse().unwrap();
    fixlead::runtime::world::act(&mut mine, fixlead::case::Action::set("lead", "zoe"), now, "me").unwrap();
    house.run(&["case", "set", &id, "lead=eve"]).ok();
    store.save(&base, &mine).unwrap();
    id
}

#[test]
fn a_damaged_case_is_told_with_its_way_out_everywhere_and_restored() {
    let house = House::new();
    let id = with_history(&house);
    std::fs::write(file(&house, &id), "").unwrap();
    let verb = format!("fixlead case restore {id}");
    house.run(&["case", "list"]).ok().says("the stored case is damaged").says(&verb);
    let listed = house.json(&["case", "list"]);
    assert_eq!(
        (&listed[0]["trouble"]["kind"], &listed[0]["trouble"]["verb"]),
        (&"damaged".into(), &verb.clone().into())
    );
    let shown = house.show(&id);
    assert_eq!(shown["trouble"]["kind"], "damaged");
    assert!(shown["trouble"]["place"].as_str().unwrap().contains("empty"), "{}", shown["trouble"]);
    house.run(&["case", "set", &id, "lead=eve"]).exits(1).complains(&verb);
    house.run(&["case", "restore", &id]).ok().says("is in place").says("the damaged file is kept");
    house.run(&["case", "set", &id, "lead=eve"]).ok();
    assert_eq!(house.show(&id)["trouble"], Value::Null);
    house.run(&["case", "restore", &id]).ok().says("is in order");
}

#[test]
fn a_deleted_case_is_brought_back() {
    let house = House::new();
    let id = with_history(&house);
    std::fs::remove_file(file(&house, &id)).unwrap();
    house.run(&["case", "do", &id, "em.lead.volunteer"]).exits(1).complains("fixlead case restore");
    house.run(&["case", "restore", &id]).ok();
    house.run(&["case", "do", &id, "em.lead.volunteer"]).ok();
}

#[test]
fn older_versions_are_listed_and_gone_back_to() {
    let house = House::new();
    let id = with_history(&house);
    let listed = house.json(&["case", "versions", &id]);
    let versions = listed["versions"].as_array().unwrap();
    assert_eq!(versions.iter().map(|one| one["since"].as_u64()).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let at = versions[0]["at"].as_str().unwrap();
    house.run(&["case", "versions", &id]).ok().says(at).says("1 thing was done since").says("--version INSTANT");
    let restored = house.json(&["case", "restore", &id, "--version", at]);
    assert!(restored["replaced"].is_string() && restored["damaged"].is_null(), "{restored}");
    assert!(restored["lacks"][0].as_str().unwrap().contains("lead"), "{restored}");
    assert_ne!(house.show(&id)["lead"], "bob");
    house.run(&["case", "timeline", &id]).ok().says("put in place");
    house.run(&["case", "undo", &id]).ok().says("since another version was put in place");
    let none = house.run(&["case", "restore", &id, "--version", "2020-01-01T00:00:00Z"]).exits(4);
    none.complains(&format!("fixlead case versions {id}"));
    house.run(&["case", "versions", "no-such-case"]).exits(4);
}

#[test]
fn a_copy_from_elsewhere_is_put_in_place_only_where_it_is_one() {
    let house = House::new();
    let id = with_history(&house);
    let copy = house.path("copy.toml");
    std::fs::copy(file(&house, &id), &copy).unwrap();
    house.run(&["case", "set", &id, "lead=eve"]).ok();
    house
        .run(&["case", "restore", &id, "--from", copy.to_str().unwrap()])
        .ok()
        .says("the copy is in place; it lacks 1 thing that was there: ");
    assert_eq!(house.show(&id)["lead"], "bob");
    house.run(&["case", "restore", &id, "--from", "nowhere.toml"]).exits(4).complains("nothing was changed");
    let other = house.case("gardener");
    house.run(&["case", "restore", &other, "--from", copy.to_str().unwrap()]).exits(5).complains("another case");
    house.run(&["case", "restore", &id, "--from", "x", "--version", "y"]).exits(2);
}

#[test]
fn what_both_sides_changed_is_listed_and_decided() {
    let house = House::new();
    let id = conflict(&house);
    let verb = format!("fixlead case resolve {id}");
    house.run(&["case", "show", &id]).ok().complains("1 thing was changed here and elsewhere").complains(&verb);
    assert_eq!(house.json(&["case", "list"])[0]["trouble"]["kind"], "conflict");
    house.run(&["next"]).exits(10).says("1 thing was changed here and elsewhere").says(&verb);
    house.run(&["case", "resolve", &id]).ok().says("yours:  zoe").says("theirs: eve").says("--mine or --theirs");
    let asked = house.json(&["case", "resolve", &id]);
    assert_eq!(asked["questions"][0]["addresses"][0], "lead");
    house
        .run(&["case", "resolve", &id, "--mine", "--only", "title"])
        .exits(4)
        .complains("nothing is asked about title");
    house.run(&["case", "resolve", &id, "--mine", "--theirs"]).exits(2);
    let decided = house.json(&["case", "resolve", &id, "--mine", "--only", "lead"]);
    assert_eq!(decided["event"]["kind"], "resolved");
    assert_eq!((&house.show(&id)["lead"], &house.show(&id)["trouble"]), (&"zoe".into(), &Value::Null));
    house.run(&["case", "resolve", &id]).ok().says("nothing is to be decided");
}

#[test]
fn theirs_stays_without_an_event() {
    let house = House::new();
    let id = conflict(&house);
    let before = house.kinds(&id);
    house.run(&["case", "resolve", &id, "--theirs"]).ok().says("theirs stays").says("0 left to decide");
    assert_eq!(house.show(&id)["lead"], "eve");
    assert_eq!(house.kinds(&id), before);
    assert_eq!(house.show(&id)["trouble"], Value::Null);
}

#[test]
fn nothing_is_decided_about_a_damaged_case() {
    let house = House::new();
    let id = conflict(&house);
    std::fs::write(file(&house, &id), "half a ca").unwrap();
    for side in ["--theirs", "--mine"] {
        house.run(&["case", "resolve", &id, side]).exits(1).complains(&format!("fixlead case restore {id}"));
    }
    assert!(file(&house, &id).with_file_name("case.toml.conflict").exists());
}

#[test]
fn a_copy_that_can_not_be_read_any_more_is_listed() {
    let house = House::new();
    let id = conflict(&house);
    std::fs::write(file(&house, &id).with_file_name("case.toml.conflict"), "").unwrap();
    house.run(&["case", "resolve", &id]).ok().says("nothing is to be decided").says("case.toml.conflict");
    house.run(&["case", "show", &id]).ok().complains("case.toml.conflict");
}
