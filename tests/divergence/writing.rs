//! The graph file is written into a folder of our own, and never into the person's repository.

use std::fs;

use fixlead::divergence::Oid;
use fixlead::git::{Cancel, Git, Graph, GraphError, shallow, write_graph};

use crate::histories::{Repository, listing};

#[test]
fn the_persons_repository_stays_as_it_is() {
    let repository = Repository::random(50, 1);
    // A person may have switched graphs off, and folders may be called anything.
    repository.git(&["config", "core.commitGraph", "false"]);
    let before = listing(repository.path());
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("a \"cache\": mine\\yours");
    repository.write_graph(&cache, &repository.commits).unwrap();
    assert_eq!(listing(repository.path()), before);
    assert_eq!(Graph::open(&cache).unwrap().in_file(), 50);
}

#[test]
fn objects_are_found_behind_folders_with_any_name() {
    let repository = Repository::random(20, 2);
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("a: \"b\" \\c");
    fs::create_dir(&odd).unwrap();
    let objects = odd.join("objects");
    std::os::unix::fs::symlink(repository.objects(), &objects).unwrap();
    let cache = Repository { folder: tempfile::tempdir().unwrap(), commits: Vec::new() };
    cache.git(&["init", "-q", "--bare"]);
    // The cache itself holds none of these commits.
    let git = Git::find().unwrap();
    let commits = repository.commits.iter().copied();
    write_graph(&git, cache.path(), &cache.objects(), &[&objects], commits, &Cancel::default()).unwrap();
    assert_eq!(Graph::open(&cache.objects()).unwrap().in_file(), 20);
}

#[test]
fn a_chain_in_the_persons_repository_is_read_and_ours_stands_by_itself() {
    let repository = Repository::random(60, 3);
    for some in [20, 40] {
        let lines = Repository::lines(&repository.commits[..some]);
        repository.fed(&["commit-graph", "write", "--split=no-merge", "--stdin-commits"], &lines);
    }
    let folder = tempfile::tempdir().unwrap();
    repository.write_graph(folder.path(), &repository.commits).unwrap();
    drop(fs::remove_dir_all(repository.path()));
    assert_eq!(Graph::open(folder.path()).unwrap().in_file(), 60);
}

#[test]
fn git_says_why_it_wrote_none() {
    let repository = Repository::random(40, 4);
    let folder = tempfile::tempdir().unwrap();
    let missing: Oid = "9".repeat(40).parse().unwrap();
    let refused = repository.write_graph(folder.path(), &[missing]).unwrap_err();
    assert!(refused.to_string().contains("999"), "{refused}");

    let tip = [repository.commits[39]];
    let clone = repository.shallow_clone(&tip, 2);
    assert!(!shallow(clone.path()).unwrap().is_empty());
    let refused = clone.write_graph(folder.path(), &tip).unwrap_err();
    assert!(matches!(&refused, GraphError::NotWritten { .. }), "{refused}");
}
