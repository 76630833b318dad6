//! A long history as large projects have it: one merge in fourteen, side branches of five to twenty-six commits, dates that
//! go back now and then, and releases all along it, each with a private and a public branch.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// How far back side branches begin, counted along the main line.
const BACK: usize = 400;

struct Writer<W: Write> {
    to: W,
    random: fastrand::Rng,
    date: u64,
    commits: usize,
}

impl<W: Write> Writer<W> {
    fn commit(&mut self, branch: &str, parents: &[usize]) -> usize {
        self.commits += 1;
        self.date += self.random.u64(..=600);
        let number = self.commits;
        let mut told = format!(
            "commit refs/heads/{branch}\nmark :{number}\ncommitter A U Thor <a@example.org> {} +0000\ndata 4\nwork\n",
            self.date
        );
        for (place, parent) in parents.iter().enumerate() {
            let word = if place == 0 { "from" } else { "merge" };
            let _ = writeln!(told, "{word} :{parent}");
        }
        let _ = write!(told, "M 100644 inline f{}\ndata <<.\n{number}\n.\n\n", number % 4);
        self.to.write_all(told.as_bytes()).expect("git reads");
        number
    }
}

/// Makes a bare repository with so many commits on main and so many releases, `refs/heads/a/<number>` and `b/<number>`.
pub fn make(folder: &Path, commits: usize, releases: usize) {
    git(folder, &["init", "-q", "--bare", "-b", "main"]);
    let mut import =
        command(folder).args(["fast-import", "--quiet", "--force", "--depth=1"]).stdin(Stdio::piped()).spawn();
    let import = import.as_mut().expect("git starts");
    let to = BufWriter::with_capacity(1 << 20, import.stdin.take().expect("an input"));
    let mut writer = Writer { to, random: fastrand::Rng::with_seed(1), date: 1_100_000_000, commits: 0 };
    let mut main = vec![writer.commit("main", &[])];
    let mut open: Vec<(usize, u32)> = Vec::new();
    while writer.commits < commits {
        if open.len() < 40 && writer.random.u32(..10) == 0 {
            let back = writer.random.usize(1..=BACK.min(main.len()));
            open.push((main[main.len() - back], writer.random.u32(5..=26)));
        }
        if !open.is_empty() && writer.random.u32(..100) < 93 {
            let side = writer.random.usize(..open.len());
            let tip = writer.commit("main", &[open[side].0]);
            open[side] = (tip, open[side].1 - 1);
            if open[side].1 == 0 {
                open.remove(side);
                let merge = writer.commit("main", &[main[main.len() - 1], tip]);
                main.push(merge);
            }
        } else {
            let next = writer.commit("main", &[main[main.len() - 1]]);
            main.push(next);
        }
    }
    for release in 0..releases {
        let cut = main[main.len() * (release + 1) / (releases + 1)];
        for (side, most) in [("a", 5), ("b", 3)] {
            let branch = format!("{side}/{release}");
            let mut tip = writer.commit(&branch, &[cut]);
            for _ in 0..writer.random.u32(..most) {
                tip = writer.commit(&branch, &[tip]);
            }
        }
    }
    let _ = write!(writer.to, "reset refs/heads/main\nfrom :{}\n\n", main[main.len() - 1]);
    drop(writer);
    assert!(import.wait().expect("git ends").success(), "the history is made");
    git(folder, &["pack-refs", "--all"]);
    git(folder, &["commit-graph", "write", "--reachable", "--no-progress"]);
}

/// Git in a folder, without anything that a person or a machine has set.
pub fn command(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    git
}

/// What git says.
pub fn git(folder: &Path, args: &[&str]) -> String {
    let output = command(folder).args(args).stderr(Stdio::inherit()).output().expect("git starts");
    assert!(output.status.success(), "{args:?}");
    String::from_utf8(output.stdout).expect("text")
}
