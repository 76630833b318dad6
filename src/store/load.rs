//! Opening a case. It takes no lock: the file is always whole.

use std::fmt;

use super::atomic::Step;
use super::backup;
use super::conflict::unreadable_copy;
use super::disk::{Disk, Stamp, read_case, resolve, write_obstacle};
use super::error::{SaveFailure, StoreError, Unreadable};
use super::folder::{Folder, Store};
use super::notice::{Access, Notice, Reason};
use super::{WARN_BYTES, disk};
use crate::case::Case;
use crate::case::record::Record;

/// A case as it lies on the disk.
#[derive(Clone)]
pub struct Loaded {
    /// The case. It may be changed; a save compares with what was loaded.
    pub case: Case,
    /// Whether it may be changed.
    pub access: Access,
    /// What to tell.
    pub notices: Vec<Notice>,
    /// What was loaded: the common ancestor of a merge.
    pub(super) base: Record,
    /// The name of its folder.
    pub(super) folder: String,
    pub(super) stamp: Option<Stamp>,
}

/// An error can carry one: no text of the case is told.
impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { access, notices, folder, .. } = self;
        f.debug_struct("Loaded")
            .field("folder", folder)
            .field("access", access)
            .field("notices", notices)
            .finish_non_exhaustive()
    }
}

impl Loaded {
    /// Is it a case that may be changed?
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.access == Access::Write
    }
}

impl Store {
    /// Opens a case. Of a damaged one the newest good backup is opened, read-only, with a notice.
    ///
    /// # Errors
    /// If there is no such case, if its file is no plain file of UTF-8 text up to 8 MiB, if it is damaged and has no
    /// backup, or if its process can't be read.
    pub fn load(&self, id: &str) -> Result<Loaded, StoreError> {
        let folder = self.folder(id)?;
        let read = self.before(Step::Read).map_err(|error| Unreadable::Io(error.kind().to_string()));
        match read.and_then(|()| read_case(&folder)) {
            Ok(disk) => {
                let mut loaded = loaded(&folder, disk)?;
                loaded.notices.extend(unreadable_copy(&folder).map(|kept| Notice::LostQuestion { kept }));
                Ok(loaded)
            }
            Err(why) if why.is_damage() => from_backup(&folder, why),
            Err(why) => Err(StoreError::Unreadable { id: folder.id, why }),
        }
    }

    /// The same, once what lies on the disk would survive a power loss.
    ///
    /// # Errors
    /// As [`Store::load`]; [`StoreError::MaybeSaved`] if that can't be had.
    pub fn load_durable(&self, id: &str) -> Result<Loaded, StoreError> {
        let loaded = self.load(id)?;
        let folder = self.place(&loaded.folder);
        let synced = resolve(&folder.case_file()).map_or(Ok(()), |target| self.sync_in_place(&folder, &target));
        match synced {
            Ok(()) => Ok(loaded),
            Err(error) => {
                let why = SaveFailure::from_io(&error);
                Err(StoreError::MaybeSaved { id: folder.id, why, stored: Box::new(loaded) })
            }
        }
    }

    /// Has nobody written the case since it was loaded? Cheap: one look at the file, which is not opened.
    #[must_use]
    pub fn is_current(&self, loaded: &Loaded) -> bool {
        let path = self.place(&loaded.folder).case_file();
        let found = std::fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata));
        found.is_some() && found == loaded.stamp
    }
}

/// Refuses what a newer program wrote before anything is done to it: what this one does not know of it would be lost.
pub(super) fn check_known(folder: &Folder, disk: &Disk) -> Result<(), StoreError> {
    let Some(schema) = disk.parsed.newer else { return Ok(()) };
    let why = SaveFailure::ReadOnly { reason: Box::new(Reason::NewerSchema(schema)), kept: None };
    Err(StoreError::NotSaved { id: folder.id.clone(), why })
}

/// A case from what was read.
pub(super) fn loaded(folder: &Folder, disk: Disk) -> Result<Loaded, StoreError> {
    let access = access(folder, &disk);
    let bytes = disk.bytes.len() as u64;
    let record = disk.parsed.record;
    let (playbook, notice) = Store::playbook(folder, &record.playbook)?;
    let mut notices: Vec<Notice> = notice.into_iter().collect();
    if bytes >= WARN_BYTES {
        notices.push(Notice::Large { bytes });
    }
    if record.id != folder.id {
        notices.push(Notice::OtherId);
    }
    let case = Case::new(record.clone(), playbook);
    Ok(Loaded { case, access, notices, base: record, folder: folder.id.clone(), stamp: Some(disk.stamp) })
}

fn access(folder: &Folder, disk: &Disk) -> Access {
    if let Some(schema) = disk.parsed.newer {
        return Access::ReadOnly(Reason::NewerSchema(schema));
    }
    if let Some(hand_over) = disk.parsed.record.hand_over.as_ref().filter(|hand_over| !hand_over.received) {
        return Access::ReadOnly(Reason::HandedOver { to: hand_over.to.clone() });
    }
    match write_obstacle(folder, &disk.target) {
        Some(obstacle) => Access::ReadOnly(Reason::NotWritable(obstacle)),
        None => Access::Write,
    }
}

fn from_backup(folder: &Folder, why: Unreadable) -> Result<Loaded, StoreError> {
    let newest = backup::newest_good(folder).map_err(|why| StoreError::Unreadable { id: folder.id.clone(), why })?;
    let Some((backup, disk)) = newest else {
        return Err(match why {
            Unreadable::Missing => StoreError::NotFound { id: folder.id.clone() },
            why => StoreError::Unreadable { id: folder.id.clone(), why },
        });
    };
    let of = backup.at;
    let mut opened = loaded(folder, disk)?;
    opened.stamp = disk::stamp_of(&folder.case_file());
    opened.access = Access::ReadOnly(Reason::Backup { id: folder.id.clone(), of, why: why.clone() });
    opened.notices.insert(0, Notice::Damaged { id: folder.id.clone(), why, of });
    Ok(opened)
}
