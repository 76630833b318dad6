//! One report in which everything happens, as people and as programs read it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::divergence_json::reports;
use super::divergence_sheet::Sheet;
use super::divergence_text::lines;
use crate::divergence::{
    Component, Conflict, Expected, FixRow, FixState, Flag, Leak, LeakHow, Leaks, LookedAt, Offered, Oid, Pair,
    PairState, PinAt, PinRow, PinState, Plan, Report, Role, Side, TagAt, TagRow, TagState, TrackRow, Tracking, Wanted,
};
use crate::findings::Reader;

pub fn oid(digit: char) -> Oid {
    digit.to_string().repeat(40).parse().unwrap()
}

pub fn at(clock: &str) -> Timestamp {
    format!("2026-11-24T{clock}:00Z").parse().unwrap()
}

fn sheet(width: Option<usize>) -> Sheet<'static> {
    Sheet { reader: Reader { now: at("13:00"), case: None }, width }
}

pub fn component(name: &str) -> Component {
    let url = |word: &str| format!("https://t0ken@host.example/{word}/{name}.git");
    Component {
        name: name.into(),
        urls: Role::ALL.map(|(word, role)| (role, url(word))).into(),
        clone: Some("/src/my clone".into()),
        branches: vec!["*".into()],
        tags: vec!["v*".into()],
        pin: Some("VERSION".into()),
        fixes: vec![Wanted { commit: oid('f').to_string(), is_embargoed: true }],
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: true,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::from_hours(1),
    }
}

pub fn pair(branch: &str, state: PairState, counts: Option<(u32, u32)>, plan: Plan) -> Pair {
    let side = |is_missing: bool, digit: char| if is_missing { Side::Absent } else { Side::Tip(oid(digit)) };
    Pair {
        branch: branch.into(),
        a: Role::Security,
        b: Role::Canonical,
        tips: [side(state == PairState::MissingOnSecurity, 'a'), side(state == PairState::MissingOnCanonical, 'b')],
        counts,
        equal_patches: None,
        flags: BTreeSet::new(),
        others: None,
        ahead_since: None,
        plan,
        state,
    }
}

fn pairs() -> Vec<Pair> {
    let conflicts = ["src/a.c", "src/b.c"].map(|path| Conflict { path: path.into(), kind: "contents".into() });
    let silent = || PairState::Unknown("private gave no answer for 30 s".into());
    let ahead = |branch: &str| pair(branch, PairState::CanonicalAhead, Some((0, 3)), Plan::Unplanned);
    let mut all = vec![
        pair("release-1", silent(), None, Plan::Unknown),
        pair("release-2", silent(), None, Plan::Unknown),
        pair("release-3", PairState::DivergedConflict(conflicts.into()), Some((2, 4)), Plan::NeedsPerson),
        ahead("release-4"),
        ahead("release-5"),
        pair("it's", PairState::MissingOnCanonical, None, Plan::Unplanned),
        pair("main", PairState::SecurityAhead, Some((2, 0)), Plan::AsPlanned),
        pair("release-6", PairState::Equal, Some((0, 0)), Plan::AsPlanned),
        pair("release-7", PairState::Equal, Some((0, 0)), Plan::AsPlanned),
    ];
    all[4].flags = BTreeSet::from([Flag::SameTree, Flag::Rewritten]);
    all[6].others = Some(vec![oid('9')]);
    all[6].flags = BTreeSet::from([Flag::Planned]);
    all
}

fn fix() -> FixRow {
    let row = |security: FixState, canonical: FixState| {
        BTreeMap::from([(Role::Security, security), (Role::Canonical, canonical)])
    };
    let (there, absent) = (FixState::ById(oid('f')), || FixState::Absent);
    let branches = [
        ("main", row(there.clone(), absent())),
        ("release-1", row(FixState::Unknown("the history ends too early".into()), absent())),
        ("release-3", row(FixState::ByTrailer(oid('8')), absent())),
        ("release-4", row(FixState::Absent, absent())),
        ("release-6", row(there, absent())),
        ("release-7", row(FixState::Reverted(oid('7')), absent())),
    ];
    let branches = branches.map(|(branch, row)| (branch.to_owned(), row)).into();
    FixRow { commit: oid('f'), subject: Some("Escape the \u{202e}header".into()), embargoed: true, branches }
}

pub fn tag_at(digit: char) -> TagAt {
    TagAt { object: oid(digit), commit: Some(oid(digit)) }
}

pub fn tag(name: &str, state: TagState, security: Option<TagAt>, canonical: Option<TagAt>) -> TagRow {
    TagRow {
        name: name.into(),
        state,
        remotes: BTreeMap::from([(Role::Security, security), (Role::Canonical, canonical)]),
        holds_fixes: BTreeMap::from([(Role::Security, Some(true)), (Role::Canonical, None)]),
    }
}

pub fn pin(branch: &str, state: PinState, security: PinAt, canonical: PinAt) -> PinRow {
    PinRow {
        branch: branch.into(),
        state,
        remotes: BTreeMap::from([(Role::Security, security), (Role::Canonical, canonical)]),
        holds_fixes: BTreeMap::new(),
    }
}

pub fn leak(reference: &str, how: LeakHow) -> Leak {
    Leak { fix: oid('f'), reference: reference.into(), how, commit: oid('f') }
}

pub fn track(branch: &str, url: &str, why_not: Option<&str>) -> TrackRow {
    TrackRow { branch: branch.into(), url: url.into(), why_not: why_not.map(str::to_owned) }
}

fn rich() -> Report {
    let text = |text: &str| PinAt::Text(text.into());
    Report {
        name: "gateway".into(),
        expected: Expected::PrivateAhead,
        private_since: None,
        pairs: pairs(),
        fixes: vec![fix()],
        leaks: Some(Leaks::Unknown {
            why: "refs/pull was not fetched".into(),
            found: vec![leak("refs/pull/7/head", LeakHow::Id), leak("refs/heads/try", LeakHow::Patch)],
        }),
        tags: vec![
            tag("v1", TagState::Same, Some(tag_at('1')), Some(tag_at('1'))),
            tag("v2", TagState::Differs, Some(tag_at('1')), Some(tag_at('2'))),
            tag("v3", TagState::MissingOnCanonical, Some(tag_at('1')), None),
        ],
        pins: vec![
            pin("main", PinState::Differs, text("v2\n"), text("v1\n")),
            pin("release-6", PinState::Same, text("v1"), text("v1")),
            pin("it's", PinState::BranchMissing, text("v1"), PinAt::BranchMissing),
        ],
        tracking: Tracking::Looked(vec![
            track("fix", "https://me:s3cret@host.example/x", Some("everybody reads it")),
            track("main", "https://host.example/security/gateway.git", None),
        ]),
        offered: vec![Offered { commit: oid('6'), subject: "Bound the header".into() }],
        looked_at: vec![
            LookedAt { remote: Role::Security, refs: 9, at: at("12:40") },
            LookedAt { remote: Role::Canonical, refs: 214, at: at("12:41") },
        ],
        errors: vec!["dev: no answer for 30 s, try again".into()],
    }
}

fn quiet(name: &str) -> Report {
    Report {
        name: name.into(),
        pairs: pairs().split_off(6),
        fixes: Vec::new(),
        leaks: Some(Leaks::Looked { refs: 214, found: Vec::new() }),
        tags: Vec::new(),
        pins: Vec::new(),
        tracking: Tracking::NoClone,
        offered: Vec::new(),
        errors: Vec::new(),
        ..rich()
    }
}

#[test]
fn one_cause_is_told_once_with_all_that_it_hides() {
    let why = "/srv/x.git: there is no such folder";
    let states = |branch: &str| {
        let states = BTreeMap::from([(Role::Canonical, FixState::Unknown(why.into()))]);
        (branch.to_owned(), states)
    };
    let fix = |digit| FixRow {
        commit: oid(digit),
        subject: None,
        embargoed: true,
        branches: [states("main"), states("release-1")].into(),
    };
    let report = Report {
        leaks: Some(Leaks::Unknown { why: why.into(), found: Vec::new() }),
        pairs: vec![pair("main", PairState::Unknown(why.into()), None, Plan::Unknown)],
        fixes: vec![fix('e'), fix('f')],
        errors: vec![format!("canonical: {why}")],
        ..Report::blank("gateway")
    };
    let told = lines(&[component("gateway")], &[report], sheet(None));
    assert_eq!(
        told[1..5],
        [
            "  ? unknown      canonical: /srv/x.git: there is no such folder",
            "                 could not look whether a fix is public",
            "                 could not look at main",
            "                 could not look for eeeeeeeeee, ffffffffff on main, release-1 of public",
        ]
    );
}

#[test]
fn a_pin_that_is_nowhere_is_one_line_for_all_branches() {
    let sides = || BTreeMap::from([(Role::Security, PinAt::FileMissing), (Role::Canonical, PinAt::FileMissing)]);
    let row = |branch: &str| PinRow {
        branch: branch.into(),
        state: PinState::FileMissing,
        remotes: sides(),
        holds_fixes: BTreeMap::new(),
    };
    let report = Report { pins: vec![row("main"), row("release-1")], ..Report::blank("gateway") };
    let told = lines(&[component("gateway")], &[report], sheet(None));
    assert_eq!(told[1], "  ◦ pin          the version pin on main, release-1 is on no side");
    assert_eq!(told.iter().filter(|line| line.contains("pin")).count(), 1, "{told:?}");
}

#[test]
fn a_tired_person_reads_the_worst_first_and_what_to_do() {
    let told = lines(&[component("gateway")], &[rich()], sheet(Some(80))).join("\n") + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/divergence_rich.txt"), &told).unwrap();
    }
    assert_eq!(told, include_str!("divergence_rich.txt"), "{told}");
}

#[test]
fn without_a_terminal_each_thing_is_one_line() {
    let told = lines(&[component("gateway")], &[rich()], sheet(None));
    let mirror = "  ✗ not planned  public is ahead: the mirror lags, and may take 1h: release-4 public +3, release-5 public +3 (the same files)";
    assert!(told.iter().any(|line| line == mirror), "{told:#?}");
}

#[test]
fn components_with_nothing_to_tell_have_a_line_each_below_the_others() {
    let mut well = quiet("gateway");
    well.pairs[0].others = None;
    let components = [component("gateway"), component("rich"), component("kas")];
    let reports = [well.clone(), Report { name: "rich".into(), ..rich() }, Report { name: "kas".into(), ..well }];
    let told = lines(&components, &reports, sheet(Some(80)));
    assert_eq!(told[0], "rich   LEAK");
    assert_eq!(
        told[told.len() - 3..],
        [
            "",
            "✓ gateway  3 branches as planned (equal 2, private ahead 1); no leak found in 214 refs of canonical, looked at 12:41 UTC",
            "✓ kas      3 branches as planned (equal 2, private ahead 1); no leak found in 214 refs of canonical, looked at 12:41 UTC",
        ]
    );
}

#[test]
fn no_leak_is_said_only_where_everything_was_looked_at() {
    let told = |report: Report| lines(&[component("gateway")], &[report], sheet(None)).join("\n");
    let unknown = Leaks::Unknown { why: "refs/pull was not fetched".into(), found: Vec::new() };
    let blind = told(Report { leaks: Some(unknown), ..quiet("gateway") });
    assert!(blind.contains("could not look whether a fix is public: refs/pull was not fetched"), "{blind}");
    let unasked = told(Report { leaks: None, ..quiet("gateway") });
    let undated = told(Report { looked_at: Vec::new(), ..quiet("gateway") });
    for words in [blind, unasked, undated] {
        assert!(!words.contains("no leak"), "{words}");
    }
    let yesterday = LookedAt { remote: Role::Canonical, refs: 3, at: "2026-11-23T12:41:00Z".parse().unwrap() };
    let old = told(Report { looked_at: vec![yesterday], ..quiet("gateway") });
    assert!(old.contains("no leak found in 214 refs of canonical, looked at Mon 23 Nov 12:41 UTC"), "{old}");
}

/// What is told of one branch, of a component on which an embargo is, or is not.
fn told_of(pair: Pair, is_embargoed: bool) -> String {
    let component = Component { is_embargoed, ..component("gateway") };
    let report = Report { pairs: vec![pair], tracking: Tracking::NoClone, ..quiet("gateway") };
    lines(&[component], &[report], sheet(None)).join("\n")
}

#[test]
fn a_command_that_exposes_says_so_and_is_not_at_hand_under_an_embargo() {
    for (state, counts) in [(PairState::SecurityAhead, Some((2, 0))), (PairState::MissingOnCanonical, None)] {
        let pair = pair("main", state, counts, Plan::Unplanned);
        let free = told_of(pair.clone(), false);
        let warning = free.find("THIS MAKES IT PUBLIC:\n").expect(&free);
        assert!(free.find(" push https://host.example/canonical/").is_some_and(|push| warning < push), "{free}");
        let embargoed = told_of(pair, true);
        assert!(embargoed.contains("an embargo is on: leave public alone"), "{embargoed}");
        assert!(!embargoed.contains(" push "), "{embargoed}");
    }
}

#[test]
fn what_brings_the_private_side_up_never_pushes_to_the_public_one() {
    for state in [
        PairState::CanonicalAhead,
        PairState::MissingOnSecurity,
        PairState::DivergedClean,
        PairState::DivergedConflict(Vec::new()),
    ] {
        let told = told_of(pair("main", state, Some((1, 1)), Plan::Unplanned), false);
        assert!(told.contains(" push https://host.example/security/gateway.git "), "{told}");
        assert!(!told.contains(" push https://host.example/canonical/"), "{told}");
    }
}

#[test]
fn a_name_that_can_not_be_shown_is_in_no_command() {
    let told = told_of(pair("main\u{202e}", PairState::CanonicalAhead, Some((0, 1)), Plan::Unplanned), false);
    assert!(told.contains("main<202E> public +1") && !told.contains("git -C"), "{told}");
}

#[test]
fn programs_read_every_key_of_the_contract() {
    let value = reports(&[rich()]);
    let one = &value["components"][0];
    let (f, a, b) = (oid('f').to_string(), oid('a').to_string(), oid('b').to_string());
    assert_eq!((&one["name"], &one["outcome"]), (&json!("gateway"), &json!("leak")));
    let words = |key: &str| one["pairs"].as_array().unwrap().iter().map(|pair| pair[key].clone()).collect::<Vec<_>>();
    assert_eq!(
        words("state"),
        ["unknown", "unknown", "diverged_conflict", "canonical_ahead", "canonical_ahead"]
            .into_iter()
            .chain(["missing_on_canonical", "security_ahead", "equal", "equal"])
            .collect::<Vec<_>>()
    );
    assert_eq!(
        one["pairs"][2],
        json!({
            "branch": "release-3", "a": "security", "b": "canonical", "ahead": 2, "behind": 4, "state": "diverged_conflict",
            "flags": [], "reason": null,
            "conflicts": [{ "path": "src/a.c", "kind": "contents" }, { "path": "src/b.c", "kind": "contents" }],
            "equal_patches": null, "tips": { "security": a, "canonical": b }, "planned": "needs_person", "ahead_since": null,
            "others": null,
        })
    );
    let unknown = &one["pairs"][0];
    assert_eq!((&unknown["reason"], &unknown["ahead"]), (&json!("private gave no answer for 30 s"), &Value::Null));
    assert_eq!(one["pairs"][4]["flags"], json!(["same_tree", "rewritten"]));
    assert_eq!((&one["pairs"][5]["tips"]["canonical"], &one["pairs"][6]["flags"]), (&Value::Null, &json!(["planned"])));
    assert_eq!(one["pairs"][6]["others"], json!([oid('9').to_string()]));
    let fix = &one["fixes"][0];
    assert_eq!(
        (&fix["id"], &fix["subject"], &fix["embargoed"]),
        (&json!(f), &json!("Escape the \u{202e}header"), &json!(true))
    );
    assert_eq!(fix["branches"]["release-3"], json!({ "security": "by_trailer", "canonical": "absent" }));
    assert_eq!(fix["branches"]["release-1"]["security"], "unknown");
    assert_eq!(
        fix["evidence"]["release-1"]["security"],
        json!({ "commit": null, "reason": "the history ends too early" })
    );
    assert_eq!(
        one["leaks"],
        json!([
            { "fix": f, "remote": "canonical", "ref": "refs/pull/7/head", "how": "id", "commit": f },
            { "fix": f, "remote": "canonical", "ref": "refs/heads/try", "how": "patch", "commit": f },
        ])
    );
    assert_eq!((&one["leaks_state"], &one["leaks_reason"]), (&json!("found"), &json!("refs/pull was not fetched")));
    let tag = &one["tags"][2];
    assert_eq!((&tag["name"], &tag["state"]), (&json!("v3"), &json!("missing_on_canonical")));
    assert_eq!(tag["remotes"], json!({ "security": oid('1').to_string(), "canonical": null }));
    assert_eq!(tag["holds_fixes"], json!({ "security": true, "canonical": null }));
    let pin = &one["pins"][2];
    assert_eq!((&pin["branch"], &pin["state"]), (&json!("it's"), &json!("branch_missing")));
    assert_eq!(pin["remotes"], json!({ "security": "v1", "canonical": null }));
    assert_eq!(one["pins"][0]["remotes"]["security"], "v2\n", "a text is told as it is");
    assert_eq!(one["looked_at"][1], json!({ "remote": "canonical", "refs": 214, "at": "2026-11-24T12:41:00Z" }));
    assert_eq!(one["errors"], json!(["dev: no answer for 30 s, try again"]));
    assert_eq!(one["tracking"]["branches"][0]["url"], "https://host.example/x");
    assert_eq!(one["offered"][0], json!({ "id": oid('6').to_string(), "subject": "Bound the header" }));
}

#[test]
fn an_empty_list_of_leaks_says_what_it_means() {
    let state =
        |leaks: Option<Leaks>| reports(&[Report { leaks, ..quiet("x") }])["components"][0]["leaks_state"].clone();
    assert_eq!(state(None), "not_asked");
    assert_eq!(state(Some(Leaks::Looked { refs: 3, found: Vec::new() })), "clear");
    assert_eq!(state(Some(Leaks::Unknown { why: "no answer".into(), found: Vec::new() })), "unknown");
}

#[test]
fn a_tag_and_a_pin_that_public_lacks_are_told_as_they_are_planned() {
    let told = |expected, is_embargoed| {
        let lacking = tag("v3", TagState::MissingOnCanonical, Some(tag_at('1')), None);
        let newer = pin("main", PinState::Differs, PinAt::Text("v2".into()), PinAt::Text("v1".into()));
        let report = Report { expected, tags: vec![lacking], pins: vec![newer], ..quiet("gateway") };
        lines(&[Component { is_embargoed, ..component("gateway") }], &[report], sheet(None)).join("\n")
    };
    let ahead = told(Expected::PrivateAhead, true);
    assert!(ahead.starts_with("gateway   as planned\n"), "{ahead}");
    assert!(ahead.contains("  ◦ tag          v3 is not on public\n") && ahead.contains("  ◦ pin "), "{ahead}");
    let kept = told(Expected::InSync, true);
    assert!(kept.contains("  ✗ tag          v3 is not on public\n") && kept.contains("  ✗ pin "), "{kept}");
    assert!(kept.contains("an embargo is on: leave public alone") && !kept.contains(" push "), "{kept}");
    let free = told(Expected::InSync, false);
    let push = format!(
        "THIS MAKES IT PUBLIC:\n      git -C '/src/my clone' fetch https://host.example/security/gateway.git refs/tags/v3\n      git -C '/src/my clone' push https://host.example/canonical/gateway.git {}:refs/tags/v3\n",
        oid('1')
    );
    assert!(free.contains(&push), "{free}");
}

#[test]
fn a_fix_that_is_not_where_it_must_be_is_told_with_its_branches() {
    let report = |expected| Report { expected, fixes: vec![fix()], ..quiet("gateway") };
    let told = |report: Report| lines(&[component("gateway")], &[report], sheet(None)).join("\n");
    let synced = told(report(Expected::InSync));
    assert!(
        synced.contains("  ✗ fix          ffffffffff is private and not public on main, release-3, release-6\n"),
        "{synced}"
    );
    let ahead = told(report(Expected::PrivateAhead));
    assert!(!ahead.contains("  ✗ fix "), "{ahead}");
    let mut nowhere = report(Expected::PrivateAhead);
    nowhere.fixes[0].branches.retain(|branch, _| branch == "release-4");
    let nowhere = told(nowhere);
    let words = "  ✗ fix          ffffffffff is on none of the private branches that were compared\n";
    assert!(nowhere.contains(words) && nowhere.starts_with("gateway   needs you\n"), "{nowhere}");
}

#[test]
fn since_when_a_mirror_lags_is_told_while_it_may_and_when_it_is_late() {
    let told = |since: Option<Timestamp>, now: &str| {
        let mut lagging = pair("main", PairState::CanonicalAhead, Some((0, 3)), Plan::Unknown);
        lagging.ahead_since = since;
        let mut report = Report { pairs: vec![lagging], tracking: Tracking::NoClone, ..quiet("gateway") };
        report.plan(&component("gateway"), at(now));
        lines(&[component("gateway")], &[report], sheet(None)).join("\n")
    };
    let words = "public is ahead: the mirror lags, and may take 1h: main public +3 since 12:41 UTC\n";
    let early = told(Some(at("12:41")), "13:00");
    assert!(early.contains(&format!("  ◦ mirror       {words}")) && early.contains("  as planned\n"), "{early}");
    let late = told(Some(at("12:41")), "13:42");
    assert!(late.contains(&format!("  ✗ not planned  {words}")) && late.contains("mend the mirror"), "{late}");
    let unknown = told(None, "13:00");
    assert!(unknown.contains("  ✗ not planned  public is ahead") && !unknown.contains("since"), "{unknown}");
}

#[test]
fn what_was_private_at_a_look_before_is_told_in_its_own_words() {
    let told_of = |fixes: Vec<Wanted>, report: Report| {
        lines(&[Component { fixes, ..component("gateway") }], &[report], sheet(None)).join("\n")
    };
    let told = |report: Report| told_of(Vec::new(), report);
    let since = || Report { private_since: Some(at("12:41")), ..quiet("gateway") };
    let seen = "214 refs of canonical, looked at 12:41 UTC";
    let unnamed = told(since());
    assert!(
        unnamed.contains(&format!("✓ nothing that was private at the looks since 12:41 UTC is public: {seen}")),
        "{unnamed}"
    );
    let named = told_of(component("gateway").fixes, since());
    let words = format!("✓ no leak found in {seen}, nor anything that was private at the looks since 12:41 UTC");
    assert!(named.contains(&words), "{named}");
    let first = told(quiet("gateway"));
    assert!(first.contains("✓ no fix is named; what is private is remembered from this look on"), "{first}");
    let found = Leaks::Looked { refs: 214, found: vec![leak("refs/heads/try", LeakHow::Patch)] };
    let found = told(Report { leaks: Some(found), ..since() });
    assert!(found.contains("✗ leak         ffffffffff, which was private at a look before, is public\n"), "{found}");
    let blind = Leaks::Unknown { why: "no answer".into(), found: Vec::new() };
    let blind = told(Report { leaks: Some(blind), ..since() });
    assert!(blind.contains("? unknown      could not look whether anything private is public: no answer\n"), "{blind}");
    assert!(!blind.contains("nothing that was private"), "{blind}");
}

#[test]
fn a_private_repository_that_nobody_could_look_at_is_no_place_to_push_to() {
    let rows = vec![track("fix", "https://host.example/x", Some("everybody reads it"))];
    let report = |looked_at| Report { tracking: Tracking::Looked(rows.clone()), looked_at, ..quiet("gateway") };
    let told = |report: Report| lines(&[component("gateway")], &[report], sheet(None)).join("\n");
    let seen = told(report(quiet("gateway").looked_at));
    assert!(seen.contains(" config branch.fix.pushRemote "), "{seen}");
    let unseen = told(report(Vec::new()));
    assert!(unseen.contains("next: let it be pushed to private only, once") && !unseen.contains("git "), "{unseen}");
}

#[test]
fn a_version_pin_that_is_nowhere_is_not_told_as_being_on_one_side() {
    let pins = vec![pin("main", PinState::BranchMissing, PinAt::BranchMissing, PinAt::FileMissing)];
    let told = lines(&[component("gateway")], &[Report { pins, ..quiet("gateway") }], sheet(None)).join("\n");
    assert!(told.contains("the version pin on main is on no side"), "{told}");
}

#[test]
fn commands_without_a_clone_say_where_they_work() {
    let report = || Report {
        pairs: vec![pair("main", PairState::CanonicalAhead, Some((0, 1)), Plan::Unplanned)],
        ..quiet("gateway")
    };
    let told = |clone: Option<&str>| {
        let component = Component { clone: clone.map(str::to_owned), ..component("gateway") };
        lines(&[component], &[report()], sheet(None)).join("\n")
    };
    assert!(told(None).contains("move private forward, in a clone of both:\n      git fetch "), "{}", told(None));
    assert!(told(Some("/src/clone")).contains("move private forward:\n      git -C /src/clone fetch "));
}
