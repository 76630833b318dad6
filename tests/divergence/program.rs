//! The `git` program as a child: bounded, cancelled, reaped, and with nothing of the caller's environment.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fixlead::git::{Cancel, Git, GitError, Limits};

fn git() -> Git {
    Git::find().expect("git is installed where the tests run")
}

/// A run of shell commands as a child of git.
fn shell(words: &str) -> [String; 3] {
    ["-c".to_owned(), format!("alias.it=!{words}"), "it".to_owned()]
}

/// Processes with this word among their arguments; those that have ended and were not reaped have none.
fn running(word: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let told = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    told.map(|told| String::from_utf8_lossy(&told).replace('\0', " ")).filter(|told| told.contains(word)).collect()
}

/// Children of this process that have ended and were not reaped.
fn zombies() -> Vec<String> {
    let me = std::process::id().to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let states = processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    let is_ours = |stat: &String| {
        let mut after = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        after.next() == Some("Z") && after.next() == Some(&me)
    };
    // Other tests have children that are about to be reaped: only what stays one is left over.
    states.filter(is_ours).filter(|stat| stat.contains("(git)")).collect()
}

#[test]
fn git_is_there_and_new_enough_or_the_error_says_which_is_needed() {
    assert!(git().version().major >= 2);
    let missing = Git::at(Path::new("/nowhere/git")).unwrap_err().to_string();
    assert_eq!(missing, "git is not installed, or not on the PATH: install git 2.39.0 or newer");
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/old_git.sh");
    let old = Git::at(&old).unwrap_err().to_string();
    assert_eq!(old, "this machine has git 2.30.2, and git 2.39.0 or newer is needed: install a newer one");
    let other = Git::at(Path::new("/bin/echo")).unwrap_err();
    assert!(matches!(other, GitError::NoVersion { .. }), "{other}");
}

#[test]
fn what_it_says_comes_whole_and_a_failure_says_why() {
    let git = git();
    let many = git.run(shell("seq 100000")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&many).lines().count(), 100_000);
    let failed = git.run(shell("echo it is gone >&2; exit 3")).output().unwrap_err();
    assert_eq!(failed, GitError::Failed { command: "-c".into(), code: 3, said: "it is gone".into() });
    assert_eq!(git.run(shell("echo one; exit 1")).or_code(1).output().unwrap(), b"one\n");
    let killed = git.run(shell("kill -9 $PPID; sleep 60")).output().unwrap_err();
    assert!(matches!(killed, GitError::Killed { signal: 9, .. }), "{killed}");
}

#[test]
fn more_is_fed_and_heard_at_once_than_a_pipe_holds() {
    let fed: Vec<u8> = (0..300_000).flat_map(|number| format!("{number}\n").into_bytes()).collect();
    let heard = git().run(shell("cat")).input(fed.clone()).pipe(shell("cat")).output().unwrap();
    assert!(heard == fed, "{} of {} bytes came back", heard.len(), fed.len());
    // One that does not listen is no reason to wait for ever.
    assert_eq!(git().run(shell("echo enough")).input(fed).output().unwrap(), b"enough\n");
}

#[test]
fn a_row_of_pipes_fails_if_any_of_it_fails() {
    let failed = git().run(shell("echo a; exit 4")).pipe(shell("cat")).output().unwrap_err();
    assert!(matches!(failed, GitError::Failed { code: 4, .. }), "{failed}");
    let failed = git().run(shell("yes")).pipe(shell("exit 5")).output().unwrap_err();
    assert!(matches!(failed, GitError::Failed { code: 5, .. }), "{failed}");
}

#[test]
fn records_are_handed_over_one_by_one_until_it_is_enough() {
    let git = git();
    let mut seen = Vec::new();
    let list = git.run(shell("printf 'a\\0bc\\0\\0d'"));
    list.records(0, |record| {
        seen.push(String::from_utf8_lossy(record).into_owned());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(seen, ["a", "bc", "", "d"]);
    let mut count = 0;
    let endless = git.run(shell("yes"));
    endless
        .records(b'\n', |_| {
            count += 1;
            if count == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    assert_eq!(count, 3);
}

#[test]
fn what_says_too_much_or_takes_too_long_is_ended() {
    let git = git();
    let limits = Limits { output: 100_000, record: 1000, ..Limits::default() };
    let endless = git.run(shell("yes")).limits(limits).output().unwrap_err();
    assert!(matches!(endless, GitError::TooMuch { most: 100_000, .. }), "{endless}");
    let line = git.run(shell("yes | tr -d '\\n'")).limits(limits);
    let line = line.records(b'\n', |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(line, GitError::TooMuch { most: 1000, .. }), "{line}");
    let soon = Duration::from_millis(200);
    let silent = git.run(shell("sleep 61.25")).limits(Limits { silence: soon, ..limits }).output().unwrap_err();
    assert!(matches!(silent, GitError::TookTooLong { limit, .. } if limit == soon), "{silent}");
    let busy = shell("while :; do echo; sleep 0.01; done");
    let busy = git.run(busy).limits(Limits { time: soon, ..limits }).output().unwrap_err();
    assert!(matches!(busy, GitError::TookTooLong { limit, .. } if limit == soon), "{busy}");
    assert_eq!(running("61.25"), [""; 0]);
}

#[test]
fn cancelling_ends_all_of_it_at_once_and_leaves_nothing_behind() {
    let git = git();
    // One that does not listen to signals, and one of its own in the background.
    let stubborn = shell("trap '' TERM; sleep 62.5 & while :; do sleep 62.5; done");
    let cancel = Cancel::default();
    let ended = thread::scope(|scope| {
        let run = git.run(stubborn).pipe(shell("sleep 62.5; cat")).cancel(&cancel);
        let running_it = scope.spawn(|| run.output());
        while running("sleep 62.5").len() < 3 {
            thread::yield_now();
        }
        let told = Instant::now();
        cancel.cancel();
        assert_eq!(running_it.join().unwrap(), Err(GitError::Cancelled));
        told.elapsed()
    });
    assert!(ended < Duration::from_secs(1), "it took {ended:?}");
    // The kernel needs a moment for those that were killed.
    let until = Instant::now() + Duration::from_secs(5);
    while !running("62.5").is_empty() && Instant::now() < until {
        thread::yield_now();
    }
    assert_eq!(running("62.5"), [""; 0]);
    while !zombies().is_empty() && Instant::now() < until {
        thread::yield_now();
    }
    assert_eq!(zombies(), [""; 0]);
    assert_eq!(git.run(["version"]).cancel(&cancel).output(), Err(GitError::Cancelled), "and nothing more is begun");
}

#[test]
fn what_git_leaves_in_the_background_neither_holds_it_up_nor_stays() {
    let begun = Instant::now();
    assert_eq!(git().run(shell("sleep 63.75 & echo done")).output().unwrap(), b"done\n");
    assert!(begun.elapsed() < Duration::from_secs(10));
    let until = Instant::now() + Duration::from_secs(5);
    while !running("63.75").is_empty() && Instant::now() < until {
        thread::yield_now();
    }
    assert_eq!(running("63.75"), [""; 0]);
}

#[test]
fn nothing_may_be_spoken_unless_it_is_named() {
    let git = git();
    for url in ["https://localhost/x", "ssh://localhost/x", "git://localhost/x", "ext::false", "/tmp"] {
        let refused = git.run(["ls-remote", "--", url]).output().unwrap_err().to_string();
        assert!(refused.contains("not allowed"), "{url}: {refused}");
    }
}
