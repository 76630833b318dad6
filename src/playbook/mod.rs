//! A process as data.
pub mod span;
pub use span::{Span, SpanError};
