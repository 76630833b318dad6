//! From a leak in the fleet to its case: the one whose component it is, or a new one, which a person has to ask for.

use super::judged::leak_words;
use super::{Fleet, FleetRow, Rank};
use crate::app::App;
use crate::app::board::BoardView;
use crate::app::message::Effect;
use crate::app::open_case::Pane;
use crate::app::purpose;
use crate::case::Action;
use crate::case::record::LeakExtent;
use crate::divergence::{Component, Leaks, Report};

/// The most leaks that a report of them names.
const NAMED: usize = 10;

impl App {
    /// Asks for the case to which the leak under the cursor belongs, else the first leak.
    pub(in crate::app) fn seek_case(&mut self) -> Vec<Effect> {
        if self.fleet.at_hand().is_none_or(|at| self.fleet.judged[at].rank != Rank::Leak) {
            self.fleet.inside = false;
            self.fleet.go_to_leak();
        }
        let Some(watched) = self.fleet.at_hand().and_then(|at| self.fleet.board.watched.get(at)) else {
            return Vec::new();
        };
        let asked = watched.asked.clone();
        self.fleet.sought = Some(asked.name.clone());
        vec![Effect::FindCase(Box::new(asked))]
    }

    /// The case of a component was sought: it is opened, or a new one is offered.
    pub(in crate::app) fn take_case_of(&mut self, component: &str, case: Option<&str>) -> Vec<Effect> {
        // The person went on meanwhile.
        if self.fleet.sought.take().is_none_or(|sought| sought != component) || !self.shows_fleet() {
            return Vec::new();
        }
        if let Some(id) = case {
            self.fleet.leads_to = Some(id.to_owned());
            return self.open_effects(id);
        }
        let Some((asked, report)) = self.fleet.of(component) else { return Vec::new() };
        let acts = evidence(asked, report);
        let lines = offered(asked, report);
        let form = purpose::leak_case(self.new_case_form(), acts, lines);
        self.ask(form);
        Vec::new()
    }

    /// A case that was opened for a leak shows its branches.
    pub(in crate::app) fn lead_to_leak(&mut self) {
        let wanted = self.fleet.leads_to.take();
        let open = self.open.as_mut().filter(|open| wanted.is_some_and(|id| id == open.case.record().id));
        if let Some(open) = open {
            open.show(Pane::Branches);
            open.board.view = BoardView::Leaks;
        }
    }

    /// The first leak of the fleet: its component and what is public, for the alarm row.
    #[must_use]
    pub fn leak_of_fleet(&self) -> Option<(&str, &str)> {
        let leaks = self.fleet.judged.iter().enumerate().filter(|(_, judged)| judged.rank == Rank::Leak);
        let shown = leaks.map(|(at, judged)| (self.fleet.board.watched[at].asked.name.as_str(), judged.words.as_str()));
        shown.into_iter().next()
    }
}

impl Fleet {
    fn of(&self, name: &str) -> Option<(&Component, &Report)> {
        let at = self.board.watched.iter().position(|watched| watched.asked.name == name)?;
        Some((&self.board.watched[at].asked, self.board.report(at)?))
    }

    /// Puts the cursor on a row that is a leak, if there is one.
    pub(in crate::app) fn go_to_leak(&mut self) {
        let is_leak = |row: &FleetRow| matches!(row, FleetRow::Component(component) if self.judged[*component].rank == Rank::Leak);
        if let Some(row) = self.rows().iter().position(is_leak) {
            self.go_to(row);
        }
    }
}

/// What is entered into the new case, each as a person would.
fn evidence(asked: &Component, report: &Report) -> Vec<Action> {
    let id = id_of(&asked.name);
    let mut set: Vec<(String, String)> = Vec::new();
    let mut field = |field: &str, value: String| {
        if !value.is_empty() {
            set.push((format!("component.{id}.{field}"), value));
        }
    };
    for (role, url) in &asked.urls {
        field(&format!("urls.{}", role.word()), url.clone());
    }
    field("clone", asked.clone.clone().unwrap_or_default());
    field("branches", asked.branches.join(", "));
    field("tags", asked.tags.join(", "));
    field("pin", asked.pin.clone().unwrap_or_default());
    let embargoed = asked.fixes.iter().filter(|fix| fix.is_embargoed);
    for (number, fix) in embargoed.enumerate() {
        set.push((format!("fix.F{}.commit", number + 1), fix.commit.clone()));
        set.push((format!("fix.F{}.component", number + 1), id.clone()));
    }
    let found = report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
    let mut what: Vec<String> = found.iter().take(NAMED).map(|leak| leak_words(report, leak)).collect();
    what.extend((found.len() > NAMED).then(|| format!("and {} more", found.len() - NAMED)));
    let what = format!("{}: {}", asked.name, what.join("; "));
    vec![Action::Set(set), Action::ReportLeak { extent: LeakExtent::Partial, what }]
}

/// What the form says of it.
fn offered(asked: &Component, report: &Report) -> Vec<String> {
    let found = report.leaks.as_ref().map(Leaks::found).unwrap_or_default();
    let first = found.first().map(|leak| leak_words(report, leak)).unwrap_or_default();
    let more = if found.len() > 1 { format!(", and {} more", found.len() - 1) } else { String::new() };
    let fixes = match asked.fixes.iter().filter(|fix| fix.is_embargoed).count() {
        0 => String::new(),
        1 => ", its fix".to_owned(),
        count => format!(", its {count} fixes"),
    };
    vec![
        format!("{}: {first}{more}.", asked.name),
        format!(
            "No case has this component. A new one gets it with its repositories{fixes}, and the leak is reported in it."
        ),
        "The title stays on this machine; the case goes by a codename of two random words.".to_owned(),
    ]
}

/// A name as a path of a field can hold it.
fn id_of(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    name.chars().map(plain).collect()
}
