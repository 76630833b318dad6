//! Instants, deadlines, countdowns and the release window.

mod due;
mod instant;
mod window;
mod words;

pub use due::{DueAt, counting, due_at, later};
pub use instant::{InstantError, parse_instant};
pub use window::Window;
pub use words::{Zone, ago, countdown, in_zones, lasting, next_change, stamp};
