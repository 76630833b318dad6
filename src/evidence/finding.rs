//! What several looks come to: against beats unknown, and unknown beats for.

use crate::playbook::Verdict;

/// How many things are named before the rest is counted.
const NAMED: usize = 3;

/// What was found, in plain words.
#[derive(Debug, Default)]
pub(super) struct Finding {
    good: Vec<String>,
    bad: Vec<String>,
    blind: Vec<String>,
}

impl Finding {
    /// Nothing could be looked at.
    pub(super) fn only_blind(why: String) -> Self {
        Self { blind: vec![why], ..Self::default() }
    }

    /// It is so.
    pub(super) fn good(&mut self, words: String) {
        self.good.push(words);
    }

    /// It is not so.
    pub(super) fn bad(&mut self, words: String) {
        self.bad.push(words);
    }

    /// It could not be looked at.
    pub(super) fn blind(&mut self, words: String) {
        self.blind.push(words);
    }

    /// One of the three; none is not known.
    pub(super) fn add(&mut self, holds: Option<bool>, words: String) {
        match holds {
            Some(true) => self.good(words),
            Some(false) => self.bad(words),
            None => self.blind(words),
        }
    }

    /// Both together.
    pub(super) fn merge(&mut self, other: Self) {
        self.good.extend(other.good);
        self.bad.extend(other.bad);
        self.blind.extend(other.blind);
    }

    /// What it comes to. `when` goes behind what was seen.
    pub(super) fn verdict(self, when: &str) -> Verdict {
        if !self.bad.is_empty() {
            return Verdict::Fail(named(&self.bad) + when);
        }
        if !self.blind.is_empty() {
            return Verdict::Unknown(named(&self.blind));
        }
        if self.good.is_empty() {
            return Verdict::Unknown("there was nothing to look at".to_owned());
        }
        Verdict::Pass(named(&self.good) + when)
    }
}

impl FromIterator<Self> for Finding {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        let mut whole = Self::default();
        all.into_iter().for_each(|one| whole.merge(one));
        whole
    }
}

fn named(words: &[String]) -> String {
    let first = words.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
    match words.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}
