//! What a case means at one instant: phases, steps, gates and rules with their derived states.
//!
//! A view is computed from the record, the playbook and a [`Moment`], and never stored.

use jiff::Timestamp;

use super::action::Obstacle;
use super::record::{ReleaseTimes, StepState};
use super::scoring::DrivingScore;
use crate::playbook::{Effect, Verdict, Verdicts};
use crate::schedule::DueAt;

/// When and with which evidence a case is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The instant.
    pub now: Timestamp,
    /// What the machine has found.
    pub verdicts: &'a Verdicts,
}

/// A case at one instant.
#[derive(Clone, Debug)]
pub struct View {
    /// Phases in order, hidden ones included.
    pub phases: Vec<PhaseView>,
    /// Gates in order.
    pub gates: Vec<GateView>,
    /// Rules in order.
    pub rules: Vec<RuleView>,
    /// Promises in order.
    pub slas: Vec<SlaView>,
    /// What is next, most urgent first.
    pub next: Vec<NextItem>,
    /// Ids of steps that wait for somebody.
    pub waiting: Vec<String>,
    /// Everything is as soon as possible.
    pub asap: bool,
    /// Until when deadlines that run for a span are put off; none without a slow-down that the score allows.
    pub slow_until: Option<Timestamp>,
    /// The score that drives the process.
    pub score: Option<DrivingScore>,
    /// The instants of the release.
    pub release: ReleaseTimes,
    /// Until when this view stays true if nothing is done: the next instant at which «not before» opens something
    /// or something turns late.
    pub valid_until: Option<Timestamp>,
}

/// A phase at one instant.
#[derive(Clone, Debug)]
pub struct PhaseView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where it stands.
    pub state: PhaseState,
    /// Its deadline.
    pub due: Option<DueAt>,
    /// The instant that must have come before its steps.
    pub not_before: Option<Timestamp>,
    /// Steps settled, of those that apply and are not optional.
    pub settled: usize,
    /// Steps that apply and are not optional.
    pub total: usize,
    /// Its steps in order, hidden ones included.
    pub steps: Vec<StepView>,
}

/// Where a phase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    /// All that must be done is done.
    Done,
    /// Something of it may be done now.
    Current,
    /// Nothing of it may be done yet.
    Open,
    /// None of its steps applies.
    Hidden,
}

impl PhaseState {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Open => "open",
            Self::Hidden => "hidden",
        }
    }
}

/// How a step is shown: what was said of it, or what was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What is stored.
    Stored(StepState),
    /// It does not apply.
    Hidden,
    /// It may not be done yet.
    Blocked,
}

impl Shown {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Blocked => "blocked",
            Self::Stored(StepState::Todo) => "todo",
            Self::Stored(StepState::Doing) => "doing",
            Self::Stored(StepState::Waiting) => "waiting",
            Self::Stored(StepState::Done) => "done",
            Self::Stored(StepState::NotApplicable) => "not_applicable",
        }
    }

    /// Is there nothing more to do, or was there never anything?
    #[must_use]
    pub fn is_met(self) -> bool {
        match self {
            Self::Hidden => true,
            Self::Blocked => false,
            Self::Stored(state) => state.is_settled(),
        }
    }
}

/// A step at one instant.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that the process says of a step")]
pub struct StepView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Role.
    pub role: String,
    /// How it is shown.
    pub shown: Shown,
    /// It can be left out.
    pub optional: bool,
    /// It ticks itself.
    pub evidence: bool,
    /// It holds for as long as its phase.
    pub standing: bool,
    /// It belongs to a breach.
    pub leak: bool,
    /// It makes the fix public.
    pub exposes: bool,
    /// Questions that decide whether it applies: fact id and question.
    pub depends_on: Vec<(String, String)>,
    /// The things it is done for; empty where it is done once.
    pub items: Vec<ItemView>,
    /// Whose it is.
    pub assignee: Option<String>,
    /// Who is waited for.
    pub waiting_on: Option<String>,
    /// Since when it has its state.
    pub since: Option<Timestamp>,
    /// When it is due.
    pub due: Option<DueAt>,
    /// It is late.
    pub overdue: bool,
    /// The instant that must have come before, while it has not.
    pub not_before: Option<Timestamp>,
    /// What stands in the way.
    pub blocked_by: Vec<Obstacle>,
    /// Soft gates that are not open: they refuse nothing, but are told.
    pub warnings: Vec<String>,
    /// What the machine found for its check: the check's word and the verdict.
    pub check: Option<(&'static str, Verdict)>,
    /// Notes.
    pub note: String,
    /// Links.
    pub links: Vec<String>,
    /// Who did it.
    pub done_by: Option<String>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// How somebody knows what the machine could not see.
    pub attested: Option<String>,
}

impl StepView {
    /// Can it be done now?
    #[must_use]
    pub fn is_doable(&self) -> bool {
        self.is_open() && self.blocked_by.is_empty()
    }

    /// Does it apply, and is it not settled?
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.shown.is_met()
    }

    /// What the machine found for the step, or for one item of it; none without a check.
    ///
    /// What holds for the whole step holds for each of its items, but not for one at which nobody could look.
    #[must_use]
    pub fn verdict(&self, item: Option<&str>) -> Option<&Verdict> {
        let whole = self.check.as_ref().map(|(_, verdict)| verdict);
        let of_item = item.and_then(|id| self.items.iter().find(|item| item.id == id)?.verdict.as_ref());
        match (of_item, whole) {
            (Some(Verdict::Fail(_)), Some(Verdict::Pass(_))) | (None, _) => whole,
            (Some(_), _) => of_item,
        }
    }

    /// Items settled and items in all.
    #[must_use]
    pub fn item_counts(&self) -> (usize, usize) {
        (self.items.iter().filter(|item| item.state.is_settled()).count(), self.items.len())
    }
}

/// One of the things a step is done for.
#[derive(Clone, Debug)]
pub struct ItemView {
    /// Its id.
    pub id: String,
    /// What was said of it.
    pub state: StepState,
    /// What the machine found for it; none where the check of the step looks at no single item.
    pub verdict: Option<Verdict>,
    /// Who did it.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// A gate at one instant.
#[derive(Clone, Debug)]
pub struct GateView {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Refuses, rather than warns.
    pub hard: bool,
    /// Nothing is missing.
    pub open: bool,
    /// Each requirement in words, and whether it is met.
    pub requirements: Vec<(bool, String)>,
    /// Ids of steps and phases, or words, that it keeps from happening.
    pub blocks: Vec<String>,
}

impl GateView {
    /// What is missing, in words.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.requirements.iter().filter(|(met, _)| !met).map(|(_, text)| text.as_str())
    }
}

/// A rule at one instant.
#[derive(Clone, Debug)]
pub struct RuleView {
    /// Id.
    pub id: String,
    /// What it does.
    pub effect: Effect,
    /// What people are told.
    pub text: String,
    /// Does it hold? None while that is undecided.
    pub holds: Option<bool>,
    /// It holds only because a public report has no score yet.
    pub unscored: bool,
}

/// A promise at one instant.
#[derive(Clone, Debug)]
pub struct SlaView {
    /// Id.
    pub id: String,
    /// What is promised.
    pub text: String,
    /// Does it apply? None while that is undecided.
    pub applies: Option<bool>,
    /// When it runs out; for an earliest slot, when that is.
    pub due: Option<DueAt>,
    /// Was it kept? None while it runs.
    pub met: Option<bool>,
    /// An example value.
    pub example: bool,
    /// The earliest instant that can be promised.
    pub earliest: bool,
}

/// One thing that is next.
#[derive(Clone, Debug, PartialEq)]
pub struct NextItem {
    /// A step, a question, ….
    pub kind: NextKind,
    /// Id of the step, fact, anchor or person.
    pub id: String,
    /// Title of the step, or the question.
    pub title: String,
    /// Who does it.
    pub role: Option<String>,
    /// When it is due.
    pub due: Option<DueAt>,
    /// It is late.
    pub overdue: bool,
}

/// What can be next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextKind {
    /// A step to do.
    Step,
    /// A question to answer.
    Fact,
    /// An instant to enter.
    Anchor,
    /// The lead can declare it public.
    Publish,
    /// The case can be closed.
    Close,
    /// An update that the reporter was promised.
    Promise,
    /// The case was handed over to this lead.
    Accept,
    /// Nothing can be done: a step that is held up, and by what.
    Stuck,
}

impl NextKind {
    /// Its word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Fact => "fact",
            Self::Anchor => "anchor",
            Self::Publish => "publish",
            Self::Close => "close",
            Self::Promise => "promise",
            Self::Accept => "accept",
            Self::Stuck => "stuck",
        }
    }
}

impl View {
    /// All steps in order, hidden ones included.
    pub fn steps(&self) -> impl Iterator<Item = &StepView> {
        self.phases.iter().flat_map(|phase| &phase.steps)
    }

    /// A step by its id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&StepView> {
        self.steps().find(|step| step.id == id)
    }

    /// Steps settled and steps that apply, optional ones left out.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        self.phases.iter().fold((0, 0), |(settled, total), phase| (settled + phase.settled, total + phase.total))
    }

    /// The rule that takes the case out of its process, if one holds.
    #[must_use]
    pub fn leaving(&self) -> Option<&RuleView> {
        self.rules.iter().find(|rule| rule.effect == Effect::LeaveProcess && rule.holds == Some(true))
    }
}
