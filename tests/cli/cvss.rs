//! `fixlead cvss` by verbs.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::json;

use crate::house::House;

const CRASH_3: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
const CRASH_4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N";

/// Scored vectors of all versions: vector, version and scores as `--batch` writes them.
const PUBLIC: &str = include_str!("../data/cvss_public.tsv");
const BAD: &str = include_str!("../data/cvss_bad_vectors.txt");

#[test]
fn a_vector_is_scored_on_one_line() {
    let house = House::new();
    let ran = house.run(&["cvss", CRASH_3, CRASH_4, "AV:N/AC:L/Au:N/C:N/I:N/A:C/RL:OF"]).ok();
    assert_eq!(
        ran.out,
        format!(
            "7.5 High    v3.1 base                {CRASH_3}\n\
             8.7 High    CVSS-B                   {CRASH_4}\n\
             6.8 Medium  v2.0 temporal, base 7.8  AV:N/AC:L/Au:N/C:N/I:N/A:C/RL:OF\n"
        )
    );
    assert!(!house.path("data").exists(), "nothing is stored");
}

#[test]
fn what_is_no_vector_is_refused_with_its_place() {
    let house = House::new();
    let bad = CRASH_3.replace("AC:L", "AC:M");
    let ran = house.run(&["cvss", CRASH_3, &bad]).exits(2);
    assert_eq!(ran.out, "");
    ran.complains("AC:M at byte 17 is unknown: AC takes L, H");
    house.run(&["cvss", "--explain"]).exits(2).complains("a vector is missing");
    house.run(&["cvss", &CRASH_3.to_lowercase()]).exits(2);
    house.run(&["cvss", "--batch", CRASH_3]).exits(2);
}

#[test]
fn a_file_that_is_no_vector_is_told_by_its_beginning() {
    let house = House::new();
    let ran = house.run_with(&["cvss", "-"], &"x".repeat(60_000)).exits(2);
    assert!(ran.err.len() < 1_000, "{} bytes", ran.err.len());
    ran.complains("xxx…» is no vector");
}

#[test]
fn the_json_form_of_first_is_read_as_a_vector_and_held_against_its_own_scores() {
    let house = House::new();
    let form = house.json(&["cvss", CRASH_4])["cvss"].clone();
    for options in [vec!["cvss", "-"], vec!["cvss", "--lenient", "-"]] {
        house.run_with(&options, &format!("{form:#}\n")).ok().says("8.7 High").says(CRASH_4);
        let mut wrong = form.clone();
        wrong["baseScore"] = json!(9.9);
        let ran = house.run_with(&options, &wrong.to_string()).exits(2);
        ran.complains("this JSON holds no vector: baseScore says something else than the vector, which says 8.7");
    }
    house.run(&["cvss", &json!({ "vectorString": "AV:N" }).to_string()]).exits(2).complains("vectorString: ");
    house.run(&["cvss", "{}"]).exits(2).complains("«{}» is no vector");
}

#[test]
fn lenient_takes_what_was_pasted_and_says_what_it_mended() {
    let house = House::new();
    let ran =
        house.run_with(&["cvss", "--lenient", "-"], &format!("Hello,\nit is 7.5/{}\nBye", CRASH_3.to_lowercase())).ok();
    ran.says(CRASH_3).complains("left out the score before it, 7.5, left out the text around it");
    let mended = house.json(&["cvss", "--lenient", &format!("({CRASH_3})")]);
    assert_eq!(mended["mended"], json!(["took it out of its brackets"]));
}

#[test]
fn a_score_is_explained() {
    let house = House::new();
    house
        .run(&["cvss", "--explain", CRASH_4])
        .ok()
        .says("PR:N  Privileges Required                       None     nothing: no account, no login")
        .says("Why 8.7: MacroVector 001200")
        .says("EQ1 0          from the network, no login, no user")
        .says("Critical from  SC, SI or SA high, which scores 9.2")
        .says("Medium from    AV local, PR high, UI active or VA low, which scores 6.9");
    house.run(&["cvss", "--explain", CRASH_3]).ok().says("Impact 3.6").says("of at most 5.9: it can be stopped");
    let local = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N";
    house.run(&["cvss", "--explain", local]).ok().says("S changed and C high, which score 7.1");
    let losing_all = "CVSS:3.1/AV:A/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H";
    house.run(&["cvss", "--explain", losing_all]).ok().says("no change of one or two base metrics");
}

#[test]
fn json_is_one_object_a_vector() {
    let house = House::new();
    let one = house.json(&["cvss", CRASH_3, "--explain"]);
    assert_eq!((&one["score"], &one["severity"], &one["version"]), (&json!(7.5), &json!("high"), &json!("3.1")));
    assert_eq!(one["sub_scores"]["impact"], json!(3.6));
    assert_eq!(one["cvss"]["availabilityImpact"], json!("HIGH"));
    assert_eq!(one["why"]["turns"][0]["changes"][0], json!({ "metric": "C", "value": "H" }));
    assert_eq!((&one["why"]["turns"][0]["together"], &one["why"]["far"]), (&json!(false), &json!([])));
    let two = house.run(&["cvss", "--json", CRASH_3, CRASH_4]).ok();
    assert_eq!(two.out.lines().count(), 2);
    let second: serde_json::Value = serde_json::from_str(two.out.lines().nth(1).unwrap()).unwrap();
    assert_eq!((&second["nomenclature"], &second["macro_vector"]), (&json!("CVSS-B"), &json!("001200")));
}

#[test]
fn the_calculator_needs_a_terminal_and_a_vector_that_is_one() {
    let house = House::new();
    let bare = house.run_without_terminal(&["cvss"]).exits(2);
    bare.complains("a vector is missing").complains("or run it on a terminal");
    house.run_without_terminal(&["cvss", "-i"]).exits(2).complains("or run it on a terminal");
    house.run_without_terminal(&["cvss", "--json"]).exits(2).complains("\"usage\"");
    house.run_without_terminal(&["cvss", "-i", CRASH_3]).exits(2).complains("the calculator needs a terminal");
    // What is wrong with the vector is told before a screen opens, so that these need no terminal and no help of it.
    house.run(&["cvss", "-i", "CVSS:3.1/AV:Z"]).exits(2).complains("«CVSS:3.1/AV:Z» is no vector");
    house.run(&["cvss", "-i", &CRASH_3.to_lowercase()]).exits(2).complains("is no vector");
    house.run(&["cvss", "-i", CRASH_3, CRASH_4]).exits(2).complains("takes one vector");
    for other in ["--batch", "--explain"] {
        house.run(&["cvss", "-i", other]).exits(2).complains("cannot be used with");
    }
    assert!(!house.path("data").exists(), "nothing is stored");
}

#[test]
fn a_comparison_names_what_each_metric_is_worth() {
    let house = House::new();
    let theirs = CRASH_3.replace("AV:N", "AV:A").replace("C:N", "C:H");
    let ran = house.run(&["cvss", "compare", CRASH_3, &theirs]).ok();
    ran.says("AV  Attack Vector    Network to Adjacent  6.5 (-1.0)")
        .says("C   Confidentiality  None to High         9.1 (+1.6)");
    let json = house.json(&["cvss", "compare", CRASH_3, &theirs]);
    assert_eq!(
        json["differences"][0],
        json!({
            "metric": "AV", "name": "Attack Vector", "a": "N", "b": "A", "score": 6.5, "change": -1.0
        })
    );
    house.run(&["cvss", "compare", CRASH_3, CRASH_3]).ok().says("They say the same.");
    house.run(&["cvss", "compare", CRASH_3, CRASH_4]).exits(2).complains("version 3.1, the other of 4.0");
}

#[test]
fn a_batch_writes_the_columns_of_the_public_vectors() {
    let house = House::new();
    let lines: Vec<&str> = PUBLIC.lines().skip(1).collect();
    let vectors: Vec<&str> = lines.iter().map(|line| line.split('\t').next().unwrap()).collect();
    let path = house.write("vectors", &vectors.join("\n"));
    let mut command = house.command();
    let output = command.args(["cvss", "--batch"]).stdin(std::fs::File::open(path).unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(out.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn a_batch_refuses_line_by_line_and_goes_on() {
    let house = House::new();
    let bad: Vec<&str> = BAD.lines().map(|line| line.rsplit_once('\t').unwrap().0).collect();
    let path = house.write("vectors", &format!("{}\n{CRASH_3}\r\n", bad.join("\n")));
    let output = house.command().args(["cvss", "--batch"]).stdin(std::fs::File::open(path).unwrap()).output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(1), vec![]));
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(out.lines().count(), bad.len() + 1);
    assert!(out.lines().take(bad.len()).all(|line| line.split('\t').nth(1) == Some("error")), "{out}");
    assert_eq!(out.lines().last(), Some(format!("{CRASH_3}\t3.1\t7.5\t\t\tHigh").as_str()));
}

#[test]
fn a_batch_shows_controls_and_broken_bytes_by_their_numbers() {
    let house = House::new();
    let bytes = [b"\x1b[2J\tx\xff\xe2\x80\xae\n\n".as_slice(), &b"A".repeat(9_000), b"\n", CRASH_4.as_bytes()].concat();
    std::fs::write(house.path("vectors"), bytes).unwrap();
    let input = std::fs::File::open(house.path("vectors")).unwrap();
    let output = house.command().args(["cvss", "--batch"]).stdin(input).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let out = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("\\x1B[2J\\x09x\\xFF\\xE2\\x80\\xAE\terror\tbyte 6 is no UTF-8"), "{out}");
    assert!(lines[1].starts_with("\terror\t"), "{out}");
    assert!(lines[2].starts_with("AAAA") && lines[2].contains("at most 4096 bytes"), "{out}");
    assert_eq!((lines.len(), lines[3]), (4, format!("{CRASH_4}\t4.0\t8.7\t\t\tHigh").as_str()));
}

#[test]
fn a_batch_answers_each_line_before_the_next_is_sent() {
    let house = House::new();
    let mut command = house.command();
    let mut child = command.args(["cvss", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut answers = BufReader::new(output).lines();
    for vector in [CRASH_3, CRASH_4] {
        writeln!(input, "{vector}").unwrap();
        assert!(answers.next().unwrap().unwrap().starts_with(vector));
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_case_takes_vectors_of_every_version_and_the_process_says_which_drives_it() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "score", &id, CRASH_4]).ok();
    assert!(house.show(&id)["score"].is_null(), "this process goes by 3.1");
    house.run(&["case", "score", &id, CRASH_3]).ok();
    house.run(&["case", "score", &id, "AV:N/AC:L/Au:N/C:C/I:C/A:C"]).ok();
    let show = house.show(&id);
    assert_eq!((&show["score"]["base"], &show["score"]["vector"]), (&json!(7.5), &json!(CRASH_3)));
}
