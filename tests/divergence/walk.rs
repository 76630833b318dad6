//! Counts and merge bases are git's, wherever the commits come from.

use std::collections::{BTreeSet, HashSet};
use std::fs;

use fixlead::divergence::{Oid, Walker};
use fixlead::git::{Graph, Row, row, shallow};

use crate::histories::{Repository, answer};

const COMMITS: usize = 240;
const PAIRS: usize = 60;

/// Commits on either side only, and the best common ancestors.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    ahead: u32,
    behind: u32,
    bases: BTreeSet<Oid>,
}

fn ours(graph: &Graph, walker: &mut Walker, [a, b]: [Oid; 2]) -> Option<Answer> {
    let common = walker.compare(graph, graph.place(a)?, graph.place(b)?)?;
    let bases = common.bases.iter().map(|base| graph.oid(*base).expect("it is there")).collect();
    Some(Answer { ahead: common.ahead, behind: common.behind, bases })
}

fn of_git(repository: &Repository, [a, b]: [Oid; 2]) -> Answer {
    let counts = repository.git(&["rev-list", "--left-right", "--count", &format!("{a}...{b}")]);
    let (ahead, behind) = counts.trim().split_once('\t').expect("two counts");
    let bases = repository.command().args(["merge-base", "--all", &a.to_string(), &b.to_string()]).output();
    // It ends with 1 where there is no base.
    let bases = String::from_utf8(bases.expect("git starts").stdout).expect("text");
    Answer {
        ahead: ahead.parse().expect("a count"),
        behind: behind.parse().expect("a count"),
        bases: bases.lines().map(|line| line.parse().expect("an id")).collect(),
    }
}

fn pairs(commits: &[Oid], seed: u64) -> Vec<[Oid; 2]> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut pick = || commits[random.usize(..commits.len())];
    (0..PAIRS).map(|_| [pick(), pick()]).collect()
}

fn rows(told: &str) -> impl Iterator<Item = Row> {
    told.lines().map(|line| row(line).expect("a commit with its parents"))
}

/// What git tells of the commits that a graph lacks.
fn put_on_top(graph: &mut Graph, repository: &Repository, in_file: &[Oid]) {
    let not = in_file.iter().fold(String::new(), |lines, commit| format!("{lines}^{commit}\n"));
    let order = ["rev-list", "--parents", "--topo-order", "--reverse", "--stdin"];
    let told = repository.fed(&order, &(Repository::lines(&repository.commits) + &not));
    graph.add(rows(&told), &HashSet::new());
}

#[test]
fn counts_and_bases_are_gits_wherever_the_commits_come_from() {
    for seed in 0..3 {
        let repository = Repository::random(COMMITS, seed);
        let (old, all) = (&repository.commits[..COMMITS / 2], &repository.commits[..]);
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, commits: &[Oid]| {
            let objects = folder.path().join(name);
            repository.write_graph(&objects, commits).unwrap();
            Graph::open(&objects).unwrap()
        };
        let whole = write("whole", all);
        assert_eq!(whole.in_file() as usize, COMMITS);
        let mut half = write("half", old);
        assert_eq!(half.in_file() as usize, COMMITS / 2);
        put_on_top(&mut half, &repository, old);
        let mut none = Graph::open(folder.path()).unwrap();
        put_on_top(&mut none, &repository, &[]);
        assert_eq!(none.in_file(), 0);
        let chain = chain(&repository, &folder.path().join("chain"));

        let mut answers = Vec::new();
        let mut walker = Walker::default();
        for pair in pairs(all, seed) {
            let right = of_git(&repository, pair);
            for (graph, name) in [(&whole, "whole"), (&half, "half"), (&none, "none"), (&chain, "chain")] {
                assert_eq!(ours(graph, &mut walker, pair).as_ref(), Some(&right), "{seed} {name} {pair:?}");
            }
            answers.push(right);
        }
        assert!(answers.iter().any(|answer| answer.bases.len() > 1), "some pair criss-crosses");
        assert!(answers.iter().any(|answer| answer.ahead > 5 && answer.behind > 5), "some pair is far apart");
    }
}

/// The graph in three files that build on each other, and some commits on top.
fn chain(repository: &Repository, objects: &std::path::Path) -> Graph {
    let count = repository.commits.len();
    fs::create_dir_all(objects).unwrap();
    for some in [count / 4, count / 2, count - 9] {
        let mut git = repository.command();
        git.args(["commit-graph", "write", "--split=no-merge", "--stdin-commits"]);
        git.env("GIT_OBJECT_DIRECTORY", objects).env("GIT_ALTERNATE_OBJECT_DIRECTORIES", repository.objects());
        answer(&mut git, &Repository::lines(&repository.commits[..some]));
    }
    let chain = fs::read_to_string(objects.join("info/commit-graphs/commit-graph-chain")).unwrap();
    assert_eq!(chain.lines().count(), 3);
    let mut graph = Graph::open(objects).unwrap();
    assert_eq!(graph.in_file() as usize, count - 9);
    put_on_top(&mut graph, repository, &repository.commits[..count - 9]);
    graph
}

#[test]
fn a_history_of_sha256_is_counted_like_any_other() {
    let parents: Vec<Vec<usize>> = vec![vec![], vec![0], vec![0], vec![1, 2], vec![2, 1], vec![3], vec![4]];
    let repository = Repository::of(&parents, "sha256", 7);
    let folder = tempfile::tempdir().unwrap();
    repository.write_graph(folder.path(), &repository.commits).unwrap();
    let graph = Graph::open(folder.path()).unwrap();
    assert_eq!(graph.in_file(), 7);
    let pair = [repository.commits[5], repository.commits[6]];
    let counted = ours(&graph, &mut Walker::default(), pair);
    assert_eq!(counted.as_ref().map(|answer| answer.bases.len()), Some(2));
    assert_eq!(counted, Some(of_git(&repository, pair)));
}

#[test]
fn what_a_shallow_clone_would_count_wrongly_is_not_known() {
    let (mut known, mut unknown, mut wrong) = (0, 0, 0);
    for seed in 0..3 {
        let whole = Repository::random(COMMITS, seed);
        let tips = &whole.commits[COMMITS - 8..];
        let clone = whole.shallow_clone(tips, 4);
        let mut graph = Graph::default();
        let told =
            clone.fed(&["rev-list", "--parents", "--topo-order", "--reverse", "--stdin"], &Repository::lines(tips));
        graph.add(rows(&told), &shallow(clone.path()).unwrap());
        let mut walker = Walker::default();
        for a in tips {
            for b in tips {
                let right = of_git(&whole, [*a, *b]);
                let in_clone = of_git(&clone, [*a, *b]);
                match ours(&graph, &mut walker, [*a, *b]) {
                    Some(counted) => {
                        assert_eq!(counted, right, "{seed} {a} {b}");
                        known += usize::from(a != b);
                    }
                    None => unknown += 1,
                }
                wrong += usize::from(in_clone != right);
            }
        }
    }
    assert!(known > 0 && unknown > 0 && wrong > 0, "{known} {unknown} {wrong}");
}

#[test]
fn a_parent_that_was_not_told_before_its_child_is_a_hole() {
    let repository = Repository::of(&[vec![], vec![0], vec![1], vec![1]], "sha1", 1);
    let told = repository.git(&["rev-list", "--parents", "--topo-order", "--all"]);
    let [a, b] = [repository.commits[2], repository.commits[3]];
    let mut right = Graph::default();
    let mut backwards: Vec<Row> = rows(&told).collect();
    let mut wrong = Graph::default();
    wrong.add(backwards.clone(), &HashSet::new());
    backwards.reverse();
    right.add(backwards, &HashSet::new());
    assert_eq!(ours(&right, &mut Walker::default(), [a, b]), Some(of_git(&repository, [a, b])));
    assert_eq!(ours(&wrong, &mut Walker::default(), [a, b]), None);
    assert_eq!(right.place("9".repeat(40).parse().unwrap()), None);
    assert!(["", "abc", "abc def", &format!("{a} x"), &format!("{a}  {b}")].iter().all(|line| row(line).is_none()));
}
