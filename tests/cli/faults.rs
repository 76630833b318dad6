//! A program that fails keeps what it knows to itself.

use std::io::{Read, Write};
use std::process::Command;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::house::House;

#[test]
fn a_panic_tells_its_place_and_nothing_else() {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::panics", "--ignored", "--nocapture"])
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    let told = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(101), "{told}");
    let line = told.lines().find(|line| line.starts_with("fixlead: ")).unwrap_or_else(|| panic!("{told}"));
    assert!(line.starts_with("fixlead: a fault in the program itself at tests/cli/faults.rs:"), "{line}");
    assert!(line.ends_with("; please report it"), "{line}");
    assert!(!told.contains("malformed header"), "{told}");
}

#[test]
#[ignore = "run in a process of its own, for the hook is that of the whole process"]
fn panics() {
    fixlead::cli::fault::tell_only_the_place();
    panic!("Crash on a malformed header");
}

#[test]
#[cfg(target_os = "linux")]
fn no_core_is_ever_dumped() {
    let house = House::new();
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let plain = house.command();
    let mut command = CommandBuilder::new(plain.get_program());
    command.args(plain.get_args());
    command.args(["case", "new", "--playbook", "emissary"]);
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap());
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    // The question stands there: it runs, and waits for its answer.
    let mut shown = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&shown).contains("What is it about?") {
        assert_eq!(reader.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&shown));
        shown.push(byte[0]);
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.process_id().unwrap())).unwrap();
    pair.master.take_writer().unwrap().write_all(b"x\n").unwrap();
    assert!(child.wait().unwrap().success());
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().take(2).collect::<Vec<_>>(), ["0", "0"], "{limits}");
}

#[test]
#[cfg(target_os = "linux")]
fn nobody_else_can_look_into_its_memory() {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;

    let house = House::new();
    let mut command = house.command();
    command.args(["case", "new", "--playbook", "emissary", "--title", "-"]).stdin(Stdio::piped()).stdout(Stdio::null());
    if rustix::process::getegid().is_root() {
        // The group of what belongs to the process then tells the two apart for root as well.
        command.gid(65_534);
    }
    let mut child = command.spawn().unwrap();
    let environment = format!("/proc/{}/environ", child.id());
    let begin = std::time::Instant::now();
    // Once it may not be dumped, what is known of it belongs to root.
    while std::fs::metadata(&environment).unwrap().gid() != 0 {
        assert!(begin.elapsed().as_secs() < 30, "it can be dumped");
        std::thread::yield_now();
    }
    child.stdin.take().unwrap().write_all(b"x").unwrap();
    assert!(child.wait().unwrap().success());
}
