//! What was private once and is public now is told, whatever the pair looks like by then, and nothing else is.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::os::unix::fs::PermissionsExt;

use fixlead::divergence::{LeakHow, Leaks, Oid, Role, TagAt};
use fixlead::git::leaks::pointed_at;
use fixlead::git::patches::Place;
use fixlead::git::{Cancel, Git, Graph, Refs};
use fixlead::look::memory::{MOST, MOST_OF_A_REF, Memory, Sides};
use jiff::Timestamp;

use crate::fixes::graph;
use crate::fixture::stream::{Commit, Mark, Stream};
use crate::fixture::{Fixture, IN_ORDER, git, import};
use crate::leaks::listed;

/// A component of which each look sees other refs.
struct Story {
    folder: tempfile::TempDir,
    ids: BTreeMap<Mark, Oid>,
    graph: Graph,
    memory: Memory,
    looks: i64,
}

type Told = Vec<(Oid, String, LeakHow)>;

impl Story {
    fn of(stream: &Stream) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = folder.path().join("all.git");
        let ids = import(&repository, stream);
        for (Mark(number), oid) in &ids {
            git(&repository, &["update-ref", &format!("refs/all/{number}"), &oid.to_string()]);
        }
        let graph = graph(&repository);
        Self { folder, ids, graph, memory: Memory::default(), looks: 0 }
    }

    /// A look under an embargo at what is on the two sides now. The memory goes through its file.
    fn look(&mut self, private: &[Mark], public: &[(&str, Mark)]) -> Told {
        let at = |mark: &Mark| TagAt { object: self.ids[mark], commit: Some(self.ids[mark]) };
        let public: Refs = public.iter().map(|(name, mark)| ((*name).to_owned(), at(mark))).collect();
        let private = private.iter().map(|mark| self.ids[mark]).collect();
        let repository = self.folder.path().join("all.git");
        self.looks += 1;
        let now = Timestamp::from_second(1_800_000_000 + self.looks).unwrap();
        let told = look(&repository, &self.graph, &mut self.memory, &private, &public, now);
        let file = self.folder.path().join("memory");
        self.memory.write(&file).unwrap();
        assert_eq!(Memory::read(&file).unwrap(), self.memory);
        told
    }
}

fn look(
    repository: &std::path::Path,
    graph: &Graph,
    memory: &mut Memory,
    private: &BTreeSet<Oid>,
    public: &Refs,
    now: Timestamp,
) -> Told {
    let (program, cancel) = (Git::find().unwrap(), Cancel::default());
    let place = Place { git: &program, repository, cancel: &cancel };
    let sides = Sides { place, graph, public, private };
    let early = memory.early(sides, &HashSet::new()).leaks;
    memory.remember(sides, now).unwrap();
    let Leaks::Looked { found, .. } = early else { panic!("{early:?}") };
    found.into_iter().map(|leak| (leak.fix, leak.reference, leak.how)).collect()
}

/// A file of forty lines, one of them different.
fn file(line: &str) -> String {
    (0..40).map(|at| if at == 20 { format!("{line}\n") } else { format!("line {at}\n") }).collect()
}

/// The beginning, a private commit on it, and what may become of it on the public side.
struct Ways {
    begin: Mark,
    secret: Mark,
    picked: Mark,
    squashed: Mark,
    further: Mark,
    other: Mark,
}

fn ways() -> (Stream, Ways) {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", &file("bad")));
    let secret = stream.add(&Commit::new("mend").write("f", &file("good")).on(begin));
    let other = stream.add(&Commit::new("other").write("x", "x\n").on(begin));
    let picked = stream.add(&Commit::new("pick").write("f", &file("good")).on(other));
    let squashed = stream.add(&Commit::new("all").write("f", &file("good")).write("y", "y\n").on(other));
    let further = stream.add(&Commit::new("more").write("f", &file("better")).on(squashed));
    (stream, Ways { begin, secret, picked, squashed, further, other })
}

const MAIN: &str = "refs/heads/main";

#[test]
fn a_private_commit_that_became_public_is_told_though_both_sides_are_equal() {
    let (stream, is) = ways();
    let mut story = Story::of(&stream);
    let secret = story.ids[&is.secret];
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.begin)]), []);
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.begin)]), []);
    let told = [(secret, MAIN.to_owned(), LeakHow::Id)];
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.secret)]), told);
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.secret)]), told, "a second look changes nothing");
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.begin)]), [], "it tells what is there now");
}

#[test]
fn its_patch_its_content_and_a_pull_request_are_told_as_well() {
    let (stream, is) = ways();
    for (public, how) in [(is.secret, LeakHow::Id), (is.picked, LeakHow::Patch), (is.squashed, LeakHow::Content)] {
        let mut story = Story::of(&stream);
        let secret = story.ids[&is.secret];
        assert_eq!(story.look(&[is.secret], &[(MAIN, is.other)]), []);
        let pull = "refs/pull/7/head";
        let refs = [(MAIN, is.other), (pull, public)];
        assert_eq!(story.look(&[is.secret], &refs), [(secret, pull.to_owned(), how)]);
        assert_eq!(story.look(&[is.secret], &refs), [(secret, pull.to_owned(), how)], "a second look changes nothing");
        assert_eq!(story.look(&[is.secret], &refs[..1]), []);
    }
    let mut story = Story::of(&stream);
    story.look(&[is.secret], &[(MAIN, is.other)]);
    story.look(&[is.secret], &[(MAIN, is.squashed)]);
    let told = story.look(&[is.secret], &[(MAIN, is.further)]);
    assert_eq!(told, [(story.ids[&is.secret], MAIN.to_owned(), LeakHow::Content)], "the history still shows it");
}

#[test]
fn what_was_public_when_it_was_first_seen_is_no_leak() {
    let (stream, is) = ways();
    for public in [is.picked, is.squashed] {
        let mut story = Story::of(&stream);
        assert_eq!(story.look(&[is.secret], &[(MAIN, public)]), []);
        assert_eq!(story.look(&[is.secret], &[(MAIN, public), ("refs/heads/x", is.secret)]), []);
    }
    let mut story = Story::of(&stream);
    story.look(&[is.begin], &[(MAIN, is.secret)]);
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.begin)]), [], "somebody forced it back");
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.begin)]), []);
    assert_eq!(story.look(&[is.secret], &[(MAIN, is.secret)]), []);
}

#[test]
fn more_than_are_compared_are_still_found_by_their_ids() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", "f\n"));
    let mut commits = vec![begin];
    for step in 0..MOST + 20 {
        let tip = commits[step];
        commits.push(stream.add(&Commit::new("work").write(&format!("w{step}"), &format!("{step}\n")).on(tip)));
    }
    let mut story = Story::of(&stream);
    let (tip, early) = (*commits.last().unwrap(), commits[10]);
    assert_eq!(story.look(&[tip], &[(MAIN, begin)]), []);
    assert_eq!(story.look(&[tip], &[(MAIN, begin)]), []);
    assert_eq!(story.look(&[tip], &[(MAIN, early)]).len(), 10);
}

#[test]
fn of_very_many_leaks_each_ref_is_told_with_the_newest() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", "f\n"));
    let mut commits = vec![begin];
    for step in 0..MOST_OF_A_REF + 20 {
        let tip = commits[step];
        commits.push(stream.add(&Commit::new("work").write("w", &format!("{step}\n")).on(tip)));
    }
    let mut story = Story::of(&stream);
    let (tip, early) = (*commits.last().unwrap(), commits[10]);
    assert_eq!(story.look(&[tip], &[(MAIN, begin)]), []);
    let told = story.look(&[tip], &[(MAIN, tip), ("refs/pull/7/head", early)]);
    let of_ref = |name: &str| -> BTreeSet<Oid> {
        told.iter().filter(|(_, reference, _)| reference == name).map(|(commit, ..)| *commit).collect()
    };
    let all = |marks: &[Mark]| marks.iter().map(|mark| story.ids[mark]).collect::<BTreeSet<Oid>>();
    assert_eq!(of_ref(MAIN), all(&commits[21..]));
    assert_eq!(of_ref("refs/pull/7/head"), all(&commits[1..=10]));
}

#[test]
fn no_situation_is_told_as_an_early_leak() {
    for (branches, seed) in [(32, IN_ORDER), (45, 7)] {
        let fixture = Fixture::build(branches, seed);
        let (repository, graph) = (fixture.everything(), graph(&fixture.everything()));
        let private = [Role::Security, Role::Dev]
            .iter()
            .flat_map(|role| pointed_at(&listed(&fixture.remote(*role))).collect::<Vec<_>>());
        let (private, public) = (private.collect(), listed(&fixture.remote(Role::Canonical)));
        let mut memory = Memory::default();
        for second in 0..3 {
            let now = Timestamp::from_second(1_800_000_000 + second).unwrap();
            assert_eq!(look(&repository, &graph, &mut memory, &private, &public, now), [], "look {second}");
        }
    }
}

#[test]
fn a_damaged_memory_is_told_and_never_taken_for_empty() {
    let (stream, is) = ways();
    let mut story = Story::of(&stream);
    story.look(&[is.secret], &[(MAIN, is.begin)]);
    story.look(&[is.secret], &[(MAIN, is.picked)]);
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    assert_eq!(story.memory.ahead_since("a b", true, now), Some(now));
    let file = story.folder.path().join("memory");
    story.memory.write(&file).unwrap();
    assert_eq!(Memory::read(&file).unwrap(), story.memory);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Memory::read(&story.folder.path().join("none")).unwrap(), Memory::default());

    let whole = std::fs::read(&file).unwrap();
    for at in 0..whole.len() {
        let mut other = whole.clone();
        other[at] ^= 1;
        for damaged in [&whole[..at], &other] {
            std::fs::write(&file, damaged).unwrap();
            assert!(Memory::read(&file).is_err(), "at {at}");
        }
    }
    std::fs::write(&file, [&whole[..], b"private\n"].concat()).unwrap();
    assert!(Memory::read(&file).is_err());
}
