//! What a person pasted: a vector out of a mail, in lower case, in brackets. A step by itself, which tells what it mended.
//!
//! No value is ever guessed or changed: what is read here goes through the strict reader in the end. What could be meant
//! in two ways is refused.

use std::fmt;

use super::{Vector, VectorError, Version};
use crate::text::{cap, displayable};

/// The longest text that a vector is looked for in, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// A vector with what had to be mended to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The vector.
    pub vector: Vector,
    /// What was mended; nothing if the text was a vector.
    pub mends: Vec<Mend>,
}

/// One thing that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// There was other text around it.
    Surroundings,
    /// It stood in brackets or quotes.
    Brackets,
    /// A score stood before it, as in `9.8/CVSS:3.1/…`. It counts for nothing.
    Score {
        /// The score as it stood there.
        text: String,
    },
    /// The prefix was written in another way.
    Prefix,
    /// There were blanks or line ends in it.
    Blanks,
    /// A slash was too many or missing.
    Slashes,
    /// Capitals were small, or the other way round.
    Case,
    /// The metrics of 4.0 were in another order.
    Order,
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Surroundings => f.write_str("left out the text around it"),
            Self::Brackets => f.write_str("took it out of its brackets"),
            Self::Score { text } => write!(f, "left out the score before it, {text}"),
            Self::Prefix => f.write_str("wrote the prefix as the specification does"),
            Self::Blanks => f.write_str("took blanks out of it"),
            Self::Slashes => f.write_str("put its slashes right"),
            Self::Case => f.write_str("put small letters and capitals right"),
            Self::Order => f.write_str("put the metrics into the order of 4.0"),
        }
    }
}

/// Reads what a person pasted: the one vector that is in it.
///
/// # Errors
/// If there is none, or more than one; then as [`Vector::parse`], with positions in what was found, once it was mended.
pub fn mend(text: &str) -> Result<Mended, VectorError> {
    let strict = match Vector::parse(text) {
        Ok(vector) => return Ok(Mended { vector, mends: Vec::new() }),
        Err(error) => error,
    };
    if text.len() > MAX_BYTES {
        return Err(VectorError::TooLong { max: MAX_BYTES, position: MAX_BYTES });
    }
    let Some(found) = find(text, 0) else { return Err(strict) };
    let mended = found.mended(text)?;
    let mut from = found.end;
    while let Some(other) = find(text, from) {
        if other.mended(text).map(|other| other.vector.canonical()) != Ok(mended.vector.canonical()) {
            return Err(VectorError::Several { position: other.start });
        }
        from = other.end;
    }
    Ok(mended)
}

/// A vector as it stands in a text.
struct Found<'t> {
    version: Version,
    /// Where it starts, with its prefix.
    start: usize,
    end: usize,
    /// Its metrics as they are written, key and value.
    parts: Vec<(&'t str, &'t str)>,
    prefix: bool,
    blanks: bool,
    slashes: bool,
}

/// The first vector from a byte on: what has a prefix, else the first metric of 2.0, which has none.
fn find(text: &str, from: usize) -> Option<Found<'_>> {
    let lower = text.to_ascii_lowercase();
    let labels = lower.get(from..)?.match_indices("cvss").map(|(at, _)| from + at);
    let labelled = labels.filter_map(|start| {
        let (version, length) = prefix(&lower[start..])?;
        read_parts(text, start, start + length, version)
    });
    let bare = lower.get(from..)?.match_indices("av:").map(|(at, _)| from + at).filter_map(|start| {
        let apart = !lower[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        apart.then(|| read_parts(text, start, start, Version::V2_0)).flatten()
    });
    labelled.into_iter().next().or_else(|| bare.into_iter().next())
}

/// The version of a prefix in any way of writing, such as `cvss:3.1/`, `cvss v3.1:`, and its length.
fn prefix(lower: &str) -> Option<(Version, usize)> {
    let tail = lower.strip_prefix("cvss")?.trim_start_matches([':', ' ', 'v', '(']);
    let version = Version::ALL.into_iter().find(|version| tail.starts_with(version.number()))?;
    let tail = tail[version.number().len()..].trim_start_matches([':', ' ', ')', '#', '\n', '\r']);
    Some((version, lower.len() - tail.trim_start_matches('/').len()))
}

/// Reads metrics from a byte on for as long as there are any. A single word with a colon is no vector yet.
fn read_parts(text: &str, start: usize, metrics: usize, version: Version) -> Option<Found<'_>> {
    let written = text.get(start..metrics)?;
    let prefix = written != version.prefix();
    let mut found = Found { version, start, end: metrics, parts: Vec::new(), prefix, blanks: false, slashes: false };
    let mut at = metrics + separator(&text[metrics..]);
    while let Some((key, value, end)) = part(text, at) {
        let metric = version.metrics().iter().find(|metric| metric.key.eq_ignore_ascii_case(key));
        let fits = metric.is_some_and(|metric| metric.values.iter().any(|known| known.key.eq_ignore_ascii_case(value)));
        let gap = &text[found.end..at];
        let loose = !found.parts.is_empty() && !gap.contains('/');
        let has_blanks = text[at..end].contains(char::is_whitespace);
        // Behind a blank the text may go on: a word with a colon that is no metric ends the vector there, and so does an
        // answer such as «A: yes», if the vector was written without blanks so far.
        if loose && (metric.is_none() || !fits && has_blanks && !found.blanks) {
            break;
        }
        if !found.parts.is_empty() {
            found.slashes |= gap.matches('/').count() != 1;
        }
        found.blanks |= gap.contains(char::is_whitespace) || has_blanks;
        found.parts.push((key, value));
        found.end = end;
        at = end + separator(&text[end..]);
    }
    // A slash behind the last metric belongs to nothing.
    if text[found.end..].starts_with('/') {
        found.end += 1;
        found.slashes = true;
    }
    (found.parts.len() > 1).then_some(found)
}

/// The length of what stands between two metrics: slashes, blanks, line ends with the marks of a quoted mail.
fn separator(text: &str) -> usize {
    let mut line_begins = false;
    let end = text.find(|c: char| {
        let between = c == '/' || c.is_whitespace() || line_begins && c == '>';
        line_begins = c == '\n' || line_begins && (c == '>' || c.is_whitespace());
        !between
    });
    end.unwrap_or(text.len())
}

/// The metric at a byte: key, value and where it ends.
fn part(text: &str, at: usize) -> Option<(&str, &str, usize)> {
    let word = |from: usize| {
        let tail = &text[from..];
        &tail[..tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len())]
    };
    let blanks = |from: usize| text[from..].len() - text[from..].trim_start_matches(' ').len();
    let key = word(at);
    let colon = at + key.len() + blanks(at + key.len());
    if key.is_empty() || !text[colon..].starts_with(':') {
        return None;
    }
    let begin = colon + 1 + blanks(colon + 1);
    let value = word(begin);
    Some((key, value, begin + value.len()))
}

impl Found<'_> {
    /// The vector, read strictly once all around its values is mended.
    fn mended(&self, text: &str) -> Result<Mended, VectorError> {
        let mut case = false;
        let mut parts: Vec<(usize, String)> = Vec::new();
        for (key, value) in &self.parts {
            let metrics = self.version.metrics();
            let place = metrics.iter().position(|metric| metric.key.eq_ignore_ascii_case(key));
            let metric = place.map(|place| &metrics[place]);
            let known = metric.and_then(|metric| metric.values.iter().find(|v| v.key.eq_ignore_ascii_case(value)));
            let (right_key, right_value) =
                (metric.map_or(*key, |metric| metric.key), known.map_or(*value, |value| value.key));
            case |= right_key != *key || right_value != *value;
            parts.push((place.unwrap_or(usize::MAX), format!("{right_key}:{right_value}")));
        }
        let order = self.version == Version::V4_0 && !parts.is_sorted_by_key(|part| part.0);
        if order {
            parts.sort_by_key(|part| part.0);
        }
        let parts: Vec<String> = parts.into_iter().map(|part| part.1).collect();
        let vector = Vector::parse(&format!("{}{}", self.version.prefix(), parts.join("/")))?;
        let mut mends = around(&text[..self.start], &text[self.end..]);
        let inside = [
            (self.prefix, Mend::Prefix),
            (self.blanks, Mend::Blanks),
            (self.slashes, Mend::Slashes),
            (case, Mend::Case),
            (order, Mend::Order),
        ];
        mends.extend(inside.into_iter().filter(|(so, _)| *so).map(|(_, mend)| mend));
        Ok(Mended { vector, mends })
    }
}

/// What stood before and behind the vector.
fn around(before: &str, behind: &str) -> Vec<Mend> {
    const OPENING: [char; 7] = ['(', '[', '{', '<', '"', '\'', '`'];
    const CLOSING: [char; 7] = [')', ']', '}', '>', '"', '\'', '`'];
    let mut mends = Vec::new();
    let mut before = before;
    let score = before
        .strip_suffix('/')
        .map(|head| head.split_at(head.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len()));
    if let Some((head, score)) = score.filter(|(_, score)| !score.is_empty()) {
        mends.push(Mend::Score { text: cap(&displayable(score), 8).into_owned() });
        before = head;
    }
    if before.ends_with(OPENING) && behind.starts_with(CLOSING) {
        mends.push(Mend::Brackets);
    }
    let (head, tail) = (before.trim_end_matches(OPENING), behind.trim_start_matches(CLOSING));
    if !head.trim().is_empty() || !tail.trim().is_empty() {
        mends.push(Mend::Surroundings);
    } else if head != head.trim() || tail != tail.trim() {
        mends.push(Mend::Blanks);
    }
    mends
}
