//! The six processes: nothing of their documents is missing, and each can be walked to its end.

mod branches;
mod calculator;
mod colours;
#[path = "../shared/corpus.rs"]
mod corpus;
mod divergence;
mod drafts;
mod drill;
mod editor;
mod fleet;
#[path = "../shared/hostile.rs"]
mod hostile;
mod hostile_text;
mod house;
mod ids;
mod life;
#[path = "../shared/output.rs"]
mod output;
mod pointer;
mod privacy;
mod repositories;
mod scanning;
mod screens;
mod settings;
mod sign_in;
mod terminal;
mod walk;
mod ways;

use fixlead::playbook::{BUILTIN, Playbook, builtin};
use ids::IDS;

fn playbook(id: &str) -> Playbook {
    Playbook::parse(builtin(id).expect("built in")).unwrap_or_else(|faults| panic!("{id}: {faults:?}"))
}

#[test]
fn every_built_in_playbook_is_without_fault() {
    for (id, text) in BUILTIN {
        let playbook = Playbook::parse(text).unwrap_or_else(|faults| panic!("{id}: {faults:?}"));
        assert_eq!(playbook.id, id);
    }
}

#[test]
fn no_step_and_no_gate_is_missing_and_none_is_invented() {
    for expected in IDS {
        let playbook = playbook(expected.playbook);
        let steps: Vec<&str> = playbook.steps().map(|step| step.id.as_str()).collect();
        assert_eq!(steps, expected.steps, "{}", expected.playbook);
        let gates: Vec<&str> = playbook.gates.iter().map(|gate| gate.id.as_str()).collect();
        assert_eq!(gates, expected.gates, "{}", expected.playbook);
        for rule in expected.rules {
            assert!(playbook.rules.iter().any(|known| known.id == *rule), "{}: rule {rule}", expected.playbook);
        }
    }
}

/// `em.fix.cvss` is a step of the process whose steps begin with `em.`; `emissary#rule:x` a row of a table.
#[test]
fn every_normative_line_of_the_documents_has_its_step_or_rule() {
    let playbooks: Vec<Playbook> = IDS.iter().map(|ids| playbook(ids.playbook)).collect();
    let rows = include_str!("../data/coverage.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let fields: Vec<&str> = row.split('\t').collect();
        for reference in fields[3].split(',').map(str::trim) {
            assert!(is_there(reference, &playbooks), "{} {}: {reference}", fields[0], fields[1]);
            count += 1;
        }
    }
    assert!(count > 300, "the list of lines was read: {count}");
}

fn is_there(reference: &str, playbooks: &[Playbook]) -> bool {
    let Some((id, place)) = reference.split_once('#') else {
        return playbooks.iter().any(|playbook| playbook.step(reference).is_some());
    };
    let Some(playbook) = playbooks.iter().find(|playbook| playbook.id == id) else { return false };
    let (table, row) = place.split_once(':').unwrap_or((place, ""));
    match table {
        "process" => !playbook.summary.is_empty() && !playbook.source.is_empty(),
        "role" => playbook.role(row).is_some(),
        "channel" => playbook.channels.iter().any(|channel| channel.id == row),
        "leak_rule" => playbook.leak_rules.iter().any(|rule| rule.id == row),
        // A gate of the documents is a gate or, where it blocks nothing that is a step, a rule.
        "gate" | "condition" | "sla" => {
            playbook.gates.iter().any(|gate| gate.id == row)
                || playbook.rules.iter().any(|rule| rule.id == row)
                || playbook.slas.iter().any(|sla| sla.id == row)
        }
        "phase" => playbook.phase(row).is_some(),
        "cvss" => playbook.cvss.is_some(),
        "cve" => playbook.cve.is_some(),
        "open_question" => !playbook.questions.is_empty(),
        // When the release happens: a window, an anchor that ends the embargo, or one that the lead enters.
        "timing" => playbook.release_window.is_some() || playbook.embargo_end().is_some(),
        "versioning" => playbook.steps().any(|step| {
            step.check.as_ref().is_some_and(|check| check.kind == fixlead::playbook::CheckKind::VersionPin)
        }),
        _ => false,
    }
}

#[test]
fn what_the_documents_correct_is_in() {
    let emissary = playbook("emissary");
    assert!(emissary.cve.as_ref().and_then(|cve| cve.stale.as_ref()).is_some(), "the old authority is marked");
    let announce = emissary.step("em.rel.announce").expect("there");
    assert!(announce.after.contains(&"em.rel.patch".to_owned()));
    let preannounce = emissary.step("em.comm.preannounce").expect("there");
    for first in ["em.comm.mitigation", "em.comm.actionable"] {
        assert!(preannounce.after.contains(&first.to_owned()), "{first} comes before the notice");
    }
    let gardener = playbook("gardener");
    let merge = gardener.step("ga.rel.merge-fast").expect("there");
    assert!(merge.after.contains(&"ga.rel.lgtm-merge".to_owned()));
    let window = gardener.release_window.as_ref().expect("a window");
    assert_eq!((window.time.hour(), window.weekdays.len()), (16, 4));
    let critical = playbook("gitlab-critical");
    assert!(!critical.gates.iter().find(|gate| gate.id == "g-hotpatch-approved").expect("there").hard);
    let exposing: Vec<String> = IDS
        .iter()
        .flat_map(|ids| {
            playbook(ids.playbook)
                .steps()
                .filter(|step| !step.exposes.is_empty())
                .map(|step| step.id.clone())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        exposing,
        [
            "em.rel.pr",
            "ga.rel.branch",
            "ga.rel.binaries",
            "ga.rel.cherry-pick",
            "gc.rel.publish",
            "gn.rel.publish",
            "ai.sync.open",
            "de.publish",
            "de.copy",
            "de.sync"
        ]
    );
}
