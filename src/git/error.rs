//! What can go wrong with git, in words for the person who has to do something about it.

use std::time::Duration;

use super::program::Version;
use super::repository::Trouble;
use super::url::{BadUrl, Url};
pub(super) use crate::divergence::shown_of_git as shown;

/// Git could not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no such program.
    #[error("git is not installed, or not on the PATH: install git {oldest} or newer")]
    NotInstalled {
        /// What would do.
        oldest: Version,
    },
    /// It is too old.
    #[error("this machine has git {found}, and git {oldest} or newer is needed: install a newer one")]
    TooOld {
        /// What is there.
        found: Version,
        /// What would do.
        oldest: Version,
    },
    /// What is called git does not say its version.
    #[error("what is called git does not say its version, but «{said}»: put git itself on the PATH")]
    NoVersion {
        /// What it says.
        said: String,
    },
    /// The system does not start it.
    #[error("{program} can't be started: {why}")]
    NotStarted {
        /// Its name.
        program: String,
        /// What the system says.
        why: String,
    },
    /// The person does not want it any more.
    #[error("cancelled")]
    Cancelled,
    /// It took longer than it may.
    #[error("git {command} was ended, for it took over {} s", limit.as_secs_f32())]
    TookTooLong {
        /// What it was to do.
        command: String,
        /// How long it may.
        limit: Duration,
    },
    /// It said more than is taken in.
    #[error("git {command} was ended, for it said more than {most} bytes, which is more than is taken in")]
    TooMuch {
        /// What it was to do.
        command: String,
        /// What is taken in, in bytes.
        most: usize,
    },
    /// Something killed it.
    #[error("git {command} was killed by signal {signal}: look at the memory of this machine, then try again")]
    Killed {
        /// What it was to do.
        command: String,
        /// The number of the signal.
        signal: i32,
    },
    /// The other end of a pipe could not be read or written.
    #[error("git {command} could not be listened to: {why}")]
    Pipe {
        /// What it was to do.
        command: String,
        /// What the system says.
        why: String,
    },
    /// It ended with an error that has no name here.
    #[error("git {command} ended with {code}: {said}")]
    Failed {
        /// What it was to do.
        command: String,
        /// Its exit code.
        code: i32,
        /// What it said.
        said: String,
    },
    /// A folder can't be read as a repository.
    #[error("{path}: {trouble}")]
    Repository {
        /// The folder.
        path: String,
        /// What is the matter, and what to do.
        trouble: Trouble,
    },
    /// What is kept of the repositories can't be used.
    #[error("{path} can't be used to keep what was read: {why}; remove it if it stays so, it is made anew")]
    Cache {
        /// Where it is kept.
        path: String,
        /// What the system says.
        why: String,
    },
    /// What has to be remembered can't be.
    #[error("{0}")]
    Memory(String),
    /// Another process is at it.
    #[error("another process reads the same repositories now: wait until it is through, then try again")]
    Busy,
    /// A text is no URL to ask.
    #[error("{url}: {why}")]
    Url {
        /// The text.
        url: String,
        /// Why.
        why: BadUrl,
    },
    /// A server could not be asked.
    #[error("{server}: {trouble}")]
    Network {
        /// The server, without name and password.
        server: String,
        /// What happened.
        trouble: Network,
    },
}

/// Why a server could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Network {
    /// Nobody knows such a host.
    #[error("no such host is known: look at the URL, and whether the network is there")]
    NoSuchHost,
    /// The host does not take connections.
    #[error("no connection: the host refuses it, or can't be reached; look at the network, then try again")]
    NoConnection,
    /// Nothing came for so long.
    #[error("no answer for {} s; try again later", .0.as_secs_f32())]
    NoAnswer(Duration),
    /// The server wants to know who asks.
    #[error(
        "it wants to know who asks: r on the screen asks you; or sign in by hand (`git ls-remote` with this URL), then try again"
    )]
    SignIn,
    /// The key of the host is not known, or not the one that was known.
    #[error(
        "its host key is not known here, or another one: compare it when r on the screen asks you, or connect once by hand with ssh"
    )]
    HostKey,
    /// Its certificate does not hold.
    #[error("its certificate does not hold: {0}")]
    Certificate(String),
    /// It does not give this repository to this person.
    #[error("there is no such repository, or not for you: look at the URL, and ask for access")]
    NotThere,
    /// The connection broke off.
    #[error("the connection broke off in the middle; try again")]
    BrokenOff,
    /// The repository there is damaged.
    #[error("the repository there is damaged, or its history is cut off: tell those who run it")]
    Damaged,
    /// It names its objects in another way.
    #[error("its objects have ids of another kind than those that are here: SHA-1 and SHA-256 can't be compared")]
    OtherFormat,
    /// What it lists is no list of refs.
    #[error("what it lists is not taken in: {0}")]
    Nonsense(String),
    /// A ref that it listed is not handed out.
    #[error("{0} was listed and is not handed out; it may be gone by now, look again")]
    Moved(String),
    /// Another protocol than the one of its URL.
    #[error("it wants to be asked in another way than its URL says, which is not done")]
    Protocol,
}

impl GitError {
    /// The refs of a repository on this machine can't all be read.
    #[must_use]
    pub fn refs_unreadable(url: &Url, error: &std::io::Error) -> Self {
        Self::Network {
            server: url.to_string(),
            trouble: Network::Nonsense(format!("not all of its refs can be read here, {error}")),
        }
    }

    /// A repository without a single ref: empty, damaged, or another one than was meant.
    #[must_use]
    pub fn no_refs(url: &Url) -> Self {
        let why = "it has no refs at all; it is empty or damaged, or the URL is another one's".to_owned();
        Self::Network { server: url.to_string(), trouble: Network::Nonsense(why) }
    }

    /// A private repository is the public one.
    #[must_use]
    pub fn same(role: &str, url: &Url) -> Self {
        let why = format!(
            "{role} and canonical are one repository, so that nothing in it is private: give the URL of the other"
        );
        Self::Network { server: url.to_string(), trouble: Network::Nonsense(why) }
    }

    /// A text is no URL to ask.
    #[must_use]
    pub fn bad_url(text: &str, why: BadUrl) -> Self {
        Self::Url { url: shown(text), why }
    }
}

/// What counts in all that git wrote to its standard error: what was said first, for the rest follows from it. What a
/// server says through git is left out, so that it can't pass for git's own words.
pub(super) fn gist(errors: &str) -> String {
    // A line that ends in a colon says what it is about in the next.
    let errors = errors.replace(":\n\t", ": ");
    let is_noise = |line: &&str| {
        let starts = ["remote: ", "warning: ", "hint:", "From ", "Please make sure", "and the repository exists"];
        line.is_empty() || line.contains('%') || starts.iter().any(|start| line.starts_with(start))
    };
    let told: Vec<&str> = errors.split(['\n', '\r']).map(str::trim).filter(|line| !is_noise(line)).take(3).collect();
    if told.is_empty() { "it did not say why".to_owned() } else { shown(&told.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_is_harmless_short_and_without_secrets() {
        let said = gist(
            "remote: Enumerating\rremote: 3%\nfatal: unable to access 'https://me:s3cret@host/x/': \u{1b}[31mno\n",
        );
        assert_eq!(said, "fatal: unable to access 'https://host/x/': <1B>[31mno");
        assert_eq!(shown("ssh://git@[::1]:22/a@b and http://t0ken@h"), "ssh://[::1]:22/a@b and http://h");
        assert_eq!(shown(&"x".repeat(100_000)).chars().count(), 300);
        assert_eq!(gist("\n \r"), "it did not say why");
        assert_eq!(gist("one\ntwo:\n\tthree\n4\n5"), "one; two: three; 4");
    }
}
