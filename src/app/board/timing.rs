//! When components are looked at by themselves: at intervals, which grow where a server does not answer.
//!
//! Nothing here is random: what parts components from each other follows from their names.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::scan::Unreached;
use super::{Board, Stage, Watched};
use crate::divergence::{Component, Look};

/// How long after a look that saw everything the next one begins.
const SERVERS: SignedDuration = SignedDuration::from_mins(5);
/// The same where all repositories lie on this machine.
const PATHS: SignedDuration = SignedDuration::from_mins(1);
/// How long after failures in a row the next try is, in minutes; then it is always the last.
const BACK_OFF: [i64; 7] = [1, 2, 4, 8, 15, 30, 60];

/// Servers that did not answer, by their names.
#[derive(Clone, Debug, Default)]
pub struct Hosts(BTreeMap<String, Host>);

#[derive(Clone, Copy, Debug)]
struct Host {
    failures: u32,
    /// Nothing is asked of it by itself before.
    until: Timestamp,
}

impl Hosts {
    /// How a look at a component with these servers went. Where several looks fail during one wait, that is one failure.
    fn hear(&mut self, asked: &Component, unreached: &Unreached, at: Timestamp) {
        for host in hosts(asked) {
            if !unreached.hosts.contains(&host) {
                self.0.remove(&host);
                continue;
            }
            let known = self.0.get(&host).copied();
            let failures = match known {
                Some(known) if at < known.until => continue,
                Some(known) => known.failures.saturating_add(1),
                None => 1,
            };
            let until = after(at, apart(&host, back_off(failures)));
            self.0.insert(host, Host { failures, until });
        }
    }

    /// Before this none of the servers of a component is asked by itself; none if all may be.
    #[must_use]
    pub fn until(&self, asked: &Component) -> Option<Timestamp> {
        hosts(asked).iter().filter_map(|host| self.0.get(host)).map(|host| host.until).max()
    }
}

impl Board {
    /// Components that nobody has scheduled are looked at from now on.
    pub(in crate::app) fn schedule(&mut self, now: Timestamp) {
        for watched in self.watched.iter_mut().filter(|watched| watched.next.is_none()) {
            watched.next = Some(now.max(self.hosts.until(&watched.asked).unwrap_or(now)));
        }
    }

    /// All components are looked at now, whatever failed before.
    pub(in crate::app) fn schedule_anew(&mut self, now: Timestamp) {
        self.hosts = Hosts::default();
        self.watched.iter_mut().for_each(|watched| watched.next = Some(now));
    }

    /// One component is looked at now, whatever failed before; without one, all of them.
    pub(in crate::app) fn schedule_one(&mut self, component: Option<usize>, now: Timestamp) {
        match component.and_then(|component| self.watched.get_mut(component)) {
            Some(watched) => watched.next = Some(now),
            None => self.schedule_anew(now),
        }
    }

    /// The components whose time has come. They wait from now on.
    pub(in crate::app) fn take_due(&mut self, now: Timestamp) -> Vec<&Watched> {
        let is_due =
            |watched: &&mut Watched| watched.stage == Stage::Resting && watched.next.is_some_and(|next| next <= now);
        let mut due = Vec::new();
        for watched in self.watched.iter_mut().filter(is_due) {
            watched.stage = Stage::Waiting;
            due.push(&*watched);
        }
        due
    }

    /// When the next look begins by itself.
    #[must_use]
    pub fn next_look(&self) -> Option<Timestamp> {
        let resting = self.watched.iter().filter(|watched| watched.stage == Stage::Resting);
        resting.filter_map(|watched| watched.next).min()
    }

    /// Is anything looked at, or about to be?
    #[must_use]
    pub fn is_looking(&self) -> bool {
        self.watched.iter().any(|watched| watched.stage != Stage::Resting)
    }

    /// Takes a look in. One that answers another question than is asked now changes nothing but when the next one begins.
    pub(in crate::app) fn take_look(&mut self, look: Look, unreached: &Unreached, at: Timestamp) {
        let interval = self.interval(&look.asked);
        self.hosts.hear(&look.asked, unreached, at);
        let until = self.hosts.until(&look.asked);
        let Some(watched) = self.watched.iter_mut().find(|watched| watched.asked.name == look.asked.name) else {
            return;
        };
        watched.stage = Stage::Resting;
        watched.ended = Some(at);
        if watched.asked != look.asked {
            watched.next = Some(at);
        } else if look.report.is_seen() && unreached.hosts.is_empty() {
            watched.failures = 0;
            watched.next = Some(after(at, apart(&look.asked.name, interval)));
        } else {
            // What was seen the last time is told still where a server is silent, but that is no look of now.
            watched.failures = watched.failures.saturating_add(1);
            let again = after(at, apart(&look.asked.name, back_off(watched.failures)));
            watched.next = Some(until.unwrap_or(again));
        }
        watched.needs_person = unreached.needs_person;
        if !look.answers(&watched.asked) {
            return;
        }
        self.note_changes(&look);
        self.put(look);
    }

    /// How long after a look that saw everything the next one begins.
    #[must_use]
    pub fn interval(&self, asked: &Component) -> SignedDuration {
        self.refresh.unwrap_or_else(|| interval(asked))
    }

    /// What was under way was ended by the person: it comes again in its time.
    pub(in crate::app) fn end_looks(&mut self, now: Timestamp) {
        let refresh = self.refresh;
        for watched in self.watched.iter_mut().filter(|watched| watched.stage != Stage::Resting) {
            let interval = refresh.unwrap_or_else(|| interval(&watched.asked));
            watched.stage = Stage::Resting;
            watched.next = Some(after(now, apart(&watched.asked.name, interval)));
        }
    }
}

/// The same where nobody says it.
fn interval(asked: &Component) -> SignedDuration {
    if hosts(asked).is_empty() { PATHS } else { SERVERS }
}

/// How long after so many failures in a row the next try is.
fn back_off(failures: u32) -> SignedDuration {
    let at = (failures.max(1) as usize - 1).min(BACK_OFF.len() - 1);
    SignedDuration::from_mins(BACK_OFF[at])
}

/// A time and up to a fifth more, so that what has the same interval does not come all at once.
fn apart(name: &str, time: SignedDuration) -> SignedDuration {
    // FNV-1a: the same on each machine and in each version.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let most = time.as_secs() / 5;
    time + SignedDuration::from_secs(i64::from(hash) % (most + 1))
}

fn after(at: Timestamp, time: SignedDuration) -> Timestamp {
    at.checked_add(time).unwrap_or(Timestamp::MAX)
}

/// The servers that a component is on.
fn hosts(asked: &Component) -> Vec<String> {
    let mut hosts: Vec<String> = asked.urls.values().filter_map(|url| host(url)).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// The server of a URL, without name and port; none for what lies on this machine.
#[must_use]
pub fn host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("ssh", url));
    let authority = if url.contains("://") {
        rest.split(['/', '?', '#']).next()?
    } else {
        // As git sees it: a colon before the first slash parts a host from a path.
        let at = rest.find([':', '/']).filter(|at| rest[*at..].starts_with(':'))?;
        &rest[..at]
    };
    let server = authority.rsplit('@').next().unwrap_or(authority);
    let name = match server.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => server.split(':').next()?,
    };
    (scheme != "file" && !name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
