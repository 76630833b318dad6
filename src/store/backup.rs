//! Older versions of a case: the last ten, and the last of each of thirty days.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::disk::{Disk, read};
use super::error::{KindText, Unreadable};
use super::folder::{Folder, make_folder, names_in};
use super::save::move_aside;

const KEEP_LAST: usize = 10;
const KEEP_DAYS: usize = 30;
/// How many go after one save.
const AT_ONCE: usize = 200;
/// What the names of two backups differ by at least.
const TICK: SignedDuration = SignedDuration::from_micros(1);
/// How long an editor may take between opening a file and writing it.
const LATE: Duration = Duration::from_secs(60);

/// One older version.
#[derive(Clone, Debug)]
pub(super) struct Backup {
    pub(super) path: PathBuf,
    /// When it was put away.
    pub(super) at: Timestamp,
    /// Another version was put in its place: it stays for good, for it is not the way to the one after it.
    is_replaced: bool,
}

impl Backup {
    fn day(&self) -> String {
        file_instant(self.at).split('T').next().unwrap_or_default().to_owned()
    }
}

/// An instant as part of a file's name: sorted as time goes, without a colon.
pub(super) fn file_instant(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H-%M-%S.%6fZ").to_string()
}

/// Begins the name of a version in whose place another one was put.
const REPLACED: &str = "replaced-";

/// The instant in the name of a backup.
fn parse_name(name: &str) -> Option<Timestamp> {
    let stem = name.strip_prefix(REPLACED).unwrap_or(name).strip_suffix(".toml")?;
    let (day, time) = stem.split_once('T')?;
    format!("{day}T{}", time.replace('-', ":")).parse().ok()
}

/// All backups, the newest first.
pub(super) fn all(folder: &Folder) -> Vec<Backup> {
    listed(folder).unwrap_or_default()
}

fn listed(folder: &Folder) -> io::Result<Vec<Backup>> {
    let backups = folder.file("backups");
    let names = match names_in(&backups) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        names => names?.into_iter().filter_map(|name| name.into_string().ok()),
    };
    let mut backups: Vec<Backup> = names.filter_map(|name| backup(&backups, &name)).collect();
    backups.sort_by_key(|backup| Reverse(backup.at));
    Ok(backups)
}

fn backup(backups: &Path, name: &str) -> Option<Backup> {
    Some(Backup { at: parse_name(name)?, path: backups.join(name), is_replaced: name.starts_with(REPLACED) })
}

/// The newest backup that is a good case. One that the system does not let be read may be good: it is not passed over,
/// for an older one would be taken for the newest.
pub(super) fn newest_good(folder: &Folder) -> Result<Option<(Backup, Disk)>, Unreadable> {
    for backup in listed(folder).map_err(|error| Unreadable::Io(error.kind_text()))? {
        match read(&backup.path) {
            Ok(disk) => return Ok(Some((backup, disk))),
            Err(why @ (Unreadable::Io(_) | Unreadable::Missing)) => return Err(why),
            Err(_) => {}
        }
    }
    Ok(None)
}

/// Puts a file away as a backup and returns where it lies now.
pub(super) fn put_away(folder: &Folder, old: &Path) -> io::Result<PathBuf> {
    put_away_as_of(folder, old, latest(&folder.file("backups")))
}

/// The same for a version that should have been put away at this instant.
pub(super) fn put_away_as_of(folder: &Folder, old: &Path, at: Timestamp) -> io::Result<PathBuf> {
    put_away_under(folder, old, "", at)
}

/// The same for a version in whose place another one was put: it is never forgotten.
pub(super) fn put_away_replaced(folder: &Folder, old: &Path) -> io::Result<PathBuf> {
    put_away_under(folder, old, REPLACED, latest(&folder.file("backups")))
}

fn put_away_under(folder: &Folder, old: &Path, prefix: &str, at: Timestamp) -> io::Result<PathBuf> {
    let backups = folder.file("backups");
    if !backups.is_dir() {
        make_folder(&backups)?;
    }
    let target = backups.join(format!("{prefix}{}.toml", file_instant(free_instant(&backups, at))));
    match fs::rename(old, &target) {
        // The file lies on another disk, behind a symbolic link.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            fs::copy(old, &target)?;
            if let Ok(written) = fs::metadata(old).and_then(|found| found.modified()) {
                fs::File::open(&target)?.set_modified(written)?;
            }
            fs::remove_file(old)?;
        }
        moved => moved?,
    }
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600))?;
    Ok(target)
}

/// An instant later than all that are there: a clock that was set back must not make an old version the newest.
fn latest(backups: &Path) -> Timestamp {
    let names = names_in(backups).into_iter().flatten();
    let newest = names.filter_map(|name| parse_name(&name.to_string_lossy())).max();
    let after = newest.and_then(|at| at.checked_add(TICK).ok());
    after.map_or_else(Timestamp::now, |after| after.max(Timestamp::now()))
}

/// This instant, or the next one that no version has.
fn free_instant(backups: &Path, mut at: Timestamp) -> Timestamp {
    let is_taken = |at: Timestamp| {
        let names = ["", REPLACED].map(|prefix| backups.join(format!("{prefix}{}.toml", file_instant(at))));
        names.iter().any(|name| fs::symlink_metadata(name).is_ok())
    };
    loop {
        match at.checked_add(TICK) {
            Ok(next) if is_taken(at) => at = next,
            _ => return at,
        }
    }
}

/// Forgets backups that are neither among the last ten nor the last of one of the last thirty days, nor were replaced. Of
/// very many only some go at a time, for a save waits for this.
pub(super) fn prune(folder: &Folder) {
    let all: Vec<Backup> = all(folder).into_iter().filter(|backup| !backup.is_replaced).collect();
    let mut days = BTreeSet::new();
    let is_old = |(index, backup): &(usize, &Backup)| {
        let last_of_day = days.len() < KEEP_DAYS && days.insert(backup.day());
        *index >= KEEP_LAST && !last_of_day
    };
    for (_, backup) in all.iter().enumerate().filter(is_old).take(AT_ONCE) {
        if written_after(backup) && move_aside(folder, &backup.path).is_some() {
            continue;
        }
        // One that stays is tried again after the next save.
        let _ = fs::remove_file(&backup.path);
    }
}

/// Did somebody who had the file open before it was put away write it after that? Later than [`LATE`] it is a copy of
/// the whole folder that changed the time.
fn written_after(backup: &Backup) -> bool {
    let written = fs::metadata(&backup.path).and_then(|found| found.modified()).ok();
    let late = written.and_then(|written| written.duration_since(backup.at.into()).ok());
    late.is_some_and(|late| !late.is_zero() && late < LATE)
}
