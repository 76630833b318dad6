//! A process as data: model, loading with precise errors, conditions, validation.
//!
//! A playbook is one TOML file that a release manager can read and write. [`Playbook::parse`] is the only way in; what
//! it returns has no dangling id, no misspelt condition and no circle of steps.

mod bounds;
mod builtin;
mod check;
mod condition;
mod condition_parser;
mod deadline;
mod lint;
mod load;
mod model;
mod span;

pub use bounds::Bound;
pub use builtin::{BUILTIN, builtin};
pub use check::{Check, CheckKind, Verdict, Verdicts};
pub use condition::{Condition, ConditionError, Known, Name, Truth, Value};
pub use deadline::{Deadline, DeadlineError, Due, DueCase};
pub use load::{MAX_STEPS, SCHEMA, parse_value};
pub use model::{
    AnchorDef, Block, Channel, CloseAs, CveAuthority, CvssUse, Each, Effect, FactDef, FactKind, Gate, LeakRule, Marks,
    OpenQuestion, Phase, Playbook, ReleaseWindow, Requirement, Role, Rule, Sla, Stamp, Step, Visibility,
};
pub use span::{Span, SpanError};
