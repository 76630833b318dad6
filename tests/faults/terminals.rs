//! Terminals that die, in everything that a person can be at: cases 52 to 57.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use crate::ground::{Ground, ID};
use crate::screen::{AT_ONCE, OPEN, is_saved, open, open_behind, set_lead, start};
use crate::tally::Tally;
use crate::terminal::Terminal;

/// What the person is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Home,
    Case,
    HalfAForm,
    Question,
    Palette,
    Editor,
    Drill,
    /// The disk takes its time, and the save is on its way.
    SlowSave,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Signal(&'static str),
    /// The window is closed.
    Closed,
}

const ENDS: [End; 5] = [End::Signal("HUP"), End::Signal("TERM"), End::Signal("INT"), End::Signal("QUIT"), End::Closed];
const DEAF: &str = "trap '' HUP; exec \"$@\"";
const TYPED: &str = "half a thought";

/// A screen on which a person is at something. Whatever can be changed was changed and saved before.
fn at(place: At, ground: &Ground, line: &str) -> Terminal {
    let mut screen = match place {
        At::Home => start(ground, line, &[], &[]),
        At::Drill => start(ground, line, &["drill", "emissary"], &[]),
        At::Editor => {
            let editor = ground.data().join("editor");
            fs::write(&editor, "#!/bin/sh\necho $$ >editor.pid\necho it is open\nexec sleep 1000\n").expect("a file");
            fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).expect("its mode");
            start(ground, line, &["open", ID], &[("EDITOR", &editor.display().to_string())])
        }
        At::SlowSave => {
            let slow =
                "exec strace -D -f --seccomp-bpf -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=400000 \"$@\"";
            start(ground, &line.replace("exec \"$@\"", slow), &["open", ID], &[])
        }
        _ => start(ground, line, &["open", ID], &[]),
    };
    match place {
        At::Home => screen.wait_for(ID),
        At::Drill => screen.wait_for("DRILL"),
        At::SlowSave => {
            screen.wait_for(OPEN);
            set_lead(&mut screen, "lead 1");
        }
        _ => {
            screen.wait_for(OPEN);
            set_lead(&mut screen, "lead 1");
            assert!(is_saved(&mut screen));
        }
    }
    let mut press = |keys: &str, shown: &str| {
        screen.type_text(keys);
        screen.wait_for(shown);
    };
    match place {
        At::HalfAForm | At::Editor => {
            press("n", "Add a note");
            press(TYPED, TYPED);
        }
        At::Question => press("C", "Close the case"),
        At::Palette => press(":", "Go in, or do the obvious"),
        _ => {}
    }
    if place == At::Editor {
        screen.type_text("\x18");
        screen.wait_for_bytes("it is open");
    }
    screen
}

/// What is not as it has to be after the end, if anything.
fn fault_after(place: At, ground: &Ground, end: End, screen: &mut Terminal, modes: &str) -> Option<String> {
    if let End::Signal(_) = end {
        let now = screen.modes();
        if now != modes {
            return Some(format!("the terminal is set otherwise: {now} before: {modes}"));
        }
        if !screen.left_the_alternate_screen() || !screen.wrote("\x1b[?25h") {
            return Some("the terminal is not given back".to_owned());
        }
        let left = screen.contents();
        if ["Parser", "lead 1", TYPED, "Ben"].iter().any(|secret| left.contains(secret)) {
            return Some(format!("this is left on the screen: {left}"));
        }
    }
    let expected = if matches!(place, At::Home | At::Drill) { "lead 0" } else { "lead 1" };
    match ground.lead_and_backups() {
        Ok(lead) if lead == expected => {}
        other => return Some(format!("the lead is {other:?}")),
    }
    if place == At::HalfAForm && !ground.text().contains(TYPED) {
        return Some("what was typed is not kept".to_owned());
    }
    if ground.data().join("drills").exists() {
        return Some("the drill is left".to_owned());
    }
    let editor = fs::read_to_string(ground.data().join("editor.pid")).unwrap_or_default();
    if place == At::Editor && fs::exists(format!("/proc/{}", editor.trim())).unwrap_or(true) {
        return Some("the editor is left".to_owned());
    }
    None
}

fn ends(name: &str, places: &[At], line: &str, ways: &[End]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for place in places {
        for end in ways {
            // In an editor these two keys are the editor's own.
            if *place == At::Editor && matches!(end, End::Signal("INT" | "QUIT")) {
                continue;
            }
            let ground = Ground::at(&folder.path().join(format!("{}", tally.total())));
            let before = modes_before(&ground);
            let mut screen = at(*place, &ground, line);
            let begin = Instant::now();
            match end {
                End::Signal(signal) => screen.signal(signal),
                End::Closed => screen.go_away(),
            }
            let ended = screen.ended();
            let took = begin.elapsed();
            match fault_after(*place, &ground, *end, &mut screen, &before) {
                _ if !ended || took > AT_ONCE => tally.lost.push(format!("{place:?} {end:?}: it took {took:?}")),
                Some(fault) => tally.lost.push(format!("{place:?} {end:?}: {fault}")),
                None => tally.count(format!("ended well at {place:?}")),
            }
        }
    }
    tally.end(name, places.len() * ways.len() * 3 / 4);
}

/// How a terminal is set that nobody took.
fn modes_before(ground: &Ground) -> String {
    let mut untaken = start(ground, "exec sleep 0", &[], &[]);
    let modes = untaken.modes();
    assert!(untaken.ended());
    modes
}

const PLACES: [At; 7] = [At::Home, At::Case, At::HalfAForm, At::Question, At::Palette, At::Editor, At::Drill];

#[test]
fn whatever_ends_it_and_whatever_one_is_at_all_is_saved_and_the_terminal_is_as_it_was() {
    ends("told to end", &PLACES, "exec \"$@\"", &ENDS);
}

#[test]
fn the_same_where_nobody_may_hang_up() {
    ends("deaf to a hang-up", &PLACES, DEAF, &[End::Signal("TERM"), End::Closed]);
}

#[test]
#[ignore = "needs strace: --include-ignored"]
fn a_save_on_a_slow_disk_is_waited_for_whatever_ends_it() {
    ends("told to end in a slow save", &[At::SlowSave], "exec \"$@\"", &ENDS);
}

/// The program is stopped and goes on; and a window that is pulled about all the time is no reason to lose a key.
#[test]
fn stops_and_storms_of_sizes_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let mut screen = open(&ground);
    for round in 0..40_u16 {
        screen.resize(1 + round * 7 % 60, 1 + round * 31 % 200);
    }
    screen.vanish();
    screen.signal("STOP");
    screen.type_text("Mlead\tlead 1\r");
    screen.signal("CONT");
    screen.wait_until("the lead", || ground.lead().as_deref() == Ok("lead 1"));
    screen.resize(1, 1);
    screen.type_text("Mlead\tlead 2\r");
    screen.wait_until("the lead", || ground.lead().as_deref() == Ok("lead 2"));
    screen.resize(36, 120);
    screen.wait_for(OPEN);
    screen.leave();
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 2"));
}

#[test]
fn a_standard_output_that_takes_nothing_ends_it_with_a_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    for (line, code) in [
        ("exec \"$@\" >/dev/full", 1),
        ("exec \"$@\" <&-", 0),
        ("exec \"$@\" <&- >&-", 0),
        ("exec \"$@\" <&- >&- 2>&-", 0),
        ("exec \"$@\" </dev/zero", 0),
    ] {
        let begin = Instant::now();
        let mut screen = start(&ground, line, &[], &[]);
        assert!(screen.ended() && begin.elapsed() < AT_ONCE, "{line}");
        assert_eq!(screen.exit_code(), code, "{line}: {}", screen.contents());
    }
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 0"));
}

/// The terminal answers with errors: the case is saved, and the program ends.
#[test]
#[ignore = "needs strace: --include-ignored"]
fn a_terminal_that_can_not_be_written_to_ends_it_with_everything_saved() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for error in ["EIO", "EAGAIN", "ENXIO", "ENOSPC"] {
        let ground = Ground::at(&folder.path().join(error));
        let line = format!(
            "exec strace -D -f --seccomp-bpf -o /dev/null -P \"$(tty)\" -e trace=write -e inject=write:error={error}:when=9+ \"$@\""
        );
        let mut screen = open_behind(&ground, &line);
        screen.type_text("Mlead\tlead 1\r");
        if !screen.ended() {
            tally.lost.push(format!("{error}: it goes on"));
        } else if ground.lead_and_backups().as_deref() != Ok("lead 1") {
            tally.lost.push(format!("{error}: {:?}", ground.lead_and_backups()));
        } else {
            tally.count("ended with everything saved");
        }
    }
    tally.end("a terminal with errors", 4);
}

#[test]
fn a_terminal_of_one_cell_or_of_none_at_the_start_is_drawn_on_as_soon_as_it_has_a_size() {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, size) in ["rows 1 cols 1", "rows 0 cols 0", "rows 1 cols 300", "rows 300 cols 1"].iter().enumerate() {
        let ground = Ground::at(&folder.path().join(number.to_string()));
        let mut screen = start(&ground, &format!("stty {size}; exec \"$@\""), &["open", ID], &[]);
        screen.wait_for_frame_after(0);
        screen.resize(36, 120);
        screen.wait_for(OPEN);
        set_lead(&mut screen, "lead 1");
        assert!(is_saved(&mut screen), "{size}");
        screen.leave();
        assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"), "{size}");
    }
}

/// Ctrl-z in a shell that controls jobs gives the terminal back, and `fg` takes it again.
#[test]
#[ignore = "needs bash: --include-ignored"]
fn a_stop_gives_the_terminal_back_and_fg_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let modes = modes_before(&ground);
    let mut screen =
        open_behind(&ground, "exec bash -mc '\"$0\" \"$@\"; echo it is stopped; read; fg; echo it ended' \"$@\"");
    screen.has_guest();
    set_lead(&mut screen, "lead 1");
    assert!(is_saved(&mut screen));
    screen.type_text("\u{1a}");
    screen.wait_for_bytes("it is stopped");
    assert_eq!(screen.modes(), modes, "the terminal is as it was");
    assert!(screen.wrote("\x1b[?1049l"), "the terminal is given back");
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 1"));
    let frames = screen.frames();
    screen.type_text("\r");
    screen.wait_for_frame_after(frames);
    screen.wait_for(OPEN);
    set_lead(&mut screen, "lead 2");
    assert!(is_saved(&mut screen));
    screen.leave();
    assert!(screen.wrote("it ended"));
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 2"));
}
