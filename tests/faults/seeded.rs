//! The suite is held, too: four bugs are sown into the program, and each of them has to be found.

use crate::disk::{Disk, Kind};
use crate::foreign;
use crate::ground::{BEFORE, Ground, ID};
use crate::power::{self, CUTS};
use crate::trace::Tracer;
use crate::writing::SAVE;

#[track_caller]
fn is_found(bug: &str, lost: &[String]) {
    let are_sown = cfg!(feature = "seeded-bugs");
    assert!(are_sown, "needs --features seeded-bugs");
    assert!(!lost.is_empty(), "{bug} is not found");
    println!("{bug}: found {} times, first: {}", lost.len(), lost[0]);
}

fn found_by_a_cut(bug: &str) {
    for kind in [Kind::Ext4, Kind::Ext4Writeback, Kind::Xfs] {
        let disk = Disk::new(kind);
        let cut = |cut| power::cut_after_the_acknowledgement(&SAVE, &disk, cut, Some(bug)).err();
        let lost: Vec<String> = CUTS.into_iter().filter_map(cut).collect();
        is_found(&format!("{bug} on {kind:?}"), &lost);
    }
}

#[test]
#[ignore = "needs root, loop mounts and --features seeded-bugs: --include-ignored"]
fn a_file_that_is_not_synced_is_found() {
    found_by_a_cut("no-file-sync");
}

#[test]
#[ignore = "needs root, loop mounts and --features seeded-bugs: --include-ignored"]
fn a_folder_that_is_not_synced_is_found() {
    found_by_a_cut("no-folder-sync");
}

#[test]
#[ignore = "needs strace and --features seeded-bugs: --include-ignored"]
fn a_rename_before_the_write_is_found() {
    let bug = "rename-first";
    let verb = ["case", "set", ID, "lead=lead 1"];
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = |name: String| Ground::at(&folder.path().join(name));
    let tracer = Tracer::new();
    let calls = tracer.record_as(&fresh("first".to_owned()), &verb, Some(bug));
    let mut lost = Vec::new();
    for (number, call) in calls.iter().enumerate() {
        let ground = fresh(number.to_string());
        tracer.run_as(&ground, &verb, call, "signal=SIGKILL", &[("FIXLEAD_SEEDED_BUG", bug)]);
        match ground.lead().as_deref() {
            Ok(BEFORE | "lead 1") => {}
            other => lost.push(format!("{other:?} after a kill at {}", call.shown)),
        }
    }
    is_found(bug, &lost);
}

#[test]
#[ignore = "needs strace and --features seeded-bugs: --include-ignored"]
fn a_look_before_a_rename_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    is_found("check-then-rename", &foreign::finds(folder.path(), "check-then-rename"));
}
