//! Five fixes on twenty branches beside a hundred runs of `git cherry`, what a later look costs, and one where nothing changed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use fixlead::divergence::{Component, Expected, FixState, Oid, Role, Wanted};
use fixlead::git::fixes::{Looked, Tip, look as look_for};
use fixlead::git::patches::Place;
use fixlead::git::{Below, Cancel, Git, Graph};
use fixlead::look::{Hearer, Looker};
use jiff::SignedDuration;

use crate::{history, look, median, told};

const BRANCHES: usize = 20;
const FIXES: usize = 5;
/// On each branch, since it left main.
const COMMITS: usize = 765;
/// On main, before the first of them left it.
const OLD: usize = 72_000;
const FILES: usize = 3_000;
/// In each of them.
const LINES: usize = 80;
/// Of so many of the runs of git the time is told for all.
const SAMPLE: usize = 20;

/// Files by number, each its lines.
type Files = Vec<Rc<Vec<String>>>;

/// What is handed to `git fast-import`, commit by commit.
struct Writer<W: Write> {
    to: W,
    commits: usize,
}

impl<W: Write> Writer<W> {
    fn commit(&mut self, branch: &str, parent: Option<usize>, files: &Files, changed: &[usize]) -> usize {
        self.commits += 1;
        let number = self.commits;
        let mut told = format!("reset refs/heads/{branch}\n\ncommit refs/heads/{branch}\nmark :{number}\n");
        let _ = write!(told, "committer A U Thor <a@example.org> {} +0000\ndata 4\nwork\n", 1_100_000_000 + number);
        if let Some(parent) = parent {
            let _ = writeln!(told, "from :{parent}");
        }
        for file in changed {
            let text = files[*file].join("\n") + "\n";
            let path = format!("source/part{}/f{file}", file % 60);
            let _ = write!(told, "M 100644 inline {path}\ndata {}\n{text}\n", text.len());
        }
        self.to.write_all(told.as_bytes()).expect("git reads");
        number
    }
}

fn mend(files: &mut Files, fix: usize) {
    Rc::make_mut(&mut files[fix]).insert(LINES / 2, format!("mended {fix}"));
}

/// Fixes on top of main, each in a file of its own, and branches all along its end that have some of them.
fn make(folder: &Path) {
    fs::create_dir(folder).expect("a folder");
    history::git(folder, &["init", "-q", "--bare", "-b", "main"]);
    let import = history::command(folder).args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn();
    let mut import = import.expect("git starts");
    let to = BufWriter::with_capacity(1 << 20, import.stdin.take().expect("an input"));
    let mut writer = Writer { to, commits: 0 };
    let lines = |file: usize| Rc::new((0..LINES).map(|line| format!("line {line} of {file}")).collect());
    let (mut files, mut random): (Files, _) = ((0..FILES).map(lines).collect(), fastrand::Rng::with_seed(1));
    let mut change = |files: &mut Files, from: usize| {
        let file = random.usize(..FILES);
        Rc::make_mut(&mut files[file])[random.usize(from..LINES)] = format!("step {}", random.u32(..));
        file
    };
    let mut main = writer.commit("main", None, &files, &(0..FILES).collect::<Vec<_>>());
    let mut forks = Vec::new();
    for step in 1..=OLD + COMMITS {
        let file = change(&mut files, 0);
        main = writer.commit("main", Some(main), &files, &[file]);
        if step > OLD && step % (COMMITS / BRANCHES) == 0 && forks.len() < BRANCHES {
            forks.push((main, files.clone()));
        }
    }
    for fix in 0..FIXES {
        let mut files = files.clone();
        mend(&mut files, fix);
        writer.commit(&format!("fix/{fix}"), Some(main), &files, &[fix]);
    }
    for (branch, (mut tip, mut files)) in forks.into_iter().enumerate() {
        for step in 0..COMMITS {
            let file = match step.checked_sub(COMMITS / 2) {
                Some(fix) if fix < has(branch) => {
                    mend(&mut files, fix);
                    fix
                }
                _ => change(&mut files, LINES * 3 / 4),
            };
            tip = writer.commit(&format!("branch/{branch}"), Some(tip), &files, &[file]);
        }
    }
    drop(writer);
    assert!(import.wait().expect("git ends").success(), "the history is made");
    history::git(folder, &["pack-refs", "--all"]);
    history::git(folder, &["commit-graph", "write", "--reachable", "--no-progress"]);
}

/// How many of the fixes a branch has: the first ones.
fn has(branch: usize) -> usize {
    branch % (FIXES + 1)
}

pub fn fixes(folder: &Path) {
    let repository = folder.join("fixes.git");
    make(&repository);
    let refs: HashMap<String, Oid> = crate::tips(&repository);
    let fixes: Vec<Oid> = (0..FIXES).map(|fix| refs[&format!("fix/{fix}")]).collect();
    let branches: Vec<Oid> = (0..BRANCHES).map(|branch| refs[&format!("branch/{branch}")]).collect();

    let asked: Vec<[Oid; 2]> = branches.iter().flat_map(|branch| fixes.iter().map(|fix| [*branch, *fix])).collect();
    let sample: Vec<&[Oid; 2]> = asked.iter().step_by(asked.len() / SAMPLE).collect();
    let of_git = median(1, || {
        for [branch, fix] in &sample {
            history::git(&repository, &["cherry", &branch.to_string(), &fix.to_string(), &format!("{fix}^")]);
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let of_git = of_git * asked.len() as f64 / sample.len() as f64;

    let (git, cancel) = (Git::find().expect("git"), Cancel::default());
    let place = Place { git: &git, repository: &repository, cancel: &cancel };
    let graph = Graph::open(&repository.join("objects")).expect("a graph");
    let tips: Vec<Tip> = branches.iter().map(|commit| Tip { commit: *commit, is_private: true }).collect();
    let kept = folder.join("patches");
    let look_at = |tips: &[Tip], kept: Option<&Path>| {
        let mut below = Below::new(&graph);
        look_for(place, &fixes, tips, |tip, commit| below.is_below(tip, commit), kept)
    };
    let mut looked = Looked::default();
    let first = median(3, || looked = look_at(&tips, None));
    for (fix, seen) in looked.seen.iter().enumerate() {
        for (branch, seen) in seen.iter().enumerate() {
            let is_there = FixState::of(seen).is_there();
            assert_eq!(is_there, Some(fix < has(branch)), "fix {fix} on branch {branch}: {seen:?}");
        }
    }
    look_at(&tips[1..], Some(&kept));
    let moved = median(1, || looked = look_at(&tips, Some(&kept)));
    let commits = BRANCHES * COMMITS;
    println!("{FIXES} fixes on {BRANCHES} branches, {commits} commits of {}", OLD + COMMITS + commits);
    println!("  git cherry, {} times                {of_git:10.2} ms", asked.len());
    told("all at once", first, of_git, 15);
    told("again, one branch is new", moved, of_git, 15);
    looked_at_whole(folder, &repository, &fixes, of_git);
}

/// A whole look at two remotes that have all of the branches, and the same again.
fn looked_at_whole(folder: &Path, repository: &Path, fixes: &[Oid], of_git: f64) {
    let remotes = [Role::Security, Role::Canonical].map(|role| {
        let path = folder.join(format!("fixes-{}.git", role.word()));
        look::remote(repository, &path, "branch", BRANCHES);
        (role, path.display().to_string())
    });
    let component = Component {
        name: "fixes".to_owned(),
        urls: remotes.into(),
        clone: Some(repository.display().to_string()),
        branches: Vec::new(),
        tags: Vec::new(),
        pin: None,
        fixes: fixes.iter().map(|fix| Wanted { commit: fix.to_string(), is_embargoed: false }).collect(),
        memory: String::new(),
        has_fixes_elsewhere: false,
        is_embargoed: false,
        expected: Expected::PrivateAhead,
        may_lag: SignedDuration::ZERO,
    };
    std::thread::sleep(look::SETTLED);
    let (git, cancel, store) = (Git::find().expect("git"), Cancel::default(), folder.join("fixes-components"));
    let (now, patience) = ("2026-11-24T12:00:00Z".parse().expect("an instant"), Duration::from_secs(60));
    let looker =
        Looker { git: &git, folder: &store, may_ask: false, patience, now, cancel: &cancel, hearer: Hearer::default() };
    let mut report = looker.look(&component);
    assert_eq!((report.fixes.len(), &report.errors[..]), (FIXES, &[][..]));
    let again = median(15, || report = looker.look(&component));
    for row in &report.fixes {
        let fix = fixes.iter().position(|fix| *fix == row.commit).expect("it was asked for");
        for branch in 0..BRANCHES {
            let state = &row.branches[&format!("release-{branch}")][&Role::Canonical];
            assert_eq!(state.is_there(), Some(fix < has(branch)), "fix {fix} on branch {branch}");
        }
    }
    told("a whole look, nothing changed", again, of_git, 500);
}
