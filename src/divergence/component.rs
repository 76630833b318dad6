//! What a component is, and what is asked of it: one repository that exists several times.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Expected, Role};

/// How long a mirror may take where nobody says it.
pub const MIRROR_LAG: SignedDuration = SignedDuration::from_hours(1);

/// A repository that exists several times, and what a look at it is to find out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its name, such as `ai-gateway`.
    pub name: String,
    /// Where each of them is: a URL, or a path on this machine.
    pub urls: BTreeMap<Role, String>,
    /// A clone on this machine, whose objects are borrowed and whose settings for pushes are looked at.
    pub clone: Option<String>,
    /// Patterns of the branches that are compared, with `*` for anything; all branches where there is none.
    pub branches: Vec<String>,
    /// Patterns of the tags that are compared; all tags where there is none.
    pub tags: Vec<String>,
    /// Path of the file that pins a version.
    pub pin: Option<String>,
    /// The fixes.
    pub fixes: Vec<Wanted>,
    /// The name of the embargo, such as the codename of a case: what was private is remembered for each embargo by itself. Where
    /// it is empty the embargoed fixes are its name.
    pub memory: String,
    /// Where no fix is named here: are they in other components of the same embargo?
    pub has_fixes_elsewhere: bool,
    /// Is an embargo on? Then nothing that is private now may become public.
    pub is_embargoed: bool,
    /// Which divergence is planned.
    pub expected: Expected,
    /// How long the mirror may take to bring to the private side what is public.
    pub may_lag: SignedDuration,
}

/// A fix that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Its commit: the id, whole or its first digits.
    pub commit: String,
    /// It must not be public yet.
    pub is_embargoed: bool,
}

impl Component {
    /// Is there anything that must not be public yet?
    #[must_use]
    pub fn keeps_secrets(&self) -> bool {
        self.is_embargoed || self.names_secrets()
    }

    /// Is there a fix that must not be public yet?
    #[must_use]
    pub fn names_secrets(&self) -> bool {
        self.fixes.iter().any(|fix| fix.is_embargoed)
    }

    /// Is this branch compared?
    #[must_use]
    pub fn has_branch(&self, name: &str) -> bool {
        is_among(&self.branches, name)
    }

    /// Is this tag compared?
    #[must_use]
    pub fn has_tag(&self, name: &str) -> bool {
        is_among(&self.tags, name)
    }
}

fn is_among(patterns: &[String], name: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, name))
}

/// Is a name of a branch or a tag one of a pattern? `*` stands for anything, also for nothing and for `/`.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in [
            ("main", "main"),
            ("release-*", "release-1.27"),
            ("*", ""),
            ("v*.*.0", "v1.2.0"),
            ("*-stable-*", "17-9-stable-ee"),
            ("a*a", "aba"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("main", "main2"), ("release-*", "arelease-1"), ("a*a", "a"), ("v*.*.0", "v1.0"), ("", "x")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
