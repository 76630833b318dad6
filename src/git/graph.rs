//! The commit graph in memory: what a commit-graph file holds, memory-mapped, with newer commits on top.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use gix_commitgraph::Position;

use super::graph_file::{self, GraphError};
use crate::divergence::{History, Oid, Place};

/// A commit with its parents, as `git rev-list --parents` tells it.
pub type Row = (Oid, Vec<Oid>);

/// The row of a line of `git rev-list --parents`; none if it is no such line.
#[must_use]
pub fn row(line: &str) -> Option<Row> {
    let mut oids = line.split(' ').map(str::parse::<Oid>);
    let commit = oids.next()?.ok()?;
    Some((commit, oids.collect::<Result<_, _>>().ok()?))
}

/// The commits of a component and how they hang together. What is not in it is not known, and counts nowhere as absent.
#[derive(Default)]
pub struct Graph {
    file: Option<gix_commitgraph::Graph>,
    /// How many commits the file holds: their places come first.
    in_file: Place,
    top: Top,
}

/// The commits that the file does not hold.
#[derive(Default)]
struct Top {
    places: HashMap<Oid, Place>,
    oids: Vec<Oid>,
    generations: Vec<u32>,
    /// The parents of all of them, one commit after the other.
    parents: Vec<Place>,
    /// Where the parents of each end.
    ends: Vec<usize>,
}

/// Stands for a parent that is not there.
const HOLE: Place = Place::MAX;

impl Graph {
    /// The graph file, or chain of files, of an object folder; an empty graph if there is none.
    ///
    /// # Errors
    ///
    /// A file that can't be read, or that is not in every byte what git wrote. Whoever gets one starts from an empty graph
    /// and puts everything on top.
    pub fn open(objects: &Path) -> Result<Self, GraphError> {
        let file = graph_file::open(objects)?;
        let in_file = file.as_ref().map_or(0, gix_commitgraph::Graph::num_commits);
        Ok(Self { file, in_file, top: Top::default() })
    }

    /// How many of its commits come from the file.
    #[must_use]
    pub fn in_file(&self) -> Place {
        self.in_file
    }

    /// Puts commits on top, parents first, as `git rev-list --parents --topo-order --reverse` tells them. A parent that was
    /// not told before is a hole, as is all behind a commit in `cut`, where git tells of no parents because the clone is
    /// shallow ([`shallow`](super::shallow)).
    pub fn add(&mut self, rows: impl IntoIterator<Item = Row>, cut: &HashSet<Oid>) {
        for (commit, parents) in rows {
            if self.place(commit).is_some() {
                continue;
            }
            // Nobody has four thousand million commits; who has would be told «unknown» of the last ones.
            let Some(place) = Place::try_from(self.count()).ok().filter(|place| *place < HOLE) else { return };
            let mut generation = 1;
            for parent in parents {
                let parent = self.place(parent);
                generation = generation.max(parent.map_or(0, |parent| self.generation(parent)).saturating_add(1));
                self.top.parents.push(parent.unwrap_or(HOLE));
            }
            if cut.contains(&commit) {
                self.top.parents.push(HOLE);
            }
            self.top.places.insert(commit, place);
            self.top.oids.push(commit);
            self.top.generations.push(generation);
            self.top.ends.push(self.top.parents.len());
        }
    }

    /// Where a commit is; none if it is not known.
    #[must_use]
    pub fn place(&self, commit: Oid) -> Option<Place> {
        let in_file = || {
            let id = gix_hash::oid::try_from_bytes(commit.as_bytes()).ok()?;
            self.file.as_ref()?.lookup(id).map(|position| position.0)
        };
        in_file().or_else(|| self.top.places.get(&commit).copied())
    }

    /// The commit at a place of this graph.
    #[must_use]
    pub fn oid(&self, place: Place) -> Option<Oid> {
        match self.on_top(place) {
            Some(index) => self.top.oids.get(index).copied(),
            None => Oid::of(self.file.as_ref()?.id_at(Position(place)).as_bytes()),
        }
    }

    fn on_top(&self, place: Place) -> Option<usize> {
        place.checked_sub(self.in_file).map(|index| index as usize)
    }
}

impl History for Graph {
    fn count(&self) -> usize {
        self.in_file as usize + self.top.oids.len()
    }

    fn generation(&self, commit: Place) -> u32 {
        match (self.on_top(commit), &self.file) {
            (Some(index), _) => self.top.generations[index],
            (None, Some(file)) => file.commit_at(Position(commit)).generation(),
            (None, None) => 0,
        }
    }

    fn parents(&self, commit: Place, mut each: impl FnMut(Place)) -> bool {
        let Some(index) = self.on_top(commit) else {
            let Some(file) = &self.file else { return false };
            let mut parents = file.commit_at(Position(commit)).iter_parents();
            return parents.all(|parent| parent.map(|parent| each(parent.0)).is_ok());
        };
        let start = index.checked_sub(1).map_or(0, |before| self.top.ends[before]);
        let parents = &self.top.parents[start..self.top.ends[index]];
        parents.iter().filter(|parent| **parent != HOLE).for_each(|parent| each(*parent));
        !parents.contains(&HOLE)
    }
    fn is_whole(&self) -> bool {
        !self.top.parents.contains(&HOLE)
    }
}
