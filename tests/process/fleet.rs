//! `fixlead watch` over real bare repositories: what is wrong is told, what leaked leads to a case, and three hundred components
//! hold no key up.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::house::House;
use crate::repositories::Pair;
use crate::terminal::Terminal;

fn row(name: &str, pair: &Pair, more: &str) -> String {
    let (public, private) = (pair.url("public"), pair.url("private"));
    format!("[[component]]\nid = \"{name}\"\nurls = {{ canonical = \"{public}\", security = \"{private}\" }}\n{more}\n")
}

fn watch(house: &House, text: &str) {
    std::fs::write(house.path().join("config/watch.toml"), text).expect("a file");
}

/// The verb that looks, so many hours before the story.
fn looked_before(house: &House, now: &str) {
    let folder = |name: &str| house.path().join(name).display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_fixlead"))
        .args(["--data-dir", &folder("data"), "--config-dir", &folder("config"), "--now", now, "divergence", "--watch"])
        .output()
        .expect("the program runs");
    assert!(output.status.code().is_some(), "no signal ended it");
}

#[test]
fn what_is_wrong_is_told_the_worst_first_and_a_leak_leads_to_its_case() {
    let house = House::new();
    let mirror = Pair::new(&house, "mirror", "a.txt", "one\n");
    let conflict = Pair::new(&house, "conflict", "a.txt", "one\n");
    let early = Pair::new(&house, "early", "a.txt", "one\n");
    let quiet = Pair::new(&house, "quiet", "a.txt", "one\n");
    // A mirror that has been silent since long before the story.
    mirror.commit("a.txt", "two\n");
    mirror.git(&["push", "-q", "public", "main"]);
    conflict.git(&["checkout", "-q", "-b", "stable"]);
    conflict.publish("stable");
    conflict.commit("a.txt", "private\n");
    conflict.git(&["push", "-q", "private", "stable"]);
    conflict.git(&["reset", "-q", "--hard", "main"]);
    conflict.commit("a.txt", "public\n");
    conflict.git(&["push", "-q", "public", "stable"]);
    let fix = early.commit("a.txt", "one\nfixed\n");
    early.git(&["push", "-q", "private", "main"]);
    let text = [
        "expects = \"private-ahead\"\nuntil = \"2026-12-04T18:00:00Z\"\n".to_owned(),
        row("gitaly", &mirror, ""),
        row("workhorse", &early, &format!("embargoed = [\"{fix}\"]")),
        row("kas", &conflict, ""),
        row("pages", &quiet, ""),
    ];
    watch(&house, &text.concat());
    looked_before(&house, "2026-12-03T12:00:00Z");

    let mut screen = Terminal::start_with(&house, 36, 120, &["watch"]);
    screen.wait_for("expected: private ahead, until Fri 4 Dec 18:00 UTC");
    screen.wait_for("4 of 4 fresh");
    screen.wait_for("✗ not planned  gitaly");
    screen.wait_for("✗ conflict     kas        stable");
    screen.wait_for("2 as planned (private ahead 1, equal 1)");
    // Somebody pushes the fix to public: now both sides are the same.
    screen.will_ring(1);
    early.git(&["push", "-q", "public", "main"]);
    screen.type_text("R");
    screen.wait_for("LEAK  workhorse: public main holds");
    screen.wait_for("▸ ✗ leak");
    screen.type_text("!");
    screen.wait_for("Start a case for this leak");
    screen.type_text("The fix is public\r\r\r");
    screen.wait_for("LEAKED");
    let id = house.only_case();
    let file = house.case_file(&id);
    assert!(file.contains(&fix) && file.contains(&early.url("private")), "{file}");
    screen.type_text("q");
    screen.wait_for("Fleet   4 components");
    screen.type_text("!");
    screen.wait_for(&id);
    screen.leave();
}

#[test]
fn three_hundred_components_hold_no_key_up_and_esc_ends_the_looks() {
    let house = House::new();
    let pair = Pair::new(&house, "one", "a.txt", "one\n");
    let mut text = String::new();
    for number in 0..300 {
        let _ = write!(text, "{}", row(&format!("part-{number:03}"), &pair, ""));
    }
    watch(&house, &text);
    let mut screen = Terminal::start_with(&house, 36, 120, &["watch"]);
    screen.wait_for("looked at ");
    screen.wait_for(" as planned (equal ");
    screen.type_text("/part-299\r");
    screen.wait_for("part-299");
    screen.type_text("\u{1b}");
    screen.wait_for("not looked at yet");
    let begun = Instant::now();
    screen.type_text("\u{1b}");
    screen.wait_for("the look was ended");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    screen.leave();
}

#[test]
fn a_kill_in_the_middle_of_the_looks_leaves_nothing_that_spoils_the_next_ones() {
    let house = House::new();
    let pair = Pair::new(&house, "one", "a.txt", "one\n");
    let rows: String = (0..20).map(|number| row(&format!("part-{number:02}"), &pair, "")).collect();
    watch(&house, &format!("expects = \"private-ahead\"\n{rows}"));
    let kept = house.path().join("data/components");
    let begun = || std::fs::read_dir(&kept).is_ok_and(|entries| entries.count() > 5);
    for _ in 0..3 {
        let mut screen = Terminal::start_with(&house, 36, 120, &["watch"]);
        screen.wait_for("looked at ");
        screen.wait_until("the first fetches", begun);
        screen.signal("KILL");
        assert!(screen.ended());
    }
    pair.commit("a.txt", "two\n");
    pair.git(&["push", "-q", "private", "main"]);
    let mut screen = Terminal::start_with(&house, 36, 120, &["watch"]);
    screen.wait_for("20 of 20 fresh");
    screen.wait_for("20 as planned (private ahead 20)");
    screen.leave();
}

#[test]
fn a_pipeline_is_told_which_verb_serves_it() {
    let house = House::new();
    for verb in [&["watch"][..], &["watch", "--json"]] {
        let output = house.run(verb);
        let told = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains("divergence --watch"), "{told}");
    }
}
