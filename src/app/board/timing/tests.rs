use super::*;
use crate::divergence::{Expected, Leaks, Report, Role};

fn asked(name: &str, urls: [&str; 2]) -> Component {
    let [canonical, security] = urls.map(str::to_owned);
    Component {
        name: name.into(),
        urls: [(Role::Canonical, canonical), (Role::Security, security)].into(),
        clone: None,
        branches: Vec::new(),
        tags: Vec::new(),
        pin: None,
        fixes: Vec::new(),
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: false,
        expected: Expected::Equal,
        may_lag: SignedDuration::ZERO,
    }
}

const FAR: [&str; 2] = ["https://git.example/a.git", "git@git.example:b.git"];
const HERE: [&str; 2] = ["/srv/a.git", "file:///srv/b.git"];

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap()
}

fn seen(asked: &Component) -> Look {
    Look { asked: asked.clone(), report: Report::blank(&asked.name) }
}

fn unseen(asked: &Component) -> Look {
    let report = Report { errors: vec!["no answer".into()], ..Report::blank(&asked.name) };
    Look { asked: asked.clone(), report }
}

fn silent() -> Unreached {
    Unreached { hosts: ["git.example".to_owned()].into(), needs_person: false }
}

fn minutes(board: &Board, now: Timestamp) -> i64 {
    board.next_look().unwrap().duration_since(now).as_mins()
}

#[test]
fn a_server_is_known_by_its_name_however_it_is_asked() {
    for url in ["https://git.example/x", "ssh://me@GIT.example:22/x", "git@git.example:x/y.git", "git.example:x"] {
        assert_eq!(host(url).as_deref(), Some("git.example"), "{url}");
    }
    assert_eq!(host("ssh://git@[::1]:22/a").as_deref(), Some("::1"));
    for path in ["/srv/a.git", "file:///srv/a", "a/b:c", "../x"] {
        assert_eq!(host(path), None, "{path}");
    }
}

#[test]
fn what_has_no_time_yet_is_looked_at_at_once_and_then_at_intervals() {
    for (urls, least, most) in [(FAR, 5, 6), (HERE, 1, 1)] {
        let asked = asked("gateway", urls);
        let mut board = Board::new(vec![asked.clone()], Vec::new());
        assert!(board.take_due(at(0)).is_empty(), "nobody has begun");
        board.schedule(at(0));
        assert_eq!(board.take_due(at(0)).len(), 1);
        assert!(board.take_due(at(0)).is_empty(), "it waits already");
        assert_eq!(board.next_look(), None);
        board.take_look(seen(&asked), &Unreached::default(), at(0));
        assert!((least..=most).contains(&minutes(&board, at(0))), "{}", minutes(&board, at(0)));
        assert_eq!(board.take_due(at(7)).len(), 1);
    }
}

#[test]
fn components_of_one_interval_come_apart_and_each_comes_as_it_did() {
    let next = |name: &str| apart(name, SERVERS).as_secs();
    let all: std::collections::BTreeSet<i64> = (0..300).map(|n| next(&format!("component-{n}"))).collect();
    assert!(all.len() > 50, "{}", all.len());
    assert!(all.iter().all(|seconds| (300..=360).contains(seconds)));
    assert_eq!(next("gateway"), next("gateway"));
}

#[test]
fn a_server_that_fails_is_asked_less_and_less_and_for_no_component_before() {
    let (one, other) = (asked("one", FAR), asked("other", FAR));
    let mut board = Board::new(vec![one.clone(), other.clone()], Vec::new());
    board.schedule(at(0));
    let mut now = at(0);
    for least in BACK_OFF.into_iter().chain([60]) {
        assert_eq!(board.take_due(now).len(), 2);
        board.take_look(unseen(&one), &silent(), now);
        board.take_look(unseen(&other), &silent(), now);
        let waits = minutes(&board, now);
        assert!((least..=least + least / 5 + 1).contains(&waits), "{least}: {waits}");
        assert!(board.watched.iter().all(|watched| watched.next == board.next_look()), "both wait for the server");
        now = board.next_look().unwrap();
    }
    board.take_due(now);
    board.take_look(seen(&one), &Unreached::default(), now);
    assert_eq!((board.watched[0].failures, board.hosts.until(&other)), (0, None), "it answers again");
    board.take_look(unseen(&other), &silent(), now);
    board.schedule_anew(now);
    assert_eq!(board.hosts.until(&other), None);
    assert_eq!(board.take_due(now).len(), 2, "a person looks now");
}

#[test]
fn what_fails_for_itself_waits_for_itself() {
    let (one, other) = (asked("one", FAR), asked("other", FAR));
    let mut board = Board::new(vec![one.clone(), other.clone()], Vec::new());
    board.schedule(at(0));
    board.take_due(at(0));
    board.take_look(unseen(&one), &Unreached::default(), at(0));
    board.take_look(seen(&other), &Unreached::default(), at(0));
    let waits: Vec<i64> =
        board.watched.iter().map(|watched| watched.next.unwrap().duration_since(at(0)).as_mins()).collect();
    assert_eq!((waits[0], waits[1] >= 5), (1, true), "{waits:?}");
}

#[test]
fn an_embargo_of_which_no_fix_is_named_is_looked_at_as_often_as_any() {
    let asked = asked("gateway", FAR);
    let mut board = Board::new(vec![asked.clone()], Vec::new());
    for minute in 0..20 {
        let mut look = seen(&asked);
        look.report.leaks = Some(Leaks::Unknown { why: "no fix is named".into(), found: Vec::new() });
        board.take_look(look, &Unreached::default(), at(minute));
    }
    let next = board.watched[0].next.unwrap().duration_since(at(19)).as_mins();
    assert_eq!((board.watched[0].failures, (5..=6).contains(&next)), (0, true), "{next}");
}

#[test]
fn what_was_seen_before_the_board_stays_beside_a_look_that_saw_less_until_it_is_of_other_repositories() {
    let asked = asked("gateway", FAR);
    let mut board = Board::new(vec![asked.clone()], vec![seen(&asked)]);
    board.take_look(unseen(&asked), &silent(), at(1));
    assert_eq!(board.watched[0].whole, Some(Report::blank("gateway")));
    board.ask(vec![Component { urls: [].into(), ..asked }]);
    assert_eq!(board.watched[0].whole, None);
}

#[test]
fn the_last_whole_report_stays_beside_one_that_saw_less() {
    let asked = asked("gateway", FAR);
    let mut board = Board::new(vec![asked.clone()], Vec::new());
    board.take_look(seen(&asked), &Unreached::default(), at(0));
    board.take_look(unseen(&asked), &silent(), at(1));
    assert_eq!(board.report(0).unwrap().errors, ["no answer"]);
    assert_eq!(board.watched[0].whole, Some(Report::blank("gateway")));
    assert_eq!((board.watched[0].failures, board.watched[0].ended), (1, Some(at(1))));
}

#[test]
fn a_look_at_what_was_asked_before_is_no_answer_and_comes_again_at_once() {
    let before = asked("gateway", FAR);
    let mut board = Board::new(vec![before.clone()], Vec::new());
    board.schedule(at(0));
    board.take_due(at(0));
    let now = Component { pin: Some("VERSION".into()), ..before.clone() };
    board.ask(vec![now]);
    board.take_look(seen(&before), &Unreached::default(), at(1));
    assert!(board.looks.is_empty());
    assert_eq!(board.take_due(at(1)).len(), 1);
}

#[test]
fn looks_that_a_person_ended_come_again_in_their_time() {
    let mut board = Board::new(vec![asked("gateway", FAR)], Vec::new());
    board.schedule(at(0));
    board.take_due(at(0));
    assert!(board.is_looking());
    board.end_looks(at(0));
    assert!(!board.is_looking() && board.take_due(at(4)).is_empty());
    assert_eq!(board.take_due(at(7)).len(), 1);
}

#[test]
fn older_looks_of_others_do_not_take_the_place_of_newer_ones() {
    let asked = asked("gateway", FAR);
    let looked = |minute| {
        let seen = crate::divergence::LookedAt { remote: Role::Canonical, refs: 1, at: at(minute) };
        Look { report: Report { looked_at: vec![seen], ..Report::blank("gateway") }, ..self::seen(&asked) }
    };
    let mut board = Board::new(vec![asked.clone()], vec![looked(2)]);
    board.take_looks(vec![looked(1)]);
    assert_eq!(board.looks, [looked(2)]);
    board.take_looks(vec![looked(3)]);
    assert_eq!(board.looks, [looked(3)]);
}

#[test]
fn a_look_of_others_that_could_not_see_everything_is_not_hidden_by_one_that_could() {
    let asked = asked("gateway", FAR);
    let seen = crate::divergence::LookedAt { remote: Role::Canonical, refs: 1, at: at(2) };
    let whole = Look { report: Report { looked_at: vec![seen], ..Report::blank("gateway") }, ..self::seen(&asked) };
    let mut board = Board::new(vec![asked.clone()], vec![whole]);
    board.take_looks(vec![unseen(&asked)]);
    assert_eq!(board.looks, [unseen(&asked)]);
}

#[test]
fn an_answer_of_before_while_a_server_is_silent_is_no_look_that_saw_everything_now() {
    let asked = asked("gateway", FAR);
    let seen = crate::divergence::LookedAt { remote: Role::Canonical, refs: 1, at: at(0) };
    let of_before = Look { report: Report { looked_at: vec![seen], ..Report::blank("gateway") }, ..self::seen(&asked) };
    let mut board = Board::new(vec![asked], Vec::new());
    board.take_look(of_before.clone(), &silent(), at(50));
    let watched = &board.watched[0];
    assert_eq!((watched.failures, watched.whole.as_ref()), (1, Some(&of_before.report)));
    assert!(watched.next.is_some_and(|next| next > at(50)));
}
