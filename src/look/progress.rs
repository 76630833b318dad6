//! What a look tells while it goes on.

use std::fmt;

use crate::divergence::Role;
use crate::git::GitError;
use crate::text::{cap, displayable};

/// What is told.
#[derive(Debug)]
pub enum Told<'t> {
    /// So far is it.
    Step {
        /// What is being done, in a few words.
        words: String,
        /// How much of it, of how much; none where that is not known.
        done: Option<(u64, u64)>,
    },
    /// A remote was asked.
    Asked {
        /// Which.
        remote: Role,
        /// Why in vain, if so.
        trouble: Option<&'t GitError>,
    },
}

/// Whoever hears it, from any thread; nobody by default.
#[derive(Clone, Copy, Default)]
pub struct Hearer<'a>(Option<&'a (dyn Fn(Told<'_>) + Sync)>);

impl<'a> Hearer<'a> {
    /// This one.
    #[must_use]
    pub fn new(hears: &'a (dyn Fn(Told<'_>) + Sync)) -> Self {
        Self(Some(hears))
    }

    pub(super) fn tell(self, told: Told<'_>) {
        if let Some(hears) = self.0 {
            hears(told);
        }
    }

    /// A step of which nobody knows how much there is to do.
    pub(super) fn step(self, words: impl Into<String>) {
        self.tell(Told::Step { words: words.into(), done: None });
    }

    /// What git says while it fetches from a remote.
    pub(super) fn fetching(self, remote: Role, said: &str) {
        let Some(Fetched { what, done, bytes }) = said.rsplit(['\r', '\n']).find_map(Fetched::of) else { return };
        let bytes = bytes.map(|bytes| format!(", {bytes}")).unwrap_or_default();
        let words = format!("fetching from {}: {what}{bytes}", name(remote));
        self.tell(Told::Step { words, done: Some(done) });
    }
}

impl fmt::Debug for Hearer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Hearer(somebody)" } else { "Hearer(nobody)" })
    }
}

/// What people call a remote.
pub(super) fn name(remote: Role) -> &'static str {
    match remote {
        Role::Security => "private",
        Role::Canonical => "public",
        Role::Dev => "dev",
    }
}

/// A number as people read it, such as `1,204`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let places = digits.chars().enumerate();
    places.fold(String::new(), |mut text, (at, digit)| {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
        text
    })
}

/// A line such as `Receiving objects:  12% (120/1000), 1.20 MiB | 2.00 MiB/s`.
struct Fetched {
    what: String,
    done: (u64, u64),
    bytes: Option<String>,
}

impl Fetched {
    fn of(line: &str) -> Option<Self> {
        let line = line.strip_prefix("remote: ").unwrap_or(line);
        let (what, rest) = line.split_once(':')?;
        let (count, rest) = rest.split_once('(')?.1.split_once(')')?;
        let (done, all) = count.split_once('/')?;
        let bytes = rest.strip_prefix(", ").and_then(|rest| rest.split(" |").next());
        let bytes = bytes.filter(|bytes| bytes.ends_with('B') || bytes.ends_with("bytes"));
        let shown = |text: &str| cap(&displayable(text.trim()), 40).into_owned();
        Some(Self {
            what: shown(&what.to_lowercase()),
            done: (done.parse().ok()?, all.parse().ok()?),
            bytes: bytes.map(shown),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1204, 1_234_567].map(grouped), ["0", "999", "1,204", "1,234,567"]);
    }

    #[test]
    fn what_git_says_while_it_fetches_is_told_with_what_is_done_of_how_much() {
        let all = Mutex::new(Vec::new());
        let hears = |told: Told<'_>| {
            if let Told::Step { words, done } = told {
                all.lock().unwrap().push((words, done));
            }
        };
        let hearer = Hearer::new(&hears);
        hearer.fetching(Role::Security, "remote: Counting objects:  45% (9/20)\r");
        hearer.fetching(
            Role::Canonical,
            "Receiving objects:  11% (110/1000), 1.00 MiB | 2.00 MiB/s\rReceiving objects:  12% (120/1000), 1.20 MiB | 2.00 MiB/s\r",
        );
        hearer.fetching(Role::Dev, "Resolving deltas: 100% (5/5), done.\n");
        hearer.fetching(Role::Dev, "fatal: \u{1b}[2J something else (no/number)\n");
        let told = [
            ("fetching from private: counting objects".to_owned(), Some((9, 20))),
            ("fetching from public: receiving objects, 1.20 MiB".to_owned(), Some((120, 1000))),
            ("fetching from dev: resolving deltas".to_owned(), Some((5, 5))),
        ];
        assert_eq!(*all.lock().unwrap(), told);
    }
}
