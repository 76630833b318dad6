//! Remotes: everything that they list, what is new there, and what becomes of those that do not answer or mean harm.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use fixlead::divergence::Role;
use fixlead::git::{Cache, Cancel, Format, Git, GitError, Network, Refs, Remotes, Repository, Trouble, Url};

use super::repos::{Repos, git};

/// Longer than a busy machine takes for anything here.
const PATIENT: Duration = Duration::from_secs(60);

fn remotes(git: &Git) -> Remotes<'_> {
    Remotes::new(git, PATIENT, &Cancel::default()).unwrap()
}

/// A cache for `bare`, below the folder `kept`.
fn cache(git: &Git, repos: &Repos, format: Format, clone: Option<&Repository>) -> Cache {
    let root = repos.path("kept");
    Cache::open(git, &root, &[&repos.url("bare")], format, clone, PATIENT, &Cancel::default()).unwrap()
}

/// Lists and fetches all of a repository.
fn fetched(git: &Git, repos: &Repos, cache: &Cache, name: &str) -> Result<Refs, GitError> {
    let (remotes, url) = (remotes(git), repos.url(name));
    let listed = remotes.list(&url)?;
    let kept = remotes.fetch(cache, Role::Canonical, &url, &listed, |_| true)?.now;
    assert_eq!(kept, listed, "what is kept is what was listed");
    Ok(kept)
}

fn told(refs: &Refs) -> Vec<&str> {
    refs.keys().map(String::as_str).collect()
}

#[test]
fn every_ref_is_listed_and_fetched_also_those_that_nobody_fetches() {
    let (git, repos) = (git(), Repos::filled());
    repos.git("bare", &["tag", "-a", "-m", "x", "v1", "main~1"]);
    repos.git("bare", &["tag", "-a", "-m", "x", "of-a-tag", "v1"]);
    repos.git("bare", &["update-ref", "refs/pull/7/head", "main~2"]);
    repos.git("bare", &["update-ref", "refs/merge-requests/3/head", "main~3"]);
    repos.git("bare", &["update-ref", "refs/stash", "main~1"]);
    let cache = cache(&git, &repos, Format::Sha1, None);
    let refs = fetched(&git, &repos, &cache, "bare").unwrap();
    let names = ["HEAD", "refs/heads/main", "refs/heads/other", "refs/merge-requests/3/head", "refs/pull/7/head"];
    let all = [&names[..], &["refs/stash", "refs/tags/of-a-tag", "refs/tags/v1"]].concat();
    assert_eq!(told(&refs), all);
    let commit = repos.git("bare", &["rev-parse", "main~1"]);
    for tag in ["refs/tags/v1", "refs/tags/of-a-tag"] {
        assert_eq!(refs[tag].commit.unwrap().to_string(), commit, "{tag}");
        assert_ne!(refs[tag].object.to_string(), commit, "{tag}");
    }
    let places = git.run(["for-each-ref", "--format=%(refname)"]).on(cache.folder()).output().unwrap();
    let places = String::from_utf8(places).unwrap();
    for place in ["heads/main", "tags/v1", "other/pull/7/head", "other/stash", "head"] {
        assert!(places.lines().any(|line| line == format!("refs/at/canonical/{place}")), "{place}: {places}");
    }
    assert!(cache.refs(&git, Role::Security, &Cancel::default()).unwrap().is_empty(), "each remote is by itself");
}

#[test]
fn what_was_pushed_forced_and_removed_there_is_so_here() {
    let (git, repos) = (git(), Repos::filled());
    let cache = cache(&git, &repos, Format::Sha1, None);
    repos.git("bare", &["update-ref", "refs/stash", "main"]);
    repos.git("bare", &["update-ref", "refs/pull/7/head", "main"]);
    fetched(&git, &repos, &cache, "bare").unwrap();
    repos.commit("plain", "new");
    repos.git("plain", &["push", "-q", "../bare", "main"]);
    repos.git("bare", &["update-ref", "refs/heads/other", "main~4"]);
    repos.git("bare", &["update-ref", "refs/pull/8/head", "main"]);
    for gone in ["refs/pull/7/head", "refs/stash"] {
        repos.git("bare", &["update-ref", "-d", gone]);
    }
    let refs = fetched(&git, &repos, &cache, "bare").unwrap();
    assert_eq!(told(&refs), ["HEAD", "refs/heads/main", "refs/heads/other", "refs/pull/8/head"]);
}

#[test]
fn a_branch_that_becomes_a_folder_of_branches_and_back_is_followed() {
    let (git, repos) = (git(), Repos::filled());
    let cache = cache(&git, &repos, Format::Sha1, None);
    let odd = |name: &'static [u8]| std::ffi::OsStr::from_bytes(name);
    let write = |name: &'static [u8]| {
        let path = repos.path("bare/refs/heads").join(odd(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, repos.git("plain", &["rev-parse", "main"])).unwrap();
    };
    let remove = |name: &'static [u8]| fs::remove_file(repos.path("bare/refs/heads").join(odd(name))).unwrap();
    let heads = || {
        let refs = fetched(&git, &repos, &cache, "bare").unwrap();
        refs.keys().filter_map(|name| name.strip_prefix("refs/heads/x")).map(str::to_owned).collect::<Vec<_>>()
    };
    write(b"x");
    assert_eq!(heads(), [""]);
    remove(b"x");
    write(b"x/y");
    write(b"x/\xff");
    assert_eq!(heads(), ["/\\xff", "/y"]);
    remove(b"x/\xff");
    write("x/\u{9b}31m".as_bytes());
    assert_eq!(heads(), ["/\\xc2\\x9b31m", "/y"]);
    remove("x/\u{9b}31m".as_bytes());
    remove(b"x/y");
    fs::remove_dir(repos.path("bare/refs/heads/x")).unwrap();
    write(b"x");
    assert_eq!(heads(), [""]);
}

#[test]
fn a_fetch_that_fails_after_something_was_forgotten_is_no_answer() {
    let (git, repos) = (git(), Repos::filled());
    let (cache, url, remotes) = (cache(&git, &repos, Format::Sha1, None), repos.url("bare"), remotes(&git));
    fetched(&git, &repos, &cache, "bare").unwrap();
    repos.git("bare", &["branch", "-m", "other", "other/new"]);
    let listed = remotes.list(&url).unwrap();
    repos.git("bare", &["update-ref", "-d", "refs/heads/other/new"]);
    let fetched = remotes.fetch(&cache, Role::Canonical, &url, &listed, |_| true);
    assert!(fetched.is_err(), "{fetched:?}");
    let kept = cache.refs(&git, Role::Canonical, &Cancel::default()).unwrap();
    assert_eq!(told(&kept), ["HEAD", "refs/heads/main"], "what is listed still is kept");
}

#[test]
fn two_urls_of_one_repository_lead_to_the_same() {
    let (git, repos) = (git(), Repos::filled());
    let remotes = remotes(&git);
    std::os::unix::fs::symlink(repos.path("plain"), repos.path("link")).unwrap();
    repos.git(".", &["clone", "-q", "--bare", "plain", "named.git"]);
    repos.git("plain", &["worktree", "add", "-q", "../worktree", "other"]);
    let url = |text: &str| Url::new(text, &repos.path(".")).unwrap();
    let file = format!("file://{}/", repos.path("plain").display());
    for (a, b) in [
        ("plain", "link/"),
        ("plain", "plain/.git"),
        ("plain", &file),
        ("plain", "worktree"),
        ("named", "named.git/"),
        ("https://example.org/group/x", "git@example.org:Group/X.git"),
    ] {
        assert!(remotes.leads_to_same(&url(a), &url(b)) && remotes.leads_to_same(&url(b), &url(a)), "{a} {b}");
    }
    for (a, b) in [
        ("plain", "bare"),
        ("plain", "nowhere"),
        ("nowhere", "elsewhere"),
        ("https://example.org/group/x", "https://example.org/group/y"),
        ("https://example.org/group/x", "https://example.com/group/x"),
    ] {
        assert!(!remotes.leads_to_same(&url(a), &url(b)), "{a} {b}");
    }
}

#[test]
fn only_what_is_wanted_is_fetched_and_nothing_if_nothing_is_new() {
    let (git, repos) = (git(), Repos::filled());
    repos.git("bare", &["update-ref", "refs/pull/7/head", "main"]);
    let (cache, url) = (cache(&git, &repos, Format::Sha1, None), repos.url("bare"));
    let remotes = remotes(&git);
    let listed = remotes.list(&url).unwrap();
    let fetch =
        || remotes.fetch(&cache, Role::Canonical, &url, &listed, |family| family == "heads").map(|brought| brought.now);
    assert_eq!(told(&fetch().unwrap()), ["refs/heads/main", "refs/heads/other"]);
    // It is not even asked.
    fs::rename(repos.path("bare"), repos.path("moved")).unwrap();
    assert_eq!(told(&fetch().unwrap()), ["refs/heads/main", "refs/heads/other"]);
}

#[test]
fn each_format_of_objects_is_fetched_and_never_mixed() {
    let (git, repos) = (git(), Repos::filled());
    repos.fill("wide", &["--object-format=sha256"]);
    let narrow = cache(&git, &repos, Format::Sha1, None);
    let error = fetched(&git, &repos, &narrow, "wide").unwrap_err();
    assert!(matches!(&error, GitError::Repository { trouble: Trouble::OtherFormat, .. }), "{error}");
    let wide = cache(&git, &repos, Format::Sha256, None);
    assert_eq!(fetched(&git, &repos, &wide, "wide").unwrap().len(), 3);
}

#[test]
fn a_cut_or_damaged_repository_is_never_taken_for_a_whole_one() {
    let (git, repos) = (git(), Repos::filled());
    let plain = format!("file://{}", repos.path("plain").display());
    repos.git(".", &["clone", "-q", "--depth=2", "--no-single-branch", &plain, "shallow"]);
    let cache = cache(&git, &repos, Format::Sha1, None);
    let cut = fetched(&git, &repos, &cache, "shallow").unwrap_err();
    assert!(matches!(&cut, GitError::Repository { trouble: Trouble::Shallow, .. }), "{cut}");
    let lost = repos.git("plain", &["rev-parse", "main~3"]);
    fs::remove_file(repos.path("plain/.git/objects").join(&lost[..2]).join(&lost[2..])).unwrap();
    let damaged = fetched(&git, &repos, &cache, "plain").unwrap_err();
    assert!(matches!(&damaged, GitError::Repository { trouble: Trouble::NoObjects, .. }), "{damaged}");
    let gone = fetched(&git, &repos, &cache, "gone").unwrap_err();
    assert!(matches!(&gone, GitError::Repository { trouble: Trouble::NoFolder, .. }), "{gone}");
    assert!(cache.refs(&git, Role::Canonical, &Cancel::default()).unwrap().len() <= 3);
    assert_eq!(fetched(&git, &repos, &cache, "bare").unwrap().len(), 3, "and the cache can be used still");
}

#[test]
fn nothing_of_a_hostile_clone_or_remote_runs_or_leads_elsewhere() {
    let (git, repos) = (git(), Repos::filled());
    let canary = repos.path("canary");
    repos.git(".", &["clone", "-q", "plain", "clone"]);
    for name in ["clone", "bare"] {
        repos.hostile(name, &canary);
    }
    let before = [repos.bytes("clone"), repos.bytes("bare")];
    let clone = Repository::open(&git, &repos.path("clone"), &Cancel::default()).unwrap();
    assert_eq!(clone.rewrites.iter().filter(|rewrite| rewrite.is_of_repository()).count(), 2);
    let cache = cache(&git, &repos, Format::Sha1, Some(&clone));
    assert!(!cache.folder().join("objects/info/alternates").exists() || clone.is_whole());
    assert_eq!(fetched(&git, &repos, &cache, "bare").unwrap().len(), 3);
    assert!(!canary.exists(), "{}", fs::read_to_string(&canary).unwrap_or_default());
    assert!([repos.bytes("clone"), repos.bytes("bare")] == before, "nobody's repository is written to");
}

#[test]
fn the_cache_is_for_its_owner_only_and_borrows_what_is_whole() {
    let (git, repos) = (git(), Repos::filled());
    let open = |name: &str| Repository::open(&git, &repos.path(name), &Cancel::default()).unwrap();
    let plain = cache(&git, &repos, Format::Sha1, Some(&open("plain")));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(plain.folder()), mode(&repos.path("kept"))], [0o700, 0o700]);
    fetched(&git, &repos, &plain, "bare").unwrap();
    let borrowed = |cache: &Cache| fs::read_to_string(cache.folder().join("objects/info/alternates")).unwrap();
    let objects = fs::canonicalize(repos.path("plain/.git/objects")).unwrap();
    assert_eq!(borrowed(&plain), format!("{}\n", objects.display()));
    let count = git.run(["count-objects"]).on(plain.folder()).output().unwrap();
    assert!(count.starts_with(b"0 objects"), "nothing that the clone has is fetched again");
    // One that has lost its clone is made anew, and so is one whose clone is cut off.
    let file = format!("file://{}", repos.path("plain").display());
    repos.git(".", &["clone", "-q", "--depth=2", &file, "shallow"]);
    let alone = cache(&git, &repos, Format::Sha1, Some(&open("shallow")));
    assert_eq!(borrowed(&alone), "");
    assert_eq!(fetched(&git, &repos, &alone, "bare").unwrap().len(), 3);
}

#[test]
fn a_clone_that_loses_objects_makes_the_cache_unusable_once_and_no_wrong_answer() {
    let (git, repos) = (git(), Repos::filled());
    let clone = Repository::open(&git, &repos.path("plain"), &Cancel::default()).unwrap();
    let borrowing = cache(&git, &repos, Format::Sha1, Some(&clone));
    fetched(&git, &repos, &borrowing, "bare").unwrap();
    fs::remove_dir_all(clone.objects()).unwrap();
    fs::create_dir(clone.objects()).unwrap();
    let lost = borrowing.refs(&git, Role::Canonical, &Cancel::default()).unwrap_err();
    assert!(matches!(&lost, GitError::Cache { .. }), "{lost}");
    let anew = cache(&git, &repos, Format::Sha1, Some(&clone));
    assert_eq!(fetched(&git, &repos, &anew, "bare").unwrap().len(), 3);
}

#[test]
fn a_cache_that_was_left_half_made_or_locked_is_used_again() {
    let (git, repos) = (git(), Repos::filled());
    let made = cache(&git, &repos, Format::Sha1, None);
    let folder = made.folder().to_owned();
    for part in ["HEAD", "fixlead", "config"] {
        fs::remove_file(folder.join(part)).unwrap();
        fs::create_dir_all(folder.with_extension("new").join("objects")).unwrap();
        fs::create_dir_all(folder.with_extension("old").join("objects")).unwrap();
        let anew = cache(&git, &repos, Format::Sha1, None);
        assert_eq!(fetched(&git, &repos, &anew, "bare").unwrap().len(), 3, "without {part}");
    }
    // Killed in the middle of a fetch: its locks are there, it is not.
    repos.commit("plain", "new");
    repos.git("plain", &["push", "-q", "../bare", "main"]);
    for lock in ["packed-refs.lock", "refs/at/canonical/heads/main.lock"] {
        fs::write(folder.join(lock), "").unwrap();
    }
    fetched(&git, &repos, &made, "bare").unwrap();
}

#[test]
fn two_do_not_fetch_into_one_cache_at_once() {
    let (git, repos) = (git(), Repos::filled());
    let cache = cache(&git, &repos, Format::Sha1, None);
    let cancel = Cancel::default();
    // A child of another test may hold a copy of the lock, until it is the program that it is to be.
    let held = cache.hold(PATIENT, &cancel).unwrap();
    assert_eq!(cache.hold(Duration::ZERO, &cancel).unwrap_err(), GitError::Busy);
    let waiting = cache.folder().to_owned();
    thread::scope(|scope| {
        let other = scope.spawn(|| cache.hold(PATIENT, &cancel).map(drop));
        drop(held);
        other.join().unwrap().unwrap_or_else(|error| panic!("{}: {error}", waiting.display()));
    });
    let _held = cache.hold(PATIENT, &cancel).unwrap();
    cancel.cancel();
    assert_eq!(cache.hold(PATIENT, &cancel).unwrap_err(), GitError::Cancelled);
}

#[test]
fn many_remotes_fill_one_cache_one_after_the_other() {
    let (git, repos) = (git(), Repos::filled());
    let (cache, url, remotes) = (cache(&git, &repos, Format::Sha1, None), repos.url("bare"), remotes(&git));
    let listed = remotes.list(&url).unwrap();
    thread::scope(|scope| {
        for (_, role) in Role::ALL {
            let (cache, remotes, url, listed) = (&cache, &remotes, &url, &listed);
            scope.spawn(move || assert_eq!(&remotes.fetch(cache, role, url, listed, |_| true).unwrap().now, listed));
        }
    });
}

/// A server on this machine that takes a connection and does this with it.
fn server(serve: impl Fn(std::net::TcpStream) + Send + 'static) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x.git", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    Url::new(&url, Path::new("/")).unwrap()
}

fn trouble(git: &Git, url: &Url) -> Network {
    match remotes(git).list(url) {
        Err(GitError::Network { trouble, server }) => {
            assert_eq!(server, url.to_string());
            trouble
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_says_nothing_is_waited_for_no_longer_than_said() {
    let git = git();
    let url = server(|mut connection| {
        // It reads until the other end is gone, and never answers.
        let _ = connection.read_to_end(&mut Vec::new());
    });
    let patience = Duration::from_millis(500);
    let begun = Instant::now();
    let impatient = Remotes::new(&git, patience, &Cancel::default()).unwrap();
    let error = impatient.list(&url).unwrap_err();
    assert!(matches!(&error, GitError::Network { trouble: Network::NoAnswer(waited), .. } if *waited == patience));
    assert!(error.to_string().ends_with("/x.git: no answer for 0.5 s; try again later"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn cancelling_ends_the_wait_for_a_server_within_a_second() {
    let git = git();
    let (asked, is_asked) = std::sync::mpsc::channel();
    let url = server(move |mut connection| {
        asked.send(()).unwrap();
        let _ = connection.read_to_end(&mut Vec::new());
    });
    let cancel = Cancel::default();
    let remotes = Remotes::new(&git, PATIENT, &cancel).unwrap();
    let ended = thread::scope(|scope| {
        let listing = scope.spawn(|| remotes.list(&url));
        is_asked.recv().unwrap();
        let told = Instant::now();
        cancel.cancel();
        assert_eq!(listing.join().unwrap(), Err(GitError::Cancelled));
        told.elapsed()
    });
    assert!(ended < Duration::from_secs(1), "it took {ended:?}");
}

#[test]
fn each_way_in_which_a_server_fails_has_its_name() {
    let git = git();
    let answer = |status: &'static str| {
        server(move |mut connection| {
            let _ = connection.read(&mut [0; 4096]);
            let _ = write!(connection, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        })
    };
    assert_eq!(trouble(&git, &answer("404 Not Found")), Network::NotThere);
    assert_eq!(trouble(&git, &answer("403 Forbidden")), Network::NotThere);
    assert_eq!(trouble(&git, &answer("401 Unauthorized\r\nWWW-Authenticate: Basic realm=x")), Network::SignIn);
    assert_eq!(trouble(&git, &server(drop)), Network::BrokenOff);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = Url::new(&format!("http://{closed}/x"), Path::new("/")).unwrap();
    assert_eq!(trouble(&git, &url), Network::NoConnection);
}

#[test]
fn a_server_that_lists_what_no_repository_has_is_not_believed() {
    let git = git();
    for name in ["refs/heads/\u{1b}]0;x\u{7}", "--upload-pack=x"] {
        let url = server(move |mut connection| {
            let _ = connection.read(&mut [0; 4096]);
            let body = format!("{}\t{name}\n", "a".repeat(40));
            let _ = write!(connection, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        });
        let error = remotes(&git).list(&url).unwrap_err();
        assert!(matches!(&error, GitError::Network { .. } | GitError::Failed { .. }), "{error:?}");
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}

#[test]
fn nobody_is_asked_for_a_name_or_a_key() {
    let repos = Repos::new();
    // A git of which ssh is a script that writes down how it was called.
    let (log, script) = (repos.path("log"), repos.path("ssh"));
    fs::write(
        &script,
        format!("#!/bin/sh\necho \"$SSH_ASKPASS_REQUIRE $SSH_ASKPASS $*\" > {}\nexit 255\n", log.display()),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "remotes::asks_over_ssh", "--ignored"]).env("GIT_SSH_COMMAND", &script);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    let called = fs::read_to_string(&log).unwrap();
    assert!(called.starts_with("force false -o BatchMode=yes "), "{called}");
    assert!(called.contains(" git@example.org git-upload-pack "), "{called}");
}

/// Run by the test above, in an environment of its own.
#[test]
#[ignore = "it is run by another test"]
fn asks_over_ssh() {
    let url = Url::new("git@example.org:group/x.git", Path::new("/")).unwrap();
    let error = remotes(&git()).list(&url).unwrap_err();
    assert!(matches!(&error, GitError::Network { trouble: Network::BrokenOff, .. }), "{error}");
}

#[test]
fn the_persons_own_settings_that_send_a_url_elsewhere_are_told_and_followed() {
    let repos = Repos::filled();
    let settings = format!("[url \"{}/\"]\n\tinsteadOf = https://example.org/\n", repos.path(".").display());
    fs::write(repos.path("settings"), settings).unwrap();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "remotes::follows_a_setting", "--ignored"])
        .env("GIT_CONFIG_GLOBAL", repos.path("settings"));
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

/// Run by the test above, in an environment of its own.
#[test]
#[ignore = "it is run by another test"]
fn follows_a_setting() {
    let git = git();
    let url = Url::new("https://example.org/bare", Path::new("/")).unwrap();
    let remotes = remotes(&git);
    let told = remotes.rewrites_of(&url);
    assert!(told.len() == 1 && !told[0].is_of_repository() && told[0].of(&url).is_some(), "{told:?}");
    let path = remotes.path_of(&url).unwrap();
    assert!(path.is_absolute() && path.ends_with("bare") && path.is_dir(), "{path:?}");
    assert_eq!(remotes.list(&url).unwrap().len(), 3);
}
