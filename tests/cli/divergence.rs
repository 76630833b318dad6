//! The verb that compares repositories, on small ones of its own.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::house::{House, Ran};
use crate::output::{assert_json, assert_lines};

/// A public repository, and a private one whose main holds one more commit, the fix.
struct Repos {
    house: House,
    fix: String,
}

impl Repos {
    fn new() -> Self {
        let house = House::new();
        git(&house, &["init", "-q", "--bare", "public.git"], "");
        git(&house, &["init", "-q", "--bare", "private.git"], "");
        git(&house, &["-C", "public.git", "fast-import", "--quiet"], &commit("Begin", "one\ntwo\n"));
        git(&house, &["-C", "private.git", "fetch", "-q", "../public.git", "refs/heads/main:refs/heads/main"], "");
        let fix = commit("Escape the header", "one\nescaped\n").replace("M 100644", "from refs/heads/main^0\nM 100644");
        git(&house, &["-C", "private.git", "fast-import", "--quiet"], &fix);
        let fix = git(&house, &["-C", "private.git", "rev-parse", "main"], "");
        Self { house, fix }
    }

    /// The fix gets out.
    fn leak(&self, reference: &str) {
        git(&self.house, &["-C", "private.git", "push", "-q", "../public.git", &format!("main:{reference}")], "");
    }

    fn run(&self, more: &[&str]) -> Ran {
        let both = ["divergence", "--canonical", "public.git", "--security", "private.git"];
        self.house.run(&[&both, more].concat())
    }
}

/// One commit on main for `git fast-import`.
fn commit(subject: &str, text: &str) -> String {
    let who = "committer A <a@host.example> 1700000000 +0000";
    let message = format!("data {}\n{subject}\n", subject.len() + 1);
    format!("commit refs/heads/main\n{who}\n{message}M 100644 inline header.c\ndata {}\n{text}\n", text.len())
}

fn git(house: &House, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new("git")
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(house.path(""))
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("LC_ALL", "C")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn one(ran: &Ran) -> Value {
    ran.json()["components"][0].clone()
}

#[test]
fn a_fix_under_embargo_that_only_the_private_side_has_is_as_planned() {
    let repos = Repos::new();
    let ran = repos.run(&["--embargoed", &repos.fix, "--json"]).ok();
    let told = one(&ran);
    assert_eq!((&told["name"], &told["outcome"]), (&json!("public"), &json!("as_planned")));
    let pair = &told["pairs"][0];
    assert_eq!((&pair["branch"], &pair["state"]), (&json!("main"), &json!("security_ahead")));
    assert_eq!((&pair["ahead"], &pair["behind"], &pair["tips"]["security"]), (&json!(1), &json!(0), &json!(repos.fix)));
    let fix = &told["fixes"][0];
    assert_eq!((&fix["id"], &fix["subject"]), (&json!(repos.fix), &json!("Escape the header")));
    assert_eq!(fix["branches"]["main"], json!({ "security": "by_id", "canonical": "absent" }));
    // HEAD is a ref that everybody sees, too.
    assert_eq!((&told["leaks"], &told["leaks_state"], &told["leaks_refs"]), (&json!([]), &json!("clear"), &json!(2)));
    // A folder below the one that the program runs in serves as well.
    let text = repos.run(&["--embargoed", &repos.fix[..10], "--name", "gateway", "--data-dir", "data"]).ok();
    text.says("gateway   as planned\n")
        .says("✓ 1 branch as planned (private ahead 1)\n")
        .says("✓ no leak found in 2 refs of canonical, looked at 13:00 UTC\n")
        .says("there           missing         main\n");
}

#[test]
fn a_fix_that_got_out_is_a_leak_wherever_it_is() {
    let repos = Repos::new();
    repos.leak("refs/pull/7/head");
    let ran = repos.run(&["--embargoed", &repos.fix, "--json"]).exits(11);
    let leak = json!([
        { "fix": repos.fix, "remote": "canonical", "ref": "refs/pull/7/head", "how": "id", "commit": repos.fix },
    ]);
    assert_eq!(one(&ran)["leaks"], leak);
    let short = &repos.fix[..10];
    repos
        .run(&["--embargoed", &repos.fix])
        .exits(11)
        .says("public   LEAK\n")
        .says(&format!("✗ leak         {short} «Escape the header» is public\n"))
        .says(&format!("refs/pull/7/head by its id, in {short}\n"));
    repos.leak("refs/heads/main");
    let equal = one(&repos.run(&["--embargoed", &repos.fix, "--json"]).exits(11));
    assert_eq!(equal["pairs"][0]["state"], "equal", "{equal}");
}

#[test]
fn what_is_not_planned_needs_a_person_and_what_can_not_be_looked_at_is_unknown() {
    let repos = Repos::new();
    let unplanned = repos
        .run(&["--fix", &repos.fix])
        .exits(10)
        .says("public   needs you\n")
        .says("private is ahead: main private +1");
    assert!(unplanned.out.contains("THIS MAKES IT PUBLIC:\n"), "{}", unplanned.out);
    std::fs::rename(repos.house.path("private.git"), repos.house.path("gone.git")).unwrap();
    let lost = repos.run(&["--json"]).exits(12);
    assert_eq!(one(&lost)["outcome"], "unknown");
    repos.run(&[]).exits(12).says("could not look");
    assert!(one(&lost)["pairs"].as_array().unwrap().iter().all(|pair| pair["state"] == "unknown"));
}

#[test]
fn patterns_may_be_repeated_and_parted_by_commas() {
    let repos = Repos::new();
    git(&repos.house, &["-C", "public.git", "branch", "release-1", "main"], "");
    git(&repos.house, &["-C", "public.git", "branch", "try", "main"], "");
    let branches = |more: &[&str]| {
        let ran = repos.run(&[&["--json"], more].concat()).exits(10);
        let pairs = one(&ran)["pairs"].clone();
        let mut names: Vec<String> =
            pairs.as_array().unwrap().iter().map(|pair| pair["branch"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(branches(&[]), ["main", "release-1", "try"]);
    for some in [&["--branches", "main,release-*"][..], &["--branches", "main", "release-*"]] {
        assert_eq!(branches(some), ["main", "release-1"]);
    }
    assert_eq!(branches(&["--branches", "main", "--branches", "release-1"]), ["main", "release-1"]);
}

#[test]
fn what_is_watched_is_looked_at_without_a_word() {
    let repos = Repos::new();
    let house = &repos.house;
    for copy in ["kas.git", "kas-private.git"] {
        git(house, &["clone", "-q", "--bare", "public.git", copy], "");
    }
    house.run(&["divergence"]).exits(2).complains("nothing is named to look at");
    house.run(&["divergence", "--watch"]).exits(4).complains("watch.toml");
    let file = format!(
        "schema = 1\n[[component]]\nid = \"gateway\"\nurls = {{ canonical = \"../public.git\", security = \"../private.git\" }}\n\
         embargoed = [\"{}\"]\n[[component]]\nid = \"kas\"\nurls = {{ canonical = \"../kas.git\", security = \"../kas-private.git\" }}\n",
        repos.fix
    );
    let path = house.write("config/watch.toml", &file);
    let names = |ran: &Ran| {
        let components = ran.json()["components"].clone();
        components.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for args in [&["divergence"][..], &["divergence", "--watch"], &["divergence", "--watch", path.to_str().unwrap()]] {
        let ran = house.run(&[args, &["--json"]].concat()).ok();
        assert_eq!(names(&ran), ["gateway", "kas"], "paths are counted from the file");
    }
    house.run(&["divergence"]).ok().says("✓ kas  1 branch as planned (equal 1)\n");
    house.write("own.toml", &file.replace("../", ""));
    assert_eq!(names(&house.run(&["divergence", "--watch", "own.toml", "--json"]).ok()), ["gateway", "kas"]);
}

#[test]
fn an_empty_list_of_commits_is_no_embargo() {
    let repos = Repos::new();
    repos.house.write("empty.txt", "\n");
    for option in ["--embargoed", "--fix"] {
        for list in ["@empty.txt", "-", "", ",", " "] {
            let told = format!("{option} names no commit: what it was given is empty");
            repos.run(&[option, list]).exits(2).complains(&told);
        }
        let ran = repos.run(&[option, &repos.fix, "@empty.txt"]);
        ran.exits(2).complains("names no commit");
    }
}

#[test]
fn what_one_component_keeps_no_other_with_the_same_repository_tells_how_to_expose() {
    let repos = Repos::new();
    std::os::unix::fs::symlink(repos.house.path("public.git"), repos.house.path("mirror.git")).unwrap();
    let component = |id: &str, public: &str, more: &str| {
        format!(
            "[[component]]\nid = \"{id}\"\nurls = {{ canonical = \"{public}\", security = \"private.git\" }}\n{more}\n"
        )
    };
    let embargoed = format!("embargoed = [\"{}\"]", repos.fix);
    let other = repos.house.write("other.toml", &component("docs", "public.git", ""));
    let alone = repos.house.run(&["divergence", "--watch", other.to_str().unwrap()]).exits(10);
    alone.says("THIS MAKES IT PUBLIC");
    let both = |public: &str, expects: &str| {
        let both = [component("docs", public, expects), component("gateway", "public.git", &embargoed)].concat();
        repos.house.write("both.toml", &both).to_str().unwrap().to_owned()
    };
    for public in ["public.git", "mirror.git"] {
        let file = both(public, "expects = \"equal\"");
        let ran = repos.house.run(&["divergence", "--watch", &file]).exits(12);
        assert!(!ran.out.contains("MAKES IT PUBLIC") && !ran.out.contains("push"), "{}", ran.out);
        ran.says("next: an embargo is on: leave public alone");
        // Where nobody says what is planned, the embargo says it. What may have leaked is unknown all the same.
        let told = repos.house.run(&["divergence", "--watch", &both(public, ""), "--json"]).exits(12).json();
        let docs = &told["components"][0];
        assert_eq!((&docs["expects"], &docs["leaks_state"]), (&json!("private-ahead"), &json!("unknown")));
        assert_eq!(docs["pairs"][0]["flags"], json!(["planned"]));
    }
}

#[test]
fn faults_of_the_watch_file_are_told_at_once_each_at_its_place() {
    let house = House::new();
    let file =
        "[[component]]\nid = \"a\"\nurls = { canonical = \"https://me:s3cret@host.example/a\" }\nbranches = [\"x?\"]\n";
    let path = house.write("config/watch.toml", file);
    let path = path.display();
    let ran = house.run(&["divergence"]).exits(2).complains("watch.toml has faults");
    for line in [
        "1:1: urls.security is missing",
        "3:22: a URL must not hold a password",
        "4:13: «x?» is no pattern: only * stands for anything",
    ] {
        assert!(ran.err.contains(&format!("  {path}:{line}")), "{line}: {}", ran.err);
    }
    assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    house.write("config/watch.toml", "schema = 1\n");
    house.run(&["divergence"]).exits(2).complains("names no component");
}

#[test]
fn a_command_line_that_can_not_be_taken_says_why() {
    let house = House::new();
    let refused = |args: &[&str]| house.run(&[&["divergence"], args].concat()).exits(2);
    refused(&["--canonical", "a"]).complains("--security");
    refused(&["--security", "a"]).complains("--canonical");
    refused(&["--branches", "main"]).complains("--canonical");
    refused(&["--case", "x", "--watch"]).complains("cannot be used with");
    refused(&["--case", "x", "--canonical", "a", "--security", "b"]).complains("cannot be used with");
    let with = |more: &[&str]| refused(&[&["--canonical", "a", "--security", "b"], more].concat());
    with(&["--branches", "release-[12]"]).complains("--branches: «release-[12]» is no pattern");
    with(&["--tags", "refs/tags/v*"]).complains("leave refs/heads/ or refs/tags/ away");
    with(&["--fix", "main"]).complains("--fix: «main» is no commit");
    with(&["--embargoed", "123"]).complains("the first 7 digits");
    with(&["--pin", "/etc/passwd"]).complains("--pin: «/etc/passwd» is no path in a repository");
    with(&["--clone", "host:x"]).complains("--clone: a clone is a folder on this machine");
    with(&["--watch"]).complains("cannot be used with");
    for url in ["ext::sh -c x", "--upload-pack=x", "http://host.example/x"] {
        refused(&[&format!("--canonical={url}"), "--security", "b"]).complains("--canonical: ");
    }
    let password = refused(&["--canonical", "https://me:s3cret@host.example/x", "--security", "b"]);
    assert!(password.err.contains("must not hold a password") && !password.err.contains("s3cret"), "{}", password.err);
}

/// A server that takes a connection and never says a word; the signal comes once it is asked.
#[test]
fn a_signal_ends_a_look_within_a_second_with_nothing_half_printed() {
    let repos = Repos::new();
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x.git", server.local_addr().unwrap());
        let child = repos
            .house
            .command()
            .args(["divergence", "--canonical", &url, "--security", "private.git", "--fetch"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = server.accept().unwrap();
        let since = Instant::now();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
        assert_eq!(output.status.code(), Some(code));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, "fixlead: it was stopped before it could tell anything; nothing was changed; run it again\n");
        drop(asked);
    }
}

#[test]
fn the_repositories_are_never_written_to() {
    let repos = Repos::new();
    git(&repos.house, &["clone", "-q", "private.git", "clone"], "");
    let before = ["public.git", "private.git", "clone"].map(|name| listing(&repos.house.path(name)));
    repos.run(&["--embargoed", &repos.fix, "--clone", "clone"]);
    let after = ["public.git", "private.git", "clone"].map(|name| listing(&repos.house.path(name)));
    assert_eq!(before, after);
}

/// Every file below a folder with its text.
fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(listing(&path));
        } else {
            all.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[test]
fn a_case_asks_for_its_own_and_is_told_what_was_found() {
    let repos = Repos::new();
    let house = &repos.house;
    let id = house.case("gitlab-aigw");
    house.run(&["divergence", "--case", "no-such"]).exits(4);
    house.run(&["divergence", "--case", &id]).exits(2).complains("does not say where its repositories are");
    house.run(&["case", "component", &id, "gateway", "--canonical", "public.git", "--security", "private.git"]).ok();
    house.run(&["case", "fix", &id, &repos.fix]).ok();
    let first = house.run(&["divergence", "--case", &id, "--json"]).json();
    assert_eq!(first["components"][0]["name"], "gateway");
    assert_eq!(first["components"][0]["fixes"][0]["embargoed"], true);
    assert_eq!((&first["case"]["id"], &first["case"]["state"]), (&json!(id), &json!("embargo")));
    repos.leak("refs/pull/7/head");
    let ran = house.run(&["divergence", "--case", &id]).exits(11).says("gateway   LEAK\n");
    assert!(ran.out.contains(&format!("\n{id}: ")) && ran.out.contains("refs/pull/7/head"), "{}", ran.out);
    assert_eq!(house.show(&id)["state"], "leaked");
    let again = house.run(&["divergence", "--case", &id, "--json"]).exits(11).json();
    assert_eq!((&again["case"]["state"], &again["case"]["events"]), (&json!("leaked"), &json!([])), "told once");
    house.run(&["case", "component", &id, "kas", "--canonical", "public.git", "--security", "private.git"]).ok();
    // Nobody looks for the fix any more, but what was private at the looks before is looked for all the same.
    let lost = house.run(&["divergence", "--case", &id]).exits(11);
    lost.says("? F1: no component was asked for it")
        .says("case fix")
        .says("which was private at a look before, is public");
}

#[test]
fn a_step_is_not_done_where_the_look_before_it_finds_a_leak_until_it_is_said_again() {
    let repos = Repos::new();
    let (house, step) = (&repos.house, "ai.sync.open");
    let id = house.case("gitlab-aigw");
    house.run(&["case", "component", &id, "gateway", "--canonical", "public.git", "--security", "private.git"]).ok();
    house.run(&["case", "fix", &id, &repos.fix]).ok();
    repos.leak("refs/pull/7/head");
    let does = ["case", "do", &id, step, "--override", "agreed by phone"];
    let state = house.step(&id, step)["state"].clone();
    let before = house.json(&["case", "timeline", &id]).as_array().unwrap().len();
    let refused = house.run(&does).exits(11);
    refused
        .complains("a leak was found: gateway: the fix")
        .complains("refs/pull/7/head")
        .complains("ai.sync.open was left as it is; nothing but the leak was kept in the case")
        .complains("say it again if ai.sync.open is still right");
    assert_eq!((&house.show(&id)["state"], &house.step(&id, step)["state"]), (&json!("leaked"), &state));
    let timeline = house.json(&["case", "timeline", &id]);
    assert_eq!(timeline.as_array().unwrap().len(), before + 1, "{timeline}");
    house.run(&does).ok();
    assert_eq!(house.step(&id, step)["state"], "done");
}

#[test]
fn a_case_that_is_leaked_says_so_first_whatever_is_there_now() {
    let repos = Repos::new();
    let house = &repos.house;
    let id = house.case("emissary");
    house.run(&["case", "component", &id, "gateway", "--canonical", "public.git", "--security", "private.git"]).ok();
    house.run(&["leak", &id, "--what", "a tweet"]).ok();
    let told = house.run(&["divergence", "--case", &id]).exits(11);
    assert!(
        told.out.starts_with(&format!("{id} is LEAKED since 13:00 UTC; what is there now:\n\ngateway   ")),
        "{}",
        told.out
    );
    house.run(&["divergence", "--case", &id, "--json"]).exits(11);
}

/// Names and texts out of a repository are somebody else's.
#[test]
fn hostile_text_of_a_repository_drives_nothing() {
    let repos = Repos::new();
    let (subject, branch) = ("\u{1b}]0;x\u{7}\u{202e}Escape", "try\u{202e}\u{200b}");
    let hostile =
        commit(subject, "three\n").replace("commit refs/heads/main", &format!("commit refs/heads/{branch}")).replace(
            "M 100644 inline header.c",
            "from refs/heads/main^0\nM 100644 inline VERSION\ndata 9\n\u{1b}[31m1.0\nM 100644 inline header.c",
        );
    git(&repos.house, &["-C", "private.git", "fast-import", "--quiet"], &hostile);
    let id = git(&repos.house, &["-C", "private.git", "rev-parse", &format!("refs/heads/{branch}")], "");
    repos.house.write("fixes.txt", &format!("{id}\n"));
    let asked = ["--fix", "@fixes.txt", "--pin", "VERSION"];
    let text = repos.run(&asked);
    assert_lines(text.out.as_bytes(), "text");
    assert!(text.out.contains("try<202E><200B>") && text.out.contains("<202E>Escape"), "{}", text.out);
    assert!(!text.out.lines().any(|line| line.contains(" git ") && line.contains("try")), "{}", text.out);
    let json = repos.run(&[&asked[..], &["--json"]].concat());
    let value = assert_json(json.out.as_bytes(), "json");
    let one = &value["components"][0];
    assert_eq!(one["fixes"][0]["subject"], subject, "programs get it as it is");
    assert!(one["pairs"].as_array().unwrap().iter().any(|pair| pair["branch"] == branch), "{one}");
}
