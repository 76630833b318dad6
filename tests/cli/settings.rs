//! Settings are files that anybody can have put there: what can't be read as one is told with its path and place, at
//! once, and the program works all the same.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::house::House;

/// What can lie in the place of a file, and what is said of it.
const STRANGE: [(&str, &str); 6] = [
    ("pipe", "it is a pipe, not a file"),
    ("device", "it is a device, not a file"),
    ("folder", "it is a folder, not a file"),
    ("large", "it is larger than 1 MiB"),
    ("latin", "2:6: this byte is no UTF-8; save the file as UTF-8"),
    ("nowhere", "it is a symbolic link that leads nowhere"),
];

fn put(kind: &str, at: &Path) {
    let _ = fs::remove_file(at);
    let _ = fs::remove_dir(at);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    match kind {
        "pipe" => mknodat(CWD, at, FileType::Fifo, Mode::RWXU, 0).unwrap(),
        "device" => symlink("/dev/zero", at).unwrap(),
        "folder" => fs::create_dir(at).unwrap(),
        "large" => fs::write(at, vec![b'#'; 9 * 1024 * 1024]).unwrap(),
        "latin" => fs::write(at, b"# one\n# caf\xe9\n").unwrap(),
        _ => symlink("nowhere.toml", at).unwrap(),
    }
}

#[test]
fn settings_that_are_no_file_are_told_and_the_defaults_hold() {
    let house = House::new();
    let id = house.case("emissary");
    let config = house.path("config/config.toml");
    for (kind, told) in STRANGE {
        put(kind, &config);
        let ran = house.run(&["case", "list"]).ok().says(&id);
        assert!(ran.err.contains("config.toml can't be used: ") && ran.err.contains(told), "{kind}: {}", ran.err);
    }
}

#[test]
fn a_project_a_process_a_theme_and_a_drill_that_are_no_file_are_told() {
    let house = House::new();
    let verbs: [(&str, &[&str]); 3] = [
        ("config/projects/mine.toml", &["case", "new", "--project", "mine", "--title", "x"]),
        ("config/playbooks/emissary.toml", &["playbook", "show", "emissary"]),
        ("config/drills/gardener.toml", &["drill", "gardener"]),
    ];
    for (kind, told) in STRANGE {
        for (file, verb) in verbs {
            put(kind, &house.path(file));
            let name = file.rsplit('/').next().unwrap();
            house.run(verb).exits(1).complains(&format!("{name} can't be used: {told}"));
        }
        // It is not asked for by this verb, and the list goes on without it.
        house.run(&["playbook", "list"]).ok().says("has faults");
        fs::create_dir_all(house.path("config/themes")).unwrap();
        put(kind, &house.path("config/themes/mine.toml"));
        house.run(&["--theme", "mine", "case", "list"]).ok();
    }
}

#[test]
fn a_text_from_a_file_or_a_pipe_has_a_length_and_an_encoding() {
    let house = House::new();
    let id = house.case("emissary");
    let note = |given: &str| house.run(&["case", "note", &id, "em.intake.report", given]);
    let file = |bytes: &[u8]| {
        fs::write(house.path("text"), bytes).unwrap();
        format!("@{}", house.path("text").display())
    };
    note(&file("x".repeat(64 * 1024).as_bytes())).ok();
    note(&file("x".repeat(64 * 1024 + 1).as_bytes()))
        .exits(1)
        .complains("text is longer than 64 KiB; nothing was changed; shorten it");
    note(&file(b"one\ncaf\xe9 SECRET\n")).exits(1).complains("text:2:4: this byte is no UTF-8; nothing was changed");
    note("@/dev/zero").exits(1).complains("/dev/zero is longer than 64 KiB");
    note(&format!("@{}", house.path("config").display())).exits(1).complains("can't be read");
    house.run_with(&["case", "note", &id, "em.intake.report", "-"], &"y".repeat(70_000)).exits(1).complains("64 KiB");
    house.run_with(&["case", "new", "--playbook", "emissary", "--title", "-"], &"t".repeat(4 * 1024 + 1)).exits(2);
    house.run_with(&["case", "new", "--playbook", "emissary", "--title", "-"], &"t".repeat(4 * 1024)).ok();
}

#[test]
fn a_process_to_be_checked_may_be_of_any_kind_but_not_of_any_length() {
    let house = House::new();
    let check = |file: &str| house.run(&["playbook", "check", file]);
    check("/dev/zero").exits(1).complains("/dev/zero is longer than 1024 KiB; nothing was changed; shorten it");
    check(house.path("config").to_str().unwrap()).exits(1).complains("can't be read");
    fs::write(house.path("latin"), b"# one\n# caf\xe9\n").unwrap();
    check(house.path("latin").to_str().unwrap()).exits(1).complains("latin:2:6: this byte is no UTF-8");
    let mut child = house
        .command()
        .args(["playbook", "check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // It reads no further than the limit, so that the other end is told.
    let block = vec![b'#'; 1024 * 1024];
    let blocks = (0..64).take_while(|_| input.write_all(&block).is_ok()).count();
    assert!(blocks < 64, "it reads on without an end");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
