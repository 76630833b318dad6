//! The lock around a save. It is never on the data file: after a rename two could hold that.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use rustix::fs::OFlags;

use super::error::StoreError;
use super::folder::Folder;

/// How long a verb waits. Right after a kill the lock can still look held.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);

/// Held while it lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Waits for the lock of a case.
pub(super) fn lock(folder: &Folder) -> Result<Lock, StoreError> {
    let file = open(&folder.file("case.lock")).map_err(StoreError::not_saved(&folder.id))?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Held { id: folder.id.clone() }),
            Err(TryLockError::Error(error)) => return Err(StoreError::not_saved(&folder.id)(error)),
        }
    }
}

/// Opens or makes a file to lock, for the owner only.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600).custom_flags(flags);
    match options.clone().create_new(true).open(path) {
        Ok(file) => {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path),
        Err(error) => Err(error),
    }
}
