//! Who has a case open: a screen holds `case.open` locked as long as it shows the case.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::thread;
use std::time::Duration;

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::folder::{Folder, Store};
use super::lock::open;
use super::parse::parse_own;

/// The note is small: more than this is none of ours.
const NOTE_BYTES: u64 = 4096;
/// Between the lock and the note there is a moment.
const LOOKS: usize = 5;

/// Who has a case open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Number of the process; 0 if it could not be told.
    pub pid: u32,
    /// Name of the computer.
    pub host: String,
    /// Since when.
    pub since: Timestamp,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return f.write_str("it did not say which");
        }
        write!(f, "process {} on {}, since {}", self.pid, self.host, self.since)
    }
}

impl Holder {
    fn unknown() -> Self {
        Self { pid: 0, host: "unknown".to_owned(), since: Timestamp::UNIX_EPOCH }
    }

    fn me() -> Self {
        let since = Timestamp::now().round(Unit::Second).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { pid: std::process::id(), host: host(), since }
    }
}

/// A case is open here as long as this lives.
#[derive(Debug)]
pub struct Claim {
    file: File,
}

impl Drop for Claim {
    fn drop(&mut self) {
        // The lock goes with the file; an old note would only be untidy.
        let _ = self.file.set_len(0);
    }
}

impl Store {
    /// Notes that a screen has the case open. Verbs go on writing meanwhile.
    ///
    /// # Errors
    /// [`StoreError::HeldBy`] if another screen has it; it can be shown read-only then.
    pub fn claim(&self, id: &str) -> Result<Claim, StoreError> {
        let folder = self.folder(id)?;
        let path = folder.file("case.open");
        let failed = |error| StoreError::Io { what: "the case can't be claimed:", path: path.clone(), error };
        let mut file = open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&folder, &mut file)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // The lock is what counts. On a full disk others are told that the case is held, but not by whom.
        let _ = write_note(&mut file);
        Ok(Claim { file })
    }
}

fn held(folder: &Folder, file: &mut File) -> StoreError {
    let holder = (0..LOOKS).find_map(|look| {
        if look > 0 {
            thread::sleep(Duration::from_millis(10));
        }
        read_note(file)
    });
    StoreError::HeldBy { id: folder.id.clone(), holder: holder.unwrap_or_else(Holder::unknown) }
}

fn write_note(file: &mut File) -> io::Result<()> {
    let note = toml::to_string(&Holder::me()).unwrap_or_default();
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(note.as_bytes())
}

fn read_note(file: &mut File) -> Option<Holder> {
    let mut note = String::new();
    file.rewind().ok()?;
    file.take(NOTE_BYTES).read_to_string(&mut note).ok()?;
    parse_own(&note).ok()
}

/// The name of this computer, as far as it can be told without asking anybody.
fn host() -> String {
    let named = ["/proc/sys/kernel/hostname", "/etc/hostname"].iter().find_map(|path| fs::read_to_string(path).ok());
    let name = named.unwrap_or_default();
    let plain: String = name.trim().chars().filter(char::is_ascii_graphic).take(64).collect();
    if plain.is_empty() { "this computer".to_owned() } else { plain }
}
