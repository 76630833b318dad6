//! How bytes get into a file so that there is always the old or the new one, whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::folder::{Folder, Store, make_folders, names_in};
use super::seeded::{self, Bug};

/// The steps of a write at which a test can let the disk fail, or let somebody else write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Wait,
    Read,
    Create,
    Write,
    SyncFile,
    Exchange,
    Rename,
    SyncFolder,
}

/// What a test does before a step. Outside of tests there is none.
pub(super) type Hook = Arc<dyn Fn(Step) -> io::Result<()> + Send + Sync>;

/// A stray temporary file is somebody's who is still writing until it is this old.
const STRAY_AFTER: Duration = Duration::from_secs(60);

/// A file beside its target, removed unless it took the target's place.
#[derive(Debug)]
pub(super) struct Temp {
    path: PathBuf,
    armed: bool,
}

impl Temp {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path is somebody else's business from here on.
    pub(super) fn release(mut self) -> PathBuf {
        self.armed = false;
        std::mem::take(&mut self.path)
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        if self.armed {
            // It is only a leftover: the next save clears it away if this fails.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A name for a temporary file that nobody else uses.
fn temp_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.{:016x}.tmp", fastrand::u64(..)))
}

impl Store {
    /// Writes a new file beside `name`, for the owner only until it is whole.
    pub(super) fn write_temp(&self, folder: &Path, name: &str, bytes: &[u8], mode: u32) -> io::Result<Temp> {
        self.before(Step::Create)?;
        let path = temp_path(folder, name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let temp = Temp { path, armed: true };
        self.before(Step::Write)?;
        file.write_all(bytes)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        self.before(Step::SyncFile)?;
        if !seeded::has(Bug::NoFileSync) {
            file.sync_all()?;
        }
        Ok(temp)
    }

    /// Puts the new file in the place of the old one. Where it returns lies what came out.
    pub(super) fn exchange(&self, temp: Temp, target: &Path) -> io::Result<PathBuf> {
        if seeded::has(Bug::RenameFirst) {
            return exchange_before_writing(temp, target);
        }
        if seeded::has(Bug::CheckThenRename) {
            return self.link_and_rename(temp, target);
        }
        match self.before(Step::Exchange).and_then(|()| swap(temp.path(), target)) {
            Ok(()) => Ok(temp.release()),
            Err(error) if is_unsupported(&error) => self.link_and_rename(temp, target),
            Err(error) => Err(error),
        }
    }

    /// The same where files can't be exchanged: the old one gets a second name first.
    fn link_and_rename(&self, temp: Temp, target: &Path) -> io::Result<PathBuf> {
        let folder = target.parent().unwrap_or(Path::new("."));
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let old = Temp { path: temp_path(folder, &name), armed: true };
        if fs::hard_link(target, old.path()).is_err() {
            fs::copy(target, old.path())?;
        }
        self.before(Step::Rename)?;
        fs::rename(temp.path(), target)?;
        temp.release();
        Ok(old.release())
    }

    /// Puts a file where none is.
    pub(super) fn place_new(&self, temp: Temp, target: &Path) -> io::Result<()> {
        self.before(Step::Rename)?;
        match rename_without_replacing(temp.path(), target) {
            Err(error) if is_unsupported(&error) => {
                fs::hard_link(temp.path(), target)?;
                drop(temp);
                Ok(())
            }
            Err(error) => Err(error),
            Ok(()) => {
                temp.release();
                Ok(())
            }
        }
    }

    /// Writes a whole file durably, in the place of whatever had its name.
    pub(super) fn place_file(&self, folder: &Path, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        let temp = self.write_temp(folder, name, bytes, mode)?;
        self.before(Step::Rename)?;
        fs::rename(temp.path(), folder.join(name))?;
        temp.release();
        self.sync_folder(folder)
    }

    /// Makes durable what lies in place already.
    pub(super) fn sync_in_place(&self, folder: &Folder, target: &Path) -> io::Result<()> {
        self.before(Step::SyncFile)?;
        File::open(target)?.sync_all()?;
        self.sync_folder(target.parent().unwrap_or(&folder.path))
    }

    /// Makes the names in a folder durable.
    pub(super) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.before(Step::SyncFolder)?;
        if seeded::has(Bug::NoFolderSync) {
            return Ok(());
        }
        File::open(folder)?.sync_all()
    }
}

/// [`Bug::RenameFirst`]: the place is taken by an empty file, which is written then.
fn exchange_before_writing(temp: Temp, target: &Path) -> io::Result<PathBuf> {
    let bytes = fs::read(temp.path())?;
    fs::write(temp.path(), b"")?;
    swap(temp.path(), target)?;
    fs::write(target, bytes)?;
    File::open(target)?.sync_all()?;
    Ok(temp.release())
}

/// Writes a file of settings whole, in the place of the old one: behind a symbolic link, with the mode that it has. A new
/// one is for the owner only.
///
/// # Errors
/// What the system says; the old file is as it was then, or the new one is in place.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => path.to_owned(),
        found => found?,
    };
    let mode = match fs::metadata(&target) {
        Ok(found) if found.mode() & 0o200 == 0 => return Err(io::ErrorKind::PermissionDenied.into()),
        Ok(found) => found.mode() & 0o7777,
        Err(_) => 0o600,
    };
    let folder = target.parent().unwrap_or(Path::new("."));
    make_folders(folder)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    Store::bare(folder).place_file(folder, &name, bytes, mode)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Gives a file or a folder another name that nobody has. Where the system can't promise that, the name is looked at first.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match rename_without_replacing(from, to) {
        Err(error) if is_unsupported(&error) && fs::symlink_metadata(to).is_err() => fs::rename(from, to),
        Err(error) if is_unsupported(&error) => Err(io::ErrorKind::AlreadyExists.into()),
        renamed => renamed,
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_without_replacing(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_without_replacing(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Does the file system not know this way to rename?
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let codes = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP].map(|errno| Some(errno.raw_os_error()));
    error.kind() == io::ErrorKind::Unsupported || codes.contains(&error.raw_os_error())
}

/// A file or folder that somebody was making, and that nobody is making any more.
#[derive(Debug)]
pub(super) struct Stray {
    pub(super) path: PathBuf,
    /// Its name up to the random part.
    pub(super) stem: String,
    /// When it was left.
    pub(super) changed: Timestamp,
}

/// Temporary files in the folder of a case whose writer must have been killed.
pub(super) fn stray_files(folder: &Path, now: SystemTime) -> Vec<Stray> {
    strays(folder, now, fs::Metadata::is_file, |name| {
        let (stem, _random) = name.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
        let ours = stem == "case.toml"
            || stem == "summary.json"
            || stem == "looked.json"
            || stem.starts_with("case.toml.conflict");
        (ours || stem.starts_with("playbook")).then(|| stem.to_owned())
    })
}

/// Folders in which cases were made by somebody who must have been killed.
pub(super) fn stray_folders(cases: &Path, now: SystemTime) -> Vec<Stray> {
    strays(cases, now, fs::Metadata::is_dir, |name| name.starts_with(".new-").then(|| name.to_owned()))
}

fn strays(
    folder: &Path,
    now: SystemTime,
    is_kind: impl Fn(&fs::Metadata) -> bool,
    stem: impl Fn(&str) -> Option<String>,
) -> Vec<Stray> {
    let stray = |name: OsString| {
        let stem = stem(name.to_str()?)?;
        let path = folder.join(name);
        let found = fs::symlink_metadata(&path).ok()?;
        let changed = changed(&found);
        (is_kind(&found) && is_old(changed, now)).then_some(Stray { path, stem, changed })
    };
    names_in(folder).into_iter().flatten().filter_map(stray).collect()
}

/// The change of the inode counts: an exchanged file keeps the time at which it was written.
fn changed(metadata: &fs::Metadata) -> Timestamp {
    let (second, nanosecond) = (metadata.ctime(), metadata.ctime_nsec()).max((metadata.mtime(), metadata.mtime_nsec()));
    Timestamp::new(second, i32::try_from(nanosecond).unwrap_or_default()).unwrap_or_default()
}

fn is_old(changed: Timestamp, now: SystemTime) -> bool {
    let since = now.duration_since(changed.into()).unwrap_or_default();
    since > STRAY_AFTER
}
