//! The shape of a playbook, as `docs/playbooks.md` describes it key by key.

use super::check::Check;
use super::condition::{Condition, Value};
use super::deadline::{Deadline, Due};
use super::span::Span;
use crate::cvss::Version;

/// One process as data.
#[derive(Clone, Debug, PartialEq)]
pub struct Playbook {
    /// Short id, as in `case new --playbook ID`.
    pub id: String,
    /// What people call the process.
    pub name: String,
    /// One line on what it covers.
    pub summary: String,
    /// The document it was written from.
    pub source: String,
    /// What the lead is asked.
    pub facts: Vec<FactDef>,
    /// Instants that deadlines refer to.
    pub anchors: Vec<AnchorDef>,
    /// Who does what.
    pub roles: Vec<Role>,
    /// Where messages go.
    pub channels: Vec<Channel>,
    /// How the process scores, if it does.
    pub cvss: Option<CvssUse>,
    /// Who assigns CVE ids, if the process says so.
    pub cve: Option<CveAuthority>,
    /// The hour and weekdays that a release should hit, if the process says so.
    pub release_window: Option<ReleaseWindow>,
    /// What changes the schedule, as long as its condition holds.
    pub rules: Vec<Rule>,
    /// Promises on how long something may take.
    pub slas: Vec<Sla>,
    /// What must not happen.
    pub leak_rules: Vec<LeakRule>,
    /// What the process itself leaves open.
    pub questions: Vec<OpenQuestion>,
    /// Phases in their order, with their steps.
    pub phases: Vec<Phase>,
    /// What must be true before a step.
    pub gates: Vec<Gate>,
}

/// A question to the lead whose answer conditions may use.
#[derive(Clone, Debug, PartialEq)]
pub struct FactDef {
    /// Id, as in conditions and `--fact ID=VALUE`.
    pub id: String,
    /// The question.
    pub ask: String,
    /// What answers there are.
    pub kind: FactKind,
    /// The answer that is offered first. It is never taken for granted.
    pub default: Option<Value>,
    /// The step that asks it; without one it is asked at the start.
    pub unknown_until: Option<String>,
}

/// The type of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactKind {
    /// One of these: id and label.
    Choice(Vec<(String, String)>),
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
    /// Any text.
    Text,
}

impl FactKind {
    /// Is this value one of the answers?
    #[must_use]
    pub fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::YesNo, Value::Flag(_)) | (Self::Text, Value::Text(_)) => true,
            (Self::Number, Value::Number(number)) => number.is_finite(),
            (Self::Choice(choices), Value::Text(text)) => choices.iter().any(|(id, _)| id == text),
            _ => false,
        }
    }
}

/// A named instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorDef {
    /// Id, as in deadlines.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Whether it starts the clock or ends the embargo.
    pub marks: Option<Marks>,
    /// Only a person can enter it; no step stamps it.
    pub ask: bool,
}

/// What an anchor marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// The clock starts here.
    Start,
    /// The embargo ends here. Such an anchor has a target, an announced and an actual instant.
    EmbargoEnd,
}

/// A part that people play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it does.
    pub duties: Vec<String>,
    /// How the role passes on, in words.
    pub rotation: Option<String>,
}

/// A place where messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Id.
    pub id: String,
    /// email, slack, issue, web, repo, social or other.
    pub medium: String,
    /// Where it is; none where each project has to say so.
    pub address: Option<String>,
    /// Who can read it.
    pub visibility: Visibility,
    /// What it is for.
    pub purpose: String,
}

/// Who can read a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Anyone.
    Public,
    /// The people of the case and their teams.
    Private,
    /// Others, under the embargo.
    Embargoed,
}

/// How a process scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CvssUse {
    /// The version whose base score drives the process.
    pub version: String,
    /// The role with the last word.
    pub final_call: String,
}

/// Who assigns CVE ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CveAuthority {
    /// The CNA.
    pub authority: String,
    /// Where requests go.
    pub address: Option<String>,
    /// How requests are made.
    pub method: Option<String>,
    /// What a request holds.
    pub fields: Vec<String>,
    /// Why the authority can't be used as the source says.
    pub stale: Option<String>,
}

/// When a release should happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseWindow {
    /// Hour and minute.
    pub time: jiff::civil::Time,
    /// IANA name of the zone.
    pub zone: String,
    /// Weekdays it may fall on.
    pub weekdays: Vec<jiff::civil::Weekday>,
}

/// Something that changes the schedule or demands something while its condition holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Id.
    pub id: String,
    /// When it holds; none is always.
    pub when: Option<Condition>,
    /// What it does.
    pub effect: Effect,
    /// What people are told.
    pub text: String,
    /// Steps that stay when the case leaves the process.
    pub keeps: Vec<String>,
    /// How a case that leaves the process is closed.
    pub close_as: Option<CloseAs>,
    /// Where it comes from.
    pub source: String,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Every deadline becomes «as soon as possible».
    Asap,
    /// A slow-down is allowed.
    MaySlowDown,
    /// The schedule follows another project's.
    FollowUpstream,
    /// The rest of the process does not apply.
    LeaveProcess,
    /// Something to know.
    Note,
}

/// How a case can end other than by a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseAs {
    /// There is no vulnerability.
    Invalid,
    /// Another case has it.
    Duplicate,
    /// It is fixed in the open as any bug.
    OpenBug,
    /// It is described, without a release.
    NoRelease,
    /// The report was taken back.
    Withdrawn,
}

impl CloseAs {
    /// All endings with their words.
    pub const ALL: [(&'static str, Self); 5] = [
        ("invalid", Self::Invalid),
        ("duplicate", Self::Duplicate),
        ("open-bug", Self::OpenBug),
        ("no-release", Self::NoRelease),
        ("withdrawn", Self::Withdrawn),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, ending)| *ending == self).map_or("", |(word, _)| word)
    }
}

/// A promise on how long something may take.
#[derive(Clone, Debug, PartialEq)]
pub struct Sla {
    /// Id.
    pub id: String,
    /// When it applies; none is always.
    pub when: Option<Condition>,
    /// How long; none is as soon as possible.
    pub within: Option<Span>,
    /// The anchor it runs from.
    pub after: String,
    /// What is promised.
    pub text: String,
    /// An example value: each project sets its own.
    pub example: bool,
    /// The earliest instant that can be promised, no latest one.
    pub earliest: bool,
    /// Where it comes from.
    pub source: String,
}

/// What must not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakRule {
    /// Id.
    pub id: String,
    /// The rule.
    pub text: String,
    /// What the program itself can watch.
    pub forbids: Option<String>,
    /// Where it comes from.
    pub source: String,
}

/// What a process leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuestion {
    /// The question.
    pub ask: String,
    /// Where its authors lean.
    pub leaning: Option<String>,
    /// Where it comes from.
    pub source: String,
}

/// A part of the process.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Id, unique in the playbook.
    pub id: String,
    /// Title.
    pub title: String,
    /// Deadline of its steps, where they have none of their own.
    pub due: Due,
    /// The anchor that must have come before its steps.
    pub not_before: Option<String>,
    /// Which divergence between private and public is planned meanwhile.
    pub expects: Option<String>,
    /// Its steps in order.
    pub steps: Vec<Step>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that the process says of a step")]
pub struct Step {
    /// Id, unique in the playbook.
    pub id: String,
    /// What to do, in a few words.
    pub title: String,
    /// How, and when it is done.
    pub detail: String,
    /// Who does it.
    pub role: String,
    /// Its own deadline; none takes the phase's.
    pub due: Option<Due>,
    /// When it applies; none is always.
    pub when: Option<Condition>,
    /// Steps that come first.
    pub after: Vec<String>,
    /// It can be left out.
    pub optional: bool,
    /// Anchors that its completion stamps.
    pub sets: Vec<Stamp>,
    /// Facts that are asked with it.
    pub asks: Vec<String>,
    /// Where Enter leads.
    pub opens: Option<String>,
    /// A command to copy, with `<…>` for what is to be filled in.
    pub command: Option<String>,
    /// What the machine can check.
    pub check: Option<Check>,
    /// Where it comes from.
    pub source: String,
    /// Roles of the remotes on which the fix becomes visible.
    pub exposes: Vec<String>,
    /// The anchor that must have come before.
    pub not_before: Option<String>,
    /// It is done once for each of these.
    pub each: Option<Each>,
    /// The things it is done for, where the process names them.
    pub items: Vec<String>,
    /// It belongs to a breach and shows once the case has leaked.
    pub leak: bool,
    /// It ticks itself when its check passes.
    pub evidence: bool,
    /// It holds for as long as its phase lasts.
    pub standing: bool,
    /// It is settled once for a project, not once a case.
    pub once_per_project: bool,
}

/// An anchor that a step stamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The anchor.
    pub anchor: String,
    /// It announces the instant that is the target, rather than stamping the instant of now.
    pub announces: bool,
}

/// What a step is repeated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Each {
    /// Branches of the case's components.
    Branches,
    /// Environments that the step names.
    Environments,
    /// Vulnerabilities of the case.
    Vulnerabilities,
    /// Channels that the step names.
    Channels,
    /// Approvers that the step names.
    Approvers,
    /// People of the case.
    People,
    /// Components of the case.
    Components,
}

impl Each {
    /// All kinds with their words.
    pub const ALL: [(&'static str, Self); 7] = [
        ("branches", Self::Branches),
        ("environments", Self::Environments),
        ("vulnerabilities", Self::Vulnerabilities),
        ("channels", Self::Channels),
        ("approvers", Self::Approvers),
        ("people", Self::People),
        ("components", Self::Components),
    ];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, each)| *each == self).map_or("", |(word, _)| word)
    }
}

/// What must be true before something.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Id.
    pub id: String,
    /// What it guards.
    pub title: String,
    /// All of these must be so.
    pub requires: Vec<Requirement>,
    /// What it keeps from happening.
    pub blocks: Vec<Block>,
    /// Hard: refused unless overridden with a reason. Otherwise it warns.
    pub hard: bool,
    /// Read into the source rather than said by it.
    pub reading: bool,
    /// Where it comes from.
    pub source: String,
}

/// One thing a gate asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Requirement {
    /// A step is done.
    Step(String),
    /// The machine finds it so.
    Check(Check),
    /// A condition holds. Undecided is not enough.
    When(Condition),
    /// A person vouches for it.
    Attest(String),
    /// One of these is enough.
    Any(Vec<Requirement>),
}

/// One thing a gate keeps from happening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A step.
    Step(String),
    /// All steps of a phase.
    Phase(String),
    /// Something the program does: `slow-down`.
    Action(String),
    /// Something outside the program.
    Outside(String),
}

impl Playbook {
    /// All steps in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flat_map(|phase| &phase.steps)
    }

    /// A step by its id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps().find(|step| step.id == id)
    }

    /// A phase by its id.
    #[must_use]
    pub fn phase(&self, id: &str) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.id == id)
    }

    /// The phase of a step.
    #[must_use]
    pub fn phase_of(&self, step: &str) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.steps.iter().any(|candidate| candidate.id == step))
    }

    /// A fact by its id.
    #[must_use]
    pub fn fact(&self, id: &str) -> Option<&FactDef> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// A role by its id.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// An anchor by its id.
    #[must_use]
    pub fn anchor(&self, id: &str) -> Option<&AnchorDef> {
        self.anchors.iter().find(|anchor| anchor.id == id)
    }

    /// The anchor that ends the embargo.
    #[must_use]
    pub fn embargo_end(&self) -> Option<&AnchorDef> {
        self.anchors.iter().find(|anchor| anchor.marks == Some(Marks::EmbargoEnd))
    }

    /// The anchor that starts the clock.
    #[must_use]
    pub fn start(&self) -> Option<&AnchorDef> {
        self.anchors.iter().find(|anchor| anchor.marks == Some(Marks::Start))
    }

    /// The version of CVSS whose base score drives the process; 3.1 where it names none.
    #[must_use]
    pub fn cvss_version(&self) -> Version {
        self.cvss.as_ref().and_then(|cvss| Version::of(&cvss.version)).unwrap_or(Version::V3_1)
    }

    /// The gates that stand before a step, by itself or through its phase.
    pub fn gates_before<'p>(&'p self, step: &'p str) -> impl Iterator<Item = &'p Gate> {
        let phase = self.phase_of(step).map(|phase| phase.id.as_str());
        self.gates.iter().filter(move |gate| {
            gate.blocks.iter().any(|block| match block {
                Block::Step(id) => id == step,
                Block::Phase(id) => Some(id.as_str()) == phase,
                Block::Action(_) | Block::Outside(_) => false,
            })
        })
    }

    /// Every condition and deadline that could refer to an anchor: the deadlines of phases and steps.
    pub fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        let of_phases = self.phases.iter().map(|phase| &phase.due);
        let of_steps = self.steps().filter_map(|step| step.due.as_ref());
        of_phases.chain(of_steps).flat_map(|due| due.cases.iter().map(|case| &case.by))
    }
}

impl Gate {
    /// All requirements, those inside of «any» included.
    #[must_use]
    pub fn all_requirements(&self) -> Vec<&Requirement> {
        fn collect<'g>(requirements: &'g [Requirement], into: &mut Vec<&'g Requirement>) {
            for requirement in requirements {
                into.push(requirement);
                if let Requirement::Any(inner) = requirement {
                    collect(inner, into);
                }
            }
        }
        let mut all = Vec::new();
        collect(&self.requires, &mut all);
        all
    }
}
