//! What was last found in the repositories of a case: `looked.json` beside the case file. It can be found again at any
//! time, so that a file that is damaged, foreign or of a newer program counts as no look at all.

use std::fs;

use serde::{Deserialize, Serialize};

use super::disk::{Stamp, read_capped, stamp_of};
use super::error::{SaveFailure, StoreError};
use super::folder::Store;
use super::summary;
use crate::divergence::Look;

/// The layout of the file.
const SCHEMA: u32 = 1;
/// A thousand branches with their fixes are far less.
const MAX_LOOK_BYTES: u64 = 32 * 1024 * 1024;
const NAME: &str = "looked.json";

/// The last looks at the repositories of a case.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// One for each component; empty where nobody has looked.
    pub looks: Vec<Look>,
    stamp: Option<Stamp>,
}

#[derive(Serialize, Deserialize)]
struct File<L> {
    schema: u32,
    looks: L,
}

impl Store {
    /// The last looks at the repositories of a case.
    #[must_use]
    pub fn looked(&self, id: &str) -> Looked {
        let Ok(folder) = self.folder(id) else { return Looked::default() };
        let path = folder.file(NAME);
        let stamp = stamp_of(&path);
        let bytes = read_capped(&path, MAX_LOOK_BYTES).ok().map(|(bytes, _)| bytes);
        let file = bytes.and_then(|bytes| serde_json::from_slice::<File<Vec<Look>>>(&bytes).ok());
        let looks = file.filter(|file| file.schema == SCHEMA).map(|file| file.looks).unwrap_or_default();
        Looked { looks, stamp }
    }

    /// Has nobody looked since? Cheap: the file is not opened.
    #[must_use]
    pub fn is_last_look(&self, id: &str, known: &Looked) -> bool {
        self.folder(id).is_ok_and(|folder| stamp_of(&folder.file(NAME)) == known.stamp)
    }

    /// Keeps what was found. Nothing of it is in the case, and nothing of it is handed over.
    ///
    /// # Errors
    /// If there is no such case, or the file can't be written.
    pub fn keep_looks(&self, id: &str, looks: &[Look]) -> Result<(), StoreError> {
        let folder = self.folder(id)?;
        let failed = StoreError::not_saved(id);
        let bytes = serde_json::to_vec(&File { schema: SCHEMA, looks })
            .map_err(|_| StoreError::NotSaved { id: id.to_owned(), why: SaveFailure::NotTheSame })?;
        self.place_file(&folder.path, NAME, &bytes, 0o600).map_err(failed)?;
        // What home shows was worked out without them.
        let _ = fs::remove_file(folder.file(summary::NAME));
        Ok(())
    }
}
