//! What can go wrong, in the words of the person whom it happens to. Nothing here holds text of a case.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

use super::load::Loaded;
use super::notice::Reason;
use super::presence::Holder;
use crate::case::Refusal;

/// Why a file can't be read as a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not there.
    #[error("the file is not there")]
    Missing,
    /// A symbolic link that leads nowhere.
    #[error("it is a symbolic link that leads nowhere")]
    Dangling,
    /// A folder, a pipe, a device.
    #[error("it is {0}, not a file")]
    NotAFile(&'static str),
    /// Larger than what is read, which is so many bytes.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Only NUL bytes, as after a crash of the machine.
    #[error("the file holds nothing but NUL bytes")]
    Zeros,
    /// Another encoding.
    #[error("{line}:{column}: this byte is no UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// A merge was not finished.
    #[error("{line}:1: a merge was not finished here: there are merge markers (<<<<<<<)")]
    MergeMarkers {
        /// Line, from 1.
        line: usize,
    },
    /// No TOML.
    #[error("{line}:{column}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// TOML, but no case.
    #[error("{}{message}", place(*.at))]
    Shape {
        /// Line and column, from 1, where they can be told.
        at: Option<(usize, usize)>,
        /// What is wrong.
        message: String,
    },
    /// The system would not let it be read.
    #[error("it can't be read: {0}")]
    Io(String),
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if bytes.is_multiple_of(MIB) { format!("{} MiB", bytes / MIB) } else { format!("{} KiB", bytes / 1024) }
}

fn place(at: Option<(usize, usize)>) -> String {
    at.map(|(line, column)| format!("{line}:{column}: ")).unwrap_or_default()
}

impl Unreadable {
    /// Is the content damaged, so that a backup should be shown in its place?
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Missing
                | Self::Empty
                | Self::Zeros
                | Self::NotUtf8 { .. }
                | Self::MergeMarkers { .. }
                | Self::Syntax { .. }
                | Self::Shape { .. }
        )
    }
}

/// Why a save did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveFailure {
    /// No space left, or the quota is used up.
    #[error("the disk is full; make room, then save again")]
    DiskFull,
    /// The limit of the process on the size of files.
    #[error("a limit on the size of files was reached (see `ulimit -f`); raise it, then save again")]
    FileLimit,
    /// The file system is read-only.
    #[error("the disk is read-only; make it writable, then save again")]
    ReadOnlyDisk,
    /// The modes don't allow it.
    #[error("there is no permission to write: {0}; make it writable, then save again")]
    NoPermission(String),
    /// The disk reports an error.
    #[error("the disk reports an error ({0}); look after the disk, then save again")]
    DiskError(String),
    /// The folder of the case is gone.
    #[error("the folder of the case is gone")]
    FolderGone,
    /// `case.toml` was deleted while the case was open.
    #[error("the stored case was deleted meanwhile; your version is in {}", shown(.kept.as_ref()))]
    Deleted {
        /// Where the version that was to be saved lies now.
        kept: Option<PathBuf>,
    },
    /// `case.toml` was damaged while the case was open.
    #[error("the stored case was damaged meanwhile ({why}); your version is in {}", shown(.kept.as_ref()))]
    Damaged {
        /// What is wrong with it.
        why: Unreadable,
        /// Where the version that was to be saved lies now.
        kept: Option<PathBuf>,
    },
    /// The case may only be read.
    #[error("the case is read-only: {reason}{}", also_kept(.kept.as_ref()))]
    ReadOnly {
        /// Why.
        reason: Box<Reason>,
        /// Where the version that was to be saved lies now, if it is not only in memory.
        kept: Option<PathBuf>,
    },
    /// The playbook that the case refers to is not in its folder.
    #[error("the text of the new process is not in the folder of the case; add it first")]
    NoPlaybook,
    /// The case has grown past [`super::MAX_BYTES`].
    #[error("the case would be larger than {} MiB; take out long notes or texts", super::MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// What was to be written does not read back as the same case: a fault of this program.
    #[error("what was to be written would not read back as the same case; please report this")]
    NotTheSame,
    /// What is to be saved is not the case that was loaded.
    #[error("this is another case")]
    OtherCase,
    /// Anything else the system says.
    #[error("{0}; save again")]
    Other(String),
}

fn shown(path: Option<&PathBuf>) -> String {
    path.map_or_else(|| "memory only".to_owned(), |path| path.display().to_string())
}

fn also_kept(path: Option<&PathBuf>) -> String {
    path.map(|path| format!("; your version is in {}", path.display())).unwrap_or_default()
}

impl SaveFailure {
    /// What an error of the system means for a save.
    pub(super) fn from_io(error: &io::Error) -> Self {
        use io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::FileTooLarge => Self::FileLimit,
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyDisk,
            ErrorKind::PermissionDenied => Self::NoPermission("the system says no".to_owned()),
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::FolderGone,
            _ if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
                Self::DiskError(error.kind_text())
            }
            _ => Self::Other(error.kind_text()),
        }
    }
}

/// Text for an error of the system.
pub(super) trait KindText {
    fn kind_text(&self) -> String;
}

impl KindText for io::Error {
    fn kind_text(&self) -> String {
        // With a number the text is the system's own; without, only the kind is sure to hold nothing else.
        if self.raw_os_error().is_some() { self.to_string() } else { self.kind().to_string() }
    }
}

/// What is wrong with a hand-over bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// It can't be read at all.
    #[error("{0}")]
    Unreadable(Unreadable),
    /// It was written by a newer program.
    #[error("it was written by a newer fixlead (schema {0}); update this one")]
    Newer(i64),
    /// Its codename is no codename.
    #[error("the codename in it is not one that can be used for a folder, or not that of the case in it")]
    BadId,
    /// The case in it can't be read.
    #[error("the case in it can't be read: {0}")]
    Case(Unreadable),
    /// A playbook in it is not the one it says.
    #[error("a process in it does not have the fingerprint that it should have: it was changed on the way")]
    Fingerprint,
    /// It brings more processes than any case ever follows.
    #[error("it brings {0} processes, and a case has at most {max}", max = super::bundle::MAX_PLAYBOOKS)]
    TooManyPlaybooks(usize),
    /// A playbook in it is faulty, or the one of the case is missing.
    #[error("the process of the case is missing in it, or faulty")]
    Playbook,
    /// The case was not handed over.
    #[error("the case was not handed over: do that first")]
    NotHandedOver,
}

/// What can go wrong with the case folder. Each text says what happened, what was kept, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such case.
    #[error("there is no case {id}; nothing was changed; `fixlead case list` names all cases")]
    NotFound {
        /// What was asked for.
        id: String,
    },
    /// There is such a case already.
    #[error("there is a case {id} already; it was left as it is; take another codename")]
    Exists {
        /// The codename.
        id: String,
    },
    /// The case can't be read, and no backup can be shown.
    #[error(
        "{id} can't be opened: {why}; nothing was changed; `fixlead case restore {id}` puts an older version in place, with --from FILE a copy"
    )]
    Unreadable {
        /// The case.
        id: String,
        /// Why.
        why: Unreadable,
    },
    /// The process of the case can't be found or read.
    #[error("the process of {id} can't be opened: {why}; nothing was changed; put its playbook.toml back")]
    Playbook {
        /// The case.
        id: String,
        /// Why.
        why: String,
    },
    /// A save did not happen. The old file is as it was.
    #[error("{id} is not saved; nothing was changed: {why}")]
    NotSaved {
        /// The case.
        id: String,
        /// Why.
        why: SaveFailure,
    },
    /// The new file is in place, but the folder could not be made durable. Not to be told as saved.
    #[error("{id} is saved, but may not survive a power loss ({why}); save again")]
    MaybeSaved {
        /// The case.
        id: String,
        /// Why.
        why: SaveFailure,
        /// What lies on the disk now: the next save starts from it.
        stored: Box<Loaded>,
    },
    /// Somebody else is writing the case for longer than one waits.
    #[error("{id} is being written by another program; nothing was changed; try again in a moment")]
    Held {
        /// The case.
        id: String,
    },
    /// A screen has the case open.
    #[error("{id} is open in another screen ({holder}); nothing was changed; close it there, or read along here")]
    HeldBy {
        /// The case.
        id: String,
        /// Who.
        holder: Holder,
    },
    /// There is no backup that could be put in place.
    #[error(
        "{id} has no older version that can be read; nothing was changed; \
         `fixlead case restore {id} --from FILE` puts a copy from elsewhere in place"
    )]
    NoBackup {
        /// The case.
        id: String,
    },
    /// There is no older version of this instant.
    #[error(
        "{id} has no version of {at} that can be read; nothing was changed; `fixlead case versions {id}` lists them"
    )]
    NoVersion {
        /// The case.
        id: String,
        /// The instant.
        at: Timestamp,
    },
    /// A copy from elsewhere can't be read as a case.
    #[error("the copy can't be taken: {why}; nothing was changed; name another one")]
    BadCopy {
        /// Why.
        why: Unreadable,
    },
    /// The case can be read: there is nothing to restore.
    #[error("{id} is in order; nothing was changed; `fixlead case versions {id}` lists what one can go back to")]
    NothingToRestore {
        /// The case.
        id: String,
    },
    /// What is in place may not be replaced, or decided about, here.
    #[error("{id} stays as it is: {why}; nothing was changed")]
    Stays {
        /// The case.
        id: String,
        /// Why, as a clause without a full stop.
        why: String,
    },
    /// A hand-over bundle can't be made or taken in.
    #[error("the hand-over can't go on: {0}; nothing was changed")]
    Bundle(BundleFault),
    /// The case is handed over, but its bundle could not be written.
    #[error(
        "{id} is handed over, but the bundle is not written: {why}; `fixlead case hand-over {id} --to` the same name writes it once the folder is writable"
    )]
    NoBundle {
        /// The case.
        id: String,
        /// What the system says.
        why: String,
    },
    /// The data folder can't be used.
    #[error("{what} {}: {error}; nothing was changed", path.display())]
    Io {
        /// What was attempted.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
}

impl StoreError {
    pub(super) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::Io { what, path, error }
    }

    pub(super) fn not_saved(id: &str) -> impl Fn(io::Error) -> Self + use<> {
        let id = id.to_owned();
        move |error| Self::NotSaved { id: id.clone(), why: SaveFailure::from_io(&error) }
    }
}

/// Why an edit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The case says no. Nothing on the disk was touched.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The folder says no.
    #[error(transparent)]
    Store(#[from] StoreError),
}
