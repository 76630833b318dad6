//! What every verb stands on: the surroundings of the run, the cases, and the one way to change one of them.

use std::time::Duration;

use jiff::Timestamp;

use super::acted::event_words;
use super::failure::{Failure, Kind};
use super::output::Style;
use super::stop::unless_stopped;
use crate::case::{Action, Case, Context, Event, EventKind, Refusal, View, components};
use crate::divergence::Look;
use crate::evidence;
use crate::look::Hearer;
use crate::runtime::looking::{self, Asking};
use crate::runtime::world::{self, World};
use crate::schedule::{Zone, parse_instant};
use crate::store::{Access, BundleFault, EditError, Loaded, Reason, SaveFailure, Store, StoreError, Unreadable};

/// How long a repository may say nothing to a step that asks for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The surroundings of one verb.
#[derive(Clone, Debug)]
pub struct Here {
    /// Folders, clock, zones, who «me» is.
    pub world: World,
    /// How answers are printed.
    pub style: Style,
}

/// What an action brought.
#[derive(Debug)]
pub struct Acted {
    /// The case as it is now.
    pub case: Case,
    /// What happened.
    pub outcome: Outcome,
    /// What it changed for steps, rules and the schedule.
    pub consequences: Vec<String>,
    /// What should be known of the save.
    pub notices: Vec<String>,
}

/// Whether anything happened.
#[derive(Debug)]
pub enum Outcome {
    /// This.
    Happened(Box<Event>),
    /// Nothing: it is so already.
    Already(String),
}

impl Here {
    /// The instant of now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// The folder of cases.
    ///
    /// # Errors
    /// If it can't be opened.
    pub fn store(&self) -> Result<Store, Failure> {
        Store::open(&self.world.data_dir).map_err(stored)
    }

    /// One case to look at.
    ///
    /// # Errors
    /// If there is none of this id, or it can't be read.
    pub fn load(&self, id: &str) -> Result<Loaded, Failure> {
        self.store()?.load(id).map_err(stored)
    }

    /// Is there a case of this id? Whether it can be read is not looked at.
    ///
    /// # Errors
    /// If there is none.
    pub fn check_case(&self, id: &str) -> Result<(), Failure> {
        let known = self.store()?.ids().map_err(stored)?.iter().any(|known| known == id);
        if known { Ok(()) } else { Err(stored(StoreError::NotFound { id: id.to_owned() })) }
    }

    /// Does one thing to a case. What is so already is no failure, and then nothing is written.
    ///
    /// # Errors
    /// The refusal, or why it could not be saved.
    pub fn act(&self, id: &str, action: impl FnOnce(&Case) -> Result<Action, Refusal>) -> Result<Acted, Failure> {
        let (now, by, store) = (self.now(), self.world.me(), self.store()?);
        let looked = store.looked(id);
        let edited = store.edit_and_load(id, |case| {
            let action = action(case)?;
            let consequences = consequences(case, &action, now, &by, &looked.looks);
            let event = evidence::act(case, action, &by, world::sight(now, &looked.looks), &mut world::event_id)?;
            Ok((Box::new(event), consequences))
        });
        match edited {
            Ok(((event, consequences), loaded)) => {
                let notices = notices(&loaded);
                Ok(Acted { case: loaded.case, outcome: Outcome::Happened(event), consequences, notices })
            }
            Err(EditError::Refused(Refusal::Nothing(text))) => {
                // It may be so from a verb that could not tell whether it would last.
                let loaded = self.store()?.load_durable(id).map_err(stored)?;
                let notices = notices(&loaded);
                let outcome = Outcome::Already(text);
                Ok(Acted { case: loaded.case, outcome, consequences: Vec::new(), notices })
            }
            Err(EditError::Refused(refusal)) => Err(refusal.into()),
            Err(EditError::Store(error)) => Err(stored(error)),
        }
    }

    /// Does something to a step, once the repositories were looked at anew that its check or a gate before it asks for.
    /// What the look brings by itself is told, also where the step is refused. Where it finds a leak that nobody knew of,
    /// nothing is done to the step: the person decided without knowing it.
    ///
    /// # Errors
    /// The leak, or as [`Here::act`].
    pub fn act_on_step(
        &self,
        id: &str,
        step: &str,
        action: impl FnOnce(&Case) -> Result<Action, Refusal>,
    ) -> Result<Acted, Failure> {
        let (case, events) = self.look_for(id, step)?;
        if let Some(leak) = events.iter().find(|event| event.kind == EventKind::Leaked) {
            return Err(leaked(id, step, leak));
        }
        let said = |event: &Event| format!("the repositories say: {}", event_words(&case, event));
        let brought: Vec<String> = events.iter().map(said).collect();
        match self.act(id, action) {
            Ok(mut acted) => {
                acted.notices.splice(0..0, brought);
                Ok(acted)
            }
            Err(failure) if brought.is_empty() => Err(failure),
            Err(failure) => {
                let what = format!("{}; {}", failure.what, brought.join("; "));
                Err(Failure { what, kept: "what the look at the repositories brought was kept", ..failure })
            }
        }
    }

    /// Looks at the repositories that a step asks for: the case before it, and what happened because of it.
    fn look_for(&self, id: &str, step: &str) -> Result<(Case, Vec<Event>), Failure> {
        let (store, loaded) = (self.store()?, self.load(id)?);
        let asked = components(&loaded.case);
        if !loaded.is_writable() || asked.is_empty() || !evidence::step_asks_repositories(&loaded.case, step) {
            return Ok((loaded.case, Vec::new()));
        }
        let reports = unless_stopped(self.style, |cancel| {
            looking::reports(
                &self.world,
                &asked,
                Asking { may_ask: true, patience: PATIENCE, cancel, hearer: Hearer::default() },
            )
        })?;
        let looks = Look::zip(asked, reports);
        let events = looking::take_in(&self.world, &store, &loaded.case, &looks).map_err(stored)?;
        Ok((loaded.case, events))
    }

    /// What a case means now, with what the machine finds.
    #[must_use]
    pub fn view(&self, case: &Case) -> View {
        let looked = self.store().map(|store| store.looked(&case.record().id)).unwrap_or_default();
        evidence::view(case, world::sight(self.now(), &looked.looks))
    }

    /// The zones in which the instants of a case are shown.
    #[must_use]
    pub fn zones(&self, case: &Case) -> Vec<Zone> {
        let project = case.record().project.as_deref().and_then(|name| self.world.project(name).ok());
        self.world.zones(project.as_ref())
    }

    /// An instant as a person says it. An hour without a zone is refused, never guessed.
    ///
    /// # Errors
    /// What to write instead.
    pub fn instant(&self, text: &str) -> Result<Timestamp, Failure> {
        Ok(parse_instant(text, self.now(), None, &world::find_zone)?)
    }
}

/// A switch changes the process itself, so that its steps can't be compared one by one.
fn consequences(case: &Case, action: &Action, now: Timestamp, by: &str, looks: &[Look]) -> Vec<String> {
    if matches!(action, Action::Switch(_)) {
        return Vec::new();
    }
    let verdicts = evidence::verdicts(case, world::sight(now, looks));
    let context = Context { now, by, event_id: "", verdicts: &verdicts };
    // If it is refused, the action itself will say so.
    case.consequences(action.clone(), &context).unwrap_or_default()
}

/// Why a step was not done where the look before it found a leak.
fn leaked(id: &str, step: &str, leak: &Event) -> Failure {
    let what = leak.why.as_deref().unwrap_or_default().lines().collect::<Vec<_>>().join("; ");
    let then =
        format!("«fixlead case show {id}» says what to do about the leak; say it again if {step} is still right");
    let what = format!("a leak was found: {what}; {step} was left as it is");
    Failure { kept: "nothing but the leak was kept in the case", ..Failure::new(Kind::Leaked, what, then) }
}

/// A failure of the store with its exit code. Its texts say by themselves what was kept and what to do.
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
pub fn stored(error: StoreError) -> Failure {
    Failure { kept: "", ..Failure::new(kind_of(&error), error.to_string(), "") }
}

fn kind_of(error: &StoreError) -> Kind {
    match error {
        StoreError::NotFound { .. }
        | StoreError::Bundle(BundleFault::Unreadable(Unreadable::Missing))
        | StoreError::NoVersion { .. }
        | StoreError::BadCopy { why: Unreadable::Missing } => Kind::NotFound,
        StoreError::NotSaved { why: SaveFailure::ReadOnly { reason, .. }, .. } => match **reason {
            Reason::HandedOver { .. } => Kind::HandedOver,
            _ => Kind::NotSaved,
        },
        StoreError::Held { .. } | StoreError::HeldBy { .. } => Kind::Held,
        StoreError::Stays { .. } => Kind::NotAllowed,
        StoreError::NotSaved { .. } | StoreError::MaybeSaved { .. } | StoreError::NoBundle { .. } => Kind::NotSaved,
        StoreError::Exists { .. }
        | StoreError::Unreadable { .. }
        | StoreError::Playbook { .. }
        | StoreError::NoBackup { .. }
        | StoreError::NothingToRestore { .. }
        | StoreError::BadCopy { .. }
        | StoreError::Bundle(_)
        | StoreError::Io { .. } => Kind::Failed,
    }
}

/// What should be known of a case that was opened or saved all the same.
#[must_use]
pub fn notices(loaded: &Loaded) -> Vec<String> {
    let told = loaded.notices.iter().map(ToString::to_string);
    match &loaded.access {
        // These two stand in the case itself and among the notices.
        Access::Write | Access::ReadOnly(Reason::HandedOver { .. } | Reason::Backup { .. }) => told.collect(),
        Access::ReadOnly(reason) => told.chain([format!("the case is read-only: {reason}")]).collect(),
    }
}
