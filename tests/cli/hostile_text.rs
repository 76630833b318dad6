//! Text from outside is made displayable, wherever it comes in and wherever it comes out: standard output and standard
//! error hold nothing but text and the ends of lines, and JSON says exactly what was given, harmless on a terminal as well.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use fixlead::case::Action;
use fixlead::case::record::Record;
use fixlead::playbook::{Playbook, builtin};
use fixlead::store::Store;
use serde_json::Value;

use crate::corpus::{BYTES, SHOWN, arguments, names, short_texts, texts, toml_text};
use crate::hostile::{config, nonsense, playbook, poison};
use crate::house::House;
use crate::output::{assert_json, assert_lines};

/// A line of the program itself, as a text of the corpus would have it.
const FORGED: &str = "fixlead: all is well";

/// Runs a verb twice, for people and for programs, and reads all that it says; the two outputs.
fn both(house: &House, what: &str, input: &[u8], verb: impl Fn(&mut Command)) -> (String, Value) {
    let run = |json: bool| {
        let mut command = house.command();
        if json {
            command.arg("--json");
        }
        verb(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A verb that does not read its input may be gone before all of it is written.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let code = output.status.code().unwrap_or(-1);
        assert!((0..=12).contains(&code), "{what}: {code}");
        output
    };
    let text = run(false);
    assert_lines(&text.stdout, what);
    assert_lines(&text.stderr, what);
    let said = String::from_utf8([text.stdout, text.stderr].concat()).unwrap();
    assert!(said.lines().all(|line| line != FORGED), "{what}: no text makes a line of its own");
    let json = run(true);
    for line in json.stderr.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        assert_json(line, what);
    }
    let value = if json.stdout.is_empty() { Value::Null } else { assert_json(&json.stdout, what) };
    (said, value)
}

fn verb(house: &House, args: &[&str]) -> (String, Value) {
    both(house, &format!("{:?}", args.join(" ").chars().take(200).collect::<String>()), b"", |command| {
        command.args(args);
    })
}

/// All but those of 100,000 characters: each verb would read them again in every field.
fn middling() -> Vec<(&'static str, String)> {
    texts().into_iter().filter(|(_, text)| text.len() < 25_000).collect()
}

/// A few arguments that hold the whole corpus between them.
fn heaps() -> Vec<String> {
    let texts: Vec<String> = arguments().into_iter().map(|(_, text)| text).collect();
    texts.chunks(12).map(|some| some.join(" ")).collect()
}

#[test]
fn a_case_full_of_hostile_text_is_told_in_words_and_exactly_in_json() {
    for first in [0, 29] {
        let house = House::new();
        let id = house.case("emissary");
        let path = house.path("data/cases").join(&id).join("case.toml");
        let mut record: Record = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        poison(&mut record, &Playbook::parse(builtin("emissary").unwrap()).unwrap(), &middling(), first);
        std::fs::write(&path, toml::to_string(&record).unwrap()).unwrap();
        let (text, json) = verb(&house, &["case", "show", &id]);
        assert_eq!(json["title"], record.title.as_str());
        assert!(text.matches(SHOWN).count() > 100, "{text}");
        let notes: Vec<&str> = record.step.iter().filter_map(|step| step.note.as_deref()).collect();
        let told = json["phases"].as_array().unwrap().iter().flat_map(|phase| phase["steps"].as_array().unwrap());
        let told: Vec<&str> = told.filter_map(|step| step["note"].as_str()).filter(|note| !note.is_empty()).collect();
        assert!(told.len() > 20 && told.iter().all(|note| notes.contains(note)), "a note comes out as it went in");
        let (_, timeline) = verb(&house, &["case", "timeline", &id]);
        assert!(timeline.as_array().unwrap().len() > 30);
        for args in [&["open", &id][..], &["case", "list"], &["next"], &[]] {
            verb(&house, args);
        }
        for (step, act) in record.step.iter().zip(["do", "start", "reopen", "skip", "do", "do", "do", "do"]) {
            verb(&house, &["case", act, &id, &step.id]);
        }
        verb(&house, &["case", "undo", &id]);
        verb(&house, &["case", "hand-over", &id, "--to", "b"]);
        verb(&house, &["case", "hand-over", &id, "--to", "b"]);
    }
}

#[test]
fn arguments_are_quoted_harmless_and_those_of_clap_too() {
    let house = House::new();
    let id = house.case("emissary");
    for heap in heaps() {
        let pair = format!("{heap}={heap}");
        let file = format!("@{heap}");
        let verbs: [&[&str]; 30] = [
            &[&heap],
            &["case", &heap],
            &["case", "list", &heap],
            &[&format!("--{heap}")],
            &["--now", &heap, "next"],
            &["--theme", &heap, "next"],
            &["open", &heap],
            &["drill", &heap],
            &["completions", &heap],
            &["next", "--within", &heap],
            &["playbook", "show", &heap],
            &["playbook", "check", &heap],
            &["case", "show", &heap],
            &["case", "new", "--playbook", &heap, "--title", "x"],
            &["case", "new", "--project", &heap, "--title", "x"],
            &["case", "new", "--playbook", "emissary", "--title", &heap, "--fact", &pair],
            &["case", "do", &id, &heap],
            &["case", "do", &id, "em.intake.report", "--item", &heap],
            &["case", "fact", &id, &pair],
            &["case", "at", &id, &pair],
            &["case", "set", &id, &pair],
            &["case", "score", &id, &heap],
            &["case", "note", &id, "em.intake.report", &file],
            &["case", "note", &id, "em.intake.report", &heap],
            &["case", "grant", &id, &heap, &heap],
            &["case", "import", &heap],
            &["leak", &id, "--what", &heap],
            &["cvss", &heap],
            &["cvss", "--lenient", &format!("CVSS:3.1/AV:{heap}/AC:{heap}")],
            &["cvss", "compare", &heap, &file],
        ];
        for args in verbs {
            verb(&house, args);
        }
    }
    let shown = verb(&house, &["case", "show", &id]);
    assert!(shown.0.contains("<1B>]52;c;b3duZWQ=<07>"), "{}", shown.0);
    for (name, bytes) in BYTES {
        for before in [&[][..], &["case", "show"], &["case", "import"], &["playbook", "check"], &["--data-dir"]] {
            both(&house, name, b"", |command| {
                command.args(before).arg(OsStr::from_bytes(bytes));
            });
        }
    }
}

#[test]
fn the_environment_and_the_name_of_the_program_are_text_too() {
    let variables =
        ["USER", "HOME", "EDITOR", "VISUAL", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "COLORTERM"];
    let more = ["TERM", "NO_COLOR", "TZ", "LANG", "LC_ALL", "COLUMNS", "FIXLEAD_DATA_DIR", "FIXLEAD_CONFIG_DIR"];
    let bytes = BYTES.iter().map(|(_, bytes)| bytes.to_vec());
    let heaps: Vec<Vec<u8>> = heaps().into_iter().map(String::into_bytes).chain(bytes).collect();
    let plain = House::new();
    for heap in &heaps {
        let house = House::new();
        // In place of the folders: what is not named is found through HOME and XDG.
        for (skipped, verbs) in
            [(0, &[&["case", "list"][..], &["next", "--within", "x"]][..]), (2, &[&["case", "list"]])]
        {
            for args in verbs {
                both(&house, "environment", b"", |command| {
                    command
                        .env_remove("FIXLEAD_DATA_DIR")
                        .env_remove("FIXLEAD_CONFIG_DIR")
                        .arg0(OsStr::from_bytes(heap));
                    for name in variables.iter().chain(&more[..more.len() - skipped]) {
                        command.env(name, OsStr::from_bytes(heap));
                    }
                    command.args(*args);
                });
            }
        }
        for args in [&["--help"][..], &["case", "new", "--help"], &["man"], &["completions", "bash"], &["-V"]] {
            let mut command = house.command();
            command.arg0(OsStr::from_bytes(heap)).args(args);
            for name in variables.iter().chain(&more) {
                command.env(name, OsStr::from_bytes(heap));
            }
            let output = command.output().unwrap();
            assert!(output.status.success(), "{args:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text == plain.run(args).ok().out, "{args:?} tells nothing of the environment: {text}");
            let text = text.replace('\t', " ");
            assert_lines(text.as_bytes(), "help");
            assert_lines(&output.stderr, "help");
        }
    }
}

#[test]
fn who_one_is_comes_from_git_or_the_login_as_text() {
    for heap in heaps() {
        let house = House::new();
        house.write("config/config.toml", "");
        for (name, value) in [("GIT_CONFIG_VALUE_0", &heap), ("USER", &heap)] {
            both(&house, name, b"", |command| {
                let count = if name == "USER" { "0" } else { "1" };
                command.env("GIT_CONFIG_COUNT", count).env("GIT_CONFIG_KEY_0", "user.name").env(name, value);
                command.args(["case", "new", "--playbook", "emissary", "--title", "x"]);
            });
        }
        let list = verb(&house, &["case", "list"]).1;
        for row in list.as_array().unwrap() {
            let (shown, _) = verb(&house, &["case", "show", row["id"].as_str().unwrap()]);
            assert!(shown.contains(SHOWN), "{shown}");
        }
    }
}

#[test]
fn faults_of_files_are_told_with_their_hostile_words_made_visible() {
    let texts = short_texts();
    for (place, some) in texts.chunks(8).enumerate() {
        let house = House::new();
        let id = house.case("emissary");
        for settings in [config(some), nonsense(some)] {
            house.write("config/config.toml", &settings);
            verb(&house, &["case", "list"]);
            house.write("config/config.toml", "");
            for folder in ["projects", "themes", "drills", "playbooks"] {
                house.write(&format!("config/{folder}/emissary.toml"), &settings);
            }
            for args in [
                &["case", "new", "--project", "emissary", "--title", "x"][..],
                &["case", "new", "--playbook", "emissary", "--title", "x"],
                &["--theme", "emissary", "next"],
                &["drill", "emissary"],
                &["playbook", "list"],
                &["playbook", "show", "emissary"],
                &["playbook", "check", "config/playbooks/emissary.toml"],
                &["case", "show", &id],
            ] {
                verb(&house, args);
            }
            both(&house, "check -", settings.as_bytes(), |command| {
                command.args(["playbook", "check", "-"]);
            });
        }
        house.write("config/playbooks/emissary.toml", &playbook("emissary", &texts, place * 8));
        for args in [
            &["playbook", "list"][..],
            &["playbook", "show", "emissary"],
            &["playbook", "check", "config/playbooks/emissary.toml"],
        ] {
            assert!(args[1] == "check" || verb(&house, args).0.contains(SHOWN));
        }
        let other = house.case("emissary");
        verb(&house, &["case", "show", &other]);
    }
}

#[test]
fn names_of_folders_and_files_are_text() {
    let house = House::new();
    let id = house.case("emissary");
    house.run(&["case", "hand-over", &id, "--to", "b"]).ok();
    let bundle =
        std::fs::read_dir(house.path("data/cases").join(&id).join("outbox")).unwrap().next().unwrap().unwrap().path();
    let bundle = std::fs::read(bundle).unwrap();
    let names: Vec<Vec<u8>> = names().into_iter().map(|(_, name)| name.into_bytes()).collect();
    for name in names.iter().map(Vec::as_slice).chain(BYTES.iter().map(|(_, bytes)| *bytes)) {
        let folder = house.path("data/cases").join(OsStr::from_bytes(name));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("case.toml"), name).unwrap();
        for kind in ["projects", "themes", "playbooks"] {
            let path = house.path("config").join(kind);
            std::fs::create_dir_all(&path).unwrap();
            std::fs::write(path.join(OsStr::from_bytes(&[name, b".toml"].concat())), name).unwrap();
        }
        std::fs::write(house.path("config/playbooks/bundle"), &bundle).unwrap();
    }
    for args in [
        &["case", "list"][..],
        &["next"],
        &[],
        &["playbook", "list"],
        &["--theme", "x", "next"],
        &["playbook", "show", "x"],
    ] {
        verb(&house, args);
    }
    for heap in heaps() {
        let written = toml_text(&heap);
        let bundle = String::from_utf8_lossy(&bundle);
        let hostile = bundle.replace("Crash on a malformed header", &written[1..written.len() - 1]);
        for spoilt in [bundle.replace(&id, &heap), hostile.replace("to = \"b\"", &format!("to = {written}")), hostile] {
            house.write("bundle", &spoilt);
            verb(&house, &["case", "import", "bundle"]);
        }
    }
}

#[test]
fn standard_input_is_kept_exactly_and_shown_harmless() {
    let house = House::new();
    let id = house.case("emissary");
    let all: String =
        texts().into_iter().filter(|(_, text)| text.len() < 25_000).map(|(_, text)| text + "\n").collect();
    both(&house, "a note", all.as_bytes(), |command| {
        command.args(["case", "note", &id, "em.intake.report", "-"]);
    });
    let (_, json) = verb(&house, &["case", "show", &id]);
    let steps = json["phases"].as_array().unwrap().iter().flat_map(|phase| phase["steps"].as_array().unwrap());
    let note =
        steps.clone().find(|step| step["id"] == "em.intake.report").unwrap()["note"].as_str().unwrap().to_owned();
    let once = all.trim_end_matches('\n');
    assert!(note == format!("{once}\n{once}"), "each time to the letter");
    for (name, bytes) in BYTES {
        both(&house, name, bytes, |command| {
            command.args(["case", "note", &id, "em.intake.report", "-"]);
        });
    }
    both(&house, "a playbook", all.as_bytes(), |command| {
        command.args(["playbook", "check", "-"]);
    });
}

/// Two sides that disagree in hostile words, and then a file of which nothing can be read.
#[test]
fn the_ways_out_of_a_conflict_and_of_damage_tell_hostile_text_as_text() {
    for pair in heaps().windows(2) {
        let house = House::new();
        let id = house.case("emissary");
        let store = Store::open(&house.path("data")).unwrap();
        let base = store.load(&id).unwrap();
        let mut mine = base.case.clone();
        let now = "2026-12-03T17:00:00Z".parse().unwrap();
        fixlead::runtime::world::act(&mut mine, Action::set("lead", &pair[0]), now, &pair[1]).unwrap();
        verb(&house, &["case", "set", &id, &format!("lead={}", pair[1])]);
        store.save(&base, &mine).unwrap();
        let told = verb(&house, &["case", "resolve", &id]);
        assert!(told.0.contains("yours:") && told.0.matches(SHOWN).count() > 10, "{}", told.0);
        for (_, bytes) in &BYTES[..2] {
            for args in [
                &["case", "list"][..],
                &["case", "show", &id],
                &["next"],
                &["case", "versions", &id],
                &["case", "resolve", &id, "--mine", "--only", &pair[0]],
                &["case", "restore", &id, "--version", &pair[0]],
                &["case", "restore", &id, "--from", &pair[0]],
            ] {
                verb(&house, args);
            }
            std::fs::write(house.path("data/cases").join(&id).join("case.toml"), bytes).unwrap();
        }
        verb(&house, &["case", "restore", &id]);
    }
}
