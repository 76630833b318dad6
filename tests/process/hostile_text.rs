//! Hostile text in a real terminal. What each story proves stands at its end: the harness reads every byte that the
//! program wrote. The stories only have to bring the text there.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use fixlead::case::record::Record;
use fixlead::playbook::{Playbook, builtin};

use crate::corpus::{BYTES, arguments, short_texts};
use crate::hostile::{config, nonsense, playbook, poison};
use crate::house::House;
use crate::terminal::Terminal;

const SIZES: [(u16, u16); 2] = [(36, 120), (24, 80)];

/// The whole corpus in one line that the environment can hold.
fn heap() -> String {
    arguments().into_iter().map(|(_, text)| text + " ").collect()
}

/// A case full of hostile text.
fn hostile_case(house: &House, first: usize) -> String {
    let id = house.done(&["case", "new", "--playbook", "emissary", "--title", "x"]);
    let path = house.path().join("data/cases").join(&id).join("case.toml");
    let mut record: Record = toml::from_str(&house.case_file(&id)).expect("a case");
    poison(
        &mut record,
        &Playbook::parse(builtin("emissary").expect("built in")).expect("a process"),
        &short_texts(),
        first,
    );
    fs::write(path, toml::to_string(&record).expect("TOML")).expect("written");
    id
}

/// Presses a key and waits for the frame that comes of it.
fn press(screen: &mut Terminal, keys: &str) {
    let frames = screen.frames();
    screen.type_text(keys);
    screen.wait_for_frame_after(frames);
}

#[test]
fn every_pane_of_a_hostile_case_is_shown_and_the_program_drives_the_terminal_alone() {
    let (heap, mut seen) = (heap(), String::new());
    for (first, (rows, cols)) in SIZES.into_iter().enumerate() {
        let house = House::new();
        let id = hostile_case(&house, first * 20);
        fs::write(house.path().join("config/config.toml"), config(&short_texts()[..8])).expect("written");
        let variables = ["USER", "LANG", "LC_ALL", "TZ", "VISUAL", "XDG_CACHE_HOME"].map(|name| (name, heap.as_str()));
        let mut screen = Terminal::start_as(&house, rows, cols, &[], &variables);
        screen.wait_for(&id);
        screen.type_text("\x1b");
        screen.type_text("\r");
        screen.wait_for("q home");
        for keys in ["0", "1", "5", "6", "v", "v", "7", "?"] {
            press(&mut screen, keys);
            for _ in 0..12 {
                seen += &screen.contents();
                press(&mut screen, "j");
            }
        }
        press(&mut screen, "\x1b");
        press(&mut screen, ":");
        screen.type_text("note");
        press(&mut screen, "\x1b");
        // The end of a paste inside of a paste: what comes behind it is typed, and no key of this field does harm.
        press(&mut screen, "5a");
        for (_, text) in short_texts() {
            screen.type_text(&format!("\x1b[200~{}\x1b[201~", text.replace("\x1b[20", "\x1b[2 0")));
        }
        screen.type_text("\x1b[200~a\x1b[201~typed\x1b[201~");
        screen.wait_for("typed");
        screen.type_text("\u{202e}\u{301}\u{200b}\u{e000}x\u{7f}");
        screen.type_text("\x1b");
        screen.wait_for("5 People");
        screen.leave();
        assert!(!screen.contents().contains("owned"), "nothing of a case is left behind");
    }
    for told in ["<1B>[", "<202E>", "<9B>"] {
        assert!(seen.contains(told), "{told} was never on the screen");
    }
}

#[test]
fn folders_with_hostile_names_are_named_harmless_before_during_and_after_the_screen() {
    let faults = [("h-\x1b[31m\x1b]0;owned\x07", "draw", "n"), ("h-\u{202e}\u{9b}31m\nx\u{200b}", "save", " ")];
    for (name, bad, keys) in faults {
        let house = House::named(name);
        fs::write(house.path().join("config/config.toml"), nonsense(&short_texts()[..5])).expect("written");
        let id = house.done(&["case", "new", "--playbook", "emissary", "--title", "x"]);
        fs::write(house.path().join("data/cases").join(&id).join("case.toml.conflict"), heap()).expect("written");
        let mut screen = Terminal::start(&house, 36, 120);
        screen.wait_for(&id);
        screen.leave();
        let mut screen = Terminal::start_as(&house, 36, 120, &["open", &id], &[("FIXLEAD_TEST_FAULT", bad)]);
        screen.wait_for("Next for you");
        screen.type_text("s");
        screen.type_text(keys);
        assert!(screen.ended());
        assert!(screen.contents().contains("what was saved is in"), "{}", screen.contents());
        let shown = screen.contents().replace('\n', "");
        assert!(shown.contains("<1B>[31m") || shown.contains("<202E>"), "{shown}");
        let mut kept = Terminal::start_as(&house, 36, 120, &["drill", "--keep"], &[]);
        kept.wait_for("DRILL");
        kept.leave();
        assert!(kept.contents().contains("the drill is kept in"), "{}", kept.contents());
    }
}

#[test]
fn a_hostile_process_is_rehearsed_and_a_hostile_drill_refused() {
    let house = House::new();
    let folder = house.path().join("config");
    fs::create_dir_all(folder.join("playbooks")).expect("a folder");
    fs::create_dir_all(folder.join("drills")).expect("a folder");
    fs::write(folder.join("playbooks/gardener.toml"), playbook("gardener", &short_texts(), 0)).expect("written");
    let mut screen = Terminal::start_as(&house, 24, 80, &["drill", "gardener"], &[]);
    screen.wait_for("DRILL");
    for keys in ["1", "5", "6", "7", "0"] {
        press(&mut screen, keys);
    }
    screen.leave();
    fs::write(folder.join("drills/gardener.toml"), nonsense(&short_texts())).expect("written");
    let mut refused = Terminal::start_as(&house, 24, 80, &["drill", "gardener"], &[]);
    assert!(refused.ended());
    assert!(refused.contents().contains("gardener.toml"), "{}", refused.contents());
}

#[test]
fn verbs_on_a_terminal_write_text_alone() {
    let house = House::new();
    let id = hostile_case(&house, 0);
    let heap = heap();
    let verbs: [&[&str]; 8] = [
        &["case", "show", &id],
        &["case", "timeline", &id],
        &["case", "list"],
        &["next"],
        &["case", "show", &id, "--json"],
        &["case", "do", &id, &heap],
        &[&heap],
        &["open", &heap],
    ];
    for verb in verbs {
        let mut ran = Terminal::start_as(&house, 36, 120, verb, &[("COLUMNS", "80"), ("USER", &heap)]);
        assert!(ran.ended(), "{verb:?}");
    }
}

#[test]
fn what_an_editor_leaves_and_what_it_is_called_is_text() {
    let house = House::new();
    let script = house.path().join("an editor");
    let mut texts: Vec<Vec<u8>> = vec![heap().into_bytes()];
    texts.extend(BYTES.iter().map(|(_, bytes)| bytes.to_vec()));
    fs::write(&script, "#!/bin/sh\ncat \"$0.text\" > \"$1\"\n").expect("written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).expect("a mode");
    let own = format!("'{}'", script.display());
    let id = house.done(&["case", "new", "--playbook", "emissary", "--title", "x"]);
    let room = house.path().display().to_string();
    let variables = [("VISUAL", own.as_str()), ("XDG_RUNTIME_DIR", &room)];
    let mut screen = Terminal::start_as(&house, 36, 120, &["open", &id], &variables);
    screen.wait_for("Next for you");
    for text in texts {
        fs::write(house.path().join("an editor.text"), text).expect("written");
        press(&mut screen, "E");
        screen.wait_for("Add a note");
        press(&mut screen, "\x1b");
        screen.wait_for("Next for you");
    }
    screen.leave();
    let hostile = [("VISUAL", "no-\x1b[31m\u{202e}editor\x07"), ("XDG_RUNTIME_DIR", room.as_str())];
    let mut screen = Terminal::start_as(&house, 36, 120, &["open", &id], &hostile);
    screen.wait_for("Next for you");
    screen.type_text("E");
    screen.wait_for("can't be started");
    screen.wait_for("<1B>[31m<202E>");
    screen.leave();
}
