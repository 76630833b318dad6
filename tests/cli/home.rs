//! Home without a terminal, and what is next.

use serde_json::json;

use crate::house::House;

#[test]
fn without_a_case_home_says_how_to_start_one() {
    let house = House::new();
    let home = house.run(&[]).ok().says("fixlead case new --playbook ID").says("Emissary-ingress");
    for (id, _) in fixlead::playbook::BUILTIN {
        assert!(home.out.contains(id), "{id}: {}", home.out);
    }
}

#[test]
fn a_data_folder_that_is_not_there_is_made_with_the_first_case_and_not_before() {
    let house = House::new();
    house.run(&["case", "list"]).ok();
    house.run(&["next"]).ok();
    house.run(&["case", "show", "slate-kangaroo"]).exits(4);
    assert!(!house.path("data").exists(), "a mistyped name, or a disk that is away, leaves nothing behind");
    house.case("emissary");
    assert!(house.path("data/cases").is_dir());
}

/// A case in which everything that can be done was asked of somebody else.
fn waiting(house: &House) -> String {
    let id = house.case("duo-workflow-executor");
    while let Some(next) = house.show(&id)["next"].as_array().unwrap().first() {
        let of = next["id"].as_str().unwrap();
        match next["kind"].as_str() {
            Some("step") => house.run(&["case", "wait", &id, of, "--on", "the vendor"]).ok(),
            Some("anchor") => house.run(&["case", "at", &id, &format!("{of}=2026-12-01T12:00:00Z")]).ok(),
            Some("fact") => house.run(&["case", "fact", &id, &format!("{of}=yes")]).ok(),
            _ => panic!("{next}"),
        };
    }
    id
}

#[test]
fn home_tells_what_needs_you_what_waits_and_what_is_released() {
    let house = House::new();
    let mine = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-20T12:00:00Z"]);
    let public = house.case("emissary");
    house.run(&["case", "expose", &public]).ok();
    house.run(&["case", "publish", &public]).ok();
    let gone = house.case("emissary");
    house.run(&["case", "hand-over", &gone, "--to", "boris", "--note", "x"]).ok();
    let leaked = house.case("emissary");
    for verb in ["expose", "publish"] {
        house.run(&["case", verb, &leaked]).ok();
    }
    house.run(&["leak", &leaked, "--what", "a tweet"]).ok();
    let archived = house.case("emissary");
    house.run(&["case", "archive", &archived]).ok();
    let waiting = waiting(&house);
    let home = house.run(&[]).ok().out;
    let place = |text: &str| home.find(text).unwrap_or_else(|| panic!("no {text} in {home}"));
    assert!(place("Needs you") < place(&mine) && place(&mine) < place("Waiting for others"), "{home}");
    assert!(place(&leaked) < place("Waiting for others"), "a leak needs you, whatever else holds: {home}");
    assert!(place("Waiting for others") < place(&waiting), "{home}");
    assert!(
        place(&waiting) < place("Released, not closed") && place("Released, not closed") < place(&public),
        "{home}"
    );
    assert!(place(&public) < place("Ended") && place("Ended") < place(&gone), "{home}");
    assert!(!home.contains(&archived), "{home}");
    let line = home.lines().find(|line| line.contains(&mine)).unwrap();
    assert!(line.trim_start().starts_with('!') && line.contains("EMBARGO") && line.contains("late"), "{line}");
    assert!(!home.contains("malformed"), "a title at home: {home}");
    let as_json = house.json(&[]);
    for (section, id) in [("needs_you", mine), ("waiting", waiting), ("released", public), ("ended", gone)] {
        let ids = as_json[section].as_array().unwrap().iter().map(|one| one["id"].clone());
        assert!(ids.collect::<Vec<_>>().contains(&json!(id)), "{section}: {as_json}");
    }
}

#[test]
fn open_without_a_terminal_shows_the_case() {
    let house = House::new();
    let id = house.case("emissary");
    let opened = house.run(&["open", &id]).ok();
    assert_eq!(opened.out, house.run(&["case", "show", &id]).ok().out);
    house.run(&["open", "no-such"]).exits(4);
}

#[test]
fn next_is_one_line_a_case_with_a_telling_exit_code() {
    let mut house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-24T12:00:00Z"]);
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    house.run(&["case", "fact", &id, "disclosure=private"]).ok();
    house.run(&["case", "do", &id, "em.lead.volunteer"]).ok();
    let next = house.run(&["next"]).ok();
    assert_eq!(next.out, format!("{id}: Set the schedule, in 23h\n"));
    assert_eq!(house.run(&["next", "--within", "4h"]).ok().out, "");
    house.run(&["next", "--within", "24h"]).exits(10).says("Set the schedule");
    // The list of cases is kept beside them: it must notice by itself that something turned late.
    house.at("2026-11-26T12:00:00Z");
    house.run(&["next"]).exits(10).says("late");
    let as_json = house.run(&["next", "--json"]).exits(10).json();
    assert_eq!((&as_json[0]["overdue"], &as_json[0]["next"]["id"]), (&json!(true), &json!("em.lead.schedule")));
    house.run(&["next", "--within", "soon"]).exits(2).complains("no duration");
}

#[test]
fn a_later_deadline_takes_its_turn_when_it_turns_late() {
    let mut house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-24T12:00:00Z"]);
    house.run(&["next"]).ok().says(&format!("{id}: Log the report"));
    house.at("2026-11-26T12:00:00Z");
    house.run(&["next"]).exits(10).says(&format!("{id}: Log the report; ")).says("1d late");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    house.run(&["next"]).exits(10).says(&format!("{id}: "));
    house.run(&[]).ok().says("1d late");
}

#[test]
fn who_is_late_with_what_the_lead_waits_for_is_told() {
    let mut house = House::new();
    let id = house.case_with(&["--playbook", "emissary", "--at", "disclosed=2026-11-24T12:00:00Z"]);
    house.run(&["case", "wait", &id, "em.lead.schedule", "--on", "the upstream project"]).ok();
    house.run(&["case", "do", &id, "em.lead.affects"]).ok();
    house.run(&["case", "do", &id, "em.lead.class"]).ok();
    house.run(&["case", "fact", &id, "affects=supported", "class=integrity", "upstream_timeline=no"]).ok();
    house.run(&["case", "do", &id, "em.team.repo"]).ok();
    house.run(&["case", "do", &id, "em.lead.volunteer"]).ok();
    house.at("2026-11-25T13:00:00Z");
    let next = house.run(&["next"]);
    assert_eq!(next.code, 10, "{}", next.out);
}
