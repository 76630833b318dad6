//! Whether a repository on this machine still has the refs that it had, seen from outside: no file of it is read, and no git
//! is started.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::text::hex;

/// A change so short ago may be followed by another one within the same tick of the clock of the disk.
const SETTLED: Duration = Duration::from_secs(2);
/// In a repository with more loose refs than this git is asked.
const MOST: usize = 20_000;

/// A stamp of all that the refs of a repository hang on. As long as it is the same the refs are. None where that can't be
/// said: something changed just now, the folder leads elsewhere, or it is laid out in another way.
///
/// # Errors
/// A folder or a file of refs may not be read: git would list the rest and say nothing.
pub fn stamp(path: &Path) -> io::Result<Option<String>> {
    let inside = path.join(".git");
    let folder = if inside.exists() { inside } else { path.to_owned() };
    let settled = SystemTime::now().checked_sub(SETTLED).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut stamp = Stamp { sum: Sha256::new(), files: 0, settled, holds: true };
    for name in ["HEAD", "packed-refs", "refs", "reftable", "config", "shallow"] {
        stamp.take(&folder.join(name))?;
    }
    // The refs of a worktree lie elsewhere.
    let is_all = !folder.join("commondir").exists() && stamp.files > 0 && stamp.holds;
    Ok(is_all.then(|| hex(&stamp.sum.finalize())))
}

struct Stamp {
    sum: Sha256,
    files: usize,
    settled: SystemTime,
    /// It can be relied on.
    holds: bool,
}

impl Stamp {
    fn take(&mut self, path: &Path) -> io::Result<()> {
        match self.take_in(path) {
            // Not all layouts have all parts; of what goes while it is looked at the folder will have another time.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
            taken => taken,
        }
    }

    fn take_in(&mut self, path: &Path) -> io::Result<()> {
        let found = fs::symlink_metadata(path)?;
        self.files += 1;
        self.holds &= self.files <= MOST && !found.file_type().is_symlink() && self.is_settled(&found);
        if found.file_type().is_symlink() {
            // One that leads nowhere is left out by git without a word.
            return if path.exists() { Ok(()) } else { Err(io::Error::other("it leads to what is not there")) };
        }
        rustix::fs::access(path, rustix::fs::Access::READ_OK)?;
        self.sum.update(path.as_os_str().as_encoded_bytes());
        let times = [found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()];
        for number in times.map(i64::cast_unsigned).into_iter().chain([found.ino(), found.size()]) {
            self.sum.update(number.to_le_bytes());
        }
        if found.is_dir() {
            let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
            let mut inside: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
            inside.sort_unstable();
            inside.iter().try_for_each(|path| self.take(path))?;
        }
        Ok(())
    }

    fn is_settled(&self, found: &Metadata) -> bool {
        // Up to a whole second, for disks that keep no parts of one.
        let changed = u64::try_from(found.ctime()).ok().map(|second| Duration::from_secs(second + 1));
        changed.is_some_and(|changed| SystemTime::UNIX_EPOCH + changed < self.settled)
    }
}
