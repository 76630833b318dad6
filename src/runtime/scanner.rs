//! What looks at repositories while the screen is shown: a few threads beside the desk, which take what is to be looked at one
//! component after the other and tell what they found. Nothing of it ever holds the screen up.

mod pump;
mod queue;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::fault;
use super::looking::{self, Asking};
use super::world::World;
use crate::app::board::scan::{Manner, Scan, Scope, Sides, SidesWanted, Unreached};
use crate::app::board::{Progress, host};
use crate::app::message::{Effect, Message};
use crate::divergence::{Look, Report};
use crate::git::{Cancel, GitError, Network};
use crate::look::{Hearer, Told};

use pump::{Event, Found, Pump};
use queue::{Queue, Taken};

/// How long a server may say nothing.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// More than so many components at once only wait for each other.
const MOST_THREADS: usize = 8;

/// Looks at repositories beside the screen.
pub struct Scanner {
    queue: Arc<Queue>,
    /// Commits of branches that are to be read.
    sides: mpsc::Sender<SidesWanted>,
    /// Ends the reading of commits.
    cancel: Cancel,
    pump: Pump,
}

impl Scanner {
    /// Begins to wait for what is to be looked at; what it has to tell comes as messages. It ends with this value.
    #[must_use]
    pub fn begin(world: &World) -> (Self, UnboundedReceiver<Message>) {
        Self::patient(world, PATIENCE)
    }

    /// The same, where servers may say nothing for so long.
    fn patient(world: &World, patience: Duration) -> (Self, UnboundedReceiver<Message>) {
        let (outgoing, news) = unbounded_channel();
        let queue = Arc::new(Queue::default());
        let cancel = Cancel::default();
        let sides = read_sides(world.clone(), cancel.clone(), outgoing.clone());
        let pump = Pump::begin(world, outgoing);
        // One is left to the screen.
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get() - 1).clamp(1, MOST_THREADS);
        for _ in 0..threads {
            let (worker, queue) = (Worker { world: world.clone(), patience, pump: pump.clone() }, Arc::clone(&queue));
            thread::spawn(move || {
                while let Some(taken) = queue.take() {
                    worker.look(&queue, &taken);
                }
            });
        }
        (Self { queue, sides, cancel, pump }, news)
    }

    /// Carries an effect out that is its own. What is left to others it takes note of: was it its own?
    #[must_use]
    pub fn takes(&self, effect: &Effect) -> bool {
        match effect {
            Effect::Scan(scan) => self.scan((**scan).clone()),
            Effect::EndScans => self.end_all(),
            Effect::ReadSides(wanted) => {
                // Where its thread is gone the branch stays without its commits.
                let _ = self.sides.send((**wanted).clone());
            }
            Effect::Open(id) => {
                self.stay_with(Some(id));
                return false;
            }
            Effect::Release | Effect::OpenVersion { .. } | Effect::Restore { .. } => {
                self.stay_with(None);
                return false;
            }
            _ => return false,
        }
        true
    }

    /// These are to be looked at, after what is to be looked at already.
    fn scan(&self, scan: Scan) {
        self.queue.add(scan);
    }

    /// Ends all looks; each scope is told.
    fn end_all(&self) {
        for scope in self.queue.end(|_| true) {
            self.pump.tell(Event::Ended(scope, true));
        }
    }

    /// Ends the looks at other cases than this one: nobody waits for them any more.
    fn stay_with(&self, case: Option<&str>) {
        self.queue.end(|scope| matches!(scope, Scope::Case(id) if Some(id.as_str()) != case));
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.queue.close();
    }
}

/// A thread that reads the commits of branches, one branch after the other.
fn read_sides(world: World, cancel: Cancel, outgoing: UnboundedSender<Message>) -> mpsc::Sender<SidesWanted> {
    let (wanted, incoming) = mpsc::channel::<SidesWanted>();
    thread::spawn(move || {
        while let Ok(wanted) = incoming.recv() {
            let read = catch_unwind(AssertUnwindSafe(|| looking::sides(&world, wanted.clone(), &cancel)));
            let failed = || Sides { of: wanted, commits: Err("a fault in the program itself".to_owned()) };
            let sides = read.unwrap_or_else(|_| failed());
            if outgoing.send(Message::Sides(Box::new(sides))).is_err() {
                return;
            }
        }
    });
    wanted
}

/// What a thread looks with.
struct Worker {
    world: World,
    patience: Duration,
    pump: Pump,
}

impl Worker {
    fn look(&self, queue: &Queue, taken: &Taken) {
        let unreached = Mutex::new(Unreached { hosts: taken.silent.clone(), needs_person: false });
        let report = self.report(taken, &unreached);
        let is_cancelled = taken.cancel.is_cancelled();
        let mut silent = BTreeSet::new();
        // What was cancelled may have left out anything: what was known before says more.
        if !is_cancelled {
            let look = Look { asked: taken.component.clone(), report };
            let unreached = unreached.into_inner().unwrap_or_else(PoisonError::into_inner);
            silent.clone_from(&unreached.hosts);
            let found = Found { look, at: self.world.now(), unreached };
            self.pump.tell(Event::Looked(taken.scope.clone(), Box::new(found)));
        }
        if queue.done(taken, &silent) {
            self.pump.tell(Event::Ended(taken.scope.clone(), is_cancelled));
        }
    }

    /// What is found; also where the look itself fails.
    fn report(&self, taken: &Taken, unreached: &Mutex<Unreached>) -> Report {
        let Taken { scope, component, manner, cancel, .. } = taken;
        let hears = |told: Told<'_>| match told {
            Told::Step { words, done } => {
                self.pump.tell(Event::Progress(scope.clone(), component.name.clone(), Progress { words, done }));
            }
            Told::Asked { remote, trouble } => {
                let mut unreached = unreached.lock().unwrap_or_else(PoisonError::into_inner);
                note(&mut unreached, component.urls.get(&remote), trouble);
            }
        };
        let hearer = Hearer::new(&hears);
        let asking = Asking { may_ask: *manner != Manner::Here, patience: self.patience, cancel, hearer };
        let looked = catch_unwind(AssertUnwindSafe(|| {
            fault::on_purpose("look");
            looking::reports(&self.world, std::slice::from_ref(component), asking)
        }));
        looked.ok().and_then(|mut reports| reports.pop()).unwrap_or_else(|| looking::failed(component))
    }
}

/// Takes note of why a server could not be asked.
fn note(unreached: &mut Unreached, url: Option<&String>, trouble: Option<&GitError>) {
    let Some(GitError::Network { trouble, .. }) = trouble else { return };
    match trouble {
        Network::NoSuchHost | Network::NoConnection | Network::NoAnswer(_) | Network::BrokenOff => {
            unreached.hosts.extend(url.and_then(|url| host(url)));
        }
        Network::SignIn | Network::HostKey => unreached.needs_person = true,
        _ => {}
    }
}

#[cfg(test)]
mod tests;
