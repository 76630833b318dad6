//! The case file, held against the table of cases in the design: what a person relies on when disks, editors and
//! other programs do what they do.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod bundle;
mod damage;
mod files;
mod home;
mod limits;
mod looks;
mod merge;
mod modes;
#[path = "../shared/mutated.rs"]
mod mutated;
mod parsers;
mod properties;
mod support;
mod survive;
mod ways;
