//! What a case releases and what mends it, by the short forms of `case set`.

use serde_json::json;

use crate::house::House;

const ONE: &str = "3f2a91c0de3f2a91c0de3f2a91c0de3f2a91c0de";
const TWO: &str = "77aa91c0de77aa91c0de77aa91c0de77aa91c0de";

#[test]
fn a_component_is_one_event_and_undo_takes_it_back() {
    let house = House::new();
    let id = house.case("emissary");
    house
        .run(&[
            "case",
            "component",
            &id,
            "gateway",
            "--canonical",
            "https://host.example/gateway.git",
            "--security",
            "../private.git",
            "--dev",
            "git@host.example:dev/gateway.git",
            "--clone",
            "src/gateway",
            "--branches",
            "main,release-*",
            "1.27",
            "--tags",
            "v*",
            "--pin",
            "deploy/VERSION",
            "--mirror-lag",
            "2h",
        ])
        .ok();
    let here = house.path("").canonicalize().unwrap();
    let at = |name: &str| here.join(name).display().to_string();
    assert_eq!(
        house.show(&id)["components"],
        json!([{
            "id": "gateway",
            "urls": {
                "canonical": "https://host.example/gateway.git",
                "dev": "git@host.example:dev/gateway.git",
                "security": at("../private.git"),
            },
            "clone": at("src/gateway"),
            "branches": ["main", "release-*", "1.27"],
            "tags": "v*",
            "pin": "deploy/VERSION",
            "mirror_lag": "2h",
        }])
    );
    assert_eq!(house.kinds(&id).iter().filter(|kind| *kind == "field_set").count(), 1);
    house.run(&["case", "undo", &id]).ok();
    assert_eq!(house.show(&id)["components"], json!([]));
}

#[test]
fn a_component_that_is_there_is_changed() {
    let house = House::new();
    let id = house.case("emissary");
    let component = |more: &[&str]| house.run(&[&["case", "component", &id, "gateway"], more].concat());
    component(&["--canonical", "/a", "--security", "/b", "--branches", "main"]).ok();
    component(&["--canonical", "/c", "--branches", "2.0"]).ok();
    let components = house.show(&id)["components"].clone();
    assert_eq!(components.as_array().unwrap().len(), 1, "{components}");
    assert_eq!(components[0]["urls"], json!({ "canonical": "/c", "security": "/b" }));
    assert_eq!(components[0]["branches"], json!(["2.0"]));
    component(&["--canonical", "/c"]).ok().says("it is so already");
}

#[test]
fn a_component_takes_nothing_that_could_not_be_asked() {
    let house = House::new();
    let id = house.case("emissary");
    let refused = |more: &[&str]| house.run(&[&["case", "component", &id, "gateway"], more].concat()).exits(2);
    refused(&[]).complains("nothing is said of the component gateway");
    let password = refused(&["--canonical", "https://me:s3cret@host.example/x"]).complains("must not hold a password");
    assert!(!password.err.contains("s3cret"), "{}", password.err);
    refused(&["--security", "ext::sh -c x"]).complains("--security: «ext::» is not spoken here");
    refused(&["--branches", "release-[12]"]).complains("only * stands for anything");
    refused(&["--pin", "../VERSION"]).complains("no path in a repository");
    refused(&["--clone", "git@host.example:x"]).complains("--clone: a clone is a folder on this machine");
    refused(&["--mirror-lag", "2mo"]).complains("months and years differ in length");
    house.run(&["case", "component", &id, "a.b", "--canonical", "/a"]).exits(2).complains("no dot and no slash");
    assert_eq!(house.show(&id)["components"], json!([]));
    house.run(&["case", "component", "no-such", "x", "--canonical", "/a"]).exits(4);
}

#[test]
fn fixes_are_numbered_and_one_that_is_there_is_changed() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "component", &id, "gateway", "--canonical", "/a", "--security", "/b"]).ok();
    house.run(&["case", "fix", &id, &ONE[..7], &TWO.to_uppercase()]).ok();
    assert_eq!(house.show(&id)["fixes"], json!([{ "id": "F1", "commit": &ONE[..7] }, { "id": "F2", "commit": TWO }]));
    house.run(&["case", "fix", &id, ONE, &TWO[..10], "--component", "gateway", "--vulnerability", "V1"]).ok();
    assert_eq!(
        house.show(&id)["fixes"],
        json!([
            { "id": "F1", "vulnerability": "V1", "component": "gateway", "commit": ONE },
            { "id": "F2", "vulnerability": "V1", "component": "gateway", "commit": TWO },
        ]),
        "of two ids of one commit the longer stays"
    );
    house.run(&["case", "undo", &id]).ok();
    assert_eq!(house.show(&id)["fixes"][0]["commit"], ONE[..7]);
    house.run(&["case", "undo", &id]).ok();
    assert_eq!(house.show(&id)["fixes"], json!([]));
}

#[test]
fn commits_need_not_stand_in_the_arguments() {
    let house = House::new();
    let id = house.case("emissary");
    house.run_with(&["case", "fix", &id, "-"], &format!("{ONE}\n{TWO}\n")).ok();
    let commits = json!([{ "id": "F1", "commit": ONE }, { "id": "F2", "commit": TWO }]);
    assert_eq!(house.show(&id)["fixes"], commits);
}

#[test]
fn a_fix_names_a_commit_and_what_there_is() {
    let house = House::new();
    let id = house.case("emissary");
    let fix = |args: &[&str]| house.run(&[&["case", "fix", &id], args].concat());
    fix(&["main"]).exits(2).complains("COMMIT: «main» is no commit");
    fix(&[ONE, "--component", "gateway"]).exits(4).complains("there is no component gateway");
    fix(&[ONE, "--vulnerability", "V2"]).exits(4).complains("there is no vulnerability V2 (did you mean V1?)");
    fix(&[]).exits(2);
    house.run_with(&["case", "fix", &id, "-"], "\n").exits(2).complains("COMMIT names no commit");
    assert_eq!(house.show(&id)["fixes"], json!([]));
}

#[test]
fn a_component_that_is_not_there_is_looked_for_in_the_case() {
    let house = House::new();
    let id = house.case("emissary");
    let ran = house.run(&["case", "fix", &id, "0123456789", "--component", "nope"]).exits(4);
    ran.complains("«fixlead case show» names what there is");
}
