//! Whether tips reach commits: very many tips, some tens of commits, one history.
//!
//! For each commit that was asked for it is remembered of every commit walked over whether it leads there, so that no
//! commit is walked over twice. Where all of the history is known, nothing of a generation below is walked over at all.

use std::collections::VecDeque;

use super::{History, Place};

/// What is remembered takes no more than so many bytes; what was asked for longest ago is forgotten first.
const MOST: usize = 64 << 20;

/// Answers whether tips reach commits. Ask for one commit after the other, each with all of the tips: that is cheapest.
#[derive(Debug)]
pub struct Reaches<H> {
    history: H,
    is_whole: bool,
    known: VecDeque<Known>,
    path: Vec<Place>,
}

impl<H: History> Reaches<H> {
    /// Nothing is looked at yet.
    #[must_use]
    pub fn new(history: H) -> Self {
        Self { is_whole: history.is_whole(), history, known: VecDeque::new(), path: Vec::new() }
    }

    /// Does the tip reach the target? A commit reaches itself. None if that can't be known: no way is seen, and what is
    /// missing between them may hold one. A target that is no place of the history lies behind what is missing, if anywhere.
    pub fn reaches(&mut self, tip: Place, target: Place) -> Option<bool> {
        let at = self.known.iter().rposition(|known| known.target == target);
        let at = at.unwrap_or_else(|| self.begin(target));
        let known = &mut self.known[at];
        self.path.push(tip);
        while let Some(commit) = self.path.last().copied() {
            match known.step(&self.history, self.is_whole, commit) {
                Some(parent) => self.path.push(parent),
                None => drop(self.path.pop()),
            }
        }
        match known.leads(tip) {
            YES => Some(true),
            NO => Some(false),
            _ => None,
        }
    }

    /// Where what is known of a target is kept.
    fn begin(&mut self, target: Place) -> usize {
        let known = Known::of(&self.history, self.is_whole, target);
        while !self.known.is_empty() && (self.known.len() + 1) * known.bits.len() > MOST {
            self.known.pop_front();
        }
        self.known.push_back(known);
        self.known.len() - 1
    }
}

/// Of each commit, whether one of these tips is it or reaches it.
#[must_use]
pub fn reached(history: &impl History, tips: impl IntoIterator<Item = Place>) -> Vec<bool> {
    let mut reached = vec![false; history.count()];
    let mut to_do: Vec<Place> = tips.into_iter().collect();
    while let Some(commit) = to_do.pop() {
        if !std::mem::replace(&mut reached[commit as usize], true) {
            history.parents(commit, |parent| to_do.push(parent));
        }
    }
    reached
}

/// Not walked over yet.
const UNSEEN: u8 = 0;
/// It does not lead there.
const NO: u8 = 1;
/// It does.
const YES: u8 = 2;
/// It leads to where the history ends too early.
const OPEN: u8 = 3;

/// Which commits lead to a target, two bits for each.
#[derive(Debug)]
struct Known {
    target: Place,
    generation: u32,
    bits: Vec<u8>,
}

impl Known {
    fn of(history: &impl History, is_whole: bool, target: Place) -> Self {
        let is_there = (target as usize) < history.count();
        let generation = if is_there { history.generation(target) } else { u32::MAX };
        // Memory that nobody writes to takes no room.
        let mut known = Self { target, generation, bits: vec![0; history.count().div_ceil(4)] };
        if !is_there {
            return known;
        }
        known.tell(target, YES);
        if !is_whole {
            // What lies below the target can't lead to it, whatever is missing there.
            let mut below = vec![target];
            while let Some(commit) = below.pop() {
                history.parents(commit, |parent| {
                    if known.leads(parent) == UNSEEN {
                        known.tell(parent, NO);
                        below.push(parent);
                    }
                });
            }
        }
        known
    }

    fn leads(&self, commit: Place) -> u8 {
        self.bits[commit as usize / 4] >> (commit % 4 * 2) & 3
    }

    fn tell(&mut self, commit: Place, answer: u8) {
        self.bits[commit as usize / 4] |= answer << (commit % 4 * 2);
    }

    /// Tells of a commit whether it leads to the target, or gives the parent of which that has to be told first.
    fn step(&mut self, history: &impl History, is_whole: bool, commit: Place) -> Option<Place> {
        if self.leads(commit) != UNSEEN {
            return None;
        }
        // What leads to a commit has a higher generation. Where something is missing generations are too low.
        if is_whole && history.generation(commit) <= self.generation {
            self.tell(commit, NO);
            return None;
        }
        let (mut answer, mut unseen) = (NO, None);
        let has_all = history.parents(commit, |parent| match self.leads(parent) {
            YES => answer = YES,
            OPEN if answer == NO => answer = OPEN,
            UNSEEN => unseen = unseen.or(Some(parent)),
            _ => {}
        });
        if answer == YES {
            unseen = None;
        }
        if unseen.is_none() {
            self.tell(commit, if answer == NO && !has_all { OPEN } else { answer });
        }
        unseen
    }
}
