//! What the picture of a case's course rests on.

use super::*;
use crate::case::record::{LeakExtent, State};
use crate::case::tests::{RELEASE_DAY, START, Story, at};
use crate::case::{Action, Case, Event, ReleaseInstant, Tick};
use crate::playbook::{CloseAs, Step};

fn history(story: &Story) -> History {
    story.case.history(&story.view())
}

fn lane<'h>(history: &'h History, title: &str) -> &'h Lane {
    history.lanes.iter().find(|lane| lane.title == title).unwrap_or_else(|| panic!("no lane {title}"))
}

fn signs(lane: &Lane, sign: Sign) -> Vec<Timestamp> {
    lane.marks.iter().filter(|mark| mark.sign == sign).map(|mark| mark.at).collect()
}

fn target(to: &str) -> Action {
    let why = Some("the fix takes longer".to_owned());
    Action::SetAnchor { anchor: "release".into(), which: ReleaseInstant::Target, at: Some(at(to)), why }
}

fn stretch(from: &str, to: Option<&str>) -> Stretch {
    Stretch { from: at(from), to: to.map(at) }
}

#[test]
fn a_new_case_has_its_plan_and_nothing_that_happened() {
    let story = Story::new("emissary");
    let history = history(&story);
    let fix = lane(&history, "Fix");
    assert_eq!(fix.planned, Some(stretch("2026-11-20T16:12:00Z", Some("2026-11-26T16:12:00Z"))));
    assert_eq!(fix.actual, None);
    // The phase has no deadline: those of its steps count.
    assert_eq!(lane(&history, "Lead and scope").planned, Some(stretch(START, Some("2026-11-20T16:12:00Z"))));
    assert!(history.lanes.iter().all(|lane| matches!(lane.kind, LaneKind::Phase(_))));
    assert_eq!((history.first, history.ended), (at(START), None));
}

#[test]
fn a_phase_lasts_from_its_first_step_to_its_last() {
    let mut story = Story::new("emissary");
    story.word("disclosure", "private");
    story.wait(1);
    story.done("em.intake.report");
    let begun = "2026-11-19T17:12:00Z";
    assert_eq!(lane(&history(&story), "Report").actual, Some(stretch(begun, Some(begun))));
    story.act(Action::Start { step: "em.lead.volunteer".into(), codename: None, override_why: None }).unwrap();
    story.wait(2);
    story.done("em.lead.volunteer");
    assert_eq!(lane(&history(&story), "Lead and scope").actual, Some(stretch(begun, None)));
}

#[test]
fn what_was_taken_back_did_not_happen_until_it_is_done_again() {
    let mut story = Story::new("emissary");
    story.wait(1);
    story.done("em.lead.volunteer");
    let begun = lane(&history(&story), "Lead and scope").actual;
    assert!(begun.is_some());
    story.act(Action::Undo).unwrap();
    assert_eq!(lane(&history(&story), "Lead and scope").actual, None);
    story.act(Action::Redo).unwrap();
    assert_eq!(lane(&history(&story), "Lead and scope").actual, begun);
}

#[test]
fn a_step_that_was_opened_again_keeps_the_beginning_and_moves_the_end() {
    let mut story = Story::new("emissary");
    story.word("disclosure", "private");
    story.done("em.intake.report");
    story.wait(5);
    story.act(Action::Reopen { step: "em.intake.report".into(), item: None }).unwrap();
    assert_eq!(lane(&history(&story), "Report").actual, Some(stretch(START, None)));
    story.wait(5);
    story.done("em.intake.report");
    assert_eq!(lane(&history(&story), "Report").actual, Some(stretch(START, Some("2026-11-20T02:12:00Z"))));
}

#[test]
fn late_steps_say_by_how_much_and_open_ones_that_they_still_are() {
    let mut story = Story::new("emissary");
    story.done("em.lead.volunteer");
    story.wait(30);
    story.forced("em.lead.schedule");
    let history = history(&story);
    let late = &lane(&history, "Lead and scope").late;
    let until = at("2026-11-20T16:12:00Z");
    let of = |title: &str| late.iter().find(|late| late.title.contains(title)).unwrap_or_else(|| panic!("{late:?}"));
    let schedule = story.view().step("em.lead.schedule").unwrap().title.clone();
    assert_eq!((of(&schedule).until, of(&schedule).done), (until, Some(at("2026-11-20T22:12:00Z"))));
    assert!(late.iter().any(|late| late.done.is_none()), "{late:?}");
}

#[test]
fn a_moved_phase_remembers_where_it_was_planned() {
    let mut story = Story::new("emissary");
    let to = "2026-11-28T12:00:00Z";
    story.act(Action::Move { target: "fix".into(), to: at(to), why: "holidays".into() }).unwrap();
    let moved = history(&story);
    let fix = lane(&moved, "Fix");
    assert_eq!(fix.planned, Some(stretch("2026-11-20T16:12:00Z", Some(to))));
    assert_eq!(signs(fix, Sign::MovedFrom), [at("2026-11-26T16:12:00Z")]);
    story.act(Action::Undo).unwrap();
    assert_eq!(signs(lane(&history(&story), "Fix"), Sign::MovedFrom), []);
}

#[test]
fn a_release_that_moved_says_from_where() {
    let mut story = Story::new("emissary");
    story.act(target(RELEASE_DAY)).unwrap();
    story.act(target("2026-12-03T16:00:00Z")).unwrap();
    let course = history(&story);
    let release = lane(&course, "Release");
    assert_eq!(signs(release, Sign::Target), [at("2026-12-03T16:00:00Z")]);
    assert_eq!(signs(release, Sign::MovedFrom), [at(RELEASE_DAY)]);
    assert_eq!(release.marks[0].text, "the fix takes longer");
    story.act(Action::Undo).unwrap();
    let release = lane(&history(&story), "Release").clone();
    assert_eq!((signs(&release, Sign::Target), signs(&release, Sign::MovedFrom)), (vec![at(RELEASE_DAY)], Vec::new()));
}

#[test]
fn leaks_and_overrides_stay_whatever_is_taken_back() {
    let mut story = Story::new("emissary");
    story.act(Action::ReportLeak { extent: LeakExtent::Partial, what: "a public branch".into() }).unwrap();
    story.wait(2);
    story.forced("em.fix.develop");
    story.act(Action::CloseLeak { why: "removed".into() }).unwrap();
    let course = history(&story);
    let events = lane(&course, "Events");
    let later = at("2026-11-19T18:12:00Z");
    assert_eq!(signs(events, Sign::Leak), [at(START)]);
    assert_eq!((signs(events, Sign::Override), signs(events, Sign::LeakClosed)), (vec![later], vec![later]));
    assert_eq!(signs(lane(&course, "Fix"), Sign::Override), [later]);
    assert!(events.marks[1].text.ends_with(": test"), "{:?}", events.marks[1]);
}

#[test]
fn items_count_from_the_first_to_the_last() {
    let mut story = Story::new("emissary");
    let of = |step: &Step| !step.items.is_empty() && step.exposes.is_empty();
    let step = story.case.playbook().steps().find(|step| of(step)).cloned().unwrap();
    for item in &step.items[..2] {
        let why = Some("test".to_owned());
        story.act(Action::Do(Tick { item: Some(item.clone()), override_why: why, ..Tick::of(&step.id) })).unwrap();
        story.wait(3);
    }
    let phase = story.case.playbook().phase_of(&step.id).unwrap().title.clone();
    assert_eq!(lane(&history(&story), &phase).actual, Some(stretch(START, None)));
}

#[test]
fn a_closed_case_ends_its_course() {
    let mut story = Story::new("emissary");
    story.wait(4);
    let closing = Action::Close { ending: Some(CloseAs::ALL[0].1), why: Some("known".into()) };
    story.act(closing).unwrap();
    assert_eq!(story.case.record().state, State::Closed);
    let course = history(&story);
    assert_eq!(course.ended, Some(story.now));
    let long_after = at("2027-11-19T16:12:00Z");
    assert_eq!(course.so_far(long_after), story.now);
    assert!(course.span(long_after).1 < long_after);
    assert_eq!(signs(lane(&course, "Events"), Sign::Closed), [story.now]);
}

/// Not a bound, but a picture of thousands of events must not be felt.
#[test]
fn thousands_of_events_are_told_once_each() {
    let mut story = Story::new("emissary");
    story.done("em.intake.report");
    let mut record = story.case.record().clone();
    let event = record.event.last().unwrap().clone();
    record.event.extend((0..2_000).map(|n| Event { id: format!("m{n}"), ..event.clone() }));
    let case = Case::new(record, story.case.playbook().clone());
    assert_eq!(case.history(&story.view()).lanes, history(&story).lanes);
}
