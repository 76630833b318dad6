//! The fleet: what a person sees of many components, and where its keys lead. What looks find comes in as it does from the part
//! of the program that looks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fixlead::app::board::scan::{Manner, News, Scope, Unreached};
use fixlead::app::board::{Progress, Stage};
use fixlead::app::command::Command;
use fixlead::app::message::{Effect, Message};
use fixlead::divergence::{
    Conflict, FixRow, FixState, Leak, LeakHow, Leaks, Look, LookedAt, Oid, Pair, PairState, Plan, Report, Role, Side,
    TagRow, TagState,
};

use super::harness::{NOW, Program};

fn at(text: &str) -> jiff::Timestamp {
    text.parse().expect("an instant")
}

fn oid(digit: char) -> Oid {
    digit.to_string().repeat(40).parse().expect("an id")
}

/// A program that shows the fleet of this `watch.toml`.
pub fn watching(columns: u16, rows: u16, watch: &str) -> Program {
    let mut program = Program::new(columns, rows);
    let config = program.folder.path().join("config");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("watch.toml"), watch).expect("a file");
    program.press("f");
    program
}

/// Components with these names, of which each has repositories of its own.
fn rows(names: &[String]) -> String {
    let mut text = String::new();
    for name in names {
        let (public, private) =
            (format!("https://host.example/{name}.git"), format!("https://host.example/{name}-private.git"));
        let _ = writeln!(
            text,
            "[[component]]\nid = \"{name}\"\nurls = {{ canonical = \"{public}\", security = \"{private}\" }}"
        );
        if name == "workhorse" {
            let _ = writeln!(text, "embargoed = [\"{}\"]", "b".repeat(40));
        }
        if name == "registry" {
            let _ = writeln!(text, "expects = \"equal\"");
        }
    }
    text
}

fn pair(branch: &str, state: PairState, counts: (u32, u32)) -> Pair {
    Pair {
        branch: branch.into(),
        a: Role::Security,
        b: Role::Canonical,
        tips: [Side::Tip(oid('1')), Side::Tip(oid('2'))],
        counts: Some(counts),
        equal_patches: None,
        state,
        flags: [].into(),
        others: None,
        ahead_since: None,
        plan: Plan::Unknown,
    }
}

/// A look at a component ended, and this is what it found.
pub fn finds(program: &mut Program, name: &str, seen: &str, change: impl FnOnce(&mut Report)) {
    let watched = program.app.fleet.board.watched.iter().find(|watched| watched.asked.name == name);
    let asked = watched.expect("it is watched").asked.clone();
    let looked_at = [Role::Security, Role::Canonical].map(|remote| LookedAt { remote, refs: 12, at: at(seen) });
    let mut report = Report { looked_at: looked_at.into(), ..Report::blank(name) };
    report.pairs.push(pair("main", PairState::Equal, (0, 0)));
    change(&mut report);
    report.plan(&asked, at(NOW));
    let (look, unreached) = (Box::new(Look { asked, report }), Unreached::default());
    program.send(Message::Scan(Box::new(News::Looked {
        scope: Scope::Fleet,
        look,
        at: at(seen),
        unreached,
        more: false,
    })));
}

pub fn leak(report: &mut Report) {
    let found = vec![Leak { fix: oid('b'), reference: "refs/heads/main".into(), how: LeakHow::Id, commit: oid('b') }];
    report.leaks = Some(Leaks::Looked { refs: 12, found });
    let subject = Some("Check the audience of tokens".to_owned());
    let there = [Role::Security, Role::Canonical].map(|role| (role, FixState::ById(oid('b'))));
    let branches = [("main".to_owned(), there.into())].into();
    report.fixes.push(FixRow { commit: oid('b'), subject, embargoed: true, branches });
}

fn conflict(report: &mut Report) {
    let both = || PairState::DivergedConflict(vec![Conflict { path: "auth.py".into(), kind: "contents".into() }]);
    report.pairs.extend(["17-11-stable", "17-10-stable"].map(|branch| pair(branch, both(), (2, 4))));
}

/// Forty components as a release manager has them: a leak, a conflict, one that does not answer, a tag, and 33 as planned.
pub fn forty(columns: u16, rows_of_screen: u16) -> Program {
    let others = (1..=36).map(|number| format!("part-{number:02}"));
    let names: Vec<String> =
        ["workhorse", "gitaly", "kas", "registry"].map(str::to_owned).into_iter().chain(others).collect();
    let head = "expects = \"private-ahead\"\nuntil = \"2026-11-26T18:00:00Z\"\n";
    let mut program = watching(columns, rows_of_screen, &format!("{head}{}", rows(&names)));
    for number in 1..=33 {
        finds(&mut program, &format!("part-{number:02}"), "2026-11-24T12:58:00Z", |report| {
            if number <= 21 {
                report.pairs.push(pair("18-1-stable", PairState::SecurityAhead, (2, 0)));
            }
        });
    }
    finds(&mut program, "kas", "2026-11-24T10:02:00Z", |_| ());
    for _ in 0..3 {
        finds(&mut program, "kas", "2026-11-24T12:54:00Z", |report| {
            report.looked_at.clear();
            report.pairs.clear();
            report.errors.push("security: no answer for 30 s".to_owned());
        });
    }
    finds(&mut program, "gitaly", "2026-11-24T12:58:00Z", conflict);
    finds(&mut program, "registry", "2026-11-24T12:58:00Z", |report| {
        let (state, remotes) = (TagState::MissingOnCanonical, BTreeMap::new());
        report.tags.push(TagRow { name: "v4.14.2".into(), state, remotes, holds_fixes: BTreeMap::new() });
    });
    finds(&mut program, "workhorse", "2026-11-24T12:58:00Z", leak);
    // The next looks are yet to come.
    for watched in &mut program.app.fleet.board.watched {
        watched.stage = Stage::Resting;
        watched.next = Some(at(if watched.failures > 0 { "2026-11-24T13:09:00Z" } else { "2026-11-24T13:02:00Z" }));
    }
    program
}

#[test]
fn a_release_manager_sees_what_is_wrong_and_one_line_for_all_the_rest() {
    let mut program = forty(120, 36);
    program.sees("Fleet   40 components   expected: private ahead, until Thu 26 Nov 18:00 UTC");
    program.sees("36 of 40 fresh, 1 failing");
    program.sees("33 as planned (private ahead 21, equal 12)   3 not looked at yet");
    program.sees("LEAK  workhorse: public main holds bbbbbbbbbb «Check the audience of tokens»");
    let frame = program.frame();
    let order = ["✗ leak", "✗ conflict", "? unknown", "! tag", "33 as planned"].map(|row| frame.find(row).expect(row));
    assert!(order.is_sorted(), "{frame}");
    program.sees("17-11-stable, 17-10-stable").sees("security: no answer for 30 s, 3rd time, next try 13:09 UTC");
    program.press("G").sees_not("part-01").press("Enter").sees("part-01").press("Enter").sees_not("part-01");
}

#[test]
fn a_leak_rings_once_and_is_the_first_row() {
    let mut program = forty(120, 36);
    let bells = |program: &Program| program.effects.iter().filter(|effect| matches!(effect, Effect::Bell)).count();
    assert_eq!(bells(&program), 1);
    finds(&mut program, "workhorse", "2026-11-24T12:59:00Z", leak);
    assert_eq!(bells(&program), 1, "it is known");
    finds(&mut program, "gitaly", "2026-11-24T12:59:00Z", leak);
    assert_eq!(bells(&program), 2);
}

#[test]
fn a_leak_offers_a_new_case_with_the_evidence_and_leads_to_it_from_then_on() {
    let mut program = forty(120, 36);
    program.press("Enter").sees("Start a case for this leak").sees("public main holds bbbbbbbbbb");
    program.press("Esc").sees("Fleet   40 components");
    assert!(program.app.home.rows.as_ref().is_some_and(Vec::is_empty), "nothing begins by itself");
    program.press("! «Tokens are not checked» Enter Enter Enter");
    let id = program.codename();
    let file = program.file(&id);
    for told in ["workhorse-private", "state = \"leaked\"", "public main holds bbbbbbbbbb", &"b".repeat(40)] {
        assert!(file.contains(told), "{told}: {file}");
    }
    program.sees("LEAK");
    program.press("q").sees("Fleet   40 components").press("!").sees(&id);
    assert_eq!(program.codename(), id, "the case with the same repositories");
}

#[test]
fn the_file_that_is_not_there_yet_is_shown_as_it_could_begin() {
    let mut program = Program::new(80, 24);
    program.press("f").sees("Nothing is watched yet").sees("watch.toml").sees("[[component]]").press("y");
    let copied = program.effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let config = program.folder.path().join("config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("watch.toml"), copied.expect("the example")).unwrap();
    program.press("Enter").sees("1 component").press("q").sees("No case yet");
}

#[test]
fn faults_are_named_with_line_and_column_and_what_was_read_before_still_counts() {
    let mut program = watching(120, 36, "expect = \"equal\"\n");
    program.sees("watch.toml:1:1: unknown key expect (did you mean expects?)");
    let file = program.folder.path().join("config/watch.toml");
    std::fs::write(&file, rows(&["gateway".to_owned()])).unwrap();
    program.press("Enter").sees("1 component");
    std::fs::write(&file, "refresh = 5\n").unwrap();
    program.press("R").sees("1 component").sees("what it said before still counts");
}

#[test]
fn looking_again_is_about_the_component_under_the_cursor_and_esc_ends_it() {
    let mut program = forty(120, 36);
    program.effects.clear();
    program.press("Down r");
    let scans = |program: &Program| -> Vec<(Vec<String>, Manner)> {
        let scan = |effect: &Effect| match effect {
            Effect::Scan(scan) => Some((scan.components.iter().map(|one| one.name.clone()).collect(), scan.manner)),
            _ => None,
        };
        program.effects.iter().filter_map(scan).collect()
    };
    let of = |program: &Program| -> Vec<String> { scans(program).into_iter().flat_map(|(names, _)| names).collect() };
    assert_eq!(of(&program), ["gitaly"]);
    let progress = Progress { words: "fetching from private".into(), done: Some((3, 9)) };
    let news = News::Progress { scope: Scope::Fleet, component: "gitaly".into(), progress };
    program.send(Message::Scan(Box::new(news)));
    program.sees("fetching from private 3/9").press("Esc");
    assert!(program.effects.iter().any(|effect| matches!(effect, Effect::EndScans)));
    program.press("R");
    assert!(of(&program).len() >= 39, "all of them: {}", of(&program).len());
    program.sees("looked at");
}

#[test]
fn what_to_do_about_the_row_is_copied() {
    let mut program = forty(120, 36);
    program.press("Down y").sees("copied: the commands");
    let copied = program.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert!(copied.expect("commands").contains("git merge"), "the conflict of gitaly");
}

#[test]
fn a_filter_looks_among_all_and_a_drill_looks_at_nothing_real() {
    let mut program = forty(120, 36);
    program.press("/ «part-07» Enter").sees("part-07").sees_not("gitaly").press("Esc").sees("gitaly");
    assert!(program.app.available(Command::Undo).is_err(), "no case is open");
}

#[test]
fn three_hundred_components_are_as_quick_as_one_row() {
    let names: Vec<String> = (0..300).map(|number| format!("part-{number:03}")).collect();
    let mut program = watching(120, 36, &rows(&names));
    program.sees("300 components").sees("looked at 0 of 300");
    for name in &names[..120] {
        finds(&mut program, name, NOW, |_| ());
    }
    program.sees("looked at 120 of 300").sees("120 as planned (equal 120)   180 not looked at yet");
    program.press("Enter G").sees("part-299").press("g Down Down").sees("part-001");
}
