//! The world breaks while it is looked at: processes are killed, refs move, folders vanish, servers say nothing. What comes of
//! it is a reason or the right answer, in time.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use fixlead::divergence::{Component, Outcome, Report, Role};
use fixlead::git::{Cache, Cancel, Format, GitError, Network, Remotes, Repository, Url};
use fixlead::look::{Hearer, Looker};

use crate::fixture::{Fixture, IN_ORDER, git as plain};
use crate::hostile::of_two;
use crate::look::{NOON, component, look};
use crate::repos::{Repos, git};

/// Longer than a busy machine takes for anything here.
const PATIENT: Duration = Duration::from_secs(60);
/// A person who cancels waits no longer.
const AT_ONCE: Duration = Duration::from_secs(1);

/// The branches with the words of their states.
fn states(report: &Report) -> Vec<(&str, &str)> {
    report.pairs.iter().map(|pair| (pair.branch.as_str(), pair.state.word())).collect()
}

/// Two bare repositories, of which security is one commit ahead on main.
fn two() -> Repos {
    let repos = Repos::filled();
    repos.git(".", &["clone", "-q", "--bare", "plain", "canonical"]);
    repos.commit("plain", "fix");
    repos.git(".", &["clone", "-q", "--bare", "plain", "security"]);
    repos
}

const RIGHT: [(&str, &str); 2] = [("main", "security_ahead"), ("other", "equal")];

/// A look that may ask servers, with this patience.
fn asking(folder: &Path, component: &Component, patience: Duration, cancel: &Cancel) -> Report {
    let git = git();
    let now = NOON.parse().unwrap();
    Looker { git: &git, folder, may_ask: true, patience, now, cancel, hearer: Hearer::default() }.look(component)
}

#[test]
fn killed_at_any_moment_it_looks_as_well_the_next_time() {
    let (repos, folder) = (two(), tempfile::tempdir().unwrap());
    let run = |place: &Path| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "broken::looks_once", "--ignored"]);
        command.env("LOOK_AT", repos.path(".")).env("LOOK_FROM", place);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let begun = Instant::now();
    assert!(run(&folder.path().join("whole")).wait().unwrap().success());
    let usual = begun.elapsed();
    let kills = 24;
    for kill in 0..kills {
        // Every other one finds what the one before has left behind.
        let place = folder.path().join(format!("{}", kill / 2));
        let mut looking = run(&place);
        thread::sleep(usual * kill / kills);
        looking.kill().unwrap();
        looking.wait().unwrap();
        if kill % 2 == 1 {
            let report = look(&place, &of_two(&repos), NOON);
            assert_eq!((states(&report), &report.errors), (RIGHT.to_vec(), &Vec::new()), "after {kill} of {kills}");
        }
    }
}

/// Run by the test above, in a process of its own, to be killed.
#[test]
#[ignore = "it is run by another test"]
fn looks_once() {
    let (Some(at), Some(from)) = (std::env::var_os("LOOK_AT"), std::env::var_os("LOOK_FROM")) else { return };
    let url = |name: &str| Path::new(&at).join(name).to_string_lossy().into_owned();
    let urls = [(Role::Security, url("security")), (Role::Canonical, url("canonical"))].into();
    let component = Component { urls, ..of_two(&Repos::new()) };
    assert_eq!(states(&look(Path::new(&from), &component, NOON)), RIGHT);
}

#[test]
fn refs_that_move_between_list_and_fetch_are_told_or_fetched_as_they_are_now() {
    let moves: [(&str, &[&[&str]]); 6] = [
        ("forced", &[&["update-ref", "refs/heads/other", "main~5"]]),
        ("forwarded", &[&["update-ref", "refs/heads/other", "main"]]),
        ("removed", &[&["update-ref", "-d", "refs/heads/other"]]),
        ("added", &[&["update-ref", "refs/heads/new", "main~4"]]),
        (
            "a folder of what was a name",
            &[&["update-ref", "-d", "refs/heads/other"], &["update-ref", "refs/heads/other/x", "main"]],
        ),
        ("all removed", &[&["update-ref", "-d", "refs/heads/other"], &["update-ref", "-d", "refs/heads/main"]]),
    ];
    for (what, moves) in moves {
        let (git, repos, cancel) = (git(), Repos::filled(), Cancel::default());
        let (url, remotes) = (repos.url("bare"), Remotes::new(&git, PATIENT, &cancel).unwrap());
        let cache = Cache::open(&git, &repos.path("kept"), &[&url], Format::Sha1, None, PATIENT, &cancel).unwrap();
        let listed = remotes.list(&url).unwrap();
        for arguments in moves {
            repos.git("bare", arguments);
        }
        let fetched = remotes.fetch(&cache, Role::Canonical, &url, &listed, |_| true);
        let now = remotes.list(&url).unwrap();
        match fetched {
            Ok(brought) => {
                assert!(brought.now.iter().all(|(name, at)| now.get(name) == Some(at)), "{what}: {brought:?}");
            }
            Err(GitError::Repository { .. } | GitError::Network { trouble: Network::Moved(_), .. }) => {}
            Err(other) => panic!("{what}: {other:?}"),
        }
        let next = remotes.fetch(&cache, Role::Canonical, &url, &now, |_| true).map(|brought| brought.now);
        assert_eq!(next, Ok(now), "{what}");
    }
}

#[test]
fn pushes_in_the_middle_of_looks_never_make_a_wrong_answer() {
    let (repos, folder) = (two(), tempfile::tempdir().unwrap());
    repos.git("plain", &["switch", "-q", "-c", "beside", "main~1"]);
    repos.commit("plain", "beside");
    repos.git("plain", &["push", "-q", "../canonical", "beside"]);
    repos.git("plain", &["push", "-q", "../security", "beside"]);
    let places = ["main~1", "beside"].map(|name| repos.git("plain", &["rev-parse", name]));
    let expected = ["security_ahead", "diverged_clean", "unknown"];
    let (done, is_done) = channel::<()>();
    thread::scope(|scope| {
        let (repos, places) = (&repos, &places);
        scope.spawn(move || {
            let mut turns = places.iter().cycle();
            while is_done.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                let place = turns.next().expect("it is endless");
                plain(&repos.path("canonical"), &["update-ref", "refs/heads/main", place]);
            }
        });
        for _ in 0..12 {
            let report = look(folder.path(), &of_two(repos), NOON);
            let main = report.pairs.iter().find(|pair| pair.branch == "main").map(|pair| pair.state.word());
            let is_told = main.map_or(!report.errors.is_empty(), |word| expected.contains(&word));
            assert!(is_told, "{report:?}");
        }
        drop(done);
    });
    for (place, state) in places.iter().zip(expected) {
        repos.git("canonical", &["update-ref", "refs/heads/main", place]);
        let report = look(folder.path(), &of_two(&repos), NOON);
        assert!(report.errors.is_empty() && states(&report).contains(&("main", state)), "{report:?}");
    }
}

#[test]
fn a_repository_that_vanishes_is_unknown_and_named_until_it_is_back() {
    let (repos, folder) = (two(), tempfile::tempdir().unwrap());
    let component = Component { is_embargoed: true, ..of_two(&repos) };
    assert_eq!(states(&look(folder.path(), &component, NOON)), RIGHT);
    for name in ["security", "canonical"] {
        fs::rename(repos.path(name), repos.path("gone")).unwrap();
        let report = look(folder.path(), &component, NOON);
        assert!(report.pairs.iter().all(|pair| pair.state.word() == "unknown"), "{report:?}");
        let told = report.errors.join("\n");
        assert!(told.contains(name) && told.contains("there is no such folder"), "{told}");
        assert_eq!(report.outcome(), Outcome::Unknown);
        fs::rename(repos.path("gone"), repos.path(name)).unwrap();
        assert_eq!(states(&look(folder.path(), &component, NOON)), RIGHT);
    }
    // Where nothing can be kept nothing is known.
    fs::write(folder.path().join("file"), "").unwrap();
    let report = look(&folder.path().join("file"), &component, NOON);
    assert!(report.pairs.iter().all(|pair| pair.state.word() == "unknown"), "{report:?}");
    assert!(report.outcome() == Outcome::Unknown && !report.errors.is_empty(), "{report:?}");
}

#[test]
#[ignore = "takes three minutes: --include-ignored"]
fn a_file_that_never_ends_holds_nobody_up_for_ever() {
    for file in ["config", "HEAD", "more"] {
        let repos = two();
        repos.git("security", &["config", "include.path", "more"]);
        let _ = fs::remove_file(repos.path("security").join(file));
        let made = Command::new("mkfifo").arg(repos.path("security").join(file)).status().unwrap();
        assert!(made.success());
        let (git, begun) = (git(), Instant::now());
        let told = Repository::open(&git, &repos.path("security"), &Cancel::default()).map(|_| ()).unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(45), "{file}: {:?}", begun.elapsed());
        assert!(matches!(told, GitError::TookTooLong { .. } | GitError::Repository { .. }), "{file}: {told:?}");
        let folder = tempfile::tempdir().unwrap();
        let report = look(folder.path(), &of_two(&repos), NOON);
        assert_eq!(report.outcome(), Outcome::Unknown, "{file}: {report:?}");
    }
}

/// A server on this machine that does this with each connection; its URL, and a word for each connection.
fn server(serve: impl Fn(TcpStream) + Send + Clone + 'static) -> (String, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x.git", listener.local_addr().unwrap());
    let (asked, is_asked) = channel();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let serve = serve.clone();
            let _ = asked.send(());
            thread::spawn(move || serve(connection));
        }
    });
    (url, is_asked)
}

/// Reads until the other end is gone, and never answers.
fn silence(mut connection: TcpStream) {
    let _ = connection.read_to_end(&mut Vec::new());
}

/// Lists one branch as a server of git does, and then begins to send its objects and never comes to an end.
fn endless(connection: TcpStream, talks: bool) {
    let mut lines = BufReader::new(connection.try_clone().unwrap());
    let mut connection = connection;
    loop {
        let (mut first, mut line) = (String::new(), String::from("."));
        if lines.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        while !line.trim().is_empty() {
            line.clear();
            if lines.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
        }
        let packet = |text: &str| format!("{:04x}{text}", text.len() + 4);
        if first.starts_with("GET") {
            let branch = format!("{} refs/heads/main\0side-band-64k ofs-delta object-format=sha1\n", "1".repeat(40));
            let body = packet("# service=git-upload-pack\n") + "0000" + &packet(&branch) + "0000";
            let kind = "application/x-git-upload-pack-advertisement";
            let _ = write!(
                connection,
                "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            continue;
        }
        let kind = "application/x-git-upload-pack-result";
        let _ = write!(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n{}",
            packet("NAK\n")
        );
        while talks && write!(connection, "{}", packet("\u{2}Counting objects\r")).is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
        return silence(connection);
    }
}

fn at_server(repos: &Repos, url: &str) -> Component {
    let mut component = of_two(repos);
    component.urls.insert(Role::Canonical, url.to_owned());
    component
}

#[test]
fn a_server_that_says_nothing_is_unknown_in_time_whenever_it_falls_silent() {
    let patience = Duration::from_millis(700);
    for (url, _asked) in [server(silence), server(|connection| endless(connection, false))] {
        let (repos, folder) = (two(), tempfile::tempdir().unwrap());
        let begun = Instant::now();
        let report = asking(folder.path(), &at_server(&repos, &url), patience, &Cancel::default());
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        assert!(report.errors.join("\n").contains("no answer for 0.7 s"), "{report:?}");
        assert_eq!(report.outcome(), Outcome::Unknown);
        let main = report.pairs.iter().find(|pair| pair.branch == "main").unwrap();
        assert_eq!(main.state.word(), "unknown");
    }
}

#[test]
fn cancelling_ends_every_wait_for_a_server_within_a_second() {
    let waits: [(fn(TcpStream), u32); 3] =
        [(silence, 1), (|connection| endless(connection, false), 2), (|connection| endless(connection, true), 2)];
    for (number, (serve, connections)) in waits.into_iter().enumerate() {
        let (repos, folder, cancel) = (two(), tempfile::tempdir().unwrap(), Cancel::default());
        let (url, is_asked) = server(serve);
        let component = at_server(&repos, &url);
        let took = thread::scope(|scope| {
            let looking = scope.spawn(|| asking(folder.path(), &component, PATIENT, &cancel));
            // A list is one connection, and a fetch another one.
            (0..connections).for_each(|_| is_asked.recv_timeout(PATIENT).unwrap());
            let told = Instant::now();
            cancel.cancel();
            let report = looking.join().unwrap();
            assert!(report.errors.join("\n").contains("cancelled"), "{number}: {report:?}");
            assert_eq!(report.outcome(), Outcome::Unknown, "{number}");
            told.elapsed()
        });
        assert!(took < AT_ONCE, "{number}: it took {took:?}");
    }
}

#[test]
fn cancelling_at_any_moment_ends_a_look_within_a_second_and_is_no_answer() {
    let fixture = Fixture::build(60, IN_ORDER);
    // Without a clone nothing hangs on what was seen before.
    let component = Component { clone: None, ..component(&fixture) };
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let expected = look(&folder.path().join("whole"), &component, NOON);
    let usual = begun.elapsed();
    let moments = 12;
    for moment in 0..moments {
        let cancel = Cancel::default();
        let place = folder.path().join(moment.to_string());
        let (report, took) = thread::scope(|scope| {
            let looking = scope.spawn(|| asking(&place, &component, PATIENT, &cancel));
            thread::sleep(usual * moment / moments);
            let told = Instant::now();
            cancel.cancel();
            (looking.join().unwrap(), told.elapsed())
        });
        assert!(took < AT_ONCE, "{moment}: it took {took:?}");
        assert!(
            report == expected || report.outcome() >= Outcome::Unknown && !report.errors.is_empty(),
            "{moment}: {report:?}"
        );
        // And the next look is whole.
        if moment % 3 == 1 {
            assert!(look(&place, &component, NOON) == expected, "{moment}");
        }
    }
}

#[test]
fn a_network_that_is_not_there_has_its_name() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (repos, folder) = (two(), tempfile::tempdir().unwrap());
    let report = asking(folder.path(), &at_server(&repos, &format!("http://{closed}/x")), PATIENT, &Cancel::default());
    assert!(report.errors.join("\n").contains("no connection: the host refuses it"), "{report:?}");
    assert_eq!(report.outcome(), Outcome::Unknown);
    for url in ["git://127.0.0.1/x", "ftp://127.0.0.1/x", "ext::sh -c x", "http://example.org/x"] {
        let report = asking(folder.path(), &at_server(&repos, url), PATIENT, &Cancel::default());
        assert!(report.errors.join("\n").contains("is not spoken here"), "{url}: {report:?}");
    }
    // A proxy that the person has would be asked in the place of the host.
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "broken::asks_no_host", "--ignored"]);
    for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").stdin(Stdio::null()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

/// Run by the test above, in an environment of its own.
#[test]
#[ignore = "it is run by another test"]
fn asks_no_host() {
    // No name is that long, so that nobody has to be asked for it.
    let url = Url::new(&format!("https://{}.invalid/x", "x".repeat(64)), Path::new("/")).unwrap();
    let (git, cancel) = (git(), Cancel::default());
    let error = Remotes::new(&git, PATIENT, &cancel).unwrap().list(&url).unwrap_err();
    assert!(matches!(&error, GitError::Network { trouble: Network::NoSuchHost, .. }), "{error:?}");
}
