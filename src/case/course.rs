//! The course of the embargo: exposing, public, leaked, closed.

use super::act::{Change, Done};
use super::action::Refusal;
use super::event::EventKind;
use super::record::{AnchorTime, Closing, Leak, LeakExtent, Record, State};
use super::view::View;
use crate::playbook::CloseAs;

/// What no other version of a case can take away.
pub const STAYS: &str = "what was exposed, public, leaked, sent or handed over stays so";

impl Record {
    /// Would another version take away what is out in the world: an exposure, a leak, a hand-over, something sent?
    #[must_use]
    pub fn is_lost_in(&self, other: &Self) -> bool {
        let forgets = self.state == State::Leaked && other.state == State::Embargo && other.open_leak().is_some();
        let falls_back = forgets || other.way_gone() < self.way_gone();
        let same_leak = |leak: &Leak| other.leak.as_ref().is_some_and(|it| it.extent >= leak.extent);
        let leak = self.leak.as_ref().is_some_and(|leak| !same_leak(leak));
        let hand_over = self.hand_over.is_some() && self.hand_over != other.hand_over;
        let sent = self.send.iter().any(|send| !other.send.iter().any(|it| it.id == send.id));
        falls_back || leak || hand_over || sent
    }

    /// How far on the way to the public: the greater, the further.
    fn way_gone(&self) -> u8 {
        let state = if matches!(self.state, State::Leaked | State::Closed) { self.reached() } else { self.state };
        match state {
            State::Public => 2,
            State::Releasing => 1,
            _ => 0,
        }
    }
}

impl Change<'_> {
    pub(super) fn expose(&mut self, codename: &str) -> Result<Done, Refusal> {
        self.check_codename(Some(codename), "Expose the fix")?;
        if !matches!(self.record.state, State::Embargo | State::Leaked) {
            return Err(Refusal::Nothing(format!("the case is {} already", self.record.state.word())));
        }
        if !self.begin_releasing() {
            return Err(Refusal::Nothing("the case has been public already".to_owned()));
        }
        Ok(Done::new(EventKind::Exposed, "releasing"))
    }

    /// From EMBARGO or LEAKED to RELEASING; false where the case has been public, which it can't fall back behind.
    pub(super) fn begin_releasing(&mut self) -> bool {
        if self.record.reached() == State::Public {
            return false;
        }
        self.record.state = State::Releasing;
        // A leak opens a closed case again, and whoever exposes goes on with it.
        self.record.closing = None;
        true
    }

    pub(super) fn check_codename(&self, typed: Option<&str>, title: &str) -> Result<(), Refusal> {
        match typed {
            Some(typed) if typed.trim() == self.record.id => Ok(()),
            Some(_) => Err(Refusal::WrongCodename),
            None => Err(Refusal::NeedsCodename { title: title.to_owned() }),
        }
    }

    pub(super) fn publish(&mut self) -> Result<Done, Refusal> {
        match self.record.state {
            State::Public => return Err(Refusal::Nothing("the case is public already".to_owned())),
            State::Embargo => {
                return Err(Refusal::NotAllowed(
                    "nothing has been exposed yet: do the step that makes the fix public first, or say «expose»"
                        .to_owned(),
                ));
            }
            State::Releasing | State::Leaked | State::Closed => {}
        }
        self.record.state = State::Public;
        self.record.closing = None;
        let anchor = self.playbook.embargo_end().map(|anchor| anchor.id.clone());
        if let Some(anchor) = anchor {
            let mut times = self.record.release(&anchor);
            times.actual = times.actual.or(Some(self.now));
            self.record.anchors.insert(anchor, AnchorTime::Release(times));
        }
        Ok(Done::new(EventKind::Published, "public"))
    }

    pub(super) fn report_leak(&mut self, extent: LeakExtent, what: String) -> Result<Done, Refusal> {
        if what.trim().is_empty() {
            return Err(Refusal::BadValue("say what was seen, and where".to_owned()));
        }
        // More may become known of an open leak, never less.
        let worst = self.record.open_leak().map_or(extent, |known| known.extent.max(extent));
        self.record.leak = Some(Leak { extent: worst, what: what.clone(), at: self.now, closed: None });
        self.record.state = State::Leaked;
        Ok(Done::new(EventKind::Leaked, extent.word()).because(Some(what)))
    }

    pub(super) fn close_leak(&mut self, why: String) -> Result<Done, Refusal> {
        let Some(leak) = self.record.leak.as_mut().filter(|leak| leak.closed.is_none()) else {
            return Err(Refusal::Nothing("no leak is open".to_owned()));
        };
        leak.closed = Some(self.now);
        if self.record.state == State::Leaked {
            self.record.state = self.record.without_leak();
        }
        Ok(Done::new(EventKind::LeakClosed, "leak").because(Some(why)))
    }

    pub(super) fn close(&mut self, ending: Option<CloseAs>, why: Option<String>) -> Result<Done, Refusal> {
        if self.record.state == State::Closed {
            return Err(Refusal::Nothing("the case is closed already".to_owned()));
        }
        match ending {
            None => {
                if let Some(missing) = not_over(&self.view(), &self.record) {
                    return Err(Refusal::NotAllowed(missing));
                }
            }
            Some(ending) if why.as_ref().is_none_or(|why| why.trim().is_empty()) => {
                return Err(Refusal::BadValue(format!("say why the case ends as {}", ending.word())));
            }
            Some(_) => {}
        }
        self.record.state = State::Closed;
        self.record.closing = Some(Closing { ending, why: why.clone(), at: self.now });
        let target = ending.map_or("released", CloseAs::word);
        Ok(Done::new(EventKind::Closed, target).because(why))
    }

    pub(super) fn archive(&mut self, archived: bool) -> Done {
        self.record.archived = archived;
        Done::new(if archived { EventKind::Archived } else { EventKind::Unarchived }, "case")
    }
}

/// Why a case can't end as released, if it can't.
pub(super) fn not_over(view: &View, record: &Record) -> Option<String> {
    if let Some(rule) = view.leaving() {
        return Some(format!("the case has left its process: {} Close it with an ending", rule.text));
    }
    let (settled, total) = view.progress();
    let endings = CloseAs::ALL.map(|(word, _)| word).join(", ");
    if settled < total {
        let open = view.steps().find(|step| step.is_open() && !step.optional && !step.standing);
        let first = open.map_or(String::new(), |step| format!(", first «{}»", step.title));
        let count = total - settled;
        return Some(format!(
            "{count} steps are open{first}: do them or set them aside, or close the case as {endings}"
        ));
    }
    if record.open_leak().is_some() {
        return Some("a leak is open: close the leak first".to_owned());
    }
    if record.state != State::Public {
        let state = record.state.word();
        return Some(format!("the case is {state}, not public: declare it public first, or close it as {endings}"));
    }
    None
}
