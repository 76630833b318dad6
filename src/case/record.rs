//! What `case.toml` holds, table by table. Names here are the names in the file and never change.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::playbook::{CloseAs, Value};

/// The layout of `case.toml` that this program writes.
pub const SCHEMA: i64 = 1;

/// One case as it is stored. Instants are in UTC and have whole seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Layout of the file, [`SCHEMA`].
    pub schema: i64,
    /// The codename: two random words, never made from the title.
    pub id: String,
    /// What the case is about. Never shown where others may look over the shoulder.
    pub title: String,
    /// Embargo state.
    pub state: State,
    /// `projects/NAME.toml` of the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Who leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Out of the way, but kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub archived: bool,
    /// The process the case was started with.
    pub playbook: PlaybookRef,
    /// How the case ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// Deadlines were put off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_down: Option<SlowDown>,
    /// Something got out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leak: Option<Leak>,
    /// The case is on its way to another lead, or has just come from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<HandOver>,
    /// Answers; an unanswered fact is unknown and not here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// Instants by anchor.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub anchors: BTreeMap<String, AnchorTime>,
    /// What is wrong in the code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vulnerability: Vec<Vulnerability>,
    /// What is released.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub component: Vec<Component>,
    /// The commits that mend it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<Fix>,
    /// Phases whose deadline was moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phase: Vec<PhaseRecord>,
    /// Steps that were touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub step: Vec<StepRecord>,
    /// Who takes part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub person: Vec<Person>,
    /// The access ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grant: Vec<Grant>,
    /// What was decided or vouched for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decision: Vec<Decision>,
    /// Texts in the making.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draft: Vec<Draft>,
    /// What was sent, per channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub send: Vec<Send>,
    /// The timeline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event: Vec<Event>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Embargo state. Only a person changes it; no clock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is public.
    Embargo,
    /// Exposing steps have begun: what they expose is no leak.
    Releasing,
    /// Declared public by the lead.
    Public,
    /// Something got out too early.
    Leaked,
    /// Ended.
    Closed,
}

impl State {
    /// Its word in files and conditions.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Embargo => "embargo",
            Self::Releasing => "releasing",
            Self::Public => "public",
            Self::Leaked => "leaked",
            Self::Closed => "closed",
        }
    }
}

impl State {
    /// Its word on screen and in text.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Embargo => "EMBARGO",
            Self::Releasing => "RELEASING",
            Self::Public => "PUBLIC",
            Self::Leaked => "LEAKED",
            Self::Closed => "CLOSED",
        }
    }
}

/// The process a case follows: the text with this hash lies beside the case file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaybookRef {
    /// Id of the playbook.
    pub id: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// The instants of an anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AnchorTime {
    /// When it happened.
    At(Timestamp),
    /// The end of the embargo: planned, promised, happened.
    Release(ReleaseTimes),
}

/// The three instants of the release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseTimes {
    /// Aimed at; nothing is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Timestamp>,
    /// Promised in public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Timestamp>,
    /// Happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Timestamp>,
}

impl ReleaseTimes {
    /// The instant that counts: what happened, else what was promised, else the target.
    #[must_use]
    pub fn effective(&self) -> Option<Timestamp> {
        self.actual.or(self.announced).or(self.target)
    }
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// As what; none after a release and its retrospective.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub ending: Option<CloseAs>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Deadlines were put off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowDown {
    /// No deadline of a span comes before this.
    pub until: Timestamp,
    /// Why.
    pub why: String,
    /// Where it was discussed.
    pub discussed: String,
}

/// Something got out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// How much.
    pub extent: LeakExtent,
    /// What was seen, and where.
    pub what: String,
    /// When it was reported.
    pub at: Timestamp,
    /// The lead has dealt with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
}

/// How much got out; the worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeakExtent {
    /// Something.
    Partial,
    /// Everything.
    Full,
}

impl LeakExtent {
    /// Its word in files and conditions.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }
}

/// A case on its way between two leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// The next lead.
    pub to: String,
    /// When it was sent.
    pub at: Timestamp,
    /// What the next lead should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// This copy was received and waits to be accepted; otherwise it was sent and is read-only.
    #[serde(default, skip_serializing_if = "is_false")]
    pub received: bool,
}

/// One vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// `V1`, `V2`, ….
    pub id: String,
    /// CVE id, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cve: Option<String>,
    /// CWE id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwe: Option<String>,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What users can do until the fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitigation: Option<String>,
    /// Its scores, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub score: Vec<Score>,
    /// Versions, per component and release line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<Affected>,
}

/// One entry in the history of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// `S1`, `S2`, ….
    pub id: String,
    /// The CVSS vector.
    pub vector: String,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The last word.
    #[serde(default, rename = "final", skip_serializing_if = "is_false")]
    pub is_final: bool,
}

/// Versions of one component that a vulnerability touches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// `A1`, `A2`, ….
    pub id: String,
    /// Id of the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Release line, such as `3.9`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// First affected version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduced: Option<String>,
    /// First fixed version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<String>,
}

/// What is released.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Short name.
    pub id: String,
    /// Package URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    /// URLs by role: canonical, security, dev.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub urls: BTreeMap<String, String>,
    /// Path of a local clone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clone: Option<String>,
    /// Branches that get the fix.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<String>,
    /// Pattern of its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    /// File that pins its version elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// How far the mirror may lag, as a span such as `2h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror_lag: Option<String>,
}

/// A commit that mends a vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// `F1`, `F2`, ….
    pub id: String,
    /// Id of the vulnerability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vulnerability: Option<String>,
    /// Id of the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// A phase whose deadline was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseRecord {
    /// Id of the phase.
    pub id: String,
    /// Where it was moved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// What a person has said of a step, or of one item of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Id of the step.
    pub id: String,
    /// Which of the things it is done for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What was said last.
    #[serde(default)]
    pub state: StepState,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When it took this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Who is waited for; `at` says since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_on: Option<String>,
    /// Its deadline, moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Notes, one a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Links to what was done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// How somebody knows what the machine could not see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested: Option<String>,
}

/// What is stored of a step. Hidden and blocked are derived, never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Nobody has begun.
    #[default]
    Todo,
    /// Somebody is at it.
    Doing,
    /// It waits for somebody.
    Waiting,
    /// Somebody said that it is done.
    Done,
    /// Set aside with a reason.
    NotApplicable,
}

impl StepState {
    /// Is there nothing more to do?
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::NotApplicable)
    }
}

/// Somebody who takes part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Short id; `reporter` is the one who reported.
    pub id: String,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Role of the playbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// How to reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Fingerprint of their key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How they wish to be credited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// When they were promised to hear again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
}

/// Access that somebody was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// `G1`, `G2`, ….
    pub id: String,
    /// Who has it.
    pub who: String,
    /// To what.
    pub what: String,
    /// Since when.
    pub at: Timestamp,
    /// Who gave it.
    pub by: String,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// Who ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
}

/// Something a person decided or vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// `D1`, `D2`, ….
    pub id: String,
    /// The gate it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The statement.
    pub text: String,
    /// How they know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A text in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Id of the message, or the form and field of the screen that it was typed into: `note/em.fix.develop/note`.
    pub id: String,
    /// What it is: `message`, `correction` or `field`.
    #[serde(default)]
    pub kind: String,
    /// The text.
    #[serde(default)]
    pub text: String,
    /// Why it was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When it was last typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// A message that went out on one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// Random.
    pub id: String,
    /// Id of the message.
    pub message: String,
    /// Channel.
    pub channel: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Permalink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The text that went out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Record {
    /// What is stored of a step as a whole, or of one item.
    #[must_use]
    pub fn step(&self, id: &str, item: Option<&str>) -> Option<&StepRecord> {
        self.step.iter().find(|step| step.id == id && step.item.as_deref() == item)
    }

    /// The same to change, made if it was not touched before.
    pub(super) fn step_mut(&mut self, id: &str, item: Option<&str>) -> &mut StepRecord {
        let known = self.step.iter().position(|step| step.id == id && step.item.as_deref() == item);
        let index = known.unwrap_or_else(|| {
            self.step.push(StepRecord { id: id.to_owned(), item: item.map(str::to_owned), ..StepRecord::default() });
            self.step.len() - 1
        });
        &mut self.step[index]
    }

    /// The instant of an anchor that counts.
    #[must_use]
    pub fn anchor(&self, id: &str) -> Option<Timestamp> {
        match self.anchors.get(id)? {
            AnchorTime::At(at) => Some(*at),
            AnchorTime::Release(times) => times.effective(),
        }
    }

    /// The three instants of a release anchor.
    #[must_use]
    pub fn release(&self, id: &str) -> ReleaseTimes {
        match self.anchors.get(id) {
            Some(AnchorTime::Release(times)) => *times,
            Some(AnchorTime::At(at)) => ReleaseTimes { target: Some(*at), ..ReleaseTimes::default() },
            None => ReleaseTimes::default(),
        }
    }

    /// How far the case got towards the public, whatever leaked since: declared public, exposing, or neither.
    #[must_use]
    pub(super) fn reached(&self) -> State {
        // An override can begin the exposure as well, so that the kinds of events do not tell.
        let took = |word: &str| {
            self.event.iter().any(|event| event.after.get("state").and_then(|state| state.as_str()) == Some(word))
        };
        match self.state {
            State::Public => State::Public,
            _ if took("public") => State::Public,
            State::Releasing => State::Releasing,
            _ if took("releasing") => State::Releasing,
            _ => State::Embargo,
        }
    }

    /// The state that the case goes back to when its leak has been dealt with.
    #[must_use]
    pub(super) fn without_leak(&self) -> State {
        if self.closing.is_some() { State::Closed } else { self.reached() }
    }

    /// Is there a leak that the lead has not closed?
    #[must_use]
    pub fn open_leak(&self) -> Option<&Leak> {
        self.leak.as_ref().filter(|leak| leak.closed.is_none())
    }
}
