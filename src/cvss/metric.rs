//! Metrics as tables, and the one strict reader for vectors that are made of them.

use super::VectorError;
use crate::text::{cap, displayable};

/// How many characters of a wrong text an error repeats.
const SHOWN: usize = 24;

/// A metric of one version.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Metric {
    /// Its name in a vector.
    pub key: &'static str,
    /// Whether a vector without it is invalid.
    pub mandatory: bool,
    /// Its values in a vector.
    pub values: &'static [&'static str],
}

/// A metric with the value that a vector gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Chosen {
    pub metric: &'static Metric,
    pub value: &'static str,
    /// The byte at which it stands.
    position: usize,
}

/// Reads `KEY:VALUE` parts between slashes, from the byte `start` to the end of `text`, in any order.
pub(super) fn read_all(text: &str, start: usize, metrics: &'static [Metric]) -> Result<Vec<Chosen>, VectorError> {
    let mut chosen: Vec<Chosen> = Vec::new();
    let mut position = start;
    for part in text.get(start..).unwrap_or_default().split('/') {
        let next = read(part, position, metrics, &chosen)?;
        if let Some(first) = chosen.iter().find(|earlier| earlier.metric == next.metric) {
            let (metric, first) = (next.metric.key, first.position);
            return Err(VectorError::Duplicate { metric, first, position });
        }
        chosen.push(next);
        position += part.len() + 1;
    }
    match metrics.iter().find(|metric| metric.mandatory && !holds(&chosen, metric)) {
        Some(metric) => {
            let expected = metric.values.join(", ");
            Err(VectorError::Missing { metric: metric.key, position: text.len(), expected })
        }
        None => Ok(chosen),
    }
}

/// Reads one part, which stands at the byte `position`.
fn read(part: &str, position: usize, metrics: &'static [Metric], before: &[Chosen]) -> Result<Chosen, VectorError> {
    let (key, value) = part
        .split_once(':')
        .filter(|(key, value)| !key.is_empty() && !value.is_empty())
        .ok_or_else(|| VectorError::Shape { found: shown(part), position })?;
    let metric = metrics.iter().find(|metric| metric.key == key).ok_or_else(|| VectorError::UnknownMetric {
        metric: shown(key),
        position,
        expected: left(metrics, before),
    })?;
    let value = metric.values.iter().find(|known| **known == value).ok_or_else(|| VectorError::UnknownValue {
        metric: metric.key,
        value: shown(value),
        position: position + key.len() + 1,
        expected: metric.values.join(", "),
    })?;
    Ok(Chosen { metric, value, position })
}

/// The names that may still come: the mandatory ones first of all, else all that are left.
fn left(metrics: &'static [Metric], before: &[Chosen]) -> String {
    let names = |mandatory: bool| -> Vec<&str> {
        let open = metrics.iter().filter(|metric| metric.mandatory == mandatory && !holds(before, metric));
        open.map(|metric| metric.key).collect()
    };
    let mandatory = names(true);
    if mandatory.is_empty() { names(false).join(", ") } else { mandatory.join(", ") }
}

fn holds(chosen: &[Chosen], metric: &Metric) -> bool {
    chosen.iter().any(|chosen| chosen.metric == metric)
}

fn shown(text: &str) -> String {
    cap(&displayable(&cap(text, SHOWN)), SHOWN).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::cvss::{Vector, VectorError};

    fn says(metrics: &str) -> String {
        Vector::parse(&format!("CVSS:3.1/{metrics}")).unwrap_err().to_string()
    }

    #[test]
    fn a_fault_is_named_with_its_place_and_what_is_expected() {
        assert_eq!(says("AV:N/AC:M"), "AC:M at byte 17 is unknown: AC takes L, H");
        assert_eq!(says("AV:N/AC:L/AV:N"), "AV stands twice, at bytes 9 and 19: expected once");
        assert_eq!(says("AV:N/AC:L/ZZ:N"), "ZZ at byte 19 is unknown: expected one of PR, UI, S, C, I, A");
        assert_eq!(says("AV:N/AC:L/PR:N/UI:N/C:H/I:H/A:H"), "S is missing after byte 40: expected S with one of U, C");
        assert_eq!(says("AV:N//AC:L"), "«» at byte 14 is no metric: expected a name, a colon and a value, as in AV:N");
    }

    #[test]
    fn what_an_error_repeats_is_displayable_and_short() {
        let text = format!("CVSS:3.1/AV:\u{202E}\u{1B}{}", "x".repeat(99));
        let Err(VectorError::UnknownValue { value, position, .. }) = Vector::parse(&text) else {
            panic!("the value is unknown");
        };
        assert!(value.starts_with("<202E><1B>x") && value.chars().count() == 24, "{value}");
        assert_eq!(position, 12);
    }
}
