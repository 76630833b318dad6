//! Branches of components, as the screen shows them: those of a case, or of everything that is watched.
//!
//! A board holds the last looks, what is known of the next ones, and where the cursor stands. [`scan`] is what passes between it
//! and the part of the program that looks.

mod changes;
mod rows;
pub mod scan;
mod timing;
mod watched;

pub use rows::{BoardRow, Mark};
pub use timing::{Hosts, host};
pub use watched::{Progress, Stage, Watched};

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::divergence::{Component, Look, Oid, Pair, PairState, Report, Side};

use scan::{Sides, SidesWanted};

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
    /// Where the cursor stands, in each view of each component.
    pub marks: BTreeMap<(String, BoardView), Mark>,
    /// The branch under the cursor takes the whole body.
    pub opened: bool,
    /// How many lines of it are above the screen.
    pub scroll: usize,
    /// What the case calls its fixes, by the digits of their commits.
    pub fix_names: Vec<(String, String)>,
    /// Offered commits that were picked as fixes.
    pub picked: BTreeSet<Oid>,
    /// The commits of branches that were opened, as they were at the tips for which they were read.
    pub sides: Vec<Sides>,
    /// The commits that are being read.
    pub asked_sides: Option<SidesWanted>,
    /// Servers that did not answer.
    pub hosts: Hosts,
    /// How long after a look the next one begins, where somebody says it.
    pub refresh: Option<SignedDuration>,
    /// What the last looks brought that was not told yet.
    changes: Vec<changes::Change>,
}

/// How many branches have their commits at hand.
const SIDES_KEPT: usize = 60;

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
        let mut board = Self { watched, ..Self::default() };
        for look in looks {
            board.put(look);
        }
        board
    }

    /// The components are asked this now. How looks at those that stay went is kept; where something else is asked than
    /// before the next look is not scheduled any more.
    pub fn ask(&mut self, asked: Vec<Component>) {
        let mut before = std::mem::take(&mut self.watched);
        let mut keep = |asked: Component| match before.iter().position(|known| known.asked.name == asked.name) {
            Some(at) => {
                let mut known = before.swap_remove(at);
                // What was seen of other repositories says nothing of these.
                known.whole = known.whole.filter(|_| known.asked.urls == asked.urls);
                let next = known.next.filter(|_| known.asked == asked);
                Watched { asked, next, ..known }
            }
            None => Watched::new(asked),
        };
        self.watched = asked.into_iter().map(&mut keep).collect();
    }

    /// Takes in looks of others. One that is older than what is known here says nothing new; but where not everything could be
    /// looked at, that may be newer than any instant that stands in it.
    pub fn take_looks(&mut self, looks: Vec<Look>) {
        let newest = |look: &Look| look.report.looked_at.iter().map(|seen| seen.at).max();
        for look in looks {
            let is_whole = look.report.is_whole();
            let known = self.looks.iter().find(|known| known.asked.name == look.asked.name);
            let is_newer = |known: &Look| known.answers(&look.asked) && newest(known) > newest(&look);
            if !is_whole || !known.is_some_and(is_newer) {
                self.put(look);
            }
        }
    }

    /// This is the last look at its component now.
    fn put(&mut self, look: Look) {
        if look.report.is_seen()
            && let Some(watched) = self.watched.iter_mut().find(|watched| look.answers(&watched.asked))
        {
            watched.whole = Some(look.report.clone());
        }
        match self.looks.iter_mut().find(|known| known.asked.name == look.asked.name) {
            Some(known) => *known = look,
            None => self.looks.push(look),
        }
    }

    /// The first component of which something is public that must not be.
    #[must_use]
    pub fn leaking(&self) -> Option<usize> {
        let leaks = |component: &usize| self.report(*component).and_then(|report| report.leaks.as_ref()?.is_clear());
        (0..self.watched.len()).find(|component| leaks(component) == Some(false))
    }

    /// Of how many components it is not known whether anything leaked: nothing is sought, or it could not be looked at.
    #[must_use]
    pub fn unsought(&self) -> usize {
        let leaks = |component: &usize| self.report(*component).and_then(|report| report.leaks.as_ref()?.is_clear());
        (0..self.watched.len()).filter(|component| leaks(component).is_none()).count()
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

    /// Turns to another component. False if there is none that way.
    pub fn turn_component(&mut self, by: isize) -> bool {
        let at = self.component.min(self.watched.len().saturating_sub(1));
        let to = at.checked_add_signed(by).filter(|to| *to < self.watched.len());
        self.component = to.unwrap_or(at);
        self.close();
        to.is_some()
    }

    /// Turns to the next view.
    pub fn turn_view(&mut self) {
        let at = BoardView::ALL.iter().position(|(view, _)| *view == self.view).unwrap_or(0);
        self.view = BoardView::ALL[(at + 1) % BoardView::ALL.len()].0;
        self.close();
    }

    /// The table is shown again. False if it was.
    pub fn close(&mut self) -> bool {
        self.scroll = 0;
        std::mem::take(&mut self.opened)
    }

    /// The commits that a branch has on each side and the other lacks, once they were read.
    #[must_use]
    pub fn sides_of(&self, asked: &Component, pair: &Pair) -> Option<&Sides> {
        let wanted = SidesWanted::of(asked, pair)?;
        self.sides.iter().rev().find(|sides| sides.of.is_about(&wanted))
    }

    /// The commits to read now: those of the branch under the cursor, one branch at a time.
    pub fn want_sides(&mut self, filter: &str) -> Option<SidesWanted> {
        if self.asked_sides.as_ref().is_some_and(|asked| self.sides.iter().any(|sides| sides.of.is_about(asked))) {
            self.asked_sides = None;
        }
        if self.asked_sides.is_some() || self.view != BoardView::Branches {
            return None;
        }
        let (watched, _, pair) = self.branch(filter)?;
        let wanted = SidesWanted::of(&watched.asked, pair)?;
        if self.sides.iter().any(|sides| sides.of.is_about(&wanted)) {
            return None;
        }
        let surplus = self.sides.len().saturating_sub(SIDES_KEPT);
        self.sides.drain(..surplus);
        self.asked_sides = Some(wanted.clone());
        Some(wanted)
    }
}

impl SidesWanted {
    /// What there is to read of a branch; none where both sides are the same, or one is not there.
    #[must_use]
    pub fn of(asked: &Component, pair: &Pair) -> Option<Self> {
        let [Side::Tip(a), Side::Tip(b)] = pair.tips else { return None };
        let differs = !matches!(pair.state, PairState::Equal | PairState::Unrelated) && a != b;
        differs.then(|| Self { component: asked.clone(), branch: pair.branch.clone(), tips: [a, b] })
    }

    /// Is it about the same branch at the same tips? What else is asked of the component changes nothing.
    fn is_about(&self, other: &Self) -> bool {
        self.tips == other.tips && self.branch == other.branch && self.component.name == other.component.name
    }
}
