//! The reader of repositories and the engine of divergence, on real repositories in known situations.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod fixture;
mod program;
mod trust;
