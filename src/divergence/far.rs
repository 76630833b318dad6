//! Many branches against one line that is far from them, such as each release against main, in a single pass.
//!
//! Each commit carries one bit for each branch that reaches it and one for the line, handed on to its parents, highest
//! generation first. Commits in a row mostly carry the same bits, so that they are counted by their number, word by word.
//! The pass ends where all that is left is reached by everything.

use std::collections::BinaryHeap;

use super::{History, Place};

/// What a branch and the line have in common, and what not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Far {
    /// Commits that only the branch reaches.
    pub ahead: u32,
    /// Commits that only the line reaches.
    pub behind: u32,
    /// They have a commit in common.
    pub is_related: bool,
}

/// What each of the branches has in common with a line; `None` for one of which that can't be known, because a commit that
/// only one of the two reaches has a parent that is not there.
pub fn compare_all(history: &impl History, line: Place, branches: &[Place]) -> Vec<Option<Far>> {
    let mut pass = Pass::new(history.count(), branches.len());
    for (branch, tip) in branches.iter().enumerate() {
        pass.start(history, *tip, branch);
    }
    pass.start(history, line, pass.words * 64);
    while pass.open > 0 {
        let Some((_, commit)) = pass.queue.pop() else { break };
        pass.take(history, commit);
    }
    pass.end(branches.len())
}

struct Pass {
    /// How many words hold a bit for each branch. One more word holds the bit of the line.
    words: usize,
    /// The bits of a commit that everything reaches.
    all: Vec<u64>,
    /// Where the bits of each commit are that waits in the queue, 0 for the others.
    rows: Vec<u32>,
    bits: Vec<u64>,
    free: Vec<u32>,
    queue: BinaryHeap<(u32, Place)>,
    /// How many in the queue are not reached by everything.
    open: usize,
    /// The bits of the commit that is being taken.
    taken: Vec<u64>,
    /// Word by word, what the last commits had: of those that the line reaches, and of the others.
    on_line: Vec<Streak>,
    beside: Vec<Streak>,
    sums: Sums,
}

/// Commits in a row with the same word.
#[derive(Clone, Copy, Default)]
struct Streak {
    word: u64,
    commits: u32,
}

struct Sums {
    ahead: Vec<u32>,
    behind: Vec<u32>,
    related: Vec<u64>,
    unknown: Vec<u64>,
}

impl Pass {
    fn new(commits: usize, branches: usize) -> Self {
        let words = branches.div_ceil(64);
        let mut all = vec![u64::MAX; words];
        if !branches.is_multiple_of(64) {
            all[words - 1] = (1 << (branches % 64)) - 1;
        }
        let none = vec![0; words];
        let sums =
            Sums { ahead: vec![0; words * 64], behind: vec![0; words * 64], related: none.clone(), unknown: none };
        all.push(1);
        Self {
            words,
            rows: vec![0; commits],
            // The first row belongs to nobody.
            bits: vec![0; words + 1],
            free: Vec::new(),
            queue: BinaryHeap::new(),
            open: 0,
            taken: vec![0; words + 1],
            on_line: vec![Streak::default(); words],
            beside: vec![Streak::default(); words],
            sums,
            all,
        }
    }

    fn start(&mut self, history: &impl History, tip: Place, bit: usize) {
        self.taken.fill(0);
        self.taken[bit / 64] = 1 << (bit % 64);
        self.hand_on(history, tip);
    }

    /// Gives a commit the bits that were taken.
    fn hand_on(&mut self, history: &impl History, commit: Place) {
        let is_new = self.rows[commit as usize] == 0;
        if is_new {
            self.rows[commit as usize] = self.row();
            self.queue.push((history.generation(commit), commit));
        }
        let start = self.rows[commit as usize] as usize * self.all.len();
        let bits = &mut self.bits[start..start + self.all.len()];
        let was_open = !is_new && bits != self.all;
        for (bit, taken) in bits.iter_mut().zip(&self.taken) {
            *bit |= taken;
        }
        let is_open = bits != self.all;
        self.open = self.open + usize::from(is_open) - usize::from(was_open);
    }

    /// A row without a bit.
    fn row(&mut self) -> u32 {
        let width = self.all.len();
        if let Some(row) = self.free.pop() {
            self.bits[row as usize * width..][..width].fill(0);
            return row;
        }
        self.bits.resize(self.bits.len() + width, 0);
        u32::try_from(self.bits.len() / width - 1).unwrap_or_default()
    }

    fn take(&mut self, history: &impl History, commit: Place) {
        let row = std::mem::take(&mut self.rows[commit as usize]);
        let start = row as usize * self.all.len();
        self.taken.copy_from_slice(&self.bits[start..start + self.all.len()]);
        self.free.push(row);
        self.open -= usize::from(self.taken != self.all);
        let is_on_line = self.taken[self.words] != 0;
        for word in 0..self.words {
            let bits = self.taken[word];
            if is_on_line {
                if self.on_line[word].word != bits {
                    self.sums.on_line(word, self.on_line[word], self.all[word]);
                    self.on_line[word] = Streak { word: bits, commits: 0 };
                }
                self.on_line[word].commits += 1;
            } else if bits != 0 {
                if self.beside[word].word != bits {
                    self.sums.beside(word, self.beside[word]);
                    self.beside[word] = Streak { word: bits, commits: 0 };
                }
                self.beside[word].commits += 1;
            }
        }
        if !history.parents(commit, |parent| self.hand_on(history, parent)) {
            for word in 0..self.words {
                let bits = self.taken[word];
                self.sums.unknown[word] |= if is_on_line { !bits } else { bits };
            }
        }
    }

    fn end(mut self, branches: usize) -> Vec<Option<Far>> {
        for word in 0..self.words {
            self.sums.on_line(word, self.on_line[word], self.all[word]);
            self.sums.beside(word, self.beside[word]);
        }
        // What is left is reached by everything.
        let all_are_related = !self.queue.is_empty();
        let far = |branch: usize| {
            let is_in = |words: &[u64]| words[branch / 64] >> (branch % 64) & 1 == 1;
            let Sums { ahead, behind, related, unknown } = &self.sums;
            let is_related = all_are_related || is_in(related);
            (!is_in(unknown)).then(|| Far { ahead: ahead[branch], behind: behind[branch], is_related })
        };
        (0..branches).map(far).collect()
    }
}

impl Sums {
    /// Commits of the line: the branches that do not reach them are behind.
    fn on_line(&mut self, word: usize, streak: Streak, all: u64) {
        if streak.commits > 0 {
            self.related[word] |= streak.word;
            each_bit(!streak.word & all, |bit| self.behind[word * 64 + bit] += streak.commits);
        }
    }

    /// Commits beside the line: the branches that reach them are ahead.
    fn beside(&mut self, word: usize, streak: Streak) {
        each_bit(streak.word, |bit| self.ahead[word * 64 + bit] += streak.commits);
    }
}

fn each_bit(mut word: u64, mut each: impl FnMut(usize)) {
    while word != 0 {
        each(word.trailing_zeros() as usize);
        word &= word - 1;
    }
}
