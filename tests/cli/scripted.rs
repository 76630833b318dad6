//! The verb against the scripts that the design of divergence comes with: what they build, and what is true of it, owe
//! nothing to this project. They are looked for beside the repository, or where `FIXLEAD_FIXTURES` says.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::house::House;

const REMOTES: [&str; 3] = ["canonical", "security", "dev"];

fn scripts() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
    let folder = std::env::var_os("FIXLEAD_FIXTURES").map_or_else(beside, PathBuf::from);
    assert!(folder.is_dir(), "the scripts are not in {}", folder.display());
    folder
}

fn run(house: &House, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(house.path("")).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {told}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A component as the scripts build it.
struct Scripted {
    house: House,
    truth: Value,
}

impl Scripted {
    fn build(branches: usize, seed: u64) -> Self {
        let (house, scripts) = (House::new(), scripts());
        let script = |name: &str| scripts.join(name).display().to_string();
        run(&house, "python3", &[&script("make_bighistory.py"), "base.git", "3000"]);
        let (count, seed) = (branches.to_string(), seed.to_string());
        let mut arguments = vec![script("make_fixture.py"), "base.git".into(), "out".into()];
        arguments.extend(["-n", &count, "--seed", &seed].map(str::to_owned));
        // Plain git verifies the situations branch by branch; a thousand repeat those of forty.
        arguments.extend((branches > 40).then(|| "--no-verify".to_owned()));
        run(&house, "python3", &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let truth: Value = serde_json::from_slice(&std::fs::read(house.path("out/truth.json")).unwrap()).unwrap();
        assert_eq!(truth["mismatch"], Value::Array(Vec::new()));
        // The clone has not seen yet what was forced elsewhere.
        for (name, note) in truth["notes"].as_object().unwrap() {
            run(&house, "git", &["-C", "out/local", "update-ref", name, note["was"].as_str().unwrap()]);
        }
        Self { house, truth }
    }

    /// What the verb says of it; it ends with this code.
    fn told(&self, code: i32) -> Value {
        let mut arguments = vec!["divergence", "--json", "--clone", "out/local", "--branches", "main,release-*"];
        arguments.extend(["--tags", "v*", "--pin", "VERSION.pin"]);
        let remotes = REMOTES.map(|remote| (format!("--{remote}"), format!("out/{remote}.git")));
        arguments.extend(remotes.iter().flat_map(|(option, path)| [option.as_str(), path]));
        for fix in self.truth["fixes"].as_object().unwrap().values() {
            let option = if fix["embargoed"] == true { "--embargoed" } else { "--fix" };
            arguments.extend([option, fix["primary"].as_str().unwrap()]);
        }
        let told = self.house.run(&arguments).exits(code).json()["components"][0].take();
        assert_eq!(told["errors"], Value::Array(Vec::new()));
        told
    }

    /// Each release branch with what is true of it, and main, which is the same everywhere.
    fn branches(&self) -> BTreeMap<String, Value> {
        let releases = self.truth["branches"].as_object().unwrap().clone();
        let main = serde_json::json!({ "kind": "main", "ahead": 0, "behind": 0, "relation": "equal",
            "conflicts": [], "fixes": {}, "equal_patches": 0 });
        releases.into_iter().chain([("main".to_owned(), main)]).collect()
    }

    fn is_missing(truth: &Value, remote: &str) -> bool {
        truth["tips"].get(remote).is_some_and(Value::is_null)
    }

    fn assert_pairs(&self, told: &Value) {
        let pairs = told["pairs"].as_array().unwrap();
        let found: BTreeMap<&str, &Value> = pairs.iter().map(|pair| (pair["branch"].as_str().unwrap(), pair)).collect();
        let branches = self.branches();
        assert_eq!(found.len(), pairs.len(), "none is told twice");
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), branches.keys().collect::<Vec<_>>());
        for (name, truth) in &branches {
            self.assert_pair(found[name.as_str()], truth, &format!("{name}: {}", truth["kind"]));
        }
    }

    fn assert_pair(&self, pair: &Value, truth: &Value, told: &str) {
        let conflicts: BTreeSet<&str> = words(&truth["conflicts"]).into_iter().collect();
        let relation = truth["relation"].as_str().unwrap();
        let state = match (relation, conflicts.is_empty()) {
            ("diverged", true) => "diverged_clean",
            ("diverged", false) => "diverged_conflict",
            (relation, _) => relation,
        };
        assert_eq!((pair["a"].as_str(), pair["b"].as_str()), (Some("security"), Some("canonical")), "{told}");
        assert_eq!(pair["state"], state, "{told}");
        let paths = pair["conflicts"].as_array().unwrap().iter().filter_map(|one| one["path"].as_str());
        assert_eq!(paths.collect::<BTreeSet<_>>(), conflicts, "{told}");
        let behind =
            if truth["behind"] == "ALL" { self.all_of(&truth["tips"]["canonical"]) } else { truth["behind"].clone() };
        assert_eq!((&pair["ahead"], &pair["behind"]), (&truth["ahead"], &behind), "{told}");
        if relation == "diverged" {
            assert_eq!(pair["equal_patches"], truth["equal_patches"], "{told}");
        }
        for side in ["security", "canonical"] {
            let tip = truth["tips"].get(side).unwrap_or(&pair["tips"][side]);
            assert_eq!(&pair["tips"][side], tip, "{told}");
        }
        let counts = [&truth["ahead"], &truth["behind"], &truth["equal_patches"]];
        let flags = [
            ("same_tree", truth["same_tree"] == true || relation == "equal"),
            ("multiple_bases", truth["merge_bases"].as_u64().is_some_and(|bases| bases > 1)),
            ("rewritten", truth.get("canonical_was").is_some()),
            ("equivalent", *counts[0] != 0 && counts.iter().all(|count| *count == counts[0])),
        ];
        let expected: BTreeSet<&str> = flags.iter().filter(|(_, holds)| *holds).map(|(word, _)| *word).collect();
        let found = words(&pair["flags"]).into_iter().filter(|flag| *flag != "planned");
        assert_eq!(found.collect::<BTreeSet<_>>(), expected, "{told}");
    }

    fn all_of(&self, tip: &Value) -> Value {
        let count = run(&self.house, "git", &["-C", "out/local", "rev-list", "--count", tip.as_str().unwrap()]);
        count.parse::<u64>().unwrap().into()
    }

    /// Every fix on every branch of every remote that has the branch.
    fn assert_fixes(&self, told: &Value) {
        let rows = told["fixes"].as_array().unwrap();
        let branches = self.branches();
        assert_eq!(rows.len(), self.truth["fixes"].as_object().unwrap().len());
        for (fix, truth) in self.truth["fixes"].as_object().unwrap() {
            let row = rows.iter().find(|row| row["id"] == truth["primary"]).unwrap();
            assert_eq!(row["embargoed"], truth["embargoed"], "{fix}");
            assert_eq!(row["subject"], truth["subject"], "{fix}");
            for (name, branch) in &branches {
                for remote in REMOTES {
                    let state = match branch["fixes"][fix][remote].as_str() {
                        _ if Self::is_missing(branch, remote) => None,
                        None => Some("absent"),
                        Some("patch" | "patch_ws") => Some("by_patch"),
                        Some("adapted") => Some("by_trailer"),
                        Some("squashed") => Some("by_content"),
                        Some(word) => Some(word),
                    };
                    let found = row["branches"][name][remote].as_str();
                    assert_eq!(found, state, "{fix} on {name} of {remote}, {}", branch["kind"]);
                }
            }
        }
    }

    /// None is missed, and none is told that is not there.
    fn assert_leaks(&self, told: &Value) {
        let fix = |leak: &Value| self.truth["fixes"][leak["fix"].as_str().unwrap()]["primary"].clone();
        let truth = self.truth["leaks"].as_array().unwrap().iter().map(|leak| {
            let how = leak["how"].as_str().unwrap().replace("blob", "content");
            [fix(leak).as_str().unwrap().to_owned(), leak["ref"].as_str().unwrap().to_owned(), how]
        });
        let found = told["leaks"].as_array().unwrap().iter().map(|leak| {
            assert_eq!(leak["remote"], "canonical");
            ["fix", "ref", "how"].map(|key| leak[key].as_str().unwrap().to_owned())
        });
        assert_eq!(found.collect::<BTreeSet<_>>(), truth.collect::<BTreeSet<_>>());
        let state = if self.truth["leaks"] == Value::Array(Vec::new()) { "clear" } else { "found" };
        assert_eq!(told["leaks_state"], state);
    }

    fn assert_tags(&self, told: &Value) {
        let truth = self.truth["tags"].as_object().unwrap().iter().map(|(name, sides)| {
            let state = match (sides["security"].as_str().unwrap(), sides["canonical"].as_str().unwrap()) {
                ("present", "missing") => "missing_on_canonical",
                ("same_commit_other_object", _) => "same_commit",
                (both, _) => both,
            };
            (name.as_str(), state)
        });
        let found = told["tags"].as_array().unwrap().iter();
        let found = found.map(|tag| (tag["name"].as_str().unwrap(), tag["state"].as_str().unwrap()));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), truth.collect());
    }

    fn assert_pins(&self, told: &Value) {
        let rows = told["pins"].as_array().unwrap();
        for (name, truth) in self.truth["pins"].as_object().unwrap() {
            let row = rows.iter().find(|row| row["branch"] == name.as_str()).unwrap();
            for (remote, pin) in truth.as_object().unwrap() {
                assert_eq!(row["remotes"][remote].as_str().map(str::trim), pin.as_str(), "{name} of {remote}");
            }
        }
    }

    /// All that is true of it is told, and nothing else.
    fn assert_all(&self, code: i32) {
        let told = self.told(code);
        self.assert_pairs(&told);
        self.assert_fixes(&told);
        self.assert_leaks(&told);
        self.assert_tags(&told);
        self.assert_pins(&told);
    }
}

#[test]
#[ignore = "needs the scripts of the fixtures and python3: --include-ignored"]
fn all_that_is_true_of_a_few_branches_is_told() {
    Scripted::build(3, 7).assert_all(10);
}

#[test]
#[ignore = "needs the scripts of the fixtures and python3: --include-ignored"]
fn all_that_is_true_of_every_situation_is_told_whatever_branch_it_is_on() {
    for seed in [7, 11] {
        Scripted::build(40, seed).assert_all(11);
    }
}

#[test]
#[ignore = "needs the scripts of the fixtures and python3: --include-ignored"]
fn all_that_is_true_of_a_thousand_branches_is_told() {
    Scripted::build(1_000, 7).assert_all(11);
}

/// One small repository of each kind, and a copy of each, of which the private and the public side of a component are made.
struct Kinds(House);

/// What is said of another repository than those of the component.
const APART: &str = "the clone shares no commit with the repositories of this component: it is another one";

impl Kinds {
    fn build() -> Self {
        let house = House::new();
        let script = scripts().join("make_repos.sh").display().to_string();
        run(&house, "bash", &[&script, &house.path("kinds").display().to_string()]);
        run(&house, "cp", &["-a", "kinds", "copies"]);
        Self(house)
    }

    fn all(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.0.path("kinds")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let all: BTreeSet<String> = names.filter(|name| name != "_src").collect();
        assert!(all.len() > 30, "{all:?}");
        all
    }

    /// What has to be said of one of this kind; none if there is nothing the matter with it.
    fn words(&self, kind: &str) -> Option<&'static str> {
        let path = self.0.path("kinds").join(kind);
        let git = || Command::new("git").arg("rev-parse").current_dir(&path).output().unwrap().status.success();
        let is_anothers = || path.metadata().unwrap().uid() != self.0.path("kinds").metadata().unwrap().uid();
        let is_closed = || std::fs::read_dir(path.join(".git/objects")).is_err();
        match kind {
            "broken_head" => Some("its HEAD is damaged: write «ref: refs/heads/NAME» into"),
            "dotgit_missing" | "not_a_repo" => Some("it is no git repository: give the folder that holds .git"),
            "ext_unknown" => {
                Some("it needs the extension «fromthefuture», which this git does not know: install a newer")
            }
            "ext_relworktrees" if !git() => Some("it needs the extension «relativeworktrees», which this git does not"),
            "version2" => {
                Some("it needs version 2 of the format of repositories, which this git does not know: install")
            }
            "missing_parent" => Some("objects are missing from it, or damaged: `git fsck` there says which"),
            "no_objects" => Some("its folder of objects is missing: clone it anew"),
            "no_perm" if is_closed() => Some("may not be read by you"),
            "other_owner" | "other_owner_bare" if is_anothers() => {
                Some("it belongs to another person: if you trust it, `git config --global --add safe.directory")
            }
            _ => None,
        }
    }

    /// A commit of it that both sides have; where git finds none, one of another.
    fn commit(&self, kind: &str) -> String {
        let asked = ["-c", "safe.directory=*", "--no-replace-objects", "rev-parse", "--verify", "-q", "main"];
        let told = Command::new("git").args(asked).current_dir(self.0.path("kinds").join(kind)).output().unwrap();
        let commit = String::from_utf8(told.stdout).unwrap().trim().to_owned();
        if commit.is_empty() { self.commit("plain") } else { commit }
    }

    fn told(&self, arguments: &[&str], code: i32) -> Value {
        let ran = self.0.run(&[&["divergence", "--json"], arguments].concat());
        let told = ran.json()["components"][0].take();
        assert_eq!(ran.code, code, "{arguments:?}: {told:#}");
        told
    }
}

fn assert_says(told: &Value, words: &str) {
    assert!(told.to_string().contains(words), "«{words}» is not in {told:#}");
}

/// Everything could be looked at, and all branches are equal.
fn assert_equal(told: &Value, kind: &str) {
    assert_eq!(told["errors"], Value::Array(Vec::new()), "{kind}");
    let pairs = told["pairs"].as_array().unwrap();
    assert!(!pairs.is_empty() && pairs.iter().all(|pair| pair["state"] == "equal"), "{kind}: {told:#}");
}

#[test]
#[ignore = "needs the scripts of the fixtures: --include-ignored"]
fn a_remote_of_each_kind_is_compared_or_says_what_it_is_and_what_to_do_and_hides_no_leak() {
    let kinds = Kinds::build();
    for kind in kinds.all() {
        let words = match kind.as_str() {
            "shallow" => Some("it is shallow: its history is cut off; `git fetch --unshallow` there brings the rest"),
            "partial_treeless" => Some("it is a partial clone and lacks what it never fetched: `git fetch --refetch"),
            kind => kinds.words(kind),
        };
        let (public, commit) = (format!("kinds/{kind}"), kinds.commit(&kind));
        // Their copies are the very same repository.
        let private = if ["worktree", "submodule_file"].contains(&kind.as_str()) { "sparse" } else { &kind };
        let remotes = ["--canonical", &public, "--security", &format!("copies/{private}")];
        let asked = [&remotes[..], &["--embargoed", &commit]].concat();
        if let Some(words) = words {
            for told in [kinds.told(&remotes, 12), kinds.told(&asked, 12)] {
                assert_says(&told, words);
                assert_ne!(told["leaks_state"], "clear", "{kind}");
            }
        } else {
            assert_equal(&kinds.told(&remotes, 0), &kind);
            assert_eq!(kinds.told(&asked, 11)["leaks_state"], "found", "{kind}");
        }
    }
}

#[test]
#[ignore = "needs the scripts of the fixtures: --include-ignored"]
fn a_clone_of_each_kind_is_looked_at_or_says_what_it_is_and_what_to_do_and_hides_no_leak() {
    let kinds = Kinds::build();
    let commit = kinds.commit("bare");
    for kind in kinds.all() {
        let words = if ["reftable", "sha256"].contains(&kind.as_str()) { Some(APART) } else { kinds.words(&kind) };
        let clone = format!("kinds/{kind}");
        // What a look before has brought would hide what this clone lacks.
        let _ = std::fs::remove_dir_all(kinds.0.path("data"));
        let asked = ["--canonical", "copies/bare", "--security", "copies/midx", "--clone", &clone];
        if let Some(words) = words {
            assert_says(&kinds.told(&asked, 12), words);
        } else {
            assert_equal(&kinds.told(&asked, 0), &kind);
        }
        let told = kinds.told(&[&asked[..], &["--embargoed", &commit]].concat(), 11);
        assert_eq!(told["leaks"].as_array().unwrap()[0]["fix"], commit, "{kind}");
    }
}
