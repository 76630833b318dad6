//! What passes from the looks to the screen: never more than a few messages a second, and none while nothing moves.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::UnboundedSender;

use crate::app::board::Progress;
use crate::app::board::scan::{News, Scope, Unreached};
use crate::app::message::Message;
use crate::divergence::{Look, Report};
use crate::runtime::world::World;
use crate::store::Store;

/// How far apart messages are.
const PAUSE: Duration = Duration::from_millis(100);
/// What was found is written at most so often while looks go on.
const KEPT: Duration = Duration::from_secs(2);
/// A look that found nothing new is written after so long, so that those who read it know that it still holds.
const HOLDS: SignedDuration = SignedDuration::from_mins(5);

/// A look that is over.
pub(super) struct Found {
    pub look: Look,
    pub at: Timestamp,
    pub unreached: Unreached,
}

/// What is told to the screen.
pub(super) enum Event {
    Progress(Scope, String, Progress),
    Looked(Scope, Box<Found>),
    Ended(Scope, bool),
}

/// The way to the screen. It ends with its last copy.
#[derive(Clone)]
pub(super) struct Pump(Sender<Event>);

impl Pump {
    pub fn begin(world: &World, outgoing: UnboundedSender<Message>) -> Self {
        let (events, incoming) = channel();
        let store = Store::open(&world.data_dir).map_err(|error| error.to_string());
        let flow = Flow { outgoing, store, pending: Pending::default(), unkept: BTreeMap::new(), last: None };
        thread::spawn(move || flow.run(&incoming));
        Self(events)
    }

    pub fn tell(&self, event: Event) {
        // Where nobody listens any more the program is about to end.
        let _ = self.0.send(event);
    }
}

/// What was not told yet.
#[derive(Default)]
struct Pending {
    progress: Vec<(Scope, String, Progress)>,
    looks: Vec<(Scope, Box<Found>)>,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.progress.is_empty() && self.looks.is_empty()
    }
}

/// What was found and is not written yet, of a case.
struct Unkept {
    looks: Vec<Look>,
    since: Instant,
}

struct Flow {
    outgoing: UnboundedSender<Message>,
    store: Result<Store, String>,
    pending: Pending,
    unkept: BTreeMap<String, Unkept>,
    /// When something was told last.
    last: Option<Instant>,
}

impl Flow {
    fn run(mut self, incoming: &Receiver<Event>) {
        loop {
            let event = match self.patience() {
                Some(rest) => incoming.recv_timeout(rest),
                None => incoming.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match event {
                Ok(event) => self.hear(event),
                Err(RecvTimeoutError::Timeout) => self.tell_next(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.tell_looks();
        let cases: Vec<String> = self.unkept.keys().cloned().collect();
        for case in cases {
            let _ = self.keep(&case);
        }
    }

    /// How long nothing may come in before something is told or kept; none where neither is due.
    fn patience(&self) -> Option<Duration> {
        let to_tell = || self.last.map_or(Duration::ZERO, |last| PAUSE.saturating_sub(last.elapsed()));
        let to_tell = (!self.pending.is_empty()).then(to_tell);
        // A look that goes on in silence must not keep what was found before it from the disk.
        let to_keep = self.unkept.values().map(|unkept| KEPT.saturating_sub(unkept.since.elapsed())).min();
        to_tell.into_iter().chain(to_keep).min()
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Progress(scope, name, progress) => {
                self.forget(&scope, &name);
                self.pending.progress.push((scope, name, progress));
            }
            Event::Looked(scope, found) => {
                // How far it was is of no interest any more.
                self.forget(&scope, &found.look.asked.name);
                if let Scope::Case(id) = &scope {
                    let fresh = || Unkept { looks: Vec::new(), since: Instant::now() };
                    self.unkept.entry(id.clone()).or_insert_with(fresh).looks.push(found.look.clone());
                }
                self.pending.looks.push((scope, found));
            }
            Event::Ended(scope, cancelled) => {
                self.tell_looks();
                self.pending.progress.retain(|(of, ..)| *of != scope);
                let kept = if let Scope::Case(id) = &scope { self.keep(id) } else { Ok(()) };
                self.say(News::Ended { scope, cancelled, failure: kept.err() });
            }
        }
    }

    fn forget(&mut self, scope: &Scope, name: &str) {
        self.pending.progress.retain(|(of, known, _)| (of, known.as_str()) != (scope, name));
    }

    /// Tells all that was found meanwhile, or how far one of the looks is.
    fn tell_next(&mut self) {
        if !self.pending.looks.is_empty() {
            self.tell_looks();
        } else if !self.pending.progress.is_empty() {
            let (scope, component, progress) = self.pending.progress.remove(0);
            self.say(News::Progress { scope, component, progress });
        }
        let is_due = |unkept: &Unkept| unkept.since.elapsed() >= KEPT;
        let due: Vec<String> =
            self.unkept.iter().filter(|(_, unkept)| is_due(unkept)).map(|(id, _)| id.clone()).collect();
        // Where it fails the end of the looks says so.
        for case in due {
            let _ = self.keep(&case);
        }
    }

    fn tell_looks(&mut self) {
        let looks = std::mem::take(&mut self.pending.looks);
        let scopes: Vec<Scope> = looks.iter().map(|(scope, _)| scope.clone()).collect();
        for (at, (scope, found)) in looks.into_iter().enumerate() {
            let more = scopes[at + 1..].contains(&scope);
            let Found { look, at, unreached } = *found;
            self.say(News::Looked { scope, look: Box::new(look), at, unreached, more });
        }
    }

    fn say(&mut self, news: News) {
        self.last = Some(Instant::now());
        let _ = self.outgoing.send(Message::Scan(Box::new(news)));
    }

    /// Keeps what was found beside the case, with what is there of other components.
    fn keep(&mut self, case: &str) -> Result<(), String> {
        let Some(unkept) = self.unkept.get_mut(case) else { return Ok(()) };
        // If this fails the next try is not at once.
        unkept.since = Instant::now();
        let store = self.store.as_ref().map_err(Clone::clone)?;
        let mut looks = store.looked(case).looks;
        let mut is_new = false;
        for look in &unkept.looks {
            match looks.iter_mut().find(|known| known.asked.name == look.asked.name) {
                Some(known) if holds(known, look) => {}
                Some(known) => {
                    known.clone_from(look);
                    is_new = true;
                }
                None => {
                    looks.push(look.clone());
                    is_new = true;
                }
            }
        }
        if is_new {
            store.keep_looks(case, &looks).map_err(|error| error.to_string())?;
        }
        self.unkept.remove(case);
        Ok(())
    }
}

/// Does a look say the same as one that was written a short while ago?
fn holds(known: &Look, now: &Look) -> bool {
    let plain = |report: &Report| Report { looked_at: Vec::new(), ..report.clone() };
    let is_near = match (known.at(), now.at()) {
        (Some(before), Some(after)) => after.duration_since(before).abs() < HOLDS,
        (before, after) => before == after,
    };
    is_near && known.asked == now.asked && plain(&known.report) == plain(&now.report)
}
