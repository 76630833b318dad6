//! Home: one line a case, from a small cache beside each case file.

use std::fs;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::{Stamp, read_capped};
use super::error::StoreError;
use super::folder::{Folder, Store};
use super::notice::{Access, Reason};
use crate::case::{Case, Summary, Trouble};

/// The layout of the cache.
const SCHEMA: u32 = 2;
/// A cache is small: more than this is none of ours.
const CACHE_BYTES: u64 = 256 * 1024;
pub(super) const NAME: &str = "summary.json";

/// One case of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Codename.
    pub id: String,
    /// What home shows, or why the case can't be read.
    pub result: Result<Summary, String>,
    /// What stands in its way: it is damaged, or something was changed on both sides.
    pub trouble: Option<Trouble>,
}

/// Why there is no summary.
struct Obstacle {
    why: String,
    trouble: Option<Trouble>,
}

impl Obstacle {
    /// Where there is a way out, the words are those that lead to it.
    fn of(trouble: Option<Trouble>, otherwise: String) -> Self {
        Self { why: trouble.as_ref().map_or(otherwise, ToString::to_string), trouble }
    }
}

#[derive(Serialize, Deserialize)]
struct Cache {
    schema: u32,
    program: String,
    inode: u64,
    mtime_ns: String,
    length: u64,
    /// What was worked out for a later moment says nothing of an earlier one.
    from: Timestamp,
    summary: Summary,
}

impl Cache {
    fn is_fresh(&self, stamp: Stamp, now: Timestamp) -> bool {
        self.schema == SCHEMA
            && self.program == env!("CARGO_PKG_VERSION")
            && (self.inode, self.length) == (stamp.inode, stamp.length)
            && self.mtime_ns == stamp.mtime.to_string()
            && self.from <= now
            && self.summary.valid_until.is_none_or(|until| now < until)
    }
}

impl Store {
    /// One line for each case. Fresh caches are read; for the others the case is loaded and its cache written anew.
    ///
    /// # Errors
    /// If the folder of the cases can't be read. A case that can't be read is in the list, with the reason.
    pub fn summaries(&self, now: Timestamp, summarize: &dyn Fn(&Case) -> Summary) -> Result<Vec<Listed>, StoreError> {
        let list = |id: String| {
            let folder = self.place(&id);
            match self.summary(&folder, now, summarize) {
                Ok(summary) => Listed { id, result: Ok(summary), trouble: self.open_questions(&folder) },
                Err(obstacle) => Listed { id, result: Err(obstacle.why), trouble: obstacle.trouble },
            }
        };
        Ok(self.ids()?.into_iter().map(list).collect())
    }

    fn summary(
        &self,
        folder: &Folder,
        now: Timestamp,
        summarize: &dyn Fn(&Case) -> Summary,
    ) -> Result<Summary, Box<Obstacle>> {
        // The stamp is taken before the case is read: a change in between makes the cache stale, never wrong.
        let stamp = fs::metadata(folder.case_file()).ok().filter(fs::Metadata::is_file).map(|found| Stamp::of(&found));
        if let Some(stamp) = stamp
            && let Some(cache) = read_cache(folder).filter(|cache| cache.is_fresh(stamp, now))
        {
            return Ok(cache.summary);
        }
        let loaded = self
            .load(&folder.id)
            .map_err(|error| Box::new(Obstacle::of(self.trouble_of(&folder.id, &error), error.to_string())))?;
        if let Access::ReadOnly(reason @ Reason::Backup { .. }) = &loaded.access {
            let trouble = self.trouble(&loaded).map(Trouble::not_shown);
            return Err(Box::new(Obstacle::of(trouble, reason.to_string())));
        }
        let summary = summarize(&loaded.case);
        if let Some(stamp) = stamp {
            write_cache(folder, stamp, now, &summary);
        }
        Ok(summary)
    }
}

fn read_cache(folder: &Folder) -> Option<Cache> {
    let (bytes, _) = read_capped(&folder.file(NAME), CACHE_BYTES).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A cache that can't be written is no loss: it is only worked out again.
fn write_cache(folder: &Folder, stamp: Stamp, now: Timestamp, summary: &Summary) {
    let cache = Cache {
        schema: SCHEMA,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        inode: stamp.inode,
        mtime_ns: stamp.mtime.to_string(),
        length: stamp.length,
        from: now,
        summary: summary.clone(),
    };
    let is_writable = fs::metadata(&folder.path).is_ok_and(|found| found.mode() & 0o200 != 0);
    if let Ok(bytes) = serde_json::to_vec(&cache)
        && is_writable
    {
        let temp = folder.file(&format!(".{NAME}.{:016x}.tmp", fastrand::u64(..)));
        if replace(&temp, &folder.file(NAME), &bytes).is_err() {
            let _ = fs::remove_file(&temp);
        }
    }
}

fn replace(temp: &Path, target: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(temp)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(bytes)?;
    fs::rename(temp, target)
}
