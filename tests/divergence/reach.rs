//! Whether a tip reaches a commit is what a plain search says, or not known.

use std::cell::Cell;
use std::collections::BTreeSet;

use fixlead::divergence::{History, Place, Reaches};

use crate::histories::random_parents;

/// Commits by their parents, each of which comes before it; a parent that is not there is `None`.
struct Commits {
    parents: Vec<Vec<Option<Place>>>,
    generations: Vec<u32>,
    is_whole: bool,
    asked: Cell<usize>,
}

impl Commits {
    fn of(parents: Vec<Vec<Option<Place>>>, says_whole: bool) -> Self {
        let mut generations: Vec<u32> = Vec::new();
        for own in &parents {
            let above = own.iter().flatten().map(|parent| generations[*parent as usize]).max();
            generations.push(above.unwrap_or(0) + 1);
        }
        let is_whole = says_whole && parents.iter().flatten().all(Option::is_some);
        Self { parents, generations, is_whole, asked: Cell::new(0) }
    }

    /// A random history, in which so many of a hundred commits lack a parent.
    fn random(commits: usize, seed: u64, missing: u32, says_whole: bool) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let place = |parent: usize| Place::try_from(parent).unwrap();
        let row = |parents: Vec<usize>| {
            let mut row: Vec<Option<Place>> = parents.into_iter().map(place).map(Some).collect();
            if random.u32(..100) < missing {
                row.insert(random.usize(..=row.len()), None);
            }
            row
        };
        Self::of(random_parents(commits, seed).into_iter().map(row).collect(), says_whole)
    }

    fn below(&self, tip: Place) -> BTreeSet<Place> {
        let (mut seen, mut stack) = (BTreeSet::new(), vec![tip]);
        while let Some(commit) = stack.pop() {
            if seen.insert(commit) {
                stack.extend(self.parents[commit as usize].iter().flatten());
            }
        }
        seen
    }

    /// As the words say it: a hole matters where the target can lie behind it.
    fn searched(&self, tip: Place, target: Option<Place>) -> Option<bool> {
        let below = self.below(tip);
        let of_target = target.map(|target| self.below(target)).unwrap_or_default();
        let has_hole = |commit: &Place| self.parents[*commit as usize].contains(&None);
        match target.is_some_and(|target| below.contains(&target)) {
            true => Some(true),
            false if below.difference(&of_target).any(has_hole) => None,
            false => Some(false),
        }
    }
}

impl History for Commits {
    fn count(&self) -> usize {
        self.parents.len()
    }

    fn generation(&self, commit: Place) -> u32 {
        self.generations[commit as usize]
    }

    fn parents(&self, commit: Place, each: impl FnMut(Place)) -> bool {
        self.asked.set(self.asked.get() + 1);
        let parents = &self.parents[commit as usize];
        parents.iter().flatten().copied().for_each(each);
        parents.iter().all(Option::is_some)
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }
}

#[test]
fn every_answer_is_that_of_a_plain_search() {
    let mut answers = [0; 3];
    for seed in 0..60 {
        for (missing, says_whole) in [(0, true), (0, false), (3, false), (20, false)] {
            let commits = Commits::random(40, seed, missing, says_whole);
            let mut reaches = Reaches::new(&commits);
            for target in 0..40 {
                for tip in 0..40 {
                    let answer = reaches.reaches(tip, target);
                    assert_eq!(answer, commits.searched(tip, Some(target)), "{tip} to {target}, seed {seed}");
                    answers[answer.map_or(2, usize::from)] += 1;
                }
            }
            for tip in 0..40 {
                assert_eq!(reaches.reaches(tip, Place::MAX), commits.searched(tip, None), "{tip}, seed {seed}");
            }
        }
    }
    assert!(answers.iter().all(|count| *count > 1_000), "each answer comes often: {answers:?}");
}

#[test]
fn many_tips_and_targets_walk_over_a_history_once() {
    let line = (0..100_000u32).map(|place| place.checked_sub(1).map(Some).into_iter().collect());
    let commits = Commits::of(line.collect(), true);
    let mut reaches = Reaches::new(&commits);
    for target in [99_000, 99_500, 99_900] {
        for tip in 80_000..100_000 {
            assert_eq!(reaches.reaches(tip, target), Some(tip >= target));
        }
    }
    assert!(commits.asked.get() <= 100_000, "{} commits were looked at", commits.asked.get());
}
