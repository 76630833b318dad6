//! Files and folders that may not be written, and any mask: cases 12, 13 and 18.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

use crate::disk::run;
use crate::ground::{BEFORE, Ground, ID};
use crate::screen::{OPEN, is_saved, save_again, set_lead, start_program};
use crate::terminal::Terminal;

const VERB: [&str; 4] = ["case", "set", ID, "lead=lead 1"];

/// Somebody who is not root, with a ground and a program that are theirs.
struct Nobody {
    folder: TempDir,
    ground: Ground,
}

impl Nobody {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::copy(env!("CARGO_BIN_EXE_fixlead"), folder.path().join("fixlead")).expect("a copy");
        let ground = Ground::at(&folder.path().join("home"));
        run(&["chown", "-R", "65534:65534"], &[folder.path()]);
        Self { folder, ground }
    }

    fn line(before: &str) -> String {
        format!("{before}exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"")
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("fixlead")
    }

    fn run(&self, verb: &[&str]) -> Output {
        let words = ["sh", "-c", &Self::line(""), "sh"].map(str::to_owned);
        self.ground.program_behind(&words, &self.program(), verb).output().expect("it runs")
    }

    fn screen(&self, before: &str, verb: &[&str], variables: &[(&str, &str)]) -> Terminal {
        start_program(&self.ground, &self.program().display().to_string(), &Self::line(before), verb, variables)
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").mode() & 0o777
}

/// Something is forbidden: the reason is told, nothing is forced, and once it is allowed everything is saved.
fn is_respected(forbid: impl Fn(&Ground), allow: impl Fn(&Ground), told: &str) {
    let nobody = Nobody::new();
    let ground = &nobody.ground;
    let mut screen = nobody.screen("", &["open", ID], &[]);
    screen.wait_for(OPEN);
    forbid(ground);
    let modes = || (mode(&ground.case("")), mode(&ground.case("case.toml")));
    let before = modes();
    let output = nobody.run(&VERB);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains(told), "{said}");
    set_lead(&mut screen, "lead 2");
    assert!(!is_saved(&mut screen), "{}", screen.contents());
    screen.wait_for(told);
    let mut reading = nobody.screen("", &["open", ID], &[]);
    reading.wait_for(told);
    reading.signal("TERM");
    assert!(reading.ended());
    assert_eq!(modes(), before, "the modes are as they were");
    assert!(ground.text().contains(&format!("lead = \"{BEFORE}\"")));
    allow(ground);
    save_again(&mut screen);
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 2"));
    screen.leave();
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode");
}

#[test]
#[ignore = "needs root: --include-ignored"]
fn a_folder_or_a_file_that_may_not_be_written_is_told_and_respected() {
    let folder = |mode| move |ground: &Ground| set_mode(&ground.case(""), mode);
    is_respected(folder(0o500), folder(0o700), "the folder of the case is set to read-only (mode 500)");
    let file = |mode| move |ground: &Ground| set_mode(&ground.case("case.toml"), mode);
    is_respected(file(0o400), file(0o600), "case.toml is set to read-only (mode 400)");
    let owner = |name: &'static str| move |ground: &Ground| run(&["chown", name], &[&ground.case("")]);
    let root = |ground: &Ground| {
        owner("root")(ground);
        set_mode(&ground.case(""), 0o755);
    };
    is_respected(root, owner("65534"), "the folder of the case is not yours to write");
}

/// Everything below a folder, with its mode.
fn modes_below(folder: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push((path.clone(), mode(&path)));
        }
    }
    found
}

fn are_for_the_owner_only(when: &str, folder: &Path, at_least: usize) {
    let found = modes_below(folder);
    for (path, mode) in &found {
        let is_folder = path.is_dir();
        assert_eq!(*mode, if is_folder { 0o700 } else { 0o600 }, "{when}: {} is {mode:03o}", path.display());
    }
    assert!(found.len() >= at_least, "{when}: only {found:?}");
}

/// Everything that the program makes: data and settings, backups, bundles, drafts, a drill, a text for an editor.
#[test]
#[ignore = "needs root: --include-ignored"]
fn whatever_the_mask_everything_is_for_the_owner_only() {
    for mask in ["000", "022", "777"] {
        let nobody = Nobody::new();
        let ground = &nobody.ground;
        let home = ground.data().parent().expect("a folder").to_owned();
        let memory = nobody.folder.path().join("memory");
        let editor = nobody.folder.path().join("editor");
        fs::remove_dir_all(ground.config().parent().expect("a folder")).expect("it was there");
        fs::write(&editor, "#!/bin/sh\necho it is open\nexec sleep 1000\n").expect("a file");
        set_mode(&editor, 0o755);
        run(&["install", "-d", "-m", "700", "-o", "65534"], &[&memory]);
        let (memory_name, editor_name) = (memory.display().to_string(), editor.display().to_string());
        let variables = [("XDG_RUNTIME_DIR", memory_name.as_str()), ("EDITOR", editor_name.as_str())];
        let before = format!("umask {mask}; ");

        fs::remove_dir_all(ground.data()).expect("it was there");
        let mut screen = nobody.screen(&format!("cd /; {before}"), &[], &variables);
        screen.wait_for("No case yet");
        screen.type_text("nA case of its own\t\t\tAda\r");
        screen.wait_for(OPEN);
        let id = fs::read_dir(ground.cases()).expect("the cases").flatten().next().expect("a case").file_name();
        set_lead(&mut screen, "lead 1");
        assert!(is_saved(&mut screen));
        screen.type_text("n");
        screen.wait_for("Add a note");
        screen.type_text("half a thought");
        screen.wait_for("half a thought");
        screen.type_text("\u{18}");
        screen.wait_for_bytes("it is open");
        are_for_the_owner_only(&format!("an editor under {mask}"), &memory, 2);
        screen.signal("TERM");
        assert!(screen.ended());
        let verb = ["case", "hand-over", id.to_str().expect("a name"), "--to", "Ben"];
        let words = ["sh", "-c", &Nobody::line(&before), "sh"].map(str::to_owned);
        let handed = ground.program_behind(&words, &nobody.program(), &verb).output().expect("it runs");
        assert!(handed.status.success(), "{handed:?}");

        let mut drill = nobody.screen(&before, &["drill", "emissary"], &variables);
        drill.wait_for("DRILL");
        are_for_the_owner_only(&format!("a drill under {mask}"), &home, 20);
        drill.signal("TERM");
        assert!(drill.ended());
        let mut kept = nobody.screen(&before, &[], &variables);
        kept.wait_for("fixlead");
        kept.type_text("nHalf a title");
        kept.wait_for("Half a title");
        kept.signal("TERM");
        assert!(kept.ended());
        assert!(ground.data().join("new-case.toml").is_file());
        are_for_the_owner_only(&format!("all of it under {mask}"), &home, 12);
    }
}
