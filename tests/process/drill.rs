//! A drill in the real program: walked to its end, gone afterwards, and never near a real case.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::house::House;
use crate::terminal::Terminal;

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).expect("a file"));
        }
    }
    found
}

/// A folder with a real case in it.
fn lived_in() -> House {
    let house = House::new();
    house.done(&["case", "new", "--playbook", "emissary", "--title", "A real one"]);
    house
}

fn drills(house: &House) -> PathBuf {
    house.path().join("data/drills")
}

/// What the screen says to press.
fn key(screen: &Terminal) -> String {
    let contents = screen.contents();
    let row = contents.lines().find_map(|row| row.strip_prefix(" press"));
    row.and_then(|row| row.split_whitespace().next()).map(str::to_owned).unwrap_or_default()
}

/// Presses what the screen says until it says `q`.
fn follow(screen: &mut Terminal) {
    for _ in 0..120 {
        // A frame that only says that the save has ended is no answer to a key.
        screen.wait_for_none_of(&[" saving "], &|| false);
        let pressed = key(screen);
        let before = screen.contents();
        match pressed.as_str() {
            "q" => return,
            "Enter" => screen.type_text("\r"),
            "Space" => screen.type_text(" "),
            ">" => screen.type_text(">"),
            codename => {
                screen.type_text(codename);
                screen.wait_for("goes ahead");
                continue;
            }
        }
        screen.wait_for_change(&before);
    }
    panic!("the drill does not end:\n{}", screen.contents());
}

#[test]
fn an_emissary_drill_is_led_to_its_end_and_leaves_nothing_behind() {
    let house = lived_in();
    let before = files(house.path());
    let mut screen = Terminal::start_with(&house, 36, 120, &["drill"]);
    screen.wait_for("answers what the step asks");
    follow(&mut screen);
    let contents = screen.contents();
    assert!(contents.contains("The drill is over.") && contents.contains("8 simulated days"), "{contents}");
    assert!(!contents.contains("A real one"));
    screen.type_text("q");
    screen.wait_for("Keep this drill?");
    screen.type_text("\r");
    assert!(screen.ended());
    assert_eq!(files(house.path()), before);
    assert!(!drills(&house).exists());
}

#[test]
fn a_drill_from_home_leads_back_home() {
    let house = lived_in();
    let mut screen = Terminal::start(&house, 36, 120);
    screen.wait_for("A real one");
    let (before, threads) = (files(house.path()), screen.threads());
    screen.type_text("D");
    screen.wait_for("Rehearse a release");
    screen.type_text("\r");
    screen.wait_for("DRILL");
    assert!(!screen.contents().contains("A real one"));
    screen.wait_for("answers what the step asks");
    // The case of the drill is left, then the drill itself.
    screen.type_text("q");
    screen.wait_for("DRILL: Gateway stops");
    screen.type_text("q");
    screen.wait_for("Keep this drill?");
    screen.type_text("\r");
    screen.wait_for("A real one");
    assert!(!screen.contents().contains("DRILL"));
    // A drill leaves no thread behind.
    screen.wait_for_threads(threads);
    screen.type_text("q");
    assert!(screen.ended());
    assert_eq!(files(house.path()), before);
}

#[test]
fn what_a_killed_drill_leaves_is_removed_by_the_next_one_and_a_running_one_is_not() {
    let house = House::new();
    let mut running = Terminal::start_with(&house, 24, 80, &["drill", "gardener"]);
    running.wait_for("DRILL");
    let mut killed = Terminal::start_with(&house, 24, 80, &["drill"]);
    killed.wait_for("DRILL");
    killed.signal("KILL");
    assert!(killed.ended());
    assert_eq!(files(&drills(&house)).keys().filter(|path| path.ends_with("case.toml")).count(), 2);
    let mut next = Terminal::start_with(&house, 24, 80, &["drill"]);
    next.wait_for("DRILL");
    assert_eq!(files(&drills(&house)).keys().filter(|path| path.ends_with("case.toml")).count(), 2);
    next.signal("TERM");
    assert!(next.ended());
    assert_eq!(files(&drills(&house)).keys().filter(|path| path.ends_with("case.toml")).count(), 1);
    running.go_away();
    assert!(running.ended());
    assert!(!drills(&house).exists(), "{:?}", files(&drills(&house)).keys());
}

#[test]
fn a_drill_that_is_kept_stays_and_is_no_leftover() {
    let house = House::new();
    let kept = || files(&drills(&house)).into_keys().filter(|path| path.ends_with("case.toml")).count();
    let mut first = Terminal::start_with(&house, 24, 80, &["drill", "--keep"]);
    first.wait_for("DRILL");
    first.signal("KILL");
    assert!(first.ended());
    assert_eq!(kept(), 1);
    let mut second = Terminal::start_with(&house, 24, 80, &["drill"]);
    second.wait_for("answers what the step asks");
    second.type_text("qq");
    second.wait_for("Keep this drill?");
    second.type_text("j\r");
    assert!(second.ended());
    assert!(second.contents().contains("the drill is kept in"), "{}", second.contents());
    assert_eq!(kept(), 2);
    assert!(
        !files(&drills(&house))
            .keys()
            .any(|path| path.extension().is_some_and(|end| end == "lock" && path.parent() == Some(&drills(&house))))
    );
}

#[test]
fn a_fault_in_a_drill_from_home_is_told_there_once() {
    let house = lived_in();
    let mut screen = Terminal::start_as(&house, 36, 120, &[], &[("FIXLEAD_TEST_FAULT", "save")]);
    let begin = |screen: &mut Terminal| {
        screen.wait_for("A real one");
        screen.type_text("D");
        screen.wait_for("Rehearse a release");
        screen.type_text("\r");
        screen.wait_for("answers what the step asks");
    };
    begin(&mut screen);
    screen.type_text("s");
    screen.wait_for("a fault in the program itself");
    screen.type_text("\x1b");
    begin(&mut screen);
    screen.type_text("q");
    screen.wait_for("The drill's one case");
    screen.type_text("q");
    screen.wait_for("Keep this drill?");
    screen.type_text("\r");
    screen.wait_for("A real one");
    screen.leave();
}

#[test]
fn a_drill_is_for_the_owner_only_whatever_the_mask() {
    let house = lived_in();
    let mut screen = Terminal::start_in_shell(&house, "umask 0777; exec \"$@\" drill");
    screen.wait_for("answers what the step asks");
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&drills(&house)), 0o700);
    let entries = std::fs::read_dir(drills(&house)).expect("a folder").flatten().map(|entry| entry.path());
    let modes: BTreeMap<bool, u32> = entries.map(|path| (path.is_dir(), mode(&path))).collect();
    assert_eq!(modes, BTreeMap::from([(false, 0o600), (true, 0o700)]));
    screen.signal("TERM");
    assert!(screen.ended());
}
