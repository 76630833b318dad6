//! Whole looks at components that mean harm: nothing of them runs, nothing of them is written to, and what is true of them
//! is found all the same.

use std::fs;
use std::path::{Path, PathBuf};

use fixlead::divergence::{Component, Expected, Flag, PairState, Report, Role, Tracking};
use jiff::SignedDuration;

use crate::fixture::truth::ROLES;
use crate::fixture::{Fixture, IN_ORDER, git_fed};
use crate::look::{NOON, component, look};
use crate::repos::{Repos, bytes, hostile};

/// What was found, without where the clone would be pushed, and what hangs on when it was looked at before.
fn found(mut report: Report) -> Report {
    for pair in &mut report.pairs {
        pair.flags.remove(&Flag::Rewritten);
    }
    Report { tracking: Tracking::NoClone, ..report }
}

fn told(canary: &Path) -> String {
    fs::read_to_string(canary).unwrap_or_default()
}

#[test]
fn nothing_of_a_hostile_component_runs_and_what_is_true_of_it_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, odd) = (Fixture::build(34, IN_ORDER), Fixture::build(34, IN_ORDER));
    let canary = folder.path().join("canary");
    let places: Vec<PathBuf> = ROLES.map(|role| odd.remote(role)).into_iter().chain([odd.local()]).collect();
    for place in &places {
        hostile(place, &canary);
    }
    let before: Vec<_> = places.iter().map(|place| bytes(place)).collect();
    // The second look finds what was fetched by the first.
    for _ in 0..2 {
        let expected = look(&folder.path().join("plain"), &component(&plain), NOON);
        let report = look(&folder.path().join("odd"), &component(&odd), NOON);
        assert_eq!(told(&canary), "", "it ran");
        assert!(expected.errors.is_empty() && expected.pairs.len() == 35, "{:?}", expected.errors);
        assert_eq!(found(report), found(expected));
    }
    assert!(places.iter().map(|place| bytes(place)).collect::<Vec<_>>() == before, "nobody's repository is written to");
}

/// A component of two bare repositories, `security` and `canonical`.
pub fn of_two(repos: &Repos) -> Component {
    let url = |name: &str| repos.path(name).to_string_lossy().into_owned();
    Component {
        name: "gateway".into(),
        urls: [(Role::Security, url("security")), (Role::Canonical, url("canonical"))].into(),
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

#[test]
fn names_texts_and_paths_that_mean_harm_are_only_text() {
    let (repos, folder) = (Repos::new(), tempfile::tempdir().unwrap());
    let canary = repos.path("canary");
    let (escape, bidi) = ("\u{1b}]0;x\u{7}\u{1b}[2J", "\u{202e}gnp");
    let path = format!("a\n{escape}{bidi} -- \"'$(touch {})`x`.txt", canary.display().to_string().replace('/', "|"));
    let quoted = path.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let attributes = "* filter=x diff=x merge=x text eol=crlf ident working-tree-encoding=UTF-16\n";
    for name in ["security", "canonical"] {
        repos.git(".", &["init", "-q", "--bare", "-b", "main", name]);
        let commit = |mark: &str, from: &str, text: &str| {
            format!(
                "commit refs/heads/main\n{mark}author {escape}{bidi} <x@{bidi}> 1700000000 +0000\ncommitter -x <{escape}> 1700000000 \
                 +0000\ndata <<END\n{escape}{bidi}\nTrailer: $(x)\nEND\n{from}M 100644 inline \"{quoted}\"\ndata {}\n{text}\nM 100644 \
                 inline .gitattributes\ndata {}\n{attributes}\nM 120000 inline link\ndata 11\n/etc/passwd\n",
                text.len(),
                attributes.len()
            )
        };
        let stream = commit("mark :1\n", "", "base\n") + &commit("mark :2\n", "from :1\n", &format!("{name}\n"));
        git_fed(&repos.path(name), &["fast-import", "--quiet"], stream.as_bytes());
        for odd in ["\u{202e}gnp", "-x", "--upload-pack=x", "a@b", "$(x)", "a'b\"c;d", "é\u{200d}\u{200b}"] {
            repos.git(name, &["update-ref", "--", &format!("refs/heads/odd/{odd}"), "refs/heads/main"]);
        }
        hostile(&repos.path(name), &canary);
    }
    let report = look(folder.path(), &of_two(&repos), NOON);
    assert_eq!(report.errors, Vec::<String>::new());
    assert_eq!(told(&canary), "", "it ran");
    assert_eq!(report.pairs.len(), 8);
    for pair in &report.pairs {
        let PairState::DivergedConflict(conflicts) = &pair.state else { panic!("{pair:?}") };
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        assert_eq!((conflicts[0].path.as_str(), conflicts[0].kind.as_str()), (path.as_str(), "contents"));
    }
    assert!(report.pairs.iter().any(|pair| pair.branch == "odd/\u{202e}gnp"));
}

#[test]
fn a_clone_that_borrows_from_a_place_that_vanishes_spoils_one_look_and_no_answer() {
    let (repos, folder) = (Repos::filled(), tempfile::tempdir().unwrap());
    repos.git(".", &["clone", "-q", "--bare", "plain", "security"]);
    repos.git(".", &["clone", "-q", "--bare", "plain", "canonical"]);
    repos.git(".", &["clone", "-q", "--bare", "plain", "elsewhere"]);
    let url = format!("file://{}", repos.path("elsewhere").display());
    repos.git(".", &["clone", "-q", "--reference", "elsewhere", &url, "clone"]);
    let component = Component { clone: Some(repos.path("clone").to_string_lossy().into_owned()), ..of_two(&repos) };
    let expected = look(folder.path(), &component, NOON);
    assert!(
        expected.errors.is_empty() && expected.pairs.iter().all(|pair| pair.state == PairState::Equal),
        "{expected:?}"
    );
    // Something new, so that what was kept is no answer.
    repos.commit("plain", "new");
    repos.git("plain", &["push", "-q", "../security", "main"]);
    fs::rename(repos.path("elsewhere"), repos.path("gone")).unwrap();
    let spoilt = look(folder.path(), &component, NOON);
    let states = |report: &Report| report.pairs.iter().map(|pair| pair.state.word()).collect::<Vec<_>>();
    if states(&spoilt) != ["security_ahead", "equal"] {
        assert!(!spoilt.errors.is_empty(), "{spoilt:?}");
        assert!(!states(&spoilt)[..1].contains(&"equal"), "{spoilt:?}");
    }
    let again = look(folder.path(), &component, NOON);
    assert_eq!(states(&again), ["security_ahead", "equal"], "{again:?}");
}
