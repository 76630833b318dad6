//! Real repositories in a temporary folder, made with plain git, and nothing of the settings of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fixlead::git::{Git, Url};
use tempfile::TempDir;

/// A folder with repositories.
pub struct Repos {
    folder: TempDir,
}

impl Repos {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    /// With a repository `plain` that has two branches of some commits, and a bare clone of it, `bare`.
    pub fn filled() -> Self {
        let repos = Self::new();
        repos.fill("plain", &[]);
        repos.git(".", &["clone", "-q", "--bare", "plain", "bare"]);
        repos
    }

    /// A repository with two branches of some commits.
    pub fn fill(&self, name: &str, options: &[&str]) {
        self.git(".", &[&["init", "-q", "-b", "main"], options, &[name]].concat());
        for number in 1..=6 {
            self.commit(name, &format!("c{number}"));
        }
        self.git(name, &["branch", "other", "HEAD~2"]);
    }

    /// One more commit, with a file of its own; its id.
    pub fn commit(&self, name: &str, file: &str) -> String {
        fs::write(self.path(name).join(file), file).expect("a file");
        self.git(name, &["add", "-A"]);
        self.git(name, &["commit", "-qm", file]);
        self.git(name, &["rev-parse", "HEAD"])
    }

    /// Runs plain git; what it says.
    pub fn git(&self, name: &str, arguments: &[&str]) -> String {
        let (output, errors, is_well) = self.try_git(name, arguments);
        assert!(is_well, "git {arguments:?}: {errors}");
        output
    }

    /// Runs plain git, which may fail: output, errors, whether it went well.
    pub fn try_git(&self, name: &str, arguments: &[&str]) -> (String, String, bool) {
        let mut command = Command::new("git");
        for (variable, _) in std::env::vars_os().filter(|(variable, _)| variable.to_string_lossy().starts_with("GIT_"))
        {
            command.env_remove(variable);
        }
        command.envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null")]);
        command.envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.org")]);
        command.envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.org")]);
        let output = command.current_dir(self.path(name)).args(arguments).stdin(Stdio::null()).output().expect("git");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        (text(&output.stdout), text(&output.stderr), output.status.success())
    }

    /// The path of one.
    pub fn path(&self, name: &str) -> PathBuf {
        if name == "." { self.folder.path().to_owned() } else { self.folder.path().join(name) }
    }

    /// The URL of one: its path.
    pub fn url(&self, name: &str) -> Url {
        Url::new(&self.path(name).to_string_lossy(), Path::new("/")).expect("a path")
    }

    /// All that lies in one, with its bytes.
    pub fn bytes(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
        bytes(&self.path(name))
    }

    /// Makes one hostile: whatever in it could run a program writes into the canary.
    pub fn hostile(&self, name: &str, canary: &Path) {
        hostile(&self.path(name), canary);
    }
}

/// All files below a folder.
pub fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    fn read(folder: &Path, all: &mut Vec<(PathBuf, Vec<u8>)>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                read(&entry.path(), all);
            } else {
                all.push((entry.path(), fs::read(entry.path()).unwrap_or_default()));
            }
        }
    }
    let mut all = Vec::new();
    read(folder, &mut all);
    all.sort();
    all
}

/// The git of this machine.
pub fn git() -> Git {
    Git::find().expect("git is installed where the tests run")
}

/// Makes a repository hostile: whatever in it could run a program writes into the canary.
pub fn hostile(repository: &Path, canary: &Path) {
    let write = |what: &str| format!("sh -c 'echo {what} >> {}; exit 1' x", canary.display());
    let plain = |arguments: &[&str]| crate::fixture::git(repository, arguments);
    let folder = PathBuf::from(plain(&["rev-parse", "--absolute-git-dir"]));
    let hooks = "pre-auto-gc post-checkout post-index-change reference-transaction fsmonitor-watchman pre-push \
                 post-update update pre-receive post-merge post-commit sendemail-validate";
    fs::create_dir_all(folder.join("hooks")).expect("a folder");
    for hook in hooks.split_whitespace() {
        let path = folder.join("hooks").join(hook);
        fs::write(&path, format!("#!/bin/sh\n{}\n", write(hook))).expect("a hook");
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a hook");
    }
    let programs = "core.fsmonitor core.sshCommand core.gitProxy core.pager core.editor core.askPass core.alternateRefsCommand \
                    credential.helper uploadpack.packObjectsHook remote.origin.uploadpack diff.external gpg.program \
                    filter.x.clean filter.x.smudge filter.x.process diff.x.command diff.x.textconv merge.x.driver \
                    gc.recentObjectsHook trailer.x.command trailer.x.cmd gpg.ssh.program interactive.diffFilter \
                    pager.config pager.rev-list pager.cat-file sequence.editor ssh.variant \
                    alias.rev-parse alias.fetch alias.ls-remote alias.config alias.cat-file alias.merge-tree";
    // Half of them come along from another file, under a condition that holds.
    let more = folder.join("more");
    for (at, program) in programs.split_whitespace().enumerate() {
        let bang = if program.starts_with("alias.") || program == "credential.helper" { "!" } else { "" };
        let value = format!("{bang}{}", write(program));
        let file = if at % 2 == 0 { folder.join("config") } else { more.clone() };
        plain(&["config", "--file", &file.to_string_lossy(), program, &value]);
    }
    plain(&["config", "includeIf.gitdir:/.path", &more.to_string_lossy()]);
    plain(&["config", "remote.origin.url", "ext::sh -c x"]);
    plain(&["config", "log.showSignature", "true"]);
    plain(&["config", "protocol.allow", "always"]);
    plain(&["config", "protocol.ext.allow", "always"]);
    plain(&["config", "url.https://elsewhere.example.org/.insteadOf", "https://example.org/"]);
    plain(&["config", "url.https://elsewhere.example.org/.pushInsteadOf", "https://example.org/group"]);
    fs::create_dir_all(folder.join("info")).expect("a folder");
    fs::write(folder.join("info/attributes"), "* filter=x diff=x merge=x\n").expect("attributes");
    let _ = fs::remove_file(canary);
}
