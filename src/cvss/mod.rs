//! CVSS in all four versions: vectors read strictly, drafts, scores, and why a score is what it is.
//!
//! A [`Draft`] is a vector in the making, in which any metric may be open; a [`Vector`] is valid and displays as it was
//! written. Metrics, values and their explanations are tables ([`Version::metrics`]); the formulas are whole numbers. CVSS
//! is owned by FIRST (first.org/cvss) and used by permission; a score is always published together with its vector.

mod carry;
mod carry_v2;
mod compare;
mod draft;
mod error;
mod json;
mod lenient;
mod macrovector;
mod metric;
mod parse;
mod partial;
mod phrases;
mod score;
mod scores;
mod sections;
mod table_v2;
mod table_v3;
mod table_v4;
mod turn;
mod v2;
mod v3;
mod v4;
mod vector;
mod version;
mod why;

pub use carry::{Carried, Choice, carry};
pub use compare::{Difference, OtherVersion, compare};
pub use draft::{Draft, Outlook, Range};
pub use error::VectorError;
pub use json::{JsonError, from_json, markdown, number, to_json};
pub use lenient::{Mend, Mended, mend};
pub use macrovector::MacroVector;
pub use metric::{Metric, Value};
pub use score::{Score, Severity, signed};
pub use scores::{Nomenclature, Scores, SubScores};
pub use sections::Section;
pub use turn::Turn;
pub use vector::Vector;
pub use version::{Group, Version};
pub use why::{Reason, Why, why};
