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
/// said: something changed just now, the folder leads elsewhere, or it can't be read.
#[must_use]
pub fn stamp(path: &Path) -> Option<String> {
    let inside = path.join(".git");
    let folder = if inside.exists() { inside } else { path.to_owned() };
    let mut stamp = Stamp { sum: Sha256::new(), files: 0, settled: SystemTime::now().checked_sub(SETTLED)? };
    for name in ["HEAD", "packed-refs", "refs", "reftable", "config", "shallow"] {
        stamp.take(&folder.join(name)).ok()?;
    }
    (stamp.files > 0).then(|| hex(&stamp.sum.finalize()))
}

struct Stamp {
    sum: Sha256,
    files: usize,
    settled: SystemTime,
}

impl Stamp {
    fn take(&mut self, path: &Path) -> io::Result<()> {
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            found => found?,
        };
        self.files += 1;
        let is_settled = !found.file_type().is_symlink() && self.is_settled(&found);
        if !is_settled || self.files > MOST {
            return Err(io::ErrorKind::Other.into());
        }
        self.sum.update(path.as_os_str().as_encoded_bytes());
        let times = [found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()];
        for number in times.map(i64::cast_unsigned).into_iter().chain([found.ino(), found.size()]) {
            self.sum.update(number.to_le_bytes());
        }
        if found.is_dir() {
            let mut inside: Vec<PathBuf> =
                fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
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
