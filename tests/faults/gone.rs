//! A disk that turns read-only, and disks and folders that go away and come back: cases 10 and 11.

use std::fs;

use crate::disk::{Cut, Disk, Kind};
use crate::ground::{BEFORE, Ground, ID};
use crate::screen::{OPEN, is_saved, open, refusal, save_again, set_lead};
use crate::terminal::Terminal;

const VERB: [&str; 4] = ["case", "set", ID, "lead=lead 1"];

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn on_a_disk_that_is_read_only_for_a_while_verbs_read_and_refuse_to_write() {
    let disk = Disk::new(Kind::Ext4);
    let ground = Ground::at(&disk.path().join("home"));
    disk.turn_read_only();
    let output = ground.run(&VERB);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("the disk is read-only"), "{said}");
    for verb in [&["case", "show", ID][..], &["case", "list"], &["next", "--all"], &["case", "timeline", ID], &[]] {
        let output = ground.run(verb);
        assert!([Some(0), Some(2), Some(10)].contains(&output.status.code()), "{verb:?}: {output:?}");
    }
    disk.turn_writable();
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
    ground.done(&VERB);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
}

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn a_disk_that_turns_read_only_under_the_screen_is_told_and_saves_once_it_is_writable() {
    let disk = Disk::new(Kind::Ext4);
    let ground = Ground::at(&disk.path().join("home"));
    let mut screen = open(&ground);
    disk.turn_read_only();
    set_lead(&mut screen, "lead 1");
    assert!(refusal(&mut screen).contains("the disk is read-only"), "{}", screen.contents());
    disk.turn_writable();
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    screen.leave();
}

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn a_case_opened_on_a_read_only_disk_is_read_and_can_be_changed_once_that_is_over() {
    let disk = Disk::new(Kind::Ext4);
    let ground = Ground::at(&disk.path().join("home"));
    disk.turn_read_only();
    let mut screen = crate::screen::start(&ground, "exec \"$@\"", &["open", ID], &[]);
    screen.wait_for("the disk is read-only");
    disk.turn_writable();
    screen.type_text("r");
    screen.wait_for(OPEN);
    set_lead(&mut screen, "lead 1");
    assert!(is_saved(&mut screen), "{}", screen.contents());
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    screen.leave();
}

/// A screen whose first change is saved. Then the case goes away, and a second one is made.
fn while_it_is_gone(ground: &Ground, go: impl FnOnce()) -> Terminal {
    let mut screen = open(ground);
    set_lead(&mut screen, "lead 1");
    assert!(is_saved(&mut screen));
    go();
    set_lead(&mut screen, "lead 2");
    screen.wait_for("NOT SAVED");
    let output = ground.run(&VERB);
    assert!(!output.status.success(), "nothing is written elsewhere: {output:?}");
    screen
}

/// Once it is back, the screen saves what it kept.
fn is_saved_once_back(ground: &Ground, mut screen: Terminal) {
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"), "what was acknowledged is there");
    screen.type_text("\u{1b}");
    screen.wait_for(OPEN);
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 2"));
    screen.leave();
}

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn a_disk_that_is_pulled_out_and_put_back_holds_what_was_saved_and_gets_the_rest() {
    let disk = Disk::new(Kind::Ext4);
    let ground = Ground::at(&disk.path().join("home"));
    disk.sync();
    let screen = while_it_is_gone(&ground, || disk.fail(Cut::Sudden));
    disk.unmount_busy();
    // It is another device each time.
    disk.mount_as_another();
    is_saved_once_back(&ground, screen);
}

#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn a_disk_that_is_unmounted_and_mounted_holds_what_was_saved_and_gets_the_rest() {
    let disk = Disk::new(Kind::Ext4);
    let ground = Ground::at(&disk.path().join("home"));
    let screen = while_it_is_gone(&ground, || disk.unmount_busy());
    assert!(!ground.case("").exists(), "nothing of the case is written where the disk was");
    disk.mount();
    is_saved_once_back(&ground, screen);
}

#[test]
fn a_folder_that_is_moved_away_and_back_holds_what_was_saved_and_gets_the_rest() {
    for of_all in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let ground = Ground::at(&folder.path().join("home"));
        let aside = folder.path().join("aside");
        let moved = if of_all { ground.data() } else { ground.cases().join(ID) };
        let screen = while_it_is_gone(&ground, || fs::rename(&moved, &aside).expect("it moves"));
        if of_all {
            assert!(!moved.exists(), "nothing is made in its place");
        }
        fs::rename(&aside, &moved).expect("it moves");
        is_saved_once_back(&ground, screen);
    }
}
