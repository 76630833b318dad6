//! What was acknowledged is there, whatever happens to the process, the disk or the file: the real program under every
//! fault that this machine can cause. Most of it needs root, strace and loop mounts, and is left out where nobody asks
//! for it:
//!
//! ```text
//! cargo test --features seeded-bugs --test faults -- --include-ignored
//! ```

mod disk;
mod errors;
mod foreign;
mod ground;
mod kills;
mod power;
mod seeded;
mod tally;
mod trace;
