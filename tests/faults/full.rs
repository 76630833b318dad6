//! A disk with no room, a quota that is used up, a limit on the size of files: cases 8 and 9.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::disk::{Disk, Kind, run};
use crate::ground::{BEFORE, Ground, ID};
use crate::screen::{OPEN, is_saved, open, open_behind, refusal, save_again, set_lead, start};
use crate::tally::Tally;

const VERB: [&str; 4] = ["case", "set", ID, "lead=lead 1"];
const FULL: &str = "the disk is full; make room, then save again";

/// A file that takes all room there is, and gives some of it back.
struct Filler {
    path: PathBuf,
    bytes: u64,
    block: u64,
}

impl Filler {
    /// Takes everything on this disk, in its own units.
    fn new(disk: &Path) -> Self {
        let path = disk.join("filler");
        let mut file = File::create(&path).expect("a file");
        for size in [4096, 1] {
            while file.write_all(&vec![b'x'; size]).is_ok() {}
        }
        let _ = file.sync_all();
        let found = file.metadata().expect("its size");
        Self { path, bytes: found.len(), block: found.blksize() }
    }

    /// Leaves this many blocks free.
    fn leave(&self, blocks: u64) {
        let file = File::options().write(true).open(&self.path).expect("it is there");
        file.set_len(self.bytes.saturating_sub(blocks * self.block)).expect("room");
        file.sync_all().expect("room");
    }
}

impl Drop for Filler {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Every verb that writes, on a disk on which more and more is free: each of them is done, or says that it is not, and
/// nothing is lost. Once there is room, each of them goes through.
fn every_verb_at_each_point_of_filling(disk: &Disk, points: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::default();
    for blocks in points {
        for act in ACTS {
            match act.with_so_much_room(disk, blocks) {
                Ok(what) => tally.count(what),
                Err(why) => tally.lost.push(format!("{:?} with {blocks} blocks: {why}", act.verb)),
            }
        }
    }
    tally
}

impl Act {
    fn with_so_much_room(&self, disk: &Disk, blocks: u64) -> Result<&'static str, String> {
        let root = disk.path().join("home");
        let _ = fs::remove_dir_all(&root);
        let ground = Ground::at(&root);
        (self.prepare)(&ground);
        let filler = Filler::new(&disk.path());
        filler.leave(blocks);
        let output = ground.run(self.verb);
        let done = output.status.success();
        let said = String::from_utf8_lossy(&output.stderr);
        (self.check)(&ground, done).map_err(|why| format!("{why}; it said {said}"))?;
        let left = ground.leftovers();
        if !left.is_empty() {
            return Err(format!("it left {left:?}"));
        }
        drop(filler);
        if done {
            return Ok("done");
        }
        if !said.starts_with("fixlead: ") || !said.contains(self.told) {
            return Err(format!("it said {said}"));
        }
        if !ground.run(self.verb).status.success() {
            return Err("it does not go through once there is room".to_owned());
        }
        (self.check)(&ground, true).map_err(|why| format!("with room: {why}"))?;
        Ok("told as not done, and done once there was room")
    }
}

struct Act {
    prepare: fn(&Ground),
    verb: &'static [&'static str],
    /// What a failure says.
    told: &'static str,
    /// What has to be so, after it was done and after it was not.
    check: fn(&Ground, bool) -> Result<(), String>,
}

const ACTS: &[Act] = &[
    Act {
        prepare: |_| {},
        verb: &VERB,
        told: "full",
        check: |ground, done| match ground.lead_and_backups()?.as_str() {
            "lead 1" if done => Ok(()),
            BEFORE if !done => Ok(()),
            other => Err(format!("the lead is {other}")),
        },
    },
    Act {
        prepare: |_| {},
        verb: &["case", "new", "--playbook", "gardener", "--title", "Another one"],
        told: "full",
        check: |ground, done| {
            let cases: Vec<_> = fs::read_dir(ground.cases()).expect("the cases").flatten().collect();
            let whole = cases.iter().all(|case| case.path().join("case.toml").is_file());
            let old = ground.lead_and_backups()?;
            if cases.len() == 1 + usize::from(done) && whole && old == BEFORE {
                Ok(())
            } else {
                Err(format!("{} cases, whole: {whole}", cases.len()))
            }
        },
    },
    Act {
        prepare: |ground| {
            ground.done(&VERB);
            fs::write(ground.case("case.toml"), "id = \"half").expect("a file");
        },
        verb: &["case", "restore", ID],
        told: "full",
        check: |ground, done| {
            let texts = ground.all_texts();
            if !texts.iter().any(|text| text == "id = \"half") {
                return Err("the damaged file is gone".to_owned());
            }
            match (done, ground.lead_and_backups()) {
                (true, Ok(lead)) if lead == BEFORE => Ok(()),
                (false, Err(_)) => Ok(()),
                (_, other) => Err(format!("{other:?}")),
            }
        },
    },
    Act {
        prepare: |_| {},
        verb: &["case", "hand-over", ID, "--to", "Ben"],
        told: "",
        check: |ground, done| {
            let bundle = ground.case(&format!("outbox/{ID}-hand-over.toml"));
            let whole = fs::read_to_string(&bundle).is_ok_and(|text| text.contains("the program does not know"));
            if whole == done && (done || !bundle.exists()) && ground.text().contains("Nobody may lose") {
                Ok(())
            } else {
                Err(format!("the bundle is there: {}, whole: {whole}", bundle.exists()))
            }
        },
    },
];

#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn on_a_full_tmpfs_every_verb_is_done_or_told_as_not_done() {
    every_verb_at_each_point_of_filling(&Disk::new(Kind::Memory), 0..20).end("a full tmpfs", 80);
}

#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn on_a_full_ext4_every_verb_is_done_or_told_as_not_done() {
    every_verb_at_each_point_of_filling(&Disk::new(Kind::SmallExt4), (0..72).step_by(3)).end("a full ext4", 80);
}

/// Everything that the screen writes, with no room at all and with room again.
#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn the_screen_says_that_the_disk_is_full_and_saves_all_of_it_once_there_is_room() {
    let disk = Disk::new(Kind::Memory);
    let ground = Ground::at(&disk.path().join("home"));
    let mut screen = open(&ground);
    let filler = Filler::new(&disk.path());
    set_lead(&mut screen, "lead 1");
    assert!(refusal(&mut screen).contains(FULL), "{}", screen.contents());
    screen.type_text("r\u{1b}");
    screen.wait_for(OPEN);
    assert!(!is_saved(&mut screen), "still full: {}", screen.contents());
    screen.type_text("n");
    screen.wait_for("Add a note");
    screen.type_text("half a thought");
    screen.wait_for("half a thought");
    screen.type_text("\u{1b}");
    screen.wait_for(OPEN);
    assert!(!is_saved(&mut screen), "still full: {}", screen.contents());
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
    assert_eq!(ground.leftovers(), Vec::<String>::new());
    drop(filler);
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    assert!(ground.text().contains("half a thought"));
    screen.leave();
}

#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn a_new_case_on_a_full_disk_is_refused_and_what_was_typed_is_there_until_there_is_room() {
    let disk = Disk::new(Kind::Memory);
    let ground = Ground::at(&disk.path().join("home"));
    let mut screen = start(&ground, "exec \"$@\"", &[], &[]);
    screen.wait_for(ID);
    let filler = Filler::new(&disk.path());
    screen.type_text("nOn a full disk\r\r\r");
    screen.wait_for("full");
    assert_eq!(fs::read_dir(ground.cases()).expect("the cases").count(), 1, "nothing is left of it");
    drop(filler);
    screen.type_text("n");
    screen.wait_for("On a full disk");
    screen.type_text("\r\r\r");
    screen.wait_for(OPEN);
    screen.leave();
    assert_eq!(fs::read_dir(ground.cases()).expect("the cases").count(), 2);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
}

#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn who_one_is_holds_for_this_run_where_it_can_not_be_kept() {
    let disk = Disk::new(Kind::Memory);
    let ground = Ground::at(&disk.path().join("home"));
    fs::remove_file(ground.config()).expect("it was there");
    let mut screen = start(&ground, "exec \"$@\"", &[], &[]);
    screen.wait_for(ID);
    screen.type_text("nA title\t\t\tAda");
    screen.wait_for("Ada");
    let filler = Filler::new(&disk.path());
    screen.type_text("\r");
    screen.wait_for("full");
    assert!(!ground.config().exists(), "no half of a file is left");
    drop(filler);
    screen.leave();
}

#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn a_screen_opened_on_a_full_disk_can_save_once_there_is_room() {
    let disk = Disk::new(Kind::Memory);
    let ground = Ground::at(&disk.path().join("home"));
    ground.done(&VERB);
    open(&ground).leave();
    let filler = Filler::new(&disk.path());
    let mut screen = open(&ground);
    set_lead(&mut screen, "lead 2");
    assert!(refusal(&mut screen).contains(FULL), "{}", screen.contents());
    drop(filler);
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 2"));
    screen.leave();
}

const LIMITED: &str = "ulimit -S -f 1; exec \"$@\"";

#[test]
fn a_limit_on_the_size_of_files_is_told_by_verbs() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let words = ["sh", "-c", LIMITED, "sh"].map(str::to_owned);
    let output = ground.behind(&words, &VERB).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("ulimit -f"), "{said}");
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
}

#[test]
fn a_limit_on_the_size_of_files_is_told_on_the_screen_which_saves_once_it_is_raised() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let mut screen = open_behind(&ground, LIMITED);
    set_lead(&mut screen, "lead 1");
    assert!(refusal(&mut screen).contains("ulimit -f"), "{}", screen.contents());
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
    run(&["prlimit", "--fsize=unlimited", "--pid", &screen.pid().to_string()], &[]);
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    screen.leave();
}

#[test]
#[ignore = "needs root, loop mounts and btrfs: --include-ignored"]
fn a_quota_that_is_used_up_is_told_and_saves_once_it_is_raised() {
    let disk = Disk::new(Kind::Btrfs);
    let part = disk.path().join("part");
    run(&["btrfs", "-q", "quota", "enable"], &[&disk.path()]);
    run(&["btrfs", "-q", "subvolume", "create"], &[&part]);
    // 256 is the number of the first part.
    let quota = |most: &str| run(&["btrfs", "qgroup", "limit", most, "0/256"], &[&disk.path()]);
    let ground = Ground::at(&part.join("home"));
    disk.sync();
    let mut screen = open(&ground);
    quota("1k");
    let output = ground.run(&VERB);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains(FULL), "{said}");
    set_lead(&mut screen, "lead 1");
    assert!(refusal(&mut screen).contains(FULL), "{}", screen.contents());
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
    quota("none");
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    screen.leave();
}

/// The disk takes what is written, and finds only then that it has no room for it: the sync fails.
#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn room_that_is_missing_only_when_the_disk_writes_is_told_by_the_sync() {
    let disk = Disk::new(Kind::Thin);
    let ground = Ground::at(&disk.path().join("home"));
    let mut screen = open(&ground);
    disk.sync();
    let filler = Filler::new(&disk.behind());
    let mut acknowledged = 0;
    // What lies in places that were written before still goes through.
    let said = loop {
        let output = ground.run(&["case", "set", ID, &format!("lead=lead {}", acknowledged + 1)]);
        if !output.status.success() {
            break String::from_utf8_lossy(&output.stderr).into_owned();
        }
        acknowledged += 1;
        assert!(acknowledged < 400, "the disk never had too little room");
    };
    println!("write-back: {acknowledged} saves went through, then: {}", said.trim());
    assert!(said.starts_with("fixlead: "), "{said}");
    set_lead(&mut screen, "lead 1000");
    refusal(&mut screen);
    drop(filler);
    screen.type_text("r");
    // A file system that has seen errors may want to be mounted again.
    if !is_saved(&mut screen) {
        screen.signal("KILL");
        assert!(screen.ended());
    }
    drop(screen);
    disk.unmount();
    disk.mount();
    let there = ground.lead().expect("the case is whole");
    assert!([format!("lead {acknowledged}"), "lead 1000".to_owned()].contains(&there), "{acknowledged}: {there}");
}

/// A disk that does not answer for a while holds up the save and nothing else.
#[test]
#[ignore = "needs root and loop mounts: --include-ignored"]
fn while_a_disk_does_not_answer_the_screen_does() {
    let disk = Disk::new(Kind::Ext4);
    let ground = Ground::at(&disk.path().join("home"));
    let mut screen = open(&ground);
    run(&["fsfreeze", "-f"], &[&disk.path()]);
    set_lead(&mut screen, "lead 1");
    screen.wait_for(" saving ");
    screen.type_text("?");
    screen.wait_for("Keys of this place");
    run(&["fsfreeze", "-u"], &[&disk.path()]);
    screen.type_text("q");
    assert!(is_saved(&mut screen));
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    screen.leave();
}

/// There is room for the case, and none for the bundle.
#[test]
#[ignore = "needs root and mounts: --include-ignored"]
fn a_hand_over_whose_bundle_has_no_room_says_so_and_writes_it_once_there_is_some() {
    let disk = Disk::new(Kind::Memory);
    let ground = Ground::at(&disk.path().join("home"));
    let bundle = ground.case(&format!("outbox/{ID}-hand-over.toml"));
    let mut screen = open(&ground);
    let filler = Filler::new(&disk.path());
    filler.leave(8);
    screen.type_text("H");
    screen.wait_for("Hand the case over");
    screen.type_text("Ben\t\t\r");
    screen.wait_for("the bundle is not written");
    assert!(!bundle.exists(), "no half of a bundle is left");
    drop(filler);
    let verb = ["case", "hand-over", ID, "--to", "Ben"];
    ground.done(&verb);
    assert!(fs::read_to_string(&bundle).expect("the bundle").contains("Nobody may lose this line"));
    screen.leave();
}
