//! Whether a repository on this machine still has the refs that it had, seen from outside: no file of it is read, and no git
//! is started.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
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
const PARTS: [&CStr; 6] = [c"HEAD", c"packed-refs", c"refs", c"reftable", c"config", c"shallow"];

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
    taken(path, false)
}

/// The same stamp, before git is asked.
///
/// # Errors
/// A folder or a file of refs may not be read: git would list the rest and say nothing.
pub fn stamp_of_readable(path: &Path) -> io::Result<Option<String>> {
    taken(path, true)
}

fn taken(path: &Path, is_careful: bool) -> io::Result<Option<String>> {
    let open = |at: BorrowedFd<'_>, name: &Path| openat(at, name, FOLDER | OFlags::CLOEXEC, Mode::empty());
    let Some(outside) = if_there(open(CWD, path))? else { return Ok(None) };
    let folder = if_there(open(outside.as_fd(), Path::new(".git")))?.unwrap_or(outside);
    let settled = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(SETTLED);
    let mut stamp = Stamp { sum: Sha256::new(), files: 0, settled: settled.as_secs(), holds: true, is_careful };
    stamp.sum.update(path.as_os_str().as_encoded_bytes());
    for name in PARTS {
        stamp.take(folder.as_fd(), name)?;
    }
    // The refs of a worktree lie elsewhere.
    let is_worktree = if_there(statat(&folder, c"commondir", AtFlags::SYMLINK_NOFOLLOW))?.is_some();
    let is_all = !is_worktree && stamp.files > 0 && stamp.holds;
    Ok(is_all.then(|| hex(&stamp.sum.finalize())))
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
