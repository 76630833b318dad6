//! URLs of repositories: only those that git can be given without harm.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::text::{cap, displayable};

/// What git says, and URLs, are shown up to here, in characters.
const SHOWN: usize = 300;
/// Longest URL, in bytes.
const MOST: usize = 2048;
/// So many characters in the place of a name are a token.
const TOKEN: usize = 20;
/// What tokens of GitHub and GitLab begin with.
const TOKENS: &[&str] = &[
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "gloas-",
    "glcbt-",
    "glptt-",
    "glrt-",
    "glft-",
    "glsoat-",
];

/// Why a text is no URL to ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Nothing is there, or far too much.
    #[error("a URL has between one and {MOST} characters")]
    Length,
    /// It would be taken for an option.
    #[error("a URL, and its host, must not begin with «-», for it would be taken for an option")]
    Option,
    /// Nobody can see what it says.
    #[error("a URL must not hold control characters")]
    Control,
    /// A protocol that nobody can be sure of, or that runs programs.
    #[error("«{0}» is not spoken here: give an https or ssh URL, or a path")]
    Protocol(String),
    /// Everybody on this machine could read it in the list of processes.
    #[error("a URL must not hold a password: leave it to a credential helper of git, or use ssh")]
    Password,
    /// A token in the place of a name is as good as a password.
    #[error(
        "the name before «@» in this URL looks like an access token, which everybody on this machine could read: leave it \
         out and to a credential helper of git, or use ssh"
    )]
    Token,
    /// A path that leads somewhere else from another folder.
    #[error("the path of a repository must be a full one")]
    Relative,
}

/// The URL of a repository; a path counts as one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    text: String,
    protocol: &'static str,
}

impl Url {
    /// The URL that a text is. A relative path is one below the folder `base`.
    ///
    /// # Errors
    /// If git can't be given it without harm.
    pub fn new(text: &str, base: &Path) -> Result<Self, BadUrl> {
        if text.is_empty() || text.len() > MOST {
            return Err(BadUrl::Length);
        }
        if text.chars().any(char::is_control) {
            return Err(BadUrl::Control);
        }
        if text.starts_with('-') {
            return Err(BadUrl::Option);
        }
        if let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| !scheme.contains('/')) {
            return Ok(Self { protocol: protocol(scheme, rest)?, text: text.to_owned() });
        }
        // As git sees it: a colon before the first slash parts a host from a path.
        match text.find([':', '/']).map(|at| text.split_at(at)) {
            Some((helper, rest)) if rest.starts_with("::") => {
                Err(BadUrl::Protocol(format!("{}::", shown_of_git(helper))))
            }
            Some((host, rest)) if rest.starts_with(':') => {
                let machine = host.rsplit('@').next().unwrap_or_default();
                if machine.starts_with('-') {
                    Err(BadUrl::Option)
                } else {
                    Ok(Self { text: text.to_owned(), protocol: "ssh" })
                }
            }
            _ => {
                let path = base.join(text);
                if !path.is_absolute() {
                    return Err(BadUrl::Relative);
                }
                let text = path.into_os_string().into_string().map_err(|_| BadUrl::Control)?;
                Ok(Self { text, protocol: "file" })
            }
        }
    }

    /// As git takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The protocol that it needs, in git's word.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// The folder that it names, if it lies on this machine.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        (self.protocol == "file").then(|| self.text.strip_prefix("file://").unwrap_or(&self.text).into())
    }
}

/// As a person may see it: displayable, and without name and password.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown_of_git(&self.text))
    }
}

/// The protocol of `scheme://rest` in git's word.
fn protocol(scheme: &str, rest: &str) -> Result<&'static str, BadUrl> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    if host.starts_with('-') || user.starts_with('-') {
        return Err(BadUrl::Option);
    }
    if user.contains(':') {
        return Err(BadUrl::Password);
    }
    if matches!(scheme, "https" | "http") && is_token(user) {
        return Err(BadUrl::Token);
    }
    match scheme {
        "https" => Ok("https"),
        // Nobody listens in between on the way to this machine itself.
        "http" if is_loopback(host) => Ok("http"),
        "ssh" | "git+ssh" | "ssh+git" => Ok("ssh"),
        "file" if rest.starts_with('/') => Ok("file"),
        other => Err(BadUrl::Protocol(format!("{}://", shown_of_git(other)))),
    }
}

/// Is the user of a URL no person's name? Servers take tokens there, each kind with its own beginning; all are long.
fn is_token(user: &str) -> bool {
    let user = user.to_ascii_lowercase();
    user.len() >= TOKEN || TOKENS.iter().any(|begins| user.starts_with(begins))
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    matches!(name, Some("localhost" | "127.0.0.1" | "::1"))
}

/// Text of git as a person may see it: displayable, short, and without names and passwords in URLs.
#[must_use]
pub fn shown_of_git(text: &str) -> String {
    cap(&displayable(cap(&without_secrets(text.trim()), 4 * SHOWN).as_ref()), SHOWN).into_owned()
}

/// `https://name:token@host` becomes `https://host`, wherever it stands.
fn without_secrets(text: &str) -> String {
    let mut parts = text.split("://");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c == '/' || c.is_whitespace() || c.is_control()).unwrap_or(part.len());
        let host = part[..end].rfind('@').map_or(0, |at| at + 1);
        clean.push_str("://");
        clean.push_str(&part[host..]);
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(text: &str) -> Result<Url, BadUrl> {
        Url::new(text, Path::new("/base"))
    }

    #[test]
    fn each_url_has_the_one_protocol_that_it_needs() {
        let protocol = |text: &str| new(text).map(|url| url.protocol());
        for text in
            ["https://example.org/x.git", "https://me@example.org:8443/x", "https://a-name-of-18-signs@example.org/x"]
        {
            assert_eq!(protocol(text), Ok("https"), "{text}");
        }
        for text in ["ssh://git@example.org/x", "git@example.org:group/x.git", "ssh://[::1]:22/x", "host:x/y:z"] {
            assert_eq!(protocol(text), Ok("ssh"), "{text}");
        }
        for text in ["/a/b:c", "file:///a", "./x", "a/b:c", "é"] {
            assert_eq!(protocol(text), Ok("file"), "{text}");
        }
        for text in ["http://127.0.0.1:80/x", "http://localhost", "http://[::1]:1/x"] {
            assert_eq!(protocol(text), Ok("http"), "{text}");
        }
        assert_eq!(new("x.git").unwrap().path(), Some("/base/x.git".into()));
        assert_eq!(new("file:///a/b").unwrap().path(), Some("/a/b".into()));
    }

    #[test]
    fn what_could_do_harm_is_refused() {
        let refused = |text: &str| new(text).unwrap_err();
        for text in
            ["-u", "--upload-pack=x", "ssh://-oProxyCommand=x/y", "ssh://-o@h/y", "git@-oProxyCommand=x:y", "-h:x"]
        {
            assert_eq!(refused(text), BadUrl::Option, "{text}");
        }
        for text in [
            "ext::sh -c x",
            "fd::3",
            "https::x",
            "git://example.org/x",
            "http://example.org/x",
            "http://localhost.example.org/",
            "ftp://h/x",
            "file://host/x",
            "HTTPS://h/x",
        ] {
            assert!(matches!(refused(text), BadUrl::Protocol(_)), "{text}");
        }
        for text in ["https://h/\u{1b}[0m", "https://h/\n", "a\0b", "h:\u{9b}x"] {
            assert_eq!(refused(text), BadUrl::Control, "{text:?}");
        }
        assert_eq!(refused("https://me:s3cret@h/x"), BadUrl::Password);
        for text in [
            "https://ghp_SECRETTOKEN@h/x.git",
            "https://github_pat_1@h/x",
            "https://GLPAT-x@h/x",
            "https://0123456789abcdef0123@h/x",
            "http://gldt-x@localhost/x",
        ] {
            assert_eq!(refused(text), BadUrl::Token, "{text}");
        }
        assert_eq!(refused(""), BadUrl::Length);
        assert_eq!(refused(&"x".repeat(MOST + 1)), BadUrl::Length);
        assert_eq!(Url::new("x", Path::new("")), Err(BadUrl::Relative));
        assert!(new("ssh://a-user-with-a-long-name@h/x").is_ok());
        assert_eq!(new("https://t0ken@h/\u{202e}x").unwrap().to_string(), "https://h/<202E>x");
    }
}
