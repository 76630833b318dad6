//! Nothing of a case stands where others can look: in command lines and environments of processes, in window titles, in
//! files outside of the folder of cases.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::house::House;
use crate::terminal::Terminal;

/// Stands in every text of the case.
const CANARY: &str = "zebra-canary-4711";

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
}

/// Processes whose arguments or environment hold the canary, of all that this person may look into.
fn told_by_processes() -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().map(|process| process.path());
    let files = processes.flat_map(|process| ["cmdline", "environ", "comm"].map(|name| process.join(name)));
    files
        .filter(|file| fs::read(file).is_ok_and(|bytes| holds(&bytes)))
        .map(|file| file.display().to_string())
        .collect()
}

/// Every file below a folder, but for those below one of these.
fn files(folder: &Path, but: &[PathBuf]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .filter(|path| !but.contains(path))
        .flat_map(|path| if path.is_dir() { files(&path, but) } else { vec![path] })
        .collect()
}

#[test]
fn nothing_of_a_case_is_in_any_process_or_file_but_its_own() {
    let house = House::new();
    let folder = |name: &str| {
        let folder = house.path().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        folder.display().to_string()
    };
    let script = house.path().join("an editor");
    // It goes on once it was looked at, and ends by itself once the folder of this test is gone.
    let wait = "#!/bin/sh\necho > \"$0.up\"\nwhile [ -e \"$0.up\" ]; do sleep 0.02; done\necho and more >> \"$1\"\n";
    fs::write(&script, wait).expect("written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).expect("a mode");
    let (home, room, temporary) = (folder("home"), folder("room"), folder("tmp"));
    let (cache, state) = (folder("cache"), folder("state"));
    let own = format!("'{}'", script.display());
    let variables = [
        ("HOME", home.as_str()),
        ("XDG_RUNTIME_DIR", &room),
        ("TMPDIR", &temporary),
        ("XDG_CACHE_HOME", &cache),
        ("XDG_STATE_HOME", &state),
        ("VISUAL", &own),
    ];
    let mut screen = Terminal::start_as(&house, 36, 120, &[], &variables);
    screen.wait_for("No case yet");
    screen.type_text(&format!("n{CANARY}\r\r\r"));
    screen.wait_for("Next for you");
    let id = house.only_case();
    screen.type_text("n");
    screen.wait_for("Add a note");
    screen.type_text(CANARY);
    screen.wait_for(&format!("   {CANARY}"));
    screen.type_text("\u{18}");
    let up = house.path().join("an editor.up");
    screen.wait_until("the editor", || up.exists());
    assert_eq!(told_by_processes(), Vec::<String>::new());
    assert_eq!(files(Path::new(&room), &[]).len(), 1, "the text of the editor, for as long as it is open");
    fs::remove_file(&up).expect("it was there");
    screen.wait_for("and more");
    screen.type_text("\t\r");
    screen.wait_until("the note", || house.case_file(&id).contains("note = "));
    assert_eq!(told_by_processes(), Vec::<String>::new());
    // A verb while it waits for its text, and a bundle for the next lead.
    let arguments = house.arguments();
    let mut verb = Command::new(env!("CARGO_BIN_EXE_fixlead"));
    verb.args(&arguments).args(["case", "grant", &id, "-", "the branch"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut granted = verb.spawn().expect("it runs");
    {
        use std::io::Write;
        let mut input = granted.stdin.take().expect("its input");
        input.write_all(CANARY.as_bytes()).expect("it reads");
        assert_eq!(told_by_processes(), Vec::<String>::new());
    }
    assert!(granted.wait().expect("it ends").success());
    screen.leave();
    assert!(!screen.contents().contains(CANARY), "nothing is left on the terminal");
    house.done(&["case", "hand-over", &id, "--to", "b"]);
    let data = house.path().join("data");
    assert!(files(&data, &[]).iter().any(|file| fs::read(file).is_ok_and(|bytes| holds(&bytes))), "it is in the case");
    for file in files(house.path(), &[data]) {
        assert!(!holds(&fs::read(&file).expect("a file")), "{}", file.display());
        assert!(!file.to_string_lossy().contains(CANARY));
    }
    assert_eq!(files(Path::new(&room), &[]), Vec::<PathBuf>::new());
}
