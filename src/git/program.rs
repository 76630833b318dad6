//! The `git` program: found once, new enough, and started in an environment that nothing outside of it decides.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use super::error::{GitError, shown};
use super::run::{Limits, Run};

/// `merge-tree --stdin` came with it.
const OLDEST: Version = Version { major: 2, minor: 39, patch: 0 };

/// What a person has set in their environment so that git reaches a server. Every other variable of git is left out: it
/// could name another repository, another folder of objects, or a program to run.
const KEPT: &[&str] = &[
    "GIT_EXEC_PATH",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSH_VARIANT",
    "GIT_PROXY_COMMAND",
    "GIT_HTTP_PROXY_AUTHMETHOD",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
];
const KEPT_FAMILIES: &[&str] = &["GIT_SSL_", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"];

/// What git is told whatever the settings say. The later of two settings wins, and these come last.
const SETTINGS: &[&str] = &[
    // No program of the repository runs.
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    // Nor one of the person by a file that somebody else wrote, such as a merge driver.
    "core.attributesFile=/dev/null",
    "merge.default=",
    // Nothing goes on after git has ended.
    "gc.auto=0",
    "maintenance.auto=false",
    // The protocols that may be used are named by GIT_ALLOW_PROTOCOL, which beats any setting; this is for other readers.
    "protocol.allow=never",
    "fetch.recurseSubmodules=false",
    "submodule.recurse=false",
    // A person may have switched it off; without it git writes no graph for us.
    "core.commitGraph=true",
    "transfer.bundleURI=false",
    // A path that a person has configured may be a bare repository.
    "safe.bareRepository=all",
    "color.ui=false",
    "log.showSignature=false",
];

/// What git finds in its environment, beside what the person has set.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("GIT_PAGER", "cat"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    // What is there is what is told: nothing replaced, grafted, or fetched meanwhile.
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    // A file that can't be there: git warns of grafts as soon as it can open one.
    ("GIT_GRAFT_FILE", "/dev/null/none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    // Nobody is asked. An empty GIT_ASKPASS keeps every other askpass away; ssh asks a program that always fails.
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("SSH_ASKPASS", "false"),
    ("SSH_ASKPASS_REQUIRE", "force"),
    ("GCM_INTERACTIVE", "never"),
];

/// What is otherwise where a server may ask the person: on the terminal, and by no other program.
pub(super) const ASKING: &[(&str, &str)] =
    &[("GIT_TERMINAL_PROMPT", "1"), ("SSH_ASKPASS_REQUIRE", "never"), ("GCM_INTERACTIVE", "auto")];

/// The version of git.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number, 0 where there is none.
    pub patch: u32,
}

impl Version {
    /// The version in what `git version` prints.
    fn of(text: &str) -> Option<Self> {
        let words = text.trim().strip_prefix("git version ")?;
        let mut numbers = words.split(|c: char| !c.is_ascii_digit());
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        // «2.46.GIT» and «2.46-rc1» have no third number.
        let patch = words.split(['.', ' ']).nth(2).and_then(|third| third.parse().ok()).unwrap_or(0);
        Some(Self { major, minor, patch })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The `git` program of this machine.
#[derive(Clone, Debug)]
pub struct Git {
    program: PathBuf,
    /// What it said when it was asked, once for all copies of this.
    version: Arc<OnceLock<Result<Version, GitError>>>,
    /// Servers may ask the person.
    asks: bool,
}

impl Git {
    /// The git on the person's path, of which nothing is known yet.
    #[must_use]
    pub fn on_path() -> Self {
        Self { program: PathBuf::from("git"), version: Arc::default(), asks: false }
    }

    /// The same, where servers may ask the person, who has the terminal meanwhile: for a name, a passphrase, a touch, or
    /// whether a host is the right one.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { asks: true, ..self }
    }

    /// May servers ask the person?
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.asks
    }

    /// The git on the person's path.
    ///
    /// # Errors
    /// If there is none, or if it is too old.
    pub fn find() -> Result<Self, GitError> {
        let git = Self::on_path();
        git.check().map(|_| git)
    }

    /// The git at a path.
    ///
    /// # Errors
    /// If there is none, or if it is too old.
    pub fn at(program: &Path) -> Result<Self, GitError> {
        let git = Self { program: program.to_owned(), ..Self::on_path() };
        git.check().map(|_| git)
    }

    /// Its version; all zero where it could not say it.
    #[must_use]
    pub fn version(&self) -> Version {
        self.check().unwrap_or(Version { major: 0, minor: 0, patch: 0 })
    }

    /// Its version. It is asked for it once.
    ///
    /// # Errors
    /// If there is none, or if it is too old.
    pub fn check(&self) -> Result<Version, GitError> {
        self.version.get_or_init(|| self.ask_version()).clone()
    }

    fn ask_version(&self) -> Result<Version, GitError> {
        let said = self.run(["version"]).limits(Limits::brief()).output()?;
        let said = String::from_utf8_lossy(&said);
        let found = Version::of(&said).ok_or_else(|| GitError::NoVersion { said: shown(&said) })?;
        if found < OLDEST { Err(GitError::TooOld { found, oldest: OLDEST }) } else { Ok(found) }
    }

    /// A run of git with these arguments, the first of which is its command. It has no repository, no input, and may use no
    /// protocol, until it is given one.
    #[must_use]
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run<'_> {
        Run::new(self, arguments)
    }

    /// A process to be, with the settings and the environment that every one has.
    pub(super) fn command(&self, protocol: &str) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_gits(name) && !is_kept(name)) {
            command.env_remove(name);
        }
        command.envs(ENVIRONMENT.iter().copied()).env("GIT_ALLOW_PROTOCOL", protocol).env_remove("LANGUAGE");
        // The folder that this program runs in is no repository that anybody asked for.
        command.current_dir("/").arg("--no-pager");
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
    }

    pub(super) fn not_started(&self, error: &io::Error) -> GitError {
        if error.kind() == io::ErrorKind::NotFound {
            return GitError::NotInstalled { oldest: OLDEST };
        }
        GitError::NotStarted { program: shown(&self.program.to_string_lossy()), why: error.to_string() }
    }
}

fn is_gits(name: &OsString) -> bool {
    name.as_encoded_bytes().starts_with(b"GIT_")
}

fn is_kept(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    KEPT.contains(&name.as_ref()) || KEPT_FAMILIES.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_git_says_its_version() {
        let of = |text: &str| Version::of(text).map(|version| version.to_string());
        assert_eq!(of("git version 2.47.3\n").as_deref(), Some("2.47.3"));
        assert_eq!(of("git version 2.39.5 (Apple Git-154)").as_deref(), Some("2.39.5"));
        assert_eq!(of("git version 2.46-rc1").as_deref(), Some("2.46.0"));
        assert_eq!(of("git version 2.46.GIT").as_deref(), Some("2.46.0"));
        assert_eq!(of("git version 2.44.0.windows.1").as_deref(), Some("2.44.0"));
        assert_eq!(of("command not found"), None);
        assert!(Version::of("git version 2.9.0") < Version::of("git version 2.10.0"));
    }
}
