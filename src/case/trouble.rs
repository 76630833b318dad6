//! What can stand in the way of a case, in words for a person who knows nothing of files, and the ways out of it.
//!
//! The store says what it found; from here on screen and verbs tell the same of it. No text of a case is in here but
//! what a person is asked about.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::conflict::Question;
use crate::schedule::{ago, stamp};

/// An older version of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// When it was put away, which is when the next one was saved. It names the version.
    pub at: Timestamp,
    /// When the last thing in it was done.
    pub until: Option<Timestamp>,
    /// The last thing in it, in words; blank where there is none.
    pub last: String,
    /// How many things were done since, as far as that can be told.
    pub since: Option<usize>,
    /// How many things it holds that the case as it is now does not.
    pub more: usize,
}

impl Version {
    /// «Tue 24 Nov 13:00 UTC, 2h ago».
    #[must_use]
    pub fn when(&self, now: Timestamp) -> String {
        format!("{}, {}", stamp(self.at, now, &TimeZone::UTC, "UTC"), ago(self.at, now))
    }

    /// «3 things were done since».
    #[must_use]
    pub fn since(&self) -> String {
        let since = match self.since {
            None => return String::new(),
            Some(0) if self.more == 0 => "nothing was done since: only what is typed, or written by hand, differs",
            Some(0) => "",
            Some(1) => "1 thing was done since",
            Some(count) => &format!("{count} things were done since"),
        };
        let more = match self.more {
            0 => "",
            1 => "it holds 1 thing more than now",
            count => &format!("it holds {count} things more than now"),
        };
        let glue = if since.is_empty() || more.is_empty() { "" } else { "; " };
        format!("{since}{glue}{more}")
    }

    /// The same for a column: «3 since, 1 more».
    #[must_use]
    pub fn since_in_short(&self) -> String {
        match (self.since, self.more) {
            (None, _) => String::new(),
            (Some(0), 0) => "the same".to_owned(),
            (Some(since), 0) => format!("{since} since"),
            (Some(0), more) => format!("{more} more"),
            (Some(since), more) => format!("{since} since, {more} more"),
        }
    }
}

/// What happened to a case as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is not there any more.
    Deleted,
    /// The folder is not there any more.
    FolderGone,
    /// There is nothing in it.
    Empty,
    /// Only zeros are left of it.
    Zeros,
    /// A merge of two versions was not finished.
    Merge,
    /// It was saved in another encoding.
    Encoding,
    /// It breaks off, or was changed so that it makes no sense.
    Broken,
    /// Far too large.
    TooLarge,
    /// Something else lies in its place.
    NotAFile,
    /// The system does not let it be read.
    Unreadable,
}

impl Damage {
    /// A sentence without a full stop.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Deleted => "The stored case was deleted",
            Self::FolderGone => "The folder with the stored case is gone",
            Self::Empty => "The stored case is empty: it was emptied, or the machine failed while it was written",
            Self::Zeros => "Only zeros are left of the stored case, as after a crash of the machine",
            Self::Merge => "Two versions of the stored case were merged elsewhere, and that was not finished",
            Self::Encoding => "The stored case was saved by another program in a way that can't be read (not as UTF-8)",
            Self::Broken => "The stored case breaks off, or was changed by hand so that it makes no sense any more",
            Self::TooLarge => "The stored case has become far too large to be opened",
            Self::NotAFile => "Something else lies in the place of the stored case",
            Self::Unreadable => "The system does not let the stored case be read",
        }
    }

    fn is_gone(self) -> bool {
        matches!(self, Self::Deleted | Self::FolderGone)
    }
}

/// What stands in the way of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// The stored case can't be read.
    Damaged {
        /// What happened to it.
        damage: Damage,
        /// The newest older version that is good; none if there is none.
        good: Option<Version>,
        /// That version is on the screen.
        is_shown: bool,
        /// What was done and is not in that version, in words, as far as it can still be read.
        missing: Vec<String>,
        /// Where the damaged one lies, and where in it the fault is.
        place: String,
    },
    /// The same happened while the case was open: what is in memory is newer than anything stored.
    Overtaken {
        /// What happened.
        damage: Damage,
        /// The folder of all cases where that is gone too, such as with its disk: it has to come back first.
        away: Option<String>,
        /// Where what is in memory lies as well, if it could be put beside the case.
        kept: Option<String>,
        /// Where, for those who want to know.
        place: String,
    },
    /// A save failed.
    NotSaved {
        /// Why, as a clause without a full stop.
        why: String,
    },
    /// The same things were changed here and elsewhere.
    Conflict(Vec<Question>),
    /// A newer program wrote it.
    Newer {
        /// Its schema.
        schema: i64,
    },
    /// Another screen has it open.
    Held {
        /// Which.
        by: String,
    },
    /// It may not be written.
    NotWritable {
        /// Why, as a clause without a full stop.
        why: String,
    },
    /// An older version that somebody looks at.
    Older(Version),
    /// This copy was handed over.
    HandedOver {
        /// To whom.
        to: String,
    },
}

/// What a person can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WayOut {
    /// Go on reading, or decide later: nothing changes.
    Later,
    /// The older version that is shown takes the place of the damaged one.
    Restore,
    /// What is in memory is stored again.
    PutBack,
    /// Save, or look, once more.
    Again,
    /// A copy goes to another place.
    CopyElsewhere,
    /// A copy from another place comes back.
    BringBack,
    /// The older versions.
    Versions,
    /// What was changed here counts.
    Mine,
    /// What was changed elsewhere counts.
    Theirs,
    /// Leave, and lose what could not be saved.
    Lose,
}

/// One way out: a key and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its key on the card.
    pub key: char,
    /// What it is.
    pub out: WayOut,
    /// What it does, as a sentence without a full stop.
    pub does: String,
}

impl WayOut {
    fn key(self) -> char {
        match self {
            Self::Later => 'l',
            Self::Restore | Self::PutBack => 'p',
            Self::Again => 'r',
            Self::CopyElsewhere => 'c',
            Self::BringBack => 'b',
            Self::Versions => 'v',
            Self::Mine => 'm',
            Self::Theirs => 't',
            Self::Lose => 'X',
        }
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Restore => "restore",
            Self::PutBack => "put_back",
            Self::Again => "again",
            Self::CopyElsewhere => "copy_elsewhere",
            Self::BringBack => "bring_back",
            Self::Versions => "versions",
            Self::Mine => "mine",
            Self::Theirs => "theirs",
            Self::Lose => "lose",
        }
    }

    fn does(self, does: impl Into<String>) -> Way {
        Way { key: self.key(), out: self, does: does.into() }
    }
}

/// A trouble in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What it is.
    pub title: String,
    /// What happened, what is shown, what is missing, what is kept; a sentence or two each.
    pub lines: Vec<String>,
    /// Where things lie: for those who know their way among files.
    pub place: String,
}

/// At most so many things that are missing are told by name.
const TOLD: usize = 4;

impl Trouble {
    /// The same where the good version of a damaged case is not on the screen.
    #[must_use]
    pub fn not_shown(mut self) -> Self {
        if let Self::Damaged { is_shown, .. } = &mut self {
            *is_shown = false;
        }
        self
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "damaged",
            Self::Overtaken { .. } => "overtaken",
            Self::NotSaved { .. } => "not_saved",
            Self::Conflict(_) => "conflict",
            Self::Newer { .. } => "newer",
            Self::Held { .. } => "held",
            Self::NotWritable { .. } => "not_writable",
            Self::Older(_) => "older",
            Self::HandedOver { .. } => "handed_over",
        }
    }

    /// Does it come up by itself? What is so for good, and is in order, does not.
    #[must_use]
    pub fn comes_up(&self) -> bool {
        !matches!(self, Self::HandedOver { .. } | Self::Older(_))
    }

    /// Does the last line tell of it for as long as it lasts?
    #[must_use]
    pub fn is_told(&self) -> bool {
        !matches!(self, Self::HandedOver { .. })
    }

    /// Can the case only be read because of it?
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        !matches!(self, Self::NotSaved { .. } | Self::Overtaken { .. } | Self::Conflict(_))
    }

    /// The ways out, the harmless best one first. None of them but [`WayOut::Lose`] loses anything.
    #[must_use]
    pub fn ways(&self) -> Vec<Way> {
        let versions = || WayOut::Versions.does("look at the older versions");
        let read_on = || WayOut::Later.does("go on reading");
        let copy = || WayOut::CopyElsewhere.does("keep a copy in another place");
        match self {
            Self::Damaged { good: Some(_), is_shown, .. } => vec![
                WayOut::Restore.does("put this version in place and go on working; the damaged one is kept"),
                versions(),
                WayOut::BringBack.does("take a copy from another place instead"),
                WayOut::Later.does(if *is_shown { "only read for now; nothing changes" } else { "leave it as it is" }),
            ],
            Self::Damaged { good: None, .. } => vec![
                WayOut::Later.does("leave it as it is; nothing changes"),
                WayOut::BringBack.does("put a copy from another place in; what is there is kept"),
            ],
            Self::Overtaken { away: Some(_), .. } => vec![
                WayOut::Again.does("store what you see, once that folder is there again"),
                copy(),
                WayOut::Later.does("go on for now, in memory only"),
            ],
            Self::Overtaken { damage, .. } => {
                let kept = if damage.is_gone() { "" } else { "; the damaged one is kept" };
                vec![
                    WayOut::PutBack.does(format!("store what you see again, and go on working{kept}")),
                    copy(),
                    WayOut::Later.does("go on for now, in memory only"),
                ]
            }
            Self::NotSaved { .. } => vec![
                WayOut::Again.does("try to save again"),
                copy(),
                WayOut::Later.does("go on for now, in memory only"),
            ],
            Self::Conflict(_) => vec![
                WayOut::Later.does("decide later"),
                WayOut::Mine.does("yours counts"),
                WayOut::Theirs.does("theirs stays; yours is kept aside"),
            ],
            Self::Newer { .. } | Self::HandedOver { .. } => vec![read_on()],
            Self::Held { .. } => vec![WayOut::Again.does("try again to take it over here"), read_on()],
            Self::NotWritable { .. } => vec![WayOut::Again.does("look again whether it can be changed now"), read_on()],
            Self::Older(_) => vec![
                WayOut::Again.does("back to the case as it is now"),
                WayOut::Restore.does("go back to this version; what was done since is kept"),
                versions(),
            ],
        }
    }

    /// How it stands after one more try that did not help, as a clause without a full stop.
    #[must_use]
    pub fn still(&self) -> String {
        match self {
            Self::Overtaken { away: Some(folder), .. } => format!("the folder {folder} is not there"),
            Self::Held { .. } => "it is still open there".to_owned(),
            Self::NotSaved { why } | Self::NotWritable { why } => why.clone(),
            _ => "it is still so".to_owned(),
        }
    }

    /// The verb that is the way out, if there is one.
    #[must_use]
    pub fn verb(&self, id: &str) -> Option<String> {
        match self {
            Self::Damaged { good: Some(_), .. } => Some(format!("fixlead case restore {id}")),
            Self::Damaged { good: None, .. } => Some(format!("fixlead case restore {id} --from FILE")),
            Self::Conflict(_) => Some(format!("fixlead case resolve {id}")),
            Self::Older(version) => Some(format!("fixlead case restore {id} --version {}", version.at)),
            _ => None,
        }
    }

    /// All there is to tell.
    #[must_use]
    pub fn words(&self, now: Timestamp) -> Words {
        let (title, lines, place): (&str, Vec<String>, &str) = match self {
            Self::Damaged { damage, good, is_shown, missing, place } => {
                let title = if damage.is_gone() { "The stored case is gone" } else { "The stored case is damaged" };
                (title, damaged_lines(*damage, good.as_ref().map(|good| (good, *is_shown)), missing, now), place)
            }
            Self::Overtaken { damage, away, kept, place } => {
                let seen = match kept {
                    Some(kept) => format!("in memory, and in {kept}."),
                    None => "but in memory only.".to_owned(),
                };
                let mut lines = vec![
                    format!("{}.", damage.says()),
                    format!("That happened while you had it open. All that you see and did is there, {seen}"),
                ];
                lines.extend(away.as_ref().map(|folder| {
                    format!("There is no folder {folder}: plug its disk in or put it back, then r. Or c keeps a copy elsewhere.")
                }));
                let is_kept = kept.is_some();
                let title = if is_kept {
                    "NOT SAVED: what you see is kept beside the case"
                } else {
                    "NOT SAVED: what you see is nowhere else"
                };
                (title, lines, place)
            }
            Self::NotSaved { why } => {
                let lines = vec![
                    format!("The save failed: {why}."),
                    "Everything you did is kept in memory, and what was saved before is as it was.".to_owned(),
                ];
                ("NOT SAVED", lines, "")
            }
            Self::Conflict(questions) => {
                let count = questions.len();
                let things = if count == 1 { "One thing was".to_owned() } else { format!("{count} things were") };
                let line = format!(
                    "{things} changed here and elsewhere. Which counts? Until you say so, theirs does, and \
                     the question stays."
                );
                ("Changed on both sides", vec![line], "")
            }
            Self::Newer { schema } => {
                let lines = vec![
                    format!("A newer fixlead wrote this case (its format is number {schema}; this one knows 1)."),
                    "You see what this one understands of it. It can only be read here, so that nothing of it is lost."
                        .to_owned(),
                    "To change it, update fixlead on this machine, or use the one that wrote it.".to_owned(),
                ];
                ("This case is from a newer fixlead", lines, "")
            }
            Self::Held { by } => {
                let lines = vec![
                    "Another screen has this case open, so that it can only be read here.".to_owned(),
                    "What is changed there shows up here by itself. Close it there, then take it over.".to_owned(),
                ];
                ("This case is open in another screen", lines, by)
            }
            Self::NotWritable { why } => {
                let lines = vec![format!("It can only be read: {why}.")];
                ("This case can't be changed here", lines, "")
            }
            Self::Older(version) => {
                let since = if version.since.is_some() { format!("; {}", version.since()) } else { String::new() };
                let mut lines = vec![format!("It was put away {}{since}.", version.when(now))];
                if !version.last.is_empty() {
                    lines.push(format!("Last in it: {}.", version.last));
                }
                ("You look at an older version", lines, "")
            }
            Self::HandedOver { to } => {
                ("This case was handed over", vec![format!("{to} goes on with it; this copy can only be read.")], "")
            }
        };
        Words { title: title.to_owned(), lines, place: place.to_owned() }
    }
}

/// As a clause behind «read-only», «NOT SAVED», or at home.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { damage, good, .. } => {
                let state = if damage.is_gone() { "gone" } else { "damaged" };
                match good {
                    Some(version) => {
                        let at = stamp(version.at, version.at, &TimeZone::UTC, "UTC");
                        write!(f, "the stored case is {state}; the version of {at} is good")
                    }
                    None => write!(f, "the stored case is {state}, and there is no older version"),
                }
            }
            Self::Overtaken { damage, kept, .. } => {
                let state = if damage.is_gone() { "gone" } else { "damaged" };
                match kept {
                    Some(kept) => write!(f, "the stored case is {state}; what you see is in {kept}"),
                    None => write!(f, "the stored case is {state}"),
                }
            }
            Self::NotSaved { why } | Self::NotWritable { why } => f.write_str(why),
            Self::Conflict(questions) => match questions.len() {
                1 => f.write_str("1 thing was changed here and elsewhere"),
                count => write!(f, "{count} things were changed here and elsewhere"),
            },
            Self::Newer { schema } => {
                write!(f, "a newer fixlead wrote it (format {schema}); update this one to change it")
            }
            Self::Held { by } => write!(f, "it is open in another screen ({by})"),
            Self::Older(version) => {
                write!(f, "this is the version of {}", stamp(version.at, version.at, &TimeZone::UTC, "UTC"))
            }
            Self::HandedOver { to } => write!(f, "it was handed over to {to}"),
        }
    }
}

fn damaged_lines(damage: Damage, good: Option<(&Version, bool)>, missing: &[String], now: Timestamp) -> Vec<String> {
    let mut lines = vec![format!("{}.", damage.says())];
    let Some((version, is_shown)) = good else {
        lines.push("There is no good older version of it on this machine, so nothing can be shown.".to_owned());
        lines.push(
            "If a copy of it lies elsewhere, such as in the backups of this machine, it can be put in.".to_owned(),
        );
        return lines;
    };
    let last = if version.last.is_empty() { String::new() } else { format!(" Last in it: {}.", version.last) };
    let begin = if is_shown { "You see the newest good version" } else { "There is a good version" };
    lines.push(format!("{begin}, put away {}.{last}", version.when(now)));
    if missing.is_empty() {
        let at = stamp(version.at, now, &TimeZone::UTC, "UTC");
        lines.push(format!("Missing in it is what was saved last, at {at}, and what came in later."));
    } else {
        let more = missing.len().saturating_sub(TOLD);
        let behind = if more > 0 { format!("; and {more} more") } else { String::new() };
        let told: Vec<&str> = missing.iter().rev().take(TOLD).rev().map(String::as_str).collect();
        lines.push(format!("Missing in it: {}{behind}.", told.join("; ")));
    }
    lines
}

#[cfg(test)]
mod tests;
