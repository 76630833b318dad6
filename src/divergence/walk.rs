//! Counting what only one of two tips reaches: a walk down both histories at once, which stops where they have met.
//!
//! Commits are taken highest generation first. Whatever leads to a commit has a higher one, so that by the time it is taken
//! it is known from which sides it can be reached; dates play no part. The walk ends as soon as all that is left to
//! take lies below a common commit.

use std::collections::BinaryHeap;

/// A commit by its place in a [`History`].
pub type Place = u32;

/// A graph of commits as far as it is known here.
pub trait History {
    /// How many commits it has; each place is below that.
    fn count(&self) -> usize;

    /// One more than the highest generation among the parents, 1 without any: git's topological level.
    fn generation(&self, commit: Place) -> u32;

    /// Hands over each parent. False if some parent is not there: a shallow boundary, or a missing object.
    fn parents(&self, commit: Place, each: impl FnMut(Place)) -> bool;

    /// Is it known that no parent is missing anywhere?
    fn is_whole(&self) -> bool {
        false
    }
}

impl<H: History> History for &H {
    fn count(&self) -> usize {
        (**self).count()
    }

    fn generation(&self, commit: Place) -> u32 {
        (**self).generation(commit)
    }

    fn parents(&self, commit: Place, each: impl FnMut(Place)) -> bool {
        (**self).parents(commit, each)
    }

    fn is_whole(&self) -> bool {
        (**self).is_whole()
    }
}

/// What two tips have in common, and what not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// Commits that only the first reaches.
    pub ahead: u32,
    /// Commits that only the second reaches.
    pub behind: u32,
    /// The best common ancestors; none if the two are unrelated, several after a criss-cross merge.
    pub bases: Vec<Place>,
}

const A: u32 = 1;
const B: u32 = 2;
/// Below a common commit: nothing in it is of interest any more.
const BELOW: u32 = 4;
/// Marks of earlier walks are worth nothing: each walk has a number of its own, above these bits.
const BITS: u32 = 3;
const SIDES: u32 = (1 << BITS) - 1;

/// Walks histories. It keeps its memory from one walk to the next, so that near pairs cost next to nothing.
#[derive(Debug, Default)]
pub struct Walker {
    marks: Vec<u32>,
    walk: u32,
    queue: BinaryHeap<(u32, Place)>,
    /// How many in the queue are not below a common commit.
    open: usize,
}

impl Walker {
    /// What two tips have in common. `None` if that can't be known, because the history of one side ends too early: the
    /// commit that both may have in common could lie behind a parent that is not there.
    pub fn compare(&mut self, history: &impl History, a: Place, b: Place) -> Option<Common> {
        self.compare_telling(history, a, b, |_, _| {})
    }

    /// The same, and tells each commit that only one side reaches, with whether it is the first.
    pub fn compare_telling(
        &mut self,
        history: &impl History,
        a: Place,
        b: Place,
        each: impl FnMut(Place, bool),
    ) -> Option<Common> {
        self.walk(history, a, &[b], each)
    }

    /// The commits that a tip reaches and none of the others does, highest generation first. `None` if that can't be known.
    pub fn only(&mut self, history: &impl History, tip: Place, others: &[Place]) -> Option<Vec<Place>> {
        let mut ahead = Vec::new();
        self.walk(history, tip, others, |commit, is_ahead| ahead.extend(is_ahead.then_some(commit)))?;
        Some(ahead)
    }

    fn walk(
        &mut self,
        history: &impl History,
        a: Place,
        others: &[Place],
        mut each: impl FnMut(Place, bool),
    ) -> Option<Common> {
        self.begin(history.count());
        let mut common = Common { ahead: 0, behind: 0, bases: Vec::new() };
        self.reach(history, a, A);
        for b in others {
            self.reach(history, *b, B);
        }
        while self.open > 0 {
            let Some((_, commit)) = self.queue.pop() else { break };
            let mut sides = self.sides(commit);
            self.open -= usize::from(sides & BELOW == 0);
            match sides {
                A | B => {
                    *(if sides == A { &mut common.ahead } else { &mut common.behind }) += 1;
                    each(commit, sides == A);
                }
                _ if sides & BELOW == 0 => {
                    common.bases.push(commit);
                    sides |= BELOW;
                }
                _ => {}
            }
            let is_whole = history.parents(commit, |parent| self.reach(history, parent, sides));
            if !is_whole && sides & BELOW == 0 {
                return None;
            }
        }
        common.bases.sort_unstable();
        Some(common)
    }

    fn begin(&mut self, count: usize) {
        self.queue.clear();
        self.open = 0;
        self.marks.resize(self.marks.len().max(count), 0);
        self.walk = self.walk.checked_add(1 << BITS).unwrap_or_else(|| {
            self.marks.fill(0);
            1 << BITS
        });
    }

    fn sides(&self, commit: Place) -> u32 {
        let mark = self.marks[commit as usize];
        if mark & !SIDES == self.walk { mark & SIDES } else { 0 }
    }

    fn reach(&mut self, history: &impl History, commit: Place, sides: u32) {
        let old = self.sides(commit);
        let new = old | sides;
        if new == old {
            return;
        }
        self.marks[commit as usize] = self.walk | new;
        let was_open = old != 0 && old & BELOW == 0;
        let is_open = new & BELOW == 0;
        if old == 0 {
            self.queue.push((history.generation(commit), commit));
        }
        self.open = self.open + usize::from(is_open) - usize::from(was_open);
    }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "the histories of these tests are small")]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Commits by their parents, each of which comes before it; a parent that is not there is `None`.
    #[derive(Clone, Debug)]
    struct Graph(Vec<Vec<Option<Place>>>);

    impl Graph {
        fn ancestors(&self, tip: Place) -> BTreeSet<Place> {
            let (mut seen, mut stack) = (BTreeSet::new(), vec![tip]);
            while let Some(commit) = stack.pop() {
                if seen.insert(commit) {
                    stack.extend(self.0[commit as usize].iter().flatten());
                }
            }
            seen
        }

        fn is_whole(&self, commits: &BTreeSet<Place>) -> bool {
            commits.iter().all(|commit| self.0[*commit as usize].iter().all(Option::is_some))
        }

        /// By sets, as the words say it.
        fn compare(&self, a: Place, b: Place) -> Common {
            let (of_a, of_b) = (self.ancestors(a), self.ancestors(b));
            let both: BTreeSet<Place> = of_a.intersection(&of_b).copied().collect();
            let is_best =
                |base: &Place| !both.iter().any(|other| other != base && self.ancestors(*other).contains(base));
            let bases = both.iter().copied().filter(is_best).collect();
            let only = |one: &BTreeSet<Place>, other: &BTreeSet<Place>| one.difference(other).count() as u32;
            Common { ahead: only(&of_a, &of_b), behind: only(&of_b, &of_a), bases }
        }
    }

    impl History for Graph {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn generation(&self, commit: Place) -> u32 {
            let parents = self.0[commit as usize].iter().flatten();
            parents.map(|parent| self.generation(*parent)).max().unwrap_or(0) + 1
        }

        fn parents(&self, commit: Place, mut each: impl FnMut(Place)) -> bool {
            let parents = &self.0[commit as usize];
            parents.iter().flatten().for_each(|parent| each(*parent));
            parents.iter().all(Option::is_some)
        }
    }

    fn graph(most: usize, missing: f64) -> impl Strategy<Value = Graph> {
        let parents = proptest::collection::vec(any::<(prop::sample::Index, bool)>(), 0..3);
        proptest::collection::vec((parents, proptest::bool::weighted(missing)), 1..most).prop_map(|rows| {
            let commit = |(place, (parents, is_cut)): (usize, (Vec<(prop::sample::Index, bool)>, bool))| {
                // Mostly near parents, as in real histories, some of them far.
                let pick = |(index, near): (prop::sample::Index, bool)| {
                    let most = if near { place.min(3) } else { place };
                    (most > 0).then(|| (place - 1 - index.index(most)) as Place)
                };
                let mut parents: Vec<Option<Place>> = parents.into_iter().filter_map(pick).map(Some).collect();
                parents.sort_unstable();
                parents.dedup();
                if is_cut {
                    parents.push(None);
                }
                parents
            };
            Graph(rows.into_iter().enumerate().map(commit).collect())
        })
    }

    proptest! {
        #[test]
        fn counts_and_bases_are_those_of_the_sets(graph in graph(40, 0.0), tips in any::<[prop::sample::Index; 2]>()) {
            let [a, b] = tips.map(|tip| tip.index(graph.0.len()) as Place);
            let mut walker = Walker::default();
            // The second walk runs on the marks of the first.
            for (a, b) in [(a, b), (b, a), (a, b)] {
                prop_assert_eq!(walker.compare(&graph, a, b), Some(graph.compare(a, b)));
            }
        }

        #[test]
        fn a_history_with_holes_is_counted_right_or_not_at_all(graph in graph(30, 0.1), tips in any::<[prop::sample::Index; 2]>()) {
            let [a, b] = tips.map(|tip| tip.index(graph.0.len()) as Place);
            let counted = Walker::default().compare(&graph, a, b);
            let (of_a, of_b) = (graph.ancestors(a), graph.ancestors(b));
            let one_sided: BTreeSet<Place> = of_a.symmetric_difference(&of_b).copied().collect();
            // A commit on one side only may have anything above a hole, the other tip as well.
            prop_assert_eq!(counted, graph.is_whole(&one_sided).then(|| graph.compare(a, b)));
        }
    }

    #[test]
    fn a_long_history_below_the_common_commit_is_not_walked() {
        struct Counting(Graph, std::cell::Cell<usize>);
        impl History for Counting {
            fn count(&self) -> usize {
                self.0.count()
            }
            fn generation(&self, commit: Place) -> u32 {
                commit + 1
            }
            fn parents(&self, commit: Place, each: impl FnMut(Place)) -> bool {
                self.1.set(self.1.get() + 1);
                self.0.parents(commit, each)
            }
        }
        let line = (0..10_000u32).map(|place| place.checked_sub(1).map(Some).into_iter().collect());
        let mut commits: Vec<Vec<Option<Place>>> = line.collect();
        commits.push(vec![Some(9_999)]);
        commits.push(vec![Some(9_999)]);
        let history = Counting(Graph(commits), std::cell::Cell::default());
        let common = Walker::default().compare(&history, 10_000, 10_001).unwrap();
        assert_eq!(common, Common { ahead: 1, behind: 1, bases: vec![9_999] });
        assert!(history.1.get() <= 3, "{} commits were looked at", history.1.get());
    }
}
