//! The reader of repositories and the engine of divergence, on real repositories in known situations.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod broken;
mod damage;
mod far;
mod fixes;
mod fixture;
mod histories;
mod hostile;
mod kinds;
mod leaks;
mod look;
mod memory;
mod merges;
mod program;
mod reach;
mod readers;
mod remotes;
mod repos;
mod rewritten;
mod sides;
mod tracking;
mod trust;
mod walk;
mod writing;
