//! Fixes that are public although they must not be yet.

use serde::{Deserialize, Serialize};

use super::Oid;

/// By what an embargoed fix was recognised on a public ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeakHow {
    /// The very commit.
    Id,
    /// A commit with the same patch.
    Patch,
    /// What it brought, by a squash, a merge or a copy.
    Content,
}

impl LeakHow {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Patch => "patch",
            Self::Content => "content",
        }
    }
}

/// A fix on a public ref.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leak {
    /// The commit of the fix.
    pub fix: Oid,
    /// The full name of the ref on the remote, such as `refs/pull/7/head`.
    pub reference: String,
    /// By what it was recognised.
    pub how: LeakHow,
    /// The commit on that ref that holds it; for content the tip, or the commit that brought what is gone by now or lies
    /// elsewhere.
    pub commit: Oid,
}

/// What a remote shows to everybody, as far as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaks {
    /// Every ref that the remote lists was looked at.
    Looked {
        /// How many refs.
        refs: usize,
        /// What was found; empty is «no leak found».
        found: Vec<Leak>,
    },
    /// Not everything could be looked at, and why. What was found counts all the same.
    Unknown {
        /// Why.
        why: String,
        /// What was found.
        found: Vec<Leak>,
    },
}

impl Leaks {
    /// What was found.
    #[must_use]
    pub fn found(&self) -> &[Leak] {
        match self {
            Self::Looked { found, .. } | Self::Unknown { found, .. } => found,
        }
    }

    /// What two looks at the same refs come to.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut found: Vec<Leak> = self.found().iter().chain(other.found()).cloned().collect();
        found.sort_unstable();
        found.dedup();
        match (self, other) {
            (Self::Looked { refs, .. }, Self::Looked { .. }) => Self::Looked { refs, found },
            (Self::Unknown { why, .. }, _) | (_, Self::Unknown { why, .. }) => Self::Unknown { why, found },
        }
    }

    /// Is nothing leaked? None if that is not known. Only a look at everything can say so.
    #[must_use]
    pub fn is_clear(&self) -> Option<bool> {
        match self {
            _ if !self.found().is_empty() => Some(false),
            Self::Looked { .. } => Some(true),
            Self::Unknown { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_is_all_clear_only_where_everything_was_looked_at() {
        let fix: Oid = "a".repeat(40).parse().unwrap();
        let leak = Leak { fix, reference: "refs/pull/7/head".into(), how: LeakHow::Id, commit: fix };
        let looked = |found| Leaks::Looked { refs: 3, found };
        let unknown = |found| Leaks::Unknown { why: "refs/pull was not fetched".into(), found };
        assert_eq!(looked(Vec::new()).is_clear(), Some(true));
        assert_eq!(unknown(Vec::new()).is_clear(), None);
        assert_eq!(looked(vec![leak.clone()]).is_clear(), Some(false));
        assert_eq!(unknown(vec![leak.clone()]).is_clear(), Some(false), "a leak is one, whatever else is not known");
        assert_eq!(looked(Vec::new()).and(unknown(Vec::new())).is_clear(), None, "half a look is none");
        assert_eq!(looked(vec![leak.clone()]).and(looked(vec![leak.clone()])), looked(vec![leak]));
    }
}
