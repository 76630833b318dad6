//! What is to be looked at, and what is being looked at now.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::app::board::host;
use crate::app::board::scan::{Manner, Scan, Scope};
use crate::divergence::Component;
use crate::git::Cancel;

/// So many components of one server are looked at at once; each may take a connection for each of its repositories.
const MOST_A_HOST: usize = 2;

/// What is to be looked at: each thread takes the first component whose servers are not busy.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Taken>,
    busy: Vec<Taken>,
    /// Servers that did not answer since the queue was empty: for now no other component asks them.
    silent: BTreeSet<String>,
    closed: bool,
}

/// A component to look at.
#[derive(Clone)]
pub(super) struct Taken {
    pub scope: Scope,
    pub component: Component,
    pub manner: Manner,
    /// Ends the look.
    pub cancel: Cancel,
    /// Its servers that are not asked, for they did not answer for another component.
    pub silent: BTreeSet<String>,
}

impl Taken {
    fn new(scope: &Scope, component: Component, manner: Manner) -> Self {
        Self { scope: scope.clone(), component, manner, cancel: Cancel::default(), silent: BTreeSet::new() }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.scope == other.scope && self.component == other.component
    }

    fn hosts(&self) -> impl Iterator<Item = String> {
        self.component.urls.values().filter_map(|url| host(url))
    }
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what is not there yet.
    pub fn add(&self, scan: Scan) {
        let Scan { scope, components, manner } = scan;
        let mut state = self.state();
        for component in components {
            let taken = Taken::new(&scope, component, manner);
            let all = state.waiting.iter().chain(&state.busy);
            if !all.filter(|known| !known.cancel.is_cancelled()).any(|known| known.is_same(&taken)) {
                state.waiting.push_back(taken);
            }
        }
        self.changed.notify_all();
    }

    /// The next one; waits for it. None once the queue is closed.
    pub fn take(&self) -> Option<Taken> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(at) = state.waiting.iter().position(|taken| state.is_free(taken)) {
                let mut taken = state.waiting.remove(at)?;
                taken.silent = taken.hosts().filter(|host| state.silent.contains(host)).collect();
                if !taken.silent.is_empty() {
                    taken.manner = Manner::Here;
                }
                state.busy.push(taken.clone());
                return Some(taken);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// It was looked at, and these servers did not answer. Was that the last one of its scope?
    pub fn done(&self, taken: &Taken, silent: &BTreeSet<String>) -> bool {
        let mut state = self.state();
        if let Some(at) = state.busy.iter().position(|known| known.is_same(taken)) {
            state.busy.swap_remove(at);
        }
        state.silent.extend(silent.iter().cloned());
        if state.waiting.is_empty() {
            state.silent.clear();
        }
        self.changed.notify_all();
        !state.waiting.iter().chain(&state.busy).any(|known| known.scope == taken.scope)
    }

    /// Ends all that is of these scopes. Those of which nothing is under way any more come back.
    pub fn end(&self, of: impl Fn(&Scope) -> bool) -> Vec<Scope> {
        let mut state = self.state();
        let mut ended: Vec<Scope> = Vec::new();
        state.waiting.retain(|taken| {
            let is_ended = of(&taken.scope);
            if is_ended && !ended.contains(&taken.scope) {
                ended.push(taken.scope.clone());
            }
            !is_ended
        });
        state.busy.iter().filter(|taken| of(&taken.scope)).for_each(|taken| taken.cancel.cancel());
        ended.retain(|scope| !state.busy.iter().any(|taken| taken.scope == *scope));
        ended
    }

    /// Ends everything; nobody waits any more.
    pub fn close(&self) {
        self.end(|_| true);
        self.state().closed = true;
        self.changed.notify_all();
    }
}

impl State {
    /// Are few enough components of its servers looked at, and not itself?
    fn is_free(&self, taken: &Taken) -> bool {
        let busy = |host: String| self.busy.iter().filter(|known| known.hosts().any(|its| its == host)).count();
        !self.busy.iter().any(|known| known.is_same(taken)) && taken.hosts().all(|host| busy(host) < MOST_A_HOST)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::SignedDuration;

    use super::*;
    use crate::divergence::{Expected, Role};

    fn component(name: &str, url: &str) -> Component {
        Component {
            name: name.into(),
            urls: BTreeMap::from([(Role::Canonical, url.to_owned())]),
            clone: None,
            branches: Vec::new(),
            tags: Vec::new(),
            pin: None,
            fixes: Vec::new(),
            memory: String::new(),
            has_fixes_elsewhere: false,
            is_embargoed: false,
            expected: Expected::Equal,
            may_lag: SignedDuration::ZERO,
        }
    }

    fn queue(components: Vec<Component>) -> Queue {
        let queue = Queue::default();
        queue.add(Scan { scope: Scope::Fleet, components, manner: Manner::Quiet });
        queue
    }

    fn names(queue: &Queue, count: usize) -> Vec<String> {
        (0..count).map(|_| queue.take().unwrap().component.name).collect()
    }

    #[test]
    fn a_busy_server_lets_others_go_first() {
        let far = |name| component(name, "https://one.example/x");
        let queue = queue(vec![far("a"), far("b"), far("c"), component("d", "git@other.example:x"), far("e")]);
        assert_eq!(names(&queue, 3), ["a", "b", "d"]);
        let a = Taken::new(&Scope::Fleet, far("a"), Manner::Quiet);
        assert!(!queue.done(&a, &BTreeSet::new()));
        assert_eq!(names(&queue, 1), ["c"]);
    }

    #[test]
    fn a_server_that_was_silent_is_not_asked_for_the_others_that_wait_already() {
        let far = |name| component(name, "https://one.example/x");
        let queue = queue(vec![far("a"), far("b"), component("c", "git@other.example:x")]);
        let a = queue.take().unwrap();
        assert!(!queue.done(&a, &["one.example".to_owned()].into()));
        let [b, c] = [queue.take().unwrap(), queue.take().unwrap()];
        assert_eq!([b.manner, c.manner], [Manner::Here, Manner::Quiet]);
        assert_eq!([b.silent.len(), c.silent.len()], [1, 0]);
    }

    #[test]
    fn what_is_to_be_looked_at_already_is_not_added_again() {
        let one = component("a", "/srv/a.git");
        let queue = queue(vec![one.clone()]);
        let again = || Scan { scope: Scope::Fleet, components: vec![one.clone()], manner: Manner::Quiet };
        queue.add(again());
        let taken = queue.take().unwrap();
        queue.add(again());
        assert!(queue.done(&taken, &BTreeSet::new()), "that was the only one");
        queue.add(again());
        assert!(queue.take().is_some(), "what is done can be looked at again");
    }

    #[test]
    fn an_end_cancels_what_is_looked_at_and_drops_what_waits() {
        let queue = queue(vec![component("a", "/srv/a.git"), component("b", "/srv/b.git")]);
        let taken = queue.take().unwrap();
        assert!(queue.end(|_| true).is_empty(), "one is under way still");
        assert!(taken.cancel.is_cancelled());
        assert!(queue.done(&taken, &BTreeSet::new()));
        queue.add(Scan { scope: Scope::Fleet, components: vec![component("b", "/srv/b.git")], manner: Manner::Here });
        assert_eq!(queue.end(|_| true), [Scope::Fleet]);
        queue.close();
        assert!(queue.take().is_none());
    }
}
