//! What a person pasted: a vector out of a mail, in lower case, in brackets. A step by itself, which tells what it mended.
//!
//! No value is ever guessed or changed: what is read here goes through the strict reader in the end. What could be meant
//! in two ways is refused.

use std::fmt;

use super::{Metric, Vector, VectorError, Version};
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
    let lower = text.to_ascii_lowercase();
    let Some(first) = find(text, &lower, 0) else { return Err(strict) };
    let mended = first.mended(text);
    let canonical = |read: &Result<Mended, VectorError>| read.as_ref().ok().map(|read| read.vector.canonical());
    let mut from = first.end;
    while let Some(other) = find(text, &lower, from) {
        // The same once more is no second one.
        if mended.is_err() || canonical(&other.mended(text)) != canonical(&mended) {
            return Err(VectorError::Several { position: other.start });
        }
        from = other.end;
    }
    mended
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
    /// Why it can't be read whatever its metrics say.
    fault: Option<VectorError>,
}

/// The first vector from a byte on: with a prefix, or without one as in 2.0.
fn find<'t>(text: &'t str, lower: &str, from: usize) -> Option<Found<'t>> {
    let places =
        |name: &'static str| lower.get(from..).unwrap_or_default().match_indices(name).map(|(at, _)| from + at);
    let labelled = places("cvss").find_map(|start| {
        let (version, length) = prefix(&lower[start..])?;
        read_parts(text, start, start + length, version)
    });
    let bare = places("av:").find_map(|start| {
        let before = &lower[..start];
        let apart = !before.ends_with(|c: char| c.is_ascii_alphanumeric());
        let found = apart.then(|| read_parts(text, start, start, Version::V2_0)).flatten()?;
        Some(Found { fault: unknown_version(before).or(found.fault), ..found })
    });
    [labelled, bare].into_iter().flatten().min_by_key(|found| found.start)
}

/// What stands before metrics without a prefix that is known, if it is one of another version: `CVSS:5.0/`, `cvss v3 `. A
/// number that nothing marks as a version is a score.
fn unknown_version(before: &str) -> Option<VectorError> {
    let head = before.trim_end_matches([':', ' ', ')', '(', '#', '/']);
    let (label, number) = head.split_at(head.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len());
    let marks = &label[label.trim_end_matches([':', ' ', 'v', '(']).len()..];
    let is_label = label[..label.len() - marks.len()].ends_with("cvss");
    let is_version = marks.contains('v') || before[head.len()..].starts_with([':', '#', '/']);
    if !is_label || number.is_empty() || !is_version || ["2", "2.0"].contains(&number) {
        return None;
    }
    Some(VectorError::UnknownVersion { found: cap(number, 24).into_owned(), position: label.len() })
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
    let (parts, fault) = (Vec::new(), None);
    let mut found = Found { version, start, end: metrics, parts, prefix, blanks: false, slashes: false, fault };
    let mut at = metrics + separator(&text[metrics..]);
    while let Some((key, value, end)) = part(text, at) {
        let metric = named(version, key);
        let fits = metric.is_some_and(|metric| takes(metric, value));
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
    found.fault = apart(text, found.end, version);
    (found.parts.len() > 1).then_some(found)
}

/// A metric with a value that stands behind a vector, with nothing but a few signs between: `,E:P`. AV begins another
/// vector, which is looked at by itself.
fn apart(text: &str, end: usize, version: Version) -> Option<VectorError> {
    const SIGNS: usize = 4;
    let tail = &text[end..];
    let signs = tail.chars().take_while(|c| !c.is_alphanumeric());
    let position = end + signs.take(SIGNS).map(char::len_utf8).sum::<usize>();
    let (key, value, end) = part(text, position)?;
    // An answer such as «A: yes» is text.
    let is_meant = |metric: &Metric| takes(metric, value) || !text[position..end].contains(char::is_whitespace);
    let metric = named(version, key).filter(|metric| metric.key != "AV" && is_meant(metric))?;
    Some(VectorError::Apart { metric: metric.key, position })
}

/// The metric of a name in any letters.
fn named(version: Version, key: &str) -> Option<&'static Metric> {
    version.metrics().iter().find(|metric| metric.key.eq_ignore_ascii_case(key))
}

/// Whether a metric has a value of a name in any letters.
fn takes(metric: &Metric, value: &str) -> bool {
    metric.values.iter().any(|known| known.key.eq_ignore_ascii_case(value))
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
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
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
