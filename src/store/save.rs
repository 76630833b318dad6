//! A save: lock, read again, merge, write beside, exchange, look at what came out.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use toml::Table;

use super::atomic::Step;
use super::disk::{Disk, Stamp, folder_obstacle, read, read_capped, read_case, stamp_of, write_obstacle};
use super::error::{EditError, SaveFailure, StoreError, Unreadable};
use super::folder::{Folder, Store};
use super::load::{Loaded, check_known, loaded};
use super::lock::{Lock, lock};
use super::notice::{Notice, Reason};
use super::{MAX_BYTES, atomic, backup, conflict, create, document, parse, playbooks};
use crate::case::address::flatten;
use crate::case::merge::{Merged, three_way};
use crate::case::record::Record;
use crate::case::{Case, Refusal};

/// How often somebody else may write between reading and exchanging before their text is kept beside the case.
const ROUNDS: usize = 8;
/// An editor that writes in place can be half done: how long its text is waited for.
const HALF_WRITTEN: (u32, Duration) = (20, Duration::from_millis(10));

/// A save under way.
struct Saving<'a> {
    store: &'a Store,
    folder: &'a Folder,
    mine: &'a Case,
    notices: Vec<Notice>,
    /// The copy of this side, if there was a conflict.
    kept: Option<PathBuf>,
    conflicts: Vec<String>,
    /// What came out and was put away, as it was when it was read: its writer may go on.
    came_out: Vec<(PathBuf, Stamp)>,
    /// Why what is in place may not survive a power loss.
    unsynced: Option<SaveFailure>,
}

impl Store {
    /// Changes a case on the disk: lock, load, change, save, unlock. A refusal leaves the disk as it is.
    ///
    /// # Errors
    /// [`EditError::Refused`] if the case says no, [`EditError::Store`] if it can't be read or saved.
    pub fn edit<T>(&self, id: &str, change: impl FnOnce(&mut Case) -> Result<T, Refusal>) -> Result<T, EditError> {
        self.edit_and_load(id, change).map(|(value, _)| value)
    }

    /// The same, and what is on the disk afterwards.
    ///
    /// # Errors
    /// As [`Store::edit`].
    pub fn edit_and_load<T>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Case) -> Result<T, Refusal>,
    ) -> Result<(T, Loaded), EditError> {
        let folder = self.folder(id)?;
        let (_lock, disk) = self.locked(&folder)?;
        let disk = disk.map_err(|why| unreadable(&folder, why))?;
        check_known(&folder, &disk)?;
        let base = disk.parsed.record.clone();
        let (playbook, _) = Self::playbook(&folder, &base.playbook)?;
        let mut case = Case::new(base.clone(), playbook);
        let value = change(&mut case)?;
        let loaded = self.saving(&folder, &case).run(&base, disk)?;
        Ok((value, loaded))
    }

    /// Saves what a screen made of a case that it loaded. What others changed meanwhile is taken in; what both changed
    /// stays as it is on the disk, and this side's version is kept beside it ([`Notice::Conflict`]). Without a
    /// difference nothing is written.
    ///
    /// # Errors
    /// [`StoreError::NotSaved`] with the reason, [`StoreError::Held`], [`StoreError::MaybeSaved`]. Nothing is lost then.
    pub fn save(&self, base: &Loaded, mine: &Case) -> Result<Loaded, StoreError> {
        let id = &base.base.id;
        if mine.record().id != *id {
            return Err(StoreError::NotSaved { id: id.clone(), why: SaveFailure::OtherCase });
        }
        let folder = self.place(&base.folder);
        if let super::Access::ReadOnly(
            reason @ (Reason::Backup { .. } | Reason::NewerSchema(_) | Reason::Older { .. }),
        ) = &base.access
        {
            let why = SaveFailure::ReadOnly { reason: Box::new(reason.clone()), kept: None };
            return Err(StoreError::NotSaved { id: id.clone(), why });
        }
        let (_lock, disk) = self.locked(&folder)?;
        let saving = self.saving(&folder, mine);
        match disk {
            Ok(disk) => saving.run(&base.base, disk),
            Err(why) => Err(saving.aside(why)),
        }
    }

    fn saving<'a>(&'a self, folder: &'a Folder, mine: &'a Case) -> Saving<'a> {
        Saving {
            store: self,
            folder,
            mine,
            notices: Vec::new(),
            kept: None,
            conflicts: Vec::new(),
            came_out: Vec::new(),
            unsynced: None,
        }
    }

    /// The lock of a case, and what lies on the disk under it.
    pub(super) fn locked(&self, folder: &Folder) -> Result<(Lock, Result<Disk, Unreadable>), StoreError> {
        if !folder.path.is_dir() {
            return Err(StoreError::NotSaved { id: folder.id.clone(), why: SaveFailure::FolderGone });
        }
        if let Some(obstacle) = folder_obstacle(folder) {
            return Err(not_writable(folder, obstacle));
        }
        let lock = lock(self, folder)?;
        self.before(Step::Read).map_err(StoreError::not_saved(&folder.id))?;
        Ok((lock, read_case(folder)))
    }

    /// A folder could not be made durable: what is in place now goes along.
    pub(super) fn maybe_saved(&self, id: &str, error: &std::io::Error) -> Result<StoreError, StoreError> {
        let stored = Box::new(self.load(id)?);
        Ok(StoreError::MaybeSaved { id: id.to_owned(), why: SaveFailure::from_io(error), stored })
    }

    /// Keeps a text beside the case for good, under a name that is not taken, and tells where.
    pub(super) fn keep_aside(&self, folder: &Folder, bytes: &[u8]) -> std::io::Result<PathBuf> {
        for name in aside_names() {
            let target = folder.file(&name);
            if read_capped(&target, MAX_BYTES).is_ok_and(|(there, _)| there == bytes) {
                return Ok(target);
            }
            let temp = self.write_temp(&folder.path, &name, bytes, 0o600)?;
            match self.place_new(temp, &target) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                placed => {
                    placed?;
                    self.sync_folder(&folder.path)?;
                    return Ok(target);
                }
            }
        }
        Err(std::io::ErrorKind::AlreadyExists.into())
    }
}

/// Names for what is kept beside a case.
fn aside_names() -> impl Iterator<Item = String> {
    (1..1000).map(|number| match number {
        1 => "case.toml.conflict".to_owned(),
        number => format!("case.toml.conflict-{number}"),
    })
}

/// Gives a file a name beside the case that is not taken. It stays the same file: who is still writing it goes on there.
pub(super) fn move_aside(folder: &Folder, old: &Path) -> Option<PathBuf> {
    let own = old.parent().unwrap_or(&folder.path);
    // Behind a link to another disk it stays on that.
    [folder.path.as_path(), own].into_iter().find_map(|beside| {
        for name in aside_names() {
            let target = beside.join(name);
            match atomic::rename_new(old, &target) {
                Ok(()) => return Some(target),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(_) => return None,
            }
        }
        None
    })
}

fn unreadable(folder: &Folder, why: Unreadable) -> StoreError {
    let id = folder.id.clone();
    // One that is gone and has an older version can be brought back.
    let is_lost = why == Unreadable::Missing && backup::newest_good(folder).is_ok_and(|newest| newest.is_none());
    if is_lost { StoreError::NotFound { id } } else { StoreError::Unreadable { id, why } }
}

fn not_writable(folder: &Folder, obstacle: String) -> StoreError {
    StoreError::NotSaved { id: folder.id.clone(), why: SaveFailure::NoPermission(obstacle) }
}

/// Does a text read back as the case that it should hold?
pub(super) fn check_text(text: &str, intended: &Table) -> Result<Record, SaveFailure> {
    if text.len() as u64 > MAX_BYTES {
        return Err(SaveFailure::TooLarge);
    }
    let decoded = parse::decode(text.as_bytes()).map_err(|_| SaveFailure::NotTheSame)?;
    let record = parse::parse(&decoded).map_err(|_| SaveFailure::NotTheSame)?.record;
    let flat = flatten(&record).map_err(|_| SaveFailure::NotTheSame)?;
    if flat == *intended { Ok(record) } else { Err(SaveFailure::NotTheSame) }
}

impl Saving<'_> {
    fn failed(&self, why: SaveFailure) -> StoreError {
        StoreError::NotSaved { id: self.folder.id.clone(), why }
    }

    fn flat(&self, record: &Record) -> Result<Table, StoreError> {
        flatten(record).map_err(|_| self.failed(SaveFailure::NotTheSame))
    }

    fn run(mut self, base: &Record, disk: Disk) -> Result<Loaded, StoreError> {
        let (base, mine) = (self.flat(base)?, self.flat(self.mine.record())?);
        let there = self.flat(&disk.parsed.record)?;
        let merged = three_way(&base, &mine, &there);
        if merged.flat == there && merged.conflicts.is_empty() {
            if mine != base {
                self.sync_again(&disk.target);
            }
            return self.finish(disk);
        }
        self.check_writable(&base, &there, &disk, &mine)?;
        self.keep_conflicts(merged.conflicts, &disk, &there, &mine)?;
        if merged.flat == there {
            self.sync_again(&disk.target);
            return self.finish(disk);
        }
        self.check_playbook(&merged.flat, &there)?;
        self.write(disk, there, merged.flat)?;
        self.look_again();
        self.clear_strays();
        let disk = read_case(self.folder).map_err(|why| unreadable(self.folder, why))?;
        self.finish(disk)
    }

    /// What is on the disk now, with everything there is to tell.
    fn finish(mut self, disk: Disk) -> Result<Loaded, StoreError> {
        if let Some(kept) = self.kept.take() {
            self.notices.insert(0, Notice::Conflict { addresses: self.conflicts, kept });
        }
        let mut loaded = loaded(self.folder, disk)?;
        loaded.notices.splice(0..0, self.notices);
        match self.unsynced {
            Some(why) => Err(StoreError::MaybeSaved { id: loaded.folder.clone(), why, stored: Box::new(loaded) }),
            None => Ok(loaded),
        }
    }

    fn check_writable(&self, base: &Table, there: &Table, disk: &Disk, mine: &Table) -> Result<(), StoreError> {
        if let Some(obstacle) = write_obstacle(self.folder, &disk.target) {
            return Err(not_writable(self.folder, obstacle));
        }
        let reason = if let Some(schema) = disk.parsed.newer {
            Reason::NewerSchema(schema)
        } else {
            let sent = disk.parsed.record.hand_over.as_ref().filter(|hand_over| !hand_over.received);
            let is_new = base.get("hand_over/to") != there.get("hand_over/to");
            match sent.filter(|_| is_new) {
                Some(hand_over) => Reason::HandedOver { to: hand_over.to.clone() },
                None => return Ok(()),
            }
        };
        let text = self.my_text(disk, there, mine);
        let kept = text.and_then(|text| self.store.keep_aside(self.folder, text.as_bytes()).ok());
        Err(self.failed(SaveFailure::ReadOnly { reason: Box::new(reason), kept }))
    }

    /// The full text as this side would have had it, with the comments that are on the disk.
    fn my_text(&self, disk: &Disk, there: &Table, mine: &Table) -> Option<String> {
        let edited = document::edited(&disk.text, there, mine);
        edited.or_else(|| create::fresh_text(self.mine.record()).ok())
    }

    /// This side goes beside the case before anything is written: nothing is lost, whatever comes next.
    fn keep_conflicts(
        &mut self,
        conflicts: Vec<String>,
        disk: &Disk,
        there: &Table,
        mine: &Table,
    ) -> Result<(), StoreError> {
        if conflicts.is_empty() {
            return Ok(());
        }
        let text = self.my_text(disk, there, mine).ok_or_else(|| self.failed(SaveFailure::NotTheSame))?;
        let text = conflict::marked(&text, &conflicts);
        let kept = self.store.keep_aside(self.folder, text.as_bytes());
        self.kept = Some(kept.map_err(StoreError::not_saved(&self.folder.id))?);
        let known: HashSet<String> = self.conflicts.iter().cloned().collect();
        self.conflicts.extend(conflicts.into_iter().filter(|address| !known.contains(address)));
        Ok(())
    }

    /// A case never refers to a process that is not beside it.
    fn check_playbook(&self, merged: &Table, there: &Table) -> Result<(), StoreError> {
        let hash = |flat: &Table| flat.get("playbook/sha256").and_then(|value| value.as_str()).map(str::to_owned);
        let (new, old) = (hash(merged), hash(there));
        let Some(new) = new.filter(|new| Some(new) != old.as_ref()) else { return Ok(()) };
        if playbooks::candidates(self.folder).iter().any(|candidate| candidate.hash == new) {
            return Ok(());
        }
        match playbooks::builtin(&new) {
            Some(text) => self.store.add_playbook(&self.folder.id, text),
            None => Err(self.failed(SaveFailure::NoPlaybook)),
        }
    }

    /// Writes until what comes out of the exchange is what was read before. A foreign edit that came in between is
    /// merged into the next round.
    fn write(&mut self, mut disk: Disk, mut there: Table, mut wanted: Table) -> Result<(), StoreError> {
        let mut foreign_text: Option<String> = None;
        for round in 0..ROUNDS {
            let old = match self.write_once(&disk, &there, &wanted) {
                Ok(None) => {
                    self.sync(&disk.target);
                    return Ok(());
                }
                Ok(Some(old)) => old,
                Err(error) if round == 0 => return Err(error),
                // This side is in place, and the foreign text lies beside it: that is a save with something to tell.
                Err(_) => break,
            };
            let written = self.written(&disk, &there, &wanted)?;
            let Some((foreign, flat)) = self.foreign(&old) else {
                self.sync(&disk.target);
                return Ok(());
            };
            // Who wrote twice in a row may not have seen the own first words again: what is not typed can't be merged.
            if let Some(before) = foreign_text.filter(|before| has_more(before, &foreign.text)) {
                self.keep_foreign(&before);
            }
            foreign_text = Some(foreign.text.clone());
            let Merged { flat: merged, conflicts } = three_way(&there, &wanted, &flat);
            self.keep_conflicts(conflicts, &foreign, &flat, &wanted)?;
            disk = Disk { bytes: written.into_bytes(), target: disk.target, ..foreign };
            (there, wanted) = (flat, merged);
        }
        if let Some(text) = foreign_text {
            self.keep_foreign(&text);
        }
        self.sync(&disk.target);
        Ok(())
    }

    /// What somebody else wrote and what is not in the file now: beside it, or at least among the backups.
    fn keep_foreign(&mut self, text: &str) {
        let beside = self.store.keep_aside(self.folder, text.as_bytes()).ok();
        let kept = beside.unwrap_or_else(|| self.folder.file("backups"));
        self.notices.push(Notice::KeptAside { kept });
    }

    fn written(&self, disk: &Disk, there: &Table, wanted: &Table) -> Result<String, StoreError> {
        document::edited(&disk.text, there, wanted).ok_or_else(|| self.failed(SaveFailure::NotTheSame))
    }

    /// One exchange. Returns where the foreign text lies if it was not the expected one that came out.
    fn write_once(&mut self, disk: &Disk, there: &Table, wanted: &Table) -> Result<Option<PathBuf>, StoreError> {
        let text = self.written(disk, there, wanted)?;
        check_text(&text, wanted).map_err(|why| self.failed(why))?;
        let failed = StoreError::not_saved(&self.folder.id);
        let beside = disk.target.parent().unwrap_or(&self.folder.path);
        let name = file_name(&disk.target);
        let temp = self.store.write_temp(beside, &name, text.as_bytes(), disk.mode).map_err(&failed)?;
        let old = match self.store.exchange(temp, &disk.target) {
            Ok(old) => old,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && beside.is_dir() => {
                return Err(self.aside(Unreadable::Missing));
            }
            Err(error) => return Err(failed(error)),
        };
        let stamp = stamp_of(&old);
        let came_out = read_capped(&old, MAX_BYTES).map(|(bytes, _)| bytes).unwrap_or_default();
        if came_out == disk.bytes {
            if let Ok(backup) = backup::put_away(self.folder, &old) {
                self.came_out.extend(stamp.map(|stamp| (backup, stamp)));
            } else {
                self.notices.push(Notice::NoBackup);
                // It is the version that was read: nothing is in it that is not in the new one or in its events.
                let _ = fs::remove_file(&old);
            }
            return Ok(None);
        }
        Ok(Some(old))
    }

    /// Reads what somebody else wrote in between. What can't be read is kept beside the case.
    fn foreign(&mut self, old: &Path) -> Option<(Disk, Table)> {
        let found = self.settled(old).filter(|disk| disk.parsed.newer.is_none());
        let both = found.and_then(|disk| flatten(&disk.parsed.record).ok().map(|flat| (disk, flat)));
        if let Some((disk, _)) = &both {
            let backup = backup::put_away(self.folder, old).ok();
            self.came_out.extend(backup.map(|backup| (backup, disk.stamp)));
        } else {
            let kept = move_aside(self.folder, old).unwrap_or_else(|| old.to_owned());
            self.notices.push(Notice::KeptAside { kept });
        }
        both
    }

    /// An editor that writes in place may be half done, and half a text may be a case as well: it is read until it
    /// reads twice the same.
    fn settled(&self, old: &Path) -> Option<Disk> {
        let (times, pause) = HALF_WRITTEN;
        let mut found = read(old).ok();
        for _ in 0..times {
            if self.store.before(Step::Wait).is_err() {
                break;
            }
            thread::sleep(pause);
            let again = read(old).ok();
            let is_same = |one: &Disk, other: &Disk| one.stamp == other.stamp && one.bytes == other.bytes;
            let settled = found.as_ref().zip(again.as_ref()).is_some_and(|(one, other)| is_same(one, other));
            found = again;
            if settled {
                break;
            }
        }
        found
    }

    /// Who had the file open before the exchange may have written it after: that is among the backups now, from where
    /// it would go one day.
    fn look_again(&mut self) {
        for (path, then) in std::mem::take(&mut self.came_out) {
            // A copy on another disk is nobody's but ours.
            let went_on = stamp_of(&path).is_some_and(|now| now.inode == then.inode && now != then);
            if went_on && let Some(kept) = move_aside(self.folder, &path) {
                self.notices.push(Notice::KeptAside { kept });
            }
        }
    }

    fn sync(&mut self, target: &Path) {
        let beside = target.parent().unwrap_or(&self.folder.path);
        let synced = self.store.sync_folder(beside);
        backup::prune(self.folder);
        self.unsynced = synced.err().map(|error| SaveFailure::from_io(&error));
    }

    /// What is to be saved is in the file already: it may be there from a save whose end failed.
    fn sync_again(&mut self, target: &Path) {
        self.unsynced = self.store.sync_in_place(self.folder, target).err().map(|error| SaveFailure::from_io(&error));
    }

    /// The case can't be written to: this side goes beside it.
    fn aside(&self, why: Unreadable) -> StoreError {
        let text = create::fresh_text(self.mine.record()).ok();
        let kept = text.and_then(|text| self.store.keep_aside(self.folder, text.as_bytes()).ok());
        self.failed(match why {
            Unreadable::Missing => SaveFailure::Deleted { kept },
            why => SaveFailure::Damaged { why, kept },
        })
    }

    /// Files of processes that were killed during a save. An exchanged one can hold what somebody else wrote.
    fn clear_strays(&self) {
        for stray in atomic::stray_files(&self.folder.path, (self.store.clock)()) {
            let is_case = stray.stem == "case.toml" && read(&stray.path).is_ok();
            if !(is_case && backup::put_away_as_of(self.folder, &stray.path, stray.changed).is_ok()) {
                let _ = fs::remove_file(&stray.path);
            }
        }
    }
}

/// Are there lines in one text that the other one does not have?
pub(super) fn has_more(text: &str, other: &str) -> bool {
    let there: HashSet<&str> = other.lines().map(str::trim).collect();
    text.lines().any(|line| !there.contains(line.trim()))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
