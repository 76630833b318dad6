//! Another version takes the place of a case: a backup, a copy from elsewhere, what a screen has in memory. What was in
//! its place is kept: a good one as a backup, a damaged one beside the case.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::atomic::rename_new;
use super::backup::{self, file_instant, newest_good};
use super::conflict::unmarked;
use super::disk::{Disk, folder_obstacle, read, read_case, write_obstacle};
use super::error::{SaveFailure, StoreError, Unreadable};
use super::folder::{Folder, Store};
use super::load::{Loaded, check_known};
use super::lock::lock;
use super::save::move_aside;
use super::trouble::{lacks, missing};
use super::versions::{backup_of, no_version};
use super::{create, document, playbooks};
use crate::case::address::flatten;
use crate::case::{Case, Refusal, STAYS};

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What is in place now. It stays where it was as well.
    pub source: PathBuf,
    /// When that version was put away; none if it is no backup.
    pub of: Option<Timestamp>,
    /// Where the damaged file is kept; none if there was none.
    pub damaged: Option<PathBuf>,
    /// Where the version that was in order and was replaced is kept.
    pub replaced: Option<PathBuf>,
    /// What was done and is not in what is in place now, in words, the last at the end; as far as it can be read.
    pub lacks: Vec<String>,
}

impl Restored {
    /// «it lacks 2 things that were there, the last of them «…»»; none if it lacks nothing.
    #[must_use]
    pub fn lacking(&self) -> Option<String> {
        let last = self.lacks.last()?;
        Some(match self.lacks.len() {
            1 => format!("it lacks 1 thing that was there: {last}"),
            count => format!("it lacks {count} things that were there, the last of them: {last}"),
        })
    }
}

/// What is to be put in place.
struct Instead {
    source: PathBuf,
    of: Option<Timestamp>,
    bytes: Vec<u8>,
    lacks: Vec<String>,
}

impl Store {
    /// Puts the newest good backup in the place of a damaged `case.toml`, which is kept beside it.
    ///
    /// # Errors
    /// [`StoreError::NothingToRestore`] if the file is in order, [`StoreError::NoBackup`] if there is no good backup,
    /// [`StoreError::NotSaved`] if it can't be written.
    pub fn restore(&self, id: &str) -> Result<Restored, StoreError> {
        let folder = self.folder(id)?;
        self.put_instead(&folder, |found| {
            if found.is_ok() {
                return Err(StoreError::NothingToRestore { id: id.to_owned() });
            }
            let newest = newest_good(&folder).map_err(|why| StoreError::Unreadable { id: id.to_owned(), why })?;
            let (backup, disk) = newest.ok_or_else(|| StoreError::NoBackup { id: id.to_owned() })?;
            Ok(Instead { source: backup.path, of: Some(backup.at), bytes: disk.bytes, lacks: Vec::new() })
        })
    }

    /// Goes back to an older version. What was in place is kept, and is a version itself from then on. `tell` says in
    /// its timeline that it was put in place.
    ///
    /// # Errors
    /// As [`Store::restore`]; [`StoreError::NoVersion`] if there is none of this instant, or if it can't be read;
    /// [`StoreError::Stays`] if what is in place may not be replaced by it.
    pub fn restore_version<T>(
        &self,
        id: &str,
        at: Timestamp,
        tell: impl FnOnce(&mut Case) -> Result<T, Refusal>,
    ) -> Result<Restored, StoreError> {
        let folder = self.folder(id)?;
        let backup = backup_of(&folder, at)?;
        let disk = read(&backup.path).map_err(|_| no_version(&folder, at))?;
        self.put_told(&folder, (backup.path, Some(at)), &disk, tell)
    }

    /// Puts a copy from elsewhere in place. What was there is kept. `tell` says so in its timeline.
    ///
    /// # Errors
    /// As [`Store::restore_version`]; [`StoreError::BadCopy`] if the copy can't be read as a case,
    /// [`SaveFailure::OtherCase`] if it is another one.
    pub fn restore_file<T>(
        &self,
        id: &str,
        copy: &Path,
        tell: impl FnOnce(&mut Case) -> Result<T, Refusal>,
    ) -> Result<Restored, StoreError> {
        let folder = self.folder(id)?;
        let mut disk = read(copy).map_err(|why| StoreError::BadCopy { why })?;
        if disk.parsed.record.id != folder.id {
            return Err(StoreError::NotSaved { id: id.to_owned(), why: SaveFailure::OtherCase });
        }
        // What was asked about a copy of this side is no comment of the case.
        let text = unmarked(&disk.text);
        if text != disk.text {
            (disk.bytes, disk.text) = (text.as_bytes().to_vec(), text.to_owned());
        }
        self.put_told(&folder, (copy.to_owned(), None), &disk, tell)
    }

    /// Puts a version in place whose timeline says so.
    fn put_told<T>(
        &self,
        folder: &Folder,
        (source, of): (PathBuf, Option<Timestamp>),
        disk: &Disk,
        tell: impl FnOnce(&mut Case) -> Result<T, Refusal>,
    ) -> Result<Restored, StoreError> {
        check_known(folder, disk)?;
        let (playbook, _) = Self::playbook(folder, &disk.parsed.record.playbook)?;
        let mut case = Case::new(disk.parsed.record.clone(), playbook);
        let bytes = match tell(&mut case) {
            Ok(_) => text_like(Some(disk), &case)?.into_bytes(),
            // Going back is not refused because the timeline is full.
            Err(_) => disk.bytes.clone(),
        };
        self.put_instead(folder, |found| {
            found.as_ref().map_or(Ok(()), |there| check_replaceable(folder, there, disk))?;
            let lacks = match found {
                Ok(now) => lacks(&case, &now.parsed.record.event),
                Err(_) => missing(&folder.case_file(), &case),
            };
            Ok(Instead { source, of, bytes, lacks })
        })
    }

    /// Stores what a screen has in memory, where the stored case was deleted or damaged meanwhile; also its folder,
    /// with the text of its process. Where the stored case can be read again this is a plain save.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub fn put_back(&self, base: &Loaded, mine: &Case, process: Option<&str>) -> Result<Loaded, StoreError> {
        let folder = self.place(&base.folder);
        let id = &folder.id;
        if !folder.path.is_dir() {
            let hash = &mine.record().playbook.sha256;
            let process = process.filter(|text| playbooks::sha256(text) == *hash).or_else(|| playbooks::builtin(hash));
            let process = process.ok_or(StoreError::NotSaved { id: id.clone(), why: SaveFailure::NoPlaybook })?;
            self.create(mine, process)?;
            return self.load(id);
        }
        if read_case(&folder).is_ok() {
            return self.save(base, mine);
        }
        let text = text_like(newest_good(&folder).ok().flatten().map(|(_, disk)| disk).as_ref(), mine)?;
        self.put_instead(&folder, |found| {
            if found.is_ok() {
                return Err(StoreError::Held { id: id.clone() });
            }
            let (source, bytes) = (folder.case_file(), text.into_bytes());
            Ok(Instead { source, of: None, bytes, lacks: Vec::new() })
        })?;
        self.load(id)
    }

    /// Puts what `choose` says in place, under the lock, and keeps what was there.
    fn put_instead(
        &self,
        folder: &Folder,
        choose: impl FnOnce(&Result<Disk, Unreadable>) -> Result<Instead, StoreError>,
    ) -> Result<Restored, StoreError> {
        let id = &folder.id;
        if let Some(obstacle) = folder_obstacle(folder) {
            return Err(StoreError::NotSaved { id: id.clone(), why: SaveFailure::NoPermission(obstacle) });
        }
        let _lock = lock(self, folder)?;
        let found = read_case(folder);
        let Instead { source, of, bytes, lacks } = choose(&found)?;
        let mut restored = Restored { source, of, damaged: None, replaced: None, lacks };
        let (target, mode) = match &found {
            Ok(disk) => (disk.target.clone(), disk.mode),
            Err(why) => (target(folder, why), 0o600),
        };
        let beside = target.parent().unwrap_or(&folder.path);
        let came_out = self.put_in_place(beside, &target, &bytes, mode).map_err(StoreError::not_saved(id))?;
        if let Some(old) = came_out {
            keep(folder, beside, &old, found.as_ref().ok(), &mut restored).map_err(StoreError::not_saved(id))?;
        }
        self.sync_folder(beside).or_else(|error| Err(self.maybe_saved(id, &error)?))?;
        Ok(restored)
    }

    /// Where what came out lies now; none if there was nothing.
    fn put_in_place(&self, beside: &Path, target: &Path, bytes: &[u8], mode: u32) -> io::Result<Option<PathBuf>> {
        let temp = self.write_temp(beside, "case.toml", bytes, mode)?;
        if fs::symlink_metadata(target).is_ok() {
            return self.exchange(temp, target).map(Some);
        }
        self.place_new(temp, target)?;
        Ok(None)
    }
}

/// Keeps what came out. The version that was read before is a version from now on; a good one that somebody wrote in
/// between lies beside the case, where it asks; a damaged one lies there under a name that says so.
fn keep(folder: &Folder, beside: &Path, old: &Path, known: Option<&Disk>, restored: &mut Restored) -> io::Result<()> {
    let Ok(came_out) = read(old) else {
        restored.damaged = Some(keep_damaged(folder, beside, old)?);
        return Ok(());
    };
    let is_known = known.is_some_and(|known| known.bytes == came_out.bytes);
    let kept = if is_known { backup::put_away_replaced(folder, old).ok() } else { None };
    restored.replaced = kept.or_else(|| move_aside(folder, old));
    Ok(())
}

fn keep_damaged(folder: &Folder, beside: &Path, old: &Path) -> io::Result<PathBuf> {
    let kept = folder.file(&format!("case.toml.broken-{}", file_instant(Timestamp::now())));
    if rename_new(old, &kept).is_ok() {
        return Ok(kept);
    }
    // Behind a link to another disk it stays there, under a name that is no temporary one.
    let kept = beside.join(kept.file_name().unwrap_or_default());
    fs::rename(old, &kept)?;
    Ok(kept)
}

/// May this version take the place of a case that is in order?
fn check_replaceable(folder: &Folder, there: &Disk, other: &Disk) -> Result<(), StoreError> {
    let id = &folder.id;
    check_known(folder, there)?;
    if let Some(obstacle) = write_obstacle(folder, &there.target) {
        return Err(StoreError::NotSaved { id: id.clone(), why: SaveFailure::NoPermission(obstacle) });
    }
    if there.parsed.record.is_lost_in(&other.parsed.record) {
        let why = format!("{STAYS}, and that version is from before");
        return Err(StoreError::Stays { id: id.clone(), why });
    }
    Ok(())
}

/// The text of a case with the comments and keys of a person that an older version had.
pub(super) fn text_like(older: Option<&Disk>, mine: &Case) -> Result<String, StoreError> {
    let edited = older.and_then(|older| {
        let (was, is) = (flatten(&older.parsed.record).ok()?, flatten(mine.record()).ok()?);
        let text = document::edited(&older.text, &was, &is)?;
        super::save::check_text(&text, &is).ok()?;
        Some(text)
    });
    edited.map_or_else(|| create::fresh_text(mine.record()), Ok)
}

/// The file behind a link is replaced if it is a file; else what lies in the folder of the case itself.
fn target(folder: &Folder, why: &Unreadable) -> PathBuf {
    let own = folder.case_file();
    let is_file = why.is_damage() || matches!(why, Unreadable::TooLarge(_));
    if is_file { fs::canonicalize(&own).unwrap_or(own) } else { own }
}
