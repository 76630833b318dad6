//! `cvss --batch`: a line in, a line out, at once.

use std::io::{BufRead, Read};

use super::failure::{Failure, Kind};
use super::output::{Answer, Style, put_json, put_row};
use super::{cvss, cvss_json};
use crate::cvss::{Mended, Nomenclature, Score, Vector, VectorError, Version};
use crate::text::displayable;

/// The longest line that is read, in bytes; what is longer is no vector by far, and is answered by its beginning.
const LONGEST: usize = 4096;

/// Reads vectors, one a line, and answers each before it reads the next.
///
/// # Errors
/// If standard input can't be read or the answer can't be written.
pub fn run(style: Style, lenient: bool) -> Result<Answer, Failure> {
    let mut input = std::io::stdin().lock();
    let mut refused = false;
    while let Some(line) = next_line(&mut input).map_err(|error| failed("standard input can't be read", &error))? {
        let read = read(&line, lenient);
        refused |= read.is_err();
        let put = if style.json { put_json(&json(&line, &read)) } else { put_row(&row(&line, &read)) };
        match put {
            Ok(()) => {}
            // Whoever asked has read enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => break,
            Err(error) => return Err(failed("the answer can't be written", &error)),
        }
    }
    Ok(Answer::default().with_code(u8::from(refused)))
}

fn failed(what: &str, error: &std::io::Error) -> Failure {
    Failure { kept: "", ..Failure::new(Kind::Failed, format!("{what}: {error}"), "") }
}

/// The next line without its end; of one that is too long its beginning, by one byte too long.
fn next_line(input: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let limit = u64::try_from(LONGEST + 2).unwrap_or(u64::MAX);
    if input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() > LONGEST {
        input.skip_until(b'\n')?;
        line.truncate(LONGEST + 1);
    }
    Ok(Some(line))
}

fn read(line: &[u8], lenient: bool) -> Result<Mended, VectorError> {
    if line.len() > LONGEST {
        return Err(VectorError::TooLong { max: LONGEST, position: LONGEST });
    }
    match std::str::from_utf8(line) {
        Ok(text) => cvss::read(text, lenient),
        Err(error) => Err(VectorError::NoUtf8 { position: error.valid_up_to() }),
    }
}

fn row(line: &[u8], read: &Result<Mended, VectorError>) -> Vec<String> {
    match read {
        Ok(Mended { vector, .. }) => scored(vector),
        Err(error) => vec![escaped(line), "error".to_owned(), escaped(error.to_string().as_bytes())],
    }
}

/// The columns of a vector. 4.0 has one score only, in the column of what it takes in.
fn scored(vector: &Vector) -> Vec<String> {
    let scores = vector.scores();
    let cell = |score: Option<Score>| score.map(|score| score.to_string()).unwrap_or_default();
    let has_base = vector.version() != Version::V4_0 || vector.nomenclature() == Nomenclature::B;
    vec![
        vector.to_string(),
        vector.version().number().to_owned(),
        cell(has_base.then_some(scores.base)),
        cell(scores.temporal),
        cell(scores.environmental),
        vector.severity().to_string(),
    ]
}

fn json(line: &[u8], read: &Result<Mended, VectorError>) -> serde_json::Value {
    match read {
        Ok(read) => cvss_json::scored(read, false),
        Err(error) => cvss_json::refused(&escaped(line), error),
    }
}

/// A line as one that drives no terminal and has no tab: what is broken or can't be shown stands there as `\xNN`.
fn escaped(line: &[u8]) -> String {
    let mut escaped = String::new();
    let byte = |byte: &u8| format!("\\x{byte:02X}");
    for chunk in line.utf8_chunks() {
        for letter in chunk.valid().chars() {
            let letter = letter.to_string();
            if displayable(&letter) == letter && letter != "\t" {
                escaped.push_str(&letter);
            } else {
                escaped.extend(letter.as_bytes().iter().map(byte));
            }
        }
        escaped.extend(chunk.invalid().iter().map(byte));
    }
    escaped
}
