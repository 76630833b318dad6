//! The calculator: a vector in the making, what was done to it so far, and where the cursor is.
//!
//! It knows neither case nor terminal: it stands by itself, and once for each vulnerability of a case. Every change of a
//! value can be taken back. Each version has a draft of its own; one that nobody has touched follows the other version's.

mod choosing;
mod rows;

pub use rows::{Row, in_order};

use std::collections::BTreeMap;

use crate::cvss::{Carried, Choice, Draft, Group, Vector, Version, carry};

/// What stands beside the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// What the metric under the cursor asks, and why the score is what it is.
    Explain,
    /// The same in another version.
    Versions,
    /// Another vector of the same version, such as the reporter's.
    Compare,
    /// The scores of the vulnerability so far; in a case only.
    History,
}

/// A vector to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Whose it is, such as «pasted» or «S1 by ada».
    pub name: String,
    /// The vector.
    pub vector: Vector,
}

/// The draft of one version.
#[derive(Clone, Debug, PartialEq)]
struct Page {
    draft: Draft,
    /// What could not be carried over, and was not chosen yet.
    choices: Vec<Choice>,
    /// A person chose something here; until then it follows the version that it was carried over from.
    touched: bool,
}

/// All that undo takes back.
#[derive(Clone, Debug, PartialEq)]
struct Sheet {
    version: Version,
    /// The version in which somebody chose last: the others are carried over from it.
    source: Version,
    pages: BTreeMap<Version, Page>,
}

/// The state of a calculator.
#[derive(Clone, Debug)]
pub struct Calculator {
    sheet: Sheet,
    /// What stands in the case, by version; nothing where it stands by itself.
    recorded: BTreeMap<Version, Draft>,
    undo: Vec<Sheet>,
    redo: Vec<Sheet>,
    cursor: Row,
    /// Groups that a person folded or unfolded.
    toggled: BTreeMap<Group, bool>,
    /// Rows of the screen that metrics and heads can take.
    room: usize,
    /// Something was chosen that is kept nowhere yet.
    typed: bool,
    /// What stands beside the metrics.
    pub panel: Panel,
    /// The vector to compare with.
    pub beside: Option<Beside>,
}

impl Calculator {
    /// The versions in the order in which a key turns through them: the two that are asked for most come first.
    pub const VERSIONS: [Version; 4] = [Version::V3_1, Version::V4_0, Version::V3_0, Version::V2_0];

    /// A calculator with everything open.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self::of(Draft::new(version))
    }

    /// A calculator that begins with a draft.
    #[must_use]
    pub fn of(draft: Draft) -> Self {
        let page = Page { draft, choices: Vec::new(), touched: true };
        let sheet = Sheet {
            version: draft.version(),
            source: draft.version(),
            pages: BTreeMap::from([(draft.version(), page)]),
        };
        let mut calculator = Self {
            recorded: BTreeMap::new(),
            sheet,
            undo: Vec::new(),
            redo: Vec::new(),
            cursor: Row::Metric(0),
            toggled: BTreeMap::new(),
            room: 0,
            typed: false,
            panel: Panel::Explain,
            beside: None,
        };
        calculator.unfold_what_says();
        calculator
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.sheet.version
    }

    /// The draft in its version.
    #[must_use]
    pub fn draft(&self) -> Draft {
        self.sheet.shown()
    }

    fn page(&self) -> Option<&Page> {
        self.sheet.pages.get(&self.sheet.version)
    }

    /// Why a metric is for a person to choose, if it could not be carried over and nobody has chosen yet.
    #[must_use]
    pub fn choice(&self, metric: usize) -> Option<&'static str> {
        let choice = self.page()?.choices.iter().find(|choice| choice.metric == metric)?;
        Some(choice.why)
    }

    /// What was chosen and is not recorded, by version.
    pub fn chosen(&self) -> impl Iterator<Item = Draft> {
        let pages = self.sheet.pages.values().filter(|page| page.touched).map(|page| page.draft);
        pages.filter(|draft| *draft != self.recorded_in(draft.version()))
    }

    /// Is what is shown as it is recorded, or blank where nothing is?
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.draft() == self.recorded_in(self.version())
    }

    /// What is recorded in a version; blank if nothing is.
    fn recorded_in(&self, version: Version) -> Draft {
        self.recorded.get(&version).copied().unwrap_or(Draft::new(version))
    }

    /// The version that stands beside this one: 4.0, and beside 4.0 the one that it was carried over from, or 3.1.
    #[must_use]
    pub fn other_version(&self) -> Version {
        match self.sheet.version {
            Version::V4_0 if self.sheet.pages.contains_key(&Version::V3_0) => Version::V3_0,
            Version::V4_0 => Version::V3_1,
            _ => Version::V4_0,
        }
    }

    /// The draft of another version as it stands, or as it would be carried over.
    #[must_use]
    pub fn in_version(&self, version: Version) -> Carried {
        match self.sheet.pages.get(&version).filter(|page| page.touched || version == self.sheet.version) {
            Some(page) => Carried { draft: page.draft, choices: page.choices.clone(), dropped: Vec::new() },
            None => carry(&self.source(), version),
        }
    }

    /// The draft in which somebody chose last.
    fn source(&self) -> Draft {
        let page = self.sheet.pages.get(&self.sheet.source);
        page.map_or(Draft::new(self.sheet.source), |page| page.draft)
    }

    /// Turns to the next version. What was not touched there is carried over from the one in which somebody chose last:
    /// from which, and what came of it.
    pub fn turn_version(&mut self) -> Option<(Version, Carried)> {
        let at = Self::VERSIONS.iter().position(|version| *version == self.sheet.version).unwrap_or(0);
        self.turn_to(Self::VERSIONS[(at + 1) % Self::VERSIONS.len()])
    }

    /// Turns to a version, likewise.
    pub fn turn_to(&mut self, version: Version) -> Option<(Version, Carried)> {
        let carried = self.in_version(version);
        let touched = self.sheet.pages.get(&version).is_some_and(|page| page.touched);
        let page = Page { draft: carried.draft, choices: carried.choices.clone(), touched };
        self.change(|sheet| {
            sheet.pages.insert(version, page);
            sheet.version = version;
        });
        self.cursor = Row::Metric(carried.choices.first().map_or(0, |choice| choice.metric));
        self.unfold_what_says();
        self.clamp();
        let source = self.source();
        (!touched && source != Draft::new(source.version())).then_some((source.version(), carried))
    }

    /// What stands beside the metrics, in the order in which a key turns through it.
    pub fn turn_panel(&mut self, has_history: bool) {
        self.panel = match self.panel {
            Panel::Explain => Panel::Versions,
            Panel::Versions => Panel::Compare,
            Panel::Compare if has_history => Panel::History,
            Panel::Compare | Panel::History => Panel::Explain,
        };
    }

    /// Takes a vector in as a whole, in its version. It can be taken back.
    pub fn take(&mut self, draft: Draft) {
        self.change(|sheet| {
            (sheet.version, sheet.source) = (draft.version(), draft.version());
            sheet.pages.insert(draft.version(), Page { draft, choices: Vec::new(), touched: true });
        });
        self.unfold_what_says();
        self.cursor = Row::Metric(draft.open().next().unwrap_or(0));
    }

    /// Begins anew: with what is recorded, and where that stands already, or nothing is, with everything open. It can be
    /// taken back. True if it is as recorded.
    pub fn reset(&mut self) -> bool {
        let recorded = self.recorded.get(&self.version()).copied().filter(|_| !self.is_recorded());
        self.take(recorded.unwrap_or(Draft::new(self.version())));
        recorded.is_some()
    }

    /// Can a choice be taken back?
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Can a choice be made again?
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Takes in what stands in the case by now, by version. A version in which nothing else was chosen follows; once what was
    /// chosen is what is recorded, undo is about that, and no more about how it was found.
    pub fn follow(&mut self, recorded: &BTreeMap<Version, Draft>) {
        for version in Version::ALL {
            let (old, new) = (self.recorded.get(&version), recorded.get(&version));
            if old == new {
                continue;
            }
            let page = self.sheet.pages.get(&version);
            if page.is_some_and(|page| new == Some(&page.draft)) {
                self.undo.clear();
                self.redo.clear();
                self.typed = true;
            } else if page.is_none_or(|page| !page.touched || page.draft == self.recorded_in(version)) {
                let draft = new.copied().unwrap_or(Draft::new(version));
                self.sheet.pages.insert(version, Page { draft, choices: Vec::new(), touched: new.is_some() });
                self.sheet.source = version;
            }
        }
        self.recorded.clone_from(recorded);
        self.unfold_what_says();
        self.clamp();
    }

    /// Was something chosen since it was kept?
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.typed
    }

    /// What is chosen is kept.
    pub fn mark_kept(&mut self) {
        self.typed = false;
    }

    /// What stands here is how it begins: there is nothing to take back.
    pub fn begin(&mut self) {
        self.undo.clear();
        self.redo.clear();
        self.typed = false;
    }

    /// Takes the last change back; tells what it was. `None` if there is none.
    pub fn undo(&mut self) -> Option<String> {
        let before = self.undo.pop()?;
        let after = std::mem::replace(&mut self.sheet, before);
        let told = self.told(&self.sheet.clone(), &after);
        self.redo.push(after);
        Some(told)
    }

    /// Does again what was taken back; tells what it was.
    pub fn redo(&mut self) -> Option<String> {
        let again = self.redo.pop()?;
        let before = std::mem::replace(&mut self.sheet, again);
        let told = self.told(&before, &self.sheet.clone());
        self.undo.push(before);
        Some(told)
    }

    fn change(&mut self, change: impl FnOnce(&mut Sheet)) {
        let before = self.sheet.clone();
        change(&mut self.sheet);
        if self.sheet != before {
            self.undo.push(before);
            self.redo.clear();
            self.typed = true;
        }
    }

    /// What a change was that was taken back or done again; the cursor goes there.
    fn told(&mut self, before: &Sheet, after: &Sheet) -> String {
        self.typed = true;
        let (old, new) = (before.shown(), after.shown());
        let metrics = old.version().metrics();
        let differs = |metric: &usize| old.place(*metric) != new.place(*metric);
        let differing: Vec<usize> = (0..metrics.len()).filter(differs).collect();
        let told = match differing.as_slice() {
            _ if old.version() != new.version() => format!("v{}", new.version()),
            [] => "what was marked !".to_owned(),
            [metric] => {
                let value = new.value(*metric).map_or("not set", |value| value.key);
                self.go_to_metric(*metric);
                format!("{} {value}", metrics[*metric].key)
            }
            many => format!("{} metrics", many.len()),
        };
        self.clamp();
        told
    }
}

impl Sheet {
    /// The draft of its version.
    fn shown(&self) -> Draft {
        self.pages.get(&self.version).map_or(Draft::new(self.version), |page| page.draft)
    }
}

#[cfg(test)]
mod tests;
