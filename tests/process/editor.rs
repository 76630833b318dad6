//! The person's own editor: it gets the terminal and a text, and nothing of either is left, whatever happens to it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::house::House;
use crate::terminal::Terminal;

/// What must never be seen outside of the file that the editor is given.
const CANARY: &str = "canary in the header parser";

/// An editor that is a small script. It is given the file as its last argument.
fn editor(house: &House, script: &str) -> String {
    let path = house.path().join("an editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    format!("'{}' --quiet", path.display())
}

fn room(house: &House) -> PathBuf {
    let room = house.path().join("room");
    fs::create_dir_all(&room).unwrap();
    room
}

fn is_empty(room: &Path) -> bool {
    fs::read_dir(room).unwrap().next().is_none()
}

/// A screen on a new case with the canary typed into a note, and the editor asked for.
fn editing(house: &House, editor: &str) -> (Terminal, String) {
    let room = room(house).display().to_string();
    let variables = [("XDG_RUNTIME_DIR", room.as_str()), ("EDITOR", editor), ("VISUAL", "")];
    let mut screen = Terminal::start_as(house, 36, 120, &[], &variables);
    screen.wait_for("No case yet");
    screen.type_text(&format!("n{CANARY}\r\r\r"));
    screen.wait_for("Next for you");
    let id = house.only_case();
    screen.type_text("n");
    screen.wait_for("Add a note");
    screen.type_text(CANARY);
    screen.wait_for(&format!("   {CANARY}"));
    screen.type_text("\u{18}");
    (screen, id)
}

#[test]
fn what_the_editor_leaves_comes_back_into_the_field_and_nothing_stays_behind() {
    let house = House::new();
    let seen = house.path().join("seen");
    let script = format!(
        "ls -ld \"$(dirname \"$2\")\" \"$2\" | cut -c1-10 > '{0}'; echo \"$@\" >> '{0}'; echo 'and more' >> \"$2\"",
        seen.display()
    );
    let (mut screen, id) = editing(&house, &editor(&house, &script));
    screen.wait_for("and more");
    screen.type_text("\t\r");
    screen.wait_until("the note", || notes(&house, &id).contains(&format!("{CANARY}\\nand more")));
    assert!(is_empty(&room(&house)));
    let seen = fs::read_to_string(seen).unwrap();
    assert!(seen.starts_with("drwx------\n-rw-------\n--quiet /"), "{seen}");
    assert!(seen.trim_end().ends_with("/text.md") && !seen.contains("canary"), "{seen}");
    screen.leave();
}

#[test]
fn the_editor_alone_reads_the_keys_and_gets_the_terminal_as_it_was() {
    let house = House::new();
    let script = "stty -a | tr ';' '\\n' > \"$0.modes\"; printf 'say it: '; read line; echo \"$line\" >> \"$2\"";
    let (mut screen, _) = editing(&house, &editor(&house, script));
    screen.wait_until("the editor", || house.path().join("an editor.modes").exists());
    screen.type_text("q z and n, never run as keys\r");
    screen.wait_for("q z and n, never run as keys");
    screen.wait_for("Add a note");
    let modes = fs::read_to_string(house.path().join("an editor.modes")).unwrap();
    assert!(modes.split_whitespace().any(|mode| mode == "icanon"), "{modes}");
    screen.type_text("!");
    screen.wait_for("never run as keys!");
    screen.leave();
}

#[test]
fn what_was_typed_for_the_editor_and_read_before_it_was_there_changes_nothing_in_the_form() {
    let house = House::new();
    let (mut screen, id) = editing(&house, &editor(&house, "echo 'of the editor' >> \"$2\""));
    screen.wait_for("of the editor");
    screen.type_text("\u{18}xyz\t\r");
    screen.wait_until("the editor again", || notes(&house, &id).matches("of the editor").count() == 2);
    screen.type_text("!");
    screen.wait_for("of the editor!");
    screen.wait_for("Add a note");
    assert!(!screen.contents().contains("xyz"), "{}", screen.contents());
    screen.leave();
}

#[test]
fn an_editor_that_fails_is_killed_or_leaves_nonsense_changes_nothing() {
    let cases = [
        ("exit 3", "ended with exit status: 3"),
        ("stty raw -echo; kill -KILL $$", "signal: 9"),
        ("kill -TERM $$", "signal: 15"),
        (": > \"$2\"", "the text is empty"),
        ("printf '\\351' > \"$2\"", "is not UTF-8"),
        ("rm \"$2\"", "left no file"),
        ("head -c 1048577 /dev/zero | tr '\\0' a > \"$2\"", "over 1 MiB"),
    ];
    for (script, why) in cases {
        let house = House::new();
        let (mut screen, id) = editing(&house, &editor(&house, script));
        screen.wait_for(why);
        screen.wait_for("the old text stays");
        assert!(is_empty(&room(&house)), "{script}");
        screen.type_text("!\t\r");
        screen.wait_until("the old text", || house.case_file(&id).contains(&format!("note = \"{CANARY}!\"")));
        screen.leave();
    }
}

#[test]
fn an_editor_that_is_not_there_is_named() {
    let house = House::new();
    let (mut screen, _) = editing(&house, "no-such-editor -x");
    screen.wait_for("no-such-editor can't be started");
    screen.wait_for(CANARY);
    assert!(is_empty(&room(&house)));
    screen.leave();
}

/// All of the case, with its notes as JSON writes them.
fn notes(house: &House, id: &str) -> String {
    house.show(id).to_string()
}

/// Command lines of all programs that run.
fn command_lines() -> Vec<String> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).collect()
}

#[test]
fn a_signal_while_the_editor_is_open_ends_both_and_takes_the_text_away() {
    for signal in ["TERM", "HUP"] {
        let house = House::new();
        let script = "trap '' HUP; echo $$ > \"$0.pid\"; while :; do sleep 0.05; done";
        let (mut screen, id) = editing(&house, &editor(&house, script));
        let pid = house.path().join("an editor.pid");
        screen.wait_until("the editor", || fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n')));
        assert!(!is_empty(&room(&house)));
        assert!(command_lines().iter().all(|line| !line.contains("canary")), "nothing of a case in any command line");
        screen.signal(signal);
        assert!(screen.ended(), "{signal}");
        assert!(is_empty(&room(&house)), "{signal}");
        let pid = fs::read_to_string(&pid).unwrap();
        assert!(!Path::new("/proc").join(pid.trim()).exists(), "{signal}: the editor has ended too");
        assert!(house.case_file(&id).contains(&format!("text = \"{CANARY}\"")), "{signal}: the draft is kept");
    }
}

#[test]
fn an_editor_behind_a_shell_ends_with_it() {
    for ignored in ["HUP", "HUP TERM"] {
        let house = House::new();
        // It ends by itself once the folder of this test is gone.
        let inner = format!("trap '' {ignored}; echo $$ > \"$0.pid\"; while [ -e \"$0\" ]; do sleep 0.05; done");
        let (script, place) = (house.path().join("inner"), house.path().join("inner.pid"));
        fs::write(&script, inner).unwrap();
        let (mut screen, _) = editing(&house, &editor(&house, &format!("sh '{}'; true", script.display())));
        screen.wait_until("the editor", || fs::read_to_string(&place).is_ok_and(|pid| pid.ends_with('\n')));
        screen.signal("TERM");
        assert!(screen.ended());
        let pid = fs::read_to_string(&place).unwrap();
        // Who takes in what is left of a process without a parent may take any time for it.
        let stat = Path::new("/proc").join(pid.trim()).join("stat");
        screen.wait_until("its end", || !fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")));
    }
}

#[test]
fn ctrl_c_and_ctrl_backslash_in_an_editor_are_the_editors_own_business() {
    for (signal, key) in [("INT", "\u{3}"), ("QUIT", "\u{1c}")] {
        let house = House::new();
        let script = "trap 'echo interrupted >> \"$2\"; exit 0' SIGNAL; echo > \"$0.up\"; while :; do sleep 0.05; done";
        let (mut screen, _) = editing(&house, &editor(&house, &script.replace("SIGNAL", signal)));
        screen.wait_until("the editor", || house.path().join("an editor.up").exists());
        screen.type_text(key);
        screen.wait_for("interrupted");
        screen.wait_for("Add a note");
        screen.leave();
    }
}

#[test]
fn what_a_kill_leaves_is_gone_at_the_next_start() {
    let house = House::new();
    let script = "echo $$ > \"$0.pid\"; while [ -e \"$2\" ]; do sleep 0.05; done";
    let (mut screen, _) = editing(&house, &editor(&house, script));
    let pid = house.path().join("an editor.pid");
    screen.wait_until("the editor", || pid.exists());
    screen.signal("KILL");
    assert!(screen.ended());
    assert!(!is_empty(&room(&house)), "nobody was there to remove it");
    let runtime = room(&house).display().to_string();
    let mut again = Terminal::start_as(&house, 36, 120, &[], &[("XDG_RUNTIME_DIR", &runtime)]);
    again.wait_for("Needs you");
    assert!(is_empty(&room(&house)));
    again.leave();
}

#[test]
fn a_note_goes_to_the_editor_by_one_key() {
    let house = House::new();
    let script = editor(&house, "printf 'one\\ntwo\\n' > \"$2\"");
    let room = room(&house).display().to_string();
    let variables = [("XDG_RUNTIME_DIR", room.as_str()), ("VISUAL", script.as_str())];
    let mut screen = Terminal::start_as(&house, 36, 120, &[], &variables);
    screen.wait_for("No case yet");
    screen.type_text("nA title\r\r\r");
    screen.wait_for("Next for you");
    screen.type_text("E");
    screen.wait_for("Add a note");
    screen.wait_for("two");
    screen.type_text("\t\r");
    let id = house.only_case();
    screen.wait_until("the note", || notes(&house, &id).contains("one\\ntwo"));
    screen.leave();
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn vim_writes_the_text_nowhere_else_whatever_its_settings() {
    if !Path::new("/usr/bin/vim").exists() {
        println!("skipped: there is no /usr/bin/vim");
        return;
    }
    let house = House::new();
    let home = house.path().join("home");
    fs::create_dir_all(home.join("trash")).unwrap();
    let settings = "set nocompatible backup writebackup swapfile undofile viminfo='100,<1000\n\
                    set backupdir=~/trash directory=~/trash undodir=~/trash\n\
                    autocmd VimEnter * call writefile([], $HOME . '/up')\n";
    fs::write(home.join(".vimrc"), settings).unwrap();
    let (home_text, room) = (home.display().to_string(), room(&house).display().to_string());
    let variables = [("HOME", home_text.as_str()), ("XDG_RUNTIME_DIR", &room), ("VISUAL", "/usr/bin/vim")];
    let mut screen = Terminal::start_as(&house, 36, 120, &[], &variables);
    screen.has_guest();
    screen.wait_for("No case yet");
    screen.type_text("nA title\r\r\r");
    screen.wait_for("Next for you");
    screen.type_text("E");
    screen.wait_until("vim", || home.join("up").exists());
    screen.type_text(&format!("i{CANARY}\u{1b}:wq\r"));
    screen.wait_for("Add a note");
    screen.wait_for(CANARY);
    for file in files(&home) {
        let text = fs::read(&file).unwrap();
        let found = text.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        assert!(!found, "{} holds the text", file.display());
    }
    assert_eq!(files(&home).len(), 2, "{:?}", files(&home));
    screen.leave();
}
