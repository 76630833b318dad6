//! Histories with all that counting can trip over, made in a folder that goes away with them.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fixlead::divergence::Oid;
use fixlead::git::{Cancel, Git, GraphError, write_graph};
use tempfile::TempDir;

/// A bare repository in which each commit has a ref of its own, `refs/heads/c<number>`.
pub struct Repository {
    pub folder: TempDir,
    pub commits: Vec<Oid>,
}

impl Repository {
    /// The commits have the parents that are told by number, each below its own, and dates that make no sense.
    pub fn of(parents: &[Vec<usize>], format: &str, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut random = fastrand::Rng::with_seed(seed);
        let mut stream = String::new();
        for (number, parents) in parents.iter().enumerate() {
            let date = 1_000_000_000 + random.u32(..100_000_000);
            let mark = number + 1;
            let _ =
                write!(stream, "commit refs/heads/c{number}\nmark :{mark}\ncommitter A <a@b.example> {date} +0000\n");
            let _ = write!(stream, "data 1\nx\n");
            for (place, parent) in parents.iter().enumerate() {
                let word = if place == 0 { "from" } else { "merge" };
                let _ = writeln!(stream, "{word} :{}", parent + 1);
            }
            let _ = write!(stream, "M 100644 inline f\ndata <<.\n{number}\n.\n\n");
        }
        let repository = Self { folder, commits: Vec::new() };
        repository.git(&["init", "-q", "--bare", "--object-format", format]);
        repository.fed(&["fast-import", "--quiet", "--export-marks=marks"], &stream);
        let marks = fs::read_to_string(repository.path().join("marks")).expect("marks");
        let mut marks: Vec<(usize, Oid)> = marks
            .lines()
            .map(|line| {
                let (mark, oid) = line.trim_start_matches(':').split_once(' ').expect("a mark");
                (mark.parse().expect("a number"), oid.parse().expect("an id"))
            })
            .collect();
        marks.sort_unstable();
        let commits = marks.into_iter().map(|(_, oid)| oid).collect();
        Self { commits, ..repository }
    }

    /// Lines, merges, criss-cross merges, octopuses and several roots.
    pub fn random(commits: usize, seed: u64) -> Self {
        Self::of(&random_parents(commits, seed), "sha1", seed)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn objects(&self) -> PathBuf {
        self.path().join("objects")
    }

    pub fn command(&self) -> Command {
        git_in(self.path())
    }

    pub fn git(&self, args: &[&str]) -> String {
        self.fed(args, "")
    }

    /// What git answers to what it is fed.
    pub fn fed(&self, args: &[&str], input: &str) -> String {
        answer(self.command().args(args), input)
    }

    /// A shallow clone that has some of the commits as its tips.
    pub fn shallow_clone(&self, tips: &[Oid], depth: u32) -> Self {
        let clone = Self { folder: tempfile::tempdir().expect("a folder"), commits: tips.to_vec() };
        clone.git(&["init", "-q", "--bare"]);
        let url = format!("file://{}", self.path().display());
        let tips = tips.iter().map(|tip| format!("{tip}:refs/heads/t-{tip}"));
        let mut fetch = clone.command();
        fetch.args(["fetch", "-q", "--depth", &depth.to_string(), &url]).args(tips);
        answer(&mut fetch, "");
        clone
    }

    /// Writes the graph of some commits into a folder of ours.
    pub fn write_graph(&self, objects: &Path, commits: &[Oid]) -> Result<(), GraphError> {
        let git = Git::find().expect("git is installed where the tests run");
        write_graph(&git, self.path(), objects, &[&self.objects()], commits.iter().copied(), &Cancel::default())
    }

    /// Ids, one a line.
    pub fn lines(commits: &[Oid]) -> String {
        commits.iter().fold(String::new(), |lines, commit| lines + &commit.to_string() + "\n")
    }
}

/// Parents of commits by number, each below its own.
pub fn random_parents(commits: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let parents = |number: usize| {
        let count = match random.u32(..100) {
            0..2 => 0,
            2..65 => 1,
            65..95 => 2,
            _ => 5,
        };
        let near = if random.u32(..10) == 0 { number } else { number.min(6) };
        let mut parents: Vec<usize> =
            (0..count).filter(|_| near > 0).map(|_| number - 1 - random.usize(..near)).collect();
        parents.sort_unstable();
        parents.dedup();
        random.shuffle(&mut parents);
        parents
    };
    (0..commits).map(parents).collect()
}

/// The git program in a folder, without anything that a person or a machine has set.
pub fn git_in(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        git.env_remove(name);
    }
    git
}

/// What a command says, which must end well.
pub fn answer(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("git starts");
    let mut stdin = child.stdin.take().expect("an input");
    let input = input.to_owned();
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("git ends");
    feeder.join().expect("fed").expect("git reads all");
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// All files of a folder with their sizes.
pub fn listing(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.metadata() {
            Ok(about) if about.is_dir() => files.extend(listing(&entry.path())),
            about => files.push((entry.path(), about.map_or(0, |about| about.len()))),
        }
    }
    files.sort();
    files
}
