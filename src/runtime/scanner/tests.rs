use std::net::TcpListener;
use std::path::Path;
use std::time::Instant;

use jiff::SignedDuration;

use super::*;
use crate::app::board::scan::News;
use crate::divergence::{Component, Expected, Role};
use crate::runtime::world::Given;

const LONG: Duration = Duration::from_secs(20);

fn world(folder: &Path) -> World {
    let path = |name| Some(folder.join(name));
    World::find(Given { data_dir: path("data"), config_dir: path("config"), now: None }).unwrap()
}

fn component(url: &str) -> Component {
    Component {
        name: "gateway".into(),
        urls: [(Role::Canonical, format!("{url}/a.git")), (Role::Security, format!("{url}/b.git"))].into(),
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

fn scan(component: &Component) -> Effect {
    Effect::Scan(Box::new(Scan { scope: Scope::Fleet, components: vec![component.clone()], manner: Manner::Quiet }))
}

/// The next news that is no progress, and what progress came before it.
fn next(news: &mut UnboundedReceiver<Message>) -> (News, Vec<String>) {
    let mut steps = Vec::new();
    loop {
        match news.blocking_recv().expect("it goes on") {
            Message::Scan(told) => match *told {
                News::Progress { progress, .. } => steps.push(progress.words),
                other => return (other, steps),
            },
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_silent_server_is_unknown_with_its_cause_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let component = component(&format!("http://{}", server.local_addr().unwrap()));
    let (scanner, mut news) = Scanner::patient(&world(folder.path()), Duration::from_millis(300));
    assert!(scanner.takes(&scan(&component)));
    let (told, steps) = next(&mut news);
    let News::Looked { look, unreached, more, .. } = told else { panic!("{told:?}") };
    assert!(!look.report.is_whole() && look.report.errors.iter().any(|why| why.contains("no answer")));
    assert_eq!((unreached.hosts.into_iter().collect::<Vec<_>>(), more), (vec!["127.0.0.1".to_owned()], false));
    assert!(steps.iter().any(|words| words == "listing private"), "{steps:?}");
    let (ended, _) = next(&mut news);
    assert!(matches!(ended, News::Ended { cancelled: false, failure: None, .. }), "{ended:?}");
}

#[test]
fn an_end_comes_within_a_second_and_what_was_left_out_is_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let component = component(&format!("http://{}", server.local_addr().unwrap()));
    let (scanner, mut news) = Scanner::patient(&world(folder.path()), LONG);
    assert!(scanner.takes(&scan(&component)));
    let asked = server.accept().unwrap();
    let since = Instant::now();
    assert!(scanner.takes(&Effect::EndScans));
    let (ended, _) = next(&mut news);
    assert!(matches!(ended, News::Ended { cancelled: true, .. }), "{ended:?}");
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    drop(asked);
}

#[test]
fn its_end_closes_the_way_to_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let (scanner, mut news) = Scanner::patient(&world(folder.path()), LONG);
    drop(scanner);
    assert!(news.blocking_recv().is_none());
}
