//! Where fixes are: each fix looked for below each tip, by its commit, its patch, its trailers and its content.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::GitError;
use super::files::{Change, bare_patches, blobs, changes_of, files_at};
use super::patches::{Place, Range, Trailers, patch_ids, patch_ids_in, trailers_in, trailers_of};
use super::traces::{Lines, Trace, hunks};
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
    /// What is seen of each fix at each tip: by fix, then by tip.
    pub seen: Vec<Vec<FixSeen>>,
    /// Of each fix the commit itself and its equals on private refs: what they hold is the fix.
    pub members: Vec<HashSet<Oid>>,
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
    _kept: Option<&Path>,
) -> Looked {
    match gather(place, fixes, tips, &mut reaches) {
        Ok(looked) => looked,
        Err(error) => {
            let mut blind = |fix: Oid, tip: &Tip| FixSeen {
                by_id: (reaches(tip.commit, fix) == Some(true)).then_some(fix),
                unseen: Some(error.to_string()),
                ..FixSeen::default()
            };
            let seen = fixes.iter().map(|fix| tips.iter().map(|tip| blind(*fix, tip)).collect()).collect();
            Looked { seen, members: fixes.iter().map(|fix| [*fix].into()).collect() }
        }
    }
}

fn gather(
    place: Place<'_>,
    fixes: &[Oid],
    tips: &[Tip],
    reaches: &mut impl FnMut(Oid, Oid) -> Option<bool>,
) -> Result<Looked, GitError> {
    if fixes.is_empty() || tips.is_empty() {
        let seen = vec![vec![FixSeen::default(); tips.len()]; fixes.len()];
        return Ok(Looked { seen, members: fixes.iter().map(|fix| [*fix].into()).collect() });
    }
    let changed = changes_of(place, fixes)?;
    let paths: BTreeSet<&str> = changed.values().flatten().map(|change| change.path.as_str()).collect();
    let distinct: BTreeSet<Oid> = tips.iter().map(|tip| tip.commit).collect();
    let range = Range { tips: distinct.iter().copied().collect(), not: common_base(place, fixes)? };
    let mut known = Known { patches: patch_ids(place, fixes)?, trailers: trailers_of(place, fixes)? };
    known.patches.extend(patch_ids_in(place, &range, &paths.into_iter().collect::<Vec<_>>())?);
    known.trailers.extend(trailers_in(place, &range)?);
    let private: BTreeSet<Oid> = tips.iter().filter(|tip| tip.is_private).map(|tip| tip.commit).collect();
    let mut is_private = |commit| private.iter().any(|tip| reaches(*tip, commit) == Some(true));
    let families: Vec<Family> = fixes.iter().map(|fix| Family::of(*fix, &known, &mut is_private)).collect();
    let contents = Contents::read(place, &families, &distinct)?;
    let see = |family: &Family| tips.iter().map(|tip| family.seen(tip.commit, &contents, reaches)).collect();
    let seen = families.iter().map(see).collect();
    Ok(Looked { seen, members: families.into_iter().map(|family| family.members).collect() })
}

/// What lies below all of the fixes can't hold them.
fn common_base(place: Place<'_>, fixes: &[Oid]) -> Result<Vec<Oid>, GitError> {
    let rows =
        place.run(&["rev-list", "--no-walk", "--parents", "--stdin"]).input(super::patches::lines(fixes)).output()?;
    let rows = String::from_utf8_lossy(&rows).into_owned();
    let parents: Option<Vec<&str>> = rows.lines().map(|row| row.split(' ').nth(1)).collect();
    let Some(parents) = parents else { return Ok(Vec::new()) };
    let arguments = [&["merge-base", "--octopus"], &parents[..]].concat();
    let base = place.run(&arguments).or_code(1).output()?;
    Ok(String::from_utf8_lossy(&base).lines().filter_map(|line| line.parse().ok()).collect())
}

/// What is known of the commits that may be equal to a fix.
struct Known {
    patches: HashMap<Oid, Oid>,
    trailers: HashMap<Oid, Trailers>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Equal {
    Patch,
    Trailer,
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
    fn of(fix: Oid, known: &Known, is_private: &mut impl FnMut(Oid) -> bool) -> Self {
        let mut family = Self { fix, members: [fix].into(), equals: BTreeMap::new() };
        let candidates: BTreeSet<Oid> = known.patches.keys().chain(known.trailers.keys()).copied().collect();
        // A backport of a backport is one of the fix: it goes on until there is nothing new.
        loop {
            let (patches, names) = family.marks(known);
            let is_new = |oid: &&Oid| **oid != fix && !family.equals.contains_key(*oid);
            let equal = |oid: &Oid| Some((*oid, family.equal(*oid, known, &patches, &names)?));
            let new: Vec<(Oid, Equal)> = candidates.iter().filter(is_new).filter_map(equal).collect();
            if new.is_empty() {
                return family;
            }
            family.members.extend(new.iter().map(|(oid, _)| *oid).filter(|oid| is_private(*oid)));
            family.equals.extend(new);
        }
    }

    /// The patches and the names of the members.
    fn marks(&self, known: &Known) -> (HashSet<Oid>, Trailers) {
        let patches = self.members.iter().filter_map(|oid| known.patches.get(oid)).copied().collect();
        let mut names = Trailers::default();
        for trailers in self.members.iter().filter_map(|oid| known.trailers.get(oid)) {
            names.change_ids.extend(trailers.change_ids.iter().cloned());
            names.picked_from.extend(&trailers.picked_from);
        }
        (patches, names)
    }

    fn equal(&self, oid: Oid, known: &Known, patches: &HashSet<Oid>, names: &Trailers) -> Option<Equal> {
        let patch = known.patches.get(&oid);
        if patch.is_some() && patch == known.patches.get(&self.fix) {
            return Some(Equal::Patch);
        }
        let says = known.trailers.get(&oid).is_some_and(|own| {
            !own.change_ids.is_disjoint(&names.change_ids)
                || own.picked_from.iter().any(|from| self.members.contains(from))
        });
        match patch {
            _ if says || names.picked_from.contains(&oid) => Some(Equal::Trailer),
            Some(patch) if patches.contains(patch) => Some(Equal::Patch),
            _ => None,
        }
    }

    fn seen(&self, tip: Oid, contents: &Contents, reaches: &mut impl FnMut(Oid, Oid) -> Option<bool>) -> FixSeen {
        let mut unseen = None;
        let mut is_below = |commit: Oid| {
            reaches(tip, commit).unwrap_or_else(|| {
                unseen =
                    Some("the history ends too early here: the clone is shallow, or objects are missing".to_owned());
                false
            })
        };
        let by_id = is_below(self.fix).then_some(self.fix);
        let landed: Vec<(Oid, Equal)> =
            self.equals.iter().filter(|(oid, _)| is_below(**oid)).map(|(oid, how)| (*oid, *how)).collect();
        let first = |how| landed.iter().find(|(_, landed)| *landed == how).map(|(oid, _)| *oid);
        let holders: BTreeSet<Oid> = self.members.iter().copied().chain(landed.iter().map(|(oid, _)| *oid)).collect();
        let content = contents.hold(tip, &holders);
        if content.is_none() {
            unseen.get_or_insert_with(|| "what the fix left in files could not be read".to_owned());
        }
        FixSeen { by_id, by_patch: first(Equal::Patch), by_trailer: first(Equal::Trailer), content, unseen }
    }
}

/// What commits left in files, and what the tips hold there.
struct Contents {
    changes: HashMap<Oid, Vec<Change>>,
    traces: HashMap<Change, Option<Trace>>,
    tips: HashMap<Oid, HashMap<String, Oid>>,
    texts: HashMap<Oid, Lines>,
}

impl Contents {
    fn read(place: Place<'_>, families: &[Family], tips: &BTreeSet<Oid>) -> Result<Self, GitError> {
        let all = families.iter().flat_map(|family| family.members.iter().chain(family.equals.keys()));
        let commits: Vec<Oid> = all.copied().collect::<BTreeSet<_>>().into_iter().collect();
        let changes = changes_of(place, &commits)?;
        let hunks = hunks(&bare_patches(place, &commits)?);
        let paths: BTreeSet<String> = changes.values().flatten().map(|change| change.path.clone()).collect();
        let tips = files_at(place, tips, &paths)?;
        let both = changes.values().flatten().flat_map(|change| [change.before, change.after]);
        let wanted: BTreeSet<Oid> = both.chain(tips.values().flat_map(HashMap::values).copied()).collect();
        let texts = blobs(place, &wanted)?;
        let text = |oid: &Oid| if oid.is_null() { Some(&[][..]) } else { texts.get(oid).map(Vec::as_slice) };
        let trace = |change: &Change| {
            let hunks = hunks.get(&(change.before, change.after))?;
            Trace::of(text(&change.before)?, text(&change.after)?, hunks)
        };
        let traces = changes.values().flatten().map(|change| (change.clone(), trace(change))).collect();
        let texts = texts.iter().map(|(oid, text)| (*oid, Lines::of(text))).collect();
        Ok(Self { changes, traces, tips, texts })
    }

    /// Does the tip hold what one of these commits left in a file? None if that can't be known.
    fn hold(&self, tip: Oid, commits: &BTreeSet<Oid>) -> Option<bool> {
        let files = self.tips.get(&tip)?;
        let changes = commits.iter().filter_map(|commit| self.changes.get(commit)).flatten();
        let (mut was_looked_at, mut is_blind) = (false, false);
        // What a commit removed wholly leaves nothing to look for.
        for change in changes.filter(|change| !change.after.is_null()) {
            was_looked_at = true;
            let Some(file) = files.get(&change.path) else { continue };
            if *file == change.after {
                return Some(true);
            }
            match (self.traces.get(change).and_then(Option::as_ref), self.texts.get(file)) {
                (Some(trace), Some(text)) if trace.is_in(text) => return Some(true),
                (Some(_), None) => is_blind = true,
                _ => {}
            }
        }
        (was_looked_at && !is_blind).then_some(false)
    }
}
