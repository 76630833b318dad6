//! Embargoed fixes on public refs: every ref that the public remote lists is looked at, or it is not known what leaked.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::fixes::{Looked, Tip, look};
use super::once::{self, Sought};
use super::patches::Place;
use super::{Below, GitError, Graph, Refs};
use crate::divergence::Place as At;
use crate::divergence::{FixSeen, History, Leak, LeakHow, Leaks, Oid, TagAt};

/// A look at fixes with what it was a look at.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The fixes.
    pub fixes: &'a [Oid],
    /// The tips: of every public ref what it points to ([`pointed_at`]), and of the private ones.
    pub tips: &'a [Tip],
    /// What was seen.
    pub looked: &'a Looked,
}

/// What the refs of a remote point to: a commit, where it is known which one a tag stands for.
pub fn pointed_at(refs: &Refs) -> impl Iterator<Item = Oid> {
    refs.values().map(|at| at.commit.unwrap_or(at.object))
}

/// Which embargoed fixes are on which public refs. `public` is all that the public remote lists; `blind` is why that is
/// not all that it shows, or not known for now. A fix on a ref is told once, by the first that holds:
///
/// - `id`: the ref reaches the very commit;
/// - `patch`: it reaches a commit with the same patch, or an adapted backport that names the fix: either way one commit brings
///   the change as such. Whether it was reverted since plays no part, for the history shows it;
/// - `content`: what it points to holds what the fix left in a file, or a commit that it reaches brought such a file, be it
///   gone by now or under another path. What the public history held before the fix was made is no secret: a fix that takes
///   back a change leaves files as they were before.
///
/// `HEAD` is not told beside the branch that it stands for.
#[must_use]
pub fn find(
    place: Place<'_>,
    graph: &Graph,
    found: Found<'_>,
    embargoed: &[Oid],
    public: &Refs,
    blind: Option<&str>,
    kept: Option<&Path>,
) -> Leaks {
    let (mut leaks, mut unseen) = at_tips(place, graph, found, embargoed, public, kept);
    if let Err(error) = in_history(place, graph, found, embargoed, public, &mut leaks, kept) {
        unseen.add("the public history", &error.to_string());
    }
    if let Some(why) = blind {
        unseen = Unseen { first: Some(why.to_owned()), count: unseen.count + 1 };
    }
    match unseen.told() {
        None => Leaks::Looked { refs: public.len(), found: leaks },
        Some(why) => Leaks::Unknown { why, found: leaks },
    }
}

/// As [`find`], but of content only what the refs point to: what is public now, not what was so once.
#[must_use]
pub fn now(place: Place<'_>, graph: &Graph, found: Found<'_>, embargoed: &[Oid], public: &Refs) -> Vec<Leak> {
    at_tips(place, graph, found, embargoed, public, None).0
}

fn at_tips(
    place: Place<'_>,
    graph: &Graph,
    found: Found<'_>,
    embargoed: &[Oid],
    public: &Refs,
    kept: Option<&Path>,
) -> (Vec<Leak>, Unseen) {
    let tips: HashMap<Oid, usize> = found.tips.iter().enumerate().map(|(at, tip)| (tip.commit, at)).collect();
    let refs: Vec<(&String, Oid)> = refs(public).collect();
    let (mut leaks, mut unseen) = (Vec::new(), Unseen::default());
    for fix in embargoed.iter().copied().collect::<BTreeSet<_>>() {
        let all = found.fixes.iter().position(|known| *known == fix).and_then(|at| found.looked.seen.get(at));
        for (reference, tip) in refs.iter().copied() {
            let seen = tips.get(&tip).and_then(|place| all?.get(*place));
            match seen.map(|seen| recognised(seen, tip)) {
                Some(Ok(Some((how, commit)))) => {
                    leaks.push((tip, Leak { fix, reference: reference.clone(), how, commit }));
                }
                Some(Ok(None)) => {}
                Some(Err(why)) => unseen.add(reference, why),
                None => unseen.add(reference, "it was not looked at"),
            }
        }
    }
    let old = what_was_public_before(place, graph, found, &leaks, kept);
    let is_leak = |(tip, leak): &(Oid, Leak)| leak.how != LeakHow::Content || !old.contains(&(leak.fix, *tip));
    (leaks.into_iter().filter(is_leak).map(|(_, leak)| leak).collect(), unseen)
}

/// Adds the refs that reach a commit which brought the content of a fix. Of a fix that is not here, at the tips it is known
/// that nothing is known.
///
/// # Errors
/// If git fails, or is cancelled; nothing is added then.
pub fn in_history(
    place: Place<'_>,
    graph: &Graph,
    found: Found<'_>,
    embargoed: &[Oid],
    public: &Refs,
    leaks: &mut Vec<Leak>,
    kept: Option<&Path>,
) -> Result<(), GitError> {
    let sought = found.fixes.iter().zip(&found.looked.members).filter(|(fix, _)| embargoed.contains(fix));
    let sought: Vec<Sought<'_>> = sought.map(|(fix, members)| Sought { fix: *fix, members }).collect();
    let here: Vec<(&String, Oid)> = refs(public).filter(|(_, tip)| graph.place(*tip).is_some()).collect();
    let tips: BTreeSet<Oid> = here.iter().map(|(_, tip)| *tip).collect();
    let shown = once::shown(place, graph, &sought, &tips, kept)?;
    let mut told: HashSet<(Oid, String)> = leaks.iter().map(|leak| (leak.fix, leak.reference.clone())).collect();
    let mut below = Below::new(graph);
    for (fix, commits) in shown {
        for commit in commits {
            for (reference, tip) in &here {
                if below.is_below(*tip, commit) == Some(true) && told.insert((fix, (*reference).clone())) {
                    let reference = (*reference).clone();
                    leaks.push(Leak { fix, reference, how: LeakHow::Content, commit });
                }
            }
        }
    }
    Ok(())
}

/// Where each ref that is shown leads to.
fn refs(public: &Refs) -> impl Iterator<Item = (&String, Oid)> {
    shown(public).map(|(name, at)| (name, at.commit.unwrap_or(at.object)))
}

/// The refs without a `HEAD` that is one of the branches.
pub fn shown(public: &Refs) -> impl Iterator<Item = (&String, &TagAt)> {
    let is_branch =
        |object: Oid| public.iter().any(|(name, at)| name.starts_with("refs/heads/") && at.object == object);
    let head = public.get("HEAD").is_some_and(|head| is_branch(head.object));
    public.iter().filter(move |(name, _)| !(head && *name == "HEAD"))
}

/// By what a fix was recognised at a tip, and the commit that holds it. An error is why that is not known.
fn recognised(seen: &FixSeen, tip: Oid) -> Result<Option<(LeakHow, Oid)>, &str> {
    let by_id = seen.by_id.map(|commit| (LeakHow::Id, commit));
    let by_patch = seen.by_patch.or(seen.by_trailer).map(|commit| (LeakHow::Patch, commit));
    match (by_id.or(by_patch), seen.content, &seen.unseen) {
        (Some(found), ..) => Ok(Some(found)),
        (None, Some(true), _) => Ok(Some((LeakHow::Content, tip))),
        (None, Some(false), None) => Ok(None),
        (None, _, why) => Err(why.as_deref().unwrap_or("its files were not looked at")),
    }
}

/// Why not everything could be looked at: the first reason, and how many there are.
#[derive(Default)]
struct Unseen {
    first: Option<String>,
    count: usize,
}

impl Unseen {
    fn add(&mut self, reference: &str, why: &str) {
        self.first.get_or_insert_with(|| format!("{}: {why}", crate::text::displayable(reference)));
        self.count += 1;
    }

    fn told(self) -> Option<String> {
        let first = self.first?;
        Some(if self.count == 1 { first } else { format!("{first}; and {} more like this", self.count - 1) })
    }
}

/// The fixes whose content a tip has from where it left the history of the fix, so that it was public before.
fn what_was_public_before(
    place: Place<'_>,
    graph: &Graph,
    found: Found<'_>,
    leaks: &[(Oid, Leak)],
    kept: Option<&Path>,
) -> HashSet<(Oid, Oid)> {
    let mut tips: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
    for (tip, leak) in leaks.iter().filter(|(_, leak)| leak.how == LeakHow::Content) {
        tips.entry(leak.fix).or_default().insert(*tip);
    }
    let mut forks: HashMap<(Oid, Oid), Vec<Oid>> = HashMap::new();
    for (fix, tips) in &tips {
        let Some(below) = graph.place(*fix).map(|fix| Before::of(graph, fix)) else { continue };
        for tip in tips {
            let left = graph.place(*tip).and_then(|tip| below.left_at(graph, tip)).unwrap_or_default();
            forks.insert((*fix, *tip), left.into_iter().filter_map(|at| graph.oid(at)).collect());
        }
    }
    if forks.values().all(Vec::is_empty) {
        return HashSet::new();
    }
    let fixes: Vec<Oid> = tips.into_keys().collect();
    let old = forks.values().flatten().copied().collect::<BTreeSet<Oid>>();
    let at: HashMap<Oid, usize> = old.iter().enumerate().map(|(at, commit)| (*commit, at)).collect();
    let private = found.tips.iter().filter(|tip| tip.is_private).copied();
    let all: Vec<Tip> = old.iter().map(|commit| Tip { commit: *commit, is_private: false }).chain(private).collect();
    let mut reaches = Below::new(graph);
    let looked = look(place, &fixes, &all, |tip, commit| reaches.is_below(tip, commit), kept);
    let held = |fix: &Oid, commit: &Oid| {
        let fix = fixes.iter().position(|known| known == fix);
        fix.is_some_and(|fix| looked.seen[fix][at[commit]].content == Some(true))
    };
    let is_old = |((fix, _), forks): &(&(Oid, Oid), &Vec<Oid>)| {
        !forks.is_empty() && forks.iter().all(|commit| held(fix, commit))
    };
    forks.iter().filter(is_old).map(|(pair, _)| *pair).collect()
}

/// All commits below a fix.
struct Before(Vec<bool>);

impl Before {
    fn of(graph: &Graph, fix: At) -> Self {
        let mut below = vec![false; graph.count()];
        let mut to_do = vec![fix];
        while let Some(commit) = to_do.pop() {
            if !std::mem::replace(&mut below[commit as usize], true) {
                graph.parents(commit, |parent| to_do.push(parent));
            }
        }
        Self(below)
    }

    /// Where the history of a tip leaves it; none if that can't be known.
    fn left_at(&self, graph: &Graph, tip: At) -> Option<Vec<At>> {
        let (mut seen, mut left, mut to_do) = (HashSet::new(), Vec::new(), vec![tip]);
        while let Some(commit) = to_do.pop() {
            if !seen.insert(commit) {
                continue;
            }
            if self.0[commit as usize] {
                left.push(commit);
            } else if !graph.parents(commit, |parent| to_do.push(parent)) {
                return None;
            }
        }
        Some(left)
    }
}
