//! A component in known situations: the bare repositories canonical, security and dev, a person's clone of the three and a
//! shallow one, with what is true of them. It is built in a folder of its own by one stream to `git fast-import`.

pub mod situations;
pub mod story;
pub mod stream;
pub mod truth;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fixlead::divergence::{Oid, Role};

use story::{Stories, Story};
use stream::{Commit, Mark, Stream};
use truth::{Branch, ROLES, Truth};

/// The seed that puts the first situation on `release-1`, the second on `release-2`, and so on.
pub const IN_ORDER: u64 = 0;

/// A component with its truth. Its folder goes with it.
pub struct Fixture {
    folder: tempfile::TempDir,
    pub truth: Truth,
}

impl Fixture {
    /// A component with that many release branches beside main. Each seed puts the situations on other branches.
    pub fn build(branches: usize, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the fixture");
        let (stream, truth) = tell(branches, seed);
        let ids = import(&folder.path().join("everything.git"), &stream);
        let fixture = Self { folder, truth: truth.map(|mark: Mark| ids[&mark]) };
        let fixture = fixture.with_whole_counts();
        fixture.make_remotes();
        fixture.make_clones();
        fixture
    }

    /// A bare repository that holds all objects of all remotes, with refs `refs/fixture/<remote>/…`.
    pub fn everything(&self) -> PathBuf {
        self.folder.path().join("everything.git")
    }

    /// The bare repository of a remote. It holds no object that its own refs don't reach.
    pub fn remote(&self, remote: Role) -> PathBuf {
        self.folder.path().join(format!("{}.git", remote.word()))
    }

    /// A person's clone with the three as remotes, and `refs/remote-tags/<remote>/*`. It has not seen the force push yet.
    pub fn local(&self) -> PathBuf {
        self.folder.path().join("local")
    }

    /// A clone of canonical whose history ends after three commits.
    pub fn shallow(&self) -> PathBuf {
        self.folder.path().join("shallow")
    }

    /// The refs of a remote by their full names.
    pub fn refs_of(&self, remote: Role) -> Vec<(&str, Oid)> {
        let of = self.truth.refs.iter().filter(|((at, _), _)| *at == remote);
        of.map(|((_, name), id)| (name.as_str(), *id)).collect()
    }

    /// A side that shares nothing with the other has all of its own history; how long that is, the base decides.
    fn with_whole_counts(mut self) -> Self {
        let everything = self.everything();
        for branch in self.truth.branches.values_mut() {
            if let Some((_, behind @ u32::MAX)) = &mut branch.counts {
                let tip = branch.tips[&Role::Canonical].to_string();
                *behind = git(&everything, &["rev-list", "--count", &tip]).parse().expect("a count");
            }
        }
        self
    }

    fn make_remotes(&self) {
        let everything = self.everything().display().to_string();
        let refs = self.truth.refs.iter();
        let named = refs.map(|((at, name), id)| format!("create refs/fixture/{}/{} {id}\n", at.word(), &name[5..]));
        git_fed(&self.everything(), &["update-ref", "--stdin"], named.collect::<String>().as_bytes());
        for remote in ROLES {
            let (path, word) = (self.remote(remote), remote.word());
            init(&path, &["--bare"]);
            git(&path, &["fetch", "-q", "--no-tags", &everything, &format!("+refs/fixture/{word}/*:refs/*")]);
            git(&path, &["pack-refs", "--all"]);
        }
    }

    fn make_clones(&self) {
        let local = self.local();
        init(&local, &[]);
        for remote in ROLES {
            let (url, word) = (self.remote(remote).display().to_string(), remote.word());
            git(&local, &["remote", "add", word, &url]);
            let tags = format!("+refs/tags/*:refs/remote-tags/{word}/*");
            git(&local, &["config", "--add", &format!("remote.{word}.fetch"), &tags]);
            git(&local, &["config", &format!("remote.{word}.tagOpt"), "--no-tags"]);
            git(&local, &["fetch", "-q", word]);
        }
        let main = self.truth.refs[&(Role::Canonical, "refs/heads/main".to_owned())];
        git(&local, &["update-ref", "HEAD", &main.to_string()]);
        for (name, branch) in &self.truth.branches {
            if let Some(was) = branch.canonical_was {
                git(&local, &["update-ref", &format!("refs/remotes/canonical/{name}"), &was.to_string()]);
            }
        }
        git(&local, &["pack-refs", "--all"]);
        let url = format!("file://{}", self.remote(Role::Canonical).display());
        let shallow = ["clone", "-q", "--depth=3", "--no-single-branch", "--no-checkout", "--no-tags", &url, "shallow"];
        git(self.folder.path(), &shallow);
    }
}

/// Tells every story, on branches that fork all along a longer history.
fn tell(branches: usize, seed: u64) -> (Stream, Truth<Mark>) {
    let mut stream = Stream::new();
    let mainline = base(&mut stream, branches + 60);
    let mut stories = Stories::begin(stream, *mainline.last().expect("a history"));
    let main = stories.truth.refs[&(Role::Canonical, "refs/heads/main".to_owned())];
    let mut situations = situations::ALL;
    if seed != IN_ORDER {
        fastrand::Rng::with_seed(seed).shuffle(&mut situations);
    }
    let usual = situations::USUAL.iter().cycle();
    for (at, (name, tell)) in situations.iter().chain(usual).take(branches).enumerate() {
        let fork = mainline[mainline.len() - 1 - at * mainline.len() / (branches + 1)];
        let mut story = Story::begin(&mut stories, at + 1, name, fork);
        tell(&mut story);
        story.end();
    }
    let main = Branch::everywhere("main", main, &story::pin(0), &stories.truth.fixes);
    stories.truth.branches.insert("main".to_owned(), main);
    tags(&mut stories);
    (stories.stream, stories.truth)
}

/// A history with side branches that are merged. Gives its main line, the oldest commit first.
fn base(stream: &mut Stream, commits: usize) -> Vec<Mark> {
    let mut mainline = vec![stream.add(&Commit::new("root").write("f0", "0\n"))];
    for step in 1..commits {
        let change = |side: &str| Commit::new(format!("{side} {step}")).write(&format!("f{}", step % 4), side);
        let tip = mainline[mainline.len() - 1];
        let side = (step % 7 == 0).then(|| mainline[mainline.len().saturating_sub(5)]);
        let side = side.map(|from| stream.add(&change("side").on(from)));
        let commit = change(&format!("main {step}\n")).on(tip);
        mainline.push(stream.add(&side.into_iter().fold(commit, Commit::on)));
    }
    mainline
}

/// One tag of each kind.
fn tags(stories: &mut Stories) {
    use Role::{Canonical, Security};
    let main = stories.truth.refs[&(Canonical, "refs/heads/main".to_owned())];
    let other = stories.truth.refs[&(Security, "refs/heads/embargo/F6".to_owned())];
    let (one, four) = (stories.stream.tag("v1.0.0", main), stories.stream.tag("v4.0.0", main));
    let kinds = [
        ("v1.0.0", Some(one), Some(one), "same"),
        ("v2.0.1", Some(other), None, "missing_on_canonical"),
        ("v2.0.2", None, Some(main), "missing_on_security"),
        ("v3.0.0", Some(other), Some(main), "differs"),
        ("v4.0.0", Some(four), Some(main), "same_commit"),
    ];
    for (name, security, canonical, state) in kinds {
        let sides = [(Security, security), (Canonical, canonical)];
        let there = sides.into_iter().filter_map(|(side, id)| Some(((side, format!("refs/tags/{name}")), id?)));
        stories.truth.refs.extend(there);
        stories.truth.tags.insert(name.to_owned(), state);
    }
}

/// Makes a bare repository of a stream.
pub fn import(path: &Path, stream: &Stream) -> BTreeMap<Mark, Oid> {
    init(path, &["--bare"]);
    let marks = path.join("marks");
    let export = format!("--export-marks={}", marks.display());
    git_fed(path, &["fast-import", "--quiet", "--force", &export], stream.text().as_bytes());
    let marks = std::fs::read_to_string(marks).expect("the marks");
    let parse = |line: &str| {
        let (mark, id) = line.strip_prefix(':')?.split_once(' ')?;
        Some((Mark(mark.parse().ok()?), id.parse().ok()?))
    };
    marks.lines().map(|line| parse(line).expect("a mark and an id")).collect()
}

fn init(path: &Path, options: &[&str]) {
    std::fs::create_dir(path).expect("a new folder");
    git(path, &[&["init", "-q", "-b", "main"], options].concat());
}

/// What git says in a repository, without the settings of the person and the machine. It must succeed.
pub fn git(path: &Path, arguments: &[&str]) -> String {
    git_fed(path, arguments, b"")
}

/// The same, fed.
pub fn git_fed(path: &Path, arguments: &[&str], input: &[u8]) -> String {
    let (success, output) = git_tried(path, arguments, input);
    assert!(success, "git {arguments:?}: {output}");
    output.trim_end().to_owned()
}

/// Whether git succeeds, and what it says.
pub fn git_tried(path: &Path, arguments: &[&str], input: &[u8]) -> (bool, String) {
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(path)
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("LC_ALL", "C")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut stdin = child.stdin.take().expect("its input");
    let input = input.to_owned();
    // Git may answer while it is still fed.
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("its answer");
    feeder.join().expect("it is fed");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}
