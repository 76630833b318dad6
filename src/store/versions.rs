//! Older versions of a case: what there is, and one of them to look at.

use jiff::Timestamp;

use super::backup::{self, Backup};
use super::disk::{read, read_case};
use super::error::StoreError;
use super::folder::{Folder, Store};
use super::load::{Loaded, loaded};
use super::notice::{Access, Reason};
use super::trouble::version;
use crate::case::Version;

impl Store {
    /// The older versions of a case that can be read, the newest first.
    ///
    /// # Errors
    /// If there is no such case.
    pub fn versions(&self, id: &str) -> Result<Vec<Version>, StoreError> {
        let folder = self.folder(id)?;
        let now = read_case(&folder).ok().map(|disk| disk.parsed.record);
        let good = |backup: Backup| {
            let loaded = loaded(&folder, read(&backup.path).ok()?).ok()?;
            Some(version(&loaded.case, backup.at, now.as_ref()))
        };
        Ok(backup::all(&folder).into_iter().filter_map(good).collect())
    }

    /// One older version, to look at.
    ///
    /// # Errors
    /// [`StoreError::NoVersion`] if there is none of this instant, or if it can't be read.
    pub fn load_version(&self, id: &str, at: Timestamp) -> Result<Loaded, StoreError> {
        let folder = self.folder(id)?;
        let disk = read(&backup_of(&folder, at)?.path).map_err(|_| no_version(&folder, at))?;
        let mut loaded = loaded(&folder, disk)?;
        loaded.access = Access::ReadOnly(Reason::Older { of: at });
        Ok(loaded)
    }
}

/// The backup that was put away at an instant.
pub(super) fn backup_of(folder: &Folder, at: Timestamp) -> Result<Backup, StoreError> {
    backup::all(folder).into_iter().find(|backup| backup.at == at).ok_or_else(|| no_version(folder, at))
}

pub(super) fn no_version(folder: &Folder, at: Timestamp) -> StoreError {
    StoreError::NoVersion { id: folder.id.clone(), at }
}
