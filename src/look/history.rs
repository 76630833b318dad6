//! The history of a component in memory: the graph file beside its objects, with what is newer on top.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use super::Looker;
use crate::divergence::{History, Oid};
use crate::git::{Cache, GitError, Graph, Row, row, write_graph};

/// So many commits may lie on top of the graph file before it is written anew.
const MOST_ON_TOP: usize = 2_000;

impl Looker<'_> {
    /// The history below these commits. One that is not there is in no history, and all that hangs on it is unknown.
    pub(super) fn history(&self, cache: &Cache, commits: &BTreeSet<Oid>) -> Result<Graph, GitError> {
        let objects = cache.folder().join("objects");
        // A graph that can't be relied on is left aside, and git is asked for everything.
        let mut graph = Graph::open(&objects).unwrap_or_default();
        let rows = self.rows(cache, &graph, commits)?;
        let is_many = rows.len() > MOST_ON_TOP;
        graph.add(rows, &HashSet::new());
        let there = || commits.iter().copied().filter(|commit| graph.place(*commit).is_some());
        let written = is_many.then(|| self.write(cache, &objects, there())).flatten();
        Ok(written.unwrap_or(graph))
    }

    /// The commits below these that the graph does not hold, parents first.
    fn rows(&self, cache: &Cache, graph: &Graph, commits: &BTreeSet<Oid>) -> Result<Vec<Row>, GitError> {
        let (known, new): (Vec<&Oid>, Vec<&Oid>) = commits.iter().partition(|commit| graph.place(**commit).is_some());
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let lines = new.iter().map(|oid| format!("{oid}\n")).chain(known.iter().map(|oid| format!("^{oid}\n")));
        let list = ["rev-list", "--parents", "--topo-order", "--reverse", "--ignore-missing", "--stdin"];
        let run = self.git.run(list).on(cache.folder()).input(lines.collect::<String>()).cancel(self.cancel);
        let mut rows = Vec::new();
        run.records(b'\n', |line| {
            rows.extend(std::str::from_utf8(line).ok().and_then(row));
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    /// Writes the graph anew; none if that does not work, which costs time and nothing else.
    fn write(&self, cache: &Cache, objects: &Path, commits: impl Iterator<Item = Oid>) -> Option<Graph> {
        let _held = cache.hold(self.patience, self.cancel).ok()?;
        // Nobody else writes it while the cache is held: a lock is one of a git that was killed.
        let _ = fs::remove_file(objects.join("info/commit-graph.lock"));
        write_graph(self.git, cache.folder(), objects, &[], commits, self.cancel).ok()?;
        Graph::open(objects).ok().filter(|graph| graph.count() > 0)
    }
}
