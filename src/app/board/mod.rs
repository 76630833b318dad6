//! Branches of components, as the screen shows them: those of a case, or of everything that is watched.
//!
//! A board holds the last looks, what is known of the next ones, and where the cursor stands. [`scan`] is what passes between it
//! and the part of the program that looks.

mod rows;
pub mod scan;
mod watched;

pub use watched::{Progress, Stage, Watched};

use std::collections::BTreeMap;

use crate::divergence::{Component, Look, Report};

use scan::Sides;

/// Components, what was found of them, and what of it is shown.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// What is asked of each component, and how its looks go.
    pub watched: Vec<Watched>,
    /// The last look at each; one that answers another question than is asked now says nothing.
    pub looks: Vec<Look>,
    /// The component that is shown, by its index; kept inside by whoever reads it.
    pub component: usize,
    /// Which view of it.
    pub view: BoardView,
    /// The row under the cursor, in each view.
    pub cursors: BTreeMap<BoardView, usize>,
    /// The commits of branches that were opened, as they were at the tips for which they were read.
    pub sides: Vec<Sides>,
}

/// A view of a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoardView {
    /// Its branches, the worst first.
    #[default]
    Branches,
    /// Fixes × branches × remotes.
    Fixes,
    /// What was looked at for leaks, and what was found.
    Leaks,
    /// Tags and version pins.
    Tags,
}

impl BoardView {
    /// All views in the order in which a key turns through them, with what they are called.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Branches, "branches"), (Self::Fixes, "fixes"), (Self::Leaks, "leaks"), (Self::Tags, "tags and pins")];
}

impl Board {
    /// A board of these components with the looks that are known.
    #[must_use]
    pub fn new(asked: Vec<Component>, looks: Vec<Look>) -> Self {
        let watched = asked.into_iter().map(Watched::new).collect();
        Self { watched, looks, ..Self::default() }
    }

    /// The components are asked this now. How looks at those that stay went is kept.
    pub fn ask(&mut self, asked: Vec<Component>) {
        let mut before = std::mem::take(&mut self.watched);
        let mut keep = |asked: Component| match before.iter().position(|known| known.asked.name == asked.name) {
            Some(at) => Watched { asked, ..before.swap_remove(at) },
            None => Watched::new(asked),
        };
        self.watched = asked.into_iter().map(&mut keep).collect();
    }

    /// What the last look at a component found; none where there is none that answers what is asked.
    #[must_use]
    pub fn report(&self, component: usize) -> Option<&Report> {
        let asked = &self.watched.get(component)?.asked;
        self.looks.iter().find(|look| look.answers(asked)).map(|look| &look.report)
    }

    /// The component that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&Watched> {
        self.watched.get(self.component.min(self.watched.len().saturating_sub(1)))
    }
}
