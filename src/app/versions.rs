//! The older versions of a case: a list, from which one is looked at or put in place.

use super::App;
use super::key::{Code, Key};
use super::message::Effect;
use super::overlay::Overlay;
use crate::case::{Trouble, Version};

/// Why nothing may take the place of what is in memory only.
pub(super) const NOT_REPLACED: &str = "what you did is not saved yet: first save it, or keep a copy elsewhere";

/// Goes back to a version: in the list, on the card, and where the version is looked at.
pub(super) const GO_BACK: Key = Key { code: Code::Char('p'), ctrl: false, alt: false };

/// The older versions of a case.
#[derive(Clone, Debug)]
pub struct Versions {
    /// Codename.
    pub id: String,
    /// The newest first.
    pub rows: Vec<Version>,
    /// The row under the cursor.
    pub cursor: usize,
}

impl App {
    /// Asks for the older versions of the case that is open, else of the one under the cursor.
    pub(super) fn list_versions(&mut self) -> Vec<Effect> {
        let open = self.open.as_ref().map(|open| open.case.record().id.clone());
        let id = open.or_else(|| self.home.selected().map(|row| row.id.clone()));
        id.map(Effect::ListVersions).into_iter().collect()
    }

    pub(super) fn take_versions(&mut self, id: String, versions: Result<Vec<Version>, String>) {
        match versions {
            Ok(rows) => self.overlay = Some(Overlay::Versions(Versions { id, rows, cursor: 0 })),
            Err(why) => self.complain(why),
        }
    }

    pub(super) fn versions_key(&mut self, mut versions: Versions, key: Key) -> Vec<Effect> {
        let last = versions.rows.len().saturating_sub(1);
        match key.code {
            Code::Esc | Code::Char('q') => return Vec::new(),
            Code::Down | Code::Char('j') => versions.cursor = (versions.cursor + 1).min(last),
            Code::Up | Code::Char('k') => versions.cursor = versions.cursor.saturating_sub(1),
            Code::Home | Code::Char('g') => versions.cursor = 0,
            Code::End | Code::Char('G') => versions.cursor = last,
            Code::Enter => return self.look_at(&versions),
            Code::Char('b') => {
                if self.may_replace() {
                    self.ask_for_copy(versions.id);
                }
                return Vec::new();
            }
            Code::Char('p') => {
                if let Some(version) = versions.rows.get(versions.cursor)
                    && self.may_replace()
                {
                    self.ask_to_go_back(versions.id, version);
                }
                return Vec::new();
            }
            _ => {}
        }
        self.overlay = Some(Overlay::Versions(versions));
        Vec::new()
    }

    /// The older version that is looked at, and of which case it is.
    #[must_use]
    pub fn looked_at(&self) -> Option<(String, Version)> {
        let open = self.open.as_ref()?;
        match &open.read_only {
            Some(Trouble::Older(version)) => Some((open.case.record().id.clone(), version.clone())),
            _ => None,
        }
    }

    fn look_at(&mut self, versions: &Versions) -> Vec<Effect> {
        let Some(version) = versions.rows.get(versions.cursor).filter(|_| self.may_replace()) else {
            return Vec::new();
        };
        self.opening = Some(versions.id.clone());
        vec![Effect::OpenVersion { id: versions.id.clone(), at: version.at }]
    }

    /// Nothing takes the place of what is in memory only.
    fn may_replace(&mut self) -> bool {
        let is_free = !self.is_unsaved();
        if !is_free {
            self.complain(NOT_REPLACED);
        }
        is_free
    }
}
