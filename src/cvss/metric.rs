//! What a metric is: a question, and the values that answer it.

use super::Group;

/// The most metrics that a version has: 4.0 has all of them.
pub const MOST_METRICS: usize = 32;

/// A metric of one version.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name in a vector, such as `AV`.
    pub key: &'static str,
    /// Its name in the specification.
    pub name: &'static str,
    /// Its name in FIRST's JSON form.
    pub json: &'static str,
    /// Its group. Base metrics are mandatory, all others may be left out.
    pub group: Group,
    /// Whether the specification lists its worst value first: 2.0 and the supplemental metrics of 4.0 end with it.
    pub worst_first: bool,
    /// Its values, in the order of the specification.
    pub values: &'static [Value],
    /// What it asks, in the project's own words.
    pub asks: &'static str,
    /// How the question is answered in a case or two.
    pub example: &'static str,
    /// Its name in a vector as a number.
    packed: u64,
    /// The place of Not Defined plus one; 0 if it isn't among its values.
    not_defined: u8,
}

/// A value of a metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// Its name in a vector, such as `N`.
    pub key: &'static str,
    /// Its name in the specification.
    pub name: &'static str,
    /// What it means, in the project's own words.
    pub means: &'static str,
    /// Whether it says nothing: `X`, in 2.0 `ND`.
    pub not_defined: bool,
    /// Its name in a vector as a number.
    packed: u64,
}

impl Metric {
    /// Whether a vector without it is invalid.
    #[must_use]
    pub const fn mandatory(&self) -> bool {
        matches!(self.group, Group::Base)
    }

    /// The place of a value by its name in a vector.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<usize> {
        self.find_bytes(key.as_bytes())
    }

    /// The same by the bytes of its name.
    pub(super) fn find_bytes(&self, key: &[u8]) -> Option<usize> {
        let packed = pack(key);
        // Looks at each of them: to stop at the right one takes longer, for a processor can't foresee which it is.
        let places = self.values.iter().zip(1..);
        let found = places.fold(0, |found, (value, place)| if value.packed == packed { place } else { found });
        usize::checked_sub(found, 1)
    }

    /// Whether a choice, the place of a value plus one, says something: it is made, and isn't Not Defined.
    pub(super) const fn says(&self, chosen: u8) -> bool {
        chosen != 0 && chosen != self.not_defined
    }

    /// Whether a name is its own.
    pub(super) const fn is(&self, packed: u64) -> bool {
        self.packed == packed
    }

    /// The places of its values from worst to mildest, without Not Defined.
    #[must_use]
    pub fn worst_to_mildest(&self) -> Vec<usize> {
        let defined = (0..self.values.len()).filter(|place| self.not_defined() != Some(*place));
        if self.worst_first { defined.collect() } else { defined.rev().collect() }
    }

    /// The place of Not Defined, which counts where nothing is set; `None` for a mandatory metric.
    #[must_use]
    pub fn not_defined(&self) -> Option<usize> {
        usize::from(self.not_defined).checked_sub(1)
    }

    /// The place of its worst value, of one without Not Defined.
    pub(super) const fn worst(&self) -> usize {
        if self.worst_first { 0 } else { self.values.len() - 1 }
    }

    /// The place of its mildest value, of one without Not Defined.
    pub(super) const fn mildest(&self) -> usize {
        if self.worst_first { self.values.len() - 1 } else { 0 }
    }

    /// The keys of its values, as an error lists them.
    pub(super) fn choices(&self) -> String {
        self.values.iter().map(|value| value.key).collect::<Vec<_>>().join(", ")
    }
}

/// A metric, for the tables; its worst value stands first.
pub(super) const fn metric(
    group: Group,
    (key, name, json): (&'static str, &'static str, &'static str),
    values: &'static [Value],
    asks: &'static str,
    example: &'static str,
) -> Metric {
    let packed = pack(key.as_bytes());
    let (mut not_defined, mut place) = (0, 0_u8);
    while (place as usize) < values.len() {
        place += 1;
        if values[place as usize - 1].not_defined {
            not_defined = place;
        }
    }
    Metric { key, name, json, group, worst_first: true, values, asks, example, packed, not_defined }
}

impl Value {
    /// Its name as it stands in a sentence: `high`, but `POC`.
    #[must_use]
    pub fn in_a_sentence(&self) -> String {
        if self.name.chars().any(char::is_lowercase) { self.name.to_lowercase() } else { self.name.to_owned() }
    }
}

impl Metric {
    /// The same with its worst value last.
    pub(super) const fn worst_last(self) -> Self {
        Self { worst_first: false, ..self }
    }
}

/// A value, for the tables.
pub(super) const fn value(key: &'static str, name: &'static str, means: &'static str) -> Value {
    let packed = pack(key.as_bytes());
    let not_defined = packed == pack(b"X") || packed == pack(b"ND");
    Value { key, name, means, not_defined, packed }
}

/// A name of up to seven bytes as one number, by which names are compared at once; 0 for a longer one. The leading 1 keeps
/// a name apart from the same one behind zero bytes.
pub(super) const fn pack(name: &[u8]) -> u64 {
    if name.len() > 7 {
        return 0;
    }
    let (mut packed, mut at) = (1, 0);
    while at < name.len() {
        packed = packed << 8 | name[at] as u64;
        at += 1;
    }
    packed
}
