//! What a person should know about a case that was opened or saved all the same.

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;

use super::error::Unreadable;

/// Whether the case may be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Write,
    /// It may only be read.
    ReadOnly(Reason),
}

/// Why a case may only be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Written by a newer program.
    #[error("it was written by a newer fixlead (schema {0}); update this one to change it")]
    NewerSchema(i64),
    /// `case.toml` is damaged; this is a backup.
    #[error("case.toml is damaged ({why}); this is the backup of {of}; `fixlead case restore {id}` puts it in place")]
    Backup {
        /// The case.
        id: String,
        /// When the backup was put away.
        of: Timestamp,
        /// What is wrong with the file itself.
        why: Unreadable,
    },
    /// An older version that somebody looks at.
    #[error("it is the version of {of}")]
    Older {
        /// When it was put away.
        of: Timestamp,
    },
    /// Modes or the disk don't let it be written.
    #[error("{0}")]
    NotWritable(String),
    /// This copy was handed over.
    #[error("it was handed over to {to}")]
    HandedOver {
        /// To whom.
        to: String,
    },
}

/// Something to tell beside the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// `case.toml` is damaged; a backup is shown.
    Damaged {
        /// The case.
        id: String,
        /// What is wrong with it.
        why: Unreadable,
        /// When the backup was put away.
        of: Timestamp,
    },
    /// The text of the process was edited by hand since the case was started.
    PlaybookEdited,
    /// The text beside the case can't be read; the built-in one with the right fingerprint is used.
    PlaybookReplaced,
    /// The codename in the file is not that of the folder.
    OtherId,
    /// The file is getting large.
    Large {
        /// Its size in bytes.
        bytes: u64,
    },
    /// Somebody changed the same things. Theirs is in the file.
    Conflict {
        /// What was changed on both sides, as addresses.
        addresses: Vec<String>,
        /// The full text as it would have been here.
        kept: PathBuf,
    },
    /// An edit came in during the save and could not be merged: it lies beside the case.
    KeptAside {
        /// Where.
        kept: PathBuf,
    },
    /// A copy of what was changed here or elsewhere can't be read any more: nothing can be asked about it.
    LostQuestion {
        /// Where it lies.
        kept: PathBuf,
    },
    /// The save is good, but the version before it could not be kept as a backup.
    NoBackup,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { id, why, of } => write!(
                f,
                "case.toml can't be read ({why}){}; this is the backup of {of}, read-only; \
                 `fixlead case restore {id}` puts it in place",
                if *why == Unreadable::Missing { "" } else { "; it is kept" }
            ),
            Self::PlaybookEdited => {
                f.write_str("the text of the process was edited by hand since the case was started")
            }
            Self::PlaybookReplaced => f.write_str(
                "the text of the process beside the case can't be read; the built-in one that the case names is used",
            ),
            Self::OtherId => f.write_str("the codename in case.toml is not that of its folder; was it copied?"),
            Self::Large { bytes } => {
                let mib = bytes / 1024 / 1024;
                let most = super::MAX_BYTES / 1024 / 1024;
                write!(f, "the case file has {mib} MiB; more than {most} MiB can't be opened: take out long notes")
            }
            Self::Conflict { addresses, kept } => write!(
                f,
                "changed here and elsewhere: {}; theirs stays, yours is in {}; `fixlead case resolve` decides",
                addresses.join(", "),
                kept.display()
            ),
            Self::KeptAside { kept } => {
                write!(f, "somebody wrote the file at the same moment; what they wrote is in {}", kept.display())
            }
            Self::LostQuestion { kept } => write!(
                f,
                "what was kept beside the case can't be read any more, so that nothing can be asked about it; it lies in {}",
                kept.display()
            ),
            Self::NoBackup => f.write_str("saved, but the version before could not be kept as a backup"),
        }
    }
}
