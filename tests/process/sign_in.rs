//! Servers that want to know who asks: only `r` lets them, on a terminal that is handed over and taken back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::house::House;
use crate::repositories::Pair;
use crate::terminal::Terminal;

/// All that is on the terminal when a server asks.
const ASKED: &str = "\u{1b}[?1049l\u{1b}[?25hAsking git.example. Ctrl-c ends it.\r\nwhich word? ";
/// What is told of a server that may not ask.
const UNKNOWN: &str = "r on the screen asks you";

/// An ssh that wants a word, and reaches this machine.
fn ssh(house: &House) -> PathBuf {
    let path = house.path().join("ssh");
    let script = r#"#!/bin/sh
case "$*" in *BatchMode=yes*) echo 'git.example: Permission denied (publickey).' >&2; exit 255;; esac
echo $$ > "$0.asks"
stty -echo < /dev/tty
printf 'which word? ' > /dev/tty
read -r word < /dev/tty
stty echo < /dev/tty
echo > /dev/tty
for command; do :; done
[ "$word" = right ] && exec sh -c "git ${command#git-}"
"#;
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

fn looked(house: &House, id: &str) -> String {
    fs::read_to_string(house.path().join("data/cases").join(id).join("looked.json")).unwrap_or_default()
}

/// A case on its branches, of which the private side is behind a server that wants to know who asks. It was looked at.
fn unknown(house: &House) -> (Terminal, String) {
    let pair = Pair::new(house, "gateway", "a.txt", "one\n");
    pair.git(&["checkout", "-q", "-b", "release-9"]);
    pair.publish("release-9");
    pair.commit("a.txt", "one\nmore\n");
    pair.git(&["push", "-q", "private", "release-9"]);
    let id = house.done(&["case", "new", "--playbook", "gitlab-aigw", "--title", "Looked at"]);
    let private = format!("ssh://git.example{}", pair.url("private"));
    for (role, url) in [("canonical", pair.url("public")), ("security", private)] {
        house.done(&["case", "set", &id, &format!("component.gateway.urls.{role}={url}")]);
    }
    let ssh = ssh(house).display().to_string();
    let mut screen = Terminal::start_as(house, 36, 120, &["open", &id], &[("GIT_SSH_COMMAND", &ssh)]);
    // An ssh writes what it likes.
    screen.has_guest();
    screen.wait_for("Next for you");
    screen.wait_until("the look", || looked(house, &id).contains(UNKNOWN));
    assert!(!house.path().join("ssh.asks").exists(), "nobody is asked before");
    screen.type_text("2");
    screen.catch_up();
    (screen, id)
}

#[test]
fn r_lets_a_server_ask_and_compares_what_it_gives_then() {
    let house = House::new();
    let (mut screen, id) = unknown(&house);
    screen.type_text("r");
    screen.wait_for_bytes(ASKED);
    assert!(screen.modes().contains(" icanon"), "{}", screen.modes());
    screen.type_text("right\r");
    // It has to be told for what it lists, and for what of it is brought.
    screen.wait_for_bytes(&format!("{ASKED}\r\nwhich word? "));
    screen.type_text("right\r");
    screen.wait_until("the look", || !looked(&house, &id).contains(UNKNOWN));
    screen.catch_up();
    screen.wait_for("private +1");
    assert!(screen.modes().contains(" -icanon"), "{}", screen.modes());
    screen.leave();
}

#[test]
fn ctrl_c_ends_only_the_asking_and_what_was_typed_for_it_is_no_key() {
    let house = House::new();
    let (mut screen, id) = unknown(&house);
    screen.type_text("r");
    screen.wait_for_bytes(ASKED);
    let asks = || fs::read_to_string(house.path().join("ssh.asks")).unwrap().trim().to_owned();
    let first = asks();
    let frames = screen.frames();
    screen.type_text("q\u{3}");
    screen.wait_for_frame_after(frames);
    screen.wait_until("its end", || !PathBuf::from(format!("/proc/{first}")).exists());
    screen.wait_for("2 times in a row");
    assert!(looked(&house, &id).contains(UNKNOWN));
    // It asks again, but only if it is to.
    screen.type_text("r");
    screen.wait_until("the next question", || asks() != first);
    screen.type_text("\u{3}");
    screen.catch_up();
    screen.leave();
}
