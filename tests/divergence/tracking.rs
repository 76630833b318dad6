//! Where a person's clone would push what is private, held against what `git push` itself says that it would do.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};

use fixlead::divergence::{TrackRow, Tracking};
use fixlead::git::tracking::{self, Clone, Places};
use fixlead::git::{Cancel, GitError, Repository, Setting, Trouble, Url};

use crate::repos::{Repos, git};

/// A person's clone `plain` on the branch `fix`, with the bare repositories `security` and `canonical` as remotes.
fn clone() -> Repos {
    let repos = Repos::new();
    repos.fill("plain", &[]);
    for name in ["security", "canonical"] {
        repos.git(".", &["clone", "-q", "--bare", "plain", name]);
        repos.git("plain", &["remote", "add", name, &repos.path(name).to_string_lossy()]);
    }
    repos.git("plain", &["switch", "-q", "-c", "fix"]);
    repos.commit("plain", "fix");
    repos
}

fn looked(repos: &Repos, private: &[&str], is_private: impl Fn(fixlead::divergence::Oid) -> bool) -> Tracking {
    let (git, cancel) = (git(), Cancel::default());
    let repository = Repository::open(&git, &repos.path("plain"), &cancel).unwrap();
    let url = |url: &str| Url::new(url, &repos.path(".")).unwrap();
    let places = Places { private: private.iter().map(|name| url(name)).collect(), public: vec![url("canonical")] };
    let clone = Clone { git: &git, folder: &repository.folder, settings: &repository.settings, cancel: &cancel };
    let branches = tracking::branches(&clone).unwrap();
    let holders = branches.iter().filter(|(_, tip)| is_private(*tip)).map(|(name, _)| name.as_str());
    tracking::read(&clone, &places, &holders.collect::<Vec<_>>())
}

/// The rows of the branch `fix`, where `security` is private.
fn rows(repos: &Repos) -> Vec<TrackRow> {
    let fix = repos.git("plain", &["rev-parse", "fix"]);
    match looked(repos, &["security"], |tip| tip.to_string() == fix) {
        Tracking::Looked(rows) => {
            assert!(rows.iter().all(|row| row.branch == "fix"), "{rows:?}");
            rows
        }
        other => panic!("{other:?}"),
    }
}

/// The places in the rows: their last part, with a mark where it is not safe.
fn told(repos: &Repos) -> Vec<String> {
    let last = |url: &str| url.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
    rows(repos).iter().map(|row| last(&row.url) + if row.why_not.is_some() { "!" } else { "" }).collect()
}

/// The URLs to which plain git would push the branch that is checked out.
fn pushed(repos: &Repos) -> BTreeSet<String> {
    let usual = ["-c", "push.autoSetupRemote=true", "push", "--dry-run", "--porcelain"];
    let (output, _, _) = repos.try_git("plain", &usual);
    output.lines().filter_map(|line| line.strip_prefix("To ")).map(str::to_owned).collect()
}

/// Settings of the clone, and the places that are told then.
type Case = (&'static [(&'static str, &'static str)], &'static [&'static str]);

#[test]
fn wherever_git_would_push_a_branch_is_told() {
    let settings: &[Case] = &[
        (&[], &[]),
        (&[("branch.fix.remote", "security"), ("branch.fix.merge", "refs/heads/fix")], &["security"]),
        (&[("branch.fix.remote", "canonical"), ("branch.fix.merge", "refs/heads/fix")], &["canonical!"]),
        (
            &[
                ("branch.fix.remote", "canonical"),
                ("branch.fix.merge", "refs/heads/main"),
                ("push.default", "upstream"),
            ],
            &["canonical!"],
        ),
        (&[("branch.fix.remote", "."), ("branch.fix.merge", "refs/heads/main")], &[]),
        (&[("branch.fix.remote", "canonical"), ("branch.fix.pushRemote", "security")], &["canonical!", "security"]),
        (&[("branch.fix.pushRemote", "security"), ("remote.pushDefault", "canonical")], &["security"]),
        (&[("remote.pushDefault", "canonical")], &["canonical!"]),
        (&[("branch.fix.pushRemote", "canonical"), ("branch.fix.pushRemote", "security")], &["security"]),
        (&[("push.default", "nothing"), ("remote.pushDefault", "canonical")], &[]),
        (&[("push.default", "nothing"), ("branch.fix.remote", "canonical")], &["canonical!"]),
        (
            &[("push.default", "nothing"), ("remote.pushDefault", "canonical"), ("remote.canonical.push", "HEAD")],
            &["canonical!"],
        ),
        (&[("branch.fix.remote", "security"), ("push.default", "matching")], &["canonical!", "security"]),
        (
            &[("branch.fix.remote", "security"), ("remote.canonical.push", "refs/heads/*:refs/heads/*")],
            &["canonical!", "security"],
        ),
        (&[("branch.fix.remote", "security"), ("remote.canonical.push", "refs/heads/main")], &["security"]),
        (&[("branch.fix.remote", "security"), ("remote.canonical.mirror", "true")], &["canonical!", "security"]),
        (&[("branch.fix.remote", "security"), ("remote.canonical.mirror", "false")], &["security"]),
        (&[("branch.fix.remote", "security"), ("remote.security.pushurl", "CANONICAL")], &["canonical!"]),
        (&[("branch.fix.remote", "canonical"), ("remote.canonical.pushurl", "SECURITY")], &["security"]),
        (
            &[
                ("branch.fix.remote", "security"),
                ("remote.security.pushurl", "SECURITY"),
                ("remote.security.pushurl", "CANONICAL"),
            ],
            &["canonical!", "security"],
        ),
        (&[("branch.fix.remote", "security"), ("remote.security.url", "CANONICAL")], &["canonical!", "security"]),
        (&[("branch.fix.remote", "security"), ("url.CANONICAL.insteadOf", "SECURITY")], &["canonical!"]),
        (&[("branch.fix.remote", "security"), ("url.CANONICAL.pushInsteadOf", "SECURITY")], &["canonical!"]),
        (&[("branch.fix.remote", "canonical"), ("url.SECURITY.pushInsteadOf", "CANONICAL")], &["security"]),
        (
            &[
                ("branch.fix.remote", "canonical"),
                ("remote.canonical.pushurl", "CANONICAL"),
                ("url.SECURITY.pushInsteadOf", "CANONICAL"),
            ],
            &["canonical!"],
        ),
        (&[("branch.fix.remote", "CANONICAL")], &["canonical!"]),
        (&[("branch.fix.remote", "file://SECURITY/")], &[""]),
    ];
    let repos = clone();
    let place = |name: &str| repos.path(name).to_string_lossy().into_owned();
    let filled = |text: &str| text.replace("CANONICAL", &place("canonical")).replace("SECURITY", &place("security"));
    let plain = fs::read(repos.path("plain/.git/config")).unwrap();
    let mut count = 0;
    for (settings, expected) in settings {
        fs::write(repos.path("plain/.git/config"), &plain).unwrap();
        for (key, value) in *settings {
            repos.git("plain", &["config", "--add", &filled(key), &filled(value)]);
        }
        assert_eq!(told(&repos), *expected, "{settings:?}");
        let urls: BTreeSet<String> = rows(&repos).into_iter().map(|row| row.url).collect();
        let pushed = pushed(&repos);
        count += pushed.len();
        let missing: Vec<String> = pushed.difference(&urls).cloned().collect();
        assert!(missing.is_empty(), "{settings:?}: git would push to {missing:?}");
    }
    assert!(count > 15, "git would have pushed {count} times");
}

#[test]
fn without_an_upstream_the_usual_remote_counts() {
    let repos = clone();
    repos.git("plain", &["remote", "rename", "canonical", "origin"]);
    assert_eq!(told(&repos), ["canonical!"]);
    repos.git("plain", &["remote", "remove", "origin"]);
    assert_eq!(told(&repos), ["security"], "there is no other");
    repos.git("plain", &["remote", "remove", "security"]);
    assert_eq!(told(&repos), [""; 0]);
}

#[test]
fn only_branches_that_hold_something_private_are_told_and_those_of_which_that_is_not_known() {
    let repos = clone();
    repos.git("plain", &["config", "remote.pushDefault", "canonical"]);
    repos.git("plain", &["branch", "odd\u{202e}name", "main"]);
    let branches = |tracking: Tracking| match tracking {
        Tracking::Looked(rows) => rows.into_iter().map(|row| row.branch).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(branches(looked(&repos, &["security"], |_| false)), [""; 0]);
    assert_eq!(branches(looked(&repos, &["security"], |_| true)), ["fix", "main", "odd\u{202e}name", "other"]);
    assert!(rows(&repos)[0].why_not.is_some());
    repos.git("plain", &["config", "remote.pushDefault", "https://me:s3cret@example.org/x"]);
    assert_eq!(rows(&repos)[0].url, "https://example.org/x", "a password is not shown");
}

#[test]
fn a_private_place_that_the_persons_own_settings_make_the_public_one_is_not_safe() {
    let repos = Repos::new();
    let settings = "[url \"https://example.org/Public.git\"]\n\tinsteadOf = https://example.org/private\n";
    fs::write(repos.path("settings"), settings).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tracking::follows_a_setting_to_the_public_place", "--ignored"]);
    let output = command.env("GIT_CONFIG_GLOBAL", repos.path("settings")).stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

/// Run by the test above, in an environment of its own.
#[test]
#[ignore = "it is run by another test"]
fn follows_a_setting_to_the_public_place() {
    let repos = clone();
    let [private, public] = ["private", "public"].map(|name| format!("https://example.org/{name}"));
    repos.git("plain", &["remote", "set-url", "security", &private]);
    repos.git("plain", &["config", "remote.pushDefault", "security"]);
    let (git, cancel) = (git(), Cancel::default());
    let repository = Repository::open(&git, &repos.path("plain"), &cancel).unwrap();
    let url = |text: &str| Url::new(text, &repos.path(".")).unwrap();
    let places = Places { private: vec![url(&private)], public: vec![url(&public)] };
    let clone = Clone { git: &git, folder: &repository.folder, settings: &repository.settings, cancel: &cancel };
    let Tracking::Looked(rows) = tracking::read(&clone, &places, &["fix"]) else { panic!() };
    assert!(!rows.is_empty() && rows.iter().all(|row| row.url.ends_with("/Public.git")), "{rows:?}");
    assert!(rows.iter().all(|row| row.why_not.is_some()), "{rows:?}");
}

#[test]
fn what_the_settings_do_not_say_for_all_branches_and_worktrees_is_looked_for() {
    let repos = clone();
    repos.git("plain", &["config", "branch.fix.remote", "security"]);
    assert_eq!(told(&repos), ["security"]);
    repos.git("plain", &["worktree", "add", "-q", "../beside", "other"]);
    repos.git("plain", &["config", "extensions.worktreeConfig", "true"]);
    repos.git("beside", &["config", "--worktree", "branch.fix.pushRemote", "canonical"]);
    assert_eq!(told(&repos), ["canonical!", "security"]);
    fs::write(repos.path("plain/.git/other"), "[remote]\n\tpushDefault = canonical\n").unwrap();
    repos.git("plain", &["config", "includeIf.onbranch:other.path", "other"]);
    let unknown = looked(&repos, &["security"], |_| true);
    assert!(matches!(&unknown, Tracking::Unknown(why) if why.contains("onbranch")), "{unknown:?}");
    repos.git("plain", &["config", "--unset", "includeIf.onbranch:other.path"]);
    fs::create_dir_all(repos.path("plain/.git/remotes")).unwrap();
    fs::write(repos.path("plain/.git/remotes/old"), "URL: ../canonical\n").unwrap();
    let unknown = looked(&repos, &["security"], |_| true);
    assert!(matches!(&unknown, Tracking::Unknown(why) if why.contains("old kind")), "{unknown:?}");
}

#[test]
fn settings_that_can_not_be_read_are_an_error_and_no_empty_list() {
    let repos = clone();
    let (git, cancel) = (git(), Cancel::default());
    let folder = Repository::open(&git, &repos.path("plain"), &cancel).unwrap().folder;
    let all = || Setting::all(&git, &folder, &cancel);
    assert!(all().unwrap().iter().any(|setting| setting.key == "remote.canonical.url"));
    fs::write(repos.path("plain/.git/config"), "[core\n").unwrap();
    assert!(matches!(all(), Err(GitError::Failed { .. })));
    fs::remove_dir_all(repos.path("plain")).unwrap();
    assert!(matches!(all(), Err(GitError::Repository { trouble: Trouble::NotRepository, .. })));
    cancel.cancel();
    assert_eq!(all(), Err(GitError::Cancelled));
}

#[test]
fn settings_of_a_worktree_that_can_not_be_read_are_unknown_and_never_safe() {
    let repos = clone();
    repos.git("plain", &["worktree", "add", "-q", "--detach", "../beside"]);
    fs::write(repos.path("plain/.git/worktrees/beside/config.worktree"), "[core\n").unwrap();
    repos.git("plain", &["config", "extensions.worktreeConfig", "true"]);
    let tracking = looked(&repos, &["security"], |_| true);
    assert!(matches!(tracking, Tracking::Unknown(_)), "{tracking:?}");
}

#[test]
fn looking_at_a_hostile_clone_runs_nothing_and_writes_nothing() {
    let repos = clone();
    let canary = repos.path("canary");
    repos.hostile("plain", &canary);
    let before = repos.bytes("plain");
    let tracking = looked(&repos, &["security"], |_| true);
    assert!(!canary.exists(), "{}", fs::read_to_string(&canary).unwrap_or_default());
    assert!(repos.bytes("plain") == before, "the person's repository is never written to");
    let Tracking::Looked(rows) = tracking else { panic!("{tracking:?}") };
    let rows: Vec<_> = rows.iter().filter(|row| row.branch == "fix").collect();
    assert!(rows.len() == 1 && rows[0].url == "ext::sh -c x" && rows[0].why_not.is_some(), "{rows:?}");
}
