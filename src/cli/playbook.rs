//! Processes: which there are, what one holds, what is wrong with a file.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::free_text::{read_all, unreadable};
use super::here::Here;
use super::output::{Answer, shown};
use super::words::columns;
use super::{playbook_json, playbook_text};
use crate::playbook::Playbook;
use crate::runtime::world::fault_lines;
use crate::source::{Fault, MAX_BYTES};

/// What can be done with playbooks.
#[derive(Debug, Subcommand)]
pub enum PlaybookVerb {
    /// List processes
    List,
    /// Show a process: phases, steps, gates, rules
    Show(Show),
    /// Name every fault of a playbook file
    Check(Check),
}

/// `playbook show`
#[derive(Args, Debug)]
pub struct Show {
    /// Id of the process
    id: String,
}

/// `playbook check`
#[derive(Args, Debug)]
pub struct Check {
    /// The file; - for standard input
    file: String,
}

/// Answers one verb.
///
/// # Errors
/// As the verb fails.
pub fn run(here: &Here, verb: PlaybookVerb) -> Result<Answer, Failure> {
    match verb {
        PlaybookVerb::List => Ok(list(here)),
        PlaybookVerb::Show(args) => show(here, &args.id),
        PlaybookVerb::Check(args) => check(here, &args.file),
    }
}

/// One line of the list: a file with faults is listed as such, and the others all the same.
struct Entry {
    id: String,
    name: String,
    steps: Option<usize>,
    own: bool,
}

fn list(here: &Here) -> Answer {
    let entries: Vec<Entry> = here.world.playbook_ids().into_iter().map(|id| entry(here, id)).collect();
    if here.style.json {
        let value =
            |entry: &Entry| json!({ "id": entry.id, "name": entry.name, "steps": entry.steps, "builtin": !entry.own });
        return Answer::json(Value::Array(entries.iter().map(value).collect()));
    }
    let row = |entry: &Entry| {
        let steps = entry.steps.map(|steps| format!("{steps} steps")).unwrap_or_default();
        let origin = if entry.own { "own" } else { "built-in" };
        vec![shown(&entry.id), shown(&entry.name), steps, origin.to_owned()]
    };
    Answer::text(columns(&entries.iter().map(row).collect::<Vec<_>>()))
}

fn entry(here: &Here, id: String) -> Entry {
    let own = here.world.config_dir.join("playbooks").join(format!("{id}.toml")).exists();
    match here.world.playbook(&id) {
        Ok(loaded) => {
            let steps = Some(loaded.playbook.steps().count());
            Entry { id, name: loaded.playbook.name.clone(), steps, own }
        }
        Err(_) => Entry { name: "has faults: see «fixlead playbook show»".to_owned(), steps: None, own, id },
    }
}

fn show(here: &Here, id: &str) -> Result<Answer, Failure> {
    let playbook = here.world.playbook(id)?.playbook;
    Ok(if here.style.json {
        Answer::json(playbook_json::playbook(&playbook))
    } else {
        Answer::text(playbook_text::playbook(&playbook))
    })
}

/// Names every fault of a file; exit code 1 if there is any.
fn check(here: &Here, file: &str) -> Result<Answer, Failure> {
    let text = read(file)?;
    let (faults, lines, counts) = match Playbook::parse(&text) {
        Ok(playbook) => {
            let (phases, steps, gates) = (playbook.phases.len(), playbook.steps().count(), playbook.gates.len());
            let line = format!("{file}: no fault; {phases} phases, {steps} steps, {gates} gates");
            (Vec::new(), vec![line], json!({ "phases": phases, "steps": steps, "gates": gates }))
        }
        Err(faults) => {
            let lines = fault_lines(file, &faults);
            (faults, lines, Value::Null)
        }
    };
    let code = u8::from(!faults.is_empty());
    let answer = if here.style.json {
        let faults: Vec<Value> = faults.iter().map(fault_json).collect();
        Answer::json(json!({ "file": file, "faults": faults, "counts": counts }))
    } else {
        Answer::text(lines.iter().map(|line| shown(line)).collect())
    };
    Ok(answer.with_code(code))
}

fn fault_json(fault: &Fault) -> Value {
    json!({ "line": fault.line, "column": fault.column, "message": fault.message, "hint": fault.hint })
}

/// The text of a file that may be as long as a process can be.
fn read(file: &str) -> Result<String, Failure> {
    let limit = MAX_BYTES as u64;
    if file == "-" {
        return read_all("standard input", std::io::stdin().lock(), limit);
    }
    read_all(file, std::fs::File::open(file).map_err(|error| unreadable(file, &error))?, limit)
}
