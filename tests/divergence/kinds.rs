//! Each kind of repository opens, or the error says what it is and what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use fixlead::git::{Cancel, Format, GitError, Repository};

use super::repos::{Repos, git};

fn open(repos: &Repos, name: &str) -> Result<Repository, GitError> {
    Repository::open(&git(), &repos.path(name), &Cancel::default())
}

/// What is told of one that can't be opened.
fn refused(repos: &Repos, name: &str) -> String {
    let told = open(repos, name).expect_err(name).to_string();
    let path = repos.path(name).to_string_lossy().into_owned();
    told.strip_prefix(&format!("{path}: ")).unwrap_or_else(|| panic!("{name}: {told}")).to_owned()
}

#[test]
fn every_way_to_lay_out_a_repository_opens() {
    let repos = Repos::filled();
    repos.git("plain", &["worktree", "add", "-q", "../worktree", "other"]);
    repos.git("plain", &["config", "uploadpack.allowFilter", "true"]);
    let plain = format!("file://{}", repos.path("plain").display());
    repos.git(".", &["clone", "-q", "--reference", "plain", &plain, "alternates"]);
    repos.git(".", &["clone", "-q", "--bare", "plain", "graph_chain"]);
    repos.git("graph_chain", &["commit-graph", "write", "--reachable", "--split"]);
    repos.git(".", &["clone", "-q", "--bare", "plain", "midx"]);
    repos.git("midx", &["repack", "-qad"]);
    repos.git("midx", &["multi-pack-index", "write"]);
    repos.git(".", &["clone", "-q", "plain", "unborn"]);
    repos.git("unborn", &["symbolic-ref", "HEAD", "refs/heads/none"]);
    repos.git(".", &["init", "-q", "empty"]);
    fs::create_dir(repos.path("gitfile")).unwrap();
    fs::write(repos.path("gitfile/.git"), format!("gitdir: {}\n", repos.path("bare").display())).unwrap();
    for name in ["plain", "bare", "worktree", "alternates", "graph_chain", "midx", "unborn", "empty", "gitfile"] {
        let repository = open(&repos, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(repository.is_whole() && repository.format == Format::Sha1, "{name}: {repository:?}");
        assert!(repository.objects().is_dir(), "{name}: {repository:?}");
    }
    let common = fs::canonicalize(repos.path("plain/.git")).unwrap();
    assert_eq!(open(&repos, "worktree").unwrap().folder, common);
}

#[test]
fn other_formats_open_where_git_knows_them() {
    let repos = Repos::new();
    repos.fill("sha256", &["--object-format=sha256"]);
    assert_eq!(open(&repos, "sha256").unwrap().format, Format::Sha256);
    if git().version() < (fixlead::git::Version { major: 2, minor: 45, patch: 0 }) {
        eprintln!("skipped: this git has no reftable");
        return;
    }
    repos.fill("reftable", &["--ref-format=reftable"]);
    assert!(open(&repos, "reftable").unwrap().is_whole());
}

#[test]
fn what_is_not_all_there_opens_and_says_so() {
    let repos = Repos::filled();
    repos.git("plain", &["config", "uploadpack.allowFilter", "true"]);
    let plain = format!("file://{}", repos.path("plain").display());
    repos.git(".", &["clone", "-q", "--depth=2", &plain, "shallow"]);
    repos.git(".", &["clone", "-q", "--filter=blob:none", &plain, "blobless"]);
    repos.git(".", &["clone", "-q", "--filter=tree:0", "--no-checkout", &plain, "treeless"]);
    assert!(open(&repos, "shallow").unwrap().is_shallow);
    for name in ["blobless", "treeless"] {
        assert!(open(&repos, name).unwrap().is_partial, "{name}");
    }
}

#[test]
fn what_is_newer_than_git_is_named() {
    let repos = Repos::filled();
    for name in ["extension", "version2"] {
        repos.git(".", &["clone", "-q", "--bare", "plain", name]);
    }
    repos.git("extension", &["config", "core.repositoryFormatVersion", "1"]);
    repos.git("extension", &["config", "extensions.fromTheFuture", "true"]);
    repos.git("version2", &["config", "core.repositoryFormatVersion", "2"]);
    let rest = "which this git does not know: install a newer git, or clone it anew";
    assert_eq!(refused(&repos, "extension"), format!("it needs the extension «fromthefuture», {rest}"));
    assert_eq!(refused(&repos, "version2"), format!("it needs version 2 of the format of repositories, {rest}"));
}

#[test]
fn what_is_damaged_says_which_part_and_what_to_do() {
    let repos = Repos::filled();
    for name in ["head", "no_head", "objects", "refs", "settings", "dotgit"] {
        repos.git(".", &["clone", "-q", "plain", name]);
    }
    fs::write(repos.path("head/.git/HEAD"), "garbage\n").unwrap();
    fs::remove_file(repos.path("no_head/.git/HEAD")).unwrap();
    fs::remove_dir_all(repos.path("objects/.git/objects")).unwrap();
    fs::remove_dir_all(repos.path("refs/.git/refs")).unwrap();
    fs::write(repos.path("settings/.git/config"), "[core\n").unwrap();
    fs::remove_dir_all(repos.path("dotgit/.git")).unwrap();
    for name in ["head", "no_head"] {
        let told = refused(&repos, name);
        assert!(told.starts_with("its HEAD is damaged: write «ref: refs/heads/NAME» into "), "{told}");
    }
    assert_eq!(refused(&repos, "objects"), "its folder of objects is missing: clone it anew");
    assert_eq!(refused(&repos, "refs"), "its folder of refs is missing: clone it anew");
    assert!(refused(&repos, "settings").starts_with("its settings can't be read: fatal: bad config line 1"));
    let not = "it is no git repository: give the folder that holds .git, or a bare repository";
    assert_eq!(refused(&repos, "dotgit"), not);
}

#[test]
fn what_is_no_repository_is_not_taken_for_the_one_above_it() {
    let repos = Repos::filled();
    fs::create_dir(repos.path("plain/below")).unwrap();
    fs::create_dir(repos.path("lost")).unwrap();
    fs::write(repos.path("lost/.git"), "gitdir: /nowhere/x.git\n").unwrap();
    let not = "it is no git repository: give the folder that holds .git, or a bare repository";
    assert_eq!(refused(&repos, "plain/below"), not);
    assert_eq!(refused(&repos, "plain/c1"), "it is no folder: give the folder of a repository");
    assert_eq!(refused(&repos, "gone"), "there is no such folder: look at the path, and whether its disk is there");
    assert!(refused(&repos, "lost").starts_with("its .git leads to /nowhere/x.git, which is not there"));
}

#[test]
fn one_that_may_not_be_read_or_belongs_to_another_person_says_so() {
    let repos = Repos::filled();
    if !can_give_away(&repos) {
        fs::set_permissions(repos.path("bare/objects"), fs::Permissions::from_mode(0o0)).unwrap();
        let told = refused(&repos, "bare");
        fs::set_permissions(repos.path("bare/objects"), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(told.contains("/bare/objects may not be read by you: ask who it belongs to"), "{told}");
        eprintln!("skipped: only root can give a repository away");
        return;
    }
    eprintln!("skipped: root may read everything");
    let trusted = git().run(["config", "--get-all", "safe.directory"]).or_code(1).output().unwrap();
    if String::from_utf8_lossy(&trusted).lines().any(|line| line == "*") {
        eprintln!("skipped: this machine trusts every repository");
        return;
    }
    for name in ["plain", "plain/.git", "bare"] {
        std::os::unix::fs::chown(repos.path(name), Some(12345), Some(12345)).unwrap();
    }
    for name in ["plain", "bare"] {
        let told = refused(&repos, name);
        let expected = "it belongs to another person: if you trust it, `git config --global --add safe.directory '";
        assert!(told.starts_with(expected), "{told}");
    }
}

/// Can this process give files away?
fn can_give_away(repos: &Repos) -> bool {
    let probe = repos.path("probe");
    fs::write(&probe, "").is_ok() && std::os::unix::fs::chown(&probe, Some(12345), None).is_ok()
}

#[test]
fn opening_runs_nothing_and_changes_nothing() {
    let repos = Repos::filled();
    let canary = repos.path("canary");
    repos.hostile("plain", &canary);
    let before = repos.bytes("plain");
    let repository = open(&repos, "plain").unwrap();
    assert!(!canary.exists(), "{}", fs::read_to_string(&canary).unwrap_or_default());
    assert!(repos.bytes("plain") == before, "the person's repository is never written to");
    let url = fixlead::git::Url::new("https://example.org/group/x", &repos.path(".")).unwrap();
    let flagged = repository.rewrites.iter().filter(|rewrite| rewrite.is_of_repository() && rewrite.of(&url).is_some());
    assert_eq!(flagged.filter(|rewrite| rewrite.pushes_only).count(), 1, "{:?}", repository.rewrites);
}
