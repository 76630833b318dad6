//! Killed in the middle of it, and what is kept of old versions: case 1, backups.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use fixlead::store::Store;

use crate::support::{Home, ID, set, try_act};

/// The number in a line of [`save_in_a_loop`], behind whatever the harness put before it.
fn acknowledged(line: &str) -> Option<u64> {
    line.rsplit_once("saved ")?.1.parse().ok()
}

#[test]
fn case_1_the_last_acknowledged_save_survives_a_kill() {
    let home = Home::with_case();
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "survive::save_in_a_loop", "--ignored", "--nocapture"])
            .env("FIXLEAD_TEST_ROOT", home.store.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut saves = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| acknowledged(&line));
        let first = saves.next().expect("something is saved at all");
        // Each look takes a part of a save, so that the kill comes at another point of it each time.
        for _ in 0..round {
            assert!(home.load().is_writable(), "what is read meanwhile is whole");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let acknowledged = saves.last().unwrap_or(first);
        let there = home.load().case.record().lead.clone().unwrap();
        let there: u64 = there.strip_prefix("lead ").unwrap().parse().unwrap();
        assert!(there == acknowledged || there == acknowledged + 1, "{there}, acknowledged {acknowledged}");
    }
}

#[test]
#[ignore = "run and killed by case 1 in a process of its own"]
fn save_in_a_loop() {
    let store = Store::open(&PathBuf::from(std::env::var_os("FIXLEAD_TEST_ROOT").unwrap())).unwrap();
    let start = store.load(ID).unwrap().case.record().event.len() as u64 * 1000;
    for number in start.. {
        store.edit(ID, |case| try_act(case, &format!("e-{number}"), set("lead", &format!("lead {number}")))).unwrap();
        println!("saved {number}");
    }
}

#[test]
fn every_save_keeps_the_version_before_and_ten_stay() {
    let home = Home::with_case();
    let mut texts = Vec::new();
    for number in 0..14 {
        texts.push(home.text());
        home.edit(&format!("e-{number}"), set("lead", &format!("lead {number}"))).unwrap();
    }
    let backups = home.names("backups");
    assert_eq!(backups.len(), 10);
    let kept: Vec<String> =
        backups.iter().map(|name| fs::read_to_string(home.path("backups").join(name)).unwrap()).collect();
    assert_eq!(kept, texts[4..], "the names are in the order of time");
}

#[test]
fn of_older_days_the_last_version_stays_for_thirty_days() {
    let home = Home::with_case();
    fs::create_dir(home.path("backups")).unwrap();
    for day in 1..=28 {
        for hour in ["08", "20"] {
            let name = format!("2025-01-{day:02}T{hour}-00-00.000000Z.toml");
            fs::write(home.path("backups").join(name), home.text()).unwrap();
        }
    }
    for day in 1..=9 {
        fs::write(home.path("backups").join(format!("2025-02-{day:02}T08-00-00.000000Z.toml")), home.text()).unwrap();
    }
    fs::write(home.path("backups/mine.txt"), "a person's own").unwrap();
    home.edit("e-1", set("lead", "bob")).unwrap();
    let names = home.names("backups");
    let january: Vec<&String> = names.iter().filter(|name| name.starts_with("2025-01")).collect();
    assert_eq!(january.len(), 20, "{names:?}");
    assert!(january.iter().all(|name| name.contains("T20-")), "{names:?}");
    assert_eq!(names.iter().filter(|name| name.starts_with("2025-02")).count(), 9);
    assert!(names.contains(&"mine.txt".to_owned()));
}
