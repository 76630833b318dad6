//! The hand-over bundle: one text file that holds a case and its processes. What comes in is untrusted.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{read_capped, read_case};
use super::error::{BundleFault, KindText, SaveFailure, StoreError, Unreadable};
use super::folder::{Folder, Store, is_id, make_folder};
use super::lock::lock;
use super::parse::{self, Parsed};
use super::playbooks::{self, Candidate, sha256};
use super::{MAX_BYTES, backup, document, save};
use crate::case::address::flatten;

/// The layout of bundles that this program writes and reads.
const SCHEMA: i64 = 1;
/// What makes a file a bundle.
const KIND: &str = "fixlead hand-over";

/// How many texts of processes a bundle may bring: the one a case began with, and those it switched to.
pub(super) const MAX_PLAYBOOKS: usize = 50;

#[derive(Serialize, Deserialize)]
struct Bundle {
    schema: i64,
    kind: String,
    id: String,
    case: String,
    #[serde(default)]
    playbook: Vec<Text>,
}

#[derive(Serialize, Deserialize)]
struct Text {
    sha256: String,
    text: String,
}

/// A bundle whose parts were all checked.
struct Checked {
    id: String,
    /// The case, marked as received.
    case: String,
    /// File names and texts.
    playbooks: Vec<(String, String)>,
}

impl Store {
    /// Writes the bundle of a case that was handed over into its `outbox/`, and tells where.
    ///
    /// # Errors
    /// If the case was not handed over, can't be read, or the bundle can't be written.
    pub fn export(&self, id: &str) -> Result<PathBuf, StoreError> {
        let folder = self.folder(id)?;
        let disk = read_case(&folder).map_err(|why| StoreError::Unreadable { id: id.to_owned(), why })?;
        if disk.parsed.record.hand_over.is_none() {
            return Err(StoreError::Bundle(BundleFault::NotHandedOver));
        }
        let found = playbooks::candidates(&folder);
        let playbook = found.into_iter().map(|found| Text { sha256: found.hash, text: found.text }).collect();
        let bundle = Bundle { schema: SCHEMA, kind: KIND.to_owned(), id: id.to_owned(), case: disk.text, playbook };
        let text = toml::to_string(&bundle)
            .map_err(|_| StoreError::NotSaved { id: id.to_owned(), why: SaveFailure::NotTheSame })?;
        self.to_outbox(&folder, &text)
            .map_err(|error| StoreError::NoBundle { id: id.to_owned(), why: error.kind_text() })
    }

    fn to_outbox(&self, folder: &Folder, text: &str) -> std::io::Result<PathBuf> {
        let outbox = folder.file("outbox");
        if !outbox.is_dir() {
            make_folder(&outbox)?;
        }
        let name = format!("{}-hand-over.toml", folder.id);
        self.place_file(&outbox, &name, text.as_bytes(), 0o600)?;
        Ok(outbox.join(name))
    }

    /// Takes a case in that somebody handed over, and tells its codename. It waits to be accepted then. A case that is
    /// there already is only replaced if it was handed over itself; the old one is kept as a backup.
    ///
    /// # Errors
    /// [`StoreError::Bundle`] if anything in it is not as it should be, [`StoreError::Exists`] if there is such a case.
    pub fn import(&self, bundle: &Path) -> Result<String, StoreError> {
        let fault = |why| StoreError::Bundle(BundleFault::Unreadable(why));
        let (bytes, _) = read_capped(bundle, MAX_BYTES).map_err(fault)?;
        let text = parse::decode(&bytes).map_err(fault)?;
        let checked = check(&text).map_err(StoreError::Bundle)?;
        if std::fs::symlink_metadata(self.place(&checked.id).path).is_err() {
            self.create_from(&checked.id, &checked.playbooks, &checked.case)?;
        } else {
            self.replace(&checked)?;
        }
        Ok(checked.id)
    }

    /// A case that went out comes back.
    fn replace(&self, checked: &Checked) -> Result<(), StoreError> {
        let exists = || StoreError::Exists { id: checked.id.clone() };
        let folder = self.folder(&checked.id)?;
        let _lock = lock(self, &folder)?;
        let disk = read_case(&folder).map_err(|_| exists())?;
        if disk.parsed.record.hand_over.as_ref().is_none_or(|hand_over| hand_over.received) {
            return Err(exists());
        }
        for (_, text) in &checked.playbooks {
            self.add_playbook(&checked.id, text)?;
        }
        let failed = StoreError::not_saved(&checked.id);
        let beside = disk.target.parent().unwrap_or(&folder.path);
        let temp = self.write_temp(beside, "case.toml", checked.case.as_bytes(), disk.mode).map_err(&failed)?;
        let old = self.exchange(temp, &disk.target).map_err(&failed)?;
        backup::put_away(&folder, &old).map_err(&failed)?;
        self.sync_folder(beside).or_else(|error| Err(self.maybe_saved(&checked.id, &error)?))
    }
}

fn check(text: &str) -> Result<Checked, BundleFault> {
    let no_bundle =
        |message: &str| BundleFault::Unreadable(Unreadable::Shape { at: None, message: message.to_owned() });
    let head: toml::Table = parse::parse_own(text).map_err(BundleFault::Unreadable)?;
    match head.get("schema").and_then(toml::Value::as_integer) {
        Some(schema) if schema > SCHEMA => return Err(BundleFault::Newer(schema)),
        _ => {}
    }
    let bundle: Bundle = head.try_into().map_err(|_| no_bundle("this is no hand-over bundle"))?;
    if bundle.kind != KIND || bundle.schema != SCHEMA {
        return Err(no_bundle("this is no hand-over bundle"));
    }
    let text = parse::decode(bundle.case.as_bytes()).map_err(BundleFault::Case)?;
    let parsed = parse::parse(&text).map_err(BundleFault::Case)?;
    if !is_id(&bundle.id) || parsed.record.id != bundle.id {
        return Err(BundleFault::BadId);
    }
    if let Some(schema) = parsed.newer {
        return Err(BundleFault::Newer(schema));
    }
    let playbooks = check_playbooks(bundle.playbook, &parsed)?;
    Ok(Checked { id: bundle.id, case: received(&text, &parsed)?, playbooks })
}

/// Each text has its fingerprint and is a process, and that of the case is among them.
fn check_playbooks(texts: Vec<Text>, parsed: &Parsed) -> Result<Vec<(String, String)>, BundleFault> {
    if texts.len() > MAX_PLAYBOOKS {
        return Err(BundleFault::TooManyPlaybooks(texts.len()));
    }
    let mut found = Vec::new();
    for (index, Text { sha256: claimed, text }) in texts.into_iter().enumerate() {
        let hash = sha256(&text);
        if hash != claimed {
            return Err(BundleFault::Fingerprint);
        }
        playbooks::parsed(&text, &hash).map_err(|_| BundleFault::Playbook)?;
        let name = if index == 0 { "playbook.toml".to_owned() } else { playbooks::file_name(&hash) };
        found.push(Candidate { name, text, hash });
    }
    if found.is_empty() {
        let text = playbooks::builtin(&parsed.record.playbook.sha256).ok_or(BundleFault::Playbook)?;
        let hash = parsed.record.playbook.sha256.clone();
        found.push(Candidate { name: "playbook.toml".to_owned(), text: text.to_owned(), hash });
    }
    playbooks::find(&parsed.record.playbook, &found).map_err(|_| BundleFault::Playbook)?;
    Ok(found.into_iter().map(|found| (found.name, found.text)).collect())
}

/// The text of the case, marked as received.
fn received(text: &str, parsed: &Parsed) -> Result<String, BundleFault> {
    let mut record = parsed.record.clone();
    let Some(hand_over) = record.hand_over.as_mut() else { return Err(BundleFault::NotHandedOver) };
    hand_over.received = true;
    let broken = || BundleFault::Case(Unreadable::Shape { at: None, message: "it can't be marked as received".into() });
    let from = flatten(&parsed.record).map_err(|_| broken())?;
    let to = flatten(&record).map_err(|_| broken())?;
    let text = document::edited(text, &from, &to).ok_or_else(broken)?;
    save::check_text(&text, &to).map_err(|_| broken())?;
    Ok(text)
}
