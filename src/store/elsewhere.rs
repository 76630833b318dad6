//! A copy of a case in another place, where its own folder can't be written.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::disk::read_case;
use super::error::{SaveFailure, StoreError};
use super::folder::Store;
use super::restore::text_like;
use crate::case::Case;

impl Store {
    /// Of some folders the first one that can be written and lies on another disk than the cases; else the first one
    /// that can be written.
    #[must_use]
    pub fn elsewhere(&self, candidates: &[PathBuf]) -> Option<PathBuf> {
        let device = |path: &Path| fs::metadata(path).ok().map(|found| found.dev());
        let own = device(self.root());
        let usable: Vec<&PathBuf> = candidates.iter().filter(|path| is_writable(path)).collect();
        let other = usable.iter().find(|path| device(path) != own);
        other.or(usable.first()).map(|path| (*path).clone())
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
