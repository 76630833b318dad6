//! The words for what is found of repositories, the same on the screen and on paper.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::divergence::{FixState, Outcome, Pair, PairState, Role};
use crate::schedule::stamp;

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
