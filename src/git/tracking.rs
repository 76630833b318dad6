//! Where the person's clone would push its branches, or what they follow: one `git push` too many is how an embargo ends.

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::error::shown;
use super::patches::Place;
use super::refs::name;
use super::repository::Setting;
use super::spot::Spot;
use super::url::{Rewrite, Url, rewritten};
use super::{Cancel, Git, GitError, Limits};
use crate::divergence::{Oid, TrackRow, Tracking, matches};

/// So many worktrees with settings of their own are looked at.
const WORKTREES: usize = 64;

/// What a clone is looked at for.
pub struct Clone<'a> {
    /// The program.
    pub git: &'a Git,
    /// Its git folder.
    pub folder: &'a Path,
    /// The settings that hold in it.
    pub settings: &'a [Setting],
    /// Ends it.
    pub cancel: &'a Cancel,
}

/// The local branches of a clone with their tips.
///
/// # Errors
/// If git fails, or is cancelled.
pub fn branches(clone: &Clone<'_>) -> Result<Vec<(String, Oid)>, GitError> {
    let mut branches = Vec::new();
    let list = clone.place().run(&["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/"]);
    list.limits(Limits::brief()).records(b'\n', |line| {
        let line = name(line);
        let told =
            line.split_once(" refs/heads/").and_then(|(oid, branch)| Some((branch.to_owned(), oid.parse().ok()?)));
        branches.extend(told);
        ControlFlow::Continue(())
    })?;
    Ok(branches)
}

/// The URLs of the repositories of a component.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Of those that are private.
    pub private: Vec<Url>,
    /// Of those that everybody may read.
    pub public: Vec<Url>,
}

/// Each of these local branches, which hold something private, with each place to which git would push it or that it follows.
/// A place is safe only if it is a private one, and can't be a public one as well.
#[must_use]
pub fn read(clone: &Clone<'_>, places: &Places, holders: &[&str]) -> Tracking {
    clone.rows(places, holders).unwrap_or_else(|error| Tracking::Unknown(error.to_string()))
}

impl<'a> Clone<'a> {
    fn place(&self) -> Place<'a> {
        Place { git: self.git, repository: self.folder, cancel: self.cancel }
    }

    fn rows(&self, places: &Places, holders: &[&str]) -> Result<Tracking, GitError> {
        let worktrees = self.worktrees();
        if worktrees.len() > WORKTREES {
            return Ok(Tracking::Unknown("the clone has too many worktrees with settings of their own".to_owned()));
        }
        let own = worktrees.iter().map(|folder| Setting::all(self.git, folder, self.cancel));
        let own: Vec<Vec<Setting>> = own.collect::<Result<_, _>>()?;
        let mut rows = BTreeSet::new();
        for settings in [self.settings].into_iter().chain(own.iter().map(Vec::as_slice)) {
            let settings = match Settings::of(settings, self.folder) {
                Ok(settings) => settings,
                Err(why) => return Ok(Tracking::Unknown(why)),
            };
            let safe = settings.spots(places);
            rows.extend(holders.iter().flat_map(|branch| settings.rows(branch, &safe)));
        }
        let rows = rows.into_iter().map(|(branch, url, why_not)| TrackRow { branch, url, why_not });
        Ok(Tracking::Looked(rows.collect()))
    }

    /// The git folders of those of its worktrees that have settings of their own.
    fn worktrees(&self) -> Vec<PathBuf> {
        let worktrees = fs::read_dir(self.folder.join("worktrees")).into_iter().flatten().flatten();
        worktrees.map(|entry| entry.path()).filter(|folder| folder.join("config.worktree").exists()).collect()
    }
}

/// The settings that hold in a clone.
struct Settings<'a> {
    all: &'a [Setting],
    rewrites: Vec<Rewrite>,
    /// Relative paths lie below it.
    base: &'a Path,
}

impl<'a> Settings<'a> {
    /// The settings of the clone with this git folder, or why they say not all.
    fn of(all: &'a [Setting], folder: &'a Path) -> Result<Self, String> {
        if all.iter().any(|setting| setting.key.starts_with("includeif.onbranch:")) {
            return Err("other settings hold on other branches of the clone (includeIf onbranch)".to_owned());
        }
        let has_old = |part: &str| fs::read_dir(folder.join(part)).is_ok_and(|mut entries| entries.next().is_some());
        if has_old("remotes") || has_old("branches") {
            return Err("the clone has remotes of an old kind, as files in .git/remotes or .git/branches".to_owned());
        }
        let rewrite = |setting: &Setting| Rewrite::of_setting(&setting.scope, &setting.key, &setting.value);
        let base = if folder.ends_with(".git") { folder.parent().unwrap_or(folder) } else { folder };
        Ok(Self { all, rewrites: all.iter().filter_map(rewrite).collect(), base })
    }

    fn values<'s>(&'s self, key: &'s str) -> impl DoubleEndedIterator<Item = &'s str> {
        self.all.iter().filter(move |setting| setting.key == key).map(|setting| setting.value.as_str())
    }

    fn last(&self, key: &str) -> Option<String> {
        self.values(key).next_back().filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The names of the remotes.
    fn remotes(&self) -> BTreeSet<&str> {
        let name = |key: &'a str| {
            let rest = key.strip_prefix("remote.")?;
            Some(&rest[..rest.rfind('.')?])
        };
        self.all.iter().filter_map(|setting| name(&setting.key)).collect()
    }

    /// Where private repositories are, also by the person's own settings: it is from there that they were read. Those settings
    /// may lead to a public one.
    fn spots(&self, places: &Places) -> BTreeSet<Spot> {
        let own: Vec<Rewrite> = self.rewrites.iter().filter(|rewrite| !rewrite.is_of_repository()).cloned().collect();
        let spot = |url: &Url| Spot::of(url.as_str(), self.base);
        let asked = |url: &Url| rewritten(url, &own).ok().map(|url| spot(&url));
        let public: Vec<Spot> =
            places.public.iter().flat_map(|url| asked(url).into_iter().chain([spot(url)])).collect();
        let mut private: BTreeSet<Spot> = places.private.iter().filter_map(asked).collect();
        private.retain(|private| !public.iter().any(|public| public.may_be(private)));
        private
    }

    /// Branch, place as it may be shown, and why that is not safe.
    fn rows(&self, branch: &str, safe: &BTreeSet<Spot>) -> BTreeSet<(String, String, Option<String>)> {
        let urls = self.goes_to(branch).into_iter().flat_map(|remote| self.urls(&remote));
        let row = |url: String| {
            let is_safe = safe.contains(&Spot::of(&url, self.base));
            let why = "it is no repository of this component that is private only";
            (branch.to_owned(), shown(&url), (!is_safe).then(|| why.to_owned()))
        };
        urls.map(row).collect()
    }

    /// The remotes, by name or URL, to which a branch would be pushed, or which it follows.
    fn goes_to(&self, branch: &str) -> BTreeSet<String> {
        let of_branch = |setting: &str| self.last(&format!("branch.{branch}.{setting}"));
        let remotes = self.remotes();
        let follows = of_branch("remote");
        let usual = || {
            let only = remotes.iter().next().filter(|_| remotes.len() == 1);
            if remotes.contains("origin") { Some("origin".to_owned()) } else { only.map(|name| (*name).to_owned()) }
        };
        let pushed = of_branch("pushremote").or_else(|| self.last("remote.pushdefault"));
        let pushed = pushed.or_else(|| follows.clone()).or_else(usual);
        let default = self.last("push.default");
        let pushed = pushed.filter(|_| default.as_deref() != Some("nothing"));
        // A push of any branch to these takes this one along.
        let along =
            remotes.iter().filter(|remote| default.as_deref() == Some("matching") || self.takes(remote, branch));
        let along = along.map(|remote| (*remote).to_owned());
        // «.» is the clone itself.
        pushed.into_iter().chain(follows).chain(along).filter(|remote| remote != ".").collect()
    }

    /// Does a push to this remote take the branch along, whatever branch is pushed?
    fn takes(&self, remote: &str, branch: &str) -> bool {
        let is_mirror = self.last(&format!("remote.{remote}.mirror"));
        let is_mirror =
            is_mirror.is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "false" | "no" | "off" | "0"));
        let key = format!("remote.{remote}.push");
        is_mirror || self.values(&key).any(|refspec| covers(refspec, branch))
    }

    /// Where a push to a remote goes.
    fn urls(&self, remote: &str) -> Vec<String> {
        let values = |setting: &str| -> Vec<String> {
            let key = format!("remote.{remote}.{setting}");
            self.values(&key).filter(|url| !url.is_empty()).map(str::to_owned).collect()
        };
        let (mut urls, pushurls) = (values("url"), values("pushurl"));
        if urls.is_empty() {
            // What is no remote's name is a URL.
            urls.push(remote.to_owned());
        }
        // Settings for pushes only don't count where the URLs for pushes are named.
        let (named, is_plain) = if pushurls.is_empty() { (urls, true) } else { (pushurls, false) };
        let sent = named.iter().map(|url| self.sent(url, is_plain));
        match self.last(&format!("remote.{remote}.vcs")) {
            // A program of another kind takes it, and nobody knows where.
            Some(helper) => sent.map(|url| format!("{helper}::{url}")).collect(),
            None => sent.collect(),
        }
    }

    /// Where a setting sends a URL: git follows the longest beginning that fits, once.
    fn sent(&self, url: &str, is_push: bool) -> String {
        let fits = |rewrite: &&Rewrite| url.starts_with(&rewrite.begins);
        let longest = |pushes_only: bool| {
            let all = self.rewrites.iter().filter(|rewrite| rewrite.pushes_only == pushes_only).filter(fits);
            // Of equally long ones git takes the first.
            all.rev().max_by_key(|rewrite| rewrite.begins.len())
        };
        let rewrite = longest(true).filter(|_| is_push).or_else(|| longest(false));
        rewrite.map_or_else(|| url.to_owned(), |rewrite| format!("{}{}", rewrite.becomes, &url[rewrite.begins.len()..]))
    }
}

/// Does a refspec for pushes take this branch? What can't be told is taken to do so.
fn covers(refspec: &str, branch: &str) -> bool {
    let from = refspec.trim_start_matches('+').split(':').next().unwrap_or_default();
    let full = format!("refs/heads/{branch}");
    match from {
        // All that both have, or whatever is checked out.
        "" | "HEAD" | "@" => true,
        _ if from.starts_with('^') => false,
        _ if from.contains(['~', '^', '@', '{']) || from.parse::<Oid>().is_ok() => true,
        _ => [from, &format!("refs/{from}"), &format!("refs/heads/{from}")].iter().any(|from| matches(from, &full)),
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_refspec_takes_the_branches_that_it_names_and_those_that_nobody_can_tell() {
        for refspec in [
            ":",
            "+:",
            "HEAD",
            "HEAD:refs/for/main",
            "refs/heads/*:refs/heads/*",
            "+refs/*:refs/*",
            "fix/1",
            "heads/fix/1:main",
            "refs/heads/fix/1",
            "fix/*",
            "@{-1}:main",
            "main~0:x",
            &"a".repeat(40),
        ] {
            assert!(covers(refspec, "fix/1"), "{refspec}");
        }
        for refspec in
            ["main", "refs/heads/main:refs/heads/fix/1", "refs/tags/*:refs/tags/*", "^refs/heads/fix/1", "fix"]
        {
            assert!(!covers(refspec, "fix/1"), "{refspec}");
        }
    }
}
