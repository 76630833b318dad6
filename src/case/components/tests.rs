//! What is asked of the repositories of a case, and which divergence is planned when.

use super::super::tests::Story;
use super::*;
use crate::case::Action;
use crate::case::record::LeakExtent;

/// A case with one component, and more fields.
fn story(playbook: &str, more: &[(&str, &str)]) -> Story {
    let mut story = Story::new(playbook);
    let own = [("component.api.urls.security", "/private"), ("component.api.urls.canonical", "/public")];
    for (path, value) in own.iter().chain(more) {
        story.act(Action::set(*path, *value)).unwrap();
    }
    story
}

#[test]
fn a_component_asks_for_what_the_case_says_of_it() {
    let more = [
        ("component.api.branches", "main, stable-*"),
        ("component.api.tags", "v*"),
        ("component.api.pin", "VERSION"),
        ("component.api.clone", "/clone"),
        ("component.api.mirror_lag", "90m"),
        ("component.api.urls.elsewhere", "/no-role"),
        ("fix.F1.commit", "abc"),
        ("fix.F2.vulnerability", "V1"),
    ];
    let story = story("gitlab-aigw", &more);
    let [asked] = &components(&story.case)[..] else { panic!("one component") };
    assert_eq!((asked.name.as_str(), asked.urls.len()), ("api", 2));
    assert_eq!(asked.urls[&Role::Canonical], "/public");
    assert_eq!(asked.branches, ["main", "stable-*"]);
    assert_eq!((asked.tags.join(","), asked.pin.as_deref()), ("v*".to_owned(), Some("VERSION")));
    assert_eq!((asked.clone.as_deref(), asked.may_lag), (Some("/clone"), SignedDuration::from_mins(90)));
    let fixes: Vec<(&str, bool)> = asked.fixes.iter().map(|fix| (fix.commit.as_str(), fix.is_embargoed)).collect();
    assert_eq!(fixes, [("abc", true)], "a fix without a commit can't be looked for");
}

#[test]
fn a_fix_goes_to_its_component_and_one_without_any_to_the_only_one() {
    let mut story = story("gitlab-aigw", &[("fix.F1.commit", "abc")]);
    let count = |story: &Story| components(&story.case).iter().map(|asked| asked.fixes.len()).collect::<Vec<_>>();
    assert_eq!((count(&story), fixes_nowhere(&story.case)), (vec![1], vec![]));
    story.act(Action::set("component.image.purl", "pkg:oci/image")).unwrap();
    assert_eq!(
        (count(&story), fixes_nowhere(&story.case)),
        (vec![0], vec!["F1"]),
        "a component without URLs is left out"
    );
    story.act(Action::set("fix.F1.component", "api")).unwrap();
    assert_eq!((count(&story), fixes_nowhere(&story.case)), (vec![1], vec![]));
    story.act(Action::set("fix.F1.component", "image")).unwrap();
    assert_eq!((count(&story), fixes_nowhere(&story.case)), (vec![0], vec!["F1"]));
}

#[test]
fn a_fix_that_is_named_is_planned_to_be_private_from_the_first_step_on() {
    let planned = |more: &[(&str, &str)]| components(&story("emissary", more).case)[0].expected;
    assert_eq!(planned(&[]), Expected::Equal, "the first phase plans nothing else");
    assert_eq!(planned(&[("fix.F1.commit", "abc")]), Expected::PrivateAhead);
}

#[test]
fn the_embargo_is_over_once_the_release_begins() {
    let is_on = |story: &Story| components(&story.case)[0].is_embargoed;
    let mut story = story("gitlab-aigw", &[]);
    assert!(is_on(&story));
    let leak = || Action::ReportLeak { extent: LeakExtent::Partial, what: "a pull request".into() };
    story.act(leak()).unwrap();
    assert!(is_on(&story), "the rest is still to be kept");
    story.act(Action::Expose { codename: "slate-kangaroo".into() }).unwrap();
    assert!(!is_on(&story));
    story.act(leak()).unwrap();
    assert!(!is_on(&story), "what leaks behind that is no embargoed fix");
}

#[test]
fn what_is_planned_follows_the_phases() {
    let planned = |story: &Story| components(&story.case)[0].expected;
    let mut story = story("gitlab-aigw", &[]);
    let ends = [
        ("ai.branch.fetch", Expected::Equal),
        ("ai.branch.create", Expected::Equal),
        ("ai.branch.backports", Expected::Equal),
        ("ai.branch.push", Expected::Equal),
        ("ai.mr.open", Expected::Equal),
        ("ai.mr.approve-main", Expected::Equal),
        ("ai.mr.approve-backports", Expected::PrivateAhead),
        ("ai.merge.all", Expected::PrivateAhead),
        ("ai.merge.divergence", Expected::PrivateAhead),
        ("ai.deploy.confirm", Expected::PrivateAhead),
        ("ai.sync.open", Expected::PrivateAhead),
        ("ai.sync.conflict", Expected::PrivateAhead),
        // Others are asked to rebase after the sync: that is still open then, and nothing is planned to differ.
        ("ai.sync.merge", Expected::InSync),
        ("ai.tag.backports", Expected::InSync),
        ("ai.done", Expected::InSync),
    ];
    story.act(Action::SetFacts(vec![("conflict".into(), Some(crate::playbook::Value::Flag(true)))])).unwrap();
    for (step, expected) in ends {
        let tick = crate::case::Tick {
            override_why: Some("a test".into()),
            codename: Some("slate-kangaroo".into()),
            ..crate::case::Tick::of(step)
        };
        story.act(Action::Do(tick)).unwrap_or_else(|refusal| panic!("{step}: {refusal}"));
        assert_eq!(planned(&story), expected, "after {step}");
    }
}

#[test]
fn a_process_that_plans_nothing_has_private_ahead_until_it_is_public() {
    let mut story = story("gitlab-critical", &[]);
    assert_eq!(components(&story.case)[0].expected, Expected::PrivateAhead);
    story.act(Action::Expose { codename: "slate-kangaroo".into() }).unwrap();
    assert_eq!(components(&story.case)[0].expected, Expected::PrivateAhead);
    story.act(Action::Publish).unwrap();
    assert_eq!(components(&story.case)[0].expected, Expected::InSync);
}
