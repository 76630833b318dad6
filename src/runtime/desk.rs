//! Carries effects out: reads and writes cases. It runs on a thread of its own, one effect after the other, so that
//! the screen never waits for a disk.

use std::collections::BTreeMap;

use super::new_case::{self, Wish};
use super::world::{self, World};
use crate::app::message::{Effect, HomeRow, Message, NewCaseRequest, Opened, Saved};
use crate::case::{Case, Moment, ReleaseInstant, Summary, SwitchTo};
use crate::store::{Access, Claim, Listed, Loaded, Store, StoreError};

/// The world as effects see it.
pub struct Desk {
    world: World,
    store: Store,
    open: Option<OpenFile>,
}

/// The file of the case that is open.
struct OpenFile {
    id: String,
    /// What the next save starts from.
    base: Loaded,
    /// What the screen was last told lies in the file; newer than the base while others write.
    seen: Loaded,
    /// Held for as long as the screen shows the case.
    _claim: Option<Claim>,
}

impl Desk {
    /// A desk over the data folder of this world.
    ///
    /// # Errors
    /// If the folder can't be made or used.
    pub fn new(world: World) -> Result<Self, StoreError> {
        let store = Store::open(&world.data_dir)?;
        Ok(Self { world, store, open: None })
    }

    /// Carries one effect out; what the screen should know comes back.
    pub fn carry_out(&mut self, effect: Effect) -> Option<Message> {
        match effect {
            Effect::LoadHome => Some(Message::Home(self.home())),
            Effect::Open(id) => Some(Message::Opened(self.open(&id).map(Box::new))),
            Effect::Release => {
                self.open = None;
                None
            }
            Effect::Look => self.look(),
            Effect::Save(case) => self.save(*case),
            Effect::Create(request) => Some(Message::Created(self.create(*request))),
            Effect::Switch { playbook } => Some(self.fetch_playbook(&playbook)),
            Effect::WriteBundle(id) => Some(self.write_bundle(&id)),
            Effect::RememberMe(me) => self.remember_me(&me),
            Effect::Redraw | Effect::Suspend | Effect::Quit => None,
        }
    }

    fn home(&self) -> Result<Vec<HomeRow>, String> {
        let now = self.world.now();
        let listed = self.store.summaries(now, &|case| summarize(case, now)).map_err(|error| error.to_string())?;
        let mut gaps: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let row = |listed: Listed| {
            let project = listed.result.as_ref().ok().and_then(|summary| summary.project.clone());
            let unset = project.map(|name| gaps.entry(name.clone()).or_insert_with(|| self.world.gaps(&name)).clone());
            HomeRow { id: listed.id, summary: listed.result, unset: unset.unwrap_or_default() }
        };
        Ok(listed.into_iter().map(row).collect())
    }

    fn open(&mut self, id: &str) -> Result<Opened, String> {
        self.open = None;
        let claim = self.store.claim(id);
        let base = self.store.load(id).map_err(|error| error.to_string())?;
        let read_only = match (&claim, &base.access) {
            (_, Access::ReadOnly(reason)) => Some(reason.to_string()),
            (Err(error), _) => Some(error.to_string()),
            (Ok(_), Access::Write) => None,
        };
        let case = base.case.clone();
        let notices = base.notices.iter().map(ToString::to_string).collect();
        let project = case.record().project.as_deref().and_then(|name| self.world.project(name).ok());
        let zones = self.world.zones(project.as_ref());
        self.open = Some(OpenFile { id: id.to_owned(), seen: base.clone(), base, _claim: claim.ok() });
        Ok(Opened { case, read_only, notices, zones })
    }

    /// Has somebody else changed the file? Then the screen is told the way from what it knew.
    fn look(&mut self) -> Option<Message> {
        let open = self.open.as_mut()?;
        if self.store.is_current(&open.seen) {
            return None;
        }
        let now = self.store.load(&open.id).ok()?;
        let before = std::mem::replace(&mut open.seen, now).case;
        let after = open.seen.case.clone();
        (before.record() != after.record())
            .then(|| Message::Changed { before: Box::new(before), after: Box::new(after) })
    }

    fn save(&mut self, mine: Case) -> Option<Message> {
        let open = self.open.as_ref()?;
        let (stored, notices) = match self.store.save(&open.base, &mine) {
            Ok(loaded) => {
                let notices = loaded.notices.iter().map(ToString::to_string).collect();
                let stored = loaded.case.clone();
                if let Some(open) = &mut self.open {
                    open.seen = loaded.clone();
                    open.base = loaded;
                }
                (Ok(stored), notices)
            }
            Err(error) => (Err(error.to_string()), Vec::new()),
        };
        Some(Message::Saved(Box::new(Saved { sent: mine, stored, notices })))
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
        };
        let begun = new_case::begin(&self.world, &self.store, wish).map_err(|error| error.to_string())?;
        Ok(begun.id)
    }

    /// The text of the other process lies beside the case before the case refers to it.
    fn fetch_playbook(&self, id: &str) -> Message {
        let Some(open) = &self.open else { return Message::Notice("no case is open".to_owned()) };
        let loaded = match self.world.playbook(id) {
            Ok(loaded) => loaded,
            Err(error) => return Message::Notice(error.to_string()),
        };
        match self.store.add_playbook(&open.id, &loaded.text) {
            Ok(()) => Message::Playbook(Box::new(SwitchTo { playbook: loaded.playbook, sha256: loaded.sha256 })),
            Err(error) => Message::Notice(error.to_string()),
        }
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

/// What home shows of a case.
#[must_use]
pub fn summarize(case: &Case, now: jiff::Timestamp) -> Summary {
    let verdicts = world::verdicts(case);
    case.summary(Moment { now, verdicts: &verdicts })
}
