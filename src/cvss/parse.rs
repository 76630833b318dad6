//! The one strict reader of vectors.

use super::metric::{Metric, pack};
use super::{Vector, VectorError, Version};
use crate::text::{cap, displayable};

/// The longest vector that is read, in bytes: the longest valid one has less than half of it.
const MAX_BYTES: usize = 400;

/// How many characters of a wrong text an error repeats.
const SHOWN: usize = 24;

/// What a vector with a prefix begins with.
const LABEL: &str = "CVSS:";

/// Reads a vector of any version.
pub(super) fn read(text: &str) -> Result<Vector, VectorError> {
    if text.len() > MAX_BYTES {
        return Err(VectorError::TooLong { max: MAX_BYTES, position: MAX_BYTES });
    }
    match text.strip_prefix(LABEL) {
        Some(tail) => {
            let version = version(tail)?;
            read_metrics(text, version.prefix().len(), version)
        }
        None => read_metrics(text, 0, Version::V2_0).map_err(|error| without_prefix(text, error)),
    }
}

/// The version that stands behind the label.
fn version(tail: &str) -> Result<Version, VectorError> {
    let with_slash = [Version::V3_0, Version::V3_1, Version::V4_0].into_iter();
    let found = with_slash.clone().find(|version| tail.starts_with(&version.prefix()[LABEL.len()..]));
    found.ok_or_else(|| {
        let number = tail.split('/').next().unwrap_or_default();
        match with_slash.clone().find(|version| version.number() == number) {
            Some(version) => missing(&version.metrics()[0], LABEL.len() + tail.len()),
            None => VectorError::UnknownVersion { found: shown(number), position: LABEL.len() },
        }
    })
}

/// Reads `KEY:VALUE` parts between slashes, from the byte `start` to the end of the text.
fn read_metrics(text: &str, start: usize, version: Version) -> Result<Vector, VectorError> {
    let mut vector = Vector::blank(version);
    let mut position = start;
    // Where the next metric most likely stands in the table: behind the last one.
    let mut likely = 0;
    loop {
        let tail = text.get(position..).unwrap_or_default();
        let end = tail.bytes().position(|byte| byte == b'/');
        let part = &tail[..end.unwrap_or(tail.len())];
        let (metric, value) = read_part(part, position, &vector, likely)?;
        if vector.draft().place(metric).is_some() {
            return Err(duplicate(text, start, &version.metrics()[metric], position));
        }
        if version == Version::V4_0 && metric < likely {
            return Err(VectorError::Order {
                metric: version.metrics()[metric].key,
                position,
                before: version.metrics()[likely - 1].key,
            });
        }
        vector.push(metric, value);
        likely = metric + 1;
        if end.is_none() {
            break;
        }
        position += part.len() + 1;
    }
    match vector.draft().open().next() {
        Some(metric) => Err(missing(&version.metrics()[metric], text.len())),
        None => Ok(vector),
    }
}

/// Reads one part, which stands at the byte `position`: the places of a metric and of its value.
fn read_part(part: &str, position: usize, before: &Vector, likely: usize) -> Result<(usize, u8), VectorError> {
    let metrics = before.version().metrics();
    let colon = part.bytes().position(|byte| byte == b':').unwrap_or_default();
    // A colon at the beginning or at the end leaves no name or no value, as no colon does.
    if colon == 0 || colon + 1 == part.len() {
        return Err(VectorError::Shape { found: shown(part), position, expected: left(before) });
    }
    let (key, value) = (&part[..colon], &part[colon + 1..]);
    let packed = pack(key.as_bytes());
    let found = metrics.get(likely).filter(|metric| metric.is(packed)).map(|_| likely);
    let found = found.or_else(|| metrics.iter().position(|metric| metric.is(packed)));
    let place =
        found.ok_or_else(|| VectorError::UnknownMetric { metric: shown(key), position, expected: left(before) })?;
    let metric = &metrics[place];
    let found = metric.find(value).and_then(|value| u8::try_from(value).ok());
    let value = found.ok_or_else(|| VectorError::UnknownValue {
        metric: metric.key,
        value: shown(value),
        position: position + key.len() + 1,
        expected: metric.choices(),
    })?;
    Ok((place, value))
}

/// The names that may still come: the mandatory ones first of all, else all that are left.
fn left(before: &Vector) -> String {
    let metrics = before.version().metrics().iter().enumerate();
    let open = metrics.filter(|(place, _)| before.draft().place(*place).is_none());
    let (mandatory, others): (Vec<_>, Vec<_>) =
        open.map(|(_, metric)| metric).partition(|metric: &&Metric| metric.mandatory());
    let names = if mandatory.is_empty() { others } else { mandatory };
    names.iter().map(|metric| metric.key).collect::<Vec<_>>().join(", ")
}

fn duplicate(text: &str, start: usize, metric: &'static Metric, position: usize) -> VectorError {
    let mut first = start;
    for part in text.get(start..).unwrap_or_default().split('/') {
        if part.split(':').next() == Some(metric.key) {
            break;
        }
        first += part.len() + 1;
    }
    VectorError::Duplicate { metric: metric.key, first, position }
}

fn missing(metric: &'static Metric, position: usize) -> VectorError {
    VectorError::Missing { metric: metric.key, position, expected: metric.choices() }
}

/// What to say of a text without a prefix that is no vector of 2.0: that it lacks one, where that is all it lacks.
fn without_prefix(text: &str, error: VectorError) -> VectorError {
    let lacking = [Version::V3_1, Version::V4_0].into_iter();
    let fits = |version: &Version| read(&format!("{}{text}", version.prefix())).is_ok();
    if let Some(version) = lacking.into_iter().find(fits) {
        return VectorError::NoPrefix { position: 0, expected: version.prefix() };
    }
    let head = text.split('/').next().unwrap_or_default();
    let begins = head.split_once(':').is_some_and(|(key, _)| Version::V2_0.find(key).is_some());
    if begins { error } else { VectorError::NoVector { found: shown(head), position: 0 } }
}

fn shown(text: &str) -> String {
    cap(&displayable(&cap(text, SHOWN)), SHOWN).into_owned()
}
