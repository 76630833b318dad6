//! A drill on this machine: its folder, its case, and its end.
//!
//! A drill lies in `DATA/drills/NAME/`, beside the real cases and never among them. `NAME.lock` is held for as long as
//! the drill runs; a lock that nobody holds belongs to a drill that was killed, and both are removed. A drill without
//! a lock was kept by a person.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::world::{self, World, WorldError};
use crate::case::{Action, Context, NO_VERDICTS, NewCase, Refusal, ReleaseInstant};
use crate::store::{self, Store, StoreError};

/// The folder of all drills, in the data folder.
const DRILLS: &str = "drills";

/// Why a drill can't begin. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum NoDrill {
    /// There is no such process, or its drill has faults.
    #[error(transparent)]
    World(#[from] WorldError),
    /// Its case can't begin.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its case can't be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its folder can't be made.
    #[error("the folder of the drill can't be made in {path}: {error}")]
    Folder {
        /// Where.
        path: String,
        /// Why.
        error: io::Error,
    },
}

/// A drill that runs. Its folder is removed with it, unless it is kept.
#[derive(Debug)]
pub struct Rehearsal {
    /// The surroundings: its own folder, its own clock, the person's settings.
    pub world: World,
    /// Codename of its case.
    pub case: String,
    folder: Folder,
}

impl Rehearsal {
    /// Begins a drill of a process. What killed drills left behind is removed first.
    ///
    /// # Errors
    /// [`NoDrill`].
    pub fn begin(real: &World, playbook: &str) -> Result<Self, NoDrill> {
        let loaded = real.playbook(playbook)?;
        let drill = Arc::new(real.drill_of(&loaded.playbook)?);
        let in_vain = |error| NoDrill::Folder { path: real.data_dir.join(DRILLS).display().to_string(), error };
        let folder = Folder::make(&real.data_dir).map_err(in_vain)?;
        let world = real.rehearsing(folder.path.clone(), Arc::clone(&drill));
        let store = Store::open(&world.data_dir)?;
        let by = world.me();
        let new = NewCase {
            id: store.new_id()?,
            title: format!("DRILL: {}", drill.title),
            playbook: Arc::clone(&loaded.playbook),
            sha256: loaded.sha256.clone(),
            project: None,
            components: drill.components.clone(),
            people: drill.people.clone(),
            facts: Vec::new(),
            anchors: drill.known_anchors().map(|(id, at)| (id.to_owned(), ReleaseInstant::Actual, at)).collect(),
        };
        let (first, second) = (world::event_id(), world::event_id());
        let context = |event_id| Context { now: drill.now, by: &by, event_id, verdicts: NO_VERDICTS };
        let mut case = new.start(&context(&first))?;
        if let Some(step) = loaded.playbook.steps().next() {
            let note = Action::Note { step: step.id.clone(), text: drill.report.clone() };
            case.act(note, &context(&second))?;
        }
        store.create(&case, &loaded.text)?;
        let case = case.record().id.clone();
        Ok(Self { world, case, folder })
    }

    /// From now on the drill stays on the disk, whatever happens; where.
    #[must_use]
    pub fn keep(&mut self) -> &Path {
        self.folder.kept = true;
        // Without its lock it is no leftover.
        let _ = fs::remove_file(&self.folder.lock);
        &self.folder.path
    }
}

/// The folder of a drill, and the lock that says that it runs.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    lock: PathBuf,
    kept: bool,
    _held: File,
}

impl Folder {
    /// A new one, and its lock: no other drill begins or ends meanwhile, so that none takes it for a leftover.
    fn make(data_dir: &Path) -> io::Result<Self> {
        store::make_folders(data_dir)?;
        let _alone = alone(data_dir)?;
        let parent = data_dir.join(DRILLS);
        store::make_folders(&parent)?;
        remove_leftovers(&parent)?;
        let name = format!("{:08x}", fastrand::u32(..));
        let (path, lock) = (parent.join(&name), parent.join(format!("{name}.lock")));
        let held = File::options().write(true).create_new(true).mode(0o600).open(&lock)?;
        held.set_permissions(fs::Permissions::from_mode(0o600))?;
        held.try_lock()?;
        let folder = Self { path, lock, kept: false, _held: held };
        store::make_folders(&folder.path)?;
        Ok(folder)
    }
}

impl Drop for Folder {
    /// What can't be removed now is a leftover, which the next drill removes.
    fn drop(&mut self) {
        let Some(parent) = self.path.parent() else { return };
        let _alone = parent.parent().map(alone);
        if self.kept || fs::remove_dir_all(&self.path).is_ok() {
            let _ = fs::remove_file(&self.lock);
        }
        // Only an empty folder can be removed like this.
        let _ = fs::remove_dir(parent);
    }
}

/// Drills begin and end one after the other: a lock on the data folder, which stays when the last of them goes.
fn alone(data_dir: &Path) -> io::Result<File> {
    let folder = File::open(data_dir)?;
    folder.lock()?;
    Ok(folder)
}

/// Removes drills that nobody runs any more. What is not called like a drill, or is no plain file, is not ours.
fn remove_leftovers(parent: &Path) -> io::Result<()> {
    for name in store::names_in(parent)? {
        let lock = parent.join(&name);
        let is_name = |name: &str| name.len() == 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_ours = name.to_str().and_then(|name| name.strip_suffix(".lock")).is_some_and(is_name);
        if !is_ours || !fs::symlink_metadata(&lock).is_ok_and(|found| found.is_file()) {
            continue;
        }
        let Ok(file) = File::open(&lock) else { continue };
        if file.try_lock().is_err() {
            continue;
        }
        let folder = lock.with_extension("");
        if !folder.exists() || fs::remove_dir_all(&folder).is_ok() {
            let _ = fs::remove_file(&lock);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Carries something out on another thread while the lock is held; it must wait for that.
    fn waits<T: Send>(data_dir: &Path, work: impl FnOnce() -> T + Send) -> T {
        let held = alone(data_dir).unwrap();
        std::thread::scope(|scope| {
            let (tell, told) = std::sync::mpsc::channel();
            let working = scope.spawn(move || {
                let done = work();
                let _ = tell.send(());
                done
            });
            assert!(told.recv_timeout(std::time::Duration::from_millis(100)).is_err(), "another one begins or ends");
            drop(held);
            working.join().unwrap()
        })
    }

    #[test]
    fn no_drill_begins_or_ends_while_another_one_does() {
        let data = tempfile::tempdir().unwrap();
        let folder = waits(data.path(), || Folder::make(data.path()).unwrap());
        assert!(folder.path.is_dir() && folder.lock.is_file());
        waits(data.path(), || drop(folder));
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }
    #[test]
    fn only_what_a_drill_left_is_removed() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        fs::create_dir(at("0123abcd")).unwrap();
        for name in ["0123abcd.lock", "89abcdef.lock", "Cargo.lock", "notes"] {
            fs::write(at(name), "").unwrap();
        }
        // To open a pipe would take until somebody writes into it.
        let pipe = std::process::Command::new("mkfifo").arg(at("44444444.lock")).status().unwrap();
        assert!(pipe.success());
        std::os::unix::fs::symlink("/dev/null", at("55555555.lock")).unwrap();
        remove_leftovers(parent.path()).unwrap();
        let mut left: Vec<_> = fs::read_dir(parent.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["44444444.lock", "55555555.lock", "Cargo.lock", "notes"]);
    }
}
