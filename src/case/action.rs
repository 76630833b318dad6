//! Everything that can be done to a case, and why it may be refused.

use jiff::Timestamp;

use super::record::LeakExtent;
use crate::playbook::{CloseAs, Value, Verdicts};

/// What a caller knows beside the case: values only, so that any moment can be tested.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The instant of the action.
    pub now: Timestamp,
    /// Who acts.
    pub by: &'a str,
    /// A fresh random id for the event.
    pub event_id: &'a str,
    /// What the machine has found.
    pub verdicts: &'a Verdicts,
}

/// One thing that is done to a case. Keys and verbs share this list; nothing else changes a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A step, or one item of it, is done.
    Do(Tick),
    /// The machine saw that a step, or one item of it, is done.
    Observe {
        /// The step.
        step: String,
        /// One of its items; none for all of them.
        item: Option<String>,
    },
    /// Somebody begins a step.
    Start {
        /// The step.
        step: String,
        /// The codename, typed, for a step that exposes the fix.
        codename: Option<String>,
        /// Why it begins although something is missing.
        override_why: Option<String>,
    },
    /// A settled step is open again.
    Reopen {
        /// The step.
        step: String,
        /// One item of it.
        item: Option<String>,
    },
    /// A step waits for somebody.
    Wait {
        /// The step.
        step: String,
        /// For whom.
        on: String,
    },
    /// A step is somebody's.
    Assign {
        /// The step.
        step: String,
        /// Whose.
        who: String,
    },
    /// A note on a step.
    Note {
        /// The step.
        step: String,
        /// The note.
        text: String,
    },
    /// The notes of a step, written anew; without a text there are none.
    Rewrite {
        /// The step.
        step: String,
        /// Its notes as the person saw them: what others noted since is never written over. None takes whatever is there.
        was: Option<String>,
        /// All of its notes.
        text: String,
    },
    /// A link on a step.
    Link {
        /// The step.
        step: String,
        /// The link.
        url: String,
    },
    /// A step does not apply.
    SetAside {
        /// The step.
        step: String,
        /// One item of it.
        item: Option<String>,
        /// Why.
        why: String,
    },
    /// Answers become known, or unknown again.
    SetFacts(Vec<(String, Option<Value>)>),
    /// An instant becomes known, or moves.
    SetAnchor {
        /// The anchor.
        anchor: String,
        /// Which of the three instants of a release.
        which: ReleaseInstant,
        /// When; none makes it unknown.
        at: Option<Timestamp>,
        /// Why.
        why: Option<String>,
    },
    /// The deadline of a step or a phase moves.
    Move {
        /// Step or phase.
        target: String,
        /// Where to.
        to: Timestamp,
        /// Why.
        why: String,
    },
    /// All deadlines that run for a span are put off.
    SlowDown {
        /// Until when.
        until: Timestamp,
        /// Why.
        why: String,
        /// Where it was discussed.
        discussed: String,
    },
    /// Somebody gets access.
    Grant {
        /// Who.
        who: String,
        /// To what.
        what: String,
    },
    /// Access ends.
    Revoke {
        /// Whose.
        who: String,
        /// To what.
        what: String,
    },
    /// The case goes to another lead.
    HandOver {
        /// To whom.
        to: String,
        /// What the next lead should know.
        note: Option<String>,
    },
    /// A case that came in is taken over.
    Accept,
    /// The last thing that can be taken back is taken back.
    Undo,
    /// What was taken back is done again.
    Redo,
    /// Exposing begins.
    Expose {
        /// The codename, typed.
        codename: String,
    },
    /// The lead declares it public.
    Publish,
    /// Something got out.
    ReportLeak {
        /// How much.
        extent: LeakExtent,
        /// What was seen, and where.
        what: String,
    },
    /// The leak has been dealt with.
    CloseLeak {
        /// How.
        why: String,
    },
    /// The case ends.
    Close {
        /// As what; none after a release and its retrospective.
        ending: Option<CloseAs>,
        /// Why.
        why: Option<String>,
    },
    /// The case goes on with another process.
    Switch(Box<SwitchTo>),
    /// Out of the way.
    Archive,
    /// Back again.
    Unarchive,
    /// Typed fields of the file, all or none: a path with dots, such as `vulnerability.V1.cve`, and the value as text;
    /// an empty one removes the field.
    Set(Vec<(String, String)>),
    /// The same things were changed here and elsewhere, and what was changed here counts: addresses with their values;
    /// none takes a field away.
    Resolve(Vec<(String, Option<toml::Value>)>),
    /// Another version took the place of the case: the one that was put away at this instant, or a copy from elsewhere.
    /// It is said in the version that is put in place, and changes nothing else of it.
    Restore {
        /// When the version was put away; none for a copy.
        of: Option<Timestamp>,
    },
    /// A vulnerability is scored.
    Score {
        /// Which.
        vulnerability: String,
        /// CVSS vector.
        vector: String,
        /// Why.
        why: Option<String>,
        /// The last word.
        is_final: bool,
    },
}

impl Action {
    /// Sets one field.
    #[must_use]
    pub fn set(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Set(vec![(path.into(), value.into())])
    }
}

/// What goes with a tick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tick {
    /// The step.
    pub step: String,
    /// One item; none is all.
    pub item: Option<String>,
    /// Who did it, if not the one who acts.
    pub who: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// A link.
    pub link: Option<String>,
    /// Answers that come with it.
    pub facts: Vec<(String, Option<Value>)>,
    /// How somebody knows what the machine could not see.
    pub attest: Option<String>,
    /// Why it is done although something is missing.
    pub override_why: Option<String>,
    /// The codename, typed, for a step that exposes the fix.
    pub codename: Option<String>,
}

impl Tick {
    /// A plain tick of a step.
    #[must_use]
    pub fn of(step: &str) -> Self {
        Self { step: step.to_owned(), ..Self::default() }
    }
}

/// Which of the three instants of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseInstant {
    /// Aimed at.
    Target,
    /// Promised.
    Announced,
    /// Happened.
    Actual,
}

impl ReleaseInstant {
    /// All with their words.
    pub const ALL: [(&'static str, Self); 3] =
        [("target", Self::Target), ("announced", Self::Announced), ("actual", Self::Actual)];
}

/// The process that a case switches to.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchTo {
    /// The playbook.
    pub playbook: std::sync::Arc<crate::playbook::Playbook>,
    /// SHA-256 of its text.
    pub sha256: String,
}

/// Something that stands in the way of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What kind of thing it is.
    pub kind: ObstacleKind,
    /// Id of the step, gate, fact or anchor, or the word of the check.
    pub id: String,
    /// In words.
    pub text: String,
}

/// What can stand in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObstacleKind {
    /// A step that comes first.
    Step,
    /// A gate that is not open.
    Gate,
    /// An instant that has not come.
    NotBefore,
    /// A question that is not answered.
    Fact,
    /// Evidence that is missing, or speaks against it.
    Check,
}

impl ObstacleKind {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Gate => "gate",
            Self::NotBefore => "not_before",
            Self::Fact => "fact",
            Self::Check => "check",
        }
    }
}

/// Why an action was not carried out. The case is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Gates, prerequisites, «not before», facts or evidence stand in the way; an override goes past them.
    #[error("{}", blocked_text(title, missing))]
    Blocked {
        /// The step.
        step: String,
        /// Its title.
        title: String,
        /// All that is missing.
        missing: Vec<Obstacle>,
    },
    /// The step exposes the fix: the codename has to be typed.
    #[error("«{title}» makes the fix public: say the codename of the case to go on")]
    NeedsCodename {
        /// Title of the step.
        title: String,
    },
    /// What was typed is not the codename.
    #[error("that is not the codename of this case; nothing was done")]
    WrongCodename,
    /// It does not apply.
    #[error("«{title}» does not apply: {why}")]
    Hidden {
        /// Title of the step.
        title: String,
        /// Why.
        why: String,
    },
    /// Others changed the notes of the step meanwhile.
    #[error("the note was changed since: nothing was done")]
    NoteChanged {
        /// As they are now.
        now: String,
    },
    /// There is no such thing.
    #[error("there is no {what} {id}{}", hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default())]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// What was given.
        id: String,
        /// What was probably meant.
        hint: Option<String>,
    },
    /// It is so already.
    #[error("{0}")]
    Nothing(String),
    /// The rules of the process do not allow it.
    #[error("{0}")]
    NotAllowed(String),
    /// The value can't be taken.
    #[error("{0}")]
    BadValue(String),
    /// This copy was handed over and is read-only.
    #[error("this case was handed over to {to}; this copy is read-only")]
    HandedOver {
        /// To whom.
        to: String,
    },
}

fn blocked_text(title: &str, missing: &[Obstacle]) -> String {
    let list: Vec<&str> = missing.iter().map(|obstacle| obstacle.text.as_str()).collect();
    format!("«{title}» can't be done yet: {}", list.join("; "))
}
