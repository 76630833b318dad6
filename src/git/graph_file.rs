//! The commit-graph file: which files it is made of, whether it can be relied on, and writing it into a folder of our own.
//!
//! Git reads such a file without looking at its check sum. A wrong bit in it would be a wrong count, and a wrong «all clear»,
//! so that here it is looked at wholly: each commit, each edge, each generation and git's own check sum, once after it was
//! written. What passed is sealed by a sum of its bytes that is quick enough to be taken at each start.

use std::collections::HashSet;
use std::convert::Infallible;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::error::{GitError, shown};
use super::{Cancel, Git};
use crate::divergence::Oid;

/// Why there is no graph file to rely on.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// It can't be read, or its folder can't be made.
    #[error("the commit graph {path} can't be read or made: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not what git wrote, or was written by a git that is too old.
    #[error("the commit graph in {objects} can't be relied on and is left aside: {why}")]
    Unreliable {
        /// The object folder.
        objects: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Git failed at writing it.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Git wrote none, and thought nothing of it.
    #[error("git wrote no commit graph into {objects}: the repository is shallow")]
    NotWritten {
        /// The object folder.
        objects: PathBuf,
    },
}

/// What a chain of files may list at most, in bytes: 256 lines.
const CHAIN_BYTES: u64 = 256 * 66;
/// Beside the graph, in the folders of our own only: what passed.
const SEAL: &str = "fixlead-seal";

/// The graph of an object folder, if it has one.
pub(super) fn open(objects: &Path) -> Result<Option<gix_commitgraph::Graph>, GraphError> {
    let Some(files) = files(objects)? else { return Ok(None) };
    let is_sealed = fs::read_to_string(objects.join("info").join(SEAL)).is_ok_and(|seal| seal == files.seal);
    let unreliable = |why: &dyn std::fmt::Display| GraphError::Unreliable {
        objects: objects.to_owned(),
        why: shown(&why.to_string()),
    };
    let graph = gix_commitgraph::at(objects.join("info"), files.hash, None).map_err(|why| unreliable(&why))?;
    if !is_sealed {
        graph.verify_integrity(|_| Ok::<(), Infallible>(())).map_err(|why| unreliable(&why))?;
    }
    Ok(Some(graph))
}

/// Writes the graph of all that these commits reach into an object folder of our own, and seals it.
///
/// `repository` is the git folder of one that has these commits, and is only read; `alternates` are the object folders that
/// they are in, beside those that `objects` names itself.
///
/// # Errors
///
/// Git could not: objects are missing, or the repository is shallow, of which git writes no graph.
pub fn write(
    git: &Git,
    repository: &Path,
    objects: &Path,
    alternates: &[&Path],
    commits: impl IntoIterator<Item = Oid>,
    cancel: &Cancel,
) -> Result<(), GraphError> {
    // Git finds no repository while the object folder that it is told of is not there.
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(objects);
    made.map_err(|source| GraphError::Unreadable { path: objects.to_owned(), source })?;
    let commits: Vec<Oid> = commits.into_iter().collect();
    let mut lines = String::with_capacity(commits.len() * 65);
    for commit in &commits {
        lines.extend([&commit.to_string(), "\n"]);
    }
    let run = git.run(["commit-graph", "write", "--no-progress", "--stdin-commits"]).on(repository).cancel(cancel);
    let run = run.env("GIT_OBJECT_DIRECTORY", objects).env("GIT_ALTERNATE_OBJECT_DIRECTORIES", list(alternates));
    run.input(lines).output()?;
    let graph = open(objects)?;
    let holds = |commit: &Oid| {
        let id = gix_hash::oid::try_from_bytes(commit.as_bytes()).ok()?;
        graph.as_ref()?.lookup(id)
    };
    if !commits.iter().all(|commit| holds(commit).is_some()) {
        return Err(GraphError::NotWritten { objects: objects.to_owned() });
    }
    if let Some(files) = files(objects)? {
        // Without its seal a graph is only slower to open.
        let _ = fs::write(objects.join("info").join(SEAL), files.seal);
    }
    Ok(())
}

/// Where the history of a shallow clone ends, from its git folder: the commits that git tells without their parents.
///
/// # Errors
///
/// The file is there and can't be read, or names something else than commits.
pub fn shallow(git_dir: &Path) -> io::Result<HashSet<Oid>> {
    match fs::read_to_string(git_dir.join("shallow")) {
        Ok(text) => {
            let oids =
                text.lines().map(|line| line.parse().map_err(|error| io::Error::new(ErrorKind::InvalidData, error)));
            oids.collect()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(HashSet::new()),
        Err(error) => Err(error),
    }
}

/// Folders as git takes a list of them; within quotes a colon separates nothing.
fn list(folders: &[&Path]) -> OsString {
    let mut list = Vec::new();
    for folder in folders {
        list.extend(if list.is_empty() { b"\"".as_slice() } else { b":\"" });
        for byte in folder.as_os_str().as_bytes() {
            list.extend(matches!(byte, b'"' | b'\\').then_some(b'\\'));
            list.push(*byte);
        }
        list.push(b'"');
    }
    OsString::from_vec(list)
}

/// What the files of a graph are.
struct Files {
    hash: gix_hash::Kind,
    seal: String,
}

/// The files of an object folder's graph, a single one before a chain, as git looks for them.
fn files(objects: &Path) -> Result<Option<Files>, GraphError> {
    let info = objects.join("info");
    let single = info.join("commit-graph");
    let mut sum = Sum::default();
    match sum.take(&single) {
        Ok(()) => return Ok(Some(Files { hash: sum.hash(), seal: sum.seal() })),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(source) => return Err(GraphError::Unreadable { path: single, source }),
    }
    let folder = info.join("commit-graphs");
    let chain = folder.join("commit-graph-chain");
    let mut lines = String::new();
    match File::open(&chain).and_then(|file| file.take(CHAIN_BYTES).read_to_string(&mut lines)) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(GraphError::Unreadable { path: chain, source }),
    }
    for line in lines.lines() {
        let oid: Oid = line.parse().map_err(|error| GraphError::Unreadable {
            path: chain.clone(),
            source: io::Error::new(ErrorKind::InvalidData, error),
        })?;
        let path = folder.join(format!("graph-{oid}.graph"));
        sum.take(&path).map_err(|source| GraphError::Unreadable { path, source })?;
    }
    Ok(Some(Files { hash: sum.hash(), seal: sum.seal() }))
}

/// A sum of all bytes of the files, in four lanes of eight bytes. Each step can be turned round, so that one changed word
/// always changes the sum; against somebody who wants to deceive it is no help, and the folder is ours alone.
#[derive(Default)]
struct Sum {
    lanes: [u64; 4],
    bytes: u64,
    /// The byte in which a graph says how its ids are made.
    version: u8,
}

impl Sum {
    fn take(&mut self, path: &Path) -> io::Result<()> {
        let mut file = File::open(path)?;
        let mut buffer = vec![0; 1 << 17];
        let mut is_first = true;
        loop {
            let mut filled = 0;
            while filled < buffer.len() {
                match file.read(&mut buffer[filled..]) {
                    Ok(0) => break,
                    Ok(count) => filled += count,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            if std::mem::take(&mut is_first) {
                self.version = buffer[5];
            }
            let whole = filled.next_multiple_of(32);
            buffer[filled..whole].fill(0);
            for words in buffer[..whole].as_chunks::<32>().0 {
                for (lane, word) in self.lanes.iter_mut().zip(words.as_chunks::<8>().0) {
                    *lane = (*lane ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
                }
            }
            self.bytes += filled as u64;
            if filled < buffer.len() {
                return Ok(());
            }
        }
    }

    fn hash(&self) -> gix_hash::Kind {
        if self.version == 2 { gix_hash::Kind::Sha256 } else { gix_hash::Kind::Sha1 }
    }

    fn seal(&self) -> String {
        let [a, b, c, d] = self.lanes;
        format!("{:x} {a:016x}{b:016x}{c:016x}{d:016x}\n", self.bytes)
    }
}
