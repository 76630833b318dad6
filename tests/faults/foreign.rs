//! Somebody else writes the file in the middle of a save: cases 21 to 23. The program is stopped after each of its
//! system calls, the other one writes, and it goes on.

use std::fs;
use std::path::Path;
use std::process::Output;

use rustix::process::{Pid, Signal, kill_process};

use crate::ground::{Ground, ID};
use crate::tally::Tally;
use crate::trace::{Call, Tracer};

const VERB: [&str; 4] = ["case", "set", ID, "lead=lead 1"];
/// What the other one adds.
const WORDS: &str = "# and this is what somebody else wrote meanwhile\n";

/// How the other one writes.
#[derive(Clone, Copy, Debug)]
pub enum Style {
    /// A new file takes the place of the old one, as most editors do.
    Replaces,
    /// The file is written as it lies there.
    InPlace,
}

/// Reads what is there and writes it again with something added.
fn edit(ground: &Ground, style: Style) {
    let file = ground.case("case.toml");
    let text = fs::read_to_string(&file).expect("the case");
    let text = WORDS.to_owned() + &text.replace("Ben", "Benjamin");
    match style {
        Style::InPlace => fs::write(&file, text).expect("it writes"),
        Style::Replaces => {
            let beside = ground.case("written-by-an-editor");
            fs::write(&beside, text).expect("it writes");
            fs::rename(beside, file).expect("it writes");
        }
    }
}

/// A save that is stopped after a call, while somebody else writes.
pub fn save_around(ground: &Ground, tracer: &Tracer, call: &Call, style: Style, bug: Option<&str>) -> Output {
    let mut command = tracer.stopping(ground, &VERB, call);
    let saving = command.envs(bug.map(|bug| ("FIXLEAD_SEEDED_BUG", bug))).spawn().expect("strace runs");
    tracer.wait_for_the_stop();
    edit(ground, style);
    let pid = Pid::from_raw(saving.id().try_into().expect("a number")).expect("a process");
    kill_process(pid, Signal::CONT).expect("it goes on");
    saving.wait_with_output().expect("it ends")
}

/// Is what both wanted there? Otherwise what is not.
pub fn both_are_there(ground: &Ground, output: &Output) -> Result<&'static str, String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let texts = ground.all_texts();
    if !texts.iter().any(|text| text.contains(WORDS) && text.contains("Benjamin")) {
        return Err("what the other one wrote is gone".to_owned());
    }
    match output.status.code() {
        Some(0) => {
            let record = ground.record()?;
            let name = record.person.first().and_then(|person| person.name.as_deref());
            if record.lead.as_deref() != Some("lead 1") {
                return Err(format!("it was acknowledged, the lead is {:?}", record.lead));
            }
            if name != Some("Benjamin") || !ground.text().contains(WORDS) {
                return Err(format!("the edit is not in the file: {name:?}"));
            }
            Ok("both in the file")
        }
        Some(_) if said.starts_with("fixlead: ") => Ok("told as not saved"),
        code => Err(format!("{code:?}: {said}")),
    }
}

fn foreign_edits(style: Style) {
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = |name: String| Ground::at(&folder.path().join(name));
    let tracer = Tracer::new();
    let calls = tracer.record(&fresh("first".to_owned()), &VERB);
    let mut tally = Tally::default();
    for (number, call) in calls.iter().filter(|call| call.name != "exit_group").enumerate() {
        let ground = fresh(number.to_string());
        let output = save_around(&ground, &tracer, call, style, None);
        match both_are_there(&ground, &output) {
            Ok(what) => tally.count(what),
            Err(why) => tally.lost.push(format!("{style:?} after {}: {why}", call.shown)),
        }
    }
    tally.end(&format!("an editor that {style:?}"), 60);
}

#[test]
#[ignore = "needs strace: --include-ignored"]
fn an_editor_that_replaces_the_file_in_the_middle_of_a_save_loses_nothing() {
    foreign_edits(Style::Replaces);
}

#[test]
#[ignore = "needs strace: --include-ignored"]
fn an_editor_that_writes_in_place_in_the_middle_of_a_save_loses_nothing() {
    foreign_edits(Style::InPlace);
}

/// Is anything lost by a foreign edit after any call of a save with this bug?
pub fn finds(folder: &Path, bug: &str) -> Vec<String> {
    let tracer = Tracer::new();
    let fresh = |name: String| Ground::at(&folder.join(name));
    let calls = tracer.record_as(&fresh("first".to_owned()), &VERB, Some(bug));
    let lost = |(number, call): (usize, &Call)| {
        let ground = fresh(number.to_string());
        let output = save_around(&ground, &tracer, call, Style::Replaces, Some(bug));
        both_are_there(&ground, &output).err()
    };
    calls.iter().filter(|call| call.name != "exit_group").enumerate().filter_map(lost).collect()
}
