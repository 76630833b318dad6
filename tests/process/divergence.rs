//! The verb that compares repositories, in a real terminal: what leaked, a server that says nothing, and repositories in
//! which every name and text is somebody's weapon. At the end of each story the harness reads every byte.

use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::house::House;
use crate::output::{assert_json, assert_lines};
use crate::terminal::Terminal;

/// Names that git takes for branches and tags. The first few can't be shown as they are.
const UNSEEN: [&str; 3] =
    ["bidi\u{202e}\u{2066}gpj.exe", "zero\u{200b}\u{2060}width\u{feff}", "tags\u{e0065}\u{e007f}\u{fff9}"];
const ODD: [&str; 4] = ["-rf", "x;$(touch${IFS}owned)`touch${IFS}owned`'\"|&<>#!", "wide漢字🦀", "%s%n{0}"];

/// What a path, a subject and a name of an author may hold: anything.
const TEXT: &str = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{202e}\u{9b}2J\u{200b}e\u{301}\u{301}\u{301}\u{301}\rover";

fn names() -> Vec<String> {
    let long = ["long-".repeat(40)];
    UNSEEN.iter().chain(&ODD).map(|name| (*name).to_owned()).chain(long).collect()
}

fn git(house: &House, arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("git")
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(house.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git runs");
    child.stdin.take().expect("its input").write_all(input).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// One commit for `git fast-import`, with a file.
fn commit(branch: &str, from: &str, subject: &str, path: &str, text: &str) -> String {
    let path = path.bytes().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat();
    let who = "A\u{1b}[31m\u{202e} <a@host.example> 1700000000 +0000";
    format!(
        "commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\ndata {}\n{subject}\n{from}M 100644 inline \"{path}\"\n\
         data {}\n{text}\n",
        subject.len(),
        text.len()
    )
}

/// Two repositories of these streams.
fn repositories(house: &House, public: &str, private: &str) {
    for (name, stream) in [("public.git", public), ("private.git", private)] {
        git(house, &["init", "-q", "--bare", name], b"");
        git(house, &["-C", name, "fast-import", "--quiet"], stream.as_bytes());
    }
}

/// A public repository, and a private one whose main holds one more commit, the fix.
fn with_fix(house: &House) -> String {
    let base = commit("main", "", "Begin", "header.c", "one\n");
    let fix = commit("main", "", "Escape the header", "header.c", "escaped\n");
    repositories(house, &base, &format!("{base}{fix}"));
    git(house, &["-C", "private.git", "rev-parse", "main"], b"")
}

/// Each name is a branch that went on on both sides, in the same file, and a tag of another commit on each.
fn hostile(house: &House) -> String {
    let base = commit("main", "", "Begin", TEXT, "one\n");
    let side = |text: &str| {
        let branch = |name: &String| {
            let went_on = commit(name, "from refs/heads/main\n", TEXT, TEXT, text);
            format!("{went_on}reset refs/tags/{name}\nfrom refs/heads/{name}\n\n")
        };
        format!("{base}{}", names().iter().map(branch).collect::<String>())
    };
    repositories(house, &side("public\n"), &side("private\n"));
    git(house, &["-C", "private.git", "rev-parse", &format!("refs/heads/{}", UNSEEN[0])], b"")
}

/// A look at both.
fn look(house: &House, more: &[&str]) -> Vec<String> {
    let path = |name: &str| house.path().join(name).display().to_string();
    let both =
        ["divergence".into(), "--canonical".into(), path("public.git"), "--security".into(), path("private.git")];
    both.into_iter().chain(more.iter().map(|word| (*word).to_owned())).collect()
}

/// It begins in a small terminal.
fn seen(house: &House, look: &[String]) -> Terminal {
    let look: Vec<&str> = look.iter().map(String::as_str).collect();
    let mut screen = Terminal::start_with(house, 24, 80, &look);
    assert!(screen.ended());
    screen
}

fn ran(house: &House, look: &[String]) -> Output {
    house.run(&look.iter().map(String::as_str).collect::<Vec<_>>())
}

fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("text")
}

#[test]
fn a_leak_is_told_on_a_small_terminal_with_its_ref_and_its_own_exit_code() {
    let house = House::new();
    let fix = with_fix(&house);
    let look = look(&house, &["--embargoed", &fix]);
    let mut well = seen(&house, &look);
    assert!(well.contents().contains("✓ no leak found in 2 refs of canonical"), "{}", well.contents());
    assert_eq!(well.exit_code(), 0);
    git(&house, &["-C", "private.git", "push", "-q", "../public.git", "main:refs/pull/7/head"], b"");
    let mut leaked = seen(&house, &look);
    let told = leaked.contents();
    let line = format!("  ✗ leak         {} «Escape the header» is public\n", &fix[..10]);
    assert!(told.starts_with("public   LEAK\n") && told.contains(&line), "{told}");
    assert!(told.contains("refs/pull/7/head by its id"), "{told}");
    assert_eq!(leaked.exit_code(), 11);
}

#[test]
fn ctrl_c_ends_a_look_at_a_silent_server_within_a_second() {
    let house = House::new();
    with_fix(&house);
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/x.git", server.local_addr().expect("its address"));
    let look = ["divergence", "--canonical", &url, "--security", "private.git", "--fetch"];
    let mut screen = Terminal::start_with(&house, 24, 80, &look);
    let asked = server.accept().expect("it asks");
    let since = Instant::now();
    screen.type_text("\u{3}");
    assert!(screen.ended());
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    assert_eq!(screen.exit_code(), 130);
    assert!(screen.contents().contains("stopped before it could tell anything"), "{}", screen.contents());
    drop(asked);
}

#[test]
fn names_and_texts_of_a_hostile_repository_are_shown_and_drive_nothing() {
    let house = House::new();
    let fix = hostile(&house);
    let asked = ["--fix", &fix, "--pin", "VERSION"];
    let json = look(&house, &[&asked[..], &["--json"]].concat());
    let text = look(&house, &asked);
    assert_eq!([&text, &json].map(|look| seen(&house, look).exit_code()), [10, 10]);

    let output = ran(&house, &text);
    assert_lines(&output.stdout, "text");
    let told = printed(&output);
    for shown in ["bidi<202E><2066>gpj.exe", "zero<200B><2060>width<FEFF>", "<1B>[31m<1B>]0;owned<07>"] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    let commands: Vec<&str> = told.lines().filter(|line| line.starts_with("      git ")).collect();
    let begins = UNSEEN.map(|name| name.split(|c: char| !c.is_ascii()).next().unwrap_or_default());
    assert!(!commands.iter().any(|line| begins.iter().any(|name| line.contains(name))), "{commands:#?}");

    let output = ran(&house, &json);
    let value = assert_json(&output.stdout, "json");
    let pairs = value["components"][0]["pairs"].as_array().expect("pairs");
    for name in names() {
        let pair = pairs.iter().find(|pair| pair["branch"] == name.as_str()).expect("programs get it as it is");
        assert_eq!((&pair["state"], &pair["conflicts"][0]["path"]), (&"diverged_conflict".into(), &Value::from(TEXT)));
        commands_say(&house, &commands, &name);
    }
    assert!(!house.path().join("owned").exists() && !house.path().join("private.git/owned").exists());
}

/// Git takes such names, and no program that keeps lists of lines is safe from them.
#[test]
fn a_branch_whose_name_holds_controls_is_compared_and_shown_harmless_and_stands_in_no_command() {
    let house = House::new();
    with_fix(&house);
    git(&house, &["-C", "private.git", "update-ref", "refs/heads/c1\u{9b}31m\u{9d}0;owned\u{9c}", "main"], b"");
    let mut screen = seen(&house, &look(&house, &[]));
    let told = screen.contents();
    let named: Vec<&str> = told.lines().filter(|line| line.contains(r"c1\xc2\x9b31m\xc2\x9d0;owned\xc2\x9c")).collect();
    assert!(!named.is_empty() && named.iter().all(|line| !line.contains("git ")), "{told}");
    assert_eq!(screen.exit_code(), 10);
}

/// What a shell makes of the commands for a branch: its name, as one word, or there are none.
fn commands_say(house: &House, commands: &[&str], name: &str) {
    let said = |command: &&str| {
        let script = format!("git() {{ printf '%s\\n' \"$@\"; }}\n{command}");
        let output = Command::new("sh").args(["-c", &script]).current_dir(house.path()).output().expect("a shell");
        assert!(output.status.success() && output.stderr.is_empty(), "{command}");
        String::from_utf8(output.stdout).expect("text")
    };
    let reference = format!("refs/heads/{name}");
    let named = commands.iter().map(said).filter(|words| words.lines().any(|word| word == reference)).count();
    let is_hidden = UNSEEN.contains(&name);
    assert_eq!(named == 0, is_hidden, "{name}: {commands:#?}");
}
