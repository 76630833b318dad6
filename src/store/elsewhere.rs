//! A copy of a case in another place, where its own folder can't be written.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::MAX_BYTES;
use super::disk::read_case;
use super::error::{SaveFailure, StoreError};
use super::folder::Store;
use super::restore::text_like;
use crate::case::Case;

/// A folder for a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The folder.
    pub folder: PathBuf,
    /// What lies there is gone when the machine is switched off.
    pub is_memory: bool,
}

impl Store {
    /// Of some folders the one that suits a copy best: one that outlives the machine's being switched off rather than one
    /// in memory, one on another disk than the cases rather than on the same.
    #[must_use]
    pub fn elsewhere(&self, candidates: &[PathBuf]) -> Option<Elsewhere> {
        let device = |path: &Path| fs::metadata(path).ok().map(|found| found.dev());
        let own = device(self.root());
        let usable = candidates.iter().filter(|path| is_writable(path) && has_room(path));
        let best = usable.min_by_key(|path| (is_memory(path), device(path) == own))?;
        Some(Elsewhere { folder: best.clone(), is_memory: is_memory(best) })
    }

    /// Writes a case as a new file, for the owner only, with the comments and keys of a person that the stored one has.
    /// A file that is there is never written over.
    ///
    /// # Errors
    /// [`StoreError::NotSaved`] with the reason; nothing half done is left.
    pub fn write_copy(&self, case: &Case, path: &Path) -> Result<(), StoreError> {
        let id = &case.record().id;
        let text = text_like(read_case(&self.place(id)).ok().as_ref(), case)?;
        write_new(path, text.as_bytes()).map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    SaveFailure::Other("there is something of this name already".to_owned())
                }
                io::ErrorKind::NotFound => SaveFailure::Other("there is no such folder".to_owned()),
                _ => SaveFailure::from_io(&error),
            };
            StoreError::NotSaved { id: id.clone(), why }
        })
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = (|| {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        file.write_all(bytes)?;
        file.sync_all()
    })();
    written.inspect_err(|_| drop(fs::remove_file(path)))?;
    // Not every file system lets a folder be synced; the file itself is.
    let _ = path.parent().map(|folder| fs::File::open(folder).and_then(|folder| folder.sync_all()));
    Ok(())
}

fn is_writable(path: &Path) -> bool {
    // Modes count for root as well.
    let is_set = fs::metadata(path).is_ok_and(|found| found.is_dir() && found.mode() & 0o200 != 0);
    is_set && rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

/// A disk that is full for the cases is full for a copy as well.
fn has_room(path: &Path) -> bool {
    rustix::fs::statvfs(path).is_ok_and(|found| found.f_bavail.saturating_mul(found.f_frsize) > MAX_BYTES)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_memory(path: &Path) -> bool {
    /// As statfs(2) lists it.
    const TMPFS: rustix::fs::FsWord = 0x0102_1994;
    rustix::fs::statfs(path).is_ok_and(|found| found.f_type == TMPFS)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn is_memory(_: &Path) -> bool {
    false
}
