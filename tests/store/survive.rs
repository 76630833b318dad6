//! Killed in the middle of it, and what is kept of old versions: case 1, backups, strays.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use fixlead::store::Store;

use crate::support::{Home, ID, names, set, try_act};

#[test]
fn case_1_the_last_acknowledged_save_survives_a_kill() {
    let home = Home::with_case();
    for round in 0..8_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "survive::save_in_a_loop", "--ignored", "--nocapture"])
            .env("FIXLEAD_TEST_ROOT", home.store.root())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader = thread::spawn(move || {
            lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("saved ")?.parse::<u64>().ok()).last()
        });
        thread::sleep(Duration::from_millis(150 + round * 13));
        child.kill().unwrap();
        child.wait().unwrap();
        let Some(acknowledged) = reader.join().unwrap() else { continue };
        let there = home.load().case.record().lead.clone().unwrap();
        let there: u64 = there.strip_prefix("lead ").unwrap().parse().unwrap();
        assert!(there == acknowledged || there == acknowledged + 1, "{there}, acknowledged {acknowledged}");
    }
    assert!(home.load().case.record().event.len() > 8, "something was saved at all");
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

#[test]
fn leftovers_of_killed_processes_go_at_the_next_save() {
    let home = Home::with_case();
    let (old, young) = (home.path(".case.toml.aaaa.tmp"), home.path(".case.toml.bbbb.tmp"));
    fs::write(&old, "half").unwrap();
    fs::write(&young, "half").unwrap();
    home.edit("e-1", set("lead", "bob")).unwrap();
    assert!(old.exists() && young.exists(), "somebody may still be writing them");
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().write(true).open(&old).unwrap().set_modified(hour_ago).unwrap();
    home.edit("e-2", set("lead", "eve")).unwrap();
    let left = names(&home.path("")).into_iter().filter(|name| name.contains(".tmp")).count();
    assert!(left >= 1, "the young one stays");
}
