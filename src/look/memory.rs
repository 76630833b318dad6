//! What was private once is remembered for ever, in a file of plain lines: a commit that only private remotes had while an
//! embargo was on has leaked once a public ref shows it, also when both sides are equal by then.
//!
//! Of each such commit the id is remembered and looked for in every public ref. Its patch and its content are looked for as
//! well in what is new there, for the [`MOST`] newest of them that had neither on any public ref when they were first
//! seen: what was public already is no secret. A leak by patch or content that was found once is remembered with the commit
//! that shows it, and told for as long as a public ref shows that.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::divergence::{History, Leak, LeakHow, Leaks, Oid, Place as At, reached};
use crate::git::fixes::{Tip, look};
use crate::git::leaks::{Found, in_history, now, pointed_at, shown};
use crate::git::patches::Place;
use crate::git::{Below, Graph, Refs};
use crate::text::hex;

/// So many of the newest private commits are compared by patch and content; by id, all are.
pub const MOST: usize = 100;
/// So many of the newest commits that a public ref shows are told of it: they say which ref has to go.
pub const MOST_OF_A_REF: usize = 50;
/// Of so many commits at most it is looked which refs show them.
const MOST_SHOWN: usize = 1_000;
/// So many leaks are told at most.
const MOST_TOLD: usize = 10_000;
/// The first line of the file.
const HEAD: &str = "fixlead memory 1 – what was private once; removing it forgets that";

/// What is remembered of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// When it was looked at last.
    pub looked: Option<Timestamp>,
    /// Commits that only private remotes had while an embargo was on.
    private: BTreeMap<Oid, Private>,
    /// Private commits that were no secret when they were first seen: their patch or content was public.
    open: BTreeSet<Oid>,
    /// A private commit, and the public one that shows its patch or its content.
    leaked: BTreeSet<(Oid, LeakHow, Oid)>,
    /// What the public refs pointed to.
    public: BTreeMap<String, Oid>,
    /// Since when the public side of a branch has what the private one lacks.
    pub ahead: BTreeMap<String, Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Private {
    since: Timestamp,
    /// Its patch and content were nowhere public then.
    is_compared: bool,
}

/// The memory can't be relied on.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// It can't be read.
    #[error(
        "what was private before can't be read from {path}: {why}; nothing was changed: look at the file, then try again"
    )]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        why: io::Error,
    },
    /// It is not what was written.
    #[error(
        "what was private before is not known, for {path} is damaged; it was left as it is: put back a copy, or remove it to begin anew"
    )]
    Damaged {
        /// The file.
        path: String,
    },
}

/// What was private and is public.
#[derive(Clone, Debug)]
pub struct Early {
    /// The refs that show it, for the newest commits.
    pub leaks: Leaks,
    /// More than that is public.
    pub has_more: bool,
}

/// What there is to be seen of a component.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// The repository with all of it.
    pub place: Place<'a>,
    /// The history of all tips.
    pub graph: &'a Graph,
    /// What the public remote lists. To be listed after the private ones: what is pushed to both between is no secret.
    pub public: &'a Refs,
    /// What the refs of the private remotes point to.
    pub private: &'a BTreeSet<Oid>,
}

impl Sides<'_> {
    /// Which of these commits are on these public refs, and which were in their history once where that is asked. An error is
    /// why not everything could be looked at.
    fn find(&self, commits: &[Oid], public: &Refs, was_once: bool) -> Result<Vec<Leak>, String> {
        let private = self.private.iter().map(|commit| Tip { commit: *commit, is_private: true });
        let tips: Vec<Tip> =
            pointed_at(public).map(|commit| Tip { commit, is_private: false }).chain(private).collect();
        let mut below = Below::new(self.graph);
        let looked = look(
            self.place,
            commits,
            &tips,
            |tip, commit| if self.place.cancel.is_cancelled() { None } else { below.is_below(tip, commit) },
            None,
        );
        let found = Found { fixes: commits, tips: &tips, looked: &looked };
        let mut leaks = now(self.place, self.graph, found, commits, public);
        if was_once {
            in_history(self.place, self.graph, found, commits, public, &mut leaks, None)
                .map_err(|error| error.to_string())?;
        }
        looked.failed.map_or(Ok(leaks), Err)
    }

    /// Of each commit, whether one of these reaches it.
    fn reached(&self, tips: impl Iterator<Item = Oid>) -> Vec<bool> {
        reached(self.graph, tips.filter_map(|tip| self.graph.place(tip)))
    }
}

impl Memory {
    /// The public refs that show what was private: whatever the pair looks like by now. `known` are commits of which it is
    /// told anyway, as of embargoed fixes. Only to be asked under an embargo.
    pub fn early(&mut self, sides: Sides<'_>, known: &HashSet<Oid>) -> Early {
        let mut why = self.compare_new(sides, known).err();
        let shows = self.shows(sides, known);
        let mut has_more = shows.len() > MOST_SHOWN;
        let mut below = Below::new(sides.graph);
        let mut found: BTreeMap<(Oid, &String), Leak> = BTreeMap::new();
        let mut told: HashMap<&String, usize> = HashMap::new();
        for (fix, how, commit) in shows.into_iter().take(MOST_SHOWN) {
            for (reference, at) in shown(sides.public) {
                match below.is_below(at.commit.unwrap_or(at.object), commit) {
                    Some(true) if found.contains_key(&(fix, reference)) => {}
                    Some(true) => {
                        let of_ref = told.entry(reference).or_default();
                        if *of_ref >= MOST_OF_A_REF || found.len() >= MOST_TOLD {
                            has_more = true;
                            continue;
                        }
                        *of_ref += 1;
                        found.insert((fix, reference), Leak { fix, reference: reference.clone(), how, commit });
                    }
                    Some(false) => {}
                    None => _ = why.get_or_insert_with(|| "the history of a public ref ends too early".to_owned()),
                }
            }
        }
        let found = found.into_values().collect();
        let leaks = match why {
            None => Leaks::Looked { refs: sides.public.len(), found },
            Some(why) => Leaks::Unknown { why, found },
        };
        Early { leaks, has_more }
    }

    /// What was private, how it is public, and the public commit that shows it: the newest first.
    fn shows(&self, sides: Sides<'_>, known: &HashSet<Oid>) -> Vec<(Oid, LeakHow, Oid)> {
        let public = sides.reached(pointed_at(sides.public));
        let is_public = |commit: &Oid| sides.graph.place(*commit).is_some_and(|at| public[at as usize]);
        let by_id = self.private.keys().map(|commit| (*commit, LeakHow::Id, *commit));
        let shows = by_id.chain(self.leaked.iter().copied());
        let shows: BTreeSet<_> =
            shows.filter(|(private, _, commit)| !known.contains(private) && is_public(commit)).collect();
        let mut shows: Vec<_> = shows.into_iter().collect();
        shows.sort_by_key(|(private, ..)| Reverse(sides.graph.place(*private).map(|at| sides.graph.generation(at))));
        shows
    }

    /// Looks for the patch and the content of private commits in what is new on the public side.
    fn compare_new(&mut self, sides: Sides<'_>, known: &HashSet<Oid>) -> Result<(), String> {
        let seen: HashSet<Oid> = self.public.values().copied().collect();
        let new = sides.public.iter().filter(|(_, at)| !seen.contains(&at.object));
        let new: Refs = new.map(|(name, at)| (name.clone(), *at)).collect();
        let compared = self.private.iter().filter(|(commit, private)| {
            private.is_compared && !known.contains(commit) && sides.graph.place(**commit).is_some()
        });
        let mut compared: Vec<(Timestamp, Oid)> = compared.map(|(commit, private)| (private.since, *commit)).collect();
        compared.sort_unstable_by(|a, b| b.cmp(a));
        let compared: Vec<Oid> = compared.into_iter().take(MOST).map(|(_, commit)| commit).collect();
        if new.is_empty() || compared.is_empty() {
            return Ok(());
        }
        let was_public = sides.reached(seen.into_iter());
        let is_old = |commit: Oid| sides.graph.place(commit).is_some_and(|at| was_public[at as usize]);
        let found = sides.find(&compared, &new, true)?.into_iter();
        let found = found.filter(|leak| leak.how != LeakHow::Id && !is_old(leak.commit));
        self.leaked.extend(found.map(|leak| (leak.fix, leak.how, leak.commit)));
        Ok(())
    }

    /// Remembers what only the private remotes have, where the public one was listed just now and wholly.
    ///
    /// # Errors
    /// Why what is new could not be compared; it is not remembered then, for it may be no secret.
    pub fn remember(&mut self, sides: Sides<'_>, now: Timestamp) -> Result<(), String> {
        let public = sides.reached(pointed_at(sides.public));
        let was_public = sides.reached(self.public.values().copied());
        let private = sides.reached(sides.private.iter().copied());
        let only = (0..).zip(private.iter().zip(&public)).filter(|(_, (private, public))| **private && !**public);
        let named = only.filter_map(|(at, _): (At, _)| Some((at, sides.graph.oid(at)?)));
        let is_new = |(_, commit): &(At, Oid)| !self.private.contains_key(commit) && !self.open.contains(commit);
        let new: Vec<(At, Oid)> = named.filter(is_new).collect();
        // What was shown once is no secret, though it is not shown any more.
        let (old, new): (Vec<_>, Vec<_>) = new.into_iter().partition(|(at, _)| was_public[*at as usize]);
        self.open.extend(old.into_iter().map(|(_, commit)| commit));
        let mut new: Vec<(u32, Oid)> =
            new.into_iter().map(|(at, commit)| (sides.graph.generation(at), commit)).collect();
        new.sort_unstable_by(|a, b| b.cmp(a));
        let new: Vec<Oid> = new.into_iter().map(|(_, commit)| commit).collect();
        let (compared, rest) = new.split_at(new.len().min(MOST));
        let found = if compared.is_empty() { Vec::new() } else { sides.find(compared, sides.public, false)? };
        self.open.extend(found.iter().map(|leak| leak.fix));
        let all = compared.iter().map(|commit| (commit, true)).chain(rest.iter().map(|commit| (commit, false)));
        for (commit, is_compared) in all.filter(|(commit, _)| !self.open.contains(commit)) {
            self.private.insert(*commit, Private { since: now, is_compared });
        }
        self.public = sides.public.iter().map(|(name, at)| (name.clone(), at.object)).collect();
        self.looked = Some(now);
        Ok(())
    }

    /// There is no embargo: what is public now is no secret any more.
    pub fn disclose(&mut self, is_public: impl Fn(Oid) -> bool) {
        self.private.retain(|commit, _| !is_public(*commit));
        self.leaked.clear();
    }

    /// The commits that were private.
    #[must_use]
    pub fn commits(&self) -> Vec<Oid> {
        self.private.keys().copied().collect()
    }

    /// Since when anything private is remembered; none where nothing is.
    #[must_use]
    pub fn private_since(&self) -> Option<Timestamp> {
        self.private.values().map(|private| private.since).min()
    }

    /// Since when the public side of a branch is ahead, where it is so now.
    pub fn ahead_since(&mut self, branch: &str, is_ahead: bool, now: Timestamp) -> Option<Timestamp> {
        if !is_ahead {
            self.ahead.remove(branch);
            return None;
        }
        Some(*self.ahead.entry(branch.to_owned()).or_insert(now))
    }

    /// Reads it; nothing where there is no file.
    ///
    /// # Errors
    /// If there is a file that can't be read, or that is not in every line what was written.
    pub fn read(path: &Path) -> Result<Self, MemoryError> {
        let name = || crate::text::displayable(&path.to_string_lossy()).into_owned();
        match fs::read(path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(why) => Err(MemoryError::Unreadable { path: name(), why }),
            Ok(bytes) => String::from_utf8(bytes)
                .ok()
                .and_then(|text| Self::of(&text))
                .ok_or_else(|| MemoryError::Damaged { path: name() }),
        }
    }

    fn of(text: &str) -> Option<Self> {
        let (lines, end) = text.strip_suffix('\n')?.rsplit_once('\n')?;
        if end != format!("sum {}", sum(lines)) {
            return None;
        }
        let mut lines = lines.lines();
        let mut memory = Self::default();
        (lines.next()? == HEAD).then_some(())?;
        lines.try_for_each(|line| memory.take(line))?;
        Some(memory)
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        let mut words = rest.splitn(3, ' ');
        match word {
            "looked" => self.looked = Some(parsed(rest)?),
            "private" | "private-by-id" => {
                let (commit, since) = (parsed(words.next()?)?, parsed(words.next()?)?);
                self.private.insert(commit, Private { since, is_compared: word == "private" });
            }
            "open" => _ = self.open.insert(parsed(rest)?),
            "leaked" => {
                let (commit, how) = (parsed(words.next()?)?, words.next()?);
                let how = [LeakHow::Patch, LeakHow::Content].into_iter().find(|known| known.word() == how)?;
                self.leaked.insert((commit, how, parsed(words.next()?)?));
            }
            "public" => {
                let (oid, name) = rest.split_once(' ')?;
                self.public.insert(name.to_owned(), parsed(oid)?);
            }
            "ahead" => {
                let (since, branch) = rest.split_once(' ')?;
                self.ahead.insert(branch.to_owned(), parsed(since)?);
            }
            _ => return None,
        }
        Some(())
    }

    fn text(&self) -> String {
        let mut text = format!("{HEAD}\n");
        let mut line = |line: std::fmt::Arguments<'_>| _ = writeln!(text, "{line}");
        if let Some(looked) = self.looked {
            line(format_args!("looked {looked}"));
        }
        for (commit, Private { since, is_compared }) in &self.private {
            let word = if *is_compared { "private" } else { "private-by-id" };
            line(format_args!("{word} {commit} {since}"));
        }
        self.open.iter().for_each(|commit| line(format_args!("open {commit}")));
        for (private, how, commit) in &self.leaked {
            line(format_args!("leaked {private} {} {commit}", how.word()));
        }
        self.public.iter().for_each(|(name, oid)| line(format_args!("public {oid} {name}")));
        self.ahead.iter().for_each(|(branch, since)| line(format_args!("ahead {since} {branch}")));
        let sum = sum(text.trim_end_matches('\n'));
        text + &format!("sum {sum}\n")
    }

    /// Writes it, wholly or not at all, so that a power cut does not lose it. Only its owner may read it.
    ///
    /// # Errors
    /// If it can't be written; what was there is there still.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let new = path.with_extension(format!("{:08x}.new", fastrand::u32(..)));
        let fill = |mut file: File| {
            file.write_all(self.text().as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).and_then(fill);
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn sum(text: &str) -> String {
    hex(&Sha256::digest(text)[..16])
}
