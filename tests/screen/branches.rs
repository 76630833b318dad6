//! The pane of the branches: what a person sees of a look, and what the keys do there.

use std::collections::BTreeMap;

use fixlead::app::board::scan::{Commit, News, Scope, Sides, SidesWanted};
use fixlead::app::board::{BoardView, Progress};
use fixlead::app::message::{Effect, Message};
use fixlead::divergence::{
    Component, Conflict, Expected, FixRow, FixState, Leak, LeakHow, Leaks, Look, LookedAt, Offered, Oid, Pair,
    PairState, Report, Role, Side, TagAt, TagRow, TagState,
};

use super::harness::Program;
use super::readme::story;
use super::snapshots::compare;

const LOOKED: &str = "2026-11-24T12:58:00Z";

fn oid(digit: char) -> Oid {
    digit.to_string().repeat(40).parse().expect("an id")
}

/// A case whose component is added in the form, as a person does it, with two fixes.
pub fn with_component(program: &mut Program) -> Component {
    story(program);
    program.press("r Enter 2 n «ai-assist» Enter");
    program.press("«/srv/public.git» Enter «/srv/private.git» Enter Enter Enter «main,release/*» Enter Enter Enter");
    for (field, value) in [("F1.commit", 'a'), ("F1.component", ' '), ("F2.commit", 'b'), ("F2.component", ' ')] {
        let value = if value == ' ' { "ai-assist".to_owned() } else { oid(value).to_string() };
        program.press(&format!("M «fix.{field}» Enter «{value}» Enter"));
    }
    asked(program)
}

fn asked(program: &Program) -> Component {
    program.app.open.as_ref().expect("a case").board.watched[0].asked.clone()
}

fn pair(branch: &str, state: PairState, counts: Option<(u32, u32)>) -> Pair {
    let tips = match &state {
        PairState::Unknown(why) => [Side::Unknown(why.clone()), Side::Tip(oid('4'))],
        PairState::Equal => [Side::Tip(oid('5')), Side::Tip(oid('5'))],
        _ => [Side::Tip(oid('6')), Side::Tip(oid('7'))],
    };
    let plan = fixlead::divergence::Plan::Unknown;
    let (a, b, branch) = (Role::Security, Role::Canonical, branch.to_owned());
    let flags = [].into();
    Pair { branch, a, b, tips, counts, equal_patches: None, state, flags, others: None, ahead_since: None, plan }
}

fn fix(commit: char, subject: &str, on: &[(&str, FixState, FixState)]) -> FixRow {
    let row = |(branch, private, public): &(&str, FixState, FixState)| {
        let sides: BTreeMap<Role, FixState> =
            [(Role::Security, private.clone()), (Role::Canonical, public.clone())].into();
        ((*branch).to_owned(), sides)
    };
    let branches = on.iter().map(row).collect();
    FixRow { commit: oid(commit), subject: Some(subject.to_owned()), embargoed: true, branches }
}

/// A conflict, a branch that could not be looked at, one that lacks a fix, one that waits, and one that is done.
fn report(asked: &Component) -> Report {
    let conflict = Conflict { path: "ai_gateway/api/auth.py".into(), kind: "contents".into() };
    let unknown = || FixState::Unknown("fetching from private timed out after 30 s".into());
    let there = |digit| FixState::ById(oid(digit));
    let absent = || FixState::Absent;
    let at = LOOKED.parse().expect("an instant");
    let looked = |remote, refs| LookedAt { remote, refs, at };
    let mut report = Report {
        pairs: vec![
            pair("main", PairState::Equal, Some((0, 0))),
            pair("release/v3.6", PairState::Unknown("fetching from private timed out after 30 s".into()), None),
            pair("release/v3.7", PairState::Equal, Some((0, 0))),
            pair("release/v3.8", PairState::DivergedConflict(vec![conflict]), Some((2, 4))),
            pair("release/v3.9", PairState::SecurityAhead, Some((2, 0))),
        ],
        fixes: vec![
            fix(
                'a',
                "Check the audience of tokens",
                &[
                    ("main", there('a'), there('a')),
                    ("release/v3.6", unknown(), absent()),
                    ("release/v3.7", absent(), absent()),
                    ("release/v3.8", FixState::ByTrailer(oid('c')), absent()),
                    ("release/v3.9", FixState::ByPatch(oid('d')), absent()),
                ],
            ),
            fix(
                'b',
                "Limit the depth of nested tools",
                &[
                    ("main", there('b'), there('b')),
                    ("release/v3.6", unknown(), absent()),
                    ("release/v3.7", there('b'), absent()),
                    ("release/v3.8", FixState::ByPatch(oid('e')), absent()),
                    ("release/v3.9", FixState::ByContent, absent()),
                ],
            ),
        ],
        leaks: Some(Leaks::Looked { refs: 2_205, found: Vec::new() }),
        tags: vec![TagRow {
            name: "v3.9.2".into(),
            state: TagState::MissingOnCanonical,
            remotes: [
                (Role::Security, Some(TagAt { object: oid('8'), commit: Some(oid('9')) })),
                (Role::Canonical, None),
            ]
            .into(),
            holds_fixes: [(Role::Security, Some(true))].into(),
        }],
        looked_at: vec![looked(Role::Security, 40), looked(Role::Canonical, 2_205)],
        errors: Vec::new(),
        ..Report::blank(&asked.name)
    };
    report.plan(&Component { expected: Expected::PrivateAhead, ..asked.clone() }, at);
    report
}

fn look(program: &mut Program, change: impl Fn(&mut Report)) {
    let asked = asked(program);
    let mut report = report(&asked);
    change(&mut report);
    let id = program.codename();
    program.send(Message::Looked { id, looks: vec![Look { asked, report }] });
}

fn commits(program: &mut Program) {
    let commit = |digit, subject: &str, author: &str, at: &str| Commit {
        id: oid(digit),
        subject: subject.into(),
        author: author.into(),
        at: at.parse().expect("an instant"),
    };
    let day = "2026-11-23T11:00:00Z";
    let private = vec![
        commit('c', "Check the audience of tokens", "M. Okafor", day),
        commit('e', "Limit the depth of nested tools", "M. Okafor", day),
    ];
    let public = ["Refactor the token cache", "Bump the client library", "Mend a typo", "Update dependencies"];
    let public = public.iter().map(|subject| commit('7', subject, "J. Lindqvist", "2026-11-24T08:00:00Z")).collect();
    let of = SidesWanted { component: asked(program), branch: "release/v3.8".into(), tips: [oid('6'), oid('7')] };
    program.send(Message::Sides(Box::new(Sides { of, commits: Ok([private, public]) })));
}

/// The pane with a look at everything.
fn pane(columns: u16, rows: u16) -> Program {
    let mut program = Program::new(columns, rows);
    with_component(&mut program);
    look(&mut program, |_| ());
    program.press("2 g");
    commits(&mut program);
    program
}

#[test]
fn a_case_without_a_component_says_how_to_add_one() {
    let mut program = Program::new(120, 36);
    story(&program);
    program.press("r Enter 2").sees("No component yet. n adds one");
    program.press("n").sees("Add a component").press("«bad.name» Enter").sees("no dot and no slash");
    program.press("«x» Esc").sees("No component yet");
}

#[test]
fn a_url_that_cannot_be_used_says_so_as_it_is_typed() {
    let mut program = Program::new(120, 36);
    story(&program);
    program.press("r Enter 2 n «gateway» Enter «http://host.example/x.git»").sees("is not spoken here");
    program.press("Ctrl-u «gateway.git»").sees("must be a full one");
    program.press("Ctrl-u «https://me:secret@host.example/x»").sees("leave it to a credential helper of git");
    program
        .press("Tab Tab Tab Tab Tab Tab Tab Enter")
        .sees("Add a component")
        .sees("leave it to a credential helper of git");
    program
        .press("Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Ctrl-u «https://host.example/x»");
    program.sees_not("leave it to a credential helper of git");
}

#[test]
fn what_is_added_is_looked_at_and_says_so_until_then() {
    let mut program = Program::new(120, 36);
    with_component(&mut program);
    let asked =
        program.effects.iter().filter_map(|effect| if let Effect::Scan(scan) = effect { Some(scan) } else { None });
    let scanned: Vec<String> = asked.flat_map(|scan| &scan.components).map(|one| one.name.clone()).collect();
    assert!(scanned.contains(&"ai-assist".to_owned()), "{scanned:?}");
    program.press("2").sees("ai-assist");
}

#[test]
fn the_worst_branch_comes_first_and_each_says_what_it_is() {
    let mut program = pane(120, 36);
    let frame = program.frame();
    let place = |word: &str| frame.find(word).unwrap_or_else(|| panic!("{word} is not on the screen:\n{frame}"));
    let order = ["✗ conflict", "? unknown", "◦ lacks fix", "◦ waits", "✓ equal"].map(place);
    assert!(order.is_sorted(), "{frame}");
    program.sees("private +2  public +4").sees("conflict: 1 file").sees("both changed it");
    program.sees("Limit the depth of nested tools").sees("git merge").sees("2 min");
}

#[test]
fn the_cursor_stays_on_its_branch_whatever_the_next_look_brings() {
    let mut program = pane(120, 36);
    program.press("Down").sees("─ release/v3.6 ─");
    look(&mut program, |report| {
        report.pairs.push(pair("aaa", PairState::Unknown("no answer".into()), None));
        report.pairs.rotate_right(1);
    });
    program.sees("─ release/v3.6 ─");
    program.press("6 2").sees("─ release/v3.6 ─");
}

#[test]
fn what_could_not_be_looked_at_says_why_and_is_never_clear() {
    let mut program = pane(120, 36);
    program.press("Down").sees("It could not be looked at: fetching from private timed out after 30 s.");
    program.sees("r tries again").press("v v").sees("No leak found in 2,205 refs of public, looked at 12:58 UTC");
    look(&mut program, |report| {
        report.leaks = Some(Leaks::Unknown { why: "public gave no answer".into(), found: Vec::new() });
    });
    program.sees("Whether anything leaked is not known: public gave no answer").sees_not("No leak found");
    program.press("0").sees_not("no leak found");
}

#[test]
fn a_leak_says_what_leads_where_and_what_to_do() {
    let mut program = pane(120, 36);
    look(&mut program, |report| {
        let leak = |reference: &str, how| Leak { fix: oid('a'), reference: reference.into(), how, commit: oid('f') };
        let found = vec![leak("refs/pull/7/head", LeakHow::Id), leak("refs/tags/nightly", LeakHow::Patch)];
        report.leaks = Some(Leaks::Looked { refs: 2_205, found });
    });
    program.press("v v").sees("pull request 7").sees("by its id").sees("tag nightly").sees("by its patch");
    program.sees("Check the audience of tokens").sees("git ls-remote");
    program.press("0").sees("LEAK");
}

#[test]
fn the_alarm_says_what_leaked_where_how_and_when() {
    let mut program = pane(120, 36);
    let what =
        format!("ai-assist: the fix {} is on canonical refs/pull/7/head (id, commit ffffffffff)", oid('a').short());
    program.press(&format!("! «{what}» Enter Enter")).sees(&format!("LEAK  ai-assist: the fix {}", oid('a').short()));
    look(&mut program, |report| {
        let leak = Leak { fix: oid('a'), reference: "refs/pull/7/head".into(), how: LeakHow::Id, commit: oid('f') };
        report.leaks = Some(Leaks::Looked { refs: 2_205, found: vec![leak] });
    });
    program.sees("LEAK  F1 is on public, by its id: ai-assist, pull request 7, seen 13:00 UTC, just now");
    program.press("1 !").sees("this process has no steps for it").sees("by its id").sees("git ls-remote");
}

#[test]
fn enter_opens_a_branch_and_back_closes_it() {
    let mut program = pane(120, 36);
    program.press("Enter").sees("Update dependencies").sees("there, adapted").sees_not("pr private");
    program.press("q").sees("pr private").press("Enter Esc").sees("pr private").sees("2 Branches");
}

#[test]
fn the_commands_are_copied_and_nothing_public_without_saying_so() {
    let mut program = pane(120, 36);
    program.press("y").sees("copied: the commands");
    let copied = program.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("something was copied");
    assert!(copied.starts_with("git fetch") && !copied.ends_with('\n'), "{copied}");
    program.press("G y").sees("copied: the name of the branch");
}

#[test]
fn the_views_turn_and_come_round() {
    let mut program = pane(120, 36);
    program
        .press("v")
        .sees("fixes")
        .sees("≈ adapted")
        .press("v")
        .sees("leaks")
        .press("v")
        .sees("v3.9.2")
        .sees("only private");
    program.press("v").sees("pr private");
    assert_eq!(program.app.open.as_ref().unwrap().board.view, BoardView::Branches);
}

#[test]
fn only_branches_that_fit_a_filter_are_shown() {
    let mut program = pane(120, 36);
    program.press("/ «v3.9» Enter").sees("release/v3.9").sees_not("release/v3.7");
    program.press("Esc").sees("release/v3.7");
}

#[test]
fn offered_commits_are_picked_and_named_as_fixes() {
    let mut program = Program::new(120, 36);
    story(&program);
    program
        .press("r Enter 2 n «gateway» Enter «/srv/public.git» Enter «/srv/private.git» Tab Tab Tab Tab Tab Tab Enter");
    look(&mut program, |report| {
        report.fixes.clear();
        let offered = |digit, subject: &str| Offered { commit: oid(digit), subject: subject.into() };
        report.offered =
            vec![offered('d', "The second one"), offered('c', "The first one"), offered('b', "Something else")];
    });
    program.press("2 v").sees("No fix is named yet").press("Space Space").sees("2 are picked").press("Enter");
    let open = program.app.open.as_ref().expect("a case");
    let fixes: Vec<_> = open.case.record().fix.iter().map(|fix| (fix.id.clone(), fix.commit.clone())).collect();
    let commit = |digit: char| Some(oid(digit).to_string());
    assert_eq!(fixes, [("F1".to_owned(), commit('c')), ("F2".to_owned(), commit('d'))], "the oldest is F1");
    program.press("z");
    assert!(program.app.open.as_ref().unwrap().case.record().fix.is_empty(), "undo takes both back");
}

#[test]
fn how_far_a_look_is_stands_in_one_place_and_moves_nothing() {
    let mut program = pane(120, 36);
    let before = program.frame();
    let progress = Progress { words: "fetching from private".into(), done: Some((1_204, 3_000)) };
    let (scope, component) = (Scope::Case(program.codename()), "ai-assist".to_owned());
    program.send(Message::Scan(Box::new(News::Progress { scope, component, progress })));
    program.sees("fetching from private  1,204 of 3,000");
    let lines = |frame: &str| frame.lines().map(str::to_owned).collect::<Vec<_>>();
    let differs = lines(&before).iter().zip(lines(&program.frame())).filter(|(a, b)| *a != b).count();
    assert_eq!(differs, 1, "only the title changes");
}

#[test]
fn a_thousand_branches_are_drawn_as_quickly_as_ten() {
    let mut program = pane(80, 24);
    look(&mut program, |report| {
        report.pairs.extend((0..1_000).map(|number| pair(&format!("topic/{number}"), PairState::Equal, Some((0, 0)))));
    });
    program.press("G").sees("topic/999").sees("1,005 of 1,005");
}

#[test]
fn the_pane_is_as_it_was_looked_at() {
    let drawn = |keys: &str| {
        let pictures = [(200, 60), (120, 36), (80, 24), (40, 12)].map(|(columns, rows)| {
            let mut program = pane(columns, rows);
            if !keys.is_empty() {
                program.press(keys);
            }
            format!("{columns} × {rows}\n{}\n", program.frame())
        });
        pictures.join("\n")
    };
    for (name, keys) in [
        ("branches", ""),
        ("branches-unknown", "Down"),
        ("branches-opened", "Enter"),
        ("branches-fixes", "v"),
        ("branches-leaks", "v v"),
        ("branches-tags", "v v v"),
        ("branches-overview", "0"),
        ("branches-add", "n"),
    ] {
        compare(name, &drawn(keys));
    }
}
