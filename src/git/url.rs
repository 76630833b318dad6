//! Where a URL really leads: the settings of git that send it elsewhere.

use std::path::Path;

pub use crate::divergence::{BadUrl, Url};

/// A setting of git that sends a URL elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rewrite {
    /// What a URL begins with that it takes.
    pub begins: String,
    /// What it puts in its place.
    pub becomes: String,
    /// Does it count for pushes only?
    pub pushes_only: bool,
    /// Where it is set, in git's word, such as `local` or `global`.
    pub scope: String,
}

impl Rewrite {
    /// The one that a setting is, by its scope, key and value; none if it is another setting.
    pub(super) fn of_setting(scope: &str, key: &str, value: &str) -> Option<Self> {
        let key = key.strip_prefix("url.")?;
        let (becomes, pushes_only) = match key.strip_suffix(".pushinsteadof") {
            Some(url) => (url, true),
            None => (key.strip_suffix(".insteadof")?, false),
        };
        let (begins, becomes, scope) = (value.to_owned(), becomes.to_owned(), scope.to_owned());
        Some(Self { begins, becomes, pushes_only, scope })
    }

    /// Where it sends a URL; none if it leaves it alone.
    #[must_use]
    pub fn of(&self, url: &Url) -> Option<String> {
        url.as_str().strip_prefix(&self.begins).map(|rest| format!("{}{rest}", self.becomes))
    }

    /// Does it lie in the repository itself, where somebody else may have put it?
    #[must_use]
    pub fn is_of_repository(&self) -> bool {
        matches!(self.scope.as_str(), "local" | "worktree")
    }
}

/// Where a fetch of a URL really goes: git follows the longest beginning that fits, once.
///
/// # Errors
/// If that is no URL to ask.
pub(super) fn rewritten(url: &Url, rewrites: &[Rewrite]) -> Result<Url, BadUrl> {
    let fits = rewrites.iter().filter(|rewrite| !rewrite.pushes_only && rewrite.of(url).is_some());
    // Of equally long ones git takes the first.
    let longest = fits.rev().max_by_key(|rewrite| rewrite.begins.len());
    longest.and_then(|rewrite| rewrite.of(url)).map_or(Ok(url.clone()), |text| Url::new(&text, Path::new("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(text: &str) -> Result<Url, BadUrl> {
        Url::new(text, Path::new("/base"))
    }

    #[test]
    fn a_rewritten_url_is_the_one_that_git_would_ask() {
        let rewrite = |begins: &str, becomes: &str| Rewrite {
            begins: begins.into(),
            becomes: becomes.into(),
            pushes_only: false,
            scope: "global".into(),
        };
        let url = new("https://h/group/x").unwrap();
        let rules = [rewrite("https://h/", "git@h:"), rewrite("https://h/group/", "/mirror/"), rewrite("other", "y")];
        assert_eq!(rewritten(&url, &rules).unwrap().as_str(), "/mirror/x");
        assert_eq!(rewritten(&url, &rules[..1]).unwrap().as_str(), "git@h:group/x");
        assert_eq!(rewritten(&url, &[]).unwrap(), url);
        assert!(rewritten(&url, &[rewrite("https://", "ext::sh -c ")]).is_err());
        let push = Rewrite { pushes_only: true, ..rewrite("https://", "/elsewhere/") };
        assert_eq!(rewritten(&url, &[push]).unwrap(), url);
    }
}
