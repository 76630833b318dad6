//! Carries effects out: reads and writes cases. It runs on a thread of its own, one effect after the other, so that
//! the screen never waits for a disk.

mod ways;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc;

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::new_case::{self, Wish};
use super::watching::{self, NotWatched, WATCH};
use super::world::{self, World};
use super::{fault, kept};
use crate::app::message::{
    Changed, Effect, FleetRead, HomeRow, Message, Mine, NewCaseRequest, NotOpened, Opened, Saved, Unwatched,
};
use crate::case::record::Draft;
use crate::case::{Case, Damage, ReleaseInstant, Summary, SwitchTo, Trouble};
use crate::evidence::{self, Played, Sight};
use crate::store::{Access, Claim, Listed, Loaded, Looked, Notice, Reason, Store, StoreError};

/// The world as effects see it.
pub struct Desk {
    world: World,
    store: Store,
    open: Option<OpenFile>,
    /// How many editions of files the screen was told of, over all cases.
    editions: u64,
}

/// The file of the case that is open.
struct OpenFile {
    id: String,
    /// What the next save starts from: what the screen has taken in, as far as the desk knows.
    base: Loaded,
    /// What the screen was last told lies in the file; newer than the base while others write.
    seen: Loaded,
    /// Which edition the screen was last told of. Once it has taken it in, what it sends starts from there.
    edition: u64,
    /// The last looks at its repositories that the screen was told of.
    looked: Looked,
    /// What happened to the file when it could not be read, so that this is told once.
    overtaken: Option<Damage>,
    /// It is an older version that is only looked at.
    older: bool,
    /// The text of its process, for a folder that is deleted.
    process: Option<String>,
    /// Held for as long as the screen shows the case; none if another screen holds it.
    claim: Option<Claim>,
}

impl Desk {
    /// A desk over the data folder of this world.
    ///
    /// # Errors
    /// If the folder can't be made or used.
    pub fn new(world: World) -> Result<Self, StoreError> {
        let store = Store::open(&world.data_dir)?;
        Ok(Self { world, store, open: None, editions: 0 })
    }

    /// Carries one effect out; what the screen should know comes back.
    pub fn carry_out(&mut self, effect: Effect) -> Option<Message> {
        match effect {
            Effect::LoadHome => Some(Message::Home(self.home())),
            Effect::Open(id) => Some(self.opened(&id, None)),
            Effect::OpenVersion { id, at } => Some(self.opened(&id, Some(at))),
            Effect::Restore { id, from } => Some(self.restore(&id, &from)),
            Effect::PutBack(case) => Some(Message::Saved(Box::new(self.put_back(*case)))),
            Effect::Settle { id, answered } => {
                let settled = self.store.settle(&id, &answered);
                Some(self.questions(id, settled))
            }
            Effect::LoadFleet(file) => Some(Message::Fleet(Box::new(self.fleet(file)))),
            Effect::FindCase(component) => {
                let case = watching::case_of(&self.store, &component);
                Some(Message::CaseOf { component: component.name, case })
            }
            Effect::ListVersions(id) => {
                let versions = self.store.versions(&id).map_err(|error| error.to_string());
                Some(Message::Versions { id, versions })
            }
            Effect::KeepQuestion { mine, addresses } => {
                let id = mine.record().id.clone();
                let kept = self.store.keep_question(&mine, &addresses);
                Some(self.questions(id, kept))
            }
            Effect::FindElsewhere(id) => Some(self.elsewhere(&id)),
            Effect::CopyTo { case, place } => Some(self.copy_to(case, &place)),
            Effect::Release => {
                self.open = None;
                None
            }
            Effect::Look(id) => self.look(&id),
            Effect::Save(case) => Some(Message::Saved(Box::new(self.save(*case)))),
            Effect::Create(request) => Some(Message::Created(self.create(*request))),
            Effect::KeepNewCase(drafts) => self.keep_new_case(&drafts),
            Effect::Switch { id, playbook } => Some(self.fetch_playbook(id, &playbook)),
            Effect::WriteBundle(id) => Some(self.write_bundle(&id)),
            Effect::RememberMe(me) => self.remember_me(&me),
            Effect::SetClock(now) => {
                self.world.set_now(now);
                None
            }
            Effect::Copy(_)
            | Effect::Edit(_)
            | Effect::Scan(_)
            | Effect::EndScans
            | Effect::Bell
            | Effect::ReadSides(_)
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit
            | Effect::Take(_)
            | Effect::StartDrill(_)
            | Effect::KeepDrill => None,
        }
    }

    /// What a drill lets the machine find.
    fn played(&self) -> &[Played] {
        self.world.drill.as_ref().map(|drill| drill.evidence.as_slice()).unwrap_or_default()
    }

    /// What the file of what is watched says.
    fn fleet(&self, file: Option<String>) -> FleetRead {
        let file = file.map_or_else(|| self.world.config_dir.join(WATCH), PathBuf::from);
        let watch = watching::read(&file).map_err(|why| match why {
            NotWatched::Missing(_) => Unwatched::Missing,
            why => Unwatched::Faulty(why.lines()),
        });
        FleetRead { place: file.display().to_string(), watch }
    }

    fn home(&self) -> Result<Vec<HomeRow>, String> {
        let now = self.world.now();
        let listed = self
            .store
            .summaries(now, &|case| summarize(case, now, self.played(), &self.store))
            .map_err(|error| error.to_string())?;
        let mut gaps: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let row = |listed: Listed| {
            let project = listed.result.as_ref().ok().and_then(|summary| summary.project.clone());
            let unset = project.map(|name| gaps.entry(name.clone()).or_insert_with(|| self.world.gaps(&name)).clone());
            HomeRow { id: listed.id, summary: listed.result, trouble: listed.trouble, unset: unset.unwrap_or_default() }
        };
        Ok(listed.into_iter().map(row).collect())
    }

    fn opened(&mut self, id: &str, version: Option<Timestamp>) -> Message {
        Message::Opened(match self.open(id, version) {
            Ok(opened) => Ok(Box::new(opened)),
            Err(error) => Err(Box::new(self.not_opened(id, &error))),
        })
    }

    fn not_opened(&self, id: &str, error: &StoreError) -> NotOpened {
        NotOpened { id: id.to_owned(), why: error.to_string(), trouble: self.store.trouble_of(id, error) }
    }

    /// Opens a case, or an older version of it to look at.
    fn open(&mut self, id: &str, version: Option<Timestamp>) -> Result<Opened, StoreError> {
        // A case that can't be read any more stays open: what the screen has may be all that is left of it.
        self.open.take_if(|open| open.id != id);
        let load = |store: &Store| version.map_or_else(|| store.load(id), |at| store.load_version(id, at));
        let mut seen = load(&self.store)?;
        // What the screen sends before it has taken this in starts from where it stood.
        let base = self.open.take().map(|open| open.base);
        let claim = self.store.claim(id);
        if version.is_none() && !self.store.is_current(&seen) {
            // Whoever held it may have saved before the claim was free.
            seen = load(&self.store)?;
        }
        if claim.is_ok() && seen.is_writable() {
            // What was decided by hand needs no question; where this fails it is asked again.
            let _ = self.store.settle(id, &[]);
        }
        let held = claim.as_ref().err().filter(|_| seen.is_writable()).map(|error| {
            self.store.trouble_of(id, error).unwrap_or_else(|| Trouble::NotWritable { why: error.to_string() })
        });
        let trouble = held.or_else(|| self.store.trouble(&seen));
        let case = seen.case.clone();
        let notices = seen.notices.iter().map(ToString::to_string).collect();
        let project = case.record().project.as_deref().and_then(|name| self.world.project(name).ok());
        let zones = self.world.zones(project.as_ref());
        let process = self.store.process_text(id, &case.record().playbook.sha256);
        let base = base.unwrap_or_else(|| seen.clone());
        let (claim, older) = (claim.ok(), version.is_some());
        let looked = self.store.looked(id);
        let looks = looked.looks.clone();
        self.editions += 1;
        let (id, edition) = (id.to_owned(), self.editions);
        self.open = Some(OpenFile { id, seen, edition, looked, overtaken: None, older, process, base, claim });
        Ok(Opened { case, trouble, notices, zones, looks, edition })
    }

    /// Has somebody else changed the file? Then the screen is told the way from what it knew.
    fn look(&mut self, id: &str) -> Option<Message> {
        let open = self.open.as_mut().filter(|open| open.id == id && !open.older)?;
        if self.store.is_current(&open.seen) {
            if self.store.is_last_look(id, &open.looked) {
                return None;
            }
            open.looked = self.store.looked(id);
            return Some(Message::Looked { id: id.to_owned(), looks: open.looked.looks.clone() });
        }
        let now = match self.store.load(id) {
            // A version that came from elsewhere is older than what the screen has: nothing of it may be taken in.
            Ok(now) if matches!(now.access, Access::ReadOnly(Reason::Backup { .. } | Reason::NewerSchema(_))) => {
                Err(self.store.trouble(&now))
            }
            Ok(now) => Ok(now),
            Err(error) => Err(Some(self.store.trouble_of_save(id, &error))),
        };
        match now {
            Ok(now) => self.changed(now),
            Err(trouble) => self.overtaken(trouble?),
        }
    }

    fn changed(&mut self, now: Loaded) -> Option<Message> {
        let trouble = self.store.trouble(&now);
        let open = self.open.as_mut()?;
        let comes_back = open.overtaken.take().is_some();
        let before = std::mem::replace(&mut open.seen, now).case;
        let after = open.seen.case.clone();
        let looked = std::mem::replace(&mut open.looked, self.store.looked(&open.id));
        let looks = open.looked.looks.clone();
        if before.record() == after.record() && trouble.is_none() && !comes_back {
            // The file was written anew with what it held; that somebody has looked as well is told all the same.
            return (looks != looked.looks).then(|| Message::Looked { id: open.id.clone(), looks });
        }
        self.editions += 1;
        open.edition = self.editions;
        Some(Message::Changed(Box::new(Changed { before, after, trouble, looks, edition: open.edition })))
    }

    fn overtaken(&mut self, trouble: Trouble) -> Option<Message> {
        let open = self.open.as_mut()?;
        let trouble = match trouble {
            Trouble::Damaged { damage, place, .. } => Trouble::Overtaken { damage, away: None, kept: None, place },
            // What can't be looked at now may be there at the next look. It is no reason to refuse changes: if it lasts,
            // the next save tells of it and keeps them.
            Trouble::NotSaved { .. } => return None,
            other => other,
        };
        if let Trouble::Overtaken { damage, .. } = &trouble {
            let is_new = open.overtaken.replace(*damage) != Some(*damage);
            // Whoever only reads along has nothing to store.
            if !is_new || open.claim.is_none() {
                return None;
            }
        }
        Some(Message::Overtaken(Box::new(trouble)))
    }

    fn save(&mut self, mine: Mine) -> Saved {
        fault::on_purpose("save");
        self.store_with(mine, |store, open, mine| store.save(&open.base, mine))
    }

    /// Stores what the screen has, where the stored case was deleted or damaged.
    fn put_back(&mut self, mine: Mine) -> Saved {
        self.store_with(mine, |store, open, mine| {
            let loaded = store.put_back(&open.base, mine, open.process.as_deref())?;
            // A folder that was deleted took the claim with it. The copy that was kept meanwhile has nothing to ask.
            open.claim = None;
            open.claim = store.claim(&open.id).ok();
            let _ = store.settle(&open.id, &[]);
            Ok(loaded)
        })
    }

    fn store_with(
        &mut self,
        Mine { case: mine, edition }: Mine,
        save: impl FnOnce(&Store, &mut OpenFile, &Case) -> Result<Loaded, StoreError>,
    ) -> Saved {
        let failed = |sent: Case, why: &str| {
            let failure = Some(Trouble::NotSaved { why: why.to_owned() });
            Saved { sent, stored: None, failure, notices: Vec::new(), trouble: None }
        };
        let Some(open) = self.open.as_mut().filter(|open| open.id == mine.record().id) else {
            return failed(mine, "the case is not open any more; your changes are kept in memory only");
        };
        if open.claim.is_none() {
            return failed(mine, "another screen holds the case; nothing was written");
        }
        if edition == open.edition {
            open.base = open.seen.clone();
        }
        match save(&self.store, open, &mine) {
            Ok(loaded) => {
                let told = loaded.notices.iter().filter(|notice| !matches!(notice, Notice::Conflict { .. }));
                let notices = told.map(ToString::to_string).collect();
                let trouble = self.store.trouble(&loaded);
                open.seen = loaded.clone();
                open.base = loaded;
                open.overtaken = None;
                Saved { sent: mine, stored: Some(open.base.case.clone()), failure: None, notices, trouble }
            }
            Err(error) => {
                let failure = self.store.trouble_of_save(&open.id, &error);
                if let Trouble::Overtaken { damage, .. } = &failure {
                    // The save tells more of it than the next look would.
                    open.overtaken = Some(*damage);
                }
                let stored = match error {
                    // It lies on the disk, though perhaps not for good: the next save starts from there.
                    StoreError::MaybeSaved { stored, .. } => {
                        open.seen = (*stored).clone();
                        open.base = *stored;
                        Some(open.base.case.clone())
                    }
                    _ => None,
                };
                Saved { sent: mine, stored, failure: Some(failure), notices: Vec::new(), trouble: None }
            }
        }
    }

    fn create(&self, request: NewCaseRequest) -> Result<String, String> {
        let project = request.project.map(|name| self.world.project(&name).map(|project| (name, project)));
        let project = project.transpose().map_err(|error| error.to_string())?;
        let playbook = project.as_ref().map_or(&request.playbook, |(_, project)| &project.extends);
        let playbook = self.world.playbook(playbook).map_err(|error| error.to_string())?;
        let start = playbook.playbook.start().map(|anchor| anchor.id.clone());
        let reported = start.zip(request.reported).map(|(anchor, at)| (anchor, ReleaseInstant::Actual, at));
        let wish = Wish {
            title: request.title,
            playbook,
            project,
            facts: request.facts,
            anchors: reported.into_iter().collect(),
            acts: request.acts,
        };
        let begun = new_case::begin(&self.world, &self.store, wish).map_err(|error| error.to_string())?;
        Ok(begun.id)
    }

    /// The text of the other process lies beside the case before the case refers to it.
    fn fetch_playbook(&self, id: String, playbook: &str) -> Message {
        let loaded = match self.world.playbook(playbook) {
            Ok(loaded) => loaded,
            Err(error) => return Message::Notice(error.to_string()),
        };
        match self.store.add_playbook(&id, &loaded.text) {
            Ok(()) => {
                let to = Box::new(SwitchTo { playbook: loaded.playbook, sha256: loaded.sha256 });
                Message::Playbook { id, to }
            }
            Err(error) => Message::Notice(error.to_string()),
        }
    }

    /// What was typed into the form for a new case and not carried out yet.
    ///
    /// # Errors
    /// If it can't be read, in words for the person; it lies aside then.
    pub fn kept_new_case(&self) -> Result<Vec<Draft>, String> {
        kept::read(&self.world.data_dir)
    }

    fn keep_new_case(&self, drafts: &[Draft]) -> Option<Message> {
        let error = kept::write(&self.world.data_dir, drafts).err()?;
        Some(Message::Notice(format!("what you type is in memory only, for it can't be kept: {error}")))
    }

    /// Asked once; where it can't be written the answer holds for this run.
    fn remember_me(&mut self, me: &str) -> Option<Message> {
        let error = self.world.remember_me(me).err()?;
        Some(Message::Notice(format!("your name could not be kept in config.toml: {error}")))
    }

    fn write_bundle(&self, id: &str) -> Message {
        Message::Notice(match self.store.export(id) {
            Ok(path) => format!("the bundle for the next lead is {}", path.display()),
            Err(error) => error.to_string(),
        })
    }
}

/// Puts a desk on a thread of its own. After a fault in an effect the screen is told that the save failed, if it was
/// one, and that there was a fault: it ends, and asks for one more save before.
#[must_use]
pub fn spawn(mut desk: Desk) -> (mpsc::Sender<Effect>, UnboundedReceiver<Message>) {
    let (effects, incoming) = mpsc::channel::<Effect>();
    let (outgoing, answers) = unbounded_channel();
    std::thread::spawn(move || {
        while let Ok(effect) = incoming.recv() {
            let saving = if let Effect::Save(mine) = &effect { Some(mine.case.clone()) } else { None };
            let answers = catch_unwind(AssertUnwindSafe(|| desk.carry_out(effect).into_iter().collect()));
            for answer in answers.unwrap_or_else(|_| after_fault(saving)) {
                if outgoing.send(answer).is_err() {
                    return;
                }
            }
        }
    });
    (effects, answers)
}

fn after_fault(saving: Option<Case>) -> Vec<Message> {
    let failed = |sent: Case| {
        let failure = Some(Trouble::NotSaved { why: "a fault in the program itself".to_owned() });
        Message::Saved(Box::new(Saved { sent, stored: None, failure, notices: Vec::new(), trouble: None }))
    };
    saving.map(failed).into_iter().chain([Message::Fault]).collect()
}

/// What home shows of a case.
#[must_use]
pub fn summarize(case: &Case, now: jiff::Timestamp, played: &[Played], store: &Store) -> Summary {
    let looked = store.looked(&case.record().id);
    evidence::summary(case, Sight { now, find_zone: &world::find_zone, played, looks: &looked.looks })
}
