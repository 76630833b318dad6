//! A good backup takes the place of a damaged case.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::atomic::rename_new;
use super::backup::{file_instant, newest_good};
use super::disk::{folder_obstacle, read_case};
use super::error::{SaveFailure, StoreError, Unreadable};
use super::folder::{Folder, Store};
use super::lock::lock;

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The backup that is in place now. It stays among the backups.
    pub backup: PathBuf,
    /// When it was put away.
    pub of: Timestamp,
    /// Where the damaged file is kept; none if there was no file.
    pub damaged: Option<PathBuf>,
}

impl Store {
    /// Puts the newest good backup in the place of a damaged `case.toml`, which is kept beside it.
    ///
    /// # Errors
    /// [`StoreError::NothingToRestore`] if the file is in order, [`StoreError::NoBackup`] if there is no good backup,
    /// [`StoreError::NotSaved`] if it can't be written.
    pub fn restore(&self, id: &str) -> Result<Restored, StoreError> {
        let folder = self.folder(id)?;
        if let Some(obstacle) = folder_obstacle(&folder) {
            return Err(StoreError::NotSaved { id: id.to_owned(), why: SaveFailure::NoPermission(obstacle) });
        }
        let _lock = lock(self, &folder)?;
        let Err(why) = read_case(&folder) else {
            return Err(StoreError::NothingToRestore { id: id.to_owned() });
        };
        let Some((backup, disk)) = newest_good(&folder) else {
            return Err(StoreError::NoBackup { id: id.to_owned() });
        };
        let target = target(&folder, &why);
        let damaged = self.put_in_place(&folder, &target, &disk.bytes).map_err(StoreError::not_saved(id))?;
        self.sync_folder(target.parent().unwrap_or(&folder.path))
            .or_else(|error| Err(self.maybe_saved(id, &error)?))?;
        Ok(Restored { backup: backup.path, of: backup.at, damaged })
    }

    fn put_in_place(&self, folder: &Folder, target: &Path, bytes: &[u8]) -> io::Result<Option<PathBuf>> {
        let beside = target.parent().unwrap_or(&folder.path);
        let temp = self.write_temp(beside, "case.toml", bytes, 0o600)?;
        if fs::symlink_metadata(target).is_err() {
            self.place_new(temp, target)?;
            return Ok(None);
        }
        let old = self.exchange(temp, target)?;
        let kept = folder.file(&format!("case.toml.broken-{}", file_instant(Timestamp::now())));
        if rename_new(&old, &kept).is_ok() {
            return Ok(Some(kept));
        }
        // Behind a link to another disk it stays there, under a name that is no temporary one.
        let kept = beside.join(kept.file_name().unwrap_or_default());
        fs::rename(&old, &kept)?;
        Ok(Some(kept))
    }
}

/// The file behind a link is replaced if it is a file; else what lies in the folder of the case itself.
fn target(folder: &Folder, why: &Unreadable) -> PathBuf {
    let own = folder.case_file();
    let is_file = why.is_damage() || matches!(why, Unreadable::NotUtf8 { .. } | Unreadable::TooLarge(_));
    if is_file { fs::canonicalize(&own).unwrap_or(own) } else { own }
}
