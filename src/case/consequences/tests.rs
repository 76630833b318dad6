//! What a person is told before a change is made.

use super::*;
use crate::case::tests::{Story, at};
use crate::case::{Case, EventKind};
use crate::playbook::{Playbook, Value, builtin};

const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"; // 7.5
const MEDIUM: &str = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L"; // 4.0
const LOW: &str = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N"; // 3.7
const HIGH_4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"; // 8.7

fn score_of(id: &str, vector: &str, is_final: bool) -> Action {
    Action::Score { vulnerability: id.into(), vector: vector.into(), why: None, is_final }
}

fn draft(vector: &str) -> Action {
    score_of("V1", vector, false)
}

/// What is told before an action; then it is carried out.
fn told(story: &mut Story, action: Action) -> Vec<String> {
    let before = story.case.clone();
    let lines = story.foretold(action.clone());
    assert_eq!(story.case.record(), before.record(), "telling changes nothing");
    story.act(action).unwrap_or_else(|refusal| panic!("{refusal}"));
    lines
}

/// A story with a process in which one text stands in the place of another.
fn changed(from: &str, to: &str) -> Story {
    let mut story = Story::new("emissary");
    let text = builtin("emissary").unwrap();
    assert!(text.contains(from), "{from}");
    let playbook = Playbook::parse(&text.replacen(from, to, 1)).unwrap_or_else(|faults| panic!("{faults:?}"));
    story.case = Case::new(story.case.record().clone(), playbook.into());
    story
}

#[test]
fn a_private_report_that_falls_below_the_bound_may_be_slowed_down_and_one_that_rises_may_not() {
    for (playbook, bound, below, above) in [("emissary", "4.0", LOW, MEDIUM), ("gardener", "7.0", MEDIUM, HIGH)] {
        let mut story = Story::new(playbook);
        story.word("disclosure", "private");
        let number = |vector: &str| Vector::parse(vector).unwrap().base_score().to_string();
        assert_eq!(
            told(&mut story, draft(above)),
            [
                format!("{} is at or above {bound}, the bound of this process", number(above)),
                "drops out: Decide on slowing down".to_owned(),
            ],
            "{playbook}"
        );
        let down = told(&mut story, draft(below));
        assert_eq!(down[0], format!("{} is below {bound}, the bound of this process", number(below)));
        assert!(down[1].starts_with(&format!("now holds: Score below {bound}")), "{down:?}");
        assert!(down[2].starts_with("a slow-down is allowed: A slow-down needs a score below"), "{down:?}");
        assert_eq!(down[3..], ["added: Decide on slowing down"], "{playbook}");
        let up = told(&mut story, draft(above));
        assert_eq!(up[0], format!("{} is at or above {bound}, the bound of this process", number(above)));
        assert!(up[1].starts_with("no longer holds: Score below"), "{up:?}");
        assert!(up[2].starts_with("a slow-down is no longer allowed: A slow-down needs"), "{up:?}");
        assert_eq!(up[3..], ["drops out: Decide on slowing down"], "{playbook}");
        let reason = Action::Score {
            vulnerability: "V1".into(),
            vector: above.into(),
            why: Some("as the trace shows".into()),
            is_final: false,
        };
        assert_eq!(told(&mut story, reason), [""; 0], "the same score with its reason changes nothing");
        assert!(matches!(story.act(draft(above)).unwrap_err(), Refusal::Nothing(_)), "without one it is no score");
    }
}

#[test]
fn a_public_report_that_reaches_the_bound_is_as_soon_as_possible() {
    for (playbook, below, above) in [("emissary", LOW, MEDIUM), ("gardener", MEDIUM, HIGH)] {
        let mut story = Story::new(playbook);
        let public = Action::SetFacts(vec![("disclosure".into(), Some(Value::Text("public".into())))]);
        let unscored = told(&mut story, public);
        assert_eq!(unscored[0], "every deadline becomes as soon as possible");
        assert!(unscored[1].starts_with("now holds, as what is not scored counts as at the bound: "), "{unscored:?}");
        let down = told(&mut story, draft(below));
        assert!(down.iter().any(|line| line.starts_with("no longer holds: The report is public")), "{down:?}");
        assert!(down.contains(&"deadlines have their instants again".to_owned()));
        assert!(!down.iter().any(|line| line.starts_with("deadline of")), "the instants stay as they are: {down:?}");
        let up = told(&mut story, draft(above));
        assert!(up.iter().any(|line| line.starts_with("now holds: The report is public")), "{up:?}");
        assert!(up.contains(&"every deadline becomes as soon as possible".to_owned()));
        assert!(story.view().asap);
    }
}

#[test]
fn a_slow_down_that_was_granted_ends_with_the_score_that_allowed_it() {
    let mut story = Story::new("emissary");
    story.word("disclosure", "private");
    story.act(draft(LOW)).unwrap();
    let slow = Action::SlowDown { until: at("2026-12-10T12:00:00Z"), why: "holidays".into(), discussed: "list".into() };
    let put_off = told(&mut story, slow);
    assert_eq!(put_off[0], "deadlines are put off until Thu 10 Dec 12:00 UTC");
    assert!(
        put_off.contains(&"deadline of Fix: Thu 10 Dec 12:00 UTC, was Thu 26 Nov 16:12 UTC".to_owned()),
        "{put_off:?}"
    );
    let up = told(&mut story, draft(HIGH));
    assert!(up.contains(&"the slow-down until Thu 10 Dec 12:00 UTC ends".to_owned()), "{up:?}");
    assert!(up.contains(&"deadline of Fix: Thu 26 Nov 16:12 UTC, was Thu 10 Dec 12:00 UTC".to_owned()), "{up:?}");
    let again = told(&mut story, draft(LOW));
    assert!(again.contains(&"deadlines are put off until Thu 10 Dec 12:00 UTC".to_owned()), "{again:?}");
}

#[test]
fn a_process_that_does_not_go_by_the_score_is_not_changed_by_one() {
    for playbook in ["gitlab-critical", "gitlab-non-critical", "gitlab-aigw", "duo-workflow-executor"] {
        let mut story = Story::new(playbook);
        for vector in [HIGH, LOW, HIGH] {
            assert_eq!(told(&mut story, draft(vector)), [""; 0], "{playbook}");
        }
    }
}

#[test]
fn deadlines_promises_and_gates_that_hang_on_the_score_are_told() {
    let mut story = changed(
        "title = \"Fix\"\ndue = \"1d..7d after disclosed\"",
        "title = \"Fix\"\ndue = [{ when = \"cvss.severity == 'critical'\", by = \"1d after disclosed\" }, { when = \
         \"cvss.score < 9\", by = \"7d after disclosed\" }]",
    );
    let deadlines = |lines: &[String]| lines.iter().filter(|line| line.starts_with("deadline of")).count();
    let first = told(&mut story, draft(HIGH));
    assert!(first.contains(&"deadline of Fix: Thu 26 Nov 16:12 UTC, was none".to_owned()), "{first:?}");
    let up = told(&mut story, draft("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
    assert_eq!(up[0], "9.8 is at or above 9.0, a bound of this process");
    assert!(up.contains(&"deadline of Fix: Fri 20 Nov 16:12 UTC, was Thu 26 Nov 16:12 UTC".to_owned()), "{up:?}");
    assert_eq!(deadlines(&up), 1, "its steps move with the phase: {up:?}");

    let promise = "[[sla]]\nid = \"s\"\nwhen = \"cvss.score >= 7\"\nwithin = \"72h\"\nafter = \"disclosed\"\ntext = \"A fix in \
                   three days\"\nsource = \"x\"\n\n[[gate]]\nid = \"g-low\"\ntitle = \"Low enough\"\nrequires = [{ when = \
                   \"cvss.score < 7\" }]\nblocks = [{ outside = \"x\" }]\nsource = \"x\"\n\n[[phase]]";
    let mut story = changed("[[phase]]", promise);
    let up = told(&mut story, draft(HIGH));
    assert!(up.contains(&"now promised: A fix in three days, until Sun 22 Nov 16:12 UTC".to_owned()), "{up:?}");
    let down = told(&mut story, draft(LOW));
    assert!(down.contains(&"no longer promised: A fix in three days".to_owned()), "{down:?}");
    assert!(down.contains(&"gate opens: Low enough".to_owned()), "{down:?}");
    assert!(told(&mut story, draft(HIGH)).contains(&"gate closes: Low enough".to_owned()));
}

#[test]
fn a_vulnerability_without_a_score_makes_the_score_unknown_and_that_is_told() {
    let mut story = Story::new("emissary");
    story.word("disclosure", "private");
    story.act(score_of("V1", LOW, true)).unwrap();
    let second = told(&mut story, Action::set("vulnerability.V2.summary", "Another one"));
    assert_eq!(second[0], "V2 has no score yet: conditions take the score for unknown");
    assert!(second.iter().any(|line| line.starts_with("a slow-down is no longer allowed: ")), "{second:?}");
    assert!(!second.iter().any(|line| line.contains("draft")), "the last word on V1 stands: {second:?}");
    assert!(second.contains(&"is open again whether it applies: Decide on slowing down".to_owned()), "{second:?}");
    let higher = told(&mut story, score_of("V2", HIGH, true));
    assert_eq!(
        higher[..2],
        ["7.5 is at or above 4.0, the bound of this process", "V2 drives the process now, with 7.5 High"]
    );
    let lower = told(&mut story, score_of("V1", MEDIUM, true));
    assert_eq!(lower, ["V2 still drives the process, with 7.5 High"]);
    let without = told(&mut story, Action::set("vulnerability.V2", ""));
    assert_eq!(without[0], "V1 drives the process now, with 4.0 Medium");
}

#[test]
fn a_score_of_another_version_says_that_it_decides_nothing() {
    let mut story = Story::new("emissary");
    story.act(draft(LOW)).unwrap();
    let lines = told(&mut story, draft(HIGH_4));
    assert_eq!(lines, ["this process goes by CVSS 3.1: a score of 4.0 is kept and shown, and decides nothing"]);
    assert_eq!(story.view().score.unwrap().words(), "3.7 Low");
}

#[test]
fn a_draft_after_the_last_word_makes_the_score_a_draft_again() {
    let mut story = Story::new("emissary");
    story.word("disclosure", "private");
    story.act(draft(HIGH)).unwrap();
    assert_eq!(told(&mut story, score_of("V1", HIGH, true)), ["the last word on the score is said"]);
    for step in ["em.fix.cvss", "em.fix.cvss-final"] {
        story.forced(step);
    }
    assert_eq!(
        told(&mut story, draft(HIGH)),
        [
            "the score is a draft again: the last word is open",
            "stays done although the score is a draft: Settle the score"
        ]
    );
}

#[test]
fn after_the_last_word_only_the_lead_says_otherwise() {
    let mut story = Story::new("emissary");
    story.act(score_of("V1", HIGH, true)).unwrap();
    story.by("eve");
    let words = "the last word stands, 7.5 High (v3.1): this decides nothing until lead takes it up";
    assert_eq!(told(&mut story, draft(LOW)), [words]);
    let driving = story.view().score.unwrap();
    assert_eq!(
        (driving.base().tenths(), driving.is_final),
        (75, true),
        "nobody opens a slow-down behind the lead's back"
    );
    story.by("lead");
    assert!(told(&mut story, draft(LOW)).contains(&"the score is a draft again: the last word is open".to_owned()));
    assert_eq!(story.view().score.unwrap().base().tenths(), 37);
}

#[test]
fn the_last_word_is_the_leads() {
    let mut story = Story::new("emissary");
    story.act(Action::set("lead", "ada")).unwrap();
    let refusal = story.act(score_of("V1", HIGH, true)).unwrap_err();
    assert!(matches!(refusal, Refusal::NotAllowed(_)), "{refusal}");
    assert!(refusal.to_string().contains("ada") && refusal.to_string().contains("as a draft"), "{refusal}");
    assert_eq!(story.act(draft(HIGH)).unwrap().kind, EventKind::Scored, "a draft is anybody's");
    story.act(Action::set("lead", "")).unwrap();
    story.act(score_of("V1", HIGH, true)).expect("a case without a lead takes it from anybody");
    story.act(Action::set("lead", "lead")).unwrap();
    story.act(score_of("V1", LOW, true)).expect("the lead says it");
}
