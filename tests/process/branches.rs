//! The branches of a case over real bare repositories, by keys: what differs, what conflicts, what leaked, what was forced and
//! what can't be looked at.

use std::process::Command;

use crate::house::House;
use crate::repositories::Pair;
use crate::terminal::Terminal;

/// A pair with `main` and `release-9`, which has a commit of its own, and two commits on its private main: the fixes.
fn with_fixes(house: &House) -> (Pair, [String; 2]) {
    let pair = Pair::new(house, "gateway", "a.txt", "one\n");
    pair.git(&["checkout", "-q", "-b", "release-9"]);
    pair.commit("c.txt", "unlike main\n");
    pair.publish("release-9");
    pair.git(&["checkout", "-q", "main"]);
    let first = pair.commit("a.txt", "one\nfixed\n");
    let second = pair.commit("b.txt", "fixed as well\n");
    pair.git(&["push", "-q", "private", "main"]);
    (pair, [first, second])
}

fn clone(house: &House) -> String {
    house.path().join("repositories/gateway/clone").display().to_string()
}

/// A case of a process.
fn begun(house: &House, playbook: &str) -> String {
    house.done(&["case", "new", "--playbook", playbook, "--title", "Compared"])
}

fn does(house: &House, id: &str, steps: &[&str]) {
    for step in steps {
        house.done(&["case", "do", id, step, "--override", "it was done elsewhere"]);
    }
}

/// A case that is so far that private is to be ahead.
fn fixing(house: &House) -> String {
    let id = begun(house, "gardener");
    does(house, &id, &["ga.team.identify", "ga.team.cc", "ga.team.access"]);
    id
}

/// The pair becomes the only component of a case, and the fixes are named.
fn compares(house: &House, id: &str, pair: &Pair, fixes: &[String]) {
    for (field, value) in [
        ("urls.canonical", pair.url("public")),
        ("urls.security", pair.url("private")),
        ("clone", clone(house)),
        ("branches", "main,release-9".to_owned()),
    ] {
        house.done(&["case", "set", id, &format!("component.gateway.{field}={value}")]);
    }
    for fix in fixes {
        house.done(&["case", "fix", id, fix]);
    }
}

/// The screen with the branches of a case, looked at once.
fn branches_of(house: &House, id: &str, shows: &str) -> Terminal {
    let mut screen = Terminal::start_with(house, 36, 120, &["open", id]);
    screen.wait_for("Next for you");
    screen.type_text("2");
    screen.wait_for(shows);
    screen
}

/// A row of the table as far as the words of a side.
fn row(standing: &str, branch: &str, counts: &str) -> String {
    format!("{standing:<13}{branch:<12}{counts}")
}

#[test]
fn a_component_is_added_and_its_fixes_are_picked_by_keys_and_then_each_branch_tells_how_it_stands() {
    let house = House::new();
    let (pair, [first, second]) = with_fixes(&house);
    pair.git(&["checkout", "-q", "release-9"]);
    pair.git(&["cherry-pick", "-x", &first]);
    pair.git(&["push", "-q", "private", "release-9"]);
    let id = fixing(&house);
    let mut screen = branches_of(&house, &id, "No component yet");
    screen.type_text("n");
    screen.wait_for("Add a component");
    let (public, private) = (pair.url("public"), pair.url("private"));
    screen.type_text(&format!("gateway\r{public}\r{private}\r\r{}\rmain,release-9\rv*\r\r", clone(&house)));
    screen.wait_for(&row("◦ waits", "main", "private +2"));
    screen.wait_for(&row("◦ waits", "release-9", "private +1"));
    screen.type_text("v");
    screen.wait_for("No fix is named yet");
    screen.type_text("  ");
    screen.wait_for("2 are picked");
    screen.type_text("\r");
    screen.wait_for("F2    release-9");
    screen.type_text("vvv");
    screen.wait_for(&format!("{:<43}✓  –    ✓  –", row("◦ waits", "main", "private +2")));
    screen.wait_for(&format!("{:<43}✓  –    –  –", row("◦ lacks fix", "release-9", "private +1")));
    // The row says which, and how it comes there; nothing of it is against the plan.
    screen.type_text("g");
    screen.wait_for("F2 on private: missing.");
    screen.wait_for("pick it onto the private branch");
    screen.wait_for("cherry-pick -x");
    screen.wait_for(&second);
    screen.type_text("0");
    screen.wait_for("F2 is missing on private");
    let file = house.case_file(&id);
    assert!(file.find(&first) < file.find(&second), "the older is F1:\n{file}");
    assert_eq!(house.code(&["divergence", "--case", &id]), 0, "it is as planned");
    screen.leave();
}

#[test]
fn what_was_synced_is_equal_and_the_step_that_asks_for_it_ticks_itself() {
    const STEP: &str = "ga.rel.merge-fast";
    let house = House::new();
    let (pair, fixes) = with_fixes(&house);
    pair.git(&["checkout", "-q", "release-9"]);
    pair.git(&["cherry-pick", &fixes[0], &fixes[1]]);
    pair.git(&["push", "-q", "private", "release-9"]);
    let id = fixing(&house);
    compares(&house, &id, &pair, &fixes);
    does(&house, &id, &["ga.rel.cherry-pick", "ga.rel.lgtm-merge"]);
    let mut screen = branches_of(&house, &id, &row("◦ waits", "main", "private +2"));
    pair.git(&["push", "-q", "public", "main", "release-9"]);
    screen.type_text("r");
    screen.wait_for(&row("✓ equal", "main", "equal"));
    screen.wait_for(&row("✓ equal", "release-9", "equal"));
    screen.wait_until("the tick", || {
        let show = house.show(&id);
        let mut steps = show["phases"].as_array().into_iter().flatten().filter_map(|phase| phase["steps"].as_array());
        steps
            .by_ref()
            .flatten()
            .any(|step| step["id"] == STEP && step["state"] == "done" && step["done_by"] == "fixlead")
    });
    screen.type_text("6");
    screen.wait_for("Merge quickly, unchanged");
    screen.leave();
}

#[test]
fn once_the_sync_is_over_a_branch_is_done_only_where_public_lacks_nothing() {
    let house = House::new();
    let (pair, fixes) = with_fixes(&house);
    pair.git(&["checkout", "-q", "release-9"]);
    pair.git(&["cherry-pick", &fixes[0], &fixes[1]]);
    pair.git(&["push", "-q", "private", "release-9"]);
    let id = begun(&house, "gitlab-aigw");
    compares(&house, &id, &pair, &fixes);
    does(&house, &id, &["ai.sync.open"]);
    pair.git(&["push", "-q", "public", "release-9"]);
    does(&house, &id, &["ai.sync.merge"]);
    let mut screen = branches_of(&house, &id, &row("! not synced", "main", "private +2"));
    screen.wait_for("public lacks nothing of private");
    screen.wait_for(&row("✓ done", "release-9", "equal"));
    pair.git(&["push", "-q", "public", "main"]);
    screen.type_text("r");
    screen.wait_for(&row("✓ done", "main", "equal"));
    screen.leave();
}

#[test]
fn a_conflict_opens_to_its_paths_both_sides_and_the_commands_which_are_copied() {
    let house = House::new();
    let (pair, fixes) = with_fixes(&house);
    pair.git(&["checkout", "-q", "release-9"]);
    let theirs = pair.commit("a.txt", "one\nother\n");
    pair.git(&["push", "-q", "public", "release-9"]);
    pair.git(&["reset", "-q", "--hard", "HEAD~1"]);
    pair.git(&["cherry-pick", &fixes[0]]);
    pair.git(&["push", "-q", "private", "release-9"]);
    let ours = pair.git(&["rev-parse", "HEAD"]);
    let id = fixing(&house);
    compares(&house, &id, &pair, &fixes);
    let mut screen = branches_of(&house, &id, &row("✗ conflict", "release-9", "private +1  public +1"));
    screen.wait_for("▸ ✗ conflict");
    screen.type_text("\r");
    screen.wait_for("same patch");
    screen.wait_for("   conflict    a.txt");
    screen.wait_for("both changed it");
    screen.wait_for(&format!("private +1  {} F1  A change", &ours[..10]));
    screen.wait_for(&format!("public +1   {}     A change", &theirs[..10]));
    screen.will_copy(1);
    screen.type_text("y");
    screen.wait_for("copied: the commands");
    let (public, private, clone) = (pair.url("public"), pair.url("private"), clone(&house));
    let commands = [
        format!("fetch {private} refs/heads/release-9"),
        format!("fetch {public} refs/heads/release-9"),
        format!("switch --detach {ours}"),
        format!("merge {theirs}"),
        format!("push {private} HEAD:refs/heads/release-9"),
    ];
    let commands = commands.map(|command| format!("git -C {clone} {command}")).join("\n");
    screen.wait_for_bytes(&format!("\x1b]52;c;{}\x07", fixlead::text::base64(commands.as_bytes())));
    screen.leave();
}

#[test]
fn a_leak_on_a_tag_and_on_a_pull_request_rings_once_and_each_ref_says_by_what_it_was_known() {
    let house = House::new();
    let (pair, fixes) = with_fixes(&house);
    let id = fixing(&house);
    compares(&house, &id, &pair, &fixes);
    let mut screen = branches_of(&house, &id, &row("◦ waits", "main", "private +2"));
    screen.will_ring(1);
    // The pull request shows the very commit, the tag only the same patch.
    pair.git(&["checkout", "-q", "release-9"]);
    pair.git(&["cherry-pick", &fixes[1]]);
    pair.git(&["tag", "v9.0.1"]);
    pair.git(&["push", "-q", "public", "v9.0.1", &format!("{}:refs/pull/7/head", fixes[0])]);
    screen.type_text("r");
    screen.wait_for("LEAK  ");
    screen.type_text("vv");
    screen.wait_for("refs of public show what must not be public");
    screen.wait_for(&format!("{:<12}{:<40}by its id", "F1", "pull request 7"));
    screen.wait_for(&format!("{:<12}{:<40}by its patch", "F2", "tag v9.0.1"));
    screen.wait_until("the leak", || house.case_file(&id).contains("kind = \"leaked\""));
    screen.type_text("r");
    screen.catch_up();
    screen.leave();
}

#[test]
fn a_forced_push_to_a_public_branch_is_told_as_such() {
    let house = House::new();
    let (pair, fixes) = with_fixes(&house);
    pair.git(&["checkout", "-q", "release-9"]);
    pair.commit("d.txt", "one\n");
    pair.publish("release-9");
    let id = fixing(&house);
    compares(&house, &id, &pair, &fixes);
    let mut screen = branches_of(&house, &id, "release-9");
    screen.wait_for("equal");
    assert!(!screen.contents().contains("forced a push"));
    pair.git(&["reset", "-q", "--hard", "HEAD~1"]);
    pair.commit("e.txt", "another\n");
    pair.git(&["push", "-q", "--force", "public", "release-9"]);
    screen.type_text("r");
    screen.wait_for("private +1  public +1");
    screen.type_text("/release-9\r");
    screen.wait_for("Somebody forced a push since the last look.");
    screen.leave();
}

#[test]
fn a_repository_that_vanished_is_unknown_with_its_cause_beside_what_was_seen_last_until_it_is_back() {
    let house = House::new();
    let (pair, fixes) = with_fixes(&house);
    let id = fixing(&house);
    compares(&house, &id, &pair, &fixes);
    // It was looked at five hours before the story, when all was there.
    let folder = |name: &str| house.path().join(name).display().to_string();
    let looked = Command::new(env!("CARGO_BIN_EXE_fixlead"))
        .args(["--data-dir", &folder("data"), "--config-dir", &folder("config"), "--now", "2026-12-03T12:00:00Z"])
        .args(["divergence", "--case", &id])
        .output()
        .expect("the program runs");
    assert_eq!(looked.status.code(), Some(0), "{}", String::from_utf8_lossy(&looked.stdout));
    let (there, gone) = (pair.url("public"), pair.url("elsewhere"));
    std::fs::rename(&there, &gone).expect("it moves");
    let mut screen = branches_of(&house, &id, &row("? unknown", "main", "not known"));
    screen.wait_for("It could not be looked at: ");
    screen.wait_for("Last seen 12:00 UTC");
    screen.wait_for("r tries again");
    assert!(screen.contents().contains(" 5h"), "its age stands in its row:\n{}", screen.contents());
    screen.type_text("vv");
    screen.wait_for("Whether anything leaked is not known");
    std::fs::rename(&gone, &there).expect("it moves back");
    screen.type_text("vvr");
    screen.wait_for(&row("◦ waits", "main", "private +2"));
    assert!(!screen.contents().contains("? unknown"), "{}", screen.contents());
    screen.leave();
}
