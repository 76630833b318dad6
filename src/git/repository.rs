//! What a folder is: a repository that can be read, or what is the matter with it and what to do.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::{GitError, shown};
use super::program::Git;
use super::refs::name;
use super::run::{Cancel, Limits};
use super::url::Rewrite;

/// So much of settings is read, in bytes.
const SETTINGS: usize = 8 * 1024 * 1024;

/// Why a folder can't be read as a repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Nothing has this name.
    #[error("there is no such folder: look at the path, and whether its disk is there")]
    NoFolder,
    /// It is something else.
    #[error("it is no folder: give the folder of a repository")]
    NotFolder,
    /// It is a folder, and no repository.
    #[error("it is no git repository: give the folder that holds .git, or a bare repository")]
    NotRepository,
    /// Its `.git` is a file that leads nowhere.
    #[error("its .git leads to {0}, which is not there: mend it with `git worktree repair` there, or clone it anew")]
    LostGitFolder(String),
    /// Its HEAD says nothing.
    #[error("its HEAD is damaged: write «ref: refs/heads/NAME» into {0}, with the name of its branch")]
    BrokenHead(String),
    /// A part of it is missing.
    #[error("its {0} is missing: clone it anew")]
    NoPart(&'static str),
    /// Objects are missing.
    #[error("objects are missing from it, or damaged: `git fsck` there says which; fetch them, or clone it anew")]
    NoObjects,
    /// Objects are missing that it never fetched.
    #[error(
        "it is a partial clone and lacks what it never fetched: `git fetch --refetch --no-filter` there brings it, or give the repository that it was cloned from"
    )]
    Partial,
    /// It may not be read.
    #[error("{0} may not be read by you: ask who it belongs to, or change its permissions")]
    NoPermission(String),
    /// It belongs to another person, whose settings git would obey.
    #[error("it belongs to another person: if you trust it, `git config --global --add safe.directory {0}`")]
    OtherOwner(String),
    /// It is newer than git.
    #[error("it needs {0}, which this git does not know: install a newer git, or clone it anew")]
    Newer(String),
    /// Its settings can't be read.
    #[error("its settings can't be read: {0}")]
    BadSettings(String),
    /// Its history is cut.
    #[error("it is shallow: its history is cut off; `git fetch --unshallow` there brings the rest")]
    Shallow,
    /// Its objects have ids of another kind.
    #[error(
        "its objects have ids of another kind than those that are here already: SHA-1 and SHA-256 can't be compared"
    )]
    OtherFormat,
    /// Git says so.
    #[error("{0}")]
    Other(String),
}

/// How the objects of a repository are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Forty digits.
    Sha1,
    /// Sixty-four digits.
    Sha256,
}

impl Format {
    /// Git's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }

    /// The one of git's word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256].into_iter().find(|format| format.word() == word)
    }
}

/// A repository on this machine that can be read.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its git folder; for a worktree the one that all of them share.
    pub folder: PathBuf,
    /// How its objects are named.
    pub format: Format,
    /// Is its history cut off?
    pub is_shallow: bool,
    /// Are there objects that it would fetch only once they are needed?
    pub is_partial: bool,
    /// Settings that send URLs elsewhere, its own and the person's.
    pub rewrites: Vec<Rewrite>,
    /// All settings that hold in it.
    pub settings: Vec<Setting>,
}

/// A setting that holds in a repository. Of several with the same key the later ones beat the earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Git's word for whose it is.
    pub scope: String,
    /// Its name, such as `remote.origin.url`.
    pub key: String,
    /// What it says; `true` where it says nothing. A byte that is no UTF-8 is as in [`Refs`](super::Refs).
    pub value: String,
}

impl Setting {
    /// The settings that hold in the repository with this git folder.
    ///
    /// # Errors
    /// If they can't be read.
    pub fn all(git: &Git, folder: &Path, cancel: &Cancel) -> Result<Vec<Self>, GitError> {
        let list = git.run(["config", "--null", "--show-scope", "--list"]).on(folder).cancel(cancel);
        let told = name(&list.limits(Limits { output: SETTINGS, ..Limits::brief() }).output()?);
        // Where there is no repository git tells of the person's own settings, and thinks nothing of it.
        if fs::symlink_metadata(folder.join("HEAD")).is_err() {
            let path = shown(&folder.to_string_lossy());
            return Err(GitError::Repository { path, trouble: Trouble::NotRepository });
        }
        let setting = |(scope, key, value): (&str, &str, &str)| Self {
            scope: scope.to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
        };
        Ok(listed(&told).into_iter().map(setting).collect())
    }

    /// The name of the remote of which it is this setting.
    pub(super) fn of_remote(&self, setting: &str) -> Option<&str> {
        self.key.strip_prefix("remote.")?.strip_suffix(setting)?.strip_suffix('.')
    }
}

impl Repository {
    /// The repository that a folder is: a clone, a worktree of one, or a bare one. Nothing in it runs or changes.
    ///
    /// # Errors
    /// What is the matter with it, and what to do.
    pub fn open(git: &Git, path: &Path, cancel: &Cancel) -> Result<Self, GitError> {
        let trouble = |trouble| GitError::Repository { path: shown(&path.to_string_lossy()), trouble };
        // The folder above must be the real one: git compares names.
        let real = fs::canonicalize(path).map_err(|error| trouble(from_system(path, &error)))?;
        if !real.is_dir() {
            return Err(trouble(Trouble::NotFolder));
        }
        let asked = ["rev-parse", "--show-object-format", "--is-shallow-repository", "--path-format=absolute"];
        let told = git
            .run(asked.into_iter().chain(["--git-common-dir"]))
            .inside(&real)
            .cancel(cancel)
            .limits(Limits::brief())
            .output();
        let told = told.map_err(|error| match error {
            GitError::Failed { said, .. } => trouble(diagnosis(&real, &said)),
            other => other,
        })?;
        let told = String::from_utf8(told).map_err(|_| trouble(Trouble::Other("its path is not UTF-8".into())))?;
        let mut parts = told.splitn(3, '\n');
        let format = parts.next().and_then(Format::of);
        let format = format.ok_or_else(|| trouble(Trouble::Newer("another format of objects".into())))?;
        let is_shallow = parts.next() != Some("false");
        let folder = PathBuf::from(parts.next().unwrap_or_default().trim_end_matches('\n'));
        let settings = Setting::all(git, &folder, cancel)?;
        let rewrite = |setting: &Setting| Rewrite::of_setting(&setting.scope, &setting.key, &setting.value);
        let rewrites = settings.iter().filter_map(rewrite).collect();
        let is_promise =
            |setting: &Setting| setting.key == "extensions.partialclone" || setting.of_remote("promisor").is_some();
        let is_partial = settings.iter().any(|setting| is_promise(setting) && setting.value != "false");
        Ok(Self { folder, format, is_shallow, is_partial, rewrites, settings })
    }

    /// The folder of its objects.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.folder.join("objects")
    }

    /// Its remotes by name, with the URL that each is fetched from, as it is written there.
    pub fn remotes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings.iter().filter_map(|setting| Some((setting.of_remote("url")?, setting.value.as_str())))
    }

    /// Does it hold all that its refs reach, as far as it knows itself? Only then another one may borrow its objects.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.is_shallow && !self.is_partial
    }
}

/// Scope, key and value of each setting that `git config --null --show-scope` lists.
pub(super) fn listed(told: &str) -> Vec<(&str, &str, &str)> {
    let mut parts = told.split('\0');
    let mut all = Vec::new();
    while let (Some(scope), Some(setting)) = (parts.next(), parts.next()) {
        // A key that stands alone means that it is so.
        let (key, value) = setting.split_once('\n').unwrap_or((setting, "true"));
        all.push((scope, key, value));
    }
    all
}

fn from_system(path: &Path, error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::NotFound => Trouble::NoFolder,
        io::ErrorKind::PermissionDenied => Trouble::NoPermission(shown(&path.to_string_lossy())),
        io::ErrorKind::NotADirectory => Trouble::NotFolder,
        _ => Trouble::Other(error.to_string()),
    }
}

/// What is the matter, from what git says where it says it, else from a look at the parts.
pub(super) fn diagnosis(path: &Path, said: &str) -> Trouble {
    if said.contains("dubious ownership") {
        // It is to be copied into a shell.
        return Trouble::OtherOwner(format!("'{}'", shown(&path.to_string_lossy()).replace('\'', r"'\''")));
    }
    if let Some((_, names)) = said.split_once("unknown repository extension") {
        return Trouble::Newer(format!("the extension «{}»", names.rsplit(": ").next().unwrap_or_default()));
    }
    if let Some((_, version)) = said.split_once("repo version <= 1, found ") {
        return Trouble::Newer(format!("version {version} of the format of repositories"));
    }
    if said.contains("bad config") || said.contains("bad numeric config") {
        return Trouble::BadSettings(shown(said));
    }
    match git_folder(path) {
        Ok(folder) => parts(&folder).unwrap_or_else(|| Trouble::Other(shown(said))),
        Err(trouble) => trouble,
    }
}

/// Where the parts of a repository lie.
fn git_folder(path: &Path) -> Result<PathBuf, Trouble> {
    let inside = path.join(".git");
    if inside.is_dir() {
        return Ok(inside);
    }
    if inside.is_file() {
        let text = beginning(&inside).map_err(|error| from_system(&inside, &error))?;
        let leads = text.strip_prefix("gitdir:").map(str::trim).unwrap_or_default();
        let folder = path.join(leads);
        let is_there = !leads.is_empty() && folder.is_dir();
        return if is_there { Ok(folder) } else { Err(Trouble::LostGitFolder(shown(&folder.to_string_lossy()))) };
    }
    if let Err(error) = fs::read_dir(path) {
        return Err(from_system(path, &error));
    }
    let found = ["HEAD", "objects", "refs", "config"].into_iter().filter(|part| path.join(part).exists());
    if found.count() >= 3 { Ok(path.to_owned()) } else { Err(Trouble::NotRepository) }
}

/// Which part of a repository is missing or damaged; none if they look well.
fn parts(folder: &Path) -> Option<Trouble> {
    let common = beginning(&folder.join("commondir")).ok();
    let common = common.map_or(folder.to_owned(), |text| folder.join(text.trim()));
    for part in [folder.to_owned(), common.join("objects"), common.join("refs")] {
        if let Err(error) = fs::read_dir(&part) {
            let name = if part.ends_with("objects") { "folder of objects" } else { "folder of refs" };
            let is_missing = error.kind() == io::ErrorKind::NotFound;
            return Some(if is_missing { Trouble::NoPart(name) } else { from_system(&part, &error) });
        }
    }
    let head = folder.join("HEAD");
    match beginning(&head) {
        Ok(text) if text.starts_with("ref: refs/") || text.trim().parse::<crate::divergence::Oid>().is_ok() => None,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Some(from_system(&head, &error)),
        _ => Some(Trouble::BrokenHead(shown(&head.to_string_lossy()))),
    }
}

/// The beginning of a small file, which may be hostile.
fn beginning(path: &Path) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(16 * 1024).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
