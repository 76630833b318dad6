//! What the store found, in the terms in which screen and verbs tell of it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::disk::read_capped;
use super::error::{SaveFailure, StoreError, Unreadable};
use super::folder::Store;
use super::load::{Loaded, loaded};
use super::notice::{Access, Reason};
use super::parse::parse_own;
use super::{MAX_BYTES, backup};
use crate::case::record::Record;
use crate::case::{Case, Damage, Event, EventKind, Trouble, Version};

/// Of a damaged text at most so many events are looked at: what is missing is among the last.
const MOST_EVENTS: usize = 1_000;

impl Unreadable {
    /// What happened to the case, without the words of files.
    #[must_use]
    pub fn damage(&self) -> Damage {
        match self {
            Self::Missing => Damage::Deleted,
            Self::Dangling | Self::NotAFile(_) => Damage::NotAFile,
            Self::TooLarge(_) => Damage::TooLarge,
            Self::Empty => Damage::Empty,
            Self::Zeros => Damage::Zeros,
            Self::NotUtf8 { .. } => Damage::Encoding,
            Self::MergeMarkers { .. } => Damage::Merge,
            Self::Syntax { .. } | Self::Shape { .. } => Damage::Broken,
            Self::Io(_) => Damage::Unreadable,
        }
    }
}

impl Store {
    /// What stands in the way of a case that was loaded; also that something was changed on both sides.
    #[must_use]
    pub fn trouble(&self, loaded: &Loaded) -> Option<Trouble> {
        let Access::ReadOnly(reason) = &loaded.access else {
            let questions = self.questions(loaded);
            return (!questions.is_empty()).then_some(Trouble::Conflict(questions));
        };
        Some(match reason {
            Reason::NewerSchema(schema) => Trouble::Newer { schema: *schema },
            Reason::NotWritable(why) => Trouble::NotWritable { why: why.clone() },
            Reason::HandedOver { to } => Trouble::HandedOver { to: to.clone() },
            Reason::Older { of } => Trouble::Older(version(&loaded.case, *of, self.now_stored(loaded).as_ref())),
            Reason::Backup { of, why, .. } => {
                let path = self.place(&loaded.folder).case_file();
                Trouble::Damaged {
                    damage: why.damage(),
                    good: Some(version(&loaded.case, *of, None)),
                    is_shown: true,
                    missing: missing(&path, &loaded.case),
                    place: format!("{}: {why}", path.display()),
                }
            }
        })
    }

    /// What stands in the way of a case that could not be opened at all, where it is a matter of the stored case.
    #[must_use]
    pub fn trouble_of(&self, id: &str, error: &StoreError) -> Option<Trouble> {
        let why = match error {
            StoreError::Unreadable { why, .. } => why,
            StoreError::NotFound { .. } if self.folder(id).is_ok() => &Unreadable::Missing,
            StoreError::HeldBy { holder, .. } => return Some(Trouble::Held { by: holder.to_string() }),
            _ => return None,
        };
        let folder = self.place(id);
        let newest = backup::newest_good(&folder);
        let newest = newest.ok().flatten().and_then(|(backup, disk)| Some((loaded(&folder, disk).ok()?, backup.at)));
        Some(Trouble::Damaged {
            damage: why.damage(),
            good: newest.as_ref().map(|(loaded, at)| version(&loaded.case, *at, None)),
            is_shown: false,
            missing: newest.map(|(loaded, _)| missing(&folder.case_file(), &loaded.case)).unwrap_or_default(),
            place: format!("{}: {why}", folder.case_file().display()),
        })
    }

    /// Why a save failed. Where the stored case itself is gone or damaged, what is in memory is all there is.
    #[must_use]
    pub fn trouble_of_save(&self, id: &str, error: &StoreError) -> Trouble {
        let place = |why: &dyn std::fmt::Display| format!("{}: {why}", self.place(id).case_file().display());
        let cases = self.cases();
        let away = (!cases.is_dir()).then(|| cases.display().to_string());
        let overtaken = |damage, kept, place| Trouble::Overtaken { damage, away, kept, place };
        let shown = |kept: &Option<PathBuf>| kept.as_ref().map(|kept| kept.display().to_string());
        match error {
            StoreError::NotSaved { why: SaveFailure::Deleted { kept }, .. } => {
                overtaken(Damage::Deleted, shown(kept), place(&Unreadable::Missing))
            }
            StoreError::NotSaved { why: SaveFailure::FolderGone, .. } | StoreError::NotFound { .. } => {
                let damage = if self.folder(id).is_ok() { Damage::Deleted } else { Damage::FolderGone };
                overtaken(damage, None, place(&Unreadable::Missing))
            }
            StoreError::NotSaved { why: SaveFailure::Damaged { why, kept }, .. } => {
                overtaken(why.damage(), shown(kept), place(why))
            }
            StoreError::Unreadable { why, .. } => overtaken(why.damage(), None, place(why)),
            StoreError::NotSaved { why, .. } => Trouble::NotSaved { why: why.to_string() },
            StoreError::MaybeSaved { why, .. } => {
                Trouble::NotSaved { why: format!("it is written, but may not survive a power loss ({why})") }
            }
            other => Trouble::NotSaved { why: other.to_string() },
        }
    }

    fn now_stored(&self, loaded: &Loaded) -> Option<Record> {
        super::disk::read_case(&self.place(&loaded.folder)).ok().map(|disk| disk.parsed.record)
    }
}

/// An older version in words, and how much was done since.
pub(super) fn version(case: &Case, at: Timestamp, now: Option<&Record>) -> Version {
    let events = &case.record().event;
    let since = now.map(|now| not_in(&case.record().event, &now.event).count());
    let more = now.map_or(0, |now| not_in(&now.event, events).count());
    let last = events.last().map(|event| told(case, event)).unwrap_or_default();
    Version { at, until: events.last().map(|event| event.at), last, since, more }
}

fn told(case: &Case, event: &Event) -> String {
    let subject = case.subject(event);
    let says = event.kind.says();
    if subject.is_empty() { says.to_owned() } else { format!("{subject}: {says}") }
}

/// Those of some events that are not among the known ones. That a version was put in place is nothing that was done.
fn not_in<'e>(known: &[Event], events: &'e [Event]) -> impl Iterator<Item = &'e Event> {
    let known: HashSet<String> = known.iter().map(|event| event.id.clone()).collect();
    events.iter().filter(move |event| event.kind != EventKind::Restored && !known.contains(&event.id))
}

/// What of these events is not in a version, in words.
pub(super) fn lacks(case: &Case, events: &[Event]) -> Vec<String> {
    not_in(&case.record().event, events).map(|event| told(case, event)).collect()
}

/// What the damaged text still tells of things that were done and are not in this version.
pub(super) fn missing(path: &Path, case: &Case) -> Vec<String> {
    let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
    let Some((bytes, _)) = is_file.then(|| read_capped(path, MAX_BYTES).ok()).flatten() else { return Vec::new() };
    lacks(case, &events_in(&String::from_utf8_lossy(&bytes)))
}

/// The events that can be read by themselves in a text that can't be read as a whole, of the last ones.
fn events_in(text: &str) -> Vec<Event> {
    let mut blocks: Vec<&str> = text.rsplit("[[event]]\n").take(MOST_EVENTS).collect();
    if blocks.len() < MOST_EVENTS {
        // What stands before the first event is none.
        blocks.pop();
    }
    blocks.reverse();
    let own = |block: &&str| block.split("\n[").next().unwrap_or_default().to_owned();
    blocks.iter().filter_map(|block| parse_own(&own(block)).ok()).collect()
}
