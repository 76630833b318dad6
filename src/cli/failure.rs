//! Why a verb did not do what it was asked to, with the exit code that says so.

use serde_json::{Value, json};

use super::output::shown;
use crate::case::{Obstacle, Refusal};
use crate::runtime::world::{WorldError, fault_lines};
use crate::schedule::InstantError;
use crate::text::cap;

/// Nothing was written; most failures say so.
pub const UNCHANGED: &str = "nothing was changed";

/// The longest part of what is told, in characters: what was quoted is known to who wrote it.
const LONGEST: usize = 2_000;

/// What kind of failure it is. Each has one exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It could not be done.
    Failed,
    /// The step does not apply.
    Hidden,
    /// The command line can't be taken.
    Usage,
    /// A gate, a prerequisite, «not before» or evidence stands in the way.
    Blocked,
    /// The rules of the process do not allow it.
    NotAllowed,
    /// The codename is missing or wrong.
    Codename,
    /// There is no such thing.
    NotFound,
    /// It could not be written.
    NotSaved,
    /// Somebody else holds the case.
    Held,
    /// This copy was handed over.
    HandedOver,
    /// Something got out that must not be public.
    Leaked,
    /// A signal ended it.
    Stopped {
        /// The number of the signal.
        signal: u8,
    },
}

impl Kind {
    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Failed | Self::Hidden => 1,
            Self::Usage => 2,
            Self::Blocked | Self::NotAllowed | Self::Codename => 3,
            Self::NotFound => 4,
            Self::NotSaved => 5,
            Self::Held | Self::HandedOver => 6,
            Self::Leaked => 11,
            // As a shell tells it of a program that the signal has killed.
            Self::Stopped { signal } => 128 + signal,
        }
    }

    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Hidden => "hidden",
            Self::Usage => "usage",
            Self::Blocked => "blocked",
            Self::NotAllowed => "not_allowed",
            Self::Codename => "codename",
            Self::NotFound => "not_found",
            Self::NotSaved => "not_saved",
            Self::Held => "held",
            Self::HandedOver => "handed_over",
            Self::Leaked => "leaked",
            Self::Stopped { .. } => "stopped",
        }
    }
}

/// A failure as it is told: what; what was kept; what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its kind.
    pub kind: Kind,
    /// What went wrong.
    pub what: String,
    /// What was kept.
    pub kept: &'static str,
    /// What to do now; may be blank.
    pub then: String,
    /// What stands in the way, one line each.
    pub missing: Vec<Obstacle>,
    /// Faults of a file, one line each.
    pub faults: Vec<String>,
}

impl Failure {
    /// A failure of a kind.
    #[must_use]
    pub fn new(kind: Kind, what: impl Into<String>, then: impl Into<String>) -> Self {
        let (what, then) = (what.into(), then.into());
        Self { kind, what, kept: UNCHANGED, then, missing: Vec::new(), faults: Vec::new() }
    }

    /// The command line can't be taken.
    #[must_use]
    pub fn usage(what: impl Into<String>, then: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what, then)
    }

    /// As lines for standard error.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = [self.what.as_str(), self.kept, self.then.as_str()];
        let parts: Vec<String> =
            parts.into_iter().filter(|part| !part.is_empty()).map(|part| shown(&cap(part, LONGEST))).collect();
        let mut lines = vec![format!("fixlead: {}", parts.join("; "))];
        lines.extend(self.missing.iter().map(|obstacle| {
            let (id, text) = (shown(&obstacle.id), shown(&cap(&obstacle.text, LONGEST)));
            format!("  {} {id}: {text}", obstacle.kind.word())
        }));
        lines.extend(self.faults.iter().map(|fault| format!("  {}", shown(&cap(fault, LONGEST)))));
        lines.join("\n")
    }

    /// As JSON for standard error.
    #[must_use]
    pub fn json(&self) -> Value {
        let missing =
            |obstacle: &Obstacle| json!({ "kind": obstacle.kind.word(), "id": obstacle.id, "text": obstacle.text });
        let mut error = json!({
            "kind": self.kind.word(),
            "message": self.what,
            "kept": self.kept,
            "then": self.then,
            "missing": self.missing.iter().map(missing).collect::<Vec<_>>(),
        });
        if !self.faults.is_empty() {
            error["faults"] = json!(self.faults);
        }
        json!({ "error": error })
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        match refusal {
            Refusal::Blocked { title, missing, .. } => {
                let then = "do what is missing, or give a reason with --override, which the timeline keeps";
                Self { missing, ..Self::new(Kind::Blocked, format!("«{title}» can't be done yet"), then) }
            }
            Refusal::NeedsCodename { .. } => Self::new(Kind::Codename, text, ""),
            Refusal::WrongCodename => {
                Self { kept: "", ..Self::new(Kind::Codename, text, "type it as «case list» shows it") }
            }
            Refusal::Hidden { .. } => Self::new(Kind::Hidden, text, "answer other facts if that is wrong"),
            Refusal::NotFound { what: "component" | "vulnerability" | "open access of", .. } => {
                Self::new(Kind::NotFound, text, "«fixlead case show» names what there is")
            }
            Refusal::NotFound { .. } => Self::new(Kind::NotFound, text, "«fixlead playbook show» names what there is"),
            Refusal::NotAllowed(_) | Refusal::NoteChanged { .. } => Self::new(Kind::NotAllowed, text, ""),
            // A caller that treats «it is so already» as success never gets here with it.
            Refusal::Nothing(_) => Self::new(Kind::Failed, text, ""),
            Refusal::BadValue(_) => Self::usage(text, ""),
            Refusal::HandedOver { .. } => Self::new(Kind::HandedOver, text, "ask the one who has it now"),
        }
    }
}

impl From<WorldError> for Failure {
    fn from(error: WorldError) -> Self {
        let text = error.to_string();
        match error {
            WorldError::NoHome | WorldError::NoTheme { .. } => Self::usage(text, ""),
            WorldError::NoPlaybook { .. } | WorldError::NoProject { .. } => Self::new(Kind::NotFound, text, ""),
            WorldError::Faulty { path, faults } => {
                let lines = fault_lines(&path, &faults);
                Self { faults: lines, ..Self::new(Kind::Failed, format!("{path} has faults"), "mend them") }
            }
            WorldError::Unreadable { .. } => Self::new(Kind::Failed, text, ""),
        }
    }
}

impl From<InstantError> for Failure {
    fn from(error: InstantError) -> Self {
        Self::usage(error.to_string(), "")
    }
}
