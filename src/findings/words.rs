//! The words for what is found of repositories, the same on the screen and on paper.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::divergence::{FixState, Outcome, Pair, PairState, Role};
use crate::schedule::stamp;
use crate::text::displayable;

/// Who reads, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The instant.
    pub now: Timestamp,
    /// The case that it belongs to.
    pub case: Option<&'a str>,
}

impl Reader<'_> {
    /// «12:41 UTC», with the date if it is another.
    #[must_use]
    pub fn clock(&self, at: Timestamp) -> String {
        let (there, today) = (at.to_zoned(TimeZone::UTC), self.now.to_zoned(TimeZone::UTC).date());
        if there.date() == today {
            there.strftime("%H:%M UTC").to_string()
        } else {
            stamp(at, self.now, &TimeZone::UTC, "UTC")
        }
    }
}

/// What a role is called where people read it.
#[must_use]
pub fn name(role: Role) -> &'static str {
    match role {
        Role::Security => "private",
        Role::Canonical => "public",
        Role::Dev => "dev",
    }
}

/// What a component comes to.
#[must_use]
pub fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::AsPlanned => "as planned",
        Outcome::NeedsYou => "needs you",
        Outcome::Unknown => "could not look at everything",
        Outcome::Leak => "LEAK",
    }
}

/// How the two sides of a branch relate.
#[must_use]
pub fn state_words(pair: &Pair) -> String {
    let (a, b) = (name(pair.a), name(pair.b));
    match &pair.state {
        PairState::Equal => "equal".to_owned(),
        PairState::SecurityAhead => format!("{a} ahead"),
        PairState::CanonicalAhead => format!("{b} ahead"),
        PairState::DivergedClean | PairState::DivergedConflict(_) => "both ahead".to_owned(),
        PairState::MissingOnCanonical => format!("only {a}"),
        PairState::MissingOnSecurity => format!("only {b}"),
        PairState::Unrelated => "nothing in common".to_owned(),
        PairState::Unknown(_) => "could not look".to_owned(),
    }
}

/// How a fix stands on a branch.
#[must_use]
pub fn fix_words(state: &FixState) -> &'static str {
    match state {
        FixState::ById(_) | FixState::ByPatch(_) | FixState::ByContent => "there",
        FixState::ByTrailer(_) => "adapted",
        FixState::Absent => "missing",
        FixState::Reverted(_) => "reverted",
        FixState::Unknown(_) => "could not look",
    }
}

/// A count with its thousands apart: «2,205».
#[must_use]
pub fn count(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// What both sides did to a path, where git says it in a word of its own.
#[must_use]
pub fn conflict_words(kind: &str) -> &'static str {
    match kind {
        "contents" | "content" => "both changed it",
        "add/add" => "both added it",
        "modify/delete" => "one side changed it, the other removed it",
        "rename/delete" => "one side renamed it, the other removed it",
        "rename/rename" | "rename/add" => "it was renamed in two ways",
        "binary" => "both changed it, and it is no text",
        "submodule" => "the submodule moved on both sides",
        "file/directory" => "a file on one side, a folder on the other",
        _ => "both sides did something to it",
    }
}

/// A ref of a remote as people call it: «branch main», «tag v1.2», «pull request 7», «merge request 41».
#[must_use]
pub fn reference_words(reference: &str) -> String {
    let text = displayable(reference).into_owned();
    let named = |prefix: &str, what: &str| text.strip_prefix(prefix).map(|name| format!("{what} {name}"));
    let numbered = |prefix: &str, what: &str| {
        let number = text.strip_prefix(prefix)?.split('/').next()?;
        Some(format!("{what} {number}"))
    };
    named("refs/heads/", "branch")
        .or_else(|| named("refs/tags/", "tag"))
        .or_else(|| numbered("refs/pull/", "pull request"))
        .or_else(|| numbered("refs/merge-requests/", "merge request"))
        .unwrap_or(text)
}

/// A URL as anybody may see it. The name for ssh stays, for without it nothing is reached; a token or a password goes.
#[must_use]
pub fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let name = user.split(':').next().unwrap_or_default();
    let name = if scheme.contains("ssh") && !name.is_empty() { format!("{name}@") } else { String::new() };
    format!("{scheme}://{name}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_thousands_apart() {
        assert_eq!([0, 205, 2_205, 1_000_000].map(count), ["0", "205", "2,205", "1,000,000"]);
    }

    #[test]
    fn a_ref_is_told_as_people_call_it() {
        for (reference, told) in [
            ("refs/heads/release/v3", "branch release/v3"),
            ("refs/tags/v1.2", "tag v1.2"),
            ("refs/pull/7/head", "pull request 7"),
            ("refs/merge-requests/41/head", "merge request 41"),
            ("refs/notes/commits", "refs/notes/commits"),
        ] {
            assert_eq!(reference_words(reference), told);
        }
    }

    #[test]
    fn a_url_is_told_without_what_opens_it() {
        for (url, told) in [
            ("https://me:s3cret@host.example/x", "https://host.example/x"),
            ("https://t0ken@host.example", "https://host.example"),
            ("ssh://git@host.example:22/x@y", "ssh://git@host.example:22/x@y"),
            ("ssh://git:s3cret@host.example/x", "ssh://git@host.example/x"),
            ("git@host.example:group/x.git", "git@host.example:group/x.git"),
            ("/srv/x.git", "/srv/x.git"),
        ] {
            assert_eq!(without_secrets(url), told);
        }
    }
}
