//! A graph file that is not in every byte what git wrote is refused: it is never counted on, and nothing falls over it.

use std::fs;
use std::path::Path;

use fixlead::git::Graph;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::histories::Repository;

fn written(repository: &Repository) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    repository.write_graph(folder.path(), &repository.commits).unwrap();
    folder
}

fn assert_refused(objects: &Path, what: &str) {
    assert!(Graph::open(objects).is_err(), "{what}");
}

#[test]
fn one_wrong_bit_or_one_byte_less_is_found() {
    let repository = Repository::random(25, 1);
    let folder = written(&repository);
    let file = folder.path().join("info/commit-graph");
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    for place in 0..bytes.len() {
        let mut wrong = bytes.clone();
        wrong[place] ^= 1 << (place % 8);
        fs::write(&file, &wrong).unwrap();
        assert_refused(folder.path(), &format!("a bit at {place}"));
        fs::write(&file, &bytes[..place]).unwrap();
        assert_refused(folder.path(), &format!("cut at {place}"));
    }
    fs::write(&file, [&bytes[..], b"\0"].concat()).unwrap();
    assert_refused(folder.path(), "one byte more");
    fs::write(&file, &bytes).unwrap();
    assert_eq!(Graph::open(folder.path()).unwrap().in_file(), 25);
    // Without its seal everything is looked at again.
    fs::remove_file(folder.path().join("info/fixlead-seal")).unwrap();
    assert_eq!(Graph::open(folder.path()).unwrap().in_file(), 25);
}

#[test]
fn a_file_with_generations_that_are_none_or_wrong_is_refused() {
    let parents: Vec<Vec<usize>> = (0..9usize).map(|number| number.checked_sub(1).into_iter().collect()).collect();
    let repository = Repository::of(&parents, "sha256", 3);
    let folder = written(&repository);
    let file = folder.path().join("info/commit-graph");
    let good = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let chunk = good.windows(4).position(|word| word == b"CDAT").unwrap() + 4;
    let data = usize::try_from(u64::from_be_bytes(good[chunk..chunk + 8].try_into().unwrap())).unwrap();
    let generation = |commit: usize| data + commit * (32 + 16) + 32 + 8;
    for (what, change) in [("none", 0u8), ("too high", 0xf0)] {
        let mut bytes = good.clone();
        for commit in 0..9 {
            // Without the lowest two bits, which belong to the date.
            bytes[generation(commit)..generation(commit) + 3].fill(0);
            bytes[generation(commit) + 3] = bytes[generation(commit) + 3] & 3 | change;
        }
        let end = bytes.len() - 32;
        let sum = Sha256::digest(&bytes[..end]);
        bytes[end..].copy_from_slice(&sum);
        fs::write(&file, &bytes).unwrap();
        assert_refused(folder.path(), what);
    }
}

#[test]
fn a_broken_chain_is_refused_and_no_graph_is_an_empty_one() {
    let repository = Repository::random(30, 2);
    let chain = repository.objects().join("info/commit-graphs/commit-graph-chain");
    assert_eq!(Graph::open(&repository.objects()).unwrap().in_file(), 0);
    for some in [10, 30] {
        let lines = Repository::lines(&repository.commits[..some]);
        repository.fed(&["commit-graph", "write", "--split=no-merge", "--stdin-commits"], &lines);
    }
    let lines = fs::read_to_string(&chain).unwrap();
    assert_eq!(Graph::open(&repository.objects()).unwrap().in_file(), 30);
    let turned: Vec<&str> = lines.lines().rev().collect();
    let missing = format!("{}\n{lines}", "9".repeat(40));
    let second = turned[0].to_owned();
    for wrong in ["", "x", "\n", &turned.join("\n"), &missing, &second, "../../x\n", &lines.repeat(200)] {
        fs::remove_file(&chain).unwrap();
        fs::write(&chain, wrong).unwrap();
        assert_refused(&repository.objects(), wrong);
    }
}
