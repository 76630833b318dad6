//! Carries effects out: reads and writes cases. It runs on a thread of its own, one effect after the other, so that
//! the screen never waits for a disk.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::new_case::{self, Wish};
use super::world::{self, World};
use super::{fault, kept};
use crate::app::message::{Changed, Effect, HomeRow, Message, NewCaseRequest, Opened, Saved};
use crate::case::record::Draft;
use crate::case::{Case, Moment, ReleaseInstant, Summary, SwitchTo};
use crate::evidence::{self, Played, Sight};
use crate::store::{Access, Claim, Listed, Loaded, Reason, Store, StoreError};

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
    /// The file as it was when it could not be read, so that this is told once.
    damaged: Option<Loaded>,
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
            | Effect::Redraw
            | Effect::Suspend
            | Effect::Quit
            | Effect::StartDrill(_)
            | Effect::KeepDrill => None,
        }
    }

    /// What a drill lets the machine find.
    fn played(&self) -> &[Played] {
        self.world.drill.as_ref().map(|drill| drill.evidence.as_slice()).unwrap_or_default()
    }

    fn home(&self) -> Result<Vec<HomeRow>, String> {
        let now = self.world.now();
        let listed = self
            .store
            .summaries(now, &|case| summarize(case, now, self.played()))
            .map_err(|error| error.to_string())?;
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
        let held = claim.as_ref().err().map(ToString::to_string);
        let read_only = why_read_only(&base.access).or(held);
        let case = base.case.clone();
        let notices = base.notices.iter().map(ToString::to_string).collect();
        let project = case.record().project.as_deref().and_then(|name| self.world.project(name).ok());
        let zones = self.world.zones(project.as_ref());
        self.open = Some(OpenFile { id: id.to_owned(), seen: base.clone(), damaged: None, base, claim: claim.ok() });
        Ok(Opened { case, read_only, notices, zones })
    }

    /// Has somebody else changed the file? Then the screen is told the way from what it knew.
    fn look(&mut self, id: &str) -> Option<Message> {
        let open = self.open.as_mut().filter(|open| open.id == id)?;
        if self.store.is_current(&open.seen) || open.damaged.as_ref().is_some_and(|seen| self.store.is_current(seen)) {
            return None;
        }
        let now = self.store.load(id).ok()?;
        if let Access::ReadOnly(reason @ (Reason::Backup { .. } | Reason::NewerSchema(_))) = &now.access {
            // A backup is older than what the screen has: nothing of it may be taken in.
            let text = format!("case.toml can't be read any more: {reason}; what you see is kept in memory");
            open.damaged = Some(now);
            return Some(Message::Notice(text));
        }
        let read_only = why_read_only(&now.access);
        let before = std::mem::replace(&mut open.seen, now).case;
        let after = open.seen.case.clone();
        let changed = before.record() != after.record() || read_only.is_some();
        changed.then(|| Message::Changed(Box::new(Changed { before, after, read_only })))
    }

    fn save(&mut self, mine: Case) -> Saved {
        fault::on_purpose("save");
        let Some(open) = self.open.as_mut().filter(|open| open.id == mine.record().id) else {
            let why = "the case is not open any more; your changes are kept in memory only".to_owned();
            return Saved { sent: mine, stored: None, failure: Some(why), notices: Vec::new(), read_only: None };
        };
        if open.claim.is_none() {
            let failure = Some("another screen holds the case; nothing was written".to_owned());
            return Saved { sent: mine, stored: None, failure, notices: Vec::new(), read_only: None };
        }
        match self.store.save(&open.base, &mine) {
            Ok(loaded) => {
                let notices = loaded.notices.iter().map(ToString::to_string).collect();
                let read_only = why_read_only(&loaded.access);
                open.seen = loaded.clone();
                open.base = loaded;
                Saved { sent: mine, stored: Some(open.base.case.clone()), failure: None, notices, read_only }
            }
            Err(error) => {
                let failure = Some(error.to_string());
                let stored = match error {
                    // It lies on the disk, though perhaps not for good: the next save starts from there.
                    StoreError::MaybeSaved { stored, .. } => {
                        open.seen = (*stored).clone();
                        open.base = *stored;
                        Some(open.base.case.clone())
                    }
                    _ => None,
                };
                Saved { sent: mine, stored, failure, notices: Vec::new(), read_only: None }
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
            let saving = if let Effect::Save(case) = &effect { Some((**case).clone()) } else { None };
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
        let failure = Some("a fault in the program itself".to_owned());
        Message::Saved(Box::new(Saved { sent, stored: None, failure, notices: Vec::new(), read_only: None }))
    };
    saving.map(failed).into_iter().chain([Message::Fault]).collect()
}

fn why_read_only(access: &Access) -> Option<String> {
    match access {
        Access::Write => None,
        Access::ReadOnly(reason) => Some(reason.to_string()),
    }
}

/// What home shows of a case.
#[must_use]
pub fn summarize(case: &Case, now: jiff::Timestamp, played: &[Played]) -> Summary {
    let verdicts = evidence::verdicts(case, Sight { now, find_zone: &world::find_zone, played });
    case.summary(Moment { now, verdicts: &verdicts })
}
