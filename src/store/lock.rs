//! The lock around a save. It is never on the data file: after a rename two could hold that.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;
use std::{fs, io, thread};

use rustix::fs::OFlags;

use super::atomic::Step;
use super::error::StoreError;
use super::folder::{Folder, Store};

/// How often a verb looks, which is for about a second. Right after a kill the lock can still look held.
pub(super) const LOOKS: usize = 100;
const PAUSE: Duration = Duration::from_millis(10);

/// Held while it lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Waits for the lock of a case.
pub(super) fn lock(store: &Store, folder: &Folder) -> Result<Lock, StoreError> {
    let failed = StoreError::not_saved(&folder.id);
    let file = open(&folder.file("case.lock")).map_err(&failed)?;
    for look in 1..=LOOKS {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) if look < LOOKS => {
                store.before(Step::Wait).map_err(&failed)?;
                thread::sleep(PAUSE);
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(StoreError::Held { id: folder.id.clone() })
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
