//! Free text of a command line: a value, `-` for standard input, `@FILE`, or asked for on a terminal.
//!
//! Arguments of a process can be read by everyone on the machine, so that no text of a case has to stand there.

use std::io::{BufRead, IsTerminal, Read, Write};

use super::failure::{Failure, Kind};
use super::output::shown;

/// The longest text that is read, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Stands for an option that was given without a value. No argument of a process can hold this character.
pub const ASK: &str = "\0";

/// A text that a verb can't do without.
///
/// # Errors
/// If it was left out where nobody can be asked, or can't be read.
pub fn required(given: Option<&str>, option: &str, question: &str) -> Result<String, Failure> {
    let text = match given {
        None | Some(ASK) => ask(option, question)?,
        Some(given) => expanded(given)?,
    };
    if text.trim().is_empty() {
        return Err(missing(option, "is empty"));
    }
    Ok(text)
}

/// A text that may be left out; given without a value it is asked for.
///
/// # Errors
/// As [`required`].
pub fn optional(given: Option<&str>, option: &str, question: &str) -> Result<Option<String>, Failure> {
    given.map(|given| required(Some(given), option, question)).transpose()
}

/// What `-`, `@FILE` or a plain value stand for; `@@` begins a text that begins with `@`.
///
/// # Errors
/// If the file or standard input can't be read.
pub fn expanded(given: &str) -> Result<String, Failure> {
    match given.strip_prefix('@') {
        None if given == "-" => read("standard input", std::io::stdin().lock()),
        None => Ok(given.to_owned()),
        Some(literal) if literal.starts_with('@') => Ok(literal.to_owned()),
        Some(path) => {
            let hint = "@@ begins a text that begins with @";
            let open = |error| Failure { then: hint.to_owned(), ..unreadable(path, &error) };
            let file = std::fs::File::open(path).map_err(open)?;
            read(path, file)
        }
    }
}

fn read(name: &str, from: impl Read) -> Result<String, Failure> {
    let mut text = String::new();
    from.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(|error| unreadable(name, &error))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(Failure::new(Kind::Failed, format!("{name} is longer than 1 MiB"), "shorten it"));
    }
    // Editors and `echo` end a text with a line feed that nobody means.
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Failed };
    Failure::new(kind, format!("{name} can't be read: {error}"), "")
}

/// Asks on the terminal; without one a text that was left out is an error of the command line.
fn ask(option: &str, question: &str) -> Result<String, Failure> {
    let mut err = std::io::stderr();
    let stdin = std::io::stdin();
    if !stdin.is_terminal() || !err.is_terminal() {
        return Err(missing(option, "is missing"));
    }
    // A question that can't be shown is answered blindly or not at all: the read tells which.
    let _ = write!(err, "{} ", shown(question)).and_then(|()| err.flush());
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(|error| unreadable("the answer", &error))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

fn missing(option: &str, how: &str) -> Failure {
    Failure::usage(format!("{option} {how}"), "give a text, - for standard input, or @FILE")
}
