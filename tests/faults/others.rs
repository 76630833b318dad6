//! A second screen, hands in the file, and damage while the case is open: cases 19 to 32, by the real program.

use std::fs;
use std::time::Instant;

use crate::ground::{BEFORE, Ground, ID};
use crate::screen::{AT_ONCE, OPEN, SAVED, is_saved, open, set_lead, start};
use crate::tally::Tally;
use crate::trace::PATIENCE;

const VERB: [&str; 4] = ["case", "set", ID, "lead=lead 1"];

#[test]
fn a_second_screen_reads_along_and_takes_over_from_one_that_was_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let mut first = open(&ground);
    let mut second = start(&ground, "exec \"$@\"", &["open", ID], &[]);
    second.wait_for("open in another screen");
    // Verbs go on meanwhile, and the screen sees it at its next key.
    ground.done(&VERB);
    first.type_text("0");
    first.wait_for("it is up to date again");
    // What it has taken in is changed once more without a question.
    set_lead(&mut first, "lead 2");
    assert!(is_saved(&mut first), "{}", first.contents());
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 2"));
    first.signal("KILL");
    assert!(first.ended());
    second.type_text("r");
    second.wait_for(OPEN);
    set_lead(&mut second, "lead 3");
    assert!(is_saved(&mut second), "{}", second.contents());
    second.leave();
    assert_eq!(ground.lead_and_backups().as_deref(), Ok("lead 3"));
}

#[test]
fn what_somebody_else_writes_between_two_saves_of_the_screen_is_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let mut screen = open(&ground);
    let words = "# what somebody else wrote\n";
    fs::write(ground.case("case.toml"), words.to_owned() + &ground.text().replace("Ben", "Benjamin")).expect("a file");
    set_lead(&mut screen, "lead 1");
    assert!(is_saved(&mut screen), "{}", screen.contents());
    screen.wait_for("Benjamin");
    screen.leave();
    let record = ground.record().expect("the case is whole");
    assert_eq!(record.lead.as_deref(), Some("lead 1"));
    assert!(ground.text().starts_with(words) && ground.text().contains("name = \"Benjamin\""));
}

/// What can happen to a file: a name, its bytes from those that were there, and whether it is still a case.
type Damage = (&'static str, fn(&str) -> Vec<u8>, bool);

const DAMAGES: [Damage; 10] = [
    ("empty", |_| Vec::new(), false),
    ("zeros", |text| vec![0; text.len()], false),
    ("truncated", |text| text.as_bytes()[..text.len() / 2].to_vec(), false),
    ("merge markers", |text| format!("<<<<<<< mine\n{text}=======\n{text}>>>>>>> theirs\n").into_bytes(), false),
    ("Latin-1", |text| [text.as_bytes(), b"# caf\xe9\n"].concat(), false),
    (
        "100,000 nested arrays",
        |text| format!("deep = {}{}\n{text}", "[".repeat(100_000), "]".repeat(100_000)).into(),
        false,
    ),
    ("9 MiB", |text| format!("{text}# {}\n", "x".repeat(9 << 20)).into_bytes(), false),
    ("a newer schema", |text| text.replacen("schema = 1", "schema = 99", 1).into_bytes(), false),
    ("unknown keys", |text| format!("{text}\n[mine]\nkey = 1\n").into_bytes(), true),
    ("BOM and CRLF", |text| format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(), true),
];

/// Damage while the case is open: it is never written over, and one key puts what is in memory in its place.
fn while_open(ground: &Ground, damage: fn(&str) -> Vec<u8>, is_case: bool) -> Result<&'static str, String> {
    let mut screen = open(ground);
    set_lead(&mut screen, "lead 1");
    assert!(is_saved(&mut screen));
    let file = ground.case("case.toml");
    let damage = damage(&ground.text());
    fs::write(&file, &damage).expect("a file");
    let begin = Instant::now();
    set_lead(&mut screen, "lead 2");
    let saved = is_saved(&mut screen);
    if begin.elapsed() > AT_ONCE {
        return Err(format!("it took {:?}", begin.elapsed()));
    }
    if saved != is_case {
        return Err(format!("saved: {saved}"));
    }
    if !is_case {
        if fs::read(&file).expect("a file") != damage {
            return Err("it was written over".to_owned());
        }
        screen.type_text("p");
        screen.wait_for(SAVED);
        let kept = files_of(ground).contains(&damage);
        if !kept {
            return Err("the damaged file is gone".to_owned());
        }
    }
    screen.leave();
    let lead = if is_case { ground.record()?.lead } else { Some(ground.lead_and_backups()?) };
    if lead.as_deref() != Some("lead 2") {
        return Err(format!("the lead is {lead:?}"));
    }
    Ok(if is_case { "taken in" } else { "told, kept, and put right by p" })
}

/// The bytes of all that lies in the folder of the case.
fn files_of(ground: &Ground) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for folder in [ground.case(""), ground.case("backups")] {
        files.extend(
            fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| fs::read(entry.path()).ok()),
        );
    }
    files
}

#[test]
fn damage_while_the_case_is_open_is_told_and_never_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for (name, damage, is_case) in DAMAGES {
        // A newer program's file is no damage: it is told in a test of its own.
        if name == "a newer schema" {
            continue;
        }
        let ground = Ground::at(&folder.path().join(tally.total().to_string()));
        match while_open(&ground, damage, is_case) {
            Ok(what) => tally.count(what),
            Err(why) => tally.lost.push(format!("{name}: {why}")),
        }
    }
    tally.end("damage while open", 9);
}

/// Damage before the start: every verb and the screen answer, and the bytes stay.
#[test]
fn damage_before_the_start_is_told_by_verbs_and_the_screen_and_never_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tally = Tally::default();
    for (name, damage, is_case) in DAMAGES {
        let ground = Ground::at(&folder.path().join(tally.total().to_string()));
        let file = ground.case("case.toml");
        let bytes = damage(&ground.text());
        fs::write(&file, &bytes).expect("a file");
        let mut wrong = Vec::new();
        for verb in [&["case", "list"][..], &["case", "show", ID], &["next"], &VERB] {
            let begin = Instant::now();
            let output = ground.run(verb);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let done = output.status.success();
            if begin.elapsed() > PATIENCE || output.status.code().is_none_or(|code| code > 12) {
                wrong.push(format!("{verb:?}: {:?} after {:?}: {said}", output.status, begin.elapsed()));
            }
            if verb == VERB && done != is_case {
                wrong.push(format!("{verb:?}: done: {done}: {said}"));
            }
        }
        let mut screen = start(&ground, "exec \"$@\"", &["open", ID], &[]);
        screen.wait_for_any(&[OPEN, "each by its key"], &|| false);
        screen.signal("TERM");
        assert!(screen.ended());
        if is_case && ground.record().map(|record| record.lead) != Ok(Some("lead 1".to_owned())) {
            wrong.push(format!("the lead is {:?}, before {BEFORE}", ground.record().map(|record| record.lead)));
        } else if !is_case && fs::read(&file).expect("a file") != bytes {
            wrong.push("it was written over".to_owned());
        }
        if wrong.is_empty() {
            tally.count(if is_case { "opened and changed" } else { "told, and left as it is" });
        } else {
            tally.lost.push(format!("{name}: {}", wrong.join("; ")));
        }
    }
    tally.end("damage before the start", DAMAGES.len());
}

/// A newer program saved the case meanwhile: nothing of that is written over, and what was done here is kept beside it.
#[test]
fn a_newer_schema_while_the_case_is_open_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    let mut screen = open(&ground);
    let newer = ground.text().replacen("schema = 1", "schema = 99", 1);
    screen.type_text("M");
    screen.wait_for("Set a field");
    fs::write(ground.case("case.toml"), &newer).expect("a file");
    screen.type_text("lead\tlead 1\r");
    screen.wait_for("lead: set");
    screen.wait_for("newer fixlead");
    screen.signal("TERM");
    assert!(screen.ended());
    assert_eq!(ground.text(), newer);
    let kept = ground.all_texts().into_iter().any(|text| text.contains("lead = \"lead 1\""));
    assert!(kept, "what was done here lies beside it");
}

#[test]
fn no_title_becomes_a_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = Ground::at(&folder.path().join("home"));
    for title in ["../../x", "..", "CON", "/etc/passwd", "\u{516d}\u{6708}", "-rf", "a\nb"] {
        let id = ground.done(&["case", "new", "--playbook", "gardener", &format!("--title={title}")]);
        assert!(ground.cases().join(id.trim()).join("case.toml").is_file(), "{title}: {id}");
        assert!(id.trim().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{title}: {id}");
    }
    let beside: Vec<_> = fs::read_dir(folder.path().join("home")).expect("a folder").flatten().collect();
    assert_eq!(beside.len(), 2, "nothing lies outside of the data: {beside:?}");
    assert_eq!(ground.lead_and_backups().as_deref(), Ok(BEFORE));
}
