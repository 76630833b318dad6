//! Whether a repository on this machine still has the refs that it had, seen from outside: no file of it is read, and no git
//! is started.

use std::env;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{Access, AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, accessat, openat, statat};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use crate::text::hex;

/// A change so short ago may be followed by another one within the same tick of the clock of the disk.
const SETTLED: Duration = Duration::from_secs(2);
/// In a repository with more loose refs than this git is asked.
const MOST: usize = 20_000;
/// All that refs hang on. Not all layouts have all parts.
const PARTS: [&CStr; 7] = [c"HEAD", c"packed-refs", c"refs", c"reftable", c"config", c"config.worktree", c"shallow"];
/// Without one of them git takes the folder for none of a repository, and may look beside it.
const NEEDED: [&CStr; 3] = [c"HEAD", c"objects", c"refs"];

/// To look into what may be no folder, and not to be read.
#[cfg(target_os = "linux")]
const FOLDER: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const FOLDER: OFlags = OFlags::NONBLOCK;

/// A stamp of all that the refs of a repository hang on. As long as it is the same the refs are. None where that can't be
/// said: something changed just now, the folder leads elsewhere, or it is laid out in another way.
///
/// # Errors
/// A folder of refs may not be read.
pub fn stamp(path: &Path) -> io::Result<Option<String>> {
    taken(path, false, settled())
}

/// The same stamp, before git is asked.
///
/// # Errors
/// A folder or a file of refs may not be read: git would list the rest and say nothing.
pub fn stamp_of_readable(path: &Path) -> io::Result<Option<String>> {
    taken(path, true, settled())
}

/// What changed before this second of the clock does not change again unseen.
fn settled() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(SETTLED).as_secs()
}

fn taken(path: &Path, is_careful: bool, settled: u64) -> io::Result<Option<String>> {
    let open = |at: BorrowedFd<'_>, name: &Path| openat(at, name, FOLDER | OFlags::CLOEXEC, Mode::empty());
    let Some(outside) = if_there(open(CWD, path))? else { return Ok(None) };
    let folder = if_there(open(outside.as_fd(), Path::new(".git")))?.unwrap_or(outside);
    let mut stamp = Stamp { sum: Sha256::new(), files: 0, settled, holds: true, is_careful };
    stamp.sum.update(path.as_os_str().as_encoded_bytes());
    for name in PARTS {
        stamp.take(folder.as_fd(), name)?;
    }
    for file in settings() {
        stamp.take_settings(&file);
    }
    let has = |name: &CStr| statat(&folder, name, AtFlags::empty()).is_ok();
    // The refs of a worktree lie elsewhere.
    let is_all = stamp.holds && NEEDED.into_iter().all(has) && !has(c"commondir");
    Ok(is_all.then(|| hex(&stamp.sum.finalize())))
}

/// The files of the settings that hold everywhere: they may hide refs, and lead to another repository.
fn settings() -> Vec<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let of_system = set("GIT_CONFIG_SYSTEM").unwrap_or_else(|| PathBuf::from("/etc/gitconfig"));
    let own = set("GIT_CONFIG_GLOBAL").map_or_else(
        || {
            let home = set("HOME");
            let below = |name: &str| home.as_ref().map(|home| home.join(name));
            let of_git = set("XDG_CONFIG_HOME").or_else(|| below(".config")).map(|folder| folder.join("git/config"));
            of_git.into_iter().chain(below(".gitconfig")).collect()
        },
        |path| vec![path],
    );
    own.into_iter().chain([of_system]).collect()
}

struct Stamp {
    sum: Sha256,
    files: usize,
    /// What changed in this second of the clock or later may change again unseen.
    settled: u64,
    /// It can be relied on.
    holds: bool,
    /// Whether each file may be read is looked at as well.
    is_careful: bool,
}

impl Stamp {
    /// Takes in what has this name in a folder, with all that is in it.
    fn take(&mut self, at: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
        // Of what goes while it is looked at the folder will have another time.
        let Some(found) = if_there(statat(at, name, AtFlags::SYMLINK_NOFOLLOW))? else { return Ok(()) };
        let kind = FileType::from_raw_mode(found.st_mode);
        self.files += 1;
        self.holds &= self.files <= MOST && kind != FileType::Symlink && self.is_settled(&found);
        if kind == FileType::Symlink {
            // One that leads nowhere is left out by git without a word.
            let is_there = statat(at, name, AtFlags::empty()).is_ok();
            return if is_there { Ok(()) } else { Err(io::Error::other("it leads to what is not there")) };
        }
        if self.is_careful {
            accessat(at, name, Access::READ_OK, AtFlags::empty())?;
        }
        self.add(name, &found);
        if kind == FileType::Directory {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            if let Some(folder) = if_there(openat(at, name, flags, Mode::empty()))? {
                self.take_all(folder)?;
            }
            // The end of it.
            self.sum.update([0]);
        }
        Ok(())
    }

    /// Takes in a file of settings, which is often a link. What git will make of one that can't be seen, nobody knows.
    fn take_settings(&mut self, path: &Path) {
        match if_there(statat(CWD, path, AtFlags::empty())) {
            Ok(None) => {}
            Ok(Some(found)) if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile => {}
            Ok(Some(found)) => {
                self.holds &= self.is_settled(&found);
                self.add(c"settings", &found);
            }
            Err(_) => self.holds = false,
        }
    }

    fn take_all(&mut self, folder: OwnedFd) -> io::Result<()> {
        let mut folder = Dir::new(folder)?;
        let mut inside: Vec<CString> = Vec::new();
        while let Some(entry) = folder.read() {
            let entry = entry?;
            let name = entry.file_name();
            if !matches!(name.to_bytes(), b"." | b"..") {
                inside.push(name.to_owned());
            }
        }
        inside.sort_unstable();
        let folder = folder.fd()?;
        inside.iter().try_for_each(|name| self.take(folder, name))
    }

    #[allow(clippy::useless_conversion, reason = "the numbers of a file have other sizes on other systems")]
    fn add(&mut self, name: &CStr, found: &Stat) {
        self.sum.update(name.to_bytes_with_nul());
        let times = [found.st_mtime, found.st_ctime].map(i64::from).map(i64::cast_unsigned);
        let parts = [found.st_mtime_nsec, found.st_ctime_nsec].map(|part| u64::try_from(part).unwrap_or(u64::MAX));
        let size = u64::try_from(found.st_size).unwrap_or(u64::MAX);
        for number in
            times.into_iter().chain(parts).chain([found.st_ino.into(), size, found.st_mode.into(), found.st_uid.into()])
        {
            self.sum.update(number.to_le_bytes());
        }
    }

    /// Up to a whole second, for disks that keep no parts of one.
    #[allow(clippy::useless_conversion, reason = "the numbers of a file have other sizes on other systems")]
    fn is_settled(&self, found: &Stat) -> bool {
        u64::try_from(i64::from(found.st_ctime)).is_ok_and(|second| second < self.settled)
    }
}

/// None of what is not there.
fn if_there<T>(found: Result<T, Errno>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    /// In a world in which everything has settled.
    fn seen(path: &Path) -> Option<String> {
        taken(path, false, u64::MAX).unwrap()
    }

    fn git(folder: &Path, arguments: &[&str]) {
        let settings = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let mut command = Command::new("git");
        command.args(settings).args(arguments).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = command.env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A bare repository with a branch.
    fn repository() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let bare = folder.path().join("x.git");
        git(folder.path(), &["init", "-q", "--bare", "-b", "main", "x.git"]);
        git(folder.path(), &["init", "-q", "-b", "main", "work"]);
        let work = folder.path().join("work");
        for message in ["one", "two"] {
            git(&work, &["commit", "-q", "--allow-empty", "-m", message]);
        }
        git(&work, &["push", "-q", "../x.git", "main", "main~1:refs/heads/old"]);
        (folder, bare)
    }

    #[test]
    fn every_change_of_refs_is_another_stamp() {
        let (_folder, bare) = repository();
        let mut last = seen(&bare).unwrap();
        assert_eq!(seen(&bare).as_deref(), Some(last.as_str()), "nothing has changed");
        for change in [
            &["update-ref", "refs/pull/7/head", "main"] as &[_],
            &["update-ref", "refs/heads/main", "old"],
            &["update-ref", "refs/heads/main", "refs/pull/7/head"],
            &["tag", "v1", "old"],
            &["pack-refs", "--all"],
            &["update-ref", "refs/heads/main", "old"],
            &["update-ref", "-d", "refs/pull/7/head"],
            &["symbolic-ref", "HEAD", "refs/heads/old"],
            &["config", "transfer.hideRefs", "refs/tags"],
        ] {
            git(&bare, change);
            let now = seen(&bare).unwrap();
            assert_ne!(now, last, "{change:?}");
            last = now;
        }
    }

    #[test]
    fn what_is_not_sure_to_be_the_repository_has_no_stamp() {
        let (folder, bare) = repository();
        let path = |name: &str| folder.path().join(name);
        assert!(seen(&path("work")).is_some());
        assert_eq!(seen(&path("none")), None);
        // Git goes on to `x.git` from a folder `x` that is no repository, whatever lies in it.
        fs::create_dir(path("x")).unwrap();
        fs::write(path("x/config"), "no settings").unwrap();
        assert_eq!(seen(&path("x")), None);
        git(&path("work"), &["worktree", "add", "-q", "-b", "other", "../linked"]);
        assert_eq!(seen(&path("linked")), None);
        assert_eq!(seen(&path("work/.git/worktrees/linked")), None);
        fs::rename(bare.join("refs/heads"), path("heads")).unwrap();
        std::os::unix::fs::symlink(path("heads"), bare.join("refs/heads")).unwrap();
        assert_eq!(seen(&bare), None);
    }

    #[test]
    fn what_changed_just_now_has_no_stamp_and_what_may_not_be_read_is_no_stamp_before_git_is_asked() {
        let (_folder, bare) = repository();
        assert_eq!(taken(&bare, false, 0).unwrap(), None);
        std::os::unix::fs::symlink("nowhere", bare.join("refs/heads/lost")).unwrap();
        assert!(taken(&bare, false, u64::MAX).is_err());
    }
}
