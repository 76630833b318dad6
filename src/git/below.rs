//! Whether a commit is below a tip, by their ids.

use std::collections::HashMap;

use super::graph::Graph;
use crate::divergence::{Oid, Place, Reaches};

/// Answers whether tips reach commits. Ask for one commit after the other, each with all of the tips: that is cheapest.
pub struct Below<'a> {
    graph: &'a Graph,
    /// None until it is needed: it goes over the whole history.
    reaches: Option<Reaches>,
    places: HashMap<Oid, Option<Place>>,
    /// What was asked for last: mostly it is asked for again.
    last: Option<(Oid, Place)>,
}

impl<'a> Below<'a> {
    /// Nothing is looked at yet.
    #[must_use]
    pub fn new(graph: &'a Graph) -> Self {
        Self { graph, reaches: None, places: HashMap::new(), last: None }
    }

    /// Is the commit the tip, or below it? None if that can't be known: the tip is not in the graph, or the history ends too
    /// early somewhere between. A commit that is not in the graph is below no tip whose history is whole.
    pub fn is_below(&mut self, tip: Oid, commit: Oid) -> Option<bool> {
        let tip = self.place(tip)?;
        let place = match self.last {
            Some((last, place)) if last == commit => place,
            _ => self.place(commit).unwrap_or(Place::MAX),
        };
        self.last = Some((commit, place));
        let graph = self.graph;
        self.reaches.get_or_insert_with(|| Reaches::new(graph)).reaches(tip, place)
    }

    fn place(&mut self, oid: Oid) -> Option<Place> {
        *self.places.entry(oid).or_insert_with(|| self.graph.place(oid))
    }
}
