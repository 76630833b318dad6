//! What was fetched: a bare repository of the program's own for each component, which may borrow the objects of the
//! person's clone. All of it can be removed at any time; it is made anew.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::error::{GitError, shown};
use super::program::Git;
use super::refs::{Refs, bytes_of, kept, of_kept};
use super::repository::{Format, Repository, Trouble};
use super::run::Cancel;
use super::url::Url;
use crate::divergence::Role;
use crate::text::hex;

/// What lies in a cache that is complete: this, then its format.
const MARK: &str = "fixlead 1";
/// The file that it lies in.
const MARK_FILE: &str = "fixlead";
/// The file that names the folders whose objects are borrowed.
const ALTERNATES: &str = "objects/info/alternates";
/// How often it is looked whether another process is through.
const PAUSE: Duration = Duration::from_millis(20);

/// The repository that keeps what was fetched of a component.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    lock: PathBuf,
}

/// Nobody else fetches into the cache while this lives, nor while a child of git lives that was handed it.
#[derive(Debug)]
pub struct Held(File);

impl Held {
    /// The lock, to be held by a child as well.
    pub(super) fn file(&self) -> Result<File, GitError> {
        self.0.try_clone().map_err(|error| broken(Path::new("the lock"), &error))
    }
}

impl Cache {
    /// The cache of a component with these URLs, below a folder; it is made where it is not there, not complete, or of
    /// another format. It borrows the objects of a clone that is whole.
    ///
    /// # Errors
    /// If it can't be made, another process holds it for longer than `patience`, or it is cancelled.
    pub fn open(
        git: &Git,
        root: &Path,
        urls: &[&Url],
        format: Format,
        clone: Option<&Repository>,
        patience: Duration,
        cancel: &Cancel,
    ) -> Result<Self, GitError> {
        let failed = |error: io::Error| broken(root, &error);
        let borrowed = clone.filter(|clone| clone.is_whole() && clone.format == format).map(Repository::objects);
        DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(failed)?;
        let folder = Self::folder_of(root, urls);
        let cache = Self { lock: folder.with_extension("lock"), folder };
        let borrowed = borrowed.filter(|objects| can_be_borrowed(objects) && !cache.alone().exists());
        if !cache.is_ready(format, borrowed.as_deref()) {
            let _held = cache.hold(patience, cancel)?;
            // Another process may have made it meanwhile.
            if !cache.is_ready(format, borrowed.as_deref()) {
                cache.make(git, format, borrowed.as_deref(), cancel)?;
            }
        }
        Ok(cache)
    }

    /// Where the cache of a component with these URLs lies below a folder, be it there or not.
    #[must_use]
    pub fn folder_of(root: &Path, urls: &[&Url]) -> PathBuf {
        root.join(name(urls))
    }

    /// Its git folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until nobody else fetches into it. What a killed process has left behind in it is cleared away.
    ///
    /// # Errors
    /// If another process holds it for longer than `patience`, or it is cancelled.
    pub fn hold(&self, patience: Duration, cancel: &Cancel) -> Result<Held, GitError> {
        let failed = |error: io::Error| broken(&self.lock, &error);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.lock);
        let file = file.map_err(failed)?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if cancel.is_cancelled() => return Err(GitError::Cancelled),
                Err(TryLockError::WouldBlock) if begun.elapsed() > patience => return Err(GitError::Busy),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            }
        }
        clear_locks(&self.folder);
        Ok(Held(file))
    }

    /// What was fetched of a remote, by the full names that the refs have there.
    ///
    /// # Errors
    /// If it can't be read: an object may be missing.
    pub fn refs(&self, git: &Git, role: Role, cancel: &Cancel) -> Result<Refs, GitError> {
        let format = "--format=%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)";
        let mut refs = Refs::new();
        let list = git.run(["for-each-ref", format, &format!("refs/at/{}", role.word())]);
        let listed = list.on(&self.folder).cancel(cancel).records(b'\n', |line| {
            refs.extend(of_kept(role, line));
            ControlFlow::Continue(())
        });
        listed.map_err(|error| match error {
            GitError::Failed { said, .. } => self.spoilt(said),
            other => other,
        })?;
        Ok(refs)
    }

    /// An error of a fetch, which may be one of the cache itself: what it borrowed may be gone.
    pub(super) fn judged(&self, error: GitError) -> GitError {
        let is_missing = |said: &str| said.contains("did not send all necessary objects");
        match error {
            GitError::Failed { said, .. } if said.contains("refs/at/") || self.borrows() && is_missing(&said) => {
                self.spoilt(said)
            }
            other => other,
        }
    }

    /// An error of reading what is here, which may be one of the clone at this path: where objects that it borrows are missing,
    /// the next look does without them.
    #[must_use]
    pub fn blamed(&self, error: GitError, clone: Option<&str>) -> GitError {
        let is_missing = |said: &str| ["Could not read", "unable to read"].iter().any(|words| said.contains(words));
        match (error, clone) {
            (GitError::Failed { said, .. }, Some(clone)) if is_missing(&said) && self.borrows() => {
                self.spoilt(said);
                GitError::Repository { path: shown(clone), trouble: Trouble::NoObjects }
            }
            (error, _) => error,
        }
    }

    fn borrows(&self) -> bool {
        fs::metadata(self.folder.join(ALTERNATES)).is_ok_and(|found| found.len() > 0)
    }

    /// Objects are missing here. The next look makes it anew, and does not borrow any more.
    fn spoilt(&self, why: String) -> GitError {
        let _ = OpenOptions::new().append(true).create(true).mode(0o600).open(self.alone());
        let _ = fs::remove_file(self.folder.join(MARK_FILE));
        GitError::Cache { path: shown(&self.folder.to_string_lossy()), why }
    }

    /// Lies there where borrowing went wrong.
    fn alone(&self) -> PathBuf {
        self.folder.with_extension("alone")
    }

    /// Forgets what was fetched of these refs.
    pub(super) fn forget(
        &self,
        git: &Git,
        role: Role,
        names: &BTreeSet<&str>,
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        if names.is_empty() {
            return Ok(());
        }
        let lines: Vec<Vec<u8>> =
            names.iter().map(|name| [b"delete ", &*bytes_of(&kept(role, name)), b"\n"].concat()).collect();
        git.run(["update-ref", "--no-deref", "--stdin"])
            .on(&self.folder)
            .input(lines.concat())
            .cancel(cancel)
            .output()?;
        Ok(())
    }

    /// Is it complete, of this format, and does it borrow from nowhere else?
    fn is_ready(&self, format: Format, borrowed: Option<&Path>) -> bool {
        let mark = fs::read_to_string(self.folder.join(MARK_FILE)).unwrap_or_default();
        let alternates = fs::read(self.folder.join(ALTERNATES)).unwrap_or_default();
        let is_whole = ["HEAD", "config", "objects", "refs"].iter().all(|part| self.folder.join(part).exists());
        is_whole && mark == marked(format) && alternates == named(borrowed)
    }

    /// Makes it anew beside its place, so that it is complete or not there, whenever this is killed.
    fn make(&self, git: &Git, format: Format, borrowed: Option<&Path>, cancel: &Cancel) -> Result<(), GitError> {
        let failed = |error: io::Error| broken(&self.folder, &error);
        let (new, old) = (self.folder.with_extension("new"), self.folder.with_extension("old"));
        remove(&new).and_then(|()| remove(&old)).map_err(failed)?;
        DirBuilder::new().mode(0o700).create(&new).map_err(failed)?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o700)).map_err(failed)?;
        let format_word = format!("--object-format={}", format.word());
        let init = ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", &format_word, "--"];
        let init = init.iter().map(Path::new).chain([new.as_path()]);
        git.run(init).cancel(cancel).output()?;
        let fill = || {
            fs::create_dir_all(new.join("objects/info"))?;
            fs::write(new.join(ALTERNATES), named(borrowed))?;
            fs::write(new.join(MARK_FILE), marked(format))?;
            if fs::symlink_metadata(&self.folder).is_ok() {
                fs::rename(&self.folder, &old)?;
            }
            fs::rename(&new, &self.folder)?;
            remove(&old)
        };
        fill().map_err(failed)
    }
}

fn broken(path: &Path, error: &io::Error) -> GitError {
    GitError::Cache { path: shown(&path.to_string_lossy()), why: error.to_string() }
}

/// A name that says nothing of the component.
fn name(urls: &[&Url]) -> String {
    let mut texts: Vec<&str> = urls.iter().map(|url| url.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    hex(&Sha256::digest(texts.join("\n"))[..16])
}

fn marked(format: Format) -> String {
    format!("{MARK} {}\n", format.word())
}

fn named(borrowed: Option<&Path>) -> Vec<u8> {
    borrowed.map_or(Vec::new(), |objects| [objects.as_os_str().as_encoded_bytes(), b"\n"].concat())
}

/// A line of alternates that begins otherwise, or holds a line feed, would be another path.
fn can_be_borrowed(objects: &Path) -> bool {
    let name = objects.as_os_str().as_encoded_bytes();
    name.starts_with(b"/") && !name.contains(&b'\n') && objects.is_dir()
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes the locks of a git that was killed: nobody else works here, for the lock of the cache is held.
fn clear_locks(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !path.ends_with("objects") {
                clear_locks(&path);
            }
        } else if path.extension().is_some_and(|extension| extension == "lock") {
            // One that stays makes git say so.
            let _ = fs::remove_file(path);
        }
    }
}
