//! Whether tips reach commits: very many tips, and very many commits, in one history.
//!
//! For a commit that is asked for, one pass over all that is above it tells of each commit whether it leads there: the history
//! is laid out by generations, parents first. After that an answer costs next to nothing.

use std::collections::VecDeque;

use super::{History, Place};

/// What is remembered takes no more than so many bytes; what was asked for longest ago is forgotten first.
const MOST: usize = 64 << 20;

/// Answers whether tips reach commits. Ask for one commit after the other, each with all of the tips: that is cheapest.
#[derive(Debug)]
pub struct Reaches {
    history: Layered,
    known: VecDeque<Known>,
}

impl Reaches {
    /// Nothing is looked at yet.
    #[must_use]
    pub fn new(history: &impl History) -> Self {
        Self { history: Layered::of(history), known: VecDeque::new() }
    }

    /// Does the tip reach the target? A commit reaches itself. None if that can't be known: no way is seen, and what is
    /// missing between them may hold one. A target that is no place of the history lies behind what is missing, if anywhere.
    pub fn reaches(&mut self, tip: Place, target: Place) -> Option<bool> {
        let at = self.known.iter().rposition(|known| known.target == target);
        let at = at.unwrap_or_else(|| self.begin(target));
        match self.known[at].leads[self.history.layers[tip as usize] as usize] {
            YES => Some(true),
            NO => Some(false),
            _ => None,
        }
    }

    /// Where what is known of a target is kept.
    fn begin(&mut self, target: Place) -> usize {
        let room = self.history.ends.len();
        while !self.known.is_empty() && (self.known.len() + 1) * room > MOST {
            self.known.pop_front();
        }
        self.known.push_back(Known { target, leads: self.history.what_leads_to(target) });
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

/// It does not lead there.
const NO: u8 = 0;
/// It does.
const YES: u8 = 1;
/// It leads to where the history ends too early.
const OPEN: u8 = 2;

/// Which commits lead to a target, by where they are laid out.
#[derive(Debug)]
struct Known {
    target: Place,
    leads: Vec<u8>,
}

/// A history laid out so that each commit comes after its parents. It takes some twenty bytes for a commit.
#[derive(Debug)]
struct Layered {
    /// Where each commit is laid out, by its place in the history.
    layers: Vec<u32>,
    /// Their parents, one commit after the other.
    parents: Vec<u32>,
    /// Where the parents of each end.
    ends: Vec<u32>,
    /// Commits of which a parent is not there.
    cut: Vec<bool>,
    is_whole: bool,
}

impl Layered {
    fn of(history: &impl History) -> Self {
        let mut order: Vec<Place> = (0..).take(history.count()).collect();
        // A parent that is there has a lower generation, whatever else is missing.
        order.sort_by_cached_key(|commit| history.generation(*commit));
        let mut layers = vec![0; order.len()];
        for (layer, commit) in (0..).zip(&order) {
            layers[*commit as usize] = layer;
        }
        let (mut parents, mut ends, mut cut) = (Vec::new(), Vec::with_capacity(order.len()), Vec::new());
        for commit in &order {
            let has_all = history.parents(*commit, |parent| parents.push(layers[parent as usize]));
            cut.push(!has_all);
            // Nobody has four thousand million parents; who has would see them end too early, which is not known.
            ends.push(u32::try_from(parents.len()).unwrap_or(u32::MAX));
        }
        Self { layers, parents, ends, cut, is_whole: history.is_whole() }
    }

    fn parents(&self, layer: usize) -> &[u32] {
        let start = layer.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.parents[start as usize..self.ends[layer] as usize]
    }

    /// Of each commit, whether it leads to a target.
    fn what_leads_to(&self, target: Place) -> Vec<u8> {
        // Memory that nobody writes to takes no room.
        let mut leads = vec![NO; self.ends.len()];
        let target = self.layers.get(target as usize).map(|layer| *layer as usize);
        if let Some(target) = target {
            leads[target] = YES;
        }
        if self.is_whole {
            // What leads to a commit comes after it.
            for layer in target.map_or(leads.len(), |target| target + 1)..leads.len() {
                if self.parents(layer).iter().any(|parent| leads[*parent as usize] == YES) {
                    leads[layer] = YES;
                }
            }
            return leads;
        }
        // What lies below the target can't lead to it, whatever is missing there.
        let below = target.map(|target| self.below(target)).unwrap_or_default();
        for layer in (0..leads.len()).filter(|layer| !below.get(*layer).is_some_and(|is_below| *is_below)) {
            let is = |wanted: u8| self.parents(layer).iter().any(|parent| leads[*parent as usize] == wanted);
            leads[layer] = match () {
                () if is(YES) => YES,
                () if self.cut[layer] || is(OPEN) => OPEN,
                () => NO,
            };
        }
        leads
    }

    /// The commit and all below it.
    fn below(&self, commit: usize) -> Vec<bool> {
        let mut below = vec![false; self.ends.len()];
        below[commit] = true;
        for layer in (0..=commit).rev() {
            if below[layer] {
                self.parents(layer).iter().for_each(|parent| below[*parent as usize] = true);
            }
        }
        below
    }
}
