//! A branch that was forced elsewhere is told by every question, and to the next look where one failed.

use fixlead::divergence::{Component, Flag, Role};

use crate::hostile::of_two;
use crate::look::look;
use crate::repos::Repos;

const FRIDAY: &str = "2026-11-20T17:00:00Z";
const LATER: &str = "2026-11-20T18:30:00Z";
const MONDAY: &str = "2026-11-23T09:00:00Z";

struct Story {
    repos: Repos,
    folder: tempfile::TempDir,
}

impl Story {
    fn new() -> Self {
        let repos = Repos::filled();
        repos.git(".", &["clone", "-q", "--bare", "plain", "security"]);
        repos.git(".", &["clone", "-q", "--bare", "plain", "canonical"]);
        Self { repos, folder: tempfile::tempdir().unwrap() }
    }

    fn force(&self) {
        self.repos.git("plain", &["reset", "-q", "--hard", "HEAD~1"]);
        self.repos.commit("plain", "other");
        self.repos.git("plain", &["push", "-qf", "../canonical", "main"]);
    }

    /// The branches that are told as rewritten.
    fn told(&self, component: &Component, at: &str) -> Vec<String> {
        let pairs = look(self.folder.path(), component, at).pairs.into_iter();
        pairs.filter(|pair| pair.flags.contains(&Flag::Rewritten)).map(|pair| pair.branch).collect()
    }
}

#[test]
fn each_question_is_told_of_a_forced_push_and_after_some_time_no_more() {
    let story = Story::new();
    let screen = of_two(&story.repos);
    let [case, other] = ["case", "other"].map(|name| Component { name: name.into(), ..screen.clone() });
    assert!([&screen, &case].iter().all(|asked| story.told(asked, FRIDAY).is_empty()));
    story.force();
    assert_eq!(story.told(&screen, LATER), ["main"]);
    assert_eq!(story.told(&other, LATER), ["main"], "it was never asked before");
    assert_eq!(story.told(&case, MONDAY), ["main"], "it is the first answer since");
    assert!(story.told(&screen, MONDAY).is_empty(), "it was told");
}

#[test]
fn a_look_that_fails_does_not_lose_a_forced_push() {
    let story = Story::new();
    let asked = of_two(&story.repos);
    assert!(story.told(&asked, FRIDAY).is_empty());
    story.force();
    let canonical = story.repos.path(Role::Canonical.word());
    let gone = story.repos.path("gone");
    std::fs::rename(&canonical, &gone).unwrap();
    assert!(story.told(&asked, LATER).is_empty(), "nobody can see it");
    std::fs::rename(&gone, &canonical).unwrap();
    assert_eq!(story.told(&asked, LATER), ["main"]);
}
