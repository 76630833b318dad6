//! One pass over many branches comes to what a walk for each of them does.

use fixlead::divergence::{Far, History, Place, Walker, compare_all};

use crate::histories::random_parents;

/// Commits by their parents; some have a parent that is not there.
struct Known {
    parents: Vec<Vec<usize>>,
    generations: Vec<u32>,
    holes: Vec<bool>,
}

impl Known {
    fn random(commits: usize, seed: u64, holes: f64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let parents = random_parents(commits, seed);
        let mut generations: Vec<u32> = Vec::new();
        for parents in &parents {
            generations.push(parents.iter().map(|parent| generations[*parent]).max().unwrap_or(0) + 1);
        }
        Self { parents, generations, holes: (0..commits).map(|_| random.f64() < holes).collect() }
    }
}

impl History for Known {
    fn count(&self) -> usize {
        self.parents.len()
    }

    fn generation(&self, commit: Place) -> u32 {
        self.generations[commit as usize]
    }

    fn parents(&self, commit: Place, mut each: impl FnMut(Place)) -> bool {
        for parent in &self.parents[commit as usize] {
            each(Place::try_from(*parent).unwrap());
        }
        !self.holes[commit as usize]
    }
}

#[test]
fn many_branches_in_one_pass_are_counted_as_one_by_one() {
    let (mut unknown, mut unrelated, mut apart) = (0, 0, 0);
    for seed in 0..120 {
        let holes = if seed % 3 == 0 { 0.01 } else { 0.0 };
        let history = Known::random(300, seed, holes);
        let mut random = fastrand::Rng::with_seed(seed);
        let branches: Vec<Place> = (0..[0, 1, 63, 64, 65, 200][random.usize(..6)]).map(|_| random.u32(..300)).collect();
        let line = random.u32(..300);
        let mut walker = Walker::default();
        let one_by_one: Vec<Option<Far>> = branches
            .iter()
            .map(|branch| {
                let common = walker.compare(&history, *branch, line)?;
                Some(Far { ahead: common.ahead, behind: common.behind, is_related: !common.bases.is_empty() })
            })
            .collect();
        assert_eq!(compare_all(&history, line, &branches), one_by_one, "{seed}");
        unknown += one_by_one.iter().filter(|far| far.is_none()).count();
        unrelated += one_by_one.iter().flatten().filter(|far| !far.is_related).count();
        apart += one_by_one.iter().flatten().filter(|far| far.ahead > 9 && far.behind > 9).count();
    }
    assert!(unknown > 0 && unrelated > 0 && apart > 0, "{unknown} {unrelated} {apart}");
}
