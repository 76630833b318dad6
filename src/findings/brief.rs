//! What the looks at the components of a case come to, in one line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{count, standings};
use crate::divergence::{Amiss, Component, Leaks, Look, Plan, Report, Tracking};

/// What the looks at some components come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// How many components there are to look at.
    pub components: usize,
    /// How many of them have no look that answers what is asked now.
    pub not_looked: usize,
    /// Branches, tags, pins, fixes and places of pushes that need a person.
    pub needs: usize,
    /// Something could not be looked at.
    pub unknown: bool,
    /// Public refs that show what must not be public.
    pub leaks: usize,
    /// How many public refs were looked at where nothing was found; none where not all of them could be, or nothing is sought.
    pub clear: Option<usize>,
    /// When the oldest of the looks was.
    pub at: Option<Timestamp>,
}

impl Brief {
    /// What some looks come to that are to answer these questions.
    #[must_use]
    pub fn of(asked: &[Component], looks: &[Look]) -> Self {
        let look = |component: &Component| looks.iter().find(|look| look.answers(component));
        let known: Vec<(&Component, &Look)> = asked.iter().filter_map(|one| Some((one, look(one)?))).collect();
        let reports = || known.iter().map(|(component, look)| (*component, &look.report));
        let clear = reports().map(|(_, report)| clear(report)).sum::<Option<usize>>();
        let at: Option<Vec<Timestamp>> = known.iter().map(|(_, look)| look.at()).collect();
        Self {
            components: asked.len(),
            not_looked: asked.len() - known.len(),
            needs: reports().map(|(component, report)| needs(component, report)).sum(),
            unknown: reports().any(|(_, report)| !report.is_whole()),
            leaks: reports().flat_map(|(_, report)| &report.leaks).map(|leaks| leaks.found().len()).sum(),
            clear: clear.filter(|_| !known.is_empty() && known.len() == asked.len()),
            at: at.and_then(|at| at.into_iter().min()),
        }
    }

    /// «1 needs you, no leak found». It is never said that all is well where not everything was looked at.
    #[must_use]
    pub fn words(&self) -> String {
        if self.components == 0 {
            return "no component yet".to_owned();
        }
        if self.not_looked == self.components {
            return "not looked at yet".to_owned();
        }
        let planned = self.needs == 0 && !self.unknown && self.not_looked == 0 && self.leaks == 0;
        let needs = if self.needs == 1 { "needs" } else { "need" };
        let parts = [
            (self.leaks > 0).then(|| format!("LEAK on {} public {}", self.leaks, refs(self.leaks))),
            (self.needs > 0).then(|| format!("{} {needs} you", self.needs)),
            (self.not_looked > 0).then(|| format!("{} of {} not looked at", self.not_looked, self.components)),
            self.unknown.then(|| "not everything could be looked at".to_owned()),
            planned.then(|| "as planned".to_owned()),
            (self.clear.is_some() && self.leaks == 0).then(|| "no leak found".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// What is known of leaks, and how much was looked at for it.
    #[must_use]
    pub fn leak_words(&self) -> (&'static str, String) {
        match self.clear {
            _ if self.leaks > 0 => ("LEAK", format!("on {} public {}", self.leaks, refs(self.leaks))),
            Some(seen) => ("no leak found", format!("{} public {} looked at", count(seen), refs(seen))),
            None => ("leaks", "not known, v in the branches tells why".to_owned()),
        }
    }
}

fn refs(count: usize) -> &'static str {
    if count == 1 { "ref" } else { "refs" }
}

/// How many public refs were looked at and show nothing; none where that is not known.
fn clear(report: &Report) -> Option<usize> {
    match report.leaks.as_ref()? {
        Leaks::Looked { refs, found } if found.is_empty() => Some(*refs),
        Leaks::Looked { .. } | Leaks::Unknown { .. } => None,
    }
}

fn needs(component: &Component, report: &Report) -> usize {
    let branches = standings(component, report).iter().filter(|(_, standing)| standing.needs_person()).count();
    let is_off = |plan: Plan| matches!(plan, Plan::NeedsPerson | Plan::Unplanned);
    let tags = report.tags.iter().filter(|tag| is_off(report.plan_of_tag(tag))).count();
    let pins = report.pins.iter().filter(|pin| is_off(report.plan_of_pin(pin))).count();
    let nowhere = report.fixes.iter().filter(|fix| fix.amiss(report.expected).contains(&Amiss::Nowhere)).count();
    let pushes = match &report.tracking {
        Tracking::Looked(rows) => rows.iter().filter(|row| row.why_not.is_some()).count(),
        Tracking::NoClone | Tracking::Unknown(_) => 0,
    };
    branches + tags + pins + nowhere + pushes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::divergence::{Expected, MIRROR_LAG};

    fn component(name: &str) -> Component {
        Component {
            name: name.into(),
            urls: [].into(),
            clone: None,
            branches: Vec::new(),
            tags: Vec::new(),
            pin: None,
            fixes: Vec::new(),
            memory: String::new(),
            has_fixes_elsewhere: false,
            is_embargoed: true,
            expected: Expected::PrivateAhead,
            may_lag: MIRROR_LAG,
        }
    }

    fn look(name: &str, leaks: Option<Leaks>, errors: &[&str]) -> Look {
        let errors = errors.iter().map(|error| (*error).to_owned()).collect();
        Look { asked: component(name), report: Report { leaks, errors, ..Report::blank(name) } }
    }

    #[test]
    fn all_is_well_only_where_every_component_was_looked_at_in_full() {
        let asked = [component("a"), component("b")];
        let clear = || Some(Leaks::Looked { refs: 3, found: Vec::new() });
        let words = |looks: &[Look]| Brief::of(&asked, looks).words();
        assert_eq!(words(&[]), "not looked at yet");
        assert_eq!(words(&[look("a", clear(), &[])]), "1 of 2 not looked at");
        assert_eq!(words(&[look("a", clear(), &[]), look("b", clear(), &[])]), "as planned, no leak found");
        let failed = [look("a", clear(), &[]), look("b", clear(), &["no answer"])];
        assert_eq!(words(&failed), "not everything could be looked at, no leak found");
        let unknown = Some(Leaks::Unknown { why: "no answer".into(), found: Vec::new() });
        assert_eq!(words(&[look("a", clear(), &[]), look("b", unknown, &[])]), "not everything could be looked at");
        assert_eq!(Brief::of(&[], &[]).words(), "no component yet");
    }
}
