//! Two processes from their first step to their last over real repositories: whatever rests on repositories opens by
//! evidence alone, without anybody's word and without an override.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::house::{House, RELEASE, REPORTED};

/// A public and a private repository with the same history, and a clone of both.
pub struct Pair {
    folder: PathBuf,
}

impl Pair {
    /// One commit on main with a file.
    pub fn new(house: &House, name: &str, file: &str, text: &str) -> Self {
        let pair = Self { folder: house.path().join("repositories").join(name) };
        std::fs::create_dir_all(&pair.folder).expect("a folder");
        git_in(&pair.folder, &["init", "-q", "-b", "main", "clone"]);
        for remote in ["public", "private"] {
            git_in(&pair.folder, &["init", "-q", "--bare", "-b", "main", remote]);
            pair.git(&["remote", "add", remote, &pair.url(remote)]);
        }
        pair.commit(file, text);
        pair.publish("main");
        pair
    }

    pub fn url(&self, remote: &str) -> String {
        self.folder.join(remote).display().to_string()
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.folder.join("clone"), arguments)
    }

    pub fn commit(&self, file: &str, text: &str) -> String {
        std::fs::write(self.folder.join("clone").join(file), text).expect("a file");
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", "A change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// What the clone has of a branch is what both sides have.
    pub fn publish(&self, branch: &str) {
        self.git(&["push", "-q", "public", branch]);
        self.git(&["push", "-q", "private", branch]);
    }

    /// The branch as a remote has it.
    fn switch(&self, branch: &str, remote: &str) {
        self.git(&["fetch", "-q", remote]);
        self.git(&["checkout", "-q", "-B", branch, "--track", &format!("{remote}/{branch}")]);
    }
}

fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// A process on its way, driven by what it says is next.
struct Walk {
    house: House,
    id: String,
    done: Vec<String>,
}

impl Walk {
    fn new(house: House, playbook: &str, start: &str, end: &str) -> Self {
        let start = format!("{start}={REPORTED}");
        let id = house.done(&["case", "new", "--playbook", playbook, "--title", "Walked", "--at", &start]);
        house.done(&["case", "at", &id, &format!("{end}={RELEASE}")]);
        Self { house, id, done: Vec::new() }
    }

    fn set(&self, field: &str, value: &str) {
        self.house.done(&["case", "set", &self.id, &format!("{field}={value}")]);
    }

    fn show(&self) -> Value {
        self.house.show(&self.id)
    }

    /// Plainly: where anything is missing the walk ends.
    fn does(&mut self, step: &str) {
        self.house.done(&["case", "do", &self.id, step]);
        self.done.push(step.to_owned());
    }

    fn step(&self, id: &str) -> Value {
        let show = self.show();
        let mut steps = show["phases"].as_array().into_iter().flatten().filter_map(|phase| phase["steps"].as_array());
        steps.by_ref().flatten().find(|step| step["id"] == id).cloned().expect("a step")
    }

    fn gate(&self, id: &str) -> Value {
        let show = self.show();
        show["gates"].as_array().into_iter().flatten().find(|gate| gate["id"] == id).cloned().expect("a gate")
    }

    /// Goes on until the case is closed. `before` is what the world does before a step.
    fn until_closed(mut self, mut before: impl FnMut(&mut Self, &str)) -> Self {
        for _ in 0..80 {
            let next = self.show()["next"][0].clone();
            let (kind, id) = (next["kind"].as_str().unwrap_or("close"), next["id"].as_str().unwrap_or_default());
            match kind {
                // What was not looked at holds a step up; the verb looks.
                "step" | "stuck" => {
                    before(&mut self, id);
                    self.does(id);
                }
                "anchor" => drop(self.house.done(&["case", "at", &self.id, &format!("{id}={RELEASE}")])),
                "publish" => drop(self.house.done(&["case", "publish", &self.id])),
                "close" => {
                    self.house.done(&["case", "close", &self.id]);
                    return self;
                }
                other => panic!("{other} {id} is next after {:?}", self.done),
            }
        }
        panic!("the walk does not end: {:?}", self.done);
    }

    /// No word of a person stands for what the machine can see.
    fn rests_on_evidence_alone(&self) {
        let file = self.house.case_file(&self.id);
        assert!(!file.contains("kind = \"override\""), "{file}");
        assert!(!file.contains("attested") && !file.contains("[[decision]]"), "{file}");
        assert!(!file.contains("kind = \"leaked\""), "{file}");
    }
}

#[test]
fn the_ai_gateway_process_opens_by_what_is_seen_in_its_repositories() {
    let house = House::new();
    let pair = Pair::new(&house, "gateway", "a.txt", "one\n");
    pair.git(&["checkout", "-q", "-b", "stable-1"]);
    pair.commit("b.txt", "stable\n");
    pair.publish("stable-1");

    let walk = Walk::new(house, "gitlab-aigw", "issue_assigned", "release");
    for (field, value) in [
        ("component.api.urls.canonical", pair.url("public")),
        ("component.api.urls.security", pair.url("private")),
        ("component.api.clone", pair.folder.join("clone").display().to_string()),
    ] {
        walk.set(field, &value);
    }
    walk.set("component.api.branches", "main, stable-1");
    walk.set("component.api.tags", "v*");
    for fact in
        ["issue_visibility=confidential", "exploitable=yes", "change=fix", "psirt_public=no", "very_low_severity=no"]
    {
        walk.house.done(&["case", "fact", &walk.id, fact]);
    }

    let mut fix = String::new();
    let walk = walk.until_closed(|walk, step| match step {
        "ai.branch.push" => {
            // A branch that follows the public remote would leak with the next push: the gate sees it.
            pair.switch("main", "private");
            pair.git(&["checkout", "-q", "-b", "fix", "--track", "public/main"]);
            fix = pair.commit("a.txt", "one\nfixed\n");
            walk.set("fix.F1.commit", &fix);
            assert_eq!(walk.house.code(&["case", "do", &walk.id, step]), 3);
            assert_eq!(walk.gate("g-never-canonical")["open"], false);
            pair.git(&["branch", "-q", "--set-upstream-to", "private/main", "fix"]);
        }
        "ai.merge.all" => {
            pair.git(&["push", "-q", "private", "fix:main"]);
            pair.switch("stable-1", "private");
            pair.git(&["cherry-pick", &fix]);
            pair.git(&["push", "-q", "private", "stable-1"]);
            // Others touch the same place in public meanwhile.
            pair.switch("stable-1", "public");
            pair.commit("a.txt", "one\nother\n");
            pair.git(&["push", "-q", "public", "stable-1"]);
        }
        "ai.sync.merge" => {
            assert_eq!(walk.gate("g-synced")["open"], false);
            pair.switch("main", "public");
            pair.git(&["merge", "-q", "--no-ff", "-m", "Sync", "private/main"]);
            pair.git(&["push", "-q", "public", "main"]);
            pair.switch("stable-1", "public");
            pair.git(&["merge", "-q", "-s", "ours", "--no-commit", "private/stable-1"]);
            pair.commit("a.txt", "one\nfixed\nother\n");
            pair.git(&["push", "-q", "public", "stable-1"]);
        }
        "ai.tag.backports" => {
            pair.git(&["tag", "v1.0.1", "public/stable-1"]);
            pair.git(&["push", "-q", "public", "v1.0.1"]);
        }
        _ => {}
    });
    walk.rests_on_evidence_alone();
    let by = |step: &str| walk.step(step)["done_by"].clone();
    assert_eq!(by("ai.merge.divergence"), "fixlead", "private is ahead, as planned");
    assert_eq!(walk.show()["facts"]["conflict"], true, "nobody was asked");
    assert!(walk.done.iter().any(|step| step == "ai.sync.conflict"), "{:?}", walk.done);
}

#[test]
fn a_branch_ticks_itself_as_soon_as_the_fix_is_there_and_the_step_with_the_last_one() {
    let house = House::new();
    let pair = Pair::new(&house, "gateway", "a.txt", "one\n");
    pair.git(&["checkout", "-q", "-b", "release/1"]);
    pair.publish("release/1");
    let walk = Walk::new(house, "emissary", "disclosed", "release");
    walk.set("component.api.urls.canonical", &pair.url("public"));
    walk.set("component.api.urls.security", &pair.url("private"));
    walk.set("component.api.clone", &pair.folder.join("clone").display().to_string());
    walk.set("component.api.branches", "main, release/1");
    walk.house.done(&["case", "do", &walk.id, "em.fix.develop", "--override", "it began elsewhere"]);
    pair.git(&["checkout", "-q", "main"]);
    let fix = pair.commit("a.txt", "one\nfixed\n");
    walk.set("fix.F1.commit", &fix);
    let looked = || {
        walk.house.run(&["divergence", "--case", &walk.id]);
        let step = walk.step("em.fix.branches");
        let items = step["items"].as_array().into_iter().flatten();
        let items = items.map(|item| (item["state"].clone(), item["check"]["verdict"].clone(), item["by"].clone()));
        (step["state"].clone(), items.collect::<Vec<_>>())
    };
    let open = || (Value::from("todo"), Value::from("fail"), Value::Null);
    let seen = || (Value::from("done"), Value::from("pass"), Value::from("fixlead"));

    assert_eq!(looked(), (Value::from("todo"), vec![open(), open()]));
    pair.git(&["push", "-q", "private", "main"]);
    assert_eq!(looked(), (Value::from("doing"), vec![seen(), open()]));
    assert_eq!(walk.house.code(&["case", "do", &walk.id, "em.fix.branches", "--item", "release/1"]), 3);

    pair.git(&["checkout", "-q", "release/1"]);
    pair.git(&["cherry-pick", &fix]);
    pair.git(&["push", "-q", "private", "release/1"]);
    assert_eq!(looked(), (Value::from("done"), vec![seen(), seen()]));
    let show = walk.show();
    let told = show["timeline"].to_string();
    assert!(told.contains("on security main is there") && told.contains("em.fix.branches@api:main"), "{told}");
}

#[test]
fn the_executor_process_opens_by_what_is_seen_in_its_repositories() {
    const VERSION: &str = "DUO_WORKFLOW_EXECUTOR_VERSION";
    let house = House::new();
    let executor = Pair::new(&house, "executor", "main.go", "package main\n");
    executor.git(&["tag", "v1.0.0"]);
    executor.git(&["push", "-q", "public", "v1.0.0"]);
    executor.git(&["push", "-q", "private", "v1.0.0"]);
    let gitlab = Pair::new(&house, "gitlab", VERSION, "v1.0.0\n");

    let walk = Walk::new(house, "duo-workflow-executor", "issue_opened", "published");
    for (id, pair) in [("executor", &executor), ("gitlab", &gitlab)] {
        walk.set(&format!("component.{id}.urls.canonical"), &pair.url("public"));
        walk.set(&format!("component.{id}.urls.security"), &pair.url("private"));
        walk.set(&format!("component.{id}.branches"), "main");
    }
    walk.set("component.executor.tags", "v*");
    walk.set("component.gitlab.pin", VERSION);
    walk.house.done(&["case", "fact", &walk.id, "patch_release_open=yes"]);

    let walk = walk.until_closed(|walk, step| match step {
        "de.mr.merge" => {
            let fix = executor.commit("main.go", "package main\n\nfunc main() {}\n");
            executor.git(&["push", "-q", "private", "main"]);
            walk.set("fix.F1.commit", &fix);
            walk.set("fix.F1.component", "executor");
        }
        "de.tag" => {
            assert_eq!(walk.house.code(&["case", "do", &walk.id, step]), 3, "no tag holds the fix yet");
            executor.git(&["tag", "v1.0.1"]);
            executor.git(&["push", "-q", "private", "v1.0.1"]);
        }
        "de.version.merge" => {
            gitlab.commit(VERSION, "v1.0.1\n");
            gitlab.git(&["push", "-q", "private", "main"]);
        }
        "de.publish" => walk.does("de.version.hold"),
        "de.sync" => {
            // Public still names the old version: that is what the gate asks before the sync begins.
            assert_eq!(walk.house.code(&["case", "do", &walk.id, step]), 3, "it is not synced");
            walk.house.done(&["case", "start", &walk.id, step]);
            executor.git(&["push", "-q", "public", "main", "v1.0.1"]);
            gitlab.git(&["push", "-q", "public", "main"]);
        }
        _ => {}
    });
    walk.rests_on_evidence_alone();
    assert_eq!(walk.step("de.sync")["state"], "done");
}
