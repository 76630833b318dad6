use jiff::Timestamp;

use super::*;
use crate::app::board::scan::{News, Scope, Unreached};
use crate::config::Watch;
use crate::divergence::{Conflict, Look, Oid, Pair, PairState, Plan, Report, Role, Side, TagRow, TagState};

const NOW: &str = "2026-11-24T13:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A fleet of these components, none of them looked at.
fn fleet(names: &[&str], head: &str) -> Fleet {
    let urls = "urls = { canonical = \"public\", security = \"private\" }";
    let rows: Vec<String> = names.iter().map(|name| format!("[[component]]\nid = \"{name}\"\n{urls}\n")).collect();
    let watch = Watch::parse(&format!("{head}\n{}", rows.concat()), &|url| Ok(url.to_owned())).unwrap();
    let mut fleet = Fleet { changes: watch.next_end(at(NOW)), ..Fleet::default() };
    fleet.board.ask(watch.components(at(NOW)));
    fleet.watch = Some(watch);
    fleet.judge_all(at(NOW));
    fleet
}

fn pair(branch: &str, state: PairState) -> Pair {
    let side = Side::Tip("a".repeat(40).parse().unwrap());
    Pair {
        branch: branch.into(),
        a: Role::Security,
        b: Role::Canonical,
        tips: [side.clone(), side],
        counts: Some((1, 1)),
        equal_patches: None,
        state,
        flags: [].into(),
        others: None,
        ahead_since: None,
        plan: Plan::Unknown,
    }
}

impl Fleet {
    /// A component was looked at, and this was found.
    fn finds(&mut self, name: &str, change: impl FnOnce(&mut Report)) -> usize {
        let asked = self.board.watched.iter().find(|watched| watched.asked.name == name).unwrap().asked.clone();
        let mut report = Report::blank(name);
        report.pairs.push(pair("main", PairState::Equal));
        change(&mut report);
        report.plan(&asked, at(NOW));
        self.board.take_look(Look { asked, report }, &Unreached::default(), at(NOW));
        self.judge(&[name.to_owned()].into(), at(NOW))
    }

    fn shown(&self) -> Vec<String> {
        let words = |row: &FleetRow| match row {
            FleetRow::Fold => format!("{:?}", self.folded()),
            FleetRow::Component(one) => {
                let judged = &self.judged[*one];
                format!(
                    "{} {} {}: {}",
                    judged.rank.mark(),
                    judged.about,
                    self.board.watched[*one].asked.name,
                    judged.words
                )
            }
        };
        self.rows().iter().map(words).collect()
    }

    fn under_cursor(&self) -> String {
        self.selected().map_or("the fold".to_owned(), |one| self.board.watched[one].asked.name.clone())
    }
}

fn conflict(report: &mut Report) {
    let both = || vec![Conflict { path: "a.txt".into(), kind: "contents".into() }];
    report.pairs.extend(["17-11", "17-10"].map(|branch| pair(branch, PairState::DivergedConflict(both()))));
}

fn leak(report: &mut Report) {
    let oid: Oid = "b".repeat(40).parse().unwrap();
    let leak = Leak { fix: oid, reference: "refs/heads/main".into(), how: crate::divergence::LeakHow::Id, commit: oid };
    report.leaks = Some(Leaks::Looked { refs: 3, found: vec![leak] });
}

fn tag(report: &mut Report) {
    let remotes = [].into();
    report.tags.push(TagRow { name: "v1".into(), state: TagState::Differs, remotes, holds_fixes: [].into() });
}

#[test]
fn the_worst_comes_first_and_what_needs_nobody_is_one_line() {
    let mut fleet = fleet(&["a", "b", "c", "d", "e", "f", "g"], "expects = \"private-ahead\"");
    fleet.finds("a", |report| report.pairs.push(pair("v1", PairState::SecurityAhead)));
    fleet.finds("b", tag);
    fleet.finds("c", |report| report.errors.push("security: no answer for 30 s".into()));
    fleet.finds("d", conflict);
    fleet.finds("e", leak);
    fleet.finds("f", |_| ());
    let folded = Folded { planned: 2, states: vec![("private ahead".into(), 1), ("equal".into(), 1)], unseen: 1 };
    assert_eq!(
        fleet.shown(),
        [
            "✗ leak e: public main holds bbbbbbbbbb, which was private at a look before",
            "✗ conflict d: 17-11, 17-10",
            "? unknown c: security: no answer for 30 s",
            "! tag b: v1 is another commit on each side",
            &format!("{folded:?}"),
        ]
    );
    fleet.unfolded = true;
    assert_eq!(fleet.rows().len(), 8);
    fleet.set_filter("17-1".into());
    assert_eq!(fleet.shown(), ["✗ conflict d: 17-11, 17-10"]);
}

#[test]
fn the_worst_does_not_hide_that_not_everything_was_looked_at() {
    let mut fleet = fleet(&["a"], "expects = \"private-ahead\"");
    fleet.finds("a", |report| {
        conflict(report);
        report.errors.push("security: no answer".into());
    });
    assert_eq!(fleet.judged[0].words, "17-11, 17-10; not everything could be looked at");
}

#[test]
fn the_cursor_stays_on_its_component_while_rows_move() {
    let mut fleet = fleet(&["a", "b", "c"], "expects = \"private-ahead\"");
    assert_eq!(fleet.under_cursor(), "the fold");
    fleet.finds("a", tag);
    assert_eq!(fleet.under_cursor(), "a", "nobody has moved it: it is on the worst");
    fleet.go_to(0);
    fleet.finds("b", conflict);
    fleet.finds("c", leak);
    assert_eq!((fleet.under_cursor().as_str(), fleet.cursor()), ("a", 2));
    fleet.finds("a", |_| ());
    assert_eq!(
        (fleet.under_cursor().as_str(), fleet.cursor()),
        ("the fold", 2),
        "its row is gone: what stands there now"
    );
    fleet.go_to(99);
    assert_eq!(fleet.cursor(), 2);
}

#[test]
fn once_what_is_planned_is_over_the_default_counts_again() {
    let head = "expects = \"private-ahead\"\nuntil = \"2026-11-24T14:00:00Z\"";
    let mut fleet = fleet(&["a"], head);
    fleet.finds("a", |report| report.pairs.push(pair("v1", PairState::SecurityAhead)));
    fleet.pass_time(at("2026-11-24T13:59:59Z"));
    assert_eq!(fleet.judged[0].rank, Rank::AsPlanned);
    fleet.pass_time(at("2026-11-24T14:00:00Z"));
    assert_eq!((fleet.judged[0].rank, fleet.judged[0].about), (Rank::Unplanned, "not planned"));
}

#[test]
fn a_mirror_whose_time_is_over_is_told_without_another_look() {
    let mut fleet = fleet(&["a"], "");
    fleet.finds("a", |report| {
        let lags = Pair { ahead_since: Some(at("2026-11-24T12:30:00Z")), ..pair("v1", PairState::CanonicalAhead) };
        report.pairs.push(lags);
    });
    assert_eq!((fleet.judged[0].rank, fleet.judged[0].words.as_str()), (Rank::AsPlanned, "public ahead"));
    fleet.pass_time(at("2026-11-24T13:30:01Z"));
    assert_eq!(fleet.judged[0].rank, Rank::Unplanned);
}

#[test]
fn the_bell_rings_once_for_each_leak() {
    let mut fleet = fleet(&["a", "b"], "");
    assert_eq!(fleet.finds("a", |_| ()), 0);
    assert_eq!(fleet.finds("a", leak), 1);
    assert_eq!(fleet.finds("a", leak), 0);
    assert_eq!(fleet.finds("b", leak), 1, "another component");
}

#[test]
fn a_look_is_fresh_until_the_next_ones_did_not_come() {
    let mut fleet = fleet(&["a", "b"], "");
    fleet.finds("a", |_| ());
    fleet.finds("b", |report| report.errors.push("no answer".into()));
    let told = |now: &str| {
        let Freshness { all, fresh, failing, pending } = fleet.freshness(at(now));
        (all, fresh, failing, pending)
    };
    assert_eq!(told(NOW), (2, 1, 1, 0));
    assert_eq!(told("2026-11-24T14:00:00Z"), (2, 0, 1, 0));
}

#[test]
fn looks_that_end_in_the_same_breath_are_judged_together_and_none_is_left_out() {
    let mut app = App::new(at(NOW), "lead".into(), Vec::new());
    app.fleet = fleet(&["a", "b"], "");
    let tools = Tools { now: at(NOW), find_zone: |_| None, new_id: String::new };
    let mut take = |index: usize, change: fn(&mut Report), more: bool| {
        let asked = app.fleet.board.watched[index].asked.clone();
        let mut report = Report { pairs: vec![pair("main", PairState::Equal)], ..Report::blank(&asked.name) };
        change(&mut report);
        report.plan(&asked, at(NOW));
        let (look, unreached) = (Box::new(Look { asked, report }), Unreached::default());
        let effects = app.take_news(News::Looked { scope: Scope::Fleet, look, at: at(NOW), unreached, more }, &tools);
        let ranks: Vec<Rank> = app.fleet.judged.iter().map(|judged| judged.rank).collect();
        (effects.iter().any(|effect| matches!(effect, Effect::Bell)), ranks)
    };
    assert_eq!(take(0, leak, true), (false, vec![Rank::Unseen, Rank::Unseen]));
    assert_eq!(take(1, |_| (), false), (true, vec![Rank::Leak, Rank::AsPlanned]));
    assert_eq!(take(0, leak, false), (false, vec![Rank::Leak, Rank::AsPlanned]));
}
