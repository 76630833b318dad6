//! The screen looks at repositories by itself: over real bare ones, and over servers that say nothing.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::house::House;
use crate::repositories::Pair;
use crate::terminal::Terminal;

/// A case with a component of these URLs.
fn case_of(house: &House, [canonical, security]: [&str; 2]) -> String {
    let id = house.done(&["case", "new", "--playbook", "gitlab-aigw", "--title", "Looked at"]);
    house.done(&["case", "set", &id, &format!("component.gateway.urls.canonical={canonical}")]);
    house.done(&["case", "set", &id, &format!("component.gateway.urls.security={security}")]);
    id
}

/// A case whose private side has the fix on a branch, and the fix.
fn with_fix(house: &House) -> (Pair, String, String) {
    let pair = Pair::new(house, "gateway", "a.txt", "one\n");
    pair.git(&["checkout", "-q", "-b", "release-9"]);
    pair.publish("release-9");
    let fix = pair.commit("a.txt", "one\nfixed\n");
    pair.git(&["push", "-q", "private", "release-9"]);
    let id = case_of(house, [&pair.url("public"), &pair.url("private")]);
    house.done(&["case", "fix", &id, &fix]);
    (pair, id, fix)
}

fn looked(house: &House, id: &str) -> String {
    let path = house.path().join("data/cases").join(id).join("looked.json");
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn a_case_that_is_opened_knows_its_branches_without_a_key_and_a_leak_at_the_next_look() {
    let house = House::new();
    let (pair, id, fix) = with_fix(&house);
    let mut screen = Terminal::start_with(&house, 36, 120, &["open", &id]);
    screen.wait_for("Next for you");
    screen.wait_until("the look", || looked(&house, &id).contains("release-9"));
    screen.type_text("2");
    screen.wait_for("release-9");
    screen.will_ring(1);
    pair.git(&["push", "-q", "public", &format!("{fix}:refs/pull/7/head")]);
    screen.type_text("r");
    screen.wait_for("is on public: LEAK (pull request 7)");
    screen.wait_until("the leak", || house.case_file(&id).contains("kind = \"leaked\""));
    screen.type_text("6");
    screen.wait_for("refs/pull/7/head");
    screen.leave();
}

#[test]
fn a_silent_server_holds_no_key_up_and_esc_ends_the_look_within_a_second() {
    let house = House::new();
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = |name: &str| format!("http://{}/{name}.git", server.local_addr().expect("its address"));
    let id = case_of(&house, [&url("public"), &url("private")]);
    let mut screen = Terminal::start_with(&house, 36, 120, &["open", &id]);
    screen.wait_for("Next for you");
    let asked = server.accept().expect("it asks");
    screen.type_text("7");
    screen.wait_for("Questions");
    let since = Instant::now();
    screen.type_text("\u{1b}");
    screen.wait_for("the look was ended");
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    screen.leave();
    drop(asked);
}

#[test]
fn a_kill_in_the_middle_of_a_look_loses_nothing_and_the_next_look_is_right() {
    let house = House::new();
    let (pair, id, fix) = with_fix(&house);
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = server.local_addr().expect("its address");
    for (role, name) in [("canonical", "public"), ("security", "private")] {
        house.done(&["case", "set", &id, &format!("component.kas.urls.{role}=http://{address}/{name}.git")]);
    }
    let mut screen = Terminal::start_with(&house, 36, 120, &["open", &id]);
    screen.wait_for("Next for you");
    let asked = server.accept().expect("it asks");
    screen.wait_until("what the first look found is kept", || looked(&house, &id).contains("release-9"));
    let before = house.case_file(&id);
    screen.signal("KILL");
    assert!(screen.ended());
    drop((asked, server));
    assert_eq!(house.case_file(&id), before);
    assert_eq!(house.show(&id)["id"], id.as_str(), "the case is whole");
    pair.git(&["push", "-q", "public", &format!("{fix}:refs/pull/7/head")]);

    let mut screen = Terminal::start_with(&house, 36, 120, &["open", &id]);
    screen.will_ring(1);
    screen.wait_until("the leak", || house.case_file(&id).contains("kind = \"leaked\""));
    screen.type_text("2");
    screen.wait_for("release-9");
    screen.type_text(".");
    screen.wait_for("No branch could be looked at.");
    screen.wait_for("r tries again");
    screen.leave();
}

#[test]
fn a_fault_in_a_look_is_unknown_with_the_reason_and_the_screen_lives() {
    let house = House::new();
    let (_, id, _) = with_fix(&house);
    let mut screen = Terminal::start_as(&house, 36, 120, &["open", &id], &[("FIXLEAD_TEST_FAULT", "look")]);
    screen.wait_for("Next for you");
    screen.type_text("2");
    screen.wait_for("a fault in the program itself kept it from being looked at");
    screen.wait_for("r tries again");
    screen.type_text("r");
    screen.wait_for("release-9");
    screen.type_text("0");
    screen.wait_for("Next for you");
    screen.type_text("\u{3}\u{3}");
    assert!(screen.ended(), "the fault did not end it before");
    assert!(screen.contents().contains("a fault in the program itself at "), "{}", screen.contents());
}
