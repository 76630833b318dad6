//! A new case.

use std::fs;
use std::io;
use std::path::PathBuf;

use toml::Table;

use super::atomic::{rename_new, stray_folders};
use super::document;
use super::error::{SaveFailure, StoreError};
use super::folder::{Store, is_id, make_folder, make_folders};
use super::playbooks::sha256;
use crate::case::Case;
use crate::case::address::flatten;
use crate::case::record::Record;

/// A folder in the making, removed unless it became a case.
struct Nursery(PathBuf);

impl Drop for Nursery {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Store {
    /// Puts a new case into the data folder: the text of its process, then the case. The folder appears with both or
    /// not at all.
    ///
    /// # Errors
    /// If there is such a case, if the text is not that of the case's process, or if it can't be written.
    pub fn create(&self, case: &Case, playbook_text: &str) -> Result<(), StoreError> {
        let record = case.record();
        if sha256(playbook_text) != record.playbook.sha256 {
            return Err(StoreError::NotSaved { id: record.id.clone(), why: SaveFailure::NoPlaybook });
        }
        let text = fresh_text(record)?;
        self.create_from(&record.id, &[("playbook.toml".to_owned(), playbook_text.to_owned())], &text)
    }

    /// The same from texts.
    pub(super) fn create_from(
        &self,
        id: &str,
        playbooks: &[(String, String)],
        case_text: &str,
    ) -> Result<(), StoreError> {
        if !is_id(id) {
            return Err(StoreError::NotFound { id: id.to_owned() });
        }
        make_folders(&self.cases()).map_err(StoreError::not_saved(id))?;
        let target = self.place(id).path;
        if fs::symlink_metadata(&target).is_ok() {
            return Err(StoreError::Exists { id: id.to_owned() });
        }
        for stray in stray_folders(&self.cases(), (self.clock)()) {
            // One that can't be removed is tried again the next time.
            let _ = fs::remove_dir_all(&stray.path);
        }
        let nursery = Nursery(self.cases().join(format!(".new-{:016x}", fastrand::u64(..))));
        let make = || -> io::Result<()> {
            make_folder(&nursery.0)?;
            for (name, text) in playbooks {
                self.place_file(&nursery.0, name, text.as_bytes(), 0o600)?;
            }
            self.place_file(&nursery.0, "case.toml", case_text.as_bytes(), 0o600)?;
            rename_new(&nursery.0, &target)
        };
        make().map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => StoreError::Exists { id: id.to_owned() },
            _ => StoreError::not_saved(id)(error),
        })?;
        self.sync_folder(&self.cases()).or_else(|error| Err(self.maybe_saved(id, &error)?))
    }
}

/// The first text of a case.
pub(super) fn fresh_text(record: &Record) -> Result<String, StoreError> {
    let failed = || StoreError::NotSaved { id: record.id.clone(), why: SaveFailure::NotTheSame };
    let flat = flatten(record).map_err(|_| failed())?;
    let text = document::edited("", &Table::new(), &flat).ok_or_else(failed)?;
    super::save::check_text(&text, &flat).map_err(|why| StoreError::NotSaved { id: record.id.clone(), why })?;
    Ok(text)
}
