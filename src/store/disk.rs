//! What lies on the disk right now, read without ever blocking on it.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{Access as Need, OFlags, access};

use super::MAX_BYTES;
use super::error::{KindText, Unreadable};
use super::folder::Folder;
use super::parse::{Parsed, decode, not_utf8, parse};

/// `case.toml` as it was found.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    /// Where it really lies, behind any symbolic links.
    pub(super) target: PathBuf,
    /// Its bytes, to be compared with what comes out of the exchange.
    pub(super) bytes: Vec<u8>,
    /// Its text, normalised.
    pub(super) text: String,
    /// Its mode.
    pub(super) mode: u32,
    /// Its identity.
    pub(super) stamp: Stamp,
    pub(super) parsed: Parsed,
}

/// What tells one version of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) inode: u64,
    pub(super) mtime: i128,
    pub(super) length: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        let mtime = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
        Self { inode: metadata.ino(), mtime, length: metadata.len() }
    }
}

/// An editor that writes in place empties the file first: how often and how long its text is waited for.
const LOOKS: usize = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// Reads the case file of a folder. If it looks as if somebody is writing it right now, it is read again.
pub(super) fn read_case(folder: &Folder) -> Result<Disk, Unreadable> {
    let path = folder.case_file();
    let mut stamp = stamp_of(&path);
    let mut found = read(&path);
    for _ in 0..LOOKS {
        let is_damaged = found.as_ref().is_err_and(|why| why.is_damage() && *why != Unreadable::Missing);
        if !is_damaged {
            break;
        }
        thread::sleep(PAUSE);
        let now = stamp_of(&path);
        if now == stamp && !matches!(found, Err(Unreadable::Empty)) {
            break;
        }
        (stamp, found) = (now, read(&path));
    }
    found
}

/// Reads any file that should be a case.
pub(super) fn read(path: &Path) -> Result<Disk, Unreadable> {
    let target = resolve(path)?;
    let (bytes, metadata) = read_capped(&target, MAX_BYTES)?;
    let text = decode(&bytes)?;
    let parsed = parse(&text)?;
    Ok(Disk { target, bytes, text, mode: metadata.mode() & 0o7777, stamp: Stamp::of(&metadata), parsed })
}

/// Follows symbolic links, so that the file behind them is what is written.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, Unreadable> {
    match fs::canonicalize(path) {
        Ok(target) => Ok(target),
        Err(_) if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) => Err(Unreadable::Dangling),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Unreadable::Missing),
        Err(error) => Err(Unreadable::Io(error.kind_text())),
    }
}

/// The bytes of a plain file of limited size. A pipe or a device is refused before it is opened, and once more after,
/// for it could have been put there in between.
///
/// # Errors
/// [`Unreadable`].
pub fn read_capped(path: &Path, limit: u64) -> Result<(Vec<u8>, fs::Metadata), Unreadable> {
    let io = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Io(error.kind_text()),
    };
    check(&fs::metadata(path).map_err(io)?, limit)?;
    let file = open_quietly(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    check(&metadata, limit)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > limit { Err(Unreadable::TooLarge(limit)) } else { Ok((bytes, metadata)) }
}

/// The same as text. A symbolic link that leads nowhere is told as that, and what is no UTF-8 with its place.
///
/// # Errors
/// [`Unreadable`].
pub fn read_text(path: &Path, limit: u64) -> Result<String, Unreadable> {
    let (bytes, _) = read_capped(&resolve(path)?, limit)?;
    String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error()))
}

fn open_quietly(path: &Path) -> io::Result<File> {
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or_default();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn check(metadata: &fs::Metadata, limit: u64) -> Result<(), Unreadable> {
    if !metadata.is_file() {
        return Err(Unreadable::NotAFile(kind_word(metadata.file_type())));
    }
    if metadata.len() > limit { Err(Unreadable::TooLarge(limit)) } else { Ok(()) }
}

fn kind_word(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// What stands in the way of writing a case, if anything.
pub(super) fn write_obstacle(folder: &Folder, target: &Path) -> Option<String> {
    let beside = target.parent().unwrap_or(&folder.path);
    folder_obstacle(folder)
        .or_else(|| obstacle(beside, "the folder behind the link"))
        .or_else(|| obstacle(target, "case.toml"))
}

/// What stands in the way of writing into the folder of a case.
pub(super) fn folder_obstacle(folder: &Folder) -> Option<String> {
    obstacle(&folder.path, "the folder of the case")
}

/// Modes are asked first: they count for root as well.
fn obstacle(path: &Path, what: &str) -> Option<String> {
    let mode = fs::metadata(path).map_or(0o200, |found| found.mode());
    if mode & 0o200 == 0 {
        return Some(format!("{what} is set to read-only (mode {:03o})", mode & 0o777));
    }
    match access(path, Need::WRITE_OK) {
        Err(rustix::io::Errno::ROFS) => Some("the disk is read-only".to_owned()),
        Err(rustix::io::Errno::ACCESS | rustix::io::Errno::PERM) => Some(format!("{what} is not yours to write")),
        _ => None,
    }
}

/// The identity of a file, without opening it.
pub(super) fn stamp_of(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata))
}
