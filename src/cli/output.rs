//! What a verb prints, and the one place where it is printed.

use std::io::{IsTerminal, Write};

use serde_json::Value;

use super::failure::Failure;
use crate::text::{displayable, harmless_json, in_ascii};

/// What a verb has to say.
#[derive(Debug, Default)]
pub struct Answer {
    /// For standard output.
    pub body: Body,
    /// For standard error: warnings that change nothing.
    pub asides: Vec<String>,
    /// The exit code.
    pub code: u8,
}

/// The form of what goes to standard output.
#[derive(Debug, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// Lines for people.
    Text(Vec<String>),
    /// One value for programs.
    Json(Value),
    /// Several values for programs, each on a line of its own.
    JsonLines(Vec<Value>),
    /// Bytes of the program's own making, such as a man page.
    Raw(Vec<u8>),
}

impl Answer {
    /// Lines for people.
    #[must_use]
    pub fn text(lines: Vec<String>) -> Self {
        Self { body: Body::Text(lines), ..Self::default() }
    }

    /// One value for programs.
    #[must_use]
    pub fn json(value: Value) -> Self {
        Self { body: Body::Json(value), ..Self::default() }
    }

    /// Several values for programs.
    #[must_use]
    pub fn json_lines(values: Vec<Value>) -> Self {
        Self { body: Body::JsonLines(values), ..Self::default() }
    }

    /// Bytes as they are.
    #[must_use]
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self { body: Body::Raw(bytes), ..Self::default() }
    }

    /// The same with another exit code.
    #[must_use]
    pub fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    /// The same with warnings.
    #[must_use]
    pub fn with_asides(mut self, asides: impl IntoIterator<Item = String>) -> Self {
        self.asides.extend(asides);
        self
    }
}

/// How everything is printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// JSON in place of lines.
    pub json: bool,
    /// Nothing but ASCII of the program's own.
    pub ascii: bool,
}

/// Text from outside as one line that can't drive a terminal.
#[must_use]
pub fn shown(text: &str) -> String {
    displayable(text).into_owned()
}

/// Prints an answer or a failure and tells the exit code.
#[must_use]
pub fn print(outcome: Result<Answer, Failure>, style: Style) -> u8 {
    match outcome {
        Ok(answer) => {
            for aside in &answer.asides {
                tell_aside(aside, style);
            }
            match put(&bytes_of(answer.body, style)) {
                Ok(()) => answer.code,
                Err(reason) => {
                    tell(&format!(
                        "fixlead: it is done, but the answer can't be written ({reason}); ask again elsewhere"
                    ));
                    1
                }
            }
        }
        Err(failure) => {
            let text = if style.json { json(&failure.json()) } else { plain(&failure.text(), style) };
            tell(&text);
            failure.kind.code()
        }
    }
}

/// Tells on standard error what should be known beside the answer.
pub fn tell_aside(aside: &str, style: Style) {
    tell(&if style.json {
        json(&serde_json::json!({ "warning": aside }))
    } else {
        plain(&format!("fixlead: {}", shown(aside)), style)
    });
}

/// JSON on one line.
fn json(value: &Value) -> String {
    harmless_json(&value.to_string())
}

fn bytes_of(body: Body, style: Style) -> Vec<u8> {
    match body {
        Body::None => Vec::new(),
        Body::Raw(bytes) => bytes,
        Body::Json(value) => format!("{}\n", harmless_json(&format!("{value:#}"))).into_bytes(),
        Body::JsonLines(values) => values.iter().map(|value| json(value) + "\n").collect::<String>().into_bytes(),
        Body::Text(lines) => {
            // Each line went through `shown` piece by piece already; a second time changes nothing and forgets nothing.
            let lines: Vec<String> = lines.iter().map(|line| format!("{}\n", shown(line))).collect();
            plain(&lines.concat(), style).into_bytes()
        }
    }
}

/// Signs in ASCII where that was asked for; letters of every script stay.
fn plain(text: &str, style: Style) -> String {
    if style.ascii { in_ascii(text) } else { text.to_owned() }
}

/// Prints one line once the screen is gone, where somebody may read it.
pub fn print_line(line: &str, style: Style) {
    // There may be no terminal any more.
    let _ = put(plain(&format!("{}\n", shown(line)), style).as_bytes());
}

/// Prints one row of cells with tabs between them, at once.
///
/// # Errors
/// If it can't be written, also where the reader went away.
pub fn put_row(cells: &[String]) -> Result<(), std::io::Error> {
    let cells: Vec<String> = cells.iter().map(|cell| shown(cell)).collect();
    put_now(&cells.join("\t"))
}

/// Prints one value on a line, at once.
///
/// # Errors
/// As [`put_row`].
pub fn put_json(value: &Value) -> Result<(), std::io::Error> {
    put_now(&json(value))
}

fn put_now(line: &str) -> Result<(), std::io::Error> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Writes to standard output. A reader that went away, such as `head`, is no error.
fn put(bytes: &[u8]) -> Result<(), std::io::Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes to standard error. Where even that is gone there is nobody left to tell.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// How many columns the terminal has that standard output is; none if it is something else.
#[must_use]
pub fn terminal_width() -> Option<usize> {
    let out = std::io::stdout();
    let size = out.is_terminal().then(|| rustix::termios::tcgetwinsize(out).ok())??;
    Some(usize::from(size.ws_col))
}
