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
    let version = match text.strip_prefix(LABEL) {
        Some(tail) => version(tail)?,
        None => Version::V2_0,
    };
    let mut vector = Vector::blank(version);
    match read_metrics(text, version.prefix().len(), &mut vector) {
        Ok(()) => Ok(vector),
        Err(error) if version == Version::V2_0 => Err(without_prefix(text, error)),
        Err(error) => Err(error),
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
fn read_metrics(text: &str, start: usize, vector: &mut Vector) -> Result<(), VectorError> {
    let version = vector.version();
    let metrics = version.metrics();
    let mut position = start;
    // Where the next metric most likely stands in the table: behind the last one.
    let mut likely = 0;
    loop {
        let part = Part::at(text, position);
        let key = pack(part.key);
        let behind = metrics[likely..].iter().position(|metric| metric.is(key)).map(|place| likely + place);
        let place = behind.or_else(|| metrics[..likely].iter().position(|metric| metric.is(key)));
        let value = place.and_then(|place| metrics[place].find_bytes(part.value?));
        let (Some(place), Some(value)) = (place, value) else { return Err(part.fault(text, vector, place)) };
        if vector.draft().place(place).is_some() {
            return Err(duplicate(text, start, &metrics[place], position));
        }
        if version == Version::V4_0 && place < likely {
            let before = metrics[likely - 1].key;
            return Err(VectorError::Order { metric: metrics[place].key, position, before });
        }
        vector.push(place, u8::try_from(value).unwrap_or_default());
        likely = place + 1;
        if part.end == text.len() {
            break;
        }
        position = part.end + 1;
    }
    match vector.draft().open().next() {
        Some(open) => Err(missing(&metrics[open], text.len())),
        None => Ok(()),
    }
}

/// What stands between two slashes.
struct Part<'t> {
    start: usize,
    key: &'t [u8],
    /// What stands behind the first colon; `None` without one.
    value: Option<&'t [u8]>,
    end: usize,
}

impl<'t> Part<'t> {
    fn at(text: &'t str, start: usize) -> Self {
        let tail = text.as_bytes().get(start..).unwrap_or_default();
        let key = until(tail, |byte| byte == b':' || byte == b'/');
        let value = match &tail[key.len()..] {
            [b':', value @ ..] => Some(until(value, |byte| byte == b'/')),
            _ => None,
        };
        let end = start + key.len() + value.map_or(0, |value| 1 + value.len());
        Self { start, key, value, end }
    }

    /// What is wrong with it, behind the metrics `before`, if its name is that of the metric at `place`.
    #[cold]
    fn fault(&self, text: &str, before: &Vector, place: Option<usize>) -> VectorError {
        let between = |from: usize, to: usize| shown(text.get(from..to).unwrap_or_default());
        let (position, colon) = (self.start, self.start + self.key.len());
        if self.key.is_empty() || self.value.is_none_or(<[u8]>::is_empty) {
            return VectorError::Shape { found: between(position, self.end), position, expected: left(before) };
        }
        let Some(metric) = place.map(|place| &before.version().metrics()[place]) else {
            return VectorError::UnknownMetric { metric: between(position, colon), position, expected: left(before) };
        };
        VectorError::UnknownValue {
            metric: metric.key,
            value: between(colon + 1, self.end),
            position: colon + 1,
            expected: metric.choices(),
        }
    }
}

/// The bytes before the first one of a kind, or all.
fn until(bytes: &[u8], ends: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|byte| ends(*byte));
    &bytes[..end.unwrap_or(bytes.len())]
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
