//! What leaked: every ref that shows an embargoed fix, no other, and never «none» where something was not looked at.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use fixlead::divergence::{LeakHow, Leaks, Oid, TagAt};
use fixlead::git::fixes::{Tip, look};
use fixlead::git::leaks::{Found, find, pointed_at};
use fixlead::git::patches::Place;
use fixlead::git::{Below, Cancel, Git, Refs};

use crate::fixes::graph;
use crate::fixture::stream::{Commit, Mark, Stream};
use crate::fixture::{Fixture, IN_ORDER, git, import};

/// What a repository lists.
pub fn listed(repository: &Path) -> Refs {
    let mut refs = Refs::new();
    for line in git(repository, &["ls-remote", "."]).lines() {
        let (object, name) = line.split_once('\t').unwrap();
        let object = object.parse().unwrap();
        match name.strip_suffix("^{}") {
            Some(name) => refs.get_mut(name).unwrap().commit = Some(object),
            None => _ = refs.insert(name.to_owned(), TagAt { object, commit: Some(object) }),
        }
    }
    refs
}

/// What leaked of the fixes, all of which are embargoed.
fn leaks(repository: &Path, fixes: &[Oid], public: &Refs, private: &[Oid]) -> Leaks {
    leaks_keeping(repository, fixes, public, private, None)
}

fn leaks_keeping(repository: &Path, fixes: &[Oid], public: &Refs, private: &[Oid], kept: Option<&Path>) -> Leaks {
    let (program, cancel, graph) = (Git::find().unwrap(), Cancel::default(), graph(repository));
    let place = Place { git: &program, repository, cancel: &cancel };
    let public_tips = pointed_at(public).collect::<BTreeSet<_>>();
    let tips = private.iter().map(|commit| Tip { commit: *commit, is_private: true });
    let only_public = public_tips.iter().filter(|commit| !private.contains(commit));
    let tips: Vec<Tip> = tips.chain(only_public.map(|commit| Tip { commit: *commit, is_private: false })).collect();
    let mut below = Below::new(&graph);
    let looked = look(place, fixes, &tips, |tip, commit| below.is_below(tip, commit), kept);
    let found = Found { fixes, tips: &tips, looked: &looked };
    find(place, &graph, found, fixes, public, None, kept)
}

fn assert_every_leak(fixture: &Fixture) {
    let public = listed(&fixture.remote(fixlead::divergence::Role::Canonical));
    assert!(public.contains_key("HEAD") && public.len() > 3);
    let private: BTreeSet<Oid> = [fixlead::divergence::Role::Security, fixlead::divergence::Role::Dev]
        .iter()
        .flat_map(|role| pointed_at(&listed(&fixture.remote(*role))).collect::<Vec<_>>())
        .collect();
    let private: Vec<Oid> = private.into_iter().collect();
    let embargoed = fixture.truth.fixes.iter().filter(|fix| fix.embargoed);
    let numbers: HashMap<Oid, usize> = embargoed.map(|fix| (fix.commit, fix.number)).collect();
    let fixes: Vec<Oid> = numbers.keys().copied().collect();
    let found = leaks(&fixture.everything(), &fixes, &public, &private);
    let Leaks::Looked { refs, found } = found else { panic!("{found:?}") };
    assert_eq!(refs, public.len());
    let mut told: Vec<_> =
        found.iter().map(|leak| (numbers[&leak.fix], leak.reference.as_str(), leak.how.word(), leak.commit)).collect();
    told.sort_unstable();
    let mut truth: Vec<_> =
        fixture.truth.leaks.iter().map(|leak| (leak.fix, leak.reference.as_str(), leak.how, leak.commit)).collect();
    truth.sort_unstable();
    assert_eq!(told, truth);
}

#[test]
fn every_leak_is_told_once_and_no_other() {
    assert_every_leak(&Fixture::build(3, IN_ORDER));
    assert_every_leak(&Fixture::build(40, IN_ORDER));
    assert_every_leak(&Fixture::build(40, 5));
}

#[test]
fn every_leak_is_told_among_a_thousand_branches() {
    assert_every_leak(&Fixture::build(1_000, 3));
}

/// A repository made of a stream, and its commits.
struct Made {
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
    ids: std::collections::BTreeMap<Mark, Oid>,
}

impl Made {
    fn of(stream: &Stream) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.git");
        let ids = import(&path, stream);
        Self { _folder: folder, path, ids }
    }

    /// Makes refs of these names, which are public.
    fn public(&self, refs: &[(&str, Oid)]) -> Refs {
        for (name, oid) in refs {
            git(&self.path, &["update-ref", name, &oid.to_string()]);
        }
        let all = listed(&self.path);
        all.into_iter().filter(|(name, _)| refs.iter().any(|(known, _)| known == name)).collect()
    }

    /// Keeps a private commit.
    fn private(&self, mark: Mark) -> Oid {
        let oid = self.ids[&mark];
        git(&self.path, &["update-ref", &format!("refs/private/{oid}"), &oid.to_string()]);
        oid
    }

    fn git(&self, arguments: &[&str]) -> Oid {
        git(&self.path, arguments).parse().unwrap()
    }
}

/// A file of forty lines, one of them different.
fn file(line: &str) -> String {
    (0..40).map(|at| if at == 20 { format!("{line}\n") } else { format!("line {at}\n") }).collect()
}

#[test]
fn a_fix_that_was_taken_back_is_still_shown_by_the_history() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", &file("bad")));
    let fix = stream.add(&Commit::new("mend").write("f", &file("good")).on(begin));
    let other = stream.add(&Commit::new("other").write("x", "x\n").on(begin));
    let patch = stream.add(&Commit::new("picked").write("f", &file("good")).on(other));
    let revert = stream.add(&Commit::new("revert").write("f", &file("bad")).on(patch));
    let adapted = stream.add(&Commit::new("mend\n\nChange-Id: I1").write("f", &file("good, too")).on(other));
    let named = stream.add(&Commit::new("mend\n\nChange-Id: I1").write("g", "new\n").on(fix));
    let made = Made::of(&stream);
    let public = made.public(&[
        ("refs/heads/main", made.ids[&begin]),
        ("refs/heads/wip", made.ids[&revert]),
        ("refs/pull/1/head", made.ids[&adapted]),
    ]);
    let private = [made.private(fix), made.private(named)];
    let found = leaks(&made.path, &private, &public, &private);
    let told: BTreeSet<_> =
        found.found().iter().map(|leak| (leak.fix, leak.reference.as_str(), leak.how, leak.commit)).collect();
    let expected = [
        (private[0], "refs/heads/wip", LeakHow::Patch, made.ids[&patch]),
        (private[1], "refs/pull/1/head", LeakHow::Patch, made.ids[&adapted]),
    ];
    assert_eq!(told, expected.into());
    assert!(matches!(found, Leaks::Looked { refs: 3, .. }));
}

#[test]
fn a_fix_that_takes_a_change_back_did_not_leak_where_that_change_never_was() {
    let mut stream = Stream::new();
    let old = stream.add(&Commit::new("begin").write("f", &file("good")));
    let bug = stream.add(&Commit::new("break it").write("f", &file("bad")).on(old));
    let main = stream.add(&Commit::new("other").write("x", "x\n").on(bug));
    let fix = stream.add(&Commit::new("Revert «break it»").write("f", &file("good")).on(main));
    let release = stream.add(&Commit::new("release").write("y", "y\n").on(old));
    let squash = stream.add(&Commit::new("clean up").write("f", &file("good")).write("z", "z\n").on(main));
    // Old work that takes in the new main with the bug in it, and then is mended.
    let merge = stream.add(&Commit::new("merge").write("f", &file("bad")).write("x", "x\n").on(release).on(main));
    let mended = stream.add(&Commit::new("work").write("f", &file("good")).write("w", "w\n").on(merge));
    let made = Made::of(&stream);
    let public = made.public(&[
        ("refs/heads/main", made.ids[&main]),
        ("refs/heads/release", made.ids[&release]),
        ("refs/heads/squash", made.ids[&squash]),
        ("refs/pull/1/head", made.ids[&old]),
        ("refs/pull/2/head", made.ids[&mended]),
    ]);
    let fix = made.private(fix);
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    let told: Vec<_> = found.found().iter().map(|leak| (leak.reference.as_str(), leak.how)).collect();
    assert_eq!(told, [("refs/heads/squash", LeakHow::Content), ("refs/pull/2/head", LeakHow::Content)]);
    assert!(matches!(found, Leaks::Looked { .. }));
}

#[test]
fn what_is_no_commit_is_looked_at_and_what_was_not_fetched_is_unknown() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", &file("bad")));
    let fix = stream.add(&Commit::new("mend").write("f", &file("good")).on(begin));
    let made = Made::of(&stream);
    let (plain, fix) = (made.ids[&begin], made.private(fix));
    let blob = made.git(&["rev-parse", &format!("{fix}:f")]);
    let tree = made.git(&["rev-parse", &format!("{fix}^{{tree}}")]);
    let tag = |name: &str, of: Oid| {
        git(
            &made.path,
            &["-c", "user.name=A", "-c", "user.email=a@b.example", "tag", "-m", "x", name, &of.to_string()],
        );
        made.git(&["rev-parse", name])
    };
    let (once, plain_tree) = (tag("once", fix), made.git(&["rev-parse", &format!("{plain}^{{tree}}")]));
    let twice = tag("twice", once);
    let mut public = made.public(&[
        ("refs/heads/main", plain),
        ("refs/x/blob", blob),
        ("refs/x/tree", tree),
        ("refs/x/plain", plain_tree),
        ("refs/tags/twice", twice),
    ]);
    let told = |found: &Leaks| -> Vec<(String, LeakHow)> {
        found.found().iter().map(|leak| (leak.reference.clone(), leak.how)).collect()
    };
    let expected =
        [("refs/tags/twice", LeakHow::Id), ("refs/x/blob", LeakHow::Content), ("refs/x/tree", LeakHow::Content)];
    let expected = expected.map(|(name, how)| (name.to_owned(), how));
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    assert!(matches!(found, Leaks::Looked { refs: 5, .. }), "{found:?}");
    assert_eq!(told(&found), expected);
    // A git that does not look behind more than one tag.
    public.get_mut("refs/tags/twice").unwrap().commit = None;
    assert_eq!(told(&leaks(&made.path, &[fix], &public, &[fix])), expected);

    let lost: Oid = "1".repeat(40).parse().unwrap();
    public.insert("refs/pull/9/head".to_owned(), TagAt { object: lost, commit: Some(lost) });
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    assert_eq!(told(&found), expected, "one that is not here spoils no other");
    let Leaks::Unknown { why, .. } = found else { panic!("{found:?}") };
    assert!(why.starts_with("refs/pull/9/head: "), "{why}");
}

#[test]
fn each_ref_is_told_and_head_is_no_other_than_its_branch() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", &file("bad")));
    let fix = stream.add(&Commit::new("mend").write("f", &file("good")).on(begin));
    let mut tips = vec![fix];
    for step in 0..50 {
        tips.push(stream.add(&Commit::new("more").write(&format!("w{step}"), "x\n").on(tips[step])));
    }
    let made = Made::of(&stream);
    let fix = made.private(fix);
    let refs: Vec<(String, Oid)> =
        tips.iter().enumerate().map(|(at, tip)| (format!("refs/pull/{at}/head"), made.ids[tip])).collect();
    let mut refs: Vec<(&str, Oid)> = refs.iter().map(|(name, tip)| (name.as_str(), *tip)).collect();
    refs.push(("refs/heads/main", made.ids[&tips[50]]));
    let mut public = made.public(&refs);
    let main = public["refs/heads/main"];
    public.insert("HEAD".to_owned(), main);
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    assert_eq!(found.found().len(), refs.len());
    // Detached, it is a place of its own.
    public.insert("HEAD".to_owned(), TagAt { object: made.ids[&tips[3]], commit: Some(made.ids[&tips[3]]) });
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    assert_eq!(found.found().len(), refs.len() + 1);
}

/// The leaks by name of the ref.
fn told(found: &Leaks) -> Vec<(&str, LeakHow, Oid)> {
    found.found().iter().map(|leak| (leak.reference.as_str(), leak.how, leak.commit)).collect()
}

#[test]
fn a_fix_that_was_pushed_in_a_squash_and_taken_back_or_lies_under_another_path_is_public() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", &file("bad")));
    let fix = stream.add(&Commit::new("mend").write("f", &file("good")).on(begin));
    let squash = stream.add(&Commit::new("squash").write("f", &file("good")).write("x", "x\n").on(begin));
    let back = stream.add(&Commit::new("take it back").write("f", &file("bad")).write("x", "y\n").on(squash));
    let moved = stream.add(&Commit::new("copy").write("old/f.c", &file("good")).write("x", "x\n").on(begin));
    let more = stream.add(&Commit::new("more").write("x", "z\n").on(moved));
    // A merge may hold what none of its parents does.
    let one = stream.add(&Commit::new("one").write("a", "a\n").on(begin));
    let other = stream.add(&Commit::new("other").write("b", "b\n").on(begin));
    let merge = Commit::new("merge").write("b", "b\n").write("f", &file("good"));
    let merge = stream.add(&merge.on(one).on(other));
    let mended = stream.add(&Commit::new("again").write("f", &file("bad")).on(merge));
    let made = Made::of(&stream);
    let public = made.public(&[
        ("refs/heads/back", made.ids[&back]),
        ("refs/heads/main", made.ids[&begin]),
        ("refs/heads/merged", made.ids[&mended]),
        ("refs/heads/moved", made.ids[&more]),
    ]);
    let fix = made.private(fix);
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    let expected = [("refs/heads/back", squash), ("refs/heads/merged", merge), ("refs/heads/moved", moved)];
    let expected = expected.map(|(name, mark)| (name, LeakHow::Content, made.ids[&mark]));
    let mut all = told(&found);
    all.sort_unstable();
    assert_eq!(all, expected);
    assert!(matches!(found, Leaks::Looked { refs: 4, .. }));
}

#[test]
fn what_was_public_before_or_is_everywhere_is_no_leak_in_the_history_of_a_ref() {
    let mut stream = Stream::new();
    let old = stream.add(&Commit::new("begin").write("f", &file("good")));
    let bug = stream.add(&Commit::new("break it").write("f", &file("bad")).on(old));
    let fix = Commit::new("Revert «break it»").write("f", &file("good")).write("empty", "").write("VERSION", "1.2.4\n");
    let fix = stream.add(&fix.on(bug));
    // What was public once comes again under another name, with an empty file and a version.
    let copy = Commit::new("copy").write("g", &file("good")).write("y", "").write("VERSION", "1.2.4\n");
    let copy = stream.add(&copy.on(bug));
    let gone = stream.add(&Commit::new("gone").remove("g").write("VERSION", "1.2.5\n").on(copy));
    // The same of the same file is the fix, whoever makes it.
    let same = stream.add(&Commit::new("clean up").write("f", &file("good")).write("z", "z\n").on(bug));
    let back = stream.add(&Commit::new("back").write("f", &file("bad")).on(same));
    let made = Made::of(&stream);
    let public = made.public(&[
        ("refs/heads/main", made.ids[&bug]),
        ("refs/heads/other", made.ids[&gone]),
        ("refs/heads/same", made.ids[&back]),
    ]);
    let fix = made.private(fix);
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    assert_eq!(told(&found), [("refs/heads/same", LeakHow::Content, made.ids[&same])]);
    assert!(matches!(found, Leaks::Looked { refs: 3, .. }));
}

#[test]
fn a_fix_of_nothing_but_a_short_file_is_told_by_it_at_its_path_only() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("limit", "9\n").write("x", "x\n"));
    let fix = stream.add(&Commit::new("mend").write("limit", "1\n").on(begin));
    let squash = stream.add(&Commit::new("squash").write("limit", "1\n").write("x", "y\n").on(begin));
    let back = stream.add(&Commit::new("back").write("limit", "9\n").write("x", "x\n").on(squash));
    let other = stream.add(&Commit::new("other").write("y", "1\n").on(begin));
    let made = Made::of(&stream);
    let public = made.public(&[("refs/heads/back", made.ids[&back]), ("refs/heads/other", made.ids[&other])]);
    let fix = made.private(fix);
    let found = leaks(&made.path, &[fix], &public, &[fix]);
    assert_eq!(told(&found), [("refs/heads/back", LeakHow::Content, made.ids[&squash])]);
}

#[test]
fn what_the_history_was_told_to_hold_is_kept_and_only_new_commits_are_asked_for() {
    let mut stream = Stream::new();
    let begin = stream.add(&Commit::new("begin").write("f", &file("bad")));
    let fix = stream.add(&Commit::new("mend").write("f", &file("good")).on(begin));
    let squash = stream.add(&Commit::new("squash").write("f", &file("good")).write("x", "x\n").on(begin));
    let back = stream.add(&Commit::new("back").write("f", &file("bad")).write("x", "y\n").on(squash));
    let moved = stream.add(&Commit::new("moved").write("g", &file("good")).on(back));
    let away = stream.add(&Commit::new("away").remove("g").on(moved));
    let apart = stream.add(&Commit::new("apart").write("h", &file("good")).write("x", "x\n").on(begin));
    let gone = stream.add(&Commit::new("gone").remove("h").on(apart));
    let made = Made::of(&stream);
    let fix = made.private(fix);
    let kept = made.path.join("kept");
    let look = |refs: &[(&str, Mark)]| {
        let refs: Vec<(&str, Oid)> = refs.iter().map(|(name, mark)| (*name, made.ids[mark])).collect();
        let public = made.public(&refs);
        let found = leaks_keeping(&made.path, &[fix], &public, &[fix], Some(&kept));
        assert_eq!(found, leaks(&made.path, &[fix], &public, &[fix]), "it is what is found without it");
        assert!(matches!(found, Leaks::Looked { .. }), "{found:?}");
        (
            told(&found).into_iter().map(|(.., commit)| commit).collect::<Vec<_>>(),
            std::fs::read_to_string(&kept).unwrap(),
        )
    };
    let (found, text) = look(&[("refs/heads/main", back)]);
    assert_eq!(found, [made.ids[&squash]]);
    assert_eq!(look(&[("refs/heads/main", back)]), (found, text.clone()), "nothing was new");
    let (found, more) = look(&[("refs/heads/main", away), ("refs/heads/other", gone)]);
    assert_eq!(found, [made.ids[&squash], made.ids[&apart]]);
    let asked_twice = more[text.len()..].lines().any(|line| line.contains(&made.ids[&squash].to_string()));
    assert!(more.starts_with(&text) && !asked_twice, "{more}");
    std::fs::write(&kept, more.replace("note", "nota")).unwrap();
    assert_eq!(
        look(&[("refs/heads/main", away), ("refs/heads/other", gone)]).0,
        found,
        "a damaged file counts for nothing"
    );
}
