//! Places that repositories are pushed to: which of them are the same, however they are written.

use std::fs;
use std::path::{Path, PathBuf};

/// A place, in a form in which two of the same are equal. Two that are equal here are the same; of two that are not, nothing
/// is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Spot {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A repository on a server: who asks, where that matters, the server, and the path there.
    Server { user: String, host: String, path: String },
    /// Anything else, as it is written.
    Other(String),
}

impl Spot {
    /// The place of a URL as git takes it. A relative path is one below the folder `base`.
    pub(super) fn of(url: &str, base: &Path) -> Self {
        let url = url.trim_end_matches('/');
        if let Some((scheme, rest)) = url.split_once("://") {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            // Where such a host ends, and whether such a path is decoded, not all programs agree.
            let is_odd = authority.contains(|c: char| c.is_whitespace() || c.is_control() || "?#\\%".contains(c));
            if is_odd || scheme == "file" && path.contains('%') {
                return Self::Other(url.to_owned());
            }
            return match scheme.to_ascii_lowercase().as_str() {
                "file" if authority.is_empty() => folder(Path::new(&format!("/{path}"))),
                "https" => server("", authority, path, ":443"),
                "ssh" | "git+ssh" | "ssh+git" => server("git", authority, path, ":22"),
                // What everybody on the way can change is not the place that it says.
                _ => Self::Other(url.to_owned()),
            };
        }
        match url.find([':', '/']).map(|at| url.split_at(at)) {
            Some((_, rest)) if rest.starts_with("::") => Self::Other(url.to_owned()),
            Some((authority, rest)) if rest.starts_with(':') => server("git", authority, &rest[1..], ":22"),
            _ => folder(&base.join(url)),
        }
    }

    /// Could the two be the same? Most servers don't tell capital letters from small ones.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let without_end = |url: &str| url.strip_suffix(".git").unwrap_or(url).to_ascii_lowercase();
        match (self, other) {
            (
                Self::Server { user, host, path },
                Self::Server { user: user_there, host: host_there, path: path_there },
            ) => user == user_there && host == host_there && path.eq_ignore_ascii_case(path_there),
            (Self::Other(url), Self::Other(there)) => without_end(url) == without_end(there),
            _ => self == other,
        }
    }
}

/// The same repository is asked by https and by ssh. `nobody` is a user who says nothing: on a forge everybody is `git`.
fn server(nobody: &str, authority: &str, path: &str, usual_port: &str) -> Spot {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let user = if user == nobody || nobody.is_empty() { "" } else { user };
    let host = host.to_ascii_lowercase();
    let path = path.trim_matches('/');
    Spot::Server {
        user: user.to_owned(),
        host: host.strip_suffix(usual_port).unwrap_or(&host).to_owned(),
        path: path.strip_suffix(".git").unwrap_or(path).to_owned(),
    }
}

/// As git finds a repository by a path that may lack its end.
fn folder(path: &Path) -> Spot {
    let with_end = |end: &str| PathBuf::from(format!("{}{end}", path.display()));
    let found = ["/.git", "", ".git"].iter().find_map(|end| fs::canonicalize(with_end(end)).ok());
    let found = found.unwrap_or_else(|| path.to_owned());
    Spot::Folder(if found.ends_with(".git") { found.parent().map_or(found.clone(), Path::to_owned) } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        let of = |url| Spot::of(url, Path::new("/nowhere"));
        of(one) == of(other)
    }

    #[test]
    fn one_place_may_be_written_in_many_ways() {
        for other in [
            "https://EXAMPLE.org/group/x.git/",
            "https://me:t0ken@example.org:443/group/x",
            "git@example.org:group/x.git",
            "example.org:/group/x",
            "ssh://git@example.org:22/group/x/",
            "git+ssh://Example.org/group/x",
        ] {
            assert!(same("https://example.org/group/x", other), "{other}");
        }
        assert!(same("/nowhere/x", "x/") && same("file:///nowhere/x", "/nowhere/x"));
    }

    #[test]
    fn what_could_be_the_same_place_is_said_to_be_so() {
        let may_be = |one: &str, other: &str| {
            let of = |url| Spot::of(url, Path::new("/nowhere"));
            of(one).may_be(&of(other))
        };
        assert!(may_be("https://example.org/group/x", "git@example.org:Group/X.git"));
        assert!(may_be("http://localhost:8080/x", "http://LOCALHOST:8080/x.git/"));
        assert!(may_be("/nowhere/x", "x/"));
        assert!(!may_be("https://example.org/group/x", "https://example.org/group/xy"));
        assert!(!may_be("https://example.org/group/x", "alice@example.org:group/x"));
        assert!(!may_be("/nowhere/x", "X"));
    }

    #[test]
    fn what_may_be_another_place_is_another() {
        for other in [
            "https://example.org/group/X",
            "https://example.org:8443/group/x",
            "https://example.org.evil.example/group/x",
            "https://example.org@evil.example/group/x",
            "https://evil.example/example.org/group/x",
            "https://evil.example?@example.org/group/x",
            "https://evil.example#@example.org/group/x",
            "https://evil.example\\@example.org/group/x",
            "ssh://evil.example%2f@example.org/group/x",
            "ssh://git@evil.example@example.org/group/x",
            "evil.example:x@example.org:group/x",
            "http://example.org/group/x",
            "git://example.org/group/x",
            "alice@example.org:group/x",
            "https://example.org/group/x/../y",
            "https://example.org/group/x?y",
            "ext::ssh git@example.org %S group/x",
            "/example.org/group/x",
        ] {
            assert!(!same("https://example.org/group/x", other), "{other}");
        }
        assert!(!same("/nowhere/a/b", "file:///nowhere/a%2fb"));
    }
}
