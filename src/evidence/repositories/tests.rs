//! What each check says to what was found.

use std::collections::{BTreeMap, BTreeSet};

use super::super::taken::MACHINE;
use super::super::{Sight, verdicts};
use super::*;
use crate::case::Case;
use crate::divergence::{
    Conflict, FixRow, FixState, Leak, LeakHow, LookedAt, Oid, PinAt, PinRow, PinState, Report, Side, TagAt, TagRow,
    TagState, TrackRow,
};
use crate::evidence::fixture::{NOW, case, oid, utc};

/// A report in which everything is as it should be after the sync: one fix on one branch, the same on both sides.
fn whole() -> Report {
    let (fix, tip) = (oid('a'), Side::Tip(oid('b')));
    let both = |state: FixState| BTreeMap::from([(Role::Security, state.clone()), (Role::Canonical, state)]);
    let tag = Some(TagAt { object: oid('c'), commit: Some(oid('b')) });
    Report {
        name: "api".into(),
        pairs: vec![Pair {
            branch: "main".into(),
            a: Role::Security,
            b: Role::Canonical,
            tips: [tip.clone(), tip],
            counts: Some((0, 0)),
            equal_patches: None,
            state: PairState::Equal,
            flags: BTreeSet::new(),
            others: Some(Vec::new()),
            ahead_since: None,
            plan: Plan::AsPlanned,
        }],
        fixes: vec![FixRow {
            commit: fix,
            subject: None,
            embargoed: true,
            branches: BTreeMap::from([("main".to_owned(), both(FixState::ById(fix)))]),
        }],
        leaks: Some(Leaks::Looked { refs: 7, found: Vec::new() }),
        tags: vec![TagRow {
            name: "v2".into(),
            state: TagState::Same,
            remotes: BTreeMap::from([(Role::Security, tag), (Role::Canonical, tag)]),
            holds_fixes: BTreeMap::from([(Role::Security, Some(true)), (Role::Canonical, Some(true))]),
        }],
        pins: vec![pin("v2", Some(true))],
        tracking: Tracking::Looked(vec![TrackRow { branch: "fix".into(), url: "private".into(), why_not: None }]),
        offered: Vec::new(),
        looked_at: [Role::Security, Role::Canonical].map(|remote| LookedAt { remote, refs: 7, at: now() }).into(),
        ..Report::blank("api")
    }
}

fn pin(text: &str, holds: Option<bool>) -> PinRow {
    PinRow {
        branch: "main".into(),
        state: PinState::Same,
        remotes: BTreeMap::from([(Role::Canonical, PinAt::Text(format!("{text}\n")))]),
        holds_fixes: BTreeMap::from([(Role::Canonical, holds)]),
    }
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn check(kind: CheckKind) -> Check {
    Check { kind, by: None, is_final: false, remote: None, path: None, value: None, message: None, expects: None }
}

/// The settings of the component of the case, and more in each line.
fn settled(more: &[(&str, &str)]) -> Case {
    let own = [
        ("component.api.urls.security", "/private"),
        ("component.api.urls.canonical", "/public"),
        ("component.api.branches", "main"),
        ("component.api.tags", "v*"),
        ("component.api.pin", "VERSION"),
        ("component.api.clone", "/clone"),
        ("fix.F1.commit", "aaaaaaaaaa"),
    ];
    case("gitlab-aigw", &[&own, more].concat())
}

fn look(case: &Case, report: Report) -> Look {
    Look { asked: components_expecting(case, Expected::Equal).remove(0), report }
}

fn said(check: &Check, case: &Case, looks: &[Look]) -> Verdict {
    Repositories::new(case, Sight::real(now(), &utc, looks)).verdict(check, Scope::All)
}

/// What a check says to a report with one change.
fn told(check: &Check, change: impl FnOnce(&mut Report)) -> Verdict {
    let case = settled(&[]);
    let mut report = whole();
    change(&mut report);
    said(check, &case, &[look(&case, report)])
}

#[track_caller]
fn says(verdict: &Verdict, word: &str, text: &str) {
    assert!(verdict.word() == word && verdict.reason().contains(text), "{verdict:?}");
}

fn all() -> Vec<Check> {
    let kinds = CheckKind::ALL.map(|(_, kind)| check(kind));
    let kinds = kinds.into_iter().filter(asks_repositories);
    let pins = |check: &Check| check.kind == CheckKind::VersionPin;
    kinds.map(|own| if pins(&own) { version_pin("new") } else { own }).collect()
}

fn version_pin(value: &str) -> Check {
    Check { path: Some("VERSION".into()), value: Some(value.into()), ..check(CheckKind::VersionPin) }
}

fn leak() -> Leak {
    Leak { fix: oid('a'), reference: "refs/pull/7/head".into(), how: LeakHow::Patch, commit: oid('d') }
}

fn set_state(report: &mut Report, role: Role, state: FixState) {
    report.fixes[0].branches.get_mut("main").unwrap().insert(role, state);
}

#[test]
fn what_was_looked_at_wholly_and_just_now_passes_and_says_when() {
    for check in all() {
        says(&told(&check, |_| {}), "pass", "looked at Tue 24 Nov 13:00 UTC");
    }
}

#[test]
fn nothing_passes_without_a_good_look() {
    let case = settled(&[]);
    let good = look(&case, whole());
    let late = |remote: usize, minutes: i64| {
        let mut late = good.clone();
        late.report.looked_at[remote].at -= SignedDuration::from_mins(minutes);
        late
    };
    let with = |change: fn(&mut Look)| {
        let mut other = good.clone();
        change(&mut other);
        other
    };
    let bad: Vec<(&str, Vec<Look>)> = vec![
        ("was not looked at yet: look with «fixlead divergence --case", vec![]),
        ("other settings", vec![with(|look| look.asked.urls = BTreeMap::from([(Role::Security, "/other".into())]))]),
        ("other settings", vec![with(|look| look.asked.fixes.clear())]),
        ("other settings", vec![with(|look| look.asked.branches.push("stable".into()))]),
        (
            "security: no answer for 20 s",
            vec![with(|look| look.report.errors.push("security: no answer for 20 s".into()))],
        ),
        ("not every remote was looked at", vec![with(|look| look.report.looked_at.truncate(1))]),
        ("not just now", vec![late(1, 16)]),
        ("not just now", vec![late(0, -16)]),
    ];
    for check in all() {
        assert_eq!(said(&check, &case, &[late(1, 15)]).word(), "pass");
        for (text, looks) in &bad {
            says(&said(&check, &case, looks), "unknown", text);
        }
    }
}

#[test]
fn without_repositories_or_without_a_fix_nothing_is_known() {
    let bare = case("gitlab-aigw", &[("component.api.branches", "main")]);
    for check in all() {
        says(
            &said(&check, &bare, &[]),
            "unknown",
            "fixlead case component slate-kangaroo NAME --canonical URL --security URL",
        );
    }
    let case = settled(&[("fix.F1.commit", "")]);
    let report = Report { fixes: Vec::new(), ..whole() };
    for check in all().iter().filter(|check| needs_fix(check.kind)) {
        says(&said(check, &case, &[look(&case, report.clone())]), "unknown", "no commit of a fix is known");
    }
}

#[test]
fn a_fix_that_no_component_is_asked_for_is_never_taken_for_looked_at() {
    let case = settled(&[("component.image.purl", "pkg:oci/image")]);
    let asked = components_expecting(&case, Expected::Equal);
    assert!(asked[0].fixes.is_empty(), "with two components it may belong to either");
    says(&said(&check(CheckKind::NoLeak), &case, &[look(&case, whole())]), "unknown", "COMMIT --component NAME");
}

#[test]
fn what_speaks_against_it_counts_however_old_it_is() {
    let case = settled(&[]);
    let mut old = look(&case, Report { leaks: Some(Leaks::Looked { refs: 7, found: vec![leak()] }), ..whole() });
    old.report.looked_at[0].at -= SignedDuration::from_hours(9);
    says(&said(&check(CheckKind::NoLeak), &case, &[old]), "fail", "looked at Tue 24 Nov 04:00 UTC");
}

#[test]
fn no_leak_passes_only_where_every_public_ref_was_looked_at_and_holds_nothing() {
    let no_leak = check(CheckKind::NoLeak);
    let told = |leaks| told(&no_leak, |report| report.leaks = leaks);
    says(&told(Some(Leaks::Looked { refs: 7, found: Vec::new() })), "pass", "7 public refs looked at");
    let found = told(Some(Leaks::Unknown { why: "refs/pull was not fetched".into(), found: vec![leak()] }));
    says(&found, "fail", "api: the fix aaaaaaaaaa is on canonical refs/pull/7/head (patch, dddddddddd)");
    let unknown = told(Some(Leaks::Unknown { why: "refs/pull was not fetched".into(), found: Vec::new() }));
    says(&unknown, "unknown", "refs/pull was not fetched");
    says(&told(None), "unknown", "not looked for leaks");
}

#[test]
fn no_leak_needs_every_component() {
    let own = [("component.web.urls.security", "/web"), ("component.web.urls.canonical", "/public-web")];
    let more = [own[0], own[1], ("fix.F1.component", "api")];
    let case = settled(&more);
    let asked = components_expecting(&case, Expected::Equal);
    let mut looks = vec![Look { asked: asked[0].clone(), report: whole() }];
    says(&said(&check(CheckKind::NoLeak), &case, &looks), "unknown", "web was not looked at yet");
    let web = Report { name: "web".into(), fixes: Vec::new(), ..whole() };
    looks.push(Look { asked: asked[1].clone(), report: web });
    says(&said(&check(CheckKind::NoLeak), &case, &looks), "pass", "web: 7 public refs");
    looks[1].report.leaks = Some(Leaks::Unknown { why: "no answer".into(), found: Vec::new() });
    says(&said(&check(CheckKind::NoLeak), &case, &looks), "unknown", "web: no answer");
}

#[test]
fn what_is_public_once_the_release_has_begun_is_no_leak() {
    let mut case = settled(&[]);
    let id = case.record().id.clone();
    crate::evidence::fixture::act(&mut case, crate::case::Action::Expose { codename: id });
    says(&said(&check(CheckKind::NoLeak), &case, &[]), "pass", "RELEASING");
}

#[test]
fn a_fix_is_on_the_branches_of_the_remote_that_the_process_names() {
    let (security, canonical) = (
        check(CheckKind::FixOnBranches),
        Check { remote: Some("canonical".into()), ..check(CheckKind::FixOnBranches) },
    );
    let public = |state: FixState| move |report: &mut Report| set_state(report, Role::Canonical, state);
    says(&told(&security, public(FixState::Absent)), "pass", "aaaaaaaaaa on security main is there as aaaaaaaaaa");
    says(&told(&canonical, public(FixState::Absent)), "fail", "aaaaaaaaaa on canonical main is not there");
    says(&told(&canonical, public(FixState::ByContent)), "pass", "by its content");
    says(&told(&canonical, public(FixState::Reverted(oid('d')))), "fail", "was taken out again");
    says(&told(&canonical, public(FixState::Unknown("too large".into()))), "unknown", "too large");
    let gone = |report: &mut Report| report.fixes[0].branches.clear();
    says(&told(&security, gone), "unknown", "it was not looked at");
    let absent = |report: &mut Report| {
        report.fixes[0].branches.clear();
        report.pairs[0].tips[0] = Side::Absent;
    };
    says(&told(&security, absent), "fail", "there is no such branch");
    says(&told(&security, |report| report.fixes.clear()), "unknown", "the fix aaaaaaaaaa was not found");
    let typo = Check { remote: Some("public".into()), ..check(CheckKind::FixOnBranches) };
    says(&told(&typo, |_| {}), "unknown", "public, which is no remote");
}

#[test]
fn the_same_commits_are_the_same_by_id_or_by_patch() {
    let by = |by: &str| Check { by: Some(by.into()), ..check(CheckKind::SameCommits) };
    let both = |private: FixState, public: FixState| {
        let change = |report: &mut Report| {
            set_state(report, Role::Security, private.clone());
            set_state(report, Role::Canonical, public.clone());
        };
        (told(&by("id"), change), told(&by("patch"), change))
    };
    let (a, b) = (oid('a'), oid('b'));
    let words = |(id, patch): (Verdict, Verdict)| (id.word(), patch.word());
    assert_eq!(words(both(FixState::ById(a), FixState::ById(a))), ("pass", "pass"));
    assert_eq!(words(both(FixState::ByTrailer(b), FixState::ByTrailer(b))), ("pass", "pass"));
    assert_eq!(words(both(FixState::ById(a), FixState::ByPatch(b))), ("fail", "pass"), "picked");
    assert_eq!(words(both(FixState::ById(a), FixState::ByTrailer(b))), ("fail", "fail"), "adapted on the way");
    assert_eq!(words(both(FixState::ByTrailer(a), FixState::ByTrailer(b))), ("fail", "unknown"));
    assert_eq!(words(both(FixState::ById(a), FixState::ByContent)), ("fail", "fail"), "squashed");
    assert_eq!(words(both(FixState::ByContent, FixState::ByContent)), ("unknown", "unknown"));
    assert_eq!(words(both(FixState::ById(a), FixState::Absent)), ("fail", "fail"));
    assert_eq!(words(both(FixState::ById(a), FixState::Unknown("no answer".into()))), ("unknown", "unknown"));
    assert_eq!(words(both(FixState::Unknown("no answer".into()), FixState::ById(a))), ("unknown", "unknown"));
    // On a private fix branch only: what is public is held against the fix itself.
    assert_eq!(words(both(FixState::Absent, FixState::ById(a))), ("pass", "pass"));
    assert_eq!(words(both(FixState::Absent, FixState::ByPatch(b))), ("fail", "pass"));
    assert_eq!(words(both(FixState::Absent, FixState::Absent)), ("fail", "fail"));
}

#[test]
fn only_the_fix_is_what_the_private_side_brings() {
    let only_fix = check(CheckKind::OnlyFix);
    let told = |change: &dyn Fn(&mut Report)| told(&only_fix, change);
    let others = |others: Option<Vec<Oid>>| told(&|report: &mut Report| report.pairs[0].others.clone_from(&others));
    says(&others(Some(vec![oid('d'), oid('e')])), "fail", "dddddddddd and 1 more, of no known fix");
    says(&others(None), "unknown", "could not be looked at");
    says(&told(&|report| report.pairs.clear()), "unknown", "the branch main was not seen");
    says(&told(&|report| report.pairs[0].state = PairState::MissingOnSecurity), "unknown", "no branch main");
    let both = |state: FixState| {
        told(&|report| {
            for role in [Role::Security, Role::Canonical] {
                set_state(report, role, state.clone());
            }
        })
    };
    says(&both(FixState::Absent), "fail", "aaaaaaaaaa is on no branch");
    says(&both(FixState::Unknown("no answer".into())), "unknown", "is not known");
}

#[test]
fn in_sync_is_that_public_lacks_nothing_or_that_it_is_as_planned() {
    let words = |state: &PairState, flag: Option<Flag>| {
        let each = ["in-sync", "private-ahead", "equal"].map(|expects| {
            let check = Check { expects: Some(expects.into()), ..check(CheckKind::InSync) };
            told(&check, |report| {
                report.pairs[0].state = state.clone();
                report.pairs[0].flags.extend(flag);
            })
        });
        each.map(|verdict| verdict.word())
    };
    let conflict = PairState::DivergedConflict(vec![Conflict { path: "a".into(), kind: "contents".into() }]);
    assert_eq!(words(&PairState::Equal, None), ["pass", "fail", "pass"]);
    assert_eq!(words(&PairState::CanonicalAhead, None), ["pass", "fail", "pass"]);
    assert_eq!(words(&PairState::SecurityAhead, None), ["fail", "pass", "fail"]);
    assert_eq!(words(&PairState::DivergedClean, None), ["fail", "pass", "fail"]);
    assert_eq!(words(&PairState::DivergedClean, Some(Flag::Equivalent)), ["pass", "pass", "fail"], "picked one by one");
    assert_eq!(words(&PairState::DivergedClean, Some(Flag::SameTree)), ["pass", "pass", "fail"], "squashed");
    assert_eq!(words(&conflict, None), ["fail", "pass", "fail"]);
    assert_eq!(words(&PairState::MissingOnCanonical, None), ["fail", "fail", "fail"]);
    assert_eq!(words(&PairState::MissingOnSecurity, None), ["pass", "fail", "fail"]);
    assert_eq!(words(&PairState::Unrelated, None), ["fail", "fail", "fail"]);
    assert_eq!(words(&PairState::Unknown("no answer".into()), None), ["unknown", "unknown", "unknown"]);
    says(&told(&check(CheckKind::InSync), |report| report.pairs.clear()), "unknown", "main was not seen");
}

#[test]
fn a_tag_is_there_if_it_holds_every_fix() {
    let on = |role: &str| Check { remote: Some(role.into()), ..check(CheckKind::TagPresent) };
    let holds = |holds| {
        move |report: &mut Report| {
            report.tags[0].holds_fixes.insert(Role::Canonical, holds);
        }
    };
    says(&told(&on("canonical"), |_| {}), "pass", "v2 on canonical holds every fix");
    says(&told(&on("canonical"), holds(Some(false))), "fail", "no tag on canonical holds every fix");
    says(&told(&on("canonical"), holds(None)), "unknown", "whether v2 holds");
    let gone = |report: &mut Report| {
        report.tags[0].remotes.insert(Role::Canonical, None);
    };
    says(&told(&on("canonical"), gone), "fail", "no tag on canonical");
    says(&told(&on("security"), gone), "pass", "v2 on security");
    says(&told(&on("dev"), |_| {}), "unknown", "its dev repository is not known");
    let untold = settled(&[("component.api.tags", "")]);
    says(
        &said(&on("security"), &untold, &[look(&untold, whole())]),
        "unknown",
        "fixlead case component slate-kangaroo api --tags PATTERN",
    );
}

#[test]
fn a_version_pin_names_the_new_version_or_the_old_one() {
    let pins = |rows: Vec<PinRow>| {
        let told = |value| told(&version_pin(value), |report| report.pins.clone_from(&rows));
        (told("old").word(), told("new").word())
    };
    assert_eq!(pins(vec![pin("v2", Some(true))]), ("fail", "pass"));
    assert_eq!(pins(vec![pin("v1", Some(false))]), ("pass", "fail"));
    assert_eq!(pins(vec![pin("v1", None)]), ("unknown", "unknown"));
    assert_eq!(pins(vec![pin("v2", None)]), ("fail", "pass"), "the tag of this name tells");
    assert_eq!(pins(vec![pin("2", None)]), ("fail", "pass"), "with or without its v");
    assert_eq!(pins(vec![pin("v2", Some(true)), pin("v1", Some(false))]), ("fail", "fail"), "branches differ");
    assert_eq!(pins(Vec::new()), ("unknown", "unknown"));
    let other = Check { path: Some("OTHER".into()), ..version_pin("new") };
    says(&told(&other, |_| {}), "unknown", "no component has the version file OTHER");
}

#[test]
fn a_version_pin_may_name_the_tag_of_another_component() {
    let more = [
        ("component.web.urls.security", "/web"),
        ("component.web.urls.canonical", "/public-web"),
        ("component.web.pin", "API_VERSION"),
        ("fix.F1.component", "api"),
    ];
    let case = settled(&more);
    let asked = components_expecting(&case, Expected::Equal);
    let check = |value: &str| Check { path: Some("API_VERSION".into()), ..version_pin(value) };
    let words = |row: PinRow| {
        let web = Report { name: "web".into(), fixes: Vec::new(), pins: vec![row], tags: Vec::new(), ..whole() };
        let looks = Look::zip(asked.clone(), vec![whole(), web]);
        (said(&check("old"), &case, &looks).word(), said(&check("new"), &case, &looks).word())
    };
    assert_eq!(words(pin("v2", None)), ("fail", "pass"));
    assert_eq!(words(pin("v1", Some(true))), ("unknown", "unknown"), "every fix of none says nothing");
}

#[test]
fn tracking_is_safe_where_no_branch_could_go_public() {
    let safe = check(CheckKind::TrackingSafe);
    let row = |why: Option<&str>| TrackRow {
        branch: "fix".into(),
        url: "https://public.example".into(),
        why_not: why.map(str::to_owned),
    };
    let told = |tracking: Tracking| told(&safe, |report| report.tracking = tracking);
    says(&told(Tracking::Looked(Vec::new())), "pass", "0 branches");
    says(&told(Tracking::Looked(vec![row(None), row(Some("everybody reads it"))])), "fail", "everybody reads it");
    says(&told(Tracking::NoClone), "unknown", "fixlead case component slate-kangaroo api --clone PATH");
    says(&told(Tracking::Unknown("its settings can't be read".into())), "unknown", "settings can't be read");
}

#[test]
fn looks_answer_the_checks_of_a_process_and_a_drill_what_they_do_not() {
    let case = settled(&[]);
    let looks = [look(&case, whole())];
    let found = verdicts(&case, Sight::real(now(), &utc, &looks));
    assert_eq!(found.of(&check(CheckKind::TrackingSafe)).unwrap().word(), "pass");
    assert!(case.record().event.iter().all(|event| event.by != MACHINE));
}
