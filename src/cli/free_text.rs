//! Free text of a command line: a value, `-` for standard input, `@FILE`, or asked for on a terminal.
//!
//! Arguments of a process can be read by everyone on the machine, so that no text of a case has to stand there.

use std::io::{BufRead, IsTerminal, Read, Write};

use super::failure::{Failure, Kind};
use super::output::shown;
use crate::case::limits::MAX_TEXT;
use crate::source::place;

/// The longest text that is read, in bytes.
const MAX_BYTES: u64 = MAX_TEXT as u64;

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
    let text = read_all(name, from, MAX_BYTES)?;
    // Editors and `echo` end a text with a line feed that nobody means.
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// Text of limited length from whatever a person named. A pipe is welcome here: `@<(command)` is one.
///
/// # Errors
/// If it can't be read, is longer, or is no UTF-8; then with the place.
pub fn read_all(name: &str, from: impl Read, limit: u64) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(name, &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limit) {
        let what = format!("{name} is longer than {} KiB", limit / 1024);
        return Err(Failure::new(Kind::Failed, what, "shorten it"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let (line, column) = place(&good, good.len());
        Failure::new(Kind::Failed, format!("{name}:{line}:{column}: this byte is no UTF-8"), "save it as UTF-8")
    })
}

/// What is said of something that can't be read.
#[must_use]
pub fn unreadable(name: &str, error: &std::io::Error) -> Failure {
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
