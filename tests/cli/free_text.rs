//! Free text: as an argument, from standard input, from a file, and never asked for without a terminal.

use std::io::{Read, Write};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::json;

use crate::house::House;

#[test]
fn a_text_comes_from_standard_input() {
    let house = House::new();
    let made = house.run_with(&["case", "new", "--playbook", "emissary", "--title", "-"], "From a pipe\n").ok();
    let id = made.out.trim().to_owned();
    assert_eq!(house.show(&id)["title"], "From a pipe");
    house.run_with(&["case", "note", &id, "em.intake.report", "-"], "first\nsecond\n").ok();
    assert_eq!(house.step(&id, "em.intake.report")["note"], "first\nsecond");
    house.run_with(&["case", "set", &id, "vulnerability.V1.summary=-"], "a crash").ok();
    assert_eq!(house.show(&id)["vulnerabilities"][0]["summary"], "a crash");
    house.run_with(&["case", "score", &id, "-"], "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H\n").ok();
    house.run_with(&["leak", &id, "--what", "-"], "a tweet").ok();
    assert_eq!(house.show(&id)["leak"]["what"], "a tweet");
}

#[test]
fn a_text_comes_from_a_file() {
    let house = House::new();
    let file = house.write("title.txt", "From a file\r\n");
    let title = format!("@{}", file.display());
    let made = house.run(&["case", "new", "--playbook", "emissary", "--title", &title]).ok();
    let id = made.out.trim().to_owned();
    assert_eq!(house.show(&id)["title"], "From a file");
    house.run(&["case", "note", &id, "em.intake.report", "@no-such-file"]).exits(4).complains("no-such-file");
    house.run(&["case", "note", &id, "em.intake.report", "@@amelie knows"]).ok();
    assert_eq!(house.step(&id, "em.intake.report")["note"], "@amelie knows");
    let binary = house.path("binary");
    std::fs::write(&binary, [0xff, 0xfe]).unwrap();
    house.run(&["case", "note", &id, "em.intake.report", &format!("@{}", binary.display())]).exits(1);
}

#[test]
fn names_and_links_need_not_stand_in_the_arguments() {
    let house = House::new();
    let id = house.case("emissary");
    let run = |args: &[&str], input: &str| house.run_with(&[&["case", args[0], &id], &args[1..]].concat(), input).ok();
    let file = format!("@{}", house.write("name.txt", "amelie\n").display());
    run(&["do", "em.intake.report", "--by", &file, "--link", "-"], "https://host.example/1\n");
    run(&["link", "em.intake.report", "-"], "https://host.example/2\n");
    let step = house.step(&id, "em.intake.report");
    assert_eq!(step["done_by"], "amelie");
    assert_eq!(step["links"], json!(["https://host.example/1", "https://host.example/2"]));
    run(&["assign", "em.lead.volunteer", "-"], "boris\n");
    assert_eq!(house.step(&id, "em.lead.volunteer")["assignee"], "boris");
    run(&["wait", "em.lead.volunteer", "--on", "-"], "the maintainers\n");
    assert_eq!(house.step(&id, "em.lead.volunteer")["waiting_on"], "the maintainers");
    run(&["grant", &file, "-"], "repository\n");
    let grant = house.show(&id)["grants"][0].clone();
    assert_eq!((&grant["who"], &grant["what"]), (&json!("amelie"), &json!("repository")));
    run(&["revoke", "-", "repository"], "amelie\n");
    assert!(house.show(&id)["grants"][0]["ended"].is_string());
    house.run(&["case", "grant", &id, "@amelie", "repository"]).exits(4).complains("@@ begins a text");
    run(&["hand-over", "--to", &file], "");
    house.run(&["case", "do", &id, "em.intake.report"]).exits(6).complains("amelie");
}

#[test]
fn without_a_terminal_a_missing_text_is_an_error_of_the_command_line() {
    let house = House::new();
    house.run(&["case", "new", "--playbook", "emissary"]).exits(2).complains("--title is missing");
    house.run(&["case", "new", "--playbook", "emissary", "--title"]).exits(2).complains("--title is missing");
    house.run(&["case", "new", "--playbook", "emissary", "--title", " "]).exits(2).complains("--title is empty");
    house.run_with(&["case", "new", "--playbook", "emissary", "--title", "-"], "").exits(2).complains("is empty");
    assert_eq!(house.json(&["case", "list"]), json!([]));
    let id = house.case("emissary");
    let forms = [
        vec!["case", "do", &id, "em.intake.report", "--note"],
        vec!["case", "do", &id, "em.fix.develop", "--override"],
        vec!["case", "do", &id, "em.intake.report", "--attest"],
        vec!["case", "skip", &id, "em.lead.expertise", "--why"],
        vec!["case", "hand-over", &id, "--to", "boris", "--note"],
        vec!["case", "close", &id, "--as", "invalid", "--why"],
        vec!["leak", &id, "--what"],
    ];
    for form in forms {
        house.run(&form).exits(2).complains("is missing");
    }
    assert_eq!(house.kinds(&id), ["created"]);
}

/// Runs a verb on a terminal and types something; what the terminal showed comes back.
fn on_a_terminal(house: &House, args: &[&str], typed: &str) -> String {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let plain = house.command();
    let mut command = CommandBuilder::new(plain.get_program());
    command.args(plain.get_args());
    command.args(args);
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap());
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    pair.master.take_writer().unwrap().write_all(typed.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let mut shown = Vec::new();
    // The end of a terminal reads as an error on Linux.
    let _ = reader.read_to_end(&mut shown);
    String::from_utf8_lossy(&shown).into_owned()
}

#[test]
fn on_a_terminal_a_missing_text_is_asked_for() {
    let house = House::new();
    let shown = on_a_terminal(&house, &["case", "new", "--playbook", "emissary"], "Asked for\n");
    assert!(shown.contains("What is it about?"), "{shown}");
    let id = house.json(&["case", "list"])[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(house.show(&id)["title"], "Asked for");
    let shown = on_a_terminal(&house, &["case", "do", &id, "em.fix.develop", "--override"], "settled by phone\n");
    assert!(shown.contains("Why go on although something is missing?"), "{shown}");
    assert!(house.kinds(&id).contains(&"override".to_owned()));
}
