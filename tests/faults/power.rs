//! The process is killed at each system call of a save, and the power is cut right then: case 2.

use std::fs;

use crate::disk::{Cut, Disk, Kind};
use crate::ground::{BEFORE, Ground, ID};
use crate::tally::Tally;
use crate::trace::{Call, Tracer};

const VERB: [&str; 4] = ["case", "set", ID, "lead=lead 1"];
pub const CUTS: [Cut; 2] = [Cut::Sudden, Cut::NamesFirst];

/// A fresh case on a disk, which is there for good before anything happens.
pub fn settled(disk: &Disk) -> Ground {
    let root = disk.path().join("home");
    if root.exists() {
        fs::remove_dir_all(&root).expect("the last one goes");
    }
    let ground = Ground::at(&root);
    disk.sync();
    ground
}

/// The calls after which a cut can find something else than before. The others only look.
fn from_the_lock_on(calls: &[Call]) -> &[Call] {
    let first = calls.iter().position(|call| call.shown.contains("case.lock")).expect("a lock");
    &calls[first..]
}

fn kill_and_cut_everywhere(kind: Kind) {
    let disk = Disk::new(kind);
    let tracer = Tracer::new();
    let calls = tracer.record(&settled(&disk), &VERB);
    let mut tally = Tally::default();
    for cut in CUTS {
        for call in from_the_lock_on(&calls) {
            let ground = settled(&disk);
            tracer.run(&ground, &VERB, call, "signal=SIGKILL");
            disk.cut(cut);
            match ground.lead_and_backups() {
                Ok(lead) if lead == BEFORE => tally.count("as before"),
                Ok(lead) if lead == "lead 1" => tally.count("as after"),
                other => tally.lost.push(format!("{cut:?} at {}: {other:?}", call.shown)),
            }
        }
    }
    tally.end(&format!("killed, then {kind:?} cut"), 100);
}

/// What was acknowledged is there after a cut; otherwise what is.
pub fn cut_after_the_acknowledgement(disk: &Disk, cut: Cut, bug: Option<&str>) -> Result<(), String> {
    let ground = settled(disk);
    let mut verb = ground.verb(&VERB);
    verb.envs(bug.map(|bug| ("FIXLEAD_SEEDED_BUG", bug)));
    assert!(verb.output().expect("the program runs").status.success());
    disk.cut(cut);
    match ground.lead_and_backups()?.as_str() {
        "lead 1" => Ok(()),
        other => Err(format!("{cut:?}: acknowledged was lead 1, there is {other}")),
    }
}

fn cut_when_acknowledged(kind: Kind) {
    let disk = Disk::new(kind);
    let mut tally = Tally::default();
    for _ in 0..5 {
        for cut in CUTS {
            match cut_after_the_acknowledgement(&disk, cut, None) {
                Ok(()) => tally.count("as acknowledged"),
                Err(why) => tally.lost.push(why),
            }
        }
    }
    tally.end(&format!("acknowledged, then {kind:?} cut"), 10);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_save_leave_the_old_or_the_new_case_on_ext4() {
    kill_and_cut_everywhere(Kind::Ext4);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_save_leave_the_old_or_the_new_case_on_ext4_that_only_orders_names() {
    kill_and_cut_everywhere(Kind::Ext4Writeback);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_save_leave_the_old_or_the_new_case_on_xfs() {
    kill_and_cut_everywhere(Kind::Xfs);
}

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn an_acknowledged_save_survives_a_power_cut() {
    for kind in [Kind::Ext4, Kind::Ext4Writeback, Kind::Xfs] {
        cut_when_acknowledged(kind);
    }
}

/// Somebody saves all the time while the disk goes away: what was acknowledged last is there once it is back.
#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn a_disk_that_goes_away_in_the_middle_of_many_saves_holds_the_last_acknowledged_one() {
    let disk = Disk::new(Kind::Ext4);
    let mut tally = Tally::default();
    for round in 0..20 {
        let ground = settled(&disk);
        let (mut acknowledged, mut refused) = (0, String::new());
        std::thread::scope(|scope| {
            let saving = scope.spawn(|| {
                // Far more than there is time for.
                for number in 1..10_000 {
                    let output = ground.run(&["case", "set", ID, &format!("lead=lead {number}")]);
                    if !output.status.success() {
                        return (number - 1, String::from_utf8_lossy(&output.stderr).into_owned());
                    }
                }
                panic!("the disk never went away")
            });
            // Not before something was saved at all; then at any time.
            while fs::read_dir(ground.case("backups")).map_or(0, Iterator::count) < 6 + round % 4 {
                std::thread::yield_now();
            }
            disk.fail(CUTS[round % 2]);
            (acknowledged, refused) = saving.join().expect("it ends");
        });
        disk.unmount();
        disk.mount();
        let there = ground.lead().map(|lead| lead.trim_start_matches("lead ").parse::<usize>().unwrap_or(0));
        let is_there = there == Ok(acknowledged) || there == Ok(acknowledged + 1);
        if !is_there {
            tally.lost.push(format!("acknowledged {acknowledged}, there {there:?}"));
        } else if !refused.starts_with("fixlead: ") {
            tally.lost.push(format!("it says: {refused}"));
        } else {
            tally.count("with the last acknowledged save");
        }
    }
    tally.end("the disk goes away", 20);
}
