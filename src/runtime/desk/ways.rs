//! The ways out of what stands in the way of a case, where they lead to the disk: another version comes into place, a
//! question is answered, a copy goes elsewhere.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Desk;
use crate::app::message::{Message, NotOpened, RestoreFrom};
use crate::case::{Action, Case};
use crate::runtime::world;
use crate::schedule::stamp;
use crate::store::{Restored, StoreError};

impl Desk {
    /// Another version takes the place of a case, which is opened then.
    pub(super) fn restore(&mut self, id: &str, from: &RestoreFrom) -> Message {
        let (now, by) = (self.world.now(), self.world.me());
        let tell = |of| move |case: &mut Case| world::act(case, Action::Restore { of }, now, &by);
        let restored = match from {
            RestoreFrom::NewestGood => self.store.restore(id),
            RestoreFrom::Version(at) => self.store.restore_version(id, *at, tell(Some(*at))),
            RestoreFrom::Copy(place) => self.store.restore_file(id, &at_home(place), tell(None)),
        };
        let settled = restored.and_then(|restored| self.store.settle(id, &[]).map(|()| restored));
        match settled {
            Ok(restored) => {
                let mut message = self.opened(id, None);
                if let Message::Opened(Ok(opened)) = &mut message {
                    opened.notices.insert(0, gone_back(&restored, now));
                }
                message
            }
            Err(StoreError::NothingToRestore { .. }) => self.opened(id, None),
            Err(error) => {
                Message::Opened(Err(Box::new(NotOpened { id: id.to_owned(), why: error.to_string(), trouble: None })))
            }
        }
    }

    /// What is still asked, once something was answered or kept.
    pub(super) fn questions(&self, id: String, done: Result<(), StoreError>) -> Message {
        let left = done.and_then(|()| self.store.load(&id));
        let left = left.map(|loaded| self.store.questions(&loaded)).map_err(|error| error.to_string());
        Message::Questions { id, left }
    }

    pub(super) fn copy_to(&self, case: Box<Case>, place: &str) -> Message {
        let path = at_home(place);
        let failure = self.store.write_copy(&case, &path).err().map(|error| match error {
            StoreError::NotSaved { why, .. } => why.to_string(),
            other => other.to_string(),
        });
        Message::Copied { case, place: path.display().to_string(), failure }
    }

    /// A new name in a place that suits a copy.
    pub(super) fn elsewhere(&self, id: &str) -> Message {
        let places = ["HOME", "XDG_RUNTIME_DIR"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
        let others = [PathBuf::from("/dev/shm"), std::env::temp_dir()];
        let candidates: Vec<PathBuf> = places.chain(others).filter(|path| path.is_absolute()).collect();
        let Some(found) = self.store.elsewhere(&candidates) else {
            return Message::Elsewhere { place: String::new(), is_memory: false };
        };
        let names = (1..1000).map(|number| match number {
            1 => format!("{id}-copy.toml"),
            number => format!("{id}-copy-{number}.toml"),
        });
        let free = names.map(|name| found.folder.join(name)).find(|path| path.symlink_metadata().is_err());
        let place = free.map(|path| path.display().to_string()).unwrap_or_default();
        Message::Elsewhere { place, is_memory: found.is_memory }
    }
}

/// A place as a person types it: `~` is the home folder.
fn at_home(place: &str) -> PathBuf {
    let rest = place.strip_prefix("~/");
    rest.zip(std::env::var_os("HOME"))
        .map_or_else(|| PathBuf::from(place), |(rest, home)| PathBuf::from(home).join(rest))
}

/// What a person is told once another version is in place.
fn gone_back(restored: &Restored, now: Timestamp) -> String {
    let what = match (restored.of, &restored.replaced) {
        (Some(of), Some(_)) => format!("gone back to the version of {}", stamp(of, now, &TimeZone::UTC, "UTC")),
        (Some(of), None) => format!("the version of {} is in place", stamp(of, now, &TimeZone::UTC, "UTC")),
        (None, _) => "the copy is in place".to_owned(),
    };
    let before = restored.replaced.as_ref().map(|_| "; V leads to what was there before").unwrap_or_default();
    let lacking = restored.lacking().map(|lacking| format!("; {lacking}")).unwrap_or_default();
    format!("{what}{before}{lacking}")
}
