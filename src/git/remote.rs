//! Remotes: what they list, and what is new there. Nobody is ever asked, and no remote is waited for longer than said, unless a
//! person waits for it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::cache::{Cache, Held};
use super::error::{GitError, Network, shown};
use super::program::Git;
use super::refs::{Refs, changed, family, kept, take};
use super::repository::{Repository, Trouble, diagnosis, listed};
use super::run::{Cancel, Ear, Limits, Run};
use super::spot::Spot;
use super::url::{Rewrite, Url, rewritten};
use crate::divergence::Role;

/// The person's own settings that matter to a remote.
const SETTINGS: &str = r"^(core\.sshcommand|url\..*\.(insteadof|pushinsteadof))$";
/// From so many changes on, refs are packed into one file.
const MANY: usize = 256;
/// A fetch may take so long as long as it goes on.
const LONGEST_FETCH: Duration = Duration::from_secs(3600);

/// A fetch that brings what it is told to and does nothing else.
const FETCH: &[&str] = &[
    "fetch",
    "--atomic",
    // Not even if the settings of the person want it: a branch that becomes a folder of branches would end the fetch.
    "--no-prune",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
    "--no-show-forced-updates",
    "--refmap=",
    "--upload-pack=git-upload-pack",
    // Its words are a sign of life.
    "--progress",
    "--",
];

/// Asks remotes as this person, with the settings that the person has for git.
#[derive(Clone, Debug)]
pub struct Remotes<'a> {
    git: &'a Git,
    rewrites: Vec<Rewrite>,
    ssh: Option<String>,
    patience: Duration,
    cancel: Cancel,
    ear: Ear<'a>,
}

/// What a fetch brought.
#[derive(Clone, Debug)]
pub struct Brought {
    /// What is kept of the remote now.
    pub now: Refs,
    /// What was kept of it before.
    pub before: Refs,
}

impl<'a> Remotes<'a> {
    /// Reads the person's settings. `patience` is how long a remote may say nothing.
    ///
    /// # Errors
    /// If the settings can't be read.
    pub fn new(git: &'a Git, patience: Duration, cancel: &Cancel) -> Result<Self, GitError> {
        let asked = git.run(["config", "--null", "--show-scope", "--get-regexp", SETTINGS]).or_code(1);
        let told = asked.cancel(cancel).output()?;
        let told = String::from_utf8_lossy(&told);
        let settings = listed(&told);
        let rewrites =
            settings.iter().filter_map(|(scope, key, value)| Rewrite::of_setting(scope, key, value)).collect();
        let set = settings.iter().rev().find(|(_, key, _)| *key == "core.sshcommand").map(|(_, _, value)| *value);
        let ssh = ssh(std::env::var("GIT_SSH_COMMAND").ok().as_deref().or(set), git.is_asking());
        Ok(Self { git, rewrites, ssh, patience, cancel: cancel.clone(), ear: Ear::default() })
    }

    /// What git says of a fetch is heard while it goes on.
    #[must_use]
    pub fn heard_by(&self, ear: Ear<'a>) -> Self {
        Self { ear, ..self.clone() }
    }

    /// The person's settings that send a URL elsewhere, for fetches or for pushes.
    #[must_use]
    pub fn rewrites_of(&self, url: &Url) -> Vec<&Rewrite> {
        self.rewrites.iter().filter(|rewrite| rewrite.of(url).is_some()).collect()
    }

    /// Where on this machine a URL really leads, after the person's own settings; none if it leads to a server, or nowhere.
    #[must_use]
    pub fn path_of(&self, url: &Url) -> Option<PathBuf> {
        self.asked(url).ok()?.path()
    }

    /// Do two URLs lead to the same repository, after the person's own settings? Where nobody can be sure, as with letters that
    /// differ in their case only, they do.
    #[must_use]
    pub fn leads_to_same(&self, a: &Url, b: &Url) -> bool {
        let (Ok(a), Ok(b)) = (self.asked(a), self.asked(b)) else { return false };
        let spot = |url: &Url| Spot::of(url.as_str(), Path::new("/"));
        // A worktree has a folder of its own, and the repository of another.
        let is_linked =
            |url: &Url| url.path().is_some_and(|path| path.join(".git").is_file() || path.join("commondir").exists());
        let folder = |url: &Url| Repository::open(self.git, &url.path()?, &self.cancel).ok().map(|found| found.folder);
        let is_one = || folder(&a).is_some_and(|a| folder(&b).is_some_and(|b| a == b));
        spot(&a).may_be(&spot(&b)) || (is_linked(&a) || is_linked(&b)) && is_one()
    }

    /// All refs that a remote lists.
    ///
    /// # Errors
    /// If it could not be asked, or does not give a whole list.
    pub fn list(&self, url: &Url) -> Result<Refs, GitError> {
        let asked = self.asked(url)?;
        let limits = Limits { record: 64 * 1024, ..Limits::default() };
        let run = self.git.run(["ls-remote", "--quiet", "--upload-pack=git-upload-pack", "--", asked.as_str()]);
        let mut refs = Refs::new();
        let mut nonsense = None;
        let ended = self.ask(run, &asked, limits).records(b'\n', |line| match take(&mut refs, line) {
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                nonsense = Some(Network::Nonsense(why));
                ControlFlow::Break(())
            }
        });
        ended.map_err(|error| self.look_at(&asked, true).err().unwrap_or_else(|| self.named(&asked, error)))?;
        nonsense.map_or(Ok(refs), |trouble| Err(network(&asked, trouble)))
    }

    /// Forgets what is not listed any more, and fetches what is listed and not kept yet, all at once or not at all. `wanted`
    /// says which families of refs are fetched: `heads`, `tags`, `pull` and the like. The answer is what is kept then, and
    /// what was kept before.
    ///
    /// # Errors
    /// If not all of it could be fetched; what was kept before of what is listed is kept still.
    pub fn fetch(
        &self,
        cache: &Cache,
        role: Role,
        url: &Url,
        listed: &Refs,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Brought, GitError> {
        let held = cache.hold(self.patience, &self.cancel)?;
        let before = cache.refs(self.git, role, &self.cancel)?;
        let changed = changed(listed, &before, &wanted);
        if changed.is_empty() {
            return Ok(Brought { now: before.clone(), before });
        }
        let asked = self.asked(url)?;
        self.look_at(&asked, false)?;
        let (there, gone): (BTreeSet<&str>, BTreeSet<&str>) =
            changed.iter().partition(|name| listed.contains_key(**name));
        // First, so that what is new finds its place: a branch `x` may have become `x/y`.
        cache.forget(self.git, role, &gone, &self.cancel)?;
        let families: BTreeSet<&str> = there.iter().map(|name| family(name)).collect();
        let refspecs: Vec<String> = families.iter().map(|family| refspec(role, family)).collect();
        let told = if refspecs.is_empty() { String::new() } else { self.bring(cache, &asked, &refspecs, &held)? };
        if changed.len() > MANY {
            self.git.run(["pack-refs", "--all"]).on(cache.folder()).cancel(&self.cancel).output()?;
        }
        let after = cache.refs(self.git, role, &self.cancel)?;
        match listed.keys().find(|name| wanted(family(name)) && !after.contains_key(*name)) {
            None => Ok(Brought { now: after, before }),
            Some(_) if told.contains("shallow") => Err(damaged(&asked, Trouble::Shallow)),
            Some(name) => Err(network(&asked, Network::Moved(shown(name)))),
        }
    }

    fn bring(&self, cache: &Cache, asked: &Url, refspecs: &[String], held: &Held) -> Result<String, GitError> {
        let run =
            self.git.run(FETCH.iter().copied().chain([asked.as_str()]).chain(refspecs.iter().map(String::as_str)));
        let run = run.on(cache.folder()).holding(held.file()?).heard_by(self.ear);
        let limits = Limits { time: LONGEST_FETCH, ..Limits::default() };
        let fetched = self.ask(run, asked, limits).pieces(|_| Ok(ControlFlow::Continue(())));
        fetched.map_err(|error| cache.judged(error)).map_err(|error| self.named(asked, error))
    }

    /// Where a URL really leads, after the person's own settings.
    fn asked(&self, url: &Url) -> Result<Url, GitError> {
        rewritten(url, &self.rewrites).map_err(|why| GitError::Url { url: url.to_string(), why })
    }

    /// A repository on this machine says best itself what is the matter with it. What is cut off can be listed, but no history
    /// of it is to be had.
    fn look_at(&self, asked: &Url, may_be_cut: bool) -> Result<(), GitError> {
        let Some(path) = asked.path() else { return Ok(()) };
        let is_shallow = Repository::open(self.git, &path, &self.cancel)?.is_shallow;
        if is_shallow && !may_be_cut { Err(damaged(asked, Trouble::Shallow)) } else { Ok(()) }
    }

    fn ask<'r>(&self, run: Run<'r>, asked: &Url, limits: Limits) -> Run<'r> {
        // A repository on this machine asks nobody. A person may think for long.
        let asks = self.git.is_asking() && asked.path().is_none();
        let silence = if asks { limits.time } else { self.patience };
        let run = if asks { run.asking() } else { run };
        let run = run.speaking(asked.protocol()).limits(Limits { silence, ..limits }).cancel(&self.cancel);
        // Plain http goes to this machine itself only, and so through no proxy.
        let run = if asked.protocol() == "http" { run.env("no_proxy", "*").env("NO_PROXY", "*") } else { run };
        self.ssh.iter().fold(run, |run, ssh| run.env("GIT_SSH_COMMAND", ssh))
    }

    /// The error with its own name, as far as git lets it be known.
    fn named(&self, asked: &Url, error: GitError) -> GitError {
        let said = match error {
            GitError::TookTooLong { limit, .. } if limit == self.patience => {
                return network(asked, Network::NoAnswer(limit));
            }
            GitError::Failed { ref said, .. } => said,
            other => return other,
        };
        if let Some((_, name)) = said.split_once("couldn't find remote ref ") {
            return network(asked, Network::Moved(shown(name)));
        }
        if let Some(path) = asked.path() {
            let is_damaged = ["repository corruption", "early EOF", "bad pack", "necessary objects", "bad object"];
            let is_partial = || Repository::open(self.git, &path, &self.cancel).is_ok_and(|found| found.is_partial);
            let trouble = match diagnosis(&path, said) {
                Trouble::Other(_) if is_damaged.iter().any(|words| said.contains(words)) && is_partial() => {
                    Trouble::Partial
                }
                Trouble::Other(_) if is_damaged.iter().any(|words| said.contains(words)) => Trouble::NoObjects,
                Trouble::Other(_) if said.contains("mismatched algorithms") => Trouble::OtherFormat,
                Trouble::Other(_) => return error,
                trouble => trouble,
            };
            return GitError::Repository { path: shown(&path.to_string_lossy()), trouble };
        }
        trouble(said, self.patience).map_or(error.clone(), |trouble| network(asked, trouble))
    }
}

fn network(asked: &Url, trouble: Network) -> GitError {
    GitError::Network { server: asked.to_string(), trouble }
}

/// What is the matter with a repository that was asked, wherever it lies.
fn damaged(asked: &Url, trouble: Trouble) -> GitError {
    match asked.path() {
        Some(path) => GitError::Repository { path: shown(&path.to_string_lossy()), trouble },
        None => network(asked, Network::Damaged),
    }
}

fn refspec(role: Role, name: &str) -> String {
    // A single ref keeps its name, a family has all of its.
    if name == "HEAD" || name.starts_with("refs/") {
        format!("+{name}:{}", kept(role, name))
    } else {
        let all = format!("refs/{name}/*");
        format!("+{all}:{}", kept(role, &all))
    }
}

/// The command for ssh that never asks; none if the person has one of which nobody knows what it takes. Where it may ask, the
/// person sees what ssh says, such as that a key is to be touched, and nothing of what git says.
fn ssh(own: Option<&str>, asks: bool) -> Option<String> {
    let own = own.map(str::trim).filter(|own| !own.is_empty());
    if asks {
        let own = own.or(if std::env::var_os("GIT_SSH").is_some() { None } else { Some("ssh") });
        return own.map(|own| format!("{own} 2>/dev/tty"));
    }
    let is_ssh = |own: &str| own.split_whitespace().next().is_some_and(|word| Path::new(word).ends_with("ssh"));
    match own {
        Some(own) if is_ssh(own) => Some(format!("{own} -o BatchMode=yes")),
        Some(own) => Some(own.to_owned()),
        None if std::env::var_os("GIT_SSH").is_some() => None,
        None => Some("ssh -o BatchMode=yes".to_owned()),
    }
}

/// What git's words mean. A line that the server says is not among them.
fn trouble(said: &str, patience: Duration) -> Option<Network> {
    let signs: [(&[&str], Network); 9] = [
        (&["Could not resolve host", "Name or service not known", "name resolution"], Network::NoSuchHost),
        (&["Host key verification failed"], Network::HostKey),
        (
            &[
                "could not read Username",
                "could not read Password",
                "Authentication failed",
                "Permission denied",
                "error: 401",
            ],
            Network::SignIn,
        ),
        (&["certificate", "SSL", "TLS"], Network::Certificate(said.to_owned())),
        (
            &["error: 403", "not found", "could not be found", "does not appear to be a git repository", "error: 404"],
            Network::NotThere,
        ),
        (&["timed out", "Timeout"], Network::NoAnswer(patience)),
        (
            &["Failed to connect", "Couldn't connect", "Connection refused", "No route to host", "unreachable"],
            Network::NoConnection,
        ),
        (&["not allowed"], Network::Protocol),
        (&["repository corruption", "bad object", "necessary objects"], Network::Damaged),
    ];
    let last: [(&[&str], Network); 2] = [
        (&["mismatched algorithms"], Network::OtherFormat),
        (
            &[
                "early EOF",
                "hung up",
                "disconnect",
                "reset by peer",
                "Empty reply",
                "RPC failed",
                "Could not read from remote",
            ],
            Network::BrokenOff,
        ),
    ];
    let all = signs.into_iter().chain(last);
    let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
    all.into_iter().find(|(words, _)| has(words)).map(|(_, trouble)| trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_of_a_server_has_a_name() {
        let of = |said: &str| trouble(said, Duration::from_secs(30));
        let known = [
            ("fatal: unable to access 'https://h/': Could not resolve host: h", Network::NoSuchHost),
            ("ssh: Could not resolve hostname h: Name or service not known", Network::NoSuchHost),
            (
                "No ED25519 host key is known for h and you have requested strict checking.; Host key verification failed.",
                Network::HostKey,
            ),
            ("git@h: Permission denied (publickey).; fatal: Could not read from remote repository.", Network::SignIn),
            ("fatal: could not read Username for 'https://h': terminal prompts disabled", Network::SignIn),
            ("ERROR: Repository not found.; fatal: Could not read from remote repository.", Network::NotThere),
            (
                "ssh: connect to host h port 22: Connection refused; fatal: Could not read from remote repository.",
                Network::NoConnection,
            ),
            ("ssh: connect to host h port 22: Connection timed out", Network::NoAnswer(Duration::from_secs(30))),
            ("fatal: transport 'ssh' not allowed", Network::Protocol),
            ("fatal: mismatched algorithms: client sha256; server sha1", Network::OtherFormat),
            ("fatal: the remote end hung up unexpectedly", Network::BrokenOff),
        ];
        for (said, named) in known {
            assert_eq!(of(said), Some(named), "{said}");
        }
        let certificate = "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate";
        assert_eq!(of(certificate), Some(Network::Certificate(certificate.to_owned())));
        assert_eq!(of("fatal: something else"), None);
    }

    #[test]
    fn ssh_never_asks_and_stays_the_one_of_the_person() {
        assert_eq!(ssh(Some("/opt/bin/ssh -i key"), false).as_deref(), Some("/opt/bin/ssh -i key -o BatchMode=yes"));
        assert_eq!(ssh(Some("plink"), false).as_deref(), Some("plink"), "it knows no such option");
        assert_eq!(ssh(Some("ssh -i key"), true).as_deref(), Some("ssh -i key 2>/dev/tty"), "unless it may");
    }
}
