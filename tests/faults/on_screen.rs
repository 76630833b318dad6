//! The screen under kills and under errors of single system calls: cases 1 and 4 to 7, as a person sees them.

use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::ground::{BEFORE, Ground, ID};
use crate::kills::random;
use crate::screen::{NOT_SAVED, OPEN, SAVED, is_saved, open, save_again, set_lead, start};
use crate::tally::Tally;

const ROUNDS: usize = 60;
/// Events before the first change.
const EVENTS: usize = 5;

/// Has this process ended, even if nobody has waited for it yet?
pub fn has_ended(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
}

fn number(lead: &str) -> Option<usize> {
    lead.strip_prefix("lead ")?.parse().ok()
}

/// Sets one lead after the other until the program is killed. The last one that was shown as saved, and the last one
/// that was typed.
fn until_killed(ground: &Ground, first: usize, after: Duration) -> (usize, usize) {
    let mut screen = open(ground);
    let pid = screen.pid();
    let killer = thread::spawn(move || {
        thread::sleep(after);
        let pid = Pid::from_raw(pid.try_into().expect("a number")).expect("a process");
        kill_process(pid, Signal::KILL).expect("it runs");
    });
    let dead = || has_ended(pid);
    let wipe = "\u{7f}".repeat(20);
    let mut acknowledged = first - 1;
    let mut typed = acknowledged;
    while !dead() {
        typed += 1;
        // What was half typed when it was killed is in the form again, and goes first.
        screen.type_text(&format!("M{wipe}lead\t{wipe}lead {typed}\r"));
        // Each change is one more event, and a frame that shows it shows whether it is saved.
        screen.wait_for_any(&[&format!("6 Timeline  {}", EVENTS + typed)], &dead);
        if screen.wait_for_any(&[SAVED, NOT_SAVED], &dead) == Some(0) {
            acknowledged = typed;
        }
    }
    killer.join().expect("it was killed");
    assert!(screen.ended());
    (acknowledged, typed)
}

#[test]
#[ignore = "takes a while: --include-ignored"]
fn what_the_screen_showed_as_saved_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let (seed, mut random) = random();
    let mut tally = Tally::default();
    let mut there = 0;
    for _ in 0..ROUNDS {
        let after = Duration::from_millis(600).mul_f64(random.f64());
        let (acknowledged, typed) = until_killed(&ground, there + 1, after);
        match ground.lead().map(|lead| number(&lead)) {
            Ok(Some(found)) if (acknowledged.max(there)..=typed).contains(&found) => {
                tally.count(if found > acknowledged {
                    "more than was shown as saved"
                } else {
                    "what was shown as saved"
                });
                there = found;
            }
            other => tally.lost.push(format!("seed {seed}: shown as saved {acknowledged}, there {other:?}")),
        }
        assert!(tally.lost.is_empty(), "{:?}", tally.lost);
    }
    println!("the screen killed: {there} changes were saved meanwhile");
    tally.end("the screen killed", ROUNDS);
}

/// System calls of the thread that reads and saves, each with an error, at its first calls; where a path is given, only
/// those on it count. Each of them is made: a call that met no error is a fault of the test.
const FAULTS: &[(&str, &str, &[&str], usize)] = &[
    ("fsync", "", &["EIO", "ENOSPC"], 3),
    ("renameat2", "", &["EIO", "ENOSPC", "EROFS", "EINVAL"], 1),
    ("rename", "", &["EIO"], 3),
    ("flock", "", &["EIO", "ENOLCK"], 2),
    ("fchmod", "", &["EPERM"], 3),
    ("getdents64", "", &["EIO"], 4),
    ("openat", "case.lock", &["EMFILE", "EIO"], 1),
    ("openat", "case.open", &["EACCES"], 1),
    ("openat", "case.toml", &["EIO", "EMFILE", "ESTALE"], 5),
    ("open", "backups", &["EIO"], 2),
];

/// Did a call meet its error?
fn happened(ground: &Ground) -> bool {
    let trace = fs::read_to_string(ground.data().with_file_name("trace"));
    trace.is_ok_and(|traced| traced.contains("(INJECTED)"))
}

fn one_error(ground: &Ground, call: &str, path: &str, error: &str, when: usize) -> Result<&'static str, String> {
    let trace = ground.data().with_file_name("trace");
    let only = if path.is_empty() { String::new() } else { format!("-P {}", ground.case(path).display()) };
    let line = format!(
        "exec strace -D -f --seccomp-bpf -o '{}' {only} -e trace={call} -e inject={call}:error={error}:when={when} \"$@\"",
        trace.display()
    );
    let mut screen = start(ground, &line, &["open", ID], &[]);
    let pid = screen.pid();
    let shown = screen.wait_for_any(&[OPEN, "each by its key", "can't"], &|| has_ended(pid));
    if shown.is_none() {
        assert!(screen.ended());
        assert!(screen.contents().starts_with("fixlead: "), "{}", screen.contents());
        return Ok("ended with a word");
    }
    if shown != Some(0) {
        screen.signal("TERM");
        assert!(screen.ended());
        let lead = ground.lead_and_backups()?;
        return if lead == BEFORE { Ok("told at the opening") } else { Err(format!("the lead is {lead}")) };
    }
    set_lead(&mut screen, "lead 1");
    let at_once = is_saved(&mut screen);
    if at_once {
        ground.lead_and_backups().and_then(|lead| if lead == "lead 1" { Ok(()) } else { Err(lead) })?;
    } else {
        screen.type_text("\u{1b}");
        screen.wait_for(OPEN);
        save_again(&mut screen);
    }
    screen.leave();
    match ground.lead_and_backups()?.as_str() {
        "lead 1" if !ground.leftovers().is_empty() => Err(format!("it left {:?}", ground.leftovers())),
        "lead 1" if at_once => Ok("saved all the same"),
        "lead 1" => Ok("told as not saved, and saved by r"),
        other => Err(format!("the lead is {other}")),
    }
}

#[test]
#[ignore = "needs strace: --include-ignored"]
fn an_error_in_one_call_of_the_screen_is_told_and_r_saves() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for (call, path, errors, most) in FAULTS {
        for error in *errors {
            for when in 1..=*most {
                let ground = Ground::at(&folder.path().join(tally.total().to_string()));
                match one_error(&ground, call, path, error, when) {
                    Ok(_) if !happened(&ground) => {
                        tally.lost.push(format!("{error} in {call} {path} {when} did not happen"));
                    }
                    Ok(what) => tally.count(what),
                    Err(why) => tally.lost.push(format!("{error} in {call} {path} {when}: {why}")),
                }
            }
        }
    }
    tally.end("the screen and errors", 40);
}
