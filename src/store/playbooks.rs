//! The text of the process that a case follows.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::disk::{read_capped, read_case};

use super::error::StoreError;
use super::folder::{Folder, Store, names_in};
use super::load::check_known;
use super::notice::Notice;
use crate::case::record::PlaybookRef;
use crate::playbook::{BUILTIN, Playbook};
use crate::source;

/// How much of the fingerprint goes into the name of a file.
const SHORT: usize = 12;

/// What was parsed already: the same text is the same process.
static PARSED: LazyLock<Mutex<HashMap<String, Arc<Playbook>>>> = LazyLock::new(Mutex::default);

/// The fingerprint of a playbook's text: SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(text: &str) -> String {
    crate::text::hex(&Sha256::digest(text.as_bytes()))
}

/// Parses a text, or takes it from what was parsed before. The error is the first fault with its place.
pub(super) fn parsed(text: &str, hash: &str) -> Result<Arc<Playbook>, String> {
    let known = |hash: &str| PARSED.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned();
    if let Some(playbook) = known(hash) {
        return Ok(playbook);
    }
    let first = |faults: Vec<source::Fault>| faults.first().map(ToString::to_string).unwrap_or_default();
    let playbook = Arc::new(Playbook::parse(text).map_err(first)?);
    PARSED.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.to_owned(), Arc::clone(&playbook));
    Ok(playbook)
}

/// The name under which a further playbook lies in the folder.
pub(super) fn file_name(hash: &str) -> String {
    format!("playbook-{}.toml", hash.get(..SHORT).unwrap_or(hash))
}

/// The built-in playbook with this fingerprint.
pub(super) fn builtin(hash: &str) -> Option<&'static str> {
    BUILTIN.iter().map(|(_, text)| *text).find(|text| sha256(text) == hash)
}

/// A text in the folder of a case.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) hash: String,
}

/// All texts of processes in the folder, `playbook.toml` first.
pub(super) fn candidates(folder: &Folder) -> Vec<Candidate> {
    let mut names: Vec<String> = names_in(&folder.path)
        .into_iter()
        .flatten()
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.strip_prefix("playbook-").and_then(|rest| rest.strip_suffix(".toml")).is_some())
        .collect();
    names.sort();
    names.insert(0, "playbook.toml".to_owned());
    names.into_iter().filter_map(|name| candidate(folder, name)).collect()
}

fn candidate(folder: &Folder, name: String) -> Option<Candidate> {
    let (bytes, _) = read_capped(&folder.file(&name), source::MAX_BYTES as u64).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let hash = sha256(&text);
    Some(Candidate { name, text, hash })
}

/// The process of a case: the text with its fingerprint, else the one that was edited by hand, else the built-in one.
pub(super) fn find(wanted: &PlaybookRef, found: &[Candidate]) -> Result<(Arc<Playbook>, Option<Notice>), String> {
    if let Some(exact) = found.iter().find(|candidate| candidate.hash == wanted.sha256) {
        return Ok((parsed(&exact.text, &exact.hash)?, None));
    }
    let named = file_name(&wanted.sha256);
    let same_name = found.iter().filter(|candidate| candidate.name == named);
    let first = found.iter().filter(|candidate| candidate.name == "playbook.toml");
    let mut fault = None;
    for edited in same_name.chain(first) {
        match parsed(&edited.text, &edited.hash) {
            Ok(playbook) if playbook.id == wanted.id => return Ok((playbook, Some(Notice::PlaybookEdited))),
            Ok(_) => {}
            Err(why) => fault = Some(format!("{}: {why}", edited.name)),
        }
    }
    match builtin(&wanted.sha256) {
        Some(text) => Ok((parsed(text, &wanted.sha256)?, fault.map(|_| Notice::PlaybookReplaced))),
        None => {
            Err(fault.unwrap_or_else(|| "its text is not in the folder, and is none of the built-in ones".to_owned()))
        }
    }
}

impl Store {
    /// The process that a record names.
    pub(super) fn playbook(
        folder: &Folder,
        wanted: &PlaybookRef,
    ) -> Result<(Arc<Playbook>, Option<Notice>), StoreError> {
        find(wanted, &candidates(folder)).map_err(|why| StoreError::Playbook { id: folder.id.clone(), why })
    }

    /// The text of the process that a case follows, as it lies beside the case.
    #[must_use]
    pub fn process_text(&self, id: &str, sha256: &str) -> Option<String> {
        let found = candidates(&self.place(id));
        found.into_iter().find(|candidate| candidate.hash == sha256).map(|candidate| candidate.text)
    }

    /// Puts the text of a further process into the folder, before the case refers to it. Doing it twice is doing it
    /// once.
    ///
    /// # Errors
    /// If there is no such case, or the text can't be written.
    pub fn add_playbook(&self, id: &str, text: &str) -> Result<(), StoreError> {
        let folder = self.folder(id)?;
        let hash = sha256(text);
        if candidates(&folder).iter().any(|candidate| candidate.hash == hash) {
            return Ok(());
        }
        read_case(&folder).map_or(Ok(()), |disk| check_known(&folder, &disk))?;
        let written = self.place_file(&folder.path, &file_name(&hash), text.as_bytes(), 0o600);
        written.map_err(StoreError::not_saved(id))
    }
}
