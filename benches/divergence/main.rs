//! Counting, each way beside plain git on the same repository in the same run. Nothing fails here: machines are noisy.
//!
//! `cargo bench --bench divergence` takes 88,000 commits; `-- --million` a million, which takes minutes to make;
//! `-- --fixes` only looks for fixes.

mod fixes;
mod history;
mod look;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use fixlead::divergence::{Far, Oid, Place, Walker, compare_all};
use fixlead::git::{Cancel, Git, Graph, write_graph};

const RELEASES: usize = 1_000;
/// So many pairs are asked of git, and its time is told for all.
const SAMPLE: usize = 50;
const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, word, objects, pairs] = &arguments[..]
        && word == "--count"
    {
        return count(Path::new(objects), Path::new(pairs));
    }
    if arguments.iter().any(|argument| argument == "--fixes") {
        return fixes::fixes(tempfile::tempdir().expect("a folder").path());
    }
    let is_long = arguments.iter().any(|argument| argument == "--million");
    let (commits, share) = if is_long { (1_000_000, 20) } else { (88_000, 100) };

    let folder = tempfile::tempdir().expect("a folder");
    let (repository, objects) = (folder.path().join("big.git"), folder.path().join("cache"));
    fs::create_dir(&repository).expect("a folder");
    history::make(&repository, commits, RELEASES);
    let tips = tips(&repository);
    let pair = |release: usize| [tips[&format!("a/{release}")], tips[&format!("b/{release}")]];
    let pairs: Vec<[Oid; 2]> = (0..RELEASES).map(pair).collect();

    let begin = Instant::now();
    let git = Git::find().expect("git");
    let theirs = repository.join("objects");
    let all = tips.values().copied();
    write_graph(&git, &repository, &objects, &[&theirs], all, &Cancel::default()).expect("a graph");
    println!("the graph of {commits} commits is written and looked at once in {:.0} ms\n", millis(begin));

    let of_git = near(folder.path(), &repository, &objects, &pairs, share);
    fixes::fixes(folder.path());
    look::pairs(folder.path(), &repository, RELEASES, of_git, share);
    look::fleet(folder.path());
    far(&repository, &objects, tips["main"], &pairs);
}

fn near(folder: &Path, repository: &Path, objects: &Path, pairs: &[[Oid; 2]], share: u32) -> f64 {
    let sample = pairs.iter().step_by(pairs.len() / SAMPLE).map(|[a, b]| format!("{a}...{b}"));
    let sample: Vec<String> = sample.collect();
    let of_git = median(3, || {
        for pair in &sample {
            history::git(repository, &["rev-list", "--left-right", "--count", pair]);
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let of_git = of_git * pairs.len() as f64 / sample.len() as f64;

    let list = folder.join("pairs");
    let lines: String = pairs.iter().fold(String::new(), |lines, [a, b]| format!("{lines}{a} {b}\n"));
    fs::write(&list, lines).expect("a file");
    let me = std::env::current_exe().expect("this program");
    let mut said = String::new();
    let whole = median(ROUNDS, || {
        let output = Command::new(&me).arg("--count").args([objects, &list]).output().expect("it starts");
        said = String::from_utf8(output.stdout).expect("text");
    });

    let graph = Graph::open(objects).expect("a graph");
    let mut walker = Walker::default();
    let mut counts = counts(&graph, &mut walker, pairs);
    let again = median(ROUNDS, || counts = self::counts(&graph, &mut walker, pairs));
    for (pair, [ahead, behind]) in sample.iter().zip(counts.iter().step_by(pairs.len() / SAMPLE)) {
        let right = history::git(repository, &["rev-list", "--left-right", "--count", pair]);
        assert_eq!(right.trim(), format!("{ahead}\t{behind}"), "{pair}");
    }

    println!("{} near pairs", pairs.len());
    println!("  git rev-list, pair by pair          {of_git:10.2} ms ({} of them, scaled)", sample.len());
    told("whole process, graph cached", whole, of_git, share);
    told("in process, again", again, of_git, 1_000);
    println!("  {}", said.trim());
    of_git
}

fn far(repository: &Path, objects: &Path, main: Oid, pairs: &[[Oid; 2]]) {
    let format = "--format=%(refname:lstrip=3) %(ahead-behind:refs/heads/main)";
    let mut said = String::new();
    let of_git = median(3, || said = history::git(repository, &["for-each-ref", format, "refs/heads/a/"]));
    let graph = Graph::open(objects).expect("a graph");
    let main = graph.place(main).expect("known");
    let mut counted: Vec<Option<Far>> = Vec::new();
    let ours = median(ROUNDS, || {
        let tips: Vec<Place> = pairs.iter().filter_map(|[a, _]| graph.place(*a)).collect();
        counted = compare_all(&graph, main, &tips);
    });
    for line in said.lines() {
        let (release, right) = line.split_once(' ').expect("a release and its counts");
        let far = counted[release.parse::<usize>().expect("a number")].expect("known");
        assert_eq!(right, format!("{} {}", far.ahead, far.behind), "{release}");
    }
    println!("\n{} releases against main", pairs.len());
    println!("  git for-each-ref, ahead-behind      {of_git:10.2} ms");
    told("one pass", ours, of_git, 10);
}

/// What runs as a process of its own: from nothing to all counts.
fn count(objects: &Path, pairs: &Path) {
    let pairs = fs::read_to_string(pairs).expect("pairs");
    let pair = |line: &str| -> [Oid; 2] {
        let (a, b) = line.split_once(' ').expect("two ids");
        [a, b].map(|id| id.parse().expect("an id"))
    };
    let pairs: Vec<[Oid; 2]> = pairs.lines().map(pair).collect();
    let graph = Graph::open(objects).expect("a graph");
    // The walker is still there when the memory is told.
    let mut walker = Walker::default();
    let counts = counts(&graph, &mut walker, &pairs);
    let sum: u32 = counts.iter().flatten().sum();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find(|line| line.starts_with("RssAnon")).unwrap_or("RssAnon: not known here");
    let memory: Vec<&str> = memory.split_whitespace().collect();
    println!("{sum} commits on one side only; {}", memory.join(" "));
    drop(walker);
}

fn counts(graph: &Graph, walker: &mut Walker, pairs: &[[Oid; 2]]) -> Vec<[u32; 2]> {
    let count = |[a, b]: &[Oid; 2]| {
        let common = walker.compare(graph, graph.place(*a)?, graph.place(*b)?)?;
        Some([common.ahead, common.behind])
    };
    pairs.iter().map(count).collect::<Option<_>>().expect("all are known")
}

fn tips(repository: &Path) -> HashMap<String, Oid> {
    let said = history::git(repository, &["for-each-ref", "--format=%(objectname) %(refname)"]);
    let tip = |line: &str| {
        let (oid, name) = line.split_once(" refs/heads/").expect("a branch");
        (name.to_owned(), oid.parse().expect("an id"))
    };
    said.lines().map(tip).collect()
}

fn told(what: &str, ours: f64, of_git: f64, share: u32) {
    println!("  {what:<34}  {ours:10.2} ms, 1/{:.0} of git (budget 1/{share})", of_git / ours);
}

fn median(rounds: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let begin = Instant::now();
            work();
            millis(begin)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[rounds / 2]
}

fn millis(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1_000.0
}
