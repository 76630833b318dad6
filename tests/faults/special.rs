//! Links, pipes, devices, sockets and folders in the place of what the program reads and writes: cases 14 to 17.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::ground::{BEFORE, Ground, ID};
use crate::on_screen::has_ended;
use crate::screen::{AT_ONCE, OPEN, is_saved, open, save_again, set_lead, start};
use crate::tally::Tally;

/// What can lie in the place of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    /// A link to what lay there, which lies elsewhere now.
    Link,
    Dangling,
    Loop,
    /// A link to something of the person's that is none of the program's.
    LinkToOther,
    Pipe,
    Socket,
    Zero,
    Full,
    /// A file for a folder, a folder for a file.
    OtherKind,
}

const THINGS: [Thing; 9] = [
    Thing::Link,
    Thing::Dangling,
    Thing::Loop,
    Thing::LinkToOther,
    Thing::Pipe,
    Thing::Socket,
    Thing::Zero,
    Thing::Full,
    Thing::OtherKind,
];

/// Where it can lie, below the folder of data and settings.
const PLACES: [&str; 11] = [
    "data/cases/slate-kangaroo/case.toml",
    "data/cases/slate-kangaroo/playbook.toml",
    "data/cases/slate-kangaroo/backups",
    "data/cases/slate-kangaroo/case.lock",
    "data/cases/slate-kangaroo/case.open",
    "data/cases/slate-kangaroo/outbox",
    "data/cases/slate-kangaroo/summary.json",
    "data/cases/slate-kangaroo",
    "data/cases",
    "data",
    "config/config.toml",
];

/// A ground with a thing in one place of it.
struct Swapped {
    root: PathBuf,
    place: PathBuf,
    aside: PathBuf,
    other: PathBuf,
}

impl Swapped {
    fn new(root: &Path, place: &str, thing: Thing) -> Self {
        let beside = |name: &str| root.with_extension(name);
        let (place, aside, other) = (root.join(place), beside("aside"), beside("other"));
        if !place.exists() {
            // What is made only when it is needed.
            if place.ends_with("outbox") { fs::create_dir(&place) } else { fs::write(&place, "") }.expect("it is made");
        }
        let is_folder = place.is_dir();
        fs::rename(&place, &aside).expect("it moves");
        if is_folder {
            fs::create_dir(&other).and_then(|()| fs::write(other.join("precious"), "precious")).expect("it is made");
        } else {
            fs::write(&other, "precious").expect("it is made");
        }
        match thing {
            Thing::Link => symlink(&aside, &place),
            Thing::Dangling => symlink(beside("nowhere"), &place),
            Thing::Loop => symlink(&place, &place),
            Thing::LinkToOther => symlink(&other, &place),
            Thing::Pipe => Command::new("mkfifo").arg(&place).status().map(|made| assert!(made.success())),
            Thing::Socket => UnixListener::bind(&place).map(drop),
            Thing::Zero => symlink("/dev/zero", &place),
            Thing::Full => symlink("/dev/full", &place),
            Thing::OtherKind if is_folder => fs::write(&place, "a file"),
            Thing::OtherKind => fs::create_dir(&place),
        }
        .expect("it is made");
        Self { root: root.to_owned(), place, aside, other }
    }

    /// The thing goes, what lay there comes back. Was anything destroyed that is the person's?
    fn put_back(self, ground: &Ground) -> Result<(), String> {
        let precious = if self.other.is_dir() { self.other.join("precious") } else { self.other };
        // A link to something damaged is restored where it leads to, and what was there is kept beside the case.
        let is_kept = || ground.all_texts().iter().any(|text| text == "precious");
        if fs::read_to_string(&precious).ok().as_deref() != Some("precious") && !is_kept() {
            return Err("what the link led to is not what it was".to_owned());
        }
        let is_own = |name: &str| ["data", "config"].contains(&name);
        let strange = fs::read_dir(&self.root).expect("a folder").flatten().map(|entry| entry.file_name());
        let strange: Vec<_> = strange.filter(|name| !is_own(&name.to_string_lossy())).collect();
        if !strange.is_empty() {
            return Err(format!("it left {strange:?}"));
        }
        match fs::symlink_metadata(&self.place) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&self.place),
            Ok(_) => fs::remove_file(&self.place),
            Err(_) => Ok(()),
        }
        .and_then(|()| fs::rename(self.aside, self.place))
        .map_err(|error| format!("it can't be put back: {error}"))
    }
}

/// The code with which a process ends, which it has to do at once.
fn code(mut child: Child) -> Result<i32, String> {
    let end = Instant::now() + 2 * AT_ONCE;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code().ok_or_else(|| "it was killed".to_owned());
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().and_then(|()| child.wait()).expect("it is killed");
    Err("it hangs".to_owned())
}

const VERBS: [&[&str]; 7] = [
    &["case", "list"],
    &["case", "show", ID],
    &["next"],
    &["case", "set", ID, "lead=lead 1"],
    &["case", "restore", ID],
    &["case", "new", "--playbook", "gardener", "--title", "Another one"],
    &["case", "hand-over", ID, "--to", "Ben"],
];

fn verbs_answer(root: &Path, place: &str, thing: Thing) -> Result<&'static str, String> {
    let ground = Ground::at(root);
    let swapped = Swapped::new(root, place, thing);
    let mut expected = BEFORE;
    for verb in VERBS {
        if verb.contains(&"hand-over") && place.ends_with("case.toml") {
            continue;
        }
        let child = ground.verb(verb).stdout(std::process::Stdio::null()).spawn().expect("it runs");
        let code = code(child).map_err(|why| format!("{verb:?}: {why}"))?;
        if !(0..=12).contains(&code) {
            return Err(format!("{verb:?}: exit code {code}"));
        }
        if verb.contains(&"set") {
            if code == 0 {
                expected = "lead 1";
            }
            // The lock alone is never behind a link.
            if thing == Thing::Link && code != 0 && !place.ends_with("case.lock") {
                return Err(format!("{verb:?} behind a link: exit code {code}"));
            }
        }
    }
    swapped.put_back(&ground)?;
    is_there(&ground, expected)?;
    Ok(if expected == BEFORE { "refused" } else { "saved all the same" })
}

/// The last acknowledged lead is there, even where the case was handed over after it.
fn is_there(ground: &Ground, expected: &str) -> Result<(), String> {
    let text = fs::read_to_string(ground.case("case.toml")).map_err(|error| error.to_string())?;
    let is_whole = text.contains("Nobody may lose this line.") && text.contains("name = \"Ben\"");
    if is_whole && text.contains(&format!("lead = \"{expected}\"")) {
        return Ok(());
    }
    Err(format!("{expected} is not there: {text}"))
}

fn everywhere(name: &str, things: &[Thing], answers: fn(&Path, &str, Thing) -> Result<&'static str, String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for place in PLACES {
        for thing in things {
            match answers(&folder.path().join(tally.total().to_string()), place, *thing) {
                Ok(what) => tally.count(what),
                Err(why) => tally.lost.push(format!("{thing:?} for {place}: {why}")),
            }
        }
    }
    tally.end(name, PLACES.len() * things.len());
}

#[test]
fn every_verb_answers_at_once_whatever_lies_in_whatever_place() {
    everywhere("things and verbs", &THINGS, verbs_answer);
}

/// The screen comes up with a thing in place, and ends at once: nothing in it waits for anything.
fn screen_comes_up(root: &Path, place: &str, thing: Thing) -> Result<&'static str, String> {
    let ground = Ground::at(root);
    let swapped = Swapped::new(root, place, thing);
    let mut screen = start(&ground, "cd /; exec \"$@\"", &["open", ID], &[]);
    // The case, a card with ways out, or a program that ended with a word.
    let pid = screen.pid();
    if screen.wait_for_any(&[OPEN, "each by its key"], &|| has_ended(pid)).is_none() {
        assert!(screen.ended());
        assert!(screen.contents().starts_with("fixlead: "), "{}", screen.contents());
        swapped.put_back(&ground)?;
        is_there(&ground, BEFORE)?;
        return Ok("ended with a word");
    }
    let begin = Instant::now();
    screen.signal("TERM");
    if !screen.ended() || begin.elapsed() > AT_ONCE {
        return Err(format!("it took {:?} to end", begin.elapsed()));
    }
    swapped.put_back(&ground)?;
    is_there(&ground, BEFORE)?;
    Ok("came up and ended")
}

/// A thing is put in place between two saves; it goes again, and all is saved.
fn screen_saves(root: &Path, place: &str, thing: Thing) -> Result<&'static str, String> {
    let ground = Ground::at(root);
    let mut screen = open(&ground);
    set_lead(&mut screen, "lead 1");
    assert!(is_saved(&mut screen));
    let swapped = Swapped::new(root, place, thing);
    set_lead(&mut screen, "lead 2");
    let begin = Instant::now();
    let saved = is_saved(&mut screen);
    if begin.elapsed() > AT_ONCE {
        return Err(format!("it took {:?} to be told", begin.elapsed()));
    }
    swapped.put_back(&ground)?;
    is_there(&ground, if saved { "lead 2" } else { "lead 1" })?;
    if !saved {
        screen.type_text("\u{1b}");
        screen.wait_for(OPEN);
        save_again(&mut screen);
        is_there(&ground, "lead 2")?;
    }
    screen.leave();
    Ok(if saved { "saved all the same" } else { "told as not saved, and saved once it was gone" })
}

const ON_THE_SCREEN: [Thing; 6] =
    [Thing::Link, Thing::Dangling, Thing::LinkToOther, Thing::Pipe, Thing::Zero, Thing::OtherKind];

#[test]
#[ignore = "takes a while: --include-ignored"]
fn the_screen_comes_up_whatever_lies_in_whatever_place() {
    everywhere("things and the screen", &ON_THE_SCREEN, screen_comes_up);
}

#[test]
#[ignore = "takes a while: --include-ignored"]
fn whatever_is_put_in_whatever_place_between_two_saves_loses_nothing() {
    everywhere("things between two saves", &ON_THE_SCREEN, screen_saves);
}
