//! What help says beside the options, and how a command line that can't be read is answered.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};

use super::failure::Failure;
use super::output::{Answer, Style, print};

/// Exit codes, below every help.
pub const EXIT_CODES: &str =
    "Exit codes: 0 done, 1 failed, 2 usage, 3 refused by the process, 4 not found, 5 not saved,
6 held by another, 10 needs attention, 11 leak, 12 something unknown";

/// Forms of arguments, below the long help.
pub const FORMS: &str = "Free text (--title, --note, --why, --override … and names and links: WHO, WHAT, URL, --by, --on, --to,
--link) is given as a text, as - for standard input or as @FILE, and what is needed is asked for on a terminal when it is left out. Arguments can be read by everyone on the machine, so prefer the
last three for what is under embargo. @@ begins a text that begins with @.

An instant is written as 2026-11-24T16:00:00Z, «2026-11-24 16:00 Europe/Berlin», «yesterday 17:12 UTC», «2h ago», «in 3d»,
or as the Date of a mail. An hour without a zone is refused.

Exit codes: 0 done, 1 failed, 2 usage, 3 refused by a gate, a prerequisite, «not before», evidence or a rule, 4 not found,
5 not saved, 6 held by another or handed over, 10 needs attention, 11 leak, 12 something unknown (11 beats 12 beats 10)";

/// Prints help where it was asked for, else what is wrong with the command line, and tells the exit code.
pub fn explain(error: &clap::Error, args: &[OsString]) -> u8 {
    // What was typed could not be read as a whole, so the two options that say how to print are looked for by hand.
    let has = |option: &str| args.iter().any(|arg| arg == option);
    let style = Style { json: has("--json"), ascii: has("--ascii") };
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return print(Ok(Answer::text(error.to_string().lines().map(str::to_owned).collect())), style);
    }
    print(Err(failure(error, args)), style)
}

fn failure(error: &clap::Error, args: &[OsString]) -> Failure {
    let text = error.to_string();
    let mut paragraphs = text.split("\n\n").map(one_line);
    let what = paragraphs.next().unwrap_or_default();
    let what = what.strip_prefix("error: ").unwrap_or(&what).to_owned();
    let tips: Vec<String> = paragraphs.filter_map(|part| part.strip_prefix("tip: ").map(str::to_owned)).collect();
    let usage = error.get(ContextKind::Usage).map(|usage| one_line(&usage.to_string())).unwrap_or_default();
    let usage = usage.replace("Usage: ", "write it as ");
    let usage = ["--data-dir", "--config-dir"].into_iter().fold(usage, |usage, option| {
        let is_typed = args.iter().any(|arg| arg.to_string_lossy().starts_with(option));
        if is_typed { usage } else { without(&usage, option) }
    });
    let then: Vec<String> = tips.into_iter().chain((!usage.is_empty()).then_some(usage)).collect();
    Failure::usage(what, then.join("; "))
}

/// A usage without an option and its value: it is set by the environment, and nobody has to write it.
fn without(usage: &str, option: &str) -> String {
    let Some((before, rest)) = usage.split_once(&format!("{option} <")) else { return usage.to_owned() };
    let after = rest.split_once('>').map_or("", |(_, after)| after);
    format!("{}{after}", before.trim_end())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
