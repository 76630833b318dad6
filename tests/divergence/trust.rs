//! The truth of the fixture, each claim of it asked of plain git: a test that trusts the fixture trusts git.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fixlead::divergence::{Oid, Role};

use crate::fixture::story::PIN;
use crate::fixture::truth::{Branch, Fix, ROLES};
use crate::fixture::{Fixture, IN_ORDER, git, git_fed, git_tried, situations};

/// Both tips of a branch, security first; none where one is missing.
fn pair(branch: &Branch) -> Option<[String; 2]> {
    Some([branch.tips.get(&Role::Security)?.to_string(), branch.tips.get(&Role::Canonical)?.to_string()])
}

fn sorted(lines: &str) -> Vec<Oid> {
    let mut ids: Vec<Oid> = lines.lines().map(|line| line.parse().unwrap()).collect();
    ids.sort_unstable();
    ids
}

fn assert_how_the_sides_relate(repository: &Path, branch: &Branch, told: &str) {
    let Some([security, canonical]) = pair(branch) else {
        let missing = if branch.tips.contains_key(&Role::Security) { "canonical" } else { "security" };
        assert_eq!((branch.state, branch.counts), (format!("missing_on_{missing}").as_str(), None), "{told}");
        return;
    };
    let range = format!("{security}...{canonical}");
    let counts = git(repository, &["rev-list", "--left-right", "--count", &range]);
    let (ahead, behind) = branch.counts.unwrap();
    assert_eq!(counts, format!("{ahead}\t{behind}"), "{told}");
    let (_, bases) = git_tried(repository, &["merge-base", "--all", &security, &canonical], b"");
    let mut claimed = branch.bases.clone();
    claimed.sort_unstable();
    assert_eq!(sorted(&bases), claimed, "{told}");
    let marked = git(repository, &["rev-list", "--cherry-mark", "--left-right", &range]);
    let marks = |mark: char| marked.lines().filter(|line| line.starts_with(mark)).count();
    let left = git(repository, &["rev-list", "--cherry-mark", "--left-only", &range]);
    assert_eq!(left.matches('=').count(), branch.equal_patches as usize, "{told}");
    let is_equivalent = marks('=') > 0 && marks('<') + marks('>') == 0;
    assert_eq!(branch.flags().contains(&"equivalent"), is_equivalent, "{told}");
    let trees = [&security, &canonical].map(|tip| git(repository, &["rev-parse", &format!("{tip}^{{tree}}")]));
    assert_eq!(trees[0] == trees[1], branch.same_tree, "{told}");
    let state = match (ahead, behind) {
        _ if claimed.is_empty() => "unrelated",
        (0, 0) => "equal",
        (_, 0) => "security_ahead",
        (0, _) => "canonical_ahead",
        _ => assert_how_they_merge(repository, branch, &security, &canonical, told),
    };
    assert_eq!(state, branch.state, "{told}");
}

/// The paths as git lists them, and of each whether git names the kind for it.
fn assert_how_they_merge(repository: &Path, branch: &Branch, a: &str, b: &str, told: &str) -> &'static str {
    let command = ["merge-tree", "--write-tree", "--name-only", "-z", a, b];
    let (is_clean, output) = git_tried(repository, &command, b"");
    let (_, sections) = output.split_once('\0').unwrap();
    let (paths, messages) = sections.split_once("\0\0").unwrap_or((sections, ""));
    let paths: BTreeSet<&str> = paths.split('\0').filter(|path| !path.is_empty()).collect();
    assert_eq!(paths, branch.conflicts.iter().map(|(path, _)| *path).collect(), "{told}");
    for (path, kind) in &branch.conflicts {
        let named = format!("\0CONFLICT ({kind})\0");
        let at = messages.find(&named).unwrap_or_else(|| panic!("{told}: no {kind} in {messages:?}"));
        assert!(messages[..at].contains(path), "{told}: {messages:?}");
    }
    if is_clean { "diverged_clean" } else { "diverged_conflict" }
}

/// What plain git knows of the commits of all remotes together.
struct Commits {
    repository: PathBuf,
    /// The patch id of each.
    patches: BTreeMap<Oid, String>,
    /// Those with the Change-Id of a fix, by its number.
    named: BTreeMap<usize, BTreeSet<Oid>>,
}

impl Commits {
    fn of(fixture: &Fixture) -> Self {
        let repository = fixture.everything();
        let all = git(&repository, &["rev-list", "--all", "--no-merges"]) + "\n";
        let patches = git_fed(&repository, &["diff-tree", "--stdin", "-p", "--full-index"], all.as_bytes()) + "\n";
        let patches = git_fed(&repository, &["patch-id", "--stable"], patches.as_bytes());
        let parse = |line: &str| line.split_once(' ').map(|(patch, id)| (id.parse().unwrap(), patch.to_owned()));
        let named = |fix: &Fix| {
            let grep = format!("--grep=Change-Id: {}", fix.change_id);
            (fix.number, sorted(&git(&repository, &["rev-list", "--all", "-F", &grep])).into_iter().collect())
        };
        let named = fixture.truth.fixes.iter().map(named).collect();
        Self { patches: patches.lines().filter_map(parse).collect(), named, repository }
    }

    /// A commit and all before it.
    fn below(&self, tip: Oid) -> BTreeSet<Oid> {
        sorted(&git(&self.repository, &["rev-list", &tip.to_string()])).into_iter().collect()
    }
}

/// What plain git finds of a fix below a tip.
struct Evidence {
    by_id: bool,
    by_patch: Vec<Oid>,
    by_trailer: bool,
    holds_content: bool,
}

impl Evidence {
    fn of(commits: &Commits, fix: &Fix, tip: Oid, below: &BTreeSet<Oid>) -> Self {
        let own = &commits.patches[&fix.commit];
        let is_equal = |id: &&Oid| **id != fix.commit && commits.patches.get(id) == Some(own);
        let by_trailer = !commits.named[&fix.number].is_disjoint(below);
        let (_, file) = git_tried(&commits.repository, &["show", &format!("{tip}:{}", fix.path)], b"");
        let bare = |text: &str| text.split_ascii_whitespace().collect::<String>();
        let holds_content = bare(&file).contains(&bare("/* the fix */ if (length > MAX) return -1; int checked = 1;"));
        let by_patch = below.iter().filter(is_equal).copied().collect();
        Self { by_id: below.contains(&fix.commit), by_patch, by_trailer, holds_content }
    }

    fn word(&self) -> &'static str {
        match self {
            Self { holds_content: false, by_id, by_patch, by_trailer } => {
                if *by_id || !by_patch.is_empty() || *by_trailer { "reverted" } else { "absent" }
            }
            Self { by_id: true, .. } => "by_id",
            Self { by_patch, .. } if !by_patch.is_empty() => "by_patch",
            Self { by_trailer: true, .. } => "by_trailer",
            _ => "by_content",
        }
    }
}

fn assert_pairs_and_pins(fixture: &Fixture) {
    let everything = fixture.everything();
    for (name, branch) in &fixture.truth.branches {
        let told = format!("{name}: {}", branch.situation);
        assert_how_the_sides_relate(&everything, branch, &told);
        for (remote, tip) in &branch.tips {
            let (is_there, pin) = git_tried(&everything, &["show", &format!("{tip}:{PIN}")], b"");
            assert_eq!(is_there.then_some(&pin), branch.pins.get(remote), "{told}");
        }
        let texts: BTreeSet<&String> = branch.pins.values().collect();
        let pin = match (branch.tips.len(), branch.pins.len(), texts.len()) {
            (0..3, ..) => "branch_missing",
            (_, 0..3, _) => "file_missing",
            (_, _, 1) => "same",
            _ => "differs",
        };
        assert_eq!(pin, branch.pin, "{told}");
    }
}

fn assert_fixes(fixture: &Fixture, commits: &Commits) {
    let mut looked_at: BTreeMap<Oid, BTreeMap<usize, &'static str>> = BTreeMap::new();
    for (name, branch) in &fixture.truth.branches {
        assert_eq!(branch.fixes.len(), branch.tips.len() * fixture.truth.fixes.len(), "{name}");
        for ((number, remote), state) in &branch.fixes {
            let tip = branch.tips[remote];
            let found = looked_at.entry(tip).or_insert_with(|| {
                let below = commits.below(tip);
                let word = |fix: &Fix| (fix.number, Evidence::of(commits, fix, tip, &below).word());
                fixture.truth.fixes.iter().map(word).collect()
            });
            assert_eq!(found[number], *state, "F{number} on {name} of {}: {}", remote.word(), branch.situation);
        }
    }
}

fn assert_leaks(fixture: &Fixture, commits: &Commits) {
    let mut found = BTreeSet::new();
    for (reference, tip) in fixture.refs_of(Role::Canonical) {
        let tip = git(&commits.repository, &["rev-parse", &format!("{tip}^{{commit}}")]).parse().unwrap();
        let below = commits.below(tip);
        for fix in fixture.truth.fixes.iter().filter(|fix| fix.embargoed) {
            let evidence = Evidence::of(commits, fix, tip, &below);
            let (how, commit) = match evidence.word() {
                "by_id" => ("id", fix.commit),
                "by_patch" => ("patch", evidence.by_patch[0]),
                "by_content" => ("content", tip),
                _ => continue,
            };
            found.insert((fix.number, reference, how, commit));
        }
    }
    let leaks = fixture.truth.leaks.iter();
    assert_eq!(found, leaks.map(|leak| (leak.fix, leak.reference.as_str(), leak.how, leak.commit)).collect());
}

/// A remote lists exactly its refs, and holds nothing that they don't reach.
fn assert_refs(fixture: &Fixture) {
    for remote in ROLES {
        let path = fixture.remote(remote);
        let listed = git(&path, &["ls-remote", "--refs", "."]);
        let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
        let claimed = fixture.refs_of(remote).into_iter().map(|(name, id)| format!("{id}\t{name}"));
        assert_eq!(listed, claimed.collect(), "{}", remote.word());
        assert_eq!(git(&path, &["fsck", "--unreachable", "--no-dangling", "--connectivity-only"]), "");
    }
    for fix in &fixture.truth.fixes {
        let is_public =
            git_tried(&fixture.remote(Role::Canonical), &["cat-file", "-e", &fix.commit.to_string()], b"").0;
        let is_leaked = fixture.truth.leaks.iter().any(|leak| leak.fix == fix.number && leak.how == "id");
        assert_eq!(is_public, is_leaked, "F{}", fix.number);
    }
}

fn assert_tags(fixture: &Fixture) {
    let names = |remote| {
        fixture.refs_of(remote).into_iter().filter_map(|(name, id)| Some((name.strip_prefix("refs/tags/")?, id)))
    };
    let all: BTreeSet<&str> =
        [Role::Canonical, Role::Security].into_iter().flat_map(names).map(|(name, _)| name).collect();
    assert_eq!(all, fixture.truth.tags.keys().map(String::as_str).collect());
    for (name, state) in &fixture.truth.tags {
        let object = |remote| names(remote).find(|(known, _)| known == name).map(|(_, id)| id);
        let commit = |id: Oid| git(&fixture.everything(), &["rev-parse", &format!("{id}^{{commit}}")]);
        let found = match (object(Role::Security), object(Role::Canonical)) {
            (Some(a), Some(b)) if a == b => "same",
            (Some(a), Some(b)) if commit(a) == commit(b) => "same_commit",
            (Some(_), Some(_)) => "differs",
            (Some(_), None) => "missing_on_canonical",
            _ => "missing_on_security",
        };
        assert_eq!(found, *state, "{name}");
    }
}

fn assert_all(fixture: &Fixture) {
    assert_pairs_and_pins(fixture);
    let commits = Commits::of(fixture);
    assert_fixes(fixture, &commits);
    assert_leaks(fixture, &commits);
    assert_refs(fixture);
    assert_tags(fixture);
}

#[test]
fn every_claim_about_forty_branches_is_what_git_says() {
    let fixture = Fixture::build(40, IN_ORDER);
    let told: BTreeSet<&str> = fixture.truth.branches.values().map(|branch| branch.situation).collect();
    assert!(situations::ALL.iter().all(|(name, _)| told.contains(name)), "every situation is told");
    assert_all(&fixture);
}

#[test]
fn another_seed_tells_the_same_situations_of_other_branches() {
    let (one, other) = (Fixture::build(32, 8), Fixture::build(32, IN_ORDER));
    let places = |fixture: &Fixture| -> Vec<&str> { fixture.truth.branches.values().map(|it| it.situation).collect() };
    assert_ne!(places(&one), places(&other));
    assert_eq!(BTreeSet::from_iter(places(&one)), BTreeSet::from_iter(places(&other)));
    assert_all(&one);
}

#[test]
fn a_few_branches_are_a_component_too() {
    assert_all(&Fixture::build(3, IN_ORDER));
}

#[test]
fn the_same_seed_makes_the_same_commits() {
    let refs = |fixture: Fixture| fixture.truth.refs;
    assert_eq!(refs(Fixture::build(3, 5)), refs(Fixture::build(3, 5)));
}

#[test]
fn a_thousand_branches_are_counted_as_git_counts_them() {
    let fixture = Fixture::build(1_000, IN_ORDER);
    assert_eq!(fixture.truth.branches.len(), 1_001);
    let pairs: Vec<(&String, &Branch, [String; 2])> =
        fixture.truth.branches.iter().filter_map(|(name, branch)| Some((name, branch, pair(branch)?))).collect();
    for (name, branch, [security, canonical]) in pairs.iter().step_by(9) {
        let range = format!("{security}...{canonical}");
        let counts = git(&fixture.everything(), &["rev-list", "--left-right", "--count", &range]);
        let (ahead, behind) = branch.counts.unwrap();
        assert_eq!(counts, format!("{ahead}\t{behind}"), "{name}: {}", branch.situation);
    }
}

#[test]
fn the_clones_are_what_a_person_has() {
    let fixture = Fixture::build(40, IN_ORDER);
    let (local, shallow) = (fixture.local(), fixture.shallow());
    assert_eq!(git(&shallow, &["rev-parse", "--is-shallow-repository"]), "true");
    assert_eq!(git(&local, &["remote"]), "canonical\ndev\nsecurity");
    for (name, branch) in &fixture.truth.branches {
        for (remote, tip) in &branch.tips {
            let tracking = format!("refs/remotes/{}/{name}", remote.word());
            let forced = branch.canonical_was.filter(|_| *remote == Role::Canonical);
            assert_eq!(git(&local, &["rev-parse", &tracking]), forced.unwrap_or(*tip).to_string());
            assert!(git_tried(&local, &["cat-file", "-e", &tip.to_string()], b"").0);
        }
    }
    let rewritten = fixture.truth.branches.values().find_map(|branch| Some((branch.canonical_was?, branch)));
    let (was, branch) = rewritten.expect("a force push");
    let now = branch.tips[&Role::Canonical].to_string();
    assert!(!git_tried(&local, &["merge-base", "--is-ancestor", &was.to_string(), &now], b"").0);
}
