//! Where fixes are: each fix looked for below each tip, by its commit, its patch, its trailers and its content.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::GitError;
use super::contents::{Contents, Verdict};
use super::files::{Bare, Change, changes_of};
use super::gone::who_removed;
use super::kept::{Kept, Known};
use super::patches::{Place, Range, both, lines};
use crate::divergence::{FixSeen, Oid};

/// Where a ref points to, as a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The commit.
    pub commit: Oid,
    /// Is it one of a private remote? What is equal to a fix there belongs to the fix.
    pub is_private: bool,
}

/// What a look at fixes found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// What is seen of each fix at each tip: by fix, then by tip. It is mostly the same at very many of them.
    pub seen: Vec<Vec<Arc<FixSeen>>>,
    /// Of each fix the commit itself and its equals on private refs: what they hold is the fix.
    pub members: Vec<HashSet<Oid>>,
    /// Why nothing but ids could be looked at, where that is so.
    pub failed: Option<String>,
}

/// What is seen of each fix at each tip. `reaches` says whether a tip (first) reaches a commit, none if that can't be known,
/// see [`Below`](super::Below). What git could not tell is unseen, and never taken for absent.
///
/// `kept` is a file in which is kept for ever what git said of commits, so that the next look asks for new ones only.
pub fn look(
    place: Place<'_>,
    fixes: &[Oid],
    tips: &[Tip],
    mut reaches: impl FnMut(Oid, Oid) -> Option<bool>,
    kept: Option<&Path>,
) -> Looked {
    gather(place, fixes, tips, &mut reaches, kept).unwrap_or_else(|error| {
        let mut blind = |fix: Oid, tip: &Tip| FixSeen {
            by_id: (reaches(tip.commit, fix) == Some(true)).then_some(fix),
            unseen: Some(error.to_string()),
            ..FixSeen::default()
        };
        let seen = fixes.iter().map(|fix| shared(tips.iter().map(|tip| blind(*fix, tip)))).collect();
        Looked { seen, members: fixes.iter().map(|fix| [*fix].into()).collect(), failed: Some(error.to_string()) }
    })
}

fn gather(
    place: Place<'_>,
    fixes: &[Oid],
    tips: &[Tip],
    reaches: &mut impl FnMut(Oid, Oid) -> Option<bool>,
    kept: Option<&Path>,
) -> Result<Looked, GitError> {
    if fixes.is_empty() || tips.is_empty() {
        let seen = vec![vec![Arc::default(); tips.len()]; fixes.len()];
        return Ok(Looked { seen, members: fixes.iter().map(|fix| [*fix].into()).collect(), failed: None });
    }
    let stands = Stands::of(place, tips, reaches)?;
    let private: BTreeSet<Oid> =
        tips.iter().filter(|tip| tip.is_private).filter_map(|tip| stands.commit(tip.commit)).collect();
    let mut above = Above { tips: &stands.commits, reaches, known: HashMap::new() };
    let mut is_private = |commit: Oid| above.of(commit).iter().any(|(tip, reaches)| *reaches && private.contains(tip));
    let mut kept = Kept::open(place, kept);
    let (base, (changes, asked)) =
        both(|| common_base(place, fixes), || both(|| changes_of(place, fixes), || kept.ask_of(fixes)));
    asked?;
    let range = Range { tips: stands.commits.iter().copied().collect(), not: base? };
    let (families, changes) = families(place, fixes, changes?, &range, &mut kept, &mut is_private)?;
    kept.keep();
    let contents = Contents::read(place, &changes, &stands.commits, &stands.others)?;
    let mut see = |family: &Family| {
        let seen = family.seen(&contents, &mut above, place);
        let gone = FixSeen { unseen: Some(GONE.to_owned()), ..FixSeen::default() };
        let at = |tip: &Tip| stands.for_what(tip.commit).and_then(|commit| seen.get(&commit)).unwrap_or(&gone).clone();
        shared(tips.iter().map(at))
    };
    let seen = families.iter().map(&mut see).collect();
    Ok(Looked { seen, members: families.into_iter().map(|family| family.members).collect(), failed: None })
}

/// What is equal is there once.
fn shared(seen: impl Iterator<Item = FixSeen>) -> Vec<Arc<FixSeen>> {
    let mut known: HashSet<Arc<FixSeen>> = HashSet::new();
    let share = |seen: FixSeen| {
        known.get(&seen).cloned().unwrap_or_else(|| {
            let seen = Arc::new(seen);
            known.insert(seen.clone());
            seen
        })
    };
    seen.map(share).collect()
}

/// What tips stand for: nearly all of them for a commit, but a ref may point to anything, and to what was not fetched.
#[derive(Default)]
struct Stands {
    commits: BTreeSet<Oid>,
    /// Trees and blobs: they have no history, but files.
    others: BTreeMap<Oid, Bare>,
    /// For those that are none of both.
    behind: HashMap<Oid, Option<Oid>>,
}

impl Stands {
    fn of(
        place: Place<'_>,
        tips: &[Tip],
        reaches: &mut impl FnMut(Oid, Oid) -> Option<bool>,
    ) -> Result<Self, GitError> {
        let mut stands = Self::default();
        let (commits, odd): (BTreeSet<Oid>, BTreeSet<Oid>) =
            tips.iter().map(|tip| tip.commit).partition(|tip| reaches(*tip, *tip).is_some());
        stands.commits = commits;
        if odd.is_empty() {
            return Ok(stands);
        }
        let asked: String = odd.iter().flat_map(|oid| [oid.to_string(), "^{}\n".to_owned()]).collect();
        let told = place.run(&["cat-file", "--batch-check=%(objecttype) %(objectname)"]).input(asked).output()?;
        for (tip, line) in odd.iter().zip(String::from_utf8_lossy(&told).lines()) {
            let (kind, oid) = line.split_once(' ').unwrap_or_default();
            let behind = oid.parse().ok();
            match (behind, kind) {
                (Some(oid), "commit") => _ = stands.commits.insert(oid),
                (Some(oid), "tree") => _ = stands.others.insert(oid, Bare::Tree),
                (Some(oid), "blob") => _ = stands.others.insert(oid, Bare::Blob),
                _ => {}
            }
            stands.behind.insert(*tip, behind);
        }
        Ok(stands)
    }

    /// What a tip stands for; none if that is not here.
    fn for_what(&self, tip: Oid) -> Option<Oid> {
        self.behind.get(&tip).copied().unwrap_or(Some(tip))
    }

    fn commit(&self, tip: Oid) -> Option<Oid> {
        self.for_what(tip).filter(|oid| self.commits.contains(oid))
    }
}

/// Which tips have a commit below them. A backport to many branches belongs to as many families: each is asked for once.
struct Above<'a, R> {
    tips: &'a BTreeSet<Oid>,
    reaches: &'a mut R,
    known: HashMap<Oid, Vec<(Oid, bool)>>,
}

impl<R: FnMut(Oid, Oid) -> Option<bool>> Above<'_, R> {
    /// The tips that reach a commit, and those of which that can't be known (false).
    fn of(&mut self, commit: Oid) -> &[(Oid, bool)] {
        let Self { tips, reaches, known } = self;
        let mut told = |tip: &Oid| match reaches(*tip, commit) {
            Some(false) => None,
            seen => Some((*tip, seen.is_some())),
        };
        known.entry(commit).or_insert_with(|| tips.iter().filter_map(&mut told).collect())
    }
}

/// What lies below all of the fixes can't hold them.
fn common_base(place: Place<'_>, fixes: &[Oid]) -> Result<Vec<Oid>, GitError> {
    let rows = place.run(&["rev-list", "--no-walk", "--parents", "--stdin"]).input(lines(fixes)).output()?;
    let rows = String::from_utf8_lossy(&rows).into_owned();
    let parents: Option<Vec<&str>> = rows.lines().map(|row| row.split(' ').nth(1)).collect();
    let Some(parents) = parents else { return Ok(Vec::new()) };
    let parents: BTreeSet<&str> = parents.into_iter().collect();
    if let (1, Some(parent)) = (parents.len(), parents.first()) {
        return Ok(parent.parse().into_iter().collect());
    }
    let arguments: Vec<&str> = ["merge-base", "--octopus"].into_iter().chain(parents).collect();
    let base = place.run(&arguments).or_code(1).output()?;
    Ok(String::from_utf8_lossy(&base).lines().filter_map(|line| line.parse().ok()).collect())
}

type Changes = HashMap<Oid, Vec<Change>>;

/// The fixes with all that is equal to them, and what those commits changed; `changes` are those of the fixes.
fn families(
    place: Place<'_>,
    fixes: &[Oid],
    mut changes: Changes,
    range: &Range,
    kept: &mut Kept<'_>,
    is_private: &mut impl FnMut(Oid) -> bool,
) -> Result<(Vec<Family>, Changes), GitError> {
    let mut paths = BTreeSet::new();
    cover(&mut paths, fixes.iter().filter_map(|fix| changes.get(fix)));
    kept.ask_all(range, &paths.iter().map(String::as_str).collect::<Vec<_>>())?;
    loop {
        let index = Index::of(&kept.known);
        let families: Vec<Family> = fixes.iter().map(|fix| Family::of(*fix, &index, is_private)).collect();
        let all: BTreeSet<Oid> = families.iter().flat_map(Family::all).collect();
        let new: Vec<Oid> = all.into_iter().filter(|commit| !changes.contains_key(commit)).collect();
        if !new.is_empty() {
            changes.extend(new.iter().map(|commit| (*commit, Vec::new())));
            changes.extend(changes_of(place, &new)?);
        }
        let before = paths.len();
        let members = families.iter().flat_map(|family| &family.members);
        cover(&mut paths, members.filter_map(|commit| changes.get(commit)));
        if paths.len() == before {
            return Ok((families, changes));
        }
        kept.ask_patches(range, &paths.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
}

/// Adds paths so that each commit touches one of them: what has the same patch changes each file that it does.
fn cover<'a>(paths: &mut BTreeSet<String>, commits: impl Iterator<Item = &'a Vec<Change>>) {
    for changes in commits {
        if let Some(first) = changes.first()
            && !changes.iter().any(|change| paths.contains(&change.path))
        {
            paths.insert(first.path.clone());
        }
    }
}

/// The commits that may be equal to a fix, by what they are known by.
struct Index<'a> {
    known: &'a Known,
    by_patch: HashMap<Oid, Vec<Oid>>,
    by_change_id: HashMap<&'a str, Vec<Oid>>,
    by_source: HashMap<Oid, Vec<Oid>>,
}

impl<'a> Index<'a> {
    fn of(known: &'a Known) -> Self {
        let mut index =
            Self { known, by_patch: HashMap::new(), by_change_id: HashMap::new(), by_source: HashMap::new() };
        for (commit, patch) in &known.patches {
            index.by_patch.entry(*patch).or_default().push(*commit);
        }
        for (commit, trailers) in &known.trailers {
            trailers.change_ids.iter().for_each(|id| index.by_change_id.entry(id).or_default().push(*commit));
            trailers.picked_from.iter().for_each(|from| index.by_source.entry(*from).or_default().push(*commit));
        }
        index
    }

    fn is_known(&self, commit: Oid) -> bool {
        self.known.patches.contains_key(&commit) || self.known.trailers.contains_key(&commit)
    }

    fn with_patch_of(&self, commit: Oid) -> impl Iterator<Item = Oid> {
        let patch = self.known.patches.get(&commit);
        patch.and_then(|patch| self.by_patch.get(patch)).into_iter().flatten().copied()
    }

    /// What names this commit, or its change, and what it names.
    fn named_with(&self, commit: Oid) -> impl Iterator<Item = Oid> {
        let own = self.known.trailers.get(&commit);
        let ids = own.into_iter().flat_map(|own| &own.change_ids);
        let same = ids.filter_map(|id| self.by_change_id.get(id.as_str())).flatten();
        let picks = self.by_source.get(&commit).into_iter().flatten();
        let sources = own.into_iter().flat_map(|own| &own.picked_from);
        same.chain(picks).chain(sources.filter(|source| self.is_known(**source))).copied()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Equal {
    /// The patch of the fix itself.
    Same,
    Trailer,
    /// The patch of an adapted backport.
    Patch,
}

/// A fix and all commits that are equal to it.
struct Family {
    fix: Oid,
    /// The fix and its equals on private refs: what they hold is the fix.
    members: HashSet<Oid>,
    /// All equals, wherever they are.
    equals: BTreeMap<Oid, Equal>,
}

impl Family {
    fn of(fix: Oid, index: &Index<'_>, is_private: &mut impl FnMut(Oid) -> bool) -> Self {
        let mut family = Self { fix, members: [fix].into(), equals: BTreeMap::new() };
        let mut to_do = vec![fix];
        // A backport of a backport is one of the fix: it goes on until there is nothing new.
        while let Some(member) = to_do.pop() {
            let patch = if member == fix { Equal::Same } else { Equal::Patch };
            let same = index.with_patch_of(member).map(|commit| (commit, patch));
            let named = index.named_with(member).map(|commit| (commit, Equal::Trailer));
            for (commit, how) in same.chain(named).filter(|(commit, _)| *commit != fix) {
                let known = family.equals.entry(commit).or_insert(how);
                *known = how.min(*known);
                if !family.members.contains(&commit) && is_private(commit) {
                    family.members.insert(commit);
                    to_do.push(commit);
                }
            }
        }
        family
    }

    fn all(&self) -> impl Iterator<Item = Oid> {
        self.members.iter().chain(self.equals.keys()).copied()
    }

    /// What is seen of it at each tip, and at what is no commit.
    fn seen(
        &self,
        contents: &Contents,
        above: &mut Above<'_, impl FnMut(Oid, Oid) -> Option<bool>>,
        place: Place<'_>,
    ) -> HashMap<Oid, FixSeen> {
        let mut seen: HashMap<Oid, FixSeen> = contents.files().tips().map(|tip| (tip, FixSeen::default())).collect();
        let mut landed: HashMap<Oid, Vec<Oid>> = HashMap::new();
        let kinds = [(self.fix, None)].into_iter().chain(self.equals.iter().map(|(commit, how)| (*commit, Some(*how))));
        for (commit, how) in kinds {
            for (tip, reaches) in above.of(commit) {
                let Some(seen) = seen.get_mut(tip) else { continue };
                if !reaches {
                    seen.unseen = Some(CUT.to_owned());
                    continue;
                }
                match how {
                    None => &mut seen.by_id,
                    Some(Equal::Same | Equal::Patch) => &mut seen.by_patch,
                    Some(Equal::Trailer) => &mut seen.by_trailer,
                }
                .get_or_insert(commit);
                if !self.members.contains(&commit) {
                    landed.entry(*tip).or_default().push(commit);
                }
            }
        }
        let left = contents.left_by(self.members.iter().copied());
        let mut verdicts: HashMap<usize, Verdict> = HashMap::new();
        let mut gone = Vec::new();
        for (tip, seen) in &mut seen {
            let verdict = contents.files().at(*tip).map(|files| {
                let of_members = *verdicts.entry(files).or_insert_with(|| contents.hold(files, &left));
                let landed = landed.get(tip).into_iter().flatten().copied();
                of_members.or(contents.hold(files, &contents.left_by(landed)))
            });
            seen.content = verdict.and_then(Verdict::told);
            if verdict.is_some_and(Verdict::is_only_gone) {
                // What landed took them away.
                let has_landed = seen.by_id.or(seen.by_patch).or(seen.by_trailer).is_some();
                seen.content = has_landed.then_some(true);
                gone.extend((!has_landed).then_some(*tip));
            } else if seen.content.is_none() {
                seen.unseen.get_or_insert_with(|| UNREAD.to_owned());
            }
        }
        if !gone.is_empty() {
            let paths = contents.removed_by(self.members.iter().copied());
            let gone: Vec<Oid> = gone.into_iter().filter(|tip| above.tips.contains(tip)).collect();
            let told = who_removed(place, &gone, &paths, |commit| above.of(commit).to_vec());
            for tip in gone {
                let told = told.as_ref().map(|told| told.get(&tip).copied());
                if let Some(seen) = seen.get_mut(&tip) {
                    match told {
                        Ok(Some(is_removed)) => seen.content = Some(is_removed),
                        Ok(None) => _ = seen.unseen.get_or_insert_with(|| MOVED.to_owned()),
                        Err(error) => _ = seen.unseen.get_or_insert_with(|| error.to_string()),
                    }
                }
            }
        }
        seen
    }
}

const MOVED: &str = "the file that the fix removes is not there, but it was moved, or it is not known who took it away";
const CUT: &str = "the history ends too early here: the clone is shallow, or objects are missing";
const GONE: &str = "what it points to was not fetched";
const UNREAD: &str = "what the fix left in files could not be read";
