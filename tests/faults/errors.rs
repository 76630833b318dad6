//! Every system call of a save fails, with every error that it can have: cases 4 to 7.

use std::collections::BTreeSet;

use crate::ground::{BEFORE, Ground, ID};
use crate::tally::Tally;
use crate::trace::{Call, Tracer};

/// The errors that each system call can have, by its manual page. Memory that can't be had ends a process: that is a
/// kill. What asks for it is not here, nor is what has no errors.
const ERRORS: &[(&str, &[&str])] = &[
    ("access", &["EACCES", "EIO", "ELOOP", "ENOENT", "ENOMEM", "ENOTDIR", "EROFS", "ESTALE"]),
    ("chmod", &["EACCES", "EIO", "ELOOP", "ENOENT", "ENOMEM", "EPERM", "EROFS"]),
    ("close", &["EIO", "ENOSPC", "EDQUOT", "EINTR"]),
    ("fchmod", &["EIO", "EPERM", "EROFS"]),
    ("fcntl", &["EINTR"]),
    ("flock", &["EINTR", "ENOLCK", "EAGAIN", "EIO"]),
    ("fsync", &["EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR", "EINVAL"]),
    ("fstat", &["EIO", "ENOMEM", "ESTALE"]),
    ("getdents64", &["EIO", "ENOENT", "ENOMEM"]),
    ("link", &["EACCES", "EDQUOT", "EEXIST", "EIO", "EMLINK", "ENOENT", "ENOSPC", "EPERM", "EROFS", "EXDEV"]),
    ("linkat", &["EACCES", "EDQUOT", "EEXIST", "EIO", "EMLINK", "ENOENT", "ENOSPC", "EPERM", "EROFS", "EXDEV"]),
    (
        "mkdir",
        &["EACCES", "EDQUOT", "EEXIST", "EIO", "ELOOP", "EMLINK", "ENOENT", "ENOMEM", "ENOSPC", "EPERM", "EROFS"],
    ),
    ("newfstatat", &["EACCES", "EIO", "ELOOP", "ENOENT", "ENOMEM", "ENOTDIR", "ESTALE"]),
    ("open", OPENING),
    ("openat", OPENING),
    ("read", &["EAGAIN", "EINTR", "EIO", "EISDIR", "ESTALE"]),
    ("readlink", &["EACCES", "EIO", "ELOOP", "ENOENT", "ENOMEM", "ENOTDIR"]),
    (
        "rename",
        &[
            "EACCES", "EBUSY", "EDQUOT", "EIO", "ELOOP", "EMLINK", "ENOENT", "ENOMEM", "ENOSPC", "EPERM", "EROFS",
            "EXDEV",
        ],
    ),
    (
        "renameat2",
        &[
            "EACCES",
            "EBUSY",
            "EDQUOT",
            "EINVAL",
            "EIO",
            "ELOOP",
            "ENOENT",
            "ENOMEM",
            "ENOSPC",
            "ENOSYS",
            "EOPNOTSUPP",
            "EPERM",
            "EROFS",
            "EXDEV",
        ],
    ),
    ("rmdir", &["EACCES", "EBUSY", "EIO", "ENOENT", "ENOTEMPTY", "EPERM", "EROFS"]),
    ("statx", &["EACCES", "EIO", "ELOOP", "ENOENT", "ENOMEM", "ENOTDIR", "ESTALE"]),
    ("unlink", &["EACCES", "EBUSY", "EIO", "ENOENT", "EPERM", "EROFS"]),
    ("unlinkat", &["EACCES", "EBUSY", "EIO", "ENOENT", "EPERM", "EROFS"]),
    ("write", &["EAGAIN", "EDQUOT", "EFBIG", "EINTR", "EIO", "ENOSPC", "EPERM"]),
];

const OPENING: &[&str] = &[
    "EACCES", "EBUSY", "EDQUOT", "EEXIST", "EINTR", "EIO", "ELOOP", "EMFILE", "ENFILE", "ENODEV", "ENOENT", "ENOMEM",
    "ENOSPC", "ENOTDIR", "ENXIO", "EPERM", "EROFS", "ESTALE", "ETXTBSY",
];

/// Calls that touch no file.
const OTHERS: &[&str] = &[
    "brk",
    "clock_nanosleep",
    "exit_group",
    "futex",
    "getrandom",
    "madvise",
    "mmap",
    "mprotect",
    "mremap",
    "munmap",
    "rt_sigprocmask",
    "sigaltstack",
    "sched_yield",
    "write_stdout",
];

/// Each fault of each of these calls.
fn faults(calls: &[Call]) -> Vec<(Call, &'static str)> {
    let known: BTreeSet<&str> = ERRORS.iter().map(|(name, _)| *name).chain(OTHERS.iter().copied()).collect();
    let unknown: BTreeSet<&str> =
        calls.iter().map(|call| call.name.as_str()).filter(|name| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "no list of errors for {unknown:?}");
    let of = |call: &Call| ERRORS.iter().find(|(name, _)| *name == call.name).map_or(&[][..], |(_, errors)| errors);
    calls.iter().flat_map(|call| of(call).iter().map(move |error| (call.clone(), *error))).collect()
}

/// What a verb may answer: done, a failure, not found, not saved, held by another.
const CODES: [i32; 5] = [0, 1, 4, 5, 6];

fn every_error_of_a_save(name: &str, tracer: &Tracer, at_least: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = |number: usize| Ground::at(&folder.path().join(number.to_string()));
    let verb = ["case", "set", ID, "lead=lead 1"];
    let calls = tracer.record(&fresh(0), &verb);
    let mut tally = Tally::default();
    for (number, (call, error)) in faults(&calls).into_iter().enumerate() {
        let ground = fresh(number + 1);
        let output = tracer.run(&ground, &verb, &call, &format!("error={error}"));
        match verdict(&ground, &call, &output) {
            Ok(what) => tally.count(what),
            Err(what) => tally.lost.push(format!("{error} in {}: {what}", call.shown)),
        }
    }
    tally.end(name, at_least);
}

fn verdict(ground: &Ground, call: &Call, output: &std::process::Output) -> Result<String, String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().ok_or_else(|| format!("it was killed: {said}"))?;
    if std::env::var_os("FIXLEAD_TELL").is_some() {
        println!("{code} {} {}: {said}", call.shown.split(' ').next().unwrap_or_default(), call.occurrence);
    }
    if !CODES.contains(&code) {
        return Err(format!("exit code {code}: {said}"));
    }
    let lead = ground.lead_and_backups()?;
    let saved = match lead.as_str() {
        "lead 1" => true,
        BEFORE => false,
        other => return Err(format!("the lead is {other}")),
    };
    if code == 0 && !saved {
        return Err("it was acknowledged, and is not there".to_owned());
    }
    // Standard output can fail as well: then nobody is left to be told.
    if code != 0 && (!said.starts_with("fixlead: ") || said.trim().lines().count() != 1) {
        return Err(format!("it says: {said}"));
    }
    let left = ground.temporary_files();
    if !left.is_empty() && !call.name.starts_with("unlink") {
        return Err(format!("it left {left:?}"));
    }
    let again = ground.run(&["case", "set", ID, "lead=lead 2"]);
    if !again.status.success() || ground.lead_and_backups()? != "lead 2" {
        return Err(format!("the next save fails: {}", String::from_utf8_lossy(&again.stderr)));
    }
    Ok(match (code, saved) {
        (0, _) => "saved all the same".to_owned(),
        (_, true) => "saved, and told that something went wrong".to_owned(),
        (_, false) => "told as not saved".to_owned(),
    })
}

#[test]
#[ignore = "needs strace: --include-ignored"]
fn every_error_in_every_call_of_a_save_keeps_the_old_or_the_new_case() {
    every_error_of_a_save("a save", &Tracer::new(), 300);
}

#[test]
#[ignore = "needs strace: --include-ignored"]
fn the_same_where_files_can_not_be_exchanged() {
    let tracer = Tracer::with(&["inject=renameat2:error=EINVAL"]);
    every_error_of_a_save("a save without an exchange", &tracer, 300);
}
