//! Five fixes on twenty branches beside a hundred runs of `git cherry`, and what a later look costs.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Stdio;

use fixlead::divergence::{FixState, Oid};
use fixlead::git::fixes::{Looked, Tip, look};
use fixlead::git::patches::Place;
use fixlead::git::{Below, Cancel, Git, Graph};

use crate::{history, median, told};

const BRANCHES: usize = 20;
const FIXES: usize = 5;
/// On each branch, since it left main.
const COMMITS: usize = 765;
const FILES: usize = 300;
/// Of so many of the runs of git the time is told for all.
const SAMPLE: usize = 20;

/// Fixes on top of main, each in a file of its own, and branches all along it that have some of them.
fn make(folder: &Path) {
    fs::create_dir(folder).expect("a folder");
    history::git(folder, &["init", "-q", "--bare", "-b", "main"]);
    let import = history::command(folder).args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn();
    let mut import = import.expect("git starts");
    let mut to = BufWriter::new(import.stdin.take().expect("an input"));
    let mut files: Vec<Vec<String>> =
        (0..FILES).map(|file| (0..80).map(|line| format!("line {line} of {file}")).collect()).collect();
    let (mut random, mut mark) = (fastrand::Rng::with_seed(1), 0);
    let mut commit = |branch: &str, parent: Option<usize>, changed: &[(usize, &[String])]| {
        mark += 1;
        let mut told = format!("reset refs/heads/{branch}\n\ncommit refs/heads/{branch}\nmark :{mark}\n");
        let _ = write!(told, "committer A U Thor <a@example.org> {} +0000\ndata 4\nwork\n", 1_100_000_000 + mark);
        if let Some(parent) = parent {
            let _ = writeln!(told, "from :{parent}");
        }
        for (file, lines) in changed {
            let text = lines.join("\n") + "\n";
            let _ = write!(told, "M 100644 inline dir{}/f{file}\ndata {}\n{text}\n", file % 20, text.len());
        }
        to.write_all(told.as_bytes()).expect("git reads");
        mark
    };
    let all: Vec<(usize, &[String])> = files.iter().map(Vec::as_slice).enumerate().collect();
    let mut main = vec![commit("main", None, &all)];
    let mut forks = Vec::new();
    for step in 1..=COMMITS {
        let (file, line) = (random.usize(..FILES), random.usize(..80));
        files[file][line] = format!("step {step}");
        main.push(commit("main", main.last().copied(), &[(file, &files[file])]));
        if step % (COMMITS / BRANCHES) == 0 && forks.len() < BRANCHES {
            forks.push((main[step], files.clone()));
        }
    }
    let mend = |file: &mut Vec<String>, fix: usize| file.insert(40, format!("mended {fix}"));
    for (fix, file) in files.iter().enumerate().take(FIXES) {
        let mut file = file.clone();
        mend(&mut file, fix);
        commit(&format!("fix/{fix}"), main.last().copied(), &[(fix, &file)]);
    }
    for (branch, (fork, mut files)) in forks.into_iter().enumerate() {
        let (name, mut tip) = (format!("branch/{branch}"), fork);
        for step in 0..COMMITS {
            let file = match step.checked_sub(COMMITS / 2) {
                Some(fix) if fix < branch % (FIXES + 1) => {
                    mend(&mut files[fix], fix);
                    fix
                }
                _ => {
                    let (file, line) = (random.usize(..FILES), random.usize(60..80));
                    files[file][line] = format!("branch {branch} step {step}");
                    file
                }
            };
            tip = commit(&name, Some(tip), &[(file, &files[file])]);
        }
    }
    drop(to);
    assert!(import.wait().expect("git ends").success(), "the history is made");
    history::git(folder, &["pack-refs", "--all"]);
    history::git(folder, &["commit-graph", "write", "--reachable", "--no-progress"]);
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
        look(place, &fixes, tips, |tip, commit| below.is_below(tip, commit), kept)
    };
    let mut looked = Looked::default();
    let first = median(3, || looked = look_at(&tips, None));
    for (fix, seen) in looked.seen.iter().enumerate() {
        for (branch, seen) in seen.iter().enumerate() {
            let is_there = FixState::of(seen).is_there();
            assert_eq!(is_there, Some(fix < branch % (FIXES + 1)), "fix {fix} on branch {branch}: {seen:?}");
        }
    }
    look_at(&tips[1..], Some(&kept));
    let moved = median(1, || looked = look_at(&tips, Some(&kept)));
    println!("{FIXES} fixes on {BRANCHES} branches, {} commits", BRANCHES * COMMITS);
    println!("  git cherry, {} times                {of_git:10.2} ms", asked.len());
    told("all at once", first, of_git, 15);
    told("again, one branch is new", moved, of_git, 15);
}
