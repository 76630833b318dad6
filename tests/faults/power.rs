//! The process is killed at each system call of a save, and the power is cut right then: case 2.

use std::fs;

use fixlead::store::Store;

use crate::disk::{Cut, Disk, Kind};
use crate::ground::{Ground, ID};
use crate::tally::Tally;
use crate::trace::Tracer;
use crate::writing::{NEW_CASE, RESTORE, SAVE, Writing};

pub const CUTS: [Cut; 2] = [Cut::Sudden, Cut::NamesFirst];
const KINDS: [Kind; 3] = [Kind::Ext4, Kind::Ext4Writeback, Kind::Xfs];

/// A fresh case on a disk, which is there for good before anything happens.
fn settled(disk: &Disk, writing: &Writing) -> Ground {
    let root = disk.path().join("home");
    if root.exists() {
        fs::remove_dir_all(&root).expect("the last one goes");
    }
    let ground = Ground::at(&root);
    (writing.prepare)(&ground);
    disk.sync();
    ground
}

fn kill_and_cut_everywhere(writing: &Writing, kind: Kind) {
    let disk = Disk::new(kind);
    let tracer = Tracer::new();
    let calls = tracer.record(&settled(&disk, writing), writing.verb);
    // Before it something else than a look was never asked of the disk.
    let first = calls.iter().position(|call| call.shown.contains("O_CREAT") || call.name == "mkdir");
    let mut tally = Tally::default();
    for cut in CUTS {
        for call in &calls[first.expect("it writes")..] {
            let ground = settled(&disk, writing);
            tracer.run(&ground, writing.verb, call, "signal=SIGKILL");
            disk.cut(cut);
            match (writing.in_place)(&ground) {
                Ok(true) => tally.count("as after"),
                Ok(false) => tally.count("as before"),
                Err(why) => tally.lost.push(format!("{cut:?} at {}: {why}", call.shown)),
            }
        }
    }
    tally.end(&format!("{} killed, then {kind:?} cut", writing.name), 60);
}

/// What was acknowledged is there after a cut; otherwise what is.
pub fn cut_after_the_acknowledgement(
    writing: &Writing,
    disk: &Disk,
    cut: Cut,
    bug: Option<&str>,
) -> Result<(), String> {
    let ground = settled(disk, writing);
    let mut verb = ground.verb(writing.verb);
    verb.envs(bug.map(|bug| ("FIXLEAD_SEEDED_BUG", bug)));
    assert!(verb.output().expect("the program runs").status.success());
    disk.cut(cut);
    let lost = || format!("{cut:?}: {} was acknowledged and is not there", writing.name);
    if (writing.in_place)(&ground)? { Ok(()) } else { Err(lost()) }
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_save_leave_the_old_or_the_new_case_on_ext4() {
    kill_and_cut_everywhere(&SAVE, Kind::Ext4);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_save_leave_the_old_or_the_new_case_on_ext4_that_only_orders_names() {
    kill_and_cut_everywhere(&SAVE, Kind::Ext4Writeback);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_save_leave_the_old_or_the_new_case_on_xfs() {
    kill_and_cut_everywhere(&SAVE, Kind::Xfs);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_new_case_leave_a_whole_one_or_none() {
    kill_and_cut_everywhere(&NEW_CASE, Kind::Ext4);
}

#[test]
#[ignore = "needs root, strace and loop mounts: --include-ignored"]
fn a_kill_and_a_cut_anywhere_in_a_restore_keep_the_damaged_file_and_the_backup() {
    kill_and_cut_everywhere(&RESTORE, Kind::Ext4);
}

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn what_was_acknowledged_survives_a_power_cut() {
    for kind in KINDS {
        let disk = Disk::new(kind);
        let mut tally = Tally::default();
        for writing in [&SAVE, &NEW_CASE, &RESTORE] {
            for cut in CUTS {
                match cut_after_the_acknowledgement(writing, &disk, cut, None) {
                    Ok(()) => tally.count("as acknowledged"),
                    Err(why) => tally.lost.push(why),
                }
            }
        }
        tally.end(&format!("acknowledged, then {kind:?} cut"), 6);
    }
}

/// The very first case makes the data folder as well.
#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn the_first_case_of_all_survives_a_power_cut() {
    for kind in KINDS {
        let disk = Disk::new(kind);
        for (number, cut) in CUTS.into_iter().enumerate() {
            let data = disk.path().join(format!("{number}/share/fixlead"));
            let new = ["case", "new", "--playbook", "emissary", "--title", "The first of all"];
            let settings = disk.path().join("none");
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_fixlead"))
                .arg("--data-dir")
                .arg(&data)
                .arg("--config-dir")
                .arg(settings)
                .args(new)
                .output()
                .expect("the program runs");
            assert!(output.status.success());
            disk.cut(cut);
            let id = String::from_utf8(output.stdout).expect("text");
            let store = Store::open(&data).expect("the data folder");
            let there = store.load(id.trim()).expect("the case");
            assert_eq!(there.case.record().title, "The first of all", "{kind:?} {cut:?}");
        }
    }
}

/// Somebody saves all the time while the disk goes away: what was acknowledged last is there once it is back.
#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn a_disk_that_goes_away_in_the_middle_of_many_saves_holds_the_last_acknowledged_one() {
    let disk = Disk::new(Kind::Ext4);
    let mut tally = Tally::default();
    for round in 0..20 {
        let ground = settled(&disk, &SAVE);
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
