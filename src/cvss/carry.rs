//! From one version to another: what means the same is taken over, the rest is a person's choice.

use super::{Draft, Version};

/// What came of a draft in another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The draft, with everything that means the same.
    pub draft: Draft,
    /// What a person has to choose, or should look at, in the order of the specification.
    pub choices: Vec<Choice>,
}

/// A metric that could not be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The place of the metric in the new version.
    pub metric: usize,
    /// Why it isn't clear.
    pub why: &'static str,
}

const SPLIT_COMPLEXITY: &str = "one question is now two: a defence (AC), circumstances (AT)";
const SPLIT_USER: &str = "Required is Passive if the usual suffices, else Active";
const SPLIT_SCOPE: &str = "Changed mixed losses in the system with those behind it";
pub(super) const SPLIT_EXPLOIT: &str = "working code is not an attack yet: Attacked only if one was seen";
const JOINED_EXPLOIT: &str = "Attacked doesn't say how good the code is: High or Functional";

/// A draft in another version. Between 3.0 and 3.1 nothing is lost; between the others what means the same is taken over.
/// 2.0 has no modified metrics and 3.x no CDP and TD, nothing but 4.0 has supplemental metrics: those stay behind.
#[must_use]
pub fn carry(draft: &Draft, to: Version) -> Carried {
    let mut carrier = Carrier { from: *draft, to: Draft::new(to), choices: Vec::new() };
    match (draft.version().major(), to.major()) {
        (from, to) if from == to => carrier.same(),
        (3, 4) => carrier.up(),
        (4, 3) => carrier.down(),
        (2, _) => carrier.up_from_v2(),
        (4, _) => {
            // What 4.0 splits 3.x has joined, as 2.0 has.
            carrier.from = carry(draft, Version::V3_1).draft;
            carrier.down_to_v2();
            if carrier.said("E").is_none() && draft.get("E") == Some("A") {
                carrier.choose(&["E"], JOINED_EXPLOIT);
            }
        }
        _ => carrier.down_to_v2(),
    }
    carrier.choices.sort_by_key(|choice| choice.metric);
    carrier.choices.dedup_by_key(|choice| choice.metric);
    Carried { draft: carrier.to, choices: carrier.choices }
}

/// The names of what is asked twice: for the flaw itself, and modified for one installation.
struct Asked {
    prefix: &'static str,
}

impl Asked {
    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

/// A draft on its way into another version.
pub(super) struct Carrier {
    from: Draft,
    pub(super) to: Draft,
    choices: Vec<Choice>,
}

impl Carrier {
    fn same(&mut self) {
        for metric in 0..self.from.version().metrics().len() {
            self.to.set(metric, self.from.place(metric));
        }
    }

    fn up(&mut self) {
        for asked in [Asked { prefix: "" }, Asked { prefix: "M" }] {
            self.copy(&["AV", "PR"].map(|key| asked.key(key)));
            match self.said(&asked.key("AC")) {
                Some("L") => {
                    self.put(&asked.key("AC"), "L");
                    self.put(&asked.key("AT"), "N");
                }
                Some(_) => self.choose(&["AC", "AT"].map(|key| asked.key(key)), SPLIT_COMPLEXITY),
                None => {}
            }
            match self.said(&asked.key("UI")) {
                Some("N") => self.put(&asked.key("UI"), "N"),
                Some(_) => self.choose(&[asked.key("UI")], SPLIT_USER),
                None => {}
            }
            self.impacts_up(&asked);
        }
        self.copy(&["CR", "IR", "AR"].map(str::to_owned));
        match self.said("E") {
            Some(value @ ("P" | "U")) => self.put("E", value),
            Some(_) => self.choose(&["E"], SPLIT_EXPLOIT),
            None => {}
        }
    }

    /// An unchanged scope says that nothing behind the system is lost; a changed one that the losses are the worst of both.
    fn impacts_up(&mut self, asked: &Asked) {
        let scope = self.said(&asked.key("S")).or_else(|| self.said("S"));
        for loss in ["C", "I", "A"] {
            let (in_it, behind) = (asked.key(&format!("V{loss}")), asked.key(&format!("S{loss}")));
            match (self.said(&asked.key(loss)), scope) {
                (Some("N"), _) => {
                    self.put(&in_it, "N");
                    self.put(&behind, "N");
                }
                (Some(value), Some("U")) => {
                    self.put(&in_it, value);
                    self.put(&behind, "N");
                }
                (Some(_), Some(_)) => self.choose(&[in_it, behind], SPLIT_SCOPE),
                _ => {}
            }
        }
    }

    fn down(&mut self) {
        for asked in [Asked { prefix: "" }, Asked { prefix: "M" }] {
            self.copy(&["AV", "PR"].map(|key| asked.key(key)));
            match (self.said(&asked.key("AC")), self.said(&asked.key("AT"))) {
                (Some("H"), _) | (_, Some("P")) => self.put(&asked.key("AC"), "H"),
                (Some("L"), Some(_)) => self.put(&asked.key("AC"), "L"),
                _ => {}
            }
            match self.said(&asked.key("UI")) {
                Some("N") => self.put(&asked.key("UI"), "N"),
                Some(_) => self.put(&asked.key("UI"), "R"),
                None => {}
            }
            self.impacts_down(&asked);
        }
        self.copy(&["CR", "IR", "AR"].map(str::to_owned));
        match self.said("E") {
            Some(value @ ("P" | "U")) => self.put("E", value),
            Some(_) => self.choose(&["E"], JOINED_EXPLOIT),
            None => {}
        }
    }

    /// Losses behind the system mean a changed scope, under which the worse of both counts.
    fn impacts_down(&mut self, asked: &Asked) {
        let losses = ["C", "I", "A"];
        let pairs =
            losses.map(|loss| (self.said(&asked.key(&format!("V{loss}"))), self.said(&asked.key(&format!("S{loss}")))));
        if pairs.iter().any(|(_, other)| other.is_some_and(|value| value != "N")) {
            self.put(&asked.key("S"), "C");
        } else if pairs.iter().all(|(_, other)| other.is_some()) {
            self.put(&asked.key("S"), "U");
        }
        for (loss, (in_it, other)) in losses.iter().zip(pairs) {
            // The values' letters: Safety and High are the worst, None the mildest.
            let rank = |value: &str| ["N", "L", "H", "S"].iter().position(|known| *known == value);
            let Some(worse) = [in_it, other].into_iter().flatten().max_by_key(|value| rank(value)) else { continue };
            if in_it.is_some() {
                self.put(&asked.key(loss), if worse == "S" { "H" } else { worse });
            }
        }
    }

    /// What a metric says; open and Not Defined is nothing.
    pub(super) fn said(&self, key: &str) -> Option<&'static str> {
        let metric = self.from.version().find(key)?;
        self.from.value(metric).filter(|value| !value.not_defined).map(|value| value.key)
    }

    pub(super) fn copy(&mut self, keys: &[String]) {
        for key in keys {
            if let Some(value) = self.said(key) {
                self.put(key, value);
            }
        }
    }

    pub(super) fn put(&mut self, key: &str, value: &str) {
        self.to = self.to.with_named(key, value);
    }

    /// Leaves metrics open for a person, those of them that the version has.
    pub(super) fn choose<K: AsRef<str>>(&mut self, keys: &[K], why: &'static str) {
        let version = self.to.version();
        self.choices.extend(keys.iter().filter_map(|key| Some(Choice { metric: version.find(key.as_ref())?, why })));
    }
}
