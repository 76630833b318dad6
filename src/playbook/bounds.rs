//! The scores at which something of a process turns, found from its conditions.

use super::condition::{Condition, Known, Name, Value};
use super::model::{Gate, Phase, Playbook, Requirement, Rule, Sla, Step};
use crate::cvss::{Score, Version};

/// A score at which something of the process turns: what is at or above it is on one side, what is below on the other.
#[derive(Clone, Debug)]
pub struct Bound<'p> {
    /// The lowest score of the upper side, above 0.0: `4.0` for `cvss.score >= 4.0` and for `cvss.score < 4.0`, `4.1`
    /// for `cvss.score > 4.0`.
    pub at: Score,
    /// Rules whose condition compares with it.
    pub rules: Vec<&'p Rule>,
    /// Promises.
    pub slas: Vec<&'p Sla>,
    /// Gates.
    pub gates: Vec<&'p Gate>,
    /// Phases, by their deadline.
    pub phases: Vec<&'p Phase>,
    /// Steps, by whether they apply or by their own deadline.
    pub steps: Vec<&'p Step>,
}

impl Bound<'_> {
    /// Is a score on the upper side?
    #[must_use]
    pub fn is_reached_by(&self, score: Score) -> bool {
        score >= self.at
    }

    fn is_empty(&self) -> bool {
        let things = [self.rules.len(), self.slas.len(), self.gates.len(), self.phases.len(), self.steps.len()];
        things.iter().all(|count| *count == 0)
    }
}

impl Playbook {
    /// The bounds of this process, lowest first; none where no condition speaks of the score or its severity.
    #[must_use]
    pub fn bounds(&self) -> Vec<Bound<'_>> {
        let all = (1..=Score::MAX.tenths()).filter_map(Score::from_tenths);
        all.map(|at| self.bound(at)).filter(|bound| !bound.is_empty()).collect()
    }

    /// What turns between a score and the next lower one.
    fn bound(&self, at: Score) -> Bound<'_> {
        let version = self.cvss_version();
        let upper = OnlyScore { score: Some(at), version };
        let lower = OnlyScore { score: at.tenths().checked_sub(1).and_then(Score::from_tenths), version };
        let turns = |when: &Condition| when.tells_apart(&upper, &lower);
        let some = |when: &Option<Condition>| when.as_ref().is_some_and(turns);
        let dues = |due: &super::Due| due.cases.iter().any(|case| some(&case.when));
        let asks = |requirement: &&Requirement| matches!(requirement, Requirement::When(when) if turns(when));
        Bound {
            at,
            rules: self.rules.iter().filter(|rule| some(&rule.when)).collect(),
            slas: self.slas.iter().filter(|sla| some(&sla.when)).collect(),
            gates: self.gates.iter().filter(|gate| gate.all_requirements().iter().any(asks)).collect(),
            phases: self.phases.iter().filter(|phase| dues(&phase.due)).collect(),
            steps: self.steps().filter(|step| some(&step.when) || step.due.as_ref().is_some_and(dues)).collect(),
        }
    }
}

/// Nothing is known but the score.
struct OnlyScore {
    score: Option<Score>,
    version: Version,
}

impl Known for OnlyScore {
    fn value(&self, name: &Name) -> Option<Value> {
        let score = self.score?;
        match name {
            Name::Score => Some(Value::Number(score.into())),
            Name::Severity => Some(Value::Text(score.severity(self.version).to_string().to_lowercase())),
            Name::Fact(_) | Name::Leak | Name::State => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::builtin;

    fn playbook(id: &str) -> Playbook {
        Playbook::parse(builtin(id).unwrap()).unwrap()
    }

    fn ids<'b>(things: impl IntoIterator<Item = &'b String>) -> Vec<&'b str> {
        things.into_iter().map(String::as_str).collect()
    }

    #[test]
    fn each_process_has_the_bounds_of_its_document() {
        for (id, expected) in [
            ("emissary", vec!["4.0"]),
            ("gardener", vec!["7.0"]),
            ("gitlab-critical", vec![]),
            ("gitlab-non-critical", vec![]),
            ("gitlab-aigw", vec![]),
            ("duo-workflow-executor", vec![]),
        ] {
            let playbook = playbook(id);
            let bounds: Vec<String> = playbook.bounds().iter().map(|bound| bound.at.to_string()).collect();
            assert_eq!(bounds, expected, "{id}");
        }
    }

    #[test]
    fn what_hangs_on_a_bound_is_named() {
        let playbook = playbook("emissary");
        let bounds = playbook.bounds();
        let bound = &bounds[0];
        let rules = ids(bound.rules.iter().map(|rule| &rule.id));
        assert_eq!(rules, ["public-asap", "low-slowdown", "g-slowdown-discussed"]);
        assert_eq!(ids(bound.steps.iter().map(|step| &step.id)), ["em.fix.slowdown"]);
        assert_eq!((bound.slas.len(), bound.gates.len(), bound.phases.len()), (0, 0, 0));
        let score = |tenths| Score::from_tenths(tenths).unwrap();
        assert!(bound.is_reached_by(score(40)) && !bound.is_reached_by(score(39)));
    }

    #[test]
    fn every_way_to_compare_with_the_score_is_a_bound() {
        let bounds = |when: &str| {
            let text = builtin("emissary").unwrap().replace("cvss.score < 4.0", when);
            let text = text.replace("cvss.score >= 4.0", "cvss.score >= 10.0");
            let playbook = Playbook::parse(&text).unwrap_or_else(|faults| panic!("{when}: {faults:?}"));
            let mut bounds: Vec<String> = playbook.bounds().iter().map(|bound| bound.at.to_string()).collect();
            assert_eq!(bounds.pop().as_deref(), Some("10.0"), "the asap rule of the process");
            bounds
        };
        assert_eq!(bounds("cvss.score > 4.0"), ["4.1"]);
        assert_eq!(bounds("cvss.score <= 4"), ["4.1"]);
        assert_eq!(bounds("7 <= cvss.score and not upstream_timeline"), ["7.0"]);
        assert_eq!(bounds("not (cvss.score >= 3.95) or cvss.score > 8"), ["4.0", "8.1"]);
        assert_eq!(bounds("cvss.score == 5"), ["5.0", "5.1"]);
        assert_eq!(bounds("cvss.severity in ['high', 'critical']"), ["7.0"]);
        assert_eq!(bounds("cvss.severity != 'none'"), ["0.1"]);
        assert_eq!(bounds("cvss.score >= 0"), [""; 0], "every score is there");
    }
}
