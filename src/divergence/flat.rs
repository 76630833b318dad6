//! A history in plain memory, for those who walk over it very often.

use super::{History, Place};

/// A copy of a history: its parents one after the other, and where those of each commit end. It takes some sixteen bytes for a
/// commit.
#[derive(Debug)]
pub struct Flat {
    parents: Vec<Place>,
    ends: Vec<u32>,
    generations: Vec<u32>,
    /// Commits of which a parent is not there.
    cut: Vec<bool>,
    is_whole: bool,
}

impl Flat {
    /// The same history.
    #[must_use]
    pub fn of(history: &impl History) -> Self {
        let count = history.count();
        let mut flat = Self {
            parents: Vec::with_capacity(count + count / 8),
            ends: Vec::with_capacity(count),
            generations: Vec::with_capacity(count),
            cut: Vec::with_capacity(count),
            is_whole: history.is_whole(),
        };
        for commit in (0..).take(count) {
            let has_all = history.parents(commit, |parent| flat.parents.push(parent));
            flat.cut.push(!has_all);
            flat.generations.push(history.generation(commit));
            // Nobody has four thousand million parents; who has would see them end too early, which is not known.
            flat.ends.push(u32::try_from(flat.parents.len()).unwrap_or(u32::MAX));
        }
        flat
    }
}

impl History for Flat {
    fn count(&self) -> usize {
        self.ends.len()
    }

    fn generation(&self, commit: Place) -> u32 {
        self.generations[commit as usize]
    }

    fn parents(&self, commit: Place, each: impl FnMut(Place)) -> bool {
        let at = commit as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.parents[start as usize..self.ends[at] as usize].iter().copied().for_each(each);
        !self.cut[at]
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }
}
