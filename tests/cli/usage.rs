//! The command line itself: help, globals on either side, errors as text and as JSON, completions, the manual.

use std::process::Stdio;

use serde_json::Value;

use crate::house::House;

#[test]
fn help_and_version_are_no_errors() {
    let house = House::new();
    house.run(&["--help"]).ok().says("Exit codes").says("playbook").says("@FILE");
    house.run(&["--version"]).ok().says("fixlead 0.");
    house.run(&["case", "do", "--help"]).ok().says("--override");
    house.run(&["case"]).exits(2).complains("requires a subcommand").complains("timeline");
}

#[test]
fn globals_stand_before_and_after_the_verb() {
    let house = House::new();
    let id = house.case("emissary");
    let before = house.run(&["--json", "case", "show", &id]).ok();
    assert_eq!(before.out, house.run(&["case", "show", &id, "--json"]).ok().out);
    let elsewhere = house.path("elsewhere");
    let elsewhere = elsewhere.to_str().unwrap();
    assert_eq!(house.run(&["--data-dir", elsewhere, "case", "list"]).ok().out, "");
    assert_eq!(house.run(&["case", "list", "--data-dir", elsewhere]).ok().out, "");
    let later = house.command().args(["next"]).stdout(Stdio::piped()).output().unwrap();
    assert!(String::from_utf8(later.stdout).unwrap().contains(&id));
    for theme in ["terminal", "dark", "light", "high-contrast", "plain"] {
        house.run(&["case", "show", &id, "--theme", theme, "--ascii"]).ok();
    }
    let unknown = house.run(&["case", "show", &id, "--theme", "default"]).exits(2);
    unknown.complains("there is no theme default").complains("terminal, dark, light, high-contrast, plain");
    house.write("config/themes/mine.toml", "plain = { fg = \"nothing\" }\n");
    house.run(&["case", "show", &id, "--theme", "default"]).exits(2).complains("plain, mine");
    house.run(&["case", "show", &id, "--theme", "mine"]).ok();
    house.run(&["--help"]).ok().says("terminal, dark, light, high-contrast, plain, or one of your own");
}

#[test]
fn ascii_output_is_ascii() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "do", &id, "em.intake.report"]).ok();
    let shown = house.run(&["case", "show", &id, "--ascii"]).ok().says("x em.intake.report").says("# em.fix.develop");
    assert!(shown.out.is_ascii(), "{}", shown.out);
    assert!(house.run(&["case", "do", &id, "em.fix.develop", "--ascii"]).exits(3).err.is_ascii());
}

#[test]
fn an_error_is_one_line_and_what_is_missing() {
    let house = House::new();
    let id = house.case("emissary");
    let failed = house.run(&["case", "do", &id, "em.fix.develop"]).exits(3);
    let lines: Vec<&str> = failed.err.lines().collect();
    assert!(lines[0].starts_with("fixlead: «Develop and review the fix» can't be done yet; nothing was changed; "));
    assert!(lines[1..].iter().all(|line| line.starts_with("  ")) && lines.len() == 3, "{lines:?}");
    assert_eq!(failed.out, "");
    let unknown = house.run(&["case", "dont"]).exits(2);
    assert!(unknown.err.starts_with("fixlead: unrecognized subcommand 'dont'"), "{}", unknown.err);
    assert_eq!(unknown.err.lines().count(), 1, "{}", unknown.err);
    house.run(&["case", "grant", &id]).exits(2).complains("were not provided").complains("write it as");
}

#[test]
fn errors_are_json_where_that_was_asked_for() {
    let house = House::new();
    let id = house.case("emissary");
    let error = |args: &[&str], code: i32| -> Value {
        let ran = house.run(args).exits(code);
        assert_eq!(ran.out, "");
        serde_json::from_str::<Value>(&ran.err).unwrap()["error"].clone()
    };
    let blocked = error(&["--json", "case", "do", &id, "em.fix.develop"], 3);
    assert_eq!(blocked["kind"], "blocked");
    assert_eq!(blocked["missing"][0]["kind"], "step");
    assert_eq!(blocked["missing"][0]["id"], "em.team.access");
    assert!(blocked["missing"][0]["text"].is_string() && blocked["message"].is_string());
    assert_eq!(error(&["case", "show", "no-such", "--json"], 4)["kind"], "not_found");
    assert_eq!(error(&["case", "dont", "--json"], 2)["kind"], "usage");
    assert_eq!(error(&["case", "do", &id, "em.intake.report", "--note", "--json"], 2)["kind"], "usage");
}

#[test]
fn an_acting_verb_answers_in_json() {
    let house = House::new();
    let id = house.case("emissary");
    let did = house.json(&["case", "do", &id, "em.intake.report"]);
    assert_eq!((did["id"].as_str(), did["event"]["kind"].as_str()), (Some(id.as_str()), Some("step_done")));
    assert!(did["next"]["title"].is_string() && did["consequences"].is_array());
}

#[test]
fn faulty_settings_are_told_and_do_not_keep_it_from_working() {
    let house = House::new();
    house.write("config/config.toml", "mee = \"lead\"\nzones = [\"Middle/Earth\"]\n");
    house.run(&["case", "list"]).ok().complains("unknown key mee");
    house.write("config/config.toml", "me = \"lead\"\nzones = [\"Middle/Earth\"]\n");
    house.run(&["case", "list"]).ok().complains("no time zone Middle/Earth");
}

#[test]
fn completions_and_the_manual_are_made_of_the_same_definitions() {
    let house = House::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        house.run(&["completions", shell]).ok().says("hand-over").says("interactive");
    }
    house.run(&["completions", "tcsh"]).exits(2);
    let page = house
        .run(&["man"])
        .ok()
        .says(".TH fixlead")
        .says("\\-\\-interactive")
        .says("FIXLEAD CASE HAND\\-OVER")
        .says("FIXLEAD DIVERGENCE")
        .says("Exit codes");
    assert!(page.out.contains("override"), "{}", page.out);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let house = House::new();
    let mut child = house
        .command()
        .args(["playbook", "show", "gitlab-critical", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn nothing_of_the_later_verbs_is_offered() {
    let house = House::new();
    for verb in ["watch", "message", "advisory", "guard"] {
        house.run(&[verb]).exits(2);
    }
}

#[test]
fn a_drill_needs_a_terminal_and_a_process_that_there_is() {
    let house = House::new();
    house.run(&["drill"]).exits(1).complains("a drill needs a terminal at both ends");
    house.run(&["drill", "gardner", "--json"]).exits(4).complains("did you mean gardener?");
    house.write("config/drills/gardener.toml", "playbook = \"gardener\"\n");
    house.run(&["drill", "gardener"]).exits(1).complains("drills/gardener.toml:1:1: title is missing");
    assert!(!house.path("data/drills").exists());
}

#[test]
fn what_the_environment_sets_nobody_is_told_to_write() {
    let house = House::new();
    let told = house.run(&["divergence", "--canonical", "public.git"]).exits(2).err;
    assert!(told.contains("--security <URL>") && !told.contains("-dir"), "{told}");
}
