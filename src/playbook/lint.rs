//! What can be wrong with a playbook as a whole: cycles, steps that can never be reached, gates that block nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::{Condition, Name};
use super::load::{MAX_STEPS, Places, Thing};
use super::model::{FactDef, Gate, Marks, Playbook, Requirement};
use crate::source::Table;

/// How many circles of steps are told: one breaks most of the others.
const CIRCLES_TOLD: usize = 10;

/// For each step what it waits for.
type Before<'p> = BTreeMap<&'p str, BTreeSet<&'p str>>;

pub(super) fn structure(playbook: &Playbook, places: &Places, root: &Table<'_>) {
    let at = |thing: Thing, id: &str| {
        places.iter().find(|(kind, known, _)| *kind == thing && known == id).map_or(0, |(.., at)| *at)
    };
    if playbook.phases.is_empty() {
        root.fault(0, "a playbook needs at least one phase with a step", None);
    }
    for (marks, word) in [(Marks::Start, "start"), (Marks::EmbargoEnd, "embargo_end")] {
        let count = playbook.anchors.iter().filter(|anchor| anchor.marks == Some(marks)).count();
        if count != 1 {
            root.fault(0, format!("exactly one anchor must say marks = \"{word}\", not {count}"), None);
        }
    }
    for gate in &playbook.gates {
        if gate.blocks.is_empty() {
            root.fault(at(Thing::Gate, &gate.id), format!("the gate {} blocks nothing", gate.id), None);
        }
        if gate.requires.is_empty() {
            root.fault(at(Thing::Gate, &gate.id), format!("the gate {} requires nothing", gate.id), None);
        }
    }
    let steps = playbook.steps().count();
    if steps > MAX_STEPS {
        root.fault(0, format!("a process has at most {MAX_STEPS} steps, this one has {steps}"), None);
        return;
    }
    let before = prerequisites(playbook);
    let cycles = cycles(&before);
    for cycle in cycles.iter().take(CIRCLES_TOLD) {
        let first = cycle.first().copied().unwrap_or_default();
        let path = cycle.join(" → ");
        root.fault(at(Thing::Step, first), format!("these steps wait for each other: {path}"), None);
    }
    for step in unreachable(&before, &cycles) {
        root.fault(
            at(Thing::Step, step),
            format!("the step {step} can never be reached: it waits for a circle of steps"),
            None,
        );
    }
}

/// For each step what it waits for: by `after`, by the hard gates that stand before it, and by the step that asks what
/// it depends on. A soft gate keeps nobody waiting.
fn prerequisites(playbook: &Playbook) -> Before<'_> {
    let asked_by = asked_by_one(playbook);
    let mut before = Before::new();
    for step in playbook.steps() {
        let mut first: BTreeSet<&str> = step.after.iter().map(String::as_str).collect();
        first.extend(playbook.gates_before(&step.id).filter(|gate| gate.hard).flat_map(required_steps));
        let names = step.when.as_ref().map(Condition::names).unwrap_or_default();
        first.extend(names.iter().filter_map(|name| match name {
            Name::Fact(id) => asked_by.get(id.as_str()).copied(),
            _ => None,
        }));
        before.insert(step.id.as_str(), first);
    }
    before
}

/// For each fact that a single step asks for, and that is not known before, that step.
fn asked_by_one<'p>(playbook: &'p Playbook) -> BTreeMap<&'p str, &'p str> {
    let alone =
        |fact: &FactDef, until: &str| !playbook.steps().any(|other| other.id != until && other.asks.contains(&fact.id));
    let until = |fact: &'p FactDef| fact.unknown_until.as_deref().filter(|until| alone(fact, until));
    playbook.facts.iter().filter_map(|fact| Some((fact.id.as_str(), until(fact)?))).collect()
}

fn required_steps(gate: &Gate) -> impl Iterator<Item = &str> {
    // A step inside of «any» need not be the one that is done, so it makes no circle.
    gate.requires.iter().filter_map(|requirement| match requirement {
        Requirement::Step(id) => Some(id.as_str()),
        _ => None,
    })
}

/// Each circle once, starting at its smallest id; not many more than [`CIRCLES_TOLD`].
fn cycles<'p>(before: &Before<'p>) -> Vec<Vec<&'p str>> {
    let mut found: BTreeSet<Vec<&str>> = BTreeSet::new();
    for start in before.keys() {
        if found.len() >= CIRCLES_TOLD {
            break;
        }
        let mut path = vec![*start];
        follow(before, &mut path, &mut BTreeSet::new(), &mut found);
    }
    found.into_iter().collect()
}

/// Depth first along what a step waits for; `seen` keeps the walk linear, as one circle through the start is enough.
fn follow<'p>(
    before: &Before<'p>,
    path: &mut Vec<&'p str>,
    seen: &mut BTreeSet<&'p str>,
    found: &mut BTreeSet<Vec<&'p str>>,
) {
    let Some(last) = path.last() else { return };
    for next in before.get(last).into_iter().flatten() {
        if *next == path[0] {
            if path.iter().min() == Some(&path[0]) {
                let mut circle = path.clone();
                circle.push(path[0]);
                found.insert(circle);
            }
        } else if seen.insert(next) {
            path.push(next);
            follow(before, path, seen, found);
            path.pop();
        }
    }
}

/// Steps that are in no circle themselves, but wait for one.
fn unreachable<'p>(before: &Before<'p>, cycles: &[Vec<&'p str>]) -> Vec<&'p str> {
    let circular: BTreeSet<&str> = cycles.iter().flatten().copied().collect();
    let mut stuck = circular.clone();
    loop {
        let more: Vec<&str> = before
            .iter()
            .filter(|(step, first)| !stuck.contains(*step) && first.iter().any(|id| stuck.contains(id)))
            .map(|(step, _)| *step)
            .collect();
        if more.is_empty() {
            break;
        }
        stuck.extend(more);
    }
    stuck.difference(&circular).copied().collect()
}

#[cfg(test)]
mod tests {
    use crate::playbook::Playbook;

    /// Two steps; `hard` says what the gate between them is.
    fn faults(first: &str, second: &str, hard: bool) -> Vec<String> {
        let text = format!(
            r#"
schema = 1
id = "small"
name = "Small"
[[fact]]
id = "known"
ask = "Known?"
type = "yes-no"
unknown_until = "s.ask"
[[anchor]]
id = "start"
title = "Start"
marks = "start"
[[anchor]]
id = "end"
title = "End"
marks = "embargo_end"
[[role]]
id = "lead"
title = "Lead"
[[phase]]
id = "all"
title = "All"
[[phase.step]]
id = "s.ask"
title = "Ask"
role = "lead"
{first}
[[phase.step]]
id = "s.do"
title = "Do"
role = "lead"
{second}
[[gate]]
id = "g"
title = "Asked"
requires = [{{ step = "s.ask" }}]
blocks = [{{ step = "s.do" }}]
hard = {hard}
"#
        );
        let found = Playbook::parse(&text).err().unwrap_or_default();
        found.into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn a_step_does_not_depend_on_an_answer_that_only_it_asks_for() {
        let itself = faults("when = \"known\"\nasks = [\"known\"]", "", false);
        assert_eq!(itself, ["these steps wait for each other: s.ask → s.ask"]);
        let round = faults("after = [\"s.do\"]\nasks = [\"known\"]", "when = \"known\"", false);
        assert_eq!(round, ["these steps wait for each other: s.ask → s.do → s.ask"]);
        assert!(faults("when = \"known\"\nasks = [\"known\"]", "asks = [\"known\"]", false).is_empty());
        assert!(faults("asks = [\"known\"]", "when = \"known\"", true).is_empty());
    }

    #[test]
    fn only_a_hard_gate_makes_a_circle() {
        assert!(faults("after = [\"s.do\"]", "", false).is_empty());
        assert_eq!(faults("after = [\"s.do\"]", "", true).len(), 1);
    }
}
